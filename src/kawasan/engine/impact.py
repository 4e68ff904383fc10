"""The programme's effect, from the chances of its own draw: estimates, their errors, and tests by drawing again.

Who was drawn differs from who was not only by chance, once everybody is weighted by the chance that the draw gave.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
CONFIDENCE = 0.95
LEAST_OF_AN_ARM = 3  # with two people one of them decides alone
HALVINGS = 40
REACH = 12.0  # standard errors on each side in which the ends of an interval are sought
NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Effect:
    """What being drawn changed, on average over the people who could have been drawn or not.

    effect : in the unit of the outcome
    error : standard error
    low, high : 95 % interval
    drawn, others : what the outcome is, on average, with and without a seat
    people_drawn, people_others : on how many people each rests
    """

    effect: float
    error: float
    low: float
    high: float
    drawn: float
    others: float
    people_drawn: int
    people_others: int


@dataclass(frozen=True, slots=True)
class Redrawn:
    """An effect held against what chance alone would do.

    p_value : how often a redraw of a programme without any effect shows at least as much, 0 < p <= 1
    low, high : effects that redraws do not refute at 5 %, if everybody is changed by the same amount
    score : the effect over its error, without sign; scores : (times) the same in each redraw
    """

    p_value: float
    low: float
    high: float
    score: float
    scores: Floats


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that the effect can be when people of one arm answer more often (Lee 2009).

    low, high : in the unit of the outcome
    answered_drawn, answered_others : shares 0..1 of those who answered
    """

    low: float
    high: float
    answered_drawn: float
    answered_others: float


def naive(outcome: Floats, drawn: Flags) -> Effect:
    """Return the plain difference of means with its classical error: what is reported when chances are forgotten.

    outcome : (people), drawn : (people)
    """
    _check(outcome, drawn)
    parts = [outcome[drawn], outcome[~drawn]]
    variance = sum(float(part.var()) * len(part) for part in parts) / (len(outcome) - len(parts))
    error = float(np.sqrt(sum(variance / len(part) for part in parts)))
    return effect_of(float(parts[0].mean()), float(parts[1].mean()), error, drawn)


def adjusted(outcome: Floats, drawn: Flags, chance: Floats, covariates: Floats | None = None) -> Effect:
    """Return the weighted effect, in each arm adjusted for what was known before the draw.

    Without covariates this is the difference of two Hájek means. With them, each arm has its own weighted least squares
    (Lin 2013), read off at the mean of all people. The error is HC3.

    outcome : (people); drawn : (people); chance : (people), between 0 and 1 without these; covariates : (people, k)
    """
    _check(outcome, drawn)
    _check_chances(chance)
    arms = _arms(drawn[None], chance, _design(len(outcome), covariates))
    _found, error = _difference(arms, outcome)
    return effect_of(float(arms[0].mean(outcome)[0]), float(arms[1].mean(outcome)[0]), float(error[0]), drawn)


def redrawn(
    outcome: Floats,
    drawn: Flags,
    chance: Floats,
    redraws: Flags,
    covariates: Floats | None = None,
) -> Redrawn:
    """Hold the adjusted effect against redraws of the draw: redraws (times, people), the rest as in ``adjusted``.

    The test compares the effect over its own error, which holds also where a seat changes people by unlike amounts
    (Wu and Ding 2021). Raises InvalidInputError where a redraw leaves an arm with less than three people.
    """
    _check(outcome, drawn)
    _check_chances(chance)
    design = _design(len(outcome), covariates)
    found, error = _difference(_arms(drawn[None], chance, design), outcome)
    arms = _arms(redraws, chance, design)
    effects, errors = _difference(arms, outcome)
    had_a_seat = arms[0].mean(drawn.astype(np.float64)) - arms[1].mean(drawn.astype(np.float64))

    def is_refuted(effect: float) -> bool:  # if everybody gains it, a redraw shows it plus a line
        seen = np.abs(effects - effect * had_a_seat)
        return _share_above(seen, abs(float(found[0]) - effect)) <= 1 - CONFIDENCE

    ends = [_end(float(found[0]), reach * float(error[0]), is_refuted) for reach in (-REACH, REACH)]
    scores = _scores(effects, errors, outcome)
    score = float(_scores(found, error, outcome)[0])
    return Redrawn(_share_above(scores, score), ends[0], ends[1], score, scores)


def corrected(tests: Sequence[tuple[float, Floats]]) -> list[float]:
    """Return the p-values of several outcomes, corrected for looking at all of them (Westfall and Young 1993).

    Each test is ``Redrawn.score`` and ``Redrawn.scores``, from the same redraws in the same order. The chance that any
    outcome without an effect is taken for one stays below the level that is asked for.
    """
    if len({len(scores) for _score, scores in tests}) > 1:
        raise InvalidInputError("every outcome needs the same redraws")
    order = np.argsort(
        [score for score, _scores in tests]
    )  # each is compared with the largest of itself and those below
    most = np.maximum.accumulate(np.column_stack([tests[one][1] for one in order]), axis=1)
    values = [_share_above(most[:, at], tests[one][0]) for at, one in enumerate(order)]
    stepped = np.maximum.accumulate(values[::-1])[::-1]
    return [float(stepped[at]) for at in np.argsort(order)]


