"""Sessions moved and written by hand: what clashes is said before anything is stored; the way between places counts."""

import datetime
from itertools import pairwise

import pytest
from django.urls import reverse

from kawasan.applicants.tests.factories import place
from kawasan.core.errors import Refused
from kawasan.core.services import verify_log
from kawasan.engine.assignment import EARTH_RADIUS_KM
from kawasan.matching.tests.factories import expert, group, mentor
from kawasan.training import services
from kawasan.training.models import BlockedTime, Session
from kawasan.training.services.clashes import way_minutes
from kawasan.training.tests.factories import MONDAY, module, moment, room, session, weeks

pytestmark = pytest.mark.django_db
DEGREE_KM = EARTH_RADIUS_KM * 3.141592653589793 / 180  # of latitude


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


def far(programme, km=100):
    """A room so many kilometres north of the other ones."""
    home = place(programme)
    village = place(programme, "19.71.09")
    village.latitude, village.longitude = home.latitude + km / DEGREE_KM, home.longitude
    village.save(update_fields=("latitude", "longitude"))
    return room(programme, "R-FAR", place=village)


def checked(client, address, **sent):
    answer = client.post(address, sent | {"do": "check"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_way_is_the_straight_line_at_the_speed_rounded_up(programme):
    near, there = room(programme), far(programme, km=10)
    ways = way_minutes([near, there], 25)
    assert ways[near.pk, there.pk] == ways[there.pk, near.pk] == 24  # 10 km at 25 km/h
    assert ways[near.pk, near.pk] == 0
    assert way_minutes([near, there], 24)[near.pk, there.pk] == 25
    assert way_minutes([near, there], 23)[near.pk, there.pk] == 27  # 26.09 minutes


def test_a_timetable_is_made_in_which_nobody_comes_too_late(programme, ani):
    """One expert teaches two groups of which the second finds no room in town at the same time: four hours away."""
    teacher = expert(programme, "EXP-1")
    for number in (1, 2):
        group(programme, f"G0{number}", people=2, first=10 * number, mentor=mentor(programme, f"M{number}"))
    module(programme, "MOD-1", hours=10, expert=teacher)
    room(programme, "R-1")
    far(programme)
    weeks(programme, days=5)
    services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    assert services.clashing(programme) == set()
    ways = way_minutes(programme.rooms.select_related("place"), 25)
    taught = list(programme.sessions.order_by("starts_at"))
    for earlier, later in pairwise(taught):
        way = datetime.timedelta(minutes=ways[earlier.room_id, later.room_id])
        assert earlier.ends_at + way <= later.starts_at


def test_a_way_that_takes_too_long_is_refused_in_words(programme, ani):
    found = group(programme, people=2)
    session(found, "S001")
    there = far(programme)
    other = session(found, "S002", starts_at=moment(hour=14))
    with pytest.raises(Refused, match=r"needs 240 minutes from Ruang R-1 to Ruang R-FAR, but only 180 lie between"):
        services.reschedule(session=other, starts_at=moment(hour=14), room=there, by=ani)
    services.set_travel_speed(programme=programme, speed=40, by=ani)
    other.programme.refresh_from_db()
    services.reschedule(session=other, starts_at=moment(hour=14), room=there, by=ani)
    assert Session.objects.get(code="S002").room == there


def test_the_timetable_marks_each_clash_in_words(programme, ani, client_of, django_assert_max_num_queries):
    first, second = group(programme, "G01"), group(programme, "G02")
    teacher = mentor(programme, "M9")
    session(first, "S001", mentor=teacher)
    session(second, "S002", mentor=teacher, room=far(programme), starts_at=moment(hour=13))
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        text = client.get(url("timetable", programme), {"week": MONDAY.isoformat()}).content.decode()
    assert "2 sessions clash" in text
    assert text.count("needs 240 minutes") == 2
    with django_assert_max_num_queries(12):
        assert "needs 240 minutes" in client.get(url("session", programme, "S001")).content.decode()


@pytest.mark.parametrize(
    ("columns", "sent", "words"),
    [
        ({}, {"time": "09:00"}, "The trainer teaches another session at that time: Kelompok G01, 08:00 to 11:00."),
        ({}, {"time": "09:00"}, "The room is taken at that time: Kelompok G01, 08:00 to 11:00."),
        ({}, {"time": "06:00"}, "Participants work at that time: Pabrik."),
        ({}, {"time": "15:30"}, "That time is blocked: Pasang."),
        ({}, {"time": "11:00"}, "for the noon prayer"),
        ({}, {"day": "2022-08-17", "time": "14:00"}, "Independence Day"),
        ({}, {"day": "2022-10-08", "time": "14:00"}, "Monday to Friday"),
        ({"capacity": 1}, {"time": "19:00"}, "The room holds 1 people, but the group has 2 members."),
        ({}, {"time": "19:00"}, "Nothing clashes."),
    ],
)
def test_what_clashes_is_said_before_anything_is_stored(columns, sent, words, programme, ani, client_of):
    place(programme)
    teacher, hall = mentor(programme, "M9"), room(programme, **columns)
    session(group(programme, "G01", people=1), "S001", mentor=teacher, room=hall)
    moving = group(programme, "G02", people=2, first=9)
    session(moving, "S002", mentor=teacher, room=hall, starts_at=moment(hour=13))
    for name, kind, starts, ends in (("Pabrik", "work", 5, 7), ("Pasang", "tide", 16, 17)):
        times = {"starts": datetime.time(starts), "ends": datetime.time(ends)}
        blocked = BlockedTime(programme=programme, name=name, kind=kind, first_day=MONDAY, last_day=MONDAY, **times)
        services.block_time(blocked=blocked, by=ani)
    given = {"day": MONDAY.isoformat(), "room": hall.pk} | sent
    assert words in checked(client_of(ani), url("reschedule", programme, "S002"), **given)
    assert Session.objects.get(code="S002").starts_at == moment(hour=13)


def test_a_group_cannot_be_in_two_sessions(programme, ani, client_of):
    found = group(programme)
    session(found, "S001")
    session(found, "S002", starts_at=moment(hour=13), room=room(programme, "R-2"), mentor=mentor(programme, "M9"))
    text = checked(
        client_of(ani), url("reschedule", programme, "S002"), day=MONDAY, time="09:00", room=room(programme, "R-3").pk
    )
    assert "The group has another session at that time: “Module MOD-1”, 08:00 to 11:00." in text


def test_a_form_that_is_not_complete_says_so(programme, ani, client_of):
    session(group(programme))
    text = checked(client_of(ani), url("reschedule", programme, "S001"), day="", time="09:00")
    assert "Fill in the form completely" in text


def test_without_scripts_the_whole_page_comes_back_with_what_clashes(programme, ani, client_of):
    found = group(programme, people=2)
    session(found)
    sent = {"day": "2022-10-08", "time": "09:00", "room": programme.rooms.get().pk}
    page = client_of(ani).post(url("reschedule", programme, "S001"), sent | {"do": "check"})
    assert "<html" in page.content.decode()
    assert "Sessions are held from Monday to Friday." in page.content.decode()
    refused = client_of(ani).post(url("reschedule", programme, "S001"), sent)
    assert refused.status_code == 422
    assert "Sessions are held from Monday to Friday." in refused.content.decode()


def test_a_move_is_taken_back_once_and_only_the_latest(programme, ani, client_of):
    found = session(group(programme))
    services.reschedule(session=found, starts_at=moment(hour=13), room=found.room, by=ani)
    client = client_of(ani)
    assert "Take the move back" in client.get(url("session", programme, "S001")).content.decode()
    client.post(url("take_back_move", programme, "S001"))
    assert Session.objects.get().starts_at == moment()
    assert "Take the move back" not in client.get(url("session", programme, "S001")).content.decode()
    with pytest.raises(Refused, match="no move of this session"):
        services.take_back_move(session=Session.objects.get(), by=ani)
    assert not [fault for fault in verify_log() if "training.Session" in str(fault)]


def test_a_move_into_what_was_taken_since_is_not_taken_back(programme, ani):
    found = session(group(programme, "G01"))
    services.reschedule(session=found, starts_at=moment(hour=13), room=found.room, by=ani)
    session(group(programme, "G02"), "S002")
    with pytest.raises(Refused, match="room is taken"):
        services.take_back_move(session=found, by=ani)
    assert Session.objects.get(code="S001").starts_at == moment(hour=13)


def test_a_session_is_written_by_hand(programme, ani, budi, client_of):
    found = group(programme, people=2, mentor=mentor(programme, "M1"))
    session(found, "S007")
    sent = {
        "module": module(programme, "MOD-2").pk, "group": found.pk, "trainer": "mentor:M1", "day": MONDAY.isoformat(),
        "time": "09:00", "hours": 4, "room": programme.rooms.get().pk,
    }  # fmt: skip
    client = client_of(ani)
    assert "The group has another session" in checked(client, url("add_session", programme), **sent)
    assert client.post(url("add_session", programme), sent).status_code == 422
    assert Session.objects.count() == 1
    client.post(url("add_session", programme), sent | {"time": "14:00"})
    added = Session.objects.get(module__code="MOD-2")
    assert (added.code, added.starts_at, added.ends_at) == ("S001", moment(hour=14), moment(hour=17))
    assert client_of(budi).get(url("add_session", programme)).status_code == 403


def test_the_speed_is_set_and_bounded(programme, ani, client_of):
    client = client_of(ani)
    assert 'value="25"' in client.get(url("travel", programme)).content.decode()
    assert client.post(url("travel", programme), {"speed": 0}).status_code == 200
    client.post(url("travel", programme), {"speed": 18})
    programme.refresh_from_db()
    assert programme.travel_km_per_hour == 18


def test_what_contradicts_is_told_in_sentences(programme, ani):
    """Both groups take MOD-1 of one expert before MOD-2 of another, on one day; there is no lack in any one thing."""
    for number in (1, 2):
        group(programme, f"G0{number}", people=2, first=10 * number, mentor=mentor(programme, f"M{number}"))
    module(programme, "MOD-1", position=1, expert=expert(programme, "EXP-1"))
    module(programme, "MOD-2", position=2, expert=expert(programme, "EXP-2"))
    room(programme, "R-1")
    room(programme, "R-2")
    weeks(programme, days=1)
    frozen = services.freeze_timetable(programme=programme, by=ani)
    with pytest.raises(Refused) as refusal:
        services.make_timetable(timetable=frozen, by=ani)
    said = [str(reason) for reason in refusal.value.reasons]
    assert said[0].startswith("The following cannot all hold")
    assert "Kelompok G01 takes the modules in their order." in said
    assert any("teaches one session at a time." in one for one in said)
    assert not any("rooms" in one or "minutes" in one for one in said[1:])


@pytest.mark.parametrize(
    ("day", "words"),
    [(datetime.date(1900, 1, 8), "before the year of the programme"), (MONDAY, "left on")],
)
def test_a_session_is_neither_before_the_programme_nor_with_a_mentor_who_has_left(
    day, words, programme, ani, client_of
):
    own = group(programme, people=1, mentor=mentor(programme, "M1"))
    gone = mentor(programme, "M2")
    gone.left_on = MONDAY - datetime.timedelta(days=1)
    gone.save(update_fields=("left_on",))
    made = module(programme)
    sent = {"module": made.pk, "group": own.pk, "trainer": "mentor:M2", "day": day.isoformat(), "time": "08:00"}
    sent |= {"hours": 4, "room": room(programme).pk}
    client, address = client_of(ani), url("add_session", programme)
    assert "M2" in client.get(address).content.decode()
    assert words in checked(client, address, **sent)
    assert words in client.post(address, sent).content.decode()
    assert not Session.objects.exists()
