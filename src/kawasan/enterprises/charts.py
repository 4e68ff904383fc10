"""The picture of a cash book."""

import datetime
from collections.abc import Sequence
from typing import Any

import altair
from babel.dates import format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kawasan.core import charts
from kawasan.core.language import locale
from kawasan.enterprises.rules import MonthTotals


def month_label(month: datetime.date) -> str:
    """Sep 2022, in the reader's language."""
    return format_date(month, "MMM y", locale=locale())


def months_chart(months: Sequence[MonthTotals], width: int = charts.WIDE) -> SafeString:
    """Sales, costs and profit side by side, a group a month."""
    series = {_("Sales"): "sales", _("Costs"): "costs", _("Profit"): "profit"}
    values = [
        {"month": month_label(totals.month), "what": label, "amount": getattr(totals, name) / 1_000_000}
        for totals in months
        for label, name in series.items()
    ]
    labels = [month_label(totals.month) for totals in months]
    axis = altair.Axis(labelAngle=0, labelExpr="split(datum.label, ' ')", labelOverlap=True)
    chart = (
        altair.Chart(altair.Data(values=values), height=200)
        .mark_bar()
        .encode(
            x=altair.X(
                "month:N",
                sort=labels,
                title=_("Month"),
                axis=axis,
            ),
            xOffset=altair.XOffset("what:N", sort=list(series)),
            y=altair.Y("amount:Q", title=_("Million rupiah")),
            color=altair.Color(
                "what:N",
                title=None,
                sort=list(series),
                scale=altair.Scale(domain=list(series), range=list(charts.COLOURS[:3])),
                legend=altair.Legend(orient="top"),
            ),
        )
    )
    return charts.svg(chart, width=width)


def cash_chart(days: Sequence[tuple[datetime.date, int, int, int]], width: int = charts.WIDE) -> SafeString:
    """What is in the cash box in the evening of each day; below zero a line was forgotten."""
    values = [{"day": day.isoformat(), "cash": cash / 1_000_000} for day, _in, _out, cash in days]
    chart = (
        altair.Chart(altair.Data(values=values), height=200)
        .mark_area(interpolate="step-after", line={"color": charts.COLOURS[0]}, color=charts.COLOURS[0], opacity=0.2)
        .encode(
            x=altair.X("day:T", title=_("Day"), axis=altair.Axis(format="%-d/%-m", tickCount=6)),
            y=altair.Y("cash:Q", title=_("Million rupiah")),
        )
    )
    return charts.svg(chart, width=width)


def survival_chart(curves: Sequence[tuple[str, int, Any]], width: int = charts.WIDE) -> SafeString:
    """Steps of the share alive by age, one line for all and one a field."""
    values = [
        {"age": age, "alive": share, "field": name or _("All")}
        for name, _number, curve in curves
        for age, share in _steps(curve)
    ]
    names = [name or _("All") for name, _number, _curve in curves]
    colour = altair.Scale(domain=names, range=["#1f2937", *charts.COLOURS][: len(names)])
    chart = (
        altair.Chart(altair.Data(values=values), height=240)
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=altair.X("age:Q", title=_("Age (days)")),
            y=altair.Y(
                "alive:Q", title=_("Share alive"), scale=altair.Scale(domain=[0, 1]), axis=altair.Axis(format="%")
            ),
            color=altair.Color(
                "field:N",
                title=None,
                sort=names,
                scale=colour,
                legend=altair.Legend(orient="top", columns=3 if width == charts.WIDE else 1),
            ),
        )
    )
    return charts.svg(chart, width=width)


def _steps(curve: Any) -> list[tuple[float, float]]:
    """The corners of a curve, from the first day to the last that somebody was followed to."""
    days, alive = curve.days.tolist(), curve.alive.tolist()
    return [(0, 1.0), *zip(days, alive, strict=True), (float(curve.lived[-1]), alive[-1] if alive else 1.0)]
