import pytest
from django.urls import reverse

from kawasan.applicants.tests.factories import place
from kawasan.matching import services
from kawasan.matching.models import Expert, Group, Matching, Mentor
from kawasan.matching.tests.factories import expert, group, mentor, organisation, participant

pytestmark = pytest.mark.django_db


def url(name, programme, *args):
    return reverse(f"matching:{name}", args=[programme.code, *args])


@pytest.mark.parametrize("name", ["groups", "mentors", "experts"])
def test_each_list_opens_and_strangers_see_nothing(name, programme, ani, fajar, client_of):
    assert client_of(ani).get(url(name, programme)).status_code == 200
    assert client_of(fajar).get(url(name, programme)).status_code == 404


def test_participants_see_the_groups_but_not_their_members(programme, dewi, client_of):
    group(programme, people=2)
    assert "Kelompok G01" in client_of(dewi).get(url("groups", programme)).content.decode()
    assert client_of(dewi).get(url("group", programme, "G01")).status_code == 403


def test_a_mentor_finds_the_own_groups_first(programme, citra, client_of):
    group(programme, "G01", mentor=mentor(programme, "M1"))
    group(programme, "G02", mentor=mentor(programme, "M2", user=citra))
    text = client_of(citra).get(url("groups", programme)).content.decode()
    assert text.index("Kelompok G02") < text.index("Kelompok G01")
    assert text.count("Your group") == 1


def test_phones_of_members_are_for_whoever_rings_them_up_and_the_own_mentor(programme, cast, ani, citra, client_of):
    group(programme, "G01", people=1, mentor=mentor(programme, "M1"))
    assert "+6281200000001" in client_of(ani).get(url("group", programme, "G01")).content.decode()
    assert "+6281200000001" not in client_of(citra).get(url("group", programme, "G01")).content.decode()
    assert "+6281200000001" not in client_of(cast["gita"]).get(url("group", programme, "G01")).content.decode()
    Mentor.objects.update(user=citra)
    assert "+6281200000001" in client_of(citra).get(url("group", programme, "G01")).content.decode()


def test_the_office_freezes_and_forms_from_the_page(programme, ani, client_of):
    for number in (1, 2):
        participant(programme, number)
    mentor(programme)
    client = client_of(ani)
    assert "Freeze the participants" in client.get(url("groups", programme)).content.decode()
    client.post(url("freeze", programme))
    assert "Form the groups from them" in client.get(url("groups", programme)).content.decode()
    client.post(url("form_groups", programme, Matching.objects.get().code))
    assert "Nearest mentor of this field: 0 km." in client.get(url("group", programme, "G01")).content.decode()


def test_nothing_is_frozen_before_all_is_there_and_the_page_says_what_is_missing(programme, ani, client_of):
    participant(programme, 1)
    text = client_of(ani).get(url("groups", programme)).content.decode()
    assert "Freeze the participants" not in text
    assert "There are no mentors yet. Add them first." in text
    assert "Complete what is missing" in text


def test_who_has_no_group_is_named_with_the_groups_of_their_field(programme, ani, citra, client_of):
    group(programme, "G01", people=1)
    late = participant(programme, 77)
    page = client_of(ani).get(url("groups", programme)).content.decode()
    assert "Put the participant without a group into one." in page
    case_file = reverse("reports:case_file", args=[programme.code, late.code])
    assert f'<a href="{case_file}">{late.person.name}</a>' in page
    assert f'href="?field={late.field.code}"' in page
    assert late.person.name not in client_of(citra).get(url("groups", programme)).content.decode()


def test_only_manager_and_planner_may_form_groups(programme, budi, citra, client_of):
    assert client_of(budi).post(url("freeze", programme)).status_code == 403
    assert client_of(citra).get(url("dissolve", programme)).status_code == 403


def test_a_refusal_says_why(programme, ani, client_of):
    answer = client_of(ani).post(url("freeze", programme))
    assert answer.status_code == 422
    assert "Nobody has accepted a seat yet." in answer.content.decode()


def test_dissolving_asks_first(programme, ani, client_of):
    group(programme)
    client_of(ani).post(url("dissolve", programme), {})
    assert Group.objects.exists()
    client_of(ani).post(url("dissolve", programme), {"is_sure": "on"})
    assert not Group.objects.exists()


def test_what_is_not_chosen_is_said_in_words(programme, ani, client_of):
    page = client_of(ani).get(url("add_mentor", programme)).content.decode()
    assert '<option value="" selected>(choose)</option>' in page
    assert '<option value="" selected>(empty)</option>' in page
    assert "----" not in page


def test_a_member_is_moved_from_the_page(programme, ani, client_of):
    old, new = group(programme, "G01", people=3), group(programme, "G02", people=2, first=9)
    client_of(ani).post(url("move_member", programme, old.members.first().pk), {"group": new.pk, "why": "dekat"})
    assert new.members.count() == 3


def test_a_participant_without_a_group_is_added_from_the_page(programme, ani, client_of):
    found, late = group(programme, people=2), participant(programme, 9)
    assert "Add a member" in client_of(ani).get(url("group", programme, "G01")).content.decode()
    client_of(ani).post(url("add_member", programme, "G01"), {"applicant": late.pk})
    assert found.members.count() == 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("add_member", "Every participant of this field is in a group."),
        ("officers", "The group has no members yet."),
        ("assign_mentor", "There are no mentors yet."),
    ],
)
def test_a_form_with_nobody_to_choose_from_says_so(name, sentence, programme, ani, client_of):
    group(programme, "G01")
    group(programme, "G02", people=2)
    page = client_of(ani).get(url(name, programme, "G01")).content.decode()
    assert sentence in page
    assert "<select" not in page.split("<main")[1]


