"""What modules need: modules before them, a trainer's skill, equipment; and what of it speaks against a session."""

import datetime
import re

import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import Job, LogEntry
from kawasan.core.services import verify_log
from kawasan.matching import services as matching
from kawasan.matching.models import Loan
from kawasan.matching.tests.factories import expert, group, mentor
from kawasan.training import rules, services
from kawasan.training.models import Attendance, BlockedTime, Equipment, Module
from kawasan.training.queries import Curriculum, modules_of
from kawasan.training.rules.curriculum import Taught, reasons_needs
from kawasan.training.tests.factories import MONDAY, module, moment, room, session, weeks

pytestmark = pytest.mark.django_db


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


def said(reasons) -> list[str]:
    return [str(reason) for reason in reasons]


def stoves(programme, sets=1) -> Equipment:
    return services.add_equipment(equipment=Equipment(programme=programme, name="Kompor", sets=sets), by=None)


def change(found: Module, **what) -> Module:
    return services.change_module(module=found, **what, by=None)


def test_what_a_module_needs_comes_before_it_and_is_taken_by_the_same_groups():
    first, food = Taught("Dasar", 1, None), Taught("Dapur", 2, (1, "Kuliner"))
    assert reasons_needs(Taught("Kemasan", 3, (1, "Kuliner")), [first, food]) == []
    assert said(reasons_needs(first, [Taught("Kemasan", 1, None)])) == [
        "“Dasar” needs “Kemasan”, which does not come before it. Give “Kemasan” a lower number."
    ]
    assert said(reasons_needs(Taught("Laporan", 3, None), [food])) == [
        "“Laporan” needs “Dapur”, which only groups of Kuliner take."
    ]


def test_a_module_keeps_its_needs_and_equipment_and_the_log_covers_them(programme, ani):
    basics, later = module(programme), module(programme, "MOD-2", position=2)
    used = stoves(programme)
    change(later, needs=[basics], equipment=[used])
    assert [row.needs for row in later.prerequisites.all()] == [basics]
    assert [row.equipment for row in later.equipment.all()] == [used]
    basics.position = 3
    with pytest.raises(Refused, match="does not come before it"):
        change(basics)
    change(later)
    assert not later.prerequisites.exists()
    assert not later.equipment.exists()
    assert [one for one in verify_log() if "without" not in str(one)] == []


def test_an_expert_without_the_skill_does_not_teach_the_module(programme, ani):
    found = module(programme, skill="food_safety", expert=expert(programme, skill="design"))
    with pytest.raises(Refused, match="needs a trainer for Food safety; Narasumber EXP-1 is lent for Graphic design"):
        change(found)
    given = session(group(programme, people=2), mentor=None, expert=found.expert, module=found)
    assert any("needs a trainer for Food safety" in one for one in said(services.clashes_of(given)))


def test_the_form_of_a_module_says_what_does_not_fit_and_keeps_what_was_typed(programme, ani, client_of):
    basics = module(programme)
    given = {"name": "Kemasan", "name_en": "Packaging", "hours": 3, "position": 1, "needs": [basics.pk]}
    told = client_of(ani).post(url("add_module", programme), given)
    assert "does not come before it" in told.content.decode()
    assert 'value="Packaging"' in told.content.decode()
    used = stoves(programme)
    more = {"position": 2, "equipment": [used.pk], "skill": "packaging", "materials": "Contoh kemasan"}
    sent = client_of(ani).post(url("add_module", programme), given | more)
    assert sent.status_code == 302, re.findall(r"invalid-feedback[^<]*<?[^<]*", sent.content.decode())
    made = Module.objects.get(name="Kemasan")
    assert ([row.needs for row in made.prerequisites.all()], made.skill) == ([basics], "packaging")
    page = client_of(ani).get(url("modules", programme)).content.decode()
    assert "Contoh kemasan" in page
    assert "Kompor" in page
    form = client_of(ani).get(url("change_module", programme, made.code)).content.decode()
    assert form.count("checked") == 2


