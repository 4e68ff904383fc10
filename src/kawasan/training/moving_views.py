"""Sessions are written and moved by hand: what clashes is said while the form is filled in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kawasan.core.responses import form_page
from kawasan.programmes.access import ProgrammeRequest, who_may
from kawasan.programmes.models import Programme
from kawasan.training import rules, services
from kawasan.training.access import WRITERS
from kawasan.training.forms import MoveForm, SessionForm, TravelForm
from kawasan.training.models import Session

CHECK = "check"


@who_may(*WRITERS)
def reschedule(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Another time, room or trainer for a session."""
    found = get_object_or_404(programme.sessions.in_full().select_related("programme"), code=code)
    form, back = MoveForm(request.POST or None, session=found), reverse("training:session", args=[programme.code, code])
    purpose = _("Another time, room or trainer; the session keeps its length. Clashes are refused.")
    heading = _("Move a session of %(group)s") % {"group": found.group}
    if reasons := rules.reasons_not_changed(status=found.status):
        return form_page(request, form, heading, purpose, back, instead=reasons)
    if form.is_valid() and request.POST.get("do") != CHECK:
        wanted = form.wanted
        services.reschedule(
            session=found, starts_at=wanted.starts_at, room=wanted.room, trainer=wanted.trainer, by=request.user
        )
        messages.success(request, _("The session was moved."))
        return redirect(back)
    return _form_with_clashes(request, form, found if not form.is_bound else None, back, heading, purpose)


@who_may(*WRITERS)
def add_session(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """A session written by hand."""
    form = SessionForm(request.POST or None, programme=programme)
    back = reverse("training:timetable", args=[programme.code])
    if form.is_valid() and request.POST.get("do") != CHECK:
        added = services.add_session(session=form.wanted, by=request.user)
        messages.success(request, _("The session was added."))
        return redirect("training:session", programme.code, added.code)
    purpose = _("For what the timetable lacks, for instance to repeat something. Clashes are refused.")
    return _form_with_clashes(request, form, None, back, _("Add a session"), purpose)


def _form_with_clashes(
    request: ProgrammeRequest,
    form: MoveForm | SessionForm,
    stored: Session | None,
    back: str,
    heading: str,
    purpose: str,
) -> HttpResponse:
    """The page, or what clashes alone while somebody is filling it in."""
    wanted = form.wanted if form.is_bound and form.is_valid() else stored
    context = {
        "form": form,
        "clashes": services.clashes_of(wanted) if wanted else [],
        "is_checked": form.is_bound and wanted is not None,
        "is_incomplete": form.is_bound and wanted is None,
        "back": back,
        "heading": heading,
        "purpose": purpose,
    }
    is_live = "HX-Request" in request.headers and request.POST.get("do") == CHECK
    return render(request, "training/_clashes.html" if is_live else "training/move.html", context)


@require_POST
@who_may(*WRITERS)
def hand_over(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The sessions of mentors who left go to those whom the groups have now."""
    given, kept = services.hand_over(programme=programme, by=request.user)
    if given:
        said = ngettext("%(n)s session was handed over.", "%(n)s sessions were handed over.", given)
        messages.success(request, said % {"n": given})
    if kept:
        names = ", ".join(f"{one.group}: {one.module}" for one in kept)
        said = _(
            "Not handed over, since the group has no other mentor yet or it would clash: %(names)s. Open each one."
        )
        messages.warning(request, said % {"names": names})
    if not (given or kept):
        messages.info(request, _("Nothing is left to hand over."))
    return redirect("training:timetable", programme.code)


@require_POST
@who_may(*WRITERS)
def take_back_move(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.sessions.in_full(), code=code)
    services.take_back_move(session=found, by=request.user)
    messages.success(request, _("The move was taken back."))
    return redirect("training:session", programme.code, code)


@who_may(*WRITERS)
def travel(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """How fast groups and trainers get from place to place."""
    form = TravelForm(request.POST or None, initial={"speed": programme.travel_km_per_hour})
    back = reverse("training:rooms", args=[programme.code])
    if form.is_valid():
        services.set_travel_speed(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The speed was stored."))
        return redirect(back)
    purpose = _("Groups and trainers get the time of the way between two sessions at different places.")
    return form_page(request, form, _("Way between places"), purpose, back)
