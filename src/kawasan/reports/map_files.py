"""What can be taken from the map: each layer as GeoJSON and CSV, and a sheet of paper."""

import csv
import io
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.utils.translation import gettext

from kawasan.areas.outlines import Point
from kawasan.areas.queries import resource_feature
from kawasan.core import language
from kawasan.core.text import Labelled, _
from kawasan.enterprises.models import Enterprise
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, Role
from kawasan.reports import map_page
from kawasan.reports.atlas import TEAM, Atlas, Figure, Layer
from kawasan.reports.map_page import Choice

Feature = dict[str, Any]
PAPERS = {"a4": (182, 4), "a3": (270, 4)}  # millimetres of the picture's width; shades a line of the legend


class File(Labelled):
    """A layer that can be taken."""

    PLACES = "places", _("Places with their figures")
    RESOURCES = "resources", _("Resources")
    OFFTAKERS = "offtakers", _("Offtakers")
    ENTERPRISES = "enterprises", _("Enterprises")
    MENTORS = "mentors", _("Mentors")


WHO_TAKES: dict[File, tuple[Role, ...]] = {
    **dict.fromkeys(File, EVERYBODY),
    File.ENTERPRISES: TEAM,
    File.MENTORS: TEAM,
}


def files_of(roles: Collection[Role]) -> tuple[File, ...]:
    """What a reader may take."""
    return tuple(file for file in File if set(WHO_TAKES[file]) & set(roles))


def geojson(file: File, atlas: Atlas) -> dict[str, Any]:
    """A layer as GeoJSON (RFC 7946)."""
    return {"type": "FeatureCollection", "features": list(FEATURES[file](atlas))}


def table(file: File, atlas: Atlas) -> bytes:
    """A layer as CSV in UTF-8, one row a thing, with the point where it is."""
    text = io.StringIO(newline="")
    rows = [_flat(feature) for feature in FEATURES[file](atlas)]
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else ["code", "longitude", "latitude"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _flat(feature: Feature) -> dict[str, Any]:
    properties = dict(feature["properties"])
    longitude, latitude = properties.pop("centre", None) or feature["geometry"]["coordinates"]
    return {
        **{name: _plain(value) for name, value in properties.items()},
        "longitude": longitude,
        "latitude": latitude,
    }


def _plain(value: Any) -> Any:
    """A name that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _places(atlas: Atlas) -> Iterator[Feature]:
    for row in atlas.rows:
        properties = {
            "code": row.place.code,
            "name": row.place.name,
            "level": row.place.level,
            "part_of": row.place.parent.code if row.place.parent else None,
            "centre": list(row.centre),
            "outline": row.shape.known_by.value if row.shape else None,
            "approximate": row.shape.is_approximate if row.shape else None,
            "area_km2": row.place.area_km2,
        }
        for figure in Figure:
            cell = row.cells[figure]
            properties[figure.value] = cell.words(figure) if cell.is_withheld else _rounded(cell.value)
        geometry = row.shape.geometry if row.shape else _point(row.centre)
        yield {"type": "Feature", "id": row.place.code, "geometry": geometry, "properties": properties}


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 3)


def _point(at: Point) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}


def _resources(atlas: Atlas) -> Iterator[Feature]:
    for resource in atlas.programme.resources.select_related("kind", "place"):
        yield {**resource_feature(resource), "id": resource.code}


def _offtakers(atlas: Atlas) -> Iterator[Feature]:
    found = atlas.programme.demands.exclude(place=None).select_related("place", "offtaker", "commodity")
    for demand in found.order_by("code"):
        properties = {
            "code": demand.code,
            "name": demand.offtaker.name,
            "commodity": str(demand.commodity),
            "quantity_per_month": demand.quantity_per_month,
            "unit": language.unit(demand.commodity.unit),
            "firmness": demand.firmness,
            "place": demand.place.code if demand.place else None,
            "source": demand.source,
        }
        yield {"type": "Feature", "id": demand.code, "geometry": _at(demand.place), "properties": properties}


def _enterprises(atlas: Atlas) -> Iterator[Feature]:
    found: Any = Enterprise.objects.filter(programme=atlas.programme).select_related("place", "field")
    for enterprise in found.order_by("code"):
        properties = {
            "code": enterprise.code,
            "name": enterprise.name,
            "field": str(enterprise.field),
            "kbli_version": enterprise.kbli_version,
            "kbli_code": enterprise.kbli_code,
            "status": enterprise.status,
            "place": enterprise.place.code,
            "source": enterprise.source,
        }
        yield {"type": "Feature", "id": enterprise.code, "geometry": _at(enterprise.place), "properties": properties}


def _mentors(atlas: Atlas) -> Iterator[Feature]:
    for mentor in atlas.programme.mentors.select_related("place", "organisation").order_by("code"):
        properties = {
            "code": mentor.code,
            "name": mentor.name,
            "organisation": mentor.organisation.name,
            "fields": mentor.fields,
            "place": mentor.place.code,
            "source": mentor.source,
        }
        yield {"type": "Feature", "id": mentor.code, "geometry": _at(mentor.place), "properties": properties}


def _at(place: Any) -> dict[str, Any]:
    return _point((place.longitude, place.latitude))


FEATURES: dict[File, Callable[[Atlas], Iterator[Feature]]] = {
    File.PLACES: _places,
    File.RESOURCES: _resources,
    File.OFFTAKERS: _offtakers,
    File.ENTERPRISES: _enterprises,
    File.MENTORS: _mentors,
}


def sheet(atlas: Atlas, chosen: Choice, paper: str) -> dict[str, Any]:
    """What the map has on a sheet of A4 or A3, in the reader's language."""
    programme: Programme = atlas.programme
    _colours, shades = map_page.legend(atlas, chosen.figure)
    millimetres, _lines = PAPERS[paper]
    pixels = millimetres / 25.4 * 96
    drawn = map_page.svg(atlas, chosen, pixels, font=13, tallest=1.05, family="Libertinus Serif")
    return {
        "paper": paper,
        "language": language.locale(),
        "title": map_page.title(atlas, chosen),
        "programme": programme.name,
        "picture": str(drawn),
        "nothing": gettext("There is nothing to draw: no place is entered."),
        "legend_title": language.in_words(chosen.figure.label),
        "shades": [{"colour": shade.colour, "label": shade.label, "places": str(shade.places)} for shade in shades],
        "layers": [_key(layer) for layer in chosen.layers],
        "approximate": gettext("Dashed: an approximate cell around the centre of the place, not its boundary.")
        if atlas.has_cells
        else "",
        "sources_title": gettext("Sources"),
        "sources": "; ".join(map_page.sources(atlas)) or "–",
        "few": gettext("Counts from 1 to 4 are withheld, and those from which they could be worked out.")
        if any(cell.is_withheld for row in atlas.rows for cell in row.cells.values())
        else "",
        "footer": f"{programme.name} · {language.date(today(programme))}",
    }


def _key(layer: Layer) -> dict[str, str]:
    return {
        "colour": map_page.COLOURS[layer],
        "text": map_page.NUMBERS.get(layer, "n"),
        "label": language.in_words(layer.label),
    }
