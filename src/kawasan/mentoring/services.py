"""Visits are logged and corrected."""

import datetime

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.queries import next_code
from kawasan.mentoring import rules
from kawasan.mentoring.models import Visit

COLUMNS = (
    "applicant",
    "visited_on",
    "starts_at",
    "ends_at",
    "method",
    "summary",
    "obstacle",
    "solution",
    "next_step",
    "next_visit_on",
)


@transaction.atomic
def log_visit(*, visit: Visit, by: User | None, on: datetime.date) -> Visit:
    """Keep a visit to a group, or to one participant of it, in the name of the group's mentor."""
    mentor = visit.group.mentor
    if mentor is None:
        raise Refused(*rules.reasons_nobody_visits(has_mentor=False))
    visit.mentor = mentor
    visit.code = next_code(visit.programme, Visit, "V", 3)
    visit.source = f"entered by {by}"
    _check(visit, on)
    visit.save()
    log("mentoring.visit_logged", visit, by=by, group=visit.group.code, visited_on=visit.visited_on)
    return visit


@transaction.atomic
def correct_visit(*, visit: Visit, why: str, by: User | None, on: datetime.date) -> Visit:
    """Correct an entry; the log keeps who did it, why, and what stood there before."""
    before = Visit.objects.select_for_update().get(pk=visit.pk)
    _check(visit, on)
    visit.save(update_fields=COLUMNS)
    changed = {name: str(getattr(before, name) or "") for name in COLUMNS if _differs(before, visit, name)}
    log("mentoring.visit_corrected", visit, by=by, why=why, before=changed)
    return visit


def _check(visit: Visit, on: datetime.date) -> None:
    members = visit.group.members.filter(applicant=visit.applicant_id)
    reasons = [
        *rules.reasons_not_a_member(is_member=visit.applicant_id is None or members.exists()),
        *rules.faults(
            year=visit.programme.year,
            visited_on=visit.visited_on,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            summary=visit.summary,
            obstacle=visit.obstacle,
            solution=visit.solution,
            next_step=visit.next_step,
            next_visit_on=visit.next_visit_on,
            today=on,
        ).values(),
    ]
    if reasons:
        raise Refused(*reasons)
    visit.full_clean()


def _differs(before: Visit, after: Visit, name: str) -> bool:
    column = f"{name}_id" if name == "applicant" else name
    return bool(getattr(before, column) != getattr(after, column))
