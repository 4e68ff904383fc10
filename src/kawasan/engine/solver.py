"""The one door to HiGHS: linear and integer programmes made of arrays."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

FEASIBILITY_TOLERANCE = 1e-9  # how far a row or column may lie outside its bounds, in its own unit
MOST_NODES = 1_000_000  # of the branch-and-bound tree: a limit that means the same on a slow and a fast machine
DUAL, PRIMAL = 1, 4  # of HiGHS's simplex methods
LARGE = 8_000  # columns; from here the interior-point method with crossover is faster than the simplex

_ANSWER = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
_NO_ANSWER = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True, slots=True, eq=False)
class LinearProgram:
    """Maximise ``objective @ x`` over x within its bounds and ``A @ x`` within those of the rows.

    objective : shape (n,), gain per unit of the column
    lower, upper : shape (n,), bounds of the columns; -inf and inf leave that side open
    row_lower, row_upper : shape (m,), bounds of the rows
    row, column, value : shape (entries,), ``A[row[i], column[i]] = value[i]``, each position at most once
    is_integer : shape (n,), bool, the columns that must be whole numbers; None when none must
    """

    objective: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float64]
    is_integer: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An answer.

    values : shape (n,), value of each column
    duals : shape (m,), change of the objective per unit that the binding bound of the row is raised;
        nan for an integer programme, which has none
    objective : the value reached;  bound : no answer reaches more
    gap : share of the objective by which a better answer is not ruled out; 0 for a linear programme
    converged : False where the search ended at its limit of nodes before the gap was as small as asked
    """

    values: NDArray[np.float64]
    duals: NDArray[np.float64]
    objective: float
    bound: float
    gap: float
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Corner:
    """Where the simplex method ended; a programme of the same shape with nearly the same numbers is soon solved.

    kept : how many rows were added to the programme
    """

    program: LinearProgram
    kept: int
    basis: highspy.HighsBasis

    def fits(self, program: LinearProgram, kept: int) -> bool:
        """Whether the other programme has as many rows and columns."""
        mine = self.program.objective.size, self.program.row_lower.size, self.kept
        return mine == (program.objective.size, program.row_lower.size, kept)

    def is_possible_in(self, program: LinearProgram) -> bool:
        """Whether the other programme only pays otherwise."""
        limits = ("lower", "upper", "row_lower", "row_upper", "row", "column", "value")
        return all(np.array_equal(getattr(self.program, name), getattr(program, name)) for name in limits)


