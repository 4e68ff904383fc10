"""Valid rows, invented."""

import datetime
from typing import Any

from kawasan.areas.models import (
    AssetIndicator,
    AssetValue,
    Boundary,
    Place,
    Resource,
    ResourceKind,
    SectorFigure,
)
from kawasan.programmes.models import Programme

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[106.1, -2.1], [106.1, -2.2], [106.2, -2.2], [106.2, -2.1], [106.1, -2.1]]],
}


def place(programme: Programme, code: str = "19.71.01.1001", **columns: Any) -> Place:
    given = {
        "name": f"Kelurahan {code}",
        "level": "village",
        "latitude": -2.13,
        "longitude": 106.11,
        "source": "synthetic",
    } | columns
    return Place.objects.create(programme=programme, code=code, **given)


def boundary(of: Place) -> Boundary:
    return Boundary.objects.create(programme=of.programme, place=of, geometry=SQUARE, source="synthetic")


def figure(programme: Programme, sector: str, year: int, area: float | None, reference: float | None, **columns: Any):
    given = {"name": f"Lapangan usaha {sector}", "name_en": f"Sector {sector}", "source": f"BPS {year}"} | columns
    return SectorFigure.objects.create(
        programme=programme, sector=sector, year=year, area=area, reference=reference, **given
    )


def kind(programme: Programme, code: str = "lahan", **columns: Any) -> ResourceKind:
    given = {"capital": "natural", "name": f"Jenis {code}", "name_en": f"Kind {code}", "unit": "kg"} | columns
    return ResourceKind.objects.get_or_create(programme=programme, code=code, defaults=given)[0]


def resource(at: Place, code: str = "RES-1", **columns: Any) -> Resource:
    given = {
        "name": f"Sumber daya {code}",
        "name_en": f"Resource {code}",
        "kind": columns.get("kind") or kind(at.programme),
        "quantity": 1000,
        "unit": "kg",
        "as_of": datetime.date(2022, 8, 1),
        "source": "synthetic",
    } | columns
    return Resource.objects.create(programme=at.programme, place=at, code=code, **given)


def indicator(programme: Programme, code: str, **columns: Any) -> AssetIndicator:
    """An indicator and its value in the area as a whole, in the programme's year."""
    value = columns.pop("value", 50)
    given = {
        "capital": "natural",
        "name": f"Indikator {code}",
        "name_en": f"Indicator {code}",
        "unit": "%",
        "worst": 0,
        "best": 100,
        "source": "synthetic",
    } | columns
    given.setdefault("direction", "less" if (given["worst"] or 0) > (given["best"] or 0) else "more")
    made = AssetIndicator.objects.create(programme=programme, code=code, **given)
    asset_value(made, whole(programme), programme.year, value)
    return made


def whole(programme: Programme) -> Place:
    """The area itself, as a place."""
    found = Place.objects.filter(programme=programme, code=programme.area_code).first()
    return found or place(programme, programme.area_code, level="city", name=programme.area_name)


def asset_value(of: AssetIndicator, at: Place, year: int, value: float | None, **columns: Any) -> AssetValue:
    given = {"source": "synthetic"} | columns
    return AssetValue.objects.create(programme=of.programme, indicator=of, place=at, year=year, value=value, **given)
