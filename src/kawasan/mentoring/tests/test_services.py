import datetime
from io import BytesIO

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.photos import Photo
from kawasan.core.services import verify_log
from kawasan.matching.services import assign_mentor, dissolve_groups
from kawasan.matching.tests.factories import group, mentor, participant
from kawasan.mentoring import services
from kawasan.mentoring.models import Visit
from kawasan.mentoring.queries import denials, history, usual
from kawasan.mentoring.rules import Verdict
from kawasan.mentoring.services.photos import Taken
from kawasan.mentoring.tests.factories import TODAY, visit

pytestmark = pytest.mark.django_db


LATER = {"starts_at": datetime.time(13), "ends_at": datetime.time(14)}


def new_visit(of, **columns):
    given = {
        "visited_on": TODAY,
        "starts_at": datetime.time(9),
        "ends_at": datetime.time(10),
        "material": "Buku kas",
        "summary": "Mencatat kas harian.",
        "no_expense_reason": "Tidak ada biaya",
    } | columns
    return Visit(programme=of.programme, group=of, **given)


def test_a_visit_is_kept_in_the_name_of_the_groups_mentor(programme, ani):
    found = group(programme, people=1, mentor=mentor(programme))
    services.log_visit(visit=new_visit(found), by=ani, on=TODAY)
    stored = Visit.objects.get()
    assert (stored.code, stored.mentor, stored.source) == ("V001", found.mentor, f"entered by {ani}")
    assert LogEntry.objects.first().verb == "mentoring.visit_logged"


def test_a_group_without_a_mentor_has_no_visits(programme, ani):
    with pytest.raises(Refused, match="has no mentor"):
        services.log_visit(visit=new_visit(group(programme)), by=ani, on=TODAY)


def test_only_a_member_of_the_group_can_be_visited(programme, ani):
    found, stranger = group(programme, mentor=mentor(programme)), participant(programme, 5)
    with pytest.raises(Refused, match="not in this group"):
        services.log_visit(visit=new_visit(found), added=services.Added([stranger]), by=ani, on=TODAY)
    assert not Visit.objects.exists()


def test_every_reason_comes_at_once(programme, ani):
    found = group(programme, mentor=mentor(programme))
    with pytest.raises(Refused) as refusal:
        services.log_visit(
            visit=new_visit(found, visited_on=TODAY + datetime.timedelta(days=1), summary=" "), by=ani, on=TODAY
        )
    assert len(refusal.value.reasons) == 2


def test_a_correction_keeps_what_stood_there_before(programme, ani):
    found = visit(group(programme, mentor=mentor(programme)), obstacle="")
    found.summary = "Mencatat kas mingguan."
    services.correct_visit(visit=found, why="salah ketik", by=ani, on=TODAY)
    entry = LogEntry.objects.first()
    assert Visit.objects.get().summary == "Mencatat kas mingguan."
    assert entry.data == {
        "why": "salah ketik",
        "answer": "",
        "before": {"summary": "Menghitung biaya satu kali produksi bersama anggota."},
    }


def test_a_correction_follows_the_same_rules(programme, ani):
    found = visit(group(programme, mentor=mentor(programme)))
    found.ends_at = datetime.time(8)
    with pytest.raises(Refused, match="ends before it starts"):
        services.correct_visit(visit=found, why="x", by=ani, on=TODAY)


def test_visited_groups_are_not_dissolved(programme, ani):
    visit(group(programme, mentor=mentor(programme)))
    with pytest.raises(Refused, match="cannot be dissolved"):
        dissolve_groups(programme=programme, by=ani)


def test_logging_takes_few_queries_however_many_visits_there_are(programme, ani, django_assert_max_num_queries):
    found = group(programme, people=2, mentor=mentor(programme))
    for number in range(1, 20):
        visit(found, f"V{number:03}")
    with django_assert_max_num_queries(37):
        services.log_visit(visit=new_visit(found), by=ani, on=TODAY)
    assert Visit.objects.filter(code="V020").exists()


