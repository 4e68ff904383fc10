"""Panels, made of whole people, whose average comes to given seats of each cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells
from kawasan.engine.errors import EngineError, InfeasibleError
from kawasan.engine.solver import FEASIBILITY_TOLERANCE, has_optimum, model_of, quiet_highs

WHOLE = 1e-6  # seats; a number this near to a whole one is whole
EXACT = 1e-8  # part of a cell's seats that an average may miss and still be exact
PRICED_OUT = 1e-9  # gain of a panel, in parts of the seats asked for, that is taken for none
FIRST_PANELS = 150  # made before their shares are looked for; fewer when 1.5 a cell are fewer
MOST_WORK = 500_000  # panels made times cells, before the search for an exact mixture is given up
MOST_PRICED = 20  # panels sought one by one, to proven optimality, between two rounds of herding
MOST_CELLS_PRICED = 150  # with more cells the proof of one optimum takes as long as many panels
NEIGHBOURS = 25  # cells set free, beside the fractional ones, when a panel is made whole
MOST_SWAPS = 5_000  # exchanges of one panel of the list for another, in one round of care
CARE_ROUNDS = 60  # times that cells with the largest part missing get more care
CARED_FOR = 0.7  # of the largest part missing; cells missing more than this get more care
MORE_CARE = 1.5  # factor

_INF = highspy.kHighsInf
_FIRST_FOUND: dict[str, str | float] = {
    "mip_max_improving_sols": 1,
    "presolve": "off",
    "mip_detect_symmetry": "off",
    "mip_allow_restart": "off",
    "mip_heuristic_effort": 0.0,
}
_BEST: dict[str, str | float] = {"mip_rel_gap": 0.0, "mip_abs_gap": FEASIBILITY_TOLERANCE}


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """No panel is worth more than ``most``, at ``worth`` a seat of each cell; the point asked for is worth 1."""

    worth: NDArray[np.float64]
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Panels and shares of them whose average comes as near to a point as was found.

    panels    shape (d, c): how many of each cell sit in each panel; each meets every row
    share     shape (d,): at least 0, together 1
    reached   from 0 to 1: every cell has at least this part of its seats on average
    cut       why no mixture reaches the point; None when this one does, or when neither was found
    """

    panels: NDArray[np.float64]
    share: NDArray[np.float64]
    reached: float
    cut: Cut | None


