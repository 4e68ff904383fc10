import pytest
from django.urls import reverse

from kawasan.applicants.tests.factories import place
from kawasan.core.models import Job
from kawasan.core.rules import JobState
from kawasan.core.text import Text
from kawasan.matching.models import Mentor
from kawasan.matching.tests.factories import expert, group, mentor
from kawasan.training import services
from kawasan.training.models import Attendance, Module, Room, Session, Timetable
from kawasan.training.tests.factories import MONDAY, module, moment, room, session, weeks

pytestmark = pytest.mark.django_db


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


def text_of(client, address, **query):
    return client.get(address, query).content.decode()


@pytest.mark.parametrize("name", ["timetable", "modules", "rooms", "attendance", "calendar"])
def test_each_page_opens_and_strangers_see_nothing(name, programme, ani, fajar, client_of):
    assert client_of(ani).get(url(name, programme)).status_code == 200
    assert client_of(fajar).get(url(name, programme)).status_code == 404


def test_the_office_freezes_and_makes_the_timetable_from_the_page(programme, ani, client_of):
    group(programme, people=2, mentor=mentor(programme))
    module(programme)
    room(programme)
    weeks(programme)
    client = client_of(ani)
    client.post(url("freeze", programme))
    assert "Make the timetable from them" in text_of(client, url("timetable", programme))
    client.post(url("make_timetable", programme, Timetable.objects.get().code))
    text = text_of(client, url("timetable", programme), week=MONDAY.isoformat())
    assert "Module MOD-1" in text
    assert "No clashes" in text


def test_while_a_worker_makes_the_timetable_nobody_is_offered_to_make_it_again(programme, ani, client_of):
    group(programme, people=2, mentor=mentor(programme))
    module(programme)
    room(programme)
    weeks(programme)
    services.freeze_timetable(programme=programme, by=ani)
    about = Text("Make the timetable {timetable}", {"timetable": "TT-1"}).stored()
    Job.objects.create(programme_code=programme.code, subject="training-timetable", by=ani, about=about)
    text = text_of(client_of(ani), url("timetable", programme))
    assert "Being worked at" in text
    assert url("make_timetable", programme, "TT-1") not in text
    assert url("freeze", programme) not in text


def test_why_no_timetable_can_be_made_is_told_where_it_was_asked_for(programme, ani, client_of):
    group(programme, people=6, mentor=mentor(programme))
    module(programme)
    room(programme)
    weeks(programme)
    frozen = services.freeze_timetable(programme=programme, by=ani)
    room(programme, "R-2")
    said = client_of(ani).post(url("make_timetable", programme, frozen.code), follow=True).content.decode()
    assert "changed after freezing" in said
    assert Job.objects.get().state == JobState.FAILED
    assert not programme.sessions.exists()


def test_nothing_is_frozen_before_all_is_there_and_the_page_says_what_is_missing(programme, ani, budi, client_of):
    group(programme, people=2, mentor=mentor(programme))
    module(programme)
    text = text_of(client_of(ani), url("timetable", programme))
    assert "Freeze the input" not in text
    assert "There are no rooms yet. Add them." in text
    assert "Complete what is missing" in text
    assert "There are no rooms yet" not in text_of(client_of(budi), url("timetable", programme))
    room(programme)
    weeks(programme)
    assert "Freeze the input" in text_of(client_of(ani), url("timetable", programme))


def test_only_manager_and_planner_may_change_the_timetable(programme, budi, citra, client_of):
    assert client_of(budi).post(url("freeze", programme)).status_code == 403
    assert client_of(citra).get(url("clear", programme)).status_code == 403


def test_the_timetable_is_filtered_by_group(programme, dewi, client_of):
    session(group(programme, "G01"), "S001")
    session(group(programme, "G02"), "S002", module=module(programme, "MOD-9"), starts_at=moment(hour=13))
    text = text_of(client_of(dewi), url("timetable", programme), group="G02", week=MONDAY.isoformat())
    assert "Module MOD-9" in text
    assert "Module MOD-1" not in text


def test_the_timetable_opens_at_the_last_week_when_all_is_over(programme, dewi, client_of):
    session(group(programme))
    assert "Module MOD-1" in text_of(client_of(dewi), url("timetable", programme))
    assert "Module MOD-1" not in text_of(client_of(dewi), url("timetable", programme), week="2022-10-10")


def test_a_clash_is_shown(programme, ani, client_of):
    session(group(programme, "G01"), "S001")
    session(group(programme, "G02"), "S002")
    assert "2 sessions clash" in text_of(client_of(ani), url("timetable", programme))


