"""The fairest chances that quotas allow, and a list of panels that gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError
from kawasan.engine.lottery import Problem, Quota
from kawasan.engine.solver import FEASIBILITY_TOLERANCE, quiet_highs

SLACK = 1e-8  # seats by which a row gives way once chances are settled, so that rounding cannot make it infeasible
BINDING = 1e-7  # chance per seat; a smaller multiplier is taken for zero
WHOLE = 1e-6  # seats; a number this near to a whole one is whole
EXACT = 2e-8  # seats, summed over all cells, by which the panels' average may miss the chances and still be exact
FIRST_PANELS = 1.5  # panels made for each cell before their weights are looked for
MOST_PRICED = 2_000  # panels added one by one before the search for an exact lottery is given up
MOST_SWAPS = 5_000  # exchanges of one panel of the list for another, in one round of care
CARE_ROUNDS = 60  # times that cells with the largest part missing get more care
CARED_FOR = 0.7  # of the largest part missing; cells missing more than this get more care
MORE_CARE = 1.5  # factor
NEIGHBOURS = 25  # cells set free, beside the fractional ones, when a panel is made whole

_OPTIMAL = highspy.HighsModelStatus.kOptimal
_INF = highspy.kHighsInf


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """People who can be exchanged without anybody noticing, and what a panel must satisfy in numbers of them.

    cell      shape (n,): each person's cell. Two people share one if they count towards the same quotas, have the same
              weight, are both guaranteed or both not, and their households have such members in the same numbers
    size      shape (c,): people of each cell
    weight    shape (c,): weight of each of them
    certain   shape (c,), bool: each of them has a seat in every panel
    matrix    shape (r, c): seats that one person of a cell counts in a row. Row 0 is the seats, then come the quotas,
              then the kinds of household with more members than may be seated
    lower, upper  shape (r,): bounds of each row, in seats
    """

    cell: NDArray[np.int64]
    size: NDArray[np.float64]
    weight: NDArray[np.float64]
    certain: NDArray[np.bool_]
    matrix: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lottery:
    """Chances and the equally likely panels that give them.

    cells     the cells the other arrays speak of
    bound     shape (c,): chance of one person. No lottery whose panels meet every row is fairer in the sense of
              leximin: the least ratio of chance to weight is as great as can be, then the next, and so on
    panels    shape (m, c): how many of each cell sit in each panel; every one of them meets every row exactly
    chances   shape (c,): chance of one person when one of ``panels`` is drawn: its count / (m * size)
    is_exact  some lottery over panels has exactly the chances ``bound`` (to EXACT), so the bound is the leximin itself
              and ``chances`` differ from it only because they are fractions with the denominator m * size
    missed    seats, summed over all cells, that the best lottery found misses ``bound`` by; 0 when ``is_exact``
    """

    cells: Cells
    bound: NDArray[np.float64]
    panels: NDArray[np.int64]
    chances: NDArray[np.float64]
    is_exact: bool
    missed: float


def leximin(
    problem: Problem,
    *,
    panels: int = 1000,
    weights: NDArray[np.int64] | None = None,
    certain: Sequence[int] = (),
) -> Lottery:
    """Make the lottery whose chances are as equal as the quotas allow.

    Chances: first the least ratio of chance to weight is made as great as possible, whoever cannot exceed it keeps it,
    and so on with the others. This is solved for whole cells by linear programmes; where panels, being whole, cannot
    give what the programme promises, a cut says so and it is solved again, until panels are found whose weighted
    average is the answer. Then each gets a whole number of ``panels``, and panels are exchanged while that brings the
    counts nearer to the answer.

    Parameters      panels : m >= 1, how many equally likely panels
                    weights : shape (n,), at least 1; everybody 1 when None
                    certain : row numbers of people who have a seat in every panel
    Returns         Lottery; the same chances whatever the order of people
    Raises          InvalidInputError — weights, certain or panels are not as above
                    InfeasibleError — no panel meets every row
                    EngineError — HiGHS gave no answer
    Source          Flanigan, Gölz, Gupta, Hennig and Procaccia (2021), "Fair algorithms for selecting citizens'
                    assemblies", Nature 596, for the aim and the columns; Welling (2009), "Herding dynamical weights to
                    learn", ICML, for the first panels.
    """
    if panels < 1:
        raise InvalidInputError("A list has at least one panel.")
    cells = cells_of(problem, weights=weights, certain=certain)
    relaxed = cells
    found = _best_panel(cells, np.zeros(len(cells.size)))[None]
    while True:
        point = fairest_point(relaxed)
        found, share, missed, cut = _average(cells, point, found)
        if cut is None:
            break
        relaxed = replace(
            relaxed,
            matrix=np.vstack([relaxed.matrix, cut[0]]),
            lower=np.append(relaxed.lower, -_INF),
            upper=np.append(relaxed.upper, cut[1]),
        )
    numbers = _whole_numbers(found, share, panels, point)
    chosen = np.repeat(found, numbers, axis=0).astype(np.int64)
    return Lottery(
        cells=cells,
        bound=point / cells.size,
        panels=chosen,
        chances=chosen.sum(axis=0) / (panels * cells.size),
        is_exact=missed <= EXACT,
        missed=0.0 if missed <= EXACT else missed,
    )


def cells_of(problem: Problem, *, weights: NDArray[np.int64] | None = None, certain: Sequence[int] = ()) -> Cells:
    """Group people who can be exchanged, and write the quotas and the household limit for the groups.

    Households of one kind (the same members, told apart only by what counts) share their chances, so a row a kind
    says all: a panel that seats at most ``households * limit`` of a kind can be spread over its households.

    Raises          InvalidInputError — as in ``leximin``
    """
    people = len(problem.households)
    weight = np.ones(people, dtype=np.int64) if weights is None else np.asarray(weights, dtype=np.int64)
    if weight.shape != (people,) or (weight < 1).any():
        raise InvalidInputError("Everybody needs a weight of at least 1.")
    if not set(certain) <= set(range(people)):
        raise InvalidInputError("Only people in the pool can be certain of a seat.")
    sure = np.zeros(people, dtype=np.int64)
    sure[list(certain)] = 1
    counts = np.column_stack([weight, sure, *(_counted(problem, quota) for quota in problem.quotas)])
    _, kind_of_person = np.unique(counts, axis=0, return_inverse=True)
    kind, households = _household_kinds(problem, kind_of_person)
    profile = np.column_stack([kind, counts])
    unique, cell, size = np.unique(profile, axis=0, return_inverse=True, return_counts=True)
    limited = np.flatnonzero(households)
    return Cells(
        cell=cell,
        size=size.astype(np.float64),
        weight=unique[:, 1].astype(np.float64),
        certain=unique[:, 2] == 1,
        matrix=np.vstack([np.ones(len(unique)), unique[:, 3:].T, unique[:, 0] == limited[:, None]]).astype(np.float64),
        lower=np.array([problem.seats, *(q.least for q in problem.quotas), *[0] * len(limited)], dtype=np.float64),
        upper=np.array(
            [problem.seats, *(q.most for q in problem.quotas), *households[limited] * problem.most_per_household],
            dtype=np.float64,
        ),
    )


def _counted(problem: Problem, quota: Quota) -> NDArray[np.int64]:
    return np.asarray(problem.features[:, quota.feature] == quota.value, dtype=np.int64)


def _household_kinds(
    problem: Problem, kind_of_person: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each person's kind of household (0: all members may be seated), and the households of each kind."""
    order = np.lexsort((kind_of_person, problem.households))
    _, first, size = np.unique(problem.households[order], return_index=True, return_counts=True)
    kinds: dict[tuple[int, ...], int] = {}
    kind = np.zeros(len(order), dtype=np.int64)
    number = [0]
    for start, members in zip(first, size, strict=True):
        if members > problem.most_per_household:
            rows = order[start : start + members]
            label = kinds.setdefault(tuple(kind_of_person[rows].tolist()), len(kinds) + 1)
            kind[rows] = label
            if label == len(number):
                number.append(0)
            number[label] += 1
    return kind, np.array(number, dtype=np.int64)


