"""Goods out of nothing: cases by hand, and prices at which everybody loses as the alternative."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from kawasan.engine import cycles
from kawasan.engine.errors import InvalidInputError

Table = list[list[float]]


def found(output: Table, intake: Table, draws: list[bool] | None = None) -> list[list[int]]:
    drawing = np.array(draws or [False] * len(output), dtype=np.bool_)
    return [list(one) for one in cycles.self_feeding(np.array(output, float), np.array(intake, float), drawing)]


def test_a_mill_and_a_bakery_that_feed_each_other_are_found() -> None:
    # bakery: 1 flour -> 2 loaves; mill: 1 loaf -> 1 flour
    assert found([[0, 2], [1, 0]], [[1, 0], [0, 1]]) == [[0, 1]]


def test_they_are_found_when_they_only_just_sustain_themselves() -> None:
    assert found([[0, 1], [1, 0]], [[1, 0], [0, 1]]) == [[0, 1]]


def test_a_ring_that_runs_dry_is_honest() -> None:
    # 3 % of what goes round is lost
    assert found([[0, 0.97], [1, 0]], [[1, 0], [0, 1]]) == []


def test_one_input_from_outside_makes_a_ring_honest() -> None:
    # the third commodity is made by nobody
    assert found([[0, 2, 0], [1, 0, 0]], [[1, 0, 0], [0, 1, 0.1]]) == []


def test_a_resource_of_the_area_makes_a_ring_honest() -> None:
    assert found([[0, 2], [1, 0]], [[1, 0], [0, 1]], draws=[False, True]) == []


def test_a_chain_that_begins_with_work_alone_is_honest() -> None:
    # fibre from nothing but work, caps from fibre
    assert found([[1, 0], [0, 1]], [[0, 0], [1, 0]]) == []


def test_a_ring_of_three_is_found_without_the_one_who_only_buys_from_it() -> None:
    ring = [[0, 1, 0, 0], [0, 0, 1, 0], [1.5, 0, 0, 0], [0, 0, 0, 1]]
    assert found(ring, [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]]) == [[0, 1, 2]]


def test_two_rings_are_told_apart() -> None:
    output = np.kron(np.eye(2), [[0, 2], [1, 0]])
    intake = np.kron(np.eye(2), [[1, 0], [0, 1]])
    assert found(output.tolist(), intake.tolist()) == [[0, 1], [2, 3]]


def test_units_do_not_matter() -> None:
    # the same mill and bakery, flour in grams and loaves in thousands
    assert found([[0, 2e-3], [1e6, 0]], [[1e6, 0], [0, 1e-3]]) == [[0, 1]]


def test_nobody_who_takes_anything_feeds_nobody() -> None:
    assert found([[1.0]], [[0.0]]) == []
    assert cycles.self_feeding(np.zeros((0, 0)), np.zeros((0, 0)), np.zeros(0, dtype=np.bool_)) == ()


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_a_quantity_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(InvalidInputError, match="negative or not finite"):
        found([[wrong]], [[1.0]])


def test_tables_of_different_shapes_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="one shape"):
        found([[1.0, 1.0]], [[1.0]])


quantities = st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0, 3.0])


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.tuples(*[st.lists(st.lists(quantities, min_size=3, max_size=3), min_size=n, max_size=n)] * 2)
    )
)
def test_somebody_feeds_themselves_exactly_when_no_prices_make_everybody_lose(tables: tuple[Table, Table]) -> None:
    output, intake = (np.array(table) for table in tables)
    sets = found(*tables)
    assert bool(sets) != everybody_loses(output, intake)
    for one in sets:  # and each of them can go on with some levels
        assert not everybody_loses(output[one], intake[one])


def everybody_loses(output: NDArray[np.float64], intake: NDArray[np.float64]) -> bool:
    """Whether prices p >= 0 exist with (output - intake) p <= -1 for all who take something (Gordan's alternative)."""
    takers = (intake > 0).any(axis=1)
    taken = (intake[takers] > 0).any(axis=0)
    net = (output - intake)[takers][:, taken]
    if not len(net):
        return True
    answer = linprog(np.zeros(net.shape[1]), A_ub=net, b_ub=-np.ones(len(net)), bounds=(0, None))
    return answer.status == 0
