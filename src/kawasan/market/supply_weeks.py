"""What enterprises make and what is promised in the coming weeks, from recipes, seasons, cash books and orders."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from kawasan.core.text import Text
from kawasan.market.models import Order, Part
from kawasan.market.rules import PartAnswer, weeks
from kawasan.market.rules.orders import Supplier
from kawasan.market.supply_input import sold_by_month, supply_input
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Commodity


@dataclass(frozen=True, slots=True)
class Maker:
    """An enterprise and what it makes of one commodity: by month as it says or its book shows, and by its recipe."""

    code: str
    makes: list[float]
    full: list[float]
    has_book: bool
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What one buyer is promised of a commodity, by week."""

    offtaker: int
    name: str
    by_week: list[float]


@dataclass(frozen=True, slots=True)
class ShortWeek:
    """A week, what was promised for it, what is missing, and why."""

    week: weeks.Week
    asked: float
    made: float
    short: float
    why: list[Text]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming weeks of one commodity."""

    commodity: Commodity
    weeks: list[ShortWeek]
    buyers: list[Asked]

    @property
    def is_short(self) -> bool:
        return any(week.short for week in self.weeks)

    @property
    def short_weeks(self) -> list[ShortWeek]:
        return [week for week in self.weeks if week.short]

    @property
    def worst(self) -> ShortWeek:
        """The first of the weeks in which something is missing."""
        return next((week for week in self.weeks if week.short), self.weeks[0])


def makers_of(programme: Programme, day: datetime.date) -> dict[str, list[Maker]]:
    """The running enterprises by the commodity that they make."""
    frozen = supply_input(programme, day)
    activities = {activity["code"]: activity for activity in frozen["activities"]}
    keys = dict(programme.enterprises.values_list("code", "pk"))
    sold = sold_by_month(programme, day)
    found = defaultdict[str, list[Maker]](list)
    for row in frozen["existing"]:
        if not row["owner"]:
            continue
        activity = activities[row["activity"]]
        for commodity, quantity in activity["outputs"].items():
            full = [quantity * season for season in activity["season"]]
            made = [units * share for units, share in zip(full, row["share"], strict=True)]
            has_book = bool(sold.get(keys[row["owner"]]))
            found[commodity].append(Maker(row["owner"], made, full, has_book, row["is_reported"]))
    return found


def suppliers_for(order: Order, day: datetime.date) -> list[Supplier]:
    """Who could bring something of an order, and what is promised to others in the same days."""
    programme, commodity = order.programme, order.commodity
    first = day
    if commodity.perishable_days is not None:
        first = max(day, order.due_on - datetime.timedelta(days=commodity.perishable_days))
    last = max(order.due_on, first)
    makers = makers_of(programme, day).get(commodity.code, [])
    rows = {one.code: one for one in programme.enterprises.filter(code__in=[maker.code for maker in makers])}
    promised, groups = _promised(order, first, last), _groups(programme)
    asked = set(order.parts.exclude(answer=PartAnswer.WITHDRAWN).values_list("enterprise", flat=True))
    found = []
    for maker in makers:
        one = rows[maker.code]
        if one.pk in asked:
            continue
        makes = weeks.spread(maker.makes, day, first, last)
        full = weeks.spread(maker.full, day, first, last)
        recorded = (makes / full if full else 0.0) if maker.has_book else None
        group = groups.get(one.owner_id, "")
        taken = promised.get(one.pk, 0.0)
        found.append(Supplier(one.pk, one.code, one.name, group, makes, taken, recorded, maker.is_reported))
    return found


def _groups(programme: Programme) -> dict[int, str]:
    """The group of each owner."""
    rows = programme.groups.order_by("pk").values_list("members__applicant", "name")
    return {owner: name for owner, name in rows if owner}


def _promised(order: Order, first: datetime.date, last: datetime.date) -> dict[int, float]:
    """What enterprises promised of the same commodity for the same days, by contract and by parts of other orders."""
    found = defaultdict[int, float](float)
    contracts = order.programme.contracts.filter(
        demand__commodity=order.commodity, starts_on__lte=last, ends_on__gte=first
    )
    for contract in contracts.exclude(orders=order):
        from_, to = max(first, contract.starts_on), min(last, contract.ends_on)
        found[contract.enterprise_id] += weeks.spread([contract.quantity_per_month], from_, from_, to)
    parts = Part.objects.filter(
        order__commodity=order.commodity,
        order__contract=None,  # under a contract it is promised already
        order__cancelled_on=None,
        order__due_on__range=(first, last),
        order__programme=order.programme,
        answer__in=(PartAnswer.PROPOSED, PartAnswer.ACCEPTED),
    )
    for part in parts.exclude(order=order):
        found[part.enterprise_id] += part.quantity
    return found


def forecasts(programme: Programme, day: datetime.date) -> list[Forecast]:
    """The coming weeks of every commodity that is promised, the worst first."""
    coming = weeks.weeks_from(day)
    asked = _asked(programme, day, coming)
    makers = makers_of(programme, day) if asked else {}
    found = [
        _forecast(commodity, buyers, makers.get(commodity.code, []), coming, day) for commodity, buyers in asked.items()
    ]
    return sorted(found, key=lambda one: (not one.is_short, one.worst.week.first, str(one.commodity)))


def _forecast(
    commodity: Commodity, buyers: list[Asked], makers: list[Maker], coming: list[weeks.Week], day: datetime.date
) -> Forecast:
    wanted = [sum(one.by_week[w] for one in buyers) for w in range(len(coming))]
    made = [_made(makers, week, day) for week in coming]
    short = weeks.short_by_week(wanted, [one.made for one in made], weeks.keeps_weeks(commodity.perishable_days))
    rows = [
        ShortWeek(
            week,
            weeks.told(ask),
            weeks.told(one.made),
            weeks.told(missing),
            list(weeks.why_short_in_week(one, commodity.unit)) if missing else [],
        )
        for week, ask, one, missing in zip(coming, wanted, made, short, strict=True)
    ]
    return Forecast(commodity, rows, buyers)


def _made(makers: list[Maker], week: weeks.Week, day: datetime.date) -> weeks.Makers:
    return weeks.Makers(
        number=len(makers),
        made=sum(weeks.spread(maker.makes, day, week.first, week.last) for maker in makers),
        full=sum(weeks.spread(maker.full, day, week.first, week.last) for maker in makers),
        without_book=sum(not (maker.has_book or maker.is_reported) for maker in makers),
    )


def _asked(programme: Programme, day: datetime.date, coming: list[weeks.Week]) -> dict[Commodity, list[Asked]]:
    """What contracts and orders that stand alone ask for, by commodity, buyer and week."""
    found = defaultdict[Commodity, dict[int, Asked]](dict)
    for contract in _contracts(programme, coming):
        demand = contract.demand
        by_week = _row(found[demand.commodity], demand.offtaker, coming).by_week
        for w, week in enumerate(coming):
            first, last = max(week.first, contract.starts_on), min(week.last, contract.ends_on)
            by_week[w] += weeks.spread([contract.quantity_per_month], first, first, last)
    for order in programme.orders.open().filter(contract=None, due_on__lte=coming[-1].last).in_full():
        by_week = _row(found[order.commodity], order.offtaker, coming).by_week
        due = next(w for w, week in enumerate(coming) if order.due_on <= week.last)
        by_week[due] += max(order.quantity - order.signed - order.on_the_way, 0.0)
    return {commodity: list(rows.values()) for commodity, rows in found.items()}


def _contracts(programme: Programme, coming: list[weeks.Week]) -> Any:
    rows = programme.contracts.filter(starts_on__lte=coming[-1].last, ends_on__gte=coming[0].first)
    return rows.select_related("demand__offtaker", "demand__commodity").order_by("pk")


def _row(rows: dict[int, Asked], offtaker: Any, coming: list[weeks.Week]) -> Asked:
    return rows.setdefault(offtaker.pk, Asked(offtaker.pk, str(offtaker), [0.0] * len(coming)))


def part_of(forecast: Forecast, offtaker: int) -> list[tuple[ShortWeek, float, float]]:
    """The weeks as one buyer sees them: what it is promised, and its share of what is missing."""
    own = next((one.by_week for one in forecast.buyers if one.offtaker == offtaker), None)
    if own is None:
        return []
    return [
        (week, weeks.told(asked), weeks.told(week.short * asked / week.asked) if week.asked else 0.0)
        for week, asked in zip(forecast.weeks, own, strict=True)
    ]
