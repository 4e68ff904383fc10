"""OGC API – Features, Part 1: Core (OGC 17-069r4) with GeoJSON and OpenAPI 3.0, as documents.

Addresses are absolute: those of ``KAWASAN_PUBLIC_ADDRESS`` where it is set, else as the request came in.
"""

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Max, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kawasan.areas.collections import COLLECTIONS, Box, Collection, Days, Feature, Slice, Wanted
from kawasan.core.language import in_words
from kawasan.programmes.models import Programme

Document = dict[str, Any]
JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
)
USUAL, MOST = 100, 1000  # features a page
OWN = {"f", "limit", "offset"}


class BadRequest(Exception):
    """A parameter that cannot be read; says which and what would be right."""


@dataclass(frozen=True, slots=True)
class Query:
    """What an address of items asks for."""

    wanted: Wanted
    limit: int
    offset: int


def base(request: HttpRequest, programme: Programme) -> str:
    """The address of the landing page, with no stroke at its end."""
    path = reverse("areas:ogc", args=[programme.code]).rstrip("/")
    return settings.PUBLIC_ADDRESS + path if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind, **({"title": title} if title else {})}


def landing(programme: Programme, at: str) -> Document:
    return {
        "title": programme.name,
        "description": f"{programme.area_name}, {programme.year}",
        "links": [
            link(f"{at}/", "self", JSON),
            link(f"{at}/?f=html", "alternate", "text/html"),
            link(f"{at}/api", "service-desc", OPENAPI),
            link(f"{at}/conformance", "conformance", JSON),
            link(f"{at}/collections", "data", JSON),
        ],
    }


def conformance() -> Document:
    return {"conformsTo": list(CONFORMS_TO)}


def collections(programme: Programme, at: str) -> Document:
    return {
        "links": [link(f"{at}/collections", "self", JSON)],
        "collections": [collection(programme, one, at) for one in COLLECTIONS.values()],
    }


def collection(programme: Programme, of: Collection, at: str) -> Document:
    """What a collection holds, where it lies and how it is read."""
    here = f"{at}/collections/{of.id}"
    return {
        "id": of.id,
        "title": in_words(of.title),
        "description": in_words(of.description),
        "links": [link(here, "self", JSON), link(f"{here}/items", "items", GEOJSON, in_words(of.title))],
        "extent": _extent(programme, of),
        "itemType": "feature",
        "crs": [CRS84],
    }


def _extent(programme: Programme, of: Collection) -> Document:
    """The box around the places; resources have theirs in them, and the days of their figures."""
    edges = programme.places.aggregate(
        west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude")
    )
    found: Document = {}
    if edges["west"] is not None:
        room = 0.2  # degrees around the centres, in which the ground of the places lies
        box = [edges["west"] - room, edges["south"] - room, edges["east"] + room, edges["north"] + room]
        found["spatial"] = {"bbox": [box], "crs": CRS84}
    if of.has_days:
        days = programme.resources.aggregate(first=Min("as_of"), last=Max("as_of"))
        found["temporal"] = {
            "interval": [[_midnight(days["first"]), _midnight(days["last"])]],
            "trs": GREGORIAN,
        }
    return found