def test_the_only_group_of_a_field_says_that_there_is_no_other(programme, ani, client_of):
    alone = group(programme, people=1)
    page = client_of(ani).get(url("move_member", programme, alone.members.get().pk)).content.decode()
    assert "There is no other group of this field." in page


def test_another_mentor_is_given_from_the_page(programme, ani, client_of):
    group(programme, people=2)
    client_of(ani).post(url("assign_mentor", programme, "G01"), {"mentor": mentor(programme).pk, "why": "dekat"})
    assert Group.objects.get().mentor.code == "M1"


def mentor_answers(programme, **changes):
    return {
        "name": "Sri",
        "sex": "female",
        "organisation": organisation(programme).pk,
        "fields": ["kuliner", "digital"],
        "place": place(programme).pk,
        "most_groups": 2,
        "most_people": 24,
    } | changes


def expert_answers(programme, **changes):
    given = {"name": "Rio", "organisation": organisation(programme).pk, "skill": "network", "hours_per_month": 10}
    return given | changes


def test_a_mentor_is_added_and_changed(programme, ani, citra, client_of):
    given = mentor_answers(programme, user=citra.pk)
    client_of(ani).post(url("add_mentor", programme), given)
    client_of(ani).post(url("change_mentor", programme, "M1"), given | {"fields": ["digital"]})
    assert (Mentor.objects.get().fields, Mentor.objects.get().user) == ("digital", citra)


def test_an_expert_is_added_and_changed(programme, ani, client_of):
    given = expert_answers(programme)
    client_of(ani).post(url("add_expert", programme), given)
    client_of(ani).post(url("change_expert", programme, "EXP-1"), given | {"hours_per_month": 12})
    assert (Expert.objects.get().hours_per_month, Expert.objects.get().skill) == (12, "network")


@pytest.mark.parametrize(
    ("made", "answers", "name"), [(mentor, mentor_answers, "mentor"), (expert, expert_answers, "expert")]
)
def test_a_code_sent_along_is_not_taken(programme, ani, client_of, made, answers, name):
    first, second = made(programme, "X-1"), made(programme, "X-2")
    given, client = answers(programme, code="X-2"), client_of(ani)
    assert client.post(url(f"add_{name}", programme), given).status_code == 302
    assert client.post(url(f"change_{name}", programme, "X-1"), given).status_code == 302
    codes = set(type(first).objects.values_list("code", flat=True))
    assert len(codes) == 3
    assert codes > {first.code, second.code}


def test_a_mentor_is_given_only_accounts_of_mentors_and_organisations_of_the_programme(
    programme, other_programme, ani, client_of
):
    theirs = organisation(other_programme)
    answer = client_of(ani).post(
        url("add_mentor", programme), mentor_answers(programme, user=ani.pk, organisation=theirs.pk)
    )
    assert answer.context["form"].errors.keys() == {"organisation", "user"}


def test_experts_are_found_by_skill_and_words(programme, ani, client_of):
    expert(programme, "EXP-1", name="Rio", skill="design")
    expert(programme, "EXP-2", name="Tari", skill="finance")
    text = client_of(ani).get(url("experts", programme), {"skill": "finance", "q": "tar"}).content.decode()
    assert "Tari" in text
    assert "Rio" not in text


def test_the_page_of_groups_asks_as_often_with_ten_times_the_groups(
    programme, ani, client_of, django_assert_max_num_queries
):
    for number in range(20):
        group(programme, f"G{number:02}", people=1, first=10 * number + 1, mentor=mentor(programme, f"M{number}"))
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        client.get(url("groups", programme))


def test_other_lists_and_pages_ask_few_times(programme, ani, client_of, django_assert_max_num_queries):
    for number in range(1, 11):
        mentor(programme, f"M{number}")
        expert(programme, f"EXP-{number}")
    group(programme, people=10, mentor=programme.mentors.first())
    client = client_of(ani)
    for address in (url("mentors", programme), url("experts", programme), url("group", programme, "G01")):
        with django_assert_max_num_queries(12):
            client.get(address)


def test_the_page_of_a_mentor_shows_the_load(programme, ani, client_of):
    group(programme, people=2, mentor=mentor(programme, most_groups=3))
    assert "1 of 3" in client_of(ani).get(url("mentor", programme, "M1")).content.decode()


def test_a_withdrawn_member_is_taken_out_from_the_page(programme, ani, client_of):
    found = group(programme, people=2)
    leaving = found.members.first()
    leaving.applicant.seat.status = "withdrawn"
    leaving.applicant.seat.save()
    assert "Gave the seat back" in client_of(ani).get(url("group", programme, "G01")).content.decode()
    client_of(ani).post(url("remove_member", programme, leaving.pk))
    assert found.members.count() == 1


def test_formed_groups_are_named_after_their_field(programme, ani):
    for number in (1, 2):
        participant(programme, number)
    mentor(programme)
    services.form_groups(matching=services.freeze_matching(programme=programme, by=ani), by=ani)
    assert Group.objects.get().name == "Kelompok Kuliner 1"