@pytest.fixture
def waiting(programme, citra):
    """An entry of Citra's that waits for its review."""
    found = group(programme, people=3, mentor=mentor(programme, user=citra))
    people = [member.applicant for member in found.members.all()]
    return services.log_visit(visit=new_visit(found), added=services.Added(people[:2]), by=citra, on=TODAY)


def behind_the_log():
    """Rows of this stage that were written without an entry; those of the fixtures were."""
    return [str(fault) for fault in verify_log() if "mentoring." in str(fault)]


def judge(visit, verdict, by, note=""):
    read = {visit.pk: visit.version}
    services.review(programme=visit.programme, read=read, verdict=Verdict(verdict), note=note, by=by, on=TODAY)
    visit.refresh_from_db()


def test_several_people_stand_beside_the_entry_and_one_alone_in_it(waiting, citra):
    assert [one.code for one in services.people_of(waiting)] == ["A001", "A002"]
    assert not waiting.is_of_one
    only = services.people_of(waiting)[1]
    services.correct_visit(visit=waiting, added=services.Added([only]), why="satu orang", by=citra, on=TODAY)
    stored = Visit.objects.get()
    assert (stored.applicant, stored.participant_rows.count(), stored.version) == (only, 0, 2)
    assert LogEntry.objects.first().data["before"] == {"participants": "A001, A002"}
    assert behind_the_log() == []


def test_a_draft_may_be_unfinished_and_counts_as_no_visit(programme, citra):
    found = group(programme, mentor=mentor(programme, user=citra))
    empty = new_visit(found, summary="", material="", no_expense_reason="")
    services.log_visit(visit=empty, is_draft=True, by=citra, on=TODAY)
    assert not Visit.objects.standing().exists()
    with pytest.raises(Refused, match="what was done"):
        services.correct_visit(visit=empty, why="", by=citra, on=TODAY)
    empty.refresh_from_db()
    empty.summary, empty.material, empty.no_expense_reason = "Mencatat kas.", "Buku kas", "Tidak ada"
    services.correct_visit(visit=empty, why="", by=citra, on=TODAY)
    assert Visit.objects.standing().get().state == "pending"


def test_an_entry_comes_back_is_answered_and_is_approved(waiting, citra, budi):
    judge(waiting, "returned", budi, note="Berapa orang?")
    with pytest.raises(Refused, match="Answer the note"):
        services.correct_visit(visit=waiting, why="", by=citra, on=TODAY)
    waiting.refresh_from_db()
    services.correct_visit(visit=waiting, why="", answer="Dua orang.", by=citra, on=TODAY)
    judge(waiting, "approved", budi)
    assert (waiting.state, waiting.answer, waiting.reviewed_by) == ("approved", "Dua orang.", budi)
    assert [line.label for line in history(waiting)] == ["Approved", "Answered and sent again", "Returned", "Logged"]
    assert behind_the_log() == []


def test_what_was_approved_stands_until_its_correction_is_approved(waiting, citra, budi):
    judge(waiting, "approved", budi)
    waiting.summary = "Mencatat kas mingguan."
    new = services.correct_visit(
        visit=waiting, added=services.Added(services.people_of(waiting)), why="mingguan", by=citra, on=TODAY
    )
    assert (new.replaces, new.state, new.version) == (waiting, "pending", 2)
    assert [one.summary for one in Visit.objects.standing()] == ["Mencatat kas harian."]
    judge(new, "approved", budi)
    assert [one.summary for one in Visit.objects.standing()] == ["Mencatat kas mingguan."]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.summary) == ("replaced", "Mencatat kas harian.")
    assert behind_the_log() == []


def test_an_approved_entry_has_one_correction_at_a_time(waiting, citra, budi):
    judge(waiting, "approved", budi)
    services.correct_visit(visit=waiting, why="a", by=citra, on=TODAY)
    waiting.refresh_from_db()
    with pytest.raises(Refused, match="waits already"):
        services.correct_visit(visit=waiting, why="b", by=citra, on=TODAY)


