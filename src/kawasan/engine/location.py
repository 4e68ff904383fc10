"""What an area is strong in: location quotients, shift and share of its sectors, scores of its five capitals."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
SectorClass = Literal["leading", "mature", "prospective", "lagging", "unknown"]
Quadrant = Literal["developed", "stagnant", "developing", "underdeveloped", "unknown"]

CAPITALS = ("natural", "human", "physical", "social", "financial")
PER_CENT = 100.0
TOTAL_ROUNDING = 0.005  # share by which rounded sectors may add up to more than their total
EVEN = 1e-9  # a quotient this close to 1 is 1, whatever rounding error says


@dataclass(frozen=True, slots=True)
class CapitalScores:
    """Strength of each of the CAPITALS.

    score : shape (5,), 0 (worst) to 100 (best), nan when no indicator of the capital is known
    known_share : shape (5,), share 0..1 of the indicators' weight that has a value, 0 when there is no indicator
    """

    score: Floats
    known_share: Floats


@dataclass(frozen=True, slots=True)
class ShiftShare:
    """Why each of n sectors of an area changed between two years; every attribute has shape (n,), nan where unknown.

    change : end less start; it is ``reference_growth + industry_mix + competitive``
    reference_growth : what the sector would have gained if it had grown as everything did in the larger area
    industry_mix : what it gained because its sector grew faster (or slower) there than everything
    competitive : what it gained because it grew faster (or slower) in the area than its sector did there
    homothetic : what the area would have had of the sector at the start with the structure of the larger area
    pure_competitive, allocation : the two parts of ``competitive``; the first is free of how much the area had of the
        sector, the second is positive where the area has much of what it is good at or little of what it is bad at

    All in the unit of the amounts.
    """

    change: Floats
    reference_growth: Floats
    industry_mix: Floats
    competitive: Floats
    homothetic: Floats
    pure_competitive: Floats
    allocation: Floats


def location_quotient(
    area: Floats, reference: Floats, *, area_total: float = PER_CENT, reference_total: float = PER_CENT
) -> Floats:
    """Compare each sector's share in an area with its share in the larger area around it.

    LQ_i = (a_i / A) / (r_i / R). Above 1 the area is specialised in the sector: it is a base sector.

    Parameters
        area, reference : shape (n,), shares or amounts (value added, workers) of n sectors, >= 0, nan where missing
        area_total, reference_total : of all sectors, those not listed or missing included. The default is right for
            shares, in per cent or as parts of 1; for amounts give the totals, in the same unit.
    Returns
        shape (n,), nan where a figure is missing or the reference has nothing of the sector
    Raises
        InvalidInputError : shapes differ, a figure is negative, or the sectors add up to more than their total.
    Source
        Isard (1960), Methods of Regional Analysis, MIT Press, chapter 7.
    """
    _check_sectors(area, area_total)
    _check_sectors(reference, reference_total)
    _check_same_shape(area, reference)
    return _ratio(area / area_total, reference / reference_total)


def dynamic_location_quotient(
    area_start: Floats,
    area_end: Floats,
    reference_start: Floats,
    reference_end: Floats,
    years: float,
    *,
    area_totals: tuple[float, float] = (PER_CENT, PER_CENT),
    reference_totals: tuple[float, float] = (PER_CENT, PER_CENT),
) -> Floats:
    """Tell whether a sector gains ground in the area faster than it does in the larger area around it.

    DLQ_i = [((1 + g_i) / (1 + g)) / ((1 + G_i) / (1 + G))] ^ t with the mean yearly growth g_i of the sector and g of
    all sectors in the area, G_i and G in the reference, over t years. Growth is the compound rate, so the power undoes
    the root: DLQ_i is LQ at the end over LQ at the start, shares give the same as amounts, and t cancels out.

    Parameters
        area_start, area_end, reference_start, reference_end : shape (n,), shares or amounts at constant prices of n
            sectors, >= 0, nan where missing
        years : t > 0, from start to end
        area_totals, reference_totals : of all sectors at start and end; the default is right for shares
    Returns
        shape (n,), nan where a figure is missing or nothing was there at the start
    Raises
        InvalidInputError : as in ``location_quotient``, or ``years`` is not positive.
    Source
        Kuncoro (2012), Perencanaan Daerah, Salemba Empat; Nazipawati (2007), "Aplikasi model static dan dynamic
        location quotients dan shift-share dalam perencanaan ekonomi regional", Eko-Regional 2(2).
    """
    if not years > 0:
        raise InvalidInputError("years must be positive.")
    _check_same_shape(area_start, area_end, reference_start, reference_end)
    area = _growth_beyond_total(area_start, area_end, area_totals, years)
    reference = _growth_beyond_total(reference_start, reference_end, reference_totals, years)
    return np.asarray(_ratio(area, reference) ** years)


def classify(quotient: Floats, dynamic_quotient: Floats) -> tuple[SectorClass, ...]:
    """Name each sector by what it is (LQ) and where it goes (DLQ).

    Parameters
        quotient, dynamic_quotient : shape (n,), nan where unknown
    Returns
        n codes: ``leading`` (LQ > 1, DLQ > 1), ``mature`` (LQ > 1, DLQ <= 1: base, but fading), ``prospective``
        (LQ <= 1, DLQ > 1), ``lagging`` (neither), ``unknown`` (either is nan)
    Raises
        InvalidInputError : shapes differ.
    """
    _check_same_shape(quotient, dynamic_quotient)
    return tuple(_class(lq, dlq) for lq, dlq in zip(quotient, dynamic_quotient, strict=True))


def mean_growth(start: Floats, end: Floats, years: float) -> Floats:
    """Return the compound yearly growth from start to end.

    g = (end / start) ^ (1 / t) - 1

    Parameters
        start, end : shape (n,), amounts >= 0, nan where missing
        years : t > 0, from start to end
    Returns
        shape (n,), parts of 1 a year, nan where a figure is missing or nothing was there at the start
    Raises
        InvalidInputError : shapes differ, or ``years`` is not positive.
    """
    if not years > 0:
        raise InvalidInputError("years must be positive.")
    _check_same_shape(start, end)
    return np.asarray(_ratio(end, start) ** (1 / years) - 1)


def shift_share(
    area_start: Floats,
    area_end: Floats,
    reference_start: Floats,
    reference_end: Floats,
    *,
    area_total: float,
    reference_totals: tuple[float, float],
) -> ShiftShare:
    """Split the change of each sector into what came from the larger area, from the sector, and from the area itself.

    With the amount e_i of a sector in the area at the start, its growth g_i over the whole period, the growth G_i of
    the sector and G of everything in the larger area:

        e_i g_i = e_i G + e_i (G_i - G) + e_i (g_i - G_i)

    The last term mixes how well the sector did with how much of it was there. With h_i = E R_i / R, the amount that
    the area (E in all) would have with the structure of the larger area (R_i of R), it is h_i (g_i - G_i), the pure
    competitive effect, plus (e_i - h_i) (g_i - G_i), the allocation effect.

    Parameters
        area_start, area_end, reference_start, reference_end : shape (n,), amounts (value added at constant prices,
            workers) of n sectors, >= 0, nan where missing; shares cannot be split
        area_total : E, of all sectors in the area at the start, those not listed included
        reference_totals : R of all sectors in the larger area at start and end
    Returns
        ShiftShare; a sector with a missing figure, or which the larger area did not have at the start, is nan; of one
        that the area did not have at the start only ``pure_competitive`` and ``allocation`` are
    Raises
        InvalidInputError : shapes differ, a figure is negative, or the sectors add up to more than their total.
    Source
        Dunn (1960), "A statistical and analytical technique for regional analysis", Papers in Regional Science 6;
        Esteban-Marquillas (1972), "A reinterpretation of shift-share analysis", Regional and Urban Economics 2(3).
    """
    _check_same_shape(area_start, area_end, reference_start, reference_end)
    for figures, total in (
        (area_start, area_total),
        *zip((reference_start, reference_end), reference_totals, strict=True),
    ):
        _check_sectors(figures, total)
    _check_sectors(area_end, np.nansum(area_end) or 1.0)
    of_all = reference_totals[1] / reference_totals[0] - 1
    of_sector = _ratio(reference_end, reference_start) - 1
    lead = _ratio(area_end, area_start) - 1 - of_sector
    change = area_end - area_start + 0 * of_sector
    homothetic = area_total * reference_start / reference_totals[0]
    return ShiftShare(
        change=change,
        reference_growth=area_start * of_all + 0 * change,
        industry_mix=area_start * (of_sector - of_all) + 0 * change,
        competitive=change - area_start * of_sector,
        homothetic=homothetic + 0 * change,
        pure_competitive=homothetic * lead,
        allocation=(area_start - homothetic) * lead,
    )


def growth_quadrant(
    area_growth: Floats, reference_growth: Floats, area_share: Floats, reference_share: Floats
) -> tuple[Quadrant, ...]:
    """Name each sector by its size and its growth, both against the same sector in the larger area.

    Parameters
        area_growth, reference_growth : shape (n,), growth of the sector in the same period, any unit, nan if unknown
        area_share, reference_share : shape (n,), share of the sector in its total, any unit, nan if unknown
    Returns
        n codes: ``developed`` (larger share, faster), ``stagnant`` (larger share, not faster), ``developing`` (share
        not larger, faster), ``underdeveloped`` (neither), ``unknown`` (a figure is nan)
    Raises
        InvalidInputError : shapes differ.
    Source
        Klassen's typology of sectors: Sjafrizal (2008), Ekonomi Regional: Teori dan Aplikasi, Baduose Media.
    """
    _check_same_shape(area_growth, reference_growth, area_share, reference_share)
    figures = zip(area_growth - reference_growth, area_share - reference_share, strict=True)
    return tuple(_quadrant(faster, larger) for faster, larger in figures)


def range_over_places(value: Floats, more_is_better: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the worst and the best value of each indicator that any place has, for min-max normalisation.

    Parameters
        value : shape (k, n), n indicators of k places (or places and years), in the indicator's unit, nan if unknown
        more_is_better : shape (n,), False where less is better
    Returns
        worst, best : shape (n,), nan where fewer than two different values are known, since nothing lies between them
    Raises
        InvalidInputError : shapes differ.
    Source
        OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, min-max.
    """
    if value.ndim != 2 or more_is_better.shape != value.shape[1:]:
        raise InvalidInputError("value must have shape (k, n) and more_is_better (n,).")
    known = np.isfinite(value)
    low = np.where(known, value, np.inf).min(axis=0, initial=np.inf)
    high = np.where(known, value, -np.inf).max(axis=0, initial=-np.inf)
    differ = low < high
    worst, best = np.where(more_is_better, low, high), np.where(more_is_better, high, low)
    return np.where(differ, worst, np.nan), np.where(differ, best, np.nan)


