import datetime

import pytest

from kawasan.enterprises import rules

PAPERS = {"kbli_code": "10794", "nib": "1234567890123", "pirt": "123456789012345", "halal": "ID123"}
NOVEMBER = datetime.date(2022, 11, 1)


def test_an_enterprise_with_all_papers_has_no_warning():
    assert rules.legality_warnings(**PAPERS) == []


@pytest.mark.parametrize("nib", ["123456789012", "12345678901234", "123456789012x", "\uff11" * 13])
def test_a_nib_that_is_not_thirteen_digits_is_warned_about(nib):
    assert "13 digits" in str(rules.legality_warnings(**PAPERS | {"nib": nib})[0])


def test_a_pirt_number_that_is_not_fifteen_digits_is_warned_about():
    assert "15 digits" in str(rules.legality_warnings(**PAPERS | {"pirt": "12345"})[0])


def test_home_made_food_needs_pirt_and_halal_but_a_food_stall_only_halal():
    papers = PAPERS | {"pirt": "", "halal": ""}
    assert len(rules.legality_warnings(**papers)) == 2
    assert len(rules.legality_warnings(**papers | {"kbli_code": "56103"})) == 1


def test_animal_feed_needs_neither_pirt_nor_halal():
    assert rules.legality_warnings(**PAPERS | {"kbli_code": "10801", "pirt": "", "halal": ""}) == []


def test_a_designer_needs_only_a_nib():
    warnings = rules.legality_warnings(kbli_code="74130", nib="", pirt="", halal="")
    assert [str(warning) for warning in warnings] == ["There is no NIB yet. Register the enterprise with OSS."]


def test_capital_and_withdrawals_are_no_income():
    sums = [(NOVEMBER, "sale", 900), (NOVEMBER, "cost", 400), (NOVEMBER, "capital", 5000), (NOVEMBER, "withdrawal", 70)]
    (totals,) = rules.month_totals(sums)
    assert (totals.profit, totals.cash_change) == (500, 5430)


def test_months_come_in_order_of_time():
    months = rules.month_totals([(NOVEMBER, "sale", 1), (datetime.date(2022, 9, 1), "cost", 2)])
    assert [totals.month.month for totals in months] == [9, 11]


def test_the_last_full_month_of_a_day_in_january_is_december():
    expected = (datetime.date(2021, 12, 1), datetime.date(2021, 12, 31))
    assert rules.last_full_month(datetime.date(2022, 1, 31)) == expected


def test_an_entry_of_today_is_possible_and_of_tomorrow_is_not():
    today = datetime.date(2022, 12, 1)
    assert rules.reasons_entry_impossible(dated=today, today=today) == []
    assert rules.reasons_entry_impossible(dated=today + datetime.timedelta(days=1), today=today)


def test_a_correction_is_not_taken_back_and_nothing_is_taken_back_twice():
    assert rules.reasons_not_reversible(is_reversal=False, is_reversed=False) == []
    assert "itself a correction" in str(rules.reasons_not_reversible(is_reversal=True, is_reversed=False)[0])
    assert "already taken back" in str(rules.reasons_not_reversible(is_reversal=False, is_reversed=True)[0])


def test_work_may_end_on_its_first_day_but_not_before():
    first = datetime.date(2022, 11, 1)
    assert rules.reasons_worker_cannot_end(since=first, until=first, has_ended=False) == []
    assert rules.reasons_worker_cannot_end(since=first, until=datetime.date(2022, 10, 31), has_ended=False)


def test_every_kind_of_entry_has_its_column():
    assert set(rules.COLUMN) == set(rules.EntryKind)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0), "Register the enterprise of each"),
        ((5, 2, 3), "since 2022-11-01: 2"),
        ((5, 0, 3), "without a NIB: 3"),
        ((5, 0, 0), "Every running enterprise"),
    ],
)
def test_the_next_step_is_the_first_thing_that_is_missing(counts, words):
    enterprises, without_entries, without_nib = counts
    step = rules.next_step(
        enterprises=enterprises, without_entries=without_entries, without_nib=without_nib, since=NOVEMBER
    )
    assert words in str(step)
