from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kawasan.applicants.queries import reasons_closed as reasons_not_to_apply
from kawasan.core.paging import page_of
from kawasan.matching.models import Group
from kawasan.mentoring import queries, rules, services
from kawasan.mentoring.forms import CorrectionForm, VisitForm
from kawasan.mentoring.models import Visit, VisitQuerySet
from kawasan.programmes.access import ProgrammeRequest, has_role, may_open, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role

SEE_ALL = (*OFFICE, Role.AUDITOR)
MOST_DUE = 25  # of the groups that are due; the longest not seen come first


@who_may(*SEE_ALL, Role.MENTOR)
def visits(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who is due, then the logbook."""
    chosen = {name: request.GET.get(name, "") for name in ("mentor", "group")}
    words, day = request.GET.get("q", "").strip(), today(programme)
    groups, loggable = _groups(request, programme), _loggable(request, programme)
    rows, promised = queries.rows_of(groups, day), queries.promised_to_people(groups, day)
    due = sum(row.due is not None for row in rows) + promised.count()
    context = {
        "rows": [row for row in rows if row.due or row.group.is_mentored_by(request.user)][:MOST_DUE],
        "due": due,
        "promised": promised[:MOST_DUE],
        "next": rules.next_step(groups=len(rows), is_own=not has_role(request, *SEE_ALL), due=due),
        "page": page_of(request, queries.filtered(_visits(request, programme), words=words, **chosen)),
        "chosen": chosen,
        "words": words,
        "groups": [row.group for row in rows],
        "mentors": sorted({row.group.mentor for row in rows}, key=str),
        "may_enter": may_open(request, "applicants:new") and not reasons_not_to_apply(programme, day),
        "may_log": has_role(request, Role.MANAGER, Role.MENTOR),
        "to_log": loggable.filter(code=chosen["group"]).first() if chosen["group"] else None,
    }
    return render(request, "mentoring/visits.html", context)


@who_may(Role.MANAGER, Role.MENTOR)
def log_visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One short form for a visit to a group or to one of its members."""
    group, day = get_object_or_404(_loggable(request, programme), code=code), today(programme)
    visit = Visit(programme=programme, group=group, visited_on=day)
    form = VisitForm(request.POST or None, instance=visit, programme=programme, today=day)
    back = reverse("mentoring:visits", args=[programme.code])
    if form.is_valid():
        services.log_visit(visit=form.instance, by=request.user, on=day)
        messages.success(request, _("The visit was logged."))
        return redirect(back)
    purpose = _("What was done, what stands in the way, what comes next.")
    context = {"form": form, "heading": str(group), "purpose": purpose, "back": back, "submit": _("Log the visit")}
    return render(request, "form_page.html", context)


@who_may(*SEE_ALL, Role.MENTOR)
def visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One entry of the logbook."""
    found = get_object_or_404(_visits(request, programme), code=code)
    may_correct = _loggable(request, programme).filter(pk=found.group_id).exists()
    return render(request, "mentoring/visit.html", {"visit": found, "may_correct": may_correct})


@who_may(Role.MANAGER, Role.MENTOR)
def correct_visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Correct an entry, with the reason."""
    found = get_object_or_404(_visits(request, programme), code=code, group__in=_loggable(request, programme))
    day = today(programme)
    form = CorrectionForm(request.POST or None, instance=found, programme=programme, today=day)
    back = reverse("mentoring:visit", args=[programme.code, code])
    if form.is_valid():
        services.correct_visit(visit=form.instance, why=form.cleaned_data["why"], by=request.user, on=day)
        messages.success(request, _("The visit was corrected."))
        return redirect(back)
    purpose = _("The log keeps who corrected it, why, and what stood there before.")
    context = {"form": form, "heading": _("Correct a visit"), "purpose": purpose, "back": back}
    return render(request, "form_page.html", context)


def _groups(request: ProgrammeRequest, programme: Programme) -> QuerySet[Group]:
    """The groups whose logbook the reader may open: a mentor's own, all for the office."""
    return programme.groups.all() if has_role(request, *SEE_ALL) else programme.groups.of_mentor(request.user)


def _loggable(request: ProgrammeRequest, programme: Programme) -> QuerySet[Group]:
    """The groups to which the reader may log a visit."""
    return programme.groups.all() if has_role(request, Role.MANAGER) else programme.groups.of_mentor(request.user)


def _visits(request: ProgrammeRequest, programme: Programme) -> VisitQuerySet:
    visits = programme.visits.in_full()
    return visits if has_role(request, *SEE_ALL) else visits.of_mentor(request.user)