class Solver:
    """A programme that is loaded once and solved again and again with small changes, each from the answer before.

    It is quiet, runs on one thread, and gives the same answer every time. The objective is divided by a power of two
    before solving, so rupiah and kilograms can be mixed.

    Parameters
        program : LinearProgram
        gap : share of the objective at which an integer answer is good enough
        most_nodes : of the branch-and-bound tree; then the best answer so far is returned, ``converged`` False
        near : a corner of a similar linear programme, to begin from; of no use to another shape or whole numbers
    Raises
        InvalidInputError : shapes differ, a number is not finite, or bounds cross.
    Source
        Huangfu and Hall (2018), "Parallelizing the dual revised simplex method", Math. Prog. Comp. 10;
        Schork and Gondzio (2020), "Implementation of an interior point method with basis preconditioning", the same 12.
    """

    def __init__(
        self,
        program: LinearProgram,
        *,
        gap: float = 0.0,
        most_nodes: int = MOST_NODES,
        near: Corner | None = None,
    ) -> None:
        _check(program)
        self._whole = np.zeros(program.objective.size, bool) if program.is_integer is None else program.is_integer
        self._is_whole = bool(self._whole.any())
        self._columns = np.arange(program.objective.size, dtype=np.int32)
        self._program, self._objective, self._kept, self._near = program, program.objective, 0, near
        self._method = "ipm" if program.objective.size >= LARGE else "simplex"
        self._scale = _power_of_two(program.objective)
        self._highs = quiet_highs(
            solver=self._method,
            run_crossover="on",
            mip_feasibility_tolerance=FEASIBILITY_TOLERANCE,
            mip_rel_gap=gap,
            mip_abs_gap=FEASIBILITY_TOLERANCE,
            mip_max_nodes=most_nodes,
        )
        _pass(self._highs, program, self._scale)

    def corner(self) -> Corner | None:
        """Where the last answer stands; None for whole numbers."""
        return None if self._is_whole else Corner(self._program, self._kept, self._highs.getBasis())

    def aim(self, objective: NDArray[np.float64]) -> None:
        """Maximise something else from now on; the last corner says little about that, so a large one begins anew."""
        if self._method == "ipm" and not self._is_whole:
            self._highs.clearSolver()
            self._highs.setOptionValue("solver", self._method)
        self._objective, self._scale = objective, _power_of_two(objective)
        self._highs.changeColsCost(objective.size, self._columns, objective / self._scale)

    def keep(self, weights: NDArray[np.float64], least: float) -> None:
        """Demand from now on that ``weights @ x`` is at least so much; the new row has no dual in the answers."""
        unit = _power_of_two(weights)  # keeps the numbers near 1, where the solver is exact
        used = np.flatnonzero(weights).astype(np.int32)
        self._kept += 1
        self._highs.addRow(least / unit, np.inf, used.size, used, weights[used] / unit)

    def move(self, rows: NDArray[np.int64], lower: NDArray[np.float64], upper: NDArray[np.float64]) -> None:
        """Give these rows other bounds."""
        for row, least, most in zip(rows.tolist(), lower.tolist(), upper.tolist(), strict=True):
            self._highs.changeRowBounds(row, least, most)

    def hold(self, columns: NDArray[np.int64], lower: NDArray[np.float64], upper: NDArray[np.float64]) -> None:
        """Give these columns other bounds, inside those that they have."""
        self._highs.changeColsBounds(columns.size, columns.astype(np.int32), lower, upper)

    def move_back(self, rows: NDArray[np.int64]) -> None:
        self.move(rows, self._program.row_lower[rows], self._program.row_upper[rows])

    def start_from(self, values: NDArray[np.float64]) -> None:
        """Offer a known answer to the search for a better one; a linear programme begins at its last corner anyway."""
        if self._is_whole:
            known = highspy.HighsSolution()
            known.col_value = values.tolist()
            self._highs.setSolution(known)

    def solve(self) -> Solution:
        """Solve.

        Raises
            InfeasibleError : no answer exists.
            EngineError : the objective has no limit, or HiGHS stopped without knowing.
        """
        self._run()
        found, information = self._highs.getSolution(), self._highs.getInfo()
        values: NDArray[np.float64] = np.clip(np.array(found.col_value), self._program.lower, self._program.upper)
        m = self._program.row_lower.size
        if not self._is_whole:
            reached = float((self._objective * values).sum())  # @ would start threads for this little
            return Solution(values, np.array(found.row_dual)[:m] * self._scale, reached, reached, 0.0, True)
        values = np.where(self._whole, np.round(values), values)
        reached, bound = float(self._objective @ values), float(information.mip_dual_bound) * self._scale
        converged = bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
        return Solution(values, np.full(m, np.nan), reached, bound, share_of(bound - reached, reached), converged)

    def best(self) -> float:
        """Solve and return the objective alone, or raise as ``solve`` does."""
        self._run()
        return float(self._highs.getInfo().objective_function_value) * self._scale

    def _begin_near(self) -> None:
        """A corner that is possible goes to the primal simplex method, any other to the dual one."""
        near, self._near = self._near, None
        if near and not self._is_whole and near.fits(self._program, self._kept):
            self._highs.setBasis(near.basis)
            self._highs.setOptionValue("solver", "simplex")
            self._highs.setOptionValue("simplex_strategy", PRIMAL if near.is_possible_in(self._program) else DUAL)

    def _run(self) -> None:
        self._begin_near()
        self._highs.run()
        if not self._has_answer() and not self._is_whole:
            # From the vertex of the model before it the simplex method now and then loses its way; and at this
            # tolerance presolve finds conflicts that are none.
            self._highs.clearSolver()
            self._highs.setOptionValue("presolve", "off")
            self._highs.setOptionValue("solver", "simplex")
            self._highs.run()
            self._highs.setOptionValue("presolve", "choose")
        if not self._has_answer():
            self._raise_no_answer()
        # From the answer now known, a small change is a few pivots.
        self._highs.setOptionValue("solver", "simplex")
        self._highs.setOptionValue("simplex_strategy", DUAL)

    def _has_answer(self) -> bool:
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return True
        found = self._highs.getInfo().primal_solution_status
        return self._is_whole and bool(found == highspy.SolutionStatus.kSolutionStatusFeasible)

    def _raise_no_answer(self) -> None:
        """Without an objective nothing can be unbounded, so feasibility alone tells the two cases apart."""
        status = self._highs.modelStatusToString(self._highs.getModelStatus())
        if self._highs.getModelStatus() not in _NO_ANSWER:
            raise EngineError(f"HiGHS stopped without an optimum: {status}.")
        self._highs.changeColsCost(self._columns.size, self._columns, np.zeros(self._columns.size))
        is_feasible = _is_feasible(self._highs)
        self._highs.changeColsCost(self._columns.size, self._columns, self._objective / self._scale)
        if is_feasible:
            raise EngineError("The objective has no limit: the programme is unbounded.")
        raise InfeasibleError("The constraints cannot hold together.")


def share_of(difference: float, value: float) -> float:
    """The share of a value that a difference is, 0 where it is below the solver's tolerance."""
    return difference / max(abs(value), 1.0) if difference > FEASIBILITY_TOLERANCE * max(abs(value), 1.0) else 0.0


