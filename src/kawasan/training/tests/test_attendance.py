"""Cards are scanned, lists are read back from paper, sessions are made up, and a rule says who completes."""

import datetime
import json
from io import BytesIO

import pytest
import typst
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.photos import Photo
from kawasan.core.services import verify_log
from kawasan.engine import sheet as engine
from kawasan.engine.tests.test_sheet import drawn, pen
from kawasan.matching.tests.factories import group, mentor
from kawasan.programmes.models import Membership, Programme
from kawasan.programmes.rules import Role
from kawasan.training import papers, rules, services
from kawasan.training.models import Attendance, Card, CompletionRule, MakeUp, Session, Sheet, SheetPage
from kawasan.training.rules import Attended, Said, Scan
from kawasan.training.tests.factories import MONDAY, module, moment, session

pytestmark = pytest.mark.django_db


def url(name, programme, *args):
    return reverse(f"training:{name}", args=[programme.code, *args])


@pytest.fixture
def held(programme, citra):
    """A session of three members, whose trainer signs in as Citra."""
    return session(group(programme, people=3, mentor=mentor(programme, user=citra)))


@pytest.fixture
def texts(held, ani):
    """What the codes of the three cards say, by applicant."""
    services.take_cards(group=held.group, by=ani, on=MONDAY)
    code = held.programme.code
    return {card.applicant_id: rules.card_text(code, card.token) for card in Card.objects.all()}


def scan(held, text, by, at=None):
    return services.scan_card(session=held, text=text, scanned_at=at or moment(), by=by, on=MONDAY)


def test_a_card_is_made_once_and_printed_as_often_as_asked(held, texts, ani):
    with override("id"):
        content = services.take_cards(group=held.group, by=ani, on=MONDAY)
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert Card.objects.count() == 3
    for card in Card.objects.select_related("applicant__person"):
        assert papers.in_fours(card.token) in text
        assert card.applicant.person.nik not in content.decode("latin-1")
    assert LogEntry.objects.filter(verb="training.cards_taken").count() == 2


def test_a_card_holds_chance_and_no_personal_number(texts):
    tokens = {text.rsplit(":", 1)[1] for text in texts.values()}
    assert len(tokens) == 3
    assert all(len(token) == 16 and set(token) <= set(rules.SIGNS) for token in tokens)


def test_a_scanned_card_is_recorded_and_a_second_scan_is_harmless(held, texts, citra):
    who, text = next(iter(texts.items()))
    assert scan(held, text, citra)[0] == Scan.STORED
    assert scan(held, text, citra, moment(hour=9))[0] == Scan.AGAIN
    row = Attendance.objects.get()
    assert (row.applicant_id, row.status, row.minutes_late) == (who, "present", 0)
    assert row.source == f"card scanned by {citra}"
    assert Session.objects.get().status == "planned"
    assert verify_log() == [] or not [str(f) for f in verify_log() if "Attendance" in str(f)]


@pytest.mark.parametrize(
    ("minutes", "status", "late"), [(-180, "present", 0), (14, "present", 0), (15, "late", 15), (300, "late", 300)]
)
def test_lateness_follows_the_rule(minutes, status, late, held, texts, citra):
    CompletionRule.objects.create(programme=held.programme, valid_from=MONDAY, late_after=15, source="synthetic")
    scan(held, next(iter(texts.values())), citra, moment() + datetime.timedelta(minutes=minutes))
    assert Attendance.objects.values_list("status", "minutes_late").get() == (status, late)


@pytest.mark.parametrize("minutes", [-24 * 60, -181, 301, 24 * 60])
def test_a_card_scanned_long_before_or_after_a_session_says_nothing_of_it(minutes, held, texts, citra):
    text = next(iter(texts.values()))
    assert scan(held, text, citra, moment() + datetime.timedelta(minutes=minutes))[0] == Scan.OUTSIDE
    assert not Attendance.objects.exists()


def test_in_a_programme_with_a_day_of_its_own_cards_are_scanned_on_that_day(held, texts, citra, client_of):
    programme = held.programme
    programme.as_of = MONDAY
    programme.save(update_fields=("as_of",))
    at = (moment() + datetime.timedelta(days=1500)).isoformat()
    sent = json.dumps([{"key": "a", "text": next(iter(texts.values())), "at": at}])
    answer = client_of(citra).post(url("scanned", programme, "S001"), {"scans": sent}).json()
    assert [one["result"] for one in answer["results"]] == ["stored"]


