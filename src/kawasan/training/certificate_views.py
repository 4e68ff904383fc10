"""Certificates, and the page on which anybody checks one; calendars by secret address; lists for the doors."""

import datetime
from http import HTTPStatus
from typing import Any

from babel.dates import format_date
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.core.language import date
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.programmes.access import ProgrammeRequest, anyone_may, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import MEMBERS, key_digest
from kawasan.selection.rules import masked_name
from kawasan.training import listings, papers, queries, services
from kawasan.training.access import INSIDE, WRITERS
from kawasan.training.forms import RevokeForm

PDF = "application/pdf"


@who_may(*INSIDE)
def certificates(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Whose training is certified, and how many could be."""
    may_write = has_role(request, *WRITERS)
    context = {
        "page": page_of(request, programme.certificates.all()),
        "may_write": may_write,
        "ready": len(queries.to_certify(programme, today(programme))) if may_write else 0,
        "again": [last for _one, last in queries.to_certify_again(programme, today(programme))] if may_write else [],
    }
    return listed(request, "training/certificates.html", context, listings.CERTIFICATES)


@require_POST
@who_may(*WRITERS)
def issue_certificates(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    made = services.issue_certificates(programme=programme, by=request.user, on=today(programme))
    messages.success(request, _("%(n)s certificates were issued.") % {"n": len(made)})
    return redirect("training:certificates", programme.code)


@require_POST
@who_may(*WRITERS)
def issue_again(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A new certificate after one that was revoked."""
    revoked = get_object_or_404(programme.certificates, code=code)
    made = services.issue_certificate_again(revoked=revoked, by=request.user, on=today(programme))
    messages.success(request, _("Certificate %(code)s was issued.") % {"code": made.code})
    return redirect("training:certificates", programme.code)


@who_may(*WRITERS)
def certificate(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A certificate as PDF."""
    found = get_object_or_404(programme.certificates.select_related("programme"), code=code)
    content = services.take_certificate(certificate=found, host=request.build_absolute_uri("/"), by=request.user)
    return HttpResponse(content, content_type=PDF, headers=_named(f"{programme.code}-{code}.pdf"))


@who_may(*WRITERS)
def revoke_certificate(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A certificate is revoked, with a reason."""
    found = get_object_or_404(programme.certificates, code=code)
    form, back = RevokeForm(request.POST or None), reverse("training:certificates", args=[programme.code])
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.revoke_certificate(certificate=found, reason=reason, by=request.user, on=today(programme))
        messages.success(request, _("The certificate was revoked."))
        return redirect(back)
    heading = _("Revoke certificate %(code)s of %(name)s") % {"code": found.code, "name": found.name}
    purpose = _("Whoever checks it is told that it does not hold. The reason is not public.")
    return form_page(request, form, heading, purpose, back, submit=_("Revoke"))


@never_cache
@anyone_may
def check_certificate(request: ProgrammeRequest, programme: Programme, token: str) -> HttpResponse:
    """Whether a certificate holds, for everybody: a masked name, and what it certifies."""
    found = programme.certificates.filter(token=token).first()
    context = {"programme": programme, "certificate": found, "name": masked_name(found.name) if found else ""}
    status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
    return render(request, "training/check_certificate.html", context, status=status)


@never_cache
@who_may(*MEMBERS)
def feed(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The own calendar's secret address: made, shown once, taken back."""
    address = _asked(request, programme, request.user)
    found = programme.calendar_feeds.filter(user=request.user).first()
    return render(request, "training/feed.html", {"address": address, "feed": found})


def _asked(request: ProgrammeRequest, programme: Programme, owner: services.Owner) -> str:
    """Make or take back an address as the form asks; returns a new one, which is shown once."""
    if request.method != "POST":
        return ""
    if "revoke" in request.POST:
        services.revoke_feed(programme=programme, owner=owner, by=request.user)
        messages.success(request, _("The address opens nothing any more."))
        return ""
    secret = services.make_feed(programme=programme, owner=owner, by=request.user, on=today(programme))
    return request.build_absolute_uri(reverse("training:feed_ics", args=[programme.code, secret]))


@never_cache
@who_may(*WRITERS)
def person_feed(request: ProgrammeRequest, programme: Programme, kind: str, code: str) -> HttpResponse:
    """The calendar's secret address of somebody who has no account: the office makes it, and hands it over once."""
    owner = _owner(programme, kind, code)
    address = _asked(request, programme, owner)
    found = programme.calendar_feeds.filter(**{kind: owner}).first()
    context = {"name": str(getattr(owner, "person", owner)), "address": address, "feed": found}
    return render(request, "training/person_feed.html", context | {"qr": papers.code(address) if address else ""})


def _owner(programme: Programme, kind: str, code: str) -> Any:
    """A participant, a mentor or an expert by code."""
    rows: dict[str, QuerySet[Any]] = {
        "applicant": programme.applicants.filter(group_memberships__isnull=False).select_related("person"),
        "mentor": programme.mentors.all(),
        "expert": programme.experts.all(),
    }
    if kind not in rows:
        raise Http404
    return get_object_or_404(rows[kind], code=code)


@anyone_may
def feed_ics(request: ProgrammeRequest, programme: Programme, secret: str) -> HttpResponse:
    """The calendar at a secret address, as long as its owner belongs to the programme."""
    allowed = (
        Q(user__is_active=True, user__memberships__programme=programme)
        | Q(applicant__group_memberships__isnull=False)
        | Q(expert__isnull=False)
        | Q(mentor__isnull=False) & (Q(mentor__left_on=None) | Q(mentor__left_on__gte=today(programme)))
    )
    feeds = programme.calendar_feeds.filter(allowed, digest=key_digest(secret))
    found = feeds.select_related("user", "applicant", "mentor", "expert").first()
    if found is None:
        raise Http404
    if found.user:
        content = services.feed(programme=programme, user=found.user)
    else:
        content = services.person_feed(owner=found.owner)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private"})


@who_may(*MEMBERS)
def door_list(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What is held in a room in a week, to print for its door."""
    room = get_object_or_404(programme.rooms.select_related("place", "programme"), code=code)
    sessions = programme.sessions.in_full().standing().filter(room=room)
    starts, now = list(sessions.values_list("starts_at", flat=True)), queries.midnight(today(programme))
    monday = queries.monday_of(queries.near(starts, now), request.GET.get("week", ""), today(programme))
    week = (queries.midnight(monday), queries.midnight(monday + queries.WEEK))
    own = sessions.filter(starts_at__gte=week[0], starts_at__lt=week[1])
    days = [(_day(day.day), day.sessions) for day in queries.week_of(own, monday) if day.sessions]
    content = papers.door_list(room, days, date(monday))
    return HttpResponse(content, content_type=PDF, headers=_named(f"{programme.code}-{code}.pdf"))


def _day(day: datetime.date) -> str:
    return format_date(day, "EEEE, d MMMM y", locale="id")


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
