"""Demands, contracts and orders against what was delivered and signed, and what is still to come."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext

from kawasan.core.language import in_language, month_name
from kawasan.core.text import Text
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.rules import last_full_month
from kawasan.market import rules
from kawasan.market.models import Contract, Delivery, Order, OrderQuerySet, Outlook, Part
from kawasan.market.rules import Balance, PartAnswer, Signed, StepKind
from kawasan.market.rules import orders as order_rules
from kawasan.market.rules.orders import OrderState, Proposal, Standing, Supplier
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Commodity, Demand
from kawasan.value_chain.rules import Firmness

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

COUNTED = Coalesce("accepted_quantity", "quantity")  # in a forecast, what is not yet judged counts as brought
SIGNED = F("accepted_quantity")  # what both sides signed


class Served(TypedDict):
    """What ``balances`` adds to a demand, in the unit of its commodity."""

    contracted: float
    delivered: float


def balances(programme: Programme, today: datetime.date) -> "QuerySet[WithAnnotations[Demand, Served]]":
    """Each demand with what contracts promise today and what came in the last full month, the best served first."""
    contracts = Contract.objects.filter(demand=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    deliveries = Delivery.objects.standing().filter(
        contract__demand=OuterRef("pk"), delivered_on__range=last_full_month(today)
    )
    return (
        programme.demands.select_related("offtaker", "commodity")
        .annotate(
            contracted=Coalesce(_sum(contracts, "demand", F("quantity_per_month")), 0.0),
            delivered=Coalesce(_sum(deliveries, "contract__demand", SIGNED), 0.0),
            served=F("contracted") / NullIf(F("quantity_per_month"), 0.0),
            worth=F("quantity_per_month") * F("price_idr"),
        )
        .order_by(F("served").desc(nulls_last=True), "-worth", "pk")
    )


def _sum(rows: QuerySet, by: str, what: object) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(sum=Sum(what)).values("sum"), output_field=FloatField())


def balance_of(demand: "WithAnnotations[Demand, Served]") -> Balance:
    """The figures of a demand that ``balances`` found."""
    return Balance(demand.quantity_per_month, demand.contracted, demand.delivered)


def warnings_of(contract: Contract) -> list[Text]:
    """What to ask the offtaker: the other contracts of the same days may leave less than this one promises."""
    demand = contract.demand
    others = demand.contracts.exclude(pk=contract.pk).filter(
        starts_on__lte=contract.ends_on, ends_on__gte=contract.starts_on
    )
    contracted = others.aggregate(sum=Sum("quantity_per_month"))["sum"] or 0
    return rules.contract_warnings(
        quantity=contract.quantity_per_month,
        open_quantity=Balance(demand.quantity_per_month, contracted, 0).open,
        unit=demand.commodity.unit,
    )


def counts(programme: Programme, today: datetime.date, offtaker: int | None = None) -> dict[str, int]:
    """How many demands, contracts and overdue payments there are, and demands that contracts do not cover."""
    demands, contracts = balances(programme, today).order_by(), programme.contracts.all()
    deliveries = programme.deliveries.overdue_on(today)
    if offtaker is not None:
        demands = demands.filter(offtaker=offtaker)
        contracts, deliveries = contracts.filter(demand__offtaker=offtaker), deliveries.to_offtaker(offtaker)
    return demands.aggregate(
        demands=Count("pk"), open_demands=Count("pk", filter=Q(contracted__lt=F("quantity_per_month")))
    ) | {
        "contracts": contracts.filter(starts_on__lte=today, ends_on__gte=today).count(),
        "overdue": deliveries.count(),
    }


def contracts_of(programme: Programme, today: datetime.date) -> QuerySet[Contract]:
    """The contracts with how much came under them and how many payments are overdue."""
    deliveries = Delivery.objects.standing().filter(contract=OuterRef("pk"))
    overdue = deliveries.overdue_on(today).order_by().values("contract").annotate(count=Count("pk")).values("count")
    return programme.contracts.select_related("demand__offtaker", "demand__commodity", "enterprise").annotate(
        delivered=Coalesce(_sum(deliveries, "contract", SIGNED), 0.0), overdue=Coalesce(Subquery(overdue), 0)
    )


def chosen(contracts: QuerySet[Contract], *, search: str, state: str, today: datetime.date) -> QuerySet[Contract]:
    """The contracts that a list was asked for."""
    if search:
        contracts = contracts.filter(
            Q(code__iexact=search)
            | Q(enterprise__name__icontains=search)
            | Q(demand__offtaker__name__icontains=search)
            | Q(demand__commodity__name__icontains=search)
        )
    if state == "running":
        contracts = contracts.filter(starts_on__lte=today, ends_on__gte=today)
    if state == "overdue":
        contracts = contracts.filter(pk__in=Delivery.objects.overdue_on(today).values("contract"))
    return contracts


def newest_outlook(programme: Programme) -> Outlook | None:
    """The newest one, without the input that it was computed from."""
    return programme.outlooks.defer("input").first()


def is_of_month(outlook: Outlook, day: datetime.date) -> bool:
    """Whether its first month is that of a day."""
    return (outlook.dated.year, outlook.dated.month) == (day.year, day.month)


def firm_shortfalls(outlook: Outlook) -> list[tuple[str, int, int]]:
    """Each month in which contracts or letters fall short: its name, how many do, and the rupiah of it."""
    firm = [row for row in outlook.result["short"] if rules.is_firm(row["firmness"])]
    months = [
        (month_in_words(month), sum(row["missing"][m] > 0 for row in firm), sum(row["worth_idr"][m] for row in firm))
        for m, month in enumerate(outlook.result["months"])
    ]
    return [month for month in months if month[1]]


def month_in_words(month: str) -> str:
    """2023-02 is Februari 2023 or February 2023."""
    year, number = month.split("-")
    return f"{month_name(int(number))} {year}"


def shortfalls(outlook: Outlook) -> list[dict[str, Any]]:
    """What falls short, in the reader's language."""
    return [
        {
            **row,
            "commodity": _name(row["commodity"]),
            "firmness": Firmness(row["firmness"]).label,
            "is_firm": rules.is_firm(row["firmness"]),
            "by_month": [
                {"month": month_in_words(month), "missing": missing, "worth_idr": worth}
                for month, missing, worth in zip(
                    outlook.result["months"], row["missing"], row["worth_idr"], strict=True
                )
            ],
            "why": [_why(cause) for cause in row["why"]],
        }
        for row in outlook.result["short"]
    ]


