"""A GeoJSON file of boundaries: what is wrong with it, what to do about it, and the outlines that can be used.

Places are told apart by their code, never by name: names are written in many ways, and two places may share one.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn, Protocol

from shapely.geometry.base import BaseGeometry

from kawasan.areas import outlines
from kawasan.areas.outlines import Geometry, Point
from kawasan.areas.rules import reasons_not_an_outline
from kawasan.core.text import Text, _

MOST_MEGABYTES = 5
TOO_LARGE = _(
    "The file has {size} MB; at most {most} MB are read. Simplify the layer in QGIS (Vector, Geometry Tools, Simplify, "
    "0.0001 degrees), or leave out places that are not of the programme."
)
WGS84 = re.compile(r"(CRS:?84|EPSG:(:|[0-9.]+:)?4326|WGS ?84)$", re.IGNORECASE)
NEAR_KM = 100  # outlines farther from the places of the programme than this belong to others
BESIDE_KM = 3  # a centre so far outside its own outline is worth a look
FAR_OUT = 1e9  # degrees or metres; no place is farther away
SLIVER, OVERLAP = 0.001, 0.05  # shares of the smaller outline: said above the first, refused above the second
OTHER_AREA = 0.2  # share by which the area of an outline may differ from the area entered
NAMED = 8  # so many places or properties are named, the others counted
BPS = re.compile(r"[0-9]{7}|[0-9]{10}")


class Spot(Protocol):
    """What has to be known of a place."""

    code: str
    name: str
    level: str
    latitude: float
    longitude: float
    area_km2: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the file or one place in it; a fault keeps the file from being used, anything else is said."""

    text: Text
    place: str = ""
    is_fault: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds for a programme: outlines by the code of their place, unless something is wrong."""

    outlines: dict[str, Geometry]
    findings: tuple[Finding, ...]
    levels: tuple[str, ...] = ()
    points_before: int = 0
    points: int = 0
    tolerance_m: int = 0

    @property
    def collection(self) -> dict[str, Any]:
        """The outlines as a file of the same kind."""
        features = [
            {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
            for code, geometry in self.outlines.items()
        ]
        return {"type": "FeatureCollection", "features": features}

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_fault]

    @property
    def is_usable(self) -> bool:
        return bool(self.outlines) and not self.faults


class _Unusable(Exception):
    """Nothing of the file can be used."""

    def __init__(self, template: str, **params: Any) -> None:
        self.text = Text(template, params)
        super().__init__(str(self.text))


def read(content: bytes, places: Sequence[Spot], *, code_property: str = "", simplify: bool = True) -> Reading:
    """Read a file for the places of a programme."""
    try:
        features = _features(_parsed(content))
        geometries = [feature.get("geometry") for feature in features]
        _refuse_other_crs(geometries)
        _refuse_other_ground(geometries, places)
        by_code, findings = _by_code(features, places, code_property)
    except _Unusable as unusable:
        return Reading({}, (Finding(unusable.text),))
    known = {place.code: place for place in places}
    shapes: dict[str, BaseGeometry] = {}
    for code, found in by_code.items():
        findings += _take(known[code], found, shapes)
    findings += [*_on_place(known, shapes), *_overlapping(known, shapes), *_missing(places, shapes)]
    if not shapes or any(finding.is_fault for finding in findings):
        return Reading({}, tuple(findings))
    return _finished(known, shapes, tuple(findings), simplify)


def _finished(
    known: dict[str, Spot], shapes: dict[str, BaseGeometry], findings: tuple[Finding, ...], simplify: bool
) -> Reading:
    """The outlines as they are stored, each level simplified as a whole."""
    made, tolerance_m, levels = dict(shapes), 0, _levels(known, shapes)
    for level in levels if simplify else ():
        codes = [code for code in shapes if known[code].level == level]
        simpler, used = outlines.simplified([shapes[code] for code in codes])
        made.update(zip(codes, simpler, strict=True))
        tolerance_m = max(tolerance_m, used)
    return Reading(
        outlines={code: outlines.written(made[code]) for code in sorted(made)},
        findings=findings,
        levels=levels,
        points_before=_points(shapes.values()),
        points=_points(made.values()),
        tolerance_m=tolerance_m,
    )


def _points(shapes: Iterable[BaseGeometry]) -> int:
    return sum(outlines.point_count(shape) for shape in shapes)


def _levels(known: dict[str, Spot], shapes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known[code].level for code in sorted(shapes, key=len)))


def _parsed(content: bytes) -> Any:
    """The JSON of a file, or why it is none."""
    if not content.strip():
        raise _Unusable(_("The file is empty. Export the boundaries once more, as GeoJSON."))
    if content.startswith((b"PK", b"\x00\x00\x27\x0a")):
        raise _Unusable(_("This is a ZIP archive or a shapefile. Open it in QGIS and export the layer as GeoJSON."))
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise _Unusable(_("The file is not in UTF-8. In QGIS, choose the encoding UTF-8 when you export it.")) from None
    except RecursionError:
        raise _Unusable(_("The file is nested so deeply that it cannot be GeoJSON of places.")) from None
    except json.JSONDecodeError as error:
        raise _Unusable(
            _("This is not JSON: line {line}, column {column} cannot be read. Export the layer as GeoJSON once more."),
            line=error.lineno,
            column=error.colno,
        ) from None
    except ValueError:
        raise _Unusable(_("The file holds a number that is none. Export the layer as GeoJSON once more.")) from None


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def _features(found: Any) -> list[dict[str, Any]]:
    """The features of a collection, or why there are none."""
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Topology":
        raise _Unusable(_("This is TopoJSON, which is packed in another way. Export the layer as GeoJSON."))
    features = [found] if kind == "Feature" else found.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise _Unusable(_("This is JSON, but no GeoJSON FeatureCollection. Export the layer as GeoJSON."))
    if not features:
        raise _Unusable(_("The file holds no outline. Choose the layer with the boundaries and export it again."))
    _refuse_named_crs(found.get("crs"))
    return features


def _refuse_named_crs(crs: Any) -> None:
    """Old files name their system; RFC 7946 has but one."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not WGS84.search(name):
        raise _Unusable(
            _("The file says that its coordinates are in {crs}. Export it in EPSG:4326 (WGS 84), as GeoJSON must be."),
            crs=name[:60],
        )


