import datetime

import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.matching import queries, rules, services
from kawasan.matching.models import Ballot, Loan, Vote
from kawasan.matching.rules import GroupRole, Skill
from kawasan.matching.tests.factories import expert, group, mentor

HEAD, SECRETARY, TREASURER = GroupRole.HEAD, GroupRole.SECRETARY, GroupRole.TREASURER
NAMES = {1: "Sri", 2: "Budi", 3: "Tari", 4: "Rio"}
DAY = datetime.date(2022, 10, 3)


def counts(head, secretary, treasurer):
    return {HEAD: head, SECRETARY: secretary, TREASURER: treasurer}


def reasons(given, *, present=4, households=None):
    found = rules.reasons_no_vote(given, present=present, members=4, names=NAMES, households=households or {})
    return [str(text) for text in found]


def test_who_has_most_votes_gets_the_office():
    given = counts({1: 3, 2: 1}, {2: 4}, {3: 2, 4: 1})
    assert rules.winners(given) == {HEAD: 1, SECRETARY: 2, TREASURER: 3}
    assert reasons(given) == []


@pytest.mark.parametrize(
    ("given", "present", "households", "sentence"),
    [
        (counts({1: 4}, {2: 4}, {3: 4}), 5, {}, "5 were present, but the group has 4 members."),
        (counts({1: 2}, {2: 2}, {3: 2}), 2, {}, "Only 2 of 4 members were present; a vote needs more than half."),
        (counts({1: 3, 2: 2}, {2: 4}, {3: 4}), 4, {}, "Group head: 5 votes from 4 present. Count again."),
        (counts({1: 4}, {}, {3: 4}), 4, {}, "Secretary: nobody got a vote. Enter the counts."),
        (counts({1: 2, 2: 2}, {3: 4}, {4: 4}), 4, {}, "Group head: two have the same number of votes."),
        (counts({1: 4}, {1: 4}, {3: 4}), 4, {}, "Sri was voted for two offices."),
        (counts({1: 4}, {2: 4}, {3: 4}), 4, {1: "K1", 3: "K1"}, "Sri and Tari are of one household."),
    ],
)
def test_a_vote_that_does_not_count_says_why(given, present, households, sentence):
    assert any(sentence in said for said in reasons(given, present=present, households=households))


def test_unknown_households_are_not_one_household():
    assert reasons(counts({1: 4}, {2: 4}, {3: 4}), households={1: "", 2: "", 3: ""}) == []


@pytest.mark.django_db
def test_votes_that_came_with_a_folder_give_the_offices_once(programme, ani):
    found, without = group(programme, people=3), group(programme, "G02", people=1, first=9)
    vote = Vote.objects.create(programme=programme, code="P1", group=found, held_on=DAY, present=3, source="synthetic")
    members = list(found.members.order_by("pk"))
    for office, member in zip((HEAD, SECRETARY, TREASURER), members, strict=True):
        given = {"programme": programme, "vote": vote, "office": office, "votes": 3, "source": "synthetic"}
        Ballot.objects.create(applicant=member.applicant, **given)
    assert services.seat_officers(programme=programme, by=ani) == 1
    assert list(found.members.order_by("pk").values_list("role", flat=True)) == [HEAD, SECRETARY, TREASURER]
    assert without.members.get().role == "member"
    assert services.seat_officers(programme=programme, by=ani) == 0


@pytest.mark.django_db
def test_the_latest_vote_gives_the_offices_and_its_counts_stay(programme, ani):
    found = group(programme, people=3)
    a, b, c = found.members.values_list("pk", flat=True)
    given = {"group": found, "held_on": DAY, "present": 3, "minutes": "", "by": ani, "on": DAY}
    services.record_vote(counts=counts({a: 2, b: 1}, {b: 3}, {c: 3}), **given)
    services.record_vote(counts=counts({b: 3}, {a: 3}, {c: 2}), **given)
    assert list(found.members.order_by("pk").values_list("role", flat=True)) == ["secretary", "head", "treasurer"]
    assert found.votes.count() == 2
    assert sorted(found.votes.last().ballots.values_list("votes", flat=True)) == [1, 2, 3, 3]
    assert [str(fault) for fault in verify_log() if "Ballot" in str(fault) or "Vote" in str(fault)] == []
    early = given | {"held_on": DAY - datetime.timedelta(days=1)}
    with pytest.raises(Refused, match="an earlier vote does not change its officers any more"):
        services.record_vote(counts=counts({a: 2, b: 1}, {b: 3}, {c: 3}), **early)


def test_a_vote_is_neither_to_come_nor_before_the_programme():
    def said(held_on):
        return [str(one) for one in rules.reasons_vote_day(held_on=held_on, today=DAY, latest=None, year=DAY.year)]

    assert said(DAY) == []
    assert "still to come" in said(DAY + datetime.timedelta(days=1))[0]
    assert "before the year of the programme" in said(datetime.date(1900, 1, 1))[0]


