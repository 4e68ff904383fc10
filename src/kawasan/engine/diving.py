"""Whole numbers near a continuous answer, by rounding and solving again, a few columns at a time."""

import numpy as np

from kawasan.engine.chain import Floats, Ints
from kawasan.engine.errors import EngineError, InfeasibleError
from kawasan.engine.solver import LinearProgram, Solver

NONE = np.empty(0, dtype=np.int64)
WHOLE = 1e-6  # a value this near to a whole number is whole
NEARLY = 0.2  # a value this near to a whole number is rounded together with others


def dive(at: Solver, program: LinearProgram) -> Floats:
    """Round the columns that must be whole one after the other, those nearest to a whole number first.

    The rest is solved again each time. Every column stays between the whole numbers beside its continuous value. What
    was rounded stays. A column that cannot be rounded to the nearer number goes to the other one.

    Parameters
        at : solver of ``program`` without whole numbers; it stays at the answer
        program : says which columns must be whole
    Returns
        shape (columns,), the answer
    Raises
        EngineError : this way leads to none, which does not mean that there is none.
    Source
        Achterberg (2007), Constraint Integer Programming, PhD thesis, TU Berlin, section 9.1: fractional diving.
    """
    columns = NONE if program.is_integer is None else np.flatnonzero(program.is_integer)
    values = at.solve().values
    lower, upper = beside(program, columns, values)
    at.hold(columns, lower[columns], upper[columns])
    while (open_ := _fractional(values, columns)).size:
        values = _step(at, open_, values, lower, upper)
    return values


def beside(program: LinearProgram, columns: Ints, values: Floats) -> tuple[Floats, Floats]:
    """Bounds that leave these columns only the whole numbers beside their values, each shape (columns,)."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[columns] = np.maximum(lower[columns], np.floor(values[columns] + WHOLE))
    upper[columns] = np.minimum(upper[columns], np.ceil(values[columns] - WHOLE))
    return lower, upper


def _fractional(values: Floats, columns: Ints) -> Ints:
    """The columns that are not whole, those nearest to a whole number first."""
    away = np.abs(values[columns] - np.round(values[columns]))
    by = np.lexsort((columns, np.round(away, 6)))
    return columns[by[away[by] > WHOLE]]


def _step(at: Solver, open_: Ints, values: Floats, lower: Floats, upper: Floats) -> Floats:
    """Round the first column with all that are nearly whole, or else alone, or else the other way."""
    first, nearer = open_[:1], np.round(values)
    together = open_[(np.abs(values - nearer)[open_] <= NEARLY) | (open_ == first)]
    for columns, to in ((together, nearer), (first, nearer), (first, _other(values))):
        at.hold(columns, to[columns], to[columns])
        try:
            solved = at.solve().values
        except InfeasibleError:
            at.hold(columns, lower[columns], upper[columns])
            continue
        lower[columns] = upper[columns] = to[columns]
        return solved
    raise EngineError("Rounding led to no answer.")


def _other(values: Floats) -> Floats:
    """The whole numbers on the other side."""
    return np.where(np.round(values) > values, np.floor(values), np.ceil(values))