def _why(cause: Mapping[str, Any]) -> Text:
    names = {name: _name(value) if isinstance(value, dict) else value for name, value in cause.items()}
    return rules.why_short(names.pop("kind"), names)


def matches(outlook: Outlook) -> list[dict[str, Any]]:
    """Who could supply whom in the first month, in the reader's language; no seller is anybody outside the area."""
    return [
        {
            **row,
            "commodity": _name(row["commodity"]),
            "seller": row["seller"] and _name(row["seller"]),
            "sellers": row["from"],
            "buyer": {**row["buyer"], "name": _name(row["buyer"])},
        }
        for row in outlook.result["matches"]
    ]


def _name(row: Mapping[str, str]) -> str:
    return in_language(row["name"], row["name_en"])


def standing(order: Any) -> Standing:
    """The figures of an order that ``with_sums`` found."""
    return Standing(
        wanted=order.quantity,
        accepted=order.accepted,
        proposed=order.proposed,
        on_the_way=order.on_the_way,
        signed=order.signed,
        due_on=order.due_on,
        is_cancelled=order.cancelled_on is not None,
    )


def standing_of(order: Order) -> Standing:
    """The figures of one order, as they are now."""
    return standing(Order.objects.with_sums().get(pk=order.pk))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as a list shows it."""

    order: Order
    standing: Standing
    state: OrderState
    said: list[Text]


def order_row(order: Any, day: datetime.date) -> OrderRow:
    """An order that ``with_sums`` found, with its state and what is to be said of it."""
    found = standing(order)
    said = order_rules.said_of(found, order.commodity.unit, day)
    return OrderRow(order, found, order_rules.state_of(found, day), said)


def chosen_orders(orders: OrderQuerySet, *, search: str, state: str, today: datetime.date) -> QuerySet[Any]:
    """The orders that a list was asked for, those that are still awaited first, the earliest day first."""
    rows: Any = orders.in_full().with_sums()
    if search:
        rows = rows.filter(
            Q(code__iexact=search) | Q(offtaker__name__icontains=search) | Q(commodity__name__icontains=search)
        )
    if state == "open":
        rows = rows.open()
    if state == "late":
        rows = rows.late_on(today)
    if state == "short":
        rows = rows.short_on(today)
    return rows.order_by("-due_on", "-pk") if state == "" else rows.order_by("due_on", "pk")


def proposals_of(order: Order, suppliers: Iterable[Supplier]) -> list[Proposal]:
    """Who could bring what nobody was asked for yet."""
    return order_rules.who_brings(standing_of(order).to_propose, suppliers, order.commodity.unit)


def signed_of(delivery: Delivery) -> Signed:
    """What the two sides said of a delivery so far."""
    last = delivery.steps.order_by("-pk").values_list("kind", flat=True).first()
    return Signed(
        quantity=delivery.quantity,
        accepted_quantity=delivery.accepted_quantity,
        is_paid=delivery.paid_on is not None,
        is_replaced=Delivery.objects.filter(replaces=delivery).exists(),
        last_step=last or "",
    )


def to_confirm(deliveries: QuerySet[Any]) -> QuerySet[Any]:
    """What the offtaker has to confirm or to dispute."""
    waiting = deliveries.standing().in_full().filter(accepted_quantity=None)  # type: ignore[attr-defined]
    return waiting.order_by("delivered_on", "pk")


def to_pay(deliveries: QuerySet[Any]) -> QuerySet[Any]:
    """What the offtaker confirmed and has to pay, or of which the enterprise has not confirmed the money yet."""
    owed = deliveries.standing().in_full().filter(accepted_quantity__gt=0, paid_on=None)  # type: ignore[attr-defined]
    return owed.order_by("delivered_on", "pk")


def money_to_confirm(deliveries: QuerySet[Any]) -> QuerySet[Any]:
    """What the offtaker says it paid, until the enterprise says whether it has the money."""
    return to_pay(deliveries).filter(last_step=StepKind.PAID)


def paid_commodities(programme: Programme) -> QuerySet[Commodity]:
    """The commodities of signed deliveries, with the lowest, the highest and the newest price a unit."""
    signed = Delivery.objects.standing().filter(
        Q(contract__demand__commodity=OuterRef("pk")) | Q(contract=None, order__commodity=OuterRef("pk")),
        accepted_quantity__gt=0,
    )
    newest = signed.order_by("-delivered_on", "-pk")

    def of_all(what: Any) -> Subquery:
        one = signed.order_by().annotate(all=Value(1)).values("all").annotate(found=what).values("found")
        return Subquery(one)

    return (
        programme.commodities.annotate(
            deliveries=of_all(Count("pk")),
            lowest_idr=of_all(Min("price_idr")),
            highest_idr=of_all(Max("price_idr")),
            newest_idr=Subquery(newest.values("price_idr")[:1]),
            newest_on=Subquery(newest.values("delivered_on")[:1]),
        )
        .filter(deliveries__gt=0)
        .order_by("name", "pk")
    )


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price of a commodity on a day, and where it is known from."""

    day: datetime.date
    price_idr: int
    is_signed: bool
    label: str
    quantity: float | None
    delivery: str


