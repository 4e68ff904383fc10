"""People apply as a group: nobody is entered without knowing, and the head sees only who joined."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.applicants import codes
from kawasan.applicants.models import Applicant, AppliedGroup, AppliedMember
from kawasan.applicants.rules import GroupRole, missing_in_group
from kawasan.applicants.services import assess
from kawasan.applicants.services.groups import join_group, leave_group, set_officers, start_group
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.services import verify_log
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 8, 12)


@pytest.fixture
def people(programme: Programme) -> list[Applicant]:
    """Six applicants on an open day; a group has two to four members."""
    Programme.objects.update(as_of=DAY)
    for number in range(1, 7):
        factories.applicant(programme, number)
    assess(programme=programme, by=None, on=DAY)
    return list(Applicant.objects.in_full().order_by("pk"))


@pytest.fixture
def group(people: list[Applicant]) -> AppliedGroup:
    return start_group(applicant=people[0], name="Getas Jaya", business="Getas", by=None, on=DAY)


def phone_of(applicant: Applicant) -> Client:
    made = Client(headers={"accept-language": "en"})
    said = {
        "number": codes.receipt_code(applicant.programme.code, applicant.code),
        "birth_date": applicant.person.birth_date.isoformat(),
    }
    made.post(reverse("reports:own_application", args=[applicant.programme.code]), said)
    return made


def send(phone: Client, applicant: Applicant, route: str, **said: str) -> str:
    address = reverse(f"applicants:{route}", args=[applicant.programme.code])
    return phone.post(address, said, follow=True).content.decode()


def test_a_head_starts_a_group_and_a_member_joins_after_seeing_which(people: list[Applicant]) -> None:
    head, member = phone_of(people[0]), phone_of(people[1])
    page = send(head, people[0], "start_group", name="Getas Jaya", business="Getas untuk toko")
    code = codes.group_code(people[0].programme.code, AppliedGroup.objects.get().pk)
    assert code in page
    assert people[1].person.name not in page
    asked = send(member, people[1], "join_group", code=code.lower())
    assert "Join “Getas Jaya”?" in asked
    assert AppliedMember.objects.count() == 1
    joined = send(member, people[1], "join_group", code=code, is_sure="1")
    assert "You are in the group “Getas Jaya” now." in joined
    assert code not in joined
    page = head.get(reverse("applicants:own_group", args=[people[0].programme.code])).content.decode()
    assert people[1].person.name in page


def test_a_member_sees_the_head_and_no_other_member(people: list[Applicant], group: AppliedGroup) -> None:
    for one in people[1:3]:
        join_group(applicant=one, group=group, by=None, on=DAY)
    page = phone_of(people[1]).get(reverse("applicants:own_group", args=[group.programme.code])).content.decode()
    assert people[0].person.name in page
    assert people[2].person.name not in page


def test_a_guessed_code_finds_no_group_and_is_stopped(people: list[Applicant], group: AppliedGroup) -> None:
    stranger = phone_of(people[1])
    for _try in range(10):
        assert "No group has this code." in send(stranger, people[1], "join_group", code=f"{group.pk}-AAAAAA")
    code = codes.group_code(group.programme.code, group.pk)
    assert "Too many wrong codes" in send(stranger, people[1], "join_group", code=code, is_sure="1")
    assert group.members.count() == 1


def test_a_receipt_is_no_code_of_a_group() -> None:
    assert codes.group_of("p", codes.receipt_code("p", "1")) == 0
    assert codes.number_of("p", codes.group_code("p", 1)) == ""


def test_a_full_group_takes_nobody_else(people: list[Applicant], group: AppliedGroup) -> None:
    for one in people[1:4]:
        join_group(applicant=one, group=group, by=None, on=DAY)
    with pytest.raises(Refused, match="This group is full"):
        join_group(applicant=people[4], group=group, by=None, on=DAY)


def test_nobody_is_in_two_groups(people: list[Applicant], group: AppliedGroup) -> None:
    with pytest.raises(Refused, match="in a group already"):
        start_group(applicant=people[0], name="Lain", business="Lain", by=None, on=DAY)
    with pytest.raises(Refused, match="in a group already"):
        join_group(applicant=people[0], group=group, by=None, on=DAY)


def test_a_group_has_one_kind_of_business(people: list[Applicant], group: AppliedGroup) -> None:
    people[1].field = group.programme.fields.exclude(pk=group.field_id)[0]
    with pytest.raises(Refused, match="another field"):
        join_group(applicant=people[1], group=group, by=None, on=DAY)


def test_after_the_closing_day_nobody_joins(people: list[Applicant], group: AppliedGroup) -> None:
    Programme.objects.update(as_of=datetime.date(2022, 9, 1))
    code = codes.group_code(group.programme.code, group.pk)
    assert "Applications closed" in send(phone_of(people[1]), people[1], "join_group", code=code, is_sure="1")
    assert group.members.count() == 1


def test_the_head_names_officers_and_hands_the_group_over(people: list[Applicant], group: AppliedGroup) -> None:
    members = [AppliedMember.objects.get()]
    members += [join_group(applicant=one, group=group, by=None, on=DAY) for one in people[1:3]]
    said = {"head": str(members[1].pk), "secretary": str(members[0].pk), "treasurer": str(members[2].pk)}
    send(phone_of(people[0]), people[0], "set_officers", **said)
    assert [member.role for member in group.members.all()] == ["secretary", "head", "treasurer"]
    send(phone_of(people[2]), people[2], "set_officers", **said | {"head": str(members[2].pk)})
    assert group.members.get(role=GroupRole.HEAD).applicant == people[1]


def test_three_offices_have_three_people(people: list[Applicant], group: AppliedGroup) -> None:
    member = AppliedMember.objects.get()
    with pytest.raises(Refused, match="three different people"):
        set_officers(group=group, officers={GroupRole.HEAD: member, GroupRole.TREASURER: member}, by=None)


def test_the_head_stays_while_there_are_others_and_an_empty_group_is_gone(
    people: list[Applicant], group: AppliedGroup
) -> None:
    head, member = AppliedMember.objects.get(), join_group(applicant=people[1], group=group, by=None, on=DAY)
    with pytest.raises(Refused, match="head of this group"):
        leave_group(member=head, by=None, on=DAY)
    leave_group(member=member, by=None, on=DAY)
    leave_group(member=head, by=None, on=DAY)
    assert not AppliedGroup.objects.exists()
    assert [str(fault) for fault in verify_log() if "Applied" in str(fault)] == []


def test_what_a_group_lacks_is_said() -> None:
    said = [str(text) for text in missing_in_group(1, [GroupRole.HEAD], least=8)]
    assert said[0] == "Members still to join: 7 (at least 8 in all)."
    assert len(said) == 3
    assert missing_in_group(8, ["head", "secretary", "treasurer", "member"], least=8) == []
