"""Applications are corrected; what decides about them waits for a second person, who sees before and after."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.applicants import listings
from kawasan.applicants.change_forms import ReasonForm, RejectForm
from kawasan.applicants.forms import ApplicantForm, CorrectedPersonForm, PurposeForm
from kawasan.applicants.models import Applicant, ProposedChange, Verification
from kawasan.applicants.queries import changes as queries
from kawasan.applicants.rules.changes import ChangeState
from kawasan.applicants.services import changes as services
from kawasan.applicants.services import correct as correct_application
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

CHECKERS = (Role.MANAGER, Role.VERIFIER)
REVEALERS = (*CHECKERS, Role.AUDITOR)


@who_may(*CHECKERS)
def correct(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Put right what was entered wrongly; what decides about the application is proposed to a second person."""
    found, data = get_object_or_404(programme.applicants.in_full(), code=code), request.POST or None
    seen = _seen(found, request.GET.get("verification", ""))
    person = CorrectedPersonForm(data, instance=found.person, programme=programme)
    form = ApplicantForm(data, instance=found, programme=programme)
    why = ReasonForm(data, initial={"reason": seen.differences if seen else ""})
    _mark(person, services.DECISIVE_OF_PERSON)
    _mark(form, services.DECISIVE_ANSWERS)
    if all([person.is_valid(), form.is_valid(), why.is_valid()]):  # all, so that all errors are shown at once
        proposed = correct_application(
            applicant=found, by=request.user, on=today(programme), verification=seen, **why.cleaned_data
        )
        _say_what_became(request, found, proposed)
        return redirect("applicants:applicant", programme.code, code)
    context = {
        "person_form": person,
        "form": form,
        "why_form": why,
        "code": code,
        "is_frozen": found.frozen_on is not None,
    }
    return render(request, "applicants/form.html", context)


def _seen(applicant: Applicant, number: str) -> Verification | None:
    """The verification in which it was seen what differs."""
    return applicant.verifications.recorded().filter(pk=int(number)).first() if number.isdecimal() else None


def _mark(form: BaseForm, names: tuple[str, ...]) -> None:
    """Say on a form which answers a second person approves."""
    for name in names:
        hint = form.fields[name].help_text
        form.fields[name].help_text = f"{hint} {_('Two people.')}".strip()


def _say_what_became(request: ProgrammeRequest, applicant: Applicant, proposed: ProposedChange | None) -> None:
    if proposed:
        messages.success(request, _("Proposed. It takes effect when a second person approves it."))
    elif applicant.frozen_on:
        messages.success(request, _("The application was corrected. Its assessment stays as the pool was frozen with."))
    else:
        messages.success(request, _("The application was corrected and assessed again."))


@who_may(*REVEALERS)
def changes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What waits for a second person; all that was ever proposed when asked for."""
    found = programme.proposed_changes.in_full()
    is_all = request.GET.get("state") == "all"
    page = page_of(request, found if is_all else found.to_decide())
    context = {
        "page": page,
        "rows": [(one, queries.labels(one)) for one in page],
        "is_all": is_all,
        "waiting": programme.proposed_changes.to_decide().count(),
    }
    return listed(request, "applicants/changes.html", context, listings.CHANGES)


@who_may(*REVEALERS)
def change(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """One proposal: before and after side by side."""
    return _page(request, _find(programme, number))


@require_POST
@never_cache
@who_may(*REVEALERS)
def reveal(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """The same page with the numbers in clear; the log keeps the purpose."""
    found, form = _find(programme, number), PurposeForm(request.POST)
    is_clear = form.is_valid() and services.read_change(change=found, by=request.user, **form.cleaned_data)
    return _page(request, found, is_clear=is_clear, purpose_form=form)


@require_POST
@who_may(*CHECKERS)
def approve(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    applicant = services.approve_change(change=_find(programme, number), by=request.user, on=today(programme))
    messages.success(
        request,
        _("Approved. The assessment stays as the pool was frozen with.")
        if applicant.frozen_on
        else _("Approved. The application was changed and assessed again."),
    )
    return redirect("applicants:change", programme.code, number)


@require_POST
@who_may(*CHECKERS)
def reject(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    found, form = _find(programme, number), RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    services.reject_change(change=found, by=request.user, on=today(programme), **form.cleaned_data)
    messages.success(request, _("Rejected. The application stays as it is."))
    return redirect("applicants:change", programme.code, number)


@require_POST
@who_may(*CHECKERS)
def take_back(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    services.take_change_back(change=_find(programme, number), by=request.user, on=today(programme))
    messages.success(request, _("Taken back. The application stays as it is."))
    return redirect("applicants:change", programme.code, number)


def _find(programme: Programme, number: int) -> ProposedChange:
    return get_object_or_404(programme.proposed_changes.in_full(), pk=number)


def _page(request: ProgrammeRequest, found: ProposedChange, *, is_clear: bool = False, **more: Any) -> HttpResponse:
    is_open, may_write = found.state == ChangeState.OPEN, has_role(request, *CHECKERS)
    lines = queries.lines(found, is_clear=is_clear)
    context = {
        "change": found,
        "lines": lines,
        "reasons": services.reasons_against_deciding(change=found, applicant=found.applicant, by=request.user)
        if may_write
        else [],
        "stale": [line.label for line in lines if line.is_stale] if is_open else [],
        "can_decide": is_open and may_write,
        "can_take_back": is_open and may_write and found.proposed_by_id == request.user.pk,
        "can_reveal": not is_clear and any(line.is_hidden for line in lines),
        "form": RejectForm(),
        "purpose_form": PurposeForm(),
        **more,
    }
    return render(request, "applicants/change.html", context)
