"""The rows of a value chain as the exact input of a plan, and as pages show them."""

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from kawasan.core.text import Text
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules
from kawasan.value_chain.models import Activity, ActivityFlow, Commodity, Demand, Plan
from kawasan.value_chain.rules import Direction, PlanStatus


def plan_input(programme: Programme, today: datetime.date) -> dict[str, Any]:
    """Everything a plan depends on, per year, and what was left out of it."""
    names = obtainable(programme)
    activities, idle = _parted(with_recipe(programme), lambda a: reasons_against_activity(a, names))
    made = {flow.commodity_id for a in activities for flow in a.flows.all() if flow.direction == Direction.OUTPUT}
    demands, unserved = _parted(
        programme.demands.select_related("offtaker", "commodity"), lambda d: reasons_against_demand(d, made, today)
    )
    return {
        "programme": programme.code,
        "day": today.isoformat(),
        "seats": programme.seats,
        "fields": [
            {**_named(field), "least": field.least_seats, "most": field.most_seats} for field in programme.fields.all()
        ],
        "commodities": [
            {**_named(c), "unit": c.unit, "outside_price_idr": c.outside_price_idr} for c in programme.commodities.all()
        ],
        "activities": [_activity(activity) for activity in activities],
        "resources": _resources(activities),
        "demands": [_demand(demand) for demand in demands],
        "left_out": [_left_out(row) for row in [*idle, *unserved]],
    }


def hash_of(frozen: dict[str, Any]) -> str:
    """SHA-256 of a plan's input, independent of the order of its keys."""
    written = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _parted(rows: Iterable[Any], reasons: Callable[[Any], list[Text]]) -> tuple[list[Any], list[Any]]:
    """Those against which nothing speaks, and the others."""
    usable: list[Any] = []
    others: list[Any] = []
    for row in rows:
        (others if reasons(row) else usable).append(row)
    return usable, others


def with_recipe(programme: Programme) -> QuerySet[Activity]:
    return programme.activities.select_related("field").prefetch_related("flows__commodity", "resource_uses__resource")


def obtainable(programme: Programme) -> set[str]:
    """The names of what some activity makes or what can be bought outside."""
    found = programme.commodities.filter(Q(outside_price_idr__isnull=False) | Q(flows__direction=Direction.OUTPUT))
    return {str(commodity) for commodity in found}


def made_in_area(programme: Programme) -> set[int]:
    """The commodities that some activity makes, by primary key."""
    outputs = programme.activity_flows.filter(direction=Direction.OUTPUT)
    return set(outputs.order_by().values_list("commodity", flat=True))


def reasons_against_activity(activity: Activity, names: Collection[str]) -> list[Text]:
    return rules.reasons_activity_unusable(
        outputs=_goods(activity, Direction.OUTPUT),
        inputs=_goods(activity, Direction.INPUT),
        cycles_per_year=activity.cycles_per_year,
        obtainable=names,
    )


def reasons_against_demand(demand: Demand, made: Collection[int], today: datetime.date) -> list[Text]:
    return rules.reasons_demand_unusable(
        quantity_per_year=demand.quantity_per_year,
        price_idr=demand.price_idr,
        valid_from=demand.valid_from,
        valid_to=demand.valid_to,
        today=today,
        is_made=demand.commodity_id in made,
    )


def _goods(activity: Activity, direction: Direction) -> dict[str, float]:
    """What goes in or comes out of one cycle, by the commodity's name."""
    return {str(flow.commodity): flow.quantity for flow in activity.flows.all() if flow.direction == direction}


def _named(row: Any) -> dict[str, str]:
    return {"code": row.code, "name": row.name, "name_en": row.name_en}


def _activity(activity: Activity) -> dict[str, Any]:
    cycles = activity.cycles_per_year
    per_year: dict[str, dict[str, float]] = {Direction.INPUT: {}, Direction.OUTPUT: {}}
    for flow in activity.flows.all():
        per_year[flow.direction][flow.commodity.code] = flow.quantity * cycles
    return {
        **_named(activity),
        "field": activity.field.code,
        "stage": activity.stage,
        "cost_idr": activity.running_cost_idr * cycles,
        "labour_days": activity.labour_days * cycles,
        "capital_idr": activity.capital_idr,
        "most": activity.most_enterprises,
        "inputs": per_year[Direction.INPUT],
        "outputs": per_year[Direction.OUTPUT],
        "resources": {
            use.resource.code: use.quantity
            for use in activity.resource_uses.all()
            if use.resource.sustainable_yield is not None
        },
    }


