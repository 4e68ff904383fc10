"""The figures and points of many stages by place: what the map shows, as far as its reader may see it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from kawasan.areas.models import Place, Resource
from kawasan.areas.outlines import Point
from kawasan.areas.rules import Capital, Level
from kawasan.areas.shapes import Shape, shapes
from kawasan.core.language import in_words, number
from kawasan.core.text import Labelled, Text, _
from kawasan.outcomes.rules import LEAST_PEOPLE, SEE_PEOPLE
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, FIELD_TEAM, OFFICE, OVERSIGHT, Role
from kawasan.reports import withholding
from kawasan.selection.models import Seat

TEAM = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
NAMED = 10  # so many names stand on a mark, the others are counted
LEVELS = (Level.DISTRICT, Level.VILLAGE)


class Figure(Labelled):
    """What the colours of the places may say."""

    POPULATION = "population", _("Inhabitants")
    DENSITY = "density", _("Inhabitants per km²")
    RESOURCES = "resources", _("Resources entered")
    HEAD_ROOM = "head_room", _("Least head-room (% of yield)")
    APPLICANTS = "applicants", _("Applicants")
    APPLICANTS_PER_1000 = "applicants_per_1000", _("Applicants per 1,000 people")
    PARTICIPANTS = "participants", _("Seats taken (participants)")
    ENTERPRISES = "enterprises", _("Enterprises")


class Layer(Labelled):
    """What may stand on the map as points."""

    NATURAL = "natural", Capital.NATURAL.label
    HUMAN = "human", Capital.HUMAN.label
    PHYSICAL = "physical", Capital.PHYSICAL.label
    SOCIAL = "social", Capital.SOCIAL.label
    FINANCIAL = "financial", Capital.FINANCIAL.label
    ENTERPRISES = "enterprises", _("Enterprises")
    APPLICANTS = "applicants", _("Applicants (counts)")
    OFFTAKERS = "offtakers", _("Offtakers")
    MENTORS = "mentors", _("Mentors")


CAPITALS = tuple(Layer(capital.value) for capital in Capital)
WHO_SEES: dict[Layer, tuple[Role, ...]] = {
    **dict.fromkeys(Layer, EVERYBODY),
    Layer.ENTERPRISES: TEAM,
    Layer.MENTORS: TEAM,
}
"""Whoever may open the list of these may see them on the map."""
DIGITS = {Figure.DENSITY: 0, Figure.HEAD_ROOM: 0, Figure.APPLICANTS_PER_1000: 1}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a place: known, unknown, or withheld because it is small or would give a small one away."""

    value: float | None = None
    is_small: bool = False
    is_withheld: bool = False

    def words(self, figure: Figure) -> str:
        if self.is_small:
            return f"<{LEAST_PEOPLE}" if figure != Figure.APPLICANTS_PER_1000 else in_words(WITHHELD)
        return in_words(WITHHELD) if self.is_withheld else number(self.value, DIGITS.get(figure, 2))


WITHHELD = _("withheld")


@dataclass(frozen=True, slots=True)
class Row:
    """A place with its ground and its figures."""

    place: Place
    shape: Shape | None
    cells: Mapping[Figure, Cell]

    @property
    def centre(self) -> Point:
        return self.place.longitude, self.place.latitude


@dataclass(frozen=True, slots=True)
class Spot:
    """Things of one layer at one point: how many, the first names, and what else is said of them."""

    layer: Layer
    at: Point
    place: int
    where: str
    count: str
    names: tuple[str, ...]
    more: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Atlas:
    """Everything that the map of one reader shows, at one level of places."""

    programme: Programme
    level: Level
    levels: tuple[Level, ...]
    rows: tuple[Row, ...]
    frames: tuple[Row, ...]
    spots: tuple[Spot, ...]
    part_of: Mapping[int, int | None]
    layers: tuple[Layer, ...] = field(default_factory=tuple)

    @property
    def has_cells(self) -> bool:
        return any(row.shape and row.shape.is_approximate for row in self.rows)

    def spots_in(self, place: int) -> list[Spot]:
        """What stands in a place or in its parts."""
        return [spot for spot in self.spots if place in self._line(spot.place)]

    def _line(self, place: int | None) -> Iterable[int]:
        while place is not None:
            yield place
            place = self.part_of.get(place)