def price_points(commodity: Commodity) -> list[PricePoint]:
    """The prices of a commodity, the oldest first: what both sides signed, and what somebody stated."""
    signed = Delivery.objects.standing().filter(
        Q(contract__demand__commodity=commodity) | Q(contract=None, order__commodity=commodity),
        accepted_quantity__gt=0,
    )
    paid = [
        PricePoint(one.delivered_on, one.price_idr, True, gettext("signed delivery"), one.accepted_quantity, one.code)
        for one in signed
    ]
    stated = [
        PricePoint(one.as_of, one.price_idr, False, str(one.get_kind_display()), None, "")
        for one in commodity.prices.all()
    ]
    return sorted([*paid, *stated], key=lambda one: (one.day, one.is_signed, one.delivery))


def with_waiting(enterprises: QuerySet[Enterprise]) -> QuerySet[Any]:
    """Enterprises with how many parts their owner has to answer, and how many payments to confirm."""
    asked = Part.objects.filter(enterprise=OuterRef("pk"), answer=PartAnswer.PROPOSED)
    stated = Delivery.objects.standing().with_last_step().filter(paid_on=None, last_step=StepKind.PAID)
    own = stated.filter(Q(enterprise=OuterRef("pk")) | Q(enterprise=None, contract__enterprise=OuterRef("pk")))
    return enterprises.annotate(parts_asked=_number(asked), payments_stated=_number(own))


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
