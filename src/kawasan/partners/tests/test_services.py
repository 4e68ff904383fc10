import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.partners import services
from kawasan.partners.models import Commitment, MeetingAttendance, Organisation
from kawasan.partners.rules import Status
from kawasan.partners.tests import factories

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2022, 12, 1)


def deliver(commitment, by, **changes):
    given = {"delivered_on": datetime.date(2022, 9, 30), "delivered_quantity": 8.0, "on": TODAY} | changes
    return services.record_delivery(commitment=commitment, by=by, **given)


def test_an_added_organisation_is_stored_and_logged(programme, ani):
    services.add_organisation(
        programme=programme, by=ani, code="ORG-9", name="Bank Contoh", kind="bank", source="synthetic"
    )
    assert Organisation.objects.get(code="ORG-9").kind == "bank"
    entry = LogEntry.objects.get(verb="partners.organisation_added")
    assert (entry.by, entry.programme_code) == (ani, "contoh-2022")


def test_an_organisation_of_no_known_kind_is_not_stored(programme, ani):
    with pytest.raises(ValidationError):
        services.add_organisation(programme=programme, by=ani, code="ORG-9", name="X", kind="club", source="synthetic")
    assert not Organisation.objects.exists()


def test_two_people_who_correct_different_columns_do_not_undo_each_other(programme, ani, budi):
    organisation = factories.organisation(programme)
    stale = Organisation.objects.get()
    services.change_organisation(organisation=organisation, changes={"phone": "0717 421234"}, by=ani)
    services.change_organisation(organisation=stale, changes={"role": "Tuan rumah"}, by=budi)
    stored = Organisation.objects.get()
    assert (stored.phone, stored.role) == ("+62717421234", "Tuan rumah")


def test_a_change_of_nothing_is_not_logged(programme, ani):
    services.change_organisation(organisation=factories.organisation(programme), changes={}, by=ani)
    assert not LogEntry.objects.exists()


def test_a_delivery_is_recorded_once_however_often_it_is_sent(programme, ani, budi):
    commitment = factories.commitment(factories.organisation(programme))
    again = Commitment.objects.get()
    deliver(commitment, ani)
    with pytest.raises(Refused, match="recorded already"):
        deliver(again, budi, delivered_quantity=3.0)
    stored = Commitment.objects.get()
    assert (stored.delivered_quantity, stored.status_on(TODAY)) == (8.0, Status.DELIVERED)
    assert LogEntry.objects.filter(verb="partners.delivery_recorded").count() == 1


def test_a_delivery_of_tomorrow_is_refused(programme, ani):
    commitment = factories.commitment(factories.organisation(programme))
    with pytest.raises(Refused, match="still to come"):
        deliver(commitment, ani, delivered_on=TODAY + datetime.timedelta(days=1))
    with pytest.raises(Refused, match="still to come"):
        services.change_commitment(
            commitment=commitment, changes={"delivered_on": datetime.date(2023, 1, 1)}, by=ani, on=TODAY
        )


def test_a_wrong_delivery_can_be_taken_back(programme, ani):
    commitment = deliver(factories.commitment(factories.organisation(programme)), ani)
    services.change_commitment(
        commitment=commitment, changes={"delivered_on": None, "delivered_quantity": None}, by=ani, on=TODAY
    )
    assert Commitment.objects.get().status_on(TODAY) == Status.OVERDUE


def test_a_delivered_quantity_without_a_day_cannot_be_stored(programme):
    with pytest.raises(IntegrityError):
        factories.commitment(factories.organisation(programme), delivered_quantity=4)


def test_the_database_and_the_rule_agree_on_where_every_commitment_stands(programme):
    organisation, due = factories.organisation(programme), datetime.date(2022, 10, 1)
    days = [due + datetime.timedelta(days=d) for d in (-1, 0, 1)]
    for number, delivered_on in enumerate([None, *days]):
        factories.commitment(organisation, f"COM-{number}", due_on=due, delivered_on=delivered_on)
    for today in days:
        by_rule = [c.status_on(today) for c in Commitment.objects.all()]
        by_database = Commitment.objects.counts(today)
        assert by_database == {s: by_rule.count(s) for s in Status}
        for s in Status:
            assert {c.status_on(today) for c in Commitment.objects.standing_at(s, today)} <= {s}


def test_attendance_is_put_on_the_list_and_taken_off(programme, ani):
    meeting, organisation = factories.meeting(programme), factories.organisation(programme)
    attendance = services.record_attendance(
        meeting=meeting, by=ani, name="Rina", organisation=organisation, position="Lurah"
    )
    services.remove_attendance(attendance=attendance, by=ani)
    assert not MeetingAttendance.objects.exists()
    assert [e.verb for e in LogEntry.objects.all()] == ["partners.attendance_removed", "partners.attendance_recorded"]


def test_the_log_covers_every_row_that_the_services_write(programme, ani):
    columns = {"code": "ORG-9", "name": "Bank Contoh", "kind": "bank", "source": "synthetic"}
    organisation = services.add_organisation(programme=programme, by=ani, **columns)
    meeting = services.add_meeting(
        programme=programme, by=ani, code="M", name="Rapat", held_on=TODAY, source="synthetic"
    )
    services.change_meeting(meeting=meeting, changes={"location": "Bappeda"}, by=ani)
    services.record_minutes(meeting=meeting, minutes="Disepakati.", by=ani)
    services.remove_attendance(
        attendance=services.record_attendance(meeting=meeting, by=ani, name="Rina", organisation=organisation), by=ani
    )
    commitment = services.add_commitment(
        programme=programme,
        by=ani,
        organisation=organisation,
        code="C",
        what="Kredit",
        due_on=TODAY,
        source="synthetic",
    )
    deliver(commitment, ani)
    assert [fault for fault in verify_log() if "partners" in str(fault)] == []


def test_recording_a_delivery_takes_few_queries(programme, ani, django_assert_max_num_queries):
    commitment = factories.commitment(factories.organisation(programme))
    with django_assert_max_num_queries(16):
        deliver(commitment, ani)
