"""What people do, step by step, in a browser: at a desk, on a phone, with the keyboard alone, without JavaScript."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from kawasan.applicants import services as applicants
from kawasan.areas import services as areas
from kawasan.core.testing import PASSWORD
from kawasan.exchange.checker import check
from kawasan.exchange.services import load
from kawasan.mentoring.models import Visit
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.services import give_role
from kawasan.selection import services as selection
from kawasan.selection.models import Seat

pytestmark = pytest.mark.usefixtures("example")
SignedIn = Callable[..., BrowserContext]
EXAMPLES = Path(__file__).parents[2] / "examples"
PLANNING = 120_000  # milliseconds; other tests have the other core
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def loaded(example: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Programme]:
    """Makes a programme of the example's rows that was not run yet, with its managers."""

    def make(code: str, *managers: str) -> Programme:
        folder = tmp_path_factory.mktemp(code)
        shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True)
        settings = folder / "programme.toml"
        settings.write_text(settings.read_text().replace(f'"{example}"', f'"{code}"', 1))
        rows, faults = check(folder)
        assert faults == []
        load(folder=rows, by=None)
        programme = Programme.objects.get(code=code)
        for username in managers:
            give_role(programme=programme, username=username, role="manager", by=None)
        return programme

    return make


def said(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_manager_takes_a_programme_from_its_rows_to_the_signed_decree(
    signed_in: SignedIn, loaded: Callable[..., Programme]
) -> None:
    programme = loaded("persiapan-2022", "ani", "budi")
    page = signed_in("", language="en").new_page()
    page.goto("/")
    page.get_by_label("Username").fill("ani")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.locator(f"a[href='/p/{programme.code}/']").click()

    go_to(page, "Value chain")
    page.get_by_role("button", name="Compute a new plan", exact=True).click(timeout=PLANNING)
    said(page, "PLAN-1 was computed.")
    press(page, "Adopt PLAN-1")
    said(page, "PLAN-1 is now the programme's plan.")

    go_to(page, "Applicants")
    press(page, "Assess all")
    said(page, "345 eligible")

    go_to(page, "Selection")
    page.get_by_role("link", name="Rehearsal").click()
    press(page, "Rehearse")
    said(page, "this is not the draw")
    go_to(page, "Selection")
    page.locator("[name=public_value_source]").fill("Three throws of a die at the city hall on Friday")
    press(page, "Freeze the pool")
    said(page, "The pool is frozen.")
    page.get_by_label("Public value", exact=True).fill("7-7-7")
    press(page, "Enter the value")
    said(page, "Somebody else must confirm it.")
    expect(page.get_by_role("button", name="The value is right: draw")).to_have_count(0)
    other = signed_in("budi", language="en").new_page()
    other.goto(f"/p/{programme.code}/selection/")
    press(other, "The value is right: draw")
    said(other, "The seats are drawn.")
    page.reload()

    page.get_by_role("link", name="Seats and waiting list").click()
    page.get_by_role("button", name="accepts").first.click()
    said(page, "has accepted the seat.")
    page.get_by_role("link", name="declines").first.click()
    page.get_by_label("Reason").fill("Found work in Belinyu")
    page.get_by_role("button", name="Decline the seat").click()
    said(page, "has declined; the seat is free.")
    press(page, "Call the next reserve")
    said(page, "was offered a seat.")
    assert Seat.objects.filter(programme=programme, status="accepted").count() == 1
    assert Seat.objects.filter(programme=programme, status="declined", note="Found work in Belinyu").count() == 1
    assert Seat.objects.filter(programme=programme, status="offered", kind="reserve").count() == 1

    everybody_accepts(programme)
    page.get_by_role("link", name="Decree").click()
    page.get_by_role("link", name="Draft a decree").click()
    press(page, "Draft the decree")
    said(page, "The decree was drafted")
    press(page, "Sign")
    said(page, "The decree is signed.")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def everybody_accepts(programme: Programme) -> None:
    for seat in Seat.objects.filter(programme=programme, status="offered"):
        selection.accept(seat=seat, by=None, on=today(programme))


def go_to(page: Page, stage: str) -> None:
    navigation(page, "Stages").get_by_role("link", name=stage).click()


def navigation(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name=name)


def test_of_two_people_with_the_same_page_open_the_second_gets_a_sentence(
    signed_in: SignedIn, loaded: Callable[..., Programme]
) -> None:
    """They freeze, enter, draw and sign: each time the later one learns why not, and nothing is done twice."""
    programme = loaded("berdua-2022", "ani", "budi", "fajar")
    applicants.assess(programme=programme, by=None, on=today(programme))
    first, second = (signed_in(username, language="en").new_page() for username in ("ani", "budi"))

    both_open(first, second, f"/p/{programme.code}/selection/")
    for page in (first, second):
        page.locator("[name=public_value_source]").fill("Dice on Friday")
    press(first, "Freeze the pool")
    said(first, "The pool is frozen.")
    press(second, "Freeze the pool")
    refused(second, "The pool of this programme is frozen already.")
    assert programme.draws.count() == 1

    both_open(first, second, f"/p/{programme.code}/selection/")
    for page, value in ((first, "1-2-3"), (second, "4-5-6")):
        page.get_by_label("Public value", exact=True).fill(value)
    press(first, "Enter the value")
    said(first, "The public value is entered.")
    press(second, "Enter the value")
    refused(second, "A public value was entered already")
    third = signed_in("fajar", language="en").new_page()
    both_open(third, second, f"/p/{programme.code}/selection/")
    press(third, "The value is right: draw")
    said(third, "The seats are drawn.")
    press(second, "The value is right: draw")
    refused(second, "This pool was drawn already")
    assert programme.draws.get().public_value == "1-2-3"

    first.goto(f"/p/{programme.code}/selection/seats/")
    first.get_by_role("button", name="accepts").first.click()
    said(first, "has accepted the seat.")
    everybody_accepts(programme)
    first.goto(f"/p/{programme.code}/selection/decree/draft/")
    press(first, "Draft the decree")
    both_open(first, second, f"/p/{programme.code}/selection/decree/")
    press(first, "Sign")
    said(first, "The decree is signed.")
    press(second, "Sign")
    refused(second, "This decree was signed already")


def both_open(first: Page, second: Page, address: str) -> None:
    first.goto(address)
    second.goto(address)


def refused(page: Page, sentence: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(sentence)


@pytest.fixture(scope="module")
def assessed(loaded: Callable[..., Programme]) -> Programme:
    """A programme whose pool could be frozen."""
    programme = loaded("kuota-2022", "ani", "budi")
    applicants.assess(programme=programme, by=None, on=today(programme))
    return programme


def test_a_manager_tries_quotas_out_sees_what_they_cost_and_saves_those_that_hold_together(
    signed_in: SignedIn, assessed: Programme
) -> None:
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{assessed.code}/selection/")
    page.get_by_role("link", name="Seats and quotas").click()
    least = page.get_by_label("At least: 45-55")
    chance = page.locator("tr", has=least).locator(".chance-range")
    before = chance.get_attribute("x")
    assert before is not None

    least.fill("89")
    page.get_by_label("At most: 45-55").fill("95")
    expect(page.locator("#outlook")).to_contain_text("These quotas cannot hold together:")
    expect(page.locator("#outlook")).to_contain_text("Age group “45-55”: 89 to 95 seats; the pool has 30")
    expect(page.locator("tr", has=least)).to_contain_text("too few in the pool")
    press(page, "Take the smallest change over")
    assert least.input_value() == "30"
    expect(page.locator("#outlook")).to_contain_text("All quotas can hold together.")
    certain = chance.get_attribute("x")
    assert certain is not None
    assert int(certain) > 900  # all thirty would have a seat

    least.fill("20")
    expect(chance).not_to_have_attribute("x", certain)
    assert int(before) < int(chance.get_attribute("x") or 0) < int(certain)  # the picture moved with the number
    assert assessed.quotas.get(value="45-55").least == 8
    page.get_by_label("Reason: 45-55").fill("Agreed in the meeting of 1 September")
    press(page, "Save the quotas")
    said(page, "The quotas are saved.")
    assert assessed.quotas.get(value="45-55").least == 20


@pytest.mark.parametrize(("width", "has_javascript"), [(1280, True), (360, False)])
def test_a_manager_adds_a_quota_on_two_features_and_removes_it(
    width: int, has_javascript: bool, signed_in: SignedIn, assessed: Programme
) -> None:
    page = signed_in("ani", language="en", width=width, java_script_enabled=has_javascript).new_page()
    page.goto(f"/p/{assessed.code}/selection/quotas/")
    page.get_by_label("Reason: Men").fill("Kept while a row is added")
    page.get_by_label("Value of one feature").select_option("Women")
    page.get_by_label("Value of another feature").select_option("Men")
    press(page, "Add")
    refused(page, "Both values are of the feature “Sex”, so nobody has both. Choose two different features.")
    page.get_by_label("Value of another feature").select_option("17-24")
    press(page, "Add")
    assert page.get_by_label("Reason: Men").input_value() == "Kept while a row is added"
    refused(page, "Sex & age group")

    least = page.get_by_label("At least: Women & 17-24")
    least.fill("60")
    if not has_javascript:
        press(page, "Check")
    expect(page.locator("#outlook")).to_contain_text(
        "Sex & age group “Women & 17-24”: 60 to 100 seats; the pool has 26"
    )
    least.fill("1")
    page.get_by_label("Reason: Women & 17-24").fill("Agreed in the meeting of 1 September")
    page.get_by_label("Reason: Men").fill("")
    press(page, "Save the quotas")
    said(page, "The quotas are saved.")
    saved = assessed.quotas.get(feature="sex & age_group")
    assert (saved.value, saved.least, saved.most) == ("female & 17-24", 1, assessed.seats)

    least.fill("")
    page.get_by_label("At most: Women & 17-24").fill("")
    press(page, "Save the quotas")
    said(page, "The quotas are saved.")
    assert not assessed.quotas.filter(feature="sex & age_group").exists()
    expect(least).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "button", "working"),
    [
        ("selection/", "Freeze the pool", "Freezing … this can take up to a minute; you can leave the page."),
        ("selection/rehearsal/", "Rehearse", "Rehearsing … this can take up to a minute; keep the page open."),
    ],
)
def test_what_takes_long_says_that_it_works(
    address: str, button: str, working: str, signed_in: SignedIn, assessed: Programme
) -> None:
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{assessed.code}/{address}")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")  # as while no answer has come
    if address == "selection/":
        page.locator("[name=public_value_source]").fill("Dice before witnesses")
    press(page, button)
    said(page, working)
    expect(page.get_by_role("button", name=button, exact=True)).to_be_disabled()


