"""Panels taken off a point one after the other, until nothing of it is left."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from kawasan.engine.cells import Cells
from kawasan.engine.panels import whole_near
from kawasan.engine.solver import has_optimum, model_of, quiet_highs

MOST_SHARE = 0.02  # of one panel, so that the draw is between fifty of them at least
MOST_PANELS = 500
NOTHING = 5e-9  # part of every cell's seats that is taken for none
MANY = 500  # cells; of more, each has so little of a seat that the cube is flat where it should tell them apart
NEAR = 0.03  # of a seat; differences below it count little
TIGHT = 1e-7  # seats; a bound this near is reached

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Peeled:
    """Panels and shares whose sum, with ``left`` of some point within all rows, is the point asked for.

    panels    shape (d, c): how many of each cell sit in each panel; each meets every row
    share     shape (d,): above 0, together 1 - left
    left      from 0 to 1: the share for which no panel was found
    """

    panels: Floats
    share: Floats
    left: float


def peeled(cells: Cells, point: Floats) -> Peeled:
    """Write a point as panels and shares, as far as panels are found.

    Every panel stands where the rest of the point stands: it keeps what the rest keeps, a whole number of a cell and a
    bound that is reached, and it takes first those of whom the rest has most. So the rest stays within the rows when a
    share of the panel is taken off it: as much as it bears, and no more than leaves room for others.

    Parameters      point : shape (c,), seats; meets every row
    Source          Grötschel, Lovász and Schrijver (1988), Geometric Algorithms and Combinatorial Optimization, 6.5:
                    a point of a polytope is taken apart into vertices, one face after the other.
    """
    taken = list(_peels(cells, point))
    panels = np.array([panel for panel, _ in taken]).reshape(-1, len(point))
    share = np.array([part for _, part in taken])
    return Peeled(panels, share, 1.0 - float(share.sum()))


def _peels(cells: Cells, rest: Floats) -> Iterator[tuple[Floats, float]]:
    highs, left, point = quiet_highs(), 1.0, rest
    highs.passModel(model_of(cells.matrix, cells.lower, cells.upper, np.zeros(len(rest)), cells.size, rest))
    for _ in range(MOST_PANELS):
        face = _face(cells, rest)
        if (panel := _panel_on(face, rest, highs)) is None:
            return
        part = min(_borne(face, rest, panel), MOST_SHARE / left)
        yield panel, part * left
        left *= 1 - part
        if left == 0:
            return
        rest = (rest - part * panel) / (1 - part)
        if (left * rest <= NOTHING * point + left * TIGHT).all():
            return


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """The cells with bounds for each cell, and rows that hold exactly where the rest reaches a bound."""

    cells: Cells
    least: Floats
    most: Floats


def _face(cells: Cells, rest: Floats) -> _Face:
    filled = cells.matrix @ rest
    at_lower, at_upper = filled < cells.lower + TIGHT, filled > cells.upper - TIGHT
    lower = np.where(at_upper, cells.upper, cells.lower)
    upper = np.where(at_lower, cells.lower, cells.upper)
    least = np.floor(rest + TIGHT)
    return _Face(replace(cells, lower=lower, upper=upper), least, np.maximum(least, np.ceil(rest - TIGHT)))


def _panel_on(face: _Face, rest: Floats, highs: highspy.Highs) -> Floats | None:
    every = np.arange(len(rest), dtype=np.int32)
    cost = _cost(np.clip(rest - face.least, 0.0, 1.0))
    highs.changeColsCost(len(rest), every, cost)
    highs.changeColsBounds(len(rest), every, face.least, face.most)
    for row, (lower, upper) in enumerate(zip(face.cells.lower.tolist(), face.cells.upper.tolist(), strict=True)):
        highs.changeRowBounds(row, lower, upper)
    return whole_near(face.cells, highs, face.least, face.most, cost) if has_optimum(highs) else None


def _cost(over: Floats) -> Floats:
    """Return the cost of rounding up: steep, so that whoever is nearly in or nearly out decides."""
    if len(over) <= MANY:
        return (1 - 2 * over) ** 3
    return NEAR**2 * ((over + NEAR) ** -2 - (1 - over + NEAR) ** -2)


def _borne(face: _Face, rest: Floats, panel: Floats) -> float:
    """Return the greatest share of the panel that can be taken off while the rest stays within cells and rows."""
    values = np.concatenate([rest, face.cells.matrix @ rest])
    taken = np.concatenate([panel, face.cells.matrix @ panel])
    lower = np.concatenate([face.least, face.cells.lower])
    upper = np.concatenate([face.most, face.cells.upper])
    above, below = (
        taken - lower > TIGHT,
        upper - taken > TIGHT,
    )  # where the panel is off a bound, and drives the rest to it
    down = (values - lower)[above] / (taken - lower)[above]
    up = (upper - values)[below] / (upper - taken)[below]
    return max(min(down.min(initial=1.0), up.min(initial=1.0)), 0.0)
