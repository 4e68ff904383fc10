"""Altair charts as SVG, the same in the page and in the PDF."""

import hashlib
import json
from typing import Literal

import altair
import vl_convert
from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

from kawasan.core.language import locale

# The library knows no Indonesian; German numbers are written the same way.
NUMBERS: dict[str, Literal["de-DE", "en-US"]] = {"id": "de-DE", "en": "en-US"}
COLOURS = ("#0054a6", "#d6336c", "#2fb344", "#f59f00", "#17a2b8", "#ae3ec9")


def svg(chart: altair.TopLevelMixin) -> SafeString:
    """Draw a chart; the drawing is kept, since the same figures give the same picture."""
    spec, numbers = json.dumps(chart.to_dict(), sort_keys=True), NUMBERS[locale()]
    key = "chart:" + hashlib.sha256(f"{numbers} {spec}".encode()).hexdigest()
    drawn = cache.get(key)
    if drawn is None:
        drawn = vl_convert.vegalite_to_svg(spec, format_locale=numbers)
        cache.set(key, drawn)
    return mark_safe(drawn)  # noqa: S308 - made by vl-convert, which escapes the text in it
