import datetime

import icalendar
import pytest
from django.utils import timezone

from kawasan.applicants.tests.factories import place
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.matching.models import Mentor
from kawasan.matching.services import dissolve_groups
from kawasan.matching.tests.factories import expert, group, mentor
from kawasan.training import services
from kawasan.training.models import Attendance, Module, Room, Session, Timetable
from kawasan.training.rules import Said
from kawasan.training.tests.factories import MONDAY, module, moment, room, session, weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(programme):
    """Two groups with a mentor each, one common expert, one room, two weeks."""
    for number in (1, 2):
        group(programme, f"G0{number}", people=3, first=10 * number, mentor=mentor(programme, f"M{number}"))
    module(programme, "MOD-1", hours=8, position=1)
    module(programme, "MOD-2", hours=5, position=2, expert=expert(programme))
    module(programme, "MOD-3", hours=4, position=2, field=programme.fields.get(code="digital"))
    room(programme)
    weeks(programme)
    return programme


@pytest.fixture
def made(school, ani):
    services.make_timetable(timetable=services.freeze_timetable(programme=school, by=ani), by=ani)
    return school


def test_every_group_gets_the_modules_of_its_field_in_their_hours(made):
    for found in made.groups.all():
        hours = [
            (s.module.code, (s.ends_at - s.starts_at) / datetime.timedelta(minutes=45)) for s in found.sessions.all()
        ]
        assert hours == [("MOD-1", 4), ("MOD-1", 4), ("MOD-2", 5)]


def test_a_module_without_an_expert_is_taught_by_the_mentor_of_the_group(made):
    for found in made.sessions.filter(module__code="MOD-1"):
        assert found.mentor == found.group.mentor
    assert set(made.sessions.filter(module__code="MOD-2").values_list("expert__code", flat=True)) == {"EXP-1"}


def test_no_two_sessions_clash(made):
    assert services.clashing(made) == set()
    assert made.sessions.count() == 6


def test_sessions_start_in_the_offices_time(made):
    first = timezone.localtime(made.sessions.first().starts_at)
    assert (first.date(), first.hour) == (MONDAY, 8)


def test_the_log_covers_every_session(made):
    assert LogEntry.objects.filter(verb="training.timetable_made").count() == 1
    assert not [str(fault) for fault in verify_log() if "training.Session" in str(fault)]


def test_the_same_input_gives_the_same_timetable_again(made, ani):
    first = made.timetables.get()
    services.clear_timetable(programme=made, by=ani)
    again = services.make_timetable(timetable=services.freeze_timetable(programme=made, by=ani), by=ani)
    assert (again.input_hash, again.result) == (first.input_hash, first.result)


def test_a_timetable_is_made_once_however_often_it_is_asked(school, ani):
    timetable = services.freeze_timetable(programme=school, by=ani)
    stale = Timetable.objects.get(pk=timetable.pk)
    services.make_timetable(timetable=timetable, by=ani)
    with pytest.raises(Refused, match="in the meantime"):
        services.make_timetable(timetable=stale, by=ani)
    assert school.sessions.count() == 6


def test_a_timetable_is_not_made_from_what_has_changed(school, ani):
    timetable = services.freeze_timetable(programme=school, by=ani)
    room(school, "R-2")
    with pytest.raises(Refused, match="changed after freezing"):
        services.make_timetable(timetable=timetable, by=ani)
    assert Timetable.objects.get().status == "frozen"


def test_nothing_is_frozen_before_there_are_groups_and_rooms(programme, ani):
    with pytest.raises(Refused, match=r"no groups yet.*no modules yet.*no rooms yet.*no weekday"):
        services.freeze_timetable(programme=programme, by=ani)


def test_a_group_without_mentor_and_a_module_without_expert_are_named(school, ani):
    school.groups.filter(code="G02").update(mentor=None)
    with pytest.raises(Refused, match="MOD-1” has no expert and Kelompok G02 has no mentor"):
        services.freeze_timetable(programme=school, by=ani)


