"""Work that outlasts a request: how far it is and what came of it; who asked for it may leave and come back."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.core import jobs as work
from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.listing import listed
from kawasan.core.models import Job
from kawasan.core.once import give_key_back
from kawasan.core.paging import page_of
from kawasan.core.rules import NUMBER, JobState
from kawasan.core.text import Text
from kawasan.programmes import listings
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role


def answer(request: ProgrammeRequest, asked: Job) -> HttpResponse:
    """Where somebody goes who asked for work: to what came of it if that is there soon, else to how far it is."""
    job = work.waited_for(asked)
    if job.state == JobState.FAILED:
        give_key_back()
        raise Refused(*(Text.restored(said) for said in job.said), Text(NUMBER, {"number": job.pk}))
    if job.state == JobState.DONE:
        messages.success(request, " ".join(in_words(said) for said in job.said))
        return redirect(job.address)
    if job.by_id != request.user.pk and not has_role(request, Role.MANAGER):
        messages.info(request, _("Somebody has asked for this already. It is being worked at."))
        return redirect(job.address)
    return redirect("programmes:job", job.programme_code, job.pk)


@who_may(*OFFICE)
def jobs(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What was asked for, newest first."""
    return listed(
        request, "programmes/jobs.html", {"page": page_of(request, _visible(request, programme))}, listings.JOBS
    )


@never_cache
@who_may(*OFFICE)
def job(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """How far a job is. htmx asks again every other second for the part that changes; without it there is a link."""
    found = get_object_or_404(_visible(request, programme), pk=pk)
    is_part = request.headers.get("HX-Request") == "true"
    response = render(request, "programmes/_job.html" if is_part else "programmes/job.html", {"job": found})
    if is_part and found.state == JobState.DONE:
        response["HX-Redirect"] = found.address
        messages.success(request, " ".join(in_words(said) for said in found.said))
    return response


@require_POST
@who_may(*OFFICE)
def cancel_job(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request, programme), pk=pk)
    work.cancel(job=found, programme=programme, by=request.user)
    messages.success(request, _("It was taken back before it was begun. Nothing was stored."))
    return redirect("programmes:job", programme.code, pk)


def _visible(request: ProgrammeRequest, programme: Programme) -> QuerySet[Job]:
    """Their own; managers see everybody's."""
    found = Job.objects.filter(programme_code=programme.code).select_related("by")
    return found if has_role(request, Role.MANAGER) else found.filter(by=request.user)