def test_an_expert_with_more_hours_than_given_is_shown(programme, ani, client_of):
    session(group(programme), expert=expert(programme, hours_per_month=2))
    assert "teaches 3 hours in October 2022, but gives 2" in text_of(client_of(ani), url("timetable", programme))


def test_a_participant_does_not_see_the_attendance_list(programme, dewi, client_of):
    session(group(programme, people=1))
    assert client_of(dewi).get(url("session", programme, "S001")).status_code == 403


def test_a_mentor_records_the_attendance_of_the_own_group(programme, citra, client_of):
    found = group(programme, people=2, mentor=mentor(programme, user=citra))
    session(found)
    assert "Record the attendance" in text_of(client_of(citra), url("session", programme, "S001"))
    answers = {f"member-{m.applicant_id}": "late" for m in found.members.all()}
    client_of(citra).post(url("record_attendance", programme, "S001"), answers)
    assert set(Attendance.objects.values_list("status", flat=True)) == {"late"}
    assert Session.objects.get().status == "held"


def test_a_mentor_cannot_record_the_attendance_of_another_group(programme, citra, client_of):
    session(group(programme, people=1, mentor=mentor(programme)))
    Mentor.objects.filter(user=citra).delete()
    assert "Record the attendance" not in text_of(client_of(citra), url("session", programme, "S001"))
    assert client_of(citra).post(url("record_attendance", programme, "S001")).status_code == 404


def test_an_incomplete_attendance_list_saves_nothing_and_says_so(programme, ani, client_of):
    found = group(programme, people=2)
    session(found)
    one = found.members.first().applicant_id
    answer = client_of(ani).post(url("record_attendance", programme, "S001"), {f"member-{one}": "present"}, follow=True)
    assert "Nothing was saved." in answer.content.decode()
    assert not Attendance.objects.exists()


def test_an_incomplete_attendance_list_comes_back_as_it_was_filled_in(programme, ani, client_of):
    found = group(programme, people=2)
    session(found)
    one, other = found.members.values_list("applicant_id", flat=True)
    shown = client_of(ani).post(url("record_attendance", programme, "S001"), {f"member-{one}": "late"})
    assert shown.context["form"][f"member-{one}"].value() == "late"
    assert list(shown.context["form"].errors) == [f"member-{other}"]
    assert shown.content.decode().count('role="alert"') == 1
    assert "Choose one: present, late, excused or absent." in shown.content.decode()


def test_the_language_can_be_changed_on_a_list_that_came_back(programme, ani, client_of):
    session(group(programme, people=2))
    shown = client_of(ani).post(url("record_attendance", programme, "S001"))
    assert f'name="next" value="{url("session", programme, "S001")}"' in shown.content.decode()


def test_shares_of_attendance_are_shown(programme, ani, client_of):
    found = group(programme, people=1)
    who = found.members.get().applicant
    for number, status in enumerate(("present", "late", "absent", "excused")):
        held = session(found, f"S00{number}", starts_at=moment(hour=8 + number), status="held")
        Attendance.objects.create(programme=programme, session=held, applicant=who, status=status, source="synthetic")
    page = text_of(client_of(ani), url("attendance", programme), group="G01", q="orang")
    assert "100%" in page  # all 4 hours of the module, by the first session alone
    Module.objects.update(hours=12)
    assert "66%" in text_of(client_of(ani), url("attendance", programme), group="G01", q="orang")  # 8 of 12


def test_a_session_that_was_attended_again_counts_once_and_the_page_says_so(programme, ani, client_of):
    found = group(programme, people=1)
    who = found.members.get().applicant
    for number in range(2):
        held = session(found, f"S00{number}", starts_at=moment(hour=8 + number), status="held")
        Attendance.objects.create(
            programme=programme, session=held, applicant=who, status="present", source="synthetic"
        )
    page = text_of(client_of(ani), url("participant", programme, who.code))
    assert "8 were attended; no more count than the module has" in page
    assert 'data-label="Hours attended (JPL)">4<' in page


def test_a_session_is_moved_and_cancelled_from_its_page(programme, ani, client_of):
    found = session(group(programme))
    given = {"day": "2022-10-04", "time": "09:00", "room": found.room_id}
    client_of(ani).post(url("reschedule", programme, "S001"), given)
    assert Session.objects.get().starts_at == moment(MONDAY.replace(day=4), 9)
    client, address = client_of(ani), url("cancel_session", programme, "S001")
    client.post(address)
    assert Session.objects.get().status == "planned"  # a reason is asked first
    client.post(address, {"why": "Banjir"})
    assert Session.objects.get().status == "cancelled"
    assert "Banjir" in text_of(client, url("session", programme, "S001"))
    client.post(url("take_back_cancellation", programme, "S001"))
    assert Session.objects.get().status == "planned"
    client.post(address, {"why": "Banjir"})
    session(Session.objects.get().group, "S002", starts_at=Session.objects.get().starts_at)
    assert client.post(url("take_back_cancellation", programme, "S001")).status_code == 422


