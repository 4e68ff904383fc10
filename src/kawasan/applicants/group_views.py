"""A group that applies together, on the page of each one's own application, and as the office sees it."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.applicants import codes, listings, queries
from kawasan.applicants.group_forms import GroupForm, JoinForm, OfficersForm
from kawasan.applicants.models import Applicant, AppliedGroup, AppliedMember
from kawasan.applicants.public_views import opened
from kawasan.applicants.rules import GroupRole
from kawasan.applicants.services import groups as services
from kawasan.core.addresses import network
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.tallies import Limit
from kawasan.programmes.access import ProgrammeRequest, anyone_may, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role

WRONG_CODES = Limit("applicants.group_code", 10, datetime.timedelta(hours=1))


def _of_own_application(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever has opened the own application; changes are made while applications are open."""

    def wrapped(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
        applicant = opened(request, programme)
        if applicant is None:
            return redirect("reports:own_application", programme.code)
        if request.method == "POST" and queries.reasons_closed(programme, today(programme)):
            return redirect("applicants:own_group", programme.code)
        return view(request, programme, applicant)

    return wrapped


@never_cache
@anyone_may
@_of_own_application
def own_group(request: ProgrammeRequest, programme: Programme, applicant: Applicant) -> HttpResponse:
    """The group of one's own application, or the two ways into one."""
    return _page(request, applicant)


@require_POST
@anyone_may
@_of_own_application
def start_group(request: ProgrammeRequest, programme: Programme, applicant: Applicant) -> HttpResponse:
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _page(request, applicant, group_form=form)
    services.start_group(applicant=applicant, by=None, on=today(programme), **form.cleaned_data)
    messages.success(request, _("The group was started. Give its code to those who shall join."))
    return redirect("applicants:own_group", programme.code)


@require_POST
@anyone_may
@_of_own_application
def join_group(request: ProgrammeRequest, programme: Programme, applicant: Applicant) -> HttpResponse:
    """First show which group a code is of; join when that is confirmed."""
    form, who = JoinForm(request.POST, programme=programme), network(request)
    if WRONG_CODES.is_reached(who):
        form.add_error("code", _("Too many wrong codes were tried. Try again in an hour."))
    if not form.is_valid():
        if form.has_error("code", "unknown"):
            WRONG_CODES.count(who)
        return _page(request, applicant, join_form=form)
    if not form.cleaned_data["is_sure"]:
        return _page(request, applicant, join_form=form, asked=form.group)
    services.join_group(applicant=applicant, group=form.group, by=None, on=today(programme))
    messages.success(request, _("You are in the group “{group}” now.").format(group=form.group))
    return redirect("applicants:own_group", programme.code)


@require_POST
@anyone_may
@_of_own_application
def leave_group(request: ProgrammeRequest, programme: Programme, applicant: Applicant) -> HttpResponse:
    if member := queries.membership_of(applicant):
        services.leave_group(member=member, by=None, on=today(programme))
        messages.success(request, _("You have left the group. Your own application stays."))
    return redirect("applicants:own_group", programme.code)


@require_POST
@anyone_may
@_of_own_application
def set_officers(request: ProgrammeRequest, programme: Programme, applicant: Applicant) -> HttpResponse:
    """The head names the officers, among those who joined."""
    member = queries.membership_of(applicant)
    if member is None or member.role != GroupRole.HEAD:
        return redirect("applicants:own_group", programme.code)
    form = OfficersForm(request.POST, group=member.group)
    if not form.is_valid():
        return _page(request, applicant, officers_form=form)
    services.set_officers(group=member.group, officers=form.officers(), by=None)
    messages.success(request, _("The officers of the group were named."))
    return redirect("applicants:own_group", programme.code)


def _page(request: ProgrammeRequest, applicant: Applicant, **more: Any) -> HttpResponse:
    programme, member = request.programme, queries.membership_of(applicant)
    context = {
        "programme": programme,
        "applicant": applicant,
        "closed": queries.reasons_closed(programme, today(programme)),
        "member": member,
        "group_form": GroupForm(),
        "join_form": JoinForm(programme=programme),
        **(_as_seen_by(member) if member else {}),
        **more,
    }
    has_errors = any(getattr(form, "errors", None) for form in more.values())
    return render(request, "applicants/own_group.html", context, status=422 if has_errors else 200)


def _as_seen_by(member: AppliedMember) -> dict[str, Any]:
    """The head sees who joined and the code; others see whose group it is, and how many they are."""
    members = queries.members_of(member.group)
    is_head = member.role == GroupRole.HEAD
    return {
        "count": len(members),
        "head": next((one for one in members if one.role == GroupRole.HEAD), None),
        "members": members if is_head else [],
        "code": codes.group_code(member.programme.code, member.group_id) if is_head else "",
        "missing": queries.missing_in(member, members),
        "officers_form": OfficersForm(group=member.group) if is_head and len(members) > 2 else None,
    }


def _members_of(groups: Iterable[AppliedGroup]) -> list[AppliedMember]:
    """The members of groups, a row each."""
    return [member for group in groups for member in group.members.all()]


@who_may(*OFFICE, Role.AUDITOR)
def applied_groups(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Which groups apply together, with everybody who joined."""
    found = programme.applied_groups.select_related("field").prefetch_related("members__applicant__person")
    return listed(
        request, "applicants/applied_groups.html", {"page": page_of(request, found)}, listings.GROUPS, _members_of
    )
