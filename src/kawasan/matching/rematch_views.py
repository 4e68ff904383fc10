"""Somebody leaves: the proposal with the fewest changes, and the certificate of a matching."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kawasan.core.language import date
from kawasan.matching import queries, services
from kawasan.matching.forms import ConfirmProposalForm
from kawasan.matching.rules import certified
from kawasan.matching.services.rematching import Proposal
from kawasan.programmes.access import ProgrammeRequest, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role

WRITERS = (Role.MANAGER, Role.PLANNER)
INSIDE = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)


@who_may(*WRITERS)
def rematch(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who left, who waits for a group, and who could leave next."""
    context = {
        "fields": queries.fields_to_rematch(programme),
        "mentors": programme.mentors.at_work().with_load(),
        "matchings": programme.matchings.defer("input", "result").filter(status="computed")[:10],
    }
    return render(request, "matching/rematch.html", context)


@who_may(*WRITERS)
def mentor_leaves(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Which groups would get which mentor when this one leaves."""
    mentor = get_object_or_404(programme.mentors, code=code)
    if mentor.left_on:
        said = _("%(name)s has left already, on %(day)s. Nothing was changed.")
        messages.info(request, said % {"name": mentor.name, "day": date(mentor.left_on)})
        if why := request.POST.get("why", "").strip():
            messages.info(request, _("Your reason was not stored: “%(why)s”") % {"why": why})
        return redirect("matching:rematch", programme.code)
    form = ConfirmProposalForm(request.POST or None)
    if form.is_valid():
        matching = services.let_mentor_leave(mentor=mentor, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s left; the groups have other mentors.") % {"name": mentor.name})
        return redirect("matching:certificate", programme.code, matching.code)
    proposal = services.propose_without_mentor(programme, mentor)
    heading = _("%(name)s leaves") % {"name": mentor.name}
    return _proposed(request, programme, proposal, form, heading)


@who_may(*WRITERS)
def rematch_people(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Who of a field would go where."""
    field = get_object_or_404(programme.fields, code=code)
    form = ConfirmProposalForm(request.POST or None)
    if form.is_valid():
        matching = services.rematch_people(programme=programme, field=field, by=request.user, **form.cleaned_data)
        messages.success(request, _("The groups were changed as proposed."))
        return redirect("matching:certificate", programme.code, matching.code)
    proposal = services.propose_for_people(programme, field)
    return _proposed(request, programme, proposal, form, _("Match %(field)s anew") % {"field": field})


@who_may(*INSIDE)
def certificate(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What a matching optimised, how good it is proven to be, and why everybody is where they are."""
    matching = get_object_or_404(programme.matchings.filter(status="computed"), code=code)
    result: dict[str, Any] = matching.result or {}  # a computed one has it; the database requires it
    context = {
        "matching": matching,
        "is_forming": matching.input.get("kind", "forming") == "forming",
        "said": certified(matching.input, result),
        "groups": queries.groups_in_words(programme, matching),
        "changes": queries.changes_in_words(programme, result.get("changes", [])),
        "is_repeated": services.is_repeated(matching) if "again" in request.GET else None,
    }
    return render(request, "matching/certificate.html", context)


def _proposed(
    request: ProgrammeRequest, programme: Programme, proposal: Proposal, form: ConfirmProposalForm, heading: str
) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": heading,
        "proposal": proposal,
        "changes": queries.changes_in_words(programme, proposal.changes),
        "said": certified(proposal.input, proposal.result),
        "form": form,
    }
    return render(request, "matching/proposal.html", context)
