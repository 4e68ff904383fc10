import pytest
from django.urls import reverse

from kawasan.applicants.tests.factories import place
from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.services import verify_log
from kawasan.core.text import Text
from kawasan.matching import rules, services
from kawasan.matching.models import Group, GroupMember, Matching, Mentor
from kawasan.matching.tests.factories import ability, group, mentor, participant, wish
from kawasan.selection.models import Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed(programme):
    """Three groups with two mentors, who could take all three, and one who knows another field."""
    first, second = mentor(programme, "M1"), mentor(programme, "M2")
    mentor(programme, "M3", fields="digital")
    group(programme, "G01", people=2, mentor=first)
    group(programme, "G02", people=2, first=11, mentor=second)
    group(programme, "G03", people=2, first=21, mentor=second)
    return programme


def leave(programme, code, ani):
    leaving = programme.mentors.get(code=code)
    seen = services.propose_without_mentor(programme, leaving).input_hash
    return services.let_mentor_leave(mentor=leaving, seen=seen, why="Pindah tugas", by=ani)


def test_when_a_mentor_leaves_only_that_mentor_s_groups_change(staffed, ani):
    matching = leave(staffed, "M1", ani)
    assert [(c["what"], c["old"], c["new"]) for c in matching.result["changes"]] == [("G01", "M1", "M2")]
    assert set(staffed.groups.values_list("mentor__code", flat=True)) == {"M2"}
    assert Mentor.objects.get(code="M1").left_on is not None
    assert matching.result["moves"] == 0
    assert services.is_repeated(matching)
    assert [str(fault) for fault in verify_log() if "matching.Group:" in str(fault)] == []


def test_another_group_changes_only_where_there_is_no_other_way_and_what_is_fixed_stays(staffed, ani):
    staffed.mentors.filter(code="M2").update(most_groups=2)
    staffed.mentors.filter(code="M3").update(fields="kuliner", sex="male")
    wish(GroupMember.objects.filter(group__code="G01").first().applicant, "woman_mentor")
    Group.objects.filter(code="G02").update(is_mentor_fixed=True)
    # G01 asked for a woman, so it needs M2; of her groups G02 is fixed, so G03 goes to M3
    matching = leave(staffed, "M1", ani)
    assert [(c["what"], c["new"]) for c in matching.result["changes"]] == [("G01", "M2"), ("G03", "M3")]
    assert matching.result["moves"] == 1
    assert matching.result["is_optimal"]


def test_without_a_solution_the_page_says_which_rule_is_in_the_way(staffed, ani, client_of):
    staffed.mentors.exclude(code="M1").update(most_groups=1)
    answer = client_of(ani).get(reverse("matching:mentor_leaves", args=[staffed.code, "M1"]))
    assert answer.status_code == 422
    said = "Groups that need another mentor: 2. Groups that the mentors together can still take: 1."
    assert said in answer.text  # that of M1, and one of the two that M2 has


def test_without_room_for_their_people_the_page_says_how_much_there_is(staffed, ani, client_of):
    staffed.mentors.filter(code="M2").update(most_people=5)
    staffed.mentors.filter(code="M3").update(most_people=1)
    answer = client_of(ani).get(reverse("matching:mentor_leaves", args=[staffed.code, "M1"]))
    said = "People in groups that need another mentor: 2. People whom the mentors together can still take: 2."
    assert said in answer.text  # 1 and 1, so no group fits


def test_what_was_not_seen_is_not_recorded(staffed, ani):
    leaving = staffed.mentors.get(code="M1")
    seen = services.propose_without_mentor(staffed, leaving).input_hash
    staffed.mentors.filter(code="M2").update(most_people=41)
    with pytest.raises(Refused, match="Something changed in the meantime"):
        services.let_mentor_leave(mentor=leaving, seen=seen, why="x", by=ani)
    assert Mentor.objects.get(code="M1").left_on is None


def test_a_mentor_leaves_from_the_page_and_gets_no_more_groups(staffed, ani, client_of):
    client, address = client_of(ani), reverse("matching:mentor_leaves", args=[staffed.code, "M1"])
    page = client.get(address).content.decode()
    assert "Its mentor leaves. Nearest mentor of this field: 0 km." in page
    seen = services.propose_without_mentor(staffed, staffed.mentors.get(code="M1")).input_hash
    answer = client.post(address, {"seen": seen, "why": "Sakit"}, follow=True)
    assert "Proven: 0 changes of those who stay are the fewest" in answer.content.decode()
    second = client.post(address, {"seen": seen, "why": "Pindah kota"}, follow=True).content.decode()
    assert "has left already" in second
    assert "Pindah kota" in second


def rematch(programme, ani):
    field = programme.fields.first()
    seen = services.propose_for_people(programme, field).input_hash
    return services.rematch_people(programme=programme, field=field, seen=seen, why="Mundur", by=ani)


@pytest.fixture
def small(programme):
    programme.rule_sets.update(least_group=2, most_group=3)
    group(programme, "G01", people=2)
    group(programme, "G02", people=3, first=11)
    return programme


def test_who_gave_the_seat_back_leaves_and_a_reserve_takes_the_room(small, ani):
    Seat.objects.filter(applicant__code="A001").update(status="withdrawn")
    late = participant(small, 30)
    matching = rematch(small, ani)
    assert [(c["what"], c["old"], c["new"]) for c in matching.result["changes"]] == [
        ("A001", "", ""),
        ("A030", "", "G01"),
    ]
    assert list(late.group_memberships.values_list("group__code", flat=True)) == ["G01"]
    assert not GroupMember.objects.filter(applicant__code="A001").exists()
    assert services.is_repeated(matching)


