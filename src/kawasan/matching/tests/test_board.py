import pytest
from django.urls import reverse

from kawasan.applicants.models import Person
from kawasan.applicants.tests.factories import place
from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.matching import rules, services
from kawasan.matching.models import GroupMember, Wish
from kawasan.matching.rules import Card, Column, Sizes
from kawasan.matching.tests.factories import ability, group, mentor, participant, wish

SIZES = Sizes(1, 3)


def card(number, *, km=0.0, far=1.0, **columns):
    given = {"member": number, "applicant": number, "name": f"P{number}", "sex": "female", "role": "member"}
    return Card(**(given | {"km": {1: km, 2: far}} | columns))


def column(group, *cards, **columns):
    return Column(group=group, code=f"G{group}", name=f"G{group}", field=1, cards=cards, **columns)


def test_a_move_costs_the_way_and_the_wishes_that_it_breaks():
    friend = card(1, together=frozenset({2}))
    columns = [column(1, friend, card(2, km=0.5)), column(2, card(3))]
    before, after = rules.cost_of(columns), rules.cost_of(rules.moved(columns, friend, 2))
    assert (before.km, after.km) == (1.5, 2.5)
    assert (before.broken, after.broken) == (0, 1)
    # one kilometre more, and a broken wish counts as five
    assert after.total_km - before.total_km == 6
    said = [str(text) for text in rules.effects(before, after)]
    assert said == ["1.0 km more to go.", "Broken wishes to be together: 1 more."]
    assert str(rules.verdict(before, after)) == "Worse all in all: 1.5 before, 7.5 after."


def test_experience_is_spread_when_no_group_is_beyond_its_fair_share():
    columns = [column(1, card(1, is_experienced=True), card(2, is_experienced=True)), column(2, card(3), card(4))]
    assert rules.cost_of(columns).uneven == 2  # one too many here, one too few there
    assert rules.cost_of(rules.moved(columns, columns[0].cards[0], 2)).uneven == 0


@pytest.mark.parametrize(
    ("mover", "there", "sentence"),
    [
        (card(1, apart=frozenset({3})), card(3), "asked not to be in one group"),
        (card(1), card(3, apart=frozenset({1})), "asked not to be in one group"),
        (card(1, wants_women_only=True), card(3, sex="male"), "there are men in G2"),
        (card(1, sex="male"), card(3, wants_women_only=True), "A member of G2 asked for a group of women only."),
        (card(1, far=4.0, reach_km=2.0), card(3), "P1 can go 2.0 km; G2 meets 4.0 km away."),
        (card(1, keeps_books=True), card(3), "Nobody would keep books in G1 any more."),
        (card(1, role="head"), card(3), "holds an office"),
    ],
)
def test_a_rule_that_forbids_a_move_says_so(mover, there, sentence):
    old, new = column(1, mover, card(2)), column(2, there)
    assert sentence in " ".join(map(str, rules.reasons_not_moved(mover, old, new, SIZES)))
    assert rules.reasons_not_moved(card(1), column(1, card(1), card(2)), column(2, card(3)), SIZES) == []


def test_a_mentor_without_the_language_or_room_forbids_a_move():
    offer = rules.Offer("male", frozenset(), frozenset())
    mover = card(1, asked=rules.asked_by([("language", "sign"), ("woman_mentor", "")]))
    new = column(2, mentor=7, mentor_name="Budi", offer=offer, mentor_people=40, mentor_most=40)
    said = [str(text) for text in rules.reasons_not_moved(mover, column(1, mover, card(2)), new, SIZES)]
    assert said == [
        "A member asked for a woman as mentor.",
        "A member needs a mentor who speaks Indonesian sign language (Bisindo).",
        "Budi takes at most 40 people and has them.",
    ]


@pytest.fixture
def two(programme):
    """Two groups of one field, 4.6 km apart, within the rule set of the tests."""
    far = place(programme, "19.71.05.1005")
    Place.objects.filter(pk=far.pk).update(latitude=-2.09, longitude=106.06)
    old = group(programme, "G01", people=3, mentor=mentor(programme))
    return old, group(programme, "G02", people=2, first=9, place=Place.objects.get(pk=far.pk))


@pytest.mark.django_db
def test_a_move_is_logged_with_its_reason_and_taken_back(two, ani):
    member = two[0].members.first()
    services.move_member(member=member, group=two[1], why="Sepupunya di sana", by=ani)
    entry = LogEntry.objects.get(verb="matching.member_moved")
    assert (entry.data["old"], entry.data["new"], entry.data["why"]) == ("G01", "G02", "Sepupunya di sana")
    moved = GroupMember.objects.get(pk=member.pk)
    assert (moved.group, moved.is_fixed) == (two[1], True)
    assert moved.distance_km > 1
    services.take_back_move(entry=entry, by=ani)
    back = GroupMember.objects.get(pk=member.pk)
    assert (back.group, back.is_fixed, back.distance_km) == (two[0], False, 0)
    assert [
        str(fault) for fault in verify_log() if "GroupMember" in str(fault) and f" {member.pk} " in str(fault)
    ] == []


