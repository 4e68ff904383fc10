"""Somebody applies on a phone: over a slow line, without a script, on two devices, and strangers get nothing."""

import datetime
import gzip
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response, expect

from kawasan.applicants import codes
from kawasan.applicants.models import Applicant, Objection, Paper
from kawasan.applicants.tests.factories import usual_rules
from kawasan.areas.models import Place
from kawasan.core.models import Tally
from kawasan.programmes.models import Field, Milestone, NeedBand, Programme, RuleSet

HEAVIEST = 100_000  # bytes over the wire, first load
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 31_250, "uploadThroughput": 12_500}
"""250 kbit/s down and 100 up with 300 ms, as Chrome's developer tools had it for a line of 2G."""
DAY = datetime.date(2022, 9, 1)
ADDRESS = "/p/contoh-hp/apply/"
SignedIn = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def programme(db: None) -> Programme:
    """A programme on a day on which applications are open."""
    made = Programme.objects.create(
        code="contoh-hp", name="Contoh HP", year=2022, area_code="19.71", area_name="Contoh", seats=4, as_of=DAY
    )
    Field.objects.create(programme=made, code="kuliner", name="Kuliner", name_en="Culinary", most_seats=4)
    NeedBand.objects.create(programme=made, code="A", name="Semua", name_en="All", least_score=0, tickets=1)
    weights = {"weight_income": 40, "weight_unemployed": 20, "weight_dependants": 15, "weight_no_worker": 15}
    rule_set = RuleSet.objects.create(
        programme=made, number="TEST/1", issued_on=DAY, valid_from=DAY,
        poverty_line_idr=858_840, weight_disability=10, source="synthetic", required_papers="ktp kk", **weights,
    )  # fmt: skip
    usual_rules(rule_set)
    Milestone.objects.create(
        programme=made, code="daftar", stage="applicants", name="Pendaftaran", name_en="Applications",
        starts_on=DAY, ends_on=DAY + datetime.timedelta(days=14),
    )  # fmt: skip
    centre = {"latitude": -2.1, "longitude": 106.1, "source": "synthetic"}
    district = Place.objects.create(programme=made, code="19.71.01", name="Rangkui", level="district", **centre)
    Place.objects.create(
        programme=made, code="19.71.01.1001", name="Keramat", level="village", parent=district, **centre
    )
    return made


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> Iterator[None]:
    """Every test comes from one address, and begins with what it may."""
    yield
    Tally.objects.all().delete()


@pytest.fixture
def phone(signed_in: SignedIn, programme: Programme) -> BrowserContext:
    return signed_in("", language="en", width=360)


def nik(number: int) -> str:
    """A woman born on 17 May 1990, with a serial that nobody has."""
    return f"19710{number % 7 + 1}570590" + "0000"


def pages(number: int) -> dict[str, dict[str, str]]:
    return {
        "card": {"nik": nik(number), "name": f"Orang {number}", "sex": "female", "birth_date": "1990-05-17"},
        "family": {"family_card": f"197101010120{number:04}", "phone": f"0812000{number:05}"},
        "home": {"place": "Keramat", "address": "Jalan Contoh 1"},
        "about": {"education": "senior"},
        "work": {"activity_now": "unemployed", "months_without_work": "12"},
        "household": {
            "household_size": "4", "household_income_idr": "1,500,000", "dependants": "2", "household_workers": "1",
        },
        "business": {"field": "Culinary", "idea": "Membuat getas untuk toko oleh-oleh"},
    }  # fmt: skip


def begin(page: Page) -> str:
    """The code of an application that was begun; the sum is added up where no script does the work."""
    page.goto(ADDRESS)
    if (total := page.get_by_label("how much is")).is_visible():
        asked = page.locator("[data-question] label").inner_text()
        total.fill(str(sum(map(int, re.findall(r"\d+", asked)))))
    page.get_by_role("button", name="Begin my application").click()
    expect(page.get_by_role("heading", name="Your identity card (KTP)")).to_be_visible()
    return page.locator(".code").inner_text()


def fill(page: Page, answers: dict[str, str]) -> None:
    for name, answer in answers.items():
        box = page.locator(f"[name={name}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            labels = box.locator("option").all_inner_texts()
            box.select_option(**({"label": answer} if answer in labels else {"value": answer}))
        else:
            box.fill(answer)
    title = page.locator("h1").inner_text()
    page.get_by_role("button", name="go on").click()
    if page.locator("h1").inner_text() == title and page.locator("input[name=seen]").count():
        page.get_by_role("button", name="It is right, go on").click()  # what is remarked about the invented NIK


def fill_all(page: Page, number: int) -> None:
    for code, answers in pages(number).items():
        expect(page).to_have_url(re.compile(f"/page/{code}/"))
        fill(page, answers)
    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()


def send(page: Page) -> str:
    """The number on the receipt."""
    page.get_by_label("I have read how my data are used").check()
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("heading", name="Your application was received")).to_be_visible()
    return page.locator(".code").inner_text()


def entered(number: int) -> int:
    return Applicant.objects.filter(person__name=f"Orang {number}").count()


def weight(answer: Response) -> int:
    """Bytes over the wire; static files as they are once collected, which is compressed."""
    if "/static/" in answer.url:
        return len(gzip.compress(answer.body()))
    return int(answer.request.sizes()["responseBodySize"])