def test_quotas_are_checked_without_javascript(signed_in: SignedIn, assessed: Programme) -> None:
    page = signed_in("ani", language="en", width=360, java_script_enabled=False).new_page()
    page.goto(f"/p/{assessed.code}/selection/quotas/")
    page.get_by_label("At least: Yes").fill("14")
    press(page, "Check")
    expect(page.locator("#outlook")).to_contain_text("Disability “Yes”: 14 to 100 seats; the pool has 13")
    press(page, "Propose from the population")
    assert page.get_by_label("At least: Bukit Intan").input_value() == "19"
    assert page.get_by_label("At least: Yes").input_value() == "14"


def test_a_mentor_logs_a_visit_on_a_phone_and_finds_it_in_the_logbook(
    signed_in: SignedIn, example: str, her_visit: Visit
) -> None:
    page = signed_in("citra", width=360).new_page()
    page.goto("/")
    press(page, "Menu")
    navigation(page, "Tahap").get_by_role("link", name="Pendampingan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kunjungan pendamping")
    page.locator(f"a[href='/p/{example}/mentoring/groups/{her_visit.group.code}/log/']").first.click()
    fill_visit(page, "Kandang dibersihkan bersama")
    page.get_by_role("main").locator("button.btn-primary[type=submit]").click()
    entry = page.get_by_role("link").filter(has_text="Kandang dibersihkan bersama")
    expect(entry).to_contain_text(her_visit.group.name)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def fill_visit(page: Page, summary: str) -> None:
    page.locator("[name=method]").select_option("in_person")
    page.locator("[name=material]").fill("Buku kas")
    page.locator("[name=summary]").fill(summary)


