"""Reads that feed the area's pages."""

import hashlib
import json
from typing import Any

from django.db.models import Count, Q, QuerySet

from kawasan.areas.models import Place, Resource
from kawasan.areas.rules import Capital, Level
from kawasan.areas.shapes import Shape, shapes
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


def feature_collection(programme: Programme) -> dict[str, Any]:
    """The places and resources as GeoJSON (RFC 7946): outlines where there are any, else centres."""
    places = list(programme.places.select_related("parent"))
    found = shapes(programme, places)
    features = [
        *(place_feature(place, found.get(place.pk)) for place in places),
        *(resource_feature(resource) for resource in programme.resources.select_related("place")),
    ]
    return {"type": "FeatureCollection", "features": features}


def places_as_spots(programme: Programme) -> list[Place]:
    """The places that a file of boundaries may be for."""
    return list(programme.places.order_by("code"))


def boundaries_hash(programme: Programme) -> str:
    """Which boundaries are stored: what a form that replaces them was made for."""
    stored = list(programme.boundaries.order_by("place__code").values_list("place__code", "geometry", "source"))
    return hashlib.sha256(json.dumps(stored, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def boundary_collection(programme: Programme) -> dict[str, Any]:
    """The stored boundaries alone: a file that can be uploaded again."""
    stored = programme.boundaries.order_by("place__code").values_list(
        "place__code", "place__name", "source", "geometry"
    )
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name, "source": source}, "geometry": geometry}
        for code, name, source, geometry in stored
    ]
    return {"type": "FeatureCollection", "features": features}


def boundary_counts(programme: Programme) -> list[tuple[Level, int, int]]:
    """Of each level that has places: how many there are, and how many have a boundary."""
    counted = programme.places.order_by().values("level").annotate(places=Count("pk"), bounded=Count("boundary"))
    by_level = {row["level"]: row for row in counted}
    return [(level, by_level[level]["places"], by_level[level]["bounded"]) for level in Level if level in by_level]


def place_feature(place: Place, shape: Shape | None) -> Feature:
    """A place as GeoJSON with its ground, or with its centre where nothing is known of that."""
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
        "outline": shape.known_by if shape else None,
        "approximate": shape.is_approximate if shape else None,
        "source": place.source,
    }
    return {
        "type": "Feature",
        "geometry": shape.geometry if shape else {"type": "Point", "coordinates": centre},
        "properties": properties,
    }


def resource_feature(resource: Resource) -> Feature:
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
