from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.route import shortest_way


def distances(points):
    return np.hypot(*(points[:, None, axis] - points[None, :, axis] for axis in (0, 1)))


def length(distance, order):
    return sum(distance[a, b] for a, b in pairwise(order))


def best(distance):
    return min(length(distance, (0, *rest)) for rest in permutations(range(1, len(distance))))


def test_a_part_is_turned_round():
    """To the nearest each time: 0, 1, 2, 3 with 1 + 1 + 10 km; with 1 and 2 turned round 2 + 1 + 1 km."""
    way = shortest_way(np.array([[0, 1, 2, 9], [1, 0, 1, 1], [2, 1, 0, 10], [9, 1, 10, 0]], dtype=float))
    assert (way.first_length_km, way.length_km) == (12, 4)
    assert list(way.order) == [0, 2, 1, 3]


def test_one_place_is_a_way_of_no_length():
    way = shortest_way(np.zeros((1, 1)))
    assert (list(way.order), way.length_km) == ([0], 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7))
def test_a_way_visits_all_once_is_never_longer_than_its_first_and_near_the_shortest(seed, count):
    distance = distances(np.random.default_rng(seed).random((count, 2)))
    way = shortest_way(distance)
    assert sorted(way.order) == list(range(count))
    assert way.order[0] == 0
    assert way.length_km == pytest.approx(length(distance, list(way.order)))
    assert way.length_km <= way.first_length_km + 1e-9
    assert best(distance) - 1e-9 <= way.length_km <= 1.5 * best(distance)


def test_on_average_the_way_is_within_three_per_cent_of_the_shortest():
    """200 draws of 7 places; the standard error of the mean ratio is below 0.3 %."""
    ratios = []
    for seed in range(200):
        distance = distances(np.random.default_rng(seed).random((7, 2)))
        ratios.append(shortest_way(distance).length_km / best(distance))
    assert np.mean(ratios) < 1.03


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((0, 0)),
        np.zeros((2, 3)),
        np.full((2, 2), np.nan),
        np.array([[0, -1], [-1, 0]]),
        np.eye(3)[:, [1, 0, 2]] + np.triu(np.ones((3, 3))),
    ],
)
def test_what_are_no_distances_is_refused(wrong):
    with pytest.raises(InvalidInputError):
        shortest_way(wrong.astype(float))
