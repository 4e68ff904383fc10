"""Whether a programme reaches those who need it: errors of inclusion and exclusion from a verified sample."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; none when it rests on fewer people of the sample than asked for, or on no need.

    value, low, high : shares 0..1, or a ratio
    people : people of the sample on whom the figure rests
    """

    value: float | None
    low: float | None
    high: float | None
    people: int


@dataclass(frozen=True, slots=True)
class Targeting:
    """How well seats reach those in need.

    inclusion_error : share of the seats that go to people who are not in need
    exclusion_error : share of the people in need who have no seat
    coverage : share of the people in need who have one
    index : share of the seats that go to people in need, over their share of all people; 1 is no better than a lot
    in_need : share of all people who are in need
    people : people of the sample
    """

    inclusion_error: Estimate
    exclusion_error: Estimate
    coverage: Estimate
    index: Estimate
    in_need: Estimate
    people: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a second choice does otherwise than a first one, on the same people; negative errors are better.

    inclusion_error, exclusion_error : difference of the shares, -1..1
    index : ratio of the two indices; above 1 the second is better
    differing : people of the sample whom the two choose otherwise
    """

    inclusion_error: Estimate
    exclusion_error: Estimate
    index: Estimate
    differing: int


@dataclass(frozen=True, slots=True)
class _Sample:
    """Weights and strata of the sample, and what it can say of totals."""

    weight: Floats
    stratum: NDArray[np.int64]
    fraction: Floats
    z: float
    least: int

    def total(self, value: Floats) -> float:
        return float((self.weight * value).sum())

    def error(self, influence: Floats) -> float:
        """Return the standard error of a total of weighted influences, stratum by stratum."""
        weighted, variance = self.weight * influence, 0.0
        for number in np.unique(self.stratum):
            mine = self.stratum == number
            people = int(mine.sum())
            spread = float(((weighted[mine] - weighted[mine].mean()) ** 2).sum()) * people / max(people - 1, 1)
            variance += (1 - float(self.fraction[mine][0])) * spread
        return sqrt(max(variance, 0.0))


def measure(
    selected: Floats,
    in_need: Flags,
    *,
    weight: Floats | None = None,
    stratum: NDArray[np.int64] | None = None,
    member: Flags | None = None,
    least: int = 1,
    confidence: float = CONFIDENCE,
) -> Targeting:
    """Return the errors of inclusion and exclusion, and the Coady-Grosh-Hoddinott index, with intervals.

    With weights w, seats s and need d (1 or 0): inclusion error = sum w s (1 - d) / sum w s, exclusion error =
    sum w (1 - s) d / sum w d, index = (sum w s d / sum w s) / (sum w d / sum w). A share has a Wilson interval for
    the number of people that a plain sample would need to be as exact; the index an interval on its logarithm.

    Parameters
        selected : shape (n,), 0..1, the share of a seat that each person of the sample has; ties share the last seats
        in_need : shape (n,), verified
        weight : shape (n,), >= 1, people for whom each stands (people of the stratum over those sampled of it). Without
            weights the people are taken as drawn from so many that none is likely drawn twice
        stratum : shape (n,), number of the stratum within which each was drawn; a lone one joins the other lone ones
        member : shape (n,), the group to measure; the strata stay those of the whole sample
        least : a figure that rests on fewer people of the sample is not given
        confidence : 0..1 of the intervals
    Returns
        Targeting
    Raises
        InvalidInputError : shapes differ, a number is out of range, or nobody is in the sample
    Source
        Coady, Grosh and Hoddinott (2004), Targeting of Transfers in Developing Countries, World Bank, chapter 2; by
        linearisation: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, section 5.5; Wilson
        intervals of samples: Franco et al. (2019), J. Surv. Stat. Methodol. 7(3).
    """
    sample = _sample(selected, in_need, weight, stratum, least, confidence)
    one = np.ones(len(in_need)) if member is None else member.astype(np.float64)
    need, seat = in_need * one, selected * one
    missed = _share(sample, need - seat * need, need)
    return Targeting(
        inclusion_error=_share(sample, seat - seat * need, seat),
        exclusion_error=missed,
        coverage=_share(sample, seat * need, need),
        index=_index(sample, seat, need, one),
        in_need=_share(sample, need, one),
        people=int(one.sum()),
    )


def compare(
    first: Floats,
    second: Floats,
    in_need: Flags,
    *,
    weight: Floats | None = None,
    stratum: NDArray[np.int64] | None = None,
    least: int = 1,
    confidence: float = CONFIDENCE,
) -> Difference:
    """Return what the second of two choices of people does otherwise, with intervals that know both share the sample.

    The differences are of the estimates of ``measure``; their standard errors come from the difference of the two
    influences of each person, so that people whom both choose alike add nothing.

    Parameters      first, second : shape (n,), 0..1, the share of a seat of each person by either choice, for the same
                    number of seats; the others as of ``measure``
    Returns         Difference
    Raises          InvalidInputError — as ``measure``
    Source          as ``measure``
    """
    sample = _sample(second, in_need, weight, stratum, least, confidence)
    _sample(first, in_need, weight, stratum, least, confidence)
    need, one = in_need.astype(np.float64), np.ones(len(in_need))
    chosen = int(((first > 0) | (second > 0)).sum())
    return Difference(
        inclusion_error=_difference(
            sample, [(seat - seat * need, seat) for seat in (first, second)], people=min(_some(first), _some(second))
        ),
        exclusion_error=_difference(
            sample, [(need - seat * need, need) for seat in (first, second)], people=_some(need)
        ),
        index=_between(sample, _log_index(sample, second, need, one), _log_index(sample, first, need, one), chosen),
        differing=int((first != second).sum()),
    )


def _sample(
    selected: Floats,
    in_need: Flags,
    weight: Floats | None,
    stratum: NDArray[np.int64] | None,
    least: int,
    confidence: float,
) -> _Sample:
    people = len(in_need)
    given = np.ones(people) if weight is None else weight
    strata = np.zeros(people, dtype=np.int64) if stratum is None else stratum
    if not people or any(array.shape != (people,) for array in (selected, in_need, given, strata)):
        raise InvalidInputError("A sample needs people, and one number of each kind for every one of them.")
    if (selected < 0).any() or (selected > 1).any() or (given < 1).any() or not np.isfinite(given).all():
        raise InvalidInputError("Shares of a seat lie between 0 and 1, weights are 1 or more.")
    if not 0 < confidence < 1:
        raise InvalidInputError("A confidence lies between 0 and 1.")
    joined = _joined(strata)
    fraction = np.zeros(people)
    if weight is not None:
        for number in np.unique(joined):
            mine = joined == number
            fraction[mine] = mine.sum() / given[mine].sum()
    return _Sample(given, joined, fraction, NormalDist().inv_cdf((1 + confidence) / 2), max(least, 1))


def _joined(stratum: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put lone people of a stratum together: one person alone says nothing of how people of the stratum differ."""
    numbers, place, counts = np.unique(stratum, return_inverse=True, return_counts=True)
    lone = counts[place] == 1
    if lone.sum() == 1 and len(numbers) > 1:
        lone |= place == int(np.argmax(counts))
    return np.where(lone, -1, place).astype(np.int64)


