"""The page that checks a draw in the reader's browser: it says what our own verifier says, of good draws and forged."""

import base64
import copy
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kawasan.engine import certificate
from kawasan.engine.tests.test_certificate import (
    FALSE_EXCEPTIONS,
    FORGERIES,
    MANGLED,
    STRANGE,
    WHOLE,
    drawn,
    drawn_with,
    forged,
    guaranteed,
    guaranteed_frozen,
    judged,
    with_a_broken_pair,
    with_a_pair,
    without_one_guaranteed,
    written,
)
from kawasan.engine.tests.test_recomputing import frozen, rigged, with_the_chances_as_bound

pytestmark = pytest.mark.sqlite_only  # the page reads a file in the browser, and asks no database
SignedIn = Callable[..., BrowserContext]
GOOD = (
    "Every claim holds: the file agrees with itself. Two things only you can compare: the hash and the public value, "
    "below."
)


@pytest.fixture
def page(signed_in: SignedIn) -> Page:
    opened = signed_in("", language="en").new_page()
    opened.goto("/check-a-draw/")
    return opened


def with_calls(seed: int) -> certificate.Certificate:
    found = drawn(seed)
    for leaver in (found["reserves"][0], found["people"][0], found["people"][3]):
        found = certificate.call(found, leaver=leaver)
    return copy.deepcopy(found)


def ours(found: certificate.Certificate) -> dict[str, bool]:
    return {check.name: check.holds for check in certificate.verify(found)}


def test_the_browser_accepts_every_good_draw(page: Page) -> None:
    for seed in range(37):
        found = json.loads(json.dumps(with_calls(seed)))
        assert page.evaluate("found => verify(found)", found) == ours(found), seed


def test_the_browser_names_every_forgery_as_our_verifier_does(page: Page) -> None:
    for name, (_forge, claim) in FORGERIES.items():
        found = json.loads(json.dumps(forged(name)))
        told = page.evaluate("found => verify(found)", found)
        assert told == ours(found), name
        assert told[claim] is False, name


def test_the_browser_says_of_guaranteed_people_what_our_verifier_says(page: Page) -> None:
    good, bad = json.loads(json.dumps(guaranteed())), json.loads(json.dumps(without_one_guaranteed()))
    assert page.evaluate("found => verify(found)", good) == ours(good)
    assert all(ours(good).values())
    told = page.evaluate("found => verify(found)", bad)
    assert told == ours(bad)
    assert told["quotas"] is False


def test_the_browser_names_every_false_exception_as_our_verifier_does(page: Page) -> None:
    for name, forge in FALSE_EXCEPTIONS.items():
        found = json.loads(json.dumps(drawn_with(forge(guaranteed_frozen()))))
        told = page.evaluate("found => verify(found)", found)
        assert told == ours(found), name
        assert told["exceptions"] is False, name


def test_the_browser_names_a_list_that_favours_somebody(page: Page) -> None:
    """Also where the rigged chances are called the bound it says what our verifier says: that the file agrees."""
    for found in (rigged(frozen()), with_the_chances_as_bound(rigged(frozen()))):
        made = json.loads(json.dumps(certificate.draw(found, secret="", public_value="1")))
        assert page.evaluate("found => verify(found)", made) == ours(made)
    assert ours(certificate.draw(rigged(frozen()), secret="", public_value="1"))["bound"] is False


def test_a_citizen_reads_that_no_secret_was_committed_to(page: Page, tmp_path: Path) -> None:
    made = certificate.draw(frozen(), secret="", public_value="1")
    (tmp_path / "draw.json").write_text(json.dumps(made))
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    claim = page.locator("[data-claim=commitment]")
    expect(claim).to_contain_text("No secret was committed to before this draw")
    expect(claim.locator(".mark")).to_have_text("none")
    expect(page.locator("#given")).to_contain_text("percentage points above it")
    expect(page.locator("#given")).to_contain_text("kawasan verify --again")
    (tmp_path / "other.json").write_text(json.dumps(drawn()))
    page.get_by_label("Certificate").set_input_files(tmp_path / "other.json")
    expect(claim).to_contain_text("The secret is the one that was committed to before the draw.")


