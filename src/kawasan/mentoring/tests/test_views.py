import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kawasan.core.models import User
from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring import services
from kawasan.mentoring.models import Visit, VisitPhoto
from kawasan.mentoring.tests.factories import TODAY, visit
from kawasan.programmes.models import Membership

pytestmark = pytest.mark.django_db
GIVEN = {
    "visited_on": "2022-12-01",
    "starts_at": "09:00",
    "ends_at": "10:30",
    "method": "in_person",
    "summary": "Belajar menghitung harga pokok.",
    "material": "Harga pokok",
    "no_expense_reason": "Tidak ada biaya",
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
        url("log_visit", programme, "G01"), GIVEN | {"participants": own.members.first().applicant_id}
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
    assert text.count(">The visit ends before it starts.<") == 1
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


def test_a_new_entry_says_what_is_usual(own, programme, citra, client_of):
    who = own.members.first().applicant
    visit(own, starts_at=datetime.time(13), ends_at=datetime.time(15), method="online", venue="Balai RW 02")
    text = text_of(client_of(citra), url("log_visit", programme, "G01"), who=who.code)
    for usual in ('value="2022-12-01"', 'value="13:00"', 'value="15:00"', 'value="Balai RW 02"', "No cost arose"):
        assert usual in text
    assert text.count(" checked") == 1


def test_a_page_that_sends_by_itself_is_told_where_to_and_stores_once(own, programme, citra, client_of):
    given, client = GIVEN | {"form_key": "once"}, client_of(citra)
    first = client.post(url("log_visit", programme, "G01"), given, headers={"Accept": "application/json"})
    assert (first.status_code, first.json()) == (201, {"led_to": url("visits", programme)})
    second = client.post(url("log_visit", programme, "G01"), given, headers={"Accept": "application/json"})
    assert second.status_code == 302
    assert Visit.objects.count() == 1


def test_a_draft_is_kept_unfinished_and_nobody_reviews_it(own, programme, citra, budi, client_of):
    given = GIVEN | {"summary": "", "material": "", "keep": "1"}
    assert client_of(citra).post(url("log_visit", programme, "G01"), given).status_code == 302
    assert Visit.objects.get().state == "draft"
    assert "Nothing waits for review" in text_of(client_of(budi), url("review", programme))


def test_a_photo_is_seen_by_who_sees_the_entry_and_says_where_only_if_asked(
    own, programme, citra, ani, cast, client_of
):
    later = {"keep_place": "on", "starts_at": "13:00", "ends_at": "14:00"}
    for more in ({}, later):
        given = GIVEN | more | {"photos": SimpleUploadedFile("a.jpg", photo_in_pangkalpinang(), "image/jpeg")}
        assert client_of(citra).post(url("log_visit", programme, "G01"), given).status_code == 302
    silent, told = VisitPhoto.objects.order_by("pk")
    assert silent.latitude is None
    assert (told.latitude, told.longitude) == (pytest.approx(-2.13), pytest.approx(106.11))
    address = url("photo", programme, told.visit.code, told.pk)
    content = client_of(ani).get(address).content
    assert not Image.open(BytesIO(content)).getexif()
    Membership.objects.create(programme=programme, user=cast["gita"], role="mentor")
    other = User.objects.create(username="m9", name="M 9")
    Membership.objects.create(programme=programme, user=other, role="mentor")
    assert client_of(other).get(address).status_code == 404
    assert client_of(citra).get(url("preview", programme, told.visit.code, told.pk)).status_code == 200


def photo_in_pangkalpinang():
    """A phone's photo that says where it was taken: 2°07'48\" south, 106°06'36\" east."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "S", 2: (2.0, 7.0, 48.0), 3: "E", 4: (106.0, 6.0, 36.0)})
    written = BytesIO()
    Image.new("RGB", (300, 200), "green").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_reviewer_approves_several_at_once(own, programme, budi, client_of):
    both = [visit(own, code) for code in ("V001", "V002")]
    given = {"entries": [one.read_as for one in both], "verdict": "approved"}
    assert client_of(budi).post(url("review", programme), given).status_code == 302
    assert set(Visit.objects.values_list("state", flat=True)) == {"approved"}


def test_what_the_reviewer_typed_and_ticked_stays_with_the_reason(own, programme, budi, client_of):
    one = visit(own)
    given = {"entries": [one.read_as], "verdict": "returned", "note": ""}
    text = client_of(budi).post(url("review", programme), given).content.decode()
    assert "Say in the note what is wrong" in text
    assert f'value="{one.read_as}" checked' in text


def test_a_participant_answers_for_the_own_visits_only(own, programme, dewi, client_of):
    who = own.members.first().applicant
    who.person.user = dewi
    who.person.save()
    mine, other = visit(own, "V001"), visit(programme.groups.get(code="G02"), "V002")
    client = client_of(dewi)
    assert client.get(url("confirm_visit", programme, other.code)).status_code == 404
    given = {"took_place": "no", "remark": "Tidak ada yang datang"}
    assert client.post(url("confirm_visit", programme, mine.code), given).status_code == 302
    assert "Tidak ada yang datang" in text_of(client_of(User.objects.get(username="ani")), url("mentors", programme))


def test_the_load_of_the_mentors_asks_as_often_with_more_mentors(
    programme, ani, client_of, django_assert_max_num_queries
):
    for number in range(1, 9):
        found = group(programme, f"G{number:02}", people=1, first=10 * number, mentor=mentor(programme, f"M{number}"))
        visit(found, f"V{number:03}")
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        text = text_of(client, url("mentors", programme))
    assert "Pendamping M8" in text


def test_what_an_entry_cannot_be_without_is_marked(own, programme, citra, client_of):
    text = client_of(citra).get(url("log_visit", programme, "G01")).content.decode()
    for name in ("material", "summary"):
        assert f'<label class="form-label required" for="id_{name}">' in text


HUGE = 10**24


def test_a_participant_with_the_key_of_no_row_is_an_error_of_the_form(own, programme, citra, client_of):
    answer = client_of(citra).post(url("log_visit", programme, "G01"), GIVEN | {"participants": HUGE})
    assert "is not one of the available choices" in answer.text
    assert Visit.objects.count() == 0


@pytest.mark.parametrize("entries", [f"{HUGE}:1", f"1:{HUGE}", "²:1", "9" * 5000 + ":1"])
def test_an_entry_with_the_key_of_no_row_is_not_reviewed(own, programme, budi, client_of, entries):
    visit(own, "V001", state="pending")
    answer = client_of(budi).post(url("review", programme), {"entries": entries, "verdict": "approve"})
    assert answer.status_code == 200
    assert Visit.objects.get().state == "pending"


DENIED = "A participant says that it did not take place"


def test_an_entry_that_a_participant_denied_is_marked_for_the_reviewer(own, programme, budi, dewi, client_of):
    who, made = own.members.first().applicant, visit(own, "V001", state="pending")
    address = url("review", programme)
    assert DENIED not in text_of(client_of(budi), address)
    services.confirm_visit(visit=made, applicant=who, took_place=False, remark="", by=dewi, on=TODAY)
    assert text_of(client_of(budi), address).count(DENIED) == 1


def test_a_correction_of_a_denied_entry_is_marked_too(own, programme, budi, dewi, client_of):
    who, made = own.members.first().applicant, visit(own, "V001", state="approved")
    services.confirm_visit(visit=made, applicant=who, took_place=False, remark="", by=dewi, on=TODAY)
    visit(own, "V002", state="pending", replaces=made)
    assert text_of(client_of(budi), url("review", programme)).count(DENIED) == 1
