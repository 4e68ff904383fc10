"""Certificates are issued, checked by anybody and revoked; a calendar is read at a secret address; doors have lists."""

import datetime
from io import BytesIO

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kawasan.core.errors import Refused
from kawasan.core.services import verify_log
from kawasan.matching.tests.factories import expert, group, mentor
from kawasan.programmes.models import Membership
from kawasan.training import papers, services
from kawasan.training.models import CalendarFeed, Certificate, CompletionRule, MakeUp
from kawasan.training.rules import Said
from kawasan.training.tests.factories import MONDAY, moment, session

pytestmark = pytest.mark.django_db


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


@pytest.fixture
def issued(programme, ani):
    """One of two completed the training, and is certified."""
    CompletionRule.objects.create(programme=programme, valid_from=MONDAY, least_share=80, source="synthetic")
    held = session(group(programme, people=2))
    first, second = held.group.members.values_list("applicant", flat=True)
    said = {first: Said("present"), second: Said("absent")}
    services.record_attendance(session=held, presences=said, by=ani, on=MONDAY)
    return services.issue_certificates(programme=programme, by=ani, on=MONDAY)


def test_only_who_completed_is_certified_and_only_once(issued, programme, ani):
    assert [one.hours for one in issued] == [4]
    with pytest.raises(Refused, match="Nobody has completed"):
        services.issue_certificates(programme=programme, by=ani, on=MONDAY)
    assert not [str(fault) for fault in verify_log() if "Certificate" in str(fault)]


def test_the_paper_has_number_name_hours_and_the_address_to_check(issued, programme, ani, client_of):
    found = issued[0]
    content = client_of(ani).get(url("certificate", programme, found.code)).content
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    for said in (found.code, found.name, "4 JPL", url("check_certificate", programme, found.token)[:30]):
        assert said in text


def test_the_paper_is_in_indonesian_whoever_issues_it_and_the_page_in_the_readers_language(programme, ani, client_of):
    CompletionRule.objects.create(programme=programme, valid_from=MONDAY, least_share=80, source="synthetic")
    held = session(group(programme, people=1))
    said = {held.group.members.get().applicant_id: Said("present")}
    services.record_attendance(session=held, presences=said, by=ani, on=MONDAY)
    client_of(ani).post(url("issue_certificates", programme))
    found, module = Certificate.objects.get(), held.module
    content = client_of(ani).get(url("certificate", programme, found.code)).content
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert module.name in text
    assert module.name_en not in text
    check = url("check_certificate", programme, found.token)
    for language, name in (("en", module.name_en), ("id", module.name)):
        assert f"{name}: 4 JPL" in Client(headers={"accept-language": language}).get(check).text


def test_without_a_public_address_the_paper_names_the_host_at_which_it_was_taken(issued, settings):
    path = f"/p/{issued[0].programme.code}/"
    settings.PUBLIC_ADDRESS = ""
    assert papers.check_address(issued[0], "https://kantor.example/").startswith(f"https://kantor.example{path}")
    settings.PUBLIC_ADDRESS = "https://kawasan.example"
    assert papers.check_address(issued[0], "https://kantor.example/").startswith(f"https://kawasan.example{path}")


def test_anybody_checks_a_certificate_and_sees_no_whole_name(issued, programme):
    page = Client(headers={"accept-language": "en"}).get(url("check_certificate", programme, issued[0].token))
    text = page.content.decode()
    assert "The certificate is valid." in text
    assert issued[0].name not in text
    assert issued[0].applicant.person.nik not in text
    assert issued[0].applicant.code not in text


def test_a_revoked_certificate_does_not_hold_and_the_reason_is_not_public(issued, programme, ani, client_of):
    found = issued[0]
    client_of(ani).post(url("revoke_certificate", programme, found.code), {"reason": "Kehadiran dipalsukan"})
    text = (
        Client(headers={"accept-language": "en"}).get(url("check_certificate", programme, found.token)).content.decode()
    )
    assert "Not valid: revoked on" in text
    assert "dipalsukan" not in text
    assert client_of(ani).get(url("certificate", programme, found.code)).status_code == 422


def test_after_a_revoked_one_a_new_one_is_issued_only_by_itself_with_the_reason_in_sight(
    issued, programme, ani, client_of
):
    found, client = issued[0], client_of(ani)
    services.revoke_certificate(certificate=found, reason="Kehadiran dipalsukan", by=ani, on=MONDAY)
    page = client.get(url("certificates", programme)).text
    assert "Completed, but the last certificate was revoked" in page
    assert page.count("Kehadiran dipalsukan") == 2  # there, and in the list of all
    assert "Issue 1 certificate" not in page
    with pytest.raises(Refused, match="Nobody has completed"):
        services.issue_certificates(programme=programme, by=ani, on=MONDAY)
    client.post(url("issue_again", programme, found.code))
    assert [one.applicant_id for one in programme.certificates.filter(revoked_on=None)] == [found.applicant_id]
    assert "Completed, but" not in client.get(url("certificates", programme)).text
    assert client.post(url("issue_again", programme, found.code)).status_code == 422


