"""Reads that feed the area's pages."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from kawasan.areas.models import Place, Resource
from kawasan.areas.rules import Capital
from kawasan.core.language import unit
from kawasan.programmes.models import Programme

Feature = dict[str, Any]


def resources(programme: Programme, *, capital: str, place: str) -> QuerySet[Resource]:
    """Resources of a capital, in a place or in its parts."""
    found = programme.resources.select_related("place")
    if capital in set(Capital):
        found = found.filter(capital=capital)
    if place:
        found = found.filter(Q(place__code=place) | Q(place__parent__code=place) | Q(place__parent__parent__code=place))
    return found


def places(programme: Programme) -> QuerySet[Place]:
    """Places with what they are part of and the number of their resources."""
    counted = programme.places.select_related("parent").annotate(resource_count=Count("resources"))
    return counted.order_by("code")


def feature_collection(programme: Programme) -> dict[str, Any]:
    """The places and resources as GeoJSON (RFC 7946): outlines where there are any, else centres."""
    outlines = dict(programme.boundaries.values_list("place_id", "geometry"))
    features = [
        *(_place(place, outlines.get(place.pk)) for place in programme.places.select_related("parent")),
        *(_resource(resource) for resource in programme.resources.select_related("place")),
    ]
    return {"type": "FeatureCollection", "features": features}


def _place(place: Place, outline: dict[str, Any] | None) -> Feature:
    centre = [place.longitude, place.latitude]
    properties = {
        "feature": "place",
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "part_of": place.parent.name if place.parent else None,
        "centre": centre,
        "area_km2": place.area_km2,
        "population": place.population,
        "source": place.source,
    }
    return {
        "type": "Feature",
        "geometry": outline or {"type": "Point", "coordinates": centre},
        "properties": properties,
    }


def _resource(resource: Resource) -> Feature:
    properties = {
        "feature": "resource",
        "code": resource.code,
        "name": str(resource),
        "capital": resource.capital,
        "kind": resource.kind_in_words,
        "place": resource.place.name,
        "quantity": resource.quantity,
        "unit": unit(resource.unit),
        "sustainable_yield": resource.sustainable_yield,
        "used": resource.used,
        "head_room": resource.head_room,
        "as_of": resource.as_of.isoformat(),
        "source": resource.source,
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(resource.position)},
        "properties": properties,
    }
