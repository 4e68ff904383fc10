"""Applicants from somebody else's sheet: bring it, say what its columns are, look at what was found, store or undo."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.core.jobs import underway
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.text import Text
from kawasan.exchange import listings, workbook
from kawasan.exchange.forms import IntakeForm, MappingForm
from kawasan.exchange.intake import services
from kawasan.exchange.intake.words import MASKED, label_of, recognised
from kawasan.exchange.models import Intake
from kawasan.exchange.rules import TO_STORE, IntakeState
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.job_views import answer
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

CHECKERS = (Role.MANAGER, Role.VERIFIER)
SHOWN = 3  # first rows that are shown beside one another
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@who_may(*CHECKERS)
def intakes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Bring a file; what was brought before."""
    form = IntakeForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        made = services.bring(programme=programme, name=file.name, content=file.read(), by=request.user)
        return redirect("exchange:map_intake", programme.code, made.pk)
    rows = programme.intakes.defer("content", "faulty", "first", "mapping").select_related("by")
    return listed(request, "exchange/intakes.html", {"form": form, "page": page_of(request, rows)}, listings.INTAKES)


@who_may(*CHECKERS)
def intake_template(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _file(workbook.intake_template(programme), "applicants.xlsx")


@who_may(*CHECKERS)
def map_intake(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """Say which of our columns those of the file are; then every row is checked."""
    found = _intake(programme, pk)
    if found.state not in TO_STORE:
        return redirect("exchange:intake", programme.code, pk)
    form = MappingForm(request.POST or None, intake=found)
    if form.is_valid():
        services.map_columns(intake=found, mapping=form.mapping, by=request.user)
        return answer(request, services.check_later(intake=found, by=request.user))
    before = programme.intakes.filter(sha256=found.sha256, state=IntakeState.STORED).first()
    context = {"intake": found, "form": form, "portal": recognised(found.head), "before": before}
    return render(request, "exchange/intake_columns.html", context)


@never_cache
@who_may(*CHECKERS)
def intake(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """What a check found, or what was stored."""
    found = _intake(programme, pk)
    is_open = found.state in TO_STORE
    reasons = services.reasons_against_undoing(intake=found) if found.state == IntakeState.STORED else []
    context = {
        "intake": found,
        "is_open": is_open,
        "is_frozen": is_open and programme.applicants.exclude(frozen_on=None).exists(),
        "found": found.found,
        "underway": underway(programme, f"exchange.intake-{found.pk}"),
        "is_manager": has_role(request, Role.MANAGER),
        "shown": _first_rows(found) if is_open else [],
        "reasons": reasons,
        "may_undo": found.state == IntakeState.STORED and not reasons,
    }
    return render(request, "exchange/intake.html", context)


@require_POST
@who_may(*CHECKERS)
def store_intake(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    only_good = request.POST.get("which") == "good"
    return answer(request, services.store_later(intake=_intake(programme, pk), only_good=only_good, by=request.user))


@require_POST
@who_may(*CHECKERS)
def undo_intake(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    return answer(request, services.undo_later(intake=_intake(programme, pk), by=request.user))


@require_POST
@who_may(*CHECKERS)
def discard_intake(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    services.discard(intake=_intake(programme, pk), by=request.user)
    messages.success(request, _("The file was thrown away. Nothing was stored."))
    return redirect("exchange:intakes", programme.code)


@never_cache
@who_may(*CHECKERS)
def faulty_rows(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """The rows that cannot be stored, with what is wrong in each."""
    found = _intake(programme, pk)
    if found.faulty is None:
        raise Http404
    return _file(services.hand_out_faulty(intake=found, by=request.user), f"faulty-{found.pk}.xlsx")


def _first_rows(found: Intake) -> list[tuple[Text, bool, list[str]]]:
    """What the first rows have in each of our columns, and whether that is masked."""
    first = found.first[:SHOWN]
    return [
        (label_of(name), name in MASKED, [row[place] if place < len(row) else "" for row in first])
        for place, name in enumerate(found.mapping["columns"])
        if name
    ]


def _intake(programme: Programme, pk: int) -> Intake:
    rows = programme.intakes.defer("content").select_related("programme")
    return get_object_or_404(rows, pk=pk)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
