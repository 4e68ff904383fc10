import datetime

import pytest

from kawasan.enterprises import rules

PAPERS = {
    "today": datetime.date(2022, 11, 1),
    "kbli_code": "10794",
    "nib": "1234567890123",
    "pirt": "123456789012345",
    "halal": "ID123",
}
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
    warnings = rules.legality_warnings(kbli_code="74130", nib="", pirt="", halal="", today=NOVEMBER)
    assert [str(warning) for warning in warnings] == ["There is no NIB yet. Register the enterprise with OSS."]


def test_capital_and_withdrawals_are_no_income():
    sums = [
        (NOVEMBER, "sale", "", 900),
        (NOVEMBER, "cost", "wages", 400),
        (NOVEMBER, "capital", "", 5000),
        (NOVEMBER, "withdrawal", "", 70),
    ]
    (totals,) = rules.month_totals(sums)
    assert (totals.profit, totals.cash_change) == (500, 5430)


def test_months_come_in_order_of_time():
    months = rules.month_totals([(NOVEMBER, "sale", "", 1), (datetime.date(2022, 9, 1), "cost", "", 2)])
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


def test_a_paper_that_ends_soon_or_ended_is_said_to_be_renewed():
    soon = rules.legality_warnings(**PAPERS | {"pirt_until": datetime.date(2022, 12, 1)})
    over = rules.legality_warnings(**PAPERS | {"halal_until": datetime.date(2022, 10, 31)})
    assert [str(one) for one in soon + over] == [
        "PIRT: ends on 2022-12-01. Begin to renew it now.",
        "Halal: ended on 2022-10-31. Renew it before selling on.",
    ]
    assert rules.legality_warnings(**PAPERS | {"pirt_until": datetime.date(2027, 1, 1)}) == []


def month(number, *, sales, **costs):
    sums = [("sale", "", sales), *(("cost", kind.strip("_"), amount) for kind, amount in costs.items())]
    day = datetime.date(2022, number, 1)
    return rules.month_totals([(day, *row) for row in sums])[0]


def test_from_how_much_on_an_enterprise_covers_its_costs():
    months = [
        month(number, sales=1_000, materials=300, _=100, wages=200, running=100, tools=9_000) for number in (9, 10)
    ]
    found = rules.break_even([*months, month(11, sales=5)], datetime.date(2022, 11, 20))
    assert (found.months, found.sales, found.materials, found.standing) == (2, 1_000, 400, 300)
    assert found.sales_needed == 500  # 300 / (1 - 400 / 1000)
    assert "Rp500" in str(found.said)


def test_it_is_said_when_it_sells_too_little_and_when_no_sales_would_do():
    too_little = rules.break_even([month(10, sales=400, materials=200, wages=300)], datetime.date(2022, 11, 1))
    assert (too_little.sales_needed, "Rp200 too little" in str(too_little.said)) == (600, True)
    at_a_loss = rules.break_even([month(10, sales=400, materials=500)], datetime.date(2022, 11, 1))
    assert (at_a_loss.sales_needed, "more in materials" in str(at_a_loss.said)) == (None, True)
    assert rules.break_even([month(10, sales=0, wages=1)], datetime.date(2022, 11, 1)) is None


def test_what_is_in_the_cash_box_goes_on_from_what_was_there():
    days = [(datetime.date(2022, 11, 1), 100, 30), (datetime.date(2022, 11, 3), 0, 200)]
    assert [row[-1] for row in rules.cash_by_day(days, 50)] == [120, -80]


@pytest.mark.parametrize(
    ("sign", "is_closed", "expected"),
    [
        ((11, 1), False, (91, False)),
        ((10, 31), False, (60, False)),
        ((9, 1), False, (0, True)),
        ((11, 20), True, (80, True)),
    ],
)
def test_an_enterprise_is_alive_by_its_last_sign(sign, is_closed, expected):
    today = datetime.date(2022, 12, 1) if sign != (10, 31) else datetime.date(2022, 10, 31)
    day = datetime.date(2022, *sign)
    assert rules.life(started_on=datetime.date(2022, 9, 1), sign=day, is_closed=is_closed, today=today) == expected


def test_the_sixtieth_day_is_the_last_on_which_it_is_alive():
    sign = datetime.date(2022, 9, 1)
    days = [sign + datetime.timedelta(days=number) for number in (60, 61)]
    assert [rules.life(started_on=sign, sign=sign, is_closed=False, today=day)[1] for day in days] == [False, True]


QUIET = {
    "started_on": datetime.date(2022, 9, 1),
    "cycle": datetime.timedelta(0),
    "last_entry": datetime.date(2022, 11, 29),
    "last_sale": datetime.date(2022, 11, 29),
    "before": rules.MonthTotals(datetime.date(2022, 10, 1), sales=100, costs=50),
    "last": rules.MonthTotals(NOVEMBER, sales=100, costs=50, withdrawals=50),
    "cash_idr": 0,
    "overdue": 0,
    "overdue_idr": 0,
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"last_entry": datetime.date(2022, 11, 16)}, ["Nothing was written in the cash book since 2022-11-16."]),
        ({"last_sale": datetime.date(2022, 11, 9)}, ["Nothing was sold since 2022-11-09."]),
        ({"last_sale": None, "cycle": datetime.timedelta(days=84)}, []),
        (
            {"last_sale": None, "cycle": datetime.timedelta(days=83)},
            ["Nothing was sold yet; it began on 2022-09-01."],
        ),
        (
            {"last": rules.MonthTotals(NOVEMBER, sales=49, costs=60)},
            ["The last full month cost Rp11 more than it brought.", "Sales fell from Rp100 to Rp49 within a month."],
        ),
        (
            {"last": rules.MonthTotals(NOVEMBER, sales=100, costs=60, withdrawals=41)},
            ["In the last full month the owner took out Rp41, more than the profit of Rp40."],
        ),
        ({"cash_idr": -7}, ["By the book Rp7 more went out than came in, so something was not written down."]),
        ({"overdue": 2, "overdue_idr": 90}, ["Customers are late with Rp90: 2."]),
    ],
)
def test_each_sign_of_trouble_is_said_in_words(changed, said):
    book = rules.Book(**QUIET | changed)
    assert [str(one) for one in rules.signs_of_trouble(book, datetime.date(2022, 12, 1))] == said


def test_no_more_is_paid_of_a_debt_than_is_left_and_nothing_of_one_that_was_given_up():
    assert rules.reasons_not_paid(amount_idr=10, left_idr=10, is_forgiven=False) == []
    assert "Only Rp10" in str(rules.reasons_not_paid(amount_idr=11, left_idr=10, is_forgiven=False)[0])
    assert rules.reasons_not_paid(amount_idr=1, left_idr=10, is_forgiven=True)
    assert rules.reasons_not_forgiven(left_idr=0, is_forgiven=False)
    assert rules.reasons_not_forgiven(left_idr=1, is_forgiven=False) == []
