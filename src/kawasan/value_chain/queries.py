"""The rows of a value chain as pages show them."""

import datetime
from collections.abc import Collection, Mapping
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
    KbliCode,
    LocalMarket,
    Plan,
    Price,
    Storage,
    Supplier,
)
from kawasan.value_chain.rules import Direction, PlanStatus


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


def shown_plan(programme: Programme, code: str = "") -> Plan | None:
    """The plan that is asked for, or else the adopted one, or else the newest; only one that has a result."""
    solved = programme.plans.filter(status=PlanStatus.SOLVED).order_by("-is_adopted", "-pk")
    return solved.filter(code=code).first() or solved.first() if code else solved.first()


def plans_to_compare(programme: Programme, codes: Collection[str]) -> list[Plan]:
    """Plans with a result, the oldest first: those that are named, or else the adopted one and the newest other."""
    solved = programme.plans.filter(status=PlanStatus.SOLVED)
    if not codes:
        codes = list(solved.order_by("-is_adopted", "-pk").values_list("code", flat=True)[:2])
    return list(solved.filter(code__in=codes).order_by("pk"))


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


def kbli_codes(programme: Programme, *, words: str, version: str) -> QuerySet[KbliCode]:
    """The codes of the catalogue in which every word stands, and their number if it begins so."""
    found = programme.kbli_codes.filter(version=version) if version else programme.kbli_codes.all()
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(name_en__icontains=word) | Q(code__startswith=word))
    return found


def kbli_users(row: KbliCode) -> list[str]:
    """What has a code: activities, commodities and enterprises keep its number with its version."""
    named = {"kbli_version": row.version, "kbli_code": row.code}
    tables = (row.programme.activities, row.programme.commodities, row.programme.enterprises)
    return [str(one) for table in tables for one in table.filter(**named)]


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
    if isinstance(row, KbliCode):
        return kbli_users(row)
    try:
        parts_of(row)
    except ProtectedError as error:
        return sorted(str(one) for one in error.protected_objects)
    return []
