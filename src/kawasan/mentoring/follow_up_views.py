"""One participant in the mentoring: the action plan, recommendations, questions to experts, problems and visits."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.applicants.models import Applicant
from kawasan.core.paging import page_of
from kawasan.matching.models import Group
from kawasan.mentoring import queries, services
from kawasan.mentoring.forms import ExpertRequestForm, FinishForm, RecommendationForm, StepForm
from kawasan.mentoring.models import ActionStep, ExpertRequest, Recommendation, Visit
from kawasan.mentoring.rules import Block, RequestState
from kawasan.mentoring.views import SEE_ALL, groups_of, loggable_by
from kawasan.programmes.access import ProgrammeRequest, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

MOST_VISITS = 10  # on a page, the latest first
KINDS: dict[str, tuple[Any, Any, Any]] = {
    "step": (ActionStep, StepForm, gettext_lazy("Add a step of the action plan")),
    "recommendation": (Recommendation, RecommendationForm, gettext_lazy("Add a recommendation")),
    "expert": (ExpertRequest, ExpertRequestForm, gettext_lazy("Ask for an expert")),
}


@who_may(*SEE_ALL, Role.MENTOR)
def person(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What was agreed with a participant and what came of it."""
    applicant = _member(groups_of(request, programme), code)
    context = {
        "applicant": applicant,
        "steps": ActionStep.objects.filter(applicant=applicant),
        "recommendations": Recommendation.objects.filter(applicant=applicant),
        "requests": ExpertRequest.objects.filter(applicant=applicant).select_related("expert"),
        "problems": applicant.problem_cases.all(),
        "asked": queries.requests_of(applicant),
        "canvas": queries.canvas_of(applicant),
        "blocks": len(Block),
        "member": applicant.group_memberships.select_related("group").get(),
        "visits": Visit.objects.standing().of_participant(applicant).select_related("mentor")[:MOST_VISITS],
        "day": today(programme),
        "may_agree": loggable_by(request, programme).filter(members__applicant=applicant).exists(),
    }
    return render(request, "mentoring/person.html", context)


@who_may(Role.PARTICIPANT)
def own_plan(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What a participant agreed with the mentor, and the visits of which to say whether they took place."""
    members = programme.group_members.filter(applicant__person__user=request.user)
    member = members.select_related("applicant", "group").first()
    applicant = member.applicant if member else None
    context = {
        "member": member,
        "steps": ActionStep.objects.filter(applicant=applicant),
        "page": page_of(request, queries.visits_of(applicant) if applicant else [], MOST_VISITS),
        "asked": (asked := list(queries.requests_of(applicant)[:MOST_VISITS]) if applicant else []),
        "may_ask": applicant is not None and not any(one.state == RequestState.OPEN for one in asked),
    }
    return render(request, "mentoring/own_plan.html", context)


@who_may(Role.MANAGER, Role.MENTOR)
def agree(request: ProgrammeRequest, programme: Programme, code: str, kind: str) -> HttpResponse:
    """Agree a step, recommend something, or ask for an expert."""
    model, form_class, heading = _kind(kind)
    applicant = _member(loggable_by(request, programme), code)
    row = model(programme=programme, applicant=applicant, made_on=today(programme))
    form = form_class(request.POST or None, instance=row, programme=programme)
    back = reverse("mentoring:person", args=[programme.code, code])
    if form.is_valid():
        services.agree(row=form.instance, by=request.user)
        messages.success(request, _("It is kept."))
        return redirect(back)
    context = {"form": form, "heading": heading, "purpose": applicant.person.name, "back": back}
    return render(request, "form_page.html", context)


@who_may(Role.MANAGER, Role.MENTOR)
def finish(request: ProgrammeRequest, programme: Programme, code: str, kind: str, number: int) -> HttpResponse:
    """Say what came of it."""
    model = _kind(kind)[0]
    applicant = _member(loggable_by(request, programme), code)
    row = get_object_or_404(model, applicant=applicant, pk=number)
    form, back = FinishForm(request.POST or None), reverse("mentoring:person", args=[programme.code, code])
    if form.is_valid():
        services.finish(row=row, outcome=form.cleaned_data["outcome"], by=request.user, on=today(programme))
        messages.success(request, _("It is kept."))
        return redirect(back)
    context = {"form": form, "heading": _("What came of it"), "purpose": str(row), "back": back}
    return render(request, "form_page.html", context)


def _kind(kind: str) -> tuple[Any, Any, Any]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _member(groups: QuerySet[Group], code: str) -> Applicant:
    """A participant of these groups."""
    members = Applicant.objects.filter(group_memberships__group__in=groups).select_related("person")
    return get_object_or_404(members, code=code)