def layers_of(roles: Collection[Role]) -> tuple[Layer, ...]:
    """The layers that a reader may see."""
    return tuple(layer for layer in Layer if set(WHO_SEES[layer]) & set(roles))


def sees_people(roles: Collection[Role]) -> bool:
    """Whether small counts are shown to a reader."""
    return bool(set(SEE_PEOPLE) & set(roles))


def atlas(programme: Programme, *, level: str, roles: Collection[Role]) -> Atlas:
    """The map of a programme for a reader, by kelurahan, kecamatan or the only level there is."""
    places = list(programme.places.select_related("parent").order_by("code"))
    levels = tuple(one for one in LEVELS if any(place.level == one for place in places))
    chosen = next((one for one in levels if one == level), levels[-1] if levels else Level.VILLAGE)
    found, resources = shapes(programme, places), list(programme.resources.select_related("kind", "place"))
    cells = _cells(programme, places, resources, sees_people(roles))
    rows = [Row(place, found.get(place.pk), cells[place.pk]) for place in places]
    layers = layers_of(roles)
    return Atlas(
        programme=programme,
        level=chosen,
        levels=levels,
        rows=tuple(row for row in rows if row.place.level == chosen),
        frames=tuple(row for row in rows if row.place.level == Level.DISTRICT),
        spots=tuple(_spots(programme, [row for row in rows if row.place.level == chosen], resources, layers)),
        part_of={place.pk: place.parent_id for place in places},
        layers=layers,
    )


def _cells(
    programme: Programme, places: Sequence[Place], resources: Iterable[Resource], all_shown: bool
) -> dict[int, dict[Figure, Cell]]:
    """Every figure of every place; counts of a place hold those of its parts."""
    counted = {
        Figure.APPLICANTS: _by_place(programme.applicants.all(), "person__place"),
        Figure.PARTICIPANTS: _by_place(
            Seat.objects.participants().filter(programme=programme), "applicant__person__place"
        ),
        Figure.ENTERPRISES: _by_place(programme.enterprises.all(), "place"),
    }
    tree = _Tree(places)
    people = {figure: tree.shown(tree.totals(counts), all_shown) for figure, counts in counted.items()}
    entered: dict[int, int] = defaultdict(int)
    scarcest: dict[int, float] = {}
    for resource in resources:
        entered[resource.place_id] += 1
        if resource.head_room is not None and resource.sustainable_yield:
            left = 100 * resource.head_room / resource.sustainable_yield
            scarcest[resource.place_id] = min(left, scarcest.get(resource.place_id, left))
    totals, least = tree.totals(entered), tree.least(scarcest)
    return {
        place.pk: {
            Figure.POPULATION: Cell(place.population),
            Figure.DENSITY: Cell(_ratio(place.population, place.area_km2)),
            Figure.RESOURCES: Cell(totals[place.pk]),
            Figure.HEAD_ROOM: Cell(least.get(place.pk)),
            Figure.APPLICANTS_PER_1000: _per_1000(people[Figure.APPLICANTS][place.pk], place.population),
            **{figure: cells[place.pk] for figure, cells in people.items()},
        }
        for place in places
    }


def _by_place(rows: QuerySet[Any], path: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(path).annotate(count=Count("pk")))


def _ratio(of: float | None, to: float | None) -> float | None:
    return None if of is None or not to else of / to


def _per_1000(cell: Cell, population: int | None) -> Cell:
    per_head = _ratio(cell.value, population)
    return Cell(None if per_head is None else 1000 * per_head, cell.is_small, cell.is_withheld)


