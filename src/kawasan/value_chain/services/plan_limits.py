"""The limits of a plan in words: bottlenecks worth widening, and what cannot hold together."""

import re
from typing import Any

from kawasan.core.language import in_language
from kawasan.core.text import Text
from kawasan.engine.bottlenecks import Bottleneck
from kawasan.value_chain import rules

DIGITS = 6  # decimals of a quantity that are kept; beyond is the solver's rounding error


def rounded(quantity: float) -> float:
    return round(float(quantity), DIGITS)


_TABLES = {
    "field_least": "fields",
    "field_most": "fields",
    "activity_most": "activities",
    "resource": "resources",
    "demand": "demands",
    "commodity": "commodities",
}


def bottleneck(frozen: dict[str, Any], found: Bottleneck) -> dict[str, Any]:
    row = frozen[_TABLES[found.kind]][found.index] if found.kind in _TABLES else {}
    limit, worth = rounded(found.limit), found.shadow_price_idr
    return {
        "kind": found.kind,
        "code": row.get("code", ""),
        "at": _marked_nodes(frozen, found.kind, row),
        "text": rules.bottleneck(
            found.kind, **_words(frozen, found.kind, row, "name"), limit=limit, worth=worth
        ).stored(),
        "text_en": rules.bottleneck(
            found.kind, **_words(frozen, found.kind, row, "name_en"), limit=limit, worth=worth
        ).stored(),
        "used": rounded(found.used),
        "limit": limit,
        "shadow_price_idr": round(found.shadow_price_idr),
        "weight_idr": round(found.weight_idr),
    }


def _marked_nodes(frozen: dict[str, Any], kind: str, row: dict[str, Any]) -> list[str]:
    """Where a bottleneck is marked in the picture: at cards, or in the legend when it is a field's or all seats'."""
    if kind == "demand":
        return [f"buyer:{row['buyer']}"]
    if kind == "activity_most":
        return [f"activity:{row['code']}"]
    if kind == "seats":
        return ["seats"]
    if kind in ("field_least", "field_most"):
        return [f"field:{row['code']}"]
    users = {"resource": "resources", "commodity": "inputs"}
    return [f"activity:{a['code']}" for a in frozen["activities"] if row["code"] in a[users[kind]]]


def _words(frozen: dict[str, Any], kind: str, row: dict[str, Any], language: str) -> dict[str, str]:
    """The names in a sentence about a limit; a demand is called by its commodity and its buyer."""
    named = row
    if kind == "demand":
        named = next(c for c in frozen["commodities"] if c["code"] == row["commodity"])
    name = named.get(language) or named.get("name", "")
    return {"name": name, "buyer": row.get("buyer_name", ""), "unit": named.get("unit", "")}


_LIMIT_COLUMNS = {
    "field_least": "least",
    "field_most": "most",
    "activity_most": "most",
    "resource": "available",
    "demand": "quantity",
}


def conflict_in_words(frozen: dict[str, Any], constraint: str) -> Text:
    """A constraint of the engine, such as ``field_least[ternak]``, as the planner knows it."""
    kind, code = re.fullmatch(r"(\w+)(?:\[(.*)\])?", constraint).groups()  # type: ignore[union-attr]
    row: dict[str, Any] = next(row for row in frozen[_TABLES[kind]] if row["code"] == code) if code else {}
    limit = row.get(_LIMIT_COLUMNS.get(kind, ""), frozen["seats"])
    language = in_language("name", "name_en")
    return rules.limit_in_words(kind, **_words(frozen, kind, row, language), limit=limit)
