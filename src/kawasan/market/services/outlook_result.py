"""What pages show of the coming months, as plain rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from kawasan.engine.chain import Floats
from kawasan.engine.chain_books import SOURCES, TARGETS
from kawasan.engine.supply import Supply
from kawasan.market import rules
from kawasan.value_chain.services.plan_chain import outlets_of, sellers_of
from kawasan.value_chain.services.plan_limits import rounded

Frozen = Mapping[str, Any]
LOOSE_FIRST = ("wish", "letter", "contract")
TOLD = 5e-3  # units; below two digits nothing is shown


def result_of(frozen: Frozen, found: Supply) -> dict[str, Any]:
    """Everything that pages show of the coming months, so that none of them computes."""
    return {
        "day": frozen["day"],
        "months": frozen["months"],
        "enterprises": sum(1 for row in frozen["existing"] if row["owner"]),
        "contracts": sum(1 for row in frozen["demands"] if row["contract"]),
        "matches": _matches(frozen, found),
        "short": _short(frozen, found),
        "left_out": frozen["left_out"],
    }


def firm_count(result: Mapping[str, Any]) -> int:
    """Contracts and letters that fall short in some month."""
    return sum(rules.is_firm(row["firmness"]) for row in result["short"])


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": row["name"], "name_en": row["name_en"]}


def _matches(frozen: Frozen, found: Supply) -> list[dict[str, Any]]:
    """Who could supply whom in the first month, enterprises of one activity together, the greatest worth first."""
    links, rows = found.plan.links, dict[tuple[str, str, str], dict[str, Any]]()
    sellers, buyers = _sellers(frozen), _buyers(frozen)
    for i in np.flatnonzero(links.period == 0).tolist():
        source = sellers.get(SOURCES[links.source_kind[i]], ())
        target = buyers.get(TARGETS[links.target_kind[i]], ())
        if source and target:
            seller, buyer = source[links.source[i]], target[links.target[i]]
            goods = frozen["commodities"][links.commodity[i]]
            blank = {"seller": seller["seller"], "buyer": buyer, "commodity": _named(goods), "unit": goods["unit"]}
            blank |= {"quantity": 0.0, "worth_idr": 0.0, "from": defaultdict(float)}
            row = rows.setdefault((seller["key"], buyer["key"], goods["code"]), blank)
            row["quantity"] += float(links.quantity[i])
            row["worth_idr"] += float(links.value_idr[i])
            row["from"][seller["name"]] += float(links.quantity[i])
    told = [_told(row) for row in rows.values() if row["quantity"] > TOLD]
    return sorted(told, key=lambda row: (-row["worth_idr"], row["buyer"]["key"], row["commodity"]["name"]))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    parts = sorted(row["from"].items(), key=lambda part: (-part[1], part[0]))
    kept = [{"name": name, "quantity": rounded(quantity)} for name, quantity in parts if name and quantity > TOLD]
    return {**row, "quantity": rounded(row["quantity"]), "worth_idr": round(row["worth_idr"]), "from": kept}


def _sellers(frozen: Frozen) -> dict[str, list[dict[str, Any]]]:
    """Each end of a flow as who sells: enterprises stand under their activity."""
    activities = {activity["code"]: activity for activity in frozen["activities"]}
    existing = [
        {"key": f"activity:{row['activity']}", "seller": _named(activities[row["activity"]]), "name": row["name"]}
        for row in frozen["existing"]
    ]
    suppliers = [
        {
            "key": f"supplier:{row['name']}",
            "seller": {"name": row["name"], "name_en": row["name"]} if row["name"] else None,
            "name": "",
        }
        for row in sellers_of(frozen)
    ]
    return {"existing": existing, "supplier": suppliers}


def _buyers(frozen: Frozen) -> dict[str, list[dict[str, Any]]]:
    """Each end of a flow as who buys: an offtaker under a contract or without, a local market, an activity."""
    activities = {activity["code"]: activity for activity in frozen["activities"]}
    outlets = [
        {"kind": "market", "key": f"market:{row['name']}", "name": row["name"], "name_en": row["name"]}
        if row["firmness"] == "market"
        else {
            "kind": "contract" if row["contract"] else "demand",
            "key": row["code"],
            "name": row["buyer_name"],
            "name_en": row["buyer_name"],
            "contract": row["contract"],
            "enterprise": row["enterprise"],
            "firmness": row["firmness"],
        }
        for row in outlets_of(frozen)
    ]
    existing = [
        {"kind": "activity", "key": f"activity:{row['activity']}", **_named(activities[row["activity"]])}
        for row in frozen["existing"]
    ]
    return {"outlet": outlets, "existing": existing}


def _short(frozen: Frozen, found: Supply) -> list[dict[str, Any]]:
    """What those who asked for it will not get from the area's enterprises; promises and the greatest worth first."""
    outside, rows = _only_from_outside(frozen, found), []
    goods = {commodity["code"]: (c, commodity) for c, commodity in enumerate(frozen["commodities"])}
    for d, demand in enumerate(frozen["demands"]):
        missing = found.plan.unmet[d] + outside[d]
        if missing.max() <= TOLD:
            continue
        c, commodity = goods[demand["commodity"]]
        kept = ("contract", "enterprise", "buyer_name", "firmness")
        rows.append(
            {
                **{name: demand[name] for name in kept},
                "commodity": _named(commodity),
                "unit": commodity["unit"],
                "missing": [rounded(float(units)) for units in missing],
                "worth_idr": [round(float(units) * demand["price_idr"]) for units in missing],
                "why": list(_why(frozen, found, c, missing > TOLD, float(outside[d].sum()))),
            }
        )
    return sorted(rows, key=lambda row: (-LOOSE_FIRST.index(row["firmness"]), -sum(row["worth_idr"])))


