"""A mentor at 360 px: without signal in the middle of a log, with a closed page, with few taps; and the review."""

import datetime
import gzip
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from kawasan.mentoring.models import Visit

pytestmark = pytest.mark.usefixtures("example")
SignedIn = Callable[..., BrowserContext]
MOST_TAPS = 12  # besides typing
HEAVIEST = 100_000  # bytes over the wire, first load
COUNT_TAPS = """addEventListener("click", event => {
    if (event.isTrusted && event.detail) sessionStorage.taps = Number(sessionStorage.taps ?? 0) + 1;
}, true)"""


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def open_form(page: Page, example: str, visit: Visit) -> None:
    page.goto(f"/p/{example}/mentoring/groups/{visit.group.code}/log/")


def test_a_log_begun_without_signal_survives_a_closed_page_is_returned_answered_and_approved(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    open_form(page, example, her_visit)
    page.get_by_label("Material").fill("Pakan fermentasi")
    phone.set_offline(True)
    page.get_by_label("What was done").fill("Pakan dicampur tanpa sinyal")
    press(page, "Log the visit")
    expect(page.get_by_text("No signal. The entry is kept on this phone")).to_be_visible()
    assert not Visit.objects.filter(summary="Pakan dicampur tanpa sinyal").exists()
    page.close()

    phone.set_offline(False)
    page = phone.new_page()
    page.goto(f"/p/{example}/mentoring/")
    entry = page.get_by_role("link").filter(has_text="Pakan dicampur tanpa sinyal")
    expect(entry).to_contain_text("Waits for review")
    kept = Visit.objects.get(summary="Pakan dicampur tanpa sinyal")  # once, though it was sent by itself
    assert kept.material == "Pakan fermentasi"

    review(signed_in, example, kept, "Return", note="Siapa yang hadir?")
    page.goto(f"/p/{example}/mentoring/visits/{kept.code}/")
    page.get_by_role("link", name="Answer", exact=True).click()
    expect(page.get_by_text("Siapa yang hadir?")).to_be_visible()
    page.get_by_label("Your answer to the reviewer").fill("Tiga anggota, sudah dicentang.")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("Answered and sent again")
    review(signed_in, example, kept, "Approve")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Approved")
    kept.refresh_from_db()
    assert (kept.state, kept.answer) == ("approved", "Tiga anggota, sudah dicentang.")


def review(signed_in: SignedIn, example: str, visit: Visit, verdict: str, note: str = "") -> None:
    page = signed_in("budi", language="en").new_page()
    page.goto(f"/p/{example}/mentoring/review/?mentor={visit.mentor.code}")
    page.locator(f"#entry-{visit.pk}").check()
    if note:
        page.get_by_label("Note for the mentor").fill(note)
    press(page, verdict)
    expect(page.get_by_role("status").filter(has_text="1 entry was reviewed.")).to_be_visible()


NO_SIGNAL, SENT = "No signal. The entry is kept on this phone", "What was kept on this phone was sent."


def test_once_it_was_sent_the_form_says_so(signed_in: SignedIn, example: str, her_visit: Visit) -> None:
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    open_form(page, example, her_visit)
    phone.set_offline(True)
    page.get_by_label("Material").fill("Buku kas")
    page.get_by_label("What was done").fill("Dicatat tanpa sinyal")
    press(page, "Log the visit")
    expect(page.get_by_text(NO_SIGNAL)).to_be_visible()
    page.get_by_label("Material").fill("Kunjungan berikutnya")  # so that the page stays
    phone.set_offline(False)
    expect(page.get_by_text(SENT)).to_be_visible()
    expect(page.get_by_text(NO_SIGNAL)).to_be_hidden()
    assert Visit.objects.filter(summary="Dicatat tanpa sinyal").count() == 1


def test_what_is_refused_once_it_was_sent_does_not_wait_for_the_signal(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    open_form(page, example, her_visit)
    phone.set_offline(True)
    page.get_by_label("Material").fill("Buku kas")
    page.get_by_label("What was done").fill("Ada hambatan tanpa jalan keluar")
    page.get_by_label("Obstacle").fill("Pakan mahal")
    press(page, "Log the visit")
    expect(page.get_by_text(NO_SIGNAL)).to_be_visible()
    phone.set_offline(False)
    expect(page.get_by_text("not sent: open it")).to_be_visible()
    expect(page.get_by_text(NO_SIGNAL)).to_be_hidden()
    expect(page.get_by_text(SENT)).to_be_hidden()


def test_without_signal_a_phone_says_what_is_missing_before_it_keeps_an_entry(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    open_form(page, example, her_visit)
    phone.set_offline(True)
    page.get_by_label("What was done").fill("Selesai sebelum mulai")
    page.get_by_label("Start time").fill("10:00")
    page.get_by_label("End time").fill("09:00")
    press(page, "Log the visit")
    expect(page.get_by_text("Say in a few words what was taught or practised.")).to_be_visible()
    expect(page.get_by_text("The visit ends before it starts.")).to_be_visible()
    expect(page.get_by_text(NO_SIGNAL)).to_be_hidden()
    page.get_by_label("Material").fill("Buku kas")
    page.get_by_label("End time").fill("11:30")
    page.wait_for_timeout(1000)  # longer than a double click
    press(page, "Log the visit")
    expect(page.get_by_text(NO_SIGNAL)).to_be_visible()
    expect(page.get_by_text("The visit ends before it starts.")).to_be_hidden()


def test_a_half_typed_entry_is_there_again_after_the_page_was_closed_and_may_be_thrown_away(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    open_form(page, example, her_visit)
    photo = {"name": "kandang.jpg", "mimeType": "image/jpeg", "buffer": b"not sent yet"}
    page.get_by_label("What was done").fill("Setengah jadi")
    page.locator("[name=photos]").set_input_files(files=[photo])
    page.wait_for_timeout(1000)  # longer than the rest after a key stroke
    page.close()

    page = phone.new_page()
    open_form(page, example, her_visit)
    expect(page.get_by_text("What you typed earlier is back.")).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("Setengah jadi")
    assert page.locator("[name=photos]").evaluate("field => field.files[0].name") == "kandang.jpg"
    other = signed_in("ani", language="en", width=360).new_page()
    open_form(other, example, her_visit)
    expect(other.get_by_label("What was done")).to_have_value("")
    press(page, "Start anew")
    expect(page.get_by_label("What was done")).to_have_value("")


def test_what_the_server_does_not_take_is_said_on_the_form_and_nothing_is_lost(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    page = signed_in("citra", language="en", width=360).new_page()
    open_form(page, example, her_visit)
    page.get_by_label("Material").fill("Buku kas")
    page.get_by_label("What was done").fill("Ada hambatan")
    page.get_by_label("Obstacle").fill("Pakan mahal")
    press(page, "Log the visit")
    expect(page.get_by_text("There is an obstacle: say how it was solved")).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("Ada hambatan")
    page.get_by_label("Next step").fill("Mencari pakan lain")
    press(page, "Log the visit")
    expect(page.get_by_role("status").filter(has_text="The visit was logged.")).to_be_visible()
    assert Visit.objects.filter(summary="Ada hambatan", material="Buku kas").count() == 1


def test_a_visit_is_logged_with_few_taps(signed_in: SignedIn, example: str, her_visit: Visit) -> None:
    """From the first page to the stored entry; who was there, the hours and the rest are as they were last time."""
    phone = signed_in("citra", language="en", width=360)
    phone.add_init_script(COUNT_TAPS)
    page = phone.new_page()
    page.goto(f"/p/{example}/mentoring/")
    page.locator(f"a[href^='/p/{example}/mentoring/groups/{her_visit.group.code}/log/']").first.click()
    page.get_by_label("Material").click()
    page.keyboard.type("Buku kas")
    page.get_by_label("What was done").click()
    page.keyboard.type("Mencatat penjualan seminggu")
    press(page, "Log the visit")
    expect(page.get_by_role("status").filter(has_text="The visit was logged.")).to_be_visible()
    taps = int(page.evaluate("sessionStorage.taps"))
    assert 4 <= taps <= MOST_TAPS
    stored = Visit.objects.get(summary="Mencatat penjualan seminggu")
    assert (stored.state, stored.no_expense_reason) == ("pending", "No cost arose")


def test_the_first_load_of_a_mentors_pages_is_light(signed_in: SignedIn, example: str, her_visit: Visit) -> None:
    """Pages as the server sends them; assets as they are once collected, which is compressed."""
    for address in ("today/", "", f"groups/{her_visit.group.code}/log/"):
        page = signed_in("citra", width=360).new_page()
        answers: list[Response] = []
        page.on("response", lambda answer, found=answers: found.append(answer))
        page.goto(f"/p/{example}/mentoring/{address}", wait_until="networkidle")
        parts = {urlsplit(answer.url).path: weight(answer) for answer in answers}
        assert 20_000 < sum(parts.values()) <= HEAVIEST, parts


def weight(answer: Response) -> int:
    """Bytes over the wire."""
    if "/static/" in answer.url:
        return len(gzip.compress(answer.body()))
    return answer.request.sizes()["responseBodySize"]


def test_the_day_leads_to_a_call_a_chat_and_the_form(signed_in: SignedIn, example: str, her_visit: Visit) -> None:
    long_ago = {"visited_on": datetime.date(2023, 1, 2), "next_visit_on": None}
    Visit.objects.filter(group=her_visit.group).update(**long_ago)
    page = signed_in("citra", language="en", width=360).new_page()
    page.goto(f"/p/{example}/mentoring/today/")
    stop = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Call")).first
    call, chat = stop.get_by_role("link", name="Call"), stop.get_by_role("link", name="Chat")
    number = (call.get_attribute("href") or "").removeprefix("tel:+")
    assert number.startswith("62")
    assert chat.get_attribute("href") == f"https://wa.me/{number}"
    stop.get_by_role("link", name="Log").click()
    expect(page.get_by_role("button", name="Log the visit")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
