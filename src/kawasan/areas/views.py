from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.areas import boundary_file, boundary_pages, charts, queries, rules, services
from kawasan.areas.forms import BoundaryFileForm, CheckedBoundariesForm, ResourceForm
from kawasan.core.charts import on_every_screen
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, Role

WRITERS = (Role.MANAGER, Role.PLANNER)


@who_may(*EVERYBODY)
def area(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What the area has and what it is strong in."""
    scores, sectors = services.pentagon(programme), services.potential(programme)
    indicators = [indicator for score in scores for indicator in score.indicators]
    shares = programme.sector_shares.values_list("year", "area_share", "province_share")
    places = programme.places.count()
    has_score = any(s.score is not None for s in scores)
    has_quotient = any(s.location_quotient is not None for s in sectors)
    context = {
        "scores": scores,
        "pentagon": on_every_screen(partial(charts.pentagon, scores), charts.PENTAGON) if has_score else "",
        "missing": [s for s in scores if s.score is None],
        "sectors": sectors,
        "chart": on_every_screen(partial(charts.potential, sectors)) if has_quotient else "",
        "meanings": [(c, rules.MEANINGS[c]) for c in rules.SectorClass],
        "reasons": rules.reasons_shares_too_large(shares),
        "places": places,
        "resources": programme.resources.count(),
        "next": rules.next_step(
            places=places,
            short=programme.resources.running_short().count(),
            indicators=len(indicators),
            unknown=sum(indicator.value is None for indicator in indicators),
        ),
    }
    return render(request, "areas/area.html", context)


@who_may(*EVERYBODY)
def resources(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The resources of the five capitals and how much more of each can be used."""
    capital, place = request.GET.get("capital", ""), request.GET.get("place", "")
    context = {
        "page": page_of(request, queries.resources(programme, capital=capital, place=place)),
        "short": programme.resources.running_short().count(),
        "capitals": tuple(rules.Capital),
        "capital": capital,
        "places": programme.places.all(),
        "place": place,
        "can_write": has_role(request, *WRITERS),
    }
    return render(request, "areas/resources.html", context)


@who_may(*WRITERS)
def add_resource(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = ResourceForm(request.POST or None, programme=programme)
    if form.is_valid():
        services.add_resource(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The resource was added."))
        return redirect("areas:resources", programme.code)
    return _form_page(request, form, _("Add a resource"), _("Something that the area has and enterprises can use."))


@who_may(*WRITERS)
def change_resource(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.resources, code=code)
    form = ResourceForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_resource(resource=found, changes=form.changes, by=request.user)
        messages.success(request, _("The resource was changed."))
        return redirect("areas:resources", programme.code)
    return _form_page(request, form, _("Change the resource"), _("Correct what is known of this resource."))


@who_may(*WRITERS)
def boundaries(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Which boundaries there are; a file of new ones is looked at here and stored when somebody confirms it."""
    form = BoundaryFileForm(request.POST or None, request.FILES or None)
    context = {"form": form, **boundary_pages.stored(programme)}
    if form.is_valid():
        reading = boundary_file.read(
            form.cleaned_data["file"].read(),
            queries.places_as_spots(programme),
            code_property=form.cleaned_data["code_property"],
        )
        context |= boundary_pages.preview(programme, form, reading, context["seen"])
    return render(request, "areas/boundaries.html", context)


@require_POST
@who_may(*WRITERS)
def store_boundaries(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = CheckedBoundariesForm(request.POST, programme=programme)
    if not form.is_valid():
        messages.error(request, _("The boundaries came back changed and were not stored. Upload the file once more."))
        return redirect("areas:boundaries", programme.code)
    reading = form.cleaned_data["outlines"]
    services.replace_boundaries(
        programme=programme,
        outlines=reading.outlines,
        levels=reading.levels,
        source=form.cleaned_data["source"],
        seen=form.cleaned_data["seen"],
        by=request.user,
    )
    messages.success(request, _("The boundaries were replaced."))
    return redirect("areas:boundaries", programme.code)


@require_POST
@who_may(*WRITERS)
def remove_boundaries(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    services.remove_boundaries(programme=programme, seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, _("The boundaries were removed. The map shows approximate cells."))
    return redirect("areas:boundaries", programme.code)


@who_may(*EVERYBODY)
def boundaries_geojson(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _geojson(queries.boundary_collection(programme), f"{programme.code}-boundaries.geojson")


@who_may(*EVERYBODY)
def geojson(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return _geojson(queries.feature_collection(programme), f"{programme.code}.geojson")


def _geojson(content: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(content, content_type="application/geo+json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _form_page(request: ProgrammeRequest, form: ResourceForm, heading: str, purpose: str) -> HttpResponse:
    back = reverse("areas:resources", args=[request.programme.code])
    return render(request, "form_page.html", {"form": form, "heading": heading, "purpose": purpose, "back": back})