def test_a_moment_without_a_zone_is_the_offices(held, texts, citra, client_of):
    sent = json.dumps([{"key": "a", "text": next(iter(texts.values())), "at": "2022-10-03T08:10:00"}])
    answer = client_of(citra).post(url("scanned", held.programme, "S001"), {"scans": sent}).json()
    assert [one["result"] for one in answer["results"]] == ["stored"]


def test_a_card_of_another_group_or_programme_is_refused_with_a_sentence(held, texts, citra, ani):
    other = session(group(held.programme, "G02", people=1, first=40), "S002", starts_at=moment(hour=13))
    services.take_cards(group=other.group, by=ani, on=MONDAY)
    theirs = Card.objects.get(applicant__group_memberships__group=other.group)
    assert scan(held, rules.card_text(held.programme.code, theirs.token), citra)[0] == Scan.OTHER_GROUP
    assert scan(held, rules.card_text("lain-2022", theirs.token), citra)[0] == Scan.OTHER_PROGRAMME
    assert scan(held, rules.card_text(held.programme.code, "0" * 16), citra)[0] == Scan.UNKNOWN
    assert scan(held, "https://example.org", citra)[0] == Scan.UNKNOWN
    assert not Attendance.objects.exists()


def test_a_code_that_is_typed_is_read_as_people_write_it(held, texts, citra):
    token = next(iter(texts.values())).rsplit(":", 1)[1]
    typed = papers.in_fours(token).lower().replace("0", "o").replace("1", "l")
    assert scan(held, typed, citra)[0] == Scan.STORED


def test_a_revoked_card_is_refused_and_the_next_print_makes_a_new_one(held, texts, citra, ani):
    who, text = next(iter(texts.items()))
    card = Card.objects.get(applicant=who)
    services.revoke_card(applicant=card.applicant, reason="Hilang", by=ani, on=MONDAY)
    assert scan(held, text, citra)[0] == Scan.REVOKED
    services.take_cards(group=held.group, by=ani, on=MONDAY)
    new = Card.objects.get(applicant=who, revoked_on=None)
    assert scan(held, rules.card_text(held.programme.code, new.token), citra)[0] == Scan.STORED
    services.revoke_card(applicant=card.applicant, reason="Hilang", by=ani, on=MONDAY)
    with pytest.raises(Refused, match="no valid card"):
        services.revoke_card(applicant=card.applicant, reason="Hilang", by=ani, on=MONDAY)


def test_what_was_said_by_hand_is_not_overwritten_by_a_late_scan(held, texts, citra):
    presences = dict.fromkeys(texts, Said("absent"))
    services.record_attendance(session=held, presences=presences, by=citra, on=MONDAY)
    assert scan(held, next(iter(texts.values())), citra)[0] == Scan.BY_HAND
    assert set(Attendance.objects.values_list("status", flat=True)) == {"absent"}


def test_a_list_keeps_where_a_scanned_row_came_from(held, texts, citra):
    who, text = next(iter(texts.items()))
    scan(held, text, citra)
    presences = dict.fromkeys(texts, Said("absent")) | {who: Said("present")}
    services.record_attendance(session=held, presences=presences, by=citra, on=MONDAY)
    assert Attendance.objects.get(applicant=who).source.startswith("card scanned by")
    assert Session.objects.get().status == "held"


def sent_of(form):
    """What a browser sends of the list as it was opened."""
    return {field.html_name: field.value() or "" for field in form}


