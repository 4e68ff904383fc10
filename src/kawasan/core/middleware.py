"""A request has an id; a refusal becomes the form that was sent with its reasons, or a page that says why."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from kawasan.core.errors import Answers, Refused, answers
from kawasan.core.text import Text

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Writes the request's id into each log line; that of a page's status comes when the request is over."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(getattr(record, "request", None), "id", None) or request_id.get()
        return True


class RequestIdMiddleware:
    """Gives the request an id that the page, the response header and the log share."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:12])
        request.id = request_id.get()  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class RefusedMiddleware:
    """Shows the form that was sent once more, with the reasons of ``Refused``; without a form, a page with them.

    What a constraint of a row says when it is stored is such a reason, too.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = answers.set(Answers())
        try:
            response = self.get_response(request)
        finally:
            answers.reset(token)
        if isinstance(response, HttpResponseNotAllowed):  # Django gives it no page, and has no handler for one
            response.content = render_to_string("405.html", request=request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ValidationError):  # of a row that a form could not judge as a whole
            logger.warning("Refused only when it was stored: %s", exception.messages, exc_info=exception)
            exception = Refused(*(Text("{said}", {"said": message}) for message in exception.messages))
        if not isinstance(exception, Refused):
            return None
        before = page_before(request)
        context: dict[str, Any] = {"reasons": exception.reasons, "back": before, "page_address": before}
        return _form_again(request, exception) or render(request, _page(request, context), context, status=422)


def _page(request: HttpRequest, context: dict[str, Any]) -> str:
    """The page of a refusal: a light one for whoever has no account and is at a programme's public pages."""
    found = request.resolver_match
    if found is None or "anyone" not in getattr(found.func, "roles", ()):
        return "422.html"
    context["programme"] = getattr(request, "programme", None)
    return "public_422.html"


def _form_again(request: HttpRequest, refused: Refused) -> HttpResponse | None:
    """The page with the form as it was filled in: its view is called again, and the form now has the reasons."""
    sent, found = answers.get(), request.resolver_match
    if sent is None or found is None or not sent.are_in_form:
        return None
    sent.refusal = refused.reasons
    try:
        response = found.func(request, *found.args, **found.kwargs)
    except (Refused, ValidationError):
        return None
    if response.status_code != HTTPStatus.OK:
        return None
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def page_before(request: HttpRequest) -> str:
    """The page of ours from which a request was sent; nothing when that is not known."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}) else ""
