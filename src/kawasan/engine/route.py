"""The order in which to visit places, so that the way is short."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
LEAST_GAIN_KM = 1e-9  # below it an exchange is rounding, and the search would go round in circles


@dataclass(frozen=True, slots=True)
class Way:
    """A way through n places.

    order : shape (n,), the places in the order of the way; the first is where it starts
    length_km : of the whole way, which does not lead back
    first_length_km : of the way to the nearest place each time, before it was improved
    """

    order: NDArray[np.int64]
    length_km: float
    first_length_km: float


def shortest_way(distance_km: Floats) -> Way:
    """Visit every place once, from place 0 on, without leading back.

    The way goes to the nearest place that is left (the first of those that are as near), then parts of it are turned
    round while that makes it shorter (2-opt): the part from i to j is reversed when
    d(i-1, j) + d(i, j+1) < d(i-1, i) + d(j, j+1); after the last place nothing follows. The result is a local optimum,
    not always the shortest way: docs/methods/route.md has the measured gap.

    Parameters
        distance_km : shape (n, n), km >= 0, symmetric; n >= 1
    Returns
        Way
    Raises
        InvalidInputError : the distances are not a square of numbers >= 0 that is the same both ways.
    Source
        Croes (1958), "A method for solving traveling-salesman problems", Operations Research 6(6).
    """
    _check(distance_km)
    order = _to_the_nearest(distance_km)
    first = _length(distance_km, order)
    while _turned_round(distance_km, order):
        pass
    return Way(np.array(order, dtype=np.int64), _length(distance_km, order), first)


def _to_the_nearest(distance_km: Floats) -> list[int]:
    order, left = [0], list(range(1, len(distance_km)))
    while left:
        here = order[-1]
        nearest = min(left, key=lambda place: (distance_km[here, place], place))
        left.remove(nearest)
        order.append(nearest)
    return order


def _turned_round(distance_km: Floats, order: list[int]) -> bool:
    """Turn one part round if that makes the way shorter; whether it did."""
    for i in range(1, len(order) - 1):
        for j in range(i + 1, len(order)):
            before, first, last = order[i - 1], order[i], order[j]
            gain = distance_km[before, first] - distance_km[before, last]
            if j + 1 < len(order):
                gain += distance_km[last, order[j + 1]] - distance_km[first, order[j + 1]]
            if gain > LEAST_GAIN_KM:
                order[i : j + 1] = order[i : j + 1][::-1]
                return True
    return False


def _length(distance_km: Floats, order: list[int]) -> float:
    return float(distance_km[order[:-1], order[1:]].sum())


def _check(distance_km: Floats) -> None:
    if distance_km.ndim != 2 or not len(distance_km) or distance_km.shape[0] != distance_km.shape[1]:
        raise InvalidInputError("distances must be a square")
    if not (np.isfinite(distance_km).all() and (distance_km >= 0).all()):
        raise InvalidInputError("distances must be numbers of 0 or more")
    if not np.allclose(distance_km, distance_km.T):
        raise InvalidInputError("distances must be the same both ways")