def test_what_was_recorded_while_the_list_was_open_stays_and_is_named(held, texts, citra, client_of):
    CompletionRule.objects.create(programme=held.programme, valid_from=MONDAY, late_after=15, source="synthetic")
    client, (first, second, third) = client_of(citra), texts
    sent = sent_of(client.get(url("session", held.programme, "S001")).context["form"])
    scan(held, texts[first], citra, moment() + datetime.timedelta(minutes=61))  # late, after the list was opened
    late = Attendance.objects.get()
    scan(held, texts[second], citra, moment() + datetime.timedelta(minutes=61))
    sent |= {f"member-{second}": "excused", f"excuse-{second}": "Sakit", f"member-{third}": "absent"}
    address = url("record_attendance", held.programme, "S001")
    answer = client.post(address, sent)
    text, form = answer.content.decode(), answer.context["form"]
    assert "Changed since you opened the list, and kept as it is" in text
    assert late.applicant.person.name in text
    now = dict(Attendance.objects.values_list("applicant", "status"))
    assert now == {first: "late", second: "late", third: "absent"}
    assert form[f"member-{first}"].value() == "late"  # nobody had chosen anything else
    assert form[f"member-{second}"].value() == "excused"
    assert form[f"excuse-{second}"].value() == "Sakit"
    assert client.post(address, sent_of(form)).status_code == 302
    now = dict(Attendance.objects.values_list("applicant", "status"))
    assert now == {first: "late", second: "excused", third: "absent"}


def test_a_list_of_another_tab_does_not_win_by_being_saved_last(held, texts, citra, client_of):
    client, (first, second, _third) = client_of(citra), texts
    opened = sent_of(client.get(url("session", held.programme, "S001")).context["form"])
    address = url("record_attendance", held.programme, "S001")
    client.post(address, opened | {f"member-{first}": "absent"})
    client.post(address, opened | {f"member-{second}": "absent"})
    assert Attendance.objects.get(applicant=first).status == "absent"


def test_an_excuse_has_a_reason_and_only_the_late_have_minutes(held, texts, citra):
    for said in (Said("excused"), Said("present", 5), Said("absent", excuse="Sakit")):
        with pytest.raises(Refused):
            services.record_attendance(session=held, presences=dict.fromkeys(texts, said), by=citra, on=MONDAY)
    assert not Attendance.objects.exists()


def test_a_telephone_sends_what_it_kept_and_sends_it_again(held, texts, citra, client_of):
    client = client_of(citra)
    kept = [{"key": f"k{n}", "text": text, "at": moment().isoformat()} for n, text in enumerate(texts.values())]
    for expected in ("stored", "again"):
        answer = client.post(url("scanned", held.programme, "S001"), {"scans": json.dumps(kept)}).json()
        assert [one["key"] for one in answer["results"]] == ["k0", "k1", "k2"]
        assert {one["result"] for one in answer["results"]} == {expected}
    assert Attendance.objects.count() == 3


@pytest.mark.parametrize(
    "sent", ["", "[1]", "{}", '[{"key": "a", "text": "b", "at": "gestern"}]', "[" * 100_000, "9" * 5000]
)
def test_what_is_no_list_of_scans_is_refused(sent, held, citra, client_of):
    answer = client_of(citra).post(url("scanned", held.programme, "S001"), {"scans": sent})
    assert answer.status_code == 422
    assert answer.json()["reasons"]


def test_a_mentor_scans_for_own_groups_only_and_before_the_day_nobody_does(held, budi, citra, client_of, programme):
    other = session(group(programme, "G02", people=1, first=40, mentor=mentor(programme, "M9")), "S002")
    client = client_of(citra)
    assert client.get(url("scan", programme, other.code)).status_code == 404
    assert client_of(budi).get(url("scan", programme, "S001")).status_code == 403
    coming = session(held.group, "S003", starts_at=timezone.now() + datetime.timedelta(days=3))
    assert "Record the attendance on that day" in client.get(url("scan", programme, coming.code)).content.decode()
    assert client.post(url("scanned", programme, coming.code), {"scans": "[]"}).status_code == 422


def test_the_scanning_page_takes_a_typed_code_without_script(held, texts, citra, client_of):
    Programme.objects.update(as_of=MONDAY)
    token = next(iter(texts.values())).rsplit(":", 1)[1]
    address = url("scan", held.programme, "S001")
    assert "Recorded" in client_of(citra).post(address, {"text": token}, follow=True).content.decode()
    assert Attendance.objects.count() == 1
    page = client_of(citra).get(address).content.decode()
    assert token not in page  # hashes only: no card can be made from the page


def printed(held, ani):
    """The sheet as it comes from the printer, as a picture, with 10 pixels a mm."""
    services.take_sheet(session=held, by=ani, on=MONDAY)
    made = Sheet.objects.get()
    people = [held.group.members.get(applicant=key).applicant for key in made.rows]
    data = papers.sheet_data(made, held, people, engine.layout(made.number, len(people)))
    given = {"data": json.dumps(data)}
    png = typst.compile(papers.TYPST / "sheet.typ", sys_inputs=given, format="png", ppi=254)
    return made, Image.open(BytesIO(png)).convert("L")


