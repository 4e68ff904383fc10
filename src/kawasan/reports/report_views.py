"""Reports about the programme: drafts, what the office has in them, and those that were archived."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from kawasan.core.forms import DateInput, Form, ModelForm
from kawasan.core.language import choices, in_words
from kawasan.core.listing import listed
from kawasan.core.responses import form_page
from kawasan.core.services import log
from kawasan.programmes.access import ProgrammeRequest, anyone_may, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, OVERSIGHT, Role
from kawasan.reports import listings, services
from kawasan.reports.models import ArchivedReport, ReportTemplate, file_name
from kawasan.reports.report_kinds import ReportKind, Section

PDF = "application/pdf"
READERS = (*OFFICE, *OVERSIGHT)


class TemplateForm(ModelForm):
    """What the office says itself, and which sections the report has."""

    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Sections"), choices=choices(Section), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ReportTemplate
        fields = ("office", "address", "opening", "sections", "closing", "place", "signer", "signer_title")


class ArchiveForm(Form):
    """The number and the day under which a report is handed in."""

    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=80, help_text=gettext_lazy("As the office numbers its papers.")
    )
    dated = forms.DateField(label=gettext_lazy("Dated"), widget=DateInput)


@who_may(*READERS)
def reports(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The kinds of reports, and those that were archived, newest first."""
    archived = programme.archived_reports.defer("content", "document")
    context = {
        "kinds": [(kind, services.template_of(programme, kind)) for kind in ReportKind],
        "archived": archived,
        "may_write": has_role(request, Role.MANAGER),
    }
    return listed(request, "reports/programme_reports.html", context, listings.ARCHIVED, rows=archived)


@who_may(*READERS)
def report_draft(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    """A report as it would be now."""
    name = f"{programme.code}-{_kind(kind)}-draft.pdf"
    return _file(services.draft(programme=programme, kind=_kind(kind)), name)


@who_may(Role.MANAGER)
def report_template(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    """Changes what the office says in a report."""
    form = TemplateForm(request.POST or None, instance=services.template_of(programme, _kind(kind)))
    back = reverse("reports:reports", args=[programme.code])
    if form.is_valid():
        services.keep_template(template=form.save(commit=False), by=request.user)
        messages.success(request, _("The template was kept. Reports that are archived stay as they are."))
        return redirect(back)
    heading = _("Template: %(kind)s") % {"kind": in_words(_kind(kind).label)}
    purpose = _("Letterhead, own words, sections and signature. Figures and pictures come from the programme's rows.")
    return form_page(request, form, heading, purpose, back, submit=_("Keep the template"))


@who_may(Role.MANAGER)
def archive_report(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    """Keeps a report as it is now, with its document."""
    form = ArchiveForm(request.POST or None, initial={"dated": today(programme)})
    back = reverse("reports:reports", args=[programme.code])
    if form.is_valid():
        made = services.archive(programme=programme, kind=_kind(kind), by=request.user, **form.cleaned_data)
        messages.success(request, _("Report %(number)s was archived.") % {"number": made.number})
        return redirect(back)
    heading = _("Archive: %(kind)s") % {"kind": in_words(_kind(kind).label)}
    purpose = _("The report is kept as it is now, with its document and the hashes of both. It cannot be changed.")
    warning = services.reason_no_page()
    return form_page(request, form, heading, purpose, back, submit=_("Archive the report"), warning=warning)


@who_may(*READERS)
def archived_report(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """The document of an archived report, byte for byte."""
    found = get_object_or_404(programme.archived_reports.defer("content"), pk=pk)
    log("reports.report_taken", found, by=request.user, is_written=False)
    return _file(bytes(found.document), f"{programme.code}-{file_name(found.number)}.pdf")


@never_cache
@anyone_may
def check_report(request: ProgrammeRequest, programme: Programme, token: str) -> HttpResponse:
    """Whether a paper is one that the office archived, for everybody who holds it."""
    found = ArchivedReport.objects.filter(programme=programme, token=token).first()
    context = {
        "programme": programme,
        "report": found,
        "entry": services.entry_of(found) if found else None,
        "is_as_archived": found is not None and services.is_as_archived(found),
    }
    status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
    return render(request, "reports/check_report.html", context, status=status)


def _kind(kind: str) -> ReportKind:
    if kind not in set(ReportKind):
        raise Http404
    return ReportKind(kind)


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})
