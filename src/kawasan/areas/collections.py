"""The collections of the OGC endpoint: what the public role may read of the area, a page at a time."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from kawasan.areas.models import Place
from kawasan.areas.queries import Feature, place_feature, resource_feature
from kawasan.areas.rules import Capital, Level
from kawasan.areas.shapes import Shape, shapes
from kawasan.core.text import _
from kawasan.programmes.models import Programme

Box = tuple[float, float, float, float]
Days = tuple[datetime.date | None, datetime.date | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which features are asked for."""

    box: Box | None = None
    days: Days | None = None
    values: Mapping[str, str] | None = None
    fid: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """The features of one page, and how many match in all."""

    features: list[Feature]
    matched: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A layer as OGC API – Features knows it."""

    id: str
    title: str
    description: str
    read: Callable[[Programme, Wanted, int, int], Slice]
    filters: Mapping[str, tuple[str, ...]]
    """Properties that may be asked for, with the values that there are; none named: any code."""
    has_days: bool = False


def _places(programme: Programme, wanted: Wanted, start: int, count: int) -> Slice:
    found: QuerySet[Place] = programme.places.select_related("parent").order_by("code")
    found = _valued(found, wanted, {"level": "level", "part_of": "parent__code"})
    if wanted.box:
        found = found.filter(_within(wanted.box, "longitude", "latitude"))
    page = found[start : start + count]
    return Slice([_point(place) for place in page], found.count())


def _point(place: Place) -> Feature:
    feature = place_feature(place, None)
    for known_otherwise in ("centre", "outline", "approximate"):
        del feature["properties"][known_otherwise]
    return _served(feature)


def _boundaries(programme: Programme, wanted: Wanted, start: int, count: int) -> Slice:
    places = list(programme.places.select_related("parent").order_by("code"))
    found = shapes(programme, places)
    kept = [place for place in places if place.pk in found and _is_wanted(place, found[place.pk], wanted)]
    return Slice(
        [_served(place_feature(place, found[place.pk])) for place in kept[start : start + count]], matched=len(kept)
    )


def _is_wanted(place: Place, shape: Shape, wanted: Wanted) -> bool:
    facts = {
        "level": place.level,
        "part_of": place.parent.code if place.parent else "",
        "outline": shape.known_by.value,
    }
    if any(facts[name] != value for name, value in (wanted.values or {}).items()):
        return False
    if wanted.fid is not None and wanted.fid != place.code:
        return False
    return wanted.box is None or any(shape.outline.intersects(shapely.box(*part)) for part in parts_of(wanted.box))


def _resources(programme: Programme, wanted: Wanted, start: int, count: int) -> Slice:
    found: QuerySet[Any] = (
        programme.resources.select_related("kind", "place")
        .order_by("code")
        .annotate(x=Coalesce(F("longitude"), F("place__longitude")), y=Coalesce(F("latitude"), F("place__latitude")))
    )
    found = _valued(found, wanted, {"capital": "kind__capital", "place": "place__code"})
    if wanted.box:
        found = found.filter(_within(wanted.box, "x", "y"))
    if wanted.days:
        first, last = wanted.days
        found = found.filter(**({"as_of__gte": first} if first else {}), **({"as_of__lte": last} if last else {}))
    page = found[start : start + count]
    return Slice([_served(resource_feature(resource)) for resource in page], found.count())


def _valued(found: QuerySet[Any], wanted: Wanted, columns: Mapping[str, str]) -> QuerySet[Any]:
    values = {columns[name]: value for name, value in (wanted.values or {}).items()}
    return found.filter(**values, **({} if wanted.fid is None else {"code": wanted.fid}))


def _within(box: Box, longitude: str, latitude: str) -> Q:
    _west, south, _east, north = box
    spans = [Q(**{f"{longitude}__gte": west, f"{longitude}__lte": east}) for west, _s, east, _n in parts_of(box)]
    across = spans[0] if len(spans) == 1 else spans[0] | spans[1]
    return across & Q(**{f"{latitude}__gte": south, f"{latitude}__lte": north})


def parts_of(box: Box) -> Sequence[Box]:
    """A box, or two where its west lies east of its east: it spans the antimeridian."""
    west, south, east, north = box
    return [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]


def _served(feature: Feature) -> Feature:
    """With its code as its id."""
    properties = {name: value for name, value in feature["properties"].items() if name != "feature"}
    return {"type": "Feature", "id": properties["code"], "geometry": feature["geometry"], "properties": properties}


COLLECTIONS = {
    collection.id: collection
    for collection in (
        Collection(
            "places",
            _("Places"),
            _("City or regency, kecamatan and kelurahan, each at its centre"),
            _places,
            {"level": tuple(Level), "part_of": ()},
        ),
        Collection(
            "boundaries",
            _("Boundaries of places"),
            _("The ground of each place; where “approximate” is true, a cell around its centre and no boundary"),
            _boundaries,
            {"level": tuple(Level), "part_of": (), "outline": ("boundary", "parts", "cell")},
        ),
        Collection(
            "resources",
            _("Resources"),
            _("What the area has of the five capitals, as at a day"),
            _resources,
            {"capital": tuple(Capital), "place": ()},
            has_days=True,
        ),
    )
}
