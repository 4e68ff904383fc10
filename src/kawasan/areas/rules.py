"""The five capitals, levels of places, classes of sectors; when a resource runs short; what to do next."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kawasan.core.text import Labelled, Text, _

WARNING_SHARE = 0.8
"""Share of its sustainable yield above which a resource runs short."""
WHOLE_PERCENT, ROUNDING_PERCENT = 100.0, 0.5
"""Shares of all sectors may add up to this much, and so much more because each was rounded."""


class Capital(Labelled):
    """The five assets of the pentagon, in the order of the engine."""

    NATURAL = "natural", _("Natural capital")
    HUMAN = "human", _("Human capital")
    PHYSICAL = "physical", _("Physical capital")
    SOCIAL = "social", _("Social capital")
    FINANCIAL = "financial", _("Financial capital")


class Level(Labelled):
    CITY = "city", _("City (kota)")
    REGENCY = "regency", _("Regency (kabupaten)")
    DISTRICT = "district", _("District (kecamatan)")
    VILLAGE = "village", _("Village (kelurahan)")


class Outline(Labelled):
    """How the ground of a place is known."""

    BOUNDARY = "boundary", _("Boundary")
    PARTS = "parts", _("Its parts put together")
    CELL = "cell", _("Approximate cell around the centre")


KINDS = {
    "air": _("water"),
    "bahan": _("materials"),
    "bantuan": _("grants"),
    "bengkel": _("workshops"),
    "dapur": _("kitchens"),
    "hasil hutan bukan kayu": _("forest products other than timber"),
    "hijauan": _("fodder"),
    "ikan": _("fish and seafood"),
    "keahlian": _("skills"),
    "kelompok": _("groups"),
    "kios": _("kiosks"),
    "kredit": _("credit"),
    "lahan": _("land"),
    "lapak": _("stalls"),
    "lembaga": _("institutions"),
    "lembaga warga": _("residents' associations"),
    "limbah organik": _("organic waste"),
    "penduduk": _("inhabitants"),
    "studio": _("studios"),
    "tenaga kerja": _("workforce"),
    "toko": _("shops"),
}
"""Kinds of resources as folders write them, and the words that people read."""


class SectorClass(Labelled):
    """What a sector is for the area, and where it goes."""

    LEADING = "leading", _("Leading")
    MATURE = "mature", _("Mature")
    PROSPECTIVE = "prospective", _("Prospective")
    LAGGING = "lagging", _("Lagging")
    UNKNOWN = "unknown", _("Unknown")


MEANINGS = {
    SectorClass.LEADING: _("Stronger here than in the province, and gaining on it."),
    SectorClass.MATURE: _("Stronger here than in the province, but no longer gaining."),
    SectorClass.PROSPECTIVE: _("Weaker here than in the province, but gaining on it."),
    SectorClass.LAGGING: _("Weaker here than in the province, and not gaining."),
    SectorClass.UNKNOWN: _("A figure is missing; it takes both shares of two years to tell."),
}


def head_room(sustainable_yield: float | None, used: float | None) -> float | None:
    """How much more can be used a year; negative when too much is used, nothing when either figure is unknown."""
    return None if sustainable_yield is None or used is None else sustainable_yield - used


def warning(sustainable_yield: float | None, used: float | None) -> Text | None:
    """A sentence when a resource runs short."""
    if sustainable_yield is None or used is None or used <= WARNING_SHARE * sustainable_yield:
        return None
    if used > sustainable_yield:
        return Text(_("More is used than the resource can bear."))
    return Text(_("{percent} % of the yield is used."), {"percent": round(100 * used / sustainable_yield)})


def reasons_shares_too_large(shares: Iterable[tuple[int, float | None, float | None]]) -> list[Text]:
    """Shares of (year, area, province) must not add up to more than the whole."""
    totals: dict[tuple[int, str], float] = defaultdict(float)
    for year, area, province in shares:
        totals[year, _("area")] += area or 0
        totals[year, _("province")] += province or 0
    message = _("The sector shares of {year} in the {where} add up to {total} %. Check them against their source.")
    return [
        Text(message, {"year": str(year), "where": Text(where), "total": total})
        for (year, where), total in sorted(totals.items())
        if total > WHOLE_PERCENT + ROUNDING_PERCENT
    ]


def next_step(*, places: int, short: int, indicators: int, unknown: int) -> Text:
    """The one sentence that says what to do next about the area."""
    if not places:
        return Text(_("Enter the places of the area in places.csv of the programme folder and load it again."))
    if not indicators:
        return Text(_("Enter indicators of the five capitals in asset_indicators.csv and load the folder again."))
    if short:
        return Text(
            _("Resources that run short: {short}. Look at them before more enterprises are planned on them."),
            {"short": short},
        )
    if unknown:
        return Text(
            _("Indicators without a value: {unknown} of {indicators}. Ask the agencies for the figures."),
            {"unknown": unknown, "indicators": indicators},
        )
    return Text(_("The picture of the area is complete. Plan the value chain."))


def reasons_not_an_outline(geometry: Any) -> list[Text]:
    """A boundary must be a GeoJSON polygon, or the map cannot draw it."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return [Text(_("The boundary must be a GeoJSON geometry of type Polygon or MultiPolygon."))]
    coordinates: Any = geometry.get("coordinates")
    polygons: Any = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if _is_filled_list(polygons) and all(_is_filled_list(rings) and all(map(_is_ring, rings)) for rings in polygons):
        return []
    return [Text(_("Each ring of a boundary needs four or more points [longitude, latitude], the last as the first."))]


def _is_filled_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_ring(ring: Any) -> bool:
    return isinstance(ring, list) and len(ring) >= 4 and all(map(_is_position, ring)) and ring[0] == ring[-1]


def _is_position(point: Any) -> bool:
    is_pair = isinstance(point, list) and len(point) in {2, 3}
    if not is_pair or any(isinstance(p, bool) or not isinstance(p, int | float) for p in point):
        return False
    return abs(point[0]) <= 180 and abs(point[1]) <= 90
