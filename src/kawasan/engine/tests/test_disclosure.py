"""Each test attacks from outside: with SciPy's own solver, or by going through every possible table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from scipy.optimize import linprog

from kawasan.engine.disclosure import (
    FIXED,
    HIDDEN,
    OPEN,
    VEILED,
    Protection,
    Release,
    attack,
    dominated,
    margins,
    protect,
)
from kawasan.engine.errors import InvalidInputError

LEAST = 5
NOTHING = np.empty((0, 2), dtype=np.int64)


def release(cube: np.ndarray, tables: list[tuple[int, ...]], state: int = OPEN) -> Release:
    rows, cells = margins(cube.shape, tables)
    cost = np.array([20.0 if table == () else 1.0 for table, _place in cells])
    m, n = rows.shape
    states = np.full(m, state, dtype=np.int64)
    return Release(cube.ravel(), rows, states, cost, NOTHING, np.zeros((n, 1), np.int64), np.zeros(m, bool))


def published(given: Release, found: Protection) -> np.ndarray:
    return (given.state == FIXED) | ((given.state == OPEN) & ~found.suppressed)


def bounds(given: Release, found: Protection, row: int) -> tuple[float, float]:
    """What SciPy's solver lets an attacker say, from the published numbers alone."""
    known = published(given, found)
    order = np.zeros((len(given.within), given.counts.size))
    for i, (less, more) in enumerate(given.within):
        order[i, less], order[i, more] = 1, -1
    dense = given.rows.toarray()
    sides = []
    for sign in (1, -1):
        result = linprog(
            sign * dense[row],
            A_ub=order if len(order) else None,
            b_ub=np.zeros(len(order)) if len(order) else None,
            A_eq=dense[known] if known.any() else None,
            b_eq=given.values[known] if known.any() else None,
            bounds=[(0, 10_000)] * given.counts.size,
        )
        assert result.status == 0, result.message
        sides.append(sign * result.fun)
    return sides[0], sides[1]


def assert_safe(given: Release, found: Protection) -> None:
    for row in np.flatnonzero((found.suppressed | found.primary) & ~found.exposed):
        low, high = bounds(given, found, int(row))
        assert high - low > 0.5
        if 0 < given.values[row] < LEAST:
            assert low <= 1e-6
            assert high >= LEAST - 1e-6


def test_a_small_cell_takes_another_of_its_row_and_column_with_it() -> None:
    given = release(np.array([[20, 3, 30], [25, 28, 31], [40, 35, 22]]), [(), (0,), (1,), (0, 1)])
    found = protect(given, least=LEAST)
    assert found.primary.sum() == 1
    assert found.suppressed.sum() == 4  # a rectangle, and no total
    assert not found.suppressed[:7].any()
    assert_safe(given, found)


def test_nothing_is_withheld_where_nothing_is_small_and_zeros_are_told() -> None:
    found = protect(release(np.array([[0, 10], [20, 0]]), [(), (0,), (1,), (0, 1)]), least=LEAST)
    assert not found.suppressed.any()


def test_two_small_cells_that_add_to_few_need_a_third() -> None:
    given = release(np.array([1, 3, 50, 60]), [(), (0,)])
    found = protect(given, least=LEAST)
    assert found.suppressed[:3].tolist() == [False, True, True]
    assert found.suppressed.sum() == 3
    assert_safe(given, found)


def test_no_table_of_all_that_fit_the_published_numbers_tells_a_small_cell() -> None:
    """Every 2 × 2 table of up to 27 people a cell that has the published numbers."""
    given = release(np.array([[2, 9], [12, 1]]), [(), (0,), (1,), (0, 1)])
    found = protect(given, least=LEAST)
    known = published(given, found)
    dense, tables = given.rows.toarray(), np.indices((28,) * 4).reshape(4, -1)
    fits = tables[:, (dense[known] @ tables == given.values[known][:, None]).all(axis=0)]
    told = dense @ fits
    for row in np.flatnonzero(found.primary):
        assert told[row].min() == 0
        assert told[row].max() >= LEAST
    assert (np.ptp(told[found.suppressed], axis=1) > 0).all()


