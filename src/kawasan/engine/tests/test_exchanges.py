"""Which exchanges of one person a panel allows: against trying every one of them."""

import numpy as np

from kawasan.engine.cells import Cells, cells_of
from kawasan.engine.exchanges import exchanges_of
from kawasan.engine.lottery import Problem, Quota
from kawasan.engine.panels import best_panel

INSTANCES = 60


def test_the_exchanges_are_those_after_which_every_row_holds() -> None:
    rng = np.random.default_rng(7)
    for _ in range(INSTANCES):
        cells = _cells(rng)
        panel = best_panel(cells, rng.random(len(cells.size)))
        worth = rng.random(len(cells.size))
        left, entered, gain = exchanges_of(cells).allowed(panel, worth, worth, 0.1)
        found = dict(zip(zip(left.tolist(), entered.tolist(), strict=True), gain.tolist(), strict=True))
        assert found == _by_trying(cells, panel, worth, 0.1)


def test_rows_beyond_the_first_word_count_too() -> None:
    """70 households of two, each a kind of its own by weight: a row each, so a panel may not take both of one."""
    people = 140
    weights = np.repeat(np.arange(1, 71), 2)
    problem = Problem(np.zeros((people, 1), dtype=np.int64), [], 70, np.arange(people) // 2, 1)
    cells = cells_of(problem, weights=weights)
    panel = best_panel(cells, np.zeros(len(cells.size)))
    left, entered, _ = exchanges_of(cells).allowed(panel, np.ones(len(panel)), np.zeros(len(panel)), 0.0)
    assert len(cells.matrix) == 71
    assert (left == entered).all()


def _cells(rng: np.random.Generator) -> Cells:
    features = rng.integers(0, 3, (30, 3))
    quotas = [Quota(feature, value, 2, 4) for feature in range(2) for value in range(3)]
    return cells_of(Problem(features, quotas, 9, np.sort(rng.integers(0, 22, 30)), 1), certain=[int(rng.integers(30))])


def _by_trying(cells: Cells, panel: np.ndarray, worth: np.ndarray, least: float) -> dict[tuple[int, int], float]:
    found = {}
    for left in np.flatnonzero((panel > 0) & ~cells.certain).tolist():
        for entered in np.flatnonzero(panel < cells.size).tolist():
            other = panel.copy()
            other[left] -= 1
            other[entered] += 1
            rows = cells.matrix @ other
            if worth[entered] - worth[left] > least and ((rows >= cells.lower) & (rows <= cells.upper)).all():
                found[left, entered] = float(worth[entered] - worth[left])
    return found
