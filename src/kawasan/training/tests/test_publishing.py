"""A timetable is published, and published again: only what changed is told, to those whom it concerns."""

import datetime

import icalendar
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from kawasan.applicants.models import Person
from kawasan.core.errors import Refused
from kawasan.core.services import verify_log
from kawasan.matching.tests.factories import expert, group, mentor
from kawasan.training import queries, services
from kawasan.training.models import Publication, Session
from kawasan.training.rules.publishing import Change, ChangeKind, Row, changes, published_rows
from kawasan.training.tests.factories import MONDAY, module, moment, room, session, weeks

TUESDAY = MONDAY + datetime.timedelta(days=1)


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


def row(code="S001", **other):
    given = {"module": "MOD-1", "group": "G01", "room": "R-1", "trainer": ("mentor", "M1")}
    return Row(code, **(given | {"starts_at": moment(), "ends_at": moment(hour=11)} | other))


def test_only_what_is_not_as_published_is_a_change():
    before = [row("S001"), row("S002"), row("S003"), row("S004"), row("S005", is_cancelled=True)]
    now = [
        row("S001"),
        row("S002", starts_at=moment(hour=7), ends_at=moment(hour=10)),
        row("S003", trainer=("expert", "EXP-1")),
        row("S006"),
        row("S007", is_cancelled=True),
    ]
    assert {(one.kind, one.now.code) for one in changes(before, now)} == {
        (ChangeKind.MOVED, "S002"),
        (ChangeKind.CHANGED, "S003"),
        (ChangeKind.CANCELLED, "S004"),
        (ChangeKind.NEW, "S006"),
    }


def test_a_number_rises_with_each_change_and_what_is_gone_stays_as_cancelled():
    first = list(published_rows([], [row("S001"), row("S002"), row("S003", is_cancelled=True)], moment()))
    assert [(one.code, one.sequence, one.changed_at) for one in first] == [("S001", 0, moment()), ("S002", 0, moment())]
    second = {one.code: one for one in published_rows(first, [row("S001")], moment(TUESDAY))}
    assert second["S001"].changed_at == moment()
    assert (second["S002"].is_cancelled, second["S002"].sequence, second["S002"].changed_at) == (
        True,
        1,
        moment(TUESDAY),
    )
    third = {one.code: one for one in published_rows(second.values(), [row("S001")], moment(TUESDAY))}
    assert third["S002"] == second["S002"]


def test_a_change_is_the_same_after_it_was_stored():
    change = changes([row()], [row(room="R-2")])[0]
    assert Change.restored(change.stored()) == change


@pytest.fixture
def published(programme, ani, dewi, citra):
    """Two groups, of which Dewi is in the first, and Citra its mentor; three sessions, published."""
    one = group(programme, "G01", people=2, mentor=mentor(programme, "M1", user=citra))
    two = group(programme, "G02", people=2, first=9, mentor=mentor(programme, "M2"))
    Person.objects.filter(pk=one.members.first().applicant.person_id).update(user=dewi)
    session(one, "S001")
    session(one, "S002", starts_at=moment(hour=14), mentor=None, expert=expert(programme, "EXP-1"))
    session(two, "S003", starts_at=moment(TUESDAY), mentor=two.mentor)
    services.publish(programme=programme, by=ani, on=MONDAY)
    return programme


def pending(programme):
    return queries.pending_changes(queries.Known.of(programme), programme.publications.first())


def feed(programme, user):
    events = icalendar.Calendar.from_ical(services.feed(programme=programme, user=user)).walk("VEVENT")
    return {str(event["UID"]).split(".")[0]: event for event in events}


@pytest.mark.django_db
def test_the_first_publication_tells_everybody_of_everything(published):
    found = Publication.objects.get()
    assert (found.number, found.published_on) == (1, MONDAY)
    assert [change["kind"] for change in found.changes] == ["new"] * 3
    assert pending(published) == []
    assert not [fault for fault in verify_log() if "Publication" in str(fault)]


@pytest.mark.django_db
def test_only_those_whom_a_change_concerns_are_told(published, ani):
    moved = Session.objects.get(code="S002")
    services.reschedule(session=moved, starts_at=moment(hour=14, minute=30), room=moved.room, by=ani)
    services.publish(programme=published, by=ani, on=TUESDAY)
    [stored] = Publication.objects.first().changes
    assert {(one["name"], one["people"], one["accounts"]) for one in stored["told"]} == {
        ("Kelompok G01", 2, 1), ("Pendamping M1", 1, 1), ("Narasumber EXP-1", 1, 0),
    }  # fmt: skip
    assert stored["kind"] == "moved"


@pytest.mark.django_db
def test_what_did_not_change_is_not_published_again(published, ani):
    with pytest.raises(Refused, match="nothing changed since"):
        services.publish(programme=published, by=ani, on=TUESDAY)
    assert Publication.objects.count() == 1


@pytest.mark.django_db
def test_what_clashes_is_not_published(published, ani):
    Session.objects.filter(code="S003").update(starts_at=moment(), ends_at=moment(hour=11))
    with pytest.raises(Refused, match="2 sessions clash"):
        services.publish(programme=published, by=ani, on=TUESDAY)