def _refusal(programme, ani):
    timetable = services.freeze_timetable(programme=programme, by=ani)
    with pytest.raises(Refused) as refusal:
        services.make_timetable(timetable=timetable, by=ani)
    return str(refusal.value)


def test_too_few_days_for_a_group_are_said_with_the_numbers(school, ani):
    school.milestones.filter(code="latih").update(ends_on=MONDAY)
    assert "Kelompok G01 has 3 sessions but only 2 half days." in _refusal(school, ani)


def test_too_small_a_room_is_said(school, ani):
    Room.objects.update(capacity=2)
    assert "the largest room holds 2. Add a larger room." in _refusal(school, ani)


def test_too_few_rooms_are_said(school, ani):
    school.milestones.filter(code="latih").update(ends_on=MONDAY + datetime.timedelta(days=1))
    assert "6 sessions do not fit into 1 rooms on 4 half days." in _refusal(school, ani)


def test_a_trainer_with_too_much_to_teach_is_named(school, ani):
    Module.objects.filter(code="MOD-1").update(expert=school.experts.get())
    room(school, "R-2")
    school.milestones.filter(code="latih").update(ends_on=MONDAY + datetime.timedelta(days=1))
    assert "Narasumber EXP-1 would teach 6 sessions but there are only 4 half days." in _refusal(school, ani)


def test_groups_with_sessions_are_not_dissolved(made, ani):
    with pytest.raises(Refused, match="cannot be dissolved"):
        dissolve_groups(programme=made, by=ani)
    assert made.groups.count() == 2
    assert not LogEntry.objects.filter(verb="matching.dissolved").exists()


def test_the_calendar_is_the_same_bytes_every_time_and_names_room_and_trainer(made):
    first = services.calendar(programme=made)
    assert first == services.calendar(programme=made)
    events = icalendar.Calendar.from_ical(first).walk("VEVENT")
    assert len(events) == 6
    assert events[0]["DTSTART"].dt == moment().astimezone(datetime.UTC)
    assert str(events[0]["LOCATION"]).startswith("Ruang R-1")
    assert str(events[0]["UID"]) == "S001.contoh-2022@kawasan"


def test_the_calendar_of_a_group_has_only_its_sessions(made):
    found = made.groups.first()
    events = icalendar.Calendar.from_ical(services.calendar(programme=made, group=found)).walk("VEVENT")
    assert {str(event["SUMMARY"]).split(" – ")[1] for event in events} == {found.name}


def test_attendance_makes_the_session_held(programme, ani):
    found = session(group(programme, people=2))
    said = (Said("present"), Said("late", 20))
    presences = dict(zip(found.group.members.values_list("applicant", flat=True), said, strict=True))
    services.record_attendance(session=found, presences=presences, by=ani, on=MONDAY)
    assert Session.objects.get().status == "held"
    assert set(Attendance.objects.values_list("status", "minutes_late")) == {("present", 0), ("late", 20)}


def test_attendance_recorded_again_replaces_what_was_said(programme, ani):
    found = session(group(programme, people=1))
    who = found.group.members.get().applicant_id
    for said in (Said("absent"), Said("excused", excuse="Sakit")):
        services.record_attendance(session=found, presences={who: said}, by=ani, on=MONDAY)
    assert Attendance.objects.get().status == "excused"
    assert not [str(fault) for fault in verify_log() if "training.Attendance" in str(fault)]


def test_attendance_of_the_future_is_refused(programme, ani):
    found = session(group(programme, people=1))
    day_before = MONDAY - datetime.timedelta(days=1)
    with pytest.raises(Refused, match="Record the attendance on that day"):
        services.record_attendance(session=found, presences={}, by=ani, on=day_before)


def test_attendance_covers_every_member(programme, ani):
    found = session(group(programme, people=2))
    one = found.group.members.first().applicant_id
    with pytest.raises(Refused, match="members of the group changed"):
        services.record_attendance(session=found, presences={one: Said("present")}, by=ani, on=MONDAY)
    assert not Attendance.objects.exists()