def test_a_session_that_was_held_is_not_moved_and_the_page_says_why(programme, ani, budi, client_of):
    session(group(programme), status="held")
    page = text_of(client_of(ani), url("session", programme, "S001"))
    assert url("reschedule", programme, "S001") not in page
    assert "so it can be neither moved nor cancelled." in page
    assert "neither moved nor cancelled" not in text_of(client_of(budi), url("session", programme, "S001"))
    form = text_of(client_of(ani), url("reschedule", programme, "S001"))
    assert "so it can be neither moved nor cancelled." in form
    assert 'name="time"' not in form


def test_clearing_asks_first(programme, ani, client_of):
    session(group(programme))
    client_of(ani).post(url("clear", programme), {})
    assert Session.objects.exists()
    client_of(ani).post(url("clear", programme), {"is_sure": "on"})
    assert not Session.objects.exists()


def test_modules_and_rooms_are_added_and_changed(programme, ani, client_of):
    given = {"name": "Pembukuan", "name_en": "Bookkeeping", "hours": 6, "position": 1}
    client_of(ani).post(url("add_module", programme), given)
    client_of(ani).post(url("change_module", programme, "MOD-01"), given | {"hours": 8})
    hall = {"name": "Aula", "place": place(programme).pk, "capacity": 40}
    client_of(ani).post(url("add_room", programme), hall)
    client_of(ani).post(url("change_room", programme, "R-1"), hall | {"capacity": 30})
    assert (Module.objects.get().hours, Room.objects.get().capacity) == (8, 30)


def test_a_code_sent_along_is_not_taken(programme, ani, client_of):
    module(programme, "MOD-01")
    room(programme, "R-1")
    bookkeeping = {"name": "Pembukuan", "name_en": "Bookkeeping", "hours": 6, "position": 1, "code": "MOD-01"}
    hall = {"name": "Aula", "place": place(programme).pk, "capacity": 40, "code": "R-1"}
    assert client_of(ani).post(url("add_module", programme), bookkeeping).status_code == 302
    assert client_of(ani).post(url("add_room", programme), hall).status_code == 302
    assert set(Module.objects.values_list("code", flat=True)) == {"MOD-01", "MOD-02"}
    assert set(Room.objects.values_list("code", flat=True)) == {"R-1", "R-2"}


def test_an_expert_of_another_programme_cannot_be_chosen(programme, other_programme, ani, client_of):
    given = {"name": "Pembukuan", "name_en": "Bookkeeping", "hours": 6, "position": 1}
    answer = client_of(ani).post(url("add_module", programme), given | {"expert": expert(other_programme).pk})
    assert answer.context["form"].errors.keys() == {"expert"}


def test_the_calendar_of_a_group_is_a_file(programme, dewi, client_of):
    session(group(programme))
    answer = client_of(dewi).get(url("calendar", programme), {"group": "G01"})
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content
    assert client_of(dewi).get(url("calendar", programme), {"group": "G99"}).status_code == 404


def test_pages_ask_as_often_with_ten_times_the_rows(programme, ani, client_of, django_assert_max_num_queries):
    for number in range(1, 11):
        found = group(programme, f"G{number:02}", people=3, first=10 * number, mentor=mentor(programme, f"M{number}"))
        module(programme, f"MOD-{number}")
        room(programme, f"R-{number}")
        held = session(found, f"S{number:03}", status="held", room=programme.rooms.last())
        for member in found.members.all():
            Attendance.objects.create(
                programme=programme, session=held, applicant=member.applicant, status="present", source="synthetic"
            )
    client = client_of(ani)
    for name in ("attendance", "modules", "rooms"):
        with django_assert_max_num_queries(12):
            client.get(url(name, programme))
    with django_assert_max_num_queries(12):
        client.get(url("session", programme, "S001"))
    with django_assert_max_num_queries(12):
        client.get(url("timetable", programme))


@pytest.mark.parametrize("week", ["9999-12-31", "0001-01-01", "2022-02-31", "kapan"])
def test_a_week_that_cannot_be_shown_is_the_nearest_there_is(week, programme, ani, client_of):
    assert client_of(ani).get(f"/p/{programme.code}/training/", {"week": week}).status_code == 200
