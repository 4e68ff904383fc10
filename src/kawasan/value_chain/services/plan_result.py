"""What pages and reports show of a plan that was solved."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kawasan.engine import chain, chain_books, planning
from kawasan.value_chain import rules
from kawasan.value_chain.services.plan_chain import MARKETS, outlets_of, sellers_of, sites_of
from kawasan.value_chain.services.plan_limits import WORDLESS, bottleneck, rounded

MARKETS_NAMES = {"name": "Pasar setempat", "name_en": "Local markets"}
NEAR_YIELD = 0.8  # of the sustainable yield, from which a resource is pointed out


def result_of(frozen: Mapping[str, Any], solved: planning.Plan) -> dict[str, Any]:
    """Everything that pages and reports show of a plan, so that none of them computes again."""
    demands, markets = _demands(frozen, solved), _markets(frozen, solved)
    activities = _activities(frozen, solved)
    income = sum(a["enterprises"] * (a["income_idr"] or 0) for a in activities)
    return {
        "plan_day": frozen["day"],
        "months": frozen["months"],
        "seats": frozen["seats"],
        "wishes": frozen["wishes"],
        "income_idr": income,
        "income_per_seat_idr": round(income / frozen["seats"]),
        "income_median_idr": _whole(solved.income_median_idr),
        "income_worst_idr": _whole(solved.income_worst_idr),
        "chain_income_idr": round(solved.income_idr),
        "income_continuous_idr": round(solved.income_continuous_idr),
        "gap": solved.whole_share,
        "proven_gap": solved.gap,
        "labour_days": rounded(solved.aims["labour_days"]),
        "bought_idr": sum(row["bought_idr"] for row in _sellers(frozen, solved)),
        "unmet_idr": sum(demand["unmet_idr"] for demand in demands),
        "capital_idr": sum(a["capital_idr"] * a["enterprises"] for a in activities),
        "stages": _seats_by_stage(solved),
        "fields": _seats_by_field(frozen, solved),
        "places": _seats_by_place(frozen, solved),
        "activities": activities,
        "existing": _existing(frozen, solved),
        "demands": demands,
        "markets": markets,
        "buyers": _buyers(demands, markets),
        "firmness": _sold_by_firmness(frozen, solved),
        "sold_by_month": [round(float(sold)) for sold in _sold_idr(frozen, solved).sum(axis=0)],
        "commodities": [_commodity(frozen, solved, c) for c in range(len(frozen["commodities"]))],
        "sellers": [row for row in _sellers(frozen, solved) if row["bought"]],
        "resources": _resources(frozen, solved),
        "skills": _skills(frozen, solved),
        "flows": list(_flows(frozen, solved)),
        "bottlenecks": [
            bottleneck(frozen, b) for b in solved.bottlenecks if b.kind not in WORDLESS and round(b.weight_idr)
        ],
        "left_out": frozen["left_out"],
    }


def _whole(amount: float) -> int | None:
    return None if math.isnan(amount) else round(amount)


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("code", "name", "name_en")}


def _seats_by_stage(solved: planning.Plan) -> list[dict[str, Any]]:
    seats = solved.seats.sum(axis=(0, 2))
    return [{"stage": s, "seats": round(n)} for s, n in zip(chain.STAGES, seats, strict=True)]


def _seats_by_field(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    return [
        {
            **field,
            "seats": round(seats.sum()),
            "by_stage": [round(n) for n in seats.sum(axis=1)],
            "by_place": [round(n) for n in seats.sum(axis=0)],
        }
        for field, seats in zip(frozen["fields"], solved.seats, strict=True)
    ]


def _seats_by_place(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    seats = solved.seats.sum(axis=(0, 1))
    return [
        {"code": place["code"], "name": place["name"], "seats": round(n), "income_idr": round(income)}
        for place, n, income in zip(frozen["places"], seats, solved.income_by_place_idr, strict=True)
    ]


def _activities(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    """What starts of each activity and where, and what one of them earns in the mean."""
    places = [place["code"] for place in frozen["places"]]
    where: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for s, (a, p, _most) in enumerate(sites_of(frozen["activities"], places)):
        if number := round(solved.enterprises[s]):
            row = {"place": places[p], "enterprises": number, "income_idr": _whole(solved.income_by_site_idr[s])}
            where[a].append(row)
    kept = ("field", "stage", "most", "labour_days", "capital_idr")
    return [
        {
            **_named(activity),
            **{name: activity[name] for name in kept},
            "enterprises": sum(row["enterprises"] for row in where[a]),
            "income_idr": _mean_income(where[a]),
            "sites": where[a],
        }
        for a, activity in enumerate(frozen["activities"])
    ]


def _mean_income(sites: Sequence[Mapping[str, Any]]) -> int | None:
    number = sum(row["enterprises"] for row in sites)
    return round(sum(row["enterprises"] * row["income_idr"] for row in sites) / number) if number else None


def _existing(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    """Enterprises that work already, by activity."""
    activities = {activity["code"]: activity for activity in frozen["activities"]}
    found: dict[str, dict[str, Any]] = {}
    for row, income in zip(frozen["existing"], solved.income_by_existing_idr, strict=True):
        activity = activities[row["activity"]]
        blank = {**_named(activity), "stage": activity["stage"], "number": 0, "income_idr": 0}
        one = found.setdefault(row["activity"], blank)
        one["number"] += row["number"]
        one["income_idr"] += round(row["number"] * float(income))
    return list(found.values())


def _demands(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    goods = {c["code"]: c for c in frozen["commodities"]}
    rows = []
    for d, demand in enumerate(frozen["demands"]):
        commodity = goods[demand["commodity"]]
        sold, unmet = rounded(solved.sold[d].sum()), rounded(solved.unmet[d].sum())
        rows.append(
            {
                **{name: value for name, value in demand.items() if name != "by_month"},
                **{name: commodity[name] for name in ("name", "name_en", "unit")},
                "sold": sold,
                "unmet": unmet,
                "sold_idr": round(sold * demand["price_idr"]),
                "unmet_idr": round(unmet * demand["price_idr"]),
            }
        )
    return rows


def _markets(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    """What local markets take of each commodity, all steps together."""
    goods, found = {c["code"]: c for c in frozen["commodities"]}, dict[tuple[str, str], dict[str, Any]]()
    first = len(frozen["demands"])
    for m, market in enumerate(frozen["markets"], start=first):
        sold = float(solved.sold[m].sum())
        if rounded(sold):
            commodity = goods[market["commodity"]]
            names = {name: commodity[name] for name in ("name", "name_en", "unit")}
            blank = {"commodity": market["commodity"], "market": market["name"], **names, "sold": 0.0, "sold_idr": 0}
            row = found.setdefault((market["commodity"], market["name"]), blank)
            row["sold"] = rounded(row["sold"] + sold)
            row["sold_idr"] += round(sold * market["price_idr"])
    return list(found.values())


def _buyers(demands: Sequence[Mapping[str, Any]], markets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    buyers: dict[str, dict[str, Any]] = {}
    for demand in demands:
        names = {"name": demand["buyer_name"], "name_en": demand["buyer_name"]}
        buyer = buyers.setdefault(demand["buyer"], {"code": demand["buyer"], **names, "sold_idr": 0, "unmet_idr": 0})
        buyer["sold_idr"] += demand["sold_idr"]
        buyer["unmet_idr"] += demand["unmet_idr"]
    if markets:
        sold = sum(market["sold_idr"] for market in markets)
        buyers[MARKETS] = {"code": MARKETS, **MARKETS_NAMES, "sold_idr": sold, "unmet_idr": 0}
    return list(buyers.values())


def _sold_idr(frozen: Mapping[str, Any], solved: planning.Plan) -> chain.Floats:
    """Rupiah of each outlet and month."""
    prices = np.array([row["price_idr"] for row in outlets_of(frozen)], dtype=np.float64)
    return solved.sold * prices[:, None]


def _sold_by_firmness(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    sold, outlets = _sold_idr(frozen, solved).sum(axis=1), outlets_of(frozen)
    return [
        {"firmness": f, "sold_idr": round(sum(s for s, o in zip(sold, outlets, strict=True) if o["firmness"] == f))}
        for f in (*rules.Firmness, "market")
    ]


def _commodity(frozen: Mapping[str, Any], solved: planning.Plan, c: int) -> dict[str, Any]:
    commodity = frozen["commodities"][c]
    sellers = [s for s, row in enumerate(sellers_of(frozen)) if row["commodity"] == commodity["code"]]
    bought = solved.bought[sellers].sum(axis=1)
    prices = [sellers_of(frozen)[s]["price_idr"] for s in sellers]
    return {
        **_named(commodity),
        "unit": commodity["unit"],
        "bought": rounded(bought.sum()),
        "bought_idr": round(float(bought @ np.array(prices))) if sellers else 0,
        "made": rounded(solved.made[c].sum()),
        "left_over": rounded(solved.left_over[c].sum()),
        "transfer_price_idr": _whole(float(solved.transfer_price_idr[c])) or 0,
    }


def _sellers(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    return [
        {
            "code": row["code"],
            "who": row["name"],
            "commodity": row["commodity"],
            "bought": rounded(bought.sum()),
            "bought_idr": round(float(bought.sum()) * row["price_idr"]),
        }
        for row, bought in zip(sellers_of(frozen), solved.bought, strict=True)
    ]


def _resources(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    """What the plan takes of each resource beyond what is taken already, and the share of its yield that is taken."""
    rows = []
    for resource, taken in zip(frozen["resources"], solved.taken.sum(axis=1), strict=False):
        new = max(float(taken) - resource["existing"], 0.0)
        share = (resource["used"] + new) / resource["yield"] if resource["yield"] else 1.0
        rows.append(
            {
                **_named(resource),
                **{name: resource[name] for name in ("unit", "yield", "used", "available")},
                "idle": rounded(max(resource["available"] - new, 0)),
                "taken": rounded(new),
                "share": rounded(share),
                "is_near_yield": share > NEAR_YIELD,
            }
        )
    return rows


def _skills(frozen: Mapping[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    """People with each skill: how many there are, and how many the plan needs in the month when it needs most."""
    first = len(frozen["resources"])
    found: dict[str, dict[str, Any]] = {}
    for row, taken in zip(frozen["skills"], solved.taken[first:], strict=True):
        one = found.setdefault(row["kind"], {**_named(row), "available": 0.0, "taken": 0.0})
        one["available"] += row["available"]
        one["taken"] = rounded(one["taken"] + max(float(taken.max()) - row["existing"], 0.0))
    return list(found.values())


def _flows(frozen: Mapping[str, Any], solved: planning.Plan) -> Iterator[dict[str, Any]]:
    """What moves in a year between activities and to buyers, all places and months together."""
    links, ends = solved.links, _ends(frozen)
    total: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for i in range(links.quantity.size):
        source = ends[chain_books.SOURCES[links.source_kind[i]]]
        target = ends[chain_books.TARGETS[links.target_kind[i]]]
        if source and target:
            commodity = frozen["commodities"][links.commodity[i]]["code"]
            sums = total[source[links.source[i]], target[links.target[i]], commodity]
            sums[0] += float(links.quantity[i])
            sums[1] += float(links.value_idr[i])
    for (source_key, target_key, commodity), (quantity, value) in sorted(total.items()):
        if rounded(quantity):
            keys = {"source": source_key, "target": target_key, "commodity": commodity}
            yield {**keys, "quantity": rounded(quantity), "value_idr": round(value)}


def _ends(frozen: Mapping[str, Any]) -> dict[str, list[str]]:
    """The card of the picture at which each end of a flow stands; what is left over stands with the commodities."""
    activities = [activity["code"] for activity in frozen["activities"]]
    places = [place["code"] for place in frozen["places"]]
    return {
        "site": [f"activity:{activities[a]}" for a, _p, _most in sites_of(frozen["activities"], places)],
        "existing": [f"activity:{row['activity']}" for row in frozen["existing"]],
        "supplier": ["outside"] * len(sellers_of(frozen)),
        "outlet": [f"buyer:{row['buyer']}" for row in outlets_of(frozen)],
        "stock": [],
        "left_over": [],
    }