def bounds(outcome: Floats, answered: Flags, drawn: Flags, chance: Floats) -> Bounds:
    """Return how far unlike answering can have moved the effect: the arm that answers more is trimmed at either end.

    It holds if a seat never makes somebody answer less (or never more). outcome : (people), read only where answered
    """
    _check_chances(chance)
    weight = np.where(drawn, 1 / chance, 1 / (1 - chance))
    rates = [float(weight[arm & answered].sum() / weight[arm].sum()) for arm in (drawn, ~drawn)]
    arms = [(outcome[arm & answered], weight[arm & answered]) for arm in (drawn, ~drawn)]
    if any(len(values) < LEAST_OF_AN_ARM for values, _weight in arms):
        raise InvalidInputError(f"each arm needs {LEAST_OF_AN_ARM} people who answered")
    keep = [min(1.0, rates[1] / rates[0]), min(1.0, rates[0] / rates[1])]
    least, most = (
        [_kept(*arm, part, first=first) for arm, part in zip(arms, keep, strict=True)] for first in (True, False)
    )
    return Bounds(least[0] - most[1], most[0] - least[1], rates[0], rates[1])


def _check(outcome: Floats, drawn: Flags) -> None:
    if not np.isfinite(outcome).all():
        raise InvalidInputError("leave out the people whose outcome is not known")
    if min(drawn.sum(), (~drawn).sum()) < LEAST_OF_AN_ARM:
        raise InvalidInputError(f"each arm needs at least {LEAST_OF_AN_ARM} people")


def _check_chances(chance: Floats) -> None:
    if not ((chance > 0) & (chance < 1)).all():
        raise InvalidInputError("leave out the people whose seat was certain or impossible: nobody is like them")


def effect_of(drawn_mean: float, others_mean: float, error: float, drawn: Flags) -> Effect:
    """Return the difference of two means with its interval."""
    reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * error
    effect = drawn_mean - others_mean
    return Effect(
        effect, error, effect - reach, effect + reach, drawn_mean, others_mean, int(drawn.sum()), int((~drawn).sum())
    )


def _design(people: int, covariates: Floats | None) -> Floats:
    """Return (people, 1 + k): one, and the covariates less their mean, without those that say nothing new."""
    columns = [np.ones(people)]
    for column in () if covariates is None else covariates.T:
        beside = np.column_stack(columns)
        rest = column - beside @ np.linalg.lstsq(beside, column, rcond=None)[0]
        if np.abs(rest).max() > NEARLY * max(1.0, np.abs(column).max()):
            columns.append(column - column.mean())
    return np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class _Arm:
    """Weighted least squares of one arm in every draw: its mean is ``pull`` times the outcome.

    pull : (times, people); apart : the same over one less the leverage; weight : (times, people)
    inverse : (times, 1 + k, 1 + k) of the weighted products; design : (people, 1 + k)
    """

    pull: Floats
    apart: Floats
    weight: Floats
    inverse: Floats
    design: Floats

    def mean(self, outcome: Floats) -> Floats:
        """Return (times): the outcome of this arm, read off where covariates have their mean."""
        return self.pull @ outcome

    def error(self, outcome: Floats) -> Floats:
        """Return (times): its HC3 error."""
        slope = np.einsum("tij,tj->ti", self.inverse, (self.weight * outcome) @ self.design)
        return np.sqrt(((self.apart * (outcome - slope @ self.design.T)) ** 2).sum(axis=1))


def _arms(drawn: Flags, chance: Floats, design: Floats) -> tuple[_Arm, _Arm]:
    """Return the arm of those drawn and that of the others in every draw: drawn (times, people)."""
    if min(drawn.sum(axis=1).min(), (~drawn).sum(axis=1).min()) < LEAST_OF_AN_ARM:
        raise InvalidInputError(f"each arm needs at least {LEAST_OF_AN_ARM} people in every draw")
    return _arm(drawn / chance, design), _arm(~drawn / (1 - chance), design)


def _arm(weight: Floats, design: Floats) -> _Arm:
    people, width = design.shape
    products = (design[:, :, None] * design[:, None, :]).reshape(people, -1)
    inverse = np.asarray(
        np.linalg.pinv((weight @ products).reshape(-1, width, width), hermitian=True), dtype=np.float64
    )
    leverage = weight * (inverse.reshape(-1, width * width) @ products.T)
    pull = weight * (inverse[:, 0, :] @ design.T)
    # Whoever alone decides a coefficient fits it exactly: nothing is left to divide.
    return _Arm(pull, pull / np.maximum(1 - leverage, NEARLY), weight, inverse, design)


def _difference(arms: tuple[_Arm, _Arm], outcome: Floats) -> tuple[Floats, Floats]:
    """Return the effect and its error in every draw, each (times)."""
    effect = arms[0].mean(outcome) - arms[1].mean(outcome)
    return effect, np.hypot(arms[0].error(outcome), arms[1].error(outcome))


def _scores(effect: Floats, error: Floats, outcome: Floats) -> Floats:
    """Return each effect over its error, without sign; 0 where there is neither, but for rounding."""
    is_some = error > NEARLY * np.abs(outcome).max()
    return np.abs(np.divide(effect, error, out=np.zeros_like(effect), where=is_some))


def _share_above(scores: Floats, seen: float) -> float:
    """Return the part of redraws that show as much, the draw itself counted among them: so it is never 0."""
    return float((1 + (scores >= seen * (1 - NEARLY)).sum()) / (1 + len(scores)))


def _end(found: float, reach: float, is_refuted: Callable[[float], bool]) -> float:
    inside, outside = 0.0, 1.0
    if not is_refuted(found + reach):
        return float(np.copysign(np.inf, reach))
    for _halving in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if is_refuted(found + middle * reach) else (middle, outside)
    return found + outside * reach


def _kept(values: Floats, weight: Floats, part: float, *, first: bool) -> float:
    """Return the weighted mean of the least (or the most) ``part`` of the weight, one person cut where it ends."""
    order = np.argsort(values if first else -values, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    kept = np.clip(part * weight.sum() - before, 0, weight[order])
    return float((values[order] * kept).sum() / kept.sum())
