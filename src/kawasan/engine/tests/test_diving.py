import numpy as np
import pytest

from kawasan.engine.diving import dive
from kawasan.engine.errors import EngineError
from kawasan.engine.solver import LinearProgram, Solver, solve


def programme(objective, upper, *rows):
    """Whole numbers; rows are (coefficients, lower, upper)."""
    matrix = np.array([row[0] for row in rows], dtype=np.float64)
    row, column = np.nonzero(matrix)
    return LinearProgram(
        objective=np.array(objective, dtype=np.float64),
        lower=np.zeros(len(objective)),
        upper=np.full(len(objective), upper, dtype=np.float64),
        row_lower=np.array([row[1] for row in rows], dtype=np.float64),
        row_upper=np.array([row[2] for row in rows], dtype=np.float64),
        row=row,
        column=column,
        value=matrix[row, column],
        is_integer=np.ones(len(objective), bool),
    )


def dived(program):
    return dive(Solver(continuous(program)), program)


def continuous(program):
    return LinearProgram(**{name: getattr(program, name) for name in program.__slots__ if name != "is_integer"})


def test_what_is_nearest_to_a_whole_number_is_rounded_first_and_the_rest_follows():
    # Both want 1.9 of 3.2: the continuous answer is (1.9, 1.3). 1.9 goes up to 2, which leaves 1.2 and then 1.
    program = programme([2, 1], 9, ([1, 1], -np.inf, 3.2), ([1, 0], -np.inf, 1.9 + 0.1), ([1.0, 0], -np.inf, 2.05))
    assert dived(program).tolist() == [2, 1]


def test_what_cannot_be_rounded_to_the_nearer_number_goes_the_other_way():
    # x = 1.9 at most, so 2 is impossible.
    assert dived(programme([1], 9, ([1], -np.inf, 1.9))).tolist() == [1]


def test_a_programme_without_whole_numbers_nearby_is_refused():
    with pytest.raises(EngineError, match="Rounding"):
        dived(programme([1], 9, ([1], 1.2, 1.8)))


@pytest.mark.parametrize("seed", range(20))
def test_the_answer_is_whole_possible_and_beside_the_continuous_one(seed):
    rng = np.random.default_rng(seed)
    rows = [(rng.integers(0, 9, 6).astype(float), -np.inf, float(rng.integers(20, 60))) for _ in range(4)]
    program = programme(rng.integers(1, 20, 6), 7, *rows)
    found, parts = dived(program), solve(continuous(program)).values
    assert found == pytest.approx(np.round(found), abs=1e-6)
    assert all(np.dot(row, found) <= most + 1e-6 for row, _least, most in rows)
    assert (np.abs(found - parts) < 1 + 1e-6).all()
    assert program.objective @ found <= solve(program).objective + 1e-6