def test_an_address_of_no_certificate_says_so(programme, other_programme, issued):
    for where, token in ((programme, "nix"), (other_programme, issued[0].token)):
        page = Client(headers={"accept-language": "en"}).get(url("check_certificate", where, token))
        assert page.status_code == 404
        assert "There is no certificate with this address." in page.content.decode()


def test_the_list_of_certificates_is_within_twelve_queries(
    issued, programme, ani, client_of, django_assert_max_num_queries
):
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        assert issued[0].name in client.get(url("certificates", programme)).content.decode()
    assert Certificate.objects.count() == 1


def test_a_mentor_reads_own_sessions_at_a_secret_address_until_it_is_taken_back(programme, citra, client_of):
    session(group(programme, "G01", people=1, mentor=mentor(programme, user=citra)), "S001")
    session(
        group(programme, "G02", people=1, first=40, mentor=mentor(programme, "M9")), "S002", starts_at=moment(hour=13)
    )
    client = client_of(citra)
    address = client.post(url("feed", programme)).context["address"]
    events = icalendar.Calendar.from_ical(Client().get(address).content).walk("VEVENT")
    assert [str(event["UID"]) for event in events] == ["S001.contoh-2022@kawasan"]
    newer = client.post(url("feed", programme)).context["address"]
    assert Client().get(address).status_code == 404
    assert Client().get(newer).status_code == 200
    assert newer.rsplit("/", 1)[1].removesuffix(".ics") not in CalendarFeed.objects.get().digest
    client.post(url("feed", programme), {"revoke": "1"})
    assert Client().get(newer).status_code == 404


def events_at(address) -> list[str]:
    content = Client().get(address).content
    return [str(event["UID"]).split(".")[0] for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]


def test_the_office_makes_an_address_for_who_has_no_account(programme, ani, citra, client_of):
    teacher = expert(programme)
    one = group(programme, "G01", people=1, mentor=mentor(programme))
    other = group(programme, "G02", people=1, first=40, mentor=mentor(programme, "M9"))
    session(one, "S001")
    session(other, "S002", starts_at=moment(hour=13), mentor=None, expert=teacher)
    guest = session(other, "S003", starts_at=moment(MONDAY + datetime.timedelta(days=1)))
    member = one.members.get().applicant
    MakeUp.objects.create(programme=programme, missed=one.sessions.get(), session=guest, applicant=member)
    client = client_of(ani)
    own = {
        ("applicant", member.code): ["S001", "S003"],
        ("expert", teacher.code): ["S002"],
        ("mentor", "M9"): ["S002", "S003"],
    }
    addresses = {who: client.post(url("person_feed", programme, *who)).context["address"] for who in own}
    assert {who: events_at(address) for who, address in addresses.items()} == own
    services.publish(programme=programme, by=ani, on=MONDAY)
    assert {who: events_at(address) for who, address in addresses.items()} == own
    assert "<svg" in client.post(url("person_feed", programme, "expert", teacher.code)).content.decode()
    assert Client().get(addresses["expert", teacher.code]).status_code == 404  # a newer one was made
    client.post(url("person_feed", programme, "mentor", "M9"), {"revoke": "1"})
    assert Client().get(addresses["mentor", "M9"]).status_code == 404
    assert client.get(url("person_feed", programme, "room", "R-1")).status_code == 404
    assert client_of(citra).get(url("person_feed", programme, "mentor", "M9")).status_code == 403
    assert [str(fault) for fault in verify_log() if "CalendarFeed" in str(fault)] == []


def test_who_left_the_programme_has_no_calendar_any_more(programme, citra, client_of):
    address = client_of(citra).post(url("feed", programme)).context["address"]
    Membership.objects.filter(user=citra).delete()
    assert Client().get(address).status_code == 404


def test_the_list_for_a_door_has_the_sessions_of_the_room_and_no_participant(programme, ani, client_of):
    found = session(group(programme, people=1))
    content = client_of(ani).get(url("door_list", programme, found.room.code), {"week": MONDAY.isoformat()}).content
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert "Senin, 3 Oktober 2022" in text
    assert str(found.group) in text
    assert found.group.members.get().applicant.person.name not in text
    later = MONDAY + datetime.timedelta(days=70)
    empty = client_of(ani).get(url("door_list", programme, found.room.code), {"week": later.isoformat()}).content
    assert "Tidak ada" in PdfReader(BytesIO(empty)).pages[0].extract_text()