def capital_scores(
    capital: NDArray[np.int64], value: Floats, worst: Floats, best: Floats, weight: Floats
) -> CapitalScores:
    """Score the five capitals of an area from indicators measured between a worst and a best value.

    An indicator scores 100 * (value - worst) / (best - worst), cut off at 0 and 100; ``worst`` may exceed ``best``.
    A capital scores the weighted mean of its known indicators: what is missing counts neither as 0 nor as average.

    Parameters
        capital : shape (n,), index into CAPITALS of each indicator
        value : shape (n,), in the indicator's own unit, nan when unknown
        worst, best : shape (n,), in the same unit, unequal; both nan when no range is known, so that the indicator
            counts as unknown
        weight : shape (n,), finite, >= 0
    Returns
        CapitalScores
    Raises
        InvalidInputError : shapes differ, or a number is out of its range.
    Source
        Asset pentagon: DFID (1999), Sustainable Livelihoods Guidance Sheets, section 2.3. Normalisation: OECD and
        JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    """
    _check_indicators(capital, value, worst, best, weight)
    indicator = indicator_scores(value, worst, best)
    known = np.isfinite(indicator)
    known_weight = _sum_by_capital(capital[known], weight[known])
    weighted = _sum_by_capital(capital[known], (weight * indicator)[known])
    known_share = _ratio(known_weight, _sum_by_capital(capital, weight))
    return CapitalScores(score=_ratio(weighted, known_weight), known_share=np.nan_to_num(known_share))


