"""The bank's statement beside the books."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kawasan.assistance import forms
from kawasan.assistance.access import BOOKKEEPERS, SEE_ALL, form_page
from kawasan.assistance.rules import bank as rules
from kawasan.assistance.rules.bank import StatementStatus
from kawasan.assistance.services import bank
from kawasan.core.paging import page_of
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
    still_open = Count("differences", filter=Q(differences__closed_on=None))
    rows = programme.bank_statements.defer("table").annotate(open=still_open).order_by("-pk")
    return render(request, "assistance/statements.html", {"form": form, "page": page_of(request, rows)})


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
        context = {"statement": found, "form": form, "rows": found.table[1 : SHOWN + 1], "can_write": can_write}
        return render(request, "assistance/columns.html", context)
    lines = found.lines.select_related("step__assistance__group", "step__assistance__receiver__person")
    differences = found.differences.select_related("line", "step__assistance__group", "closed_by")
    context = {
        "statement": found,
        "page": page_of(request, lines.exclude(step=None)),
        "differences": differences.select_related("step__assistance__receiver__person"),
        "open": sum(1 for one in differences if one.closed_on is None),
        "can_write": can_write,
    }
    return render(request, "assistance/statement.html", context)


@who_may(*BOOKKEEPERS)
def close(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Say what a difference is."""
    found = get_object_or_404(programme.bank_differences.select_related("statement", "step", "line"), pk=number)
    form = forms.WordForm(request.POST or None)
    if form.is_valid():
        bank.close_difference(difference=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The difference was closed."))
        return redirect("assistance:statement", programme.code, found.statement_id)
    back = reverse("assistance:statement", args=[programme.code, found.statement_id])
    return form_page(request, form, found.get_kind_display(), str(found.line or found.step), back)