def solve(program: LinearProgram) -> Solution:
    """Solve a linear or integer programme to proven optimality.  Raises what ``Solver`` and its ``solve`` raise."""
    solution = Solver(program).solve()
    if not solution.converged:
        raise EngineError("HiGHS reached its limit of nodes without an optimum.")
    return solution


def conflict(program: LinearProgram, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find groups of rows that cannot hold together, and any of which, left out, makes the others possible.

    Groups are left out one by one in the order of their numbers; those without which the rest is possible are the
    conflict. HiGHS's own search for a conflict is documented as a prototype for continuous programmes only. This
    deletion filter is certain, and covers whole numbers too.

    Parameters
        program : one that no answer exists for
        group : shape (m,), the group of each row; rows below 0 are never left out
    Returns
        shape (k,), groups in order; empty when the rows that are never left out cannot hold together by themselves
    Source
        Chinneck and Dravnieks (1991), "Locating minimal infeasible constraint sets in linear programs", ORSA Journal
        on Computing 3.
    """
    highs = quiet_highs(presolve="on", mip_feasibility_tolerance=FEASIBILITY_TOLERANCE, mip_max_nodes=MOST_NODES)
    _pass(highs, program, 1.0)
    everything = np.arange(program.objective.size, dtype=np.int32)
    highs.changeColsCost(everything.size, everything, np.zeros(everything.size))
    found = []
    for number in np.unique(group[group >= 0]):
        rows = np.flatnonzero(group == number).tolist()
        for i in rows:
            highs.changeRowBounds(i, -np.inf, np.inf)
        if _is_feasible(highs):
            for i in rows:
                highs.changeRowBounds(i, program.row_lower[i], program.row_upper[i])
            found.append(number)
    return np.array(found, dtype=np.int64)


def _check(program: LinearProgram) -> None:
    _check_bounds(program)
    _check_entries(program)


def _check_bounds(program: LinearProgram) -> None:
    n, m = program.objective.size, program.row_lower.size
    if n == 0:
        raise InvalidInputError("The programme has no columns.")
    if program.lower.shape != (n,) or program.upper.shape != (n,) or program.row_upper.shape != (m,):
        raise InvalidInputError("Bounds must be as many as columns or rows.")
    if program.is_integer is not None and program.is_integer.shape != (n,):
        raise InvalidInputError("is_integer must say it of every column.")
    if not (program.lower <= program.upper).all():
        raise InvalidInputError("A column's lower bound lies above its upper bound.")
    if np.isnan(program.row_lower).any() or np.isnan(program.row_upper).any():
        raise InvalidInputError("A row has a bound that is not a number.")


def _check_entries(program: LinearProgram) -> None:
    n, m = program.objective.size, program.row_lower.size
    if not np.isfinite(program.objective).all() or not np.isfinite(program.value).all():
        raise InvalidInputError("The programme has a number that is not finite.")
    if not program.row.shape == program.column.shape == program.value.shape:
        raise InvalidInputError("Every entry needs its row, its column and its value.")
    if program.row.size and not (program.row.min() >= 0 and program.row.max() < m):
        raise InvalidInputError("An entry stands in a row that does not exist.")
    if program.column.size and not (program.column.min() >= 0 and program.column.max() < n):
        raise InvalidInputError("An entry stands in a column that does not exist.")


class QuietHighs(highspy.Highs):
    """Prints nothing: ``Highs()`` announces its version while it is made, before an option could be set."""

    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()


def _power_of_two(objective: NDArray[np.float64]) -> float:
    # Dividing by a power of two is exact, so an answer scaled back is the answer of the unscaled programme.
    largest = np.abs(objective).max(initial=0.0)
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


def _pass(highs: highspy.Highs, program: LinearProgram, scale: float) -> None:
    """Hand the arrays over by columns, as HiGHS keeps them; no list of names or of Python numbers is made."""
    n, m = program.objective.size, program.row_lower.size
    by_column = np.lexsort((program.row, program.column))
    start = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(program.column, minlength=n), out=start[1:])
    status = highs.passModel(
        n, m, program.value.size, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMaximize), 0.0,
        program.objective / scale, program.lower, program.upper, program.row_lower, program.row_upper,
        start, program.row[by_column].astype(np.int32), program.value[by_column],
        np.zeros(n, np.int32) if program.is_integer is None else program.is_integer.astype(np.int32),
    )  # fmt: skip
    if status == highspy.HighsStatus.kError:
        raise InvalidInputError("A position of the matrix stands twice.")


def _is_feasible(highs: highspy.Highs) -> bool:
    highs.run()
    status = highs.getModelStatus()
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
        raise EngineError(f"HiGHS could not tell whether an answer exists: {highs.modelStatusToString(status)}.")
    return bool(status == highspy.HighsModelStatus.kOptimal)


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
