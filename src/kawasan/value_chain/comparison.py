"""Plans side by side: what each reaches, and in which rows the later were computed from something else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import in_language, in_words, number, percent, rupiah
from kawasan.value_chain.models import Plan
from kawasan.value_chain.rules import Aim, Firmness

Row = Mapping[str, Any]
Line = tuple[str, list[str]]  # what is compared, and its figure in each plan
MOST_PLANS = 4  # side by side; more cannot be read
MOST_CHANGES = 30  # rows told of one plan

TABLES: dict[str, str | Promise] = {
    "fields": _("Field"),
    "activities": _("Activity"),
    "commodities": _("Commodity"),
    "demands": _("Demand"),
    "markets": _("Local market"),
    "suppliers": _("Supplier"),
    "resources": _("Resource"),
    "skills": _("Skill"),
    "storages": _("Storage"),
    "existing": _("Existing enterprises"),
}
COLUMNS: dict[str, str | Promise] = {
    "price_idr": _("price"),
    "quantity": _("quantity a year"),
    "by_month": _("quantity by month"),
    "firmness": _("how firm it is"),
    "outside_price_idr": _("price outside the area"),
    "days_kept": _("days it keeps"),
    "transport_idr_per_km": _("carriage per kilometre"),
    "cost_idr": _("running cost a year"),
    "labour_days": _("days of work a year"),
    "capital_idr": _("capital to start"),
    "least": _("at least"),
    "most": _("at most"),
    "season": _("season"),
    "places": _("places"),
    "place": _("place"),
    "inputs": _("inputs"),
    "outputs": _("outputs"),
    "yield": _("sustainable yield"),
    "used": _("used already"),
    "available": _("available"),
    "capacity": _("capacity"),
    "keeps_days": _("days it keeps there"),
    "number": _("how many"),
}


def side_by_side(plans: Sequence[Plan]) -> dict[str, Any]:
    """Solved plans as a table; the first is what the others are compared with."""
    results = [plan.result or {} for plan in plans]
    return {
        "plans": plans,
        "measures": _measures(results),
        "fields": _lines(results, "fields", "seats"),
        "places": _lines(results, "places", "seats"),
        "activities": [line for line in _lines(results, "activities", "enterprises") if len(set(line[1])) > 1],
        "changes": [(plan, *_told(plans[0].input, plan.input)) for plan in plans[1:]],
    }


def _measures(results: Sequence[Row]) -> list[Line]:
    lines: list[Line] = [
        (gettext("Wanted, most important first"), [_wanted(r) for r in results]),
        (
            gettext("Income of all enterprises, with those there already"),
            [rupiah(r["chain_income_idr"]) for r in results],
        ),
        (gettext("Income of all participants a year"), [rupiah(r["income_idr"]) for r in results]),
        (gettext("Half earn at least"), [rupiah(r.get("income_median_idr")) for r in results]),
        (gettext("The least income"), [rupiah(r.get("income_worst_idr")) for r in results]),
        (gettext("Days of work a year"), [number(r.get("labour_days"), 0) for r in results]),
        (gettext("Capital to start all of them"), [rupiah(r["capital_idr"]) for r in results]),
        (gettext("Sold under contract"), [_under_contract(r) for r in results]),
        (gettext("Demand not met"), [rupiah(r["unmet_idr"]) for r in results]),
        (gettext("Resources above 80 % of their yield"), [_near_yield(r) for r in results]),
    ]
    return lines


def _wanted(result: Row) -> str:
    aims = result.get("wishes", {}).get("aims", [])
    return ", ".join(in_words(Aim(aim).label) for aim in aims) or "–"


def _under_contract(result: Row) -> str:
    sold = {row["firmness"]: row["sold_idr"] for row in result["firmness"]}
    total = sum(sold.values())
    return percent(sold.get(Firmness.CONTRACT, 0) / total) if total else "–"


def _near_yield(result: Row) -> str:
    return number(sum(bool(row.get("is_near_yield")) for row in result["resources"]))


def _lines(results: Sequence[Row], table: str, column: str) -> list[Line]:
    """A figure of every row that any of the plans has; a plan that does not know the row has a dash."""
    found: dict[str, str] = {}
    for result in results:
        for row in result.get(table, []):
            found.setdefault(row["code"], in_language(row["name"], row.get("name_en", "")))
    by_code = [{row["code"]: row[column] for row in result.get(table, [])} for result in results]
    return [(name, [number(figures.get(code)) for figures in by_code]) for code, name in found.items()]


def _told(before: Row, now: Row) -> tuple[list[str], int]:
    """What is different in the input, and how many more rows are."""
    told = list(_changes(before, now))
    return told[:MOST_CHANGES], max(len(told) - MOST_CHANGES, 0)


def _changes(before: Row, now: Row) -> Iterator[str]:
    if before["seats"] != now["seats"]:
        yield gettext("Seats of the programme: {before} → {now}").format(before=before["seats"], now=now["seats"])
    for table, word in TABLES.items():
        old = {row["code"]: row for row in before.get(table, [])}
        new = {row["code"]: row for row in now.get(table, [])}
        for code in dict.fromkeys((*old, *new)):
            if found := _change(old.get(code), new.get(code), (before, now)):
                yield f"{word} · {_name(new.get(code) or old[code], now)}: {found}"


def _change(old: Row | None, new: Row | None, inputs: tuple[Row, Row]) -> str:
    if old is None:
        return gettext("new")
    if new is None:
        return gettext("no longer there")
    columns = [name for name in COLUMNS if old.get(name) != new.get(name)]
    if "quantity" in columns or "yield" in columns:
        columns = [name for name in columns if name not in ("by_month", "available")]
    return "; ".join(part for name in columns for part in _parts(name, old.get(name), new.get(name), inputs))


def _parts(column: str, old: Any, new: Any, inputs: tuple[Row, Row]) -> Iterator[str]:
    """A column, or for a column of several, such as the inputs of a recipe, each of them that differs."""
    word = COLUMNS[column]
    if isinstance(old, dict) and isinstance(new, dict):
        for code in dict.fromkeys((*old, *new)):
            if old.get(code) != new.get(code):
                name = _named(code, inputs)
                yield f"{word}, {name}: {_figure(column, old.get(code))} → {_figure(column, new.get(code))}"
    elif isinstance(old, list | dict) or isinstance(new, list | dict):
        yield gettext("{what} changed").format(what=word)
    else:
        yield f"{word}: {_figure(column, old)} → {_figure(column, new)}"


def _figure(column: str, value: Any) -> str:
    if column == "firmness":
        return in_words(Firmness(value).label)
    if isinstance(value, int | float):
        return rupiah(value) if "_idr" in column else number(value)
    return str(value) if value else "–"


def _named(code: str, inputs: tuple[Row, Row]) -> str:
    """The name behind a code of a good or a place."""
    for frozen in reversed(inputs):
        for row in (*frozen["commodities"], *frozen["places"]):
            if row["code"] == code:
                return in_language(row["name"], row.get("name_en", ""))
    return code


def _name(row: Row, frozen: Row) -> str:
    """What a row is called: a demand by its good and its buyer, a market by its good and its place."""
    whom = row.get("buyer_name") or row.get("name", "")
    if "commodity" not in row:
        return in_language(row["name"], row.get("name_en", "")) or row["code"]
    good = _named(row["commodity"], (frozen, frozen))
    return f"{good} – {whom}" if whom else good
