from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.matching import listings, queries, services
from kawasan.matching.forms import (
    AddMemberForm,
    AssignMentorForm,
    ConfirmForm,
    ExpertForm,
    MeetingDayForm,
    MentorForm,
    VoteForm,
)
from kawasan.matching.rules import OFFICES, Skill
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, MEMBERS, OFFICE, OVERSIGHT, Role

INSIDE = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
WRITERS = (Role.MANAGER, Role.PLANNER)
CALLERS = (Role.MANAGER, Role.VERIFIER)  # with the mentor of the group, whoever has to ring its members up


@who_may(*MEMBERS)
def groups(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """All groups with their mentors, and what each mentor has to do."""
    shown, field = queries.groups_for(programme, request.user), request.GET.get("field", "")
    context = {
        "page": page_of(request, shown.filter(field__code=field) if field else shown),
        "fields": programme.fields.all(),
        "field": field,
        "mentors": programme.mentors.with_load(),
        "may_see_people": has_role(request, *INSIDE),
        "may_write": has_role(request, *WRITERS),
        "own": has_role(request, Role.PARTICIPANT) and queries.own_application(programme, request.user),
        **queries.state_of(programme),
    }
    return listed(request, "matching/groups.html", context, listings.GROUPS)


@require_POST
@who_may(*WRITERS)
def freeze(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    services.freeze_matching(programme=programme, by=request.user)
    messages.success(request, _("The participants are frozen."))
    return redirect("matching:groups", programme.code)


@require_POST
@who_may(*WRITERS)
def form_groups(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    services.form_groups(matching=get_object_or_404(programme.matchings, code=code), by=request.user)
    messages.success(request, _("The groups were formed."))
    return redirect("matching:groups", programme.code)


@who_may(*WRITERS)
def dissolve(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form, back = ConfirmForm(request.POST or None), reverse("matching:groups", args=[programme.code])
    if form.is_valid():
        services.dissolve_groups(programme=programme, by=request.user)
        messages.success(request, _("The groups were dissolved."))
        return redirect(back)
    purpose = _("All groups, their members, officers and mentors are deleted, so that groups can be formed anew.")
    return form_page(request, form, _("Dissolve all groups"), purpose, back, submit=_("Dissolve all groups"))


@who_may(*INSIDE)
def group(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Members, officers and the mentor with the reason."""
    found = get_object_or_404(queries.groups_for(programme, request.user), code=code)
    context: dict[str, Any] = {
        "group": found,
        "members": queries.members_of(found),
        "vote": found.votes.prefetch_related("ballots__applicant__person").first(),
        "may_see_phones": found.is_mentored_by(request.user) or has_role(request, *CALLERS),
        "may_write": has_role(request, *WRITERS),
        "without_group": queries.without_group(programme).filter(field=found.field_id).count(),
    }
    shown = listings.MEMBERS if context["may_see_phones"] else listings.MEMBERS.without("phone")
    return listed(request, "matching/group.html", context, shown, rows=context["members"])


@who_may(*WRITERS)
def officers(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The vote of a group for head, secretary and treasurer."""
    found = get_object_or_404(programme.groups.select_related("programme"), code=code)
    form, back = VoteForm(request.POST or None, group=found), reverse("matching:group", args=[programme.code, code])
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("held_on", "present", "minutes")}
        services.record_vote(group=found, counts=form.counts, by=request.user, on=today(programme), **given)
        messages.success(request, _("The vote was recorded."))
        return redirect(back)
    context = {
        "group": found,
        "form": form,
        "back": back,
        "offices": [office.label for office in OFFICES],
        "votes": found.votes.all(),
    }
    return render(request, "matching/vote.html", context)


@who_may(*WRITERS)
def assign_mentor(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Another mentor for a group."""
    found = get_object_or_404(programme.groups.select_related("place", "mentor"), code=code)
    form = AssignMentorForm(request.POST or None, group=found)
    back = reverse("matching:group", args=[programme.code, code])
    if form.is_valid():
        services.assign_mentor(group=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The group has another mentor."))
        return redirect(back)
    purpose = _("The reason is shown on the page of the group.")
    nobody = _unless(form, "mentor", _("There are no mentors yet. Add them first."))
    return form_page(request, form, _("Another mentor for %(group)s") % {"group": found}, purpose, back, instead=nobody)


@require_POST
@who_may(*WRITERS)
def release_mentor(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    services.release_mentor(group=get_object_or_404(programme.groups, code=code), by=request.user)
    messages.success(request, _("The mentor may be another one when mentors are matched anew."))
    return redirect("matching:group", programme.code, code)


@require_POST
@who_may(*WRITERS)
def release_member(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    member = get_object_or_404(queries.members_in_full(programme), pk=pk)
    services.release_member(member=member, by=request.user)
    messages.success(request, _("The member may come into another group when groups are matched anew."))
    return redirect("matching:group", programme.code, member.group.code)


@who_may(*WRITERS)
def meeting_day(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """On which day of the week a group meets."""
    found = get_object_or_404(programme.groups.select_related("mentor"), code=code)
    form = MeetingDayForm(request.POST or None, instance=found)
    back = reverse("matching:group", args=[programme.code, code])
    if form.is_valid():
        services.set_meeting_day(group=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The meeting day was stored."))
        return redirect(back)
    purpose = _("The day counts when mentors are matched: a mentor comes only on days that they have.")
    return form_page(request, form, _("Meeting day of %(group)s") % {"group": found}, purpose, back)


@who_may(*WRITERS)
def vote_minutes(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    """The minutes of a vote as PDF, to sign."""
    votes = programme.votes.select_related("programme", "group__field", "group__place", "group__mentor")
    vote = get_object_or_404(votes, group__code=code, pk=pk)
    content = services.take_vote_minutes(vote=vote, by=request.user)
    name = f"{programme.code}-{code}-{vote.held_on.isoformat()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@who_may(*WRITERS)
def add_member(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A participant without a group joins."""
    found = get_object_or_404(programme.groups.select_related("place", "programme"), code=code)
    form = AddMemberForm(request.POST or None, group=found)
    back = reverse("matching:group", args=[programme.code, code])
    if form.is_valid():
        services.add_member(group=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The participant joined the group."))
        return redirect(back)
    purpose = _("Participants of this field who are in no group yet.")
    everybody_is_in_one = _(
        "Every participant of this field is in a group. To bring somebody here, move them from their group."
    )
    nobody = _unless(form, "applicant", everybody_is_in_one)
    return form_page(request, form, _("Add a member to %(group)s") % {"group": found}, purpose, back, instead=nobody)


@require_POST
@who_may(*WRITERS)
def remove_member(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    member = get_object_or_404(queries.members_in_full(programme), pk=pk)
    services.remove_member(member=member, by=request.user)
    messages.success(request, _("The member was taken out of the group."))
    return redirect("matching:group", programme.code, member.group.code)


@who_may(*INSIDE)
def mentors(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Mentors with their limits and their load."""
    rows = programme.mentors.with_load().select_related("organisation", "place")
    names = {field.code: field for field in programme.fields.all()}
    context = {"page": page_of(request, rows), "names": names, "may_write": has_role(request, *WRITERS)}
    return listed(request, "matching/mentors.html", context, listings.MENTORS)


@who_may(*INSIDE)
def mentor(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One mentor and the groups."""
    rows = programme.mentors.with_load().select_related("organisation", "place", "user")
    found = get_object_or_404(rows, code=code)
    context: dict[str, Any] = {
        "mentor": found,
        "fields": programme.fields.filter(code__in=found.field_codes),
        "groups": queries.groups_for(programme, request.user).filter(mentor=found),
        "may_write": has_role(request, *WRITERS),
        "planned": queries.planned_after_leaving(found),
    }
    return listed(request, "matching/mentor.html", context, listings.GROUPS, rows=context["groups"])


@who_may(*WRITERS)
def add_mentor(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = MentorForm(request.POST or None, programme=programme)
    back = reverse("matching:mentors", args=[programme.code])
    if form.is_valid():
        services.add_mentor(mentor=form.instance, by=request.user)
        messages.success(request, _("The mentor was added."))
        return redirect(back)
    return form_page(request, form, _("Add a mentor"), _("Somebody who accompanies groups of participants."), back)


@who_may(*WRITERS)
def change_mentor(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.mentors, code=code)
    form = MentorForm(request.POST or None, instance=found, programme=programme)
    back = reverse("matching:mentor", args=[programme.code, code])
    if form.is_valid():
        services.change_mentor(mentor=form.instance, by=request.user)
        messages.success(request, _("The mentor was changed."))
        return redirect(back)
    return form_page(request, form, found.name, _("Limits count when groups are formed and changed."), back)


@who_may(*INSIDE)
def experts(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Whom to ask for a skill."""
    skill, words = request.GET.get("skill", ""), request.GET.get("q", "").strip()
    page = page_of(request, queries.experts_for(programme, skill, words))
    is_near = bool(words) and not page.object_list
    if is_near:
        page = page_of(request, queries.experts_near(programme, skill, words))
    context = {
        "page": page,
        "is_near": is_near,
        "skills": [(s.value, s.label) for s in Skill],
        "skill": skill,
        "words": words,
        "may_write": has_role(request, *WRITERS),
    }
    return listed(request, "matching/experts.html", context, listings.EXPERTS)


@who_may(*WRITERS)
def add_expert(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = ExpertForm(request.POST or None, programme=programme)
    back = reverse("matching:experts", args=[programme.code])
    if form.is_valid():
        services.add_expert(expert=form.instance, by=request.user)
        messages.success(request, _("The expert was added."))
        return redirect(back)
    return form_page(request, form, _("Add an expert"), _("Somebody whom an organisation lends for a skill."), back)


@who_may(*WRITERS)
def change_expert(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.experts, code=code)
    form = ExpertForm(request.POST or None, instance=found, programme=programme)
    back = reverse("matching:experts", args=[programme.code])
    if form.is_valid():
        services.change_expert(expert=form.instance, by=request.user)
        messages.success(request, _("The expert was changed."))
        return redirect(back)
    return form_page(request, form, found.name, _("Skill and hours that the organisation gives."), back)


def _unless(form: forms.BaseForm, name: str, sentence: str) -> list[str]:
    """What is said instead of a form in which there is nothing to choose from."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    return [] if field.queryset else [sentence]
