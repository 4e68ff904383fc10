"""What stands of assistances: their steps, sums and receipts, for one page at a time."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from kawasan.applicants.models import Applicant
from kawasan.applicants.queries.ties import tied
from kawasan.assistance import rules
from kawasan.assistance.models import (
    Assistance,
    BankDifference,
    BudgetLine,
    Entitlement,
    Purchase,
    PurchaseItem,
    Statement,
    Step,
    TakeBackRequest,
)
from kawasan.assistance.rules import Maker, Standing, StepKind
from kawasan.assistance.rules.bank import StatementStatus
from kawasan.core.models import User
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OUTSIDE
from kawasan.training.queries import modules_of
from kawasan.training.rules import reasons_not_briefed

SORTS = {"code": ("code",), "recipient": ("group__name", "receiver__person__name"), "paid": ("-paid_on", "code")}
NOT_YET = "none"  # of the filter: begun, without a proposal


def overview(programme: Programme) -> QuerySet[Any]:
    """The assistances with the last step that stands and the day of the disbursement."""
    steps = Step.objects.standing().filter(assistance=OuterRef("pk")).order_by("-pk")
    paid = steps.filter(kind=StepKind.PAID)
    return programme.assistances.in_full().annotate(
        last=Subquery(steps.values("kind")[:1]), paid_on=Subquery(paid.values("dated")[:1])
    )


def chosen(rows: QuerySet[Any], *, search: str, stage: str, entitlement: str, sort: str) -> QuerySet[Any]:
    """What a list was asked for, in the order asked for."""
    if search:
        named = Q(group__name__icontains=search) | Q(receiver__person__name__icontains=search)
        rows = rows.filter(named | Q(code__iexact=search))
    if stage:
        rows = rows.filter(last=None if stage == NOT_YET else stage)
    if entitlement:
        rows = rows.filter(entitlement__code=entitlement)
    orders = SORTS.get(sort, ("code",))
    return rows.order_by(*(F(one[1:]).desc(nulls_last=True) if one[0] == "-" else one for one in orders), "pk")


def standings(rows: Collection[Assistance], *, with_briefing: bool = True) -> dict[int, Standing]:
    """What stands of each, in a few queries however many there are."""
    keys = [row.pk for row in rows]
    steps = defaultdict[int, list[Step]](list)
    for step in Step.objects.standing().filter(assistance__in=keys):
        steps[step.assistance_id].append(step)
    approved = _sums(
        BudgetLine.objects.filter(proposal__in=Step.objects.standing(), proposal__assistance__in=keys),
        "proposal__assistance", F("quantity") * F("price_idr"),
    )  # fmt: skip
    items = PurchaseItem.objects.filter(purchase__in=Purchase.objects.standing(), purchase__assistance__in=keys)
    bought = items.order_by().values_list("purchase__assistance")
    receipts = {row: (sum_, n) for row, sum_, n in bought.annotate(Sum("amount_idr"), Count("purchase", distinct=True))}
    briefing = _not_briefed(rows, steps) if with_briefing else {}
    return {
        row.pk: _standing(
            row, steps[row.pk], approved.get(row.pk, 0), receipts.get(row.pk, (0, 0)), briefing.get(row.pk, ())
        )
        for row in rows
    }


def standing_of(row: Assistance) -> Standing:
    return standings([row])[row.pk]


def _sums(rows: QuerySet[Any], by: str, amount: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(sum=Sum(amount)))


def _standing(
    row: Assistance, steps: Iterable[Step], approved: int, bought: tuple[int, int], not_briefed: tuple[Text, ...]
) -> Standing:
    by_kind = {step.kind: step for step in steps}
    amounts = {kind: step.amount_idr or 0 for kind, step in by_kind.items()}
    return Standing(
        form=row.entitlement.form,
        makers={kind: Maker(step.entered_by_id, step.who) for kind, step in by_kind.items()},
        days={kind: step.dated for kind, step in by_kind.items()},
        not_briefed=not_briefed,
        receipts=bought[1],
        approved=approved if StepKind.VERIFIED in by_kind else 0,
        paid=amounts.get(StepKind.PAID, 0),
        in_hand=amounts.get(StepKind.RECEIVED, 0),
        spent=bought[0],
        refunded=amounts.get(StepKind.REFUNDED, 0),
        holder=by_kind[StepKind.AGREED].account_holder if StepKind.AGREED in by_kind else "",
    )


def _not_briefed(rows: Iterable[Assistance], steps: dict[int, list[Step]]) -> dict[int, tuple[Text, ...]]:
    """Why no money may be paid yet; once it was paid, nobody asks any more."""
    paid = {row for row, made in steps.items() if any(step.kind == StepKind.PAID for step in made)}
    open_ones = [row for row in rows if row.pk not in paid]
    if not open_ones:
        return {}
    modules = modules_of(open_ones[0].programme, [row.receiver_id for row in open_ones])
    return {row.pk: tuple(reasons_not_briefed(modules[row.receiver_id])) for row in open_ones}


def maker_of(user: User | None) -> Maker | None:
    return Maker(user.pk, str(user)) if user else None


def is_receiver(row: Assistance, user: User | None) -> bool:
    return user is not None and row.receiver.person.user_id == user.pk


def request_of(step: Step) -> TakeBackRequest | None:
    return TakeBackRequest.objects.filter(step=step).first()


def organisations_of(row: Assistance) -> set[int]:
    """Whose people are no witness: the host's, and those of the mentors of the group and of the receiver's groups."""
    hosts = row.programme.organisations.filter(kind="host").values_list("pk", flat=True)
    groups = Q(pk=row.group_id) | Q(members__applicant=row.receiver_id)
    mentors = row.programme.groups.filter(groups).exclude(mentor__organisation=None)
    return {*hosts, *mentors.values_list("mentor__organisation", flat=True)}


def team_names(programme: Programme) -> set[str]:
    """The names of everybody who works for the programme."""
    team = programme.memberships.exclude(role__in=OUTSIDE)
    return {str(one.user) for one in team.select_related("user")}


def is_recipient(row: Assistance, user: User) -> bool:
    """Whether somebody, or somebody close to them, gets the assistance: by what ties people to applications."""
    ties = tied(row.programme, user)
    close = ties["is_applicant"] | ties["family_card"] | ties["declared"]
    gets = Q(pk=row.receiver_id) | (Q(group_memberships__group=row.group_id) if row.group_id else Q(pk__in=()))
    return Applicant.objects.filter(close & gets, programme=row.programme_id).exists()


@dataclass(frozen=True, slots=True)
class File:
    """Everything of one assistance: its entries, its budget, its receipts, and what stands of them."""

    history: list[Step]
    budget: list[BudgetLine]
    purchases: list[Purchase]
    standing: Standing

    @property
    def steps(self) -> list[Step]:
        """The steps that stand."""
        return [step for step in self.history if stands(step)]

    @property
    def receipts(self) -> list[Purchase]:
        """The receipts that stand."""
        return [one for one in self.purchases if stands(one)]


def stands(row: Step | Purchase) -> bool:
    """Whether an entry that was read with what takes it back counts."""
    return row.reverses_id is None and not hasattr(row, "reversed_by")


def file_of(row: Assistance) -> File:
    """One assistance in a few queries; nothing of it is read twice."""
    history, budget, purchases = entries_of(row), budget_of(row), purchases_of(row)
    steps = [step for step in history if stands(step)]
    receipts = [one for one in purchases if stands(one)]
    spent = sum(getattr(one, "total_idr", 0) or 0 for one in receipts)
    approved = sum(line.total_idr for line in budget)
    briefing = _not_briefed([row], {row.pk: steps}).get(row.pk, ())
    return File(history, budget, purchases, _standing(row, steps, approved, (spent, len(receipts)), briefing))


def entries_of(row: Assistance) -> list[Any]:
    """Every step, also those that were taken back, as they were recorded; each with what came in its place."""
    related = ("reverses", "reversed_by", "take_back_request", "witness_organisation", "one_time_code")
    history: list[Any] = list(row.steps.select_related(*related))
    for at, step in enumerate(history):
        later = (one for one in history[at + 1 :] if one.kind == step.kind and one.reverses_id is None)
        step.replaced_by = next(later, None) if hasattr(step, "reversed_by") else None
    return history


def budget_of(row: Assistance) -> list[BudgetLine]:
    """The lines of the proposal that stands, with what was spent on each."""
    return list(_with_spent(BudgetLine.objects.filter(proposal__assistance=row)))


def lines_of(rows: Collection[Assistance]) -> dict[int, list[BudgetLine]]:
    """Of each the lines of its budget, with what was spent on each."""
    found = defaultdict(list)
    for line in _with_spent(BudgetLine.objects.filter(proposal__assistance__in=rows)).select_related("proposal"):
        found[line.proposal.assistance_id].append(line)
    return dict(found)


def _with_spent(lines: QuerySet[BudgetLine]) -> QuerySet[Any]:
    spent = PurchaseItem.objects.filter(line=OuterRef("pk"), purchase__in=Purchase.objects.standing())
    sums = spent.order_by().values("line").annotate(sum=Sum("amount_idr")).values("sum")
    return lines.filter(proposal__in=Step.objects.standing()).annotate(spent_idr=Subquery(sums))


def sums_by_category(lines: Iterable[BudgetLine]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.category] += line.total_idr
    return dict(sums)


def purchases_of(row: Assistance) -> list[Purchase]:
    """Every receipt with its items, also those that were taken back."""
    found = row.purchases.select_related("place", "reverses", "reversed_by")
    items = Prefetch("items", PurchaseItem.objects.select_related("line"))
    return list(found.prefetch_related(items).annotate(total_idr=Sum("items__amount_idr")).order_by("pk"))


def entitlements_on(programme: Programme, day: datetime.date) -> QuerySet[Entitlement]:
    """What can be given on a day."""
    return programme.entitlements.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


@dataclass(frozen=True, slots=True)
class Totals:
    """Money that went one way in the days of a statement: at the bank, matched of it, and in the books."""

    label: str
    bank_idr: int
    matched_idr: int
    books_idr: int

    @property
    def apart_idr(self) -> int:
        """How much more the bank has than the books; 0 is no proof, since differences may cancel."""
        return self.bank_idr - self.books_idr


def totals(statement: Statement) -> list[Totals]:
    """Money out and in of a statement beside the payments and returns that the books have in its days."""
    has_step, out, in_ = Q(step__isnull=False), Q(amount_idr__lt=0), Q(amount_idr__gt=0)
    bank = statement.lines.aggregate(
        out=Sum("amount_idr", filter=out, default=0), out_matched=Sum("amount_idr", filter=out & has_step, default=0),
        into=Sum("amount_idr", filter=in_, default=0), into_matched=Sum("amount_idr", filter=in_ & has_step, default=0),
    )  # fmt: skip
    books = moved_money(statement.programme).filter(dated__range=(statement.first_day, statement.last_day)).aggregate(
        out=Sum("amount_idr", filter=Q(kind=StepKind.PAID), default=0),
        into=Sum("amount_idr", filter=Q(kind=StepKind.REFUNDED), default=0),
    )  # fmt: skip
    return [
        Totals(_("Money out"), -bank["out"], -bank["out_matched"], books["out"]),
        Totals(_("Money in"), bank["into"], bank["into_matched"], books["into"]),
    ]


def moved_money(programme: Programme) -> QuerySet[Step]:
    """The steps that a bank has to have: payments and returns of money."""
    kinds = (StepKind.PAID, StepKind.REFUNDED)
    return Step.objects.standing().filter(programme=programme, kind__in=kinds, assistance__entitlement__form="money")


def bank_of(row: Assistance) -> list[Step]:
    """The steps of an assistance that moved money, with what the bank says of each."""
    steps = row.steps.standing().filter(kind__in=(StepKind.PAID, StepKind.REFUNDED))
    differing = BankDifference.objects.exclude(statement__status=StatementStatus.TAKEN_BACK).select_related("line")
    return list(steps.select_related("bank_line__statement").prefetch_related(Prefetch("bank_differences", differing)))


def counts(programme: Programme) -> dict[str, int]:
    """How many steps of each kind stand, and the sums in rupiah."""
    steps = Step.objects.standing().filter(programme=programme)
    sums = {
        kind.value: Sum("amount_idr", filter=Q(kind=kind), default=0)
        for kind in (StepKind.PAID, StepKind.RECEIVED, StepKind.REFUNDED)
    }
    numbers = {f"n_{kind.value}": Count("pk", filter=Q(kind=kind)) for kind in StepKind}
    items = PurchaseItem.objects.filter(programme=programme, purchase__in=Purchase.objects.standing())
    spent = items.aggregate(spent=Sum("amount_idr", default=0))["spent"]
    return steps.aggregate(**sums, **numbers) | {"spent": spent}


def of_page(rows: QuerySet[Assistance]) -> list[Any]:
    """Assistances with what their reminders follow from, in one query."""
    steps = Step.objects.standing().filter(assistance=OuterRef("pk"))
    return list(
        rows.select_related("entitlement", "group", "receiver__person")
        .annotate(
            due_from=Subquery(steps.filter(kind=StepKind.PAID).values("dated")[:1]),
            is_received=Exists(steps.filter(kind=StepKind.RECEIVED)),
            is_reported=Exists(steps.filter(kind__in=(StepKind.REPORTED, StepKind.HANDED_OVER))),
        )
        .order_by("code")
    )


def is_awaiting_hands(row: Any) -> bool:
    """Whether it was paid and its receiver did not confirm it yet."""
    return row.due_from is not None and not row.is_received


def reminder_of(row: Any, day: datetime.date) -> Text | None:
    """What participant and mentor read when the report is due soon, or overdue."""
    due = rules.due_on(row.due_from, row.entitlement.report_days)
    return rules.reminder(due, is_reported=row.is_reported, today=day)