def test_equipment_is_added_and_changed_on_the_page_of_rooms(programme, ani, citra, client_of):
    client_of(ani).post(url("add_equipment", programme), {"name": "Laptop", "sets": 2})
    made = Equipment.objects.get()
    client_of(ani).post(url("change_equipment", programme, made.code), {"name": "Laptop", "sets": 3})
    page = client_of(ani).get(url("rooms", programme)).content.decode()
    assert "Laptop" in page
    assert Equipment.objects.get().sets == 3
    assert LogEntry.objects.filter(verb="training.equipment_changed").exists()
    assert client_of(ani).post(url("add_equipment", programme), {"name": "Laptop", "sets": -1}).status_code == 200
    assert client_of(citra).get(url("add_equipment", programme)).status_code == 403


def test_a_session_before_what_its_module_needs_clashes(programme, ani):
    basics, later = module(programme, hours=4), module(programme, "MOD-2", position=2)
    change(later, needs=[basics])
    taught = group(programme, people=2, mentor=mentor(programme))
    early = session(taught, "S001", module=later, starts_at=moment())
    assert said(services.clashes_of(early)) == ["“Modul MOD-2” needs “Modul MOD-1”, of which the group has no session."]
    after = session(taught, "S002", module=basics, starts_at=moment(MONDAY + datetime.timedelta(days=1)))
    (reason,) = services.clashes_of(early)
    assert reason.params["held_on"] == MONDAY + datetime.timedelta(days=1)
    assert services.clashes_of(after) == []
    assert services.clashing(programme) == {early.pk}
    right = session(taught, "S003", module=later, starts_at=moment(MONDAY + datetime.timedelta(days=2)))
    assert Curriculum.of(programme).not_learned(right) == []
    with pytest.raises(Refused, match=r"“Modul MOD-2” on .* needs “Modul MOD-1” before it"):
        services.reschedule(
            session=after, starts_at=moment(MONDAY + datetime.timedelta(days=3)), room=after.room, by=ani
        )
    basics.hours = 6  # more than were ever planned: what was planned came before
    change(basics)
    assert Curriculum.of(programme).not_learned(right) == []


def test_a_session_of_a_module_for_another_field_clashes(programme, ani):
    other = module(
        programme, field=programme.fields.create(code="souvenir", name="Suvenir", name_en="Souvenirs", most_seats=9)
    )
    found = session(group(programme, people=2, mentor=mentor(programme)), module=other)
    assert any("is for groups of" in one for one in said(services.clashes_of(found)))


def test_nothing_is_held_at_night_nor_at_sunset(programme):
    def told(start, end):
        return said(rules.reasons_time(moment(hour=start), moment(hour=end)))

    assert told(2, 4) == ["Sessions are held between 06:00 and 22:00, and end on the same day."]
    assert told(20, 23) == ["Sessions are held between 06:00 and 22:00, and end on the same day."]
    assert said(rules.reasons_time(moment(hour=20), moment(MONDAY + datetime.timedelta(days=1), hour=7)))
    assert told(8, 11) == []
    found = session(group(programme, people=2, mentor=mentor(programme)), starts_at=moment(hour=17))
    assert any("for the sunset prayer" in one for one in said(services.clashes_of(found)))


def test_a_mentor_teaches_only_on_the_days_that_were_named(programme, ani):
    found = session(group(programme, people=2, mentor=mentor(programme, days="tue wed")))
    assert said(services.clashes_of(found)) == [f"{found.mentor} cannot come on a Monday."]
    services.cancel_session(session=found, why="salah hari", by=ani)
    programme.sessions.all().delete()
    weeks(programme)
    made = services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    assert {one.starts_at.weekday() for one in programme.sessions.all()} == {1}
    assert made.input["busy"]
    assert services.clashing(programme) == set()


