"""Reads that join the cash book to its enterprise, and the next free code of a table."""

import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Length, TruncMonth

from kawasan.enterprises import rules
from kawasan.enterprises.models import (
    Capacity,
    CashEntry,
    DebtQuerySet,
    Enterprise,
    Product,
    Sighting,
    StockMove,
    Worker,
)
from kawasan.enterprises.rules import Book, EnterpriseStatus, EntryKind, MonthTotals, Owed, Stock, StockKind
from kawasan.matching.models import GroupMember
from kawasan.programmes.models import Programme
from kawasan.selection.models import Seat
from kawasan.selection.rules import SeatStatus
from kawasan.value_chain.models import ActivityFlow, KbliCode
from kawasan.value_chain.rules import Direction

SIGNED = Case(
    When(reverses__isnull=True, then=F("amount_idr")), default=-F("amount_idr"), output_field=BigIntegerField()
)
USUAL_COSTS = 6
SORTS = {"name": "name", "turnover": "-turnover_idr", "workers": "-worker_count", "started": "started_on"}


def next_code(programme: Programme, rows: QuerySet[Any], prefix: str, digits: int) -> str:
    """The code after the highest one; the programme stays locked, so that two people never get the same."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    numbered = rows.filter(code__regex=rf"^{prefix}[0-9]+$").order_by(Length("code").desc(), "-code")
    last = numbered.values_list("code", flat=True).first()
    number = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:0{digits}}"


def overview(programme: Programme, today: datetime.date) -> QuerySet[Enterprise]:
    """The enterprises with their turnover of the last full month and the people who work in them today."""
    sales = CashEntry.objects.filter(
        enterprise=OuterRef("pk"), kind=EntryKind.SALE, dated__range=rules.last_full_month(today)
    )
    entries = CashEntry.objects.filter(enterprise=OuterRef("pk"), dated__gte=rules.last_full_month(today)[0])
    workers = Worker.objects.working_on(today).filter(enterprise=OuterRef("pk"))
    return programme.enterprises.select_related("owner__person", "field", "place").annotate(
        turnover_idr=Subquery(sales.order_by().values("enterprise").annotate(sum=Sum(SIGNED)).values("sum")),
        has_entries=Exists(entries),
        worker_count=Coalesce(
            Subquery(workers.order_by().values("enterprise").annotate(count=Count("pk")).values("count")), 0
        ),
    )


def chosen(
    enterprises: QuerySet[Enterprise], *, field: str, status: str, owner: str, search: str, sort: str
) -> QuerySet[Enterprise]:
    """The enterprises that a list was asked for, in the order asked for."""
    if field:
        enterprises = enterprises.filter(field__code=field)
    if status:
        enterprises = enterprises.filter(status=status)
    if owner:
        enterprises = enterprises.exclude(owner__seat__in=Seat.objects.participants())
    if search:
        enterprises = enterprises.filter(
            Q(name__icontains=search) | Q(code__iexact=search) | Q(owner__person__name__icontains=search)
        )
    order = SORTS.get(sort, "name")
    key = F(order.removeprefix("-"))
    return enterprises.order_by(key.desc(nulls_last=True) if order.startswith("-") else key.asc(), "pk")


def counts(enterprises: QuerySet[Enterprise]) -> dict[str, int]:
    """How many enterprises there are, how many run, and how many of those have an empty month."""
    running = Q(status=EnterpriseStatus.RUNNING)
    return enterprises.order_by().aggregate(
        enterprises=Count("pk"),
        running=Count("pk", filter=running),
        without_entries=Count("pk", filter=running & Q(has_entries=False)),
        without_nib=Count("pk", filter=Q(nib="")),
    )


def kbli_of(enterprise: Enterprise) -> KbliCode | None:
    """The code of an enterprise as the catalogue explains it."""
    codes = enterprise.programme.kbli_codes
    return codes.filter(version=enterprise.kbli_version, code=enterprise.kbli_code).first()


def people_of_group(enterprise: Enterprise) -> QuerySet[GroupMember]:
    """The people of the owner's group who hold their seats: members by default, until somebody writes down who is."""
    of_owner = GroupMember.objects.filter(group__members__applicant=enterprise.owner_id)
    seated = of_owner.filter(applicant__seat__status=SeatStatus.ACCEPTED)
    return seated.select_related("applicant__person", "group").order_by("pk")


