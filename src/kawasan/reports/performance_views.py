"""The performance report of a mentor: shown row by row, taken as a file, and frozen."""

import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kawasan.core.forms import DateInput
from kawasan.matching.models import Mentor
from kawasan.mentoring.services import hash_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role
from kawasan.reports import performance_files as files
from kawasan.reports.performance_files import Period

SEE_ALL = (*OFFICE, Role.AUDITOR)
KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PeriodForm(forms.Form):
    """The days of a report; this month until today when nothing is said."""

    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("To"), widget=DateInput())

    def clean(self) -> dict[str, datetime.date]:
        typed = super().clean() or {}
        if not self.errors and typed["ends_on"] < typed["starts_on"]:
            self.add_error("ends_on", _("The last day is before the first. Choose a later day."))
        return typed


@who_may(*SEE_ALL, Role.MENTOR)
def mentor_report(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The 24 rows of the outline, each opening to its entries; of a frozen period as it was frozen."""
    mentor, form = _mentor(request, programme, code), _form(request, programme)
    period = Period(**form.cleaned_data) if form.is_valid() else _this_month(programme)
    frozen_ones = list(mentor.reports.all())
    kept = files.frozen(frozen_ones, period)
    context = {
        "mentor": mentor,
        "form": form,
        "period": period,
        "frozen": kept,
        "is_as_frozen": kept is not None and hash_of(kept.content) == kept.content_hash,
        "report": files.kept_content(kept) if kept else files.content(mentor, period),
        "frozen_ones": frozen_ones,
        "may_freeze": has_role(request, Role.MANAGER) and kept is None,
    }
    return render(request, "reports/mentor_report.html", context)


@require_POST
@who_may(*SEE_ALL, Role.MENTOR)
def mentor_report_file(request: ProgrammeRequest, programme: Programme, code: str, form: str) -> HttpResponse:
    """The report as PDF or XLSX; the log keeps who took it."""
    if form not in KINDS:
        raise Http404
    mentor = _mentor(request, programme, code)
    content = files.take(mentor=mentor, period=_sent(request), form=form, by=request.user)  # type: ignore[arg-type]
    name = f"laporan-kinerja-{mentor.code}.{form}"
    return HttpResponse(
        content, content_type=KINDS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_POST
@who_may(Role.MANAGER)
def freeze_mentor_report(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Keep the report of a period; its entries cannot change from then on."""
    mentor, period = _mentor(request, programme, code), _sent(request)
    files.freeze(mentor=mentor, period=period, by=request.user, on=today(programme))
    messages.success(request, _("The report is frozen. Its entries stay as they are."))
    address = reverse("reports:mentor_report", args=[programme.code, code])
    return redirect(f"{address}?starts_on={period.starts_on}&ends_on={period.ends_on}")


def _mentor(request: ProgrammeRequest, programme: Programme, code: str) -> Mentor:
    """A mentor whose report the reader may see: the own one, all for the office."""
    seen = programme.mentors.select_related("organisation", "programme")
    seen = seen if has_role(request, *SEE_ALL) else seen.filter(user=request.user)
    return get_object_or_404(seen, code=code)


def _this_month(programme: Programme) -> Period:
    day = today(programme)
    return Period(day.replace(day=1), day)


def _form(request: ProgrammeRequest, programme: Programme) -> PeriodForm:
    month = _this_month(programme)
    usual = {"starts_on": month.starts_on.isoformat(), "ends_on": month.ends_on.isoformat()}
    return PeriodForm(usual | request.GET.dict())


def _sent(request: ProgrammeRequest) -> Period:
    form = PeriodForm(request.POST)
    if not form.is_valid():
        raise Http404
    return Period(**form.cleaned_data)