def _resources(activities: Iterable[Activity]) -> list[dict[str, Any]]:
    """What is left of each resource that activities take; one without a known yield is no limit."""
    used = {use.resource.code: use.resource for a in activities for use in a.resource_uses.all()}
    return [
        {
            **_named(resource),
            "unit": resource.unit,
            "available": max(resource.yearly_yield - (resource.yearly_use or 0), 0),
        }
        for _code, resource in sorted(used.items())
        if resource.yearly_yield is not None
    ]


def _demand(demand: Demand) -> dict[str, Any]:
    return {
        "code": demand.code,
        "buyer": demand.offtaker.code,
        "buyer_name": demand.offtaker.name,
        "commodity": demand.commodity.code,
        "quantity": demand.quantity_per_year,
        "price_idr": demand.price_idr,
        "firmness": demand.firmness,
    }


def _left_out(row: Activity | Demand) -> dict[str, str]:
    if isinstance(row, Activity):
        return {"kind": "activity", **_named(row)}
    return {
        "kind": "demand",
        "code": row.code,
        "name": f"{row.offtaker.name} – {row.commodity.name}",
        "name_en": f"{row.offtaker.name} – {row.commodity.name_en}",
    }


def shown_plan(programme: Programme) -> Plan | None:
    """The adopted plan, or else the newest that has a result."""
    return programme.plans.filter(status=PlanStatus.SOLVED).order_by("-is_adopted", "-pk").first()


def activities(programme: Programme, *, words: str, field: str, stage: str) -> QuerySet[Activity]:
    found = with_recipe(programme)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(kbli_code__startswith=words))
    if field:
        found = found.filter(field__code=field)
    return found.filter(stage=stage) if stage else found


def commodities(programme: Programme, *, words: str) -> QuerySet[Commodity]:
    """Commodities with how many activities make and use them and how many buyers want them."""
    found = programme.commodities.annotate(
        makers=Count("flows", filter=Q(flows__direction=Direction.OUTPUT), distinct=True),
        users=Count("flows", filter=Q(flows__direction=Direction.INPUT), distinct=True),
        buyers=Count("demands__offtaker", distinct=True),
    ).order_by("code")
    return found.filter(Q(name__icontains=words) | Q(name_en__icontains=words)) if words else found


def demands(programme: Programme, *, words: str, firmness: str) -> QuerySet[Demand]:
    found = programme.demands.select_related("offtaker", "commodity", "place")
    if words:
        found = found.filter(
            Q(offtaker__name__icontains=words)
            | Q(commodity__name__icontains=words)
            | Q(commodity__name_en__icontains=words)
        )
    return found.filter(firmness=firmness) if firmness else found


@dataclass(frozen=True, slots=True)
class Line:
    """One good of a recipe over a year; without a known price it has no value."""

    flow: ActivityFlow
    per_year: float
    price_idr: int | None

    @property
    def value_idr(self) -> float | None:
        return None if self.price_idr is None else self.per_year * self.price_idr


@dataclass(frozen=True, slots=True)
class Balance:
    """A year of one enterprise at today's prices: sold to the best payer, inputs bought outside."""

    outputs: list[Line]
    inputs: list[Line]
    running_cost_idr: float
    labour_days: float

    @property
    def is_complete(self) -> bool:
        return all(line.value_idr is not None for line in [*self.outputs, *self.inputs])

    @property
    def income_idr(self) -> float:
        earned, spent = (sum(line.value_idr or 0 for line in lines) for lines in (self.outputs, self.inputs))
        return earned - spent - self.running_cost_idr


def balance(activity: Activity) -> Balance:
    best = dict(activity.programme.demands.order_by().values_list("commodity").annotate(Max("price_idr")))
    lines: Mapping[str, list[Line]] = {Direction.INPUT: [], Direction.OUTPUT: []}
    for flow in activity.flows.all():
        outside, paid = flow.commodity.outside_price_idr, best.get(flow.commodity_id)
        price = (outside or paid) if flow.direction == Direction.INPUT else (paid or outside)
        lines[flow.direction].append(Line(flow, flow.quantity * activity.cycles_per_year, price))
    return Balance(
        outputs=lines[Direction.OUTPUT],
        inputs=lines[Direction.INPUT],
        running_cost_idr=activity.running_cost_idr * activity.cycles_per_year,
        labour_days=activity.labour_days * activity.cycles_per_year,
    )
