"""Reads that join the cash book to its enterprise, and the next free code of a table."""

import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Length, TruncMonth

from kawasan.enterprises import rules
from kawasan.enterprises.models import CashEntry, Enterprise, Worker
from kawasan.enterprises.rules import EnterpriseStatus, EntryKind, MonthTotals
from kawasan.programmes.models import Programme

SIGNED = Case(
    When(reverses__isnull=True, then=F("amount_idr")), default=-F("amount_idr"), output_field=BigIntegerField()
)
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
    enterprises: QuerySet[Enterprise], *, field: str, status: str, search: str, sort: str
) -> QuerySet[Enterprise]:
    """The enterprises that a list was asked for, in the order asked for."""
    if field:
        enterprises = enterprises.filter(field__code=field)
    if status:
        enterprises = enterprises.filter(status=status)
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


def months_of(enterprise: Enterprise) -> list[MonthTotals]:
    """Each month of a cash book that has entries, oldest first."""
    sums = (
        enterprise.cash_entries.order_by()
        .annotate(month=TruncMonth("dated"))
        .values_list("month", "kind")
        .annotate(sum=Sum(SIGNED))
    )
    return rules.month_totals(sums)


def entries_of(enterprise: Enterprise) -> QuerySet[CashEntry]:
    """The lines of a cash book, newest first, each with the line that takes it back."""
    return enterprise.cash_entries.select_related("reverses", "reversed_by")
