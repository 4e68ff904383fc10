"""The rows of a value chain as the exact input of a plan: twelve months, the districts of the area, all by code."""

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kawasan.areas.models import Place, Resource
from kawasan.areas.rules import Capital
from kawasan.core.text import Text
from kawasan.programmes.models import Programme
from kawasan.value_chain import queries, rules
from kawasan.value_chain.models import Activity, Commodity, Demand, LocalMarket, Storage
from kawasan.value_chain.rules import Direction

MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a planner wants of a plan.

    aims                 most important first, each one of ``rules.Aim``
    give_up_percent      per cent of what an aim reaches that the next ones may give up
    run_least_percent    per cent of its full year that an enterprise must be able to work
    budget_idr           rupiah for the capital of all that start; no limit when None
    """

    aims: tuple[str, ...] = (rules.Aim.INCOME.value,)
    give_up_percent: int = 0
    run_least_percent: int = 100
    budget_idr: int | None = None


def plan_input(programme: Programme, today: datetime.date, wishes: Wishes = Wishes()) -> dict[str, Any]:
    """Everything a plan depends on, and what was left out of it. Quantities are those of a year unless said."""
    names = queries.obtainable(programme)
    found = queries.with_recipe(programme).prefetch_related("seasons", "places__place", "skills__kind")
    activities, idle = _parted(found, lambda a: queries.reasons_against_activity(a, names))
    made = {flow.commodity_id for a in activities for flow in a.flows.all() if flow.direction == Direction.OUTPUT}
    demands, unserved = _parted(
        programme.demands.select_related("offtaker", "commodity", "place"),
        lambda d: queries.reasons_against_demand(d, made, today),
    )
    months, area = _months(today), Area(programme)
    existing = _existing(programme, area, {activity.code for activity in activities})
    return {
        "programme": programme.code,
        "day": today.isoformat(),
        "months": [f"{year}-{month:02}" for year, month in months],
        "seats": programme.seats,
        "wishes": {**asdict(wishes), "aims": list(wishes.aims)},
        "places": area.parts,
        "fields": [{**named(f), "least": f.least_seats, "most": f.most_seats} for f in programme.fields.all()],
        "commodities": [_commodity(commodity) for commodity in programme.commodities.all()],
        "activities": [_activity(activity, months, area) for activity in activities],
        "existing": existing,
        "resources": _resources(activities, existing),
        "skills": _skills(programme, activities, existing, area),
        "suppliers": _suppliers(programme, months, area),
        "storages": _storages(programme, area),
        "demands": [_demand(demand, months, area) for demand in demands],
        "markets": [_market(market, area) for market in _markets(programme, made)],
        "left_out": [_left_out(row) for row in [*idle, *unserved]],
    }


def hash_of(frozen: dict[str, Any]) -> str:
    """SHA-256 of a plan's input, independent of the order of its keys."""
    written = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


class Area:
    """The districts of the area, and in which of them a place lies: codes of places begin with that of the whole."""

    def __init__(self, programme: Programme) -> None:
        places = list(programme.places.all())
        self._codes = {place.pk: place.code for place in places}
        area = [place for place in places if place.code == programme.area_code]
        parts = [p for p in places if p.level == "district" and p.code.startswith(f"{programme.area_code}.")]
        nowhere = Place(code=programme.area_code, name="")  # before any place is entered everything is in one
        self.parts = [_place(place) for place in parts or area or [nowhere]]

    def part_of(self, pk: int | None) -> str | None:
        """The district of a place; none for the whole area, and for what lies outside it."""
        code = self._codes.get(pk, "") if pk else ""
        parts = (part["code"] for part in self.parts)
        return next((part for part in parts if code == part or code.startswith(f"{part}.")), None)


def _place(place: Place) -> dict[str, Any]:
    kept = ("code", "name", "latitude", "longitude")
    return {**{name: getattr(place, name) for name in kept}, "people": place.population}


