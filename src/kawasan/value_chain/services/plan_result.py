"""What pages and reports show of a plan that was solved."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kawasan.engine import chain, chain_books, planning
from kawasan.value_chain.rules import Firmness
from kawasan.value_chain.services.plan_limits import bottleneck, rounded


def result_of(frozen: dict[str, Any], solved: planning.Plan) -> dict[str, Any]:
    """Everything that pages and reports show of a plan, so that none of them computes again."""
    demands = [_demand(frozen, solved, d) for d in range(len(frozen["demands"]))]
    return {
        "plan_day": frozen["day"],
        "seats": frozen["seats"],
        "income_idr": round(solved.income_idr),
        "income_continuous_idr": round(solved.income_continuous_idr),
        "gap": solved.whole_share,
        "income_per_seat_idr": round(solved.income_idr / frozen["seats"]),
        "bought_idr": round(_bought_idr(frozen, solved)),
        "unmet_idr": sum(demand["unmet_idr"] for demand in demands),
        "capital_idr": sum(
            a["capital_idr"] * int(n) for a, n in zip(frozen["activities"], solved.enterprises, strict=True)
        ),
        "stages": _seats_by_stage(solved),
        "fields": _seats_by_field(frozen, solved),
        "activities": [_activity(frozen, solved, a) for a in range(len(frozen["activities"]))],
        "demands": demands,
        "buyers": _buyers(demands),
        "firmness": [
            {"firmness": f.value, "sold_idr": sum(d["sold_idr"] for d in demands if d["firmness"] == f)}
            for f in Firmness
        ],
        "commodities": [_commodity(frozen, solved, c) for c in range(len(frozen["commodities"]))],
        "resources": _resources(frozen, solved),
        "flows": list(_flows(frozen, solved)),
        "bottlenecks": [bottleneck(frozen, b) for b in solved.bottlenecks],
        "left_out": frozen["left_out"],
    }


def _bought_idr(frozen: dict[str, Any], solved: planning.Plan) -> float:
    prices = [c["outside_price_idr"] for c in frozen["commodities"] if c["outside_price_idr"] is not None]
    return float(np.array(prices, dtype=np.float64) @ solved.bought.sum(axis=1))


def _seats_by_stage(solved: planning.Plan) -> list[dict[str, Any]]:
    seats = solved.seats.sum(axis=(0, 2))
    return [{"stage": s, "seats": int(n)} for s, n in zip(chain.STAGES, seats, strict=True)]


def _seats_by_field(frozen: dict[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    return [
        {**field, "seats": int(seats.sum()), "by_stage": [int(n) for n in seats]}
        for field, seats in zip(frozen["fields"], solved.seats.sum(axis=2), strict=True)
    ]


def _activity(frozen: dict[str, Any], solved: planning.Plan, a: int) -> dict[str, Any]:
    activity, income = frozen["activities"][a], solved.income_by_site_idr[a]
    kept = ("code", "name", "name_en", "field", "stage", "most", "labour_days")
    return {
        **{name: activity[name] for name in kept},
        "enterprises": int(solved.enterprises[a]),
        "income_idr": None if math.isnan(income) else round(income),
    }


def _demand(frozen: dict[str, Any], solved: planning.Plan, d: int) -> dict[str, Any]:
    demand = frozen["demands"][d]
    commodity = next(c for c in frozen["commodities"] if c["code"] == demand["commodity"])
    sold, unmet = rounded(solved.sold[d].sum()), rounded(solved.unmet[d].sum())
    return {
        **demand,
        "name": commodity["name"],
        "name_en": commodity["name_en"],
        "unit": commodity["unit"],
        "sold": sold,
        "unmet": unmet,
        "sold_idr": round(sold * demand["price_idr"]),
        "unmet_idr": round(unmet * demand["price_idr"]),
    }


def _buyers(demands: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    buyers: dict[str, dict[str, Any]] = {}
    for demand in demands:
        blank = {"code": demand["buyer"], "name": demand["buyer_name"], "sold_idr": 0, "unmet_idr": 0}
        buyer = buyers.setdefault(demand["buyer"], blank)
        buyer["sold_idr"] += demand["sold_idr"]
        buyer["unmet_idr"] += demand["unmet_idr"]
    return list(buyers.values())


def _commodity(frozen: dict[str, Any], solved: planning.Plan, c: int) -> dict[str, Any]:
    commodity = frozen["commodities"][c]
    bought = float(solved.bought[_supplier(frozen, c)].sum()) if commodity["outside_price_idr"] is not None else 0.0
    return {
        **commodity,
        "bought": rounded(bought),
        "bought_idr": round(bought * (commodity["outside_price_idr"] or 0)),
        "left_over": rounded(solved.left_over[c].sum()),
        "transfer_price_idr": round(solved.transfer_price_idr[c]),
    }


def _supplier(frozen: dict[str, Any], c: int) -> int:
    """The row of who sells a commodity from outside; only what has a price there is sold."""
    return sum(commodity["outside_price_idr"] is not None for commodity in frozen["commodities"][:c])


def _resources(frozen: dict[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    return [
        {**resource, "idle": rounded(max(resource["available"] - taken, 0)), "taken": rounded(taken)}
        for resource, taken in zip(frozen["resources"], solved.taken.sum(axis=1), strict=True)
    ]


def _flows(frozen: dict[str, Any], solved: planning.Plan) -> Iterator[dict[str, Any]]:
    """What moves between enterprises and to buyers; what is left over stands with the commodities."""
    links = solved.links
    for i in np.lexsort((links.source, links.source_kind, links.target, links.target_kind, links.commodity)):
        source, target = chain_books.SOURCES[links.source_kind[i]], chain_books.TARGETS[links.target_kind[i]]
        if target == "left_over":
            continue
        yield {
            "source": "outside" if source == "supplier" else _node(frozen, "activities", links.source[i]),
            "target": _node(frozen, "demands" if target == "outlet" else "activities", links.target[i]),
            "commodity": frozen["commodities"][links.commodity[i]]["code"],
            "quantity": rounded(links.quantity[i]),
            "value_idr": round(links.value_idr[i]),
        }


def _node(frozen: dict[str, Any], kind: str, index: int) -> str:
    row = frozen[kind][index]
    return f"buyer:{row['buyer']}" if kind == "demands" else f"activity:{row['code']}"