@pytest.mark.parametrize("address", ["groups/{0.group.code}/log/", "visits/{0.code}/"])
def test_a_mentor_finds_nothing_of_another_mentors_group(
    signed_in: SignedIn, example: str, other_visit: Visit, address: str
) -> None:
    page = signed_in("citra", width=360).new_page()
    answer = page.goto(f"/p/{example}/mentoring/{address.format(other_visit)}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Halaman tidak ditemukan")


def test_a_visit_is_logged_with_the_keyboard_alone(signed_in: SignedIn, example: str, her_visit: Visit) -> None:
    page = signed_in("citra", language="en").new_page()
    page.goto(f"/p/{example}/mentoring/groups/{her_visit.group.code}/log/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox").first).to_be_focused()
    type_into(page, "[name=starts_at]", "0900AM")
    type_into(page, "[name=ends_at]", "1030AM")
    type_into(page, "[name=method]", "In person")
    type_into(page, "[name=material]", "Feed")
    type_into(page, "[name=summary]", "Feed was mixed with the keyboard alone")
    tab_to(page, "main button.btn-primary[type=submit]")
    page.keyboard.press("Enter")
    said(page, "The visit was logged.")
    expect(page.get_by_role("main")).to_contain_text("Feed was mixed with the keyboard alone")


