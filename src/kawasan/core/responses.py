"""Answers that several slices give alike."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

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
