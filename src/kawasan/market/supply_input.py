"""What the coming three months are computed from: enterprises that run, contracts in force and what buyers want."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Sum

from kawasan.core.text import Text, _
from kawasan.enterprises.models import CashEntry, Enterprise
from kawasan.enterprises.queries import SIGNED, reported_capacities
from kawasan.enterprises.rules import EnterpriseStatus, EntryKind
from kawasan.market import rules
from kawasan.market.models import Contract, Delivery
from kawasan.market.queries import COUNTED
from kawasan.programmes.models import Programme
from kawasan.value_chain.plan_input import Area, plan_input

Frozen = dict[str, Any]
Came = Mapping[int, tuple[float, float]]  # under each contract this month: what counts, and what was brought


def supply_input(programme: Programme, day: datetime.date) -> Frozen:
    """The plan's input of the day, cut to the coming months, with the programme's own enterprises and its contracts.

    Resources and skills are left aside: what runs has them already, and what it takes stands in their use.
    """
    frozen, area = plan_input(programme, day), Area(programme)
    contracts = _contracts(programme, day)
    came = _this_month(programme, day)
    rows = [_contract(contract, day, came, area) for contract in contracts]
    own, left_out = _own(programme, day, frozen, area, _brought(contracts, came))
    return {
        **{name: frozen[name] for name in ("programme", "day", "seats", "wishes", "places", "fields", "commodities")},
        "months": frozen["months"][: rules.MONTHS_AHEAD],
        "activities": [_without_resources(activity) for activity in frozen["activities"]],
        "existing": [{**row, "share": [1.0] * rules.MONTHS_AHEAD, "owner": ""} for row in frozen["existing"]] + own,
        "resources": [],
        "skills": [],
        "suppliers": [_cut(row) for row in frozen["suppliers"]],
        "storages": frozen["storages"],
        "demands": rows + _open_demands(frozen, contracts, day),
        "markets": [_cut(row) for row in frozen["markets"]],
        "left_out": left_out,
    }


def _cut(row: Mapping[str, Any]) -> Frozen:
    return {**row, "by_month": row["by_month"][: rules.MONTHS_AHEAD]}


def _without_resources(activity: Mapping[str, Any]) -> Frozen:
    season = activity["season"][: rules.MONTHS_AHEAD]
    return {**activity, "season": season, "resources": {}, "skills": {}}


def _contracts(programme: Programme, day: datetime.date) -> list[Contract]:
    """The contracts in force on some day of the coming months."""
    first, last = rules.month_days(day, 0)[0], rules.month_days(day, rules.MONTHS_AHEAD - 1)[1]
    found = programme.contracts.filter(starts_on__lte=last, ends_on__gte=first)
    return list(found.select_related("demand__offtaker", "demand__commodity", "enterprise"))


def _this_month(programme: Programme, day: datetime.date) -> Came:
    """What came this month under each contract."""
    rows = Delivery.objects.standing().filter(programme=programme, delivered_on__range=(day.replace(day=1), day))
    sums = (
        rows.exclude(contract=None)
        .order_by()
        .values_list("contract")
        .annotate(counted=Sum(COUNTED), brought=Sum("quantity"))
    )
    return {contract: (counted, brought) for contract, counted, brought in sums}


def _contract(contract: Contract, day: datetime.date, came: Came, area: Area) -> Frozen:
    """A contract as somebody who buys what it still asks for."""
    demand = contract.demand
    counted, _brought = came.get(contract.pk, (0.0, 0.0))
    by_month = rules.still_to_come(_promised(contract, day), counted)
    return {
        "code": f"contract:{contract.code}",
        "contract": contract.code,
        "enterprise": contract.enterprise.name,
        "buyer": demand.offtaker.code,
        "buyer_name": demand.offtaker.name,
        "commodity": demand.commodity.code,
        "place": area.part_of(demand.place_id),
        "by_month": by_month,
        "price_idr": contract.price_idr,
        "firmness": "contract",
    }


def _promised(contract: Contract, day: datetime.date) -> list[float]:
    """The whole quantity in every month in which the contract is in force on some day."""
    months = [rules.month_days(day, ahead) for ahead in range(rules.MONTHS_AHEAD)]
    return [
        contract.quantity_per_month if contract.starts_on <= last and contract.ends_on >= first else 0.0
        for first, last in months
    ]


def _open_demands(frozen: Mapping[str, Any], contracts: Iterable[Contract], day: datetime.date) -> list[Frozen]:
    """What buyers want beyond the contracts that they have made."""
    promised: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * rules.MONTHS_AHEAD)
    for contract in contracts:
        before = promised[contract.demand.code]
        promised[contract.demand.code] = [a + b for a, b in zip(before, _promised(contract, day), strict=True)]
    rows = []
    for demand in map(_cut, frozen["demands"]):
        pairs = zip(demand["by_month"], promised[demand["code"]], strict=True)
        by_month = [max(wanted - contracted, 0.0) for wanted, contracted in pairs]
        rows.append({**demand, "quantity": sum(by_month), "by_month": by_month, "contract": "", "enterprise": ""})
    return rows


def _brought(contracts: Iterable[Contract], came: Came) -> dict[int, defaultdict[str, float]]:
    """What each enterprise brought this month under its contracts, by commodity."""
    found: dict[int, defaultdict[str, float]] = {}
    for contract in contracts:
        of_enterprise = found.setdefault(contract.enterprise_id, defaultdict(float))
        of_enterprise[contract.demand.commodity.code] += came.get(contract.pk, (0.0, 0.0))[1]
    return found


def _own(
    programme: Programme, day: datetime.date, frozen: Frozen, area: Area, brought: Mapping[int, Mapping[str, float]]
) -> tuple[list[Frozen], list[Frozen]]:
    """The programme's enterprises that run, with what they can make; and those of which that is not known."""
    activities = {activity["code"]: activity for activity in frozen["activities"]}
    sold, prices, reported = sold_by_month(programme, day), _prices(frozen), reported_capacities(programme, day)
    rows, left_out = [], []
    running = programme.enterprises.filter(status=EnterpriseStatus.RUNNING, started_on__lte=day)
    for enterprise in running.select_related("activity"):
        activity = activities.get(enterprise.activity.code) if enterprise.activity else None
        place = area.part_of(enterprise.place_id)
        if activity is None or place is None:
            left_out.append({"name": enterprise.name, "why": _why_left_out(enterprise, place).stored()})
            continue
        shares = rules.shares_reported(activity["outputs"], activity["season"], reported.get(enterprise.pk, {}))
        is_reported = shares is not None
        if shares is None:
            share = _share(activity, enterprise.started_on, day, sold.get(enterprise.pk, {}), prices)
            shares = [share] * len(activity["season"])
        rows.append(
            {
                "code": f"enterprise:{enterprise.code}",
                "owner": enterprise.code,
                "name": enterprise.name,
                "activity": activity["code"],
                "place": place,
                "number": 1,
                "share": _left(activity, shares[: rules.MONTHS_AHEAD], brought.get(enterprise.pk, {})),
                "is_reported": is_reported,
            }
        )
    return rows, left_out


