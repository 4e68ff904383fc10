"""A form that is sent twice (a double click, back and send again) is stored once.

Every form is rendered with a key of its own. The first entry that a request writes to the log takes the key, in the
transaction that stores the rows: of two requests with one key and the same answers, one stores and the other is led to
where the first one went. Answers changed in between are another form, so that nothing that was entered is lost.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from kawasan.core.errors import Refused
from kawasan.core.middleware import page_before
from kawasan.core.models import SentForm
from kawasan.core.text import Text, _

FIELD = "form_key"


@dataclass(slots=True)
class Sending:
    """The form that a request sends, and whether this request is the one that stores it."""

    digest: str
    is_taken: bool = False


sending: ContextVar[Sending | None] = ContextVar("sending", default=None)


def new_key() -> str:
    return secrets.token_urlsafe(16)


def take_key() -> None:
    """Mark the form of this request as stored, once, in the transaction that stores its rows."""
    sent = sending.get()
    if sent is None or sent.is_taken:
        return
    _form, sent.is_taken = SentForm.objects.get_or_create(digest=sent.digest)
    if not sent.is_taken:
        raise Refused(Text(_("This form was stored already. Nothing was stored twice.")))


def give_key_back() -> None:
    """Nothing came of the form of this request after all: it may be sent again as it is."""
    sent = sending.get()
    if sent and sent.is_taken:
        SentForm.objects.filter(digest=sent.digest).delete()
        sent.is_taken = False


class OnceMiddleware:
    """Answers the second sending of a form. Stands innermost, so that it sees errors before they become pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or FIELD not in request.POST or not request.user.is_authenticated:
            return self.get_response(request)
        sent = Sending(_digest(request))
        if answer := _second_answer(request, sent):
            return answer
        token = sending.set(sent)
        try:
            response = self.get_response(request)
        finally:
            sending.reset(token)
        if sent.is_taken and isinstance(response, HttpResponseRedirect):
            SentForm.objects.filter(digest=sent.digest).update(led_to=response.url)
        elif response.status_code == 200 and (answer := _second_answer(request, sent)):
            return answer  # the first was stored after we looked, and its code stood in the way of ours
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A second sending may meet the rows of the first before it meets the key."""
        sent = sending.get()
        return _second_answer(request, sent) if sent else None


def _digest(request: HttpRequest) -> str:
    answers = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, _sha256(file)) for name, file in request.FILES.items() if isinstance(file, UploadedFile))
    said = [request.user.pk, request.path, answers, files] if files else [request.user.pk, request.path, answers]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _sha256(file: UploadedFile) -> str:
    """The hash of a file that was sent, by its name and its content."""
    digest = hashlib.sha256(str(file.name).encode())
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _second_answer(request: HttpRequest, sent: Sending) -> HttpResponse | None:
    """Where the first sending went; nothing when there was none before this one."""
    first = None if sent.is_taken else SentForm.objects.filter(digest=sent.digest).first()
    if first is None:
        return None
    messages.info(request, gettext("This form was stored already. Nothing was stored twice."))
    return HttpResponseRedirect(first.led_to or page_before(request) or "/")  # stored, but perhaps not answered yet