@pytest.mark.django_db
def test_calendars_show_what_is_published_and_count_its_changes(published, ani, dewi, citra):
    before = feed(published, dewi)
    assert set(before) == {"S001", "S002"}
    assert (before["S001"]["SEQUENCE"], before["S001"]["STATUS"]) == (0, "CONFIRMED")
    moved, cancelled = Session.objects.get(code="S001"), Session.objects.get(code="S002")
    services.reschedule(session=moved, starts_at=moment(TUESDAY, 14), room=moved.room, by=ani)
    services.cancel_session(session=cancelled, why="Banjir", by=ani)
    assert feed(published, dewi)["S001"].to_ical() == before["S001"].to_ical()  # only tried out so far
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        services.publish(programme=published, by=ani, on=TUESDAY)
    for user in (dewi, citra):
        after = feed(published, user)
        assert after["S001"]["DTSTART"].dt == moment(TUESDAY, 14).astimezone(datetime.UTC)
        assert (after["S001"]["SEQUENCE"], after["S002"]["SEQUENCE"]) == (1, 1)
        assert (after["S001"]["STATUS"], after["S002"]["STATUS"]) == ("CONFIRMED", "CANCELLED")
        assert after["S001"]["LAST-MODIFIED"].dt > before["S001"]["LAST-MODIFIED"].dt
    assert services.feed(programme=published, user=dewi) == services.feed(programme=published, user=dewi)


@pytest.mark.django_db
def test_own_pages_show_the_change_once_it_is_published(
    published, ani, dewi, citra, budi, client_of, django_assert_max_num_queries
):
    moved = Session.objects.get(code="S001")
    services.reschedule(session=moved, starts_at=moment(TUESDAY, 14), room=moved.room, by=ani)
    at = {"week": MONDAY.isoformat()}
    assert "14:00–17:00" in client_of(ani).get(url("timetable", published), at).content.decode()
    assert "not published yet" in client_of(citra).get(url("timetable", published), at).content.decode()
    own = client_of(dewi).get(url("timetable", published), at).content.decode()
    assert own.count("08:00–11:00") == 2  # S001 as published, and S003
    assert "changed on" not in own
    services.publish(programme=published, by=ani, on=TUESDAY)
    for user in (dewi, citra):
        client = client_of(user)
        with django_assert_max_num_queries(12):
            page = client.get(url("timetable", published), at).content.decode()
        assert "1 of your sessions was changed on" in page
        told = client.get(url("changes", published)).content.decode()
        assert "Kelompok G01" in told
        assert "Told" not in told
    assert client_of(budi).get(url("changes", published)).status_code == 200


@pytest.mark.django_db
def test_who_is_not_concerned_is_told_nothing(published, ani, dewi, client_of):
    moved = Session.objects.get(code="S003")
    services.reschedule(session=moved, starts_at=moment(TUESDAY, 14), room=moved.room, by=ani)
    services.publish(programme=published, by=ani, on=TUESDAY)
    assert "Nothing changed for you" in client_of(dewi).get(url("changes", published)).content.decode()
    assert "changed on" not in client_of(dewi).get(url("timetable", published)).content.decode()


@pytest.mark.django_db
def test_the_office_sees_who_will_be_told_and_publishes(published, ani, dewi, client_of, django_assert_max_num_queries):
    """Fifteen queries, not twelve: whether all of it can be held as it is is judged beside what changed."""
    moved = Session.objects.get(code="S002")
    services.reschedule(session=moved, starts_at=moment(hour=14, minute=30), room=moved.room, by=ani)
    client = client_of(ani)
    with django_assert_max_num_queries(15):
        text = client.get(url("changes", published)).content.decode()
    assert "1 change not told yet" in text
    assert "Narasumber EXP-1 (no account here: tell them yourself)" in text
    assert client_of(dewi).post(url("publish", published)).status_code == 403
    client.post(url("publish", published))
    assert Publication.objects.count() == 2
    assert (
        "Kelompok G01 (2 people, 1 of them with an account)"
        in client.get(url("publication", published, 2)).content.decode()
    )
    assert client_of(dewi).get(url("publication", published, 2)).status_code == 403


@pytest.mark.django_db
def test_a_timetable_made_anew_moves_what_was_published(programme, ani):
    group(programme, people=3, mentor=mentor(programme))
    module(programme, hours=8)
    room(programme)
    weeks(programme)
    services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    services.publish(programme=programme, by=ani, on=MONDAY)
    programme.milestones.filter(code="latih").update(starts_on=TUESDAY)
    services.clear_timetable(programme=programme, by=ani)
    assert {one.kind for one in pending(programme)} == {ChangeKind.CANCELLED}
    services.make_timetable(timetable=services.freeze_timetable(programme=programme, by=ani), by=ani)
    assert {(one.kind, one.now.code) for one in pending(programme)} == {(ChangeKind.MOVED, "S001")} | {
        (ChangeKind.MOVED, "S002")
    }


@pytest.mark.django_db
def test_what_is_gone_altogether_is_still_told(published, ani, client_of):
    Session.objects.all().delete()
    published.groups.all().delete()
    text = client_of(ani).get(url("changes", published)).content.decode()
    assert text.count("Cancelled") == 3
    assert "G01" in text


def test_a_participant_sees_the_count_of_what_is_published_and_no_task_of_the_office(published, ani, dewi, client_of):
    told = published.publications.get()
    session(published.groups.get(code="G02"), "S099", starts_at=moment(TUESDAY + datetime.timedelta(days=7)))
    address = url("timetable", published)
    with time_machine.travel(moment(TUESDAY), tick=False):
        text = client_of(dewi).get(address).content.decode()
        office = client_of(ani).get(address).content.decode()
    assert f"{len(told.sessions)} sessions" in text
    assert f"{len(told.sessions) + 1} sessions" in office
    assert "Record the attendance of" in office
    assert "Record the attendance of" not in text
