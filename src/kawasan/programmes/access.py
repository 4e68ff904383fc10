"""Who may open what: a role per programme, asked at every route."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone

from kawasan.core.middleware import page_before
from kawasan.core.models import User
from kawasan.programmes.models import Membership, Programme
from kawasan.programmes.rules import Role

P = ParamSpec("P")


class ProgrammeRequest(HttpRequest):
    """A request of somebody who is signed in and has a role in the programme of the address."""

    user: User
    programme: Programme
    roles: set[Role]


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
