"""What trainer and office do with attendance in a browser: cards without a network, lists from paper and back."""

import datetime
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import segno
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from kawasan.core.models import User
from kawasan.engine.tests.test_sheet import drawn, photographed
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.training import calendars, queries, rules, services
from kawasan.training.models import Attendance, Card, Publication, Session, Sheet

SignedIn = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def programme(example: str) -> Programme:
    return Programme.objects.get(code=example)


def unrecorded(programme: Programme, **of: Any) -> Session:
    """A session that is over, with nobody's attendance recorded."""
    day = today(programme)
    found = programme.sessions.filter(starts_at__lt=queries.midnight(day), **of).order_by("-starts_at").first()
    assert found
    Attendance.objects.filter(session=found).delete()
    Session.objects.filter(pk=found.pk).update(status="planned")
    return found


def picture_of(text: str) -> dict[str, Any]:
    """A photo of a card's code, as a telephone's camera gives it."""
    png = BytesIO()
    segno.make(text, error="m", micro=False).save(png, kind="png", scale=6, border=6)
    photo = Image.open(BytesIO(png.getvalue())).convert("L").rotate(11, expand=True, fillcolor=200)
    written = BytesIO()
    photo.save(written, "JPEG", quality=70)
    return {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def texts_of(held: Session) -> list[str]:
    ani = User.objects.get(username="ani")
    services.take_cards(group=held.group, by=ani, on=today(held.programme))
    cards = Card.objects.filter(applicant__in=queries.people_of(held)).order_by("applicant__person__name")
    return [rules.card_text(held.programme.code, card.token) for card in cards]


def shows(page: Page, words: str) -> None:
    expect(page.locator("[data-said]")).to_contain_text(words)


def test_a_trainer_scans_cards_without_signal_and_they_are_sent_when_it_is_back(
    signed_in: SignedIn, programme: Programme
) -> None:
    held = unrecorded(programme, group__mentor__user__username="citra")
    texts = texts_of(held)
    first, second = queries.people_of(held)[:2]
    context = signed_in("citra", language="en", width=360)
    page = context.new_page()
    page.goto(f"/p/{programme.code}/training/sessions/{held.code}/")
    page.get_by_role("link", name="Scan cards").click()
    expect(page.locator("[data-waiting]")).to_have_text("Everything is sent")

    context.set_offline(True)
    page.locator("[data-photo]").set_input_files(picture_of(texts[0]))  # through the decoder
    shows(page, f"{first.person.name}: Scanned")
    page.get_by_label("Code of the card").fill(texts[1].rsplit(":", 1)[1].lower())
    page.get_by_role("button", name="Record").click()
    shows(page, f"{second.person.name}: Scanned")
    page.locator("[data-photo]").set_input_files(picture_of(texts[0]))
    shows(page, "Scanned already")
    page.locator("[data-photo]").set_input_files(picture_of(rules.card_text("lain-2022", "0" * 16)))
    shows(page, "The card is of another programme.")
    page.locator("[data-photo]").set_input_files(picture_of(rules.card_text(programme.code, "0" * 16)))
    shows(page, "another group")
    expect(page.locator("[data-waiting]")).to_have_text("2 kept on this telephone")
    assert not Attendance.objects.filter(session=held).exists()

    context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_have_text("Everything is sent")
    expect(page.locator("[data-list] li")).to_have_count(2)
    scanned = Attendance.objects.filter(session=held, source__startswith="card scanned by")
    assert {row.applicant_id for row in scanned} == {first.pk, second.pk}

    page.get_by_role("link", name="Attendance list").click()
    page.get_by_role("button", name="Record the attendance").click()
    expect(page.get_by_role("status").filter(has_text="The attendance was recorded.")).to_be_visible()
    assert Attendance.objects.filter(session=held, status="present").count() == 2
    assert Attendance.objects.filter(session=held, status="absent").count() == len(texts) - 2


def test_the_office_prints_a_list_and_reads_it_back(signed_in: SignedIn, programme: Programme) -> None:
    held = unrecorded(programme, expert__isnull=False)
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{programme.code}/training/sessions/{held.code}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="List to sign").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    sheet = Sheet.objects.get(session=held)
    rows = len(sheet.rows)
    marks = [(0, "cross", True)] * (rows - 2) + [(3, "tick", False), (0, "cross", False)]
    written = BytesIO()
    photographed(drawn(marks, sheet.number, rows=rows), seed=3).save(written, "JPEG")
    page.goto(f"/p/{programme.code}/training/attendance/")
    page.get_by_role("link", name="Read a signed list").click()
    page.get_by_label("Photo or scan of the sheet").set_input_files(
        {"name": "list.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}
    )
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("1 is not clear")).to_be_visible()
    last = page.locator("fieldset.said").last
    expect(last).to_contain_text("Marked, but not signed")
    last.scroll_into_view_if_needed()
    expect(last.get_by_role("img")).to_have_js_property("complete", True)
    last.locator("label", has_text="Excused").click()
    last.get_by_label("Reason of the excuse").fill("Ill, letter handed in")
    assert not Attendance.objects.filter(session=held).exists()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    marks_of_last = last.get_by_role("img").bounding_box()
    assert marks_of_last
    assert marks_of_last["x"] + marks_of_last["width"] < 360
    assert marks_of_last["height"] > 25  # of a row of 11 mm: its boxes can be told apart
    page.get_by_role("button", name="Store the attendance").click()
    expect(page.get_by_role("status").filter(has_text="The attendance was recorded.")).to_be_visible()
    stored = [Attendance.objects.get(session=held, applicant=key).status for key in sheet.rows]
    assert stored == ["present"] * (rows - 2) + ["absent", "excused"]


