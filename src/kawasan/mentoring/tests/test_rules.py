import datetime

import pytest

from kawasan.mentoring import rules

TODAY = datetime.date(2022, 12, 1)
GOOD = {
    "visited_on": TODAY,
    "starts_at": datetime.time(9),
    "ends_at": datetime.time(10),
    "material": "Buku kas",
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
        ({"material": "  "}, "what was taught"),
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
    assert "Wait until" in str(rules.next_step(groups=0, is_own=False, due=0, returned=0))
    assert "You mentor no group" in str(rules.next_step(groups=0, is_own=True, due=0, returned=0))
    assert "are due: 3" in str(rules.next_step(groups=5, is_own=True, due=3, returned=0))
    assert "came back from the review: 2" in str(rules.next_step(groups=5, is_own=True, due=3, returned=2))
    assert rules.next_step(groups=5, is_own=True, due=0, returned=0) is None


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [((9, 0), (9, 20), 1), ((9, 0), (10, 30), 2), ((9, 0), (11, 0), 3), ((8, 0), (18, 0), 13)],
)
def test_lesson_hours_have_45_minutes(starts, ends, hours):
    assert rules.lesson_hours(datetime.time(*starts), datetime.time(*ends)) == hours


@pytest.mark.parametrize(
    ("expense", "reason", "has_proof", "words"),
    [
        (0, "Tidak ada biaya", False, ""),
        (50_000, "", True, ""),
        (50_000, "Nota hilang", False, ""),
        (0, " ", False, "why nothing was spent"),
        (0, "", True, "why nothing was spent"),
        (50_000, "", False, "photo of the receipt"),
    ],
)
def test_an_expense_has_a_proof_or_a_reason(expense, reason, has_proof, words):
    found = rules.faults_of_expense(expense_idr=expense, no_expense_reason=reason, has_proof=has_proof)
    assert words in str(found.get("no_expense_reason", ""))
    assert bool(found) == bool(words)


REVIEW = {
    "state": "pending",
    "is_as_read": True,
    "is_own": False,
    "verdict": "returned",
    "note": "Foto?",
    "is_frozen": False,
}


def test_an_entry_that_waits_can_be_returned_with_a_note():
    assert rules.reasons_not_reviewable(**REVIEW) == []
    assert rules.reasons_not_reviewable(**REVIEW | {"verdict": "approved", "note": ""}) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "approved"}, "does not wait"),
        ({"is_as_read": False}, "changed after you opened"),
        ({"is_own": True}, "Somebody else"),
        ({"note": " "}, "in the note what is wrong"),
        ({"verdict": "rejected", "note": ""}, "in the note what is wrong"),
        ({"is_frozen": True}, "frozen"),
    ],
)
def test_each_reason_against_a_verdict_is_said(change, words):
    assert [words in str(reason) for reason in rules.reasons_not_reviewable(**REVIEW | change)] == [True]
