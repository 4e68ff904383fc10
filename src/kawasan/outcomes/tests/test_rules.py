import datetime

import pytest
from django.utils import translation

from kawasan.core.language import in_words
from kawasan.outcomes import rules
from kawasan.outcomes.rules import BY_CODE, Progress, Row

ROW = {
    "applicant": "A001",
    "name": "Orang 1",
    "field": "kuliner",
    "sex": "female",
    "measured_on": datetime.date(2022, 11, 5),
    "is_working": True,
    "turnover_idr": 2_000_000,
    "profit_idr": 600_000,
    "workers": 1,
    "cash_book": "manual",
}
TODAY = datetime.date(2022, 12, 1)


def rows(**columns):
    """A row for each value that a column is given."""
    ((name, values),) = columns.items()
    return [Row(**ROW | {name: value}) for value in values]


def value(code, given):
    return rules.figure(BY_CODE[code], given).value


def test_the_share_working_has_all_who_were_measured_below_the_line():
    figure = rules.figure(BY_CODE["working"], rows(is_working=[True, True, False, True]))
    assert (figure.value, figure.numerator, figure.denominator) == (0.75, 3, 4)


def test_jobs_are_owners_who_work_and_their_workers():
    given = [*rows(workers=[0, 2]), Row(**ROW | {"is_working": False, "workers": 1})]
    assert value("jobs", given) == 1 + 3 + 1


def test_unknown_workers_are_no_jobs_and_not_counted_as_people():
    figure = rules.figure(BY_CODE["jobs"], rows(workers=[2, None]))
    assert (figure.value, figure.denominator) == (3, 1)


def test_median_and_mean_turnover_differ_when_one_sells_much():
    given = rows(turnover_idr=[1_000_000, 2_000_000, 9_000_000])
    assert value("median_turnover", given) == 2_000_000
    assert value("mean_turnover", given) == 4_000_000


def test_the_median_of_two_lies_between_them():
    assert value("median_turnover", rows(turnover_idr=[1_000_000, 2_000_000])) == 1_500_000


def test_a_loss_counts_in_the_median_profit():
    assert value("median_profit", rows(profit_idr=[-500_000, 100_000, 900_000])) == 100_000


def test_unknown_turnover_is_left_out_and_a_true_zero_is_not():
    figure = rules.figure(BY_CODE["mean_turnover"], rows(turnover_idr=[None, 0, 3_000_000]))
    assert (figure.value, figure.numerator, figure.denominator) == (1_500_000, 3_000_000, 2)


def test_any_way_of_keeping_a_cash_book_counts():
    assert value("cash_book", rows(cash_book=["none", "manual", "excel", "application"])) == 0.75


@pytest.mark.parametrize("code", list(BY_CODE))
def test_nobody_measured_is_no_number_and_not_zero(code):
    figure = rules.figure(BY_CODE[code], [])
    assert (figure.value, figure.denominator) == (None, 0)


@pytest.mark.parametrize("code", list(BY_CODE))
def test_the_order_of_the_rows_does_not_matter(code):
    given = rows(turnover_idr=[1, 5, 3, None]) + rows(profit_idr=[-4, None, 7]) + rows(workers=[None, 3, 0])
    assert value(code, given) == value(code, given[::-1])


def test_a_median_has_no_numerator():
    assert rules.figure(BY_CODE["median_profit"], rows(profit_idr=[1, 2])).numerator is None


def test_a_figure_of_four_people_is_for_the_office_and_of_five_for_everybody():
    four, five = (rules.figure(BY_CODE["working"], rows(is_working=[True] * n)) for n in (4, 5))
    assert not rules.is_shown(four.denominator, sees_people=False)
    assert rules.is_shown(four.denominator, sees_people=True)
    assert rules.is_shown(five.denominator, sees_people=False)


