"""Problems that stand between participants and the mentoring: seen, settled, and open ones first."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.mentoring import listings, services
from kawasan.mentoring.forms import ProblemForm, SettleForm
from kawasan.mentoring.models import ProblemCase
from kawasan.mentoring.views import SEE_ALL, groups_of, loggable_by
from kawasan.programmes.access import ProgrammeRequest, may_open, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role


@who_may(*SEE_ALL, Role.MENTOR)
def problems(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The problems of the groups that the reader sees."""
    seen = programme.problem_cases.filter(applicant__group_memberships__group__in=groups_of(request, programme))
    context = {
        "page": page_of(request, seen.select_related("applicant__person")),
        "may_note": may_open(request, "mentoring:note_problem"),
    }
    return listed(request, "mentoring/problems.html", context, listings.PROBLEMS)


@who_may(Role.MANAGER, Role.MENTOR)
def note_problem(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Note a problem of a participant."""
    day, groups = today(programme), loggable_by(request, programme)
    case = ProblemCase(programme=programme, seen_on=day)
    form = ProblemForm(request.POST or None, instance=case, programme=programme, groups=groups, today=day)
    back = reverse("mentoring:problems", args=[programme.code])
    if form.is_valid():
        services.note_problem(case=form.instance, by=request.user)
        messages.success(request, _("The problem was noted."))
        return redirect(back)
    purpose = _("Not safe to visit is a valid reason: do not force a visit. The office sees it and decides with you.")
    context = {"form": form, "heading": _("Note a problem"), "purpose": purpose, "back": back}
    return render(request, "form_page.html", context)


@who_may(Role.MANAGER, Role.MENTOR)
def settle_problem(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Say how a problem was settled."""
    own = programme.problem_cases.filter(applicant__group_memberships__group__in=loggable_by(request, programme))
    case = get_object_or_404(own.select_related("applicant__person"), pk=number)
    form, back = SettleForm(request.POST or None), reverse("mentoring:problems", args=[programme.code])
    if form.is_valid():
        services.settle_problem(case=case, outcome=form.cleaned_data["outcome"], by=request.user, on=today(programme))
        messages.success(request, _("The problem is settled."))
        return redirect(back)
    heading = f"{case.get_kind_display()}: {case.applicant.person}"
    return render(request, "form_page.html", {"form": form, "heading": heading, "purpose": case.what, "back": back})
