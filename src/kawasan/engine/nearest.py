"""Very many people to the mentors near them: the least way in all, and what leaving out the farther ones can cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow
from scipy.spatial import KDTree

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """mentor: (n,) of each person. metres: (n,) of way, whole metres. cost: their sum.

    bound: no assignment to any of the mentors, however far, is shorter in all. neighbours: how many nearest mentors of
    each person were looked at.
    """

    mentor: Ints
    metres: Ints
    cost: int
    bound: int
    neighbours: int

    @property
    def gap(self) -> float:
        """The share of the way that looking at farther mentors could still save, 0 to 1."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


@dataclass(frozen=True, slots=True)
class _Offers:
    """near: (n, k) mentors of each person, nearest first; metres: (n, k)."""

    near: Ints
    metres: Ints


def assign_nearest(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    mentor_lat: ArrayLike,
    mentor_lon: ArrayLike,
    most_people: ArrayLike,
    neighbours: int = 20,
) -> Nearest:
    """Give each person one mentor at the least way in all, looking at so many nearest mentors of each.

    Minimum-cost flow over the arcs to the nearest mentors; where these have too little room, twice as many are looked
    at. With prices u_m ≥ 0 of full mentors, Σ_i min_m (d_im + u_m) − Σ_m most_m u_m bounds every assignment from below
    (weak duality); a mentor who was not looked at is at least as far as the last one who was, which gives the bound
    without looking.

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
    tree = KDTree(mentors)
    k = min(neighbours, len(mentors))
    while True:
        offers = _offers(tree, people, k)
        chosen = _flow(offers, room)
        if chosen is not None:
            return _bounded(offers, chosen, room)
        k = min(2 * k, len(mentors))


def _points(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Points on the unit sphere: what is near there is near on the ground."""
    phi, theta = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    if phi.shape != theta.shape or phi.ndim != 1 or not (np.isfinite(phi).all() and np.isfinite(theta).all()):
        raise InvalidInputError("Latitudes and longitudes must be two lists of one length, in degrees.")
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def _offers(tree: KDTree, people: Floats, k: int) -> _Offers:
    chord, near = tree.query(people, k=[*range(1, k + 1)])
    arc = 2 * np.arcsin(np.clip(chord / 2, 0, 1))
    return _Offers(np.asarray(near, np.int64), np.rint(EARTH_RADIUS_M * arc).astype(np.int64))


def _flow(offers: _Offers, room: Ints) -> Ints | None:
    """Which of the offers each person takes, or nothing when some find no room among them."""
    n, k = offers.near.shape
    sink, mentors = n + len(room), n + np.arange(len(room))
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.repeat(np.arange(n), k), (n + offers.near).ravel(), np.ones(n * k, np.int64), offers.metres.ravel()
    )
    flow.add_arcs_with_capacity_and_unit_cost(mentors, np.full(len(room), sink), room, np.zeros(len(room), np.int64))
    flow.set_nodes_supplies(np.append(np.arange(n), sink), np.append(np.ones(n, np.int64), -n))
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise EngineError("The flow of people to mentors could not be computed.")
    return flow.flows(np.arange(n * k)).reshape(n, k).argmax(axis=1)


def _bounded(offers: _Offers, chosen: Ints, room: Ints) -> Nearest:
    rows = np.arange(len(chosen))
    mentor, metres = offers.near[rows, chosen], offers.metres[rows, chosen]
    price = _prices(offers, mentor, metres, room)
    best = (offers.metres + price[offers.near]).min(axis=1, initial=np.iinfo(np.int64).max)
    if offers.near.shape[1] < len(room) and len(rows):
        best = np.minimum(best, offers.metres[:, -1])  # of a mentor farther than all who were looked at, unpriced
    bound = int(best.sum() - (room * price).sum())
    return Nearest(mentor, metres, int(metres.sum()), max(bound, 0), offers.near.shape[1])


def _prices(offers: _Offers, mentor: Ints, metres: Ints, room: Ints) -> Ints:
    """Of each full mentor, what one more place would save: the cheapest chain of exchanges to somebody with room.

    Bellman-Ford over mentors: from m to m' it costs the least d_im' − d_im of the people i of m.
    """
    k = offers.near.shape[1]
    start, end = np.repeat(mentor, k), offers.near.ravel()
    extra = (offers.metres - metres[:, None]).ravel()
    order = np.lexsort((extra, end, start))
    start, end, extra = start[order], end[order], extra[order]
    first = np.ones(len(start), bool)
    first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    start, end, extra = start[first], end[first], extra[first]
    has_room = np.bincount(mentor, minlength=len(room)) < room
    far = int(offers.metres.max(initial=0)) + 1  # without a chain a price is cut here; any price gives a true bound
    price = np.where(has_room, 0, far)
    for _step in range(len(room)):
        better = price.copy()
        np.minimum.at(better, start, extra + price[end])
        better = np.maximum(better, 0)
        if (better == price).all():
            break
        price = better
    return price
