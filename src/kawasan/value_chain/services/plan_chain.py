"""What a plan was frozen from, as the chain that the engine plans: twelve months, the districts of the area."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from kawasan.engine import chain
from kawasan.engine.assignment import distance_km
from kawasan.engine.chain import OUTSIDE, Chain, Floats, Ints
from kawasan.engine.planning import Level
from kawasan.value_chain import rules

MARKETS = "local-markets"  # the buyer that local markets are together

Rows = Sequence[Mapping[str, Any]]


def chain_of(frozen: Mapping[str, Any]) -> Chain:
    """The frozen rows as tables of arrays. A cycle of the engine is what one enterprise does in a full year."""
    places, activities, commodities = _codes(frozen["places"]), frozen["activities"], frozen["commodities"]
    wishes = frozen["wishes"]
    return Chain(
        period_months=np.ones(len(frozen["months"])),
        places=chain.Places(codes=places, people=_people(frozen["places"])),
        fields=_fields(frozen["fields"]),
        activities=_activities(frozen),
        sites=_sites(activities, places),
        existing=_existing(frozen["existing"], activities, places),
        commodities=_commodities(frozen),
        routes=_routes(frozen["places"]),
        storages=_storages(frozen["storages"], _codes(commodities), places),
        kinds=chain.Kinds(codes=kinds_of(frozen), is_yearly=_is_yearly(frozen)),
        pools=_pools(frozen, places),
        suppliers=_suppliers(sellers_of(frozen), _codes(commodities), places),
        outlets=_outlets(outlets_of(frozen), _codes(commodities), places),
        seats_least=frozen["seats"],
        seats_most=frozen["seats"],
        budget_idr=math.inf if wishes["budget_idr"] is None else wishes["budget_idr"],
    )


def levels_of(frozen: Mapping[str, Any]) -> tuple[Level, ...]:
    """What the planner wants, most important first; income is always wanted last."""
    give_up = frozen["wishes"]["give_up_percent"] / 100
    return tuple(Level(**{aim: 1.0}, tolerance=give_up) for aim in frozen["wishes"]["aims"])


def sellers_of(frozen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who sells to the area's enterprises: anybody outside who has a price, then the suppliers by name."""
    months = len(frozen["months"])
    outside = [
        {"code": f"outside:{c['code']}", "name": "", "commodity": c["code"], "place": None}
        | {"price_idr": c["outside_price_idr"], "by_month": [None] * months}
        for c in frozen["commodities"]
        if c["outside_price_idr"] is not None
    ]
    return outside + list(frozen["suppliers"])


