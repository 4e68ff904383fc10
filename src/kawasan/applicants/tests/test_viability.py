"""Business ideas: handed out evenly and fairly, marked blind, settled, and opened to whoever had them."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.applicants import rules, services
from kawasan.applicants.models import MARKED, Appraisal, Verification
from kawasan.applicants.queries import may_appraise, viability_of, viability_scheme_of
from kawasan.applicants.rules import Criterion
from kawasan.applicants.services.verification import declare_closeness
from kawasan.applicants.services.viability import agreements, assign, give_marks, set_scheme
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.programmes.models import Programme

DAY = datetime.date(2022, 8, 20)
WEIGHTS = dict.fromkeys(MARKED, 20)


def marks(of: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(MARKED, of) | others


@pytest.fixture
def people(cast: dict[str, User]) -> list[User]:
    """A verifier, a planner and an expert."""
    return [cast["budi"], cast["gita"], cast["joko"]]


@pytest.fixture
def applied(programme: Programme) -> Programme:
    for number in range(1, 13):
        factories.applicant(programme, number)
    services.assess(programme=programme, by=None, on=DAY)
    return programme


def give(appraisal: Appraisal, given: dict[str, int]) -> None:
    give_marks(appraisal=appraisal, marks=given, remark="", by=appraisal.appraiser, on=DAY)


def test_the_lowest_marks_give_nothing_the_highest_all() -> None:
    assert rules.viability_score(marks(1), WEIGHTS) == 0
    assert rules.viability_score(marks(4), WEIGHTS) == 100
    assert rules.viability_score(marks(1, demand=3), WEIGHTS | {"demand": 30, "cost": 10}) == 20  # 30 x 2/3


def test_every_mark_of_every_criterion_says_something_else() -> None:
    said = [words for criterion in Criterion for words in rules.DESCRIPTORS[criterion]]
    assert len(set(said)) == len(said) == 20


def test_two_count_by_their_mean_and_a_third_decides_when_they_are_apart() -> None:
    assert rules.settled([marks(3)], WEIGHTS, 25).score is None
    both = rules.settled([marks(2), marks(2, demand=4)], WEIGHTS, 25)
    assert (both.score, both.counted) == (pytest.approx(40, abs=0.3), 2)
    at_the_limit = rules.settled([marks(1), marks(1, demand=4)], WEIGHTS, 20)
    assert (at_the_limit.score, at_the_limit.needs_third) == (10, False)
    apart = rules.settled([marks(1), marks(4)], WEIGHTS, 25)
    assert (apart.score, apart.needs_third) == (None, True)
    third = rules.settled([marks(1), marks(4), marks(3)], WEIGHTS, 25)
    assert (third.score, third.counted, third.needs_third) == (pytest.approx(66.7, abs=0.3), 1, False)


def test_parts_add_up_to_the_score() -> None:
    found = rules.settled([marks(2, skill=3), marks(3, cost=1)], WEIGHTS, 50)
    assert found.score == pytest.approx(sum(part.points for part in found.parts))


def test_names_phones_and_mail_are_taken_out_of_an_idea() -> None:
    idea = "Siti jual getas, hubungi 0812-3456-7890 atau siti@contoh.id; dibantu Pak Rahmat. Modal 2 juta."
    shown = rules.blinded(idea, "Siti Aminah", "Rahmat")
    assert "Siti" not in shown
    assert "siti@" not in shown
    assert "0812" not in shown
    assert "Rahmat" not in shown
    assert "jual getas" in shown
    assert "Modal 2 juta" in shown


def test_ideas_go_to_two_each_evenly_and_once(applied: Programme, people: list[User], ani: User) -> None:
    assert assign(programme=applied, appraisers=people, by=ani, on=DAY) == 24
    assert set(Counter(applied.appraisals.values_list("appraiser", flat=True)).values()) == {8}
    assert set(Counter(applied.appraisals.values_list("applicant", flat=True)).values()) == {2}
    assert LogEntry.objects.get(verb="applicants.ideas_assigned").by == ani
    with pytest.raises(Refused, match="in the hands of two"):
        assign(programme=applied, appraisers=people, by=ani, on=DAY)


def test_managers_and_strangers_mark_nothing(
    applied: Programme, people: list[User], ani: User, fajar: User, citra: User
) -> None:
    assert set(may_appraise(applied)) == set(people)
    with pytest.raises(Refused, match="two people or more"):
        assign(programme=applied, appraisers=[ani, fajar, citra, people[0]], by=ani, on=DAY)


def test_nobody_marks_an_idea_of_their_own_household_or_one_they_entered_or_helped_with(
    applied: Programme, people: list[User], ani: User
) -> None:
    budi, gita, joko = people
    own, relative, entered, helped = applied.applicants.select_related("person").order_by("code")[:4]
    own.person.user = budi
    own.person.save()
    relative.person.family_card = own.person.family_card
    relative.person.save()
    entered.entered_by = gita
    entered.save()
    helped.helped_by = joko.name.upper()
    helped.save()
    assign(programme=applied, appraisers=people, by=ani, on=DAY)

    def who(idea: Any) -> set[User]:
        return {one.appraiser for one in idea.appraisals.select_related("appraiser")}

    assert who(own) == who(relative) == {gita, joko}
    assert who(entered) == {budi, joko}
    assert who(helped) == {budi, gita}


def test_marks_are_given_once_and_stay(applied: Programme, people: list[User], ani: User) -> None:
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    appraisal = applied.appraisals.select_related("appraiser")[0]
    twin = applied.appraisals.select_related("appraiser").get(pk=appraisal.pk)
    with pytest.raises(Refused, match="from 1 to 4"):
        give(appraisal, marks(2) | {"skill": 5})
    give(appraisal, marks(2))
    with pytest.raises(Refused, match="in already"):
        give(twin, marks(4))
    twin.refresh_from_db()
    assert twin.marks == marks(2)
    assert LogEntry.objects.filter(verb="applicants.idea_marked").count() == 1


def test_a_third_is_called_when_two_are_apart_and_decides(applied: Programme, people: list[User], ani: User) -> None:
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    idea = applied.applicants.order_by("code")[0]
    first, second = idea.appraisals.select_related("appraiser")
    give(first, marks(1))
    give(second, marks(4))
    third = idea.appraisals.select_related("appraiser").get(turn=3)
    assert third.appraiser not in (first.appraiser, second.appraiser)
    assert viability_of(idea)[0].needs_third
    give(third, marks(3))
    result, given = viability_of(idea)
    assert (result.counted, len(given)) == (1, 3)
    assert result.score == pytest.approx(66.7, abs=0.3)
    assert idea.appraisals.count() == 3


def test_a_third_who_joins_later_is_called_by_handing_out_again(
    applied: Programme, people: list[User], ani: User
) -> None:
    assign(programme=applied, appraisers=people[:2], by=ani, on=DAY)
    idea = applied.applicants.order_by("code")[0]
    for appraisal, given in zip(idea.appraisals.select_related("appraiser"), (marks(1), marks(4)), strict=True):
        give(appraisal, given)
    assert idea.appraisals.count() == 2
    assert assign(programme=applied, appraisers=people, by=ani, on=DAY) == 1
    assert idea.appraisals.get(turn=3).appraiser == people[2]


def test_viability_changes_neither_eligibility_nor_need(applied: Programme, people: list[User], ani: User) -> None:
    idea = applied.applicants.order_by("code")[0]
    before = (idea.status, idea.need_score, idea.need_band_id, idea.need_parts)
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    for appraisal in idea.appraisals.select_related("appraiser"):
        give(appraisal, marks(1))
    services.assess(programme=applied, by=ani, on=DAY)
    idea.refresh_from_db()
    assert (idea.status, idea.need_score, idea.need_band_id, idea.need_parts) == before


def test_agreement_is_that_of_the_first_two(applied: Programme, people: list[User], ani: User) -> None:
    assert agreements(applied, viability_scheme_of(applied)) == []
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    for number, appraisal in enumerate(applied.appraisals.select_related("appraiser").order_by("applicant", "turn")):
        give(appraisal, marks(1 + number // 2 % 4, skill=2 + number % 2))
    found = {text.template: one for text, one in agreements(applied, viability_scheme_of(applied))}
    assert found[Criterion.DEMAND.label].alpha == pytest.approx(1)
    assert (found[Criterion.SKILL.label].alpha or 0) < 0  # always one apart, within two marks: worse than chance
    assert found["The whole score"].judged == 12


def test_weights_are_set_until_marks_are_in(applied: Programme, people: list[User], ani: User) -> None:
    with pytest.raises(Refused, match="add up to 110"):
        set_scheme(programme=applied, by=ani, demand=40)
    set_scheme(programme=applied, by=ani, demand=40, experience=10, most_apart=30)
    assert applied.viability_scheme.weights["demand"] == 40
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    give(applied.appraisals.select_related("appraiser")[0], marks(2))
    with pytest.raises(Refused, match="stay as they are"):
        set_scheme(programme=applied, by=ani, demand=30, experience=20)


def test_an_appraiser_sees_neither_whose_idea_it_is_nor_the_other_s_marks_until_both_are_in(
    applied: Programme, people: list[User], ani: User, client_of: Callable[[User], Client]
) -> None:
    idea = applied.applicants.select_related("person").order_by("code")[0]
    idea.idea = f"{idea.person.name} membuat getas untuk toko"
    idea.save()
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    first, second = idea.appraisals.select_related("appraiser")
    give(first, marks(4))
    client = client_of(second.appraiser)
    address = reverse("applicants:appraise", args=[applied.code, second.pk])
    page = client.get(address).content.decode()
    assert "membuat getas untuk toko" in page
    assert "What the plan knows" in page
    person = idea.person
    for hidden in (person.name, person.nik, person.phone, person.address, idea.code, f"{idea.need_score}"):
        assert hidden not in page
    assert "Somebody else&#x27;s marks" not in page
    assert "Somebody else's marks" not in page
    missing = client.post(address, {"demand": "3"}).content.decode()
    assert "Choose the sentence that fits best." in missing
    client.post(address, {**marks(4), "remark": "Sebut pembelinya."})
    second.refresh_from_db()
    assert second.marks == marks(4)
    assert "Somebody else's marks" in client.get(address).content.decode()
    own = client_of(first.appraiser).get(reverse("applicants:appraise", args=[applied.code, second.pk]))
    assert own.status_code == 404  # somebody else's


def test_the_list_of_ideas_to_mark_names_nobody(
    applied: Programme,
    people: list[User],
    ani: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    client = client_of(people[0])
    with django_assert_max_num_queries(12):
        page = client.get(reverse("applicants:own_appraisals", args=[applied.code])).content.decode()
    assert "Still to mark: 8" in page
    assert "Orang Contoh" not in page


def test_the_manager_hands_out_and_sees_scores_that_open(
    applied: Programme,
    people: list[User],
    ani: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    client, address = client_of(ani), reverse("applicants:viability", args=[applied.code])
    alone = client.post(address, {"appraisers": [people[0].pk]}).content.decode()
    assert "Choose two people or more" in alone
    client.post(address, {"appraisers": [one.pk for one in people]})
    for appraisal in applied.appraisals.select_related("appraiser"):
        give(appraisal, marks(3, demand=appraisal.turn))
    with django_assert_max_num_queries(12):
        page = client.get(address).content.decode()
    assert "How far the two agree" in page
    idea = applied.applicants.order_by("code")[0]
    opened = client.get(reverse("applicants:idea", args=[applied.code, idea.code])).content.decode()
    assert "Viability: " in opened
    assert rules.DESCRIPTORS[Criterion.PLACE][2] in opened


def test_the_applicant_reads_the_score_in_words_apart_from_need(
    applied: Programme, people: list[User], ani: User, client: Client
) -> None:
    idea = applied.applicants.select_related("person").order_by("code")[0]
    address = reverse("reports:own_application", args=[applied.code])
    client.cookies["django_language"] = "en"
    from kawasan.applicants.codes import receipt_code

    number = receipt_code(applied.code, idea.code)
    client.post(address, {"number": number, "birth_date": idea.person.birth_date.isoformat()})
    assert "How viable" not in client.get(address).content.decode()  # nobody was asked
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    assert "They are not done yet." in client.get(address).content.decode()
    for appraisal in idea.appraisals.select_related("appraiser"):
        give_marks(appraisal=appraisal, marks=marks(3), remark="Sebut pembelinya.", by=appraisal.appraiser, on=DAY)
    page = client.get(address).content.decode()
    assert rules.DESCRIPTORS[Criterion.DEMAND][2] in page
    assert "Sebut pembelinya." in page
    assert "It changes neither whether you may take part nor your chance in the draw." in page
    assert people[0].name not in page


def test_another_programme_s_ideas_are_not_found(
    applied: Programme, other_programme: Programme, people: list[User], ani: User, fajar: User, client_of: Callable
) -> None:
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    appraisal = applied.appraisals.first()
    assert appraisal
    idea = reverse("applicants:idea", args=[other_programme.code, appraisal.applicant.code])
    assert client_of(fajar).get(idea).status_code == 404
    assert client_of(ani).get(idea).status_code == 404
    mine = reverse("applicants:appraise", args=[other_programme.code, appraisal.pk])
    assert client_of(appraisal.appraiser).get(mine).status_code == 404


def test_whoever_says_that_they_are_close_gives_the_idea_back(
    applied: Programme, people: list[User], ani: User
) -> None:
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    appraisal = applied.appraisals.select_related("appraiser", "applicant")[0]
    declare_closeness(applicant=appraisal.applicant, relation="sepupu", by=appraisal.appraiser, on=DAY)
    assert not applied.appraisals.filter(pk=appraisal.pk).exists()
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    now = applied.appraisals.filter(applicant=appraisal.applicant).values_list("appraiser", flat=True)
    assert len(now) == 2
    assert appraisal.appraiser_id not in now
    assert [str(fault) for fault in verify_log() if "changed" in str(fault) or "deleted" in str(fault)] == []


def test_whoever_verifies_an_application_does_not_mark_its_idea(
    applied: Programme, people: list[User], ani: User
) -> None:
    budi, _gita, _joko = people
    hers = applied.applicants.order_by("code")[0]
    Verification.objects.create(
        programme=applied, applicant=hers, stage="administrative", verifier=budi, assigned_by=ani, assigned_on=DAY
    )
    assign(programme=applied, appraisers=people, by=ani, on=DAY)
    assert budi.pk not in hers.appraisals.values_list("appraiser", flat=True)
