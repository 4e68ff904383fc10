from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.core.charts import on_every_screen
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.enterprises import charts, forms, listings, queries, rules, services
from kawasan.enterprises.access import READERS, WRITERS, may_write, writable
from kawasan.enterprises.rules import AssetCondition, AssetOrigin
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role


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
    return listed(request, "enterprises/enterprises.html", context, listings.ENTERPRISES)


@who_may(*READERS)
def enterprise(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One enterprise: what it does, its papers, its workers and its months."""
    day = today(programme)
    found = get_object_or_404(queries.overview(programme, day).select_related("activity"), code=code)
    months, assets = queries.months_of(found)[-rules.MONTHS_SHOWN :], list(found.assets.all())
    members, people = list(found.members.select_related("applicant__person")), list(queries.people_of_group(found))
    at_present = {one.applicant_id for one in members if one.until is None}
    context = {
        "enterprise": found,
        "kbli": queries.kbli_of(found),
        "warnings": rules.legality_warnings(
            kbli_code=found.kbli_code,
            nib=found.nib,
            pirt=found.pirt,
            pirt_until=found.pirt_until,
            halal=found.halal,
            halal_until=found.halal_until,
            today=day,
        ),
        "sightings": found.sightings.all()[:5],
        "products": found.products.filter(is_sold=True),
        "capacities": queries.capacities_of(found, day),
        "members": members,
        "people_of_group": people,
        "can_add_members": any(one.applicant_id not in at_present for one in people),
        "workers": found.workers.all(),
        "assets": assets,
        "asset_warnings": rules.asset_warnings(
            [
                (one.name, AssetOrigin(one.origin), AssetCondition(one.condition), one.seen_on, one.note)
                for one in assets
            ],
            day,
        ),
        "months": [(charts.month_label(totals.month), totals) for totals in reversed(months)],
        "chart": on_every_screen(partial(charts.months_chart, months)) if months else "",
        "can_write": may_write(request, found),
    }
    return listed(request, "enterprises/enterprise.html", context, listings.ASSETS, rows=assets)


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
    return form_page(request, form, gettext_lazy("Register an enterprise"), purpose, back)


def _filled_in(
    request: ProgrammeRequest, code: str, form: Any, act: Callable[..., Any], said: str, heading: Any, purpose: Any
) -> HttpResponse:
    """A form about an enterprise; when it is filled in rightly, what it asks for is done and told on its page."""
    page = reverse("enterprises:enterprise", args=[request.programme.code, code])
    if form.is_valid():
        act(by=request.user, **form.cleaned_data)
        messages.success(request, said)
        return redirect(page)
    return form_page(request, form, heading, purpose, page)


@who_may(*WRITERS)
def change_enterprise(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(writable(request, programme), code=code)
    name = str(found)
    form = forms.EnterpriseForm(request.POST or None, instance=found, programme=programme)
    act = partial(services.change_enterprise, enterprise=found)
    purpose = gettext_lazy("Change what is known of this enterprise.")
    return _filled_in(request, code, form, act, _("The enterprise was changed."), name, purpose)


@who_may(*WRITERS)
def add_worker(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(writable(request, programme), code=code)
    form = forms.WorkerForm(request.POST or None, programme=programme)
    act = partial(services.add_worker, enterprise=found)
    purpose = gettext_lazy("Somebody other than the owner who works in the enterprise.")
    return _filled_in(request, code, form, act, _("The worker was added."), gettext_lazy("Add a worker"), purpose)


@who_may(*WRITERS)
def end_worker(request: ProgrammeRequest, programme: Programme, code: str, worker: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.workers, code=worker)
    form = forms.EndWorkForm(request.POST or None, initial={"until": today(programme)})
    act = partial(services.end_worker, worker=found)
    purpose = gettext_lazy("Record the last day of this person's work.")
    return _filled_in(request, code, form, act, _("The end of the work was recorded."), found.name, purpose)


@who_may(*WRITERS)
def add_members(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found, day = get_object_or_404(writable(request, programme), code=code), today(programme)
    form = forms.MembersForm(request.POST or None, enterprise=found, today=day)
    act = partial(services.add_members, enterprise=found)
    purpose = gettext_lazy("The people of the group to whom the enterprise belongs, in the role they have there.")
    return _filled_in(
        request, code, form, act, _("The members were written down."), gettext_lazy("Write down the members"), purpose
    )


@who_may(*WRITERS)
def change_role(request: ProgrammeRequest, programme: Programme, code: str, member: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.members.select_related("applicant__person"), code=member)
    form = forms.RoleForm(request.POST or None, initial={"role": found.role, "since": today(programme)})
    act = partial(services.change_role, member=found)
    purpose = gettext_lazy(
        "The role before it stays in the history. With the day on which that began, it is corrected."
    )
    return _filled_in(request, code, form, act, _("The role was written down."), found.applicant.person.name, purpose)


@who_may(*WRITERS)
def end_member(request: ProgrammeRequest, programme: Programme, code: str, member: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.members.select_related("applicant__person"), code=member)
    form = forms.EndMembershipForm(request.POST or None, initial={"until": today(programme)})
    act = partial(services.end_member, member=found)
    purpose = gettext_lazy("Write down the last day of this person in the enterprise.")
    return _filled_in(
        request, code, form, act, _("The end of the membership was written down."), found.applicant.person.name, purpose
    )


@who_may(*WRITERS)
def report_capacity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found, day = get_object_or_404(writable(request, programme), code=code), today(programme)
    form = forms.CapacityForm(request.POST or None, programme=programme, enterprise=found, today=day)
    act = partial(services.report_capacity, enterprise=found)
    purpose = gettext_lazy("The coming months count with it. What was reported before stays in the history.")
    return _filled_in(
        request, code, form, act, _("The capacity was written down."), gettext_lazy("Report the capacity"), purpose
    )


@who_may(*WRITERS)
def add_asset(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found, day = get_object_or_404(writable(request, programme), code=code), today(programme)
    form = forms.AssetForm(request.POST or None, programme=programme, enterprise=found, today=day)
    act = partial(services.add_asset, enterprise=found)
    purpose = gettext_lazy("Tools, machines and what else stays. What the assistance paid is looked at twice a year.")
    return _filled_in(request, code, form, act, _("It was written down."), gettext_lazy("Add an asset"), purpose)


@who_may(*WRITERS)
def see_asset(request: ProgrammeRequest, programme: Programme, code: str, asset: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.assets, code=asset)
    found.programme = programme
    form = forms.SeeAssetForm(
        request.POST or None, instance=found, programme=programme, enterprise=enterprise, today=today(programme)
    )
    act = partial(services.see_asset, asset=found)
    return _filled_in(request, code, form, act, _("It was written down."), found.name, gettext_lazy("How is it now?"))


@who_may(*WRITERS)
def add_sighting(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(writable(request, programme), code=code)
    form = forms.SightingForm(request.POST or None, programme=programme, initial={"seen_on": today(programme)})
    act = partial(services.note_sighting, enterprise=found)
    purpose = gettext_lazy("It counts as a sign that the enterprise is alive, also where nothing is sold for a while.")
    said = _("It was recorded that the enterprise was seen at work.")
    return _filled_in(request, code, form, act, said, gettext_lazy("I saw it at work"), purpose)


@who_may(*READERS)
def alive(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """How many enterprises live on, for how long, and which show signs of trouble."""
    day = today(programme)
    curves = services.survival_by_field(programme=programme, on=day)
    signs = [(one, rules.signs_of_trouble(book, day)) for one, book in queries.books(programme, day)]
    troubled = sorted(((one, found) for one, found in signs if found), key=lambda pair: (-len(pair[1]), pair[0].name))
    context = {
        "rows": [(name or _("All"), number, _marks(curve)) for name, number, curve in curves],
        "months": rules.MONTHS_OF_LIFE,
        "chart": on_every_screen(partial(charts.survival_chart, curves)) if curves else "",
        "troubled": troubled,
        "running": len(signs),
        "fewest": rules.FEWEST_LIVES,
        "alive_days": rules.ALIVE_FOR.days,
    }
    return listed(request, "enterprises/alive.html", context, listings.TROUBLED, rows=troubled)


def _marks(curve: Any) -> list[tuple[int, Any]]:
    """The share alive at each age that is told."""
    return [(months, curve.after(months * rules.DAYS_OF_A_MONTH)) for months in rules.MONTHS_OF_LIFE]
