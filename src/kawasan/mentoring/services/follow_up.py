"""Steps, recommendations and questions to experts are agreed with a participant, and something comes of them."""

import datetime

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.queries import next_code
from kawasan.mentoring import rules
from kawasan.mentoring.models import ActionStep, ExpertRequest, FollowUp, Recommendation

AGREED = {
    ActionStep: ("S", "mentoring.step_agreed"),
    Recommendation: ("T", "mentoring.recommendation_made"),
    ExpertRequest: ("N", "mentoring.expert_asked"),
}
"""With which letter the codes begin, and what the log calls it."""


@transaction.atomic
def agree(*, row: FollowUp, by: User | None) -> FollowUp:
    """Keep a step, a recommendation or a question to an expert."""
    letter, verb = AGREED[type(row)]
    row.code, row.source = next_code(row.programme, type(row), letter, 4), f"entered by {by}"
    row.full_clean()
    row.save()
    log(verb, row, by=by, applicant=row.applicant.code)
    return row


@transaction.atomic
def finish(*, row: FollowUp, outcome: str, by: User | None, on: datetime.date) -> FollowUp:
    """Say what came of it: the evidence of a step, the answer of an expert."""
    found = type(row).objects.select_for_update().get(pk=row.pk)  # type: ignore[attr-defined] # of the models below
    reasons = rules.reasons_not_finished(made_on=found.made_on, on=on, is_done=found.done_on is not None)
    if reasons:
        raise Refused(*reasons)
    found.done_on, found.outcome = on, outcome
    found.save(update_fields=["done_on", "outcome"])
    log("mentoring.follow_up_finished", found, by=by, outcome=outcome)
    kept: FollowUp = found
    return kept
