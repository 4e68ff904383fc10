import datetime

import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring import services
from kawasan.mentoring.models import ActionStep, ExpertRequest, Recommendation
from kawasan.mentoring.tests.factories import TODAY, visit

pytestmark = pytest.mark.django_db
GIVEN = {
    "step": {"goal": "Siap jual", "step": "Membuat label", "who": "Peserta", "due_on": "2022-12-20"},
    "recommendation": {"kind": "warning", "finding": "Kas kosong", "advice": "Catat harian", "priority": "high"},
    "expert": {"skill": "design", "question": "Bagaimana membuat label?"},
}
MODELS = {"step": ActionStep, "recommendation": Recommendation, "expert": ExpertRequest}


@pytest.fixture
def own(programme, citra):
    group(programme, "G02", people=1, first=9, mentor=mentor(programme, "M2"))
    return group(programme, "G01", people=1, mentor=mentor(programme, "M1", user=citra))


@pytest.mark.parametrize("kind", list(GIVEN))
def test_a_mentor_agrees_something_and_says_what_came_of_it(own, programme, citra, client_of, kind):
    client, code = client_of(citra), own.members.get().applicant.code
    assert client.post(reverse("mentoring:agree", args=[programme.code, code, kind]), GIVEN[kind]).status_code == 302
    row = MODELS[kind].objects.get()
    finish = reverse("mentoring:finish", args=[programme.code, code, kind, row.pk])
    assert client.post(finish, {"outcome": "Label sudah dicetak"}).status_code == 302
    text = client.get(reverse("mentoring:person", args=[programme.code, code])).content.decode()
    assert "Label sudah dicetak" in text
    assert LogEntry.objects.first().verb == "mentoring.follow_up_finished"


def test_nothing_of_another_group_is_seen_or_agreed(own, programme, citra, client_of):
    code = programme.groups.get(code="G02").members.get().applicant.code
    client = client_of(citra)
    assert client.get(reverse("mentoring:person", args=[programme.code, code])).status_code == 404
    assert (
        client.post(reverse("mentoring:agree", args=[programme.code, code, "step"]), GIVEN["step"]).status_code == 404
    )
    own_code = own.members.get().applicant.code
    assert client.get(reverse("mentoring:agree", args=[programme.code, own_code, "wish"])).status_code == 404


def test_the_days_until_an_answer_are_counted_and_it_is_given_once(own, programme, citra):
    who = own.members.get().applicant
    asked = ExpertRequest(programme=programme, applicant=who, made_on=TODAY, skill="design", question="Label?")
    services.agree(row=asked, by=citra)
    with pytest.raises(Refused, match="before it was agreed"):
        services.finish(row=asked, outcome="a", by=citra, on=TODAY - datetime.timedelta(days=1))
    assert services.finish(row=asked, outcome="a", by=citra, on=TODAY + datetime.timedelta(days=6)).days == 6
    with pytest.raises(Refused, match="done already"):
        services.finish(row=asked, outcome="b", by=citra, on=TODAY)


def test_a_participant_sees_the_own_plan(own, programme, dewi, citra, client_of):
    who = own.members.get().applicant
    who.person.user = dewi
    who.person.save()
    given = GIVEN["step"] | {"due_on": datetime.date(2022, 12, 20)}
    services.agree(row=ActionStep(programme=programme, applicant=who, made_on=TODAY, **given), by=citra)
    text = client_of(dewi).get(reverse("mentoring:own_plan", args=[programme.code])).content.decode()
    assert "Membuat label" in text


def test_somebody_in_no_group_is_told_that_there_is_nothing_yet(own, programme, dewi, client_of):
    text = client_of(dewi).get(reverse("mentoring:own_plan", args=[programme.code])).content.decode()
    assert "Nothing yet." in text


def test_a_participant_turns_to_every_visit_there_was(own, programme, dewi, client_of):
    person = own.members.get().applicant.person
    person.user = dewi
    person.save()
    for number in range(1, 13):
        visit(
            own, f"V{number:03}", visited_on=TODAY - datetime.timedelta(days=number), summary=f"Kunjungan ke-{number}."
        )
    client, address = client_of(dewi), reverse("mentoring:own_plan", args=[programme.code])
    first, second = (client.get(address, {"page": page}).content.decode() for page in (1, 2))
    assert "page=2" in first
    assert "Kunjungan ke-12." not in first
    assert "Kunjungan ke-12." in second