@pytest.mark.django_db
def test_a_move_is_not_taken_back_twice_nor_after_another(two, ani):
    member = two[0].members.first()
    services.move_member(member=member, group=two[1], why="x", by=ani)
    entry = LogEntry.objects.get(verb="matching.member_moved")
    services.take_back_move(entry=entry, by=ani)
    with pytest.raises(Refused, match="in another group by now"):
        services.take_back_move(entry=entry, by=ani)


@pytest.mark.django_db
def test_the_page_of_a_move_shows_the_cost_before_and_the_rule_that_forbids(two, ani, client_of):
    member = two[0].members.first()
    client = client_of(ani)
    address = reverse("matching:move_member", args=[member.programme.code, member.pk])
    assert "km more to go." in client.get(address).content.decode()
    wish(member.applicant, "apart", other=two[1].members.first().applicant)
    page = client.get(address).content.decode()
    assert "asked not to be in one group." in page
    assert " disabled" in page
    answer = client.post(address, {"group": two[1].pk, "why": "Tetap saja"})
    assert answer.status_code == 422
    assert "asked not to be in one group." in answer.content.decode()
    assert 'value="Tetap saja"' in answer.content.decode()
    assert GroupMember.objects.get(pk=member.pk).group == two[0]


@pytest.mark.django_db
def test_the_board_asks_as_often_with_ten_times_the_people(programme, ani, client_of, django_assert_max_num_queries):
    for number in range(10):
        made = group(
            programme, f"G{number:02}", people=5, first=10 * number + 1, mentor=mentor(programme, f"M{number}")
        )
        ability(made.members.first().applicant, keeps_books=True)
        wish(made.members.last().applicant, "reach", most_km=3)
    client = client_of(ani)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("matching:board", args=[programme.code])).content.decode()
    assert page.count("data-move=") == 50


@pytest.mark.django_db
def test_a_wish_is_entered_and_kept_from_the_other(programme, ani, client_of):
    first, second = participant(programme, 1), participant(programme, 2)
    address = reverse("matching:wishes_of", args=[programme.code, first.code])
    client = client_of(ani)
    assert "names the other participant" in client.post(address, {"kind": "apart"}).content.decode()
    assert client.post(address, {"kind": "apart", "other": second.pk}).status_code == 302
    assert first.wishes.get().other == second
    assert LogEntry.objects.get(verb="matching.wish_added").data == {"kind": "apart"}
    client.post(reverse("matching:remove_wish", args=[programme.code, first.code, "W1"]))
    assert not first.wishes.exists()


@pytest.mark.django_db
def test_a_participant_enters_own_wishes_and_abilities_and_nobody_else_s(programme, dewi, client_of):
    own, other = participant(programme, 1), participant(programme, 2)
    Person.objects.filter(pk=own.person_id).update(user=dewi)
    client = client_of(dewi)
    assert client.get(reverse("matching:wishes_of", args=[programme.code, other.code])).status_code == 404
    address = reverse("matching:wishes_of", args=[programme.code, own.code])
    page = client.get(address).content.decode()
    assert other.person.name not in page
    assert client.post(address, {"kind": "apart", "other": other.pk}).status_code == 200
    assert client.post(address, {"kind": "woman_mentor"}).status_code == 302
    client.post(reverse("matching:set_abilities", args=[programme.code, own.code]), {"keeps_books": "on"})
    assert list(own.wishes.values_list("kind", flat=True)) == ["woman_mentor"]
    assert own.abilities.get().keeps_books


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "apart", "is_own": True}, "Choose somebody else"),
        ({"kind": "together", "is_same_field": False}, "different fields"),
        ({"kind": "women_only", "sex": "male"}, "Only a woman"),
    ],
)
def test_a_wish_that_means_nothing_is_refused(changes, sentence):
    given = {"kind": "apart", "is_own": False, "is_same_field": True, "sex": "female"}
    assert sentence in str(rules.reasons_bad_wish(**(given | changes))[0])


@pytest.mark.django_db
def test_two_people_are_not_both_together_and_apart(programme, ani):
    one, other = participant(programme, 1), participant(programme, 2)

    def asks(kind, who, whom):
        return services.add_wish(wish=Wish(programme=programme, applicant=who, other=whom, kind=kind), by=ani)

    asks("together", one, other)
    with pytest.raises(Refused, match="one wish is to be together, and one to be apart"):
        asks("apart", other, one)
    asks("together", other, one)


def test_nobody_asks_for_a_woman_and_a_man_as_mentor():
    assert rules.contradiction(["woman_mentor", "man_mentor"])
    assert not rules.contradiction(["woman_mentor", "language"])


@pytest.mark.django_db
def test_who_may_need_a_near_meeting_place_is_to_be_asked(programme, ani, client_of):
    found = participant(programme, 1)
    Person.objects.filter(pk=found.person_id).update(disability="physical")
    address = reverse("matching:wishes", args=[programme.code])
    assert "ask how far the person can go" in client_of(ani).get(address).content.decode()
    wish(found, "reach", most_km=1)
    assert "ask how far the person can go" not in client_of(ani).get(address).content.decode()
