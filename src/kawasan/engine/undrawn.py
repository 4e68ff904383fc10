"""What a seat changed where no draw decided who got one: weaker, and said to be.

Without a draw, who took part differs from who did not in ways that nobody wrote down. Two designs use what is known,
and a third number says how much of the unknown would explain the rest away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.impact import LEAST_OF_AN_ARM, Effect, effect_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
STEPS = 50  # of Newton's method
SETTLED = 1e-10  # change of the chances at which it ends
SURE = 1e-6  # of a chance: so near to 1 is one that covariates alone decide
MOST_APART = 0.1  # standardised difference of a covariate that is taken for balance
MOST_OUTSIDE = 0.05  # share of those seated with nobody like them, that is still overlap
STEEPNESS = 0.91  # of the risk ratio that a standardised difference stands for


@dataclass(frozen=True, slots=True)
class Overlap:
    """Whether others are like those seated, and how many of them carry the comparison.

    outside : share of those seated with a higher chance of a seat than anybody without one, 0..1
    effective : as how many people without weights the weighted others count (Kish 1965)
    largest : share of the heaviest of them in the whole weight, 0..1
    before, after : (covariates) difference of the two sides in standard deviations, without and with weights
    """

    outside: float
    effective: float
    largest: float
    before: Floats
    after: Floats

    @property
    def is_enough(self) -> bool:
        """Whether nearly everybody seated has somebody like them, and both sides are alike once weighted."""
        return self.outside <= MOST_OUTSIDE and bool((np.abs(self.after) <= MOST_APART).all())


def difference_in_differences(before: Floats, after: Floats, seated: Flags, covariates: Floats | None = None) -> Effect:
    """Return by how much more those seated changed than others: their effect, if both would have changed alike.

    With covariates, others are asked how they would have changed if they were like those seated: least squares of their
    change on the covariates, read off for each of those seated (Heckman, Ichimura and Todd 1997). The error is that of
    the influence of each person (Sant'Anna and Zhao 2020).

    before, after : (people), the outcome before the start and later; seated : (people); covariates : (people, k)
    Raises          InvalidInputError — a number is not known, or a side has not three people more than covariates
    """
    change = after - before
    design = _design(change, seated, covariates)
    others = design[~seated]
    slope = np.linalg.lstsq(others, change[~seated], rcond=None)[0]
    rest = change - design @ slope
    part = float(seated.mean())
    effect = float(rest[seated].mean())
    inner = np.linalg.pinv(others.T @ others / len(change), hermitian=True) @ (design[seated].sum(axis=0) / len(change))
    influence = (seated * (rest - effect) - ~seated * rest * (design @ inner)) / part
    error = _error(influence, design.shape[1])
    mean = float(change[seated].mean())
    return effect_of(mean, mean - effect, error, seated)


def weighted(outcome: Floats, seated: Flags, covariates: Floats) -> tuple[Effect, Overlap]:
    """Return the effect on those seated, with others weighted to be like them, and how like they are.

    The chance of a seat is fitted by logistic regression; others weigh chance / (1 - chance), and weights are divided
    by their sum (Hájek). The error counts that chances were fitted (stacked estimating equations).

    outcome : (people), seated : (people), covariates : (people, k), known before the start
    Raises          InvalidInputError — a number is not known, or a side has too few; InfeasibleError — covariates
                    decide who is seated
    """
    design = _design(outcome, seated, covariates)
    chance = chances(seated, design)
    weight = np.where(seated, 0.0, chance / (1 - chance))
    with_seat = float(outcome[seated].mean())
    without = float((weight * outcome).sum() / weight.sum())
    error = _weighted_error(outcome, seated, design, chance, weight, with_seat, without)
    return effect_of(with_seat, without, error, seated), _overlap(seated, design[:, 1:], chance, weight)


def chances(seated: Flags, design: Floats) -> Floats:
    """Return (people): the chance of a seat by logistic regression on the columns of ``design``, the first a 1."""
    slope, fitted, moved = np.zeros(design.shape[1]), np.full(len(seated), 0.5), 1.0
    for _step in range(STEPS):
        curve = fitted * (1 - fitted)
        products = design.T @ (curve[:, None] * design)
        slope = slope + np.linalg.pinv(products, hermitian=True) @ (design.T @ (seated - fitted))
        now = 1 / (1 + np.exp(-np.clip(design @ slope, -40, 40)))
        moved, fitted = float(np.abs(now - fitted).max()), now
        if moved < SETTLED:
            break
    if moved >= SETTLED or fitted[seated].min() > fitted[~seated].max() or fitted.max() > 1 - SURE:
        raise InfeasibleError("what was known before decides who has a seat: nobody is like them")
    return fitted


def e_value(effect: Effect, spread: float) -> tuple[float, float]:
    """Return how strongly something unknown must go with both the seat and the outcome to explain the effect away.

    The first is for the effect, the second for the end of its interval nearest to nothing; 1 means that nothing is
    needed. Both are risk ratios: 2 says that the unknown must double both chances. A difference of d standard
    deviations stands for a risk ratio of exp(0.91 d).

    spread : standard deviation of the outcome
    Source          VanderWeele and Ding (2017), Annals of Internal Medicine 167.
    """
    if effect.low <= 0 <= effect.high:
        return _needed(effect.effect / spread), 1.0
    return _needed(effect.effect / spread), _needed(min(abs(effect.low), abs(effect.high)) / spread)


def _needed(difference: float) -> float:
    ratio = float(np.exp(STEEPNESS * abs(difference)))
    return ratio + float(np.sqrt(ratio * (ratio - 1)))


def _design(outcome: Floats, seated: Flags, covariates: Floats | None) -> Floats:
    """Return (people, 1 + k): one, and the covariates in standard deviations from their mean."""
    given = np.empty((len(outcome), 0)) if covariates is None else covariates
    if not (np.isfinite(outcome).all() and np.isfinite(given).all()):
        raise InvalidInputError("leave out the people of whom something is not known")
    if min(seated.sum(), (~seated).sum()) < LEAST_OF_AN_ARM + given.shape[1]:
        raise InvalidInputError(f"each side needs at least {LEAST_OF_AN_ARM} people more than there are covariates")
    if np.ptp(outcome) == 0:
        raise InvalidInputError("the outcome, or its change, is the same for everybody")
    spread = given.std(axis=0)
    varied = given[:, spread > 0]
    return np.column_stack([np.ones(len(outcome)), (varied - varied.mean(axis=0)) / spread[spread > 0]])


def _error(influence: Floats, fitted: int) -> float:
    people = len(influence)
    return float(np.sqrt((influence**2).sum() / people / (people - fitted)))


def _weighted_error(
    outcome: Floats, seated: Flags, design: Floats, chance: Floats, weight: Floats, with_seat: float, without: float
) -> float:
    people = len(outcome)
    curve = (design.T @ ((chance * (1 - chance))[:, None] * design)) / people
    score = (seated - chance)[:, None] * design @ np.linalg.pinv(curve, hermitian=True)
    apart = weight * (outcome - without)
    drift = (apart[:, None] * design).mean(axis=0) / weight.mean()
    influence = seated * (outcome - with_seat) / seated.mean() - apart / weight.mean() - score @ drift
    return _error(influence, design.shape[1])


def _overlap(seated: Flags, covariates: Floats, chance: Floats, weight: Floats) -> Overlap:
    spread = covariates[seated].std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    mean = covariates[seated].mean(axis=0)
    share = weight / weight.sum()
    return Overlap(
        outside=float((chance[seated] > chance[~seated].max()).mean()),
        effective=float(1 / (share**2).sum()),
        largest=float(share.max()),
        before=(mean - covariates[~seated].mean(axis=0)) / spread,
        after=(mean - share @ covariates) / spread,
    )
