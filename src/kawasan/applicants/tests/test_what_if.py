"""Who would pass by other rules: counted against the rules as they are, and nothing stored."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.applicants import services
from kawasan.applicants.models import Applicant, Rule
from kawasan.applicants.services.what_if import Passing, try_rules
from kawasan.applicants.tests import factories
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

DAY = datetime.date(2022, 8, 10)


def born(age: int) -> datetime.date:
    return DAY.replace(year=DAY.year - age)


def made(programme: Programme, number: int, age: int, **answers: object) -> Applicant:
    person = factories.person(programme, number, birth_date=born(age), sex="female" if number % 2 else "male")
    return factories.applicant(programme, number, of=person, applied_on=DAY, **answers)


def changed(programme: Programme, **limits: int) -> list[Rule]:
    """The rules of the programme with other ages, for example ``age_at_least=18``; none leaves the rule out."""
    rows = list(programme.rule_sets.get().rules.all())
    for row in rows:
        row.value = str(limits.get(f"{row.field}_{row.comparison}", row.value))
    return [row for row in rows if row.value != "None"]


def sent(programme: Programme, *more: tuple[str, str, str], **limits: int) -> dict[str, object]:
    """The page's form, filled in."""
    rows = [(row.field, row.comparison, row.value) for row in changed(programme, **limits)]
    rows += more
    found: dict[str, object] = {"rule-TOTAL_FORMS": len(rows), "rule-INITIAL_FORMS": 0}
    for number, (field, comparison, value) in enumerate(rows):
        typed = value.split() if field in ("place", "activity_now") else value
        found |= {f"rule-{number}-{name}": said for name, said in (("field", field), ("comparison", comparison))}
        found |= {f"rule-{number}-value": typed, f"rule-{number}-order": number + 1}
    return found


def names(changing: list[tuple[Applicant, list[object]]]) -> list[str]:
    return [applicant.code for applicant, _reasons in changing]


def test_who_comes_in_and_who_drops_out_at_the_very_age(programme: Programme) -> None:
    """The rule set of the tests takes people from 17 to 55 years."""
    for number, age in enumerate((16, 17, 18, 55, 56), start=1):
        made(programme, number, age)
    tried = try_rules(programme=programme, rows=changed(programme, age_at_least=18, age_at_most=56))
    assert (tried.people, tried.everybody) == (5, Passing(now=3, then=3))
    assert names(tried.lost) == ["A002"]
    assert names(tried.gained) == ["A005"]
    assert {str(p) for p in tried.groups["sex"].values()} == {str(Passing(1, 2)), str(Passing(2, 1))}


def test_students_come_in_by_a_rule_that_lets_them_and_nothing_is_stored(programme: Programme) -> None:
    student = made(programme, 1, 20, activity_now="student")
    services.assess(programme=programme, by=None, on=DAY)
    entries = LogEntry.objects.count()
    rows = [row for row in changed(programme) if row.value != "student"]
    tried = try_rules(programme=programme, rows=rows)
    assert (names(tried.gained), tried.gained_count, tried.lost_count) == (["A001"], 1, 0)
    student.refresh_from_db()
    assert student.status == "refused"
    assert LogEntry.objects.count() == entries


def test_whoever_applied_before_or_withdrew_does_not_come_in(programme: Programme) -> None:
    first = made(programme, 1, 20)
    factories.applicant(programme, 2, of=first.person, applied_on=DAY, field=programme.fields.last())
    gone = made(programme, 3, 16)
    services.assess(programme=programme, by=None, on=DAY)
    services.mark_withdrawn(applicant=gone, reason="moved away", by=None, on=DAY)
    tried = try_rules(programme=programme, rows=changed(programme, age_at_least=10))
    assert (tried.people, tried.everybody) == (2, Passing(now=1, then=1))
    assert tried.gained == tried.lost == []


def test_the_page_says_how_many_and_keeps_to_few_queries(
    programme: Programme, ani: User, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable
) -> None:
    for number, age in enumerate((16, 30, 40), start=1):
        made(programme, number, age)
    address = reverse("applicants:what_if", args=[programme.code])
    client = client_of(ani)
    assert "Would pass" not in client.get(address).content.decode()
    with django_assert_max_num_queries(12):
        page = client.get(address, sent(programme, age_at_least=15, age_at_most=35)).content.decode()
    assert "Would come in, with what stands against them now" in page
    assert "16 years old on the day of applying" in page
    assert "40 years old on the day of applying; the most is 35 years." in page
    wrong = client.get(address, sent(programme, age_at_least=40, age_at_most=17)).content.decode()
    assert "Age on the day of applying: the least, 40, is above the most, 17. Correct one of them." in wrong


def test_whoever_would_pass_at_the_very_limit_is_counted_by_rule(programme: Programme) -> None:
    for number, age in enumerate((17, 17, 18, 55), start=1):
        made(programme, number, age)
    tried = try_rules(programme=programme, rows=changed(programme))
    found = [(str(said), count) for said, count, _people in tried.at_limit.values()]
    assert [count for _said, count in found] == [2, 1]


def test_a_rule_is_left_out_and_another_one_added(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    made(programme, 1, 16)
    made(programme, 2, 30, months_without_work=5)
    address, client = reverse("applicants:what_if", args=[programme.code]), client_of(ani)
    without = sent(programme) | {"rule-0-is_off": "on"}
    assert client.get(address, without).context["tried"].everybody == Passing(now=1, then=2)
    with_one_more = sent(programme, ("months_without_work", "at_least", "6"))
    assert client.get(address, with_one_more).context["tried"].everybody == Passing(now=1, then=0)


def test_a_further_rule_is_asked_for_and_nothing_is_tried_before_it_is_filled_in(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("applicants:what_if", args=[programme.code])
    answer = client_of(ani).get(address, sent(programme, age_at_most=40) | {"add": "education"})
    assert answer.context["tried"] is None
    rows = answer.context["rows"]
    assert [row["field"].value() for row in rows][-1] == "education"
    assert rows.forms[1]["value"].value() == "40"


@pytest.mark.parametrize("broken", [{"rule-0-field": "shoe_size"}, {"rule-TOTAL_FORMS": "many"}, {"rule-0-value": "x"}])
def test_an_address_that_somebody_wrote_by_hand_is_answered_with_a_sentence(
    programme: Programme, ani: User, client_of: Callable[[User], Client], broken: dict[str, str]
) -> None:
    address = reverse("applicants:what_if", args=[programme.code])
    answer = client_of(ani).get(address, sent(programme) | broken)
    assert (answer.status_code, answer.context["tried"]) == (200, None)
    assert "alert-danger" in answer.content.decode()
