"""Figures behind potential and pentagon: listed, entered, corrected and removed, one kind as the other."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.areas import listings, queries, services
from kawasan.areas.forms import (
    AssetIndicatorForm,
    AssetValueForm,
    FiguresFilter,
    RemoveForm,
    SectorFigureForm,
)
from kawasan.areas.models import AssetIndicator, AssetValue, SectorFigure
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, OVERSIGHT, Role

WRITERS = (Role.MANAGER, Role.PLANNER)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of figures: its rows, its form, and what its pages say."""

    one: str
    model: type[SectorFigure | AssetIndicator | AssetValue]
    form: type[RowForm]
    add: Promise
    change: Promise
    purpose: Promise
    related: tuple[str, ...] = ()


KINDS = {
    "sector_figures": Kind(
        "sector_figure",
        SectorFigure,
        SectorFigureForm,
        gettext_lazy("Add a sector figure"),
        gettext_lazy("Change the sector figure"),
        gettext_lazy("One sector in one year, in the area and in the province. The potential is worked out from it."),
    ),
    "asset_indicators": Kind(
        "asset_indicator",
        AssetIndicator,
        AssetIndicatorForm,
        gettext_lazy("Add an indicator"),
        gettext_lazy("Change the indicator"),
        gettext_lazy("A measure of one of the five capitals. Its weight counts within its capital."),
    ),
    "asset_values": Kind(
        "asset_value",
        AssetValue,
        AssetValueForm,
        gettext_lazy("Add a value"),
        gettext_lazy("Change the value"),
        gettext_lazy("What an indicator was in one place and year. Leave the value empty when nobody found it."),
        ("indicator", "place"),
    ),
}


@who_may(*EVERYBODY)
def figures(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    """All figures of a kind, narrowed by words and year."""
    form = FiguresFilter(request.GET, has_year=kind != "asset_indicators")
    context = {
        "form": form,
        "page": page_of(request, queries.figures(_rows(programme, kind), kind, form.wanted()), per_page=50),
        "can_write": has_role(request, *WRITERS),
        "add": KINDS[kind].add,
    }
    return listed(request, f"areas/{kind}.html", context, listings.FIGURES[kind])


@who_may(*WRITERS)
def add_figure(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    given = {name: value for name, value in request.GET.items() if name in KINDS[kind].form.base_fields}
    form = KINDS[kind].form(request.POST or None, programme=programme, initial=given)
    if form.is_valid():
        services.add_figure(row=form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(f"areas:{kind}", programme.code)
    return _page(request, kind, form, KINDS[kind].add)


@who_may(*WRITERS)
def change_figure(request: ProgrammeRequest, programme: Programme, kind: str, pk: int) -> HttpResponse:
    found = get_object_or_404(_rows(programme, kind), pk=pk)
    form = KINDS[kind].form(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_figure(row=form.instance, changes=form.changes, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(f"areas:{kind}", programme.code)
    history = queries.history(found) if has_role(request, *OFFICE, *OVERSIGHT) else None
    more = {"remove": reverse(f"areas:remove_{KINDS[kind].one}", args=[programme.code, pk]), "history": history}
    return _page(request, kind, form, f"{KINDS[kind].change} · {found}", **more)


@who_may(*WRITERS)
def remove_figure(request: ProgrammeRequest, programme: Programme, kind: str, pk: int) -> HttpResponse:
    found = get_object_or_404(_rows(programme, kind), pk=pk)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.remove_figure(row=found, by=request.user)
        messages.success(request, _("It was removed. The log keeps that it was there."))
        return redirect(f"areas:{kind}", programme.code)
    purpose = _("What is worked out from it changes at once; the log keeps that it was there.")
    more = {"submit": _("Yes, remove"), "purpose": purpose}
    return _page(request, kind, form, _("Remove “{name}”?").format(name=found), **more)


def _rows(programme: Programme, kind: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = getattr(programme, kind).select_related(*KINDS[kind].related or (None,))
    return rows


def _page(request: ProgrammeRequest, kind: str, form: Any, heading: str | Promise, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "purpose": KINDS[kind].purpose,
        "back": reverse(f"areas:{kind}", args=[request.programme.code]),
    }
    return render(request, "areas/figure_form.html", context | more)
