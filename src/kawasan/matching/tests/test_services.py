import pytest

from kawasan.applicants.models import Applicant
from kawasan.applicants.tests.factories import place
from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.matching import rules, services
from kawasan.matching.models import Expert, Group, GroupMember, Matching, Mentor
from kawasan.matching.tests.factories import expert, group, member, mentor, organisation, participant
from kawasan.selection.models import Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(programme):
    """Six participants of one field in two kelurahan far apart, and a mentor in each."""
    far = place(programme, "19.71.05.1005")
    Place.objects.filter(pk=far.pk).update(latitude=-2.09, longitude=106.06)
    for number in range(1, 7):
        participant(programme, number, place_code="19.71.01.1004" if number % 2 else "19.71.05.1005")
    mentor(programme, "M1", most_groups=1)
    mentor(programme, "M2", most_groups=1, place=Place.objects.get(pk=far.pk))
    return programme


@pytest.fixture
def formed(town, ani):
    services.form_groups(matching=services.freeze_matching(programme=town, by=ani), by=ani)
    return town


def stranger_rows():
    """Rows that factories made are not in the log; only what services wrote is of interest."""
    return [str(fault) for fault in verify_log() if "matching." in str(fault) and "Mentor" not in str(fault)]


def test_neighbours_come_into_one_group_with_the_mentor_who_lives_there(formed):
    places = {g.place.code: {m.applicant.person.place.code for m in g.members.all()} for g in formed.groups.all()}
    mentors = {g.place.code: g.mentor.code for g in formed.groups.all()}
    assert places == {"19.71.01.1004": {"19.71.01.1004"}, "19.71.05.1005": {"19.71.05.1005"}}
    assert mentors == {"19.71.01.1004": "M1", "19.71.05.1005": "M2"}


def test_the_reason_for_the_mentor_is_stored_as_a_sentence(formed):
    reason = formed.groups.first().reason
    assert reason["template"] == "Nearest mentor of this field: {km} km."
    assert reason["params"]["km"] == 0


def test_nobody_is_an_officer_before_the_vote(formed):
    assert set(formed.group_members.values_list("role", flat=True)) == {"member"}


def test_the_log_covers_every_row_that_was_formed(formed):
    assert LogEntry.objects.filter(verb="matching.formed").count() == 1
    assert stranger_rows() == []


def test_a_stored_input_gives_the_same_groups_again(formed, ani):
    first = formed.matchings.get()
    services.dissolve_groups(programme=formed, by=ani)
    again = services.form_groups(matching=services.freeze_matching(programme=formed, by=ani), by=ani)
    assert (again.input_hash, again.result) == (first.input_hash, first.result)


def test_family_cards_do_not_enter_the_frozen_input(town, ani):
    frozen = services.freeze_matching(programme=town, by=ani).input
    assert "family_card" not in str(frozen)
    assert {person["household"] for person in frozen["people"]} == set(range(6))


def test_groups_are_formed_once_however_often_it_is_asked(town, ani):
    matching = services.freeze_matching(programme=town, by=ani)
    stale = Matching.objects.get(pk=matching.pk)
    services.form_groups(matching=matching, by=ani)
    with pytest.raises(Refused, match="in the meantime"):
        services.form_groups(matching=stale, by=ani)
    assert town.group_members.count() == 6


def test_groups_are_not_formed_from_participants_who_changed(town, ani):
    matching = services.freeze_matching(programme=town, by=ani)
    Seat.objects.filter(applicant__code="A001").update(status="withdrawn")
    with pytest.raises(Refused, match="changed after freezing"):
        services.form_groups(matching=matching, by=ani)
    assert Matching.objects.get().status == "frozen"


def test_freezing_is_refused_while_groups_exist(formed, ani):
    with pytest.raises(Refused, match="2 groups already"):
        services.freeze_matching(programme=formed, by=ani)


def test_a_field_that_does_not_divide_is_named_with_its_numbers(town, ani):
    participant(town, 7, field=town.fields.get(code="digital"))
    matching = services.freeze_matching(programme=town, by=ani)
    with pytest.raises(Refused, match=r"(Jasa digital|Digital services): 1 participants cannot be divided"):
        services.form_groups(matching=matching, by=ani)


def test_mentors_who_cannot_take_all_groups_are_named(town, ani):
    town.mentors.update(most_groups=0)
    matching = services.freeze_matching(programme=town, by=ani)
    with pytest.raises(Refused, match=r"Pendamping M\d would have to take"):
        services.form_groups(matching=matching, by=ani)


