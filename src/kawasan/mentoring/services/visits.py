"""Visits are logged and corrected; what was approved stands until its correction is approved."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Model

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.models import Mentor
from kawasan.matching.queries import had_another_mentor, next_code
from kawasan.mentoring import queries, rules
from kawasan.mentoring.models import MentorReport, Visit, VisitParticipant
from kawasan.mentoring.rules import CHANGEABLE, PhotoKind, State
from kawasan.mentoring.services.photos import Taken, add_photos, copy_photos
from kawasan.mentoring.services.requests import meet_requests

COLUMNS = (
    "visited_on",
    "starts_at",
    "ends_at",
    "lesson_hours",
    "method",
    "reach",
    "venue",
    "latitude",
    "longitude",
    "material",
    "summary",
    "obstacle",
    "solution",
    "next_step",
    "next_visit_on",
    "expense_idr",
    "no_expense_reason",
)
VERDICT_COLUMNS = ("reviewer_note", "reviewed_on", "reviewed_by")


@dataclass(frozen=True, slots=True)
class Added:
    """What comes with an entry beside its columns: who was there, photos, and the proof of the expense."""

    people: Sequence[Applicant] = ()
    photos: Sequence[Taken] = ()
    proofs: Sequence[Taken] = field(default=())


@transaction.atomic
def log_visit(
    *, visit: Visit, by: User | None, on: datetime.date, added: Added | None = None, is_draft: bool = False
) -> Visit:
    """Keep a visit to a group, or to some of it, in the name of the group's mentor: a draft, or sent for review."""
    added = added or Added()
    if visit.group.mentor is None:
        raise Refused(*rules.reasons_nobody_visits(has_mentor=False))
    visit.mentor = visit.group.mentor
    visit.state = State.DRAFT if is_draft else State.PENDING
    visit.code = next_code(visit.programme, Visit, "V", 3)
    visit.source = f"entered by {by}"
    visit.entered_by = by
    rows = _store(visit, added, on)
    log("mentoring.visit_logged", visit, by=by, rows=rows, group=visit.group.code, visited_on=visit.visited_on)
    return visit


@transaction.atomic
def correct_visit(
    *,
    visit: Visit,
    why: str,
    by: User | None,
    on: datetime.date,
    added: Added | None = None,
    answer: str = "",
    is_draft: bool = False,
) -> Visit:
    """Change an entry; of an approved one, make a new version that is approved anew while the old one stands."""
    before = Visit.objects.select_for_update().get(pk=visit.pk)
    _refuse_changing(before, visit)
    if reasons := rules.reasons_unanswered(state=before.state, answer=answer):
        raise Refused(*reasons)
    added = added or Added(people=people_of(before))
    if before.state not in CHANGEABLE:
        return _correct_approved(before, visit, added, why, by, on)
    was_there = people_of(before)
    visit.state = State.DRAFT if is_draft and before.state == State.DRAFT else State.PENDING
    visit.version, visit.answer = before.version + 1, answer or before.answer
    for name in VERDICT_COLUMNS:
        setattr(visit, name, getattr(before, name))  # somebody may have reviewed it while the form was open
    gone = list(before.participant_rows.all())
    before.participant_rows.all().delete()
    rows = _store(visit, added, on)
    said = "mentoring.visit_corrected" if why else "mentoring.visit_changed"
    verb = "mentoring.visit_answered" if answer else said
    changed = _changed(before, visit, was_there, added.people)
    log(verb, visit, by=by, rows=rows, deleted=gone, before=changed, why=why, answer=answer)
    return visit


def _correct_approved(old: Visit, visit: Visit, added: Added, why: str, by: User | None, on: datetime.date) -> Visit:
    """A new entry beside the approved one, which names it and waits for a review."""
    new = Visit(
        programme=old.programme, group=old.group, mentor=old.mentor, replaces=old, version=old.version + 1,
        code=next_code(old.programme, Visit, "V", 3), source=f"entered by {by}", entered_by=by, correction_reason=why,
        **{name: getattr(visit, name) for name in COLUMNS},
    )  # fmt: skip
    new.state = State.PENDING
    rows = _store(new, added, on, old=old)
    changed = _changed(old, new, people_of(old), added.people)
    log("mentoring.visit_corrected", new, by=by, rows=rows, why=why, before=changed)
    return new


