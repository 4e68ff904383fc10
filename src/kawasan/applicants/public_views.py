"""The public form: open to everybody while the programme's calendar says so."""

import datetime
import secrets
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.applicants import codes, public_forms, queries, rules
from kawasan.applicants.models import Applicant, Draft
from kawasan.applicants.public_forms import Challenge, PublicFormForm, ResumeForm, SendForm, StartForm
from kawasan.applicants.rules import Step
from kawasan.applicants.services import drafts
from kawasan.core.addresses import network
from kawasan.core.tallies import Limit
from kawasan.core.text import Text
from kawasan.core.tickets import Ticket
from kawasan.programmes.access import ProgrammeRequest, anyone_may, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

HOUR = datetime.timedelta(hours=1)
# Phones of one provider and people in one office share an address, so that it may begin many applications.
STARTS = Limit("applicants.start", 60, HOUR)
STARTS_WITHOUT_PROOF = Limit("applicants.start_without_proof", 10, HOUR)
STARTS_OF_ALL = Limit("applicants.starts", 3000, HOUR)
STARTS_OF_ALL_WITHOUT_PROOF = Limit("applicants.starts_without_proof", 200, HOUR)
PROOFS = Limit("applicants.proof", 1, 2 * HOUR)  # each puzzle opens one form
WRONG_CODES = Limit("applicants.code", 10, HOUR)
WRONG_CODES_OF_ALL = Limit("applicants.codes", 3000, HOUR)  # so many that no stranger shuts others out with ease
AT_DRAFT = Ticket("kawasan_application", settings.SESSION_COOKIE_AGE)
"""The code of the application that a device is at."""
AT_APPLICATION = Ticket("kawasan_own_application", 30 * 60)
"""The key of the application that a device has opened, with its receipt or by sending it."""
DEVICE = Ticket("kawasan_device", 400 * 24 * 60 * 60)
"""What a device has in common with itself: one that sends many applications is asked about."""


def _at_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page inside the form: closed when applications are, and led elsewhere without a draft or after it was sent."""

    def wrapped(request: ProgrammeRequest, programme: Programme, **page: str) -> HttpResponse:
        draft = queries.draft_of(programme, AT_DRAFT.of(request))
        if draft and draft.applicant:
            return redirect("applicants:receipt", programme.code)
        if draft is None or queries.reasons_closed(programme, today(programme)):
            return redirect("applicants:apply", programme.code)
        return view(request, programme, draft, **page)

    return wrapped


def opened(request: HttpRequest, programme: Programme) -> Applicant | None:
    """The application that this device has opened in the last half hour."""
    key = AT_APPLICATION.of(request)
    return programme.applicants.in_full().filter(pk=key).first() if key else None


@never_cache
@anyone_may
def apply(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What applying means, and the way into the form."""
    closed = queries.reasons_closed(programme, today(programme))
    form = StartForm(request.POST or None)
    if not closed and form.is_valid() and _may_start(request, programme, form):
        return _to_form(programme, drafts.start(programme=programme, by=None), _next_page(programme, rules.STEPS, {}))
    return _start_page(request, programme, closed, start_form=form)


def _may_start(request: HttpRequest, programme: Programme, form: StartForm) -> bool:
    """Whether there is room for one more; otherwise the form says when."""
    who = network(request)
    limits = [(STARTS, who), (STARTS_OF_ALL, programme.code)]
    if not form.is_proven:
        limits += [(STARTS_WITHOUT_PROOF, who), (STARTS_OF_ALL_WITHOUT_PROOF, programme.code)]
    if not PROOFS.count(form.nonce):
        form.add_error(None, _("This form was begun already. Press the button once more to begin another one."))
    elif not all([limit.count(whose) for limit, whose in limits]):  # noqa: C419 - each of them counts
        form.add_error(None, _("Too many people are beginning an application from here. Try again in an hour."))
    return form.is_valid()


