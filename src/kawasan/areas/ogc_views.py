"""The addresses of the OGC endpoint."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from kawasan.areas import ogc
from kawasan.areas.collections import COLLECTIONS, Collection
from kawasan.core.language import in_words
from kawasan.programmes.access import ProgrammeRequest, is_browser, json_error, who_may_read_by_program
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY


def _answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A parameter that cannot be read is answered in JSON."""

    @wraps(view)
    def wrapped(request: ProgrammeRequest, programme: Programme, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, programme, **kwargs)
        except ogc.BadRequest as bad:
            return json_error(400, "InvalidParameterValue", str(bad))

    return wrapped


def _json(content: ogc.Document, kind: str = ogc.JSON) -> HttpResponse:
    return JsonResponse(content, content_type=kind, json_dumps_params={"ensure_ascii": False})


@who_may_read_by_program(*EVERYBODY)
@_answers
def landing(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The landing page; people see how to open it in QGIS."""
    ogc.refuse_unknown(request.GET, {"f"})
    at = ogc.base(request, programme)
    if request.GET.get("f", "html" if is_browser(request) else "json") == "html":
        layers = [(one.id, in_words(one.title), in_words(one.description)) for one in COLLECTIONS.values()]
        return render(request, "areas/ogc.html", {"at": f"{at}/", "layers": layers})
    return _json(ogc.landing(programme, at))


@who_may_read_by_program(*EVERYBODY)
@_answers
def conformance(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    ogc.refuse_unknown(request.GET, {"f"})
    return _json(ogc.conformance())


@who_may_read_by_program(*EVERYBODY)
@_answers
def api(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    ogc.refuse_unknown(request.GET, {"f"})
    return _json(ogc.definition(programme, ogc.base(request, programme)), ogc.OPENAPI)


@who_may_read_by_program(*EVERYBODY)
@_answers
def collections(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    ogc.refuse_unknown(request.GET, {"f"})
    return _json(ogc.collections(programme, ogc.base(request, programme)))


@who_may_read_by_program(*EVERYBODY)
@_answers
def collection(request: ProgrammeRequest, programme: Programme, name: str) -> HttpResponse:
    ogc.refuse_unknown(request.GET, {"f"})
    return _json(ogc.collection(programme, _known(name), ogc.base(request, programme)))


@who_may_read_by_program(*EVERYBODY)
@_answers
def items(request: ProgrammeRequest, programme: Programme, name: str) -> HttpResponse:
    of = _known(name)
    query = ogc.query_of(request.GET.dict(), of)
    return _json(ogc.items(programme, of, query, request.GET.dict(), ogc.base(request, programme)), ogc.GEOJSON)


@who_may_read_by_program(*EVERYBODY)
@_answers
def item(request: ProgrammeRequest, programme: Programme, name: str, fid: str) -> HttpResponse:
    ogc.refuse_unknown(request.GET, {"f"})
    found = ogc.item(programme, _known(name), fid, ogc.base(request, programme))
    if found is None:
        raise Http404
    return _json(found, ogc.GEOJSON)


def _known(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise Http404
    return COLLECTIONS[name]
