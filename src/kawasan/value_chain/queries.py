"""The rows of a value chain as the exact input of a plan, and as pages show them."""

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Prefetch, ProtectedError, Q, QuerySet
from django.db.models.deletion import Collector

from kawasan.core.language import in_language
from kawasan.core.text import Text
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules
from kawasan.value_chain.models import (
    Activity,
    ActivityFlow,
    ActivityResource,
    Commodity,
    Demand,
    ExistingEnterprise,
    LocalMarket,
    Plan,
    Price,
    Storage,
    Supplier,
)
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


def with_goods(programme: Programme) -> QuerySet[Activity]:
    """Activities with their recipe, as the page of one of them shows it: in few questions to the database."""
    flows = ActivityFlow.objects.select_related("commodity")
    uses = ActivityResource.objects.select_related("resource")
    found = programme.activities.select_related("field", "programme")
    return found.prefetch_related(Prefetch("flows", flows), Prefetch("resource_uses", uses))


def obtainable(programme: Programme) -> set[str]:
    """The names of what some activity makes or what can be bought outside or from a supplier."""
    found = programme.commodities.filter(
        Q(outside_price_idr__isnull=False) | Q(flows__direction=Direction.OUTPUT) | Q(suppliers__isnull=False)
    )
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
        by_products=[str(flow.commodity) for flow in activity.flows.all() if flow.is_by_product],
        takes_resources=any(use.quantity > 0 for use in activity.resource_uses.all()),
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
    return {str(flow.commodity): flow.net_quantity for flow in activity.flows.all() if flow.direction == direction}


def _named(row: Any) -> dict[str, str]:
    return {"code": row.code, "name": row.name, "name_en": row.name_en}


def _activity(activity: Activity) -> dict[str, Any]:
    cycles = activity.cycles_per_year
    per_year: dict[str, dict[str, float]] = {Direction.INPUT: {}, Direction.OUTPUT: {}}
    for flow in activity.flows.all():
        per_year[flow.direction][flow.commodity.code] = flow.net_quantity * cycles
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


def sorted_by(found: QuerySet[Any], sort: str, orders: Mapping[str, str]) -> QuerySet[Any]:
    """Rows in the order that a page offers by its name, or in their own."""
    return found.order_by(orders[sort], "code") if sort in orders else found


def activities(programme: Programme, *, words: str, field: str, stage: str, sort: str) -> QuerySet[Activity]:
    found = sorted_by(with_recipe(programme), sort, {"capital": "capital_idr", "room": "-most_enterprises"})
    if words:
        found = found.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(kbli_code__startswith=words))
    if field:
        found = found.filter(field__code=field)
    return found.filter(stage=stage) if stage else found


def commodities(programme: Programme, *, words: str, sort: str) -> QuerySet[Commodity]:
    """Commodities with how many activities make and use them and how many buyers want them."""
    found = programme.commodities.annotate(
        makers=Count("flows", filter=Q(flows__direction=Direction.OUTPUT), distinct=True),
        users=Count("flows", filter=Q(flows__direction=Direction.INPUT), distinct=True),
        buyers=Count("demands__offtaker", distinct=True),
    ).order_by("code")
    found = sorted_by(
        found, sort, {"name": in_language("name", "name_en"), "buyers": "-buyers", "keeps": "perishable_days"}
    )
    return found.filter(Q(name__icontains=words) | Q(name_en__icontains=words)) if words else found


def demands(programme: Programme, *, words: str, firmness: str, sort: str) -> QuerySet[Demand]:
    found = programme.demands.select_related("offtaker", "commodity", "place")
    found = found.annotate(worth=models.F("quantity_per_month") * models.F("price_idr"))
    found = sorted_by(found, sort, {"worth": "-worth", "ends": "valid_to", "buyer": "offtaker__name"})
    if words:
        found = found.filter(
            Q(offtaker__name__icontains=words)
            | Q(commodity__name__icontains=words)
            | Q(commodity__name_en__icontains=words)
        )
    return found.filter(firmness=firmness) if firmness else found


def suppliers(programme: Programme, *, words: str, where: str) -> QuerySet[Supplier]:
    """Suppliers of a commodity or an organisation; ``where`` is ``inside`` or ``outside`` the area, or empty."""
    found = programme.suppliers.select_related("organisation", "commodity", "place")
    if words:
        found = found.filter(_names("commodity", words) | Q(organisation__name__icontains=words))
    return found.filter(place__isnull=where == "outside") if where in ("inside", "outside") else found


def existing_enterprises(programme: Programme, *, words: str, place: str) -> QuerySet[ExistingEnterprise]:
    found = programme.existing_enterprises.select_related("activity", "place")
    if words:
        found = found.filter(_names("activity", words) | Q(name__icontains=words))
    return found.filter(in_place(place)) if place else found


def local_markets(programme: Programme, *, words: str, place: str) -> QuerySet[LocalMarket]:
    found = programme.local_markets.select_related("commodity", "place")
    if words:
        found = found.filter(_names("commodity", words))
    return found.filter(in_place(place)) if place else found


def storages(programme: Programme, *, words: str, place: str) -> QuerySet[Storage]:
    found = programme.storages.select_related("commodity", "place")
    if words:
        found = found.filter(_names("commodity", words) | Q(name__icontains=words))
    return found.filter(in_place(place)) if place else found


def in_place(code: str) -> Q:
    """In a place or in its parts."""
    return Q(place__code=code) | Q(place__parent__code=code) | Q(place__parent__parent__code=code)


def _names(row: str, words: str) -> Q:
    return Q(**{f"{row}__name__icontains": words}) | Q(**{f"{row}__name_en__icontains": words})


def prices(commodity: Commodity) -> list[Price]:
    """The price history of a commodity, the newest first."""
    return list(commodity.prices.select_related("place").order_by("-as_of", "kind", "-pk"))


class Flow(NamedTuple):
    """What an activity takes or, after losses, yields in a cycle; everything by its code."""

    activity: str
    commodity: str
    direction: str
    quantity: float


def flows_and_draws(programme: Programme) -> tuple[list[Flow], set[str]]:
    """All recipes, and the activities that draw on a resource of the area."""
    rows = programme.activity_flows.select_related("activity", "commodity")
    flows = [Flow(row.activity.code, row.commodity.code, row.direction, row.net_quantity) for row in rows]
    uses = programme.activity_resources.filter(quantity__gt=0)
    return flows, set(uses.order_by().values_list("activity__code", flat=True))


def parts_of(row: models.Model) -> list[models.Model]:
    """The rows that go when a row goes, the row itself left out."""
    collector = Collector(using=str(row._state.db), origin=row)
    collector.collect([row])
    found = [one for rows in collector.data.values() for one in rows if one != row]
    return found + [one for rows in collector.fast_deletes for one in rows]


def users_of(row: models.Model) -> list[str]:
    """The names of the rows that need a row, so that it cannot go."""
    try:
        parts_of(row)
    except ProtectedError as error:
        return sorted(str(one) for one in error.protected_objects)
    return []
