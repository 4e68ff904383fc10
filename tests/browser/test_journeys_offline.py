"""A phone without signal before the page is opened: the day, the logbook and the scanner open from what was kept."""

from collections.abc import Callable
from typing import Any

import pytest
from kept_pages import KEPT, keep
from playwright.sync_api import BrowserContext, Page, expect

from kawasan.mentoring.models import Visit
from kawasan.training.models import Session

pytestmark = pytest.mark.usefixtures("example")
SignedIn = Callable[..., BrowserContext]


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def fill(page: Page, summary: str) -> None:
    page.get_by_label("Material").fill("Buku kas")
    page.get_by_label("What was done").fill(summary)


def test_a_visit_is_logged_on_a_form_that_was_opened_without_signal_and_stored_once(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    form = f"/p/{example}/mentoring/groups/{her_visit.group.code}/log/"
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    keep(page, f"/p/{example}/mentoring/", form)
    page.close()

    phone.set_offline(True)
    page = phone.new_page()
    page.goto(f"/p/{example}/mentoring/today/")
    expect(page.get_by_text("No signal. What you do is kept on this phone")).to_be_visible()
    assert page.get_by_role("link", name="Call").count() == 0  # no telephone numbers in what is kept
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.goto(form)
    fill(page, "Dicatat tanpa sinyal sejak awal")
    press(page, "Log the visit")
    expect(page.get_by_text("No signal. The entry is kept on this phone")).to_be_visible()
    page.close()
    page = phone.new_page()
    page.goto(form)
    expect(page.get_by_label("What was done")).to_have_value("Dicatat tanpa sinyal sejak awal")
    assert not Visit.objects.filter(summary="Dicatat tanpa sinyal sejak awal").exists()

    phone.set_offline(False)
    expect(page.get_by_role("link").filter(has_text="Dicatat tanpa sinyal sejak awal")).to_be_visible()
    assert Visit.objects.filter(summary="Dicatat tanpa sinyal sejak awal").count() == 1


def test_two_clicks_on_send_and_an_answer_that_was_lost_store_one_visit(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    page.goto(f"/p/{example}/mentoring/groups/{her_visit.group.code}/log/")
    fill(page, "Jawaban hilang di jalan")
    begun: list[str] = []
    statuses: list[int] = []

    def lose_the_answer(route: Any) -> None:
        """The server has it, and the phone never hears of it."""
        if route.request.method != "POST":
            route.continue_()
            return
        begun.append(route.request.url)
        statuses.append(route.fetch(max_redirects=0).status)
        route.abort()

    page.route("**/log/", lose_the_answer)
    page.get_by_role("main").get_by_role("button", name="Log the visit").dblclick()
    expect(page.get_by_text("No signal. The entry is kept on this phone")).to_be_visible()
    page.wait_for_timeout(1000)
    while len(statuses) < len(begun):
        page.wait_for_timeout(100)
    assert statuses[0] == 201
    assert Visit.objects.filter(summary="Jawaban hilang di jalan").count() == 1
    page.unroute("**/log/")
    page.goto(f"/p/{example}/mentoring/")
    expect(page.get_by_role("link").filter(has_text="Jawaban hilang di jalan")).to_be_visible()
    page.reload()
    assert page.locator("[data-kept]").is_hidden()
    assert Visit.objects.filter(summary="Jawaban hilang di jalan").count() == 1


def test_the_scanner_opens_without_signal_and_signing_out_forgets_every_page(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    session = Session.objects.filter(programme__code=example, group=her_visit.group).order_by("starts_at")[0]
    address = f"/p/{example}/training/sessions/{session.code}/scan/"
    phone = signed_in("ani", language="en", width=360)
    page = phone.new_page()
    keep(page, address, address)
    phone.set_offline(True)
    page.goto(address)
    expect(page.get_by_text("No signal. What you do is kept on this phone")).to_be_visible()
    expect(page.get_by_role("button", name="Record")).to_be_visible()

    phone.set_offline(False)
    page.goto(f"/p/{example}/training/")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate(KEPT) == []