def _refuse_other_crs(geometries: Iterable[Any]) -> None:
    """Coordinates outside the globe are metres of a projection; latitudes beyond the pole are longitudes."""
    points = list(chain.from_iterable(map(_positions, geometries)))
    if any(abs(x) > 180 or abs(y) > 180 for x, y in points):
        raise _Unusable(
            _(
                "The coordinates are no degrees: they are probably metres of a projection such as UTM. "
                "Export the layer in EPSG:4326 (WGS 84)."
            )
        )
    if any(abs(y) > 90 for _x, y in points):
        _refuse_swapped()


def _refuse_swapped() -> NoReturn:
    raise _Unusable(
        _(
            "Latitude and longitude are swapped: GeoJSON has the longitude first. "
            "In QGIS, run “Swap X and Y coordinates” on the layer and export it again."
        )
    )


def _refuse_other_ground(geometries: Iterable[Any], places: Sequence[Spot]) -> None:
    """Outlines must lie where the places of the programme are."""
    points = list(chain.from_iterable(map(_positions, geometries)))
    if not points or not places:
        return
    middle = (sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points))
    as_is = min(_km(middle, (place.longitude, place.latitude)) for place in places)
    swapped = min(_km(middle[::-1], (place.longitude, place.latitude)) for place in places)
    if as_is <= NEAR_KM:
        return
    if swapped <= NEAR_KM:
        _refuse_swapped()
    raise _Unusable(
        _("The outlines lie {km} km from the nearest place of the programme. Check that it is the right file."),
        km=round(as_is),
    )


