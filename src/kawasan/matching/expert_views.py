"""One expert: what is left of the hours, and for what they were lent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.matching import listings, services
from kawasan.matching.forms import LoanForm
from kawasan.matching.models import Loan
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role

INSIDE = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
WRITERS = (Role.MANAGER, Role.PLANNER)


@who_may(*INSIDE)
def expert(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The hours of this month, all loans, and a form to ask for more."""
    found = get_object_or_404(programme.experts.select_related("organisation"), code=code)
    day = today(programme)
    given = services.hours_given(found, day)
    context = {
        "expert": found,
        "day": day,
        "given": given,
        "taught": services.hours_taught(found, day),
        "left": max(found.hours_per_month - given, 0),
        "page": page_of(request, found.loans.select_related("group")),
        "may_write": has_role(request, *WRITERS),
    }
    return listed(request, "matching/expert.html", context, listings.LOANS)


@who_may(*WRITERS)
def lend(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Ask for hours of an expert."""
    found = get_object_or_404(programme.experts, code=code)
    form = LoanForm(request.POST or None, programme=programme, instance=Loan(expert=found))
    if form.is_valid():
        services.lend_expert(loan=form.instance, by=request.user)
        messages.success(request, _("The hours are counted."))
        return redirect("matching:expert", programme.code, code)
    context = {
        "form": form,
        "back": redirect("matching:expert", programme.code, code).url,
        "heading": _("Ask for hours of %(name)s") % {"name": found.name},
        "purpose": _("The organisation gives so many hours a month; what you ask for is counted from them."),
    }
    return render(request, "form_page.html", context)


@require_POST
@who_may(*WRITERS)
def cancel_loan(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    loan = get_object_or_404(programme.loans.select_related("expert", "programme"), pk=pk)
    services.cancel_loan(loan=loan, by=request.user)
    messages.success(request, _("The hours are free again."))
    return redirect("matching:expert", programme.code, loan.expert.code)
