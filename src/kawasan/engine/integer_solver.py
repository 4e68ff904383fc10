"""Small integer programmes with bounded variables, solved by HiGHS and checked in integers."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import EngineError
from kawasan.engine.solver import QuietHighs

MOST_NODES = 1_000_000  # branch-and-bound nodes; a limit in work, not in seconds, so every machine stops alike
OBJECTIVE_GAP = 0.5  # in units of the objective; costs and variables are integers, so below 1 means optimal

# No variable is unbounded, so HiGHS's "unbounded or infeasible" can only mean infeasible.
_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True, slots=True, eq=False)
class IntegerProgram:
    """Minimise ``cost @ x`` subject to ``row_lower <= A x <= row_upper``, ``lower <= x <= upper``, x integer.

    cost, lower, upper          shape (variables,), integers
    row_lower, row_upper        shape (rows,), integers
    rows, columns, values       shape (entries,): ``A[rows[i], columns[i]] = values[i]``, each position at most once
    """

    cost: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    row_lower: NDArray[np.int64]
    row_upper: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.int64]


def solve_integer(program: IntegerProgram) -> NDArray[np.int64] | None:
    """Return an optimal solution of ``program``, or None when it has no solution.

    A solution is rounded and checked against every bound in integer arithmetic before it is returned. Which of several
    optimal solutions comes back may differ between versions of HiGHS: build on the optimal value, or on existence.

    Returns         shape (variables,), or None
    Raises          EngineError — HiGHS ended with anything but an optimal solution or a proof that there is none
    """
    if not len(program.cost):  # on which HiGHS gives no verdict
        nothing = np.zeros(0, dtype=np.int64)
        return nothing if _holds(program, nothing) else None
    highs = _configured()
    highs.passModel(_model(program))
    highs.run()
    status = highs.getModelStatus()
    if status in _INFEASIBLE:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise EngineError(f"HiGHS ended with {highs.modelStatusToString(status)!r} instead of an optimal solution.")
    solution = np.rint(highs.getSolution().col_value).astype(np.int64)
    if not _holds(program, solution):
        raise EngineError("HiGHS returned a solution that breaks a constraint once it is rounded.")
    return solution


def _configured() -> highspy.Highs:
    highs = QuietHighs()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", OBJECTIVE_GAP)
    highs.setOptionValue("mip_max_nodes", MOST_NODES)
    return highs


def _model(program: IntegerProgram) -> highspy.HighsLp:
    by_column = np.lexsort((program.rows, program.columns))
    variables = len(program.cost)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = variables, len(program.row_lower)
    model.col_cost_ = program.cost.astype(np.float64)
    model.col_lower_ = program.lower.astype(np.float64)
    model.col_upper_ = program.upper.astype(np.float64)
    model.row_lower_ = program.row_lower.astype(np.float64)
    model.row_upper_ = program.row_upper.astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(program.columns[by_column], np.arange(variables + 1)).astype(np.int32)
    model.a_matrix_.index_ = program.rows[by_column].astype(np.int32)
    model.a_matrix_.value_ = program.values[by_column].astype(np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * variables
    return model


def _holds(program: IntegerProgram, solution: NDArray[np.int64]) -> bool:
    activity = np.zeros(len(program.row_lower), dtype=np.int64)
    np.add.at(activity, program.rows, program.values * solution[program.columns])
    return bool(
        np.all((program.lower <= solution) & (solution <= program.upper))
        and np.all((program.row_lower <= activity) & (activity <= program.row_upper))
    )