def fairest_point(cells: Cells) -> NDArray[np.float64]:
    """Return shape (c,): the seats that each cell gets on average when chances are leximin, panels need not be whole.

    A cell's seats are ``settled + share * level + extra``: ``level`` is the least ratio of chance to weight among cells
    not settled, ``share`` their size times weight, ``extra`` at least 0. Raising the level as far as it goes settles
    the cells whose extra has a multiplier: they have none in any solution as good.

    Raises          InfeasibleError — no point meets every row
    """
    share = np.where(cells.certain, 0.0, cells.size * cells.weight)
    settled = np.where(cells.certain, cells.size, 0.0)
    highs, level = _levels(cells, share, settled), len(share)
    caps: dict[int, int] = {}
    while share.any():
        point, spare, multiplier = _raise_level(highs, cells, share, settled, caps)
        full = np.zeros(level, dtype=bool)
        for cell, row in caps.items():
            full[cell] = share[cell] > 0 and abs(multiplier[row]) > BINDING
        stuck = (share > 0) & (np.abs(spare) > BINDING) & ~full
        if not (full | stuck).any():
            raise EngineError("No cell holds the level down, although it cannot rise.")
        settled = np.where(full, cells.size, np.where(stuck, point, settled))
        share = np.where(full | stuck, 0.0, share)
        _settle(highs, cells, share, settled, caps, np.flatnonzero(full | stuck))
    return _onto_rows(cells, settled)


