"""Very many people to the mentors near them: the least way in all, and what leaving out the farther ones can cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow
from scipy.spatial import KDTree

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
FARTHEST_M = 20_100_000  # more than half around the earth
UNPLACED = 3  # times the farthest mentor who is offered: what leaving somebody without a mentor costs at first
GOOD_ENOUGH = 0.01  # share of the way that farther mentors may still save
WIDER = 2  # times as many mentors are offered to whom the near ones do not suffice
MANY = 20_000  # people from whom on neighbours are first matched together, to know what a place is worth
MARGIN = 0.05  # of the mean way: how much more than the best a mentor may cost who is offered in the first exact flow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Nearest:
    """mentor: (n,) of each person. metres: (n,) of way, whole metres. cost: their sum.

    bound: no assignment to any of the mentors, however far, is shorter in all. neighbours: how many nearest mentors of
    a person were looked at, on average.
    """

    mentor: Ints
    metres: Ints
    cost: int
    bound: int
    neighbours: float

    @property
    def gap(self) -> float:
        """The share of the way that looking at farther mentors could still save, 0 to 1."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


@dataclass(frozen=True, slots=True)
class _Offers:
    """Arcs to mentors, by person: person, mentor and metres of each, at least one of everybody.

    last: (n,) metres to the farthest mentor of each person up to whom all were looked at, and more than any way where
    all were.
    """

    person: Ints
    mentor: Ints
    metres: Ints
    last: Ints

    def only(self, kept: Ints | Bools) -> "_Offers":
        return _Offers(self.person[kept], self.mentor[kept], self.metres[kept], self.last)


def assign_nearest(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    mentor_lat: ArrayLike,
    mentor_lon: ArrayLike,
    most_people: ArrayLike,
    neighbours: int = 12,
) -> Nearest:
    """Give each person one mentor at the least way in all, looking at so many nearest mentors of each.

    Minimum-cost flow over the arcs to the nearest mentors. Whoever finds no room there, or could be better off farther
    away at the prices of the mentors near, is offered twice as many, until everybody has a mentor and at most 1 % could
    be saved. With prices u_m ≥ 0 of full mentors, Σ_i min_m (d_im + u_m) − Σ_m most_m u_m bounds every assignment from
    below (weak duality); a mentor who was not looked at is at least as far as the last one who was, which gives the
    bound without looking. Of very many people, those with one nearest mentor are first matched together; the prices
    found so tell which arcs the exact flow begins with, and each round adds those that would be better (column
    generation).

    Parameters  lat, lon : shape (n,); mentor_lat, mentor_lon : shape (m,), degrees. most_people : shape (m,), ≥ 0.
                neighbours : at least 1.
    Returns     Nearest.
    Raises      InvalidInputError; InfeasibleError — the mentors together have too little room, conflict "people 12":
                so many people remain.
    Source      Ahuja, Magnanti and Orlin (1993), "Network Flows", chapters 9 to 11 and 17 (minimum-cost flow, duality,
                column generation); Bentley (1975), "Multidimensional binary search trees", CACM 18.
    """
    people, mentors = _points(lat, lon), _points(mentor_lat, mentor_lon)
    room = np.asarray(most_people, np.int64)
    if len(room) != len(mentors) or (room < 0).any() or neighbours < 1:
        raise InvalidInputError("most_people must have one entry, at least 0, for each mentor; neighbours at least 1.")
    if room.sum() < len(people):
        missing = len(people) - int(room.sum())
        raise InfeasibleError(f"The mentors have no room for {missing} people.", (f"people {missing}",))
    tree, looked = KDTree(mentors), np.full(len(people), min(neighbours, len(mentors)))
    begin = _begin_together if len(people) > MANY else _begin_with_all
    offers, kept, looked = begin(tree, people, room, looked)
    while True:
        arcs = np.flatnonzero(kept)
        some = offers.only(arcs)
        flows = _flow(some, np.ones(len(people), np.int64), room, _unplaced(some, is_last=(looked == tree.n).any()))
        price = _prices(some, flows, room)
        best = _best(offers, price)
        chosen = np.full(len(people), -1)
        chosen[some.person[flows > 0]] = arcs[flows > 0]
        found, farther = chosen >= 0, (best > offers.last) | (chosen < 0)
        own = np.where(found, offers.metres[chosen] + price[offers.mentor[chosen]], 2 * FARTHEST_M)
        better = ~kept & (offers.metres + price[offers.mentor] < own[offers.person])
        if found.all():
            result = _bounded(offers, chosen, best, price, room)
            if result.gap <= GOOD_ENOUGH or not (farther.any() or better.any()):
                return result
        kept |= better
        if farther.any():
            looked = np.where(farther, np.minimum(WIDER * looked, tree.n), looked)
            offers, kept = _wider(offers, kept, _offers(tree, people, looked))