def photo_of(picture):
    written = BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=85)
    return Photo(written.getvalue())


def test_a_printed_sheet_is_marked_photographed_and_read_back(held, ani):
    """The boxes stand on the paper where the engine looks for them."""
    made, picture = printed(held, ani)
    rows = engine.layout(made.number, 3)[0]
    for row, box in enumerate((0, 2, 3)):
        pen(ImageDraw.Draw(picture), rows["box_x"][box], rows["rows"][row]["y"] + rows["box_y"], "cross")
    page = services.read_sheet(
        programme=held.programme, photo=photo_of(picture.rotate(4, expand=True, fillcolor=255)), by=ani
    )
    assert [mark["choice"] for mark in page.marks] == [0, 2, 3]
    assert not any(mark["is_signed"] for mark in page.marks)
    assert not Attendance.objects.exists()


def test_the_office_checks_a_sheet_row_by_row_and_stores_it(held, ani, client_of):
    services.take_sheet(session=held, by=ani, on=MONDAY)
    made = Sheet.objects.get()
    marks = [(0, "cross", True), (0, "cross", False), (-1, "", False)]
    photo = photo_of(drawn(marks, made.number, rows=3))
    client = client_of(ani)
    with BytesIO(photo.content) as sent:
        sent.name = "list.jpg"
        answer = client.post(url("read_sheet", held.programme), {"photo": sent})
    assert answer.url == url("check_sheet", held.programme, made.number)
    page = client.get(answer.url).content.decode()
    assert "Marked, but not signed" in page
    assert "1 is not clear" in page
    picture = client.get(url("sheet_row", held.programme, made.number, 0, 1))
    assert Image.open(BytesIO(picture.content)).size == (1104, 66)
    chosen = dict(zip(made.rows, ("present", "excused", "absent"), strict=True))
    sent = {f"member-{key}": status for key, status in chosen.items()} | {f"excuse-{made.rows[1]}": "Sakit"}
    assert client.post(answer.url, sent).url == url("session", held.programme, "S001")
    assert dict(Attendance.objects.values_list("applicant", "status")) == chosen
    assert SheetPage.objects.get().is_stored
    page = client.get(answer.url).content.decode()
    assert "The sheet is stored." in page
    assert "Nothing is stored yet." not in page
    assert "Store the attendance" not in page


def test_a_sheet_that_says_something_else_than_the_cards_is_looked_at_and_changes_nothing_by_itself(
    held, texts, citra, ani, client_of
):
    services.take_sheet(session=held, by=ani, on=MONDAY)
    made = Sheet.objects.get()
    scan(held, texts[made.rows[1]], citra)
    photo = photo_of(drawn([(0, "cross", True), (-1, "", False), (0, "cross", True)], made.number, rows=3))
    services.read_sheet(programme=held.programme, photo=photo, by=ani)
    client, address = client_of(ani), url("check_sheet", held.programme, made.number)
    answer = client.get(address)
    assert "Sheet: Absent. Recorded already: Present" in answer.content.decode()
    assert "1 is not clear" in answer.content.decode()
    shown = answer.context["form"]
    assert [shown[f"member-{key}"].value() for key in made.rows] == ["present"] * 3
    assert not answer.context["rows"][1][0].proposal.is_sure


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_a_scanners_pdf_is_read_as_a_photo_is(mode, held, ani, client_of):
    services.take_sheet(session=held, by=ani, on=MONDAY)
    made = Sheet.objects.get()
    marks = [(0, "cross", True), (3, "cross", False), (0, "cross", True)]
    with BytesIO() as scanned:
        drawn(marks, made.number, rows=3).convert(mode).save(scanned, "PDF")
        scanned.seek(0)
        scanned.name = "scan.pdf"
        answer = client_of(ani).post(url("read_sheet", held.programme), {"photo": scanned})
    assert answer.url == url("check_sheet", held.programme, made.number)
    assert [mark["choice"] for mark in SheetPage.objects.get().marks] == [0, 3, 0]


def two_pages() -> bytes:
    written, page = BytesIO(), Image.new("L", (50, 50), 255)
    page.save(written, "PDF", save_all=True, append_images=[page])
    return written.getvalue()


