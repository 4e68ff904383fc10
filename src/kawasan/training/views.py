import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.applicants.models import Applicant
from kawasan.core.jobs import underway
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.job_views import answer
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import MEMBERS, OFFICE, OVERSIGHT, Role
from kawasan.training import listings, queries, rules, services
from kawasan.training.access import INSIDE, SEE_ALL, WRITERS, kept_meanwhile, own_sessions
from kawasan.training.forms import (
    AttendanceForm,
    BlockedTimeForm,
    CancelForm,
    ConfirmForm,
    EquipmentForm,
    ModuleForm,
    RoomForm,
)
from kawasan.training.models import Publication, Session


@who_may(*MEMBERS)
def timetable(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """A week of sessions. Whoever is not of the office sees them as published, and not what is only being tried out."""
    chosen = {name: request.GET.get(name, "") for name in queries.CHOSEN}
    is_inside, last = has_role(request, *INSIDE), programme.publications.first()
    sees_all = has_role(request, *OFFICE, *OVERSIGHT)  # whoever can do something about what is wrong, or asks why not
    choices, now = queries.Choices.of(programme), queries.midnight(today(programme))
    state = queries.state_of(programme, now, chosen)
    if not is_inside:
        state |= {"next": None, "reasons": [], "timetable": None}  # the office's
    if last and not is_inside:
        everything = queries.published_in(programme, last, choices)
        published = [one for one in everything if queries.is_chosen(one, chosen)]
        state["sessions"] = len(everything)
        state["near"] = queries.near([session.starts_at for session in published], now)
    surroundings = services.Surroundings.of(programme, choices.rooms, choices.groups)
    stored = programme.sessions.in_full().select_related("group__mentor")
    monday = queries.monday_of(state["near"], request.GET.get("week", ""), today(programme))
    if last and not is_inside:
        days = [(day.day, [{"session": one} for one in day.sessions]) for day in queries.week_of(published, monday)]
    else:
        days = _planned(surroundings, queries.around(stored, monday), monday, chosen, last)
    context = {
        **state,
        "underway": None if state["sessions"] else underway(programme, "training-timetable"),
        "is_manager": has_role(request, Role.MANAGER),
        "days": days,
        "overused": queries.overused_experts(programme) if sees_all else [],
        "clashing": surroundings.clashing(stored) if sees_all else (),
        "left_behind": queries.left_behind(stored) if has_role(request, *WRITERS) else (),
        "monday": monday,
        "before": (monday - queries.WEEK).isoformat(),
        "after": (monday + queries.WEEK).isoformat(),
        "chosen": chosen,
        "choices": choices.shown,
        "may_see_people": is_inside,
        "may_write": has_role(request, *WRITERS),
        "is_participant": has_role(request, Role.PARTICIPANT),
        "last": last,
        "own_changes": _own_changes(request, programme, last),
    }
    rows = (one for one in (published if last and not is_inside else stored) if queries.is_chosen(one, chosen))
    return listed(request, "training/timetable.html", context, listings.SESSIONS, rows=rows)


def _planned(
    surroundings: services.Surroundings,
    around: list[Session],
    monday: datetime.date,
    chosen: dict[str, str],
    last: Publication | None,
) -> list[tuple[datetime.date, list[dict[str, Any]]]]:
    """The sessions of each day of a week, each with what clashes, and whether it was not published as it stands."""
    days = queries.week_of((one for one in around if queries.is_chosen(one, chosen)), monday)
    marks = surroundings.marks([one for day in days for one in day.sessions], around)
    told = {row.code: row for row in queries.rows_of(last)}

    def shown(session: Session) -> dict[str, Any]:
        is_untold = last is not None and not queries.is_told(session, told)
        return {"session": session, "reasons": marks.get(session.pk, []), "is_untold": is_untold}

    return [(day.day, [shown(session) for session in day.sessions]) for day in days]


def _own_changes(request: ProgrammeRequest, programme: Programme, last: Publication | None) -> int:
    """How many of the reader's sessions the last publication changed."""
    if last is None or last.number == 1 or not has_role(request, Role.PARTICIPANT, Role.MENTOR):
        return 0
    return len(queries.own_changes(programme, request.user, last))


@who_may(*MEMBERS)
def calendar(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The sessions of all groups, or of one, for a phone's calendar."""
    code = request.GET.get("group", "")
    group = get_object_or_404(programme.groups, code=code) if code else None
    content = services.calendar(programme=programme, group=group)
    name = f"{programme.code}-{code}.ics" if code else f"{programme.code}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_POST
@who_may(*WRITERS)
def freeze(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    services.freeze_timetable(programme=programme, by=request.user)
    messages.success(request, _("Groups, modules and rooms are frozen."))
    return redirect("training:timetable", programme.code)


@require_POST
@who_may(*WRITERS)
def make_timetable(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.timetables.select_related("programme"), code=code)
    return answer(request, services.make_timetable_later(timetable=found, by=request.user))


@who_may(*WRITERS)
def clear(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form, back = ConfirmForm(request.POST or None), reverse("training:timetable", args=[programme.code])
    if form.is_valid():
        services.clear_timetable(programme=programme, by=request.user)
        messages.success(request, _("The timetable was cleared."))
        return redirect(back)
    purpose = _("All sessions are deleted, so that a timetable can be made anew.")
    return form_page(request, form, _("Clear the timetable"), purpose, back, submit=_("Clear the timetable"))


@who_may(*INSIDE)
def session(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One session, who attended, and the form to record it."""
    found = get_object_or_404(programme.sessions.in_full().select_related("room__place", "group__mentor"), code=code)
    people = list(queries.people_of(found))
    may_record = has_role(request, *WRITERS) or own_sessions(request, programme).filter(pk=found.pk).exists()
    form = AttendanceForm(people=people, before=queries.said_of(found)) if may_record else None
    return _session_page(request, programme, found, people, form)


def _session_page(
    request: ProgrammeRequest,
    programme: Programme,
    found: Session,
    people: list[Applicant],
    form: AttendanceForm | None,
) -> HttpResponse:
    may_write, is_planned = has_role(request, *WRITERS), found.status == rules.SessionStatus.PLANNED
    times = queries.Times.of(programme)
    context = {
        "session": found,
        "page_address": reverse("training:session", args=[programme.code, found.code]),
        "held_on": timezone.localtime(found.starts_at).date(),
        "people": len(people),
        "guests": found.guests.select_related("applicant__person", "missed__group"),
        "attendances": found.attendances.select_related("applicant__person").order_by("applicant__person__name"),
        "form": form,
        "reasons": queries.reasons_not_recorded(found, today(programme)),
        "clashes": services.clashes_of(found, times, len(people)) if is_planned else [],
        "may_write": may_write,
        "may_see_reasons": form is not None or has_role(request, *SEE_ALL),
        "move": queries.latest_move(found) if may_write and is_planned else None,
        "why_cancelled": queries.why_cancelled(found) if found.status == rules.SessionStatus.CANCELLED else "",
        "prayers": times.prayers(timezone.localtime(found.starts_at).date()),
        "reasons_not_changed": rules.reasons_not_changed(status=found.status),
    }
    return render(request, "training/session.html", context)


@require_POST
@who_may(*WRITERS, Role.MENTOR)
def record_attendance(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The attendance; a form that is not complete comes back with what was chosen."""
    own = own_sessions(request, programme).select_related("room__place", "group__mentor")
    found = get_object_or_404(own, code=code)
    people = list(queries.people_of(found))
    form = AttendanceForm(request.POST, people=people, before={})
    if not form.is_valid():
        messages.error(request, _("Something is missing or not clear: look at the red lines. Nothing was saved."))
        return _session_page(request, programme, found, people, form)
    rows = services.record_attendance(
        session=found, presences=form.presences, shown=form.shown, by=request.user, on=today(programme)
    )
    if kept := kept_meanwhile(request, found, people, rows):
        return _session_page(request, programme, found, people, form.again(kept))
    messages.success(request, _("The attendance was recorded."))
    return redirect("training:session", programme.code, code)


@who_may(*WRITERS)
def cancel_session(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A session is cancelled, with a reason."""
    found = get_object_or_404(programme.sessions.select_related("module"), code=code)
    form, back = CancelForm(request.POST or None), reverse("training:session", args=[programme.code, code])
    if form.is_valid():
        services.cancel_session(session=found, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, _("The session was cancelled."))
        return redirect(back)
    heading = _("Cancel “%(module)s”") % {"module": found.module}
    purpose = _("Group, room and trainer become free at that time. It can be taken back while they are.")
    return form_page(request, form, heading, purpose, back, submit=_("Cancel the session"))


@require_POST
@who_may(*WRITERS)
def take_back_cancellation(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    services.take_back_cancellation(session=get_object_or_404(programme.sessions, code=code), by=request.user)
    messages.success(request, _("The session is planned again."))
    return redirect("training:session", programme.code, code)


@who_may(*MEMBERS)
def modules(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What is taught, in which order, by whom."""
    rows = programme.modules.select_related("field", "expert")
    page = page_of(request, rows.prefetch_related("prerequisites__needs", "equipment__equipment"))
    context = {"page": page, "hours": queries.hours_of(programme), "may_write": has_role(request, *WRITERS)}
    return listed(request, "training/modules.html", context, listings.MODULES)


@who_may(*WRITERS)
def add_module(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = ModuleForm(request.POST or None, programme=programme)
    back = reverse("training:modules", args=[programme.code])
    if form.is_valid():
        services.add_module(module=form.instance, **form.beside, by=request.user)
        messages.success(request, _("The module was added."))
        return redirect(back)
    return form_page(request, form, _("Add a module"), _("Lesson hours (JPL) have 45 minutes."), back)


@who_may(*WRITERS)
def change_module(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.modules, code=code)
    form = ModuleForm(request.POST or None, instance=found, programme=programme)
    back = reverse("training:modules", args=[programme.code])
    if form.is_valid():
        services.change_module(module=form.instance, **form.beside, by=request.user)
        messages.success(request, _("The module was changed."))
        return redirect(back)
    return form_page(request, form, str(found), _("Sessions already in the timetable stay as they are."), back)


@who_may(*MEMBERS)
def rooms(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Where sessions are held, and what is carried there."""
    page = page_of(request, programme.rooms.select_related("place"))
    context = {
        "page": page,
        "equipment": programme.equipment.prefetch_related("modules__module"),
        "may_write": has_role(request, *WRITERS),
    }
    return listed(request, "training/rooms.html", context, listings.ROOMS)


@who_may(*WRITERS)
def add_room(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = RoomForm(request.POST or None, programme=programme)
    back = reverse("training:rooms", args=[programme.code])
    if form.is_valid():
        services.add_room(room=form.instance, by=request.user)
        messages.success(request, _("The room was added."))
        return redirect(back)
    return form_page(request, form, _("Add a room"), _("A room in which sessions can be held."), back)


@who_may(*WRITERS)
def change_room(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.rooms, code=code)
    form = RoomForm(request.POST or None, instance=found, programme=programme)
    back = reverse("training:rooms", args=[programme.code])
    if form.is_valid():
        services.change_room(room=form.instance, by=request.user)
        messages.success(request, _("The room was changed."))
        return redirect(back)
    return form_page(request, form, found.name, _("A room in which sessions can be held."), back)


@who_may(*WRITERS)
def add_equipment(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = EquipmentForm(request.POST or None, programme=programme)
    back = reverse("training:rooms", args=[programme.code])
    if form.is_valid():
        services.add_equipment(equipment=form.instance, by=request.user)
        messages.success(request, _("The equipment was added. Say at the modules which sessions use it."))
        return redirect(back)
    return form_page(request, form, _("Add equipment"), _("What is carried to the rooms in which it is used."), back)


@who_may(*WRITERS)
def change_equipment(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.equipment, code=code)
    form = EquipmentForm(request.POST or None, instance=found, programme=programme)
    back = reverse("training:rooms", args=[programme.code])
    if form.is_valid():
        services.change_equipment(equipment=form.instance, by=request.user)
        messages.success(request, _("The equipment was changed."))
        return redirect(back)
    return form_page(request, form, found.name, _("What is carried to the rooms in which it is used."), back)


@who_may(*MEMBERS)
def blocked_times(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """When nothing is held."""
    page = page_of(request, programme.blocked_times.select_related("group"))
    return listed(
        request,
        "training/blocked_times.html",
        {"page": page, "may_write": has_role(request, *WRITERS)},
        listings.BLOCKED_TIMES,
    )


@who_may(*WRITERS)
def block_time(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = BlockedTimeForm(request.POST or None, programme=programme)
    back = reverse("training:blocked_times", args=[programme.code])
    if form.is_valid():
        services.block_time(blocked=form.instance, by=request.user)
        messages.success(request, _("The time is blocked. Sessions that are planned already stay as they are."))
        return redirect(back)
    return form_page(request, form, _("Block a time"), _("Public holidays and prayer times are known already."), back)


@require_POST
@who_may(*WRITERS)
def unblock_time(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    services.unblock_time(blocked=get_object_or_404(programme.blocked_times, code=code), by=request.user)
    messages.success(request, _("The time is free again."))
    return redirect("training:blocked_times", programme.code)
