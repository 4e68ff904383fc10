"""The bank's statement beside the books."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.assistance import forms, listings, queries
from kawasan.assistance.access import BOOKKEEPERS, SEE_ALL
from kawasan.assistance.models import BankDifference, BankLine
from kawasan.assistance.rules import bank as rules
from kawasan.assistance.rules.bank import StatementStatus
from kawasan.assistance.services import bank
from kawasan.core.language import rupiah
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.core.templatetags.kawasan import short_day
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.models import Programme

SHOWN = 5  # rows of a file beside which its columns are chosen


@who_may(*SEE_ALL)
def statements(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every statement, with how many differences are still open."""
    can_write = has_role(request, *BOOKKEEPERS)
    form = forms.StatementForm(request.POST or None, request.FILES or None) if can_write else None
    if form and form.is_valid():
        made = bank.read_statement(programme=programme, by=request.user, **form.cleaned_data)
        return redirect("assistance:statement", programme.code, made.pk)
    still_open = Count("differences", filter=Q(differences__closed_on=None) & ~Q(status=StatementStatus.TAKEN_BACK))
    rows = programme.bank_statements.defer("table").annotate(open=still_open).order_by("-pk")
    return listed(
        request, "assistance/statements.html", {"form": form, "page": page_of(request, rows)}, listings.STATEMENTS
    )


@who_may(*SEE_ALL)
def statement(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Choose the columns of a new statement; of a matched one see what matches, why, and what differs."""
    found = get_object_or_404(programme.bank_statements, pk=number)
    can_write = has_role(request, *BOOKKEEPERS)
    if found.status == StatementStatus.READ:
        head = found.table[0]
        form = forms.ColumnsForm(request.POST or None, head=head, guessed=rules.guess(head))
        if can_write and form.is_valid():
            bank.match_statement(statement=found, columns=form.columns(), by=request.user)
            messages.success(request, _("The statement was matched with the books."))
            return redirect("assistance:statement", programme.code, number)
        rows = found.table[: SHOWN + 1]
        shown = rows if can_write else [[rules.masked(cell) for cell in cells] for cells in rows]
        context = {"statement": found, "form": form, "rows": shown[1:], "head": shown[0], "can_write": can_write}
        return render(request, "assistance/columns.html", context)
    lines = found.lines.select_related("step__assistance__group", "step__assistance__receiver__person")
    rows = found.differences.none() if found.status == StatementStatus.TAKEN_BACK else found.differences.all()
    differences = rows.select_related("line", "step__assistance__group").prefetch_related("words")
    page = page_of(request, lines.exclude(step=None))
    differing = list(differences.select_related("step__assistance__receiver__person"))

    def masked(part: list[BankLine]) -> list[BankLine]:
        if not can_write:
            _mask(part)
        return part

    if not can_write:
        _mask([*page, *(one.line for one in differing if one.line)])
    context = {
        "statement": found,
        "page": page,
        "differences": differing,
        "open": sum(1 for one in differing if one.closed_on is None),
        "left_out": max(sum(1 for cells in found.table[1:] if any(cells)) - found.lines.count(), 0),
        "totals": queries.totals(found),
        "can_write": can_write,
    }
    return listed(request, "assistance/statement.html", context, listings.BANK_LINES, masked, rows=lines)


@who_may(*BOOKKEEPERS)
def take_back(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Take a statement back that was matched wrongly, or remove one that cannot be read."""
    found = get_object_or_404(programme.bank_statements, pk=number)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        bank.take_statement_back(statement=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The statement was taken back. Its file may come again."))
        return redirect("assistance:statements", programme.code)
    heading = format_lazy(gettext_lazy("Take {name} back"), name=found.name)
    purpose = gettext_lazy("Its matches no longer count. If it was matched, its rows and your reason stay to be read.")
    back = reverse("assistance:statement", args=[programme.code, number])
    return form_page(request, form, heading, purpose, back, instead=bank.reasons_not_taken_back(found, by=request.user))


def _mask(lines: Iterable[BankLine]) -> None:
    """Only who keeps the books reads the numbers of accounts in a bank's text."""
    for line in lines:
        line.text = rules.masked(line.text)


def _difference(programme: Programme, number: int) -> BankDifference:
    rows = programme.bank_differences.exclude(statement__status=StatementStatus.TAKEN_BACK)
    return get_object_or_404(rows.select_related("statement", "line", "step__assistance__group"), pk=number)


@who_may(*BOOKKEEPERS)
def close(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Say what a difference is; whoever may not reads why instead of a form."""
    found = _difference(programme, number)
    form = forms.WordForm(request.POST or None)
    instead = bank.reasons_not_closed_by(found, by=request.user)
    if form.is_valid():
        bank.close_difference(difference=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The difference was closed."))
        return redirect("assistance:statement", programme.code, found.statement_id)
    back = reverse("assistance:statement", args=[programme.code, found.statement_id])
    return form_page(request, form, found.get_kind_display(), _what(found), back, instead=instead)


@who_may(*BOOKKEEPERS)
def reopen(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Open a closed difference again with a reason."""
    found = _difference(programme, number)
    form = forms.ReasonForm(request.POST or None)
    instead = bank.reasons_not_reopened(found)
    if form.is_valid():
        bank.reopen_difference(difference=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The difference is open again. What was said of it stays below it."))
        return redirect("assistance:statement", programme.code, found.statement_id)
    back = reverse("assistance:statement", args=[programme.code, found.statement_id])
    return form_page(request, form, gettext_lazy("Open a difference again"), _what(found), back, instead=instead)


def _what(found: BankDifference) -> str:
    """Both sides of a difference in words."""
    sides = []
    if line := found.line:
        day, amount = short_day(line.dated), rupiah(line.amount_idr)
        sides.append(_("Bank: {day}, {sum}, {text}").format(day=day, sum=amount, text=line.text or "–"))
    if step := found.step:
        gaps = {"day": short_day(step.dated), "sum": rupiah(step.amount_idr), "row": str(step.assistance)}
        sides.append(_("Books: {row}, {kind}, {day}, {sum}").format(kind=step.get_kind_display(), **gaps))
    return ". ".join(sides)
