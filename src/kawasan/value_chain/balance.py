"""A year of one enterprise at today's prices, line by line and in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules
from kawasan.value_chain.models import Activity, ActivityFlow
from kawasan.value_chain.rules import Direction, PriceKind


@dataclass(frozen=True, slots=True)
class Paid:
    """A price and who pays or asks it."""

    price_idr: float
    by: Text


Prices = Mapping[int, Paid]
"""Prices by the key of their commodity."""


@dataclass(frozen=True, slots=True)
class Line:
    """One good of a recipe over a year; without a known price it has no value."""

    flow: ActivityFlow
    per_year: float
    paid: Paid | None

    @property
    def price_idr(self) -> float | None:
        return None if self.paid is None else self.paid.price_idr

    @property
    def value_idr(self) -> float | None:
        return None if self.paid is None else self.per_year * self.paid.price_idr


@dataclass(frozen=True, slots=True)
class Balance:
    """What comes out and goes in over a year: sold to the best payer, bought where it is cheapest."""

    outputs: list[Line]
    inputs: list[Line]
    running_cost_idr: float
    labour_days: float
    capital_idr: float

    @property
    def is_complete(self) -> bool:
        return all(line.value_idr is not None for line in [*self.outputs, *self.inputs])

    @property
    def income_idr(self) -> float:
        return _sum(self.outputs) - _sum(self.inputs) - self.running_cost_idr

    @property
    def in_words(self) -> list[Text]:
        """What a year brings; nothing while a price is missing, for it would not be true."""
        products = [line for line in self.outputs if not line.flow.is_by_product]
        if not (self.is_complete and products):
            return []
        main = max(products, key=lambda line: line.value_idr or 0)
        return rules.margin_in_words(
            name=str(main.flow.commodity),
            unit=main.flow.commodity.unit,
            price_idr=main.price_idr or 0,
            per_year=main.per_year,
            earned_idr=_sum(self.outputs),
            spent_idr=_sum(self.inputs),
            running_cost_idr=self.running_cost_idr,
            labour_days=self.labour_days,
            capital_idr=self.capital_idr,
        )


def _sum(lines: Iterable[Line]) -> float:
    return sum(line.value_idr or 0 for line in lines)


def balance(activity: Activity) -> Balance:
    """The year of an activity whose recipe was fetched."""
    goods = [flow.commodity_id for flow in activity.flows.all()]
    paying, asking = _paying(activity.programme, goods), _asking(activity.programme, goods)
    lines: Mapping[str, list[Line]] = {Direction.INPUT: [], Direction.OUTPUT: []}
    for flow in activity.flows.all():
        first, second = (asking, paying) if flow.direction == Direction.INPUT else (paying, asking)
        paid = first.get(flow.commodity_id) or second.get(flow.commodity_id)
        lines[flow.direction].append(Line(flow, flow.net_quantity * activity.cycles_per_year, paid))
    return Balance(
        outputs=sorted(lines[Direction.OUTPUT], key=lambda line: line.flow.is_by_product),
        inputs=lines[Direction.INPUT],
        running_cost_idr=activity.running_cost_idr * activity.cycles_per_year,
        labour_days=activity.labour_days * activity.cycles_per_year,
        capital_idr=activity.capital_idr,
    )


def _paying(programme: Programme, goods: list[int]) -> Prices:
    """The best price that somebody pays: a buyer, the first step of a market, else producers' last price."""
    history = programme.prices.filter(commodity__in=goods, kind=PriceKind.PRODUCER).order_by("as_of", "pk")
    found = {
        p.commodity_id: Paid(p.middle_idr, Text(_("producers' price of {day}"), {"day": p.as_of})) for p in history
    }
    best: dict[int, Paid] = {}
    for market in programme.local_markets.filter(commodity__in=goods).select_related("place"):
        paid = Paid(market.price_idr, Text(_("market of {place}"), {"place": str(market.place)}))
        best[market.commodity_id] = max(paid, best.get(market.commodity_id, paid), key=lambda p: p.price_idr)
    for demand in programme.demands.filter(commodity__in=goods).select_related("offtaker"):
        paid = Paid(demand.price_idr, Text("{buyer}", {"buyer": str(demand.offtaker)}))
        best[demand.commodity_id] = max(paid, best.get(demand.commodity_id, paid), key=lambda p: p.price_idr)
    return found | best


def _asking(programme: Programme, goods: list[int]) -> Prices:
    """The lowest price at which it can be bought: outside the area or from a supplier."""
    outside = programme.commodities.filter(pk__in=goods, outside_price_idr__isnull=False)
    found = {c.pk: Paid(c.outside_price_idr or 0, Text(_("outside the area"))) for c in outside}
    for supplier in programme.suppliers.filter(commodity__in=goods).select_related("organisation", "place"):
        paid = Paid(supplier.price_idr, Text("{seller}", {"seller": supplier.who}))
        found[supplier.commodity_id] = min(found.get(supplier.commodity_id, paid), paid, key=lambda p: p.price_idr)
    return found