def _only_from_outside(frozen: Frozen, found: Supply) -> Floats:
    """Units of each demand that go beyond what the area makes, shape (demands, months): wishes wait for promises."""
    demands, codes = frozen["demands"], [commodity["code"] for commodity in frozen["commodities"]]
    sold = found.plan.sold[: len(demands)]
    commodity = np.array([codes.index(demand["commodity"]) for demand in demands], dtype=np.int64)
    outside = np.zeros_like(sold)
    asked = np.zeros_like(found.plan.made)
    np.add.at(asked, commodity, sold)
    rest = np.maximum(asked - found.plan.made, 0.0)
    for d in sorted(range(len(demands)), key=lambda d: LOOSE_FIRST.index(demands[d]["firmness"])):
        outside[d] = np.minimum(sold[d], rest[commodity[d]])
        rest[commodity[d]] -= outside[d]
    return outside


def _why(frozen: Frozen, found: Supply, c: int, months: Any, outside: float) -> Iterator[dict[str, Any]]:
    """Why so little of a commodity is made in these months, and whether it could be bought."""
    makers, lacks = _makers(frozen, c), _lacks_upstream(frozen, found, c, months)
    unit = frozen["commodities"][c]["unit"]
    if not makers:
        yield {"kind": "no_maker"}
    elif lacks:
        yield from lacks
    elif (found.idle[makers][:, months] > 0).any():
        yield {"kind": "too_dear"}
    else:
        yield {"kind": "full", "makers": sum(frozen["existing"][e]["number"] for e in makers)}
    if outside > TOLD:
        yield {"kind": "outside", "quantity": rounded(outside), "unit": unit}


def _makers(frozen: Frozen, c: int) -> list[int]:
    """The groups of enterprises that make a commodity."""
    code = frozen["commodities"][c]["code"]
    makers = {activity["code"] for activity in frozen["activities"] if activity["outputs"].get(code)}
    return [e for e, row in enumerate(frozen["existing"]) if row["activity"] in makers]


def _lacks_upstream(frozen: Frozen, found: Supply, c: int, months: Any) -> list[dict[str, Any]]:
    """The inputs for want of which makers of a commodity stand still, and those for want of which the inputs lack."""
    activities = {activity["code"]: activity for activity in frozen["activities"]}
    wanted, rows = [c], []
    for step in wanted:  # grows by what lacks
        for (activity, what), quantity in _lacks_of_makers(frozen, found, step, months).items():
            goods = frozen["commodities"][what]
            names = {"activity": _named(activities[activity]), "commodity": _named(goods), "unit": goods["unit"]}
            rows.append({"kind": "lacks", **names, "quantity": rounded(quantity)})
            if what not in wanted:
                wanted.append(what)
    return rows


def _lacks_of_makers(frozen: Frozen, found: Supply, c: int, months: Any) -> dict[tuple[str, int], float]:
    """What those who make a commodity lack in some months, by activity and commodity."""
    lacks, total = found.lacks, defaultdict[tuple[str, int], float](float)
    for i in np.flatnonzero(np.isin(lacks.existing, _makers(frozen, c)) & months[lacks.period]).tolist():
        activity = frozen["existing"][lacks.existing[i]]["activity"]
        total[activity, int(lacks.commodity[i])] += float(lacks.quantity[i])
    return total
