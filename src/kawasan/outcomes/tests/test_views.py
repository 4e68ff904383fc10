import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.enterprises.services import report_capacity
from kawasan.enterprises.tests.factories import enterprise, mentored_group, participant
from kawasan.outcomes.models import Measurement
from kawasan.outcomes.tests import factories
from kawasan.value_chain.tests.factories import make_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(programme):
    """Five in culinary, one in digital services."""
    women = [participant(programme, number) for number in range(1, 6)]
    return [*women, participant(programme, 6, field="digital", sex="male")]


@pytest.fixture
def measured(programme, people):
    """A round in which everybody sells a different amount: one to six million."""
    made = factories.round_(programme)
    for number, person in enumerate(people, 1):
        factories.measurement(made, person, turnover_idr=number * 1_000_000, is_working=number != 1)
    return made


def _url(route, programme, *more):
    return reverse(f"outcomes:{route}", args=[programme.code, *more])


def _rows(programme, **query):
    asked = {"round": "M1", "indicator": "median_turnover"} | query
    return _url("rows", programme) + "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def _form(**changes):
    return {
        "measured_on": "2022-11-05",
        "is_working": "True",
        "hours_per_week": "",
        "turnover_idr": "",
        "profit_idr": "-50000",
        "workers": "0",
        "cash_book": "none",
        "marketing_area": "",
        "note": "",
        "source": "visit",
    } | changes


def test_the_page_shows_each_indicator_with_its_people(client_of, ani, programme, measured):
    page = client_of(ani).get(_url("outcomes", programme)).content.decode()
    assert "Rp3,500,000" in page
    assert "83.3%" in page
    assert "5 of 6" in page
    assert page.count("<svg") >= 2


def test_a_programme_without_rounds_says_what_to_do(client_of, ani, programme):
    page = client_of(ani).get(_url("outcomes", programme)).content.decode()
    assert "There are no rounds yet" in page
    assert _url("plan_rounds", programme) in page


def test_figures_of_few_people_are_hidden_from_those_outside_the_office(client_of, dewi, ani, programme, measured):
    for user, is_hidden in ((dewi, True), (ani, False)):
        page = client_of(user).get(_url("outcomes", programme) + "?field=digital").content.decode()
        assert ("fewer than 5" in page) is is_hidden
        assert ("Rp6,000,000" in page) is not is_hidden


def test_a_participant_sees_figures_of_many_and_no_way_to_the_rows(client_of, dewi, programme, measured):
    page = client_of(dewi).get(_url("outcomes", programme)).content.decode()
    assert "Rp3,500,000" in page
    assert _url("rows", programme) not in page


def test_the_figures_are_of_the_field_and_sex_asked_for(client_of, ani, programme, measured):
    client = client_of(ani)
    assert "Rp3,000,000" in client.get(_url("outcomes", programme) + "?field=kuliner").content.decode()
    assert "Rp6,000,000" in client.get(_url("outcomes", programme) + "?sex=male").content.decode()
    assert "Rp3,500,000" in client.get(_url("outcomes", programme) + "?sex=x&field=y").content.decode()


def test_a_number_opens_to_exactly_its_rows(client_of, ani, programme, measured):
    Measurement.objects.filter(applicant__code="A002").update(turnover_idr=None)
    page = client_of(ani).get(_rows(programme, field="kuliner"))
    assert [row.code for row in page.context["page"]] == ["A001", "A003", "A004", "A005"]
    assert "Rp3,500,000" in page.content.decode()


def test_every_link_of_the_table_opens_and_shows_the_same_number(client_of, ani, programme, measured):
    client = client_of(ani)
    page = client.get(_url("outcomes", programme))
    for _indicator, cells in page.context["table"]:
        figure = cells[0].figure
        assert client.get(_rows(programme, indicator=figure.indicator.code)).context["figure"].value == figure.value


@pytest.mark.parametrize("query", [{"round": "X"}, {"indicator": "x"}, {"round": ""}])
def test_a_number_that_does_not_exist_is_not_found(client_of, ani, programme, measured, query):
    assert client_of(ani).get(_rows(programme, **query)).status_code == 404


def test_the_rows_are_not_for_participants_mentors_or_strangers(client_of, dewi, citra, fajar, programme, measured):
    assert [client_of(user).get(_rows(programme)).status_code for user in (dewi, citra, fajar)] == [403, 403, 404]


def test_the_auditor_sees_the_rows(client_of, cast, programme, measured):
    assert client_of(cast["hadi"]).get(_rows(programme)).status_code == 200


def test_a_round_names_who_is_missing(client_of, budi, programme, people, measured):
    Measurement.objects.filter(applicant=people[2]).delete()
    page = client_of(budi).get(_url("round", programme, "M1"))
    assert next(person.code for person in page.context["page"]) == "A003"
    assert "1 missing" in page.content.decode()


