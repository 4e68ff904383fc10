"""Answers that several slices give alike."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


def uploaded(content: bytes, content_type: str = "image/jpeg") -> HttpResponse:
    """A file that somebody sent, so that a browser runs nothing in it; 404 when the file is gone."""
    if not content:
        raise Http404
    return HttpResponse(content, content_type=content_type, headers=SAFE)


def stored(request: HttpRequest, said: str, led_to: str) -> HttpResponse:
    """Lead on after something was stored; a page that sends by itself once the network is back is told where to."""
    messages.success(request, said)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"led_to": led_to}, status=201)
    return redirect(led_to)


def form_page(request: HttpRequest, form: Any, heading: Any, purpose: Any, back: str, **more: Any) -> HttpResponse:
    """One form on a page of its own; ``back`` is where Cancel leads, ``more`` what else ``form_page.html`` knows."""
    context = {"form": form, "heading": heading, "purpose": purpose, "back": back, **more}
    return render(request, "form_page.html", context)
