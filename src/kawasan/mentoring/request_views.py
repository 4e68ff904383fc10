"""A participant asks for a visit, takes that back, and is answered in words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.mentoring import services
from kawasan.mentoring.forms import AnswerForm, VisitRequestForm
from kawasan.mentoring.models import VisitRequest
from kawasan.mentoring.views import loggable_by
from kawasan.programmes.access import ProgrammeRequest, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role


@who_may(Role.PARTICIPANT)
def ask_visit(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Say what a visit is wanted for."""
    own = programme.applicants.filter(group_memberships__isnull=False, person__user=request.user)
    applicant, back = own.first(), reverse("mentoring:own_plan", args=[programme.code])
    if applicant is None:
        return _page(request, back, instead=[_("You are in no group yet, so nobody could come.")])
    asked = VisitRequest(programme=programme, applicant=applicant, asked_on=today(programme))
    form = VisitRequestForm(request.POST or None, instance=asked, programme=programme)
    if form.is_valid():
        services.ask_visit(request=form.instance, by=request.user)
        messages.success(request, _("Your mentor sees your request."))
        return redirect(back)
    return _page(request, back, form=form)


def _page(request: ProgrammeRequest, back: str, **shown: Any) -> HttpResponse:
    purpose = _("Your mentor sees it among the visits of the day. One request at a time.")
    words = {"heading": _("Ask for a visit"), "purpose": purpose, "submit": _("Ask for a visit")}
    return render(request, "form_page.html", {"back": back, **words, **shown})


@require_POST
@who_may(Role.PARTICIPANT)
def take_back_request(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """No visit is needed any more."""
    asked = get_object_or_404(programme.visit_requests, code=code, applicant__person__user=request.user)
    services.take_back_request(request=asked, by=request.user, on=today(programme))
    messages.success(request, _("The request is taken back."))
    return redirect("mentoring:own_plan", programme.code)


@who_may(Role.MANAGER, Role.MENTOR)
def answer_request(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Answer a request in words."""
    seen = programme.visit_requests.filter(applicant__group_memberships__group__in=loggable_by(request, programme))
    asked = get_object_or_404(seen.select_related("applicant__person"), code=code)
    form, back = (
        AnswerForm(request.POST or None),
        reverse("mentoring:person", args=[programme.code, asked.applicant.code]),
    )
    if form.is_valid():
        services.answer_request(request=asked, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("The participant sees your answer."))
        return redirect(back)
    context = {"form": form, "heading": asked.applicant.person.name, "purpose": asked.wanted, "back": back}
    return render(request, "form_page.html", context)