def test_somebody_applies_over_a_slow_line_and_sees_how_it_stands(phone: BrowserContext) -> None:
    page = phone.new_page()
    line = phone.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    begin(page)
    fill_all(page, 1)
    receipt = send(page)
    phone.clear_cookies()  # as on another day: the receipt is all that is left
    page.get_by_role("link", name="my-application").click()
    page.get_by_label("Number on your receipt").fill(receipt)
    page.get_by_label("Your date of birth").fill("1990-05-17")
    page.get_by_role("button", name="Show my application").click()
    expect(page.get_by_text("Yes, no rule speaks against it.")).to_be_visible()
    assert entered(1) == 1


def test_a_photo_is_made_small_on_the_phone_and_an_objection_filed(phone: BrowserContext) -> None:
    page = phone.new_page()
    begin(page)
    fill_all(page, 7)
    send(page)
    page.get_by_role("link", name="Send the photos").click()
    page.get_by_role("link", name="Send a photo").first.click()
    file = {"name": "ktp.jpg", "mimeType": "image/jpeg", "buffer": noise(3000, 2000)}
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_function("document.querySelector('input[type=file]').files[0].name === 'photo.jpg'")
    assert page.evaluate("document.querySelector('input[type=file]').files[0].size") < len(file["buffer"]) / 2
    page.get_by_role("button", name="Send the photo").click()
    expect(page.get_by_text("Received: Identity card (KTP).")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Object").click()
    page.get_by_label("What is wrong, and why?").fill("Kami berlima, bukan berempat.")
    assert barriers(page) == []
    page.get_by_role("button", name="File my objection").click()
    expect(page.get_by_text("Not answered yet")).to_be_visible()
    assert Objection.objects.get().applicant.person.name == "Orang 7"
    assert Paper.objects.get().kind == "ktp"


def noise(width: int, height: int) -> bytes:
    """A photo as large as a phone's."""
    written = BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(written, "JPEG", quality=95)
    return written.getvalue()


def test_the_first_load_fits_a_slow_line(phone: BrowserContext) -> None:
    page = phone.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(ADDRESS, wait_until="networkidle")
    parts = {urlsplit(answer.url).path: weight(answer) for answer in answers}
    assert sum(parts.values()) <= HEAVIEST, parts
    assert len(parts) >= 3


def test_somebody_applies_without_a_script(signed_in: SignedIn, programme: Programme) -> None:
    page = signed_in("", language="en", width=360, java_script_enabled=False).new_page()
    begin(page)
    fill_all(page, 2)
    send(page)
    assert entered(2) == 1


def test_an_application_is_taken_up_on_another_device(
    phone: BrowserContext, signed_in: SignedIn, programme: Programme
) -> None:
    page, other = phone.new_page(), signed_in("", language="id", width=360).new_page()
    code = begin(page)
    fill(page, pages(3)["card"])
    expect(page).to_have_url(re.compile("/page/family/"))
    other.goto(ADDRESS)
    other.get_by_label("Kode Anda").fill(code.lower())
    other.get_by_role("button", name="Lanjut", exact=True).click()
    expect(other).to_have_url(re.compile("/page/family/"))
    other.get_by_role("link", name="Kembali").click()
    expect(other.locator("[name=name]")).to_have_value("Orang 3")


def test_a_double_click_sends_an_application_once(phone: BrowserContext) -> None:
    page = phone.new_page()
    begin(page)
    fill_all(page, 4)
    page.get_by_label("I have read how my data are used").check()
    page.get_by_role("button", name="Send my application").dblclick()
    expect(page.get_by_role("heading", name="Your application was received")).to_be_visible()
    assert entered(4) == 1


def test_two_tabs_send_an_application_once(phone: BrowserContext) -> None:
    page = phone.new_page()
    begin(page)
    fill_all(page, 5)
    other = phone.new_page()
    other.goto(page.url)
    first = send(page)
    assert send(other) == first
    assert entered(5) == 1


def test_a_stranger_with_a_guessed_code_gets_nothing(
    phone: BrowserContext, signed_in: SignedIn, programme: Programme
) -> None:
    begin(phone.new_page())
    stranger = signed_in("", language="en", width=360).new_page()
    stranger.goto(ADDRESS)
    stranger.get_by_label("Your code").fill(codes.new_draft_code())
    stranger.get_by_role("button", name="Go on", exact=True).click()
    expect(stranger.get_by_text("No application has this code.")).to_be_visible()
    stranger.goto(f"{ADDRESS}check/")
    expect(stranger).to_have_url(re.compile(r"/apply/$"))


def test_every_page_of_the_form_fits_a_phone_and_axe_finds_nothing(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(ADDRESS)
    found: dict[str, Any] = {"start": barriers(page)}
    begin(page)
    for code, answers in pages(6).items():
        found[code] = barriers(page)
        fill(page, answers)
    found["check"] = barriers(page)
    send(page)
    found["receipt"] = barriers(page)
    assert {code: faults for code, faults in found.items() if faults} == {}


def barriers(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    seen = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in seen] + ([f"{wide} px"] if wide > 360 else [])