def test_a_mentor_measures_members_of_the_own_groups_only(client_of, citra, programme, people):
    factories.round_(programme)
    mentored_group(programme, people[0], user=citra)
    client = client_of(citra)
    page = client.get(_url("round", programme, "M1"))
    assert [person.code for person in page.context["page"]] == ["A001"]
    assert client.post(_url("measure", programme, "M1", "A001"), _form()).status_code == 302
    assert client.post(_url("measure", programme, "M1", "A002"), _form()).status_code == 404


def test_what_is_left_empty_is_stored_as_unknown(client_of, ani, programme, people):
    factories.round_(programme)
    assert client_of(ani).post(_url("measure", programme, "M1", "A001"), _form()).status_code == 302
    made = Measurement.objects.get()
    assert (made.turnover_idr, made.profit_idr, made.is_working) == (None, -50_000, True)


def test_whether_somebody_works_must_be_said(client_of, ani, programme, people):
    factories.round_(programme)
    assert client_of(ani).post(_url("measure", programme, "M1", "A001"), _form(is_working="")).status_code == 200
    assert not Measurement.objects.exists()


def test_a_correction_starts_from_what_was_measured(client_of, ani, programme, measured):
    Measurement.objects.filter(applicant__code="A001").update(is_working=False)
    page = client_of(ani).get(_url("measure", programme, "M1", "A001")).content.decode()
    assert 'value="1,000,000"' in page
    assert '<option value="False" selected>' in page


def test_a_measurement_begins_with_the_capacity_that_the_enterprise_reported(client_of, ani, programme, people):
    factories.round_(programme)
    make_chain(programme)
    eggs, feed = (programme.commodities.get(code=code) for code in ("KOM-telur", "KOM-pakan"))
    answers = {"enterprise": enterprise(people[0]), "since": datetime.date(2022, 11, 1), "source": "visit", "by": None}
    report_capacity(commodity=eggs, quantity_per_month=140, **answers)
    form = client_of(ani).get(_url("measure", programme, "M1", "A001")).context["form"]
    assert (form["capacity"].value(), form["capacity_unit"].value()) == (140, "kg")
    report_capacity(commodity=feed, quantity_per_month=20, **answers)  # of two, neither is the enterprise's
    assert client_of(ani).get(_url("measure", programme, "M1", "A001")).context["form"]["capacity"].value() is None


def test_a_frozen_round_refuses_with_a_sentence(client_of, ani, programme, measured):
    client = client_of(ani)
    assert client.post(_url("freeze_round", programme, "M1")).status_code == 302
    page = client.post(_url("measure", programme, "M1", "A001"), _form())
    assert page.status_code == 422
    assert "The round is frozen" in page.content.decode()


def test_only_the_manager_freezes_and_not_by_a_link(client_of, ani, budi, programme, measured):
    assert client_of(budi).post(_url("freeze_round", programme, "M1")).status_code == 403
    assert client_of(ani).get(_url("freeze_round", programme, "M1")).status_code == 405


def test_the_manager_plans_the_rounds(client_of, ani, programme):
    assert client_of(ani).post(_url("plan_rounds", programme), {"starts_on": "2022-10-03"}).status_code == 302
    assert programme.rounds.get(code="M3").due_on == datetime.date(2023, 1, 3)


@pytest.mark.parametrize("route", ["outcomes", "rows", "round"])
def test_a_page_asks_as_many_questions_for_ten_times_the_rows(client_of, ani, programme, people, measured, route):
    client = client_of(ani)
    url = {
        "outcomes": _url("outcomes", programme),
        "rows": _rows(programme),
        "round": _url("round", programme, "M1"),
    }[route]

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few = queries()
    for number in range(7, 61):
        factories.measurement(measured, participant(programme, number))
    for months in (2, 3):
        later = factories.round_(programme, f"M{months}", months)
        for person in people:
            factories.measurement(later, person)
    assert queries() == few <= 12


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"turnover_idr": "1000000", "profit_idr": "1000001"}, "The profit is above the turnover"),
        ({"is_working": "False", "hours_per_week": "40"}, "Somebody who works has hours of work"),
        ({"is_working": "True", "hours_per_week": "0"}, "Somebody who works has hours of work"),
    ],
)
def test_what_contradicts_itself_is_not_stored_and_stays_in_the_form(
    client_of, ani, programme, people, changes, sentence
):
    factories.round_(programme)
    page = client_of(ani).post(_url("measure", programme, "M1", "A001"), _form(note="Naik", **changes)).content.decode()
    assert sentence in page
    assert "Naik" in page
    assert not Measurement.objects.exists()
