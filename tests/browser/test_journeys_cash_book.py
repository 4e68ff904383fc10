"""A participant keeps a cash book for a week on a phone, part of it without a network, while the mentor writes too."""

import datetime
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from kept_pages import keep
from playwright.sync_api import BrowserContext, Locator, Page, expect

from kawasan.enterprises.models import CashEntry, Enterprise
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.usefixtures("example")
SignedIn = Callable[..., BrowserContext]


@pytest.fixture
def own(example: str) -> Enterprise:
    """Dewi's enterprise."""
    return Enterprise.objects.get(programme__code=example, owner__person__user__username="dewi")


def open_book(phone: BrowserContext, own: Enterprise) -> Page:
    page = phone.new_page()
    page.goto(f"/p/{own.programme.code}/enterprises/{own.code}/cash-book/")
    return page


def write(page: Page) -> None:
    page.get_by_role("button", name="Write the entry", exact=True).click()


def sell(page: Page, product: str, taps: int = 1) -> None:
    for _tap in range(taps):
        page.locator("[data-product]").filter(has_text=product).click()
    write(page)


def entry(page: Page, what: str) -> Locator:
    """A line that the server has."""
    return page.locator("li", has=page.get_by_role("button", name=f": {what}"))


def test_a_week_of_sales_takes_three_taps_each_and_its_income_is_computed(signed_in: SignedIn, own: Enterprise) -> None:
    phone = signed_in("dewi", language="en", width=360)
    page = open_book(phone, own)
    page.get_by_role("link", name="Add a product").click()
    page.get_by_label("Name").fill("Kangkung")
    page.get_by_label("Unit").fill("ikat")
    page.get_by_label("Usual price (rupiah)").fill("5,000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The product was added.")).to_be_visible()
    before = sum(line.signed_idr for line in own.cash_entries.filter(kind="sale"))
    for number in range(7):
        day = datetime.date(2023, 2, 16) + datetime.timedelta(days=number)
        Programme.objects.filter(pk=own.programme_id).update(as_of=day)
        page = open_book(phone, own)
        sell(page, "Kangkung", number + 1)
        expect(entry(page, f"{number + 1} ikat Kangkung")).to_be_visible()
        page.close()
    lines = own.cash_entries.filter(product__name="Kangkung")
    assert [(line.quantity, line.amount_idr) for line in lines.order_by("dated")] == [
        (number, 5_000 * number) for number in range(1, 8)
    ]
    assert sum(line.signed_idr for line in own.cash_entries.filter(kind="sale")) == before + 140_000
    page = open_book(phone, own)
    page.get_by_role("link", name="What it earns").click()
    expect(page.get_by_role("heading", name="How much must be sold")).to_be_visible()


def test_lines_written_without_a_network_are_sent_once_and_the_mentors_stay_too(
    signed_in: SignedIn, own: Enterprise
) -> None:
    phone, office = signed_in("dewi", language="en", width=360), signed_in("ani", language="en")
    page, mentors = open_book(phone, own), open_book(office, own)
    phone.set_offline(True)
    page.get_by_text("Cost", exact=True).click()
    page.get_by_label("Amount (rupiah)").fill("12,000")
    page.get_by_label("What", exact=True).fill("Gas tanpa sinyal")
    write(page)
    expect(page.get_by_text("Gas tanpa sinyal 12,000 – waits for the network")).to_be_visible()
    wrong = own.cash_entries.filter(reverses=None, reversed_by=None).order_by("-dated", "-pk")[0]
    page.get_by_role("button", name=f"Take back {wrong.code}:").click()
    expect(page.get_by_text(f"Take back: {wrong.what} – waits for the network")).to_be_visible()

    mentors.get_by_label("Amount (rupiah)").fill("30000")
    mentors.get_by_label("What", exact=True).fill("Dicatat pendamping")
    write(mentors)
    expect(entry(mentors, "Dicatat pendamping")).to_be_visible()

    phone.set_offline(False)
    expect(entry(page, "Gas tanpa sinyal")).to_be_visible(timeout=20_000)
    expect(entry(page, "Dicatat pendamping")).to_be_visible()
    expect(page.get_by_text("waits for the network")).to_have_count(0)
    for what in ("Gas tanpa sinyal", "Dicatat pendamping"):
        assert CashEntry.objects.filter(enterprise=own, what=what).count() == 1
    assert CashEntry.objects.filter(reverses=wrong).count() == 1


