"""Attendance: by scanned cards, on paper, made up later; and who has completed the training."""

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.core.language import in_words
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.matching.models import Group
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.training import listings, papers, queries, rules, services
from kawasan.training.access import INSIDE, RECORDERS, SEE_ALL, WRITERS, kept_meanwhile, own_membership, own_sessions
from kawasan.training.forms import (
    AttendanceForm,
    CardForm,
    CompletionRuleForm,
    MakeUpForm,
    RevokeForm,
    ScansForm,
    SheetForm,
)
from kawasan.training.models import Session

PDF = "application/pdf"


@who_may(*INSIDE)
def attendance(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The share of the lesson hours that each participant attended, and who has completed them."""
    group, words = request.GET.get("group", ""), request.GET.get("q", "").strip()
    page = page_of(request, queries.members_in(programme, group, words))
    context = {
        "page": page,
        "rows": queries.attendance_of(programme, page, today(programme)),
        "groups": programme.groups.all(),
        "group": group,
        "own": set(_groups_of(request, programme).values_list("pk", flat=True)),
        "words": words,
        "rule": queries.rule_on(programme, today(programme)),
        "may_write": has_role(request, *WRITERS),
    }
    return listed(
        request,
        "training/attendance.html",
        context,
        listings.ATTENDANCE,
        lambda part: queries.attendance_of(programme, part, today(programme)),
    )


def _groups_of(request: ProgrammeRequest, programme: Programme) -> QuerySet[Group]:
    """The groups of whose members the reader sees more than the share: all, or a mentor's own."""
    return programme.groups.all() if has_role(request, *SEE_ALL) else programme.groups.of_mentor(request.user)


@who_may(*SEE_ALL, Role.MENTOR)
def participant(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What one participant attended of each module, what is missing, and the card; a mentor's own participants."""
    groups = _groups_of(request, programme)
    people = programme.applicants.select_related("person").filter(group_memberships__group__in=groups)
    found = get_object_or_404(people.distinct(), code=code)
    modules = queries.modules_of(programme, [found.pk])[found.pk]
    context = {
        "applicant": found,
        "modules": modules,
        "reasons": rules.reasons_not_complete(modules, least_share=queries.least_share_on(programme, today(programme))),
        "missed": queries.missed_by(programme, found),
        "cards": found.training_cards.order_by("-pk"),
        "may_write": has_role(request, *WRITERS),
    }
    return listed(request, "training/participant.html", context, listings.MODULES_OF, rows=modules)


@who_may(*WRITERS)
def completion_rule(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who completes the training, from a day on."""
    rule = queries.rule_on(programme, today(programme))
    initial: dict[str, Any] = {"valid_from": today(programme)}
    if rule:
        initial |= {"least_share": rule.least_share, "late_after": rule.late_after}
    form = CompletionRuleForm(request.POST or None, programme=programme, initial=initial)
    back = reverse("training:attendance", args=[programme.code])
    if form.is_valid():
        services.set_completion_rule(rule=form.instance, by=request.user)
        messages.success(request, _("The rule was set."))
        return redirect(back)
    purpose = _("Compulsory modules and the briefing are marked at the modules.")
    return form_page(request, form, _("Who completes the training"), purpose, back)


@who_may(*WRITERS)
def cards(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The cards of a group, to print."""
    group = get_object_or_404(programme.groups.select_related("programme"), code=code)
    content = services.take_cards(group=group, by=request.user, on=today(programme))
    return HttpResponse(content, content_type=PDF, headers=_named(f"{programme.code}-{code}-cards.pdf"))


@who_may(*WRITERS)
def revoke_card(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A lost card is revoked, with a reason."""
    found = get_object_or_404(programme.applicants.select_related("person"), code=code)
    form, back = RevokeForm(request.POST or None), reverse("training:participant", args=[programme.code, code])
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.revoke_card(applicant=found, reason=reason, by=request.user, on=today(programme))
        messages.success(request, _("The card was revoked. Print the group's cards again for a new one."))
        return redirect(back)
    heading = _("Revoke the card of %(name)s") % {"name": found.person.name}
    return form_page(request, form, heading, _("It is refused from now on."), back, submit=_("Revoke"))


@never_cache
@who_may(Role.PARTICIPANT)
def own_card(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The code that a participant shows to be scanned, on the own telephone."""
    me = own_membership(request, programme).select_related("person").first()
    if me and request.method == "POST":
        services.make_own_card(applicant=me, by=request.user, on=today(programme))
        return redirect("training:own_card", programme.code)
    card = me.training_cards.filter(revoked_on__isnull=True).first() if me else None
    shown = papers.card_code(card) if card else None
    return render(request, "training/own_card.html", {"me": me, "card": card, "shown": shown})


@never_cache
@who_may(*RECORDERS)
def scan(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The trainer's page to scan cards with; a card's code can be typed too."""
    found = get_object_or_404(own_sessions(request, programme), code=code)
    form = CardForm(request.POST or None)
    if form.is_valid():
        result, person = services.scan_card(
            session=found,
            text=form.cleaned_data["text"],
            scanned_at=_scanned_at(programme, found, timezone.now()),
            by=request.user,
            on=today(programme),
        )
        said = messages.success if person else messages.error
        said(request, f"{person.person.name}: {in_words(result.label)}" if person else in_words(result.label))
        return redirect("training:scan", programme.code, code)
    context = {
        "session": found,
        "form": form,
        "reasons": queries.reasons_not_recorded(found, today(programme)),
        "people": queries.people_of(found).count(),
        "recorded": found.attendances.select_related("applicant__person").order_by("applicant__person__name"),
        "props": {
            "programme": programme.code,
            "known": services.card_marks(session=found),
            "words": {result: in_words(result.label) for result in rules.Scan},
        },
    }
    return render(request, "training/scan.html", context)


def _scanned_at(programme: Programme, session: Session, moment: datetime.datetime) -> datetime.datetime:
    """When a card was scanned: a programme that is shown at a day of its own has no clock, so then in time."""
    is_later = programme.as_of is not None and timezone.localtime(moment).date() > programme.as_of
    return session.starts_at if is_later else moment


@require_POST
@who_may(*RECORDERS)
def scanned(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Scans that a telephone kept, sent as soon as there is a network; sent twice they count once."""
    found, form = get_object_or_404(own_sessions(request, programme), code=code), ScansForm(request.POST)
    reasons = queries.reasons_not_recorded(found, today(programme))
    if reasons or not form.is_valid():
        return JsonResponse({"reasons": [in_words(r) for r in reasons] or form.errors.get("scans", [])}, status=422)
    results = []
    for sent in form.cleaned_data["scans"]:
        result, person = services.scan_card(
            session=found,
            text=sent.text,
            scanned_at=_scanned_at(programme, found, sent.at),
            by=request.user,
            on=today(programme),
        )
        name = person.person.name if person else ""
        results.append({"key": sent.key, "result": result, "said": in_words(result.label), "name": name})
    return JsonResponse({"results": results})


@who_may(*RECORDERS)
def sheet(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The attendance list to print, sign and read back."""
    found = get_object_or_404(own_sessions(request, programme).select_related("room__place"), code=code)
    content = services.take_sheet(session=found, by=request.user, on=today(programme))
    return HttpResponse(content, content_type=PDF, headers=_named(f"{programme.code}-{code}.pdf"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@who_may(*WRITERS)
def read_sheet(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """A photo or scan of a signed sheet."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        page = services.read_sheet(programme=programme, photo=form.cleaned_data["photo"], by=request.user)
        messages.success(request, _("The sheet was read. Check each row, then store it."))
        return redirect("training:check_sheet", programme.code, page.sheet.number)
    purpose = _("A signed attendance list is read from a photo. Nothing is stored before you have checked it.")
    back = reverse("training:attendance", args=[programme.code])
    return form_page(request, form, _("Read an attendance list"), purpose, back, submit=_("Read"))


@who_may(*WRITERS)
def check_sheet(request: ProgrammeRequest, programme: Programme, number: str) -> HttpResponse:
    """What was read from a sheet, row by row beside its picture; stored when somebody has checked it."""
    found = get_object_or_404(programme.attendance_sheets.select_related("session__module"), number=number)
    rows = queries.read_rows(found)
    people, recorded = [row.applicant for row in rows], queries.said_of(found.session)
    before = {row.applicant.pk: row.recorded or rules.Said(row.proposal.status) for row in rows}
    form = AttendanceForm(request.POST or None, people=people, before=before, recorded=recorded)
    if form.is_valid():
        stored = services.store_sheet(
            sheet=found, presences=form.presences, shown=form.shown, by=request.user, on=today(programme)
        )
        if not (kept := kept_meanwhile(request, found.session, people, stored)):
            messages.success(request, _("The attendance was recorded."))
            return redirect("training:session", programme.code, found.session.code)
        form = form.again(kept)
    context = {
        "sheet": found,
        "form": form,
        "rows": list(zip(rows, form.rows, strict=True)),
        "unsure": sum(not row.proposal.is_sure for row in rows),
        "reasons": queries.reasons_not_stored(found, rows),
        "is_stored": queries.is_stored(found),
    }
    return render(request, "training/sheet.html", context)


@who_may(*WRITERS)
def sheet_row(request: ProgrammeRequest, programme: Programme, number: str, page: int, place: int) -> HttpResponse:
    """The picture of one row of a sheet."""
    found = get_object_or_404(programme.sheet_pages, sheet__number=number, page=page)
    content = services.row_picture(page=found, place=place)
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@who_may(*WRITERS)
def make_up(request: ProgrammeRequest, programme: Programme, code: str, applicant: str) -> HttpResponse:
    """Where somebody makes up a missed session."""
    missed = get_object_or_404(programme.sessions.select_related("module", "group"), code=code)
    person = get_object_or_404(programme.applicants.select_related("person"), code=applicant)
    sessions = queries.instead_of(missed, queries.midnight(today(programme)))
    form, back = (
        MakeUpForm(request.POST or None, sessions=sessions),
        reverse("training:participant", args=[programme.code, applicant]),
    )
    if form.is_valid():
        session = form.cleaned_data["session"]
        services.make_up(missed=missed, session=session, applicant=person, by=request.user)
        messages.success(request, _("The participant is expected there too."))
        return redirect(back)
    heading = _("%(name)s makes up “%(module)s”") % {"name": person.person.name, "module": missed.module}
    instead = [] if sessions else [_("No other group has a session of this module to come. Plan one with the trainer.")]
    return form_page(request, form, heading, _("As a guest of another group's session."), back, instead=instead)
