"""What can be done with groups, mentors and experts."""

from kawasan.matching.services.board import board_of, choices_for, move_member, take_back_move
from kawasan.matching.services.certifying import is_repeated
from kawasan.matching.services.changes import (
    add_expert,
    add_member,
    add_mentor,
    assign_mentor,
    change_expert,
    change_mentor,
    dissolve_groups,
    release_member,
    release_mentor,
    remove_member,
    set_meeting_day,
)
from kawasan.matching.services.forming import form_groups, freeze_matching
from kawasan.matching.services.lending import cancel_loan, hours_given, hours_taught, lend_expert
from kawasan.matching.services.rematching import (
    let_mentor_leave,
    propose_for_people,
    propose_without_mentor,
    rematch_people,
)
from kawasan.matching.services.votes import record_vote, seat_officers, take_vote_minutes
from kawasan.matching.services.wishes import add_wish, remove_wish, set_abilities

__all__ = (
    "add_expert",
    "add_member",
    "add_mentor",
    "add_wish",
    "assign_mentor",
    "board_of",
    "cancel_loan",
    "change_expert",
    "change_mentor",
    "choices_for",
    "dissolve_groups",
    "form_groups",
    "freeze_matching",
    "hours_given",
    "hours_taught",
    "is_repeated",
    "lend_expert",
    "let_mentor_leave",
    "move_member",
    "propose_for_people",
    "propose_without_mentor",
    "record_vote",
    "release_member",
    "release_mentor",
    "rematch_people",
    "remove_member",
    "remove_wish",
    "seat_officers",
    "set_abilities",
    "set_meeting_day",
    "take_back_move",
    "take_vote_minutes",
)