def _start_page(request: HttpRequest, programme: Programme, closed: list[Text], **more: Any) -> HttpResponse:
    form = queries.public_form_of(programme)
    context = {
        "programme": programme,
        "closed": closed,
        "registration": queries.registration(form),
        "complaints": form.complaints,
        "notice": rules.NOTICE,
        "challenge": Challenge.new(),
        "bits": rules.PROOF_BITS,
        "resume_form": ResumeForm(),
        "can_go_on": queries.draft_of(programme, AT_DRAFT.of(request)) is not None,
        **more,
    }
    has_errors = any(form.errors for form in more.values())
    return render(request, "applicants/apply.html", context, status=_status(has_errors))


def _status(has_errors: bool) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if has_errors else HTTPStatus.OK


def _to_form(programme: Programme, code: str, page: str) -> HttpResponse:
    response = redirect(page)
    AT_DRAFT.give(response, code, reverse("applicants:apply", args=[programme.code]))
    return response


@require_POST
@anyone_may
def resume(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Go on with an application, on this device or another."""
    form, who = ResumeForm(request.POST), network(request)
    if WRONG_CODES.is_reached(who) or WRONG_CODES_OF_ALL.is_reached(programme.code):
        form.add_error("code", _("Too many wrong codes were tried. Try again in an hour."))
    elif form.is_valid():
        code = form.cleaned_data["code"]
        if draft := queries.draft_of(programme, code):
            answers = codes.unsealed(draft.sealed, code) if draft.sealed else {}
            return _to_form(programme, code, _next_page(programme, draft.steps, answers))
        WRONG_CODES.count(who)
        WRONG_CODES_OF_ALL.count(programme.code)
        form.add_error("code", _("No application has this code. Compare it with what you wrote down."))
    closed = queries.reasons_closed(programme, today(programme))
    return _start_page(request, programme, closed, resume_form=form)


def _next_page(programme: Programme, steps: Sequence[Step], answers: dict[str, Any]) -> str:
    """The first page that was not filled in; when all were, the one that sends them."""
    left = next((step.code for step in steps if not set(step.fields) <= set(answers)), "")
    if left:
        return reverse("applicants:step", args=[programme.code, left])
    return reverse("applicants:check", args=[programme.code])


@require_POST
@anyone_may
def leave(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Forget on this device which application it was at."""
    messages.success(request, _("This device knows nothing of your application any more. Go on with your code."))
    response = redirect("applicants:apply", programme.code)
    AT_DRAFT.take_back(response, reverse("applicants:apply", args=[programme.code]))
    return response


@never_cache
@anyone_may
@_at_draft
def step(request: ProgrammeRequest, programme: Programme, draft: Draft, step: str) -> HttpResponse:
    """One short page; what was answered is kept before the next one."""
    steps = draft.steps
    place = next((place for place, one in enumerate(steps) if one.code == step), 0)
    code, page = AT_DRAFT.of(request), steps[place]
    answers = codes.unsealed(draft.sealed, code)
    form = public_forms.form_of(page, programme, answers, request.POST or None)
    remarks = public_forms.odd(form, programme, today(programme)) if form.is_valid() else []
    if form.is_valid() and (not remarks or request.POST.get("seen") == public_forms.mark_of(form)):
        drafts.keep(draft=draft, code=code, answers=public_forms.answers_of(form), by=None)
        if "check" in request.POST or page == steps[-1]:
            return redirect(_next_page(programme, steps, answers | public_forms.answers_of(form)))
        return redirect("applicants:step", programme.code, steps[place + 1].code)
    context = {
        "programme": programme,
        "form": form,
        "page": page,
        "number": place + 1,
        "total": len(steps) + 1,
        "back": steps[place - 1].code if place else "",
        "code": code,
        "expires": draft.expires_at.date(),
        "remarks": remarks,
        "seen": public_forms.mark_of(form) if remarks else "",
        "from_check": "check" in request.GET or "check" in request.POST,
    }
    return render(request, "applicants/step.html", context, status=_status(bool(form.errors)))


@never_cache
@anyone_may
@_at_draft
def check(request: ProgrammeRequest, programme: Programme, draft: Draft) -> HttpResponse:
    """All answers once more, and the button that sends them."""
    code = AT_DRAFT.of(request)
    person, applicant = public_forms.whole(programme, codes.unsealed(draft.sealed, code))
    steps = draft.steps
    left = public_forms.unfinished(person, applicant, steps)
    form = SendForm(request.POST or None)
    if form.is_valid() and not left:
        device = DEVICE.of(request) or secrets.token_hex(16)
        made = drafts.send(
            draft=draft,
            person=person.instance,
            applicant=applicant.instance,
            consents=form.consents(),
            device=device,
            by=None,
            on=today(programme),
        )
        response = redirect("applicants:receipt", programme.code)
        AT_APPLICATION.give(response, str(made.pk), reverse("reports:own_application", args=[programme.code]))
        DEVICE.give(response, device, reverse("applicants:apply", args=[programme.code]))
        return response
    context = {
        "programme": programme,
        "form": form,
        "left": left,
        "summary": [(one, list(_answered(one, person, applicant))) for one in steps],
        "code": code,
        "expires": draft.expires_at.date(),
        "notice": rules.NOTICE,
        "number": len(steps) + 1,
        "total": len(steps) + 1,
    }
    return render(request, "applicants/check.html", context, status=_status(bool(form.errors)))


def _answered(step: Step, person: Any, applicant: Any) -> Any:
    """Questions and answers of a page, as people read them."""
    form = person if step.is_about_person else applicant
    for name in step.fields:
        yield form[name].label, public_forms.shown(form.cleaned_data.get(name), form.fields[name])


@never_cache
@anyone_may
def receipt(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The number of the application that was sent, and what happens when."""
    draft = queries.draft_of(programme, AT_DRAFT.of(request))
    if draft is None or draft.applicant is None:
        return redirect("applicants:apply", programme.code)
    return _receipt_page(request, programme, draft.applicant)


@never_cache
@anyone_may
def own_receipt(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The receipt once more, for whoever has opened the own application or has just entered somebody's."""
    found = opened(request, programme)
    return _receipt_page(request, programme, found) if found else redirect("reports:own_application", programme.code)


@never_cache
@who_may(Role.MANAGER, Role.VERIFIER, Role.MENTOR)
def office_receipt(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The receipt to print for somebody who applied on paper or lost it; a mentor has that of whom they entered."""
    found = programme.applicants.all()
    if not has_role(request, Role.MANAGER, Role.VERIFIER):
        found = found.filter(entered_by=request.user)
    return _receipt_page(request, programme, get_object_or_404(found, code=code))


def _receipt_page(request: HttpRequest, programme: Programme, applicant: Applicant) -> HttpResponse:
    code = codes.receipt_code(programme.code, applicant.code)
    address = _address(request, reverse("reports:own_application", args=[programme.code]))
    context = {
        "programme": programme,
        "applicant": applicant,
        "receipt": code,
        "address": address,
        "qr": segno.make(f"{address}?number={code}", error="m", micro=False).svg_inline(border=2, scale=4),
        "is_own": opened(request, programme) == applicant,
        "papers": [kind for kind, received in queries.papers_of(applicant) if received is None],
        "steps": queries.steps_after(programme, applicant.applied_on),
        "complaints": queries.public_form_of(programme).complaints,
    }
    return render(request, "applicants/receipt.html", context)


def _address(request: HttpRequest, path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}" if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)


@who_may(Role.MANAGER)
def public_form(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The office's side of the public form: when it is open, its address, and the code to print on a poster."""
    kept = queries.public_form_of(programme)
    form = PublicFormForm(request.POST or None, instance=kept, programme=programme)
    if form.is_valid():
        drafts.set_public_form(form=form.instance, by=request.user)
        messages.success(request, _("The settings of the public form were saved."))
        return redirect("applicants:public_form", programme.code)
    address = _address(request, reverse("applicants:apply", args=[programme.code]))
    context = {
        "form": form,
        "address": address,
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=2, scale=4),
        "closed": queries.reasons_closed(programme, today(programme)),
        "registration": queries.registration(kept),
    }
    return render(request, "applicants/public_form.html", context)
