import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kawasan.engine import solver
from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError
from kawasan.engine.solver import LinearProgram, Row

SOURCE = str(Path(solver.__file__).parents[2])


def row(name, column, coefficient, lower=-np.inf, upper=np.inf):
    return Row(name, np.array(column, dtype=np.int64), np.array(coefficient, dtype=np.float64), lower, upper)


def programme(objective, *rows, upper=np.inf, is_integer=None):
    n = len(objective)
    return LinearProgram(
        column_names=tuple(f"x{i}" for i in range(n)),
        objective=np.array(objective, dtype=np.float64),
        column_lower=np.zeros(n),
        column_upper=np.full(n, upper, dtype=np.float64),
        rows=rows,
        is_integer=None if is_integer is None else np.array(is_integer),
    )


# Maximise 3x + 2y with x + y <= 4 and x <= 2.5: the corner (2.5, 1.5). One more of the sum is worth 2 (a y),
# one more of x is worth 3 - 2 = 1 (an x in place of a y).
CORNER = programme([3, 2], row("sum", [0, 1], [1, 1], upper=4), row("first", [0], [1], upper=2.5))


def test_a_corner_found_by_hand_has_its_values_and_duals():
    found = solver.solve(CORNER)
    assert found.values == pytest.approx([2.5, 1.5])
    assert found.activity == pytest.approx([4, 2.5])
    assert found.duals == pytest.approx([2, 1])
    assert found.reduced_costs == pytest.approx([0, 0])
    assert found.objective == pytest.approx(10.5)


def test_a_bound_of_a_column_has_a_reduced_cost():
    found = solver.solve(programme([3, 2], row("sum", [0, 1], [1, 1], upper=4), upper=2.5))
    assert found.reduced_costs == pytest.approx([1, 0])


def test_a_lower_bound_that_costs_has_a_negative_dual():
    found = solver.solve(programme([-5], row("least", [0], [1], lower=2)))
    assert found.duals == pytest.approx([-5])


def test_whole_numbers_are_whole_and_have_no_duals():
    found = solver.solve(replace(CORNER, is_integer=np.array([True, True])))
    assert found.values.tolist() == [2, 2]
    assert np.isnan(found.duals).all()
    assert found.objective == 10


def test_large_numbers_in_the_objective_scale_the_duals_and_nothing_else():
    found = solver.solve(replace(CORNER, objective=CORNER.objective * 1e9))
    assert found.values == pytest.approx([2.5, 1.5])
    assert found.duals == pytest.approx([2e9, 1e9])


def test_a_conflict_names_its_rows_and_no_other():
    impossible = replace(
        CORNER, rows=(*CORNER.rows, row("least", [0, 1], [1, 1], lower=5), row("idle", [1], [1], upper=9))
    )
    with pytest.raises(InfeasibleError, match="cannot hold together: sum, least") as refused:
        solver.solve(impossible)
    assert refused.value.conflict == ("sum", "least")


def test_a_conflict_of_whole_numbers_is_found_where_parts_would_do():
    half = programme([1], row("half", [0], [2], lower=1, upper=1), row("most", [0], [1], upper=7), is_integer=[True])
    with pytest.raises(InfeasibleError) as refused:
        solver.solve(half)
    assert refused.value.conflict == ("half",)


@pytest.mark.parametrize("is_integer", [None, [True, True]])
def test_an_objective_without_limit_says_so(is_integer):
    with pytest.raises(EngineError, match="unbounded"):
        solver.solve(programme([1, 1], row("first", [0], [1], upper=2.5), is_integer=is_integer))


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (replace(CORNER, column_names=("x", "x")), "Two columns"),
        (replace(CORNER, rows=(CORNER.rows[0], CORNER.rows[0])), "Two rows"),
        (replace(CORNER, objective=np.array([1.0])), "shape"),
        (replace(CORNER, objective=np.array([1.0, np.nan])), "not finite"),
        (replace(CORNER, column_lower=np.array([0.0, 1.0]), column_upper=np.array([1.0, 0.0])), "above its upper"),
        (replace(CORNER, rows=(row("sum", [0, 2], [1, 1]),)), "does not exist"),
        (replace(CORNER, rows=(row("sum", [0, 0], [1, 1]),)), "twice"),
        (replace(CORNER, rows=(row("sum", [0, 1], [1]),)), "one finite coefficient"),
        (replace(CORNER, rows=(row("sum", [0], [1], upper=np.nan),)), "not a number"),
        (programme([]), "no columns"),
    ],
)
def test_a_malformed_programme_is_refused(broken, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        solver.solve(broken)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_optimum_is_that_of_scipy_and_duals_explain_it(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 6, size=2)
    matrix, limit = rng.integers(0, 6, size=(m, n)), rng.integers(0, 20, size=m)
    objective = rng.integers(-5, 9, size=n)
    rows = [row(f"r{i}", range(n), matrix[i], upper=limit[i]) for i in range(m)]
    found = solver.solve(programme(objective, *rows, upper=7))
    oracle = linprog(-objective, A_ub=matrix, b_ub=limit, bounds=(0, 7))
    assert found.objective == pytest.approx(-oracle.fun, abs=1e-7)
    assert found.duals @ limit + 7 * np.maximum(found.reduced_costs, 0).sum() == pytest.approx(
        found.objective, abs=1e-7
    )


@pytest.mark.parametrize("seed", [1, 55])
def test_whole_numbers_are_solved_to_the_last_unit(seed):
    # Knapsacks whose worth follows their weight have many answers within a hair of the best one. With HiGHS's usual
    # relative gap of 1e-4 seed 55 ends short of the best; with an absolute gap of ten units seed 1 does.
    rng = np.random.default_rng(seed)
    weight = rng.integers(1_000, 2_000, size=40)
    worth, limit = weight + rng.integers(0, 100, size=40), int(weight.sum() // 2)
    sack = programme(worth, row("sack", range(40), weight, upper=limit), upper=1, is_integer=[True] * 40)
    best = np.zeros(limit + 1)
    for w, v in zip(weight, worth, strict=True):
        best[w:] = np.maximum(best[w:], best[:-w] + v)
    assert solver.solve(sack).objective == best[-1]


def test_solving_prints_nothing():
    script = (
        "import numpy as np; from kawasan.engine.solver import *;"
        "solve(LinearProgram(('x',), np.ones(1), np.zeros(1), np.ones(1), (), np.array([True])))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONPATH": SOURCE})
    assert (done.stdout, done.stderr) == (b"", b"")
