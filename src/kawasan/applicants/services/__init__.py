"""Applications are entered, assessed and withdrawn; persons who may be one are sought and decided about."""

from kawasan.applicants.services.applications import (
    ANSWERS,
    assess,
    enter_pool,
    leave_pool,
    link_account,
    mark_withdrawn,
    reveal_numbers,
    submit,
    unlink_account,
)
from kawasan.applicants.services.changes import correct
from kawasan.applicants.services.others import one_person

__all__ = [
    "ANSWERS",
    "assess",
    "correct",
    "enter_pool",
    "leave_pool",
    "link_account",
    "mark_withdrawn",
    "one_person",
    "reveal_numbers",
    "submit",
    "unlink_account",
]