def test_a_group_that_would_be_too_small_gets_one_member_and_nobody_else_moves(small, ani):
    Seat.objects.filter(applicant__code="A001").update(status="withdrawn")
    GroupMember.objects.filter(applicant__code="A011").update(role="head")
    GroupMember.objects.filter(applicant__code="A012").update(is_fixed=True)
    matching = rematch(small, ani)
    moved = [(c["what"], c["old"], c["new"]) for c in matching.result["changes"] if c["new"]]
    assert moved == [("A013", "G02", "G01")]  # the head and who was chosen to stay do not


def test_too_few_for_all_groups_is_said_with_what_to_do(small, ani):
    Seat.objects.filter(applicant__code__in=["A001", "A011"]).update(status="withdrawn")
    with pytest.raises(Refused, match="Call a reserve of this field"):
        services.propose_for_people(small, small.fields.first())


def test_a_mentor_s_people_in_all_groups_limit_who_can_join(small, ani):
    Group.objects.update(mentor=mentor(small, "M1", most_people=5))
    participant(small, 30)
    with pytest.raises(Refused, match="People whom the mentors of the groups can still take: 0"):
        services.propose_for_people(small, small.fields.first())


def test_full_groups_say_how_many_have_no_place(small, ani):
    for number in (30, 31):
        participant(small, number)
    with pytest.raises(Refused, match=r"who need a place in a group: 2\. Places in the groups: 1"):
        services.propose_for_people(small, small.fields.first())


@pytest.fixture
def wishing(programme):
    """Six people at two places, who would form groups by place; two of one place asked to be apart."""
    programme.rule_sets.update(least_group=3, most_group=3)
    far = place(programme, "19.71.05.1005")
    Place.objects.filter(pk=far.pk).update(latitude=-2.09, longitude=106.06)
    people = [participant(programme, n, place_code="19.71.01.1004" if n <= 3 else "19.71.05.1005") for n in range(1, 7)]
    mentor(programme, "M1")
    return programme, people


def formed(programme, ani):
    services.form_groups(matching=services.freeze_matching(programme=programme, by=ani), by=ani)
    return {m.applicant.code: m.group.code for m in GroupMember.objects.select_related("applicant", "group")}


def test_groups_are_formed_so_that_wishes_are_kept(wishing, ani):
    programme, people = wishing
    assert formed(programme, ani)["A001"] == formed_of("A002")
    services.dissolve_groups(programme=programme, by=ani)
    wish(people[0], "apart", other=people[1])
    where = formed(programme, ani)
    assert where["A001"] != where["A002"]
    matching = programme.matchings.first()
    assert matching.result["cost"] >= matching.result["bound"]
    assert services.is_repeated(matching)


def formed_of(code):
    return GroupMember.objects.get(applicant__code=code).group.code


def test_women_only_books_and_friends_are_looked_after(wishing, ani):
    programme, people = wishing
    for number, one in enumerate(people):
        one.person.sex = "female" if number in (0, 1, 3) else "male"
        one.person.save()
    wish(people[0], "women_only")
    ability(people[0], keeps_books=True)
    ability(people[4], keeps_books=True)
    where = formed(programme, ani)
    assert {code for code, g in where.items() if g == where["A001"]} == {"A001", "A002", "A004"}


def test_wishes_that_cannot_all_be_kept_are_named(wishing, ani):
    programme, people = wishing
    for one in people:
        wish(one, "reach", most_km=0)
    wish(people[0], "apart", other=people[1])
    with pytest.raises(Refused, match="wishes of the participants cannot all be kept"):
        formed(programme, ani)


def test_the_certificate_says_what_is_proven_and_why_each_mentor(wishing, ani, client_of):
    programme, _people = wishing
    formed(programme, ani)
    address = reverse("matching:certificate", args=[programme.code, "MATCH-1"])
    page = client_of(ani).get(address, {"again": "1"}).content.decode()
    assert "Proven: no other way to form the groups is better." in page
    assert "Nearest mentor of this field: 0 km." in page
    assert "the same result" in page
    stored = Matching.objects.get()
    stored.result["total_km"] += 1
    stored.save()
    assert "the result is another one" in client_of(ani).get(address, {"again": "1"}).content.decode()


def test_a_gap_is_said_as_a_share():
    assert "more than 12.5 % better" in str(rules.certified({}, {"gap": 0.125})[2])


def test_the_reason_tells_full_mentors_from_those_whom_members_did_not_ask_for(programme, ani):
    found = group(programme, "G01", people=2, mentor=mentor(programme, "M0"))
    wish(found.members.first().applicant, "woman_mentor")
    mentor(programme, "M1", sex="male")
    mentor(programme, "M2", most_groups=0)
    away = place(programme, "19.71.05.1005")
    Place.objects.filter(pk=away.pk).update(latitude=-2.09, longitude=106.06)
    mentor(programme, "M3", place=Place.objects.get(pk=away.pk))
    proposal = services.propose_without_mentor(programme, programme.mentors.get(code="M0"))
    said = str(Text.restored(proposal.changes[0]["reason"]))
    assert proposal.changes[0]["new"] == "M3"
    assert said.endswith("(1 nearer, but full; 1 nearer, but not what members asked for).")