def _why_left_out(enterprise: Enterprise, place: str | None) -> Text:
    if enterprise.activity is None:
        return Text(_("No business activity is given."))
    return Text(_("Its place is outside the area.") if place is None else _("Its activity has no recipe that works."))


def sold_by_month(programme: Programme, day: datetime.date) -> dict[int, dict[tuple[int, int], int]]:
    """Sales in the cash books in the last three full months, by enterprise, year and month."""
    first, last = rules.month_days(day, -rules.MONTHS_BACK)[0], rules.month_days(day, -1)[1]
    rows = CashEntry.objects.filter(programme=programme, kind=EntryKind.SALE, dated__range=(first, last))
    found: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    by = rows.order_by().values_list("enterprise", "dated__year", "dated__month")
    for enterprise, year, month, amount in by.annotate(sum=Sum(SIGNED)):
        found[enterprise][year, month] = amount
    return found


def _prices(frozen: Mapping[str, Any]) -> dict[str, float]:
    """What a unit of each commodity brings: the mean of what demands and markets pay, else what it costs outside."""
    asked = defaultdict(list)
    for row in [*frozen["demands"], *frozen["markets"]]:
        asked[row["commodity"]].append(row["price_idr"])
    outside = {c["code"]: c["outside_price_idr"] for c in frozen["commodities"] if c["outside_price_idr"]}
    return outside | {code: sum(prices) / len(prices) for code, prices in asked.items()}


def _share(
    activity: Mapping[str, Any],
    started_on: datetime.date,
    day: datetime.date,
    sold: Mapping[tuple[int, int], int],
    prices: Mapping[str, float],
) -> float:
    """The part of its recipe that an enterprise fills, as its cash book shows it."""
    full_months = [m for m in range(-rules.MONTHS_BACK, 0) if rules.month_days(day, m)[0] >= started_on]
    worth = sum(quantity * prices.get(code, 0) for code, quantity in activity["outputs"].items())
    expected = worth * sum(activity["season"][m % len(activity["season"])] for m in full_months)
    firsts = [rules.month_days(day, m)[0] for m in full_months]
    return rules.share_filled(
        sold_idr=sum(sold.get((first.year, first.month), 0) for first in firsts), expected_idr=expected
    )


def _left(activity: Mapping[str, Any], shares: Sequence[float], brought: Mapping[str, float]) -> list[float]:
    """The shares by month: what was brought this month already is no longer there."""
    used = 0.0
    for code, quantity in brought.items():
        full = activity["outputs"].get(code, 0) * activity["season"][0]
        used = max(used, quantity / full if full else 0.0)
    return [max(shares[0] - used, 0.0), *shares[1:]]
