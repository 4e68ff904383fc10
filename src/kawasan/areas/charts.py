"""The asset pentagon and the location quotients as pictures, for the page and for documents."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair
from babel.numbers import get_decimal_symbol
from django.utils.html import format_html, format_html_join
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
HEAD, LETTERS = 40, 13  # pixels above and below the pentagon, and of its letters
Point = tuple[float, float]


def pentagon(scores: Sequence[CapitalScore], width: int = PENTAGON) -> SafeString:
    """Five axes from 0 to 100; the area between two neighbours is filled when both are known, else it is a gap.

    Drawn by hand: a page shows many of them, and Vega takes half a second for each.
    """
    size = _Size(width)
    axes = len(scores)
    corners = [None if s.score is None else size.point(i, s.score, axes) for i, s in enumerate(scores)]
    wedges = [(a, b) for a, b in pairwise([*corners, corners[0]]) if a and b]
    parts = [
        *(_polygon(size.ring(level, axes), fill="none", stroke=LINE) for level in RINGS),
        *(_spoke(size, i, axes, is_known=s.score is not None) for i, s in enumerate(scores)),
        *(_polygon([size.centre, a, b], fill=COLOURS[0], fill_opacity=0.3) for a, b in wedges),
        *(_polygon([a, b], fill="none", stroke=COLOURS[0], stroke_width=1.5) for a, b in wedges),
        *(_dot(corner) for corner in corners if corner),
        *(_words([str(level)], (size.centre[0] - 6, size.point(0, level, axes)[1] + 4), "end", 11) for level in RINGS),
        *(_label(size, i, s, axes) for i, s in enumerate(scores)),
    ]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" '
        'font-family="system-ui, sans-serif">{2}</svg>',
        width,
        size.height,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


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


@dataclass(frozen=True, slots=True)
class _Size:
    """Where the pentagon stands in a picture of some width; the first axis points up, the others follow clockwise."""

    width: int

    @property
    def radius(self) -> float:
        return 0.33 * self.width

    @property
    def centre(self) -> Point:
        return self.width / 2, HEAD + self.radius

    @property
    def height(self) -> int:
        return round(self.centre[1] + 0.81 * self.radius + HEAD)

    def point(self, axis: int, score: float, axes: int) -> Point:
        angle, distance = 2 * math.pi * axis / axes, self.radius * score / 100
        return self.centre[0] + distance * math.sin(angle), self.centre[1] - distance * math.cos(angle)

    def ring(self, score: float, axes: int) -> list[Point]:
        return [self.point(axis, score, axes) for axis in range(axes)]


def _polygon(points: Iterable[Point], **look: str | float) -> SafeString:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html('<polygon points="{}"{}/>', drawn, _attributes(look))


def _attributes(look: Mapping[str, str | float]) -> SafeString:
    return format_html_join("", ' {}="{}"', ((name.replace("_", "-"), value) for name, value in look.items()))


def _spoke(size: _Size, axis: int, axes: int, *, is_known: bool) -> SafeString:
    dash = {} if is_known else {"stroke_dasharray": "4 4"}
    return _polygon([size.centre, size.point(axis, 100, axes)], fill="none", stroke=LINE, **dash)


def _dot(point: Point) -> SafeString:
    return format_html('<circle cx="{}" cy="{}" r="4" fill="{}"/>', f"{point[0]:.1f}", f"{point[1]:.1f}", COLOURS[0])


def _label(size: _Size, axis: int, score: CapitalScore, axes: int) -> SafeString:
    """The name and the score of a capital: above, below, or at the edge, where a name takes two lines."""
    known = _("unknown") if score.score is None else number(score.score, 0)
    name = in_words(score.capital.label)
    x, y = size.point(axis, 100, axes)
    if axis == 0:
        return _words([name, known], (x, y - LETTERS - 7), "middle")
    if y > size.centre[1]:
        return _words([name, known], (x, y + LETTERS + 4), "middle")
    lines = [*name.split(" ", 1), known]
    edge, anchor = (size.width - 1, "end") if x > size.centre[0] else (1, "start")
    return _words(lines, (edge, y - 10 - (len(lines) - 1) * (LETTERS + 2)), anchor)


def _words(lines: Sequence[str], at: Point, anchor: str, size: int = LETTERS) -> SafeString:
    """Words in lines that begin at a point."""
    x = f"{at[0]:.1f}"
    spans = ((x, f"{at[1] + i * (size + 2):.1f}", line) for i, line in enumerate(lines))
    return format_html(
        '<text text-anchor="{}" font-size="{}" fill="{}">{}</text>',
        anchor,
        size,
        TEXT if size == LETTERS else WEAK,
        format_html_join("", '<tspan x="{}" y="{}">{}</tspan>', spans),
    )
