"""Who would pass by other rules: counted against the rules as they are, and nothing stored."""

import datetime
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from kawasan.applicants import services
from kawasan.applicants.models import Applicant
from kawasan.applicants.services.what_if import Passing, try_rules
from kawasan.applicants.tests import factories
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

DAY = datetime.date(2022, 8, 10)


def born(age: int) -> datetime.date:
    return DAY.replace(year=DAY.year - age)


def made(programme: Programme, number: int, age: int, **answers: str) -> Applicant:
    person = factories.person(programme, number, birth_date=born(age), sex="female" if number % 2 else "male")
    return factories.applicant(programme, number, of=person, applied_on=DAY, **answers)


def names(changing: list[tuple[Applicant, list[object]]]) -> list[str]:
    return [applicant.code for applicant, _reasons in changing]


def test_who_comes_in_and_who_drops_out_at_the_very_age(programme: Programme) -> None:
    """The rule set of the tests takes people from 17 to 55 years."""
    for number, age in enumerate((16, 17, 18, 55, 56), start=1):
        made(programme, number, age)
    tried = try_rules(programme=programme, changed={"least_age": 18, "most_age": 56})
    assert (tried.people, tried.everybody) == (5, Passing(now=3, then=3))
    assert names(tried.lost) == ["A002"]
    assert names(tried.gained) == ["A005"]
    assert {str(p) for p in tried.groups["sex"].values()} == {str(Passing(1, 2)), str(Passing(2, 1))}


def test_students_come_in_by_a_rule_that_lets_them_and_nothing_is_stored(programme: Programme) -> None:
    student = made(programme, 1, 20, activity_now="student")
    services.assess(programme=programme, by=None, on=DAY)
    entries = LogEntry.objects.count()
    tried = try_rules(programme=programme, changed={"may_be_student": True})
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
    tried = try_rules(programme=programme, changed={"least_age": 10})
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
        page = client.get(address, {"least_age": "15", "most_age": "35", "must_live_in_area": "on"}).content.decode()
    assert "Would come in, with what stands against them now" in page
    assert "16 years old on the day of applying" in page
    assert "40 years old on the day of applying; the most is 35." in page
    wrong = client.get(address, {"least_age": "40", "most_age": "17"}).content.decode()
    assert "Write an age that is not below the least." in wrong
