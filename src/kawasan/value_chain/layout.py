"""Where the cards and ribbons of the value chain's picture stand: geometry only, no words and no colours.

Every card has a strip at its left edge where ribbons arrive and one at its right edge where they leave. All ribbons
are drawn to one scale, so a strip is as tall as what passes through it. A ribbon that skips a column has a gap kept
free for it there; one that goes back runs in a lane below the chain.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

COLUMN = 140.0  # width of a card
GAP = 44.0  # between two columns
SPACE = 10.0  # between two cards above each other
CLEAR = 3.0  # between two ribbons on their way past or back
THINNEST = 1.5  # a ribbon is never thinner, so that it can be seen
SWEEPS = 12  # rounds in which columns are sorted
SHORTEST = 420.0  # least height of the chain, lanes not counted
THICKEST = 64.0  # the heaviest ribbon, so that a chain of a few is not one blot
PULLS = 24  # rounds in which cards move towards their neighbours
BISECTIONS = 40


@dataclass(frozen=True, slots=True)
class Node:
    """A card: its column, counted from the left, and the height that its words need."""

    key: str
    column: int
    least_height: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Value that goes from one card to another."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Part of a card's edge, from ``top`` down."""

    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A card in its place, with its strips."""

    key: str
    x: float
    y: float
    height: float
    arriving: Strip
    leaving: Strip


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow in its place: the centre line's points at the edges of the columns, or a lane on which it goes back."""

    flow: int
    width: float
    points: tuple[tuple[float, float], ...]
    lane: float | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]