def test_nobody_reviews_what_they_entered_or_did(waiting, citra, ani):
    with pytest.raises(Refused, match="Somebody else"):
        judge(waiting, "approved", citra)
    other = services.log_visit(visit=new_visit(waiting.group, **LATER), by=ani, on=TODAY)
    with pytest.raises(Refused, match="Somebody else"):
        judge(other, "approved", ani)


def test_a_verdict_is_on_what_was_read_and_all_or_none(waiting, citra, budi):
    other = services.log_visit(visit=new_visit(waiting.group, **LATER), by=citra, on=TODAY)
    read = {waiting.pk: waiting.version, other.pk: other.version}
    services.correct_visit(visit=other, why="x", by=citra, on=TODAY)
    with pytest.raises(Refused, match="V002: It was changed after you opened"):
        services.review(programme=waiting.programme, read=read, verdict=Verdict.APPROVE, note="", by=budi, on=TODAY)
    assert set(Visit.objects.values_list("state", flat=True)) == {"pending"}


def test_a_participant_says_that_a_visit_did_not_take_place(waiting, dewi, citra):
    who, absent = services.people_of(waiting)[0], waiting.group.members.last().applicant
    given = {"took_place": False, "remark": "Tidak ada yang datang", "by": dewi, "on": TODAY}
    services.confirm_visit(visit=waiting, applicant=who, **given)
    assert [one.remark for one in denials(waiting.programme)] == ["Tidak ada yang datang"]
    with pytest.raises(Refused, match="Only who was to be visited"):
        services.confirm_visit(visit=waiting, applicant=absent, **given)
    services.confirm_visit(visit=waiting, applicant=who, **given | {"took_place": True, "remark": ""})
    assert not denials(waiting.programme).exists()
    assert behind_the_log() == []


def test_an_expense_needs_its_proof_and_a_correction_keeps_it(waiting, citra, budi):
    spent = new_visit(waiting.group, **LATER, expense_idr=50_000, no_expense_reason="")
    with pytest.raises(Refused, match="photo of the receipt"):
        services.log_visit(visit=spent, by=citra, on=TODAY)
    added = services.Added(proofs=[Taken(jpeg())])
    kept = services.log_visit(visit=spent, added=added, by=citra, on=TODAY)
    judge(kept, "approved", budi)
    new = services.correct_visit(visit=kept, why="x", by=citra, on=TODAY)
    old_photo, new_photo = kept.photos.get(), new.photos.get()
    assert (old_photo.file, new_photo.kind) == (new_photo.file, "proof")
    assert services.read_photo(photo=new_photo, by=budi) == added.proofs[0].photo.content
    small = Image.open(BytesIO(services.read_preview(photo=new_photo, by=budi)))
    assert max(small.size) == 240
    assert LogEntry.objects.first().verb == "mentoring.photo_read"


def test_an_entry_holds_six_photos(waiting, citra):
    added = services.Added(services.people_of(waiting), photos=[Taken(jpeg())] * 7)
    with pytest.raises(Refused, match="room for 6 photos"):
        services.correct_visit(visit=waiting, added=added, why="x", by=citra, on=TODAY)


def jpeg(**options):
    written = BytesIO()
    Image.new("RGB", (800, 600), "green").save(written, "JPEG", **options)
    return Photo(written.getvalue())


