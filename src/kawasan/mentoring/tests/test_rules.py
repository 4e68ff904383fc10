import datetime

import pytest

from kawasan.mentoring import rules

TODAY = datetime.date(2022, 12, 1)
GOOD = {
    "visited_on": TODAY,
    "starts_at": datetime.time(9),
    "ends_at": datetime.time(10),
    "summary": "Mencatat kas.",
    "obstacle": "",
    "solution": "",
    "next_step": "",
    "next_visit_on": None,
    "today": TODAY,
    "year": 2022,
}


def test_a_visit_of_today_can_be_logged():
    assert rules.faults(**GOOD) == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"visited_on": TODAY + datetime.timedelta(days=1)}, "in the future"),
        ({"visited_on": datetime.date(2021, 12, 31)}, "before the year of the programme, 2022"),
        ({"ends_at": datetime.time(9)}, "ends before it starts"),
        ({"starts_at": datetime.time(1), "ends_at": datetime.time(11, 1)}, "more than ten hours"),
        ({"summary": "  "}, "what was done"),
        ({"obstacle": "Hujan"}, "There is an obstacle"),
        ({"next_visit_on": TODAY}, "must be after"),
    ],
)
def test_each_reason_against_an_entry_is_said(change, words):
    reasons = rules.faults(**(GOOD | change)).values()
    assert [words in str(reason) for reason in reasons] == [True]


@pytest.mark.parametrize("answer", ["solution", "next_step"])
def test_an_obstacle_needs_a_solution_or_a_next_step(answer):
    assert rules.faults(**(GOOD | {"obstacle": "Hujan", answer: "Pindah ke balai"})) == {}


def test_a_group_is_due_one_day_after_the_fortnight():
    fortnight = TODAY - datetime.timedelta(days=14)
    assert rules.reason_due(last=fortnight, promised=None, today=TODAY) is None
    assert "15 days ago" in str(
        rules.reason_due(last=fortnight - datetime.timedelta(days=1), promised=None, today=TODAY)
    )


def test_a_group_is_due_on_the_day_that_was_agreed():
    last = TODAY - datetime.timedelta(days=2)
    assert "agreed" in str(rules.reason_due(last=last, promised=TODAY, today=TODAY))
    assert rules.reason_due(last=last, promised=TODAY + datetime.timedelta(days=1), today=TODAY) is None


def test_a_group_never_seen_is_due():
    assert str(rules.reason_due(last=None, promised=None, today=TODAY)) == "Not visited yet"


def test_the_next_step_follows_from_who_is_due():
    assert "Wait until" in str(rules.next_step(groups=0, is_own=False, due=0))
    assert "You mentor no group" in str(rules.next_step(groups=0, is_own=True, due=0))
    assert "are due: 3" in str(rules.next_step(groups=5, is_own=True, due=3))
    assert rules.next_step(groups=5, is_own=True, due=0) is None
