"""The form of a certificate: which keys it has, and of which type and range everything in it is.

Every verifier looks at the form first and by the same rules, so that what follows can rely on it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

FORMAT = "kawasan draw 2"
BILLION = 10**9  # chances and parts are whole numbers of a billionth; no number is greater
MOST_WEIGHT = 10_000  # a person's tickets are hashed one by one
PSEUDONYM = re.compile(r"[0-9A-Za-z_-]{1,64}")

_SHOWN = 60  # signs of a wrong value

Fault = str  # where something is wrong, and what stands there; "" when all is right
Form = Callable[[Any], Fault]


def read(data: bytes) -> Any:
    """Return what JSON says: in UTF-8, with or without a byte order mark; whole numbers only.

    Raises          ValueError — it is no such text
    """
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=_not_whole, parse_constant=_not_whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _not_whole(text: str) -> Any:
    raise ValueError(f"{text} is no whole number")


def fault_of(certificate: Any) -> Fault:
    """Return the first place where something does not have the form of a certificate, drawn or not drawn yet."""
    is_drawn = isinstance(certificate, dict) and "people" in certificate
    return (_DRAWN if is_drawn else _EARLY)(certificate) or _fault_of_numbers(certificate["frozen"])


def _whole(least: int = 0, most: int = BILLION) -> Form:
    return lambda value: "" if type(value) is int and least <= value <= most else _shown(value)


def _text(least: int = 0) -> Form:
    """A text without halves of signs, which have no bytes in UTF-8."""

    def fault(value: Any) -> Fault:
        is_whole = type(value) is str and not any("\ud800" <= sign <= "\udfff" for sign in value)
        return "" if is_whole and len(value) >= least else _shown(value)

    return fault


def _match(pattern: re.Pattern[str]) -> Form:
    return lambda value: "" if type(value) is str and pattern.fullmatch(value) else _shown(value)


def _flag(value: Any) -> Fault:
    return "" if type(value) is bool else _shown(value)


def _many(form: Form, least: int = 0) -> Form:
    def fault(value: Any) -> Fault:
        if type(value) is not list or len(value) < least:
            return _shown(value)
        return _first(enumerate(map(form, value)))

    return fault


def _row(*forms: Form) -> Form:
    def fault(value: Any) -> Fault:
        if type(value) is not list or len(value) != len(forms):
            return _shown(value)
        return _first(enumerate(form(one) for form, one in zip(forms, value, strict=True)))

    return fault


def _keys(needed: Mapping[str, Form], free: Mapping[str, Form] | None = None) -> Form:
    known = {**needed, **(free or {})}

    def fault(value: Any) -> Fault:
        if type(value) is not dict or not needed.keys() <= value.keys() <= known.keys():
            return _shown(value)
        return _first((key, known[key](one)) for key, one in value.items())

    return fault


def _first(faults: Iterable[tuple[object, Fault]]) -> Fault:
    return next((f"{place} > {fault}" for place, fault in faults if fault), "")


def _shown(value: Any) -> str:
    text = "keys: " + ", ".join(map(str, value)) if type(value) is dict else repr(value)
    return text[:_SHOWN]


def _fault_of_numbers(frozen: Mapping[str, Any]) -> Fault:
    """Numbers of cells and quotas are of some that exist and rise; everybody and every cell's people are there."""
    pool, cells, quotas = frozen["pool"], frozen["cells"], frozen["quotas"]
    if len({row[0] for row in pool}) != len(pool):
        return "pool > somebody twice"
    if {row[1] for row in pool} != set(range(len(cells))):
        return "pool > cells"
    counts = ((number, "" if _rises(cell["counts"], len(quotas)) else "counts") for number, cell in enumerate(cells))
    panels = (
        (number, "" if _rises([row[0] for row in panel], len(cells)) and _fits(panel, len(pool)) else _shown(panel))
        for number, panel in enumerate(frozen["panels"])
    )
    return _first((("cells", _first(counts)), ("panels", _first(panels))))


def _rises(numbers: Sequence[int], below: int) -> bool:
    return all(one < other for one, other in pairwise([*numbers, below]))


def _fits(panel: Sequence[Sequence[int]], people: int) -> bool:
    return all(number <= people for _, number in panel)


_NAME = _match(PSEUDONYM)
_FROZEN = _keys(
    {
        "pool": _many(_row(_NAME, _whole(), _whole()), 1),
        "cells": _many(
            _keys(
                {
                    "counts": _many(_whole()),
                    "weight": _whole(1, MOST_WEIGHT),
                    "certain": _flag,
                    "kind": _whole(),
                    "bound": _whole(),
                }
            ),
            1,
        ),
        "quotas": _many(_row(_text(), _text(), _whole(), _whole())),
        "seats": _whole(1),
        "most_per_household": _whole(1),
        "panels": _many(_many(_row(_whole(), _whole(1)), 1), 1),
        "reached": _whole(),
        "least": _whole(),
        "code": _text(),
        "commitment": _text(),
        "source": _text(),
    },
    {
        "exceptions": _many(_row(_NAME, _match(re.compile("guaranteed|barred")), _text(1)), 1),
        "guaranteed_bands": _many(_text(1), 1),
        "in_bands": _many(_row(_NAME, _text(1)), 1),
        "programme": _text(),
        "people": _text(),
    },
)
_EARLY_KEYS: Mapping[str, Form] = {
    "format": _match(re.compile(FORMAT)),
    "frozen": _FROZEN,
    "hashes": _keys(dict.fromkeys(("pool", "rules", "panels", "frozen"), _text())),
}
_CALL = _keys({"leaver": _NAME, "reserve": _match(re.compile(f"(?:{PSEUDONYM.pattern})?")), "short": _whole()})
_EARLY = _keys(_EARLY_KEYS)
_DRAWN = _keys(
    {
        **_EARLY_KEYS,
        "counts": _many(_whole()),
        "secret": _text(),
        "public_value": _text(1),
        "seed": _text(),
        "panel": _whole(),
        "people": _many(_NAME),
        "reserves": _many(_NAME),
        "calls": _many(_CALL),
    }
)
