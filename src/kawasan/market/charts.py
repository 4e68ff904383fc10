"""The picture of the market."""

from collections.abc import Iterable

import altair
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kawasan.core import charts
from kawasan.market.rules import Balance
from kawasan.value_chain.models import Demand

ROW_HEIGHT = 36  # pixels for the two bars of a demand
LABEL_WIDTH, LABEL_ROOM = 185, 235  # pixels; the reader's font may be wider than the one the chart is drawn with


def market_chart(rows: Iterable[tuple[Demand, Balance]]) -> SafeString:
    """The shares that are contracted and delivered of each demand that anything is, on one scale whatever the unit."""
    series = (_("Contracted"), _("Delivered last month"))
    shown = [
        (f"{demand.commodity} · {demand.offtaker}", balance)
        for demand, balance in rows
        if balance.demanded and balance.is_served
    ]
    if not shown:
        return mark_safe("")
    values = [
        {"demand": label, "what": what, "share": amount / balance.demanded}
        for label, balance in shown
        for what, amount in zip(series, (balance.contracted, balance.delivered), strict=True)
    ]
    chart = (
        altair.Chart(altair.Data(values=values), width=360, height=len(shown) * ROW_HEIGHT)
        .mark_bar()
        .encode(
            y=altair.Y(
                "demand:N", sort=None, title=None, axis=altair.Axis(labelLimit=LABEL_WIDTH, minExtent=LABEL_ROOM)
            ),
            yOffset=altair.YOffset("what:N", sort=list(series)),
            x=altair.X("share:Q", title=_("Share of the month's demand"), axis=altair.Axis(format="%", tickCount=5)),
            color=altair.Color(
                "what:N",
                title=None,
                sort=list(series),
                scale=altair.Scale(domain=list(series), range=[charts.COLOURS[0], charts.COLOURS[2]]),
                legend=altair.Legend(orient="top"),
            ),
        )
    )
    return charts.svg(chart)
