"""Who may open what: a role per programme, asked at every route."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Programme, P], HttpResponse]


def who_may(*roles: Role) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Open a view of one programme to these roles: strangers get 404, members without the role 403."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def wrapped(request: HttpRequest, programme: str, *args: Any, **kwargs: Any) -> HttpResponse:
            found = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
            request.programme = found  # type: ignore[attr-defined]
            request.roles = roles_of(request.user, found)  # type: ignore[attr-defined]
            if not request.roles & set(roles):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, found, *args, **kwargs)

        wrapped.roles = frozenset(roles)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def roles_of(user: Any, programme: Programme) -> set[Role]:
    """The roles somebody has in a programme."""
    return {Role(role) for role in programme.memberships.filter(user=user).values_list("role", flat=True)}


def has_role(request: HttpRequest, *roles: Role) -> bool:
    """Whether the reader of a programme's page has one of these roles."""
    return bool(request.roles & set(roles))  # type: ignore[attr-defined]


def today(programme: Programme) -> datetime.date:
    """The day at which a programme is shown: today, unless it has ended and names its own."""
    return programme.as_of or timezone.localdate()