def test_a_mentor_of_another_field_is_taken_only_when_nobody_of_the_field_has_room(town, ani):
    town.mentors.filter(code="M2").update(fields="digital")
    services.form_groups(matching=services.freeze_matching(programme=town, by=ani), by=ani)
    by_mentor = {g.mentor.code: g.reason["template"] for g in town.groups.all()}
    assert by_mentor["M2"].startswith("No mentor of this field has room left.")


def test_a_member_moves_with_a_new_distance(programme, ani):
    old, new = group(programme, "G01", people=3), group(programme, "G02", people=2, first=11)
    moved = services.move_member(member=old.members.first(), group=new, why="dekat", by=ani)
    assert (GroupMember.objects.get(pk=moved.pk).group, moved.distance_km) == (new, 0)


def test_a_member_does_not_move_when_too_few_would_stay(programme, ani):
    old, new = group(programme, "G01", people=2), group(programme, "G02", people=2, first=11)
    with pytest.raises(Refused, match="Only 1 members"):
        services.move_member(member=old.members.first(), group=new, why="dekat", by=ani)
    assert old.members.count() == 2


def test_a_reserve_who_was_called_later_joins_a_group(programme, ani):
    found = group(programme, people=2)
    services.add_member(group=found, applicant=participant(programme, 9), by=ani)
    assert found.members.count() == 3


def test_only_people_with_a_seat_join_a_group(programme, ani):
    late = participant(programme, 9)
    Seat.objects.update(status="declined")
    with pytest.raises(Refused, match="accepted a seat"):
        services.add_member(group=group(programme), applicant=late, by=ani)


def test_only_those_who_gave_their_seat_back_are_taken_out(programme, ani):
    found = group(programme, people=2)
    leaving = found.members.first()
    with pytest.raises(Refused, match="still holds a seat"):
        services.remove_member(member=leaving, by=ani)
    Seat.objects.filter(applicant=leaving.applicant).update(status="withdrawn")
    services.remove_member(member=leaving, by=ani)
    assert found.members.count() == 1


def test_another_mentor_comes_with_the_reason_that_was_given(programme, ani):
    found = group(programme, people=2, mentor=mentor(programme, "M1"))
    services.assign_mentor(group=found, mentor=mentor(programme, "M2"), why="M1 sakit", by=ani)
    stored = Group.objects.get()
    assert (stored.mentor.code, stored.reason["params"]["why"]) == ("M2", "M1 sakit")


def test_a_mentor_at_the_limit_gets_no_more_groups(programme, ani):
    full = mentor(programme, most_groups=1)
    group(programme, "G01", people=2, mentor=full)
    with pytest.raises(Refused, match="at most 1 groups"):
        services.assign_mentor(group=group(programme, "G02"), mentor=full, why="x", by=ani)


def test_dissolving_leaves_a_trace_of_every_deleted_row(formed, ani):
    services.dissolve_groups(programme=formed, by=ani)
    assert not Group.objects.exists()
    assert stranger_rows() == []


def test_a_mentor_gets_the_next_code_and_names_who_entered_it(programme, ani):
    mentor(programme, "M1")
    new = Mentor(
        programme=programme,
        name="Sri",
        sex="female",
        organisation=organisation(programme),
        fields="kuliner digital",
        place=place(programme),
        most_groups=2,
        most_people=20,
    )
    services.add_mentor(mentor=new, by=ani)
    assert (new.code, new.source) == ("M2", f"entered by {ani}")


def test_an_expert_is_changed(programme, ani):
    found = expert(programme)
    found.hours_per_month = 8
    services.change_expert(expert=found, by=ani)
    assert Expert.objects.get().hours_per_month == 8
    assert LogEntry.objects.first().verb == "matching.expert_changed"


def test_forming_takes_the_same_queries_with_three_times_the_people(town, ani, django_assert_max_num_queries):
    for number in range(7, 19):
        participant(town, number)
    town.mentors.update(most_groups=9)
    matching = services.freeze_matching(programme=town, by=ani)
    with django_assert_max_num_queries(30):
        services.form_groups(matching=matching, by=ani)
    assert Applicant.objects.filter(group_memberships__isnull=False).count() == 18


def test_what_a_matching_hashes_is_its_input(town, ani):
    matching = services.freeze_matching(programme=town, by=ani)
    assert matching.input_hash == rules.input_hash(Matching.objects.get().input)


def test_somebody_is_a_member_once(programme):
    found = group(programme, people=1)
    with pytest.raises(Exception, match=r"(?i)unique"):
        member(found, found.members.get().applicant)


def test_a_group_counts_only_members_who_hold_their_seat(programme):
    group(programme, people=3)
    Seat.objects.filter(applicant__code="A001").update(status="withdrawn")
    assert Group.objects.with_size().get().size == 2
