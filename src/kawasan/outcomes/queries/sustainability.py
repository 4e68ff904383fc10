"""What the signs of sustainability rest on: resources taken, cash books after the assistance, sales under contract."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Sum

from kawasan.areas.models import Resource
from kawasan.assistance.models import Step
from kawasan.assistance.rules import StepKind
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.queries import SIGNED, months_by_enterprise
from kawasan.enterprises.rules import EnterpriseStatus, EntryKind, MonthTotals
from kawasan.market.models import Delivery
from kawasan.market.queries import COUNTED
from kawasan.market.rules import month_days
from kawasan.matching.models import GroupMember
from kawasan.outcomes import rules
from kawasan.outcomes.rules import After, Contracted, Light, Sign, Taken
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import rule_set_on
from kawasan.value_chain.models import Plan
from kawasan.value_chain.rules import Firmness

Months = dict[datetime.date, MonthTotals]


@dataclass(frozen=True, slots=True)
class Signs:
    """The three signs of a programme on a day as a reader may see them, and what they rest on."""

    plan: Plan | None
    taken: list[Taken]
    after: list[After]
    sold: Contracted
    line_idr: int | None
    resources: Sign
    income: Sign
    contracts: Sign

    @property
    def light(self) -> Light:
        return rules.worst([self.resources.light, self.income.light, self.contracts.light])


def signs(programme: Programme, day: datetime.date, *, sees_people: bool) -> Signs:
    plan = programme.plans.filter(is_adopted=True).first()
    resources, after, sold = (
        taken(programme, day, plan),
        after_assistance(programme, day),
        contracted(programme, day, plan),
    )
    rule_set = rule_set_on(programme.rule_sets.all(), day)
    line_idr = rule_set.poverty_line_idr if rule_set else None
    income, contracts = rules.sign_of_income(after, line_idr), rules.sign_of_contracts(sold)
    if not sees_people:
        income = rules.outside(income, len(after), rules.in_few_words(income.light) if after else None)
        contracts = rules.outside(contracts, sold.fewest)
    return Signs(plan, resources, after, sold, line_idr, rules.sign_of_resources(resources), income, contracts)


def taken(programme: Programme, day: datetime.date, plan: Plan | None) -> list[Taken]:
    """Each resource with a known sustainable yield that some activity takes, the one that is used most first."""
    running = _running(programme, day)
    now: defaultdict[int, float] = defaultdict(float)
    resources: dict[int, Resource] = {}
    for use in programme.activity_resources.filter(quantity__gt=0).select_related("resource"):
        resources[use.resource_id] = use.resource
        now[use.resource_id] += use.quantity * running.get(use.activity_id, 0)
    planned = {row["code"]: row["taken"] for row in plan.result["resources"]} if plan and plan.result else {}
    rows = [
        Taken(
            name=str(one),
            code=one.code,
            unit=one.unit,
            sustainable_yield=one.yearly_yield,
            before=one.yearly_use,
            planned=planned.get(one.code),
            now=now[pk],
        )
        for pk, one in resources.items()
        if one.yearly_yield is not None
    ]
    return sorted(rows, key=lambda row: (-(row.share or 0), row.code))


def _running(programme: Programme, day: datetime.date) -> dict[int, int]:
    """How many of the programme's enterprises run each activity."""
    running = programme.enterprises.filter(status=EnterpriseStatus.RUNNING, started_on__lte=day, activity__isnull=False)
    return dict(running.order_by().values_list("activity").annotate(number=Count("pk")))


def after_assistance(programme: Programme, day: datetime.date) -> list[After]:
    """Each enterprise whose owner had assistance in hand, with its full months since; who earns least first."""
    received, last_month = _received(programme, day), month_days(day, -1)[0]
    begun = programme.enterprises.filter(owner__in=received, started_on__lte=day)
    enterprises = begun.exclude(status=EnterpriseStatus.PLANNED)
    books = months_by_enterprise(programme)
    rows = [_after(one, received[one.owner_id], books.get(one.pk, {}), last_month) for one in enterprises]
    return sorted(rows, key=lambda row: (row.profit_idr is not None, row.profit_idr or 0, row.name))


def _received(programme: Programme, day: datetime.date) -> dict[int, datetime.date]:
    """The last day on which each participant had assistance in hand, alone or with the group."""
    steps = Step.objects.standing().filter(programme=programme, kind=StepKind.RECEIVED, dated__lte=day)
    found: dict[int, datetime.date] = {}
    alone = steps.filter(assistance__group=None).values_list("assistance__receiver", "dated")
    groups = dict(steps.exclude(assistance__group=None).order_by("dated").values_list("assistance__group", "dated"))
    members = GroupMember.objects.filter(group__in=groups).values_list("applicant", "group")
    for pk, dated in [*alone, *((applicant, groups[group]) for applicant, group in members)]:
        found[pk] = max(dated, found.get(pk, dated))
    return found


def _after(one: Enterprise, received_on: datetime.date, book: Months, last_month: datetime.date) -> After:
    since = rules.months_after(received_on, last_month)
    return After(
        code=one.code,
        name=one.name,
        received_on=received_on,
        is_closed=one.status == EnterpriseStatus.CLOSED,
        months=len(since),
        profit_idr=_mean(book, since),
        before_idr=_mean(book, [month for month in book if month < received_on.replace(day=1)]),
    )


def _mean(book: Months, months: Sequence[datetime.date]) -> float | None:
    """The mean profit of months; one in which nothing was written brought nothing, but not all of them can be such."""
    if not any(month in book for month in months):
        return None
    return sum(book[month].profit for month in months if month in book) / len(months)


def contracted(programme: Programme, day: datetime.date, plan: Plan | None) -> Contracted:
    """Sales of the last full months and what of them was delivered under contracts."""
    first, last = month_days(day, -rules.MONTHS_LOOKED_AT)[0], month_days(day, -1)[1]
    sales = programme.cash_entries.filter(kind=EntryKind.SALE, dated__range=(first, last)).order_by()
    delivered = Delivery.objects.standing().filter(programme=programme, delivered_on__range=(first, last))
    under = delivered.exclude(contract=None).aggregate(
        sum=Sum(COUNTED * F("price_idr")), enterprises=Count("contract__enterprise", distinct=True)
    )
    sums = sales.aggregate(sum=Sum(SIGNED), enterprises=Count("enterprise", distinct=True))
    return Contracted(
        first=first,
        last=last,
        selling=sums["enterprises"],
        delivering=under["enterprises"],
        sold_idr=sums["sum"] or 0,
        delivered_idr=round(under["sum"] or 0),
        planned=_planned_share(plan),
    )


def _planned_share(plan: Plan | None) -> float | None:
    """The share of the plan's sales that is under contract."""
    sold = {row["firmness"]: row["sold_idr"] for row in plan.result["firmness"]} if plan and plan.result else {}
    return sold.get(Firmness.CONTRACT, 0) / total if (total := sum(sold.values())) else None