def _levels(cells: Cells, share: NDArray[np.float64], settled: NDArray[np.float64]) -> highspy.Highs:
    """Maximise the level: the last column; the others are the extra seats of each cell."""
    count = cells.matrix.shape[1]
    fixed = cells.matrix @ settled
    highs = quiet_highs()
    highs.passModel(
        _model(
            np.column_stack([cells.matrix, cells.matrix @ share]),
            cells.lower - fixed,
            cells.upper - fixed,
            np.zeros(count + 1),
            np.append(np.where(cells.certain, 0.0, _INF), _INF),
            np.append(np.zeros(count), -1.0),
        )
    )
    return highs


def _raise_level(
    highs: highspy.Highs,
    cells: Cells,
    share: NDArray[np.float64],
    settled: NDArray[np.float64],
    caps: dict[int, int],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the seats of each cell, the multiplier of its extra, and the multipliers of all rows.

    Nobody's chance exceeds 1, but few cells come near it, so a cell's row is added when it does.
    """
    count = len(share)
    while True:
        _run(highs)
        solution = highs.getSolution()
        values = np.array(solution.col_value)
        point = settled + share * values[count] + values[:count]
        over = [cell for cell in np.flatnonzero(point > cells.size + SLACK).tolist() if cell not in caps]
        if not over:
            return point, np.array(solution.col_dual)[:count], np.array(solution.row_dual)
        for cell in over:
            caps[cell] = highs.getNumRow()
            columns, ones = np.array([cell, count], dtype=np.int32), np.array([1.0, share[cell]])
            highs.addRow(-_INF, float(cells.size[cell] - settled[cell]), 2, columns, ones)


def _settle(
    highs: highspy.Highs,
    cells: Cells,
    share: NDArray[np.float64],
    settled: NDArray[np.float64],
    caps: dict[int, int],
    new: NDArray[np.int64],
) -> None:
    rows, level = cells.matrix.shape
    for cell in new.tolist():
        highs.changeColBounds(cell, 0.0, SLACK)
        if cell in caps:
            highs.changeRowBounds(caps[cell], -_INF, _INF)
    rising, fixed = cells.matrix @ share, cells.matrix @ settled
    for row in range(rows):
        highs.changeCoeff(row, level, rising[row])
        highs.changeRowBounds(row, cells.lower[row] - fixed[row] - SLACK, cells.upper[row] - fixed[row] + SLACK)


def _onto_rows(cells: Cells, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take back what rows gave way: the nearest point, in the sum of differences, that meets all of them."""
    rows, count = cells.matrix.shape
    one, zero = np.eye(count), np.zeros((rows, count))
    matrix = np.block([[cells.matrix, zero, zero], [one, one, -one]])
    least = np.where(cells.certain, cells.size, 0.0)
    highs = quiet_highs()
    highs.passModel(
        _model(
            matrix,
            np.append(cells.lower, point),
            np.append(cells.upper, point),
            np.append(least, np.zeros(2 * count)),
            np.append(cells.size, np.full(2 * count, _INF)),
            np.append(np.zeros(count), np.ones(2 * count)),
        )
    )
    _run(highs)
    return np.array(highs.getSolution().col_value)[:count]


def _average(
    cells: Cells, point: NDArray[np.float64], found: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, tuple[NDArray[np.float64], float] | None]:
    """Look for panels and shares of them whose average is ``point``; or for a cut between it and every panel.

    Returns         the panels (d, c), their shares (d,), the seats they miss ``point`` by, and None or the cut: weights
                    (c,) and the most they come to in any panel
    """
    found = np.unique(np.vstack([found, _herd(cells, point, int(FIRST_PANELS * len(point)) + 10)]), axis=0)
    for _ in range(MOST_PRICED):
        share, missed, direction, offset = _shares(found, point)
        if missed <= EXACT:
            return found, share, missed, None
        best = _best_panel(cells, direction)
        if direction @ best + offset <= EXACT / 10:
            return found, share, missed, (direction, float(direction @ best))
        found = np.vstack([found, best])
    return found, share, missed, None


def _shares(
    found: NDArray[np.float64], point: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64], float]:
    """Weigh panels so that their average misses ``point`` by the fewest seats; the multipliers say what would help."""
    panels, count = found.shape
    one = np.eye(count)
    rows = np.vstack([np.hstack([found.T, one, -one]), np.append(np.ones(panels), np.zeros(2 * count))])
    bound = np.append(point, 1.0)
    size = panels + 2 * count
    highs = quiet_highs()
    cost = np.append(np.zeros(panels), np.ones(2 * count))
    highs.passModel(_model(rows, bound, bound, np.zeros(size), np.full(size, _INF), cost))
    _run(highs)
    solution = highs.getSolution()
    values, multiplier = np.array(solution.col_value), np.array(solution.row_dual)
    return values[:panels], float(values[panels:].sum()), multiplier[:count], float(multiplier[count])


