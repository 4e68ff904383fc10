"""What everybody may see of a draw: its pool, what was tried before it, and what came after."""

import datetime
from dataclasses import dataclass
from typing import Any

from kawasan.applicants.models import ProposedChange
from kawasan.applicants.queries.changes import label_of
from kawasan.applicants.rules.changes import ChangeState
from kawasan.core.models import LogEntry
from kawasan.core.text import Text
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Feature
from kawasan.selection import rules
from kawasan.selection.models import Draw, Seat
from kawasan.selection.queries.chances import chances, quota_rows_of, settled, settled_cells
from kawasan.selection.queries.decrees import changes_since
from kawasan.selection.queries.quotas import value_label, value_names
from kawasan.selection.queries.seats import seat_counts
from kawasan.selection.rules import (
    DecreeStatus,
    DrawStatus,
    ExceptionKind,
    pseudonym,
)

IDENTITY = ("name", "nik", "birth_date")  # columns of a person that say who it is


@dataclass(frozen=True, slots=True)
class Undone:
    """A public value that was taken back, or (without a value) a frozen pool that was given up, as the log has it."""

    draw: str
    value: str
    reason: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """Somebody of a frozen pool whose identity was corrected afterwards, by two people."""

    pseudonym: str
    columns: list[str]
    on: datetime.date


def corrected_people(draw: Draw) -> list[Corrected]:
    """Who of the pool has another name, number or date of birth since the day on which it was frozen.

    A pseudonym stands for an application, so whoever were put behind it would hold its seat: everybody shall see it.
    """
    changes = ProposedChange.objects.filter(
        programme=draw.programme_id,
        applicant__frozen_on__isnull=False,
        state=ChangeState.APPROVED,
        decided_on__gte=draw.frozen_on,
        values__column__in=IDENTITY,
    )
    rows = changes.distinct().select_related("applicant").prefetch_related("values").order_by("decided_on", "pk")
    return [
        Corrected(
            pseudonym(draw.salt, one.applicant.code),
            [str(label_of(value)) for value in one.values.all() if value.column in IDENTITY],
            one.decided_on,
        )
        for one in rows
        if one.decided_on
    ]


def overview(draw: Draw) -> dict[str, Any]:
    """What the page shows of a frozen or drawn pool: sizes, and each quota beside pool, draw and seats held now."""
    features = {row[0]: row[3] for row in draw.pool}
    counts = seat_counts(draw.programme)
    codes = Seat.objects.filter(draw=draw).held().values_list("applicant__code", flat=True)
    names = value_names(draw.programme, draw.programme.fields.all())
    return {
        "people": len(draw.pool),
        "households": len({row[1] for row in draw.pool}),
        "quotas": quota_rows_of(draw, names, held=[features[pseudonym(draw.salt, code)] for code in codes]),
        "spread": rules.spread(float(chance) for chance in chances(draw).values()),
        "settled": settled(draw, names),
        "not_reached": not_reached(draw),
        "exceptions": published_exceptions(draw),
        "panels": len(draw.frozen["panels"]),
        "seats": draw.seats,
        "counts": counts,
        "progress": {
            "offered": counts["offered"],
            "free": draw.seats - counts["offered"] - counts["accepted"],
            "waiting": counts["waiting"],
        },
    }


def not_reached(draw: Draw) -> list[Text]:
    """What was not reached of the proven bound on chances; nothing when everything was, or an old draw does not say."""
    return rules.not_reached(draw.frozen["reached"], draw.frozen["least"]) if "reached" in draw.frozen else []


def undone(programme: Programme) -> list[Undone]:
    """What was tried and not drawn from, oldest first: whoever tries until a friend wins does so before everybody."""
    verbs = ("selection.value_taken_back", "selection.cancelled")
    entries = LogEntry.objects.filter(programme_code=programme.code, verb__in=verbs).order_by("sequence")
    return [
        Undone(
            draw=entry.subject.rpartition(" ")[2],
            value=entry.data.get("public_value", ""),
            reason=entry.data["reason"],
            by=entry.by_name,
            at=entry.at,
        )
        for entry in entries
    ]


def published_exceptions(draw: Draw) -> list[dict[str, Any]]:
    """Who was guaranteed a seat or kept out, by pseudonym, with the reason that was published."""
    rows = draw.frozen.get("exceptions", [])
    return [{"pseudonym": name, "kind": ExceptionKind(kind), "reason": reason} for name, kind, reason in rows]


def pool_people(draw: Draw, names: dict[tuple[str, str], str], start: str = "") -> list[dict[str, Any]]:
    """The published pool with what was drawn, for people to look themselves up by the start of their pseudonym."""
    result, chance = draw.result or {"people": [], "reserves": []}, chances(draw)
    chosen = {name: number for number, name in enumerate(result["people"], start=1)}
    waiting = {name: number for number, name in enumerate(result["reserves"], start=1)}
    of_cell, cell = settled_cells(draw, names), {row[0]: row[1] for row in draw.frozen["pool"]}
    return [
        {
            "pseudonym": pseudonym,
            "household": household,
            "tickets": tickets,
            "chance": float(chance[pseudonym]),
            "settled": of_cell.get(cell[pseudonym]),
            "features": [value_label(names, feature.value, features[feature]) for feature in Feature],
            "seat": chosen.get(pseudonym),
            "reserve": waiting.get(pseudonym),
        }
        for pseudonym, household, tickets, features in draw.pool
        if pseudonym.startswith(start)
    ]


def after_drawing(programme: Programme, draw: Draw | None) -> dict[str, Any]:
    """What was done since the draw: the newest decree, how many seats changed since it was signed, and the groups."""
    if draw is None or draw.status != DrawStatus.DRAWN:
        return {"decree": None, "changed": 0, "has_groups": False}
    newest = programme.decrees.order_by("-pk").first()
    is_signed = newest is not None and newest.status == DecreeStatus.SIGNED
    return {
        "decree": newest.status if newest else None,
        "changed": len(changes_since(newest)) if newest and is_signed else 0,
        "has_groups": programme.groups.exists(),
    }
