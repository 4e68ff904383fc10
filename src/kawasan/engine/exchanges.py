"""Which one person of a panel may be exchanged for another so that every row still holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells

MOST_CELLS = 200  # looked at on either side of an exchange: those that promise most
_WORD = 64  # rows whose part in every cell is written into one number


@dataclass(frozen=True, slots=True, eq=False)
class Exchanges:
    """Rows as bits, so that all exchanges of a panel are looked through at once.

    rows    shape (words, c): bit r of a word is set when a person of the cell counts in that row
    """

    cells: Cells
    rows: NDArray[np.uint64]

    def allowed(
        self, panel: NDArray[np.float64], gained: NDArray[np.float64], lost: NDArray[np.float64], least: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return the cells left, the cells entered and the gain of exchanges that gain more than ``least``.

        Somebody of cell b in place of somebody of cell a gains ``gained[b] - lost[a]``. A row at its most admits nobody
        new who counts in it, one at its least keeps everybody who does, unless the two replace each other.
        """
        here = np.flatnonzero((panel > 0) & ~self.cells.certain)
        room = np.flatnonzero(panel < self.cells.size)
        here = here[lost[here] < gained[room].max(initial=-np.inf) - least]
        room = room[gained[room] > lost[here].min(initial=np.inf) + least]
        here = here[np.argsort(lost[here], kind="stable")[:MOST_CELLS]]
        room = room[np.argsort(-gained[room], kind="stable")[:MOST_CELLS]]
        gain = gained[room][None, :] - lost[here][:, None]
        left, entered = np.nonzero(gain > least)
        if not len(left):
            return left, entered, gain[left, entered]
        filled = self.cells.matrix @ panel
        full = _words(filled > self.cells.upper - 0.5)
        bare = _words(filled < self.cells.lower + 0.5)
        old, new = self.rows[:, here[left]], self.rows[:, room[entered]]
        free = ~((new & ~old & full) | (old & ~new & bare)).any(axis=0)
        left, entered = left[free], entered[free]
        return here[left], room[entered], gain[left, entered]


def exchanges_of(cells: Cells) -> Exchanges:
    return Exchanges(cells, _words(cells.matrix > 0))


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Write shape (r, …) of bits as shape (words, …)."""
    flat = bits.reshape(len(bits), -1)
    padded = np.zeros((-(-len(flat) // _WORD) * _WORD, flat.shape[1]), dtype=np.bool_)
    padded[: len(flat)] = flat
    packed = np.packbits(padded.T, axis=1)
    return np.ascontiguousarray(packed).view(np.uint64).T
