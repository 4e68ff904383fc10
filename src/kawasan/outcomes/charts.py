"""The pictures of the outcomes: how turnover and profit went, and how many work."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kawasan.core import charts
from kawasan.core.language import in_words
from kawasan.outcomes.queries import Cell
from kawasan.outcomes.rules import Indicator, OutcomeUnit, Shown, Unit

MILLION = 1_000_000
MONEY = ("median_turnover", "median_profit")  # of the same people and in the same unit
WIDE, HEIGHT = 430, 260
FOREST = 560  # pixels
LETTERS = 18  # of a line beside the forest


@dataclass(frozen=True, slots=True)
class Pictures:
    """Money and shares have different axes, so each has its own picture."""

    money: SafeString
    shares: SafeString


def pictures(table: Sequence[tuple[Indicator, Sequence[Cell]]]) -> Pictures:
    """How turnover, profit and the share who work went by months after the start."""
    return Pictures(
        charts.on_every_screen(partial(money, table), WIDE), charts.on_every_screen(partial(shares, table), WIDE)
    )


def money(table: Sequence[tuple[Indicator, Sequence[Cell]]], width: int = WIDE) -> SafeString:
    """Turnover and profit."""
    y = altair.Y("value:Q", title=_("Million rupiah a month"), axis=altair.Axis(tickCount=6))
    return _lines([line for line in table if line[0].code in MONEY], y, MILLION, width)


def shares(table: Sequence[tuple[Indicator, Sequence[Cell]]], width: int = WIDE) -> SafeString:
    """The shares of participants who work, and so on."""
    y = altair.Y(
        "value:Q",
        title=_("Share of participants"),
        axis=altair.Axis(format="%"),
        scale=altair.Scale(domain=[0, 1]),
    )
    return _lines([line for line in table if line[0].unit == Unit.SHARE], y, 1, width)


def _lines(lines: Sequence[tuple[Indicator, Sequence[Cell]]], y: altair.Y, unit: int, width: int) -> SafeString:
    series = [in_words(indicator.label) for indicator, _cells in lines]
    points = [
        (cell.round.months_after, in_words(indicator.label), cell.figure.value / unit)
        for indicator, cells in lines
        for cell in cells
        if cell.is_shown and cell.figure.value is not None
    ]
    values = [{"months": months, "what": what, "value": value} for months, what, value in points]
    rounds = sorted({months for months, _what, _value in points})
    chart = (
        altair.Chart(altair.Data(values=values), height=HEIGHT)
        .mark_line(point=True)
        .encode(
            x=altair.X("months:Q", title=_("Months after the start"), axis=altair.Axis(values=rounds, format="d")),
            y=y,
            color=altair.Color(
                "what:N",
                title=None,
                sort=series,
                scale=altair.Scale(domain=series, range=list(charts.COLOURS[: len(series)])),
                legend=altair.Legend(orient="top", direction="vertical", columns=1),
            ),
        )
    )
    return charts.svg(chart, width=width)


def forest(one: Shown) -> SafeString:
    """The effect beside what is told of it otherwise, each with how far it may reach, around no effect."""
    return charts.on_every_screen(partial(effect_chart, one), FOREST)


def effect_chart(one: Shown, width: int = FOREST) -> SafeString:
    """The forest in one width."""
    unit = MILLION if one.outcome.unit == OutcomeUnit.RUPIAH else 1
    lines = [
        (_("With the draw’s chances"), one.effect, one.low, one.high),
        (_("Refuted by no redraw"), one.effect, one.redraw_low, one.redraw_high),
        (_("Whoever did not answer"), None, one.bound_low, one.bound_high),
        (_("Plain difference (misleading)"), one.naive, one.naive_low, one.naive_high),
    ]
    told = [(charts.wrapped(line[0], LETTERS), *line[1:]) for line in lines if None not in line[2:]]
    names = [what for what, *_numbers in told]
    rows = [
        {"label": what, "effect": _scaled(effect, unit), "low": _scaled(low, unit), "high": _scaled(high, unit)}
        for what, effect, low, high in told
    ]
    base = altair.Chart(altair.Data(values=rows), height=charts.row_height(names, 30) * len(rows)).encode(
        y=altair.Y("label:N", title=None, sort=names, axis=charts.labels(LETTERS))
    )
    title = _("Million rupiah a month") if unit == MILLION else in_words(one.outcome.unit.label)
    bars = base.mark_rule(strokeWidth=3, color=charts.COLOURS[0]).encode(x=altair.X("low:Q", title=title), x2="high:Q")
    points = base.mark_point(filled=True, size=90, color=charts.COLOURS[0], opacity=1).encode(x="effect:Q")
    nothing = altair.Chart(altair.Data(values=[{"none": 0}])).mark_rule(strokeDash=[4, 3]).encode(x="none:Q")
    return charts.svg(nothing + bars + points, width=width)


def _scaled(value: float | None, unit: int) -> float | None:
    return None if value is None else value / unit