def test_two_sessions_do_not_use_the_only_set_at_one_time(programme, ani):
    used, cooking = stoves(programme), module(programme)
    change(cooking, equipment=[used])
    rooms = room(programme), room(programme, "R-2")
    groups = [group(programme, f"G0{n}", people=2, first=10 * n, mentor=mentor(programme, f"M{n}")) for n in (1, 2)]
    both = [session(one, f"S00{n}", module=cooking, room=rooms[n]) for n, one in enumerate(groups)]
    assert said(services.clashes_of(both[0])) == [
        "Kompor: no set is free at that time, since other sessions use them (there are 1)."
    ]
    assert services.clashing(programme) == {one.pk for one in both}
    used.sets = 2
    services.change_equipment(equipment=used, by=ani)
    assert services.clashing(programme) == set()


def test_a_timetable_shares_the_equipment_and_says_where_it_lacks(programme, ani, client_of):
    used, cooking = stoves(programme), module(programme, hours=4)
    change(cooking, equipment=[used])
    for number in (1, 2, 3):
        group(programme, f"G0{number}", people=2, first=10 * number, mentor=mentor(programme, f"M{number}"))
        room(programme, f"R-{number}")
    weeks(programme, days=1)
    frozen = services.freeze_timetable(programme=programme, by=ani)
    with pytest.raises(Refused, match="Kompor: 3 sessions use it, but with 1 at a time on 2 half days only 2 can"):
        services.make_timetable(timetable=frozen, by=ani)
    client_of(ani).post(url("make_timetable", programme, frozen.code))
    assert "Kompor: 3 sessions use it" in str(Job.objects.get().said) or "sessions use it" in str(
        Job.objects.get().said
    )
    used.sets = 2
    services.change_equipment(equipment=used, by=ani)
    services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    starts = [one.starts_at for one in programme.sessions.all()]
    assert max(map(starts.count, starts)) == 2


def test_a_small_room_counts_as_a_clash_wherever_clashes_are_counted(programme, ani, client_of):
    found = session(group(programme, people=3, mentor=mentor(programme)), room=room(programme, capacity=2))
    assert services.clashing(programme) == {found.pk}
    assert "1 session clashes" in client_of(ani).get(url("timetable", programme)).content.decode()
    with pytest.raises(Refused, match="1 sessions clash"):
        services.publish(programme=programme, by=ani, on=MONDAY)


def test_what_the_counting_of_equipment_does_not_explain_is_explained_by_what_contradicts(programme, ani):
    used, cooking = stoves(programme), module(programme, hours=4)
    change(cooking, equipment=[used])
    for number in (1, 2):
        group(programme, f"G0{number}", people=2, first=10 * number, mentor=mentor(programme, f"M{number}", days="mon"))
        room(programme, f"R-{number}")
    weeks(programme, days=2)
    for number in (1, 2):
        blocked = {"name": "Pasar", "kind": "market", "first_day": MONDAY, "last_day": MONDAY, "source": "synthetic"}
        times = {"starts": datetime.time(6), "ends": datetime.time(12)}
        one = BlockedTime(programme=programme, group=programme.groups.get(code=f"G0{number}"), **blocked, **times)
        services.block_time(blocked=one, by=ani)
    frozen = services.freeze_timetable(programme=programme, by=ani)
    with pytest.raises(Refused) as refusal:
        services.make_timetable(timetable=frozen, by=ani)
    said = str(refusal.value)
    assert "cannot all hold" in said
    assert "Kompor is used in no more sessions at a time" in said


def test_another_trainer_takes_over_a_session_and_it_can_be_taken_back(programme, ani, client_of):
    first, other = mentor(programme), mentor(programme, "M2", name="Budi")
    found = session(group(programme, people=2, mentor=first))
    form = client_of(ani).get(url("reschedule", programme, found.code)).content.decode()
    assert "Budi" in form
    given = {"day": MONDAY.isoformat(), "time": "08:00", "room": found.room_id, "trainer": "mentor:M2"}
    client_of(ani).post(url("reschedule", programme, found.code), given)
    found.refresh_from_db()
    assert found.mentor == other
    client_of(ani).post(url("take_back_move", programme, found.code))
    found.refresh_from_db()
    assert found.mentor == first
    assert [one for one in verify_log() if "without" not in str(one)] == []


