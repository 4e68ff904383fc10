"""A phone without signal before the page is opened: the day, the logbook and the scanner open from what was kept."""

import datetime
from collections.abc import Callable
from itertools import count
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


HOURS = count(0)  # nobody is at two visits at the same time


def fill(page: Page, summary: str) -> None:
    hour = next(HOURS)
    page.get_by_label("Start").fill(f"{hour:02}:10")
    page.get_by_label("End").fill(f"{hour:02}:50")
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
    expect(page.locator("[data-kept-list]")).to_contain_text("is sent when the network is back")
    expect(page.get_by_label("What was done")).to_have_value("")  # empty, for another visit
    assert not Visit.objects.filter(summary="Dicatat tanpa sinyal sejak awal").exists()

    phone.set_offline(False)
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert Visit.objects.filter(summary="Dicatat tanpa sinyal sejak awal").count() == 1


def test_two_visits_to_one_group_without_signal_are_both_stored_whatever_is_thrown_away_between(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    form = f"/p/{example}/mentoring/groups/{her_visit.group.code}/log/"
    phone = signed_in("citra", language="en", width=360)
    page = phone.new_page()
    keep(page, f"/p/{example}/mentoring/", form)
    phone.set_offline(True)
    page.goto(form)
    fill(page, "Antrean satu")
    press(page, "Log the visit")
    expect(page.locator("[data-kept-list] li")).to_have_count(1)
    page.wait_for_timeout(1200)
    fill(page, "Antrean dua, belum jadi")  # touches the form that was sent: the first stays to be sent
    page.wait_for_timeout(1000)
    page.goto(form)
    press(page, "Start anew")
    expect(page.locator("[data-kept-list] li")).to_have_count(1)
    fill(page, "Antrean dua")
    until = datetime.datetime.strptime(page.locator("[name=ends_at]").input_value()[:5], "%H:%M")  # noqa: DTZ007
    page.locator("[name=starts_at]").fill(until.strftime("%H:%M"))  # the form proposes the hours of the first
    page.locator("[name=ends_at]").fill((until + datetime.timedelta(minutes=30)).strftime("%H:%M"))
    press(page, "Log the visit")
    expect(page.locator("[data-kept-list] li")).to_have_count(2)
    page.on("dialog", lambda asked: asked.dismiss())  # throwing away asks first
    page.locator("[data-kept-list]").get_by_role("button", name="Throw away").first.click()
    expect(page.locator("[data-kept-list] li")).to_have_count(2)

    phone.set_offline(False)
    page.goto(f"/p/{example}/mentoring/")
    expect(page.get_by_role("link").filter(has_text="Antrean dua")).to_be_visible()
    stored = Visit.objects.filter(summary__startswith="Antrean").order_by("summary")
    assert list(stored.values_list("summary", flat=True)) == ["Antrean dua", "Antrean satu"]


def test_an_entry_that_the_server_cannot_take_now_is_tried_again_and_a_refused_one_is_opened_with_the_reasons(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    form = f"/p/{example}/mentoring/groups/{her_visit.group.code}/log/"
    page = signed_in("citra", language="en", width=360).new_page()
    page.goto(form)
    statuses = [503, 403]

    def fail(route: Any) -> None:
        if route.request.method == "POST" and statuses:
            route.fulfill(status=statuses.pop(0), body="")
        else:
            route.continue_()

    page.route("**/log/", fail)
    fill(page, "Ditolak lalu dibetulkan")
    page.get_by_label("Start").fill("17:00")
    page.get_by_label("End").fill("18:00")
    page.get_by_label("Obstacle").fill("Pakan mahal")  # without a solution: only the server says that
    press(page, "Log the visit")
    kept = page.locator("[data-kept-list]")
    expect(kept).to_contain_text("is sent when the network is back")  # 503
    page.goto(form)
    expect(kept).to_contain_text("sign in again")  # 403
    page.goto(f"/p/{example}/mentoring/")
    expect(kept).to_contain_text("not sent: open it")
    kept.get_by_role("button", name="Open").click()
    expect(page.get_by_text("There is an obstacle: say how it was solved")).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("Ditolak lalu dibetulkan")
    page.get_by_label("Next step").fill("Mencari pakan lain")
    press(page, "Log the visit")
    expect(page.get_by_role("link").filter(has_text="Ditolak lalu dibetulkan")).to_be_visible()
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert Visit.objects.filter(summary="Ditolak lalu dibetulkan").count() == 1


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
