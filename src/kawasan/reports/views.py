import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant
from kawasan.assistance import queries as assistance
from kawasan.core.listing import listed
from kawasan.core.models import LogEntry
from kawasan.core.paging import page_of
from kawasan.outcomes.rules import LEAST_PEOPLE, SEE_PEOPLE
from kawasan.partners import services as partners
from kawasan.programmes.access import ProgrammeRequest, has_role, may_open, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, OUTSIDE, OVERSIGHT, Role
from kawasan.reports import atlas, chain_sheet, listings, logbook, map_files, my_page, queries, rules, services
from kawasan.reports import map_page as maps
from kawasan.reports import mentor_day as days
from kawasan.reports.forms import OrganisationForm, PersonForm, VerificationMinutesForm
from kawasan.selection.rules import DrawStatus, reason_not_drawn

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = (*OFFICE, *OVERSIGHT)
REVEALERS = (Role.MANAGER, Role.VERIFIER, Role.AUDITOR)
CASH_BOOK = "enterprises:cash_book"
MONEY = "assistance:assistances"
FIGURES = {"selection:seats", "enterprises:enterprises", "outcomes:outcomes"}  # where the cockpit's figures lead to


@who_may(*EVERYBODY)
def cockpit(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """One page: how far each stage is, what is due, what is stuck."""
    day = today(programme)
    counts = queries.counts(programme, day)
    due = rules.due([(str(m), m.stage, m.starts_on, m.ends_on) for m in programme.milestones.all()], day)
    stages = rules.stage_states(counts, programme.seats)
    warnings = rules.warnings(counts, programme.seats) + queries.supply_warnings(programme, counts, day)
    routes = {stage.route for stage in stages} | {stuck.route for stuck in warnings} | {one.route for one in due}
    routes |= {stuck.act.route for stuck in warnings if stuck.act} | FIGURES
    context = {
        "day": day,
        "stages": stages,
        "warnings": warnings,
        "open_routes": {route for route in routes if may_open(request, route)},
        "due": due,
        "counts": counts,
        "results": queries.latest_results(programme, sees_people=has_role(request, *SEE_PEOPLE)),
        "sees_people": has_role(request, *SEE_PEOPLE),
        "least_people": LEAST_PEOPLE,
        "fields": queries.plan_against_fact(programme),
        "money": assistance.counts(programme) if may_open(request, MONEY) else None,
    }
    return render(request, "reports/cockpit.html", context)


@who_may(Role.MENTOR)
def mentor_day(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Whom to see today and why, in the order of a short way; call, chat or log with one tap.

    What a phone keeps for where there is no signal (?kept) says neither why nor whom to call.
    """
    day = today(programme)
    mine = days.of_mentor(programme, request.user, day)
    return render(request, "reports/mentor_day.html", {"day": day, "mine": mine, "is_kept": "kept" in request.GET})


@who_may(*OUTSIDE)
def mine(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What somebody who takes part may know of themselves, or of the organisation for which they act."""
    day, is_participant = today(programme), has_role(request, Role.PARTICIPANT)
    person = my_page.of_person(programme, request.user, day) if is_participant else None
    acts = has_role(request, Role.OFFTAKER, Role.PARTNER)
    context = {
        "day": day,
        "mine": person,
        "may_confirm": is_participant,
        "ours": my_page.of_organisation(programme, request.user, day) if acts else None,
        "cash_books": [one for one in person.enterprises if may_open(request, CASH_BOOK, one.code)] if person else [],
    }
    return render(request, "reports/my_page.html", context)


@who_may(Role.MANAGER)
def accounts(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Which accounts belong to a person or act for an organisation."""
    return _accounts(request, programme, PersonForm(programme=programme), OrganisationForm(programme=programme))


def _accounts(
    request: ProgrammeRequest, programme: Programme, person: PersonForm, organisation: OrganisationForm
) -> HttpResponse:
    persons = programme.persons.exclude(user=None).select_related("user").prefetch_related("applicants")
    context: dict[str, Any] = {
        "person_form": person,
        "organisation_form": organisation,
        "persons": persons.order_by("user__name"),
        "representatives": programme.representatives.select_related("user", "organisation").order_by("user__name"),
    }
    rows = [*context["persons"], *context["representatives"]]
    return listed(request, "reports/accounts.html", context, listings.ACCOUNTS, rows=rows)


@require_POST
@who_may(Role.MANAGER)
def link_person(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = PersonForm(request.POST, programme=programme)
    if not form.is_valid():
        return _accounts(request, programme, form, OrganisationForm(programme=programme))
    applicants.link_account(by=request.user, **form.cleaned_data)
    messages.success(request, _("The account was linked."))
    return redirect("reports:accounts", programme.code)


@require_POST
@who_may(Role.MANAGER)
def link_organisation(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = OrganisationForm(request.POST, programme=programme)
    if not form.is_valid():
        return _accounts(request, programme, PersonForm(programme=programme), form)
    partners.link_account(by=request.user, **form.cleaned_data)
    messages.success(request, _("The account was linked."))
    return redirect("reports:accounts", programme.code)


@require_POST
@who_may(Role.MANAGER)
def unlink_person(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    applicants.unlink_account(person=get_object_or_404(programme.persons, code=code), by=request.user)
    messages.success(request, _("The account was unlinked."))
    return redirect("reports:accounts", programme.code)


@require_POST
@who_may(Role.MANAGER)
def unlink_organisation(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    found = get_object_or_404(programme.representatives.select_related("organisation", "user"), pk=pk)
    partners.unlink_account(representative=found, by=request.user)
    messages.success(request, _("The account was unlinked."))
    return redirect("reports:accounts", programme.code)


@who_may(*OFFICE, Role.AUDITOR)
def case_file(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Everything that happened to one person, in time order."""
    people = Applicant.objects.filter(programme=programme).in_full().select_related("seat__draw")
    applicant = get_object_or_404(people.defer("seat__draw__pool", "seat__draw__result"), code=code)
    applicant.programme = programme
    return render(request, "reports/case_file.html", {"applicant": applicant, "events": queries.case(applicant)})


@who_may(*NAMES)
def documents(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What can be printed and taken along."""
    context = {
        "decrees": programme.decrees.all(),
        "participants": queries.participant_count(programme),
        "draw": programme.draws.standing().filter(status=DrawStatus.DRAWN).only("code", "drawn_on").first(),
        "no_minutes": reason_not_drawn(),
        "may_take_verification": has_role(request, *REVEALERS),
        "may_read_log": has_role(request, Role.MANAGER, *OVERSIGHT),
    }
    return render(request, "reports/documents.html", context)


@who_may(*NAMES)
def decree_pdf(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    decree = get_object_or_404(programme.decrees.select_related("programme"), code=code)
    return _file(services.take_decree(decree=decree, by=request.user), PDF, f"sk-{decree.code}.pdf")


@who_may(*NAMES)
def minutes_pdf(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The minutes in the language of the office or, when asked for, a translation."""
    code, name = services.OFFICIAL, "berita-acara-pengundian.pdf"
    if request.GET.get("language") == "en":
        code, name = "en", "minutes-of-the-draw.pdf"
    return _file(services.take_minutes(programme=programme, code=code, by=request.user), PDF, name)


@who_may(*REVEALERS)
def verification_minutes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The minutes of the verifications of a stage, of a day and a kelurahan or of all."""
    form = VerificationMinutesForm(request.POST or None, programme=programme)
    if form.is_valid():
        content = services.take_verification_minutes(programme=programme, scope=form.scope, by=request.user)
        return _file(content, PDF, f"{slugify(form.scope.number.replace('/', '-'))}.pdf")
    context = {
        "form": form,
        "heading": _("Minutes of the verification"),
        "purpose": _(
            "Who was verified, what came of it and who did it, to print and sign. The log keeps who takes it."
        ),
        "submit": _("Take the PDF"),
        "back": reverse("reports:documents", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@who_may(*EVERYBODY)
def announcement_pdf(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _file(services.announcement_pdf(programme), PDF, "pengumuman.pdf")


@who_may(*EVERYBODY)
def announcement_csv(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _file(services.announcement_csv(programme), "text/csv; charset=utf-8", "pengumuman.csv")


@require_POST
@who_may(*NAMES)
def participants_pdf(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _file(services.take_participants(programme=programme, form="pdf", by=request.user), PDF, "peserta.pdf")


@require_POST
@who_may(*NAMES)
def participants_xlsx(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _file(services.take_participants(programme=programme, form="xlsx", by=request.user), XLSX, "peserta.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@who_may(Role.MANAGER, *OVERSIGHT)
def log_page(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who did what, newest first."""
    entries = LogEntry.objects.filter(programme_code=programme.code)
    words = request.GET.get("q", "").strip()
    if words:
        entries = queries.search_log(entries, words)
    page = page_of(request, entries, 50)
    context = {"page": page, "lines": logbook.lines(request, page.object_list), "q": words}
    return listed(request, "reports/log.html", context, listings.LOG, lambda part: logbook.lines(request, part))


@who_may(*EVERYBODY)
def map_page(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The places in the colours of a figure, with the layers that the reader may see; a table says the same.

    The interactive map is heavy, so participants and offtakers, who come on a phone and pay for it, get a picture of it
    and the rest when they ask for it.
    """
    found = atlas.atlas(programme, level=request.GET.get("level", ""), roles=request.roles)
    chosen = maps.choice(request.GET, found.layers)
    is_interactive = "show" in request.GET or has_role(request, *atlas.TEAM)
    page = page_of(request, found.rows)
    context = {
        **maps.context(found, chosen, is_interactive=is_interactive),
        "page": page,
        "rows": maps.lines(found, chosen, page),
        "files": map_files.files_of(request.roles),
        "can_write": has_role(request, Role.MANAGER, Role.PLANNER),
        "least_people": LEAST_PEOPLE,
    }
    return render(request, "reports/map.html", context)


@who_may(*EVERYBODY)
def map_pdf(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The map that the address asks for, on paper."""
    found = atlas.atlas(programme, level=request.GET.get("level", ""), roles=request.roles)
    paper = "a3" if request.GET.get("paper") == "a3" else "a4"
    sheet = map_files.sheet(found, maps.choice(request.GET, found.layers), paper)
    return _file(services.map_pdf(sheet), PDF, f"{_('map')}-{programme.code}-{paper}.pdf")


@who_may(*EVERYBODY)
def chain_pdf(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The picture and the figures of a plan, on paper."""
    plan = get_object_or_404(programme.plans.filter(result__isnull=False).select_related("programme"), code=code)
    paper = "a4" if request.GET.get("paper") == "a4" else "a3"
    return _file(services.chain_pdf(chain_sheet.sheet(plan, paper)), PDF, f"{code}-{programme.code}-{paper}.pdf")


@who_may(*EVERYBODY)
def map_geojson(request: ProgrammeRequest, programme: Programme, layer: str) -> HttpResponse:
    content = map_files.geojson(*_layer(request, programme, layer))
    return _file(json.dumps(content).encode(), "application/geo+json", f"{programme.code}-{layer}.geojson")


@who_may(*EVERYBODY)
def map_csv(request: ProgrammeRequest, programme: Programme, layer: str) -> HttpResponse:
    content = map_files.table(*_layer(request, programme, layer))
    return _file(content, "text/csv; charset=utf-8", f"{programme.code}-{layer}.csv")


def _layer(request: ProgrammeRequest, programme: Programme, layer: str) -> tuple[map_files.File, atlas.Atlas]:
    """A layer that the reader may take."""
    if layer not in set(map_files.File):
        raise Http404
    if layer not in map_files.files_of(request.roles):
        raise PermissionDenied
    level = request.GET.get("level", "")
    return map_files.File(layer), atlas.atlas(programme, level=level, roles=request.roles)
