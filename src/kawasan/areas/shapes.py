"""The ground of each place: its boundary, or its parts put together, or an approximate cell around its centre."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from kawasan.areas import outlines
from kawasan.areas.models import Place
from kawasan.areas.outlines import Geometry
from kawasan.areas.rules import Level, Outline
from kawasan.programmes.models import Programme

CELLED = (Level.DISTRICT, Level.VILLAGE)  # from the larger to the smaller, so that cells lie in one another


@dataclass(frozen=True, slots=True)
class Shape:
    """The ground of one place, and how it is known."""

    outline: BaseGeometry
    known_by: Outline

    @property
    def is_approximate(self) -> bool:
        return self.known_by == Outline.CELL

    @property
    def geometry(self) -> Geometry:
        return outlines.written(self.outline)


def shapes(programme: Programme, places: Sequence[Place]) -> dict[int, Shape]:
    """The shape of every place that can have one, by primary key."""
    stored = programme.boundaries.values_list("place_id", "geometry")
    drawn = ((place, outlines.read_stored(geometry)) for place, geometry in stored)
    found = {place: Shape(outline, Outline.BOUNDARY) for place, outline in drawn if not outline.is_empty}
    children: dict[int | None, list[Place]] = defaultdict(list)
    for place in places:
        children[place.parent_id].append(place)
    for level in reversed(Level):
        _put_together((place for place in places if place.level == level), children, found)
    for level in CELLED:
        for parent, siblings in children.items():
            _fill([place for place in siblings if place.level == level], found.get(parent or 0), found)
    return found


def _put_together(places: Iterable[Place], children: dict[int | None, list[Place]], found: dict[int, Shape]) -> None:
    """A place whose parts all have an outline is their whole."""
    for place in places:
        parts = children[place.pk]
        if place.pk not in found and parts and all(part.pk in found for part in parts):
            found[place.pk] = Shape(outlines.merged(found[part.pk].outline for part in parts), Outline.PARTS)


def _fill(siblings: Sequence[Place], whole: Shape | None, found: dict[int, Shape]) -> None:
    """Cells for those without an outline, in what the others leave of the whole."""
    lacking = {str(place.pk): (place.longitude, place.latitude) for place in siblings if place.pk not in found}
    if not lacking:
        return
    known = [found[place.pk].outline for place in siblings if place.pk in found]
    if whole and whole.is_approximate and known:
        whole = None  # what is known of the parts says more than a cell around the centre of the whole
    room = outlines.left_of(whole.outline if whole else None, known, [(p.longitude, p.latitude) for p in siblings])
    for key, cell in outlines.cells(lacking, room).items():
        found[int(key)] = Shape(cell, Outline.CELL)