def without_picture() -> bytes:
    written, document = BytesIO(), PdfWriter()
    document.add_blank_page(100, 100)
    document.write(written)
    return written.getvalue()


def strange_filter() -> bytes:
    """A picture that no reader here knows how to open, such as JBIG2 of some scanners."""
    written = BytesIO()
    Image.new("RGB", (50, 50), "white").save(written, "PDF")
    return written.getvalue().replace(b"/DCTDecode", b"/JBIG2Decode")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (two_pages(), "The PDF has 2 pages"),
        (without_picture(), "There is no scanned picture"),
        (b"%PDF-1.7 and nothing else", "This PDF cannot be read"),
        (b"%PDF-" + b"[" * 100_000, "This PDF cannot be read"),
        (strange_filter(), "This PDF cannot be read"),
    ],
)
def test_a_pdf_that_is_no_scan_of_one_page_is_refused_with_what_to_do(content, said, held, ani, client_of):
    with BytesIO(content) as sent:
        sent.name = "scan.pdf"
        answer = client_of(ani).post(url("read_sheet", held.programme), {"photo": sent})
    assert said in answer.content.decode()


def test_what_is_no_sheet_of_the_programme_is_refused_with_what_to_do(held, ani):
    with pytest.raises(Refused, match="Photograph the whole sheet"):
        services.read_sheet(programme=held.programme, photo=photo_of(Image.new("L", (500, 500), 255)), by=ani)
    with pytest.raises(Refused, match="not printed for this programme"):
        services.read_sheet(programme=held.programme, photo=photo_of(drawn([(0, "cross", True)], rows=1)), by=ani)


def test_a_sheet_of_two_pages_is_stored_when_both_were_read(programme, ani):
    held = session(group(programme, people=18))
    services.take_sheet(session=held, by=ani, on=MONDAY)
    made = Sheet.objects.get()
    marks = [(0, "cross", True)] * 18
    services.read_sheet(programme=programme, photo=photo_of(drawn(marks[16:], made.number, 1, 18)), by=ani)
    presences = dict.fromkeys(made.rows, Said("present"))
    with pytest.raises(Refused, match="not read yet"):
        services.store_sheet(sheet=made, presences=presences, by=ani, on=MONDAY)
    services.read_sheet(programme=programme, photo=photo_of(drawn(marks[:16], made.number, 0, 18)), by=ani)
    services.store_sheet(sheet=made, presences=presences, by=ani, on=MONDAY)
    assert Attendance.objects.count() == 18


def test_a_missed_session_is_made_up_with_another_group(programme, ani, client_of):
    missed = session(group(programme, "G01", people=1), "S001")
    other = session(group(programme, "G02", people=1, first=40), "S002", starts_at=timezone.now())
    who = missed.group.members.get().applicant
    services.record_attendance(session=missed, presences={who.pk: Said("absent")}, by=ani, on=MONDAY)
    address = url("make_up", programme, "S001", who.code)
    assert other.group.name in client_of(ani).get(address).content.decode()
    client_of(ani).post(address, {"session": other.pk})
    assert MakeUp.objects.get().session == other
    presences = {p: Said("present") for p in (who.pk, other.group.members.get().applicant_id)}
    Session.objects.filter(pk=other.pk).update(starts_at=moment(hour=13), ends_at=moment(hour=16))
    services.record_attendance(session=other, presences=presences, by=ani, on=MONDAY)
    page = client_of(ani).get(url("participant", programme, who.code)).content.decode()
    assert "None is to be made up." in page
    assert services.reasons_not_briefed(programme=programme, applicant=who) == []


def test_only_the_same_module_makes_up_for_what_was_missed(programme, ani):
    missed = session(group(programme, "G01", people=1), "S001")
    other = session(group(programme, "G02", people=1, first=40), "S002", module=module(programme, "MOD-2"))
    who = missed.group.members.get().applicant
    with pytest.raises(Refused, match="same module"):
        services.make_up(missed=missed, session=other, applicant=who, by=ani)


def test_the_briefing_comes_before_any_money(programme, ani):
    held = session(group(programme, people=1), module=module(programme, is_briefing=True))
    who = held.group.members.get().applicant
    assert "before any money is paid" in str(services.reasons_not_briefed(programme=programme, applicant=who)[0])
    services.record_attendance(session=held, presences={who.pk: Said("late", 20)}, by=ani, on=MONDAY)
    assert services.reasons_not_briefed(programme=programme, applicant=who) == []


