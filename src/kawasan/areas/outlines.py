"""Outlines of places: judged, mended, simplified, put together; cells where nobody has brought any. Knows no rows.

Positions are longitude and latitude in degrees (WGS 84). Areas and distances are taken on a plane in which a degree of
longitude is shortened for the latitude: good to 0.1 % for an area of a city or a regency.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

Geometry = dict[str, Any]
Point = tuple[float, float]
KM_A_DEGREE = 111.32  # of latitude
MOST_CHANGE = 0.001  # share of its area by which mending may change an outline
TOLERANCES_M = (10, 20, 40, 80, 160)  # metres; the least is used that leaves no more than MOST_POINTS
MOST_POINTS = 30_000  # about 700 kB of GeoJSON, drawn by a telephone in a second
MOST_CROSSINGS = 10_000  # of outlines with themselves and others; beyond it mending takes minutes
SLIVER_M = 40  # metres; a narrower gap between the parts of a place is a fault of drawing, not a hole
DIGITS = 6  # decimals of a degree that are kept: 11 cm
_CHUNK = 16  # segments asked at a time, so that a knot of lines is noticed before it fills the memory


def read(geometry: Geometry) -> BaseGeometry:
    """The shape of a GeoJSON geometry, heights left out."""
    return shapely.force_2d(shape(geometry))


def read_stored(geometry: Geometry) -> BaseGeometry:
    """The shape of a stored geometry. A folder may bring one that crosses itself: it is drawn as well as can be."""
    outline = read(geometry)
    return outline if outline.is_valid else _polygons(shapely.make_valid(outline, method="structure"))


def written(outline: BaseGeometry) -> Geometry:
    """A shape as GeoJSON whose outer rings run against the clock, as RFC 7946 wants it."""
    found = mapping(shapely.orient_polygons(_rounded(outline)))
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _rounded(outline: BaseGeometry) -> BaseGeometry:
    """Each position rounded alone, so that neighbours keep one border; a narrow neck may close, and is cut off then."""
    rounded = shapely.transform(outline, lambda points: np.round(points, DIGITS))
    return rounded if rounded.is_valid else _polygons(shapely.set_precision(outline, 10**-DIGITS))


def mended(outline: BaseGeometry) -> BaseGeometry | None:
    """An outline that crosses itself made valid, or nothing if that would change its area noticeably."""
    made = _polygons(shapely.make_valid(outline, method="structure", keep_collapsed=False))
    if made.is_empty or abs(made.area - outline.area) > MOST_CHANGE * made.area:
        return None
    return made


def fault_at(outline: BaseGeometry) -> Point | None:
    """Where an invalid outline goes wrong."""
    _why, _bracket, place = shapely.is_valid_reason(outline).partition("[")
    numbers = place.rstrip("]").split()
    return (float(numbers[0]), float(numbers[1])) if len(numbers) >= 2 else None


def crosses_too_often(outlines: Sequence[BaseGeometry]) -> bool:
    """Whether outlines cross themselves or one another so often that they are no map of places."""
    segments = _segments(outlines)
    tree, crossings = shapely.STRtree(segments), 0
    for start in range(0, len(segments), _CHUNK):
        crossings += tree.query(segments[start : start + _CHUNK], predicate="crosses").shape[1]
        if crossings > 2 * MOST_CROSSINGS:  # each is found from both sides
            return True
    return False


def _segments(outlines: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    rings = shapely.get_rings(np.array(outlines, dtype=object))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    return shapely.linestrings(np.stack([points[:-1][follows], points[1:][follows]], axis=1))


def overlaps(outlines: Sequence[BaseGeometry]) -> list[tuple[int, int, float]]:
    """Which two outlines share ground, and what share of the smaller one."""
    shapes = np.array(outlines, dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    share = common / np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    return [(int(a), int(b), float(s)) for a, b, s in zip(first, second, share, strict=True) if s > 0]


def simplified(outlines: Sequence[BaseGeometry]) -> tuple[list[BaseGeometry], int]:
    """Outlines of one level with fewer points and the same shared borders, and the tolerance in metres.

    Slivers between neighbours are closed first, so that two places keep one border (GEOS: coverage_clean, then
    coverage_simplify after Visvalingam and Whyatt). An outline that would vanish or break stays as it is.
    """
    shapes = np.array(outlines, dtype=object)
    if not shapely.coverage_is_valid(shapes):
        shapes = _kept(shapely.coverage_clean(shapes), shapes)
    for tolerance in TOLERANCES_M:
        made = _kept(shapely.coverage_simplify(shapes, tolerance / 1000 / KM_A_DEGREE), shapes)
        if shapely.get_num_coordinates(made).sum() <= MOST_POINTS:
            break
    return list(made), tolerance


def _kept(made: NDArray[np.object_], before: NDArray[np.object_]) -> NDArray[np.object_]:
    is_good = shapely.is_valid(made) & ~shapely.is_empty(made)
    return np.where(is_good, made, before)


def merged(outlines: Iterable[BaseGeometry]) -> BaseGeometry:
    """The outline of a whole from those of its parts, without the slivers that gape between them."""
    whole = _polygons(shapely.union_all(list(outlines), grid_size=10**-DIGITS))
    return shapely.union_all([_without_slivers(part) for part in shapely.get_parts(whole)])


def _without_slivers(part: BaseGeometry) -> BaseGeometry:
    rings = [shapely.Polygon(ring) for ring in part.interiors]
    return shapely.Polygon(
        part.exterior, [r.exterior for r in rings if not r.buffer(-SLIVER_M / 2000 / KM_A_DEGREE).is_empty]
    )


def point_count(outline: BaseGeometry) -> int:
    """How many points an outline has."""
    return int(shapely.get_num_coordinates(outline))


def km2(outline: BaseGeometry) -> float:
    """The area of an outline, in square kilometres."""
    return float(_flat(outline, _latitude_of(outline)).area) * KM_A_DEGREE**2


def km_between(outline: BaseGeometry, point: Point) -> float:
    """How far a point lies outside an outline, in kilometres; nought inside."""
    latitude = _latitude_of(outline)
    return float(_flat(outline, latitude).distance(_flat(shapely.Point(point), latitude))) * KM_A_DEGREE


def left_of(whole: BaseGeometry | None, known: Sequence[BaseGeometry], centres: Sequence[Point]) -> BaseGeometry | None:
    """What known outlines leave of a whole; of one that is not known, of the ground around the centres of its parts."""
    if whole is None and not known:
        return None
    if whole is None:
        latitude = sum(centre[1] for centre in centres) / len(centres)
        whole = _flat(_around(_flat(shapely.MultiPoint(centres), latitude)), latitude, back=True)
    return _polygons(shapely.difference(whole, shapely.union_all(list(known))))


def cells(centres: Mapping[str, Point], within: BaseGeometry | None) -> dict[str, BaseGeometry]:
    """A cell around each centre: the ground that is nearer to it than to any other centre (Voronoi).

    They fill what is given to be filled; without that, the hull of the centres and half a usual distance around it. Of
    centres at the same spot only the first has a cell.
    """
    spots: dict[Point, str] = {}
    for code, centre in centres.items():
        spots.setdefault(centre, code)
    if not spots or (within is not None and within.is_empty):
        return {}
    if within is not None and len(spots) == 1:
        return dict.fromkeys(spots.values(), within)
    latitude = sum(spot[1] for spot in spots) / len(spots)
    points = _flat(shapely.MultiPoint(list(spots)), latitude)
    region = _around(points) if within is None else _flat(within, latitude)
    found = [region]
    if len(spots) > 1:
        found = list(shapely.voronoi_polygons(points, extend_to=region, ordered=True).geoms)
    clipped = (_polygons(shapely.intersection(cell, region)) for cell in found)
    return {
        code: _flat(cell, latitude, back=True)
        for code, cell in zip(spots.values(), clipped, strict=True)
        if not cell.is_empty
    }


def _around(points: BaseGeometry) -> BaseGeometry:
    """The hull of centres with room around it: half the side of the square that each would have."""
    hull = points.convex_hull
    usual = math.sqrt(hull.area / len(points.geoms)) or hull.length / 2 / len(points.geoms) or 2 / KM_A_DEGREE
    return hull.buffer(usual / 2)


def _latitude_of(outline: BaseGeometry) -> float:
    _west, south, _east, north = outline.bounds
    return float(south + north) / 2


def _flat(outline: BaseGeometry, latitude: float, *, back: bool = False) -> BaseGeometry:
    """Degrees of longitude shortened as they are at a latitude, so that distances compare; or back again."""
    factor = math.cos(math.radians(latitude))
    scale = np.array([1 / factor if back else factor, 1.0])
    return shapely.transform(outline, lambda points: points * scale)


def _polygons(found: BaseGeometry) -> BaseGeometry:
    """What has an area of a geometry that may also hold lines and points."""
    parts = [part for part in shapely.get_parts(found) if part.geom_type in ("Polygon", "MultiPolygon")]
    if found.geom_type in ("Polygon", "MultiPolygon"):
        return found
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _lists(value: Any) -> Any:
    """Tuples as the lists that JSON gives back, so that what is stored equals what was made."""
    return [_lists(part) for part in value] if isinstance(value, tuple | list) else value
