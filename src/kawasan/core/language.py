"""Texts, rupiah, numbers and dates in the reader's language."""

import datetime
import math
from collections.abc import Iterable
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, gettext, gettext_lazy

from kawasan.core.text import Labelled, Own, Text

UNITS = {
    "bengkel": "workshop/workshops", "botol": "bottle/bottles", "buah": "piece/pieces", "bulan": "month/months",
    "bungkus": "pack/packs", "butir": "egg/eggs", "dapur": "kitchen/kitchens", "dosis": "dose/doses",
    "ekor": "head/head", "gerai": "outlet/outlets", "hari": "day/days", "helai": "sheet/sheets",
    "ikat": "bunch/bunches", "jam": "hour/hours", "karung": "sack/sacks", "katalog": "catalogue/catalogues",
    "kelompok": "group/groups", "kios": "kiosk/kiosks", "kotak": "box/boxes", "lapak": "stall/stalls",
    "lembar": "sheet/sheets", "liter": "litre/litres", "loyang": "tray/trays", "lusin": "dozen/dozen",
    "m2": "m²/m²", "m3": "m³/m³", "orang": "person/people", "paket": "package/packages", "pasang": "pair/pairs",
    "perajin": "craftsperson/craftspeople", "peta": "map/maps", "plakat": "plaque/plaques", "potong": "piece/pieces",
    "rak": "rack/racks", "rekening": "account/accounts", "set": "set/sets", "tahun": "year/years",
    "titik": "point/points", "toko": "shop/shops", "unit": "unit/units", "video": "video/videos",
}  # fmt: skip
"""Units as folders write them, in English: one, and more."""
UNITS_ID = {word: written for written, words in reversed(UNITS.items()) for word in words.split("/")} | {
    "m2": "m²",
    "m3": "m³",
}
"""The other way round; of two words for the same the first."""


def locale() -> str:
    """The reader's locale; Indonesian where nothing is active."""
    return (get_language() or "id").split("-")[0]


def in_words(text: Text | str | dict[str, Any]) -> str:
    """Translate a sentence and fill its gaps as the reader writes numbers and dates."""
    if isinstance(text, dict):
        text = Text.restored(text)
    if isinstance(text, Text):
        own = in_language(text.template, text.english) if isinstance(text, Own) else gettext(text.template)
        return own.format(**{name: in_gap(value, name) for name, value in text.params.items()})
    return gettext(text) if text else ""


in_words_lazy = lazy(in_words, str)


def in_gap(value: Any, name: str = "") -> Any:
    """A value as it stands in a sentence."""
    if name in ("unit", "one_unit"):
        return unit(value, one=name == "one_unit")
    if value is None:
        return "–"
    if isinstance(value, Text | dict):
        return in_words(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime.date):
        return date(value)
    return value


def _is_missing(value: object) -> bool:
    """Nothing, not a number, or the empty text that a template gives for what is not there."""
    return not isinstance(value, int | float) or math.isnan(value)


def number(value: Any, digits: int = 2) -> str:
    """1234.5 is 1.234,5 in Indonesian and 1,234.5 in English; nothing is a dash."""
    if _is_missing(value):
        return "–"
    return format_decimal(round(value, digits), format="#,##0." + "#" * digits, locale=locale())


def rupiah(value: Any) -> str:
    """1250000 is Rp1.250.000 in Indonesian, Rp1,250,000 in English."""
    if _is_missing(value):
        return "–"
    sign = "−" if round(value) < 0 else ""
    return f"{sign}Rp{format_decimal(abs(round(value)), locale=locale())}"


def unit(word: str, *, one: bool = False) -> str:
    """A unit in the reader's language; one that is not known as it was written."""
    if locale() != "en":
        return UNITS_ID.get(word, word)
    return UNITS[word].split("/")[not one] if word in UNITS else word


def words_for_unit(word: str) -> tuple[str, ...]:
    """How a unit may be written, the reader's own word first."""
    return tuple(dict.fromkeys((unit(word), *UNITS.get(word, word).split("/"), UNITS_ID.get(word, word), word)))


def amount(value: Any, word: str) -> str:
    """A quantity with its unit; money as rupiah."""
    return rupiah(value) if word == "Rp" else f"{number(value)} {unit(word, one=value == 1)}"


def percent(share: Any, digits: int = 0) -> str:
    """0.255 is 26 % or, with one digit, 25,5 %."""
    if _is_missing(share):
        return "–"
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    return format_percent(share, format=pattern, locale=locale())


def likelihood(probability: float) -> str:
    """0.255 is 25,5 %; what only rounds to certainty is “> 99,9 %”, since nothing that was estimated is certain."""
    return f"> {percent(0.999, 1)}" if probability >= 0.9995 else percent(probability, 1)


def date(value: datetime.date | None, style: str = "long") -> str:
    """26 Agustus 2022 or August 26, 2022; a moment is given with its time in the office's zone."""
    if not value:
        return "–"
    if isinstance(value, datetime.datetime):
        return format_datetime(timezone.localtime(value), "d MMM y HH:mm", locale=locale())
    return format_date(value, "d MMM y" if style == "short" else "d MMMM y", locale=locale())


def month_name(month: int, style: str = "LLLL") -> str:
    """A month in the reader's language; with the style LLL short."""
    return format_date(datetime.date(2000, month, 1), style, locale=locale())


def months(numbers: Iterable[int]) -> str:
    """Jan–Mar, Des or Jan–Mar, Dec; every month in words."""
    found = sorted(numbers)
    if len(found) in (0, 12):
        return gettext("every month")
    spans: list[list[int]] = []
    for month in found:
        if spans and spans[-1][-1] == month - 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    named = ([month_name(span[0], "LLL"), month_name(span[-1], "LLL")] for span in spans)
    return ", ".join("–".join(dict.fromkeys(ends)) for ends in named)


def choices(codes: type[Labelled]) -> list[tuple[str, Promise]]:
    """Codes with their labels as a model field's choices, translated when shown."""
    return [(code.value, gettext_lazy(code.label)) for code in codes]


def in_language(name: str, name_en: str) -> str:
    """The English name for an English reader where there is one."""
    return name_en if name_en and locale() == "en" else name
