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
from kawasan.training.rules.publishing import Change, reasons_not_published


@who_may(*MEMBERS)
def changes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What would be told now, for the office; what was told last, for everybody whom it concerns."""
    may_write = has_role(request, *WRITERS)
    last = programme.publications.defer("sessions").first()
    page = page_of(request, queries.pending_changes(programme) if may_write else _told(request, programme))
    counts = {"sessions": programme.sessions.count() if may_write else 0, "changed": page.paginator.count}
    context = {
        "last": last,
        "page": page,
        "changes": queries.shown_changes(programme, page.object_list),
        "may_write": may_write,
        "may_see_people": has_role(request, *INSIDE),
        "reasons": reasons_not_published(**counts, clashing=len(services.clashing(programme))) if may_write else [],
        "publications": programme.publications.defer("sessions")[:20] if may_write else [],
    }
    return render(request, "training/changes.html", context)


def _told(request: ProgrammeRequest, programme: Programme) -> list[Change]:
    last = programme.publications.first()
    if last is None or last.number == 1:  # the first one is new as a whole
        return []
    if has_role(request, Role.PARTICIPANT, Role.MENTOR):
        return queries.own_changes(programme, request.user, last)
    return [Change.restored(stored) for stored in last.changes]


@who_may(*WRITERS)
def publication(request: ProgrammeRequest, programme: Programme, number: int) -> HttpResponse:
    """What one publication changed, and who was told."""
    found = get_object_or_404(programme.publications.defer("sessions"), number=number)
    page = page_of(request, [Change.restored(stored) for stored in found.changes])
    context = {"last": found, "page": page, "changes": queries.shown_changes(programme, page.object_list)}
    return render(request, "training/publication.html", context)


@require_POST
@who_may(*WRITERS)
def publish(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    services.publish(programme=programme, by=request.user, on=today(programme))
    messages.success(request, _("The timetable was published."))
    return redirect("training:changes", programme.code)
