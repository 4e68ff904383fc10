import datetime

import pytest

from kawasan.training import rules
from kawasan.training.rules.beside import Held, reasons_beside

MONDAY = datetime.date(2022, 10, 3)


@pytest.mark.parametrize(
    ("hours", "sessions"), [(1, [1]), (5, [5]), (6, [3, 3]), (7, [4, 3]), (8, [4, 4]), (11, [4, 4, 3]), (15, [5, 5, 5])]
)
def test_a_module_is_split_into_as_few_and_as_equal_sessions_as_fit(hours, sessions):
    assert rules.parts(hours) == sessions


def test_a_week_has_ten_half_days_and_no_weekend():
    found = rules.half_days([(MONDAY, MONDAY + datetime.timedelta(days=6))])
    assert len(found) == 10
    assert {day.weekday() for day, _start in found} == {0, 1, 2, 3, 4}


def test_spans_that_overlap_count_each_day_once():
    assert len(rules.half_days([(MONDAY, MONDAY), (MONDAY, MONDAY)])) == 2


def test_half_days_keep_clear_of_the_friday_prayer_even_at_full_length():
    morning, afternoon = rules.starts(MONDAY + datetime.timedelta(days=4))
    day = datetime.datetime(2022, 10, 7, tzinfo=datetime.UTC)
    full = rules.duration(rules.MOST_JPL_A_SESSION)
    ends = datetime.datetime.combine(day, morning) + full
    assert ends.time() <= datetime.time(11, 30)
    assert afternoon >= datetime.time(13, 30)


def test_a_morning_ends_before_the_afternoon_starts():
    ends = datetime.datetime.combine(MONDAY, rules.MORNING) + rules.duration(rules.MOST_JPL_A_SESSION)
    assert ends.time() <= rules.AFTERNOON


def test_lesson_hours_are_the_inverse_of_the_duration():
    assert rules.lesson_hours(rules.duration(7)) == 7


def test_everything_that_is_missing_is_said_at_once():
    assert len(rules.reasons_not_ready(groups=0, modules=0, rooms=0, half_days=0, sessions=3)) == 5
    assert rules.reasons_not_ready(groups=1, modules=1, rooms=1, half_days=1, sessions=0) == []


def test_attendance_is_recorded_from_the_day_of_the_session_on():
    assert rules.reasons_not_recorded(status="planned", held_on=MONDAY, today=MONDAY) == []
    before = MONDAY - datetime.timedelta(days=1)
    assert len(rules.reasons_not_recorded(status="planned", held_on=MONDAY, today=before)) == 1


def test_nobody_attended_a_cancelled_session():
    assert len(rules.reasons_not_recorded(status="cancelled", held_on=MONDAY, today=MONDAY)) == 1


@pytest.mark.parametrize(
    ("day", "start", "end", "number"),
    [
        (3, "08:00", "11:45", 0),
        (7, "08:00", "11:31", 1),
        (7, "08:00", "11:30", 0),
        (7, "13:30", "15:00", 0),
        (7, "13:29", "15:00", 1),
        (8, "08:00", "09:00", 1),
    ],
)
def test_nothing_is_held_at_weekends_or_during_the_friday_prayer(day, start, end, number):
    at = [datetime.datetime.fromisoformat(f"2022-10-{day:02}T{time}:00+07:00") for time in (start, end)]
    assert len(rules.reasons_time(*at)) == number


def held(start, end, *, room=1, group=1, trainer=1):
    at = (datetime.datetime.combine(MONDAY, datetime.time(hour)) for hour in (start, end))
    return Held(*at, "Modul", (group, f"G{group}"), (room, f"R{room}"), (("mentor", trainer), f"M{trainer}"))


def test_each_clash_has_its_reason():
    assert len(reasons_beside(held(8, 11), held(10, 12), 0)) == 3
    assert reasons_beside(held(8, 11), held(10, 12, room=2, group=2, trainer=2), 0) == []
    assert reasons_beside(held(8, 11), held(11, 12), 0) == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_way_counts_for_whoever_goes_it_and_whichever_session_is_moved(order):
    pair = [held(8, 11), held(12, 13, room=2, group=2)][::order]
    assert [str(reason) for reason in reasons_beside(*pair, 61)] == [
        "M1 needs 61 minutes from R1 to R2, but only 60 lie between the two sessions."
    ]
    assert reasons_beside(*pair, 60) == []


def test_rooms_that_are_too_small_are_told_from_rooms_that_are_too_few():
    small = rules.reason_rooms_lack(sessions=4, half_days=4, rooms=1, largest=9, people=10)
    few = rules.reason_rooms_lack(sessions=9, half_days=4, rooms=1, largest=10, people=10)
    assert "larger room" in str(small)
    assert "9 sessions do not fit" in str(few)


@pytest.mark.parametrize("status", [s.value for s in rules.SessionStatus])
def test_only_a_planned_session_can_be_changed(status):
    assert bool(rules.reasons_not_changed(status=status)) == (status != "planned")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"groups": 0}, "Wait until"),
        ({}, "Freeze groups"),
        ({"is_ready": False}, "Complete what is missing"),
        ({"is_frozen": True}, "Make the timetable"),
        ({"sessions": 5, "to_record": 2}, "2 past sessions"),
    ],
)
def test_the_next_step_follows_from_the_state(state, words):
    usual = {"sessions": 0, "is_frozen": False, "is_ready": True, "groups": 2, "to_record": 0}
    assert words in str(rules.next_step(**(usual | state)))
