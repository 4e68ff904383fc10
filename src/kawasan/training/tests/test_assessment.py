"""Points before and after a module with the gain, and what participants think without their names."""

import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching.tests.factories import group, mentor
from kawasan.training import queries, rules, services
from kawasan.training.models import Attendance, Feedback, FeedbackGiven, Score
from kawasan.training.rules import LEAST_ANSWERS, Gain
from kawasan.training.tests.factories import MONDAY, session

pytestmark = pytest.mark.django_db
ANSWERS = {"content": 4, "trainer": 5, "place": 3, "comment": ""}


@pytest.fixture
def held(programme, citra):
    """A session that six of six members attended; its trainer signs in as Citra."""
    made = session(group(programme, people=6, mentor=mentor(programme, user=citra)))
    for member in made.group.members.all():
        columns = {"programme": programme, "session": made, "applicant": member.applicant, "source": "synthetic"}
        Attendance.objects.create(status="present", **columns)
    return made


def _people(held):
    return [member.applicant for member in held.group.members.order_by("pk")]


def _record(held, points, by):
    return services.record_scores(module=held.module, group=held.group, points=points, by=by, on=MONDAY)


def test_the_gain_is_over_those_who_were_assessed_both_times():
    scores = [{"before": 40, "after": 70}, {"before": 60, "after": 50}, {"before": 10}, {"after": 90}]
    assert rules.gain(scores) == Gain(3, 3, 2, 50, 60, 1)
    assert rules.gain(scores).mean == 10
    assert rules.gain([{"before": 10}]).mean is None


def test_points_are_stored_and_only_what_changed_is_logged(held, ani):
    first, second, *_others = (one.pk for one in _people(held))
    _record(held, {(first, "before"): 40, (first, "after"): 70, (second, "before"): 55}, ani)
    assert _record(held, {(first, "before"): 40, (first, "after"): 75}, ani)[0].points == 75
    assert Score.objects.count() == 3
    assert [entry.rows.count() for entry in LogEntry.objects.filter(verb="training.scored").order_by("pk")] == [4, 2]
    assert _record(held, {(first, "after"): 75}, ani) == []


def test_nobody_outside_the_group_gets_points(held, programme, ani):
    other = group(programme, "G02", people=1, first=20)
    assert _record(held, {(other.members.get().applicant_id, "after"): 70}, ani) == []


def test_a_mentor_enters_points_of_the_own_group_only(client_of, citra, held, programme):
    other = group(programme, "G02", people=1, first=20)
    client, address = client_of(citra), reverse("training:scores", args=[programme.code, held.module.code])
    person = _people(held)[0]
    page = client.post(address, {f"before_{person.pk}": "101"}).content.decode()
    assert "100" in page
    assert not Score.objects.exists()
    page = client.post(address, {f"before_{person.pk}": "35", f"after_{person.pk}": "80"}, follow=True).content.decode()
    assert "45 points gained on average" in page
    assert str(other) not in page
    assert "1 of 1" in client.get(reverse("training:assessments", args=[programme.code])).content.decode()


def test_an_answer_leads_to_nobody(held, dewi):
    person = _people(held)[0]
    services.give_feedback(module=held.module, applicant=person, by=dewi, **ANSWERS | {"comment": "Lebih lama"})
    names = {field.name for field in Feedback._meta.get_fields()}
    assert not names & {"applicant", "given_on", "by", "session", "created_at"}
    entry = LogEntry.objects.get(verb="training.feedback_given")
    assert "Lebih lama" not in str(entry.data)
    assert str(Feedback.objects.get().pk) not in str(list(entry.rows.values()))


def test_somebody_answers_once_and_only_about_what_they_attended(held, dewi):
    person = _people(held)[0]
    services.give_feedback(module=held.module, applicant=person, by=dewi, **ANSWERS)
    with pytest.raises(Refused, match="already"):
        services.give_feedback(module=held.module, applicant=person, by=dewi, **ANSWERS)
    away = _people(held)[1]
    Attendance.objects.filter(applicant=away).update(status="absent")
    with pytest.raises(Refused, match="Only who attended"):
        services.give_feedback(module=held.module, applicant=away, by=dewi, **ANSWERS)
    assert (Feedback.objects.count(), FeedbackGiven.objects.count()) == (1, 1)


def test_few_answers_are_not_shown(client_of, ani, held, programme, dewi):
    address = reverse("training:assessments", args=[programme.code])
    for number, person in enumerate(_people(held)[:LEAST_ANSWERS], 1):
        page = client_of(ani).get(address).content.decode()
        assert "Lebih lama" not in page
        comment = "Lebih lama" if number == 1 else ""
        services.give_feedback(module=held.module, applicant=person, by=dewi, **ANSWERS | {"comment": comment})
    page = client_of(ani).get(address).content.decode()
    assert "Lebih lama" in page
    assert queries.opinions_of([held.module])[held.module.pk].trainer == 5


def test_a_participant_answers_on_the_own_page(client_of, dewi, held, programme):
    person = _people(held)[0].person
    person.user = dewi
    person.save()
    client = client_of(dewi)
    assert held.module.name_en in client.get(reverse("training:own_feedback", args=[programme.code])).content.decode()
    address = reverse("training:feedback", args=[programme.code, held.module.code])
    page = client.post(address, {"content": "4", "trainer": "9", "place": "3"}).content.decode()
    assert "Select a valid choice" in page or "less than or equal" in page
    page = client.post(address, ANSWERS, follow=True).content.decode()
    assert "Nobody can see that it was you" in page
    assert "Nothing to answer now" in page
    again = client.get(address).content.decode()  # said already: the reason instead of a form
    assert 'name="comment"' not in again
    assert "already" in again
