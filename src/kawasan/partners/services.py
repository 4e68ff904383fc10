"""Organisations, their commitments and meetings are entered, corrected, and recorded as kept."""

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models, transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.partners import rules
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation, Representative
from kawasan.programmes.models import Programme

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def add_organisation(*, programme: Programme, by: User | None, **answers: Any) -> Organisation:
    """Enter an organisation that takes part."""
    return _add(Organisation(programme=programme, **answers), "partners.organisation_added", by)


@transaction.atomic
def change_organisation(*, organisation: Organisation, changes: Mapping[str, Any], by: User | None) -> Organisation:
    """Correct what is known of an organisation."""
    return _change(organisation, changes, "partners.organisation_changed", by)


@transaction.atomic
def add_commitment(*, programme: Programme, by: User | None, **answers: Any) -> Commitment:
    """Write down what an organisation promised."""
    return _add(Commitment(programme=programme, **answers), "partners.commitment_added", by)


@transaction.atomic
def change_commitment(
    *, commitment: Commitment, changes: Mapping[str, Any], by: User | None, on: datetime.date
) -> Commitment:
    """Correct a commitment or the delivery recorded for it."""
    if reasons := rules.reasons_not_delivered(changes.get("delivered_on"), on):
        raise Refused(*reasons)
    return _change(commitment, changes, "partners.commitment_changed", by)


@transaction.atomic
def record_delivery(
    *,
    commitment: Commitment,
    delivered_on: datetime.date,
    delivered_quantity: float | None,
    by: User | None,
    on: datetime.date,
) -> Commitment:
    """Record that a commitment was kept; the first to record it wins."""
    if reasons := rules.reasons_not_delivered(delivered_on, on):
        raise Refused(*reasons)
    waiting = Commitment.objects.filter(pk=commitment.pk, delivered_on=None)
    if not waiting.update(delivered_on=delivered_on, delivered_quantity=delivered_quantity):
        raise Refused(Text(_("The delivery is recorded already. Change the commitment if it is wrong.")))
    commitment.refresh_from_db()
    log("partners.delivery_recorded", commitment, by=by, delivered_on=delivered_on, quantity=delivered_quantity)
    return commitment


@transaction.atomic
def add_meeting(*, programme: Programme, by: User | None, **answers: Any) -> Meeting:
    """Enter a meeting of the partners."""
    return _add(Meeting(programme=programme, **answers), "partners.meeting_added", by)


@transaction.atomic
def change_meeting(*, meeting: Meeting, changes: Mapping[str, Any], by: User | None) -> Meeting:
    """Correct what is known of a meeting."""
    return _change(meeting, changes, "partners.meeting_changed", by)


@transaction.atomic
def record_minutes(*, meeting: Meeting, minutes: str, by: User | None) -> Meeting:
    """Keep what was said and decided."""
    return _change(meeting, {"minutes": minutes}, "partners.minutes_recorded", by)


@transaction.atomic
def record_attendance(*, meeting: Meeting, by: User | None, **answers: Any) -> MeetingAttendance:
    """Put somebody on the attendance list of a meeting."""
    attendance = MeetingAttendance(programme=meeting.programme, meeting=meeting, **answers)
    return _add(attendance, "partners.attendance_recorded", by)


@transaction.atomic
def remove_attendance(*, attendance: MeetingAttendance, by: User | None) -> None:
    """Take somebody off the attendance list who was not there."""
    log("partners.attendance_removed", attendance.meeting, by=by, deleted=[attendance], name=attendance.name)
    attendance.delete()


@transaction.atomic
def link_account(*, organisation: Organisation, user: User, by: User | None) -> Representative:
    """Let an account act for an organisation, and see what it agreed with the programme."""
    programme = Programme.objects.select_for_update().get(pk=organisation.programme_id)  # one who links at a time
    if programme.representatives.filter(user=user).exists():
        raise Refused(
            Text(_("The account “{account}” is linked already. Unlink it first."), {"account": user.username})
        )
    made = Representative.objects.create(programme=programme, organisation=organisation, user=user)
    log("partners.account_linked", organisation, by=by, rows=[made], account=user.username)
    return made


@transaction.atomic
def unlink_account(*, representative: Representative, by: User | None) -> None:
    """Let an account no longer act for its organisation."""
    organisation, account = representative.organisation, representative.user.username
    log("partners.account_unlinked", organisation, by=by, deleted=[representative], account=account)
    representative.delete()


def _add(row: Row, verb: str, by: User | None) -> Row:
    row.full_clean()
    row.save()
    log(verb, row, by=by)
    return row


def _change(row: Row, changes: Mapping[str, Any], verb: str, by: User | None) -> Row:
    """Write the changed columns only, so that two people who correct different ones do not undo each other."""
    if not changes:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=tuple(changes))
    log(verb, row, by=by, changes={name: str(value) for name, value in changes.items()})
    return row