def test_an_earlier_date_cannot_be_subtracted() -> None:
    """Who finished a course stays finished: 12 before and 14 now would tell of two."""
    before, now, people = np.array([12, 20, 30]), np.array([14, 32, 45]), np.array([50, 50, 60])
    rows, _cells = margins((3,), [(), (0,)])
    blank = sparse.csr_array(rows.shape, dtype=np.int64)
    each = sparse.csr_array(margins((3,), [(0,)])[0])
    matrix = sparse.csr_array(
        sparse.vstack(
            [
                sparse.hstack([rows, blank, blank]),  # who is there, known
                sparse.hstack([blank, rows, blank]),  # published then
                sparse.hstack([blank, blank, rows]),  # to publish now
                sparse.hstack([sparse.csr_array((3, 3), dtype=np.int64), -each, each]),  # finished in between
            ]
        )
    )
    state = np.array([FIXED] * 8 + [OPEN] * 4 + [HIDDEN] * 3)
    within = np.array([(3, 6), (4, 7), (5, 8), (6, 0), (7, 1), (8, 2)])
    given = Release(
        np.concatenate([people, before, now]), matrix, state, np.ones(15), within, np.repeat([0, 1, 2], 3)[:, None],
        np.zeros(15, bool),
    )  # fmt: skip
    found = protect(given, least=LEAST)
    assert found.primary.tolist() == [False] * 12 + [True, False, False]
    assert found.suppressed[9]
    assert found.suppressed.sum() >= 2
    assert_safe(given, found)


def test_of_what_is_veiled_another_number_is_possible() -> None:
    """Two parts of ten and twelve, of whom one and two did not answer: the total may be said, neither part may."""
    both = [[1, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1]]
    rows = sparse.csr_array(np.array([*both, [1, 0, -1, 0], [0, 1, 0, -1], [0, 0, 1, 0], [0, 0, 0, 1]]))
    state = np.array([FIXED, FIXED, FIXED, OPEN, VEILED, VEILED, OPEN, OPEN])
    cost = np.array([1.0, 1, 1, 500, 1, 1, 1, 1])
    given = Release(
        np.array([10, 12, 9, 10]), rows, state, cost, np.array([(2, 0), (3, 1)]), np.array([[0], [0], [1], [1]]),
        np.zeros(8, bool),
    )  # fmt: skip
    found = protect(given, least=LEAST)
    assert np.flatnonzero(found.suppressed).tolist() == [6, 7]
    assert not found.exposed.any()
    assert all(most - least >= 1 for least, most in attack(given, found.suppressed, [4, 5]))


def test_what_was_published_before_and_tells_already_is_said() -> None:
    given = release(np.array([3, 50]), [(), (0,)])
    state = np.array([FIXED, OPEN, FIXED])
    found = protect(Release(given.counts, given.rows, state, given.cost, NOTHING, given.block, given.forced), least=5)
    assert found.exposed.tolist() == [False, True, False]


@settings(max_examples=12, deadline=None)
@given(arrays(np.int64, st.tuples(*[st.integers(1, 3)] * 3), elements=st.integers(0, 9)))
def test_no_small_cell_of_linked_tables_can_be_bounded(cube: np.ndarray) -> None:
    given = release(cube, [(), (0,), (1,), (2,), (0, 1), (1, 2)])
    found = protect(given, least=LEAST)
    assert not found.exposed.any()
    assert_safe(given, found)
    small = (given.values > 0) & (given.values < LEAST)
    assert (found.suppressed >= small).all()


@settings(max_examples=6, deadline=None)
@given(arrays(np.int64, (3, 2, 2), elements=st.integers(0, 12)))
def test_the_attack_of_the_module_says_what_scipy_says(cube: np.ndarray) -> None:
    given = release(cube, [(), (0,), (0, 2), (1, 2)])
    found = protect(given, least=LEAST)
    rows = np.flatnonzero(found.suppressed & ~found.suppressed[0])[:3]
    intervals = attack(given, found.suppressed, rows.tolist())
    assert intervals == pytest.approx(np.array([bounds(given, found, int(row)) for row in rows]).reshape(-1, 2))


def test_one_large_contribution_dominates_a_sum() -> None:
    assert dominated(np.array([100.0, 60, 5, 4]))
    assert not dominated(np.array([100.0, 60, 5, 6]))
    assert not dominated(np.array([]))


def test_what_is_not_well_formed_is_refused() -> None:
    given = release(np.array([3, 50]), [(), (0,)])
    with pytest.raises(InvalidInputError, match="2 or more"):
        protect(given, least=1)
    with pytest.raises(InvalidInputError, match="axis"):
        margins((2,), [(1,)])
    with pytest.raises(InvalidInputError, match="known to hold"):
        protect(
            Release(given.counts, given.rows, given.state, given.cost, np.array([[1, 0]]), given.block, given.forced)
        )
