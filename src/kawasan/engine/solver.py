"""The one door to HiGHS: linear and integer programmes made of named rows and columns."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

FEASIBILITY_TOLERANCE = 1e-9  # how far a row or column may lie outside its bounds, in its own unit
MOST_NODES = 1_000_000  # of the branch-and-bound tree: a limit that means the same on a slow and a fast machine

_ANSWER = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
_NO_ANSWER = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One constraint: ``lower <= sum(coefficient * values[column]) <= upper``.

    name : says what the constraint is about; unique in its programme
    column : shape (k,), int, distinct column indices
    coefficient : shape (k,), float, finite
    lower, upper : bounds; -inf and inf leave that side open
    """

    name: str
    column: NDArray[np.int64]
    coefficient: NDArray[np.float64]
    lower: float = -np.inf
    upper: float = np.inf


@dataclass(frozen=True, slots=True)
class LinearProgram:
    """Maximise ``objective @ values`` over columns within their bounds and rows within theirs.

    column_names : n unique names
    objective : shape (n,), float, gain per unit of the column
    column_lower, column_upper : shape (n,), float; -inf and inf leave that side open
    rows : m constraints with unique names
    is_integer : shape (n,), bool, the columns that must be whole numbers; None when none must
    """

    column_names: tuple[str, ...]
    objective: NDArray[np.float64]
    column_lower: NDArray[np.float64]
    column_upper: NDArray[np.float64]
    rows: tuple[Row, ...]
    is_integer: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimal answer.

    values : shape (n,), value of each column
    activity : shape (m,), value of each row
    duals : shape (m,), change of the objective per unit that the binding bound of the row is raised;
        nan for an integer programme, which has none
    reduced_costs : shape (n,), the same for the binding bound of each column; nan for an integer programme
    objective : the value reached
    """

    values: NDArray[np.float64]
    activity: NDArray[np.float64]
    duals: NDArray[np.float64]
    reduced_costs: NDArray[np.float64]
    objective: float


def solve(program: LinearProgram) -> Solution:
    """Solve a linear or integer programme to proven optimality with HiGHS, quietly and on one thread.

    Parameters
        program : its objective is divided by a power of two before solving, so rupiah and kilograms can be mixed.
    Returns
        Solution
    Raises
        InvalidInputError : names repeat, shapes differ, a number is not finite, or a column's bounds cross.
        InfeasibleError : no answer exists; ``conflict`` names rows that cannot hold together, and any of which,
            left out, makes the others possible.
        EngineError : the objective has no limit, or HiGHS stopped before it had proven an optimum.
    Source
        Huangfu and Hall (2018), "Parallelizing the dual revised simplex method", Math. Prog. Comp. 10.
    """
    _check(program)
    scale = _power_of_two(program.objective)
    highs = _load(program, program.objective / scale)
    highs.run()
    status = highs.getModelStatus()
    if status in _NO_ANSWER:
        _raise_no_answer(program)
    if status != highspy.HighsModelStatus.kOptimal:
        raise EngineError(f"HiGHS stopped without an optimum: {highs.modelStatusToString(status)}.")
    return _read(program, highs, scale)


def _check(program: LinearProgram) -> None:
    n = len(program.column_names)
    _check_columns(program, n)
    names = [row.name for row in program.rows]
    if len(set(names)) != len(names):
        raise InvalidInputError("Two rows have the same name.")
    for row in program.rows:
        _check_row(row, n)


def _check_columns(program: LinearProgram, n: int) -> None:
    if n == 0:
        raise InvalidInputError("The programme has no columns.")
    if len(set(program.column_names)) != n:
        raise InvalidInputError("Two columns have the same name.")
    shapes = {program.objective.shape, program.column_lower.shape, program.column_upper.shape}
    if program.is_integer is not None:
        shapes.add(program.is_integer.shape)
    if shapes != {(n,)}:
        raise InvalidInputError(f"Every array of the columns must have shape ({n},).")
    if not np.isfinite(program.objective).all():
        raise InvalidInputError("The objective has a number that is not finite.")
    if not (program.column_lower <= program.column_upper).all():
        raise InvalidInputError("A column's lower bound lies above its upper bound.")


def _check_row(row: Row, n: int) -> None:
    if row.column.shape != row.coefficient.shape or not np.isfinite(row.coefficient).all():
        raise InvalidInputError(f"Row {row.name} needs one finite coefficient for each column.")
    if np.unique(row.column).size != row.column.size or not ((row.column >= 0) & (row.column < n)).all():
        raise InvalidInputError(f"Row {row.name} names a column twice or a column that does not exist.")
    if np.isnan(row.lower) or np.isnan(row.upper):
        raise InvalidInputError(f"Row {row.name} has a bound that is not a number.")


class QuietHighs(highspy.Highs):
    """Prints nothing: ``Highs()`` announces its version while it is made, before an option could be set."""

    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()


def _power_of_two(objective: NDArray[np.float64]) -> float:
    # Dividing by a power of two is exact, so an answer scaled back is the answer of the unscaled programme.
    largest = np.abs(objective).max()
    return float(2.0 ** np.floor(np.log2(largest))) if largest > 0 else 1.0


def quiet_highs(**options: str | float) -> highspy.Highs:
    """HiGHS on one thread, exact to FEASIBILITY_TOLERANCE and alike on every run, with more ``options`` of its own.

    Where an answer is known to exist, switch "presolve" off: at this tolerance it finds conflicts that are none.
    """
    exact: dict[str, str | float] = {
        "threads": 1,
        "random_seed": 0,
        "solver": "simplex",  # interior-point answers need not be a vertex, so ties would be split
        "primal_feasibility_tolerance": FEASIBILITY_TOLERANCE,
        "dual_feasibility_tolerance": FEASIBILITY_TOLERANCE,
    }
    highs = QuietHighs()
    for option, value in (exact | options).items():
        highs.setOptionValue(option, value)
    return highs


def _load(program: LinearProgram, objective: NDArray[np.float64]) -> highspy.Highs:
    highs = quiet_highs(
        mip_feasibility_tolerance=FEASIBILITY_TOLERANCE,
        mip_rel_gap=0.0,
        mip_abs_gap=FEASIBILITY_TOLERANCE,
        mip_max_nodes=MOST_NODES,
    )
    highs.passModel(_to_highs(program, objective))
    return highs


def _to_highs(program: LinearProgram, objective: NDArray[np.float64]) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.column_names), len(program.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_names_, lp.row_names_ = list(program.column_names), [row.name for row in program.rows]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = objective, program.column_lower, program.column_upper
    lp.row_lower_ = np.array([row.lower for row in program.rows])
    lp.row_upper_ = np.array([row.upper for row in program.rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = np.cumsum([0, *(row.column.size for row in program.rows)])
    lp.a_matrix_.index_ = np.concatenate([np.empty(0, np.int64), *(row.column for row in program.rows)])
    lp.a_matrix_.value_ = np.concatenate([np.empty(0), *(row.coefficient for row in program.rows)])
    if program.is_integer is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in program.is_integer]
    return lp


def _raise_no_answer(program: LinearProgram) -> None:
    """Without an objective nothing can be unbounded, so feasibility alone tells the two cases apart."""
    highs = _load(program, np.zeros_like(program.objective))
    if _is_feasible(highs):
        raise EngineError("The objective has no limit: the programme is unbounded.")
    conflict = _conflict(program, highs)
    raise InfeasibleError(f"These constraints cannot hold together: {', '.join(conflict)}.", conflict)


def _conflict(program: LinearProgram, highs: highspy.Highs) -> tuple[str, ...]:
    """Leave out rows one by one, in their order; those whose absence makes the rest possible are the conflict.

    HiGHS's own search for a conflict is documented as a prototype for continuous programmes only. This deletion
    filter (Chinneck and Dravnieks, 1991, "Locating minimal infeasible constraint sets in linear programs",
    ORSA Journal on Computing 3) is certain, and covers whole numbers too.
    """
    conflict = []
    for i, row in enumerate(program.rows):
        highs.changeRowBounds(i, -np.inf, np.inf)
        if _is_feasible(highs):
            highs.changeRowBounds(i, row.lower, row.upper)
            conflict.append(row.name)
    return tuple(conflict)


def _is_feasible(highs: highspy.Highs) -> bool:
    highs.run()
    status = highs.getModelStatus()
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
        raise EngineError(f"HiGHS could not tell whether an answer exists: {highs.modelStatusToString(status)}.")
    return bool(status == highspy.HighsModelStatus.kOptimal)


def _read(program: LinearProgram, highs: highspy.Highs, scale: float) -> Solution:
    found = highs.getSolution()
    values = np.clip(np.array(found.col_value), program.column_lower, program.column_upper)
    duals, reduced_costs = np.full(len(program.rows), np.nan), np.full(values.size, np.nan)
    if program.is_integer is None or not program.is_integer.any():
        duals, reduced_costs = np.array(found.row_dual) * scale, np.array(found.col_dual) * scale
    else:
        values = np.where(program.is_integer, np.round(values), values)
    return Solution(
        values=values,
        activity=np.array([row.coefficient @ values[row.column] for row in program.rows]),
        duals=duals,
        reduced_costs=reduced_costs,
        objective=float(program.objective @ values),
    )


def model_of(
    matrix: NDArray[np.float64],
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    cost: NDArray[np.float64],
) -> highspy.HighsLp:
    """Minimise ``cost @ x`` over x within its bounds and ``matrix @ x`` within those of the rows.

    For programmes solved many times over, whose rows need no names.
    """
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
    lp.row_lower_, lp.row_upper_ = row_lower, row_upper
    rows, columns = np.nonzero(matrix)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = matrix.shape
    lp.a_matrix_.start_ = np.searchsorted(rows, np.arange(len(matrix) + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = columns, matrix[rows, columns]
    return lp


def has_optimum(highs: highspy.Highs) -> bool:
    """Solve, and say whether there is an answer: the best one, or the first when the options ask for no more.

    From the vertex of the model before it the simplex method now and then loses its way; then it starts afresh.

    Raises          EngineError — HiGHS stopped without knowing
    """
    highs.run()
    if highs.getModelStatus() not in (*_ANSWER, *_NO_ANSWER):
        highs.clearSolver()
        highs.run()
    status = highs.getModelStatus()
    if status in _ANSWER:
        return True
    if status not in _NO_ANSWER:
        raise EngineError(f"HiGHS stopped without an answer: {highs.modelStatusToString(status)}.")
    return False