MODULES = (Attended("Pembukuan", 4, 4, is_compulsory=True, hours=4), Attended("Foto", 4, 2, hours=4))


@pytest.mark.parametrize(("least", "complete"), [(75, True), (76, False), (None, False)])
def test_who_completes_follows_the_share(least, complete):
    """6 of 8 lesson hours are 75 %."""
    assert (rules.reasons_not_complete(MODULES, least_share=least) == []) is complete


def test_a_compulsory_module_must_be_attended_whole():
    modules = (Attended("Pembukuan", 4, 3, is_compulsory=True, hours=4), Attended("Foto", 40, 40, hours=40))
    assert [str(r) for r in rules.reasons_not_complete(modules, least_share=50)] == [
        "“Pembukuan” is compulsory, and not all of it was attended."
    ]


def test_the_rule_of_completion_is_dated_and_set_on_a_page(programme, ani, client_of):
    held = session(group(programme, people=1))
    who = held.group.members.get().applicant
    client = client_of(ani)
    for least in (80, 100):
        sent = {"valid_from": "2022-09-01", "least_share": least, "late_after": 15}
        client.post(url("completion_rule", programme), sent)
    assert CompletionRule.objects.get().least_share == 100
    services.record_attendance(session=held, presences={who.pk: Said("present")}, by=ani, on=MONDAY)
    page = client.get(url("attendance", programme)).content.decode()
    assert "Completed from 100 % of the hours" in page
    assert "bg-green-lt" in page


def test_pages_stay_within_twelve_queries(held, texts, ani, client_of, django_assert_max_num_queries):
    client, who = client_of(ani), next(iter(texts))
    services.take_sheet(session=held, by=ani, on=MONDAY)
    made = Sheet.objects.get()
    services.read_sheet(
        programme=held.programme, photo=photo_of(drawn([(0, "cross", True)] * 3, made.number, rows=3)), by=ani
    )
    code = Card.objects.get(applicant=who).applicant.code
    for address in (
        url("scan", held.programme, "S001"),
        url("participant", held.programme, code),
        url("check_sheet", held.programme, made.number),
        url("attendance", held.programme),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_why_somebody_was_excused_is_for_the_office_and_the_own_mentor(held, texts, ani, citra, client_of, programme):
    who = next(iter(texts))
    presences = dict.fromkeys(texts, Said("present")) | {who: Said("excused", 0, "Sakit jantung")}
    services.record_attendance(session=held, presences=presences, by=ani, on=MONDAY)
    code = Card.objects.get(applicant=who).applicant.code
    other = User.objects.create_user("mentor-lain", name="Gita")
    Membership.objects.create(programme=programme, user=other, role=Role.MENTOR)
    expert = User.objects.create_user("ahli", name="Eko")
    Membership.objects.create(programme=programme, user=expert, role=Role.EXPERT)
    for user, sees, status in ((ani, True, 200), (citra, True, 200), (other, False, 404), (expert, False, 403)):
        client = client_of(user)
        assert ("Sakit jantung" in client.get(url("session", programme, "S001")).content.decode()) == sees
        assert client.get(url("participant", programme, code)).status_code == status
        page = client.get(url("attendance", programme)).content.decode()
        assert (url("participant", programme, code) in page) == sees


def test_a_participant_shows_the_own_card_on_the_telephone(held, citra, dewi, client_of):
    person = held.group.members.first().applicant.person
    client, address = client_of(dewi), url("own_card", held.programme)
    assert "You are in no group yet" in client.get(address).content.decode()
    person.user = dewi
    person.save()
    assert "Make my card" in client.get(address).content.decode()
    client.post(address)
    client.post(address)  # a second time the same card
    card = Card.objects.get()
    page = client.get(address).content.decode()
    assert "<svg viewBox" in page  # without a size, so that it fills the screen
    assert f"{card.token[:4]}-{card.token[4:8]}" in page
    assert scan(held, rules.card_text(held.programme.code, card.token), citra)[0] == Scan.STORED
    services.revoke_card(applicant=person.applicants.get(), reason="hilang", by=citra, on=MONDAY)
    assert "Make my card" in client.get(address).content.decode()
