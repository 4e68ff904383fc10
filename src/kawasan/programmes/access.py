"""Who may open what: a role per programme, asked at every route."""

import base64
import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import resolve, reverse
from django.utils import timezone

from kawasan.core.middleware import page_before
from kawasan.core.models import User
from kawasan.programmes.models import AccessKey, Membership, Programme
from kawasan.programmes.rules import Role, key_digest

P = ParamSpec("P")


class ProgrammeRequest(HttpRequest):
    """A request of somebody who is signed in and has a role in the programme of the address."""

    user: User
    programme: Programme
    roles: set[Role]


ANYONE = "anyone"
View = Callable[Concatenate[ProgrammeRequest, Programme, P], HttpResponse]


def who_may(*roles: Role) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Open a view of one programme to these roles: strangers get 404, members without the role 403."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: ProgrammeRequest, programme: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            held = Membership.objects.filter(user=request.user, programme__code=programme).select_related("programme")
            memberships = list(held)
            if not memberships:
                raise Http404
            request.programme = memberships[0].programme
            request.roles = {Role(membership.role) for membership in memberships}
            if not request.roles & set(roles):
                raise PermissionDenied
            return view(request, request.programme, *args, **kwargs)

        wrapped.roles = frozenset(roles)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def anyone_may(view: View[P]) -> Callable[..., HttpResponse]:
    """Open a view of one programme to everybody, without an account; nobody has a role on it."""

    @wraps(view)
    def wrapped(request: ProgrammeRequest, programme: str, *args: Any, **kwargs: Any) -> HttpResponse:
        request.programme = get_object_or_404(Programme, code=programme)
        request.roles = set()
        return view(request, request.programme, *args, **kwargs)

    wrapped.roles = frozenset({ANYONE})  # type: ignore[attr-defined]
    return wrapped


def who_may_read_by_program(*roles: Role) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Open a view to programs too, which bring a key; they are told in JSON what is wrong."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: ProgrammeRequest, programme: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return json_error(405, "MethodNotAllowed", "Only GET is answered.", Allow="GET, HEAD")
            if user := _user_of_key(request, programme):
                request.user = user
            if not request.user.is_authenticated:
                return _ask_for_key(request)
            try:
                return inner(request, programme, *args, **kwargs)
            except Http404:
                return json_error(404, "NotFound", "There is nothing at this address.")
            except PermissionDenied:
                return json_error(403, "Forbidden", "Your role does not open this.")

        inner = who_may(*roles)(view)
        wrapped.roles = frozenset(roles)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def is_browser(request: HttpRequest) -> bool:
    """Whether a page is asked for: programs ask for JSON or take anything."""
    return "text/html" in request.headers.get("Accept", "")


def json_error(status: int, code: str, description: str, **headers: str) -> HttpResponse:
    """An error as OGC API clients read it."""
    return JsonResponse({"code": code, "description": description}, status=status, headers=headers)


def _ask_for_key(request: HttpRequest) -> HttpResponse:
    """People sign in; programs are asked for a key, which QGIS answers with a window for it."""
    if is_browser(request) and "Authorization" not in request.headers and request.GET.get("f") != "json":
        return _to_sign_in(request)
    said = "Bring a key of yours as password or as bearer token; make one under Programme, Keys for programs."
    return json_error(401, "Unauthorized", said, **{"WWW-Authenticate": 'Basic realm="Kawasan", charset="UTF-8"'})


def _user_of_key(request: HttpRequest, programme: str) -> User | None:
    """Whose key a request brings, as the password of HTTP Basic or as bearer token."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:
            return None
    elif kind.lower() != "bearer":
        return None
    digest = key_digest(value.strip())
    found = AccessKey.objects.filter(programme__code=programme, digest=digest, user__is_active=True)
    key = found.select_related("user").first()
    return key.user if key else None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is, then show the page that was asked for; after a button, the one it is on."""
    is_page = request.method in ("GET", "HEAD")
    return redirect_to_login(request.get_full_path() if is_page else page_before(request) or reverse("home"))


def has_role(request: ProgrammeRequest, *roles: Role) -> bool:
    """Whether the reader of a programme's page has one of these roles."""
    return bool(request.roles & set(roles))


def may_open(request: HttpRequest, route: str, *arguments: str) -> bool:
    """Whether the reader of a programme's page may follow a link to another page of the programme."""
    roles: set[Role] = getattr(request, "roles", set())
    address = reverse(route, args=[request.programme.code, *arguments])  # type: ignore[attr-defined]
    return bool(resolve(address).func.roles & roles)  # type: ignore[attr-defined]


def today(programme: Programme) -> datetime.date:
    """The day at which a programme is shown: today, unless it has ended and names its own."""
    return programme.as_of or timezone.localdate()
