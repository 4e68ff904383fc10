"""The asset pentagon and the location quotients as pictures, for the page and for documents."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair
from babel.numbers import get_decimal_symbol
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kawasan.areas.rules import Capital
from kawasan.areas.services import CapitalScore, Ranked, Sector
from kawasan.core.charts import COLOURS, NARROW, WIDE, labels, row_height, svg, wrapped
from kawasan.core.language import in_words, locale, number

CAPITAL_COLOURS = {
    Capital.NATURAL: "#1b7f3b",
    Capital.HUMAN: "#0054a6",
    Capital.PHYSICAL: "#7a4b1e",
    Capital.SOCIAL: "#9333a8",
    Capital.FINANCIAL: "#a34a06",
}
"""White figures on each of them can be read (contrast of 4.5 and more)."""
LINE, TEXT, WEAK = "#c3cbd5", "#1f2937", "#4b5563"
PENTAGON = 440  # pixels of its width
RINGS = (25, 50, 75, 100)
Rows = list[dict[str, Any]]


def pentagon(scores: Sequence[CapitalScore], width: int = PENTAGON) -> SafeString:
    """Five axes from 0 to 100; the area between two neighbours is filled when both are known, else it is a gap."""
    wedges = _wedges(scores)
    layers = [
        *(_outline(_ring(level, len(scores))) for level in RINGS),
        *(_outline(_spoke(i, len(scores)), dash=[4, 4] if s.score is None else []) for i, s in enumerate(scores)),
        *(_fill(wedge) for wedge in wedges),
        *(_outline(edge, COLOURS[0], 1.5) for _centre, *edge in wedges),
        _points([_point(i, s.score, len(scores)) for i, s in enumerate(scores) if s.score is not None]),
        _words([{"x": -11, "y": level, "text": str(level)} for level in (0, *RINGS)], WEAK, 11),
        _words([_label(i, s, len(scores)) for i, s in enumerate(scores)], TEXT, 13),
    ]
    chart = altair.layer(*layers).properties(height=round(0.78 * width))
    return svg(chart, width=width)


def potential(sectors: Sequence[Sector], width: int = WIDE) -> SafeString:
    """A bar for each sector whose location quotient is known, and the line at 1."""
    base, other = _("Base sector (LQ above 1)"), _("Not a base sector")
    letters = 17 if width == NARROW else 28
    known = [(wrapped(s.name, letters), s.location_quotient) for s in sectors if s.location_quotient is not None]
    rows = [{"sector": name, "lq": lq, "text": number(lq), "base": base if lq > 1 else other} for name, lq in known]
    decimal = get_decimal_symbol(locale())
    data = altair.Chart(altair.Data(values=rows))
    order = [name for name, lq in sorted(known, key=lambda item: -item[1])]
    sector = altair.Y("sector:N", sort=order, title=None, axis=labels(letters))
    quotient = altair.X(
        "lq:Q",
        title=wrapped(_("Location quotient (share in the area ÷ share in the province)"), width // 8).split("\n"),
        axis=altair.Axis(labelExpr=f"replace(datum.label, '.', '{decimal}')", tickCount=3 if width == NARROW else 5),
    )
    colour = altair.Color(
        "base:N",
        title=None,
        scale=altair.Scale(domain=[base, other], range=[COLOURS[0], "#8a94a3"]),
        legend=altair.Legend(orient="top", direction="vertical", columns=1),
    )
    bars = data.mark_bar().encode(y=sector, x=quotient, color=colour)
    figures = data.mark_text(align="left", dx=4, color=TEXT).encode(y=sector, x=quotient, text="text:N")
    one = altair.Chart(altair.Data(values=[{"one": 1}])).mark_rule(color=TEXT, strokeDash=[5, 3]).encode(x="one:Q")
    return svg(altair.layer(bars, one, figures).properties(height=altair.Step(row_height(order, 26))), width=width)


def parts(sectors: Sequence[Sector], unit: str, width: int = WIDE) -> SafeString:
    """The three parts of each sector's change as one bar to the left and right of nought, and the change as a line."""
    letters = 17 if width == NARROW else 28
    known = [(wrapped(s.name, letters), s.parts) for s in sectors if s.parts]
    colours = {
        _("Growth of the province"): "#8a94a3",
        _("Industry mix"): COLOURS[4],
        _("Competitive effect"): COLOURS[0],
    }
    names = list(colours)
    rows = [
        {"sector": name, "part": part, "amount": amount, "order": order}
        for name, one in known
        for order, (part, amount) in enumerate(
            zip(names, (one.reference_growth, one.industry_mix, one.competitive), strict=True)
        )
    ]
    order = [name for name, one in sorted(known, key=lambda item: -item[1].change)]
    sector = altair.Y("sector:N", sort=order, title=None, axis=labels(letters))
    bars = (
        altair.Chart(altair.Data(values=rows))
        .mark_bar()
        .encode(
            y=sector,
            x=altair.X("amount:Q", title=unit, axis=altair.Axis(tickCount=3 if width == NARROW else 5)),
            order="order:Q",
            color=altair.Color(
                "part:N",
                title=None,
                sort=names,
                scale=altair.Scale(domain=names, range=list(colours.values())),
                legend=altair.Legend(orient="top", direction="vertical", columns=1),
            ),
        )
    )
    changes = [{"sector": name, "change": one.change} for name, one in known]
    lines = altair.Chart(altair.Data(values=changes)).mark_tick(color=TEXT, thickness=3, size=18)
    lines = lines.encode(y=sector, x="change:Q")
    return svg(altair.layer(bars, lines).properties(height=altair.Step(row_height(order, 26))), width=width)


