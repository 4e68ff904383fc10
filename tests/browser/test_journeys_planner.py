"""What a planner does from rows to seats: enter, compute, read why, change a price, compare, adopt, print."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kawasan.core.testing import PASSWORD
from kawasan.exchange.checker import check
from kawasan.exchange.services import add_user, load
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Plan

EXAMPLE = Path(__file__).parents[2] / "examples" / "pangkalpinang-2022"
PLANNING = 240_000  # milliseconds; other tests have the other core
SCENARIOS = "What if things turn out otherwise"


@pytest.fixture(scope="module")
def programme(db: None) -> Programme:
    """The example's rows, without a plan and everything that follows from one."""
    rows, faults = check(EXAMPLE)
    assert faults == []
    load(folder=rows, by=None)
    for username, name, role in (("gita", "Gita Permata", "planner"), ("ani", "Ani Lestari", "manager")):
        add_user(username=username, name=name, password=PASSWORD, programme=EXAMPLE.name, role=role, by=None)
    return Programme.objects.get(code=EXAMPLE.name)


def said(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def fill(page: Page, **answers: str) -> None:
    """Answer a form by the names of its fields and save it."""
    for name, answer in answers.items():
        field = page.locator(f"main form [name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(label=answer)
        else:
            field.fill(answer)
    press(page, "Save")


def test_a_planner_goes_from_the_rows_to_the_seats_of_the_draw_and_to_paper(
    signed_in: Callable[..., BrowserContext], programme: Programme
) -> None:
    page = signed_in("gita", language="en").new_page()
    at = f"/p/{programme.code}"
    enters_a_resource(page, at)
    enters_an_activity_with_its_recipe(page, at)
    enters_a_buyer(page, at)

    computes(page, at, "PLAN-1")
    reads_why_not_more_otak_otak(page)

    page.goto(f"{at}/value-chain/demands/DEM-09/")
    fill(page, price_idr="3,500")
    computes(page, at, "PLAN-2")
    puts_the_plans_side_by_side(page)
    compares_scenarios(page, at)

    page.goto(f"{at}/value-chain/plans/PLAN-2/")
    press(page, "Adopt PLAN-2")
    said(page, "PLAN-2 is now the programme's plan.")
    the_draw_is_offered_the_seats(signed_in("ani", language="en").new_page(), at, programme)
    prints(page, at)


def enters_a_resource(page: Page, at: str) -> None:
    page.goto(f"{at}/area/resources/")
    follow(page, "Add a resource")
    answers = {"name": "Ikan selar yang didaratkan", "code": "RES-SELAR", "quantity": "-5", "unit": "liter"}
    page.locator("[name=kind]").select_option(label=option(page, "kind", "fish and seafood"))
    page.locator("[name=place]").select_option(label=option(page, "place", "Gabek"))
    fill(page, **answers, sustainable_yield="20,000", used="9,000", as_of="2022-08-24", source="PPN Sungailiat 2022")
    refused(page, "Ensure this value is greater than or equal to 0.")
    fill(page, quantity="30,000")
    refused(page, "fish and seafood is measured in kg; give the quantity in that, or choose another kind.")
    fill(page, unit="kg")
    said(page, "The resource was added.")


def option(page: Page, field: str, word: str) -> str:
    """The words of the first choice with a word in it."""
    return page.locator(f"[name={field}] option").filter(has_text=word).first.inner_text()


def refused(page: Page, sentence: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(sentence)


def enters_an_activity_with_its_recipe(page: Page, at: str) -> None:
    page.goto(f"{at}/value-chain/commodities/")
    follow(page, "Add a commodity")
    fill(page, code="KOM-ABON", name="Abon ikan", name_en="Fish floss", unit="kg", source="survei 2022")
    said(page, "Saved.")

    page.goto(f"{at}/value-chain/activities/")
    follow(page, "Add an activity")
    fill(
        page,
        code="ACT-ABON",
        name="Abon ikan",
        name_en="Fish floss",
        field="Culinary",
        stage=option(page, "stage", "Processing"),
        kbli_code="10219",
        cycle_days="7",
        cycles_per_year="48",
        labour_days="6",
        running_cost_idr="350,000",
        capital_idr="9,000,000",
        least_enterprises="0",
        most_enterprises="4",
        source="survei 2022",
    )
    refused(page, "It cannot be planned yet.")
    refused(page, "It makes nothing. Add what one cycle yields.")
    follow(page, "Add an input or output")
    page.locator("[name=commodity]").select_option(label=option(page, "commodity", "Fish floss"))
    fill(page, direction="Output", quantity="25 potong", source="survei 2022")
    refused(page, "Fish floss is counted in kg, not in “potong”. Convert the quantity to kg.")
    fill(page, quantity="25")
    follow(page, "Add a resource")
    page.locator("[name=resource]").select_option(label=option(page, "resource", "selar"))
    fill(page, quantity="2,400", source="survei 2022")
    expect(page.get_by_text("It cannot be planned yet.")).to_have_count(0)


def enters_a_buyer(page: Page, at: str) -> None:
    page.goto(f"{at}/partners/")
    follow(page, "Add an organisation")
    page.locator("[name=kind]").select_option(label=option(page, "kind", "Offtaker"))
    fill(page, name="Koperasi Haji Bangka", code="ORG-HAJI", role="Membeli bekal jemaah", source="survei 2022")
    page.goto(f"{at}/value-chain/demands/")
    follow(page, "Add a demand")
    for field, word in (("offtaker", "Haji"), ("commodity", "Fish floss"), ("firmness", "Letter")):
        page.locator(f"[name={field}]").select_option(label=option(page, field, word))
    page.locator("[name=place]").select_option(label=option(page, "place", "Taman Sari"))
    fill(
        page,
        code="DEM-ABON",
        quantity_per_month="200",
        price_idr="95,000",
        valid_from="2022-09-07",
        valid_to="2023-12-31",
        source="surat 2022-08-30",
    )
    said(page, "Saved.")


def computes(page: Page, at: str, plan: str) -> None:
    page.goto(f"{at}/value-chain/")
    page.get_by_role("button", name="Compute a new plan", exact=True).click(timeout=PLANNING)
    expect(page.get_by_role("status").filter(has_text=f"{plan} was computed.")).to_be_visible(timeout=PLANNING)


def reads_why_not_more_otak_otak(page: Page) -> None:
    page.get_by_role("link", name="Why not more of Otak-otak?", exact=True).click()
    why = page.locator("#why")
    expect(why).to_contain_text("enterprises that fit in the area.")
    expect(why).to_contain_text("pieces of Otak-otak (grilled fish cake)")
    expect(why).to_contain_text("The market of Gedung Nasional would take another")
    expect(why).to_contain_text("Change that row and compute a new plan.")


def puts_the_plans_side_by_side(page: Page) -> None:
    follow(page, "Plans side by side")
    main = page.get_by_role("main")
    expect(main).to_contain_text("What PLAN-2 was computed from that PLAN-1 was not")
    expect(main).to_contain_text(
        "Demand · Otak-otak (grilled fish cake) – Pengunjung Alun-alun Taman Merdeka: price: Rp2,300 → Rp3,500"
    )
    income = page.get_by_role("row").filter(has_text="Income of all participants a year").get_by_role("cell")
    before, now = (int("".join(filter(str.isdigit, cell))) for cell in income.all_inner_texts())
    assert now > before


def compares_scenarios(page: Page, at: str) -> None:
    page.goto(f"{at}/value-chain/plans/PLAN-2/")
    page.get_by_role("button", name="Compare scenarios", exact=True).click(timeout=PLANNING)
    expect(page.locator("#scenarios")).to_contain_text("As expected", timeout=PLANNING)
    expect(page.locator("#scenarios")).to_contain_text("buys nothing")


def the_draw_is_offered_the_seats(page: Page, at: str, programme: Programme) -> None:
    page.goto(f"{at}/value-chain/")
    follow(page, "Seats in the draw")
    press(page, "Seats of PLAN-2")
    result = Plan.objects.get(programme=programme, code="PLAN-2").result
    assert result is not None
    seats = {field["name_en"]: field["seats"] for field in result["fields"]}
    for name, number in seats.items():
        expect(page.get_by_label(f"At least: {name}", exact=True)).to_have_value(str(number))
    press(page, "Save the quotas")
    said(page, "The quotas are saved.")
    assert {field.name_en: field.least_seats for field in programme.fields.all()} == seats


def prints(page: Page, at: str) -> None:
    """Map and chain as PDF on both papers, with words that can be searched."""
    for paper, width in (("a4", 595), ("a3", 842)):
        for address, words in (("area/map/map.pdf", "Sources"), ("value-chain/plans/PLAN-2/plan.pdf", "Martabak")):
            answer = page.request.get(f"{at}/{address}?paper={paper}", headers={"accept-language": "en"})
            assert answer.headers["content-type"] == "application/pdf"
            sheet = pypdf.PdfReader(io.BytesIO(answer.body())).pages[0]
            assert round(sheet.mediabox.width) == width
            assert words in sheet.extract_text()