def _points(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Points on the unit sphere: what is near there is near on the ground."""
    phi, theta = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    if phi.shape != theta.shape or phi.ndim != 1 or not len(phi):
        raise InvalidInputError("Latitudes and longitudes must be two lists of one length, with at least one entry.")
    if not (np.isfinite(phi).all() and np.isfinite(theta).all()):
        raise InvalidInputError("Latitudes and longitudes must be numbers, in degrees.")
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def _metres(chord: Floats) -> Floats:
    return EARTH_RADIUS_M * 2 * np.arcsin(np.clip(chord / 2, 0, 1))


def _offers(tree: KDTree, people: Floats, looked: Ints) -> _Offers:
    parts, last = [], np.zeros(len(people), np.int64)
    for k in np.unique(looked):
        who = np.flatnonzero(looked == k)
        chord, near = tree.query(people[who], k=np.arange(1, k + 1))
        metres = np.rint(_metres(chord)).astype(np.int64)
        parts.append((np.repeat(who, k), np.asarray(near, np.int64).ravel(), metres.ravel()))
        last[who] = metres[:, -1] if k < tree.n else FARTHEST_M
    person, mentor, metres = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(person, kind="stable")
    return _Offers(person[order], mentor[order], metres[order], last)


def _begin_with_all(tree: KDTree, people: Floats, _room: Ints, looked: Ints) -> tuple[_Offers, Bools, Ints]:
    offers = _offers(tree, people, looked)
    return offers, np.ones(len(offers.person), bool), looked


def _begin_together(tree: KDTree, people: Floats, room: Ints, looked: Ints) -> tuple[_Offers, Bools, Ints]:
    """Arcs among which there is room for everybody, and those that are nearly the best at the prices found."""
    group = np.unique(tree.query(people)[1], return_inverse=True)[1]
    allotted, price, mean = _together(tree, people, group, room, int(looked[0]))
    while True:
        offers = _offers(tree, people, looked)
        best = _best(offers, price)
        farther = (best > offers.last) & (looked < tree.n)
        if not farther.any():
            break
        looked = np.where(farther, np.minimum(WIDER * looked, tree.n), looked)
    is_near = offers.metres + price[offers.mentor] <= best[offers.person] + MARGIN * mean
    person, arc = _pairs(group, allotted.person, len(allotted.last))
    mentor = allotted.mentor[arc]
    metres = np.rint(_metres(np.linalg.norm(people[person] - tree.data[mentor], axis=1))).astype(np.int64)
    return *_wider(offers, is_near, _Offers(person, mentor, metres, offers.last), is_kept=True), looked


def _together(tree: KDTree, people: Floats, group: Ints, room: Ints, neighbours: int) -> tuple[_Offers, Ints, float]:
    """Match groups of people at their mean ways: the arcs that are taken, the prices, and the mean way."""
    size, member = np.bincount(group), np.argsort(group, kind="stable")
    centre = np.column_stack([np.bincount(group, part) / size for part in people.T])
    centre /= np.linalg.norm(centre, axis=1)[:, None]
    looked = np.full(len(size), neighbours)
    while True:
        offers = _offers(tree, centre, looked)
        arc, at = _spread(size[offers.person])
        who = member[(np.cumsum(size) - size)[offers.person[arc]] + at]
        ways = _metres(np.linalg.norm(people[who] - tree.data[offers.mentor[arc]], axis=1))
        metres = np.rint(np.bincount(arc, ways) / size[offers.person]).astype(np.int64)
        offers = _Offers(offers.person, offers.mentor, metres, offers.last)
        flows = _flow(offers, size, room, _unplaced(offers, is_last=(looked == tree.n).any()))
        price = _prices(offers, flows, room)
        lacking = np.bincount(offers.person, flows, len(size)) < size
        if not lacking.any():
            return offers.only(flows > 0), price, float((flows * metres).sum() / size.sum())
        farther = lacking | (_best(offers, price) > offers.last)
        looked = np.where(farther, np.minimum(WIDER * looked, tree.n), looked)


def _spread(counts: Ints) -> tuple[Ints, Ints]:
    """Each index as often as its count says, and the how manieth of its index each is."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def _pairs(group: Ints, owner: Ints, groups: int) -> tuple[Ints, Ints]:
    """Each member with each row whose owner is the member's group; rows are in the order of their owners."""
    counts = np.bincount(owner, minlength=groups)
    member, at = _spread(counts[group])
    return member, (np.cumsum(counts) - counts)[group[member]] + at


def _wider(offers: _Offers, kept: Bools, more: _Offers, *, is_kept: bool = False) -> tuple[_Offers, Bools]:
    """The arcs of both, each once, and which of them are kept: those that were, and the others if so said."""
    person, mentor, metres, is_in = (
        np.concatenate(both)
        for both in (
            (offers.person, more.person),
            (offers.mentor, more.mentor),
            (offers.metres, more.metres),
            (kept, np.full(len(more.person), is_kept)),
        )
    )
    pair = person * (1 + mentor.max()) + mentor
    order = np.argsort(2 * pair + (1 - is_in), kind="stable")
    order = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
    return _Offers(person[order], mentor[order], metres[order], more.last), is_in[order]


def _unplaced(offers: _Offers, *, is_last: bool) -> int:
    """What it costs to leave somebody without a mentor.

    A smaller largest cost takes the flow fewer steps; it is beyond every way only once somebody is offered all mentors.
    """
    return FARTHEST_M if is_last else min(UNPLACED * int(offers.metres.max()), FARTHEST_M)


def _flow(offers: _Offers, size: Ints, room: Ints, unplaced: int) -> Ints:
    """How many take each arc; those for whom there is no room at a cost below ``unplaced`` take none."""
    n = len(size)
    sink, mentors = n + len(room), n + np.arange(len(room))
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        offers.person, n + offers.mentor, size[offers.person], offers.metres
    )
    flow.add_arcs_with_capacity_and_unit_cost(mentors, np.full(len(room), sink), room, np.zeros(len(room), np.int64))
    flow.add_arcs_with_capacity_and_unit_cost(np.arange(n), np.full(n, sink), size, np.full(n, unplaced))
    flow.set_nodes_supplies(np.append(np.arange(n), sink), np.append(size, -size.sum()))
    if flow.solve() != flow.OPTIMAL:
        raise EngineError("The flow of people to mentors could not be computed.")
    return np.asarray(flow.flows(arcs), np.int64)


