"""Activities that make all their inputs from one another: goods out of nothing."""

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.solver import LinearProgram, solve

SUPPORT = 1e-7  # share of the whole beyond which an activity takes part; the solver's own rounding is far below


def self_feeding(
    output: NDArray[np.float64], intake: NDArray[np.float64], draws: NDArray[np.bool_]
) -> tuple[tuple[int, ...], ...]:
    """Sets of activities that need nothing from outside themselves, each as small as a corner of the programme.

    An activity takes part with a level x_a >= 0. A set feeds itself when some x, not all zero, leaves no commodity
    short: sum_a (output_ac - intake_ac) x_a >= 0 for every commodity c. Activities that take no commodity, or draw on a
    resource of the area, begin a chain honestly and are left out. First sum_a x_a is maximised over 0 <= x <= 1, which
    finds every activity of any such set; then, for each, its level among levels with sum 1, whose corner is a set in
    which it needs everybody. Sets that hold another are left out: they only buy from it.

    Parameters
        output, intake : shape (a, c), what a cycle of an activity yields and takes, >= 0, each commodity in its unit
        draws : shape (a,), whether an activity takes a resource of the area
    Returns
        sets of indices of activities, ascending; empty when every chain begins somewhere
    Raises
        InvalidInputError : shapes differ, or a quantity is negative or not finite
    Source
        The "no land of Cockaigne" axiom of activity analysis: Koopmans (1951), "Analysis of production as an
        efficient combination of activities", in Activity Analysis of Production and Allocation, ch. III.
    """
    _check(output, intake, draws)
    columns = np.flatnonzero((intake > 0).any(axis=1) & ~draws)
    if not len(columns):
        return ()
    net = (output - intake)[columns].T
    balances = _scaled(net[(intake[columns] > 0).any(axis=0)])
    together = _takes_part(balances, np.ones(len(columns)), len(columns))
    corners = [_takes_part(balances, np.eye(len(columns))[k], 1) for k in np.flatnonzero(together)]
    found = {tuple(int(a) for a in columns[corner]) for corner in corners}
    return tuple(sorted(one for one in found if not any(set(other) < set(one) for other in found)))


def _check(output: NDArray[np.float64], intake: NDArray[np.float64], draws: NDArray[np.bool_]) -> None:
    if output.shape != intake.shape or draws.shape != output.shape[:1]:
        raise InvalidInputError("Output and intake need one shape (activities, commodities), draws one (activities,).")
    for name, table in (("output", output), ("intake", intake)):
        if not np.isfinite(table).all() or (table < 0).any():
            raise InvalidInputError(f"A quantity of {name} is negative or not finite.")


def _scaled(net: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of each commodity, each in a unit of its own, so that grams and tonnes weigh alike."""
    scaled: NDArray[np.float64] = net / np.abs(net).max(axis=1, keepdims=True).clip(min=np.finfo(float).tiny)
    return scaled


def _takes_part(balances: NDArray[np.float64], objective: NDArray[np.float64], most: float) -> NDArray[np.bool_]:
    """The activities at work at the best levels that sum to ``most`` at most and leave no commodity short."""
    n = len(objective)
    table = np.vstack([balances, np.ones(n)])
    row, column = np.nonzero(table)
    best = solve(
        LinearProgram(
            objective=objective,
            lower=np.zeros(n),
            upper=np.ones(n),
            row_lower=np.append(np.zeros(len(balances)), -np.inf),
            row_upper=np.append(np.full(len(balances), np.inf), most),
            row=row,
            column=column,
            value=table[row, column],
        )
    )
    return np.asarray(best.values > SUPPORT)
