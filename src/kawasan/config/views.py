"""The way in, and the pages for what went wrong."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import LoginView
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.core import services
from kawasan.core.addresses import client_address
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OUTSIDE


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The programmes somebody works in; straight into it when there is one."""
    programmes = list(Programme.objects.visible_to(request.user).order_by("-year", "name"))
    if len(programmes) == 1:
        return redirect(_first_page(request, programmes[0]), programmes[0].code)
    return render(request, "home.html", {"programmes": programmes})


def offline_worker(_request: HttpRequest) -> HttpResponse:
    """What keeps a few pages in the browser for where there is no signal; another version with every other asset."""
    manifest = (settings.BUILD / "manifest.json").read_bytes()
    file = json.loads(manifest)["src/kawasan/core/islands/offline_worker.ts"]["file"]
    version = hashlib.sha256(manifest).hexdigest()[:12]
    program = (settings.BUILD / file).read_text(encoding="utf-8")
    return HttpResponse(
        f'const VERSION = "{version}";\n{program}',
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/p/", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"},
    )


def _first_page(request: HttpRequest, programme: Programme) -> str:
    """The own page of who takes part; the cockpit of who works for the programme."""
    roles = set(programme.memberships.filter(user=request.user.pk).values_list("role", flat=True))
    return "reports:my_page" if roles <= set(OUTSIDE) else "reports:cockpit"


class SignInForm(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": gettext_lazy("The username or the password is wrong. Capitals count in the password."),
    }


class SignIn(LoginView):
    """The only page for somebody without an account in use."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        services.renew_hash(user=user, password=form.cleaned_data["password"], by=user)
        return super().form_valid(form)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, str]) -> HttpResponse:
    """Whoever failed too often waits. The failure that locks an account is logged, what is tried afterwards is not."""
    username = credentials["username"]
    if request.axes_failures_since_start:  # type: ignore[attr-defined]  # axes counted this one
        services.log_lock(username=username, failures=request.axes_failures_since_start, by=None)  # type: ignore[attr-defined]
    until = services.locks([username], client_address(request)).get(username)
    return render(request, "429.html", {"until": until}, status=HTTPStatus.TOO_MANY_REQUESTS)


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for whoever knows the present one."""
    user: Any = request.user
    form = PasswordChangeForm(user, request.POST or None)
    form.fields["new_password1"].help_text = " ".join(password_validators_help_texts())  # Django's own is HTML
    if form.is_valid():
        services.change_password(user=user, password=form.cleaned_data["new_password1"], by=user)
        update_session_auth_hash(request, user)  # this session stays, the others end
        messages.success(request, _("Your password was changed. Other devices must sign in again."))
        return redirect("home")
    context = {
        "form": form,
        "heading": _("Change password"),
        "purpose": _("A new password for your account."),
        "back": reverse("home"),
    }
    return render(request, "form_page.html", context)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process and its database do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"form_expired": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
