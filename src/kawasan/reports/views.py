from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from kawasan.applicants.models import Applicant
from kawasan.core.models import LogEntry
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, may_open, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, OVERSIGHT, Role
from kawasan.reports import queries, rules, services

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = (*OFFICE, *OVERSIGHT)


@who_may(*EVERYBODY)
def cockpit(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """One page: how far each stage is, what is due, what is stuck."""
    day = today(programme)
    counts = queries.counts(programme, day)
    milestones = [(str(m), m.starts_on, m.ends_on) for m in programme.milestones.all()]
    stages, warnings = rules.stage_states(counts, programme.seats), rules.warnings(counts, programme.seats)
    routes = {stage.route for stage in stages} | {route for _text, route in warnings}
    context = {
        "day": day,
        "stages": stages,
        "warnings": warnings,
        "open_routes": {route for route in routes if may_open(request, route)},
        "due": rules.due(milestones, day),
        "counts": counts,
        "results": queries.latest_results(programme),
    }
    return render(request, "reports/cockpit.html", context)


@who_may(*OFFICE, Role.AUDITOR)
def case_file(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Everything that happened to one person, in time order."""
    applicants = Applicant.objects.filter(programme=programme).in_full().select_related("seat")
    applicant = get_object_or_404(applicants, code=code)
    return render(request, "reports/case_file.html", {"applicant": applicant, "events": queries.case(applicant)})


@who_may(*NAMES)
def documents(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What can be printed and taken along."""
    context = {
        "decrees": programme.decrees.all(),
        "participants": queries.participant_count(programme),
        "may_read_log": has_role(request, Role.MANAGER, *OVERSIGHT),
    }
    return render(request, "reports/documents.html", context)


@who_may(*NAMES)
def decree_pdf(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    decree = get_object_or_404(programme.decrees.select_related("programme"), code=code)
    return _file(services.take_decree(decree=decree, by=request.user), PDF, f"sk-{decree.code}.pdf")


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
    return render(request, "reports/log.html", {"page": page_of(request, entries, 50), "q": words})
