"""The limits of a plan in words: bottlenecks worth widening, and what cannot hold together."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kawasan.core.language import in_language
from kawasan.core.text import Text
from kawasan.engine.bottlenecks import Bottleneck
from kawasan.value_chain import rules
from kawasan.value_chain.services.plan_chain import outlets_of, rooms_of, sellers_of

DIGITS = 6  # decimals of a quantity that are kept; beyond is the solver's rounding error
A_MILLION = 1_000_000
WORDLESS = ("capacity",)  # limits that nobody can widen: what existing enterprises can do

Rows = Sequence[Mapping[str, Any]]


def rounded(quantity: float) -> float:
    return round(float(quantity), DIGITS)


def bottleneck(frozen: Mapping[str, Any], found: Bottleneck) -> dict[str, Any]:
    rows = _rows(frozen, found.kind)
    row = rows[found.index] if rows else {}
    place = frozen["places"][found.place] if found.place >= 0 else {}
    kind = _kind(frozen, found.kind, found.index)
    worth = found.shadow_price_idr * (A_MILLION if kind == "budget" else 1)
    limit = rounded(found.limit / len(frozen["months"]) if kind in ("skill", "storage") else found.limit)
    texts = {
        name: rules.bottleneck(kind, **_words(frozen, kind, row, place, language), limit=limit, worth=worth).stored()
        for name, language in (("text", "name"), ("text_en", "name_en"))
    }
    return {
        "kind": kind,
        "code": row.get("code", ""),
        "at": _marked_nodes(frozen, kind, row),
        **texts,
        "used": rounded(found.used),
        "limit": limit,
        "shadow_price_idr": round(worth),
        "range_idr": _range(found),
        "weight_idr": round(found.weight_idr),
    }


def _range(found: Bottleneck) -> list[int] | None:
    """Between which values the shadow price lies, where several are right."""
    ends = (found.lower_idr, found.upper_idr)
    return [round(end) for end in ends] if all(map(math.isfinite, ends)) and found.is_degenerate else None


def _rows(frozen: Mapping[str, Any], kind: str) -> Rows:
    """The rows of the input that a kind of limit of the engine counts by."""
    tables = {"field_least": "fields", "field_most": "fields", "activity_most": "activities", "site_most": "activities"}
    if kind == "resource":
        return [*frozen["resources"], *frozen["skills"]]
    if kind in ("demand", "promise"):
        return outlets_of(frozen)
    if kind == "supplier":
        return sellers_of(frozen)
    if kind == "storage":
        return rooms_of(frozen["storages"])
    tables |= {"commodity": "commodities", "activity_least": "activities", "capacity": "existing"}
    return frozen[tables[kind]] if kind in tables else []


def _kind(frozen: Mapping[str, Any], kind: str, index: int) -> str:
    """Skills are resources to the engine, and steps of local markets are demands."""
    if kind == "resource" and index >= len(frozen["resources"]):
        return "skill"
    return "market" if kind == "demand" and index >= len(frozen["demands"]) else kind


def _marked_nodes(frozen: Mapping[str, Any], kind: str, row: Mapping[str, Any]) -> list[str]:
    """Where a bottleneck is marked in the picture: at cards, or in the legend when it is a field's or all seats'."""
    if kind in ("seats", "budget"):
        return ["seats"]
    if kind in ("field_least", "field_most"):
        return [f"field:{row['code']}"]
    if kind in ("demand", "market"):
        return [f"buyer:{row['buyer']}"]
    if kind in ("activity_most", "site_most"):
        return [f"activity:{row['code']}"]
    users = {"resource": ("resources", "code"), "skill": ("skills", "kind"), "commodity": ("inputs", "code")}
    column, key = users.get(kind, ("inputs", "commodity"))  # what is sold or stored stands at those who use it
    return [f"activity:{a['code']}" for a in frozen["activities"] if row[key] in a[column]]


def _words(
    frozen: Mapping[str, Any], kind: str, row: Mapping[str, Any], place: Mapping[str, Any], language: str
) -> dict[str, str]:
    """The names in a sentence about a limit; goods are called by their own name, and told where or with whom."""
    goods: Mapping[str, Any] = next((c for c in frozen["commodities"] if c["code"] == row.get("commodity")), {})
    named = row if kind == "storage" else goods or row
    name = named.get(language) or named.get("name", "")
    whom = row.get("buyer_name") or (row.get("name", "") if goods else place.get("name", ""))
    return {"name": name, "buyer": whom, "unit": (goods or row).get("unit", "")}


_LIMIT_COLUMNS = {
    "field_least": "least",
    "field_most": "most",
    "activity_most": "most",
    "resource": "available",
    "skill": "available",
    "storage": "capacity",
}


def conflict_in_words(frozen: Mapping[str, Any], constraint: str) -> Text:
    """A constraint of the engine, such as ``field_least[ternak]``, as the planner knows it."""
    kind, code, place_code = re.fullmatch(  # type: ignore[union-attr]
        r"(\w+)(?:\[([^,\]]*)(?:,([^\]]*))?\])?", constraint
    ).groups()
    index = next((i for i, row in enumerate(_rows(frozen, kind)) if row["code"] == code), -1)
    row: Mapping[str, Any] = _rows(frozen, kind)[index] if index >= 0 else {}
    place: Mapping[str, Any] = next((one for one in frozen["places"] if one["code"] == place_code), {})
    kind, language = _kind(frozen, kind, index), in_language("name", "name_en")
    words = _words(frozen, kind, row, place, language)
    return rules.limit_in_words(kind, **words, limit=_limit(frozen, kind, row, place))


def _limit(frozen: Mapping[str, Any], kind: str, row: Mapping[str, Any], place: Mapping[str, Any]) -> Any:
    if kind == "budget":
        return frozen["wishes"]["budget_idr"]
    if kind == "site_most":
        return row["places"][place["code"]]
    if "by_month" in row:
        return sum(quantity or 0 for quantity in row["by_month"])
    return row.get(_LIMIT_COLUMNS.get(kind, ""), frozen["seats"])
