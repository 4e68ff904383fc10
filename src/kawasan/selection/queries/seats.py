"""The seats that were given: to the office by name, to everybody as the programme announces them."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q

from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Announcement
from kawasan.selection import rules
from kawasan.selection.models import Draw, Seat, SeatQuerySet
from kawasan.selection.rules import (
    LEFT,
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
    status: str


def seat_counts(programme: Programme) -> dict[str, int]:
    """How many seats there are of each status."""
    by_status = {status.value: Count("pk", filter=Q(status=status)) for status in SeatStatus}
    return Seat.objects.filter(programme=programme).aggregate(**by_status)


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

    ``start`` begins the pseudonym or the number. Whoever gave up a seat, or the place on the waiting list, has no name.
    The waiting list has its order only by pseudonym: the certificate has that order too, so that beside a name a place
    in it would tell what need or disability somebody has. So all others stand in order of what tells them apart.
    """
    how = Announcement(draw.programme.announcement)
    seats = Seat.objects.filter(draw=draw, kind=kind).order_by("place_in_order").values(*ANNOUNCED_COLUMNS)
    lines = [_announced(seat, how, draw.salt) for seat in seats]
    if kind == SeatKind.DRAWN or how != Announcement.PSEUDONYM:
        in_order = sorted(lines, key=lambda line: line.known_as)
        lines = [replace(line, number=number) for number, line in enumerate(in_order, start=1)]
    return [line for line in lines if line.known_as.casefold().startswith(start.casefold())]


def _announced(seat: dict[str, Any], how: Announcement, salt: str) -> Announced:
    status, name = SeatStatus(seat["status"]), seat["applicant__person__name"]
    code, village = seat["applicant__code"], seat["applicant__person__place__name"]
    is_named = how == Announcement.NAMED
    is_hidden = how == Announcement.PSEUDONYM or status in LEFT
    return Announced(
        number=seat["place_in_order"],
        known_as=pseudonym(salt, code) if how == Announcement.PSEUDONYM else code,
        name="" if is_hidden else name if is_named else rules.masked_name(name),
        village=village if is_named and not is_hidden else "",
        status=status.label,
    )