def test_recording_asks_as_often_for_one_as_for_ten(programme, ani, django_assert_max_num_queries):
    found = session(group(programme, people=10))
    presences = dict.fromkeys(found.group.members.values_list("applicant", flat=True), Said("present"))
    with django_assert_max_num_queries(20):
        services.record_attendance(session=found, presences=presences, by=ani, on=MONDAY)


def test_a_session_moves_and_keeps_its_length(programme, ani):
    found, other = session(group(programme, people=2)), room(programme, "R-9")
    services.reschedule(session=found, starts_at=moment(hour=13), room=other, by=ani)
    stored = Session.objects.get()
    assert (stored.room, stored.ends_at) == (other, moment(hour=16))


def test_a_session_does_not_move_into_another_one(programme, ani):
    staying, moving = group(programme, "G01", people=1), group(programme, "G02", people=1, first=9)
    session(staying, "S001")
    found = session(moving, "S002", starts_at=moment(hour=13))
    with pytest.raises(Refused, match=r"room is taken.*trainer teaches"):
        services.reschedule(session=found, starts_at=moment(hour=10), room=found.room, by=ani)


def test_a_session_does_not_move_into_a_room_that_is_too_small(programme, ani):
    found = session(group(programme, people=3))
    with pytest.raises(Refused, match="holds 2 people"):
        services.reschedule(session=found, starts_at=moment(hour=13), room=room(programme, "R-9", capacity=2), by=ani)


def test_a_cancelled_session_frees_its_room(programme, ani):
    first, second = group(programme, "G01", people=1), group(programme, "G02", people=1, first=9)
    services.cancel_session(session=session(first, "S001"), why="Banjir", by=ani)
    session(second, "S002")
    assert services.clashing(programme) == set()


def test_sessions_that_share_a_room_at_one_time_clash(programme):
    first, second = group(programme, "G01"), group(programme, "G02")
    session(first, "S001", mentor=mentor(programme, "M1"))
    session(second, "S002", mentor=mentor(programme, "M2"), starts_at=moment(hour=10))
    session(second, "S003", mentor=mentor(programme, "M3"), starts_at=moment(hour=13))
    assert services.clashing(programme) == {one.pk for one in programme.sessions.exclude(code="S003")}


def test_a_timetable_is_not_cleared_once_a_session_was_held(made, ani):
    made.sessions.filter(code="S001").update(status="held")
    with pytest.raises(Refused, match="1 sessions were held"):
        services.clear_timetable(programme=made, by=ani)
    assert made.sessions.count() == 6


def test_modules_and_rooms_get_the_next_code(programme, ani):
    new = Module(programme=programme, name="Pembukuan", name_en="Bookkeeping", hours=4, position=1)
    services.add_module(module=new, by=ani)
    hall = services.add_room(room=Room(programme=programme, name="Aula", place=place(programme), capacity=40), by=ani)
    assert (new.code, hall.code) == ("MOD-01", "R-1")
    hall.capacity = 30
    services.change_room(room=hall, by=ani)
    assert LogEntry.objects.first().verb == "training.room_changed"


def test_a_change_of_the_mentor_after_freezing_is_noticed(school, ani):
    timetable = services.freeze_timetable(programme=school, by=ani)
    school.groups.filter(code="G01").update(mentor=Mentor.objects.get(code="M2"))
    with pytest.raises(Refused, match="changed after freezing"):
        services.make_timetable(timetable=timetable, by=ani)


def test_sessions_with_attendance_from_a_folder_count_as_held(made, ani):
    first = made.sessions.first()
    member = first.group.members.first()
    Attendance.objects.create(
        programme=made, session=first, applicant=member.applicant, status="present", source="synthetic"
    )
    assert services.mark_held(programme=made, by=ani) == 1
    assert set(made.sessions.filter(status="held")) == {first}
    assert LogEntry.objects.filter(verb="training.sessions_held", data__sessions=1).exists()
    assert services.mark_held(programme=made, by=ani) == 0
