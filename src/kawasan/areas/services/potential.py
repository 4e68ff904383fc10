"""What the area is strong in, from figures of its sectors and those of the province."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kawasan.areas import rules
from kawasan.areas.models import SectorFigure
from kawasan.areas.rules import ALL_SECTORS, Basis, Quadrant, SectorClass
from kawasan.core.text import Text
from kawasan.engine import location
from kawasan.programmes.models import Programme

Rows = Mapping[tuple[str, int], SectorFigure]


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the area and of the province in one year, with its source; nothing where it is unknown."""

    year: int
    area: float | None
    reference: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A change and the parts that it splits into, in the unit of the basis."""

    change: float
    reference_growth: float
    industry_mix: float
    competitive: float
    homothetic: float | None
    pure_competitive: float | None
    allocation: float | None


@dataclass(frozen=True, slots=True)
class Sector:
    """What a sector is for the area between two years; growth is parts of 1 a year."""

    sector: str
    name: str
    start: Pair | None
    end: Pair
    earlier_quotient: float | None
    location_quotient: float | None
    dynamic_location_quotient: float | None
    sector_class: SectorClass
    area_growth: float | None
    reference_growth: float | None
    quadrant: Quadrant
    parts: Sum | None


@dataclass(frozen=True, slots=True)
class Study:
    """The sectors on one basis between two years, what cannot be computed of them, and why."""

    basis: Basis
    start: Pair | None
    end: Pair | None
    years: list[int]
    bases: list[Basis]
    sectors: list[Sector]
    sums: Sum | None
    reasons: list[Text]

    @property
    def period(self) -> int:
        """Years from start to end; 0 when there is one year only."""
        return self.end.year - self.start.year if self.start and self.end else 0


def potential(programme: Programme) -> list[Sector]:
    """Every sector by its shares of GRDP where there are any, from the first year to the last that can be compared."""
    return sector_study(programme).sectors


def sector_study(programme: Programme, *, basis: str = "", start: int | None = None, end: int | None = None) -> Study:
    """The sectors on the basis and between the years that a reader chose; what fits nothing is chosen for them."""
    figures = list(programme.sector_figures.order_by("sector", "year"))
    bases = [one for one in Basis if any(row.basis == one for row in figures)]
    chosen = next((one for one in bases if one == basis), bases[0] if bases else Basis.GRDP_SHARE)
    rows = {(row.sector, row.year): row for row in figures if row.basis == chosen}
    years = _years(rows.values())
    last = end if end in years else max(years or [year for _code, year in rows], default=None)
    first = start if start in years else min(years, default=None)
    if first is not None and last is not None and first >= last:
        first = None
    return _study(chosen, bases, years, rows, first, last)


def _years(rows: Iterable[SectorFigure]) -> list[int]:
    """The years of which the area can be compared with the province in some sector."""
    return sorted({row.year for row in rows if row.area is not None and row.reference is not None})


def _study(
    basis: Basis, bases: list[Basis], years: list[int], rows: Rows, first: int | None, last: int | None
) -> Study:
    if last is None:
        return Study(basis, None, None, years, bases, [], None, [])
    codes = list(dict.fromkeys(code for code, _year in rows if code != ALL_SECTORS))
    ends = _Year.of(basis, rows, codes, last)
    starts = _Year.of(basis, rows, codes, first) if first is not None else None
    lacks = [_lack(year) for year in (starts, ends) if year]
    reasons = rules.reasons_not_computed(basis, lacks, is_one_year=starts is None) if years else rules.reasons_no_year()
    names = {code: row.label for (code, _y), row in rows.items()}
    sectors = _sectors(basis, codes, names, starts, ends)
    known = [sector.parts for sector in sectors if sector.parts]
    return Study(
        basis=basis,
        start=starts.total if starts else None,
        end=ends.total,
        years=years,
        bases=bases,
        sectors=sectors,
        sums=_sum(known) if known else None,
        reasons=reasons,
    )


@dataclass(frozen=True, slots=True)
class _Year:
    """The figures of all sectors in one year, as the engine takes them."""

    pairs: list[Pair]
    area: location.Floats
    reference: location.Floats
    total: Pair
    is_too_large: bool

    @classmethod
    def of(cls, basis: Basis, rows: Rows, codes: Sequence[str], year: int) -> "_Year":
        pairs = [_pair(rows.get((code, year)), year) for code in codes]
        whole = Pair(year, 100, 100, "") if basis == Basis.GRDP_SHARE else _pair(rows.get((ALL_SECTORS, year)), year)
        area, reference = _array([p.area for p in pairs]), _array([p.reference for p in pairs])
        too_large = _exceeds(area, whole.area) or _exceeds(reference, whole.reference)
        return cls(pairs, area, reference, whole, too_large)

    @property
    def has_area(self) -> bool:
        return bool(self.total.area) and not self.is_too_large

    @property
    def has_both(self) -> bool:
        return self.has_area and bool(self.total.reference)


def _lack(year: _Year) -> rules.Lack:
    return rules.Lack(year.total.year, not year.total.area, not year.total.reference, year.is_too_large)


def _pair(row: SectorFigure | None, year: int) -> Pair:
    return Pair(year, row.area, row.reference, row.source) if row else Pair(year, None, None, "")


def _exceeds(figures: location.Floats, total: float | None) -> bool:
    """Whether sectors add up to more than all of them, beyond what rounding can do."""
    return bool(total) and float(np.nansum(figures)) > (total or 0) * (1 + location.TOTAL_ROUNDING)


def _sectors(
    basis: Basis, codes: Sequence[str], names: Mapping[str, str], starts: _Year | None, ends: _Year
) -> list[Sector]:
    unknown = np.full(len(codes), np.nan)
    later = _quotients(ends)
    earlier = _quotients(starts) if starts else unknown
    dynamic = _dynamic(starts, ends) if starts and starts.has_both and ends.has_both else unknown
    growth = _growth(basis, starts, ends)
    classes = location.classify(later, dynamic)
    quadrants = location.growth_quadrant(*growth, *_shares(ends))
    parts = _parts(basis, starts, ends)
    return [
        Sector(
            sector=code,
            name=names[code],
            start=starts.pairs[i] if starts else None,
            end=ends.pairs[i],
            earlier_quotient=_known(earlier[i]),
            location_quotient=_known(later[i]),
            dynamic_location_quotient=_known(dynamic[i]),
            sector_class=SectorClass(classes[i]),
            area_growth=_known(growth[0][i]),
            reference_growth=_known(growth[1][i]),
            quadrant=Quadrant(quadrants[i]),
            parts=parts[i],
        )
        for i, code in enumerate(codes)
    ]


def _quotients(year: _Year) -> location.Floats:
    if not year.has_both:
        return np.full(len(year.area), np.nan)
    return location.location_quotient(
        year.area, year.reference, area_total=year.total.area or 0, reference_total=year.total.reference or 0
    )


def _dynamic(starts: _Year, ends: _Year) -> location.Floats:
    return location.dynamic_location_quotient(
        starts.area,
        ends.area,
        starts.reference,
        ends.reference,
        ends.total.year - starts.total.year,
        area_totals=(starts.total.area or 0, ends.total.area or 0),
        reference_totals=(starts.total.reference or 0, ends.total.reference or 0),
    )


def _growth(basis: Basis, starts: _Year | None, ends: _Year) -> tuple[location.Floats, location.Floats]:
    """The yearly growth in the area and in the province; shares tell of none."""
    if starts is None or basis == Basis.GRDP_SHARE:
        unknown = np.full(len(ends.area), np.nan)
        return unknown, unknown
    years = ends.total.year - starts.total.year
    return (
        location.mean_growth(starts.area, ends.area, years),
        location.mean_growth(starts.reference, ends.reference, years),
    )


def _shares(year: _Year) -> tuple[location.Floats, location.Floats]:
    if not year.has_both:
        unknown = np.full(len(year.area), np.nan)
        return unknown, unknown
    return year.area / (year.total.area or 0), year.reference / (year.total.reference or 0)


def _parts(basis: Basis, starts: _Year | None, ends: _Year) -> list[Sum | None]:
    is_possible = starts and basis != Basis.GRDP_SHARE and starts.has_both and ends.total.reference
    if not starts or not is_possible or ends.is_too_large:
        return [None] * len(ends.area)
    split = location.shift_share(
        starts.area,
        ends.area,
        starts.reference,
        ends.reference,
        area_total=starts.total.area or 0,
        reference_totals=(starts.total.reference or 0, ends.total.reference or 0),
    )
    columns = (
        split.change,
        split.reference_growth,
        split.industry_mix,
        split.competitive,
        split.homothetic,
        split.pure_competitive,
        split.allocation,
    )
    return [
        None if np.isnan(row[:4]).any() else Sum(*map(float, row[:4]), *map(_known, row[4:]))
        for row in np.stack(columns, axis=1)
    ]


def _sum(parts: Sequence[Sum]) -> Sum:
    """The parts of all known sectors together."""
    added: dict[str, float] = defaultdict(float)
    for part in parts:
        for name in Sum.__slots__:
            added[name] += getattr(part, name) or 0
    return Sum(**added)


def _array(figures: Sequence[float | None]) -> location.Floats:
    """Figures for the engine, which knows the unknown as nan."""
    return np.array([np.nan if figure is None else figure for figure in figures], dtype=np.float64)


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
