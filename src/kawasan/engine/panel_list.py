"""A list of equally likely panels whose counts come as near to a mixture of panels as whole numbers can."""

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells
from kawasan.engine.exchanges import Exchanges, exchanges_of
from kawasan.engine.mixture import Mixture
from kawasan.engine.panels import WHOLE

MOST_LOOKED_AT = 4_000  # panels, one as often as it is looked at
MOST_OFFERED = 200  # exchanges of one panel that are compared with those of all others
HELPS = 1e-12  # by how much an exchange lowers the sum of squares, at least


def listed(cells: Cells, mixed: Mixture, point: NDArray[np.float64], panels: int) -> NDArray[np.int64]:
    """Return shape (panels, c): panels that each meet every row, and whose counts are near ``panels * point``.

    Each panel of the mixture stands in the list as often as its share, rounded, says. Then, one by one, a panel
    exchanges one person for another, always where that most lowers the sum over cells of (seats missed)^2 / seats due.
    """
    exactly = mixed.share / mixed.share.sum() * panels
    numbers = np.floor(exactly + WHOLE).astype(np.int64)
    numbers[np.argsort(numbers - exactly, kind="stable")[: panels - numbers.sum()]] += 1
    chosen, numbers = mixed.panels[numbers > 0], numbers[numbers > 0]
    due, exchanges = np.maximum(panels * point, WHOLE), exchanges_of(cells)
    looked_at, made = 0, 1
    while made and looked_at < MOST_LOOKED_AT:
        looked_at += len(chosen)
        chosen, numbers, made = _exchanged(exchanges, chosen, numbers, due)
    return np.repeat(chosen, numbers, axis=0).astype(np.int64)


def _exchanged(
    exchanges: Exchanges,
    chosen: NDArray[np.float64],
    numbers: NDArray[np.int64],
    due: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], int]:
    """Exchange what most lowers the sum of (seats missed)^2 / seats due, until nothing that helps now does.

    Returns         the panels, how often each stands in the list, and how many exchanges were made
    """
    missing, numbers, made = due - numbers @ chosen, numbers.copy(), list[NDArray[np.float64]]()
    panel, left, entered = _offers(exchanges, chosen, *_gains(missing, due))
    while len(panel):
        gained, lost = _gains(missing, due)
        gain = gained[entered] - lost[left]
        best = int(np.argmax(gain * (numbers[panel] > 0)))
        if gain[best] <= HELPS or not numbers[panel[best]]:
            break
        one = chosen[panel[best]].copy()
        one[[left[best], entered[best]]] += -1, 1
        missing[[left[best], entered[best]]] += 1, -1
        numbers[panel[best]] -= 1
        made.append(one)
    together = np.concatenate([chosen[numbers > 0], np.array(made).reshape(-1, len(due))])
    return together, np.append(numbers[numbers > 0], np.ones(len(made), dtype=np.int64)), len(made)


def _gains(missing: NDArray[np.float64], due: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how much one seat more of each cell lowers the sum, and by how much one fewer raises it."""
    return (2 * missing - 1) / due, (2 * missing + 1) / due


def _offers(
    exchanges: Exchanges, chosen: NDArray[np.float64], gained: NDArray[np.float64], lost: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the panel, the cell left and the cell entered of every exchange worth comparing."""
    found = []
    for number, panel in enumerate(chosen):
        left, entered, gain = exchanges.allowed(panel, gained, lost, HELPS)
        best = np.argsort(-gain, kind="stable")[:MOST_OFFERED]
        found.append(np.array([np.full(len(best), number), left[best], entered[best]]))
    panels, left, entered = np.concatenate(found, axis=1)
    return panels, left, entered