def next_weekday(programme: Programme) -> datetime.date:
    """A weekday after today on which nothing is held and that is no holiday."""
    day = today(programme) + datetime.timedelta(days=1)
    while day.weekday() > rules.FRIDAY or calendars.holiday_on(day):
        day += datetime.timedelta(days=1)
    return day


def planned(programme: Programme) -> Session:
    """A session of Dewi's group that is still to come, a copy of one that was held."""
    own = programme.sessions.filter(group__members__applicant__person__user__username="dewi", mentor__isnull=False)
    copy = own.order_by("code").first()
    assert copy
    day = next_weekday(programme)
    starts_at = datetime.datetime.combine(day, datetime.time(14), timezone.get_default_timezone())
    copy.pk, copy.code, copy.status = None, "S900", "planned"
    copy.starts_at, copy.ends_at = starts_at, starts_at + datetime.timedelta(hours=2)
    copy.save()
    return copy


def test_a_coordinator_moves_a_session_on_a_phone_and_tells_only_the_change(
    signed_in: SignedIn, programme: Programme
) -> None:
    coming, ani = planned(programme), User.objects.get(username="ani")
    services.publish(programme=programme, by=ani, on=today(programme))
    office = signed_in("ani", language="en", width=360).new_page()
    office.goto(f"/p/{programme.code}/training/sessions/S900/")
    office.get_by_role("link", name="Move", exact=True).click()

    said = office.locator("#clashes")
    office.get_by_label("Starts at").fill("12:00")
    expect(said).to_contain_text("for the noon prayer")
    assert office.evaluate("document.documentElement.scrollWidth") <= 360
    office.get_by_label("Starts at").fill("15:30")
    expect(said).to_contain_text("Nothing clashes.")
    assert Session.objects.get(code="S900").starts_at == coming.starts_at  # only asked so far
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_role("status").filter(has_text="The session was moved.")).to_be_visible()
    office.get_by_role("button", name="Take the move back").click()
    expect(office.get_by_role("status").filter(has_text="The move was taken back.")).to_be_visible()
    assert Session.objects.get(code="S900").starts_at == coming.starts_at

    office.get_by_role("link", name="Move", exact=True).click()
    office.get_by_label("Starts at").fill("15:30")
    office.get_by_role("button", name="Save").click()
    week = f"/p/{programme.code}/training/?week={coming.starts_at.date()}&group={coming.group.code}"
    office.goto(week)
    expect(office.get_by_text("not published yet")).to_have_count(1)
    hers = signed_in("dewi", language="en", width=360).new_page()
    hers.goto(week)
    expect(hers.get_by_text("14:00–16:00")).to_be_visible()

    office.get_by_role("link", name="Changes and publishing").click()
    expect(office.get_by_text("1 change not told yet")).to_be_visible()
    expect(office.get_by_text("Told:")).to_contain_text(str(coming.group))
    office.get_by_role("button", name="Publish the changes").click()
    expect(office.get_by_role("status").filter(has_text="The timetable was published.")).to_be_visible()
    assert [change["now"]["code"] for change in Publication.objects.get(number=2).changes] == ["S900"]
    hers.goto(week)
    expect(hers.get_by_text("15:30–17:30")).to_be_visible()
    hers.get_by_role("link", name="1 of your sessions was changed").click()
    expect(hers.locator("li", has_text="Before:")).to_contain_text("14:00–16:00")
    feed = services.feed(programme=programme, user=User.objects.get(username="dewi")).decode()
    event = next(part for part in feed.split("BEGIN:VEVENT") if "UID:S900" in part)
    assert "SEQUENCE:1" in event


def test_without_scripts_what_clashes_is_said_after_sending(signed_in: SignedIn, programme: Programme) -> None:
    Session.objects.filter(code="S900").delete()
    planned(programme)
    page = signed_in("ani", language="en", width=360, java_script_enabled=False).new_page()
    page.goto(f"/p/{programme.code}/training/sessions/S900/move/")
    page.get_by_label("Starts at").fill("12:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("for the noon prayer")).to_be_visible()
    expect(page.get_by_label("Starts at")).to_have_value("12:00")