def test_a_session_whose_mentor_left_is_marked_until_somebody_else_teaches(programme, ani):
    gone = mentor(programme, left_on=MONDAY - datetime.timedelta(days=3))
    found = session(group(programme, people=2, mentor=gone))
    assert services.clashing(programme) == {found.pk}
    other = mentor(programme, "M2")
    services.reschedule(session=found, starts_at=found.starts_at, room=found.room, trainer=other, by=ani)
    assert services.clashing(programme) == set()


def test_hours_that_an_expert_teaches_are_used_up(programme, ani):
    found = expert(programme, hours_per_month=4)
    taught = session(group(programme, people=2), mentor=None, expert=found)
    day = taught.starts_at.date()
    assert matching.hours_given(found, day) == matching.hours_taught(found, day) == 3
    assert matching.hours_given(found, day + datetime.timedelta(days=40)) == 0
    with pytest.raises(Refused, match="1 of that month are left, and you ask for 2"):
        matching.lend_expert(loan=Loan(programme=programme, expert=found, day=day, hours=2, need="Kemasan"), by=ani)


def test_a_module_added_after_the_timetable_counts_once_it_is_taught_or_must_be_taken(programme, ani):
    module(programme)
    taught = group(programme, people=2, mentor=mentor(programme))
    room(programme)
    weeks(programme)
    services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    who = taught.members.first().applicant_id

    def counted() -> set[str]:
        return {one.module for one in modules_of(programme, [who])[who]}

    later = module(programme, "MOD-9", position=9)
    assert counted() == {"Modul MOD-1"}
    other = group(programme, "G02", people=1, first=30, mentor=mentor(programme, "M9"))
    held = session(taught, "S900", module=later, status="held", starts_at=moment(MONDAY + datetime.timedelta(days=20)))
    Attendance.objects.create(programme=programme, session=held, applicant_id=who, status="absent", source="synthetic")
    assert counted() == {"Modul MOD-1", "Modul MOD-9"}
    apart = other.members.get().applicant_id
    assert {one.module for one in modules_of(programme, [apart])[apart]} == {"Modul MOD-1"}  # it was not theirs
    module(programme, "MOD-8", position=9, is_compulsory=True)
    assert "Modul MOD-8" in counted()


def test_sessions_of_a_mentor_who_left_go_to_the_groups_new_ones(programme, ani, client_of):
    gone, new = mentor(programme, left_on=MONDAY), mentor(programme, "M2", name="Budi")
    taken = group(programme, people=2, mentor=new)
    waiting = group(programme, "G02", people=2, first=20, mentor=gone)
    before = session(taken, "S001", mentor=gone)
    moved = session(taken, "S002", mentor=gone, starts_at=moment(MONDAY + datetime.timedelta(days=1)))
    stays = session(waiting, "S003", mentor=gone, starts_at=moment(MONDAY + datetime.timedelta(days=2)))
    client = client_of(ani)
    assert (
        "2 sessions are still planned with mentors who left" in client.get(url("timetable", programme)).content.decode()
    )
    page = client.get(reverse("matching:mentor", args=[programme.code, gone.code])).content.decode()
    assert "2 sessions of the training are still planned with this mentor" in page
    told = client.post(url("hand_over", programme), follow=True).content.decode()
    assert "1 session was handed over" in told
    assert f"{waiting}: " in told
    services.cancel_session(session=stays, why="batal", by=ani)
    assert "Nothing is left to hand over" in client.post(url("hand_over", programme), follow=True).content.decode()
    assert [one.mentor for one in programme.sessions.order_by("code")] == [gone, new, gone]
    moved.refresh_from_db()
    assert (moved.mentor, before.mentor, stays.mentor) == (new, gone, gone)
    assert "Take the move back" not in client.get(url("session", programme, moved.code)).content.decode()
