"""Whom a mentor should see today."""

import datetime

import pytest
from django.urls import reverse

from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring import services as mentoring
from kawasan.mentoring.models import VisitRequest
from kawasan.mentoring.tests.factories import TODAY, visit
from kawasan.reports import mentor_day
from kawasan.reports.mentor_day import of_mentor
from kawasan.training.models import Attendance
from kawasan.training.tests.factories import moment, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(programme, citra):
    """A group of Citra's that was seen three days ago, and one of somebody else that never was."""
    group(programme, "G02", people=1, first=9, mentor=mentor(programme, "M2"))
    found = group(programme, "G01", people=2, mentor=mentor(programme, "M1", user=citra))
    visit(found)
    return found


def said(programme, user):
    return [
        (str(stop.member and stop.member.applicant.code), *map(str, stop.reasons))
        for stop in of_mentor(programme, user, TODAY).stops
    ]


def test_nobody_is_due_whose_group_was_seen_lately_and_nobody_of_others(own, programme, citra):
    assert said(programme, citra) == []


def test_each_reason_is_said_with_whom_to_call(own, programme, citra):
    first, second = (member.applicant for member in own.members.order_by("pk"))
    visit(own, "V002", applicant=first, next_visit_on=TODAY)
    missed = session(own, starts_at=moment(TODAY - datetime.timedelta(days=2)))
    for who in (first, second):
        Attendance.objects.create(
            programme=programme, session=missed, applicant=who, status="absent", source="synthetic"
        )
    visit(own, "V003", applicant=second, visited_on=TODAY - datetime.timedelta(days=1))
    stops = of_mentor(programme, citra, TODAY).stops
    assert [stop.member.applicant for stop in stops] == [first]
    agreed, absent = map(str, stops[0].reasons)
    assert agreed.startswith("A visit was agreed for")
    assert absent.startswith(f"Missed “{missed.module}” on")
    assert stops[0].chat == first.person.phone.lstrip("+")


def test_a_group_that_is_due_comes_with_a_contact(own, programme, citra):
    own.visits.update(visited_on=TODAY - datetime.timedelta(days=20))
    day = of_mentor(programme, citra, TODAY)
    assert [str(reason) for reason in day.stops[0].reasons] == ["Last visit 20 days ago"]
    assert day.stops[0].contact in [member.applicant for member in own.members.all()]


def test_entries_that_came_back_wait_for_the_mentor(own, programme, citra, client_of):
    visit(own, "V002", state="returned", reviewer_note="Siapa yang hadir?")
    text = client_of(citra).get(reverse("reports:mentor_day", args=[programme.code])).content.decode()
    assert "Siapa yang hadir?" in text


def test_a_mentor_without_a_link_is_told_what_to_do(programme, citra, client_of):
    text = client_of(citra).get(reverse("reports:mentor_day", args=[programme.code])).content.decode()
    assert "The office links your account" in text


def test_the_day_asks_as_often_with_ten_times_the_people(
    own, programme, citra, client_of, django_assert_max_num_queries
):
    for number in range(3, 13):
        found = group(programme, f"G{number + 10}", people=1, first=10 * number, mentor=own.mentor)
        visit(found, f"V1{number:02}", applicant=found.members.get().applicant, next_visit_on=TODAY)
    client = client_of(citra)
    with django_assert_max_num_queries(12):
        client.get(reverse("reports:mentor_day", args=[programme.code]))


def test_who_asked_for_a_visit_comes_first_with_the_words_and_the_kept_page_leaves_them_out(
    own, programme, citra, client_of
):
    first, second = (member.applicant for member in own.members.order_by("pk"))
    for who, days in ((first, 2), (second, 5)):
        day = TODAY - datetime.timedelta(days=days)
        row = VisitRequest(programme=programme, applicant=who, asked_on=day, wanted=f"Perlu {who.code}")
        mentoring.ask_visit(request=row, by=None)
    own.visits.update(visited_on=TODAY - datetime.timedelta(days=20))
    stops = mentor_day._stops(own.mentor, TODAY)
    assert [stop.member and stop.member.applicant for stop in stops] == [second, first, None]
    assert str(stops[0].reasons[0]).startswith("Asked for a visit on")
    address = reverse("reports:mentor_day", args=[programme.code])
    shown, kept = (client_of(citra).get(address, query).content.decode() for query in ({}, {"kept": "1"}))
    assert f"Perlu {first.code}" in shown
    assert first.person.phone in shown
    assert f"Perlu {first.code}" not in kept
    assert first.person.phone not in kept
    assert reverse("mentoring:log_visit", args=[programme.code, own.code]) in kept
