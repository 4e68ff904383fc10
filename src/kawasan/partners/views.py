from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.partners import listings, queries, rules, services
from kawasan.partners.forms import (
    AttendanceForm,
    CommitmentForm,
    CorrectionForm,
    DeliveryForm,
    MeetingForm,
    MinutesForm,
    OrganisationForm,
    RowForm,
)
from kawasan.partners.models import Meeting
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import MEMBERS, Role

WRITERS = (Role.MANAGER, Role.PLANNER)


@who_may(*MEMBERS)
def organisations(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who takes part, what they promised and what came."""
    day, kind, words = today(programme), request.GET.get("kind", ""), request.GET.get("q", "").strip()
    counts = programme.commitments.counts(day)
    context = {
        "page": page_of(request, queries.organisations(programme, today=day, kind=kind, words=words)),
        "counts": counts,
        "next": rules.next_step(organisations=programme.organisations.count(), commitments=counts),
        "kinds": tuple(rules.Kind),
        "kind": kind,
        "words": words,
        "can_write": has_role(request, *WRITERS),
    }
    return listed(request, "partners/organisations.html", context, listings.ORGANISATIONS)


@who_may(*MEMBERS)
def organisation(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One organisation: what it promised and delivered, the meetings it came to."""
    found = get_object_or_404(programme.organisations, code=code)
    page = page_of(request, found.commitments.all())
    context = {
        "organisation": found,
        "page": page,
        "rows": queries.with_status(page, today(programme)),
        "counts": found.commitments.counts(today(programme)),
        "attendances": found.attendances.select_related("meeting").order_by("-meeting__held_on", "name")[:50],
        "can_write": has_role(request, *WRITERS),
    }
    return listed(
        request,
        "partners/organisation.html",
        context,
        listings.COMMITMENTS,
        lambda part: queries.with_status(part, today(programme)),
    )


@who_may(*WRITERS)
def add_organisation(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = OrganisationForm(request.POST or None, programme=programme)
    if form.is_valid():
        added = services.add_organisation(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The organisation was added."))
        return redirect("partners:organisation", programme.code, added.code)
    purpose = _("An organisation that takes part in the programme.")
    back = reverse("partners:organisations", args=[programme.code])
    return _form_page(request, form, _("Add an organisation"), purpose, back)


@who_may(*WRITERS)
def change_organisation(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.organisations, code=code)
    form = OrganisationForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_organisation(organisation=found, changes=form.changes, by=request.user)
        messages.success(request, _("The organisation was changed."))
        return redirect("partners:organisation", programme.code, found.code)
    purpose = _("Correct what is known of this organisation.")
    back = reverse("partners:organisation", args=[programme.code, code])
    return _form_page(request, form, _("Change the organisation"), purpose, back)


@who_may(*MEMBERS)
def commitments(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What was promised, and whether it came in time."""
    day, status = today(programme), request.GET.get("status", "")
    counts = programme.commitments.counts(day)
    page = page_of(request, queries.commitments(programme, today=day, status=status))
    context = {
        "page": page,
        "rows": queries.with_status(page, day),
        "counts": counts,
        "next": rules.next_step(organisations=programme.organisations.count(), commitments=counts),
        "statuses": tuple(rules.Status),
        "status": status,
        "day": day,
        "can_write": has_role(request, *WRITERS),
    }
    return listed(
        request, "partners/commitments.html", context, listings.COMMITMENTS, lambda part: queries.with_status(part, day)
    )


@who_may(*WRITERS)
def add_commitment(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    promised_by = programme.organisations.filter(code=request.GET.get("organisation", "")).first()
    form = CommitmentForm(request.POST or None, programme=programme, initial={"organisation": promised_by})
    if form.is_valid():
        services.add_commitment(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The commitment was added."))
        return redirect("partners:commitments", programme.code)
    purpose = _("What an organisation promised to give or do, and by when.")
    back = reverse("partners:commitments", args=[programme.code])
    return _form_page(request, form, _("Add a commitment"), purpose, back)


@who_may(*WRITERS)
def change_commitment(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.commitments, code=code)
    form = CorrectionForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_commitment(commitment=found, changes=form.changes, by=request.user, on=today(programme))
        messages.success(request, _("The commitment was changed."))
        return redirect("partners:commitments", programme.code)
    purpose = _("Correct what was promised or what was recorded as delivered.")
    back = reverse("partners:commitments", args=[programme.code])
    return _form_page(request, form, _("Change the commitment"), purpose, back)


@who_may(*WRITERS)
def record_delivery(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.commitments.select_related("organisation"), code=code)
    day, promise = today(programme), f"{found} – {found.organisation}"
    initial = {"delivered_on": day, "delivered_quantity": found.quantity}
    form = DeliveryForm(request.POST or None, instance=found, programme=programme, initial=initial)
    if form.is_valid():
        services.record_delivery(commitment=found, by=request.user, on=day, **form.cleaned_data)
        messages.success(request, _("The delivery was recorded."))
        return redirect("partners:commitments", programme.code)
    back = reverse("partners:commitments", args=[programme.code])
    return _form_page(request, form, _("Record a delivery"), promise, back)


@who_may(*MEMBERS)
def meetings(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The partners' meetings, the latest first."""
    found = programme.meetings.annotate(people=Count("attendances")).order_by("-held_on", "pk")
    context = {"page": page_of(request, found), "can_write": has_role(request, *WRITERS)}
    return listed(request, "partners/meetings.html", context, listings.MEETINGS)


@who_may(*MEMBERS)
def meeting(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Who was there, what was decided and promised."""
    found = get_object_or_404(programme.meetings, code=code)
    return _meeting_page(request, found, AttendanceForm(programme=programme))


@require_POST
@who_may(*WRITERS)
def record_attendance(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.meetings.select_related("programme"), code=code)
    form = AttendanceForm(request.POST, programme=programme)
    form.instance.meeting = found
    if form.is_valid():
        services.record_attendance(meeting=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The person was put on the attendance list."))
        return redirect("partners:meeting", programme.code, code)
    return _meeting_page(request, found, form)


@require_POST
@who_may(*WRITERS)
def remove_attendance(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    found = get_object_or_404(programme.meeting_attendances.select_related("meeting__programme"), pk=pk)
    services.remove_attendance(attendance=found, by=request.user)
    messages.success(request, _("The person was taken off the attendance list."))
    return redirect("partners:meeting", programme.code, found.meeting.code)


@who_may(*WRITERS)
def add_meeting(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = MeetingForm(request.POST or None, programme=programme)
    if form.is_valid():
        added = services.add_meeting(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The meeting was added."))
        return redirect("partners:meeting", programme.code, added.code)
    purpose = _("A meeting of the partners. Attendance and minutes come after it.")
    back = reverse("partners:meetings", args=[programme.code])
    return _form_page(request, form, _("Add a meeting"), purpose, back)


@who_may(*WRITERS)
def change_meeting(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.meetings, code=code)
    form = MeetingForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.change_meeting(meeting=found, changes=form.changes, by=request.user)
        messages.success(request, _("The meeting was changed."))
        return redirect("partners:meeting", programme.code, found.code)
    back = reverse("partners:meeting", args=[programme.code, code])
    return _form_page(request, form, _("Change the meeting"), _("Correct what is known of this meeting."), back)


@who_may(*WRITERS)
def record_minutes(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.meetings, code=code)
    form = MinutesForm(request.POST or None, instance=found, programme=programme)
    if form.is_valid():
        services.record_minutes(meeting=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The minutes were recorded."))
        return redirect("partners:meeting", programme.code, code)
    back = reverse("partners:meeting", args=[programme.code, code])
    return _form_page(request, form, _("Record the minutes"), str(found), back)


def _meeting_page(request: ProgrammeRequest, meeting: Meeting, form: AttendanceForm) -> HttpResponse:
    rows = queries.with_status(meeting.commitments.select_related("organisation"), today(meeting.programme))
    context = {
        "meeting": meeting,
        "page": page_of(request, meeting.attendances.select_related("organisation").order_by("name"), per_page=50),
        "rows": rows,
        "form": form,
        "can_write": has_role(request, *WRITERS),
    }
    return listed(request, "partners/meeting.html", context, listings.ATTENDANCES)


def _form_page(request: ProgrammeRequest, form: RowForm, heading: str, purpose: str, back: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "heading": heading, "purpose": purpose, "back": back}
    return render(request, "form_page.html", context)
