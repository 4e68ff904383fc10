"""Money from the disbursement to the receipts in a browser: who gets it, who pays it, and who follows one rupiah."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from kawasan.assistance.models import BankDifference, Purchase, Step
from kawasan.programmes.models import Programme

SignedIn = Callable[..., BrowserContext]
STATEMENT = Path(__file__).parents[2] / "examples/pangkalpinang-2022/scripts/bank-statement.csv"


@pytest.fixture(scope="module")
def programme(example: str) -> Programme:
    return Programme.objects.get(code=example)


def receipt() -> dict[str, Any]:
    written = BytesIO()
    Image.effect_noise((600, 800), 80).convert("RGB").save(written, "JPEG")
    return {"name": "nota.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def test_a_participant_confirms_what_is_in_hand_and_photographs_a_receipt(
    signed_in: SignedIn, programme: Programme
) -> None:
    page = signed_in("dewi", language="en", width=360).new_page()
    page.goto(f"/p/{programme.code}/me/")
    expect(page.get_by_text("Confirm what you have in hand of assistance B001.")).to_be_visible()
    page.get_by_role("link", name="Sum in hand, receipts and report").click()
    page.get_by_role("link", name="Confirm what I have in hand").click()
    page.get_by_label("How much do you have in hand?").fill("1,600,000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("more cannot have reached you")).to_be_visible()
    page.get_by_label("How much do you have in hand?").fill("1,500,000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Rp1,500,000, right?")).to_be_visible()
    page.get_by_role("button", name="Yes, that is what I have in hand").click()
    expect(page.get_by_text("stored as you wrote it")).to_be_visible()

    page.get_by_role("link", name="Photograph a receipt").click()
    page.get_by_label("Photo of the receipt").set_input_files(receipt())
    page.get_by_label("For what").first.select_option(label="Peralatan kerja")
    page.get_by_label("Sum (rupiah)").first.fill("937,500")
    page.locator("[name=shop]").fill("Toko Sumber Rejeki")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_text("Toko Sumber Rejeki")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Step.objects.get(assistance__code="B001", kind="received").manner == "own"
    assert Purchase.objects.filter(assistance__code="B001").count() == 1


def test_a_treasurer_reconciles_a_statement_and_somebody_else_closes_its_three_differences(
    signed_in: SignedIn, programme: Programme
) -> None:
    page = signed_in("maya", language="en").new_page()
    page.goto(f"/p/{programme.code}/assistance/bank/")
    page.get_by_label("Statement of the bank (CSV)").set_input_files(STATEMENT)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Match with the books").click()
    expect(page.get_by_text("3 differences open")).to_be_visible()
    address = page.url
    page.get_by_role("link", name="Say what it is Other sum").click()
    expect(page.get_by_text("so somebody else closes the difference")).to_be_visible()
    page = signed_in("ani", language="en").new_page()
    page.goto(address)
    for name in ("Other sum", "In the bank and not in the books", "In the books and not in the bank"):
        page.get_by_role("link", name=f"Say what it is {name}").click()
        page.get_by_label("What the difference is").fill(f"Sudah ditanyakan ke bank: {name}")
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("every difference is closed")).to_be_visible()
    assert set(BankDifference.objects.values_list("kind", flat=True)) == {"other_sum", "bank_only", "books_only"}

    page.goto(f"/p/{programme.code}/assistance/bank/")
    page.get_by_label("Statement of the bank (CSV)").set_input_files(STATEMENT)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("This file was taken over already.")).to_be_visible()


def test_an_auditor_follows_one_rupiah_and_changes_nothing(signed_in: SignedIn, programme: Programme) -> None:
    page = signed_in("hadi", language="en").new_page()
    page.goto(f"/p/{programme.code}/assistance/")
    page.get_by_label("Search").fill("B013")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="B013").click()
    expect(page.get_by_role("link", name="Record")).to_have_count(0)
    page.get_by_role("link", name="Where the money went").click()
    expect(page.get_by_text("Paid and not in hand: Rp1,500,000")).to_be_visible()
    expect(page.get_by_text("SYN/SK/B013/2022")).to_be_visible()
    expect(page.get_by_text("Source of the money")).to_be_visible()