def _herd(cells: Cells, point: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """Make panels one by one, each nearest to what its forerunners still owe to ``point``, rounded up or down.

    Fewer than ``number`` come back, perhaps none, when no panel lies between the roundings.
    """
    least, most = np.floor(point + WHOLE), np.ceil(point - WHOLE)
    most = np.maximum(least, most)
    care = 1.0 / np.maximum(point, WHOLE)
    highs = quiet_highs()
    highs.passModel(_model(cells.matrix, cells.lower, cells.upper, least, most, np.zeros(len(point))))
    columns, owed, made = np.arange(len(point), dtype=np.int32), np.zeros(len(point)), []
    for _ in range(number):
        owed = owed + point
        cost = care * (1 - 2 * (owed - least))
        highs.changeColsCost(len(point), columns, cost)
        if _status(highs) != _OPTIMAL:
            break
        panel = _made_whole(cells, highs, least, most, cost)
        if panel is None:
            break
        owed = owed - panel
        made.append(panel)
    return np.array(made).reshape(-1, len(point))


def _made_whole(
    cells: Cells,
    highs: highspy.Highs,
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    cost: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Keep what is whole in the optimum, but for the cells that are cheapest to change, and solve for these."""
    solution = highs.getSolution()
    values = np.array(solution.col_value)
    panel = np.rint(values)
    broken = np.abs(values - panel) > WHOLE
    if not broken.any():
        return panel
    order = np.argsort(np.where(broken, -1.0, np.abs(np.array(solution.col_dual))), kind="stable")
    width = int(broken.sum()) + NEIGHBOURS
    while True:
        free, kept = order[:width], order[width:]
        fixed = cells.matrix[:, kept] @ panel[kept]
        lower, upper = cells.lower - fixed, cells.upper - fixed
        found = _solve_whole(_model(cells.matrix[:, free], lower, upper, least[free], most[free], cost[free]))
        if found is not None:
            panel[free] = found
            return panel
        if width >= len(order):
            return None
        width *= 2


def _best_panel(cells: Cells, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the panel whose seats are worth most."""
    least = np.where(cells.certain, cells.size, 0.0)
    panel = _solve_whole(_model(cells.matrix, cells.lower, cells.upper, least, cells.size, -worth))
    if panel is None:
        raise InfeasibleError("No panel meets every quota and the household limit.")
    return panel


def _whole_numbers(
    found: NDArray[np.float64], share: NDArray[np.float64], panels: int, point: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return how often each panel stands in the list, so that the counts come near to ``panels * point``.

    From the rounded shares, panels are exchanged one for another while that lowers the sum over cells of
    care * (seats missed)^2. Then cells that miss the largest part of their seats get more care, and so on; of all
    lists seen, the one whose worst cell misses the smallest part is kept.
    """
    exactly = share / share.sum() * panels
    numbers = np.floor(exactly + WHOLE).astype(np.int64)
    numbers[np.argsort(numbers - exactly, kind="stable")[: panels - numbers.sum()]] += 1
    due = np.maximum(panels * point, WHOLE)
    care, best, least = 1.0 / due, numbers, np.inf
    for _ in range(CARE_ROUNDS):
        numbers = _exchanged(found, numbers, due, care)
        missing = (due - numbers @ found) / due
        if missing.max() < least:
            best, least = numbers, float(missing.max())
        care = np.where(missing > missing.max() * CARED_FOR, care * MORE_CARE, care)
    return best


def _exchanged(
    found: NDArray[np.float64], numbers: NDArray[np.int64], due: NDArray[np.float64], care: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Exchange the one panel for another that helps most, until none helps."""
    numbers = numbers.copy()
    inner = (found * care) @ found.T
    apart = np.diag(inner)[:, None] + np.diag(inner)[None, :] - 2 * inner
    pull = found @ (care * (due - numbers @ found))
    for _ in range(MOST_SWAPS):
        change = np.where(numbers[:, None] > 0, 2 * (pull[:, None] - pull[None, :]) + apart, np.inf)
        out, into = divmod(int(np.argmin(change)), len(found))
        if change[out, into] > -FEASIBILITY_TOLERANCE * care.max():
            break
        numbers[out] -= 1
        numbers[into] += 1
        pull = pull + inner[:, out] - inner[:, into]
    return numbers


def _solve_whole(model: highspy.HighsLp) -> NDArray[np.float64] | None:
    model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    highs = quiet_highs(solver="choose", mip_rel_gap=0.0, mip_abs_gap=FEASIBILITY_TOLERANCE)
    highs.passModel(model)
    if _status(highs) != _OPTIMAL:
        return None
    whole: NDArray[np.float64] = np.rint(np.array(highs.getSolution().col_value))
    return whole


def _run(highs: highspy.Highs) -> None:
    if _status(highs) != _OPTIMAL:
        raise InfeasibleError("No lottery meets every quota and the household limit.")


def _status(highs: highspy.Highs) -> highspy.HighsModelStatus:
    highs.run()
    status = highs.getModelStatus()
    known = (_OPTIMAL, highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    if status not in known:
        raise EngineError(f"HiGHS stopped without an answer: {highs.modelStatusToString(status)}.")
    return status


def _model(
    matrix: NDArray[np.float64],
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    cost: NDArray[np.float64],
) -> highspy.HighsLp:
    """Minimise ``cost @ x`` over x within its bounds and ``matrix @ x`` within those of the rows."""
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
