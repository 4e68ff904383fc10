"""Objections to an assessment: filed by whoever has the receipt, answered by who checks applications."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kawasan.applicants import listings
from kawasan.applicants.models import Objection
from kawasan.applicants.public_forms import AnswerForm, ObjectionForm
from kawasan.applicants.public_views import opened
from kawasan.applicants.rules import Outcome
from kawasan.applicants.services import objections as services
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, anyone_may, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

CHECKERS = (Role.MANAGER, Role.VERIFIER)


@never_cache
@anyone_may
def object_to_assessment(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Say what is wrong with one's own assessment."""
    applicant, day = opened(request, programme), today(programme)
    if applicant is None:
        return redirect("reports:own_application", programme.code)
    form = ObjectionForm(request.POST or None)
    if form.is_valid():
        services.file_objection(applicant=applicant, by=None, on=day, **form.cleaned_data)
        messages.success(request, _("Your objection was filed. The answer will stand on this page."))
        return redirect("reports:own_application", programme.code)
    context = {"programme": programme, "form": form, "last_day": applicant.last_day_to_object}
    context["instead"] = [] if form.is_bound else applicant.reasons_no_objection(day)
    return render(request, "applicants/object.html", context, status=422 if form.errors else 200)


@who_may(*CHECKERS, Role.AUDITOR)
def objections(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who objected to what; those that wait come first."""
    found = programme.objections.select_related("applicant__person", "answered_by")
    is_all = request.GET.get("state") == "all"
    context = {
        "page": page_of(request, found if is_all else found.to_answer()),
        "is_all": is_all,
        "waiting": programme.objections.to_answer().count(),
    }
    return listed(request, "applicants/objections.html", context, listings.OBJECTIONS)


@who_may(*CHECKERS, Role.AUDITOR)
def objection(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """One objection, and its answer."""
    found: Objection = get_object_or_404(
        programme.objections.select_related("applicant__person", "answered_by"), pk=number
    )
    may_answer = found.outcome == Outcome.OPEN and has_role(request, *CHECKERS)
    form = AnswerForm(request.POST or None)
    if has_role(request, *CHECKERS) and form.is_valid():
        services.answer_objection(objection=found, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("The answer is kept; the applicant sees it."))
        return redirect("applicants:objection", programme.code, number)
    return render(request, "applicants/objection.html", {"objection": found, "form": form if may_answer else None})