def _best(offers: _Offers, price: Ints) -> Ints:
    """What the cheapest mentor who was looked at costs each person, with the mentor's price."""
    first = np.searchsorted(offers.person, np.arange(len(offers.last)))
    return np.minimum(np.minimum.reduceat(offers.metres + price[offers.mentor], first), FARTHEST_M)


def _bounded(offers: _Offers, chosen: Ints, best: Ints, price: Ints, room: Ints) -> Nearest:
    metres = offers.metres[chosen]
    bound = int(np.minimum(best, offers.last).sum() - (room * price).sum())
    average = len(offers.person) / len(chosen)
    return Nearest(offers.mentor[chosen], metres, int(metres.sum()), max(bound, 0), average)


def _prices(offers: _Offers, flows: Ints, room: Ints) -> Ints:
    """Of each full mentor, what one more place would save: the cheapest chain of exchanges to somebody with room.

    Bellman-Ford over mentors: from m to m' it costs the least d_im' − d_im of the people i of m.
    """
    taken = np.flatnonzero(flows)
    counts = np.bincount(offers.person, minlength=len(offers.last))
    arc, at = _spread(counts[offers.person[taken]])
    own = taken[arc]
    other = (np.cumsum(counts) - counts)[offers.person[own]] + at
    pair = offers.mentor[own] * len(room) + offers.mentor[other]
    extra = offers.metres[other] - offers.metres[own]
    order = np.lexsort((extra, pair))
    first = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
    start, end, extra = offers.mentor[own[first]], offers.mentor[other[first]], extra[first]
    is_full = np.bincount(offers.mentor[taken], flows[taken], len(room)) >= room
    price = np.where(is_full, FARTHEST_M, 0)
    for _step in range(len(room)):  # any prices give a true bound, so it may end early
        better = price.copy()
        np.minimum.at(better, start, np.maximum(extra + price[end], 0))
        if (better == price).all():
            break
        price = better
    return price
