import datetime

import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring import services
from kawasan.mentoring.models import ProblemCase
from kawasan.mentoring.tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(programme, citra):
    group(programme, "G02", people=1, first=9, mentor=mentor(programme, "M2"))
    return group(programme, "G01", people=2, mentor=mentor(programme, "M1", user=citra))


def given(of, **changes):
    who = of.members.first().applicant_id
    return {"applicant": who, "kind": "unsafe", "seen_on": "2022-12-01", "what": "Jalan rawan"} | changes


def test_a_mentor_notes_and_settles_a_problem_of_the_own_people(own, programme, citra, client_of):
    client, address = client_of(citra), reverse("mentoring:note_problem", args=[programme.code])
    assert client.post(address, given(own)).status_code == 302
    case = ProblemCase.objects.get()
    assert "Not safe to visit" in client.get(reverse("mentoring:problems", args=[programme.code])).content.decode()
    settle = reverse("mentoring:settle_problem", args=[programme.code, case.pk])
    assert client.post(settle, {"outcome": "Bertemu di kelurahan"}).status_code == 302
    case.refresh_from_db()
    assert (case.settled_on, case.outcome) == (TODAY, "Bertemu di kelurahan")
    assert LogEntry.objects.first().verb == "mentoring.problem_settled"


def test_nobody_of_another_group_is_offered_or_seen(own, programme, citra, ani, client_of):
    other = programme.groups.get(code="G02")
    address = reverse("mentoring:note_problem", args=[programme.code])
    assert client_of(citra).post(address, given(other)).status_code == 200
    assert client_of(ani).post(address, given(other)).status_code == 302
    settle = reverse("mentoring:settle_problem", args=[programme.code, ProblemCase.objects.get().pk])
    assert client_of(citra).get(settle).status_code == 404


@pytest.mark.parametrize("changes", [{"seen_on": "2022-12-02"}, {"what": ""}, {"kind": "lazy"}])
def test_what_cannot_be_is_said_on_the_form(own, programme, citra, client_of, changes):
    address = reverse("mentoring:note_problem", args=[programme.code])
    assert client_of(citra).post(address, given(own, **changes)).status_code == 200
    assert not ProblemCase.objects.exists()


def test_a_problem_that_is_open_already_is_refused_where_it_was_typed(own, programme, citra, client_of):
    client, address = client_of(citra), reverse("mentoring:note_problem", args=[programme.code])
    client.post(address, given(own))
    again = client.post(address, given(own, what="Masih rawan"))
    assert again.status_code == 422
    assert "This problem of the participant is open already" in again.content.decode()
    assert "Masih rawan" in again.content.decode()
    assert ProblemCase.objects.count() == 1


def test_a_problem_is_settled_once_and_not_before_it_was_seen(own, programme, citra):
    who = own.members.first().applicant
    case = ProblemCase(programme=programme, applicant=who, kind="refuses", seen_on=TODAY, what="Tidak mau")
    services.note_problem(case=case, by=citra)
    with pytest.raises(Refused, match="before it was seen"):
        services.settle_problem(case=case, outcome="a", by=citra, on=TODAY - datetime.timedelta(days=1))
    services.settle_problem(case=case, outcome="a", by=citra, on=TODAY)
    with pytest.raises(Refused, match="settled already"):
        services.settle_problem(case=case, outcome="b", by=citra, on=TODAY)