def _months(today: datetime.date) -> list[tuple[int, int]]:
    """The twelve months from that of a day on, as year and month."""
    first = today.year * 12 + today.month - 1
    return [((first + ahead) // 12, (first + ahead) % 12 + 1) for ahead in range(MONTHS_AHEAD)]


def _parted(rows: Iterable[Any], reasons: Callable[[Any], list[Text]]) -> tuple[list[Any], list[Any]]:
    """Those against which nothing speaks, and the others."""
    usable: list[Any] = []
    others: list[Any] = []
    for row in rows:
        (others if reasons(row) else usable).append(row)
    return usable, others


def named(row: Any) -> dict[str, str]:
    return {"code": row.code, "name": row.name, "name_en": row.name_en}


def _commodity(commodity: Commodity) -> dict[str, Any]:
    return {
        **named(commodity),
        "unit": commodity.unit,
        "outside_price_idr": commodity.outside_price_idr,
        "days_kept": commodity.perishable_days,
        "transport_idr_per_km": commodity.transport_idr_per_km or 0,
    }


def _activity(activity: Activity, months: Sequence[tuple[int, int]], area: Area) -> dict[str, Any]:
    cycles = activity.cycles_per_year
    per_year: dict[str, dict[str, float]] = {Direction.INPUT: {}, Direction.OUTPUT: {}}
    for flow in activity.flows.all():
        per_year[flow.direction][flow.commodity.code] = flow.net_quantity * cycles
    return {
        **named(activity),
        "field": activity.field.code,
        "stage": activity.stage,
        "cost_idr": activity.running_cost_idr * cycles,
        "labour_days": activity.labour_days * cycles,
        "capital_idr": activity.capital_idr,
        "least": activity.least_enterprises,
        "most": activity.most_enterprises,
        "season": _season(activity, months),
        "places": _suitable(activity, area),
        "inputs": per_year[Direction.INPUT],
        "outputs": per_year[Direction.OUTPUT],
        "resources": {
            use.resource.code: use.quantity
            for use in activity.resource_uses.all()
            if use.resource.yearly_yield is not None
        },
        "skills": {need.kind.code: need.people for need in activity.skills.all()},
    }


def _season(activity: Activity, months: Sequence[tuple[int, int]]) -> list[float]:
    """The share of a year's cycles that falls into each month; together 1."""
    seasons = activity.seasons.all()
    shares = seasons[0].shares if seasons else (1.0,) * MONTHS_AHEAD
    return [shares[month - 1] / sum(shares) for _year, month in months]


def _suitable(activity: Activity, area: Area) -> dict[str, int] | None:
    """How many fit into each district that suits the activity; none when all suit it."""
    rows = list(activity.places.all())
    parts = [(area.part_of(row.place_id), row.most_enterprises) for row in rows]
    if not rows or any(part is None for part, _most in parts):
        return None
    found: Counter[str] = Counter()
    for part, most in parts:
        found[str(part)] += most
    return dict(sorted(found.items()))


def _existing(programme: Programme, area: Area, activities: set[str]) -> list[dict[str, Any]]:
    """Enterprises that work already; where a district is not known, they are not part of the plan."""
    rows = programme.existing_enterprises.select_related("activity")
    return [
        {
            "code": row.code,
            "name": row.name,
            "activity": row.activity.code,
            "place": area.part_of(row.place_id),
            "number": row.count,
        }
        for row in rows
        if row.activity.code in activities and area.part_of(row.place_id)
    ]


def _taken(existing: Iterable[dict[str, Any]], needs: dict[str, dict[str, float]]) -> Counter[str]:
    """What those who work already take, by code."""
    taken: Counter[str] = Counter()
    for row in existing:
        for code, quantity in needs[row["activity"]].items():
            taken[code] += row["number"] * quantity
    return taken


def _resources(activities: Sequence[Activity], existing: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is left of each resource that activities take; one without a known yield is no limit.

    What existing enterprises take stands in the use of the resource already; the plan takes it for them once more, so
    it is left to them.
    """
    needs = {a.code: {use.resource.code: use.quantity for use in a.resource_uses.all()} for a in activities}
    used: dict[str, Resource] = {use.resource.code: use.resource for a in activities for use in a.resource_uses.all()}
    taken = _taken(existing, needs)
    return [
        {
            **named(resource),
            "unit": resource.unit,
            "yield": resource.yearly_yield,
            "used": resource.yearly_use or 0,
            "available": max(resource.yearly_yield - (resource.yearly_use or 0), 0),
            "existing": taken[code],
        }
        for code, resource in sorted(used.items())
        if resource.yearly_yield is not None
    ]


def _skills(
    programme: Programme, activities: Sequence[Activity], existing: list[dict[str, Any]], area: Area
) -> list[dict[str, Any]]:
    """People of each skill that activities need, by the district they live in; a skill without any is no limit.

    The people of existing enterprises are no longer free, so they are added for them once more.
    """
    needs = {a.code: {need.kind.code: need.people for need in a.skills.all()} for a in activities}
    kinds = sorted({kind for people in needs.values() for kind in people})
    people = programme.resources.filter(kind__capital=Capital.HUMAN, kind__code__in=kinds).select_related("kind")
    rows = [
        {
            **named(resource),
            "kind": resource.kind.code,
            "place": area.part_of(resource.place_id),
            "available": max((resource.quantity or 0) - (resource.used or 0), 0),
            "existing": 0.0,
        }
        for resource in people
    ]
    taken = _taken(existing, needs)
    for row in rows:
        row["existing"] = taken.pop(row["kind"], 0.0)
    return rows


def _suppliers(programme: Programme, months: Sequence[tuple[int, int]], area: Area) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "name": str(row.organisation or row.place or ""),
            "commodity": row.commodity.code,
            "place": area.part_of(row.place_id),
            "price_idr": row.price_idr,
            "by_month": [_in_month(row.quantity_per_month, month in row.months) for _year, month in months],
        }
        for row in programme.suppliers.select_related("organisation", "place", "commodity")
    ]


def _in_month(quantity: float | None, is_open: bool) -> float | None:
    """A month's quantity; nothing said is as much as anybody wants."""
    return quantity if is_open else 0.0


def _storages(programme: Programme, area: Area) -> list[dict[str, Any]]:
    rows: Iterable[Storage] = programme.storages.select_related("commodity", "place")
    return [
        {
            "code": row.code,
            "name": row.name,
            "commodity": row.commodity.code,
            "place": area.part_of(row.place_id),
            "capacity": row.capacity,
            "keeps_days": row.keeps_days,
        }
        for row in rows
        if area.part_of(row.place_id)
    ]


def _demand(demand: Demand, months: Sequence[tuple[int, int]], area: Area) -> dict[str, Any]:
    by_month = [demand.quantity_per_month * _is_taken(demand, datetime.date(year, month, 1)) for year, month in months]
    return {
        "code": demand.code,
        "buyer": demand.offtaker.code,
        "buyer_name": demand.offtaker.name,
        "commodity": demand.commodity.code,
        "place": area.part_of(demand.place_id),
        "quantity": sum(by_month),
        "by_month": by_month,
        "price_idr": demand.price_idr,
        "firmness": demand.firmness,
    }


def _is_taken(demand: Demand, month: datetime.date) -> bool:
    """Whether a buyer takes anything in a month: one that it named, and in which some day is valid."""
    last = (month + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return month.month in demand.months and demand.valid_from <= last and demand.valid_to >= month


def _markets(programme: Programme, made: set[int]) -> Iterable[LocalMarket]:
    """The steps of local markets for what the area makes."""
    return programme.local_markets.filter(commodity__in=made).select_related("commodity", "place")


def _market(market: LocalMarket, area: Area) -> dict[str, Any]:
    return {
        "code": f"{market.commodity.code}@{market.place.code}/{market.step}",
        "name": market.place.name,
        "commodity": market.commodity.code,
        "place": area.part_of(market.place_id),
        "price_idr": market.price_idr,
        "by_month": [market.quantity_per_month] * MONTHS_AHEAD,
    }


def _left_out(row: Activity | Demand) -> dict[str, str]:
    if isinstance(row, Activity):
        return {"kind": "activity", **named(row)}
    return {
        "kind": "demand",
        "code": row.code,
        "name": f"{row.offtaker.name} – {row.commodity.name}",
        "name_en": f"{row.offtaker.name} – {row.commodity.name_en}",
    }
