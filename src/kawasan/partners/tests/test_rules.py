import datetime

import pytest

from kawasan.partners.rules import Status, next_step, reasons_not_delivered, status

DUE = datetime.date(2022, 10, 1)
BEFORE, AFTER = DUE - datetime.timedelta(days=1), DUE + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("delivered_on", "today", "expected"),
    [
        (None, BEFORE, Status.PROMISED),
        (None, DUE, Status.PROMISED),
        (None, AFTER, Status.OVERDUE),
        (DUE, AFTER, Status.DELIVERED),
        (AFTER, AFTER, Status.DELIVERED_LATE),
    ],
)
def test_the_due_day_itself_is_in_time(delivered_on, today, expected):
    assert status(DUE, delivered_on, today) == expected


def test_what_is_to_come_cannot_be_recorded_as_delivered():
    assert [str(r) for r in reasons_not_delivered(AFTER, DUE)] == [
        "2022-10-02 is still to come. Record a delivery when it has been made."
    ]


@pytest.mark.parametrize("delivered_on", [None, DUE])
def test_what_came_today_or_has_not_come_may_be_recorded(delivered_on):
    assert reasons_not_delivered(delivered_on, DUE) == []


@pytest.mark.parametrize(
    ("organisations", "counts", "beginning"),
    [
        (0, {}, "Enter the organisations"),
        (2, {}, "Write down what each"),
        (2, {Status.OVERDUE: 1, Status.PROMISED: 4}, "One commitment is overdue"),
        (2, {Status.OVERDUE: 3}, "3 commitments are overdue: ask"),
        (2, {Status.PROMISED: 4, Status.DELIVERED: 1}, "Nothing is overdue. Commitments still to come: 4."),
        (2, {Status.DELIVERED: 1, Status.DELIVERED_LATE: 1}, "Every commitment was delivered"),
    ],
)
def test_the_next_step_names_the_most_urgent_thing(organisations, counts, beginning):
    step = next_step(organisations=organisations, commitments=dict.fromkeys(Status, 0) | counts)
    assert str(step).startswith(beginning)
