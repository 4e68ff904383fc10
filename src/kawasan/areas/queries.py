"""Reads that feed the area's pages, and the resources as a file."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.functions import NullIf

from kawasan.areas.models import Place, Resource, ResourceKind, ResourceQuerySet
from kawasan.areas.rules import Level
from kawasan.areas.shapes import Shape, shapes
from kawasan.core.language import unit
from kawasan.core.models import LogEntry
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme

Feature = dict[str, Any]
SORTS = {
    "capital": ("kind__capital", "name"),
    "name": ("name",),
    "place": ("place__code", "name"),
    "left": ("left",),
    "newest": ("-as_of", "name"),
}
VERBS = {
    "areas.resource_added": _("Added"),
    "areas.resource_changed": _("Changed"),
    "areas.photo_set": _("Photo added"),
    "areas.photo_removed": _("Photo removed"),
    **{
        f"areas.{name}_{verb}": word
        for name in ("sectorfigure", "assetindicator", "assetvalue")
        for verb, word in (("added", _("Added")), ("changed", _("Changed")))
    },
    "exchange.loaded": _("Read from the programme folder"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to a row: what, by whom, and what each column was and is."""

    entry: LogEntry
    what: Text
    changes: list[tuple[str, str, str]]


def resources(programme: Programme, wanted: dict[str, Any]) -> ResourceQuerySet:
    """The resources that a filter asks for; what it leaves open is not filtered."""
    found = Resource.objects.filter(programme=programme).select_related("kind", "place")
    if text := wanted.get("q"):
        words = ("name", "name_en", "code", "owner")
        found = found.filter(Q(*((f"{word}__icontains", text) for word in words), _connector=Q.OR))
    if capital := wanted.get("capital"):
        found = found.filter(kind__capital=capital)
    if kind := wanted.get("kind"):
        found = found.filter(kind=kind)
    if place := wanted.get("place"):
        found = found.filter(Q(place=place) | Q(place__parent=place) | Q(place__parent__parent=place))
    if wanted.get("short"):
        found = found.running_short()
    share_left = 1 - F("used") / NullIf(F("sustainable_yield"), 0.0)
    found = found.annotate(left=share_left) if wanted.get("sort") == "left" else found
    return found.order_by(*_order(wanted.get("sort") or "capital"), "pk")


def _order(sort: str) -> list[Any]:
    return [F("left").asc(nulls_last=True)] if sort == "left" else list(SORTS[sort])


def kinds(programme: Programme) -> QuerySet[ResourceKind]:
    """The catalogue with the number of resources of each kind."""
    return programme.resource_kinds.annotate(resource_count=Count("resources")).order_by("capital", "name", "pk")


FIGURE_WORDS = {
    "sector_figures": ("sector__iexact", "name__icontains", "name_en__icontains"),
    "asset_indicators": ("code__icontains", "name__icontains", "name_en__icontains"),
    "asset_values": ("indicator__name__icontains", "indicator__name_en__icontains", "place__name__icontains"),
}
FIGURE_ORDER = {
    "sector_figures": ("basis", "-year", "sector"),
    "asset_indicators": ("capital", "name", "pk"),
    "asset_values": ("-year", "place__code", "indicator__capital", "indicator__name", "pk"),
}


def figures(rows: QuerySet[Any], kind: str, wanted: dict[str, Any]) -> QuerySet[Any]:
    """The figures of a kind that a filter asks for."""
    if words := wanted.get("q"):
        rows = rows.filter(Q(*((column, words) for column in FIGURE_WORDS[kind]), _connector=Q.OR))
    if year := wanted.get("year"):
        rows = rows.filter(year=year)
    return rows.order_by(*FIGURE_ORDER[kind])


def history(row: Model) -> list[Event]:
    """What the log says was done to a row, latest first."""
    entries = LogEntry.objects.filter(rows__table=row._meta.label, rows__row=str(row.pk)).distinct()
    return [
        Event(entry, Text(VERBS.get(entry.verb, _("Written"))), _changes(row, entry))
        for entry in entries.order_by("-sequence")[:50]
    ]


def _changes(row: Model, entry: LogEntry) -> list[tuple[str, str, str]]:
    found = entry.data.get("changes", {})
    labels = {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
    return [(labels.get(name, name), *pair) for name, pair in found.items()]


def outlines(programme: Programme) -> dict[str, Any]:
    """The outlines and centres of the places alone, to press a point on."""
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"place": pk}}
        for pk, geometry in programme.boundaries.values_list("place_id", "geometry")
    ]
    centres = [[x, y] for x, y in programme.places.values_list("longitude", "latitude")]
    return {"outlines": {"type": "FeatureCollection", "features": features}, "centres": centres}


def feature_collection(programme: Programme) -> dict[str, Any]:
    """The places and resources as GeoJSON (RFC 7946): outlines where there are any, else centres."""
    places = list(programme.places.select_related("parent"))
    found = shapes(programme, places)
    features = [
        *(place_feature(place, found.get(place.pk)) for place in places),
        *(resource_feature(resource) for resource in programme.resources.select_related("kind", "place")),
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
        "kind": str(resource.kind),
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
