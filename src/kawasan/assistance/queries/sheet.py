"""The assistance of a programme as one spreadsheet: what each got, every step and receipt, and what the columns are."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext

from kawasan.assistance import queries
from kawasan.assistance.models import BankDifference, BankLine, BudgetLine, Purchase, PurchaseItem, Step
from kawasan.assistance.rules import StepKind
from kawasan.assistance.rules.bank import StatementStatus, masked
from kawasan.core.language import in_words
from kawasan.core.text import _
from kawasan.programmes.models import Programme

COLUMNS = {
    "code": _("Code of the assistance"),
    "recipient": _("Group or person who gets it"),
    "receiver": _("Application of who receives it"),
    "entitlement": _("What is given"),
    "fund": _("Budget that it is paid from"),
    "decree": _("Number of the decree"),
    "last_step": _("Last step that stands"),
    "paid_on": _("Day of the disbursement"),
    "approved_idr": _("Sum of the approved budget, rupiah"),
    "paid_idr": _("Disbursed, rupiah"),
    "in_hand_idr": _("Confirmed in hand by the receiver, rupiah"),
    "spent_idr": _("Sum of the receipts, rupiah"),
    "refunded_idr": _("Returned, rupiah"),
    "left_idr": _("In hand, neither spent nor returned, rupiah"),
    "not_in_hand_idr": _("Paid and not in hand, rupiah"),
}
STEPS = {
    "assistance": _("Code of the assistance"),
    "step": _("Code of the step"),
    "kind": _("Which step it is"),
    "day": _("Day on which it happened"),
    "number": _("Number of the decree, the agreement or the transfer"),
    "amount_idr": _("Sum that moved or was counted, rupiah"),
    "recorded_by": _("Who recorded it"),
    "paper": _("SHA-256 of the paper's file"),
    "stands": _("Whether it stands: no when it was taken back, or takes another back"),
}
BUDGET = {
    "assistance": _("Code of the assistance"),
    "line": _("Code of the budget line"),
    "item": _("What is to be bought"),
    "category": _("Tools, materials or other"),
    "quantity": _("How many units"),
    "unit": _("Unit"),
    "price_idr": _("Price of one, rupiah"),
    "total_idr": _("Quantity times price, rupiah"),
}
RECEIPTS = {
    "assistance": _("Code of the assistance"),
    "receipt": _("Code of the receipt"),
    "day": _("Day of the receipt"),
    "shop": _("Name of the shop"),
    "line": _("Code of the budget line"),
    "item": _("What was bought"),
    "amount_idr": _("What was paid for it, rupiah"),
    "paper": _("SHA-256 of the photo"),
}
BANK = {
    "statement": _("File of the bank's statement"),
    "difference": _("What the bank and the books do not say alike; empty when they match"),
    "row": _("Row of the statement"),
    "bank_idr": _("Sum at the bank, rupiah; below 0 when it left the account"),
    "text": _("Text of the bank, with the numbers of accounts hidden"),
    "step": _("Code of the step in the books"),
    "books_idr": _("Sum in the books, rupiah"),
    "closed_on": _("Day on which somebody closed it"),
    "word": _("What it is, as who closed it says"),
}
Row = Sequence[Any]


def assistances(programme: Programme) -> list[Row]:
    """One row for each; its sums are those of the trace."""
    rows = list(queries.overview(programme).order_by("code"))
    stand = queries.standings(rows, with_briefing=False)
    decrees = Step.objects.standing().filter(programme=programme, kind=StepKind.DECREED)
    numbers = dict(decrees.values_list("assistance", "number"))
    return [_assistance(row, stand[row.pk], numbers.get(row.pk, "")) for row in rows]


def _assistance(row: Any, standing: Any, decree: str) -> Row:
    return [
        row.code, str(row.group or row.receiver.person), row.receiver.code, str(row.entitlement), row.entitlement.fund,
        decree, in_words(StepKind(row.last).label) if row.last else "", row.paid_on, standing.approved, standing.paid,
        standing.in_hand, standing.spent, standing.refunded, standing.unspent,
        max(standing.paid - standing.in_hand, 0) if StepKind.RECEIVED in standing.makers else 0,
    ]  # fmt: skip


def steps(programme: Programme) -> Iterable[Row]:
    standing = set(Step.objects.standing().filter(programme=programme).values_list("pk", flat=True))
    for one in Step.objects.filter(programme=programme).select_related("assistance").order_by("assistance__code", "pk"):
        yield [
            one.assistance.code, one.code, one.get_kind_display(), one.dated, one.number, one.amount_idr, one.who,
            one.paper, gettext("yes") if one.pk in standing else gettext("no"),
        ]  # fmt: skip


def budget(programme: Programme) -> Iterable[Row]:
    lines = BudgetLine.objects.filter(programme=programme, proposal__in=Step.objects.standing())
    for one in lines.select_related("proposal__assistance").order_by("proposal__assistance__code", "pk"):
        yield [
            one.proposal.assistance.code, one.code, one.item, one.get_category_display(), one.quantity, one.unit,
            one.price_idr, one.total_idr,
        ]  # fmt: skip


def receipts(programme: Programme) -> Iterable[Row]:
    items = PurchaseItem.objects.filter(programme=programme, purchase__in=Purchase.objects.standing())
    for one in items.select_related("purchase__assistance", "line").order_by("purchase__assistance__code", "pk"):
        bought = one.purchase
        yield [
            bought.assistance.code, bought.code, bought.dated, bought.shop, one.line.code, one.line.item,
            one.amount_idr, bought.paper,
        ]  # fmt: skip


def bank(programme: Programme) -> Iterable[Row]:
    """Every matched movement and every difference of the statements that stand."""
    lines = BankLine.objects.filter(programme=programme).exclude(step=None).select_related("statement", "step")
    for line in lines:
        yield [line.statement.name, "", *_line(line), *_step(line.step), None, ""]
    differences = BankDifference.objects.filter(programme=programme)
    differences = differences.exclude(statement__status=StatementStatus.TAKEN_BACK)
    for one in differences.select_related("statement", "line", "step"):
        name, said = one.statement.name, one.get_kind_display()
        yield [name, said, *_line(one.line), *_step(one.step), one.closed_on, one.word]


def _line(line: BankLine | None) -> Row:
    return [line.row, line.amount_idr, masked(line.text)] if line else [None, None, ""]


def _step(step: Step | None) -> Row:
    return [step.code, step.amount_idr] if step else ["", None]


SHEETS = (
    (_("Assistance"), COLUMNS, assistances),
    (_("Steps"), STEPS, steps),
    (_("Budgets"), BUDGET, budget),
    (_("Receipts"), RECEIPTS, receipts),
    (_("Bank"), BANK, bank),
)


def as_xlsx(programme: Programme) -> bytes:
    return workbook([(title, columns, rows(programme)) for title, columns, rows in SHEETS])


def workbook(sheets: Sequence[tuple[str, Mapping[str, str], Iterable[Row]]]) -> bytes:
    """Tables with their titles and columns as one spreadsheet, whose last sheet says what each column is."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for title, columns, rows in sheets:
            _sheet(book, in_words(title), list(columns), rows, bold, day)
        said = [
            [in_words(title), name, in_words(about)] for title, columns, _r in sheets for name, about in columns.items()
        ]
        head = [gettext("Sheet"), gettext("Column"), gettext("What it is")]
        _sheet(book, gettext("Data dictionary"), head, said, bold, day)
    return file.getvalue()


def _sheet(book: Any, title: str, head: Row, rows: Iterable[Row], bold: Any, day: Any) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.write_row(0, 0, head, bold)
    for number, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells):
            sheet.write(number, column, value, *([day] if hasattr(value, "isoformat") else []))
    sheet.freeze_panes(1, 1)
    sheet.autofit()
