"""Errors of targeting with their intervals, as a picture."""

from collections.abc import Sequence

import altair
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kawasan.applicants.rules import Figure
from kawasan.core import charts
from kawasan.core.language import in_words

DRAWN = (Figure.INCLUSION, Figure.EXCLUSION)
Bar = tuple[str, Figure, float, float, float]  # name, which error, figure, low, high: shares


def errors(bars: Sequence[Bar], width: int = charts.WIDE) -> SafeString:
    """A point with its interval for each name: both errors, in per cent; nothing of nothing."""
    kinds = [in_words(figure.label) for figure in DRAWN]
    letters = 18 if width == charts.NARROW else 30
    rows = [
        {"name": charts.wrapped(name, letters), "kind": in_words(of.label), "value": value, "low": low, "high": high}
        for name, of, value, low, high in bars
    ]
    if not rows:
        return mark_safe("")
    names = list(dict.fromkeys(str(row["name"]) for row in rows))
    colour = altair.Color(
        "kind:N",
        title=None,
        scale=altair.Scale(domain=kinds, range=[charts.COLOURS[1], charts.COLOURS[0]]),
        legend=altair.Legend(orient="top", direction="vertical", columns=1),
    )
    data = altair.Chart(altair.Data(values=rows), height=altair.Step(charts.row_height(names, 44) / 2))
    name = altair.Y("name:N", sort=names, title=None, axis=charts.labels(letters), scale=altair.Scale(paddingInner=0.3))
    apart = altair.YOffset("kind:N", sort=kinds)
    title = charts.wrapped(_("Per cent, with the interval that holds the truth 95 times of 100"), width // 8)
    ticks = altair.Axis(format="%", tickCount=3 if width == charts.NARROW else 6)
    scale = altair.Scale(domain=[0, 1])
    share = altair.X("low:Q", title=title.split("\n"), axis=ticks, scale=scale)
    ranges = data.mark_rule(strokeWidth=3, opacity=0.5).encode(
        x=share, x2="high:Q", y=name, yOffset=apart, color=colour
    )
    points = data.mark_point(filled=True, size=70, opacity=1).encode(
        x=altair.X("value:Q", scale=scale), y=name, yOffset=apart, color=colour
    )
    return charts.svg(altair.layer(ranges, points), width=width)
