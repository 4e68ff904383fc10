"""How far people who judge the same things agree, beyond what chance alone would give."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
Scale = Literal["nominal", "ordinal", "interval"]
DRAWS = 2000  # of the units with replacement; the ends of an interval then vary by about a hundredth
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha of marks.

    alpha : 1 is full agreement, 0 that of chance; none when fewer than two things were judged twice, or every mark is
        the same, so that nothing tells agreement from chance
    low, high : interval of alpha; none when it is
    same : share 0..1 of the pairs of marks of one thing that are equal
    judged : things judged by two or more
    """

    alpha: float | None
    low: float | None
    high: float | None
    same: float | None
    judged: int


def agreement(marks: Floats, *, scale: Scale, seed: int, draws: int = DRAWS) -> Agreement:
    """Return Krippendorff's alpha, in which whoever judges is exchangeable and marks may be missing.

    alpha = 1 - D_o / D_e: the mean squared difference of two marks of one thing, over that of any two marks. Marks
    differ by 1 on a nominal scale, by their numbers on an interval scale, and on an ordinal one by how many marks lie
    between them. The interval is that of the middle draws when the judged things are drawn anew with replacement.

    Parameters
        marks : shape (n, k), mark that each of k people gave each of n things, nan for none
        scale : of the marks
        seed : of the draws; the same seed gives the same result
        draws : > 0
    Returns
        Agreement
    Raises
        InvalidInputError : the marks are not a table, or one is infinite
    Source
        Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania; (2018), Content
        Analysis, 4th edition, chapter 12.
    """
    if marks.ndim != 2 or np.isinf(marks).any():
        raise InvalidInputError("Marks are a table with a row for each thing judged, with numbers or nothing in it.")
    judged = marks[(~np.isnan(marks)).sum(axis=1) >= 2]
    values = np.unique(judged[~np.isnan(judged)])
    if len(judged) < 2:
        return Agreement(None, None, None, None, len(judged))
    pairs = _pairs(judged, values)
    same = float(np.trace(pairs.sum(axis=0)) / pairs.sum())
    if len(values) < 2:
        return Agreement(None, None, None, same, len(judged))
    alpha = float(_alphas(pairs.sum(axis=0)[None], values, scale)[0])
    random = np.random.default_rng(seed)
    times = random.multinomial(len(judged), np.full(len(judged), 1 / len(judged)), size=draws).astype(np.float64)
    drawn = _alphas(np.tensordot(times, pairs, axes=1), values, scale)
    low, high = np.nanpercentile(drawn, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return Agreement(alpha, float(low), float(high), same, len(judged))


def _pairs(judged: Floats, values: Floats) -> Floats:
    """Return shape (n, v, v): the pairs of marks of each thing by value, each mark counted once in all."""
    counts = (judged[:, :, None] == values).sum(axis=1).astype(np.float64)
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(len(values))
    pairs[:, diagonal, diagonal] -= counts
    return np.asarray(pairs / (counts.sum(axis=1) - 1)[:, None, None])


def _alphas(pairs: Floats, values: Floats, scale: Scale) -> Floats:
    """Return alpha of each of d tables of pairs, shape (d, v, v); nan where all marks are the same."""
    counts = pairs.sum(axis=2)
    total = counts.sum(axis=1)
    apart = _apart(counts, values, scale)
    observed = (pairs * apart).sum(axis=(1, 2)) / total
    expected = (counts[:, :, None] * counts[:, None, :] * apart).sum(axis=(1, 2)) / (total * (total - 1))
    return np.asarray(1 - observed / np.where(expected > 0, expected, np.nan))


def _apart(counts: Floats, values: Floats, scale: Scale) -> Floats:
    """Return shape (d, v, v), the squared difference of each two values."""
    if scale == "nominal":
        return np.broadcast_to(1 - np.eye(len(values)), (len(counts), len(values), len(values)))
    if scale == "interval":
        return np.broadcast_to((values[:, None] - values) ** 2, (len(counts), len(values), len(values)))
    middle = np.cumsum(counts, axis=1) - counts / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)
