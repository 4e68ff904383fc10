"""Verification: the manager shares out, each verifier has a way to go, writes down what was seen, and adds photos."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kawasan.applicants import listings
from kawasan.applicants.models import Applicant, Closeness, Verification
from kawasan.applicants.queries import verification as queries
from kawasan.applicants.queries.ties import verifiers_of
from kawasan.applicants.rules.verification import TO_VERIFY, CheckState, Finding
from kawasan.applicants.services import verification as services
from kawasan.applicants.verification_forms import (
    AssignForm,
    ClosenessForm,
    OwnCardForm,
    RecordForm,
    ShareOutForm,
    SitePhotoForm,
    VerificationFilterForm,
    WhyForm,
)
from kawasan.core.language import in_words
from kawasan.core.listing import listed
from kawasan.core.lookups import is_key
from kawasan.core.models import User
from kawasan.core.paging import page_of
from kawasan.core.responses import uploaded
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

CHECKERS = (Role.MANAGER, Role.VERIFIER)
REVEALERS = (*CHECKERS, Role.AUDITOR)


@who_may(*REVEALERS)
def verifications(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """How far the verification is, and what was seen of whom."""
    form = VerificationFilterForm(request.GET, programme=programme)
    context = {
        "form": form,
        "page": page_of(request, queries.matching(programme, form.wanted())),
        "counts": queries.counts(programme),
        "mine": queries.to_do_of(programme, request.user).count(),
        "can_assign": has_role(request, Role.MANAGER),
        "can_verify": has_role(request, *CHECKERS),
        "has_card": programme.own_cards.filter(user=request.user).exists(),
    }
    return listed(request, "applicants/verifications.html", context, listings.VERIFICATIONS)


@who_may(Role.MANAGER)
def share_out(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Give all that waits for a stage to verifiers."""
    form = ShareOutForm(request.POST or None, programme=programme)
    if form.is_valid():
        counts = services.share_out(programme=programme, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("{assigned} verifications were assigned.").format(**counts))
        if counts["left"]:
            left = _("{left} were left: everybody you chose entered them, helped, or is close to the person.")
            messages.warning(request, left.format(**counts))
        return redirect("applicants:verifications", programme.code)
    counts = queries.counts(programme)
    context = {
        "form": form,
        "heading": _("Assign verifications"),
        "purpose": _(
            "Waiting for papers: {papers}; waiting for a visit: {visits}. Each verifier gets as many to do, neighbours "
            "together; nobody gets an application that they entered or helped with, or somebody close to them."
        ).format(papers=counts["administrative_waiting"], visits=counts["field_waiting"]),
        "submit": _("Assign"),
        "back": reverse("applicants:verifications", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@who_may(Role.MANAGER)
def assign(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Give the stage of one application that is due to somebody."""
    applicant = get_object_or_404(programme.applicants.in_full(), code=code)
    due, form = queries.due_of(applicant), AssignForm(request.POST or None, programme=programme)
    if form.is_valid():
        made = services.assign(
            applicant=applicant, stage=due or "", by=request.user, on=today(programme), **form.cleaned_data
        )
        messages.success(request, _("Assigned to {verifier}.").format(verifier=made.verifier))
        return redirect("applicants:applicant", programme.code, code)
    context = {
        "form": form,
        "heading": _("Assign: {stage}").format(stage=in_words(due.label) if due else "–"),
        "purpose": str(applicant.person),
        "instead": [] if form.is_bound else services.reasons_not_assigned(applicant=applicant, stage=due or ""),
        "submit": _("Assign"),
        "back": reverse("applicants:applicant", args=[programme.code, code]),
    }
    return render(request, "form_page.html", context)


@never_cache
@who_may(*CHECKERS)
def route(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Whom somebody verifies, in the order of the way. Only the verifier sees phones; the log keeps who looked."""
    verifier = _verifier(request, programme)
    found = list(queries.to_do_of(programme, verifier))
    if found:
        services.read_route(programme=programme, verifier=verifier, people=len(found), by=request.user)
    context = {
        "stops": queries.route(found),
        "people": len(found),
        "verifier": verifier,
        "is_mine": verifier.pk == request.user.pk,
        "verifiers": verifiers_of(programme) if has_role(request, Role.MANAGER) else [],
        "day": today(programme),
    }
    return render(request, "applicants/route.html", context)


def _verifier(request: ProgrammeRequest, programme: Programme) -> User:
    """Whose way is shown: one's own; a manager may look at that of others."""
    wanted = request.GET.get("verifier", "")
    if not wanted or wanted == str(request.user.pk):
        return request.user
    if not has_role(request, Role.MANAGER):
        raise PermissionDenied
    if not is_key(wanted):
        raise Http404
    return get_object_or_404(verifiers_of(programme), pk=wanted)


@who_may(*REVEALERS)
def verification(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """One verification: whom it is about, what to look at, or what was seen."""
    found = _find(programme, number)
    is_mine = found.verifier_id == request.user.pk
    is_open, changes = found.state == CheckState.ASSIGNED, list(found.proposed_changes.all())
    context = {
        "verification": found,
        "applicant": found.applicant,
        "person": found.applicant.person,
        "items": found.items.all(),
        "asked": queries.checklist_of(found) if is_open else [],
        "photos": found.photos.all(),
        "changes": changes,
        "reasons": services.reasons_not_recorded(verification=found, by=request.user) if is_open else [],
        "is_open": is_open,
        "is_mine": is_mine and has_role(request, *CHECKERS),
        "can_take_off": is_open and has_role(request, Role.MANAGER),
        "can_propose": found.result == Finding.DIFFERS and not changes and has_role(request, *CHECKERS),
    }
    return render(request, "applicants/verification.html", context)


@who_may(*CHECKERS)
def record(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Write down what came of a verification, on a phone."""
    found = _find(programme, number)
    form = RecordForm(request.POST or None, request.FILES or None, verification=found)
    if form.is_valid():
        services.record(
            verification=found,
            report=form.report,
            where=form.where,
            seen_at=form.cleaned_data["seen_at"],
            photo=form.cleaned_data["photo"],
            by=request.user,
            on=today(programme),
        )
        messages.success(request, _("Recorded. The applicant sees what came of it."))
        return redirect("applicants:verification", programme.code, number)
    instead = [] if form.is_bound else services.reasons_not_recorded(verification=found, by=request.user)
    context = {"verification": found, "applicant": found.applicant, "form": form, "instead": instead}
    return render(request, "applicants/record_verification.html", context)


@who_may(*CHECKERS)
def add_photo(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    found = _find(programme, number)
    form = SitePhotoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        services.add_photo(verification=found, photo=form.cleaned_data["photo"], by=request.user)
        messages.success(request, _("The photo is kept."))
        return redirect("applicants:verification", programme.code, number)
    return _form_page(request, found, form, _("Add a photo"))


@never_cache
@who_may(*REVEALERS)
def photo(request: ProgrammeRequest, programme: Programme, number: int, photo: int) -> HttpResponse:
    """The picture itself; the log keeps who looked."""
    rows = programme.site_photos.select_related("verification__applicant__person")
    found = get_object_or_404(rows, pk=photo, verification=number)
    return uploaded(services.read_photo(photo=found, by=request.user))


@who_may(Role.MANAGER)
def take_off(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """Take a verification from who has it."""
    found, form = _find(programme, number), WhyForm(request.POST or None)
    if form.is_valid():
        services.take_off(verification=found, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("Taken back. It can be assigned to somebody else."))
        return redirect("applicants:applicant", programme.code, found.applicant.code)
    return _form_page(request, found, form, _("Take the verification from {verifier}").format(verifier=found.verifier))


@who_may(*CHECKERS)
def declare(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Say that one is close to an applicant, so that others verify."""
    applicant = get_object_or_404(programme.applicants.in_full(), code=code)
    form = ClosenessForm(request.POST or None)
    if form.is_valid():
        services.declare_closeness(applicant=applicant, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("Thank you. Somebody else verifies this application."))
        return redirect("applicants:verifications", programme.code)
    context = {
        "form": form,
        "heading": _("I am close to this person"),
        "purpose": _(
            "{person}: if this is a relative, a friend or a partner in business of yours, say so. The application goes "
            "to somebody else; that is no reproach."
        ).format(person=applicant.person),
        "submit": _("Give it to somebody else"),
        "back": reverse("applicants:applicant", args=[programme.code, code]),
    }
    return render(request, "form_page.html", context)


@never_cache
@who_may(*CHECKERS)
def own_card(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """State one's own family card, so that nobody of the household is given to one."""
    form = OwnCardForm(request.POST or None)
    if form.is_valid():
        services.state_card(programme=programme, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("Kept. Nobody on this family card is verified by you."))
        return redirect("applicants:verifications", programme.code)
    context = {
        "form": form,
        "heading": _("My family card"),
        "purpose": _("So that nobody of your household is given to you to verify. It is compared, and not shown."),
        "back": reverse("applicants:verifications", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


def verification_of(request: ProgrammeRequest, applicant: Applicant) -> dict[str, Any]:
    """What the page of an application shows of its verification."""
    found = queries.of_applicant(applicant)
    due = queries.due_among(found)
    is_open = any(one.state == CheckState.ASSIGNED for one in found)
    may_see = has_role(request, *REVEALERS)
    return {
        "verifications": found if may_see else [],
        "verification_due": due,
        "may_see_verification": may_see,
        "open_changes": list(applicant.proposed_changes.to_decide()) if may_see else [],
        "closenesses": list(Closeness.objects.filter(applicant=applicant).select_related("user")) if may_see else [],
        "can_assign": has_role(request, Role.MANAGER)
        and due is not None
        and not is_open
        and applicant.status in TO_VERIFY,
    }


def _form_page(request: ProgrammeRequest, found: Verification, form: Any, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "purpose": str(found.applicant.person),
        "back": reverse("applicants:verification", args=[request.programme.code, found.pk]),
    }
    return render(request, "form_page.html", context)


def _find(programme: Programme, number: int) -> Verification:
    return get_object_or_404(programme.verifications.in_full(), pk=number)