def _some(value: Floats) -> int:
    return int((value > 0).sum())


def _share(sample: _Sample, part: Floats, whole: Floats) -> Estimate:
    """Return a share of totals with a Wilson interval for the effective number of people."""
    people, total = _some(whole), sample.total(whole)
    if people < sample.least or total == 0:
        return Estimate(None, None, None, people)
    share = min(max(sample.total(part) / total, 0.0), 1.0)
    error = sample.error((part - share * whole) / total)
    if error > 0:
        effective = share * (1 - share) / error**2
    else:
        among = sample.weight * whole
        effective = float(among.sum() ** 2 / (among**2).sum())
        sampled = float(sample.fraction[whole > 0].min())
        effective = effective / (1 - sampled) if sampled < 1 else float("inf")
    return Estimate(share, *_wilson(share, effective, sample.z), people)


def _wilson(share: float, people: float, z: float) -> tuple[float, float]:
    """Return Wilson's interval of a share among so many people, who need not be a whole number."""
    if people == float("inf"):
        return share, share
    shrunk = (share + z**2 / (2 * people)) / (1 + z**2 / people)
    half = z / (1 + z**2 / people) * sqrt(share * (1 - share) / people + z**2 / (4 * people**2))
    return max(shrunk - half, 0.0), min(shrunk + half, 1.0)


def _index(sample: _Sample, seat: Floats, need: Floats, one: Floats) -> Estimate:
    people = _some(seat)
    if people < sample.least or sample.total(need) == 0 or sample.total(seat) == 0:
        return Estimate(None, None, None, people)
    if sample.total(seat * need) == 0:
        return Estimate(0.0, None, None, people)
    value, influence = _log_index(sample, seat, need, one)
    return _around(value, sample.error(influence), sample.z, people)


def _log_index(sample: _Sample, seat: Floats, need: Floats, one: Floats) -> tuple[float, Floats]:
    """Return the logarithm of the index and what each person adds to it; nothing of a total that is 0."""
    ratio = [(seat * need, 1), (seat, -1), (need, -1), (one, 1)]
    totals = [sample.total(part) for part, _sign in ratio]
    if min(totals) == 0:
        return float("nan"), np.zeros(len(one))
    value = sum(sign * log(total) for (_part, sign), total in zip(ratio, totals, strict=True))
    influence = sum(
        (sign * part / total for (part, sign), total in zip(ratio, totals, strict=True)), np.zeros(len(one))
    )
    return value, influence


def _around(value: float, error: float, z: float, people: int, back: Callable[[float], float] = exp) -> Estimate:
    return Estimate(back(value), back(value - z * error), back(value + z * error), people)


def _difference(sample: _Sample, shares: list[tuple[Floats, Floats]], *, people: int) -> Estimate:
    """Return the second share less the first, with an interval that lies between -1 and 1."""
    totals = [sample.total(whole) for _part, whole in shares]
    if people < sample.least or min(totals) == 0:
        return Estimate(None, None, None, people)
    values = [sample.total(part) / total for (part, _whole), total in zip(shares, totals, strict=True)]
    first, second = (
        (part - value * whole) / total for (part, whole), value, total in zip(shares, values, totals, strict=True)
    )
    return _around(values[1] - values[0], sample.error(second - first), sample.z, people, _as_difference)


def _as_difference(value: float) -> float:
    """Keep the end of an interval between -1 and 1."""
    return min(max(value, -1.0), 1.0)


def _between(sample: _Sample, second: tuple[float, Floats], first: tuple[float, Floats], people: int) -> Estimate:
    if people < sample.least or not np.isfinite(first[0]) or not np.isfinite(second[0]):
        return Estimate(None, None, None, people)
    return _around(second[0] - first[0], sample.error(second[1] - first[1]), sample.z, people)