def test_rows_are_chosen_by_field_and_by_sex():
    given = rows(field=["kuliner", "digital"]) + rows(sex=["male"])
    assert [row.field for row in rules.among(given, field="digital")] == ["digital"]
    assert len(rules.among(given, field="kuliner", sex="female")) == 1
    assert rules.among(given) == given


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((2022, 10, 1), 0, (2022, 10, 1)),
        ((2022, 10, 1), 3, (2023, 1, 1)),
        ((2022, 11, 30), 3, (2023, 2, 28)),
        ((2022, 12, 15), 24, (2024, 12, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, expected):
    assert rules.months_later(datetime.date(*day), months) == datetime.date(*expected)


def test_a_participant_is_measured_today_in_an_open_round():
    assert not rules.reasons_not_measurable(is_frozen=False, is_participant=True, measured_on=TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_frozen": True}, "frozen"),
        ({"is_participant": False}, "accepted their seat"),
        ({"measured_on": TODAY + datetime.timedelta(days=1)}, "still to come"),
    ],
)
def test_each_hindrance_of_a_measurement_has_its_reason(change, words):
    possible = {"is_frozen": False, "is_participant": True, "measured_on": TODAY, "today": TODAY}
    (reason,) = rules.reasons_not_measurable(**possible | change)
    assert words in str(reason)


def test_a_round_is_frozen_once_and_not_empty():
    assert rules.reasons_not_freezable(is_frozen=False, measured=1) == []
    assert rules.reasons_not_freezable(is_frozen=True, measured=1)
    assert rules.reasons_not_freezable(is_frozen=False, measured=0)


def _round(name, due_on, is_frozen, measured):
    due = datetime.date.fromisoformat(due_on)
    return Progress(name, due, due <= TODAY, is_frozen, 10, measured)


@pytest.mark.parametrize(
    ("rounds", "words"),
    [
        ([], "Set the dates"),
        ([("B0", "2022-10-01", True, 9), ("M1", "2022-11-01", False, 7)], "M1 is due: 3 of 10"),
        ([("B0", "2022-10-01", False, 10), ("M1", "2022-11-01", False, 7)], "B0 is complete"),
        ([("B0", "2022-10-01", True, 9), ("M3", "2023-01-01", False, 0)], "M3 is due on 2023-01-01"),
        ([("B0", "2022-10-01", True, 9)], "All rounds are frozen"),
    ],
)
def test_the_next_step_is_the_first_round_that_is_due(rounds, words):
    assert words in str(rules.next_step([_round(*one) for one in rounds]))


def test_a_round_without_participants_is_not_complete():
    assert "nobody has accepted" in str(rules.next_step([Progress("B0", TODAY, True, False, 0, 0)]))


def test_a_round_without_participants_has_no_share_reached():
    assert Progress("B0", TODAY, True, False, 0, 0).share is None


def test_nobody_is_missing_before_a_round_is_due():
    assert not _round("M3", "2023-01-01", False, 0).has_begun
    assert _round("M3", "2023-01-01", False, 1).has_begun
    assert _round("M1", "2022-12-01", False, 0).has_begun


ANSWERED = {"hours": 0, "was_absent": False, "wants_more_hours": None, "seeks_work": True, "is_available": True}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"hours": 1, "wants_more_hours": True}, "under_employed"),
        ({"hours": 34, "wants_more_hours": True}, "under_employed"),
        ({"hours": 34, "wants_more_hours": False}, "employed"),
        ({"hours": 35, "wants_more_hours": True}, "employed"),
        ({"was_absent": True}, "employed"),
        ({}, "unemployed"),
        ({"seeks_work": False}, "outside"),
        ({"is_available": False, "seeks_work": None}, "outside"),
        ({"seeks_work": None}, None),
        ({"hours": 20}, None),
        ({"hours": None}, None),
    ],
)
def test_where_somebody_stands_in_the_labour_force(changes, status):
    assert rules.labour_status(**(ANSWERED | changes)) == status


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_two_indicators_have_one_name(language: str) -> None:
    codes = {one.code for one in rules.INDICATORS} & rules.BY_NAME.keys()
    assert codes == {"working", "cash_book"}
    with translation.override(language):
        of_rounds = {in_words(one.label): one.code for one in rules.INDICATORS}
        of_dates = {in_words(one.label): one.code for one in rules.BY_NAME.values()}
    assert len(of_rounds) == len(rules.INDICATORS)
    assert len(of_dates) == len(rules.BY_NAME)
    assert [of_rounds[name] for name in of_rounds.keys() & of_dates.keys()] == ["working"]  # which is the same number