def not_yet_members(enterprise: Enterprise) -> QuerySet[GroupMember]:
    return people_of_group(enterprise).exclude(applicant__in=enterprise.members.now().values("applicant"))


def only_output(enterprise: Enterprise) -> int | None:
    """The commodity that the activity of an enterprise makes, if it is only one; by-products are none."""
    made = ActivityFlow.objects.filter(activity=enterprise.activity_id, direction=Direction.OUTPUT, is_by_product=False)
    found = list(made.values_list("commodity", flat=True))
    return found[0] if enterprise.activity_id and len(found) == 1 else None


def capacities_of(enterprise: Enterprise, today: datetime.date) -> list[tuple[Capacity, bool]]:
    """Every capacity that was reported, by commodity and newest first, and whether it stands today."""
    told = list(enterprise.capacities.select_related("commodity"))
    standing = {one.commodity_id: one.pk for one in reversed(told) if one.since <= today}
    return [(one, standing.get(one.commodity_id) == one.pk) for one in told]


def reported_capacities(programme: Programme, day: datetime.date) -> dict[int, dict[str, float]]:
    """What enterprises say on a day that they can make in a month, by enterprise and commodity."""
    found: dict[int, dict[str, float]] = {}
    rows = Capacity.objects.on(day).filter(programme=programme)
    for enterprise, commodity, quantity in rows.order_by().values_list(
        "enterprise", "commodity__code", "quantity_per_month"
    ):
        found.setdefault(enterprise, {})[commodity] = quantity
    return found


def months_of(enterprise: Enterprise) -> list[MonthTotals]:
    """Each month of a cash book that has entries, oldest first."""
    sums = (
        enterprise.cash_entries.order_by()
        .annotate(month=TruncMonth("dated"))
        .values_list("month", "kind", "cost_kind")
        .annotate(sum=Sum(SIGNED))
    )
    return rules.month_totals(sums)


def entries_of(enterprise: Enterprise) -> QuerySet[CashEntry]:
    """The lines of a cash book, newest first, each with the line that takes it back."""
    return enterprise.cash_entries.select_related("reverses", "reversed_by", "product", "debt")


def days_of(enterprise: Enterprise, since: datetime.date) -> list[tuple[datetime.date, int, int]]:
    """What came in and went out on each day from one on that has entries: (day, in, out) in rupiah."""
    came_in = Q(kind__in=rules.MONEY_IN)
    sums = (
        enterprise.cash_entries.filter(dated__gte=since)
        .values_list("dated")
        .annotate(inward=Coalesce(Sum(SIGNED, filter=came_in), 0), outward=Coalesce(Sum(SIGNED, filter=~came_in), 0))
        .order_by("dated")
    )
    return list(sums)


def usual_costs(enterprise: Enterprise) -> QuerySet[Any, tuple[str, str, int, int]]:
    """What it spends money on most often, so that it is written again with one tap; as (words, kind, number, last)."""
    costs = enterprise.cash_entries.filter(kind=EntryKind.COST, debt=None, reverses=None, reversed_by=None)
    told = costs.values_list("what", "cost_kind").annotate(times=Count("pk"), last=Max("pk"))
    return told.order_by("-times", "-last")[:USUAL_COSTS]


def stocks_of(enterprise: Enterprise, today: datetime.date) -> list[tuple[Product, Stock]]:
    """What should be there of each product that is sold, in two queries besides the products."""
    products = list(enterprise.products.filter(is_sold=True))
    moves: dict[int, list[rules.StockMove]] = {product.pk: [] for product in products}
    for product, dated, kind, quantity in StockMove.objects.filter(product__in=products).values_list(
        "product", "dated", "kind", "quantity"
    ):
        moves[product].append(rules.StockMove(dated, StockKind(kind), quantity))
    sales: dict[int, list[tuple[datetime.date, float]]] = {product.pk: [] for product in products}
    for entry in CashEntry.objects.filter(product__in=products):
        if entry.product_id and entry.quantity:
            sales[entry.product_id].append((entry.dated, -entry.quantity if entry.reverses_id else entry.quantity))
    return [(product, rules.stock(moves[product.pk], sales[product.pk], today)) for product in products]


