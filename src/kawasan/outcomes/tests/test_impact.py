"""The plan of the comparison, the people it compares, and what its pages say."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.outcomes import queries, rules, services
from kawasan.outcomes.models import AnalysisPlan, Estimate, Measurement
from kawasan.outcomes.tests import factories
from kawasan.selection.models import Seat
from kawasan.selection.rules import SeatKind
from kawasan.selection.tests import factories as selection

pytestmark = pytest.mark.django_db

PLAN = {"outcomes": ["working", "profit"], "covariates": ["sex", "field"]}
PEOPLE, SEATS = 26, 12


@pytest.fixture
def draw(programme):
    """Twelve of twenty-six are drawn, and all of them accept."""
    programme.fields.update(most_seats=12)
    programme.seats = SEATS
    programme.save()
    return selection.accepted(programme, PEOPLE)


@pytest.fixture
def month_six(programme, draw):
    return factories.round_(programme, "M6", 6)


@pytest.fixture
def plan(programme, month_six, ani):
    return services.register_plan(programme=programme, round=month_six, by=ani, **PLAN)


def _measure(month_six, gain=0, only=None):
    """Everybody of the pool; a seat adds to the profit."""
    for number, seat in enumerate(Seat.objects.order_by("applicant__code").select_related("applicant")):
        is_drawn = seat.kind == SeatKind.DRAWN
        if only is not None and only != seat.kind:
            continue
        profit = 500_000 + 20_000 * (number * 7 % 11) + gain * is_drawn
        answers = factories.answers(profit_idr=profit, is_working=number * 5 % 7 > 1)
        services.record_measurement(round=month_six, applicant=seat.applicant, by=None, **answers)


def _url(route, programme, *more):
    return reverse(f"outcomes:{route}", args=[programme.code, *more])


def test_a_plan_is_registered_once_with_the_hash_of_what_it_says(plan, month_six, ani):
    assert re.fullmatch("[0-9a-f]{64}", plan.plan_hash)
    assert LogEntry.objects.get(verb="outcomes.plan_registered").data["plan_hash"] == plan.plan_hash
    with pytest.raises(Refused, match="stays as it is"):
        services.register_plan(programme=plan.programme, round=month_six, by=ani, **PLAN)


def test_a_plan_is_refused_when_answers_are_known(programme, month_six, ani):
    someone = Seat.objects.filter(kind=SeatKind.DRAWN).first().applicant
    services.record_measurement(round=month_six, applicant=someone, by=ani, **factories.answers())
    with pytest.raises(Refused, match="1 people were measured after the start"):
        services.register_plan(programme=programme, round=month_six, by=ani, **PLAN)


def test_a_plan_needs_a_draw_an_outcome_and_a_later_round(programme, ani):
    before = factories.round_(programme, "B0", 0)
    with pytest.raises(Refused) as refused:
        services.register_plan(programme=programme, round=before, by=ani, outcomes=[], covariates=[])
    said = str(refused.value)
    assert "no draw yet" in said
    assert "at least one outcome" in said
    assert "after the start" in said


def test_people_without_a_seat_are_measured_to_compare_and_counted_nowhere_else(programme, month_six, plan):
    _measure(month_six)
    assert Measurement.objects.filter(is_comparison=True).count() == PEOPLE - SEATS
    rows = queries.rows_by_round(programme)[month_six.pk]
    assert len(rows) == SEATS
    services.freeze_round(round=month_six, by=None)
    month_six.refresh_from_db()
    assert queries.people_of(month_six).count() == SEATS
    assert len(queries.rows_by_round(programme)[month_six.pk]) == SEATS


def test_nobody_else_is_measured(programme, month_six):
    outside = selection.applicants.applicant(programme, 99)
    assert outside.pk not in queries.comparison_people(month_six).values_list("pk", flat=True)
    with pytest.raises(Refused, match="people of the pool"):
        services.record_measurement(round=month_six, applicant=outside, by=None, **factories.answers())


def test_an_effect_that_is_there_is_found(plan, month_six, ani):
    _measure(month_six, gain=400_000)
    made = services.estimate(plan=plan, round=month_six, by=ani)
    working, profit = rules.shown(made.result["effects"])
    assert profit.low < 400_000 < profit.high
    assert profit.is_effect
    assert not working.is_effect
    assert profit.redraw_low < 400_000 < profit.redraw_high
    assert (profit.answered_drawn, profit.answered_others) == (1, 1)
    assert (profit.people_drawn, profit.people_others) == (SEATS, PEOPLE - SEATS)
    assert made.result["left_out"] == 0
    assert LogEntry.objects.get(verb="outcomes.effect_estimated").data["rows_hash"] == made.rows_hash


def test_the_same_rows_are_not_estimated_twice(plan, month_six, ani):
    _measure(month_six)
    first = services.estimate(plan=plan, round=month_six, by=ani)
    assert services.estimate(plan=plan, round=month_six, by=ani) == first
    someone = Measurement.objects.filter(is_comparison=True).first()
    Measurement.objects.filter(pk=someone.pk).update(profit_idr=1)
    assert services.estimate(plan=plan, round=month_six, by=ani) != first


def test_without_answers_of_the_others_nothing_is_estimated(plan, month_six, ani):
    _measure(month_six, only=SeatKind.DRAWN)
    with pytest.raises(Refused, match="12 who were drawn and 0 who were not"):
        services.estimate(plan=plan, round=month_six, by=ani)
    assert not Estimate.objects.exists()


def test_an_outcome_that_few_could_tell_is_left_out(plan, month_six, ani):
    _measure(month_six)
    Measurement.objects.filter(is_comparison=True).update(profit_idr=None)
    made = services.estimate(plan=plan, round=month_six, by=ani)
    assert [one["outcome"] for one in made.result["effects"]] == ["working"]


def test_the_page_leads_from_nothing_to_a_sentence(client_of, cast, programme, month_six):
    client = client_of(cast["ani"])
    page = client.get(_url("effect", programme)).content.decode()
    assert "Register what will be compared" in page
    answer = client.post(_url("register_plan", programme), {"round": month_six.pk, **PLAN}, follow=True)
    assert AnalysisPlan.objects.get().plan_hash in answer.content.decode()
    assert "Measure people of the pool without a seat too" in answer.content.decode()
    _measure(month_six, gain=400_000)
    page = client.post(_url("estimate", programme, "M6"), follow=True).content.decode()
    assert "Being drawn raised “Profit of the own enterprise”." in page
    assert "No effect on “Working” could be shown" in page
    assert "displacement is unknown" in page
    assert "Counted by their chances in the draw, 100% of those drawn and 100% of the others answered." in page


def test_the_public_reads_the_effect_but_not_the_people(client_of, cast, programme, plan, month_six, ani):
    _measure(month_six)
    services.estimate(plan=plan, round=month_six, by=ani)
    lina = client_of(cast["lina"])
    assert "could be shown" in lina.get(_url("effect", programme)).content.decode()
    assert lina.get(_url("effect_rows", programme) + "?round=M6").status_code == 403
    assert lina.get(_url("comparison", programme, "M6")).status_code == 403
    assert lina.post(_url("estimate", programme, "M6")).status_code == 403


def test_rows_behind_the_comparison(client_of, cast, programme, plan, month_six):
    _measure(month_six)
    page = client_of(cast["hadi"]).get(_url("effect_rows", programme) + "?round=M6").content.decode()
    assert "Drawn: 12 of 12 measured" in page
    assert "Not drawn: 14 of 14 measured" in page
    assert "Rp500,000" in page


def test_of_whom_nothing_is_known_no_row_says_no(client_of, cast, programme, plan):
    page = client_of(cast["hadi"]).get(_url("effect_rows", programme) + "?round=M6").content.decode()
    assert page.count('data-label="Works">–') == PEOPLE


def test_the_form_gives_way_to_the_reason_once_a_plan_is_registered(client_of, cast, programme, plan):
    page = client_of(cast["ani"]).get(_url("register_plan", programme)).content.decode()
    assert "stays as it is" in page
    assert 'name="outcomes"' not in page


def test_the_office_measures_somebody_without_a_seat(client_of, cast, programme, month_six):
    client = client_of(cast["ani"])
    someone = queries.comparison_people(month_six).first()
    assert someone.person.name in client.get(_url("comparison", programme, "M6")).content.decode()
    form = {"is_working": "False", "hours_per_week": "0", "measured_on": "2022-11-05", "cash_book": "none"}
    address = _url("measure", programme, "M6", someone.code)
    page = client.post(address, form | {"source": "telephone"}, follow=True).content.decode()
    assert "The measurement was recorded." in page
    assert "for comparison" in page
    assert Measurement.objects.get(applicant=someone).is_comparison
    assert client_of(cast["citra"]).get(address).status_code == 404


@pytest.mark.parametrize("route", ["effect", "effect_rows", "comparison"])
def test_pages_ask_the_database_a_dozen_times_however_many_people(
    client_of, cast, programme, plan, month_six, ani, route
):
    _measure(month_six)
    services.estimate(plan=plan, round=month_six, by=ani)
    more = ["M6"] if route == "comparison" else []
    client = client_of(cast["ani"])
    client.get(_url(route, programme, *more))
    with CaptureQueriesContext(
        connection,
    ) as queries_made:
        assert client.get(_url(route, programme, *more) + "?round=M6").status_code == 200
    assert len(queries_made) <= 12