def people_of(visit: Visit) -> list[Applicant]:
    """Who was there by name; nobody where it was the whole group."""
    if visit.applicant:
        return [visit.applicant]
    return [row.applicant for row in visit.participant_rows.select_related("applicant__person")]


def is_frozen(mentor: Mentor, day: datetime.date) -> bool:
    """Whether the report of a mentor that covers a day is frozen."""
    return MentorReport.objects.filter(mentor=mentor, starts_on__lte=day, ends_on__gte=day).exists()


def _refuse_changing(before: Visit, after: Visit) -> None:
    reasons = rules.reasons_not_changeable(
        state=before.state,
        is_corrected=before.corrections.exclude(state=State.REJECTED).exists(),
        is_frozen=is_frozen(before.mentor, before.visited_on),
    )
    if reasons:
        raise Refused(*reasons)


def _store(visit: Visit, added: Added, on: datetime.date, old: Visit | None = None) -> list[Model]:
    """Write an entry with who was there, its photos and the requests it met; one person alone stands in the entry."""
    people = list(dict.fromkeys(added.people))
    visit.applicant = people[0] if len(people) == 1 else None
    _check(visit, added, on, old)
    visit.save()
    rows: list[Model] = [_was_there(visit, one) for one in people] if len(people) > 1 else []
    copied = copy_photos(old, visit) if old else []
    met = [] if visit.state == State.DRAFT else meet_requests(visit, people)
    made = [*add_photos(visit, added.photos, PhotoKind.ACTIVITY), *add_photos(visit, added.proofs, PhotoKind.PROOF)]
    return [*rows, *copied, *made, *met]


def _was_there(visit: Visit, applicant: Applicant) -> VisitParticipant:
    given = {"programme": visit.programme, "source": visit.source}
    return VisitParticipant.objects.create(visit=visit, applicant=applicant, **given)


def _check(visit: Visit, added: Added, on: datetime.date, old: Visit | None) -> None:
    asked = {one.pk for one in added.people}
    members = set(visit.group.members.filter(applicant__in=asked).values_list("applicant", flat=True))
    kept = old or (visit if visit.pk else None)
    has_proof = bool(added.proofs) or (kept is not None and kept.photos.filter(kind=PhotoKind.PROOF).exists())
    found = rules.faults(
        year=visit.programme.year,
        visited_on=visit.visited_on,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        material=visit.material,
        summary=visit.summary,
        obstacle=visit.obstacle,
        solution=visit.solution,
        next_step=visit.next_step,
        next_visit_on=visit.next_visit_on,
        today=on,
    ) | rules.faults_of_expense(
        expense_idr=visit.expense_idr, no_expense_reason=visit.no_expense_reason, has_proof=has_proof
    )
    is_draft = visit.state == State.DRAFT
    reasons = [text for name, text in found.items() if not is_draft or name in rules.EVEN_OF_DRAFTS]
    if is_frozen(visit.mentor, visit.visited_on):
        reasons += rules.reasons_not_changeable(state=visit.state, is_corrected=False, is_frozen=True)
    if not is_draft:
        others = queries.others_at_once(
            visit, visited_on=visit.visited_on, starts_at=visit.starts_at, ends_at=visit.ends_at
        )
        reasons += rules.reasons_at_once(method=visit.method, others=others, is_sure=True)
    reasons += rules.reasons_not_a_member(is_member=asked == members)
    if not is_draft and had_another_mentor(visit.group, visit.mentor, visit.visited_on):
        reasons += rules.reasons_another_mentor(group=str(visit.group), day=visit.visited_on)
    if reasons:
        raise Refused(*reasons)
    visit.full_clean(exclude=["summary"] if is_draft else None)


def _changed(
    before: Visit, after: Visit, was_there: Sequence[Applicant], is_there: Sequence[Applicant]
) -> dict[str, str]:
    """What stood in the columns that changed."""
    changed = {name: str(getattr(before, name) or "") for name in COLUMNS if _differs(before, after, name)}
    if {one.pk for one in was_there} != {one.pk for one in is_there}:
        changed["participants"] = ", ".join(sorted(one.code for one in was_there))
    return changed


def _differs(before: Visit, after: Visit, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
