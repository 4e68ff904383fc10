from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine.errors import EngineError
from kawasan.engine.integer_solver import IntegerProgram, solve_integer


def program(cost, upper, matrix, row_lower, row_upper, lower=None):
    rows, columns = np.nonzero(matrix)
    bounds = [cost, [0] * len(cost) if lower is None else lower, upper, row_lower, row_upper]
    return IntegerProgram(*(np.array(bound, dtype=np.int64) for bound in bounds), rows, columns, matrix[rows, columns])


@st.composite
def programs(draw):
    def numbers(size, least, most):
        return draw(st.lists(st.integers(least, most), min_size=size, max_size=size))

    variables, rows = draw(st.integers(1, 4)), draw(st.integers(0, 3))
    matrix = np.array(numbers(variables * rows, -3, 3), dtype=np.int64).reshape(rows, variables)
    row_lower = numbers(rows, -6, 6)
    row_upper = [least + width for least, width in zip(row_lower, numbers(rows, 0, 3), strict=True)]
    return matrix, program(numbers(variables, -5, 5), numbers(variables, 0, 3), matrix, row_lower, row_upper)


def test_the_better_of_two_whole_points_is_found():
    # 2x + 2y = 3 has no whole solution; 2x + 3y = 7 has (2, 1) only, below 4.
    matrix = np.array([[2, 3]])
    assert solve_integer(program([1, 1], [3, 3], matrix, [7], [7])).tolist() == [2, 1]


def test_a_fractional_solution_is_none():
    assert solve_integer(program([0, 0], [3, 3], np.array([[2, 2]]), [3], [3])) is None


def test_a_lower_bound_holds():
    assert solve_integer(program([1], [5], np.array([[1]]), [0], [5], lower=[2])).tolist() == [2]


@pytest.mark.parametrize(("row_lower", "solution"), [([0], []), ([1], None)])
def test_without_variables_the_rows_decide(row_lower, solution):
    answer = solve_integer(program([], [], np.zeros((1, 0), dtype=np.int64), row_lower, [1]))
    assert (answer if answer is None else answer.tolist()) == solution


@settings(deadline=None)
@given(programs())
def test_the_optimum_agrees_with_every_point_tried(case):
    matrix, integer_program = case
    points = np.array(list(product(*(range(most + 1) for most in integer_program.upper))))
    activity = points @ matrix.T
    fits = np.all((integer_program.row_lower <= activity) & (activity <= integer_program.row_upper), axis=1)
    solution = solve_integer(integer_program)
    if not fits.any():
        assert solution is None
        return
    assert any(np.array_equal(solution, point) for point in points[fits])
    assert integer_program.cost @ solution == (points[fits] @ integer_program.cost).min()


def test_a_programme_that_highs_cannot_take_is_an_error_and_not_an_answer():
    twice = IntegerProgram(*(np.array([bound]) for bound in (0, 0, 1, 0, 1)), *[np.array([0, 0])] * 2, np.array([1, 1]))
    with pytest.raises(EngineError):
        solve_integer(twice)


def test_nothing_is_printed(capfd):
    solve_integer(program([1], [5], np.array([[1]]), [2], [5]))
    assert capfd.readouterr() == ("", "")
