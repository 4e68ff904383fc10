"""What chances are made to be: the seats that each cell gets on average under an aim, panels need not be whole.

Each takes cells and returns shape (c,), seats. Raises InfeasibleError — no point meets every row.
"""

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells
from kawasan.engine.errors import EngineError, InfeasibleError
from kawasan.engine.panels import WHOLE
from kawasan.engine.solver import has_optimum, model_of, quiet_highs

SLACK = 1e-8  # seats by which a row gives way once chances are settled, so that rounding cannot make it infeasible
MOST_SLACK = 1e-6  # seats; no row gives way by more than about this
BINDING = 1e-7  # chance per seat; a smaller multiplier is taken for zero
MOST_TANGENTS = 300  # rounds; households of many kinds have been seen to take a hundred
TANGENT = 1e-8  # of the mean logarithm of chances, by which the answer may be short of the greatest
LEAST_PART = 1e-3  # of a cell's leximin seats, at which a tangent touches at the lowest

_INF = highspy.kHighsInf


def leximin_point(cells: Cells) -> NDArray[np.float64]:
    """Make the least ratio of chance to weight as great as possible, then the next, and so on.

    A cell's seats are ``settled + share * level + extra``: ``level`` is the least ratio of chance to weight among cells
    not settled, ``share`` their size times weight, ``extra`` at least 0. Raising the level as far as it goes settles
    the cells whose extra has a multiplier: they have none in any solution as good.

    Source          Flanigan, Gölz, Gupta, Hennig and Procaccia (2021), "Fair algorithms for selecting citizens'
                    assemblies", Nature 596.
    """
    share = np.where(cells.certain, 0.0, cells.size * cells.weight)
    settled = np.where(cells.certain, cells.size, 0.0)
    highs, level = _levels(cells, share, settled), len(share)
    caps: dict[int, int] = {}
    slack = 0.0
    while share.any():
        try:
            point, spare, multiplier = _raise_level(highs, cells, share, settled, caps)
        except InfeasibleError:
            if not 0 < slack < MOST_SLACK:
                raise
            slack *= 2  # roundings of many levels add up in a row
            _give_way(highs, cells, share, settled, slack)
            continue
        full = np.zeros(level, dtype=bool)
        for cell, row in caps.items():
            full[cell] = share[cell] > 0 and abs(multiplier[row]) > BINDING
        stuck = (share > 0) & (np.abs(spare) > BINDING) & ~full
        if not (full | stuck).any():
            raise EngineError("No cell holds the level down, although it cannot rise.")
        settled = np.where(full, cells.size, np.where(stuck, point, settled))
        share = np.where(full | stuck, 0.0, share)
        slack = max(slack, SLACK)
        _settle(highs, caps, np.flatnonzero(full | stuck))
        _give_way(highs, cells, share, settled, slack)
    return _onto_rows(cells, settled)


def maximin_point(cells: Cells) -> NDArray[np.float64]:
    """Make the least ratio of chance to weight as great as possible, and then the greatest as small.

    In the second programme columns are seats, then the greatest ratio.
    """
    share = np.where(cells.certain, 0.0, cells.size * cells.weight)
    settled = np.where(cells.certain, cells.size, 0.0)
    free = share > 0
    if not free.any():
        return _onto_rows(cells, settled)
    lowest = _raise_level(_levels(cells, share, settled), cells, share, settled, {})[0]
    level = (lowest[free] / share[free]).min()
    floor = np.where(free, np.minimum(share * level * (1 - SLACK), cells.size), cells.size)
    count = len(share)
    highs = quiet_highs(presolve="off")
    highs.passModel(
        model_of(
            np.block([[cells.matrix, np.zeros((len(cells.matrix), 1))], [-np.eye(count), share[:, None]]]),
            np.append(cells.lower, np.where(cells.certain, -_INF, 0.0)),
            np.append(cells.upper, np.full(count, _INF)),
            np.append(floor, 0.0),
            np.append(cells.size, _INF),
            np.append(np.zeros(count), 1.0),
        )
    )
    _solve(highs)
    return np.array(highs.getSolution().col_value)[:count]