class _Tree:
    """Places with their parts; figures go from the parts to the whole."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.children: dict[int | None, list[int]] = defaultdict(list)
        for place in places:
            self.children[place.parent_id].append(place.pk)
        self.from_below = list(reversed(self._from_above()))

    def _from_above(self) -> list[int]:
        found = list(self.children[None])
        for place in found:
            found += self.children.get(place, [])
        return found

    def totals(self, own: Mapping[int, int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for place in self.from_below:
            found[place] = own.get(place, 0) + sum(found[part] for part in self.children.get(place, ()))
        return found

    def least(self, own: Mapping[int, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        for place in self.from_below:
            values = [found[part] for part in self.children.get(place, ()) if part in found]
            if values := [*values, *([own[place]] if place in own else [])]:
                found[place] = min(values)
        return found

    def shown(self, totals: Mapping[int, int], all_shown: bool) -> dict[int, Cell]:
        """Counts as a reader may see them: the parts of each whole from the smallest places up."""
        hidden: dict[int, bool] = {}
        forced: set[int] = set()
        for whole in [] if all_shown else [*self.from_below, None]:
            parts = {part: totals[part] for part in self.children.get(whole, ())}
            found, is_enough = withholding.withheld(parts, LEAST_PEOPLE, forced & parts.keys())
            hidden |= found
            if not is_enough and whole is not None:
                forced.add(whole)
        return {
            place: Cell(None, is_small=hidden[place], is_withheld=True) if place in hidden else Cell(total)
            for place, total in totals.items()
        }


def _spots(
    programme: Programme, rows: Sequence[Row], resources: Iterable[Resource], layers: Collection[Layer]
) -> Iterable[Spot]:
    yield from map(_resource, resources)
    for row in rows:
        cell = row.cells[Figure.APPLICANTS]
        if cell.value or cell.is_withheld:
            words = "–" if cell.is_withheld and not cell.is_small else cell.words(Figure.APPLICANTS)
            yield Spot(Layer.APPLICANTS, row.centre, row.place.pk, row.place.name, words, ())
    yield from _named(Layer.OFFTAKERS, _offtakers(programme))
    if Layer.ENTERPRISES in layers:
        yield from _named(Layer.ENTERPRISES, _first(programme.enterprises.all()))
    if Layer.MENTORS in layers:
        yield from _named(Layer.MENTORS, _first(programme.mentors.all()))


def _resource(resource: Resource) -> Spot:
    amounts = [Text(_("Quantity: {quantity} {unit}"), {"quantity": resource.quantity, "unit": resource.unit})]
    if resource.head_room is not None:
        gaps = {"quantity": resource.head_room, "unit": resource.unit}
        amounts.append(Text(_("Head-room per year: {quantity} {unit}"), gaps))
    layer = Layer(resource.capital)
    lines = (in_words(layer.label), *map(in_words, amounts))
    return Spot(layer, resource.position, resource.place_id, resource.place.name, "", (str(resource),), lines=lines)


@dataclass(frozen=True, slots=True)
class _Thing:
    """A row of a table at a place, and how many there are at that place."""

    place: Place
    name: str
    of: int


def _first(rows: QuerySet[Any]) -> list[_Thing]:
    """The first names at each place, and how many there are: never the whole table."""
    numbered = rows.annotate(
        turn=Window(RowNumber(), partition_by=F("place"), order_by="name"),
        of=Window(Count("pk"), partition_by=F("place")),
    )
    found = numbered.filter(turn__lte=NAMED).order_by("place", "name").select_related("place")
    return [_Thing(row.place, row.name, row.of) for row in found]


def _offtakers(programme: Programme) -> list[_Thing]:
    """Who buys where; a buyer of several commodities once."""
    demands = programme.demands.exclude(place=None).select_related("place", "offtaker")
    found = {(d.place_id, d.offtaker_id): d for d in demands.order_by("place", "offtaker__name")}
    per_place = Counter(place for place, _offtaker in found)
    return [_Thing(d.place, d.offtaker.name, per_place[d.place_id]) for d in found.values() if d.place]


def _named(layer: Layer, things: Iterable[_Thing]) -> Iterable[Spot]:
    """One mark for all things of a layer at a place."""
    places: dict[int, list[_Thing]] = defaultdict(list)
    for thing in things:
        places[thing.place.pk].append(thing)
    for here in places.values():
        place, first = here[0].place, tuple(thing.name for thing in here[:NAMED])
        at = (place.longitude, place.latitude)
        yield Spot(layer, at, place.pk, place.name, number(here[0].of), first, here[0].of - len(first))
