"""What a decree names, and how the seats differ from it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kawasan.applicants.models import Applicant
from kawasan.core.templatetags.kawasan import masked
from kawasan.core.text import Text
from kawasan.programmes.models import Programme
from kawasan.selection import rules
from kawasan.selection.models import Decree, Seat
from kawasan.selection.queries.seats import seat_counts
from kawasan.selection.rules import (
    DecreeStatus,
    SeatStatus,
)


@dataclass(frozen=True, slots=True)
class SeatChange:
    """A seat that is not as the signed decree has it."""

    seat: Seat
    has_left: bool


def decree_lines(programme: Programme) -> list[dict[str, Any]]:
    """Everybody who accepted a seat, by field and name, as the decree lists them."""
    seats = Seat.objects.filter(programme=programme).participants().in_full()
    seats = seats.order_by("applicant__field__code", "applicant__person__name", "applicant__code")
    return [_line(number, seat.applicant, seat.kind) for number, seat in enumerate(seats, start=1)]


def reasons_no_decree(programme: Programme, *, dated: datetime.date) -> list[Text]:
    """Why no decree of this date can be drafted now."""
    counts, draw = seat_counts(programme), programme.draws.standing().defer("pool", "frozen", "result").first()
    return rules.reasons_no_decree(
        people=counts[SeatStatus.ACCEPTED],
        offered=counts[SeatStatus.OFFERED],
        dated=dated,
        drawn_on=draw.drawn_on if draw else None,
    )


def changes_since(decree: Decree) -> list[SeatChange]:
    """Whose seat is no longer as a signed decree has it: those who left, then those who came, each by name."""
    is_named = Q(applicant__code__in={line["applicant"] for line in decree.lines})
    takes_part = Q(status=SeatStatus.ACCEPTED)
    seats = Seat.objects.filter((is_named & ~takes_part) | (takes_part & ~is_named), programme=decree.programme_id)
    changes = [SeatChange(seat, has_left=seat.status != SeatStatus.ACCEPTED) for seat in seats.in_full()]
    return sorted(changes, key=lambda change: (not change.has_left, change.seat.applicant.person.name))


def next_decree(programme: Programme, day: datetime.date) -> dict[str, Any]:
    """What the form of the next decree begins with: what the programme names for the first, else the last signer."""
    last = programme.decrees.filter(status=DecreeStatus.SIGNED).order_by("-pk").first()
    if last:
        return {"dated": day, "signer": last.signer, "signer_title": last.signer_title}
    planned = programme.decree_date
    is_past = planned and programme.draws.filter(drawn_on__gt=planned).exists()
    return {
        "number": programme.decree_number,
        "dated": day if is_past else planned or day,
        "signer": programme.decree_signer,
        "signer_title": programme.decree_signer_title,
    }


def _line(number: int, applicant: Applicant, kind: str) -> dict[str, Any]:
    place = applicant.person.place
    return {
        "number": number,
        "applicant": applicant.code,
        "name": applicant.person.name,
        "nik": masked(applicant.person.nik),
        "sex": applicant.person.sex,
        "field": applicant.field.code,
        "field_name": applicant.field.name,
        "village": place.name,
        "district": place.parent.name if place.parent else "",
        "kind": kind,
    }