def indicator_scores(value: Floats, worst: Floats, best: Floats) -> Floats:
    """Score each indicator from 0 at its worst to 100 at its best value; beyond them it stays at the end.

    Parameters
        value : shape (..., n), in the indicator's own unit, nan when unknown
        worst, best : shape (n,), in the same unit, unequal, nan when no range is known
    Returns
        shape (..., n), 0..100, nan when the value or its range is unknown
    """
    return np.asarray(np.clip((value - worst) / (best - worst), 0.0, 1.0) * PER_CENT)


def _sum_by_capital(capital: NDArray[np.int64], amount: Floats) -> Floats:
    return np.bincount(capital, amount, len(CAPITALS)).astype(np.float64)


def _growth_beyond_total(start: Floats, end: Floats, totals: tuple[float, float], years: float) -> Floats:
    """Return (1 + g_i) / (1 + g), the mean yearly growth of each sector beyond that of all of them."""
    _check_sectors(start, totals[0])
    _check_sectors(end, totals[1])
    return np.asarray((_ratio(end, start) / (totals[1] / totals[0])) ** (1 / years))


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, leaving nan where the denominator is nothing."""
    ratio: Floats = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0)
    return ratio


def _class(quotient: float, dynamic_quotient: float) -> SectorClass:
    if np.isnan(quotient) or np.isnan(dynamic_quotient):
        return "unknown"
    grows = dynamic_quotient > 1 + EVEN
    if quotient > 1 + EVEN:
        return "leading" if grows else "mature"
    return "prospective" if grows else "lagging"


def _quadrant(faster: float, larger: float) -> Quadrant:
    if np.isnan(faster) or np.isnan(larger):
        return "unknown"
    if larger > EVEN:
        return "developed" if faster > EVEN else "stagnant"
    return "developing" if faster > EVEN else "underdeveloped"


def _check_sectors(figures: Floats, total: float) -> None:
    if not 0 < total < np.inf:
        raise InvalidInputError("A total must be positive.")
    if (figures < 0).any() or np.isinf(figures).any():
        raise InvalidInputError("A sector's figure must be finite and not negative.")
    if np.nansum(figures) > total * (1 + TOTAL_ROUNDING):
        raise InvalidInputError("The sectors add up to more than their total; give the totals of amounts.")


def _check_same_shape(*arrays: NDArray[np.generic]) -> None:
    if arrays[0].ndim != 1 or len({array.shape for array in arrays}) != 1:
        raise InvalidInputError("Every array must have the same shape (n,).")


def _check_indicators(capital: NDArray[np.int64], value: Floats, worst: Floats, best: Floats, weight: Floats) -> None:
    _check_same_shape(capital, value, worst, best, weight)
    if not np.issubdtype(capital.dtype, np.integer) or not ((capital >= 0) & (capital < len(CAPITALS))).all():
        raise InvalidInputError(f"A capital must be a whole number from 0 to {len(CAPITALS) - 1}.")
    has_no_range = np.isnan(worst) & np.isnan(best)
    if not (has_no_range | (np.isfinite(worst) & np.isfinite(best) & (worst != best))).all():
        raise InvalidInputError("An indicator's worst and best must be finite and differ.")
    if not ((weight >= 0) & (weight < np.inf)).all():
        raise InvalidInputError("A weight must be finite and not negative.")
    if np.isinf(value).any():
        raise InvalidInputError("A value must be finite, or nan when unknown.")