def test_a_certificate_that_was_damaged_is_not_called_another_file(page: Page, tmp_path: Path) -> None:
    found = drawn()
    found["frozen"]["pool"].append(found["frozen"]["pool"][0])
    (tmp_path / "draw.json").write_text(json.dumps(found))
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#found")).to_contain_text("Do not trust this draw: the file says that it is a certificate")
    (tmp_path / "letter.json").write_text(json.dumps({"dear": "office"}))
    page.get_by_label("Certificate").set_input_files(tmp_path / "letter.json")
    expect(page.locator("#found")).to_contain_text("This file is not a certificate.")


def test_a_citizen_sees_whether_a_quota_on_two_features_at_once_is_kept(page: Page, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(json.dumps(drawn_with(with_a_pair())))
    (tmp_path / "forged.json").write_text(json.dumps(drawn_with(with_a_broken_pair())))
    page.get_by_label("Certificate").set_input_files(tmp_path / "good.json")
    expect(page.locator("#found")).to_have_text(GOOD)
    page.get_by_label("Certificate").set_input_files(tmp_path / "forged.json")
    expect(page.locator("#found")).to_contain_text("Do not trust this draw")
    expect(page.locator("#claims li.wrong")).to_contain_text(
        ["Every panel fills the seats and keeps every quota and the household limit."]
    )


JUDGE = """data => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  try { return verify(read(bytes)); } catch { return {form: false}; }
}"""


def test_the_browser_judges_mangled_and_strange_files_as_our_verifier_does(page: Page) -> None:
    for name, mangle in {**MANGLED, **WHOLE, **STRANGE}.items():
        text = mangle(written())
        data = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
        assert page.evaluate(JUDGE, data) == judged(text), name


def test_the_page_says_who_is_guaranteed_or_kept_out_and_what_the_list_gives(page: Page, tmp_path: Path) -> None:
    (tmp_path / "draw.json").write_text("\ufeff" + written(), encoding="utf-8")
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#found")).to_have_text(GOOD)
    part = math.floor(1000 * certificate.part_of_bound(guaranteed_frozen())) / 10
    expect(page.locator("#given")).to_contain_text(f"The list of panels gives everybody at least {part:g} %")
    page.get_by_text("Guaranteed a seat by name: 1; because of their need band: 1; kept out of the draw: 1").click()
    expect(page.locator("#excepted li")).to_have_text(
        [
            "p04 Guaranteed a seat: Keputusan – é 😀",
            "q01 Kept out of the draw: Keputusan 3",
            "p12 Guaranteed a seat because of the need band: A",
        ]
    )


def test_the_page_says_what_was_not_reached(page: Page, tmp_path: Path) -> None:
    found = drawn_with(guaranteed_frozen() | {"reached": 987_654_321, "least": 998_000_000})
    (tmp_path / "draw.json").write_text(json.dumps(found))
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#found")).to_have_text(GOOD)
    expect(page.locator("#given")).to_contain_text("98.7 % of it was reached, and 99.8 % for the least chance.")


def test_a_citizen_checks_a_draw_and_finds_the_own_chance(page: Page, tmp_path: Path) -> None:
    found = drawn()
    (tmp_path / "draw.json").write_text(json.dumps(found))
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#found")).to_have_text(GOOD)
    expect(page.locator("#claims li.good")).to_have_count(13)
    expect(page.locator("#hash")).to_have_text(found["hashes"]["frozen"])
    page.get_by_label("Your pseudonym").fill(found["people"][0])
    expect(page.locator("#me")).to_contain_text("Seated. Chance before the draw:")
    page.get_by_label("Your pseudonym").fill(found["reserves"][4])
    expect(page.locator("#me")).to_contain_text("Reserve, number 5.")


def test_a_citizen_compares_a_paper_with_the_certificate(page: Page, tmp_path: Path) -> None:
    found = drawn()
    (tmp_path / "draw.json").write_text(json.dumps(with_calls(1)))
    page.goto(f"/check-a-draw/#sha256={certificate.hash_of(found)}")
    page.reload()  # as when the address is opened from a scanned code
    expect(page.locator("#scanned")).to_be_visible()
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#certificate")).to_have_text(certificate.hash_of(found))
    expect(page.locator("#compared")).to_contain_text("The paper is of this draw")
    page.get_by_label("Hash on the paper").fill(f"kawasan sha256 {certificate.hash_of(drawn(2))}")
    expect(page.locator("#compared")).to_contain_text("The paper is not of this draw")
    page.get_by_label("Hash on the paper").fill("abc")
    expect(page.locator("#compared")).to_contain_text("This is no hash")


def test_a_citizen_is_told_what_is_wrong(page: Page, tmp_path: Path) -> None:
    found = copy.deepcopy(drawn())
    found["people"][0] = found["reserves"][0]
    (tmp_path / "draw.json").write_text(json.dumps(found))
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#found")).to_contain_text("Do not trust this draw")
    expect(page.locator("#claims li.wrong")).to_contain_text(["The people follow from the panel and the seed."])


@pytest.mark.parametrize("text", ["", "[", "null", "{}", "[1]", '{"frozen": 3}', '{"frozen": {}, "people": []}'])
def test_a_file_that_is_no_certificate_is_said_to_be_none(text: str, page: Page, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(text)
    page.get_by_label("Certificate").set_input_files(tmp_path / "other.json")
    expect(page.locator("#found")).to_contain_text("not a certificate")


def test_what_is_frozen_is_checked_before_the_draw(page: Page, tmp_path: Path) -> None:
    found = drawn()
    (tmp_path / "frozen.json").write_text(json.dumps({key: found[key] for key in ("format", "frozen", "hashes")}))
    page.get_by_label("Certificate").set_input_files(tmp_path / "frozen.json")
    expect(page.locator("#found")).to_contain_text("What can be checked so far holds; there is no result yet.")
    expect(page.locator("#claims li:visible")).to_have_count(6)


def test_the_saved_page_checks_a_draw_without_a_server(page: Page, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(page.content(), encoding="utf-8")
    (tmp_path / "draw.json").write_text(json.dumps(drawn()))
    page.goto((tmp_path / "saved.html").as_uri())
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    expect(page.locator("#found")).to_have_text(GOOD)


def test_the_file_chosen_last_is_the_one_that_is_judged(page: Page, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(json.dumps(drawn()))
    (tmp_path / "people.csv").write_text("id,name\n1,Sari\n")
    field = page.get_by_label("Certificate")
    field.set_input_files(tmp_path / "good.json")
    field.set_input_files(tmp_path / "people.csv")
    expect(page.locator("#found")).to_contain_text("This file is not a certificate")
    page.wait_for_timeout(500)  # an answer about the first file would come in this time
    expect(page.locator("#found")).to_contain_text("This file is not a certificate")
    expect(page.locator("#claims")).to_be_hidden()


def test_whoever_left_or_was_called_finds_that_out(page: Page, tmp_path: Path) -> None:
    found = with_calls(1)
    (tmp_path / "draw.json").write_text(json.dumps(found))
    page.get_by_label("Certificate").set_input_files(tmp_path / "draw.json")
    own = page.get_by_label("Your pseudonym")
    called = next(call["reserve"] for call in found["calls"] if call["reserve"])
    for name, said in (
        (found["people"][0], "Left, so that the next on the waiting list was called."),
        (found["reserves"][0], "Left the waiting list."),
        (called, f"Called from the waiting list: has a seat. Number there: {found['reserves'].index(called) + 1}."),
    ):
        own.fill(name)
        expect(page.locator("#me")).to_contain_text(said)
