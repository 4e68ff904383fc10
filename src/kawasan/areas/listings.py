"""The lists of the area as files."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from kawasan.areas.models import AssetIndicator, AssetValue, Resource, ResourceKind, SectorFigure
from kawasan.areas.rules import Capital
from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _

RESOURCES = listing(
    "resources", _("Resources"), Resource,
    "code", "name", "name_en", "kind=kind.code", "kind_name=kind.name", "place=place.code", "place_name=place.name",
    "quantity", "unit", "period", "sustainable_yield", "used",
    Column("head_room", _("Head-room"), attrgetter("head_room"),
        about=_("Sustainable yield less what is used, in the resource's unit; empty when one of them is unknown"),
        kind=Kind.NUMBER),
    "owner", "access", "condition", "latitude", "longitude", "as_of", "source",
)  # fmt: skip
KINDS = listing(
    "kinds", _("Kinds"), ResourceKind,
    "code", "name", "name_en", "capital", "unit",
    Column("resources", _("Resources"), attrgetter("resource_count"), kind=Kind.INTEGER),
)  # fmt: skip
FIGURES = {
    "sector_figures": listing(
        "sector-figures", _("Figures of the sectors"), SectorFigure,
        "sector", "name", "name_en", "year", "basis", "area", "reference", "source",
    ),
    "asset_indicators": listing(
        "asset-indicators", _("Asset indicators"), AssetIndicator,
        "code", "name", "name_en", "capital", "unit", "direction", "scale", "worst", "best", "weight", "source",
    ),
    "asset_values": listing(
        "asset-values", _("Asset values"), AssetValue,
        "indicator=indicator.code", "indicator_name=indicator.name", "place=place.code", "place_name=place.name",
        "year",
        "value", "unit=indicator.unit", "source",
    ),
}  # fmt: skip


def _part(name: str) -> Callable[[Any], Any]:
    """A part of a sector's change, where the change is known."""
    return lambda sector: getattr(sector.parts, "reference_growth" if name == "growth_of_province" else name, None)


def _score(place: int) -> Callable[[Any], Any]:
    return lambda one: one.capitals[place].score


POTENTIAL = listing(
    "potential", _("Potential of the sectors"), None,
    Column("sector", _("Sector"), attrgetter("sector"), kind=Kind.CODE),
    Column("name", _("Name"), attrgetter("name")),
    Column("year", _("Year"), attrgetter("end.year"), kind=Kind.INTEGER),
    Column("area", _("Area"), attrgetter("end.area"),
        about=_("Figure of the area in the last year of the study, in the unit of its basis"),
        kind=Kind.NUMBER),
    Column("reference", _("Province"), attrgetter("end.reference"), about=_("Figure of the province in the same year"),
        kind=Kind.NUMBER),
    Column("location_quotient", _("LQ"), attrgetter("location_quotient"),
        about=_("Share of the sector in the area over its share in the province; above 1 it is a base sector"),
        kind=Kind.NUMBER),
    Column("dynamic_location_quotient", _("Dynamic LQ"), attrgetter("dynamic_location_quotient"),
        about=_("The same with growth; above 1 the sector gains on the province"),
        kind=Kind.NUMBER),
    Column("class", _("Class"), lambda one: in_words(one.sector_class.label)),
    Column("area_growth", _("Growth a year, area"), attrgetter("area_growth"), about=_("Mean growth a year"),
        kind=Kind.SHARE),
    Column("reference_growth", _("Growth a year, province"), attrgetter("reference_growth"),
        about=_("Mean growth a year"),
        kind=Kind.SHARE),
    Column("quadrant", _("Quadrant"), lambda one: in_words(one.quadrant.label)),
    *(
        Column(name, label, _part(name), kind=Kind.NUMBER)
        for name, label in (
            ("change", _("Total change")),
            ("growth_of_province", _("Growth of the province")),
            ("industry_mix", _("Industry mix")),
            ("competitive", _("Competitive effect")),
            ("pure_competitive", _("Pure competitive effect")),
            ("allocation", _("Allocation effect")),
        )
    ),
)  # fmt: skip
ASSETS = listing(
    "assets", _("Assets"), None,
    Column("place", _("Place"), attrgetter("place.code"), kind=Kind.CODE),
    Column("place_name", _("Name"), attrgetter("place.name")),
    Column("year", _("Year"), attrgetter("year"), kind=Kind.INTEGER),
    *(
        Column(capital.value, capital.label, _score(place), kind=Kind.NUMBER)
        for place, capital in enumerate(Capital)
    ),
    Column("mean", _("Mean"), attrgetter("mean"),
        about=_("Mean of the five capitals, 0 to 100; empty when one of them is unknown"),
        kind=Kind.NUMBER),
    Column("known_share", _("Known"), attrgetter("known_share"),
        about=_("Share of the indicators whose value is known"),
        kind=Kind.SHARE),
)  # fmt: skip
