"""What the cockpit says is due and stuck."""

import datetime
from collections import defaultdict

import pytest

from kawasan.programmes.rules import Stage
from kawasan.reports import rules

DAY = datetime.date(2022, 10, 15)


def counts(**given: int) -> dict[str, int]:
    return defaultdict(int, given)


def told(**given: int) -> list[str]:
    return [str(stuck.text) for stuck in rules.warnings(counts(**given), seats=100)]


def test_a_programme_without_trouble_has_no_warning() -> None:
    assert told(drawn=1, accepted=100, members=100, groups=10) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"commitments_overdue": 2}, "Commitments overdue: 2."),
        ({"unassessed": 5}, "Applications not assessed yet: 5."),
        ({"with_warnings": 85}, "Applications with warnings to look at: 85."),
        ({"drawn": 1, "offered": 3, "accepted": 97, "members": 97}, "Seats offered and not answered: 3."),
        (
            {"drawn": 1, "accepted": 98, "members": 98, "waiting": 5},
            "Empty seats: 2. Call people from the waiting list.",
        ),
        ({"drawn": 1, "accepted": 98, "members": 98}, "Empty seats: 2, and nobody is on the waiting list."),
        ({"drawn": 1, "accepted": 100, "members": 99}, "Participants without a group: 1."),
        ({"groups": 10, "groups_unvisited": 1}, "Groups without a visit for two weeks: 1."),
        ({"changes_waiting": 1}, "Proposed changes that wait for a second person: 1."),
        ({"objections_waiting": 2}, "Objections that wait for an answer: 2."),
        ({"visits_waiting": 3}, "Entries of the logbook that wait for review: 3."),
        ({"orders_late": 2}, "Orders of offtakers that are late: 2."),
        ({"orders_short": 3}, "Orders that nobody accepted to bring in full: 3."),
        ({"outsiders": 4}, "Enterprises of people without a seat: 4."),
    ],
)
def test_what_is_stuck_is_named_with_its_number(given: dict[str, int], sentence: str) -> None:
    assert told(**given) == [sentence]


def test_before_the_draw_no_seat_counts_as_empty() -> None:
    assert told(accepted=0) == []


def test_the_calendar_tells_what_runs_and_the_next_two() -> None:
    days = [datetime.date(2022, 10, d) for d in (1, 15, 16, 20, 25)]
    milestones = [
        ("past", "area", days[0], days[0]), ("running", "training", days[0], days[1]),
        ("third", "market", days[4], days[4]), ("first", "outcomes", days[2], days[4]),
        ("second", "market", days[3], days[4]),
    ]  # fmt: skip
    found = rules.due(milestones, DAY)
    assert [str(one.text).split(":")[0] for one in found] == ["running", "first", "second"]
    assert [one.route for one in found] == ["training:timetable", "outcomes:outcomes", "market:market"]


def test_every_stage_of_the_calendar_has_its_page() -> None:
    assert set(rules.PAGES) == set(Stage)


def test_a_stage_is_reached_when_it_has_its_result() -> None:
    states = {s.route: s.is_reached for s in rules.stage_states(counts(applicants=3, groups=1), seats=2)}
    assert states["applicants:applicants"]
    assert states["matching:groups"]
    assert not states["selection:selection"]


def test_a_stage_is_not_reached_by_what_is_only_planned_or_promised() -> None:
    def reached(**given: int) -> set[str]:
        return {s.route for s in rules.stage_states(counts(**given), seats=2) if s.is_reached}

    planned = {"sessions": 8, "organisations": 3, "commitments": 2}
    assert reached(**planned) == set()
    assert reached(**planned, sessions_held=1, commitments_delivered=1) == {
        "training:timetable",
        "partners:organisations",
    }