def ranks(ranking: Sequence[Ranked], width: int = WIDE) -> SafeString:
    """For each place how often it has each rank when the weights vary; the darker, the better the rank."""
    letters = 12 if width == NARROW else 20
    names = [wrapped(one.place.name, letters) for one in ranking]
    rows = [
        {"place": name, "rank": rank, "share": share}
        for name, one in zip(names, ranking, strict=True)
        for rank, share in enumerate(one.shares, start=1)
        if share
    ]
    chart = (
        altair.Chart(altair.Data(values=rows))
        .mark_bar(stroke="#fff", strokeWidth=0.5)
        .encode(
            y=altair.Y("place:N", sort=names, title=None, axis=labels(letters)),
            x=altair.X(
                "share:Q",
                title=wrapped(_("Share of the draws of weights"), width // 8).split("\n"),
                axis=altair.Axis(format=".0%", tickCount=4),
                scale=altair.Scale(domain=[0, 1]),
            ),
            order="rank:Q",
            color=altair.Color(
                "rank:O",
                title=_("Rank"),
                scale=altair.Scale(scheme="blues", reverse=True),
                legend=altair.Legend(orient="top", columns=8 if width == WIDE else 4, direction="horizontal"),
            ),
        )
    )
    return svg(chart.properties(height=altair.Step(row_height(names, 26))), width=width)


def _point(axis: int, distance: float, axes: int) -> dict[str, Any]:
    """A point of an axis; the first axis points up, the others follow clockwise."""
    angle = 2 * math.pi * axis / axes
    return {"x": distance * math.sin(angle), "y": distance * math.cos(angle)}


def _ring(level: float, axes: int) -> Rows:
    return [_point(axis, level, axes) for axis in range(axes + 1)]


def _spoke(axis: int, axes: int) -> Rows:
    return [_point(axis, 0, axes), _point(axis, 100, axes)]


def _wedges(scores: Sequence[CapitalScore]) -> list[Rows]:
    corners = [None if s.score is None else _point(i, s.score, len(scores)) for i, s in enumerate(scores)]
    centre = {"x": 0.0, "y": 0.0}
    return [[centre, a, b] for a, b in pairwise([*corners, corners[0]]) if a and b]


def _label(axis: int, score: CapitalScore, axes: int) -> dict[str, Any]:
    known = _("unknown") if score.score is None else number(score.score, 0)
    return _point(axis, 138, axes) | {"text": f"{in_words(score.capital.label)}\n{known}"}


def _layer(rows: Rows) -> altair.Chart:
    return altair.Chart(altair.Data(values=[row | {"order": i} for i, row in enumerate(rows)])).encode(
        x=altair.X("x:Q", axis=None, scale=altair.Scale(domain=[-190, 190], nice=False)),
        y=altair.Y("y:Q", axis=None, scale=altair.Scale(domain=[-140, 165], nice=False)),
        order="order:Q",
    )


def _outline(rows: Rows, colour: str = LINE, width: float = 1, dash: Sequence[int] = ()) -> altair.Chart:
    return _layer(rows).mark_line(color=colour, strokeWidth=width, strokeDash=list(dash))


def _fill(rows: Rows) -> altair.Chart:
    return _layer(rows).mark_line(interpolate="linear-closed", strokeWidth=0, fill=COLOURS[0], fillOpacity=0.3)


def _points(rows: Rows) -> altair.Chart:
    return _layer(rows).mark_circle(color=COLOURS[0], size=60, opacity=1)


def _words(rows: Rows, colour: str, size: int) -> altair.Chart:
    return _layer(rows).mark_text(color=colour, fontSize=size, lineBreak="\n").encode(text="text:N")
