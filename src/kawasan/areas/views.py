from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.areas import boundary_file, boundary_pages, charts, listings, queries, rules, services, workings
from kawasan.areas.forms import (
    AssetsForm,
    BoundaryFileForm,
    CheckedBoundariesForm,
    KindForm,
    PhotoForm,
    PotentialForm,
    RemoveForm,
    ResourceFilter,
    ResourceForm,
)
from kawasan.areas.models import Resource
from kawasan.core import photos
from kawasan.core.charts import on_every_screen
from kawasan.core.language import in_words
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, OVERSIGHT, Role

WRITERS = (Role.MANAGER, Role.PLANNER)
MOST_PICTURES = 24  # pentagons on a page; a regency over many years would have hundreds


@who_may(*EVERYBODY)
def area(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What the area has and what it is strong in, at a glance."""
    scores, study = services.pentagon(programme), services.sector_study(programme)
    indicators = [indicator for score in scores for indicator in score.indicators]
    places = programme.places.count()
    has_score = any(s.score is not None for s in scores)
    context = {
        "scores": scores,
        "pentagon": on_every_screen(partial(charts.pentagon, scores), charts.PENTAGON) if has_score else "",
        "missing": [s for s in scores if s.score is None],
        "study": study,
        "chart": _quotient_chart(study),
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
def potential(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The sectors against the province: what they are, where they go, and why they changed."""
    study = _study(request, programme)
    shares = programme.sector_figures.exclude(sector=rules.ALL_SECTORS).filter(basis=rules.Basis.GRDP_SHARE)
    has_parts, unit = any(sector.parts for sector in study.sectors), rules.UNITS_OF_BASIS[study.basis]
    context = {
        "form": PotentialForm.showing(study),
        "study": study,
        "unit": unit,
        "has_growth": any(sector.area_growth is not None for sector in study.sectors),
        "chosen": _chosen(study),
        "chart": _quotient_chart(study),
        "parts_chart": on_every_screen(partial(charts.parts, study.sectors, in_words(unit))) if has_parts else "",
        "meanings": [(c, rules.MEANINGS[c]) for c in rules.SectorClass],
        "quadrants": [(q, rules.QUADRANT_MEANINGS[q]) for q in rules.Quadrant],
        "reasons": [
            *rules.reasons_shares_too_large(shares.values_list("year", "area", "reference")),
            *study.reasons,
        ],
        "is_current": study.basis == rules.Basis.GRDP_CURRENT,
        "can_write": has_role(request, *WRITERS),
    }
    return listed(request, "areas/potential.html", context, listings.POTENTIAL, rows=study.sectors)


@who_may(*EVERYBODY)
def sector(request: ProgrammeRequest, programme: Programme, sector: str) -> HttpResponse:
    """One sector with its figures, their sources, and how everything was worked out from them."""
    study = _study(request, programme)
    found = next((one for one in study.sectors if one.sector == sector), None)
    if found is None:
        raise Http404
    context = {
        "sector": found,
        "study": study,
        "unit": rules.UNITS_OF_BASIS[study.basis],
        "chosen": _chosen(study),
        "pairs": [pair for pair in (found.start, found.end) if pair],
        "totals": [pair for pair in (study.start, study.end) if pair],
        "workings": workings.workings(study, found),
        "reasons": study.reasons,
        "meaning": rules.MEANINGS[found.sector_class],
        "quadrant_meaning": rules.QUADRANT_MEANINGS[found.quadrant],
    }
    return render(request, "areas/sector.html", context)


@who_may(*EVERYBODY)
def assets(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The pentagons of places and years side by side, and how far their order depends on the weights."""
    study = _asset_study(request, programme)
    form = AssetsForm(request.GET, study=study)
    shown = form.shown()
    context = {
        "form": form,
        "study": study,
        "pictures": [(one, charts.pentagon(one.capitals, charts.NARROW)) for one in shown[:MOST_PICTURES]],
        "shown": shown,
        "ranks": range(1, len(study.ranking) + 1),
        "chart": on_every_screen(partial(charts.ranks, study.ranking)) if len(study.ranking) > 1 else "",
        "can_write": has_role(request, *WRITERS),
    }
    return listed(request, "areas/assets.html", context, listings.ASSETS, rows=shown)


@who_may(*EVERYBODY)
def place_assets(request: ProgrammeRequest, programme: Programme, place: str, year: int) -> HttpResponse:
    """The indicators behind the five capitals of one place in one year."""
    found = services.place_score(programme, get_object_or_404(programme.places, code=place), year)
    if found is None:
        raise Http404
    context = {"one": found, "pentagon": charts.pentagon(found.capitals, charts.NARROW)}
    return render(request, "areas/place_assets.html", context)


@who_may(*EVERYBODY)
def resources(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The resources of the five capitals and how much more of each can be used."""
    form = ResourceFilter(request.GET, programme=programme)
    context = {
        "form": form,
        "page": page_of(request, queries.resources(programme, form.wanted())),
        "short": programme.resources.running_short().count(),
        "can_write": has_role(request, *WRITERS),
    }
    return listed(request, "areas/resources.html", context, listings.RESOURCES)


@who_may(*EVERYBODY)
def resource(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Everything that is known of a resource, and for the office what was done to it and by whom."""
    found = _find(programme, code)
    context = {
        "resource": found,
        "can_write": has_role(request, *WRITERS),
        "history": queries.history(found) if has_role(request, *OFFICE, *OVERSIGHT) else None,
    }
    return render(request, "areas/resource.html", context)


@who_may(*WRITERS)
def add_resource(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = ResourceForm(request.POST or None, programme=programme)
    if form.is_valid():
        added = services.add_resource(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The resource was added."))
        return redirect("areas:resource", programme.code, added.code)
    heading, purpose = _("Add a resource"), _("Something that the area has and enterprises can use.")
    return _resource_form(request, form, heading, purpose, reverse("areas:resources", args=[programme.code]))


@who_may(*WRITERS)
def change_resource(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = _find(programme, code)
    form = ResourceForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_resource(resource=found, changes=form.changes, by=request.user)
        messages.success(request, _("The resource was changed."))
        return redirect("areas:resource", programme.code, code)
    heading, purpose = _("Change the resource"), _("Correct what is known of this resource.")
    return _resource_form(request, form, heading, purpose, _address(programme, code))


@who_may(*WRITERS)
def remove_resource(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = _find(programme, code)
    form = _asked(request)
    if form.is_valid():
        services.remove_resource(resource=found, by=request.user)
        messages.success(request, _("The resource was removed."))
        return redirect("areas:resources", programme.code)
    purpose = _("It goes from the lists, the map and the folder; the log keeps that it was there.")
    heading = _("Remove “{name}”?").format(name=found)
    return _form_page(request, form, heading, purpose, _address(programme, code), _("Remove"))


@who_may(*WRITERS)
def set_photo(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = _find(programme, code)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        services.set_photo(resource=found, photo=form.cleaned_data["photo"], by=request.user)
        messages.success(request, _("The photo was stored."))
        return redirect("areas:resource", programme.code, code)
    heading, purpose = _("Photo of “{name}”").format(name=found), _("Show the thing, and nobody who did not agree.")
    return _form_page(request, form, heading, purpose, _address(programme, code))


@who_may(*WRITERS)
def remove_photo(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = _find(programme, code)
    form = _asked(request)
    if form.is_valid():
        services.remove_photo(resource=found, by=request.user)
        messages.success(request, _("The photo was removed."))
        return redirect("areas:resource", programme.code, code)
    heading, purpose = _("Remove the photo of “{name}”?").format(name=found), _("Its file is deleted.")
    return _form_page(request, form, heading, purpose, _address(programme, code), _("Remove"))


@who_may(*EVERYBODY)
def photo(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The picture itself; it lies outside what the web server hands out."""
    content = photos.content_of(_find(programme, code).photo)
    if not content:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@who_may(*EVERYBODY)
def kinds(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The catalogue of kinds of resources."""
    context = {"page": page_of(request, queries.kinds(programme)), "can_write": has_role(request, *WRITERS)}
    return listed(request, "areas/kinds.html", context, listings.KINDS)


@who_may(*WRITERS)
def add_kind(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = KindForm(request.POST or None, programme=programme)
    if form.is_valid():
        services.add_kind(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The kind was added."))
        return redirect("areas:kinds", programme.code)
    return _kind_page(request, form, _("Add a kind"), _("A kind of resource that the catalogue does not have yet."))


@who_may(*WRITERS)
def change_kind(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.resource_kinds, code=code)
    form = KindForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_kind(kind=found, changes=form.changes, by=request.user)
        messages.success(request, _("The kind was changed."))
        return redirect("areas:kinds", programme.code)
    return _kind_page(request, form, _("Change the kind"), _("All resources of the kind change with it."))


@who_may(*WRITERS)
def remove_kind(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.resource_kinds, code=code)
    form = _asked(request)
    if form.is_valid():
        services.remove_kind(kind=found, by=request.user)
        messages.success(request, _("The kind was removed."))
        return redirect("areas:kinds", programme.code)
    heading = _("Remove “{name}”?").format(name=found)
    return _kind_page(request, form, heading, _("Only a kind without resources can be removed."), _("Remove"))


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


def _controls() -> dict[str, str]:
    """What the buttons of a map say, in the reader's language."""
    return {
        "Map.Title": _("Map of the area"),
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "Popup.Close": _("Close"),
        "CooperativeGesturesHandler.WindowsHelpText": _("Use Ctrl and the wheel to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": _("Use ⌘ and the wheel to zoom the map"),
        "CooperativeGesturesHandler.MobileHelpText": _("Use two fingers to move the map"),
    }


def _find(programme: Programme, code: str) -> Resource:
    return get_object_or_404(programme.resources.select_related("kind", "place"), code=code)


def _asked(request: ProgrammeRequest) -> RemoveForm:
    return RemoveForm(request.POST if request.method == "POST" else None)


def _address(programme: Programme, code: str) -> str:
    return reverse("areas:resource", args=[programme.code, code])


def _study(request: ProgrammeRequest, programme: Programme) -> services.Study:
    """The study that the address asks for."""
    asked = {name: request.GET.get(name, "") for name in ("start", "end")}
    years = {name: int(value) for name, value in asked.items() if value.isascii() and value.isdigit()}
    return services.sector_study(programme, basis=request.GET.get("basis", ""), **years)


def _chosen(study: services.Study) -> str:
    """The choices of a study as the end of an address, so that a link leads to the same figures."""
    years = {"start": study.start, "end": study.end}
    chosen = {"basis": study.basis.value} | {name: pair.year for name, pair in years.items() if pair}
    return urlencode(chosen)


def _asset_study(request: ProgrammeRequest, programme: Programme) -> services.AssetStudy:
    year = request.GET.get("year", "")
    wanted = int(year) if year.isascii() and year.isdigit() else None
    return services.asset_study(programme, year=wanted, spread=request.GET.get("spread", ""))


def _quotient_chart(study: services.Study) -> str:
    has_quotient = any(s.location_quotient is not None for s in study.sectors)
    return on_every_screen(partial(charts.potential, study.sectors)) if has_quotient else ""


def _resource_form(
    request: ProgrammeRequest, form: ResourceForm, heading: str, purpose: str, back: str
) -> HttpResponse:
    """The form with a small map on which a point can be pressed."""
    words = {
        "locale": get_language(),
        "controls": _controls(),
        "taken": _("Point taken: latitude {latitude}, longitude {longitude}"),
    }
    context: dict[str, Any] = {
        "form": form,
        "heading": heading,
        "purpose": purpose,
        "back": back,
        "map": {**queries.outlines(request.programme), "words": words},
    }
    return render(request, "areas/resource_form.html", context)


def _form_page(
    request: ProgrammeRequest, form: Any, heading: str, purpose: str, back: str, submit: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "purpose": purpose, "back": back, "submit": submit}
    return render(request, "form_page.html", context)


def _kind_page(request: ProgrammeRequest, form: Any, heading: str, purpose: str, submit: str = "") -> HttpResponse:
    return _form_page(request, form, heading, purpose, reverse("areas:kinds", args=[request.programme.code]), submit)