def test_a_mentor_is_not_at_two_visits_in_person_at_once_and_online_only_when_sure(programme, ani, citra, client_of):
    first = group(programme, "G01", mentor=mentor(programme, user=citra))
    second = group(programme, "G02", mentor=first.mentor)
    services.log_visit(visit=new_visit(first), by=ani, on=TODAY)
    hours = usual(second, None, TODAY)
    assert (hours["starts_at"], hours["ends_at"]) == (datetime.time(10), datetime.time(11, 30))  # not those taken
    beside = {"starts_at": datetime.time(9, 59), "ends_at": datetime.time(11)}
    with pytest.raises(Refused, match="was elsewhere at this time"):
        services.log_visit(visit=new_visit(second, **beside), by=ani, on=TODAY)
    client, address = client_of(citra), reverse("mentoring:log_visit", args=[programme.code, "G02"])
    sent = {"visited_on": TODAY, "starts_at": "09:59", "ends_at": "11:00", "reach": "local", "material": "Kas"}
    sent |= {"summary": "Kas.", "no_expense_reason": "Tidak ada", "is_sure": "on", "method": "in_person"}
    refused = client.post(address, sent).content.decode()
    assert "was elsewhere at this time" in refused
    assert "Yes, I am sure" not in refused
    sent |= {"method": "online", "is_sure": ""}
    asked = client.post(address, sent).content.decode()
    assert "had another visit at this time" in asked
    assert "Yes, I am sure" in asked
    assert client.post(address, sent | {"is_sure": "on"}).status_code == 302
    assert Visit.objects.count() == 2
    review = client_of(ani).get(reverse("mentoring:review", args=[programme.code])).content.decode()
    assert review.count("has another entry at the same time") == 2


def test_a_mentor_is_not_at_a_visit_and_at_a_session_at_once(programme, ani):
    found = group(programme, people=1, mentor=mentor(programme))
    starts = datetime.datetime.combine(TODAY, datetime.time(9, 30), timezone.get_default_timezone())
    named = {"name": "Kas", "source": "synthetic"}
    taught = programme.modules.create(code="MOD-1", name_en="Cash", hours=4, position=1, **named)
    room = programme.rooms.create(code="R-1", place=found.place, capacity=20, **named)
    programme.sessions.create(
        code="S001", group=found, module=taught, room=room, mentor=found.mentor, source="synthetic",
        starts_at=starts, ends_at=starts + datetime.timedelta(hours=3),
    )  # fmt: skip
    with pytest.raises(Refused, match=r"The mentor was elsewhere at this time: .*09:30–12:30"):
        services.log_visit(visit=new_visit(found), by=ani, on=TODAY)
    services.log_visit(visit=new_visit(found, **LATER), by=ani, on=TODAY)


def test_a_visit_of_the_former_mentor_is_not_logged_in_the_new_ones_name(programme, ani):
    found = group(programme, people=1, mentor=mentor(programme))
    assign_mentor(group=found, mentor=mentor(programme, "M2"), why="pindah", by=ani)
    found.refresh_from_db()
    with pytest.raises(Refused, match="had another mentor on"):
        services.log_visit(visit=new_visit(found, visited_on=TODAY - datetime.timedelta(days=3)), by=ani, on=TODAY)


def test_the_logbook_is_printed_with_all_that_the_outline_asks(programme, ani, citra, client_of):
    found = group(programme, people=2, mentor=mentor(programme, user=citra))
    made = new_visit(found, obstacle="Tungku rusak", solution="Dipinjamkan", expense_idr=15000, venue="Balai warga")
    made.no_expense_reason = "Nota hilang"
    services.log_visit(visit=made, by=citra, on=TODAY)
    address = reverse("mentoring:logbook_pdf", args=[programme.code])
    taken = client_of(citra).get(address)
    text = pypdf.PdfReader(BytesIO(taken.content)).pages[0].extract_text()
    for said in (
        "Buku kas",
        "Tungku rusak",
        "Dipinjamkan",
        "Rp15.000",
        "Nota hilang",
        "Balai warga",
        "seluruh kelompok",
    ):
        assert said in text
    assert LogEntry.objects.first().verb == "mentoring.logbook_taken"
    assert "From 1 to 500 entries" in client_of(ani).get(address, {"q": "tidak ada"}).content.decode()
    sheet = client_of(ani).get(reverse("mentoring:visits", args=[programme.code]), {"export": "csv"})
    rows = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "Balai warga" in rows
    assert "Nota hilang" in rows
