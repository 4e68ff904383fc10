"""Groups are changed by hand and dissolved; mentors and experts are kept."""

from typing import TypeVar

from django.db import transaction
from django.db.models import ProtectedError

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine.assignment import distance_km
from kawasan.matching import rules
from kawasan.matching.models import Expert, Group, GroupMember, Mentor, Wish
from kawasan.matching.queries import next_code
from kawasan.matching.rules import rounded
from kawasan.matching.services.locking import locked_rule_set
from kawasan.programmes.models import Programme
from kawasan.selection.models import Seat

M = TypeVar("M", Mentor, Expert)


@transaction.atomic
def add_member(*, group: Group, applicant: Applicant, by: User | None) -> GroupMember:
    """Put a participant who has no group yet, such as a reserve who was called later, into one."""
    rule_set = locked_rule_set(group.programme)
    reasons = rules.reasons_not_added(
        is_participant=Seat.objects.participants().filter(applicant=applicant).exists(),
        is_same_field=group.field_id == applicant.field_id,
        size=group.members.count(),
        most=rule_set.most_group,
    )
    if reasons:
        raise Refused(*reasons)
    member = GroupMember(
        programme=group.programme,
        group=group,
        applicant=applicant,
        distance_km=_km(applicant.person.place, group.place),
        source=f"entered by {by}",
    )
    member.full_clean()
    member.save()
    log("matching.member_added", member, by=by, group=group.code, applicant=applicant.code)
    return member


@transaction.atomic
def remove_member(*, member: GroupMember, by: User | None) -> None:
    """Take somebody who gave the seat back out of the group."""
    reasons = rules.reasons_not_removed(
        is_participant=Seat.objects.participants().filter(applicant=member.applicant_id).exists()
    )
    if reasons:
        raise Refused(*reasons)
    log("matching.member_removed", member.group, by=by, deleted=[member], applicant=member.applicant.code)
    member.delete()


@transaction.atomic
def assign_mentor(*, group: Group, mentor: Mentor, why: str, by: User | None) -> Group:
    """Give a group another mentor by hand."""
    Mentor.objects.select_for_update().get(pk=mentor.pk)
    reasons = rules.reasons_mentor_full(
        groups=mentor.groups.count(),
        people=GroupMember.objects.filter(group__mentor=mentor).count(),
        size=group.members.count(),
        most_groups=mentor.most_groups,
        most_people=mentor.most_people,
        is_same=group.mentor_id == mentor.pk,
    )
    reasons += rules.reasons_mentor_not_asked_for(mentor.offer, _asked(group))
    if reasons:
        raise Refused(*reasons)
    old = group.mentor
    group.mentor = mentor
    group.reason = rules.reason_by_hand(why=why, km=rounded(_km(mentor.place, group.place))).stored()
    group.is_mentor_fixed = True  # what somebody chose stays when mentors are matched anew
    group.full_clean()
    group.save(update_fields=("mentor", "reason", "is_mentor_fixed"))
    log("matching.mentor_assigned", group, by=by, old=old.code if old else "", new=mentor.code, why=why)
    return group


@transaction.atomic
def release_mentor(*, group: Group, by: User | None) -> None:
    """The mentor stays for now, but may be another one when mentors are matched anew."""
    if not Group.objects.filter(pk=group.pk, is_mentor_fixed=True).update(is_mentor_fixed=False):
        raise Refused(Text(_("The mentor of the group is not fixed.")))
    log("matching.mentor_released", group, by=by)


@transaction.atomic
def release_member(*, member: GroupMember, by: User | None) -> None:
    """The member stays for now, but may come into another group when groups are matched anew."""
    if not GroupMember.objects.filter(pk=member.pk, is_fixed=True).update(is_fixed=False):
        raise Refused(Text(_("This member is not fixed in the group.")))
    log("matching.member_released", member, by=by)


@transaction.atomic
def set_meeting_day(*, group: Group, meets_on: str, by: User | None) -> Group:
    """On which day a group meets; its mentor has to have that day."""
    group.meets_on = meets_on
    if group.mentor and (reasons := rules.reasons_mentor_not_asked_for(group.mentor.offer, _asked(group))):
        raise Refused(*reasons)
    group.full_clean()
    group.save(update_fields=("meets_on",))
    log("matching.meeting_day_set", group, by=by, day=meets_on)
    return group


@transaction.atomic
def dissolve_groups(*, programme: Programme, by: User | None) -> None:
    """Delete all groups so that they can be formed anew; later records that refer to them forbid it."""
    groups, members = list(programme.groups.all()), list(programme.group_members.all())
    if not groups:
        raise Refused(Text(_("There are no groups to dissolve.")))
    log("matching.dissolved", programme, by=by, deleted=[*groups, *members], groups=len(groups))
    try:
        programme.groups.all().delete()
    except ProtectedError:
        raise Refused(
            Text(_("Sessions, visits or other records refer to these groups, so they cannot be dissolved."))
        ) from None


@transaction.atomic
def add_mentor(*, mentor: Mentor, by: User | None) -> Mentor:
    mentor.code = next_code(mentor.programme, Mentor, "M", 1)
    return _saved("matching.mentor_added", mentor, by)


@transaction.atomic
def change_mentor(*, mentor: Mentor, by: User | None) -> Mentor:
    return _saved("matching.mentor_changed", mentor, by)


@transaction.atomic
def add_expert(*, expert: Expert, by: User | None) -> Expert:
    expert.code = next_code(expert.programme, Expert, "EXP-", 1)
    return _saved("matching.expert_added", expert, by)


@transaction.atomic
def change_expert(*, expert: Expert, by: User | None) -> Expert:
    return _saved("matching.expert_changed", expert, by)


def _saved(verb: str, row: M, by: User | None) -> M:
    row.source = row.source or f"entered by {by}"
    row.full_clean()
    row.save()
    log(verb, row, by=by)
    return row


def _asked(group: Group) -> rules.Asked:
    """What the members and the day of a group ask of a mentor."""
    wishes = Wish.objects.filter(applicant__group_memberships__group=group)
    return rules.asked_by(wishes.values_list("kind", "language"), group.meets_on)


def _km(a: Place, b: Place) -> float:
    return float(distance_km([a.latitude], [a.longitude], [b.latitude], [b.longitude])[0, 0])
