"""The picture of the market."""

from collections.abc import Iterable, Sequence
from typing import Any

import altair
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kawasan.core import charts
from kawasan.market.rules import Balance
from kawasan.value_chain.models import Demand


def market_chart(rows: Iterable[tuple[Demand, Balance]], width: int = charts.WIDE) -> SafeString:
    """The shares that are contracted and delivered of each demand that anything is, on one scale whatever the unit."""
    letters = 17 if width == charts.NARROW else 32
    series = (_("Contracted"), _("Delivered last month"))
    shown = [
        (charts.wrapped(f"{demand.commodity} · {demand.offtaker}", letters), balance)
        for demand, balance in rows
        if balance.is_drawn
    ]
    if not shown:
        return mark_safe("")
    height = len(shown) * charts.row_height((label for label, _balance in shown), 38)
    values = [
        {"demand": label, "what": what, "share": amount / balance.demanded}
        for label, balance in shown
        for what, amount in zip(series, (balance.contracted, balance.delivered), strict=True)
    ]
    axis = altair.Axis(format="%", tickCount=2 if width == charts.NARROW else 5)
    chart = (
        altair.Chart(altair.Data(values=values), height=height)
        .mark_bar()
        .encode(
            y=altair.Y("demand:N", sort=None, title=None, axis=charts.labels(letters)),
            yOffset=altair.YOffset("what:N", sort=list(series)),
            x=altair.X(
                "share:Q",
                title=_("Share of the month's demand"),
                axis=axis,
            ),
            color=altair.Color(
                "what:N",
                title=None,
                sort=list(series),
                scale=altair.Scale(domain=list(series), range=[charts.COLOURS[0], charts.COLOURS[2]]),
                legend=altair.Legend(orient="top", direction="vertical", columns=1),
            ),
        )
    )
    return charts.svg(chart, width=width)


def price_chart(points: Sequence[Any], width: int = charts.WIDE) -> SafeString:
    """Each price as a point over time: signed ones apart from stated ones."""
    signed, stated = _("Signed by both sides"), _("Stated")
    values = [
        {"day": one.day.isoformat(), "price": one.price_idr, "what": signed if one.is_signed else stated}
        for one in points
    ]
    chart = (
        altair.Chart(altair.Data(values=values), height=240)
        .mark_point(size=60, filled=True, opacity=0.7)
        .encode(
            x=altair.X("day:T", title=_("Day"), axis=altair.Axis(format="%-d/%-m/%y", tickCount=5)),
            y=altair.Y(
                "price:Q",
                title=None,
                axis=altair.Axis(format=",.0f", tickCount=5),
            ),
            color=altair.Color(
                "what:N",
                title=None,
                scale=altair.Scale(domain=[signed, stated], range=[charts.COLOURS[0], charts.COLOURS[3]]),
                legend=altair.Legend(orient="top", direction="vertical", columns=1),
            ),
            shape=altair.Shape("what:N", legend=None),
        )
    )
    return charts.svg(chart, width=width)