def _midnight(day: datetime.date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


def items(programme: Programme, of: Collection, query: Query, given: Mapping[str, str], at: str) -> Document:
    """A page of features with the way to its neighbours."""
    found: Slice = of.read(programme, query.wanted, query.offset, query.limit)
    here, filters = f"{at}/collections/{of.id}", {name: given[name] for name in given if name not in OWN}

    def page(offset: int, rel: str) -> dict[str, str]:
        return link(f"{here}/items?{urlencode({**filters, 'limit': query.limit, 'offset': offset})}", rel, GEOJSON)

    links = [page(query.offset, "self"), link(here, "collection", JSON)]
    if query.offset + len(found.features) < found.matched and found.features:
        links.append(page(query.offset + query.limit, "next"))
    if query.offset:
        links.append(page(max(query.offset - query.limit, 0), "prev"))
    return {
        "type": "FeatureCollection",
        "links": links,
        "timeStamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": found.matched,
        "numberReturned": len(found.features),
        "features": found.features,
    }


def item(programme: Programme, of: Collection, fid: str, at: str) -> Feature | None:
    """One feature by its code."""
    found = of.read(programme, Wanted(fid=fid), 0, 1).features
    if not found:
        return None
    here = f"{at}/collections/{of.id}"
    links = [link(f"{here}/items/{fid}", "self", GEOJSON), link(here, "collection", JSON)]
    return {**found[0], "links": links}


def query_of(given: Mapping[str, str], of: Collection) -> Query:
    """The parameters of an address of items; one that is not in the definition is an error, as the standard wants."""
    refuse_unknown(given, {*OWN, "bbox", "datetime", *of.filters})
    values = {name: given[name] for name in of.filters if name in given}
    for name, value in values.items():
        if of.filters[name] and value not in of.filters[name]:
            raise BadRequest(f"{name} is {value!r}; there are: {', '.join(of.filters[name])}.")
    return Query(
        wanted=Wanted(
            box=_box(given["bbox"]) if "bbox" in given else None,
            days=_days(given["datetime"]) if "datetime" in given else None,
            values=values,
        ),
        limit=min(_whole(given, "limit", USUAL, least=1), MOST),
        offset=_whole(given, "offset", 0, least=0),
    )


def refuse_unknown(given: Mapping[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(set(given) - set(known)):
        raise BadRequest(f"There is no parameter {', '.join(unknown)}; there are: {', '.join(sorted(known))}.")
    if given.get("f", "json") not in ("json", "html"):
        raise BadRequest("f is json; the landing page has html too.")


def _whole(given: Mapping[str, str], name: str, usual: int, *, least: int) -> int:
    text = given.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= least):
        raise BadRequest(f"{name} is {text[:20]!r}; write a whole number from {least} on.")
    return int(text)


def _box(text: str) -> Box:
    """West, south, east, north; of six numbers the heights are left out."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or numbers[1] > numbers[3]:
        raise BadRequest("bbox is four numbers, degrees of WGS 84: west,south,east,north.")
    west, south, east, north = numbers
    return west, south, east, north


def _days(text: str) -> Days:
    """A day or an interval of days, open at an end that is empty or two points."""
    ends = text.split("/")
    found = [_day(end) for end in ends]
    if len(ends) > 2 or (len(ends) == 1 and found[0] is None) or found == [None, None]:
        raise BadRequest("datetime is a day, or first/last, where .. leaves an end open.")
    first, last = (found[0], found[0]) if len(found) == 1 else (found[0], found[1])
    if first and last and first > last:
        raise BadRequest("datetime ends before it begins.")
    return first, last


def _day(text: str) -> datetime.date | None:
    if text in ("", ".."):
        return None
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        raise BadRequest(f"datetime has {text[:40]!r}; write a day such as 2022-08-24.") from None


def definition(programme: Programme, at: str) -> Document:
    """The endpoint in OpenAPI 3.0."""
    paths: Document = {
        "/": _operation("landing", "Landing page", JSON, [_F]),
        "/conformance": _operation("conformance", "What the endpoint conforms to", JSON, [_F]),
        "/collections": _operation("collections", "The collections", JSON, [_F]),
    }
    for one in COLLECTIONS.values():
        here, title = f"/collections/{one.id}", in_words(one.title)
        paths[here] = _operation(f"{one.id}.collection", title, JSON, [_F], missing=True)
        paths[f"{here}/items"] = _operation(f"{one.id}.items", title, GEOJSON, _parameters(one))
        paths[f"{here}/items/{{featureId}}"] = _operation(f"{one.id}.item", title, GEOJSON, [_ID, _F], missing=True)
    return {
        "openapi": "3.0.3",
        "info": {"title": programme.name, "version": "1.0.0", "description": "OGC API – Features, Part 1: Core"},
        "servers": [{"url": at}],
        "security": [{"key": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "basic", "description": "Any name, and a key as password"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
            "schemas": {"exception": _EXCEPTION},
        },
    }


def _query(name: str, schema: Document, description: str = "", **more: Any) -> Document:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description, **more}


_F = _query("f", {"type": "string", "enum": ["json"]}, "Format")
_ID = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}, "description": "Code"}
_EXCEPTION = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
}
_BBOX = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}


def _parameters(of: Collection) -> list[Document]:
    found = [
        _F,
        _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "Features a page",
               style="form", explode=False),
        _query("offset", {"type": "integer", "minimum": 0, "default": 0}, "Features to skip"),
        _query("bbox", _BBOX, "West, south, east, north", style="form", explode=False),
        _query("datetime", {"type": "string"}, "A day or first/last; an open end is ..", style="form", explode=False),
    ]  # fmt: skip
    for name, values in of.filters.items():
        schema = {"type": "string", **({"enum": [str(value) for value in values]} if values else {})}
        found.append(_query(name, schema, f"Only with this {name}", style="form", explode=False))
    return found


def _operation(name: str, summary: str, kind: str, parameters: list[Document], *, missing: bool = False) -> Document:
    error = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/exception"}}}}
    answers: Document = {
        "200": {"description": summary, "content": {kind: {"schema": {"type": "object"}}}},
        "400": {"description": "A parameter cannot be read", **error},
        "401": {"description": "A key is needed", **error},
        **({"404": {"description": "There is no such thing", **error}} if missing else {}),
    }
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": answers}}
