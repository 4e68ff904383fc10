"""Valid rows, invented."""

import datetime
from typing import Any

from kawasan.areas.models import AssetIndicator, Boundary, Place, Resource, SectorShare
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


def sector_share(
    programme: Programme, sector: str, year: int, area: float | None, province: float | None, **columns: Any
):
    given = {"name": f"Lapangan usaha {sector}", "name_en": f"Sector {sector}", "source": f"BPS {year}"} | columns
    return SectorShare.objects.create(
        programme=programme, sector=sector, year=year, area_share=area, province_share=province, **given
    )


def resource(at: Place, code: str = "RES-1", **columns: Any) -> Resource:
    given = {
        "name": f"Sumber daya {code}",
        "name_en": f"Resource {code}",
        "capital": "natural",
        "quantity": 1000,
        "unit": "kg",
        "as_of": datetime.date(2022, 8, 1),
        "source": "synthetic",
    } | columns
    return Resource.objects.create(programme=at.programme, place=at, code=code, **given)


def indicator(programme: Programme, code: str, **columns: Any) -> AssetIndicator:
    given = {
        "capital": "natural",
        "name": f"Indikator {code}",
        "name_en": f"Indicator {code}",
        "unit": "%",
        "value": 50,
        "worst": 0,
        "best": 100,
        "source": "synthetic",
    } | columns
    return AssetIndicator.objects.create(programme=programme, code=code, **given)
