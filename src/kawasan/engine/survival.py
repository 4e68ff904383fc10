"""How long enterprises live, from those that ended and those that still work: the Kaplan–Meier estimate.

Kaplan and Meier (1958), https://doi.org/10.1080/01621459.1958.10501452; the interval is Greenwood's variance on the
scale of log(-log), which stays between 0 and 1 (Kalbfleisch and Prentice 2002, section 1.4).
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from kawasan.engine.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Share:
    """Of those who began, the share that still lives after some days, with its interval; nan where it is not known."""

    alive: float
    low: float
    high: float
    at_risk: int

    @property
    def is_bounded(self) -> bool:
        """Whether the interval is known."""
        return self.low == self.low and self.high == self.high  # nan differs from itself


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """A curve of m steps: ``days`` (m,) on which somebody ended, and after each the share alive and its interval (m,).

    ``lived`` (n,) are the days of all, sorted, so that it can be said how many were followed for how long.
    """

    days: NDArray[np.float64]
    alive: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    lived: NDArray[np.float64]

    def after(self, day: float) -> Share:
        """The share alive after ``day`` days, and how many were followed that long; nothing is said beyond the last."""
        at_risk = int((self.lived >= day).sum())
        step = int(np.searchsorted(self.days, day, side="right")) - 1
        if at_risk == 0:
            return Share(np.nan, np.nan, np.nan, 0)
        if step < 0:
            return Share(1.0, np.nan, np.nan, at_risk)
        return Share(float(self.alive[step]), float(self.low[step]), float(self.high[step]), at_risk)


def survival(lived: ArrayLike, ended: ArrayLike, *, level: float = 0.95) -> Survival:
    """The curve of n lives: ``lived`` (n,) days, not negative; ``ended`` (n,) whether the life ended then.

    A life that did not end counts for as long as it was followed. ``level`` is that of the interval. Raises
    ``InvalidInputError`` for no lives, lengths that differ and days that are negative or not finite.
    """
    days, over = np.asarray(lived, dtype=float), np.asarray(ended, dtype=bool)
    if days.ndim != 1 or days.size == 0 or days.shape != over.shape:
        raise InvalidInputError("Give as many days as marks of what ended, one at least.")
    if not np.isfinite(days).all() or (days < 0).any():
        raise InvalidInputError("Days are finite and not negative.")
    curve = stats.ecdf(stats.CensoredData(uncensored=days[over], right=days[~over])).sf
    steps = np.isin(curve.quantiles, days[over])
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # where the curve is 1 or 0 there is none
        interval = curve.confidence_interval(level, method="log-log")
    low, high = interval.low.probabilities, interval.high.probabilities
    return Survival(curve.quantiles[steps], curve.probabilities[steps], low[steps], high[steps], np.sort(days))
