"""The seats that were given: to the office by name, to everybody as the programme announces them."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q

from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Announcement
from kawasan.selection import rules
from kawasan.selection.models import Draw, Seat, SeatQuerySet
from kawasan.selection.rules import (
    SeatKind,
    SeatStatus,
    pseudonym,
)

ANNOUNCED_COLUMNS = (
    "place_in_order",
    "status",
    "applicant__code",
    "applicant__person__name",
    "applicant__person__place__name",
)


@dataclass(frozen=True, slots=True)
class Announced:
    """A line of the announcement, with nothing but what the programme lets everybody know."""

    number: int
    known_as: str
    name: str
    village: str
    status: str = ""


def seat_counts(programme: Programme) -> dict[str, int]:
    """How many seats there are of each status."""
    by_status = {status.value: Count("pk", filter=Q(status=status)) for status in SeatStatus}
    return Seat.objects.filter(programme=programme).aggregate(**by_status)


def passed_over(seat: Seat) -> int:
    """How many still wait who stand before a reserve that was called."""
    before = Seat.objects.filter(draw=seat.draw_id, place_in_order__lt=seat.place_in_order)
    return before.filter(status=SeatStatus.WAITING).count()


def seats_matching(programme: Programme, wanted: dict[str, Any]) -> SeatQuerySet:
    """The seats given, by field, or the waiting list in its order; narrowed down by a filter."""
    seats = Seat.objects.filter(programme=programme).in_full()
    if wanted.get("list") == "waiting":
        seats = seats.filter(status=SeatStatus.WAITING).order_by("place_in_order")
    else:
        seats = seats.exclude(status=SeatStatus.WAITING).order_by("applicant__field_id", "kind", "place_in_order")
    if text := wanted.get("q"):
        seats = seats.filter(Q(applicant__person__name__icontains=text) | Q(applicant__code__icontains=text))
    if field := wanted.get("field"):
        seats = seats.filter(applicant__field=field)
    if status := wanted.get("status"):
        seats = seats.filter(status=status)
    return seats


def announced(draw: Draw, kind: SeatKind, start: str = "") -> list[Announced]:
    """Who was drawn, or who waits, told apart as the programme sets.

    ``start`` begins the pseudonym or the number. By pseudonym everybody stands in the list of the draw, with what
    became of the seat. The certificate has the order of the waiting list, who left and who was called, and the need or
    disability of each: beside a number or name any of these would tell whose they are. So there the lists are of those
    who hold a seat now, drawn or called alike, and of those who wait; whoever left is on none, and all stand in order
    of their numbers.
    """
    how = Announcement(draw.programme.announcement)
    seats = _listed(draw, kind, how).order_by("place_in_order").values(*ANNOUNCED_COLUMNS)
    lines = [_announced(seat, how, draw.salt) for seat in seats]
    if kind == SeatKind.DRAWN or how != Announcement.PSEUDONYM:
        in_order = sorted(lines, key=lambda line: line.known_as)
        lines = [replace(line, number=number) for number, line in enumerate(in_order, start=1)]
    return [line for line in lines if line.known_as.casefold().startswith(start.casefold())]


def _listed(draw: Draw, kind: SeatKind, how: Announcement) -> SeatQuerySet:
    seats = Seat.objects.filter(draw=draw)
    if how == Announcement.PSEUDONYM:
        return seats.filter(kind=kind)
    return seats.held() if kind == SeatKind.DRAWN else seats.waiting()


def _announced(seat: dict[str, Any], how: Announcement, salt: str) -> Announced:
    number, code, name = seat["place_in_order"], seat["applicant__code"], seat["applicant__person__name"]
    if how == Announcement.PSEUDONYM:
        return Announced(number, pseudonym(salt, code), "", "", SeatStatus(seat["status"]).label)
    if how == Announcement.NAMED:
        return Announced(number, code, name, seat["applicant__person__place__name"])
    return Announced(number, code, rules.masked_name(name), "")