def tab_to(page: Page, selector: str) -> Locator:
    """Press Tab until an element has the focus."""
    wanted = page.locator(selector)
    for _step in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def type_into(page: Page, selector: str, keys: str) -> None:
    tab_to(page, selector).press_sequentially(keys)


FOCUS = """() => {
  const element = document.activeElement, look = getComputedStyle(element), box = element.getBoundingClientRect();
  if (element === document.body) return null;
  const name = (element.ariaLabel || element.innerText || element.name || "").trim().slice(0, 40);
  const ring = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {name, seen: ring && inside};
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("address", ["", "value-chain/", "selection/seats/", "market/contracts/add/", "outcomes/"])
def test_the_focus_is_seen_at_every_stop(signed_in: SignedIn, example: str, address: str, width: int) -> None:
    page = signed_in("ani", language="en", width=width, reduced_motion="reduce").new_page()
    page.goto(f"/p/{example}/{address}")
    stops = []
    for _stop in range(60):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUS)) is None:
            break
        stops.append(stop)
    assert stops[0]["name"] == "Skip to the content"
    assert len(stops) > 15
    assert [stop["name"] for stop in stops if not stop["seen"]] == []


def test_the_language_switch_keeps_the_page(signed_in: SignedIn, example: str) -> None:
    page = signed_in("ani").new_page()
    page.goto(f"/p/{example}/applicants/?status=refused")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pendaftar")
    press(page, "English")
    expect(page).to_have_url(re.compile(r"/applicants/\?status=refused$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Applicants")
    press(page, "Indonesia")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pendaftar")


def test_who_signs_out_must_sign_in_again(signed_in: SignedIn, example: str) -> None:
    page = signed_in("dewi", language="en").new_page()
    page.goto(f"/p/{example}/")
    press(page, "Sign out")
    page.goto(f"/p/{example}/training/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Kawasan")


@pytest.fixture
def plain(signed_in: SignedIn, example: str) -> Callable[[str, str], Page]:
    """A page opened by somebody whose browser runs no JavaScript."""

    def open_page(username: str, address: str) -> Page:
        page = signed_in(username, language="en", java_script_enabled=False).new_page()
        page.goto(f"/p/{example}/{address}")
        return page

    return open_page


def test_the_cockpit_opens_without_javascript(plain: Callable[[str, str], Page]) -> None:
    page = plain("ani", "")
    expect(page.get_by_role("main")).to_contain_text("399")


def test_the_navigation_of_a_phone_opens_without_javascript(plain: Callable[[str, str], Page]) -> None:
    page = plain("dewi", "")
    page.set_viewport_size({"width": 360, "height": 800})
    expect(navigation(page, "Stages").get_by_role("link", name="Training")).to_be_visible()


def test_applicants_are_filtered_without_javascript(plain: Callable[[str, str], Page]) -> None:
    page = plain("ani", "applicants/")
    page.locator("[name=status]").select_option("refused")
    press(page, "Show")
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("not eligible", ignore_case=True)
    expect(page.locator("[name=status]")).to_have_value("refused")


def test_the_timetable_turns_its_weeks_without_javascript(plain: Callable[[str, str], Page]) -> None:
    page = plain("dewi", "training/?week=2022-10-03")
    expect(page.get_by_role("main")).to_contain_text("Week of 3 October 2022")
    page.get_by_role("link", name="Week after").click()
    expect(page.get_by_role("main")).to_contain_text("Week of 10 October 2022")


def test_the_places_of_the_map_are_a_table_without_javascript(plain: Callable[[str, str], Page]) -> None:
    page = plain("ani", "area/map/")
    expect(page.locator("#map-picture svg:visible")).to_be_visible()
    page.locator("[name=figure]").select_option("applicants")
    page.locator("[name=level]").select_option("district")
    press(page, "Show")
    expect(page.get_by_role("table")).to_contain_text("Bukit Intan")
    expect(page.get_by_role("main")).to_contain_text("Applicants by District (kecamatan)")


def test_a_form_is_sent_without_javascript(plain: Callable[[str, str], Page], her_visit: Visit) -> None:
    page = plain("citra", f"mentoring/groups/{her_visit.group.code}/log/")
    fill_visit(page, "Written without JavaScript")
    press(page, "Log the visit")
    said(page, "The visit was logged.")
    assert Visit.objects.filter(summary="Written without JavaScript", group=her_visit.group).exists()


def test_a_press_on_the_map_fills_in_the_point_of_a_resource(signed_in: SignedIn, example: str) -> None:
    page = signed_in("gita", language="id").new_page()
    page.goto(f"/p/{example}/area/new/resource/")
    canvas = page.locator("#point-map canvas")
    expect(canvas).to_be_visible()
    canvas.click(position={"x": 120, "y": 150})
    expect(page.locator("[name=latitude]")).to_have_value(re.compile(r"^-2,\d{5}$"))
    expect(page.locator("[name=longitude]")).to_have_value(re.compile(r"^106,\d{5}$"))
    expect(page.locator("#point-said")).to_contain_text("lintang -2,")
    page.locator("#point-none").click()
    expect(page.locator("[name=latitude]")).to_have_value("")


def test_the_map_shows_a_name_as_text_and_opens_it_with_the_keyboard(signed_in: SignedIn, example: str) -> None:
    """A name that is HTML must stay what it is: text."""
    programme = Programme.objects.get(code=example)
    like = programme.resources.order_by("pk")[0]
    areas.add_resource(
        programme=programme, by=None, code="RES-X", name=HOSTILE, name_en=HOSTILE, kind=like.kind,
        place=like.place, quantity=1, unit=like.kind.unit, as_of=like.as_of, source="synthetic",
    )  # fmt: skip
    page = signed_in("ani", language="en").new_page()
    spoken: list[str] = []
    page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
    page.goto(f"/p/{example}/area/map/")
    expect(page.locator("#map canvas")).to_be_visible()
    marker = page.get_by_role("button", name=HOSTILE)
    marker.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_contain_text(HOSTILE)
    expect(popup.locator("img")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert spoken == []


def test_a_layer_of_the_map_is_switched_off_and_on(signed_in: SignedIn, example: str) -> None:
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{example}/area/map/?figure=population&level=village&layer=mentors")
    marks = page.locator("#map").get_by_role("button", name=re.compile("^Mentors, "))
    expect(marks).to_have_count(5)
    page.get_by_role("checkbox", name="Mentors").uncheck()
    expect(marks).to_have_count(0)
    page.get_by_role("checkbox", name="Mentors").check()
    expect(marks).to_have_count(5)


@pytest.mark.parametrize("kind", ["raster", "style"])
def test_a_base_map_that_cannot_be_reached_leaves_the_map_as_it_is(
    signed_in: SignedIn, example: str, settings: Any, kind: str
) -> None:
    settings.BASE_MAP = {"kind": kind, "address": "http://127.0.0.1:9/{z}/{x}/{y}", "attribution": "© Contoh"}
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{example}/area/map/?figure=population&level=village&layer=mentors")
    expect(page.locator("#map").get_by_role("button", name=re.compile("^Mentors, "))).to_have_count(5)
    expect(page.locator("#map-picture")).to_be_hidden()


def test_a_planner_replaces_the_boundaries_after_looking_at_them(signed_in: SignedIn, example: str) -> None:
    page = signed_in("gita", language="en").new_page()
    page.goto(f"/p/{example}/area/boundaries/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Present ones as GeoJSON").click()
    page.get_by_label("GeoJSON file").set_input_files(taken.value.path())
    page.get_by_label("Source").fill("Bappeda, 2022")
    press(page, "Check the file")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Nothing is stored yet")
    expect(main).to_contain_text("simplified with a tolerance of 10 m")
    before = set(Programme.objects.get(code=example).boundaries.values_list("source", flat=True))
    assert "Bappeda, 2022" not in before
    press(page, "Replace the boundaries")
    said(page, "The boundaries were replaced.")
    assert set(Programme.objects.get(code=example).boundaries.values_list("source", flat=True)) == {"Bappeda, 2022"}


def test_what_was_typed_is_there_again_after_signing_in_anew(signed_in: SignedIn, example: str) -> None:
    context = signed_in("ani", language="en")
    page = context.new_page()
    page.goto(f"/p/{example}/enterprises/E001/change/")
    page.get_by_label("Name", exact=True).fill("Ayam Bukit")
    page.get_by_label("Status").select_option("paused")
    context.clear_cookies(name="kawasan_session")
    page.locator("main form button[type=submit]").click()
    page.get_by_label("Username").fill("ani")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    said(page, "nothing was stored yet")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ayam Bukit")
    expect(page.get_by_label("Status")).to_have_value("paused")
    page.goto(f"/p/{example}/enterprises/E001/change/")
    expect(page.get_by_label("Name", exact=True)).not_to_have_value("Ayam Bukit")
    assert page.evaluate("sessionStorage.getItem('kawasan-typed')") is None
