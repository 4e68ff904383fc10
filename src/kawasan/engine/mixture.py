"""Shares of panels whose average comes as near to given seats of each cell as can be."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells
from kawasan.engine.errors import EngineError
from kawasan.engine.exchanges import exchanges_of
from kawasan.engine.panels import WHOLE, best_panel, herd
from kawasan.engine.peeling import peeled
from kawasan.engine.solver import has_optimum, quiet_highs

EXACT = 1e-8  # part of a cell's seats that an average may miss and still be exact
PRICED_OUT = 1e-9  # gain of a panel, in parts of the seats asked for, that is taken for none
MOST_WORK = 500_000  # panels made times cells, before the search for an exact mixture is given up
MOST_PRICED = 20  # panels sought one by one, to proven optimality, between two rounds of herding
MOST_CELLS_PRICED = 150  # with more cells the proof of one optimum takes as long as many panels
MOST_CELLS_EXCHANGED = 600  # with more cells the programme of exchanges takes longer than panels are worth
EXCHANGES = 10  # of each panel, offered at once

_INF = highspy.kHighsInf
_PRIMAL_SIMPLEX = 4  # columns are added to an answer that stays possible


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

    Mostly the point can be peeled into panels. If not, more come from herding, as many as cells and then half as many
    again each time. The linear programme that mixes them may exchange one person of any panel for another, and its
    multipliers say which exchanges help. If even the panel worth most to it is worth no more than those at hand, the
    multipliers are a cut.

    Parameters      point : shape (c,), seats; known : shape (d, c), panels to begin with
    Raises          InfeasibleError — no panel meets every row
    """
    peel = peeled(cells, point)
    reached = part_given(peel.share @ peel.panels, point)
    if reached >= 1 - EXACT:
        return Mixture(peel.panels, peel.share / peel.share.sum(), reached, None)
    few = len(point) <= MOST_CELLS_EXCHANGED
    herded, mixing = herd(cells, point, quick=few), _Mixing(cells, point)
    mixing.join([*known, *peel.panels])
    batch, made = len(point) + 10, 0
    while True:
        batch = min(batch, MOST_WORK // len(point) - made)
        mixing.join(islice(herded, batch))
        made += batch
        if not mixing.panels:
            mixing.join([best_panel(cells, np.zeros(len(point)))])
        if few:
            mixing.exchange()
        cut = mixing.price() if len(point) <= MOST_CELLS_PRICED else None
        mixing.solve()
        batch = made // 2
        if mixing.reached >= 1 - EXACT or cut is not None or made >= MOST_WORK // len(point):
            return mixing.found(cut)


def part_given(given: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Return the greatest part of the point that every cell is given, at most 1."""
    asked = point > WHOLE
    return float((given[asked] / point[asked]).min(initial=1.0))


def reached_by(cells: Cells, panels: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Return the greatest part of ``point`` that a mixture of ``panels`` gives every cell, from 0 to 1."""
    mixing = _Mixing(cells, point)
    mixing.join(panels)
    mixing.solve()
    return mixing.reached


class _Mixing:
    """The programme that raises the part of the point that every cell gets: column 0.

    Then a column a panel, its share, and a column an exchange, the share of its panel for which it is made. Rows: the
    cells asked for, in parts of the seats asked for; the shares together; and what a panel's exchanges may take.
    """

    def __init__(self, cells: Cells, point: NDArray[np.float64]) -> None:
        self.cells, self.point, self.exchanges = cells, point, exchanges_of(cells)
        self.asked = np.flatnonzero(point > WHOLE)
        self.row = np.full(len(point), -1)
        self.row[self.asked] = np.arange(len(self.asked))
        self.panels: dict[bytes, NDArray[np.float64]] = {}
        self.columns: dict[tuple[int, int, int], None] = {}  # panel, cells left and entered; -1 twice for the panel
        self.highs = quiet_highs(presolve="off", simplex_strategy=_PRIMAL_SIMPLEX)
        self.highs.addVar(0.0, 1.0)
        self.highs.changeColCost(0, -1.0)
        for _ in self.asked:
            self.highs.addRow(0.0, _INF, 1, np.array([0], dtype=np.int32), np.array([-1.0]))
        self.highs.addRow(1.0, 1.0, 0, np.array([], dtype=np.int32), np.array([]))

    def join(self, more: Iterable[NDArray[np.float64]]) -> None:
        """Give each new panel a column, and a row for its exchanges."""
        for panel in more:
            if panel.tobytes() not in self.panels:
                number = len(self.panels)
                self.panels[panel.tobytes()] = panel
                self.highs.addRow(-_INF, 0.0, 0, np.array([], dtype=np.int32), np.array([]))
                parts = panel[self.asked] / self.point[self.asked]
                rows = np.flatnonzero(parts)
                index = np.append(rows, [len(self.asked), len(self.asked) + 1 + number]).astype(np.int32)
                self.highs.addCol(0.0, 0.0, _INF, len(index), index, np.append(parts[rows], [1.0, -1.0]))
                self.columns[number, -1, -1] = None

    def solve(self) -> None:
        """Set shares, the part reached, the worth of a seat of each cell, and the worth of a share of each panel."""
        if not has_optimum(self.highs):
            raise EngineError("Panels have no mixture.")
        solution = self.highs.getSolution()
        values, multiplier = np.array(solution.col_value), np.array(solution.row_dual)
        self.share, self.reached = values[1:], float(values[0])
        self.worth = np.zeros(len(self.point))
        self.worth[self.asked] = multiplier[: len(self.asked)] / self.point[self.asked]
        self.toll = -multiplier[len(self.asked) + 1 :]

    def exchange(self) -> None:
        """Offer the exchanges that help most, first by what the average lacks, then by worth, until none helps."""
        missing = self.point - np.mean(list(self.panels.values()), axis=0)
        parts = np.zeros(len(self.point))
        parts[self.asked] = missing[self.asked] / self.point[self.asked]
        self._offer(parts, np.zeros(len(self.panels)))
        self.solve()
        while self.reached < 1 - EXACT and self._offer(self.worth, self.toll):
            self.solve()

    def _offer(self, worth: NDArray[np.float64], toll: NDArray[np.float64]) -> bool:
        """Give the best exchanges of each panel a column; say whether there was any."""
        before = len(self.columns)
        for number, panel in enumerate(self.panels.values()):
            left, entered, gain = self.exchanges.allowed(panel, worth, worth, toll[number] + PRICED_OUT)
            for place in np.argsort(-gain, kind="stable")[:EXCHANGES].tolist():
                if (column := (number, int(left[place]), int(entered[place]))) not in self.columns:
                    self._add(*column)
        return len(self.columns) > before

    def _add(self, number: int, left: int, entered: int) -> None:
        entries = [(len(self.asked) + 1 + number, 1.0)]
        entries += [(int(self.row[left]), -1 / self.point[left])] if self.row[left] >= 0 else []
        entries += [(int(self.row[entered]), 1 / self.point[entered])] if self.row[entered] >= 0 else []
        index, values = zip(*entries, strict=True)
        self.highs.addCol(0.0, 0.0, _INF, len(index), np.array(index, dtype=np.int32), np.array(values))
        self.columns[number, left, entered] = None

    def price(self) -> Cut | None:
        """Add the panels worth most, one by one; or return the cut when the panels at hand are worth as much."""
        for _ in range(MOST_PRICED):
            self.solve()
            if self.reached >= 1 - EXACT:
                break
            best = best_panel(self.cells, self.worth)
            if self.worth @ best <= self.reached + PRICED_OUT:
                return Cut(self.worth, float(self.worth @ best))
            self.join([best])
        return None

    def found(self, cut: Cut | None) -> Mixture:
        """Return the panels that have a share, exchanged ones as panels of their own."""
        panels, share = list(self.panels.values()), self.share.copy()
        kept = np.zeros(len(panels))
        mixed: list[tuple[NDArray[np.float64], float]] = []
        for (number, left, entered), part in zip(self.columns, share.tolist(), strict=True):
            if left < 0:
                kept[number] += part
            elif part > 0:
                kept[number] -= part
                panel = panels[number].copy()
                panel[left], panel[entered] = panel[left] - 1, panel[entered] + 1
                mixed.append((panel, part))
        mixed += list(zip(panels, np.maximum(kept, 0).tolist(), strict=True))
        return Mixture(np.array([one for one, _ in mixed]), np.array([part for _, part in mixed]), self.reached, cut)
