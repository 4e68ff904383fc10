"""A citizen who checks a draw, and whoever tries to bend one: on the pages, in the file, behind the database's back."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant
from kawasan.applicants.tests.test_views import answers
from kawasan.core.models import User
from kawasan.engine import certificate
from kawasan.exchange.commands import main
from kawasan.programmes.models import Programme
from kawasan.selection import services
from kawasan.selection.models import Draw, Seat
from kawasan.selection.rules import CLAIMS, pseudonym
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY, SALT

pytestmark = pytest.mark.usefixtures("cast", "emptied")
Certificate = dict[str, Any]
Open = Callable[[str], Page]
PLAIN = Path(__file__).parents[2] / "tools" / "verify_draw.py"


@pytest.fixture
def emptied(db: None) -> Iterator[None]:
    """Every test has the small programme for itself."""
    yield
    call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def opened(signed_in: Callable[..., BrowserContext], programme: Programme) -> Iterator[Open]:
    """Opens the page of the selection as somebody; closed before the rows go, so that no request is left."""
    pages = []

    def make(username: str) -> Page:
        page = signed_in(username, language="en").new_page()
        pages.append(page)
        page.goto(f"/p/{programme.code}/selection/")
        return page

    yield make
    for page in pages:
        page.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def shown(page: Page, *sentences: str) -> None:
    for sentence in sentences:
        expect(page.get_by_role("main")).to_contain_text(sentence)


def pythons() -> list[str]:
    """This Python, and every other from 3.6 that is installed: a citizen's machine has another than ours."""
    named = [shutil.which(f"python3.{minor}") for minor in range(6, 20)]
    installed = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin/python3")
    modern = "import sys; sys.exit(sys.version_info < (3, 6))"
    found = {str(Path(name).resolve()) for name in (sys.executable, *filter(None, named), *installed)}
    return sorted(name for name in found if subprocess.run([name, "-c", modern], capture_output=True).returncode == 0)


