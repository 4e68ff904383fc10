"""Participants ask for a visit; it ends with a visit that is logged, an answer in words, or is taken back."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import entries_about, log
from kawasan.matching.models import GroupMember
from kawasan.matching.queries import next_code
from kawasan.mentoring import rules
from kawasan.mentoring.models import Visit, VisitRequest
from kawasan.mentoring.rules import RequestState


@transaction.atomic
def ask_visit(*, request: VisitRequest, by: User | None) -> VisitRequest:
    """Keep what a participant wants of a visit; one request is open at a time."""
    request.code = next_code(request.programme, VisitRequest, "R", 3)  # locks, so that two at once are one
    own = VisitRequest.objects.filter(applicant=request.applicant, state=RequestState.OPEN)
    reasons = rules.reasons_not_asked(
        is_member=GroupMember.objects.filter(applicant=request.applicant).exists(), is_waiting=own.exists()
    )
    if reasons:
        raise Refused(*reasons)
    request.source = f"entered by {by}"
    request.full_clean()
    request.save()
    log("mentoring.visit_asked", request, by=by, applicant=request.applicant.code)
    return request


@transaction.atomic
def take_back_request(*, request: VisitRequest, by: User | None, on: datetime.date) -> VisitRequest:
    """A participant needs no visit any more."""
    found = _close(request, on, state=RequestState.TAKEN_BACK)
    log("mentoring.request_taken_back", found, by=by, applicant=found.applicant.code)
    return found


@transaction.atomic
def answer_request(*, request: VisitRequest, answer: str, by: User | None, on: datetime.date) -> VisitRequest:
    """Answer in words, where no visit is needed."""
    found = _close(request, on, state=RequestState.ANSWERED, answer=answer)
    log("mentoring.request_answered", found, by=by, applicant=found.applicant.code, answer=answer)
    return found


def _close(request: VisitRequest, on: datetime.date, **said: Any) -> VisitRequest:
    found = VisitRequest.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=request.pk)
    is_open = found.state == RequestState.OPEN
    if reasons := rules.reasons_not_closed(asked_on=found.asked_on, on=on, is_open=is_open):
        raise Refused(*reasons)
    return _keep(found, closed_on=on, **said)


def meet_requests(visit: Visit, people: Sequence[Applicant]) -> list[VisitRequest]:
    """Close what was asked for by whoever was there until the day of a visit, and open again what it closed before.

    A visit to nobody by name is to the whole group.
    """
    there = people or Applicant.objects.filter(group_memberships__group=visit.group_id)
    missed = visit.requests.exclude(applicant__in=there) if visit.version > 1 else visit.requests.none()
    asked = VisitRequest.objects.filter(applicant__in=there, state=RequestState.OPEN, asked_on__lte=visit.visited_on)
    met = {"state": RequestState.VISITED, "closed_on": visit.visited_on, "visit": visit}
    return [*reopen_requests(missed), *(_keep(one, **met) for one in asked.select_for_update() if _was_met(one, visit))]


def _was_met(request: VisitRequest, visit: Visit) -> bool:
    """Whether it was there before the visit was first logged: a correction meets nothing that was asked since."""
    if visit.version == 1 and visit.replaces is None:
        return True
    first = visit
    while first.replaces:
        first = first.replaces
    logged = entries_about(first, "mentoring.visit_logged").first()
    if logged is None:
        return False
    return not entries_about(request, "mentoring.visit_asked").filter(sequence__gt=logged.sequence).exists()


def reopen_requests(requests: Any) -> list[VisitRequest]:
    """Requests wait again whose visit does not count; not where another of the same participant waits already."""
    waiting = VisitRequest.objects.filter(state=RequestState.OPEN).values("applicant")
    free = {one.applicant_id: one for one in requests.exclude(applicant__in=waiting).select_for_update()}
    return [_keep(one, state=RequestState.OPEN, closed_on=None, visit=None) for one in free.values()]


def _keep(request: VisitRequest, **columns: Any) -> VisitRequest:
    for name, value in columns.items():
        setattr(request, name, value)
    request.save(update_fields=list(columns))
    return request
