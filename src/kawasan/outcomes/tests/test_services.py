import datetime

import pytest
from django.core.exceptions import ValidationError

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.enterprises.tests.factories import participant
from kawasan.outcomes import queries, services
from kawasan.outcomes.models import Measurement
from kawasan.outcomes.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(programme):
    return participant(programme)


@pytest.fixture
def first_round(programme):
    return factories.round_(programme)


def test_seven_rounds_are_planned_from_the_first_day(programme, ani):
    services.plan_rounds(programme=programme, starts_on=datetime.date(2022, 8, 31), by=ani)
    due = dict(programme.rounds.values_list("code", "due_on"))
    assert list(due) == ["B0", "M1", "M2", "M3", "M6", "M12", "M24"]
    assert (due["B0"], due["M6"]) == (datetime.date(2022, 8, 31), datetime.date(2023, 2, 28))
    assert LogEntry.objects.get(verb="outcomes.rounds_planned").rows.count() == 8


def test_rounds_are_planned_once(programme, ani, first_round):
    with pytest.raises(Refused, match="already planned"):
        services.plan_rounds(programme=programme, starts_on=datetime.date(2022, 9, 1), by=ani)


def test_a_measurement_is_stored_and_logged(person, first_round, ani):
    made = services.record_measurement(round=first_round, applicant=person, by=ani, **factories.answers())
    made.refresh_from_db()
    assert (made.turnover_idr, made.profit_idr, made.programme) == (2_000_000, 600_000, person.programme)
    assert LogEntry.objects.get(verb="outcomes.measured").data["is_correction"] is False


def test_what_is_not_known_stays_unknown(person, first_round, ani):
    unknown = factories.answers(turnover_idr=None, profit_idr=None, workers=None, hours_per_week=None)
    made = services.record_measurement(round=first_round, applicant=person, by=ani, **unknown)
    made.refresh_from_db()
    assert (made.turnover_idr, made.profit_idr, made.workers) == (None, None, None)


def test_a_second_measurement_corrects_the_first(person, first_round, ani):
    for turnover in (2_000_000, 2_500_000):
        answers = factories.answers(turnover_idr=turnover)
        services.record_measurement(round=first_round, applicant=person, by=ani, **answers)
    assert [row.turnover_idr for row in Measurement.objects.all()] == [2_500_000]


def test_a_frozen_round_takes_no_measurement(person, first_round, ani):
    factories.measurement(first_round, person)
    services.freeze_round(round=first_round, by=ani)
    with pytest.raises(Refused, match="frozen"):
        services.record_measurement(
            round=first_round, applicant=person, by=ani, **factories.answers(turnover_idr=9_000_000)
        )
    assert Measurement.objects.get().turnover_idr == 2_000_000


def test_somebody_without_a_seat_is_not_measured(person, first_round, ani):
    person.seat.status = "declined"
    person.seat.save(update_fields=("status",))
    with pytest.raises(Refused, match="accepted their seat"):
        services.record_measurement(round=first_round, applicant=person, by=ani, **factories.answers())


def test_a_week_has_no_more_than_168_hours(person, first_round, ani):
    with pytest.raises(ValidationError):
        services.record_measurement(
            round=first_round, applicant=person, by=ani, **factories.answers(hours_per_week=169)
        )


def test_an_empty_round_is_not_frozen(first_round, ani):
    with pytest.raises(Refused, match="Nobody was measured"):
        services.freeze_round(round=first_round, by=ani)


def test_two_who_freeze_at_once_are_not_both_told_yes(person, first_round, ani):
    factories.measurement(first_round, person)
    stale = type(first_round).objects.get(pk=first_round.pk)
    services.freeze_round(round=first_round, by=ani)
    with pytest.raises(Refused, match="already frozen"):
        services.freeze_round(round=stale, by=ani)
    assert LogEntry.objects.filter(verb="outcomes.round_frozen").count() == 1


def test_only_participants_make_the_figures(programme, person, first_round):
    left = participant(programme, 2)
    factories.measurement(first_round, person)
    factories.measurement(first_round, left, is_working=False)
    left.seat.status = "withdrawn"
    left.seat.save(update_fields=("status",))
    rows = queries.rows_by_round(programme)[first_round.pk]
    assert [row.applicant for row in rows] == ["A001"]


def test_a_frozen_round_keeps_who_left_and_does_not_miss_who_came_later(programme, person, first_round, ani):
    left, late = participant(programme, 2), participant(programme, 3)
    for one in (person, left):
        factories.measurement(first_round, one)
    services.freeze_round(round=first_round, by=ani)
    left.seat.status = "withdrawn"
    left.seat.save(update_fields=("status",))
    late.seat.decided_on = first_round.due_on + datetime.timedelta(days=1)
    late.seat.save(update_fields=("decided_on",))
    assert [row.applicant for row in queries.rows_by_round(programme)[first_round.pk]] == ["A001", "A002"]
    assert queries.expected_by_round(programme, [first_round]) == {first_round.pk: 2}
    assert [one.code for one in queries.people_of(first_round)] == ["A001", "A002"]


def test_all_rounds_are_read_in_one_query(programme, person, first_round, django_assert_num_queries):
    factories.measurement(first_round, person)
    factories.measurement(factories.round_(programme, "M2", 2), person)
    with django_assert_num_queries(1):
        assert len(queries.rows_by_round(programme, field="kuliner", sex="female")) == 2