def mixture(cells: Cells, point: NDArray[np.float64], known: NDArray[np.float64]) -> Mixture:
    """Look for panels whose mixture is ``point``; or prove that there is none.

    Panels come from herding, as many again by half each time; in between, the linear programme that mixes them says
    what would help, and the panel worth most to it is sought. If even that one is worth no more than those at hand,
    its multipliers are a cut.

    Parameters      point : shape (c,), seats; known : shape (d, c), panels to begin with
    Raises          InfeasibleError — no panel meets every row
    """
    herd, mixing = _herd(cells, point), _mixing(point)
    panels: dict[bytes, NDArray[np.float64]] = {}
    _join(mixing, panels, known, point)
    batch, made = min(FIRST_PANELS, len(point) * 3 // 2 + 10), 0
    while True:
        _join(mixing, panels, islice(herd, batch), point)
        made += batch
        cut = _price(cells, mixing, panels, point)
        share, reached, _ = _shares(mixing, point)
        batch = min(made // 2, MOST_WORK // len(point) - made)
        if reached >= 1 - EXACT or cut is not None or batch <= 0:
            return Mixture(np.array(list(panels.values())), share, reached, cut)


def reached_by(panels: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Return the greatest part of ``point`` that a mixture of ``panels`` gives every cell, from 0 to 1."""
    mixing = _mixing(point)
    _join(mixing, {}, panels, point)
    return _shares(mixing, point)[1]


def best_panel(cells: Cells, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the panel whose seats are worth most, at ``worth`` a seat of each cell.

    Raises          InfeasibleError — no panel meets every row
    """
    least = np.where(cells.certain, cells.size, 0.0)
    panel = _whole(model_of(cells.matrix, cells.lower, cells.upper, least, cells.size, -worth), _BEST)
    if panel is None:
        raise InfeasibleError("No panel meets every quota and the household limit.")
    return panel


def listed(mixed: Mixture, point: NDArray[np.float64], panels: int) -> NDArray[np.int64]:
    """Return shape (panels, c): each panel of the mixture a whole number of times, so that counts are near the point.

    From the rounded shares, panels are exchanged one for another while that lowers the sum over cells of
    care * (seats missed)^2. Then cells that miss the largest part of their seats get more care, and so on; of all
    lists seen, the one whose worst cell misses the smallest part is kept.
    """
    exactly = mixed.share / mixed.share.sum() * panels
    numbers = np.floor(exactly + WHOLE).astype(np.int64)
    numbers[np.argsort(numbers - exactly, kind="stable")[: panels - numbers.sum()]] += 1
    due = np.maximum(panels * point, WHOLE)
    care, best, least = 1.0 / due, numbers, np.inf
    for _ in range(CARE_ROUNDS):
        numbers = _exchanged(mixed.panels, numbers, due, care)
        missing = (due - numbers @ mixed.panels) / due
        if missing.max() < least:
            best, least = numbers, float(missing.max())
        care = np.where(missing > missing.max() * CARED_FOR, care * MORE_CARE, care)
    return np.repeat(mixed.panels, best, axis=0).astype(np.int64)


def _exchanged(
    panels: NDArray[np.float64], numbers: NDArray[np.int64], due: NDArray[np.float64], care: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Exchange the one panel for another that helps most, until none helps."""
    numbers = numbers.copy()
    inner = (panels * care) @ panels.T
    apart = np.diag(inner)[:, None] + np.diag(inner)[None, :] - 2 * inner
    pull = panels @ (care * (due - numbers @ panels))
    for _ in range(MOST_SWAPS):
        present = np.flatnonzero(numbers)
        change = 2 * (pull[present, None] - pull[None, :]) + apart[present]
        row, into = divmod(int(np.argmin(change)), len(panels))
        if change[row, into] > -FEASIBILITY_TOLERANCE * care.max():
            break
        numbers[present[row]] -= 1
        numbers[into] += 1
        pull = pull + inner[:, present[row]] - inner[:, into]
    return numbers


def _mixing(point: NDArray[np.float64]) -> highspy.Highs:
    """Maximise the part of the point that every cell gets: column 0; a column a panel follows."""
    asked = np.flatnonzero(point > WHOLE)
    highs = quiet_highs(presolve="off")
    highs.addVar(0.0, 1.0)
    highs.changeColCost(0, -1.0)
    for _ in asked:
        highs.addRow(0.0, _INF, 1, np.array([0], dtype=np.int32), np.array([-1.0]))
    highs.addRow(1.0, 1.0, 0, np.array([], dtype=np.int32), np.array([]))
    return highs


def _join(
    mixing: highspy.Highs,
    panels: dict[bytes, NDArray[np.float64]],
    more: Iterable[NDArray[np.float64]],
    point: NDArray[np.float64],
) -> None:
    """Give each new panel a column: the parts of the seats asked for that it fills, and one share."""
    asked = np.flatnonzero(point > WHOLE)
    for panel in more:
        if panel.tobytes() not in panels:
            panels[panel.tobytes()] = panel
            parts = panel[asked] / point[asked]
            rows = np.flatnonzero(parts)
            index = np.append(rows, len(asked)).astype(np.int32)
            mixing.addCol(0.0, 0.0, _INF, len(index), index, np.append(parts[rows], 1.0))


def _shares(
    mixing: highspy.Highs, point: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """Return the shares, the part of the point they reach, and what a seat of each cell would be worth to that part."""
    if not has_optimum(mixing):
        raise EngineError("Panels have no mixture.")
    solution = mixing.getSolution()
    values, multiplier = np.array(solution.col_value), np.array(solution.row_dual)
    asked = np.flatnonzero(point > WHOLE)
    worth = np.zeros(len(point))
    worth[asked] = multiplier[:-1] / point[asked]
    return values[1:], float(values[0]), worth


def _price(
    cells: Cells, mixing: highspy.Highs, panels: dict[bytes, NDArray[np.float64]], point: NDArray[np.float64]
) -> Cut | None:
    """Add the panels worth most, one by one; or return the cut when the panels at hand are worth as much."""
    for _ in range(MOST_PRICED if len(point) <= MOST_CELLS_PRICED else 0):
        _, reached, worth = _shares(mixing, point)
        if reached >= 1 - EXACT:
            break
        best = best_panel(cells, worth)
        if worth @ best <= reached + PRICED_OUT:
            return Cut(worth, float(worth @ best))
        _join(mixing, panels, [best], point)
    return None


def _herd(cells: Cells, point: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Make panels one by one, each nearest to what its forerunners still owe to ``point``, rounded up or down.

    Where no panel lies between the roundings, the room grows by a seat on either side.
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
        panel = _made_whole(cells, highs, least, most, cost) if has_optimum(highs) else None
        if panel is not None:
            owed = owed - panel + point
            yield panel
        elif (least[~cells.certain] > 0).any() or (most < cells.size).any():
            least, most = np.maximum(least - 1, 0), np.minimum(most + 1, cells.size)
            least = np.where(cells.certain, cells.size, least)
            highs.changeColsBounds(len(point), columns, least, most)
        else:
            return


def _made_whole(
    cells: Cells,
    highs: highspy.Highs,
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    cost: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Keep what is whole in the optimum, but for the cells that are cheapest to change, and look for these anew."""
    solution = highs.getSolution()
    values = np.array(solution.col_value)
    panel: NDArray[np.float64] = np.rint(values)
    broken = np.abs(values - panel) > WHOLE
    if not broken.any():
        return panel
    order = np.argsort(np.where(broken, -1.0, np.abs(np.array(solution.col_dual))), kind="stable")
    width = int(broken.sum()) + NEIGHBOURS
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
    if not has_optimum(highs):
        return None
    whole: NDArray[np.float64] = np.rint(np.array(highs.getSolution().col_value))
    return whole