def test_the_own_book_opens_without_a_network_from_what_was_kept(signed_in: SignedIn, own: Enterprise) -> None:
    phone = signed_in("dewi", language="en", width=360)
    page = open_book(phone, own)
    keep(page, page.url, urlsplit(page.url).path)
    page.close()
    phone.set_offline(True)
    page = open_book(phone, own)
    expect(page.get_by_text("No signal. What you do is kept on this phone")).to_be_visible()
    page.get_by_label("Amount (rupiah)").fill("7,000")
    page.get_by_label("What", exact=True).fill("Buka tanpa sinyal")
    write(page)
    expect(page.get_by_text("Buka tanpa sinyal 7,000 – waits for the network")).to_be_visible()
    page.close()
    phone.set_offline(False)
    page = open_book(phone, own)
    expect(entry(page, "Buka tanpa sinyal")).to_be_visible()
    assert CashEntry.objects.filter(enterprise=own, what="Buka tanpa sinyal").count() == 1


def test_a_second_tap_writes_no_second_line_and_a_number_means_what_the_language_says(
    signed_in: SignedIn, own: Enterprise
) -> None:
    product = own.products.order_by("pk")[0]
    phone = signed_in("dewi", language="id", width=360)
    page = open_book(phone, own)
    page.locator(f"[data-product='{product.pk}']").click()
    page.locator("[name=quantity]").fill("1.000")
    page.get_by_role("button", name="Simpan catatan", exact=True).dblclick()
    what = f"1000 {product.unit} {product.name}"
    expect(entry(page, what).first).to_be_visible()
    assert list(own.cash_entries.filter(what=what).values_list("amount_idr", flat=True)) == [1000 * product.price_idr]
    phone.set_offline(True)
    page.locator("[name=amount_idr]").fill("8.000")
    page.locator("[name=what]").fill("Dua ketukan")
    page.get_by_role("button", name="Simpan catatan", exact=True).dblclick()
    expect(page.get_by_text("Dua ketukan 8.000 – menunggu sinyal")).to_be_in_viewport()
    phone.set_offline(False)
    expect(entry(page, "Dua ketukan").first).to_be_visible(timeout=20_000)
    assert CashEntry.objects.filter(enterprise=own, what="Dua ketukan").count() == 1


def test_what_the_server_does_not_take_comes_back_at_once_with_its_reason(signed_in: SignedIn, own: Enterprise) -> None:
    page = open_book(signed_in("dewi", language="en", width=360), own)
    page.get_by_label("What", exact=True).fill("Tanpa jumlah")
    write(page)
    expect(page.get_by_text("How much was it?")).to_be_visible()
    expect(page.get_by_label("What", exact=True)).to_have_value("Tanpa jumlah")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_a_line_that_both_took_back_is_shown_with_the_reason(signed_in: SignedIn, own: Enterprise) -> None:
    phone, office = signed_in("dewi", language="en", width=360), signed_in("ani", language="en")
    page, mentors = open_book(phone, own), open_book(office, own)
    wrong = own.cash_entries.filter(reverses=None, reversed_by=None).order_by("-dated", "-pk")[0]
    phone.set_offline(True)
    page.get_by_role("button", name=f"Take back {wrong.code}:").click()
    expect(page.get_by_text("waits for the network")).to_be_visible()
    mentors.get_by_role("button", name=f"Take back {wrong.code}:").click()
    expect(mentors.get_by_text("The entry was taken back.")).to_be_visible()
    phone.set_offline(False)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("This entry was already taken back.")).to_be_visible()
    assert CashEntry.objects.filter(reverses=wrong).count() == 1


def test_without_a_script_a_product_and_a_quantity_are_enough(signed_in: SignedIn, own: Enterprise) -> None:
    product = own.products.order_by("pk")[0]
    page = open_book(signed_in("dewi", language="en", width=360, java_script_enabled=False), own)
    page.get_by_label("Product", exact=True).select_option(product.name)
    page.get_by_label("Quantity").fill("2,5")
    write(page)
    expect(page.get_by_text("The entry was written.")).to_be_visible()
    line = own.cash_entries.order_by("-pk")[0]
    assert (line.product, line.quantity, line.amount_idr) == (product, 2.5, round(2.5 * product.price_idr))
