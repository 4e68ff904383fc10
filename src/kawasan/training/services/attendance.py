"""Attendance is recorded: by list, by scanned cards, from paper; missed sessions are made up in another group."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.training import queries, rules
from kawasan.training.models import Attendance, Card, MakeUp, Session
from kawasan.training.rules import Said, Scan, SessionStatus

SCANNED = "card scanned by"  # begins the source of what no hand has entered


@transaction.atomic
def record_attendance(
    *,
    session: Session,
    presences: Mapping[int, Said],
    by: User | None,
    on: datetime.date,
    shown: Mapping[int, Said | None] | None = None,
) -> list[Attendance]:
    """Record for everybody (by the applicant's id) how they attended; the session counts as held from then on.

    ``shown``: what was recorded when the list was opened. A row that changed since stays as it is, and is not returned.
    """
    session = Session.objects.select_for_update().get(pk=session.pk)
    if reasons := [*queries.reasons_not_recorded(session, on), *rules.reasons_unclear(presences.values())]:
        raise Refused(*reasons)
    if presences.keys() != set(queries.people_of(session).values_list("pk", flat=True)):
        raise Refused(Text(_("The members of the group changed in the meantime. Load the page again.")))
    kept = rules.kept_meanwhile(presences, shown or {}, queries.said_of(session))
    said = {applicant: one for applicant, one in presences.items() if applicant not in kept}
    rows = _rows(session, said, f"entered by {by}")
    Session.objects.filter(pk=session.pk).update(status=SessionStatus.HELD)
    log(
        "training.attendance_recorded",
        session,
        by=by,
        rows=rows,
        present=sum(one.status in rules.ATTENDED for one in said.values()),
    )
    return rows


def _rows(session: Session, presences: Mapping[int, Said], source: str) -> list[Attendance]:
    """Store what is said; what is said the same already keeps where it came from."""
    before = {row.applicant_id: row for row in session.attendances.all()}
    rows = []
    for applicant, said in presences.items():
        row = before.get(applicant) or Attendance(
            programme_id=session.programme_id, session=session, applicant_id=applicant
        )
        if row.pk is None or Said(row.status, row.minutes_late, row.excuse) != said:
            row.status, row.minutes_late, row.excuse = said.status, said.minutes_late, said.excuse
            row.source = source
        rows.append(row)
    Attendance.objects.bulk_create([row for row in rows if row.pk is None])
    known = [row for row in rows if row.applicant_id in before]
    Attendance.objects.bulk_update(known, ("status", "minutes_late", "excuse", "source"))
    return rows


@transaction.atomic
def scan_card(
    *, session: Session, text: str, scanned_at: datetime.datetime, by: User | None, on: datetime.date
) -> tuple[Scan, Applicant | None]:
    """Record the attendance of who holds a card. Scanned again, or sent again, it changes nothing."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    if reasons := queries.reasons_not_recorded(session, on):
        raise Refused(*reasons)
    code = session.programme.code
    programme, token = rules.card_read(text, code)
    if programme != code:
        return Scan.OTHER_PROGRAMME, None
    card = Card.objects.filter(programme=session.programme_id, token=token).first() if token else None
    if card is None:
        return Scan.UNKNOWN, None
    if card.revoked_on:
        return Scan.REVOKED, None
    applicant = queries.people_of(session).filter(pk=card.applicant_id).first()
    if applicant is None:
        return Scan.OTHER_GROUP, None
    return _scanned(session, applicant, scanned_at, by), applicant


def _scanned(session: Session, applicant: Applicant, scanned_at: datetime.datetime, by: User | None) -> Scan:
    before = session.attendances.filter(applicant=applicant).first()
    if before:
        by_hand = before.status not in rules.ATTENDED
        return Scan.BY_HAND if by_hand else Scan.AGAIN
    rule = queries.rule_on(session.programme, timezone.localdate(session.starts_at))
    said = rules.said_by_scan(session.starts_at, scanned_at, rule.late_after if rule else rules.MOST_LATE)
    if said is None:
        return Scan.OUTSIDE
    row = _rows(session, {applicant.pk: said}, f"{SCANNED} {by}")[0]
    log("training.card_scanned", session, by=by, is_written=False, rows=[row], scanned_at=scanned_at)
    return Scan.STORED


@transaction.atomic
def mark_held(*, programme: Programme, by: User | None) -> int:
    """Mark sessions as held whose attendance came from a folder; returns how many."""
    planned = Session.objects.filter(programme=programme, status=SessionStatus.PLANNED)
    held = list(planned.filter(Exists(Attendance.objects.filter(session=OuterRef("pk")))).order_by("pk"))
    if held:
        Session.objects.filter(pk__in=[session.pk for session in held]).update(status=SessionStatus.HELD)
        log("training.sessions_held", programme, by=by, rows=held, sessions=len(held))
    return len(held)


@transaction.atomic
def make_up(*, missed: Session, session: Session, applicant: Applicant, by: User | None) -> MakeUp:
    """Somebody who missed a session is a guest of another group's session of the same module."""
    attended = missed.attendances.filter(applicant=applicant, status__in=rules.ATTENDED).exists()
    if reasons := rules.reasons_no_make_up(
        same_module=missed.module_id == session.module_id,
        is_member=queries.people_of(missed).filter(pk=applicant.pk).exists(),
        same_session=missed.pk == session.pk,
        is_attended=attended,
    ):
        raise Refused(*reasons, *rules.reasons_not_changed(status=session.status))
    row = MakeUp(programme_id=missed.programme_id, missed=missed, session=session, applicant=applicant)
    row.full_clean()
    row.save()
    log("training.make_up_agreed", session, by=by, is_written=False, rows=[row], missed=missed.code)
    return row


def reasons_not_briefed(*, programme: Programme, applicant: Applicant) -> list[Text]:
    """Why no money may be paid to a participant yet: the briefing (pembekalan) comes first."""
    return rules.reasons_not_briefed(queries.modules_of(programme, [applicant.pk])[applicant.pk])
