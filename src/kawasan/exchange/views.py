from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kawasan.core.paging import page_of
from kawasan.exchange import services, workbook
from kawasan.exchange.forms import SpreadsheetForm, YesForm
from kawasan.exchange.models import Upload
from kawasan.exchange.preview import entered_table, present, units
from kawasan.exchange.preview import preview as preview_of
from kawasan.exchange.tables import TABLES, Table
from kawasan.programmes.access import ProgrammeRequest, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.reports.logbook import TABLE_NAMES

PLANNERS = (Role.MANAGER, Role.PLANNER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@who_may(*PLANNERS)
def spreadsheets(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The tables to which a spreadsheet may add rows."""
    waiting = set(Upload.objects.filter(programme=programme, by=request.user).values_list("table", flat=True))
    tables = [(table, TABLE_NAMES[table.name], table.name in waiting) for table in TABLES if table.is_entered]
    return render(request, "exchange/spreadsheets.html", {"tables": tables})


@who_may(*PLANNERS)
def spreadsheet(request: ProgrammeRequest, programme: Programme, table: str) -> HttpResponse:
    """Bring a spreadsheet of one table; nothing is stored before it was looked at."""
    found = _table(table)
    form = SpreadsheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        upload = services.read_spreadsheet(
            programme=programme, table=found, name=file.name, content=file.read(), by=request.user
        )
        return redirect("exchange:preview", programme.code, table, upload.pk)
    context = {
        "table": found,
        "name": TABLE_NAMES[table],
        "form": form,
        "columns": workbook.dictionary(found),
        "waiting": Upload.objects.filter(programme=programme, by=request.user, table=table).first(),
    }
    return render(request, "exchange/spreadsheet.html", context)


@who_may(*PLANNERS)
def template(request: ProgrammeRequest, programme: Programme, table: str) -> HttpResponse:
    """The empty sheet, with a dictionary of its columns."""
    return _file(workbook.workbook(_table(table)), f"{table}.xlsx")


@who_may(*PLANNERS)
def rows(request: ProgrammeRequest, programme: Programme, table: str) -> HttpResponse:
    """The rows that are there, to be changed in a sheet and brought back."""
    found = _table(table)
    content = workbook.workbook(found, present(found, programme).values(), units(programme))
    return _file(content, f"{table}-{programme.code}.xlsx")


@who_may(*PLANNERS)
def preview(request: ProgrammeRequest, programme: Programme, table: str, pk: int) -> HttpResponse:
    """What storing the sheet would do, row by row; then store it."""
    upload = _upload(request, programme, table, pk)
    form = YesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = services.store_spreadsheet(upload=upload, by=request.user)
        gaps = {"added": done.added, "changed": done.changed}
        messages.success(request, _("Stored: %(added)s rows added, %(changed)s changed.") % gaps)
        return redirect("exchange:spreadsheet", programme.code, table)
    seen = preview_of(upload)
    lines = [line for line in seen.lines if line.faults] if seen.faults else seen.lines
    context = {
        "upload": upload,
        "name": TABLE_NAMES[table],
        "seen": seen,
        "page": page_of(request, lines),
        "labels": [name for name, _cell, _differs in lines[0].cells] if lines else [],
        "general": [fault for fault in seen.faults if not fault.row or fault.row == 1],
        "store": ngettext("Store %(count)s row", "Store %(count)s rows", seen.new + seen.changed)
        % {"count": seen.new + seen.changed},
        "form": form,
    }
    return render(request, "exchange/preview.html", context)


@require_POST
@who_may(*PLANNERS)
def discard(request: ProgrammeRequest, programme: Programme, table: str, pk: int) -> HttpResponse:
    upload = _upload(request, programme, table, pk)
    services.discard_spreadsheet(upload=upload, by=request.user)
    messages.success(request, _("The sheet was thrown away. Nothing was stored."))
    return redirect("exchange:spreadsheet", programme.code, table)


def _table(name: str) -> Table:
    found = entered_table(name)
    if found is None:
        raise Http404
    return found


def _upload(request: ProgrammeRequest, programme: Programme, table: str, pk: int) -> Upload:
    return get_object_or_404(Upload, programme=programme, by=request.user, table=table, pk=pk)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
