import datetime

import pytest
from django.urls import reverse

from kawasan.core.models import User
from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring.models import Visit
from kawasan.mentoring.tests.factories import TODAY, visit
from kawasan.programmes.models import Membership

pytestmark = pytest.mark.django_db
GIVEN = {
    "visited_on": "2022-12-01",
    "starts_at": "09:00",
    "ends_at": "10:30",
    "method": "in_person",
    "summary": "Belajar menghitung harga pokok.",
}


def url(name, programme, *args):
    return reverse(f"mentoring:{name}", args=[programme.code, *args])


def text_of(client, address, **query):
    return client.get(address, query).content.decode()


@pytest.fixture
def own(programme, citra):
    """A group of Citra's, and one of somebody else."""
    group(programme, "G02", people=1, first=9, mentor=mentor(programme, "M2"))
    return group(programme, "G01", people=2, mentor=mentor(programme, "M1", user=citra))


def test_the_page_opens_for_the_office_and_not_for_strangers_or_participants(programme, ani, dewi, fajar, client_of):
    assert client_of(ani).get(url("visits", programme)).status_code == 200
    assert client_of(dewi).get(url("visits", programme)).status_code == 403
    assert client_of(fajar).get(url("visits", programme)).status_code == 404


def test_a_mentor_sees_only_the_own_groups(own, programme, citra, client_of):
    visit(own, "V001", summary="Milik Citra")
    visit(programme.groups.get(code="G02"), "V002", summary="Milik orang lain")
    text = text_of(client_of(citra), url("visits", programme))
    assert "Milik Citra" in text
    assert "Milik orang lain" not in text
    assert "Kelompok G02" not in text


def test_a_mentor_cannot_open_or_log_a_visit_to_another_group(own, programme, citra, client_of):
    visit(programme.groups.get(code="G02"), "V002")
    client = client_of(citra)
    assert client.get(url("visit", programme, "V002")).status_code == 404
    assert client.get(url("correct_visit", programme, "V002")).status_code == 404
    assert client.get(url("log_visit", programme, "G02")).status_code == 404
    assert client.post(url("log_visit", programme, "G02"), GIVEN).status_code == 404
    assert Visit.objects.count() == 1


def test_groups_that_are_due_come_with_the_reason(own, programme, citra, client_of):
    visit(own, visited_on=TODAY - datetime.timedelta(days=20))
    assert "Last visit 20 days ago" in text_of(client_of(citra), url("visits", programme))


def test_a_participant_with_an_agreed_day_is_due_until_seen(own, programme, citra, client_of):
    who = own.members.first().applicant
    visit(own, "V001", applicant=who, next_visit_on=TODAY)
    page = text_of(client_of(citra), url("visits", programme))
    assert "Agreed for" in page
    assert "1 visit due" in page
    assert "Visits that are due: 1." in page
    visit(own, "V002", visited_on=TODAY)
    assert "Agreed for" not in text_of(client_of(citra), url("visits", programme))


def test_a_mentor_logs_a_visit_with_one_form(own, programme, citra, client_of):
    answer = client_of(citra).post(
        url("log_visit", programme, "G01"), GIVEN | {"applicant": own.members.first().applicant_id}
    )
    assert answer.status_code == 302
    assert Visit.objects.get().applicant == own.members.first().applicant


def test_what_was_typed_stays_on_the_form_with_the_reason(own, programme, citra, client_of):
    answer = client_of(citra).post(url("log_visit", programme, "G01"), GIVEN | {"obstacle": "Hujan lebat"})
    text = answer.content.decode()
    assert "There is an obstacle" in text
    assert "Belajar menghitung harga pokok." in text
    assert not Visit.objects.exists()


def test_times_in_the_wrong_order_are_said_once(own, programme, citra, client_of):
    text = client_of(citra).post(url("log_visit", programme, "G01"), GIVEN | {"ends_at": "08:00"}).content.decode()
    assert text.count("The visit ends before it starts.") == 1
    assert "visit_times" not in text


def test_a_manager_logs_for_any_group(own, programme, ani, client_of):
    assert client_of(ani).post(url("log_visit", programme, "G02"), GIVEN).status_code == 302
    assert Visit.objects.get().mentor.code == "M2"


def test_an_auditor_reads_and_does_not_write(own, programme, cast, client_of):
    visit(own)
    client = client_of(cast["hadi"])
    assert "Log a visit" not in text_of(client, url("visits", programme))
    assert "/correct/" not in text_of(client, url("visit", programme, "V001"))
    assert client.post(url("log_visit", programme, "G01"), GIVEN).status_code == 403


def test_a_correction_needs_a_reason(own, programme, citra, client_of):
    visit(own)
    address = url("correct_visit", programme, "V001")
    assert client_of(citra).post(address, GIVEN).status_code == 200
    assert client_of(citra).post(address, GIVEN | {"why": "salah tanggal"}).status_code == 302
    assert Visit.objects.get().summary == GIVEN["summary"]


def test_the_logbook_is_searched_and_filtered(own, programme, ani, client_of):
    visit(own, "V001", summary="Kandang kambing")
    visit(programme.groups.get(code="G02"), "V002", summary="Foto produk")
    assert "Foto produk" not in text_of(client_of(ani), url("visits", programme), q="kambing")
    assert "Kandang kambing" not in text_of(client_of(ani), url("visits", programme), mentor="M2")
    assert "Kandang kambing" in text_of(client_of(ani), url("visits", programme), group="G01")


def test_a_mentor_who_is_also_a_verifier_reads_all_but_logs_only_own(own, programme, citra, client_of):
    Membership.objects.create(programme=programme, user=citra, role="verifier")
    visit(programme.groups.get(code="G02"), "V002")
    assert client_of(citra).get(url("visit", programme, "V002")).status_code == 200
    assert client_of(citra).get(url("log_visit", programme, "G02")).status_code == 404


def test_the_page_asks_as_often_with_ten_times_the_rows(programme, ani, client_of, django_assert_max_num_queries):
    for number in range(1, 11):
        user = User.objects.create(username=f"m{number}", name=f"M {number}")
        found = group(
            programme, f"G{number:02}", people=1, first=10 * number, mentor=mentor(programme, f"M{number}", user=user)
        )
        who = found.members.get().applicant
        visit(found, f"V{number:03}", applicant=who, next_visit_on=TODAY)
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        client.get(url("visits", programme))
