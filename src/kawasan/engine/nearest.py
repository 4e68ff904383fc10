"""Very many people to the mentors near them: the least way in all, and what leaving out the farther ones can cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow
from scipy.spatial import KDTree

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
FARTHEST_M = 20_100_000  # more than half around the earth
UNPLACED = 10  # times the farthest mentor who is offered: what leaving somebody without a mentor costs at first
GOOD_ENOUGH = 0.01  # share of the way that farther mentors may still save
WIDER = 2  # times as many mentors are offered to whom the near ones do not suffice

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
    """Arcs from people to mentors: person, mentor and metres of each. last: (n,) metres to the farthest mentor of each
    person who was looked at, and more than any way where all were.
    """

    person: Ints
    mentor: Ints
    metres: Ints
    last: Ints


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
    bound without looking.

    Parameters  lat, lon : shape (n,); mentor_lat, mentor_lon : shape (m,), degrees. most_people : shape (m,), ≥ 0.
                neighbours : at least 1.
    Returns     Nearest.
    Raises      InvalidInputError; InfeasibleError — the mentors together have too little room, conflict "people 12":
                so many people remain.
    Source      Ahuja, Magnanti and Orlin (1993), "Network Flows", chapters 9 to 11 (minimum-cost flow, duality);
                Bentley (1975), "Multidimensional binary search trees", CACM 18.
    """
    people, mentors = _points(lat, lon), _points(mentor_lat, mentor_lon)
    room = np.asarray(most_people, np.int64)
    if len(room) != len(mentors) or (room < 0).any() or neighbours < 1:
        raise InvalidInputError("most_people must have one entry, at least 0, for each mentor; neighbours at least 1.")
    if room.sum() < len(people):
        missing = len(people) - int(room.sum())
        raise InfeasibleError(f"The mentors have no room for {missing} people.", (f"people {missing}",))
    tree, looked = KDTree(mentors), np.full(len(people), min(neighbours, len(mentors)))
    while True:
        offers = _offers(tree, people, looked)
        # A smaller largest cost takes the flow fewer steps; it is beyond every way only once all mentors are offered.
        unplaced = FARTHEST_M if (looked == len(mentors)).any() else UNPLACED * int(offers.metres.max())
        chosen = _flow(offers, room, unplaced)
        price = _prices(offers, chosen, room)
        best = _best(offers, price)
        farther = (best > offers.last) | (chosen < 0)
        if (chosen >= 0).all():
            found = _bounded(offers, chosen, best, price, room)
            if found.gap <= GOOD_ENOUGH or not farther.any():
                return found
        looked = np.where(farther, np.minimum(WIDER * looked, len(mentors)), looked)


def _points(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Points on the unit sphere: what is near there is near on the ground."""
    phi, theta = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    if phi.shape != theta.shape or phi.ndim != 1 or not len(phi):
        raise InvalidInputError("Latitudes and longitudes must be two lists of one length, with at least one entry.")
    if not (np.isfinite(phi).all() and np.isfinite(theta).all()):
        raise InvalidInputError("Latitudes and longitudes must be numbers, in degrees.")
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def _offers(tree: KDTree, people: Floats, looked: Ints) -> _Offers:
    parts, last = [], np.zeros(len(people), np.int64)
    for k in np.unique(looked):
        who = np.flatnonzero(looked == k)
        chord, near = tree.query(people[who], k=np.arange(1, k + 1))
        metres = np.rint(EARTH_RADIUS_M * 2 * np.arcsin(np.clip(chord / 2, 0, 1))).astype(np.int64)
        parts.append((np.repeat(who, k), np.asarray(near, np.int64).ravel(), metres.ravel()))
        last[who] = metres[:, -1] if k < tree.n else FARTHEST_M
    person, mentor, metres = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _Offers(person, mentor, metres, last)


def _flow(offers: _Offers, room: Ints, unplaced: int) -> Ints:
    """The arc that each person takes, or -1 where nobody has room for them at a cost below ``unplaced``."""
    n = len(offers.last)
    sink, mentors = n + len(room), n + np.arange(len(room))
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        offers.person, n + offers.mentor, np.ones(len(offers.person), np.int64), offers.metres
    )
    flow.add_arcs_with_capacity_and_unit_cost(mentors, np.full(len(room), sink), room, np.zeros(len(room), np.int64))
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(n), np.full(n, sink), np.ones(n, np.int64), np.full(n, min(unplaced, FARTHEST_M))
    )
    flow.set_nodes_supplies(np.append(np.arange(n), sink), np.append(np.ones(n, np.int64), -n))
    if flow.solve() != flow.OPTIMAL:
        raise EngineError("The flow of people to mentors could not be computed.")
    taken = np.flatnonzero(flow.flows(arcs))
    chosen = np.full(n, -1)
    chosen[offers.person[taken]] = taken
    return chosen


def _best(offers: _Offers, price: Ints) -> Ints:
    """What the cheapest mentor who was looked at costs each person, with the mentor's price."""
    best = np.full(len(offers.last), FARTHEST_M)
    np.minimum.at(best, offers.person, offers.metres + price[offers.mentor])
    return best


def _bounded(offers: _Offers, chosen: Ints, best: Ints, price: Ints, room: Ints) -> Nearest:
    metres = offers.metres[chosen]
    bound = int(np.minimum(best, offers.last).sum() - (room * price).sum())
    average = len(offers.person) / len(chosen) if len(chosen) else 0.0
    return Nearest(offers.mentor[chosen], metres, int(metres.sum()), max(bound, 0), average)


def _prices(offers: _Offers, chosen: Ints, room: Ints) -> Ints:
    """Of each full mentor, what one more place would save: the cheapest chain of exchanges to somebody with room.

    Bellman-Ford over mentors: from m to m' it costs the least d_im' − d_im of the people i of m.
    """
    has = chosen >= 0
    own = np.where(has, offers.mentor[chosen], -1)
    kept = has[offers.person]
    start, end = own[offers.person[kept]], offers.mentor[kept]
    extra = offers.metres[kept] - offers.metres[chosen[offers.person[kept]]]
    pair = start * len(room) + end
    order = np.lexsort((extra, pair))
    first = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
    start, end, extra = start[first], end[first], extra[first]
    price = np.where(np.bincount(own[has], minlength=len(room)) < room, 0, FARTHEST_M)
    for _step in range(len(room)):  # any prices give a true bound, so it may end early
        better = price.copy()
        np.minimum.at(better, start, np.maximum(extra + price[end], 0))
        if (better == price).all():
            break
        price = better
    return price
