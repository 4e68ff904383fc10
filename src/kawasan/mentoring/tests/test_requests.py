"""Participants ask for a visit: it is answered by a visit or in words, or taken back."""

import datetime

import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring import services
from kawasan.mentoring.models import Visit, VisitRequest
from kawasan.mentoring.rules import RequestState, Verdict
from kawasan.mentoring.tests.factories import TODAY

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - datetime.timedelta(days=1)


@pytest.fixture
def own(programme, citra, dewi):
    """A group of Citra's with two members, of whom the first signs in as Dewi."""
    found = group(programme, "G01", people=2, mentor=mentor(programme, "M1", user=citra))
    person = found.members.order_by("pk")[0].applicant.person
    person.user = dewi
    person.save()
    return found


def url(name, own, *args):
    return reverse(f"mentoring:{name}", args=[own.programme.code, *args])


def asked(own, number=0, day=YESTERDAY, wanted="Oven tidak panas"):
    who = own.members.order_by("pk")[number].applicant
    row = VisitRequest(programme=own.programme, applicant=who, asked_on=day, wanted=wanted)
    return services.ask_visit(request=row, by=None)


def visited(own, people=(), **columns):
    hour = 8 + Visit.objects.count()  # one after the other
    hours = {"starts_at": datetime.time(hour), "ends_at": datetime.time(hour + 1)}
    given = {"visited_on": TODAY, "method": "in_person"} | hours
    words = {"material": "Kas", "summary": "Buku kas diperiksa.", "no_expense_reason": "Tidak ada biaya"}
    row = Visit(programme=own.programme, group=own, **given | words | columns)
    return services.log_visit(visit=row, added=services.Added(list(people)), by=None, on=TODAY)


def test_a_participant_asks_once_sees_it_and_takes_it_back(own, dewi, client_of):
    client = client_of(dewi)
    assert client.post(url("ask_visit", own), {"wanted": "Oven tidak panas"}).status_code == 302
    text = client.get(url("own_plan", own)).content.decode()
    assert "Oven tidak panas" in text
    assert url("ask_visit", own) not in text
    again = client.post(url("ask_visit", own), {"wanted": "Yang lain"})
    assert "You have asked already." in again.content.decode()
    made = VisitRequest.objects.get()
    assert client.post(url("take_back_request", own, made.code)).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.closed_on) == (RequestState.TAKEN_BACK, TODAY)
    assert url("ask_visit", own) in client.get(url("own_plan", own)).content.decode()
    assert [fault for fault in verify_log() if "visitrequest" in str(fault).lower()] == []


def test_nobody_takes_back_or_answers_what_is_not_theirs(own, programme, dewi, citra, client_of):
    other = asked(own, number=1)
    assert client_of(dewi).post(url("take_back_request", own, other.code)).status_code == 404
    elsewhere = group(programme, "G02", people=1, first=9, mentor=mentor(programme, "M2"))
    assert client_of(citra).get(url("answer_request", own, asked(elsewhere).code)).status_code == 404


def test_an_answer_in_words_closes_it_and_the_participant_reads_it(own, dewi, citra, client_of):
    made = asked(own)
    address = url("answer_request", own, made.code)
    assert client_of(citra).post(address, {"answer": "Bersihkan dahulu."}).status_code == 302
    text = client_of(dewi).get(url("own_plan", own)).content.decode()
    assert "Bersihkan dahulu." in text
    assert LogEntry.objects.first().verb == "mentoring.request_answered"
    with pytest.raises(Refused, match="waits no longer"):
        services.answer_request(request=made, answer="Lagi", by=citra, on=TODAY)


def test_a_visit_to_the_participant_or_to_the_whole_group_meets_it(own):
    first, second = asked(own), asked(own, number=1)
    visit = visited(own, [first.applicant])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.visit, first.closed_on) == (RequestState.VISITED, visit, TODAY)
    assert second.state == RequestState.OPEN
    visited(own)
    second.refresh_from_db()
    assert second.state == RequestState.VISITED


def test_a_draft_or_an_earlier_visit_meets_nothing(own):
    made = asked(own, day=TODAY)
    visited(own, visited_on=YESTERDAY)
    row = Visit(
        programme=own.programme, group=own, visited_on=TODAY, starts_at=datetime.time(9), ends_at=datetime.time(10)
    )
    services.log_visit(visit=row, is_draft=True, by=None, on=TODAY)
    made.refresh_from_db()
    assert made.state == RequestState.OPEN


def test_it_waits_again_when_the_visit_is_rejected_or_was_to_somebody_else(own, ani):
    made = asked(own)
    visit = visited(own, [made.applicant])
    rejected = {"read": {visit.pk: visit.version}, "verdict": Verdict.REJECT, "note": "Tidak ada"}
    services.review(programme=own.programme, by=ani, on=TODAY, **rejected)
    made.refresh_from_db()
    assert (made.state, made.visit, made.closed_on) == (RequestState.OPEN, None, None)
    visit = visited(own, [made.applicant])
    other = own.members.order_by("pk")[1].applicant
    services.correct_visit(visit=visit, added=services.Added([other]), why="Salah nama", by=None, on=TODAY)
    made.refresh_from_db()
    assert made.state == RequestState.OPEN


def test_the_supervisor_sees_who_waits_and_how_long(own, ani, client_of):
    asked(own, day=TODAY - datetime.timedelta(days=9))
    text = client_of(ani).get(url("mentors", own)).content.decode()
    assert "Oven tidak panas" in text
    assert "9 days" in text


def test_somebody_in_no_group_is_told_why_nobody_could_come(programme, dewi, client_of):
    page = client_of(dewi).get(reverse("mentoring:ask_visit", args=[programme.code]))
    assert "You are in no group yet" in page.content.decode()


@pytest.mark.parametrize("is_approved", [False, True])
def test_correcting_an_older_entry_meets_nothing_that_was_asked_since(own, ani, is_approved):
    before = asked(own)
    visit = visited(own, [before.applicant])
    if is_approved:
        read = {visit.pk: visit.version}
        services.review(programme=own.programme, by=ani, on=TODAY, read=read, verdict=Verdict.APPROVE, note="")
    since = asked(own, day=TODAY, wanted="Mesin jahit rusak")
    visit.refresh_from_db()
    visit.summary = "Buku kas diperiksa, dua kali."
    services.correct_visit(visit=visit, why="Kurang lengkap", by=None, on=TODAY)
    since.refresh_from_db()
    before.refresh_from_db()
    assert (since.state, before.state) == (RequestState.OPEN, RequestState.VISITED)


def test_a_correction_that_names_who_was_there_meets_what_they_had_asked(own):
    made = asked(own)
    visit = visited(own, [own.members.order_by("pk")[1].applicant])
    services.correct_visit(visit=visit, added=services.Added([made.applicant]), why="Salah nama", by=None, on=TODAY)
    made.refresh_from_db()
    assert made.state == RequestState.VISITED
