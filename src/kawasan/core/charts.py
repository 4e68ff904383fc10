"""Altair charts as SVG, the same in the page and in the PDF."""

import hashlib
import json

import altair
import vl_convert
from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

from kawasan.core.language import locale

INDONESIAN = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
COLOURS = ("#0054a6", "#d6336c", "#2fb344", "#f59f00", "#17a2b8", "#ae3ec9")


def svg(chart: altair.TopLevelMixin) -> SafeString:
    """Draw a chart; the drawing is kept, since the same figures give the same picture."""
    spec, numbers = json.dumps(chart.to_dict(), sort_keys=True), INDONESIAN if locale() == "id" else None
    key = "chart:" + hashlib.sha256(f"{locale()} {spec}".encode()).hexdigest()
    drawn = cache.get(key)
    if drawn is None:
        drawn = vl_convert.vegalite_to_svg(spec, format_locale=numbers)
        cache.set(key, drawn)
    return mark_safe(drawn)  # noqa: S308 - made by vl-convert, which escapes the text in it
