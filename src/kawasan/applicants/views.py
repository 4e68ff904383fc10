from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.applicants import listings, queries, rules, services
from kawasan.applicants.forms import (
    ApplicantForm,
    DecisionForm,
    FilterForm,
    NumberForm,
    PairFilterForm,
    PersonForm,
    PurposeForm,
)
from kawasan.applicants.help_views import help_to_apply
from kawasan.applicants.models import Applicant, ApplicantQuerySet, PossibleDouble
from kawasan.applicants.rules import STILL_TO_DECIDE, Status
from kawasan.applicants.services import doubles as double_services
from kawasan.applicants.services.later import seek_later
from kawasan.applicants.services.names import MOST_FOUND, find_by_name
from kawasan.applicants.services.numbers import find_by_number
from kawasan.applicants.verification_views import verification_of
from kawasan.core.jobs import underway
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, may_open, today, who_may
from kawasan.programmes.job_views import answer
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role

READERS = (*OFFICE, Role.AUDITOR)
CHECKERS = (Role.MANAGER, Role.VERIFIER)
REVEALERS = (*CHECKERS, Role.AUDITOR)
CALLERS = CHECKERS  # they ring applicants up, so they see the phone without asking; mentors see that of their groups


@who_may(*READERS)
def applicants(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who applied, filtered and sorted, a page at a time."""
    form = FilterForm(request.GET, programme=programme)
    counts, waiting = queries.counts(programme), queries.waiting(programme)
    found, is_all = _wanted(programme, form)
    context = {
        "form": form,
        "page": page_of(request, found),
        "is_all": is_all,
        "most_found": MOST_FOUND,
        "counts": counts,
        "by_status": [(status, counts[status.value]) for status in Status],
        "next": rules.next_step(
            total=counts["total"],
            submitted=counts["submitted"],
            eligible=counts["eligible"],
            with_warnings=counts["with_warnings"],
            is_frozen=waiting.is_frozen,
        ),
        "waiting": waiting,
        "can_write": has_role(request, *CHECKERS),
        "can_see_objections": has_role(request, *REVEALERS),
        "can_find": has_role(request, *REVEALERS),
        "can_set_form": has_role(request, Role.MANAGER),
        "can_see_viability": may_open(request, "applicants:viability"),
        "can_appraise": may_open(request, "applicants:own_appraisals"),
    }
    return listed(request, "applicants/applicants.html", context, listings.APPLICANTS, rows=found)


@never_cache
@who_may(*REVEALERS)
def find(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who has a number. It is not in the address, which browsers and servers keep."""
    form, found = NumberForm(request.POST or None), None
    if form.is_valid():
        found = find_by_number(programme=programme, by=request.user, **form.cleaned_data)
    return render(request, "applicants/find.html", {"form": form, "found": found})


def _wanted(programme: Programme, form: FilterForm) -> tuple[ApplicantQuerySet, bool]:
    """The applicants that a filter asks for, and whether these are all whose names fit."""
    wanted = form.wanted()
    if not (typed := wanted.get("q")):
        return queries.matching(programme, wanted), True
    people = find_by_name(programme=programme, typed=typed)
    return queries.matching(programme, wanted, close=people.close, far=people.far), people.is_all


@who_may(*READERS)
def applicant(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One application: answers, assessment and what to check."""
    return _applicant_page(request, _find(programme, code), PurposeForm())


@require_POST
@never_cache
@who_may(*REVEALERS)
def reveal(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The same page with the numbers in clear; the log keeps the purpose."""
    found, form = _find(programme, code), PurposeForm(request.POST)
    numbers = None
    if form.is_valid():
        numbers = services.reveal_numbers(applicant=found, by=request.user, **form.cleaned_data)
    return _applicant_page(request, found, form, numbers=numbers)


def _applicant_page(request: ProgrammeRequest, found: Applicant, form: PurposeForm, **more: Any) -> HttpResponse:
    context = {
        "applicant": found,
        "person": found.person,
        "form": form,
        **queries.standing_in_pool(found),
        "papers": queries.papers_of(found),
        "can_write": has_role(request, *CHECKERS),
        "can_reveal": has_role(request, *REVEALERS),
        "can_call": has_role(request, *CALLERS),
        **verification_of(request, found),
        **more,
    }
    return render(request, "applicants/applicant.html", context)


@who_may(*CHECKERS, Role.MENTOR)
def new(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Enter an application that came on paper, or that of somebody who sits beside a mentor."""
    if not has_role(request, *CHECKERS):
        return help_to_apply(request, programme)
    day, data = today(programme), request.POST or None
    person = PersonForm(data, programme=programme)
    form = ApplicantForm(data, programme=programme, initial={"applied_on": day})
    if all((person.is_valid(), form.is_valid())):  # both, so that all errors are shown at once
        made = services.submit(
            programme=programme, person=person.instance, applicant=form.instance, by=request.user, on=day
        )
        messages.success(request, _("The application was entered."))
        return redirect("applicants:applicant", programme.code, made.code)
    return render(request, "applicants/form.html", {"person_form": person, "form": form})


@require_POST
@who_may(*CHECKERS)
def assess(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    counts = services.assess(programme=programme, by=request.user, on=today(programme))
    done = _(
        "Assessed: {eligible} eligible, {refused} not eligible, {with_warnings} with warnings; changed: {changed}."
    )
    messages.success(request, done.format(**counts))
    if counts["not_assessed"]:
        messages.warning(request, _("Not assessed: {not_assessed}. Their warnings say why.").format(**counts))
    return redirect("applicants:applicants", programme.code)


@who_may(*READERS)
def trouble(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """All that looks odd about the applicants or speaks against them, by kind."""
    count, persons = queries.unfinished(programme)
    context = {
        "troubles": queries.troubles(programme),
        "unfinished": persons,
        "unfinished_count": count,
        "counts": queries.counts(programme),
        "can_write": has_role(request, *CHECKERS),
    }
    people = programme.applicants.exclude(status=Status.WITHDRAWN).exclude(trouble="").in_full().order_by("code")
    return listed(request, "applicants/trouble.html", context, listings.TROUBLE, listings.in_trouble, rows=people)


@who_may(*READERS)
def doubles(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Persons who may be one, and what was decided."""
    form = PairFilterForm(request.GET)
    context = {
        "form": form,
        "page": page_of(request, queries.pairs(programme, form.wanted().get("state", ""))),
        "counts": queries.pair_counts(programme),
        "underway": underway(programme, "applicants-doubles"),
        "can_write": has_role(request, *CHECKERS),
    }
    return listed(request, "applicants/doubles.html", context, listings.DOUBLES)


@require_POST
@who_may(*CHECKERS)
def seek(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return answer(request, seek_later(programme=programme, by=request.user, on=today(programme)))


@who_may(*READERS)
def pair(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Two persons side by side, and what speaks for their being one."""
    return _pair_page(request, _find_pair(programme, number))


@require_POST
@who_may(*CHECKERS)
def decide(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    found, form = _find_pair(programme, number), DecisionForm(request.POST)
    if not form.is_valid():
        return _pair_page(request, found, form=form)
    double_services.decide(pair=found, by=request.user, on=today(programme), **form.cleaned_data)
    messages.success(request, _("The decision is kept. It can be taken back on this page."))
    return redirect("applicants:pair", programme.code, number)


@require_POST
@who_may(*CHECKERS)
def reopen(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    double_services.reopen(pair=_find_pair(programme, number), by=request.user, on=today(programme))
    messages.success(request, _("The decision was taken back."))
    return redirect("applicants:pair", programme.code, number)


@require_POST
@never_cache
@who_may(*REVEALERS)
def reveal_pair(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """The same page with the identity numbers in clear; the log keeps the purpose."""
    found, form = _find_pair(programme, number), PurposeForm(request.POST)
    shown = {}
    if form.is_valid():
        shown = double_services.reveal(pair=found, by=request.user, **form.cleaned_data)
    return _pair_page(request, found, purpose_form=form, shown=shown)


def _pair_page(request: ProgrammeRequest, found: PossibleDouble, **more: Any) -> HttpResponse:
    applications = queries.applications_of(found)
    is_open = found.state in STILL_TO_DECIDE
    context = {
        "pair": found,
        "sides": [(person, applications[person.pk]) for person in (found.first, found.second)],
        "form": DecisionForm(),
        "purpose_form": PurposeForm(),
        "can_decide": is_open and has_role(request, *CHECKERS),
        "can_reopen": not is_open and has_role(request, *CHECKERS),
        "can_reveal": has_role(request, *REVEALERS),
        **more,
    }
    return render(request, "applicants/pair.html", context)


def _find_pair(programme: Programme, number: int) -> PossibleDouble:
    return get_object_or_404(programme.possible_doubles.in_full(), pk=number)


def _find(programme: Programme, code: str) -> Applicant:
    return get_object_or_404(programme.applicants.in_full(), code=code)