def nash_point(cells: Cells) -> NDArray[np.float64]:
    """Make the product of chances, each to the power of its weight, as great as possible.

    Maximises the sum over cells of size * weight * log(seats), by tangents: columns are seats, then a bound on each
    logarithm, and every answer adds the tangents that touch there, until they promise no more than it gives. Cells that
    cannot have a seat, and certain ones, are left out.

    Source          Kelley (1960), "The cutting-plane method for solving convex programs", J. SIAM 8.
    """
    best = leximin_point(cells)
    seen = np.flatnonzero((best > WHOLE) & ~cells.certain)
    worth, count = (cells.size * cells.weight)[seen] / (cells.size * cells.weight)[seen].sum(), len(best)
    highs = quiet_highs(presolve="off")
    highs.passModel(_with_logarithms(cells, worth))
    point = best
    for _ in range(MOST_TANGENTS):
        for column, cell in enumerate(seen.tolist(), start=count):
            index = np.array([cell, column], dtype=np.int32)
            highs.addRow(-_INF, float(np.log(point[cell]) - 1), 2, index, np.array([-1 / point[cell], 1.0]))
        _solve(highs)
        values = np.array(highs.getSolution().col_value)
        point = np.where(best > WHOLE, np.maximum(values[:count], best * LEAST_PART), values[:count])
        if worth @ (values[count:] - np.log(point[seen])) < TANGENT:
            return _onto_rows(cells, values[:count])
    raise EngineError("The product of chances is not settled after all tangents.")


def _with_logarithms(cells: Cells, worth: NDArray[np.float64]) -> highspy.HighsLp:
    return model_of(
        np.column_stack([cells.matrix, np.zeros((len(cells.matrix), len(worth)))]),
        cells.lower,
        cells.upper,
        np.append(np.where(cells.certain, cells.size, 0.0), np.full(len(worth), -_INF)),
        np.append(cells.size, np.log(np.full(len(worth), 1 + cells.size.max()))),
        np.append(np.zeros(len(cells.size)), -worth),
    )


def _levels(cells: Cells, share: NDArray[np.float64], settled: NDArray[np.float64]) -> highspy.Highs:
    """Maximise the level: the last column; the others are the extra seats of each cell."""
    count = cells.matrix.shape[1]
    fixed = cells.matrix @ settled
    highs = quiet_highs(presolve="off")
    highs.passModel(
        model_of(
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
        _solve(highs)
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


def _settle(highs: highspy.Highs, caps: dict[int, int], new: NDArray[np.int64]) -> None:
    for cell in new.tolist():
        highs.changeColBounds(cell, 0.0, SLACK)
        if cell in caps:
            highs.changeRowBounds(caps[cell], -_INF, _INF)


def _give_way(
    highs: highspy.Highs, cells: Cells, share: NDArray[np.float64], settled: NDArray[np.float64], slack: float
) -> None:
    rows, level = cells.matrix.shape
    rising, fixed = cells.matrix @ share, cells.matrix @ settled
    for row in range(rows):
        highs.changeCoeff(row, level, rising[row])
        highs.changeRowBounds(row, cells.lower[row] - fixed[row] - slack, cells.upper[row] - fixed[row] + slack)


def _onto_rows(cells: Cells, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take back what rows gave way: meet all of them, and take the least part of anybody's chance for it."""
    count = cells.matrix.shape[1]
    part = np.where(cells.certain, 0.0, cells.size * cells.weight)
    matrix = np.block([[cells.matrix, np.zeros((len(cells.matrix), 1))], [np.eye(count), part[:, None]]])
    highs = quiet_highs(presolve="off")
    highs.passModel(
        model_of(
            matrix,
            np.append(cells.lower, point),
            np.append(cells.upper, np.full(count, _INF)),
            np.zeros(count + 1),
            np.append(cells.size, _INF),
            np.append(np.zeros(count), 1.0),
        )
    )
    _solve(highs)
    return np.array(highs.getSolution().col_value)[:count]


def _solve(highs: highspy.Highs) -> None:
    if not has_optimum(highs):
        raise InfeasibleError("No lottery meets every quota and the household limit.")
