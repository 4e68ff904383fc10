"""Scores of the five capitals in the area and its places, and how far their order depends on the weights."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kawasan.areas.models import AssetIndicator, AssetValue, Place
from kawasan.areas.rules import FACTORS, Capital, Direction, Scale, Spread
from kawasan.engine import location, ranking
from kawasan.programmes.models import Programme

SEED = 20220826  # any number would do; a fixed one gives the same answer to everybody
Values = Mapping[tuple[int, int, int], AssetValue]  # by place, year and indicator


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measure of a capital in a place and year: the value, the range it was scored in, the score from 0 to 100."""

    code: str
    name: str
    unit: str
    direction: Direction
    scale: Scale
    value: float | None
    worst: float | None
    best: float | None
    score: float | None
    weight: int
    source: str
    about: str


@dataclass(frozen=True, slots=True)
class CapitalScore:
    """Strength of a capital from 0 to 100, nothing when unknown, and the share of its indicators that is known."""

    capital: Capital
    score: float | None
    known_share: float
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class PlaceScore:
    """The five capitals of a place in one year, and their mean; no mean where one of them is unknown."""

    place: Place
    year: int
    is_whole: bool
    capitals: tuple[CapitalScore, ...]
    mean: float | None
    known_share: float

    @property
    def unknown(self) -> list[Capital]:
        return [one.capital for one in self.capitals if one.score is None]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place among the others: its rank, the ranks that other weights give it, and how often (parts of 1)."""

    place: Place
    mean: float
    rank: int
    best_rank: int
    worst_rank: int
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AssetStudy:
    """Every place and year, and the ranking of the places in one of the years."""

    years: list[int]
    scores: list[PlaceScore]
    ranked_year: int | None
    ranking: list[Ranked]
    not_ranked: list[PlaceScore]
    spread: Spread


def pentagon(programme: Programme) -> list[CapitalScore]:
    """The five capitals of the area as a whole, in the year of which most is known."""
    figures = _Figures.of(programme)
    years = [year for place, year, _i in figures.known() if place == figures.whole_pk]
    return list(figures.capitals(figures.whole_pk, _fullest(years) or 0))


def place_score(programme: Programme, place: Place, year: int) -> PlaceScore | None:
    """One place in one year with the indicators behind it; nothing when no value was entered."""
    figures = _Figures.of(programme)
    if not any((place.pk, year) == key[:2] for key in figures.values):
        return None
    return figures.score(place, year)


def asset_study(programme: Programme, *, year: int | None = None, spread: str = "") -> AssetStudy:
    """Every place in every year, and the order of the places in the year asked for, or that of which most is known."""
    figures = _Figures.of(programme)
    pairs = sorted({(place, y) for place, y, _i in figures.values})
    years = sorted({y for _place, y in pairs})
    scores = [figures.score(figures.places[place], y) for place, y in pairs]
    scores.sort(key=lambda one: (one.year, not one.is_whole, one.place.code))
    chosen = year if year in years else _fullest([y for _place, y, _i in figures.known()])
    compared = [one for one in scores if one.year == chosen and not one.is_whole]
    ranked = [one for one in compared if one.mean is not None]
    spread_chosen = Spread(spread) if spread in set(Spread) else Spread.DOUBLE
    return AssetStudy(
        years=years,
        scores=scores,
        ranked_year=chosen,
        ranking=_ranking(ranked, spread_chosen),
        not_ranked=[one for one in compared if one.mean is None],
        spread=spread_chosen,
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """The indicators and their values in the area and the parts that are compared, read once."""

    whole_pk: int | None
    places: dict[int, Place]
    indicators: list[AssetIndicator]
    values: dict[tuple[int, int, int], AssetValue]
    worst: location.Floats
    best: location.Floats

    @classmethod
    def of(cls, programme: Programme) -> "_Figures":
        indicators = list(programme.asset_indicators.all())
        rows = list(programme.asset_values.select_related("place__parent"))
        whole = next((row.place for row in rows if row.place.code == programme.area_code), None)
        if whole is None:
            whole = next((row.place.parent for row in rows if row.place.parent), None)
        kept = [row for row in rows if whole is None or whole.pk in (row.place_id, row.place.parent_id)]
        values = {(row.place_id, row.year, row.indicator_id): row for row in kept}
        parts = [key for key in values if whole is None or key[0] != whole.pk]
        return cls(
            whole.pk if whole else None,
            {row.place_id: row.place for row in kept},
            indicators,
            values,
            *_ranges(indicators, values, parts),
        )

    def known(self) -> Iterable[tuple[int, int, int]]:
        return (key for key, row in self.values.items() if row.value is not None)

    def score(self, place: Place, year: int) -> PlaceScore:
        capitals = tuple(self.capitals(place.pk, year))
        scores = [one.score for one in capitals if one.score is not None]
        weight = sum(one.weight for one in self.indicators)
        known = sum(i.weight for c in capitals for i in c.indicators if i.score is not None)
        return PlaceScore(
            place,
            year,
            place.pk == self.whole_pk,
            capitals,
            sum(scores) / len(scores) if len(scores) == len(capitals) else None,
            known / weight if weight else 0.0,
        )

    def capitals(self, place_pk: int | None, year: int) -> Iterable[CapitalScore]:
        rows = [self.values.get((place_pk or 0, year, one.pk)) for one in self.indicators]
        value = _array([row.value if row else None for row in rows])
        of_all = list(Capital)
        found = location.capital_scores(
            np.array([of_all.index(Capital(one.capital)) for one in self.indicators], dtype=np.int64),
            value,
            self.worst,
            self.best,
            _array([one.weight for one in self.indicators]),
        )
        each = location.indicator_scores(value, self.worst, self.best)
        shown = [self._indicator(i, row, each[i]) for i, row in enumerate(rows)]
        for capital, score, known_share in zip(of_all, found.score, found.known_share, strict=True):
            of_capital = [s for s, one in zip(shown, self.indicators, strict=True) if one.capital == capital]
            yield CapitalScore(capital, _known(score), float(known_share), tuple(of_capital))

    def _indicator(self, i: int, row: AssetValue | None, score: float) -> Indicator:
        one = self.indicators[i]
        return Indicator(
            code=one.code,
            name=str(one),
            unit=one.unit,
            direction=Direction(one.direction),
            scale=Scale(one.scale),
            value=row.value if row else None,
            worst=_known(self.worst[i]),
            best=_known(self.best[i]),
            score=_known(score),
            weight=one.weight,
            source=row.source if row else "",
            about=one.source,
        )


def _ranges(
    indicators: Sequence[AssetIndicator], values: Values, parts: Sequence[tuple[int, int, int]]
) -> tuple[location.Floats, location.Floats]:
    """Worst and best of each indicator: as set, or those of the places in all years, so that years can be compared."""
    at = sorted({(place, year) for place, year, _i in parts})
    table = [[values.get((place, year, one.pk)) for one in indicators] for place, year in at]
    figures = [_array([row.value if row else None for row in line]) for line in table]
    of_places = location.range_over_places(
        np.array(figures, dtype=np.float64).reshape(len(at), len(indicators)),
        np.array([one.direction == Direction.MORE for one in indicators], dtype=np.bool_),
    )
    is_set = np.array([one.scale == Scale.TARGET for one in indicators], dtype=np.bool_)
    worst = np.where(is_set, _array([one.worst for one in indicators]), of_places[0])
    return worst, np.where(is_set, _array([one.best for one in indicators]), of_places[1])


def _ranking(scores: Sequence[PlaceScore], spread: Spread) -> list[Ranked]:
    if not scores:
        return []
    flat = [[i for c in one.capitals for i in c.indicators] for one in scores]
    group = [number for number, c in enumerate(scores[0].capitals) for _i in c.indicators]
    found = ranking.rank_sensitivity(
        np.array([_array([i.score for i in line]) for line in flat]),
        np.array(group, dtype=np.int64),
        _array([i.weight for i in flat[0]]),
        spread=FACTORS[spread],
        seed=SEED,
    )
    ranked = [
        Ranked(
            one.place,
            float(found.score[i]),
            int(found.rank[i]),
            int(found.best_rank[i]),
            int(found.worst_rank[i]),
            tuple(map(float, found.acceptability[i])),
        )
        for i, one in enumerate(scores)
    ]
    return sorted(ranked, key=lambda one: (one.rank, one.place.code))


def _fullest(years: Sequence[int]) -> int | None:
    """The year that occurs most often, of equals the last: a single later value must not empty the picture."""
    counted = Counter(years)
    return max(counted, key=lambda year: (counted[year], year), default=None)


def _array(figures: Sequence[float | None]) -> location.Floats:
    """Figures for the engine, which knows the unknown as nan."""
    return np.array([np.nan if figure is None else figure for figure in figures], dtype=np.float64)


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