@pytest.mark.django_db
def test_the_vote_is_recorded_from_the_page_and_shown_with_its_counts(programme, ani, client_of):
    found, client = group(programme, people=3), client_of(ani)
    a, b, c = found.members.values_list("pk", flat=True)
    address = reverse("matching:officers", args=[programme.code, found.code])
    sent = {"held_on": "2022-10-03", "present": "3", f"head_{a}": "2", f"secretary_{b}": "3", f"treasurer_{c}": "3"}
    refused = client.post(address, sent | {f"head_{b}": "2"})
    assert refused.status_code == 422
    assert "Group head: 4 votes from 3 present. Count again." in refused.content.decode()
    assert 'value="2"' in refused.content.decode()
    page = client.post(address, sent, follow=True).content.decode()
    assert "3 members present." in page
    assert "2 votes" in page
    assert found.members.get(role="head").pk == a


@pytest.mark.django_db
def test_hours_are_lent_until_the_month_s_are_used_up(programme, ani):
    found = expert(programme, hours_per_month=5)

    def lend(hours, day):
        loan = Loan(programme=programme, expert=found, day=day, hours=hours, need="Kemasan")
        return services.lend_expert(loan=loan, by=ani)

    first = lend(4, DAY)
    with pytest.raises(Refused, match="1 of that month are left, and you ask for 2"):
        lend(2, datetime.date(2022, 10, 31))
    lend(5, datetime.date(2022, 11, 1))
    lend(1, DAY)
    with pytest.raises(Refused, match="all of that month are used"):
        lend(1, DAY)
    services.cancel_loan(loan=first, by=ani)
    assert services.hours_given(found, DAY) == 1
    assert LogEntry.objects.filter(verb="matching.expert_lent").count() == 3


@pytest.mark.django_db
def test_hours_are_asked_for_on_the_page_and_refused_in_words(programme, ani, client_of):
    expert(programme, hours_per_month=3)
    client, address = client_of(ani), reverse("matching:lend_expert", args=[programme.code, "EXP-1"])
    client.post(address, {"day": "2022-10-03", "hours": "2", "need": "Foto produk cual"})
    answer = client.post(address, {"day": "2022-10-04", "hours": "2", "need": "Label"})
    assert answer.status_code == 422
    assert "1 of that month are left" in answer.content.decode()
    page = client.get(reverse("matching:expert", args=[programme.code, "EXP-1"])).content.decode()
    assert "Foto produk cual" in page
    client.post(reverse("matching:cancel_loan", args=[programme.code, Loan.objects.get().pk]))
    assert not Loan.objects.exists()


@pytest.mark.parametrize(
    ("need", "skill"),
    [
        ("desain kemasan", Skill.PACKAGING),
        ("Foto produk", Skill.PHOTO),
        ("urus halal", Skill.PERMITS),
        ("toko online", Skill.ONLINE_SHOP),
        ("ayam sakit", Skill.ANIMAL_HEALTH),
    ],
)
def test_a_need_in_people_s_words_finds_the_skill(need, skill):
    assert skill in rules.skills_for(need)
    assert rules.skills_for("xyz") == []


@pytest.mark.django_db
def test_an_expert_is_found_by_what_is_needed(programme, ani, client_of):
    expert(programme, "EXP-1", name="Rio", skill="packaging")
    expert(programme, "EXP-2", name="Tari", skill="finance")
    page = client_of(ani).get(reverse("matching:experts", args=[programme.code]), {"q": "kemasan"}).content.decode()
    assert "Rio" in page
    assert "Tari" not in page


def test_where_nobody_has_the_skill_those_next_to_it_are_shown_and_the_page_says_so(programme, ani, client_of):
    expert(programme, "EXP-1", skill="design", name="Kevin Lim")
    address = reverse("matching:experts", args=[programme.code])
    text = client_of(ani).get(address, {"q": "kemasan"}).content.decode()
    assert "Kevin Lim" in text
    assert "Nobody has exactly the skill" in text
    expert(programme, "EXP-2", skill="packaging", name="Rina Sari")
    text = client_of(ani).get(address, {"q": "kemasan"}).content.decode()
    assert "Rina Sari" in text
    assert "Kevin Lim" not in text
    assert "Nobody has exactly the skill" not in text


@pytest.mark.django_db
def test_who_had_a_group_before_it_was_given_is_somebody_else_only_where_there_was_somebody(programme, ani):
    first, second = mentor(programme, "M1"), mentor(programme, "M2")
    new, old, day = group(programme, "G01"), group(programme, "G02", mentor=first), DAY - datetime.timedelta(days=30)
    for one in (new, old):
        services.assign_mentor(group=one, mentor=second, why="baru", by=ani)
    assert not queries.had_another_mentor(new, second, day)  # it had none
    assert queries.had_another_mentor(old, second, day)
    assert not queries.had_another_mentor(old, first, day)
