"""Prices over time and the seasons of an activity as pictures."""

from collections.abc import Sequence

import altair
from babel.numbers import get_group_symbol
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kawasan.core import charts
from kawasan.core.language import in_words, locale, month_name, number, unit
from kawasan.value_chain.models import Price
from kawasan.value_chain.rules import ALIKE, PriceKind

SHAPES = ("circle", "square", "triangle-up")


def prices(history: Sequence[Price], counted_in: str, width: int = charts.WIDE) -> SafeString:
    """A point for each price, with a bar where it was a range; a line joins the prices of one kind."""
    kinds = [kind for kind in PriceKind if any(price.kind == kind for price in history)]
    labels = {kind: in_words(kind.label) for kind in kinds}
    rows = [
        {
            "day": price.as_of.isoformat(),
            "kind": labels[PriceKind(price.kind)],
            "price": price.middle_idr,
            "low": price.price_idr,
            "high": price.highest_idr or price.price_idr,
        }
        for price in history
    ]
    data = altair.Chart(altair.Data(values=rows), height=220)
    day = altair.X("day:T", title=None, axis=altair.Axis(format="%Y", tickCount="year", labelOverlap=True))
    title = _("Rupiah a %(unit)s") % {"unit": unit(counted_in, one=True)}
    separator = get_group_symbol(locale())
    room = (
        charts.LETTER * len(number(max(price.highest_idr or price.price_idr for price in history), 0)) + 8
    )  # its own would be that of 30000
    written = f"replace(format(datum.value, ',.0f'), /[.,]/g, '{separator}')"
    figures = altair.Axis(labelExpr=written, tickCount=5, minExtent=room)
    domain = list(labels.values())
    colour = altair.Color(
        "kind:N",
        title=None,
        scale=altair.Scale(domain=domain, range=list(charts.COLOURS[: len(kinds)])),
        legend=altair.Legend(orient="top", direction="vertical", columns=1, symbolOpacity=1),
    )
    shape = altair.Shape("kind:N", title=None, scale=altair.Scale(domain=domain, range=list(SHAPES[: len(kinds)])))
    price = altair.Y("price:Q", title=title, axis=figures, scale=altair.Scale(zero=True))
    lines = data.mark_line(strokeWidth=1.5).encode(x=day, y=price, color=colour)
    ranges = data.mark_rule(strokeWidth=4, opacity=0.35).encode(x=day, y="low:Q", y2="high:Q", color=colour)
    points = data.mark_point(filled=True, size=70, opacity=1).encode(x=day, y=price, color=colour, shape=shape)
    return charts.svg(altair.layer(lines, ranges, points), width=width)


def season(shares: Sequence[float], width: int = charts.WIDE) -> SafeString:
    """A bar for each month of the year, and the line at which every month would be alike."""
    months = [month_name(month, "LLLLL" if width == charts.NARROW else "LLL") for month in range(1, 13)]
    rows = [
        {"month": i, "name": name, "share": share, "text": number(share, 0)}
        for i, (name, share) in enumerate(zip(months, shares, strict=True))
    ]
    names = f"{months!r}[datum.value]"
    data = altair.Chart(altair.Data(values=rows), height=120)
    month = altair.X("month:O", title=None, axis=altair.Axis(labelAngle=0, labelExpr=names, labelOverlap=False))
    share = altair.Y("share:Q", title=_("Per cent of the year").split("\n"), axis=altair.Axis(tickCount=4))
    bars = data.mark_bar(color=charts.COLOURS[0]).encode(x=month, y=share)
    figures = data.mark_text(dy=-6, color="#1f2937").encode(x=month, y=share, text="text:N")
    alike = altair.Chart(altair.Data(values=[{"alike": ALIKE}])).mark_rule(color="#1f2937", strokeDash=[5, 3])
    return charts.svg(altair.layer(bars, alike.encode(y="alike:Q"), figures), width=width)
