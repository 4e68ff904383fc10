"""Panels, made of whole people, one nearest to what is asked of it or many whose average comes to a point."""

from collections.abc import Iterator

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.solver import FEASIBILITY_TOLERANCE, has_optimum, model_of, quiet_highs

WHOLE = 1e-6  # seats; a number this near to a whole one is whole
ROUNDED = 24  # cells, at least, whose rounding is tried in every combination
COMBINATIONS = 256  # of roundings kept: the cheapest that can still meet every row
MOST_NODES = 1_000  # looked at for the first answer, before it is taken for none
NEIGHBOURS = 25  # cells set free, beside the fractional ones, when no combination meets every row
MOST_CELLS_DIVED = 500  # with more of either, an optimum costs more than the combinations that it would save
MOST_ROWS_DIVED = 50

_FIRST_FOUND: dict[str, str | float] = {
    "mip_max_improving_sols": 1,
    "mip_max_nodes": MOST_NODES,
    "mip_detect_symmetry": "off",
    "mip_allow_restart": "off",
    "mip_heuristic_effort": 0.0,
}
_BEST: dict[str, str | float] = {"mip_rel_gap": 0.0, "mip_abs_gap": FEASIBILITY_TOLERANCE}


def best_panel(cells: Cells, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the panel whose seats are worth most, at ``worth`` a seat of each cell.

    Raises          InfeasibleError — no panel meets every row
    """
    least = np.where(cells.certain, cells.size, 0.0)
    panel = _whole(model_of(cells.matrix, cells.lower, cells.upper, least, cells.size, -worth), _BEST)
    if panel is None:
        raise InfeasibleError("No panel meets every quota and the household limit.")
    return panel


def herd(cells: Cells, point: NDArray[np.float64], *, quick: bool) -> Iterator[NDArray[np.float64]]:
    """Make panels one by one, each nearest to what its forerunners still owe to ``point``, rounded up or down.

    ``quick`` ones are made in a third of the time, and more of them are needed for the same mixture. Where no panel
    lies between the roundings, the room grows by a seat on either side.
    """
    base = np.floor(point + WHOLE)
    least, most = base, np.maximum(base, np.ceil(point - WHOLE))
    care = 1.0 / np.maximum(point, WHOLE)
    highs = quiet_highs()
    highs.passModel(model_of(cells.matrix, cells.lower, cells.upper, least, most, np.zeros(len(point))))
    columns, owed = np.arange(len(point), dtype=np.int32), point
    while True:
        cost = care * (1 - 2 * (owed - base))
        highs.changeColsCost(len(point), columns, cost)
        panel = whole_near(cells, highs, least, most, cost, quick=quick) if has_optimum(highs) else None
        if panel is not None:
            owed = owed - panel + point
            yield panel
        elif (least[~cells.certain] > 0).any() or (most < cells.size).any():
            least, most = np.maximum(least - 1, 0), np.minimum(most + 1, cells.size)
            least = np.where(cells.certain, cells.size, least)
            highs.changeColsBounds(len(point), columns, least, most)
        else:
            return


def whole_near(
    cells: Cells,
    highs: highspy.Highs,
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    cost: NDArray[np.float64],
    *,
    quick: bool = True,
) -> NDArray[np.float64] | None:
    """Make the optimum whole by changing the cells that are cheapest to change; None when no answer is found."""
    panel, values, broken, order = _broken(highs)
    if not broken.any():
        return panel
    if quick and len(least) <= MOST_CELLS_DIVED and len(cells.lower) <= MOST_ROWS_DIVED:
        if (dived := _dived(highs, least, most, values)) is not None:
            return dived
    elif quick:
        low = np.where(broken, np.floor(values), panel)
        few = order[: max(ROUNDED, int(broken.sum()) + ROUNDED // 2)]
        step = np.where(broken[few] | (low[few] < most[few]), 1.0, -1.0) * (least[few] < most[few])
        if (taken := _rounded(cells, low, few, step, cost)) is not None:
            low[few] += step * taken
            return low
    return _whole_among(cells, panel, order, int(broken.sum()) + NEIGHBOURS, (least, most, cost))


def _dived(
    highs: highspy.Highs, least: NDArray[np.float64], most: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Keep the half of the fractional cells that is nearest to whole, and look for the optimum of the others anew.

    None when nothing is left to choose for them: the last half kept does not fit. The bounds are as before afterwards.
    """
    found: NDArray[np.float64] = np.rint(values)
    while (off := np.abs(values - found)).max() > WHOLE:
        broken = np.flatnonzero(off > WHOLE)
        near = broken[np.argsort(off[broken], kind="stable")][: (len(broken) + 1) // 2].astype(np.int32)
        highs.changeColsBounds(len(near), near, found[near], found[near])
        if not has_optimum(highs):
            break
        values = np.array(highs.getSolution().col_value)
        found = np.rint(values)
    highs.changeColsBounds(len(least), np.arange(len(least), dtype=np.int32), least, most)
    return found if off.max() <= WHOLE else None


def _broken(
    highs: highspy.Highs,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the optimum rounded, the optimum, which cells are not whole in it, and cells in order: these first."""
    solution = highs.getSolution()
    values = np.array(solution.col_value)
    panel: NDArray[np.float64] = np.rint(values)
    broken = np.abs(values - panel) > WHOLE
    return panel, values, broken, np.argsort(np.where(broken, -1.0, np.abs(np.array(solution.col_dual))), kind="stable")


def _rounded(
    cells: Cells,
    panel: NDArray[np.float64],
    few: NDArray[np.int64],
    step: NDArray[np.float64],
    cost: NDArray[np.float64],
) -> NDArray[np.bool_] | None:
    """Say which of ``few`` cells to change by their ``step`` at least cost, so that the panel meets every row.

    Cell by cell the combinations double; those that the cells to come cannot bring back within the rows are dropped,
    and of the others the cheapest kept. None when none is left, which need not mean that there is none.
    """
    change = cells.matrix[:, few] * step
    below, above = np.minimum(change, 0.0), np.maximum(change, 0.0)
    later_below, later_above = (part[:, ::-1].cumsum(axis=1)[:, ::-1] - part for part in (below, above))
    rows, price = (cells.matrix @ panel)[:, None], np.zeros(1)
    before = []  # of each cell, the combinations that were kept: which they come from, and whether they take it
    for place, cell in enumerate(few.tolist()):
        width = len(price)
        rows = np.concatenate([rows, rows + change[:, place, None]], axis=1)
        price = np.concatenate([price, price + cost[cell] * step[place]])
        reachable = (rows >= (cells.lower - WHOLE - later_above[:, place])[:, None]) & (
            rows <= (cells.upper + WHOLE - later_below[:, place])[:, None]
        )
        kept = np.flatnonzero(reachable.all(axis=0))
        kept = kept[np.argsort(price[kept], kind="stable")[:COMBINATIONS]]
        rows, price = rows[:, kept], price[kept]
        before.append((kept % width, kept >= width))
        if not len(kept):
            return None
    return _taken(before)


def _taken(before: list[tuple[NDArray[np.int64], NDArray[np.bool_]]]) -> NDArray[np.bool_]:
    """Follow the cheapest combination back to the first cell."""
    taken, one = np.zeros(len(before), dtype=np.bool_), 0
    for place in reversed(range(len(before))):
        parents, chosen = before[place]
        taken[place], one = chosen[one], int(parents[one])
    return taken


def _whole_among(
    cells: Cells,
    panel: NDArray[np.float64],
    order: NDArray[np.int64],
    width: int,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64] | None:
    """Keep the panel but for the first ``width`` cells of the order, then for more, and look for these anew."""
    least, most, cost = bounds
    while True:
        free, kept = order[:width], order[width:]
        fixed = cells.matrix[:, kept] @ panel[kept]
        model = model_of(
            cells.matrix[:, free], cells.lower - fixed, cells.upper - fixed, least[free], most[free], cost[free]
        )
        found = _whole(model, _FIRST_FOUND)
        if found is not None:
            panel[free] = found
            return panel
        if width >= len(order):
            return None
        width *= 2


def _whole(model: highspy.HighsLp, options: dict[str, str | float]) -> NDArray[np.float64] | None:
    """Solve for whole numbers; None when there is no answer."""
    model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    highs = quiet_highs(solver="choose", **options)
    highs.passModel(model)
    if (
        not has_optimum(highs)
        or highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible
    ):
        return None
    whole: NDArray[np.float64] = np.rint(np.array(highs.getSolution().col_value))
    return whole
