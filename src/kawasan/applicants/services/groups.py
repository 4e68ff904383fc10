"""People apply together: one starts a group, others join it by its code, each by the own application."""

import datetime

from django.db import transaction

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, AppliedGroup, AppliedMember
from kawasan.applicants.rules import GroupRole, Status
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _


@transaction.atomic
def start_group(*, applicant: Applicant, name: str, business: str, by: User | None, on: datetime.date) -> AppliedGroup:
    """Start a group in the field that its head applied for."""
    Applicant.objects.select_for_update().get(pk=applicant.pk)
    _refuse_second(applicant)
    group = AppliedGroup.objects.create(
        programme=applicant.programme, name=name, business=business, field=applicant.field, started_on=on
    )
    head = _add(group, applicant, GroupRole.HEAD, on)
    log("applicants.group_started", group, by=by, rows=[head], on=on)
    return group


@transaction.atomic
def join_group(*, applicant: Applicant, group: AppliedGroup, by: User | None, on: datetime.date) -> AppliedMember:
    """Join a group; of two who take the last place at once, one gets a sentence."""
    AppliedGroup.objects.select_for_update().get(pk=group.pk)
    reasons = rules.reasons_not_joining(
        status=applicant.status,
        is_in_group=AppliedMember.objects.filter(applicant=applicant).exists(),
        members=group.members.count(),
        most=_most(applicant),
        is_same_field=applicant.field_id == group.field_id,
    )
    if reasons:
        raise Refused(*reasons)
    member = _add(group, applicant, GroupRole.MEMBER, on)
    log("applicants.group_joined", member, by=by, on=on)
    return member


@transaction.atomic
def leave_group(*, member: AppliedMember, by: User | None, on: datetime.date) -> None:
    """Leave a group; one whose last member leaves is gone."""
    group = AppliedGroup.objects.select_for_update().get(pk=member.group_id)
    members = group.members.count()
    if reasons := rules.reasons_not_leaving(member.role, members):
        raise Refused(*reasons)
    gone: list[AppliedMember | AppliedGroup] = [member, group] if members == 1 else [member]
    log("applicants.group_left", member.applicant, by=by, is_written=False, deleted=gone, on=on, group=group.name)
    gone[-1].delete()


@transaction.atomic
def set_officers(*, group: AppliedGroup, officers: dict[GroupRole, AppliedMember], by: User | None) -> None:
    """Say who is head, secretary and treasurer; everybody else is a member."""
    AppliedGroup.objects.select_for_update().get(pk=group.pk)
    if len({member.pk for member in officers.values()}) < len(officers):
        raise Refused(Text(_("Choose three different people.")))
    members = list(group.members.all())
    group.members.update(role=GroupRole.MEMBER)  # so that no role is held twice in between
    roles = {member.pk: role for role, member in officers.items()}
    for member in members:
        member.role = roles.get(member.pk, GroupRole.MEMBER)
    AppliedMember.objects.bulk_update(members, ("role",))
    log("applicants.group_officers_set", group, by=by, rows=members)


def _refuse_second(applicant: Applicant) -> None:
    is_in_group = AppliedMember.objects.filter(applicant=applicant).exists()
    if applicant.status == Status.WITHDRAWN or is_in_group:
        raise Refused(
            *rules.reasons_not_joining(
                status=applicant.status, is_in_group=is_in_group, members=0, most=1, is_same_field=True
            )
        )


def _most(applicant: Applicant) -> int:
    """The most members of a group by the rule set that the application was assessed by; without one, one."""
    return applicant.rule_set.most_group if applicant.rule_set else 1


def _add(group: AppliedGroup, applicant: Applicant, role: GroupRole, on: datetime.date) -> AppliedMember:
    return AppliedMember.objects.create(
        programme=group.programme, group=group, applicant=applicant, role=role, joined_on=on
    )
