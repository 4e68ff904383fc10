"""What changed in the timetable since it was published, who is told, and publishing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import MEMBERS, Role
from kawasan.training import queries, services
from kawasan.training.access import INSIDE, WRITERS
from kawasan.training.models import Publication
from kawasan.training.rules.publishing import Change, reasons_not_published

LATEST = 20  # publications that are listed


@who_may(*MEMBERS)
def changes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What would be told now, for the office; what was told last, for everybody whom it concerns."""
    last, known = programme.publications.first(), queries.Known.of(programme)
    if has_role(request, *WRITERS):
        return _pending(request, known, last)
    page = page_of(request, _told(request, programme, last))
    shown = queries.shown_changes(known, page.object_list)
    context = {"last": last, "page": page, "changes": shown, "may_see_people": has_role(request, *INSIDE)}
    return render(request, "training/changes.html", context)


def _pending(request: ProgrammeRequest, known: queries.Known, last: Publication | None) -> HttpResponse:
    programme = known.programme
    page = page_of(request, queries.pending_changes(known, last))
    rooms, groups = ([row for row in known.rows[kind].values() if row.pk] for kind in ("room", "group"))
    surroundings = services.Surroundings.of(programme, rooms, groups)
    clashing = surroundings.clashing(programme.sessions.in_full())
    context = {
        "last": last,
        "page": page,
        "changes": queries.shown_changes(known, page.object_list),
        "may_write": True,
        "may_see_people": True,
        "reasons": reasons_not_published(changed=page.paginator.count, clashing=len(clashing)),
        "publications": programme.publications.defer("sessions")[:LATEST] if last else [],
        "timetable": None if last else programme.timetables.defer("input", "result").first(),
    }
    return render(request, "training/changes.html", context)


def _told(request: ProgrammeRequest, programme: Programme, last: Publication | None) -> list[Change]:
    """What the last publication changed for the reader; the first one is new as a whole."""
    if last is None or last.number == 1:
        return []
    if has_role(request, Role.PARTICIPANT, Role.MENTOR):
        return queries.own_changes(programme, request.user, last)
    return [Change.restored(stored) for stored in last.changes]


@who_may(*WRITERS)
def publication(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """What one publication changed, and who was told."""
    found = get_object_or_404(programme.publications.defer("sessions"), number=number)
    page = page_of(request, [Change.restored(stored) for stored in found.changes])
    shown = queries.shown_changes(queries.Known.of(programme), page.object_list)
    return render(request, "training/publication.html", {"last": found, "page": page, "changes": shown})


@require_POST
@who_may(*WRITERS)
def publish(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    services.publish(programme=programme, by=request.user, on=today(programme))
    messages.success(request, _("The timetable was published."))
    return redirect("training:changes", programme.code)
