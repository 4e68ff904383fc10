"""Panels taken off a point: by hand, against their average on random pools, and where there is no lottery."""

import numpy as np
import pytest

from kawasan.engine.aims import leximin_point
from kawasan.engine.cells import Cells, cells_of
from kawasan.engine.lottery import Problem, Quota
from kawasan.engine.peeling import MOST_SHARE, peeled

INSTANCES = 15


def test_two_seats_among_three_are_three_pairs() -> None:
    """2/3 of a seat each: the pairs are the only panels, and only a third of each gives the average."""
    cells = cells_of(_problem(np.arange(3)[:, None], [], 2), weights=np.array([1, 2, 3]))
    found = peeled(cells, np.full(3, 2 / 3))
    pairs, place = np.unique(found.panels, axis=0, return_inverse=True)
    assert pairs.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert np.bincount(place, found.share) == pytest.approx([1 / 3] * 3)


def test_a_point_that_is_a_panel_is_one() -> None:
    cells = cells_of(_problem(np.zeros((4, 1), dtype=np.int64), [], 2), certain=[0, 3])
    found = peeled(cells, np.array([0.0, 2.0]))
    assert (found.panels == [0, 2]).all()
    assert found.left == pytest.approx(0)


def test_panels_meet_every_row_and_their_average_is_the_point() -> None:
    for cells in map(_cells, range(INSTANCES)):
        point = leximin_point(cells)
        found = peeled(cells, point)
        filled = found.panels @ cells.matrix.T
        assert ((filled >= cells.lower) & (filled <= cells.upper)).all()
        assert ((found.panels >= 0) & (found.panels <= cells.size)).all()
        assert (found.share > 0).all()
        assert found.left < 1e-3  # a rest that no lottery has, or is not found, is small
        assert found.share @ found.panels == pytest.approx(point, abs=found.left * cells.size.max() + 1e-8)


def test_no_panel_is_drawn_more_often_than_one_in_fifty() -> None:
    found = peeled(cells := _cells(1), leximin_point(cells))
    assert found.share.max() <= MOST_SHARE + 1e-12


def test_a_point_that_no_lottery_has_is_left() -> None:
    """A triangle: at most one of each two of three people may sit, so halves for all three are no lottery."""
    people = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1], [1, 1, 1]])
    cells = cells_of(_problem(people, [Quota(feature, 0, 0, 1) for feature in range(3)], 2))
    point = np.full(len(cells.size), 0.5)
    assert cells.matrix @ point == pytest.approx(np.clip(cells.matrix @ point, cells.lower, cells.upper))
    assert peeled(cells, point).left > 0.1


def _problem(features: np.ndarray, quotas: list[Quota], seats: int) -> Problem:
    return Problem(features, quotas, seats, np.arange(len(features)), 1)


def _cells(seed: int) -> Cells:
    rng = np.random.default_rng(seed)
    features = np.column_stack([rng.integers(0, values, 60) for values in (2, 3, 4)])
    quotas = [Quota(1, value, 3, 5) for value in range(3)] + [Quota(2, value, 2, 4) for value in range(4)]
    homes = np.sort(rng.integers(0, 45, 60))
    return cells_of(Problem(features, quotas, 12, homes, 1), certain=[int(rng.integers(60))])
