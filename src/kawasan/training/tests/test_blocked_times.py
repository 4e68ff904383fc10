"""Public holidays, prayer times and blocked times keep the timetable off."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from kawasan.applicants.tests.factories import place
from kawasan.core.errors import Refused
from kawasan.matching.tests.factories import group, mentor
from kawasan.training import calendars, queries, rules, services
from kawasan.training.models import BlockedTime
from kawasan.training.tests.factories import MONDAY, module, moment, room, session, weeks

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + datetime.timedelta(days=4)
PANGKALPINANG = (-2.13, 106.11, "Asia/Jakarta")


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


def block(programme, **columns):
    given = {
        "name": "Pasar ikan",
        "kind": "market",
        "first_day": MONDAY,
        "last_day": MONDAY + datetime.timedelta(days=30),
    }
    given |= {"starts": datetime.time(6), "ends": datetime.time(12), "source": "synthetic"}
    return services.block_time(blocked=BlockedTime(programme=programme, **(given | columns)), by=None)


def test_prayer_times_are_those_of_the_place_and_the_day():
    """True noon of 3 October 2022 at 106.11° E, by the equation of time (+10.9 min): 12:00 + (105 − 106.11)·4 min −
    10.9 min = 11:44.7; the ministry's tables add two minutes of precaution to what is rounded up to 11:46 at most."""
    noon, afternoon, sunset = calendars.prayers_on(MONDAY, *PANGKALPINANG)
    assert datetime.time(11, 46) <= noon <= datetime.time(11, 49)
    assert datetime.time(14, 40) <= afternoon <= datetime.time(15, 0)
    assert (
        datetime.time(17, 45) <= sunset <= datetime.time(17, 55)
    )  # the sun sets near the equator six hours after noon
    other = calendars.prayers_on(MONDAY, -2.13, 106.11 + 15, "Asia/Jakarta")[0]
    assert (noon.hour * 60 + noon.minute) - (other.hour * 60 + other.minute) == 60


@pytest.mark.parametrize("noon", [datetime.time(11, 30), datetime.time(11, 46), datetime.time(12, 10)])
@pytest.mark.parametrize("day", [MONDAY, FRIDAY])
def test_half_days_keep_clear_of_the_noon_prayer(day, noon):
    morning, afternoon = rules.starts(day, noon)
    from_, to = rules.pause(day, noon)
    assert (datetime.datetime.combine(day, morning) + rules.duration(rules.MOST_JPL_A_SESSION)).time() <= from_
    assert afternoon >= to
    assert morning.minute % 5 == afternoon.minute % 5 == 0


def test_nothing_is_planned_on_a_public_holiday():
    """17 August 2022 is a Wednesday, and Independence Day."""
    independence = datetime.date(2022, 8, 17)
    assert calendars.holiday_on(independence, "en") == "Independence Day"
    assert calendars.holiday_on(independence)
    spans = [(independence, independence + datetime.timedelta(days=1))]
    assert len(rules.half_days(spans, calendars.holidays_of([independence]))) == 2


def test_a_time_blocked_for_everybody_takes_its_half_days_away(programme):
    weeks(programme, days=5)
    assert len(queries.half_days(programme)) == 10
    block(programme, weekday=2)
    left = queries.half_days(programme)
    assert len(left) == 9
    assert (MONDAY + datetime.timedelta(days=2)) not in {day for day, start in left if start.hour < 12}


def test_a_time_blocked_for_one_group_binds_that_group_alone(programme, ani):
    for number in (1, 2):
        group(programme, f"G0{number}", people=2, first=10 * number, mentor=mentor(programme, f"M{number}"))
    module(programme, hours=8)
    room(programme)
    weeks(programme, days=5)
    block(programme, group=programme.groups.get(code="G01"))
    services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    hours = {
        code: {timezone.localtime(s.starts_at).hour for s in programme.sessions.filter(group__code=code)}
        for code in ("G01", "G02")
    }
    assert hours["G01"] == {13}
    assert min(hours["G02"]) < 12


def test_a_group_without_a_free_half_day_is_told_so(programme, ani):
    group(programme, "G01", people=2, mentor=mentor(programme))
    module(programme, hours=8)
    room(programme)
    weeks(programme, days=5)
    block(programme, group=programme.groups.get(), ends=datetime.time(18))
    frozen = services.freeze_timetable(programme=programme, by=ani)
    with pytest.raises(Refused, match="only 0 half days"):
        services.make_timetable(timetable=frozen, by=ani)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (moment(hour=9), "That time is blocked: Pasar ikan."),
        (moment(hour=11), "for the noon prayer"),
        (moment(datetime.date(2022, 8, 17), 13), "Independence Day"),
    ],
)
def test_a_session_is_not_moved_into_what_is_blocked(at, words, programme, ani, client_of):
    place(programme)
    held = session(group(programme), starts_at=moment(hour=14))
    block(programme, ends=datetime.time(11))
    sent = {"day": at.date().isoformat(), "time": f"{at:%H:%M}", "room": held.room_id}
    answer = client_of(ani).post(url("reschedule", programme, "S001"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_times_are_blocked_and_freed_on_a_page(programme, ani, dewi, client_of, django_assert_max_num_queries):
    sent = {"name": "Pasang besar", "kind": "tide", "first_day": "2022-10-10", "last_day": "2022-10-14"}
    client = client_of(ani)
    wrong = client.post(url("block_time", programme), sent | {"starts": "12:00", "ends": "09:00"})
    assert "It must end after it begins" in wrong.content.decode()
    client.post(url("block_time", programme), sent | {"starts": "09:00", "ends": "12:00"})
    with django_assert_max_num_queries(12):
        assert "Pasang besar" in client.get(url("blocked_times", programme)).content.decode()
    assert client_of(dewi).get(url("blocked_times", programme)).status_code == 200
    client.post(url("unblock_time", programme, BlockedTime.objects.get().code))
    assert not BlockedTime.objects.exists()
