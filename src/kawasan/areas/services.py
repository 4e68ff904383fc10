"""Resources and boundaries are kept. ``potential`` and ``pentagon`` write nothing, so they take no ``by``: they stand
here because only services call the engine."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.areas import queries
from kawasan.areas.models import Boundary, Resource, SectorShare
from kawasan.areas.rules import Capital, SectorClass
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import location
from kawasan.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares in the product of the area and the province in one year, per cent, with their source."""

    year: int
    area: float | None
    province: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Sector:
    """What a sector is for the area: its shares now and earlier, its quotients, its class."""

    sector: str
    name: str
    now: Shares
    earlier: Shares | None
    location_quotient: float | None
    dynamic_location_quotient: float | None
    sector_class: SectorClass


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measure of a capital, as entered."""

    name: str
    unit: str
    value: float | None
    worst: float
    best: float
    weight: int
    source: str


@dataclass(frozen=True, slots=True)
class CapitalScore:
    """Strength of a capital from 0 to 100, nothing when unknown, and the share of its indicators that is known."""

    capital: Capital
    score: float | None
    known_share: float
    indicators: tuple[Indicator, ...]


def potential(programme: Programme) -> list[Sector]:
    """Each sector with its location quotients, from the latest and the earliest year in which both shares are known."""
    by_sector: dict[str, list[SectorShare]] = defaultdict(list)
    for share in programme.sector_shares.order_by("sector", "year"):
        by_sector[share.sector].append(share)
    return [_sector(shares) for shares in by_sector.values()]


def pentagon(programme: Programme) -> list[CapitalScore]:
    """The score of each of the five capitals with the indicators behind it."""
    capitals, rows = list(Capital), list(programme.asset_indicators.all())
    scores = location.capital_scores(
        np.array([capitals.index(Capital(row.capital)) for row in rows], dtype=np.int64),
        _array([row.value for row in rows]),
        _array([row.worst for row in rows]),
        _array([row.best for row in rows]),
        _array([row.weight for row in rows]),
    )
    return [
        CapitalScore(
            capital,
            _known(score),
            float(known_share),
            tuple(
                Indicator(str(row), row.unit, row.value, row.worst, row.best, row.weight, row.source)
                for row in rows
                if row.capital == capital
            ),
        )
        for capital, score, known_share in zip(capitals, scores.score, scores.known_share, strict=True)
    ]


@transaction.atomic
def add_resource(*, programme: Programme, by: User | None, **answers: Any) -> Resource:
    """Enter a resource of the area."""
    resource = Resource(programme=programme, **answers)
    resource.full_clean()
    resource.save()
    log("areas.resource_added", resource, by=by)
    return resource


@transaction.atomic
def change_resource(*, resource: Resource, changes: Mapping[str, Any], by: User | None) -> Resource:
    """Correct what is known of a resource; only the changed columns are written."""
    if not changes:
        return resource
    for name, value in changes.items():
        setattr(resource, name, value)
    resource.full_clean()
    resource.save(update_fields=tuple(changes))
    log("areas.resource_changed", resource, by=by, changes={name: str(value) for name, value in changes.items()})
    return resource


@transaction.atomic
def replace_boundaries(
    *,
    programme: Programme,
    outlines: Mapping[str, Any],
    levels: Sequence[str],
    source: str,
    seen: str,
    by: User | None,
) -> None:
    """Replace all boundaries of the levels by outlines that were checked, unless others were stored since."""
    _lock_boundaries(programme, seen)
    old = list(programme.boundaries.filter(place__level__in=levels))
    programme.boundaries.filter(pk__in=[boundary.pk for boundary in old]).delete()
    places = {place.code: place for place in programme.places.filter(code__in=outlines)}
    new = [
        Boundary(programme=programme, place=places[code], geometry=geometry, source=source)
        for code, geometry in outlines.items()
    ]
    for boundary in new:
        boundary.full_clean()
    Boundary.objects.bulk_create(new)
    log(
        "areas.boundaries_replaced", programme, by=by, rows=new, deleted=old, is_written=False, count=len(new),
        levels=list(levels), source=source,
    )  # fmt: skip


@transaction.atomic
def remove_boundaries(*, programme: Programme, seen: str, by: User | None) -> None:
    """Go back to approximate cells."""
    _lock_boundaries(programme, seen)
    old = list(programme.boundaries.all())
    programme.boundaries.all().delete()
    log("areas.boundaries_removed", programme, by=by, deleted=old, is_written=False, count=len(old))


def _lock_boundaries(programme: Programme, seen: str) -> None:
    Programme.objects.select_for_update().get(pk=programme.pk)
    if queries.boundaries_hash(programme) != seen:
        raise Refused(Text(_("Somebody else changed the boundaries meanwhile. Look at them and begin again.")))


def _sector(rows: Sequence[SectorShare]) -> Sector:
    known = [row for row in rows if row.area_share is not None and row.province_share is not None]
    now = known[-1] if known else rows[-1]
    earlier = known[0] if len(known) > 1 else None
    quotient = location.location_quotient(_array([now.area_share]), _array([now.province_share]))
    dynamic = _dynamic(earlier, now) if earlier else _array([None])
    return Sector(
        sector=now.sector,
        name=str(now),
        now=_shares(now),
        earlier=_shares(earlier) if earlier else None,
        location_quotient=_known(quotient[0]),
        dynamic_location_quotient=_known(dynamic[0]),
        sector_class=SectorClass(location.classify(quotient, dynamic)[0]),
    )


def _dynamic(earlier: SectorShare, now: SectorShare) -> location.Floats:
    return location.dynamic_location_quotient(
        _array([earlier.area_share]),
        _array([now.area_share]),
        _array([earlier.province_share]),
        _array([now.province_share]),
        now.year - earlier.year,
    )


def _shares(row: SectorShare) -> Shares:
    return Shares(row.year, row.area_share, row.province_share, row.source)


def _array(figures: Sequence[float | None]) -> location.Floats:
    """Figures for the engine, which knows the unknown as nan."""
    return np.array([np.nan if figure is None else figure for figure in figures], dtype=np.float64)


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
