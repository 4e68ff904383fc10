"""The picture of a cash book."""

import datetime
from collections.abc import Sequence

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