Link = tuple[str, str, float]
"""Two neighbouring stations and how strongly they pull at each other."""


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that takes room in a column, the space around it counted: a card, or a ribbon on its way past."""

    key: str
    column: int
    height: float


def lay_out(nodes: Sequence[Node], flows: Sequence[Flow]) -> Layout:
    """Place cards and ribbons. The same nodes and flows in the same order give the same picture."""
    column = {node.key: node.column for node in nodes}
    last = max(column.values(), default=0)
    scale, height = _scale(nodes, flows, column)
    widths = [_width(flow, scale) for flow in flows]
    items = _items(nodes, flows, widths, column)
    links = _links(flows, column)
    centre, height = _trimmed(items, _arranged(items, links, last, height))
    boxes = _boxes(nodes, flows, widths, centre)
    ribbons, lowest = _ribbons(flows, widths, column, boxes, centre, height)
    return Layout(_left(last) + COLUMN, lowest, tuple(boxes.values()), ribbons)


def _left(column: int) -> float:
    return column * (COLUMN + GAP)


def _width(flow: Flow, scale: float) -> float:
    return max(flow.value * scale, THINNEST)


def _passes(flow: Flow, column: Mapping[str, int]) -> range:
    """The columns that a flow crosses on its way; none when it goes back."""
    return range(column[flow.source] + 1, column[flow.target])


def _scale(nodes: Sequence[Node], flows: Sequence[Flow], column: Mapping[str, int]) -> tuple[float, float]:
    """The largest scale at which every column fits the height that the words need anyway."""
    bare = _tallest(nodes, flows, column, 0.0)
    height = max(SHORTEST, 1.1 * bare)
    heaviest = max((flow.value for flow in flows), default=0.0)
    low, high = 0.0, THICKEST / heaviest if heaviest else 0.0
    for _step in range(BISECTIONS):
        middle = (low + high) / 2
        if _tallest(nodes, flows, column, middle) <= height:
            low = middle
        else:
            high = middle
    return low, height


def _tallest(nodes: Sequence[Node], flows: Sequence[Flow], column: Mapping[str, int], scale: float) -> float:
    widths = [_width(flow, scale) for flow in flows]
    taken: dict[int, float] = defaultdict(float)
    for item in _items(nodes, flows, widths, column):
        taken[item.column] += item.height
    return max(taken.values(), default=0.0)


def _sums(flows: Sequence[Flow], widths: Sequence[float], end: Callable[[Flow], str]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for flow, width in zip(flows, widths, strict=True):
        sums[end(flow)] += width
    return sums


def _items(
    nodes: Sequence[Node], flows: Sequence[Flow], widths: Sequence[float], column: Mapping[str, int]
) -> list[_Item]:
    leaving, arriving = _sums(flows, widths, lambda f: f.source), _sums(flows, widths, lambda f: f.target)
    cards = [
        _Item(node.key, node.column, SPACE + max(node.least_height, leaving[node.key], arriving[node.key]))
        for node in nodes
    ]
    passing = [
        _Item(_pass_key(f, c), c, CLEAR + widths[f]) for f, flow in enumerate(flows) for c in _passes(flow, column)
    ]
    return cards + passing


def _pass_key(flow: int, column: int) -> str:
    return f"pass {flow} {column}"


def _links(flows: Sequence[Flow], column: Mapping[str, int]) -> list[Link]:
    """Each stretch of a forward flow between neighbouring columns; what goes back does not pull."""
    links: list[Link] = []
    for f, flow in enumerate(flows):
        if column[flow.source] < column[flow.target]:
            stations = _stations(f, flow, column)
            links += [(a, b, flow.value + 1.0) for a, b in pairwise(stations)]
    return links


def _stations(f: int, flow: Flow, column: Mapping[str, int]) -> list[str]:
    """What a flow touches from its source to its target, a station a column."""
    return [flow.source, *(_pass_key(f, c) for c in _passes(flow, column)), flow.target]


Neighbours = dict[str, list[tuple[str, float]]]


def _mean(key: str, neighbours: Neighbours, where: Mapping[str, float]) -> float:
    """Where the neighbours of something are, the stronger pull counting more; where it is itself when it has none."""
    pulls = neighbours[key] or [(key, 1.0)]
    return math.fsum(where[other] * pull for other, pull in pulls) / math.fsum(pull for _other, pull in pulls)


def _neighbours(links: Sequence[Link]) -> tuple[Neighbours, Neighbours]:
    back: Neighbours = defaultdict(list)
    ahead: Neighbours = defaultdict(list)
    for source, target, pull in links:
        ahead[source].append((target, pull))
        back[target].append((source, pull))
    return back, ahead


def _arranged(items: Iterable[_Item], links: Sequence[Link], last: int, height: float) -> dict[str, float]:
    """The middle of everything, so that heavy ribbons run straight.

    Columns are sorted to and fro by where their neighbours stand; the sweep with the least climbing and falling is
    kept, and everything in it is then pulled towards both sides without changing the order any more.
    """
    columns: list[list[_Item]] = [[] for _ in range(last + 1)]
    for item in items:
        columns[item.column].append(item)
    back, ahead = _neighbours(links)
    centre = {key: y for column in columns for key, y in _spread(column, height).items()}
    arrangements = []
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbours = back if forward else ahead
        for c in range(last + 1) if forward else range(last, -1, -1):
            columns[c].sort(key=lambda item: _mean(item.key, neighbours, centre))
            centre |= _kept_apart(columns[c], [_mean(item.key, neighbours, centre) for item in columns[c]], height)
        arrangements.append((_climb(links, centre), [list(column) for column in columns], dict(centre)))
    _least, columns, centre = min(arrangements, key=lambda arrangement: arrangement[0])
    both: Neighbours = defaultdict(list, {key: back[key] + ahead[key] for key in {*back, *ahead}})
    for _round in range(PULLS):
        for column in columns:
            centre |= _kept_apart(column, [_mean(item.key, both, centre) for item in column], height)
    return centre


def _trimmed(items: Sequence[_Item], centre: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Without the height that nothing uses at the top and the bottom."""
    top = min((centre[item.key] - item.height / 2 for item in items), default=0.0)
    bottom = max((centre[item.key] + item.height / 2 for item in items), default=0.0)
    return {key: y - top for key, y in centre.items()}, bottom - top


