"""Altair charts as SVG, the same in the page and in the PDF."""

import hashlib
import json
import textwrap
from collections.abc import Callable, Iterable

import altair
import vl_convert
from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kawasan.core.language import locale

INDONESIAN = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
COLOURS = ("#0054a6", "#d6336c", "#2fb344", "#f59f00", "#17a2b8", "#ae3ec9")
WIDE, NARROW = 600, 300  # pixels of a whole picture: on a desk and on a phone of 360 pixels, never shrunk there
LETTER = 7  # pixels; the reader's font may be wider than the one the chart is drawn with
LINES = "split(datum.label, '\\n')"  # labels of several lines
WORDS = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": "#1f2937"}
LOOK = {
    "font": "Arial, Helvetica, Liberation Sans, sans-serif",
    "view": {"stroke": "transparent"},
    "axis": {**WORDS, "titleColor": "#4b5563"},
    "legend": {**WORDS, "labelLimit": 300},
}


def svg(chart: altair.TopLevelMixin, *, width: int = WIDE) -> SafeString:
    """Draw a chart, axes included, in a width; the drawing is kept, since the same figures give the same picture."""
    laid_out = chart.to_dict() | {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}, "config": LOOK}
    spec, numbers = json.dumps(laid_out, sort_keys=True), INDONESIAN if locale() == "id" else None
    key = "chart:" + hashlib.sha256(f"{locale()} {spec}".encode()).hexdigest()
    drawn = cache.get(key)
    if drawn is None:
        drawn = vl_convert.vegalite_to_svg(spec, format_locale=numbers)
        cache.set(key, drawn)
    return mark_safe(drawn)  # noqa: S308 - made by vl-convert, which escapes the text in it


def on_every_screen(draw: Callable[[int], SafeString], wide: int = WIDE) -> SafeString:
    """A picture in both widths, of which the stylesheet shows the one that fits; nothing of nothing."""
    drawn = draw(wide)
    if not drawn:
        return drawn
    return format_html('<div class="chart-wide">{}</div><div class="chart-narrow">{}</div>', drawn, draw(NARROW))


def labels(letters: int) -> altair.Axis:
    """An axis of names, each in lines of so many letters as ``wrapped`` made them."""
    return altair.Axis(labelExpr=LINES, labelLimit=0, minExtent=letters * LETTER)


def wrapped(name: str, letters: int) -> str:
    """A name in lines."""
    return "\n".join(textwrap.wrap(name, letters))


def row_height(names: Iterable[str], least: int) -> int:
    """Pixels for a row with the longest of these names."""
    return max([least, *(8 + 15 * len(name.split("\n")) for name in names)])
