"""The five capitals, levels of places, classes of sectors; when a resource runs short; what to do next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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


class Period(Labelled):
    """The time in which a resource yields and is used."""

    YEAR = "year", _("a year")
    MONTH = "month", _("a month")


PERIODS_A_YEAR = {Period.YEAR: 1, Period.MONTH: 12}


class Access(Labelled):
    """Who may use a resource."""

    OPEN = "open", _("Open to everybody")
    MEMBERS = "members", _("For members only")
    PERMIT = "permit", _("With a permit")
    RENT = "rent", _("For rent or a fee")
    CLOSED = "closed", _("Not open to participants")


class Condition(Labelled):
    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    DAMAGED = "damaged", _("Damaged, can be repaired")
    UNUSABLE = "unusable", _("Unusable")


UNIT_FAMILIES = (
    {"g", "ons", "kg", "kuintal", "t", "ton"},
    {"m2", "are", "ha", "km2"},
    {"ml", "liter", "m3"},
    {"m", "km"},
    {"jam", "hari"},
)
"""Units of one measure, as folders write them: each can be worked out from the others."""


class Basis(Labelled):
    """What the figures of the sectors count."""

    GRDP_SHARE = "grdp_share", _("Share of GRDP")
    GRDP_CONSTANT = "grdp_constant", _("GRDP at constant prices")
    GRDP_CURRENT = "grdp_current", _("GRDP at current prices")
    EMPLOYMENT = "employment", _("People employed")


UNITS_OF_BASIS = {
    Basis.GRDP_SHARE: "%",
    Basis.GRDP_CONSTANT: _("billion rupiah"),
    Basis.GRDP_CURRENT: _("billion rupiah"),
    Basis.EMPLOYMENT: _("people"),
}
ALL_SECTORS = "TOTAL"
"""Code of the row that holds all sectors together, those that are not listed included."""


class Direction(Labelled):
    MORE = "more", _("More is better")
    LESS = "less", _("Less is better")


class Scale(Labelled):
    """Between what an indicator is scored."""

    TARGET = "target", _("Between a worst value and a target")
    PLACES = "places", _("Between the worst and the best of the places")


class Spread(Labelled):
    """How far the weights of the capitals and their indicators may lie from those that were set."""

    DOUBLE = "double", _("up to doubled or halved")
    ANY = "any", _("any weights")


FACTORS = {Spread.DOUBLE: 2.0, Spread.ANY: None}


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


class Quadrant(Labelled):
    """Size and growth of a sector against the same sector in the province."""

    DEVELOPED = "developed", _("Developed and growing fast")
    STAGNANT = "stagnant", _("Developed but under pressure")
    DEVELOPING = "developing", _("Can still develop")
    UNDERDEVELOPED = "underdeveloped", _("Lagging behind")
    UNKNOWN = "unknown", _("Unknown")


QUADRANT_MEANINGS = {
    Quadrant.DEVELOPED: _("Its share is larger than in the province, and it grew faster than it did there."),
    Quadrant.STAGNANT: _("Its share is larger than in the province, but it did not grow faster."),
    Quadrant.DEVELOPING: _("Its share is not larger than in the province, but it grew faster."),
    Quadrant.UNDERDEVELOPED: _("Its share is not larger than in the province, and it did not grow faster."),
    Quadrant.UNKNOWN: _("A figure is missing; it takes amounts of two years and their totals to tell."),
}


def in_a_year(figure: float | None, period: str) -> float | None:
    """A figure of a period as that of a year."""
    return None if figure is None else figure * PERIODS_A_YEAR[Period(period)]


def head_room(sustainable_yield: float | None, used: float | None) -> float | None:
    """How much more can be used in a period; negative when too much is used, nothing when either figure is unknown."""
    return None if sustainable_yield is None or used is None else sustainable_yield - used


def warning(sustainable_yield: float | None, used: float | None) -> Text | None:
    """A sentence when a resource runs short."""
    if sustainable_yield is None or used is None or used <= WARNING_SHARE * sustainable_yield:
        return None
    if used > sustainable_yield:
        return Text(_("More is used than the resource can bear."))
    return Text(_("{percent} % of the yield is used."), {"percent": round(100 * used / sustainable_yield)})


def reasons_unit_does_not_fit(unit: str, kind: str, unit_of_kind: str) -> list[Text]:
    """A resource is measured in the unit of its kind, or in one that can be worked out from it."""
    if unit == unit_of_kind or any({unit, unit_of_kind} <= family for family in UNIT_FAMILIES):
        return []
    message = _("{kind} is measured in {unit}; give the quantity in that, or choose another kind.")
    return [Text(message, {"kind": kind, "unit": unit_of_kind})]


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


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing of the totals of one year."""

    year: int
    area: bool
    reference: bool
    is_too_large: bool


def reasons_no_year() -> list[Text]:
    return [Text(_("In no year is any sector known both in the area and in the province, so nothing can be compared."))]


def reasons_not_computed(basis: Basis, lacks: Iterable[Lack], *, is_one_year: bool) -> list[Text]:
    """Say what cannot be computed on a basis, and which figures it would take."""
    reasons = []
    if is_one_year:
        reasons.append(Text(_("One year only is compared: the dynamic quotient, growth and shift-share take two.")))
    elif basis == Basis.GRDP_SHARE:
        reasons.append(
            Text(
                _(
                    "Shift-share and the growth quadrant cannot be computed from shares: a share does not say whether "
                    "the sector itself grew. They take rupiah or people of both years."
                )
            )
        )
    for lack in lacks:
        reasons += _reasons_of_year(lack)
    return reasons


def _reasons_of_year(lack: Lack) -> list[Text]:
    if lack.is_too_large:
        message = _("The sectors of {year} add up to more than their total, so nothing is computed. Check them.")
        return [Text(message, {"year": str(lack.year)})]
    message = _(
        "The total of all sectors {where} in {year} is missing: enter it as sector TOTAL. The known sectors are not "
        "added up instead, since others may be missing."
    )
    sides = [_("in the area") if lack.area else "", _("in the province") if lack.reference else ""]
    return [Text(message, {"where": Text(side), "year": str(lack.year)}) for side in sides if side]


def next_step(*, places: int, short: int, indicators: int, unknown: int) -> Text:
    """The one sentence that says what to do next about the area."""
    if not places:
        return Text(_("Enter the places of the area in places.csv of the programme folder and load it again."))
    if not indicators:
        return Text(
            _("Enter indicators of the five capitals in asset_indicators.csv and asset_values.csv and load the folder.")
        )
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