def open_debts(debts: DebtQuerySet) -> QuerySet[Any]:
    """Debts of which something is left to pay, those due first."""
    return debts.with_left().filter(forgiven_on=None, left_idr__gt=0)


def books(programme: Programme, today: datetime.date) -> list[tuple[Enterprise, Book]]:
    """The cash book of each running enterprise, as the signs of trouble are read from it; four queries for all."""
    running = programme.enterprises.filter(status=EnterpriseStatus.RUNNING)
    months = months_by_enterprise(programme)
    late = _late(programme, today)
    first, _last = rules.last_full_month(today)
    before, _end = rules.last_full_month(first)
    found = with_last_days(running.select_related("owner__person", "field", "activity"))
    return [(one, _book(one, months.get(one.pk, {}), late.get(one.pk, (0, 0)), before, first)) for one in found]


def _book(
    one: Any,
    months: dict[datetime.date, MonthTotals],
    late: tuple[int, int],
    before: datetime.date,
    last: datetime.date,
) -> Book:
    return Book(
        started_on=one.started_on,
        cycle=datetime.timedelta(days=one.activity.cycle_days if one.activity else 0),
        last_entry=one.last_entry,
        last_sale=one.last_sale,
        before=months.get(before, MonthTotals(before)),
        last=months.get(last, MonthTotals(last)),
        cash_idr=sum(month.cash_change for month in months.values()),
        overdue=late[0],
        overdue_idr=late[1],
    )


def with_last_days(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Enterprises with the last day of an entry, of a sale that stands, and on which they were seen at work."""
    standing = CashEntry.objects.filter(enterprise=OuterRef("pk"), reverses=None, reversed_by=None).order_by("-dated")
    sightings = Sighting.objects.filter(enterprise=OuterRef("pk")).order_by("-seen_on")
    return enterprises.annotate(
        last_entry=Subquery(standing.values("dated")[:1]),
        last_sale=Subquery(standing.filter(kind=EntryKind.SALE).values("dated")[:1]),
        last_seen=Subquery(sightings.values("seen_on")[:1]),
    )


def months_by_enterprise(programme: Programme) -> dict[int, dict[datetime.date, MonthTotals]]:
    """Every month of every cash book, by enterprise and first day of the month."""
    rows = (
        programme.cash_entries.order_by()
        .annotate(month=TruncMonth("dated"))
        .values_list("enterprise", "month", "kind", "cost_kind")
        .annotate(sum=Sum(SIGNED))
    )
    by_enterprise: dict[int, list[tuple[datetime.date, str, str, int]]] = {}
    for enterprise, *row in rows:
        by_enterprise.setdefault(enterprise, []).append(tuple(row))
    return {pk: {one.month: one for one in rules.month_totals(sums)} for pk, sums in by_enterprise.items()}


def _late(programme: Programme, today: datetime.date) -> dict[int, tuple[int, int]]:
    """How many debts customers are late with, and the rupiah left of them, by enterprise."""
    late: dict[int, tuple[int, int]] = {}
    for debt in open_debts(programme.debts.filter(owed=Owed.US, due_on__lt=today)):
        count, amount = late.get(debt.enterprise_id, (0, 0))
        late[debt.enterprise_id] = (count + 1, amount + debt.left_idr)
    return late


def lives(programme: Programme, today: datetime.date) -> list[tuple[Enterprise, int, bool]]:
    """Each enterprise that began, for how many days it lived, and whether it ended."""
    begun = programme.enterprises.exclude(status=EnterpriseStatus.PLANNED).filter(started_on__lte=today)
    found = with_last_days(begun.select_related("field"))
    return [(one, *_life(one, today)) for one in found]


def _life(one: Any, today: datetime.date) -> tuple[int, bool]:
    sign = rules.last_sign(started_on=one.started_on, last_sale=one.last_sale, last_seen=one.last_seen)
    is_closed = one.status == EnterpriseStatus.CLOSED
    return rules.life(started_on=one.started_on, sign=sign, is_closed=is_closed, today=today)
