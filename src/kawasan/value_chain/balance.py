"""A year of one enterprise at today's prices, line by line and in words."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, FloatField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules
from kawasan.value_chain.models import Activity, ActivityFlow
from kawasan.value_chain.rules import Direction, PriceKind

BUYER, MARKET, SUPPLIER, PRODUCER, MADE = "buyer", "market", "supplier", "producer", "made"


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


@dataclass(frozen=True, slots=True)
class Trade:
    """Who pays and who asks what for the goods of a recipe, and which of them some activity makes; by primary key."""

    paying: Prices
    asking: Prices
    made: set[int]

    def obtainable(self, activity: Activity) -> set[str]:
        """The names of the goods that some activity makes or somebody sells."""
        goods = [flow.commodity for flow in activity.flows.all()]
        return {str(good) for good in goods if good.pk in self.made or good.pk in self.asking}


def trade(activity: Activity) -> Trade:
    """What is known of the goods of an activity whose recipe was fetched, in one question to the database."""
    goods = {flow.commodity_id: flow.commodity for flow in activity.flows.all()}
    paying: dict[int, Paid] = {}
    asking = {
        pk: Paid(good.outside_price_idr, Text(_("outside the area")))
        for pk, good in goods.items()
        if good.outside_price_idr is not None
    }
    made: set[int] = set()
    history: dict[int, tuple[datetime.date, float]] = {}
    for good, price, who, kind in _offers(activity.programme, list(goods)):
        if kind == MADE:
            made.add(good)
        elif kind == SUPPLIER:
            paid = Paid(price, _named(who) if who else Text(_("Traders outside the area")))
            asking[good] = min(asking.get(good, paid), paid, key=_price)
        elif kind == PRODUCER:
            day = datetime.date.fromisoformat(who)
            history[good] = max(history.get(good, (day, price)), (day, price))
        else:
            paid = Paid(price, Text(_("market of {place}"), {"place": who}) if kind == MARKET else _named(who))
            paying[good] = max(paying.get(good, paid), paid, key=_price)
    known = {
        good: Paid(price, Text(_("producers' price of {day}"), {"day": day})) for good, (day, price) in history.items()
    }
    return Trade(known | paying, asking, made)


def _named(who: str) -> Text:
    return Text("{who}", {"who": who})


def _price(paid: Paid) -> float:
    return paid.price_idr


def _offers(programme: Programme, goods: list[int]) -> QuerySet[Any, tuple[int, float, str, str]]:
    """Everything that says a price of goods, and who makes them: commodity, price, who or when, and what it is."""
    price = Cast("price_idr", FloatField())
    middle = (Cast("price_idr", FloatField()) + Cast(Coalesce("highest_idr", "price_idr"), FloatField())) / 2.0
    seller = Coalesce("organisation__name", "place__name", Value(""))
    demands, markets = programme.demands.all(), programme.local_markets.all()
    prices = programme.prices.filter(kind=PriceKind.PRODUCER)
    flows = programme.activity_flows.filter(direction=Direction.OUTPUT)
    parts = [
        _part(demands, goods, price, F("offtaker__name"), BUYER),
        _part(markets, goods, price, F("place__name"), MARKET),
        _part(programme.suppliers.all(), goods, price, seller, SUPPLIER),
        _part(prices, goods, middle, Cast("as_of", CharField()), PRODUCER),
        _part(flows, goods, Value(0.0, FloatField()), Value(""), MADE),
    ]
    return parts[0].union(*parts[1:], all=True)


def _part(rows: QuerySet[Any], goods: list[int], price: Any, who: Any, kind: str) -> QuerySet[Any, Any]:
    found = rows.filter(commodity__in=goods).order_by()
    return found.values_list("commodity_id", price, who, Value(kind, CharField()))


def balance(activity: Activity, known: Trade) -> Balance:
    """The year of an activity whose recipe was fetched."""
    lines: Mapping[str, list[Line]] = {Direction.INPUT: [], Direction.OUTPUT: []}
    for flow in activity.flows.all():
        buys = flow.direction == Direction.INPUT
        first, second = (known.asking, known.paying) if buys else (known.paying, known.asking)
        paid = first.get(flow.commodity_id) or second.get(flow.commodity_id)
        lines[flow.direction].append(Line(flow, flow.net_quantity * activity.cycles_per_year, paid))
    return Balance(
        outputs=sorted(lines[Direction.OUTPUT], key=lambda line: line.flow.is_by_product),
        inputs=lines[Direction.INPUT],
        running_cost_idr=activity.running_cost_idr * activity.cycles_per_year,
        labour_days=activity.labour_days * activity.cycles_per_year,
        capital_idr=activity.capital_idr,
    )
