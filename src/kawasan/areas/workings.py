"""How each figure of a sector was worked out: the formula, the same with its numbers, and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass

from kawasan.areas.services import Sector, Study, Sum
from kawasan.core.text import Text, _


@dataclass(frozen=True, slots=True)
class Working:
    """One figure: the anchor that tables link to, its formula in letters and in numbers, and its meaning."""

    anchor: str
    title: Text
    formula: str
    filled: Text
    says: Text


def workings(study: Study, sector: Sector) -> list[Working]:
    """Every figure that can be worked out for a sector, in the order of the page."""
    return [*_quotients(study, sector), *_growth(sector, study.period), *_parts(study, sector)]


def _quotients(study: Study, sector: Sector) -> Iterator[Working]:
    says = Text(_("Above 1 the area is specialised in the sector: a base sector."))
    for pair, total, quotient in (
        (sector.start, study.start, sector.earlier_quotient),
        (sector.end, study.end, sector.location_quotient),
    ):
        if pair and total and quotient is not None:
            gaps = {"a": pair.area, "A": total.area, "r": pair.reference, "R": total.reference, "lq": quotient}
            yield Working(
                "lq",
                Text(_("Location quotient {year}"), {"year": str(pair.year)}),
                "LQ = (a ÷ A) ÷ (r ÷ R)",
                Text("({a} ÷ {A}) ÷ ({r} ÷ {R}) = {lq}", gaps),
                says,
            )
    if sector.dynamic_location_quotient is not None:
        gaps = {
            "end": sector.location_quotient,
            "start": sector.earlier_quotient,
            "dlq": sector.dynamic_location_quotient,
        }
        yield Working(
            "dlq",
            Text(_("Dynamic location quotient")),
            "DLQ = [((1 + g) ÷ (1 + gA)) ÷ ((1 + G) ÷ (1 + GR))]ᵗ = LQ₂ ÷ LQ₁",
            Text("{end} ÷ {start} = {dlq}", gaps),
            Text(_("Above 1 the sector gained ground in the area faster than in the province.")),
        )


def _growth(sector: Sector, period: int) -> Iterator[Working]:
    start, end = sector.start, sector.end
    if not start or sector.area_growth is None or sector.reference_growth is None:
        return
    for title, first, last, growth in (
        (_("Growth a year in the area"), start.area, end.area, sector.area_growth),
        (_("Growth a year in the province"), start.reference, end.reference, sector.reference_growth),
    ):
        yield Working(
            "growth",
            Text(title),
            "g = (e₂ ÷ e₁)^(1 ÷ t) − 1",
            Text(
                "({last} ÷ {first})^(1 ÷ {years}) − 1 = {growth} %",
                {"last": last, "first": first, "years": period, "growth": 100 * growth},
            ),
            Text(_("The same growth every year leads from the first figure to the last.")),
        )


def _parts(study: Study, sector: Sector) -> Iterator[Working]:
    start, end, parts = sector.start, sector.end, sector.parts
    if not start or not parts or not study.start or not study.end:
        return
    gaps = {
        "e1": start.area, "e2": end.area, "r1": start.reference, "r2": end.reference, "E": study.start.area,
        "R1": study.start.reference, "R2": study.end.reference, "change": parts.change,
        "growth": parts.reference_growth, "mix": parts.industry_mix, "competitive": parts.competitive,
    }  # fmt: skip
    yield Working(
        "change", Text(_("Total change")), "e₂ − e₁", Text("{e2} − {e1} = {change}", gaps),
        Text(_("What the three parts below add up to.")),
    )  # fmt: skip
    yield Working(
        "national", Text(_("Growth of the province")), "e₁ × (R₂ ÷ R₁ − 1)",
        Text("{e1} × ({R2} ÷ {R1} − 1) = {growth}", gaps),
        Text(_("What would have come if the sector had grown as everything did in the province.")),
    )  # fmt: skip
    yield Working(
        "mix", Text(_("Industry mix")), "e₁ × (r₂ ÷ r₁ − R₂ ÷ R₁)",
        Text("{e1} × ({r2} ÷ {r1} − {R2} ÷ {R1}) = {mix}", gaps),
        Text(_("What came because the sector grew faster, or slower, in the province than everything did.")),
    )  # fmt: skip
    yield Working(
        "competitive", Text(_("Competitive effect")), "e₂ − e₁ × r₂ ÷ r₁",
        Text("{e2} − {e1} × {r2} ÷ {r1} = {competitive}", gaps),
        Text(_("What came because the sector grew faster, or slower, in the area than in the province.")),
    )  # fmt: skip
    yield from _homothetic(gaps, parts)


def _homothetic(gaps: dict[str, float | None], parts: Sum) -> Iterator[Working]:
    if parts.pure_competitive is None:
        return
    gaps = gaps | {"h": parts.homothetic, "pure": parts.pure_competitive, "allocation": parts.allocation}
    yield Working(
        "homothetic", Text(_("Homothetic amount")), "h = E × r₁ ÷ R₁", Text("{E} × {r1} ÷ {R1} = {h}", gaps),
        Text(_("What the area would have had of the sector with the structure of the province.")),
    )  # fmt: skip
    yield Working(
        "pure", Text(_("Pure competitive effect")), "h × (e₂ ÷ e₁ − r₂ ÷ r₁)",
        Text("{h} × ({e2} ÷ {e1} − {r2} ÷ {r1}) = {pure}", gaps),
        Text(_("How well the area did in the sector, whatever it had of it.")),
    )  # fmt: skip
    yield Working(
        "allocation", Text(_("Allocation effect")), "(e₁ − h) × (e₂ ÷ e₁ − r₂ ÷ r₁)",
        Text("({e1} − {h}) × ({e2} ÷ {e1} − {r2} ÷ {r1}) = {allocation}", gaps),
        Text(_("Positive where the area has much of what it does well in, or little of what it does badly in.")),
    )  # fmt: skip
