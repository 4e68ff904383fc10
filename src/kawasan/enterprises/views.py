from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kawasan.core.charts import on_every_screen
from kawasan.core.paging import page_of
from kawasan.enterprises import charts, forms, queries, rules, services
from kawasan.enterprises.models import Enterprise
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role

READERS = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
WRITERS = (Role.MANAGER, Role.MENTOR)


def _writable(request: ProgrammeRequest, programme: Programme) -> QuerySet[Enterprise]:
    """A manager writes for every enterprise, a mentor for those of the own groups."""
    enterprises = programme.enterprises.select_related("programme")
    return enterprises if has_role(request, Role.MANAGER) else enterprises.mentored_by(request.user)


def _may_write(request: ProgrammeRequest, enterprise: Enterprise) -> bool:
    return has_role(request, *WRITERS) and _writable(request, enterprise.programme).filter(pk=enterprise.pk).exists()


def _form_page(request: ProgrammeRequest, form: Any, heading: Any, purpose: Any, back: str) -> HttpResponse:
    return render(request, "form_page.html", {"form": form, "heading": heading, "purpose": purpose, "back": back})


@who_may(*READERS)
def enterprises(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every enterprise with its turnover and its workers."""
    day = today(programme)
    form = forms.FilterForm(request.GET, programme=programme)
    every = queries.overview(programme, day)
    counts, month = queries.counts(every), rules.last_full_month(day)[0]
    context = {
        "form": form,
        "page": page_of(request, queries.chosen(every, **form.wanted())),
        "counts": counts,
        "month": charts.month_label(month),
        "next_step": rules.next_step(
            enterprises=counts["enterprises"],
            without_entries=counts["without_entries"],
            without_nib=counts["without_nib"],
            since=month,
        ),
        "can_add": has_role(request, *WRITERS),
    }
    return render(request, "enterprises/enterprises.html", context)


@who_may(*READERS)
def enterprise(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One enterprise: what it does, its papers, its workers and its months."""
    found = get_object_or_404(queries.overview(programme, today(programme)).select_related("activity"), code=code)
    months = queries.months_of(found)[-rules.MONTHS_SHOWN :]
    context = {
        "enterprise": found,
        "kbli_title": found.activity if found.does_its_activity else "",
        "warnings": rules.legality_warnings(
            kbli_code=found.kbli_code, nib=found.nib, pirt=found.pirt, halal=found.halal
        ),
        "workers": found.workers.all(),
        "months": [(charts.month_label(totals.month), totals) for totals in reversed(months)],
        "chart": on_every_screen(partial(charts.months_chart, months)) if months else "",
        "can_write": _may_write(request, found),
    }
    return render(request, "enterprises/enterprise.html", context)


@who_may(*WRITERS)
def add_enterprise(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    mentor = None if has_role(request, Role.MANAGER) else request.user
    form = forms.NewEnterpriseForm(request.POST or None, programme=programme, mentor=mentor)
    if form.is_valid():
        made = services.add_enterprise(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The enterprise was registered."))
        return redirect("enterprises:enterprise", programme.code, made.code)
    back = reverse("enterprises:enterprises", args=[programme.code])
    purpose = gettext_lazy("The business of one participant, as it is registered or planned.")
    return _form_page(request, form, gettext_lazy("Register an enterprise"), purpose, back)


@who_may(*WRITERS)
def change_enterprise(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(_writable(request, programme), code=code)
    name = str(found)
    form = forms.EnterpriseForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_enterprise(enterprise=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The enterprise was changed."))
        return redirect("enterprises:enterprise", programme.code, code)
    back = reverse("enterprises:enterprise", args=[programme.code, code])
    return _form_page(request, form, name, gettext_lazy("Change what is known of this enterprise."), back)


@who_may(*WRITERS)
def add_worker(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(_writable(request, programme), code=code)
    form = forms.WorkerForm(request.POST or None, programme=programme)
    if form.is_valid():
        services.add_worker(enterprise=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The worker was added."))
        return redirect("enterprises:enterprise", programme.code, code)
    back = reverse("enterprises:enterprise", args=[programme.code, code])
    purpose = gettext_lazy("Somebody other than the owner who works in the enterprise.")
    return _form_page(request, form, gettext_lazy("Add a worker"), purpose, back)


@who_may(*WRITERS)
def end_worker(request: ProgrammeRequest, programme: Programme, code: str, worker: str) -> HttpResponse:
    enterprise = get_object_or_404(_writable(request, programme), code=code)
    found = get_object_or_404(enterprise.workers, code=worker)
    form = forms.EndWorkForm(request.POST or None, initial={"until": today(programme)})
    if form.is_valid():
        services.end_worker(worker=found, until=form.cleaned_data["until"], by=request.user)
        messages.success(request, _("The end of the work was recorded."))
        return redirect("enterprises:enterprise", programme.code, code)
    back = reverse("enterprises:enterprise", args=[programme.code, code])
    return _form_page(request, form, found.name, gettext_lazy("Record the last day of this person's work."), back)


@who_may(*READERS)
def cash_book(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Every line by day, and the form for the next one."""
    found = get_object_or_404(programme.enterprises.select_related("programme"), code=code)
    months = queries.months_of(found)
    can_write = _may_write(request, found)
    context = {
        "enterprise": found,
        "page": page_of(request, queries.entries_of(found)),
        "balance": sum(totals.cash_change for totals in months),
        "profit": sum(totals.profit for totals in months),
        "can_write": can_write,
        "form": forms.EntryForm(programme=programme, today=today(programme)) if can_write else None,
    }
    return render(request, "enterprises/cash_book.html", context)


@who_may(*WRITERS)
def add_entry(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(_writable(request, programme), code=code)
    form = forms.EntryForm(request.POST or None, programme=programme, today=today(programme))
    if form.is_valid():
        services.add_entry(enterprise=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The entry was written."))
        return redirect("enterprises:cash_book", programme.code, code)
    back = reverse("enterprises:cash_book", args=[programme.code, code])
    return _form_page(request, form, gettext_lazy("New entry"), found.name, back)


@require_POST
@who_may(*WRITERS)
def reverse_entry(request: ProgrammeRequest, programme: Programme, code: str, entry: str) -> HttpResponse:
    enterprise = get_object_or_404(_writable(request, programme), code=code)
    found = get_object_or_404(enterprise.cash_entries, code=entry)
    services.reverse_entry(entry=found, by=request.user)
    messages.success(request, _("The entry was taken back. Enter the right one now."))
    return redirect("enterprises:cash_book", programme.code, code)