def outlets_of(frozen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who buys: offtakers, then the steps of local markets."""
    return [*frozen["demands"], *({**market, "buyer": MARKETS, "firmness": "market"} for market in frozen["markets"])]


def kinds_of(frozen: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of what enterprises stand on: each resource is one of its own, then the skills."""
    return (*_codes(frozen["resources"]), *(f"skill:{kind}" for kind in _skills(frozen)))


def sites_of(activities: Rows, places: Sequence[str]) -> list[tuple[int, int, float]]:
    """Where which activity may be started: index of both, and how many fit."""
    found = []
    for a, activity in enumerate(activities):
        suitable = activity["places"]
        for p, place in enumerate(places):
            if suitable is None or place in suitable:
                found.append((a, p, math.inf if suitable is None else float(suitable[place])))
    return found


def _skills(frozen: Mapping[str, Any]) -> list[str]:
    return sorted({row["kind"] for row in frozen["skills"]})


def _is_yearly(frozen: Mapping[str, Any]) -> Any:
    return np.array([True] * len(frozen["resources"]) + [False] * len(_skills(frozen)), dtype=bool)


def _people(places: Rows) -> Floats:
    """Inhabitants; where they are not known all places count alike."""
    people = [place["people"] for place in places]
    return np.array(people, dtype=np.float64) if all(people) else np.ones(len(places))


def _fields(fields: Rows) -> chain.Fields:
    return chain.Fields(codes=_codes(fields), least=_numbers(fields, "least"), most=_numbers(fields, "most"))


def _activities(frozen: Mapping[str, Any]) -> chain.Activities:
    activities, commodities, kinds = frozen["activities"], _codes(frozen["commodities"]), kinds_of(frozen)
    skills = [{f"skill:{kind}": people for kind, people in a["skills"].items()} for a in activities]
    fields = _codes(frozen["fields"])
    return chain.Activities(
        codes=_codes(activities),
        field=_indices((a["field"] for a in activities), fields),
        stage=_indices((a["stage"] for a in activities), chain.STAGES),
        capacity=np.array([a["season"] for a in activities], dtype=np.float64),
        running_cost_idr=_numbers(activities, "cost_idr"),
        run_least=np.full(len(activities), frozen["wishes"]["run_least_percent"] / 100),
        labour_days=_numbers(activities, "labour_days"),
        capital_idr=_numbers(activities, "capital_idr"),
        least=_numbers(activities, "least"),
        most=_numbers(activities, "most"),
        output=_table([a["outputs"] for a in activities], commodities),
        input=_table([a["inputs"] for a in activities], commodities),
        needs_running=_table([a["resources"] for a in activities], kinds),
        needs_standing=_table(skills, kinds),
    )


def _sites(activities: Rows, places: Sequence[str]) -> chain.Sites:
    found = sites_of(activities, places)
    return chain.Sites(
        activity=np.array([a for a, _p, _most in found], dtype=np.int64),
        place=np.array([p for _a, p, _most in found], dtype=np.int64),
        most=np.array([most for _a, _p, most in found], dtype=np.float64),
    )


def _existing(existing: Rows, activities: Rows, places: Sequence[str]) -> chain.Existing:
    return chain.Existing(
        codes=_codes(existing),
        activity=_indices((row["activity"] for row in existing), _codes(activities)),
        place=_indices((row["place"] for row in existing), places),
        number=_numbers(existing, "number"),
    )


def _commodities(frozen: Mapping[str, Any]) -> chain.Commodities:
    """A commodity with storages is kept only in them, for as long as the best of them keeps it."""
    commodities, storages = frozen["commodities"], frozen["storages"]
    codes = _codes(commodities)
    stored = sorted({row["commodity"] for row in storages})
    days = [math.inf if c["days_kept"] is None else float(c["days_kept"]) for c in commodities]
    for row in storages:
        if row["keeps_days"] is not None:
            c = codes.index(row["commodity"])
            days[c] = max(days[c], row["keeps_days"])
    return chain.Commodities(
        codes=codes,
        days_kept=np.array(days, dtype=np.float64),
        transport_idr=_numbers(commodities, "transport_idr_per_km"),
        storage=np.array([stored.index(code) if code in stored else -1 for code in codes], dtype=np.int64),
        price_idr=_prices(frozen, codes),
    )


def _prices(frozen: Mapping[str, Any], codes: Sequence[str]) -> Floats:
    """What has no price passes at its shadow price; where incomes of districts are wanted, it passes for nothing."""
    prices = np.array([_price(frozen, code) for code in codes])
    return np.nan_to_num(prices) if rules.Aim.POOREST_PLACE in frozen["wishes"]["aims"] else prices


def _price(frozen: Mapping[str, Any], commodity: str) -> float:
    """At which enterprises pass it on: the mean of what buyers pay, or else what the cheapest asks; nan without any."""
    paid = [row for row in outlets_of(frozen) if row["commodity"] == commodity and sum(row["by_month"])]
    if paid:
        wanted = [sum(row["by_month"]) for row in paid]
        return float(np.average([row["price_idr"] for row in paid], weights=wanted))
    return float(
        min((row["price_idr"] for row in sellers_of(frozen) if row["commodity"] == commodity), default=math.nan)
    )


def rooms_of(storages: Rows) -> list[dict[str, Any]]:
    """Storages of one commodity in one district, together."""
    rooms: dict[tuple[str, str], dict[str, Any]] = {}
    for row in storages:
        room = rooms.setdefault((row["commodity"], row["place"]), {**row, "capacity": 0.0})
        room["capacity"] += row["capacity"]
    return list(rooms.values())


def _storages(storages: Rows, commodities: Sequence[str], places: Sequence[str]) -> chain.Storages:
    rooms = rooms_of(storages)
    stored = sorted({row["commodity"] for row in storages})
    return chain.Storages(
        codes=_codes(rooms),
        kind=_indices((row["commodity"] for row in rooms), stored),
        place=_indices((row["place"] for row in rooms), places),
        capacity=_numbers(rooms, "capacity"),
    )


def _routes(places: Rows) -> chain.Routes:
    """Every way between two districts, as long as the line between their centres; 0 where one is not known."""
    latitude, longitude = (_numbers(places, axis) for axis in ("latitude", "longitude"))
    is_known = np.isfinite(latitude) & np.isfinite(longitude)
    km = distance_km(*(np.where(is_known, axis, 0.0) for axis in (latitude, longitude) * 2))
    return chain.routes(np.where(is_known & is_known[:, None], np.round(km, 2), 0.0))


def _pools(frozen: Mapping[str, Any], places: Sequence[str]) -> chain.Pools:
    """A resource can be used from every district, as the recipe names it; people work in the district they live in."""
    months, kinds = len(frozen["months"]), kinds_of(frozen)
    rows = [*frozen["resources"], *frozen["skills"]]
    kind = [*_codes(frozen["resources"]), *(f"skill:{row['kind']}" for row in frozen["skills"])]
    available = _numbers(rows, "available") + _numbers(rows, "existing")
    share = np.array([1 / months] * len(frozen["resources"]) + [1.0] * len(frozen["skills"]))
    lives = [None] * len(frozen["resources"]) + [row["place"] for row in frozen["skills"]]
    return chain.Pools(
        codes=tuple(row["code"] for row in rows),
        kind=_indices(kind, kinds),
        available=np.repeat((available * share)[:, None], months, axis=1),
        reach=np.array([at in (None, place) for at in lives for place in places], dtype=bool).reshape(-1, len(places)),
    )


def _suppliers(sellers: Rows, commodities: Sequence[str], places: Sequence[str]) -> chain.Suppliers:
    return chain.Suppliers(
        codes=_codes(sellers),
        commodity=_indices((row["commodity"] for row in sellers), commodities),
        place=_places(sellers, places),
        price_idr=_each_month(sellers, "price_idr"),
        quantity=_by_month(sellers),
    )


def _outlets(outlets: Rows, commodities: Sequence[str], places: Sequence[str]) -> chain.Outlets:
    return chain.Outlets(
        codes=_codes(outlets),
        commodity=_indices((row["commodity"] for row in outlets), commodities),
        place=_places(outlets, places),
        firmness=_indices((row["firmness"] for row in outlets), chain.FIRMNESS),
        price_idr=_each_month(outlets, "price_idr"),
        quantity=_by_month(outlets),
    )


def _codes(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(row["code"] for row in rows)


def _indices(codes: Iterable[str], among: Sequence[str]) -> Ints:
    at = {code: index for index, code in enumerate(among)}
    return np.array([at[code] for code in codes], dtype=np.int64)


def _places(rows: Rows, places: Sequence[str]) -> Ints:
    return np.array([OUTSIDE if r["place"] is None else places.index(r["place"]) for r in rows], dtype=np.int64)


def _numbers(rows: Rows, name: str) -> Floats:
    """One column of the input; a limit that is not known is none."""
    return np.array([math.inf if row[name] is None else row[name] for row in rows], dtype=np.float64)


def _by_month(rows: Rows) -> Floats:
    """Quantities by month; where none is known it is no limit."""
    table = [[math.inf if quantity is None else quantity for quantity in row["by_month"]] for row in rows]
    return np.array(table, dtype=np.float64)


def _each_month(rows: Rows, name: str) -> Floats:
    return np.array([[row[name]] * len(row["by_month"]) for row in rows], dtype=np.float64)


def _table(rows: Sequence[Mapping[str, float]], columns: Sequence[str]) -> chain.Entries:
    found = [[row.get(column, 0.0) for column in columns] for row in rows]
    return chain.entries(np.array(found, dtype=np.float64).reshape(len(rows), len(columns)))
