"""What an area is strong in: location quotients of its sectors, and a score for each of its five capitals."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
SectorClass = Literal["leading", "mature", "prospective", "lagging", "unknown"]

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


def capital_scores(
    capital: NDArray[np.int64], value: Floats, worst: Floats, best: Floats, weight: Floats
) -> CapitalScores:
    """Score the five capitals of an area from indicators measured between a worst and a best value.

    An indicator scores 100 * (value - worst) / (best - worst), cut off at 0 and 100; ``worst`` may exceed ``best``.
    A capital scores the weighted mean of its known indicators: what is missing counts neither as 0 nor as average.

    Parameters
        capital : shape (n,), index into CAPITALS of each indicator
        value : shape (n,), in the indicator's own unit, nan when unknown
        worst, best : shape (n,), finite, in the same unit, unequal
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
    known = np.isfinite(value)
    indicator = np.clip((value - worst) / (best - worst), 0.0, 1.0) * PER_CENT
    known_weight = _sum_by_capital(capital[known], weight[known])
    weighted = _sum_by_capital(capital[known], (weight * indicator)[known])
    known_share = _ratio(known_weight, _sum_by_capital(capital, weight))
    return CapitalScores(score=_ratio(weighted, known_weight), known_share=np.nan_to_num(known_share))


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
    if not (np.isfinite(worst) & np.isfinite(best) & (worst != best)).all():
        raise InvalidInputError("An indicator's worst and best must be finite and differ.")
    if not ((weight >= 0) & (weight < np.inf)).all():
        raise InvalidInputError("A weight must be finite and not negative.")
    if np.isinf(value).any():
        raise InvalidInputError("A value must be finite, or nan when unknown.")
