"""The fairest chances that quotas allow, and a list of panels that gives them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.aims import leximin_point, maximin_point, nash_point
from kawasan.engine.cells import Cells, cells_of
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.lottery import Problem
from kawasan.engine.mixture import EXACT, Cut, mixture, part_given, reached_by
from kawasan.engine.panel_list import listed

AIMS: Mapping[str, Callable[[Cells], NDArray[np.float64]]] = {
    "leximin": leximin_point,
    "maximin": maximin_point,
    "nash": nash_point,
}

_INF = highspy.kHighsInf


@dataclass(frozen=True, slots=True, eq=False)
class Lottery:
    """Chances and the equally likely panels that give them.

    cells     the cells the other arrays speak of
    bound     shape (c,): chance of one person. No lottery whose panels meet every row comes nearer to the aim
    panels    shape (m, c): how many of each cell sit in each panel; every one of them meets every row exactly
    chances   shape (c,): chance of one person when one of ``panels`` is drawn: its count / (m * size)
    reached   from 0 to 1: some lottery over panels was found that gives everybody at least this part of ``bound``.
              When it is 1 the bound itself is a lottery, and ``chances`` differ from it only because they are
              fractions with the denominator m * size
    least     the same for the least ratio of chance to weight alone
    """

    cells: Cells
    bound: NDArray[np.float64]
    panels: NDArray[np.int64]
    chances: NDArray[np.float64]
    reached: float
    least: float

    @property
    def is_exact(self) -> bool:
        return self.reached == 1.0


def fair_lottery(
    problem: Problem,
    *,
    aim: str = "leximin",
    panels: int = 1000,
    weights: NDArray[np.int64] | None = None,
    certain: Sequence[int] = (),
) -> Lottery:
    """Make the lottery whose chances are what the aim asks for, as far as whole panels can give it.

    The aim is solved for cells; where panels, being whole, cannot give what that promises, a cut says so and it is
    solved again, until panels are found whose weighted average is the answer. Each gets a whole number of ``panels``.

    Parameters      aim : one of AIMS; leximin makes chances as equal as the quotas allow
                    panels : m >= 1, how many equally likely panels
                    weights : shape (n,), at least 1; everybody 1 when None
                    certain : row numbers of people who have a seat in every panel
    Returns         Lottery; the same chances whatever the order of people
    Raises          InvalidInputError — aim, weights, certain or panels are not as above
                    InfeasibleError — no panel meets every row
                    EngineError — HiGHS gave no answer
    """
    if aim not in AIMS:
        raise InvalidInputError(f"There is no aim {aim!r}; there are {', '.join(AIMS)}.")
    if panels < 1:
        raise InvalidInputError("A list has at least one panel.")
    cells = cells_of(problem, weights=weights, certain=certain)
    relaxed, known = cells, np.zeros((0, len(cells.size)))
    while True:
        point = AIMS[aim](relaxed)
        found = mixture(cells, point, known)
        if found.cut is None:
            break
        relaxed, known = _with_cut(relaxed, found.cut), found.panels
    chosen = listed(cells, found, point, panels)
    reached = 1.0 if found.reached >= 1 - EXACT else max(found.reached, part_given(chosen.mean(axis=0), point))
    return Lottery(
        cells=cells,
        bound=point / cells.size,
        panels=chosen,
        chances=chosen.sum(axis=0) / (panels * cells.size),
        reached=reached,
        least=1.0 if reached == 1.0 else max(reached, reached_by(cells, found.panels, _least(cells, point))),
    )


def _with_cut(cells: Cells, cut: Cut) -> Cells:
    return replace(
        cells,
        matrix=np.vstack([cells.matrix, cut.worth]),
        lower=np.append(cells.lower, -_INF),
        upper=np.append(cells.upper, cut.most),
    )


def _least(cells: Cells, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the seats of each cell if everybody not certain had only the least ratio of chance to weight."""
    share = cells.size * cells.weight
    level = (point / share)[~cells.certain].min(initial=np.inf)
    return np.where(cells.certain, cells.size, share * level)
