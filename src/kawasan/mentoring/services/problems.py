"""Problems of participants are noted and settled."""

import datetime

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.queries import next_code
from kawasan.mentoring import rules
from kawasan.mentoring.models import ProblemCase


@transaction.atomic
def note_problem(*, case: ProblemCase, by: User | None) -> ProblemCase:
    """Note a problem of a participant, once while it is open."""
    case.code, case.source = next_code(case.programme, ProblemCase, "C", 3), f"entered by {by}"
    case.full_clean()
    case.save()
    log("mentoring.problem_noted", case, by=by, kind=case.kind, applicant=case.applicant.code)
    return case


@transaction.atomic
def settle_problem(*, case: ProblemCase, outcome: str, by: User | None, on: datetime.date) -> ProblemCase:
    """Say how a problem was settled."""
    found = ProblemCase.objects.select_for_update().get(pk=case.pk)
    reasons = rules.reasons_not_settled(seen_on=found.seen_on, on=on, is_settled=found.settled_on is not None)
    if reasons:
        raise Refused(*reasons)
    found.settled_on, found.outcome = on, outcome
    found.save(update_fields=["settled_on", "outcome"])
    log("mentoring.problem_settled", found, by=by, outcome=outcome)
    return found
