"""Photos of papers: sent by whoever has the receipt or by the office, looked at by who checks applications."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kawasan.applicants import queries
from kawasan.applicants.models import Applicant
from kawasan.applicants.public_forms import PaperForm
from kawasan.applicants.public_views import opened
from kawasan.applicants.services import papers
from kawasan.core.addresses import network
from kawasan.core.language import in_words
from kawasan.core.responses import uploaded
from kawasan.core.tallies import Limit
from kawasan.programmes.access import ProgrammeRequest, anyone_may, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import PaperKind, Role

SENDINGS = Limit("applicants.papers", 60, datetime.timedelta(hours=1))
CHECKERS = (Role.MANAGER, Role.VERIFIER)


@never_cache
@anyone_may
def own_paper(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    """Send a photo of a paper of one's own application; nobody gets it back from here."""
    applicant = opened(request, programme)
    if applicant is None:
        return redirect("reports:own_application", programme.code)
    asked = _asked(applicant, kind)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not SENDINGS.count(network(request)):
        form.add_error(None, _("Too many photos were sent from here. Try again in an hour."))
    if form.is_valid():
        papers.hand_in(applicant=applicant, kind=kind, photo=form.cleaned_data["photo"], by=None, on=today(programme))
        messages.success(request, _("Received: {paper}.").format(paper=in_words(asked.label)))
        return redirect("reports:own_application", programme.code)
    context = {"programme": programme, "form": form, "kind": asked}
    return render(request, "applicants/own_paper.html", context, status=422 if form.errors else 200)


@who_may(*CHECKERS)
def office_paper(request: ProgrammeRequest, programme: Programme, code: str, kind: str) -> HttpResponse:
    """Add a photo of a paper that somebody brought to the office."""
    applicant = get_object_or_404(programme.applicants.in_full(), code=code)
    asked = _known(kind)
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        papers.hand_in(
            applicant=applicant, kind=kind, photo=form.cleaned_data["photo"], by=request.user, on=today(programme)
        )
        messages.success(request, _("Received: {paper}.").format(paper=in_words(asked.label)))
        return redirect("applicants:applicant", programme.code, code)
    context = {
        "form": form,
        "heading": in_words(asked.label),
        "purpose": _("Photo of the paper of {person}.").format(person=applicant.person),
        "back": reverse("applicants:applicant", args=[programme.code, code]),
    }
    return render(request, "form_page.html", context)


@never_cache
@who_may(*CHECKERS, Role.AUDITOR)
def paper(request: ProgrammeRequest, programme: Programme, code: str, kind: str) -> HttpResponse:
    """The picture itself; the log keeps who looked."""
    found = get_object_or_404(programme.papers.select_related("applicant"), applicant__code=code, kind=kind)
    return uploaded(papers.read(paper=found, by=request.user))


def _known(kind: str) -> PaperKind:
    if kind not in list(PaperKind):
        raise Http404
    return PaperKind(kind)


def _asked(applicant: Applicant, kind: str) -> PaperKind:
    """A paper that is asked of this person; strangers' files are not taken."""
    if kind not in [one for one, _received in queries.papers_of(applicant)]:
        raise Http404
    return PaperKind(kind)