def _km(one: Point, other: Point) -> float:
    return outlines.KM_A_DEGREE * ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def _positions(geometry: Any) -> Iterator[Point]:
    """The positions of a polygon as far as they can be read; what is malformed is named with its place."""
    geometry = geometry if isinstance(geometry, dict) else {}
    depth = {"Polygon": 2, "MultiPolygon": 3}.get(str(geometry.get("type")), 0)
    parts = [geometry.get("coordinates")] if depth else []
    for _step in range(depth):
        parts = [inner for part in parts if isinstance(part, list) for inner in part]
    for point in parts:
        if isinstance(point, list) and len(point) >= 2 and all(type(number) in (int, float) for number in point[:2]):
            yield _bounded(point[0]), _bounded(point[1])


def _bounded(number: float) -> float:
    """JSON knows whole numbers of any size, a float does not."""
    return float(min(max(number, -FAR_OUT), FAR_OUT))


def _by_code(
    features: Sequence[dict[str, Any]], places: Sequence[Spot], code_property: str
) -> tuple[dict[str, list[Any]], list[Finding]]:
    """The geometries of each place by its code, and what is to be said of codes."""
    codes = {key: place.code for place in places for key in (_digits(place.code), place.code)}
    columns: dict[str, dict[int, str]] = defaultdict(dict)
    for number, feature in enumerate(features):
        for name, value in _properties(feature).items():
            columns[name][number] = _code(value)
    matches = {name: sum(value in codes for value in column.values()) for name, column in columns.items()}
    chosen = code_property or max(matches, key=lambda name: matches[name], default="")
    if not matches.get(chosen):
        raise _no_code(columns, chosen if code_property else "", places)
    found: dict[str, list[Any]] = defaultdict(list)
    strange: list[str] = []
    for number, feature in enumerate(features):
        value = columns[chosen].get(number, "")
        if value in codes:
            found[codes[value]].append(feature.get("geometry"))
        else:
            strange.append(value or "–")
    findings = [Finding(Text(_("The codes stand in “{name}”."), {"name": chosen}), is_fault=False)]
    if strange:
        said = _("Outlines whose code no place of the programme has, left out: {count} ({codes}).")
        findings.append(Finding(Text(said, {"count": len(strange), "codes": _some(strange)}), is_fault=False))
    return found, findings


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return {"id": feature.get("id"), **(properties if isinstance(properties, dict) else {})}