def told_by_plain_python(python: str, path: Path) -> dict[str, bool]:
    """Run without site packages and without anything of ours."""
    run = subprocess.run([python, "-I", "-S", str(PLAIN), str(path)], capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    told = {name: mark == "ok" for mark, name in (line.split(maxsplit=1) for line in lines) if mark in ("ok", "WRONG")}
    assert run.returncode == (0 if all(told.values()) else 1), run.stderr
    verdict = lines[-1] if all(told.values()) else run.stderr
    assert verdict.startswith("Published before?" if all(told.values()) else "Do not trust this draw.")
    return told


def told_by_command(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, bool]:
    with translation.override("en"):
        code = main(["verify", str(path)])
    lines = capsys.readouterr().out.splitlines()
    said = {sentence: name for name, sentence in CLAIMS.items()}
    told = {said[line[11:].split(" (")[0]]: line.startswith("holds") for line in lines[: len(CLAIMS)]}
    assert code == (0 if all(told.values()) else 1)
    return told


def told_by_page(page: Page, path: Path) -> dict[str, bool]:
    page.goto("/check-a-draw/")
    page.get_by_label("Certificate").set_input_files(path)
    expect(page.locator("#claims")).to_be_visible()
    marks = page.locator("#claims li").evaluate_all("all => all.map(li => [li.dataset.claim, li.className])")
    told = {name: {"good": True, "wrong": False}[mark] for name, mark in marks}
    expect(page.locator("#found")).to_contain_text("Every claim holds" if all(told.values()) else "Do not trust")
    return told


def with_calls(programme: Programme) -> Draw:
    """A draw of which a reserve left, and another was called for a seat that became free."""
    draw = factories.drawn(programme, 12)
    services.withdraw(applicant=Seat.objects.waiting()[0].applicant, reason="Moved away", by=None, on=DAY)
    services.decline(seat=Seat.objects.held()[0], by=None, on=DAY, note="Found work")
    services.call_reserve(programme=programme, by=None, on=DAY)
    draw.refresh_from_db()
    return draw


def test_a_citizen_finds_the_own_chance_and_checks_the_draw_with_each_verifier(
    programme: Programme, dewi: User, opened: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw = with_calls(programme)
    person = Applicant.objects.get(code="A001").person
    applicants.link_account(person=person, user=dewi, by=None)
    page = opened("dewi")
    page.goto(f"/p/{programme.code}/me/")
    own = pseudonym(SALT, "A001")
    shown(page, own, "Your chance of a seat before the draw:")
    chance = page.get_by_role("main").get_by_text("Your chance").locator("strong").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="the certificate").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    good = dict.fromkeys(CLAIMS, True)
    assert told_by_page(page, path) == good
    expect(page.locator("#hash")).to_have_text(draw.frozen_hash)
    page.get_by_label("Your pseudonym").fill(own[:12])
    expect(page.locator("#me")).to_contain_text(chance.replace("%", " %"))
    assert told_by_command(capsys, path) == good
    for python in pythons():
        assert told_by_plain_python(python, path) == good, python


def edited(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def one_byte(text: str) -> str:
    """Change the last figure of the first pseudonym of the pool."""
    name = json.loads(text)["frozen"]["pool"][0][0]
    return edited(text, f'"pool":[["{name}', f'"pool":[["{name[:-1]}{"1" if name[-1] == "0" else "0"}')


def changed(change: Callable[[Certificate], Any]) -> Callable[[str], str]:
    def forge(text: str) -> str:
        found = json.loads(text)
        change(found)
        return json.dumps(found)

    return forge


def friend(found: Certificate) -> None:
    found["frozen"]["pool"] = sorted([*found["frozen"]["pool"], ["0" * 64, found["frozen"]["pool"][0][1], 0]])


def friend_in_every_figure(found: Certificate) -> None:
    """A friend, for whom the bound on the chances of those alike is lowered too."""
    friend(found)
    number = found["frozen"]["pool"][0][1]
    people = sum(row[1] == number for row in found["frozen"]["pool"])
    found["frozen"]["cells"][number]["bound"] = round(found["frozen"]["cells"][number]["bound"] * (people - 1) / people)


def friend_with_hashes(found: Certificate) -> None:
    friend(found)
    found["hashes"] = certificate.hashes_of(found["frozen"])


def passed_over(found: Certificate) -> None:
    """The reserve who was called second is put first."""
    first, second = found["calls"][:2]
    found["calls"] = [first | {"reserve": second["reserve"]}]


def called_out_of_order(found: Certificate) -> None:
    found["calls"][-1]["reserve"] = found["reserves"][-1]


CHANGED = "What is frozen does not have the hash that was published; do not draw from it, and do not trust it."
SOUND = {"form", "pool", "quotas", "exceptions", "bound", "chances", "commitment"}
ATTACKS = {  # how it is done, what is named for certain, what holds in spite of it
    "one byte of the pool": (one_byte, {"hashes", "seed"}, SOUND),
    "a friend added to the pool": (changed(friend), {"hashes", "seed", "bound"}, SOUND - {"bound"}),
    "a friend added with new hashes": (
        changed(friend_with_hashes),
        {"seed", "bound"},
        (SOUND | {"hashes"}) - {"bound"},
    ),
    "rows of the pool in another order": (
        changed(lambda c: c["frozen"]["pool"].reverse()),
        {"pool", "hashes", "seed"},
        SOUND - {"pool"},
    ),
    "panels in another order": (changed(lambda c: c["frozen"]["panels"].reverse()), {"hashes", "seed"}, SOUND),
    "reserves in another order": (
        changed(lambda c: c["reserves"].reverse()),
        {"reserves"},
        set(CLAIMS) - {"reserves"},
    ),
    "a reserve called out of order": (changed(called_out_of_order), {"calls"}, set(CLAIMS) - {"calls"}),
    "a reserve passed over": (changed(passed_over), {"calls"}, set(CLAIMS) - {"calls"}),
}


@pytest.mark.sqlite_only  # once the certificate is downloaded, nothing is asked of the database
def test_whatever_is_changed_in_the_certificate_each_verifier_names_it(
    programme: Programme, opened: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_calls(programme)
    page = opened("lina")
    with page.expect_download() as download:
        page.get_by_role("link", name="Certificate (JSON)").click()
    text, path = download.value.path().read_text(), tmp_path / "certificate.json"
    for name, (forge, wrong, holds) in ATTACKS.items():
        path.write_text(forge(text))
        told = told_by_page(page, path)
        assert {claim for claim in holds if told[claim]} == holds, name
        assert {claim for claim in wrong if not told[claim]} == wrong, name
        assert told_by_command(capsys, path) == told, name
        assert told_by_plain_python(sys.executable, path) == told, name


def test_a_certificate_made_anew_throughout_shows_another_hash_than_the_published_one(
    programme: Programme, opened: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All its claims hold; only what was published before the draw tells it apart, so each verifier shows that."""
    draw = factories.drawn(programme, 12)
    found = services.certificate_of(draw=draw)
    friend_in_every_figure(found)
    made = certificate.draw(found["frozen"], secret=draw.secret, public_value=draw.public_value)
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(made))
    page, other = opened("lina"), made["hashes"]["frozen"]
    shown(page, draw.frozen_hash)
    assert all(told_by_page(page, path).values())
    expect(page.locator("#hash")).to_have_text(other)
    expect(page.locator("#facts")).to_contain_text("is it the one that was published before the draw?")
    main(["verify", str(path)])
    assert other in capsys.readouterr().out
    plain = subprocess.run([sys.executable, str(PLAIN), str(path)], capture_output=True, text=True, check=True)
    assert plain.stdout.endswith(f"Published before? {other}\n")
    assert other != draw.frozen_hash


def test_a_friend_who_applies_after_the_freeze_is_not_in_the_draw_and_reads_why(
    programme: Programme, dewi: User, opened: Open
) -> None:
    draw = factories.frozen(programme)
    officer = opened("budi")
    officer.goto(f"/p/{programme.code}/applicants/new/")
    for name, value in answers(programme).items():
        field = officer.locator(f"main [name={name}]")
        is_list = field.evaluate("field => field.tagName") == "SELECT"
        field.select_option(str(value)) if is_list else field.fill(str(value))
    officer.get_by_role("main").locator("form[method=post] button[type=submit]").last.click()
    shown(officer, "The application was entered.")
    manager = opened("ani")
    manager.goto(f"/p/{programme.code}/applicants/")
    press(manager, "Assess all")
    late = programme.applicants.get(person__name="Sumiati")
    assert late.status == "eligible"

    applicants.link_account(person=late.person, user=dewi, by=None)
    for _drawn in (False, True):
        own = opened("dewi")
        own.goto(f"/p/{programme.code}/me/")
        shown(own, "You are not in this draw: its pool was frozen on 1 September 2022, without your application")
        own.goto(f"/p/{programme.code}/selection/pool/?start={pseudonym(SALT, late.code)}")
        expect(own.get_by_role("main")).not_to_contain_text(pseudonym(SALT, late.code)[:12] + "…")
        if draw.status == "frozen":
            factories.draw_from(draw)
    draw.refresh_from_db()
    assert len(services.certificate_of(draw=draw)["frozen"]["pool"]) == 10
    assert not Seat.objects.filter(applicant=late).exists()


def test_a_friend_written_into_the_stored_pool_is_not_drawn(programme: Programme, opened: Open) -> None:
    """Also by whoever makes the hash fit, or puts another salt there so that a pseudonym is somebody else's."""
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="6.812,19", by=None)
    row = ["0" * 64, "0" * 64, 9, draw.pool[0][3]]
    pool = [row, *draw.pool]
    frozen = draw.frozen | {
        "pool": [[row[0], 0, 0], *draw.frozen["pool"]],
        "people": certificate.hash_of(pool),
    }
    hashed = certificate.hashes_of(frozen)["frozen"]
    whole = {"pool": draw.pool, "frozen": draw.frozen, "frozen_hash": draw.frozen_hash, "salt": draw.salt}
    open_before, page = opened("budi"), opened("budi")
    draw_it = page.get_by_role("button", name="The value is right: draw")
    for forged in ({"pool": pool}, {"frozen": frozen}, {"pool": pool, "frozen": frozen, "frozen_hash": hashed}):
        Draw.objects.update(**whole | forged)
        page.reload()
        shown(page, CHANGED)
        expect(draw_it).to_have_count(0)
    press(open_before, "The value is right: draw")
    shown(open_before, CHANGED)
    assert not Seat.objects.exists()
    Draw.objects.update(**whole)
    page.reload()
    draw_it.click()
    shown(page, "The seats are drawn.")


def test_whoever_draws_again_until_a_friend_wins_is_refused_or_seen_by_everybody(
    programme: Programme, opened: Open
) -> None:
    factories.frozen(programme)
    manager, verifier, public = opened("ani"), opened("budi"), opened("lina")
    manager.get_by_label("Public value", exact=True).fill("REHEARSAL 1")
    press(manager, "Enter the value")
    shown(manager, "This is the value of a rehearsal.")
    tried = ("1-1-1", "2-2-2", "3-3-3")
    for value in tried:
        manager.goto(f"/p/{programme.code}/selection/")
        manager.get_by_label("Public value", exact=True).fill(value)
        press(manager, "Enter the value")
        verifier.reload()
        verifier.get_by_text("The value is wrong").click()
        verifier.get_by_label("Reason").fill(f"{value} is not what was thrown")
        press(verifier, "Take it back")
        shown(verifier, "The public value was taken back.")
    public.reload()
    shown(public, "Public values taken back before a draw")
    listed = public.get_by_role("listitem").filter(has_text="by Budi Santoso")
    expect(listed).to_contain_text([f"{value} is not what was thrown" for value in tried])

    manager.goto(f"/p/{programme.code}/selection/")
    manager.get_by_text("Give the frozen pool up").click()
    manager.get_by_label("Reason").fill("A friend was forgotten")
    press(manager, "Give it up")
    shown(manager, "The frozen pool was given up.")
    manager.locator("[name=public_value_source]").fill("Dice on Saturday")
    press(manager, "Freeze the pool")
    public.reload()
    shown(public, "Pools given up before a draw", "by Ani Rahmawati: A friend was forgotten", *tried)

    manager.get_by_label("Public value", exact=True).fill("4-4-4")
    press(manager, "Enter the value")
    verifier.goto(f"/p/{programme.code}/selection/")
    again = opened("budi")
    press(verifier, "The value is right: draw")
    shown(verifier, "The seats are drawn.")
    press(again, "The value is right: draw")
    shown(again, "This pool was drawn already")
    manager.reload()
    expect(manager.get_by_role("button", name="Freeze the pool")).to_have_count(0)
    expect(manager.get_by_role("button", name="Enter the value")).to_have_count(0)
    public.reload()
    shown(public, "panel", *tried, "A friend was forgotten")


def test_no_reserve_takes_a_seat_out_of_order(programme: Programme, opened: Open) -> None:
    """Neither by a form that is bent to the last of the waiting list, nor by a name given to the button."""
    draw = factories.drawn(programme, 12)
    services.decline(seat=Seat.objects.held()[0], by=None, on=DAY, note="Found work")
    last = Seat.objects.waiting().last()
    page = opened("budi")
    page.goto(f"/p/{programme.code}/selection/seats/")
    bend = "(form, pk) => { form.action = form.action.replace(/seats.\\d+.accept/, `seats/${pk}/accept`); }"
    page.locator("form[action*='/accept/']").first.evaluate(bend, last.pk)
    page.get_by_role("button", name="accepts").first.click()
    shown(page, "This seat is “On the waiting list” and cannot become “Accepted”.")

    leaver = next(name for name in draw.result["people"] if name not in held())
    due = certificate.call(services.certificate_of(draw=draw), leaver=leaver)["calls"][-1]["reserve"]
    page.goto(f"/p/{programme.code}/selection/seats/")
    page.locator("form[action*='call-reserve']").evaluate(
        "(form, pk) => { form.append(Object.assign(document.createElement('input'), {name: 'seat', value: pk})); }",
        last.pk,
    )
    press(page, "Call the next reserve")
    shown(page, "was offered a seat.")
    assert due in held()
    last.refresh_from_db()
    assert last.status == "waiting" or pseudonym(SALT, last.applicant.code) == due


def held() -> set[str]:
    return {pseudonym(SALT, code) for code in Seat.objects.held().values_list("applicant__code", flat=True)}
