"""What looks odd in assistances, for people to judge: nothing is refused for it."""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Sum

from kawasan.assistance import queries, rules
from kawasan.assistance.models import Assistance, BudgetLine, Purchase, Step
from kawasan.assistance.rules import Bought, Share, Standing, StepKind
from kawasan.core.text import Found
from kawasan.engine.assignment import distance_km
from kawasan.programmes.models import Programme

Purchases = dict[int, list[Purchase]]


def warnings(programme: Programme, day: datetime.date) -> list[tuple[Assistance, list[Found]]]:
    """Every assistance with what is odd about it; the same queries however many there are."""
    rows = list(programme.assistances.in_full().prefetch_related("entitlement__spending_rules"))
    found = warnings_of(rows, day)
    return [(row, found[row.pk]) for row in rows if found[row.pk]]


def warnings_of(rows: Sequence[Assistance], day: datetime.date) -> dict[int, list[Found]]:
    """What is odd about each of these; accounts and photos are compared with those of the whole programme."""
    if not rows:
        return {}
    programme = rows[0].programme_id
    standings = queries.standings(rows, with_briefing=False)
    receipts, lines = _receipts(rows), queries.lines_of(rows)
    others = _accounts(programme), _alike(programme)
    return {
        row.pk: _found(row, standings[row.pk], receipts.get(row.pk, []), lines.get(row.pk, []), others, day)
        for row in rows
    }


def warnings_of_one(row: Assistance, file: queries.File, day: datetime.date) -> list[Found]:
    """What is odd about one whose file was read already."""
    alike = _alike(row.programme_id) if file.receipts else {}
    others = _accounts(row.programme_id), alike
    return _found(row, file.standing, file.receipts, file.budget, others, day)


def _found(
    row: Assistance, standing: Standing, receipts: list[Purchase], lines: list[BudgetLine],
    others: tuple[dict[str, list[str]], dict[str, list[str]]], day: datetime.date,
) -> list[Found]:  # fmt: skip
    accounts, alike = others
    is_reported = StepKind.REPORTED in standing.makers
    shares = _shares(row) if is_reported else []
    return [
        *rules.warning_account(accounts.get(row.code, [])),
        *rules.warning_holder(standing.holder, _recipients(row)),
        *_of_receipts(row, receipts, standing),
        *rules.warnings_photo([one.code for one in receipts], alike),
        *rules.warnings_of_lines((line.item, line.total_idr, _spent(line)) for line in lines),
        *rules.warnings_of_sums(standing, _due(row, standing), day),
        *rules.warnings_split(_spending(lines), shares, is_reported=is_reported),
    ]


def _spent(line: BudgetLine) -> int:
    return getattr(line, "spent_idr", 0) or 0


def _spending(lines: list[BudgetLine]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.category] += _spent(line)
    return dict(sums)


def _recipients(row: Assistance) -> list[str]:
    return [row.receiver.person.name, *([row.group.name] if row.group else [])]


def _due(row: Assistance, standing: Standing) -> datetime.date | None:
    return rules.due_on(standing.days.get(StepKind.PAID), row.entitlement.report_days)


def _shares(row: Assistance) -> list[Share]:
    return [one.share for one in row.entitlement.spending_rules.all()]


def _receipts(rows: Sequence[Assistance]) -> Purchases:
    found: Purchases = defaultdict(list)
    bought = Purchase.objects.standing().filter(assistance__in=[row.pk for row in rows])
    for one in bought.select_related("place").annotate(total_idr=Sum("items__amount_idr")).order_by("pk"):
        found[one.assistance_id].append(one)
    return found


def _of_receipts(row: Assistance, receipts: list[Purchase], standing: Standing) -> list[Found]:
    bought = [
        Bought(one.code, getattr(one, "total_idr", 0) or 0, one.dated, one.look, _km(row, one)) for one in receipts
    ]
    return rules.warnings_of_receipts(bought, standing.days.get(StepKind.REPORTED))


def _km(row: Assistance, purchase: Purchase) -> float | None:
    shop, home = purchase.place, row.place
    if shop is None:
        return None
    return float(distance_km([home.latitude], [home.longitude], [shop.latitude], [shop.longitude])[0][0])


def _accounts(programme: int) -> dict[str, list[str]]:
    """Assistances (codes) whose account is also that of another; an account is compared by its mark alone."""
    by_account: dict[str, list[str]] = defaultdict(list)
    agreed = Step.objects.standing().filter(programme=programme, kind=StepKind.AGREED).select_related("assistance")
    for step in agreed.order_by("pk"):
        if step.account:
            by_account[step.account].append(step.assistance.code)
    return {
        code: [other for other in codes if other != code]
        for codes in by_account.values()
        if len(codes) > 1
        for code in codes
    }


def _alike(programme: int) -> dict[str, list[str]]:
    looks = Purchase.objects.standing().filter(programme=programme).exclude(look="").order_by("pk")
    return rules.same_photos(looks.values_list("code", "look"))
