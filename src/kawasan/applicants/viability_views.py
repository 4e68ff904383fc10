"""How viable business ideas are: handed out by a manager, marked blind, opened to whoever had the idea."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kawasan.applicants import listings, queries, rules
from kawasan.applicants.models import Applicant, Appraisal, ViabilityScheme
from kawasan.applicants.queries import APPRAISERS
from kawasan.applicants.services import viability as services
from kawasan.applicants.viability_forms import AssignForm, MarksForm, SchemeForm
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

OVERSEERS = (Role.MANAGER, Role.AUDITOR)


@who_may(*OVERSEERS)
def viability(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """How far the marking is, how far people agree, and the score of each idea."""
    form = AssignForm(request.POST or None, programme=programme)
    if has_role(request, Role.MANAGER) and form.is_valid():
        people = list(form.cleaned_data["appraisers"])
        asked = services.assign(programme=programme, appraisers=people, by=request.user, on=today(programme))
        messages.success(request, _("Ideas were handed out; marks asked for: {n}.").format(n=asked))
        return redirect("applicants:viability", programme.code)
    scheme, page = queries.viability_scheme_of(programme), page_of(request, queries.marked_ideas(programme))

    def with_marks(part: Iterable[Applicant]) -> list[tuple[Applicant, rules.Settled]]:
        return [(one, _settled(one, scheme)) for one in part]

    context = {
        "form": form if has_role(request, Role.MANAGER) else None,
        "counts": queries.appraisal_counts(programme),
        "agreements": services.agreements(programme, scheme),
        "page": page,
        "ideas": with_marks(page),
    }
    return listed(request, "applicants/viability.html", context, listings.IDEAS, with_marks)


def _settled(applicant: Applicant, scheme: ViabilityScheme) -> rules.Settled:
    marks = [one.marks for one in applicant.appraisals.all() if one.given_on]
    return rules.settled(marks, scheme.weights, scheme.most_apart)


@who_may(*OVERSEERS)
def idea(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The score of one idea, opened to its parts and to each person's marks."""
    found = get_object_or_404(programme.applicants.in_full(), code=code)
    result, everybody = queries.viability_of(found)
    context = {
        "applicant": found,
        "settled": result,
        "given": [(one, _in_words(one)) for one in everybody if one.given_on],
        "waiting": [one for one in everybody if not one.given_on],
    }
    return render(request, "applicants/idea.html", context)


def _in_words(appraisal: Appraisal) -> list[tuple[rules.Criterion, int, str]]:
    """Each mark with what it says."""
    return [
        (criterion, mark, rules.DESCRIPTORS[criterion][mark - 1])
        for criterion, mark in zip(rules.Criterion, appraisal.marks.values(), strict=True)
    ]


@who_may(Role.MANAGER)
def viability_weights(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What each criterion weighs."""
    form = SchemeForm(request.POST or None, instance=queries.viability_scheme_of(programme))
    if form.is_valid():
        services.set_scheme(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The weights are kept."))
        return redirect("applicants:viability", programme.code)
    return render(request, "applicants/viability_weights.html", {"form": form})


@who_may(*APPRAISERS)
def own_appraisals(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The ideas that somebody was asked to mark; whose they are is not said."""
    mine = programme.appraisals.filter(appraiser=request.user).order_by("given_on", "pk")
    mine = mine.select_related("applicant__field", "applicant__person__place__parent")
    waiting = mine.to_do().count()
    context = {"page": page_of(request, mine.order_by("given_on", "pk")), "waiting": waiting}
    return listed(request, "applicants/own_appraisals.html", context, listings.OWN_APPRAISALS)


@never_cache
@who_may(*APPRAISERS)
def appraise(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Mark one idea by its words and by what the plan knows; the other's marks come when both are in."""
    mine = programme.appraisals.filter(appraiser=request.user)
    found = get_object_or_404(mine.select_related("applicant__field", "applicant__person__place__parent"), pk=number)
    form = MarksForm(request.POST or None)
    if form.is_valid():
        remark = form.cleaned_data["remark"]
        services.give_marks(appraisal=found, marks=form.marks(), remark=remark, by=request.user, on=today(programme))
        messages.success(request, _("Your marks are in."))
        return redirect("applicants:own_appraisals", programme.code)
    person = found.applicant.person
    context = {
        "appraisal": found,
        "text": rules.blinded(found.applicant.idea, person.name, found.applicant.helped_by),
        "facts": queries.plan_facts(found.applicant),
        "form": None if found.given_on else form,
        "given": [(number, _in_words(one)) for number, one in enumerate(queries.shown_marks(found), start=1)],
    }
    return render(request, "applicants/appraise.html", context)