def _code(value: Any) -> str:
    """A code as text; tables of numbers have made 1971011004.0 of some."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _digits(code: str) -> str:
    """A Kemendagri code without its points, as many files have it."""
    plain = code.replace(".", "")
    return plain if plain.isdigit() else code


def _no_code(columns: dict[str, dict[int, str]], chosen: str, places: Sequence[Spot]) -> _Unusable:
    example = places[-1].code if places else "–"
    if chosen and chosen not in columns:
        said = _("No outline has a property “{name}”. There are: {names}.")
        return _Unusable(said, name=chosen[:60], names=_some(columns))
    values = [value for column in columns.values() for value in column.values()]
    if any(BPS.fullmatch(value) for value in values):
        said = _(
            "No code of the file is that of a place of the programme. Those with 7 or 10 digits look like BPS codes; "
            "the programme's places have others, such as {example}. Add a column with these and export again."
        )
        return _Unusable(said, example=example)
    said = _(
        "No property of the outlines holds codes of the programme's places, such as {example}. Names are not compared, "
        "since they are written in many ways. There are: {names}. Add a column with the codes and export again."
    )
    return _Unusable(said, example=example, names=_some(columns))


def _some(values: Iterable[str]) -> str:
    """The first few, and a mark where there are more."""
    every = list(dict.fromkeys(value[:40] for value in values))
    return ", ".join(every[:NAMED]) + (" …" if len(every) > NAMED else "") or "–"


def _take(place: Spot, geometries: Sequence[Any], shapes: dict[str, BaseGeometry]) -> list[Finding]:
    """Add the outline of a place to the shapes, put together from its parts and mended; what is to be said of it."""
    malformed = [reason for geometry in geometries for reason in reasons_not_an_outline(geometry)]
    if malformed:
        return [Finding(malformed[0], place.name)]
    parts = [outlines.read(geometry) for geometry in geometries]
    if outlines.crosses_too_often(parts):
        text = _("The outline crosses itself at thousands of points. It is no boundary; export the right layer.")
        return [Finding(Text(text), place.name)]
    findings: list[Finding] = []
    for number, part in enumerate(parts):
        if part.is_valid:
            continue
        better = outlines.mended(part)
        findings.append(_crossing(place, part, is_mended=better is not None))
        parts[number] = better or part
    if not any(finding.is_fault for finding in findings):
        shapes[place.code] = outlines.merged(parts) if len(parts) > 1 else parts[0]
    if len(parts) > 1:
        said = _("The file has {count} outlines with this code; they were put together.")
        findings.append(Finding(Text(said, {"count": len(parts)}), place.name, is_fault=False))
    return findings


def _crossing(place: Spot, part: BaseGeometry, *, is_mended: bool) -> Finding:
    longitude, latitude = outlines.fault_at(part) or part.bounds[:2]
    gaps = {"longitude": f"{longitude:.5f}", "latitude": f"{latitude:.5f}"}
    if is_mended:
        text = _("The outline crossed itself at {longitude}, {latitude}; mended without changing its area noticeably.")
        return Finding(Text(text, gaps), place.name, is_fault=False)
    text = _(
        "The outline crosses itself at {longitude}, {latitude}, and to mend it would change its area. "
        "Correct it in QGIS (Check validity shows where) and export again."
    )
    return Finding(Text(text, gaps), place.name)


def _on_place(known: dict[str, Spot], shapes: dict[str, BaseGeometry]) -> Iterator[Finding]:
    """Whether an outline lies at its place and is about as large as the place is said to be."""
    for code, shape in shapes.items():
        place, area = known[code], outlines.km2(shape)
        away = outlines.km_between(shape, (place.longitude, place.latitude))
        if away > BESIDE_KM:
            text = _("The centre of the place lies {km} km outside its outline. Check the code and the centre.")
            yield Finding(Text(text, {"km": round(away, 1)}), place.name, is_fault=False)
        if place.area_km2 and abs(area - place.area_km2) > OTHER_AREA * place.area_km2:
            said = _(
                "The outline has {area} km², the place is entered with {entered} km². Check the code and the area."
            )
            gaps = {"area": round(area, 2), "entered": place.area_km2}
            yield Finding(Text(said, gaps), place.name, is_fault=False)


def _overlapping(known: dict[str, Spot], shapes: dict[str, BaseGeometry]) -> Iterator[Finding]:
    """Two places of one level do not share ground; slivers are drawn by hand and can be closed."""
    for level in _levels(known, shapes):
        codes = [code for code in shapes if known[code].level == level]
        same_level = [shapes[code] for code in codes]
        if outlines.crosses_too_often(same_level):
            yield Finding(Text(_("The outlines cross one another at thousands of points. Export the right layer.")))
            continue
        for one, other, share in outlines.overlaps(same_level):
            if share > SLIVER:
                yield _overlap(known[codes[one]], known[codes[other]], share)


def _overlap(one: Spot, other: Spot, share: float) -> Finding:
    gaps = {"other": other.name, "percent": round(100 * share, 1)}
    if share <= OVERLAP:
        text = _("Overlaps with {other} by {percent} % of the smaller one; the common strip is given to one of them.")
        return Finding(Text(text, gaps), one.name, is_fault=False)
    text = _("Overlaps with {other} by {percent} % of the smaller one. Correct one of the two and export again.")
    return Finding(Text(text, gaps), one.name)


def _missing(places: Sequence[Spot], shapes: dict[str, BaseGeometry]) -> Iterator[Finding]:
    """Places of the levels in the file that it has no outline for."""
    levels = {place.level for place in places if place.code in shapes}
    names = [place.name for place in places if place.level in levels and place.code not in shapes]
    if names:
        text = _("Without an outline in the file, and drawn with an approximate cell: {count} ({names}).")
        yield Finding(Text(text, {"count": len(names), "names": _some(names)}), is_fault=False)
