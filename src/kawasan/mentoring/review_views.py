"""The queue of the reviewer, the mentors as their supervisor sees them, and the word of the participants."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.mentoring import listings, queries, services
from kawasan.mentoring.forms import ConfirmationForm, ReviewForm
from kawasan.mentoring.models import Visit
from kawasan.mentoring.rules import Verdict
from kawasan.programmes.access import ProgrammeRequest, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role

MOST_SHOWN = 25  # of what waits longest
REVIEWERS = (Role.MANAGER, Role.VERIFIER)


@who_may(*REVIEWERS)
def review(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The entries that wait, the oldest first; one or many are approved, returned or rejected together."""
    mentor = request.GET.get("mentor", "")
    waiting = (
        programme.visits.waiting()
        .with_overlap()
        .with_denial()
        .in_full()
        .select_related("replaces")
        .prefetch_related("participants__person")
    )
    if mentor:
        waiting = waiting.filter(mentor__code=mentor)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        done = services.review(
            programme=programme,
            read=form.read,
            verdict=Verdict(typed["verdict"]),
            note=typed["note"],
            by=request.user,
            on=today(programme),
        )
        said = ngettext("{n} entry was reviewed.", "{n} entries were reviewed.", len(done))
        messages.success(request, said.format(n=len(done)))
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "page": page_of(request, waiting),
        "chosen": request.POST.getlist("entries"),
        "verdicts": [(one.value, one.label) for one in Verdict],
        "mentors": programme.mentors.all(),
        "mentor": mentor,
    }
    return listed(request, "mentoring/review.html", context, listings.VISITS)


@who_may(*OFFICE, Role.AUDITOR)
def mentors(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What each mentor has to do, what is overdue, and what waits for a review or is denied by participants."""
    day = today(programme)
    context = {
        "rows": queries.loads(programme, day),
        "denied": queries.denials(programme)[:MOST_SHOWN],
        "asked": [(one, one.days_on(day)) for one in queries.open_requests(programme)[:MOST_SHOWN]],
    }
    return listed(request, "mentoring/mentors.html", context, listings.MENTORS, rows=context["rows"])


@who_may(Role.PARTICIPANT)
def confirm_visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A participant says whether a visit took place."""
    applicant = get_object_or_404(programme.applicants, person__user=request.user, seat__isnull=False)
    standing = Visit.objects.standing().of_participant(applicant).in_full()
    visit = get_object_or_404(standing, programme=programme, code=code)
    form, back = ConfirmationForm(request.POST or None), reverse("mentoring:own_plan", args=[programme.code])
    if form.is_valid():
        services.confirm_visit(
            visit=visit, applicant=applicant, by=request.user, on=today(programme), **form.cleaned_data
        )
        messages.success(request, _("Thank you. The office sees what you said."))
        return redirect(back)
    context = {
        "form": form,
        "heading": _("Visit of {mentor}").format(mentor=visit.mentor),
        "purpose": visit.summary,
        "back": back,
    }
    return render(request, "form_page.html", context)
