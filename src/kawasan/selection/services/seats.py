"""Keep who accepts a seat, who declines or leaves, and who is called next."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.applicants.services import mark_withdrawn
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import certificate
from kawasan.engine.errors import InfeasibleError
from kawasan.programmes.models import Programme
from kawasan.selection import rules
from kawasan.selection.models import Draw, Seat, SeatQuerySet
from kawasan.selection.rules import DrawStatus, SeatStatus, pseudonym
from kawasan.selection.services.draw import certificate_of


@transaction.atomic
def accept(*, seat: Seat, by: User | None, on: datetime.date) -> Seat:
    """Keep that somebody takes the seat: from now on they are a participant."""
    return _move(seat, SeatStatus.ACCEPTED, "selection.accepted", by=by, on=on)


@transaction.atomic
def decline(*, seat: Seat, by: User | None, on: datetime.date, note: str = "") -> Seat:
    """Keep that somebody does not take the seat; it is free for the waiting list."""
    return _move(seat, SeatStatus.DECLINED, "selection.declined", by=by, on=on, note=note)


@transaction.atomic
def withdraw(*, applicant: Applicant, reason: str, by: User | None, on: datetime.date) -> Applicant:
    """Take somebody out of the programme, whether they hold a seat, wait for one or have none."""
    Programme.objects.select_for_update().get(pk=applicant.programme_id)  # so that nobody draws a seat meanwhile
    seat = Seat.objects.filter(applicant=applicant, status__in=rules.came_from(SeatStatus.WITHDRAWN)).first()
    if seat:
        _move(seat, SeatStatus.WITHDRAWN, "selection.withdrawn", by=by, on=on, note=reason)
    return mark_withdrawn(applicant=applicant, reason=reason, by=by, on=on)


@transaction.atomic
def call_reserve(*, programme: Programme, by: User | None, on: datetime.date) -> Seat:
    """Offer a free seat to the reserve whose turn it is: the first with whom the quotas are missed by fewest.

    Every call is a step of the certificate, and so is a reserve who left: the verifiers follow both.
    """
    draw = Draw.objects.standing().select_for_update().filter(programme=programme, status=DrawStatus.DRAWN).first()
    if draw is None:
        raise Refused(Text(_("There is no waiting list before the draw.")))
    draw.programme = programme
    seats = {pseudonym(draw.salt, seat.applicant.code): seat for seat in _seats_of(draw)}
    made = certificate_of(draw=draw)
    sitting, waiting = certificate.seats_now(made)
    free = [name for name in sitting if seats[name].status not in rules.HELD]
    if not free:
        raise Refused(Text(_("No seat is free: all {seats} are offered or accepted."), {"seats": draw.seats}))
    gone = [name for name in waiting if seats[name].status != SeatStatus.WAITING]
    leaver = min(free, key=lambda name: (seats[name].decided_on or draw.frozen_on, name))
    try:
        for name in (*gone, leaver):
            made = certificate.call(made, leaver=name)
    except InfeasibleError:
        raise Refused(Text(_("Nobody on the waiting list may take a seat within the household limit."))) from None
    return _offer(draw, seats, made["calls"], by=by, on=on)


def _seats_of(draw: Draw) -> SeatQuerySet:
    return Seat.objects.filter(draw=draw).select_related("applicant")


def _offer(
    draw: Draw, seats: dict[str, Seat], calls: list[dict[str, Any]], *, by: User | None, on: datetime.date
) -> Seat:
    draw.result = (draw.result or {}) | {"calls": calls}
    draw.save(update_fields=["result"])
    seat = seats[calls[-1]["reserve"]]
    seat.keeps_quotas = calls[-1]["short"] == 0
    return _move(seat, SeatStatus.OFFERED, "selection.reserve_called", by=by, on=on, rows=[draw])


def _move(
    seat: Seat,
    status: SeatStatus,
    verb: str,
    *,
    by: User | None,
    on: datetime.date,
    note: str = "",
    rows: Sequence[Draw] = (),
) -> Seat:
    movable = Seat.objects.filter(pk=seat.pk, status__in=rules.came_from(status))
    note = note.strip()[:300]
    if movable.update(status=status, decided_on=on, note=note, keeps_quotas=seat.keeps_quotas) != 1:
        seat.refresh_from_db(fields=["status"])
        raise Refused(rules.reason_not_movable(seat.status, status))
    seat.status, seat.decided_on, seat.note = status, on, note
    log(verb, seat, by=by, rows=rows, on=on, note=note, keeps_quotas=seat.keeps_quotas)
    return seat