def _spread(column: Sequence[_Item], height: float) -> dict[str, float]:
    """A column in the given order over the whole height."""
    space = (height - math.fsum(item.height for item in column)) / max(len(column), 1)
    ends = accumulate(item.height + space for item in column)
    return {item.key: end - (item.height + space) / 2 for item, end in zip(column, ends, strict=True)}


def _climb(links: Sequence[Link], centre: Mapping[str, float]) -> float:
    return math.fsum(pull * abs(centre[source] - centre[target]) for source, target, pull in links)


def _kept_apart(column: Sequence[_Item], wanted: Sequence[float], height: float) -> dict[str, float]:
    """As near to where they want to be as the others and the height allow."""
    tops, y = [], 0.0
    for item, centre in zip(column, wanted, strict=True):
        tops.append(max(centre - item.height / 2, y))
        y = tops[-1] + item.height
    y = height
    for i in reversed(range(len(column))):
        tops[i] = min(tops[i], y - column[i].height)
        y = tops[i]
    return {item.key: top + item.height / 2 for item, top in zip(column, tops, strict=True)}


def _boxes(
    nodes: Sequence[Node], flows: Sequence[Flow], widths: Sequence[float], centre: Mapping[str, float]
) -> dict[str, Box]:
    leaving, arriving = _sums(flows, widths, lambda f: f.source), _sums(flows, widths, lambda f: f.target)
    boxes = {}
    for node in nodes:
        middle, out, into = centre[node.key], leaving[node.key], arriving[node.key]
        height = max(node.least_height, out, into)
        boxes[node.key] = Box(
            key=node.key,
            x=_left(node.column),
            y=middle - height / 2,
            height=height,
            arriving=Strip(middle - into / 2, into),
            leaving=Strip(middle - out / 2, out),
        )
    return boxes


def _ribbons(
    flows: Sequence[Flow],
    widths: Sequence[float],
    column: Mapping[str, int],
    boxes: Mapping[str, Box],
    centre: Mapping[str, float],
    height: float,
) -> tuple[tuple[Ribbon, ...], float]:
    """Ribbons from end to end, and how far down the lowest lane reaches."""
    neighbour = [_stations(f, flow, column) for f, flow in enumerate(flows)]
    starts = _ports(flows, widths, [flow.source for flow in flows], [centre[keys[1]] for keys in neighbour], column)
    ends = _ports(flows, widths, [flow.target for flow in flows], [centre[keys[-2]] for keys in neighbour], column)
    ribbons, lowest = [], height
    for f, flow in enumerate(flows):
        start = (_left(column[flow.source]) + COLUMN, boxes[flow.source].leaving.top + starts[f])
        end = (_left(column[flow.target]), boxes[flow.target].arriving.top + ends[f])
        if column[flow.source] < column[flow.target]:
            passing = [
                (x, centre[_pass_key(f, c)]) for c in _passes(flow, column) for x in (_left(c), _left(c) + COLUMN)
            ]
            ribbons.append(Ribbon(f, widths[f], (start, *passing, end)))
        else:
            lane = lowest + CLEAR + widths[f] / 2
            lowest = lane + widths[f] / 2
            ribbons.append(Ribbon(f, widths[f], (start, end), lane))
    return tuple(ribbons), lowest


def _ports(
    flows: Sequence[Flow],
    widths: Sequence[float],
    here: Sequence[str],
    next_centre: Sequence[float],
    column: Mapping[str, int],
) -> dict[int, float]:
    """How far below its strip's top the middle of each ribbon is: side by side, in the order of where they go next.

    Those that go back come last, since their lanes are below.
    """

    def rank(f: int) -> tuple[bool, float]:
        return column[flows[f].source] >= column[flows[f].target], next_centre[f]

    below: dict[str, float] = defaultdict(float)
    ports = {}
    for f in sorted(range(len(flows)), key=rank):
        ports[f] = below[here[f]] + widths[f] / 2
        below[here[f]] += widths[f]
    return ports
