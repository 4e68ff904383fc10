"""The example folder: no fault, nobody real, readable by other programs, its planted trouble there and found."""

import csv
import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import frictionless
import pytest
from django.db import transaction  # noqa: TID251 - what the fixture loads is rolled back
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant
from kawasan.applicants.services import doubles
from kawasan.core.language import in_words
from kawasan.core.models import User
from kawasan.core.phones import one_form
from kawasan.exchange import services
from kawasan.exchange.checker import Folder, check
from kawasan.exchange.reader import Fault
from kawasan.exchange.schema import datapackage, guide
from kawasan.exchange.tables import CSV_TABLES
from kawasan.programmes.access import today
from kawasan.programmes.models import Membership, Programme

pytestmark = pytest.mark.django_db  # without it the fixtures that load the folder would have no tables
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "pangkalpinang-2022"
AREA = "19.71"
# Pangkalpinang lies within these degrees on any map; the boundaries of the folder are checked against them too.
SOUTH, NORTH, WEST, EAST = -2.18, -2.04, 106.03, 106.20


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Assessed:
    """What became of an application."""

    status: str
    reasons: str
    warnings: str


@pytest.fixture(scope="module")
def checked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> tuple[Folder, list[Fault]]:
    with django_db_blocker.unblock():
        return check(EXAMPLE)


@dataclass(frozen=True)
class Example:
    """The example after assessing: every application by its code, and the page of trouble by kind."""

    assessed: dict[str, Assessed]
    trouble: str


@pytest.fixture(scope="module")
def example(checked: tuple[Folder, list[Fault]], django_db_blocker: DjangoDbBlocker) -> Example:
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        services.load(folder=checked[0], by=None)
        programme = Programme.objects.get()
        doubles.seek(programme=programme, by=None, on=today(programme))
        applicants.assess(programme=programme, by=None, on=today(programme))
        found = {
            a.code: Assessed(a.status, " ".join(map(in_words, a.reasons)), " ".join(map(in_words, a.warnings)))
            for a in Applicant.objects.all()
        }
        page = _page_of_trouble(programme)
        transaction.set_rollback(True)
    return Example(found, page)


def _page_of_trouble(programme: Programme) -> str:
    verifier = User.objects.create(username="budi")
    Membership.objects.create(programme=programme, user=verifier, role="verifier")
    client = Client(headers={"accept-language": "en"})
    client.force_login(verifier)
    return html.unescape(client.get(reverse("applicants:trouble", args=[programme.code])).content.decode())


@pytest.fixture(scope="module")
def assessed(example: Example) -> dict[str, Assessed]:
    return example.assessed


def planted() -> dict[str, list[tuple[str, list[str]]]]:
    """The table of scripts/README.md: by trouble, every person with their applications."""
    text = (EXAMPLE / "scripts" / "README.md").read_text(encoding="utf-8").split("## Planted trouble")[1]
    table = re.findall(r"^\| ([a-z0-9-]+) \| (P.+) \|$", text, re.MULTILINE)
    return {
        trouble: [(person, re.findall(r"A\d+", codes)) for person, codes in re.findall(r"(P\d+) \(([^)]*)\)", people)]
        for trouble, people in table
    }


PLANTED = planted()
FOUND = {  # by the beginning of a trouble's name: the status it leads to, and what is said about it
    "age-16": ("refused", "Only 16 years old on the day of applying; the least age is 17 years. (Pasal 4"),
    "age-56": ("refused", "Already 56 years old on the day of applying; the most is 55 years."),
    "age-over-56": ("refused", "years old on the day of applying; the most is 55 years."),
    "age-exactly-17": ("eligible", "17 years old on the day of applying, which is the least age."),
    "age-exactly-55": ("eligible", "55 years old on the day of applying, which is the most."),
    "apostrophe-or-comma": ("eligible", "The name has signs ("),
    "assistance-reported": ("eligible", "Got assistance before and says that its report (LPJ) was handed in."),
    "assistance-unreported": ("refused", "Got assistance before without handing in its accountability report (LPJ)."),
    "civil-servant": ("refused", "Has work (Civil servant, soldier or police)"),
    "duplicate-1": ("eligible", "The same NIK as"),
    "duplicate-2": ("eligible", "The same NIK as"),
    "duplicate-3": ("eligible", "Perhaps the same person as"),
    "duplicate-4": ("eligible", "Perhaps the same person as"),
    "duplicate-5": ("eligible", "Perhaps the same person as"),
    "employed": ("refused", "Has work (Employed); the programme is for people without work."),
    "household-of-three": ("eligible", "3 applicants from one household"),
    "household-of-two": ("eligible", "2 applicants from one household"),
    "long-name": ("eligible", "characters; a new identity card holds 60."),
    "nik-15-digits": ("eligible", "The NIK has 15 digits instead of 16."),
    "nik-letter": ("eligible", "The NIK has characters that are not digits."),
    "nik-other-birth-date": ("eligible", "The NIK says born on"),
    "nik-other-sex": ("eligible", "The NIK is a"),
    "no-birth-date": ("refused", "The date of birth is missing"),
    "one-phone-on-eight": ("eligible", "The phone number is that of 8 applicants, also of"),
    "one-account-on-four": ("eligible", "The bank account is that of 4 applicants, also of"),
    "one-device-on-six": ("eligible", "One device sent 6 applications, also those of"),
    "outside-area": ("refused", "Lives outside Kota Pangkalpinang."),
    "student": ("refused", "Is a student; students may not take part."),
    "three-businesses-in-one-spot": ("eligible", "The business is in the same spot as those of"),
    "twelve-from-one-rt": ("eligible", "12 applicants live in this RT, among them"),
    "two-people-one-nik": ("eligible", "The same NIK as"),
}
SEEN_ELSEWHERE = {"applied-twice", "registration-not-finished"}


def test_the_example_has_no_fault(checked: tuple[Folder, list[Fault]]) -> None:
    assert [f"{fault.where}: {in_words(fault.text)}" for fault in checked[1]] == []


def test_another_program_can_read_the_folder_and_finds_no_error() -> None:
    report = frictionless.validate(str(EXAMPLE / "datapackage.json"))
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid


def test_another_program_sees_a_spoilt_cell(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "folder")
    text = (folder / "rooms.csv").read_text(encoding="utf-8")
    (folder / "rooms.csv").write_text(re.sub(r",19\.71\S*?,\d+,", ",99.99,many,", text, count=1), encoding="utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_the_description_of_the_folder_is_the_generated_one() -> None:
    with (EXAMPLE / "datapackage.json").open(encoding="utf-8") as file:
        written = json.load(file)
    present = [table for table in CSV_TABLES if (EXAMPLE / table.file).exists()]
    assert written == datapackage(written["name"], written["title"], present)


def test_the_guide_to_the_folder_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "guide" / "programme-folder.md").read_text(encoding="utf-8") == guide()


def test_the_people_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    scripts = shutil.copytree(EXAMPLE / "scripts", tmp_path / "scripts")
    shutil.copy(EXAMPLE / "places.csv", tmp_path)
    printed = subprocess.run([sys.executable, scripts / "people.py"], check=True, capture_output=True, text=True).stdout
    for name in ("persons.csv", "applicants.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes()
    assert printed in (EXAMPLE / "scripts" / "README.md").read_text(encoding="utf-8")


def test_the_loaded_example_is_dumped_byte_for_byte(checked: tuple[Folder, list[Fault]], tmp_path: Path) -> None:
    services.load(folder=checked[0], by=None)
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "dump", by=None)
    dumped = sorted(path.name for path in (tmp_path / "dump").iterdir())
    assert dumped == sorted(path.name for path in EXAMPLE.iterdir() if path.name not in ("README.md", "scripts"))
    assert [n for n in dumped if (tmp_path / "dump" / n).read_bytes() != (EXAMPLE / n).read_bytes()] == []


def test_no_identity_number_can_be_somebodys() -> None:
    numbers = [row["nik"] for row in rows("persons")] + [row["family_card"] for row in rows("persons")]
    possible = [number for number in numbers if re.fullmatch(r"\d{16}", number) and not number.endswith("0000")]
    assert possible == []


def test_no_phone_number_can_be_somebodys() -> None:
    numbers = [one_form(row["phone"]) for name in ("persons", "mentors", "experts") for row in rows(name)]
    assert [number for number in numbers if number and not number.startswith("+628120000")] == []


def test_everybody_is_said_to_be_invented() -> None:
    for name in ("persons", "applicants", "mentors", "experts"):
        assert {row["source"].split()[0] for row in rows(name)} == {"synthetic"}, name


def test_every_row_names_its_source() -> None:
    nameless = [
        f"{path.name}:{number}"
        for path in sorted(EXAMPLE.glob("*.csv"))
        for number, row in enumerate(rows(path.stem), start=2)
        if not row.get("source", "no such column").strip()
    ]
    assert nameless == []


def test_sources_are_written_in_the_language_of_the_programme() -> None:
    """Whoever reads the pages in Indonesian reads sources too; only `synthetic` is a word that pages translate."""
    sources = {row["source"] for path in EXAMPLE.glob("*.csv") for row in rows(path.stem) if "source" in row} - {
        "synthetic"
    }
    sources |= set(re.findall(r'source = "(.+)"', (EXAMPLE / "programme.toml").read_text(encoding="utf-8")))
    english = re.compile(r"\b(the|of|for|from|in|via|not|is|are|was|and|by|synthetic)\b")
    assert [source for source in sorted(sources) if english.search(source)] == []


def test_what_is_in_the_area_lies_in_the_city() -> None:
    located = [(r["code"], r) for r in rows("places")] + [(r["place"], r) for r in rows("resources") if r["latitude"]]
    inside = [row for place, row in located if place.startswith(AREA)]
    assert len(inside) > 50
    assert [row["code"] for row in inside if not is_in_city(float(row["longitude"]), float(row["latitude"]))] == []


def is_in_city(longitude: float, latitude: float) -> bool:
    return WEST < longitude < EAST and SOUTH < latitude < NORTH


def test_the_city_has_its_districts_and_kelurahan_and_every_one_its_outline() -> None:
    levels = [row["level"] for row in rows("places") if row["code"].startswith(AREA)]
    assert (levels.count("district"), levels.count("village")) == (7, 42)
    assert {r["place"] for r in rows("boundaries")} == {r["code"] for r in rows("places") if r["level"] == "village"}


def test_the_centre_of_every_kelurahan_lies_within_the_reach_of_its_outline() -> None:
    centres = {row["code"]: (float(row["longitude"]), float(row["latitude"])) for row in rows("places")}
    for row in rows("boundaries"):
        points = list(_points(json.loads(row["geometry"])["coordinates"]))
        assert all(is_in_city(x, y) for x, y in points), row["place"]
        east, north = centres[row["place"]]
        assert min(x for x, _y in points) < east < max(x for x, _y in points), row["place"]
        assert min(y for _x, y in points) < north < max(y for _x, y in points), row["place"]


def _points(nested: list) -> Iterator[tuple[float, float]]:
    if isinstance(nested[0], float):
        yield nested[0], nested[1]
    else:
        for part in nested:
            yield from _points(part)


def test_every_planted_trouble_has_its_expectation() -> None:
    assert len(PLANTED) > 40
    assert {trouble for trouble in PLANTED if _expectation(trouble) is None} == SEEN_ELSEWHERE


def _expectation(trouble: str) -> tuple[str, str] | None:
    return next((said for start, said in FOUND.items() if trouble.startswith(start)), None)


@pytest.mark.parametrize("trouble", sorted(set(PLANTED) - SEEN_ELSEWHERE))
def test_planted_trouble_is_found(trouble: str, assessed: dict[str, Assessed]) -> None:
    status, sentence = _expectation(trouble) or ("", "")
    for person, codes in PLANTED[trouble]:
        for code in codes:
            assert assessed[code].status == status, (person, assessed[code])
            assert sentence in f"{assessed[code].reasons} {assessed[code].warnings}", (person, assessed[code])


def test_all_planted_trouble_is_found_and_explained_on_one_page(example: Example) -> None:
    """Each person has a row there with a link to the application and the sentence that explains the trouble."""
    unexplained = [
        (trouble, code)
        for trouble, people in PLANTED.items()
        for _person, codes in people
        for code in codes[-1:]  # of two applications of a person the first is in order
        if not _is_explained(example.trouble, code, _sentence(trouble))
    ]
    assert unexplained == []
    assert len(PLANTED) > 40


def _sentence(trouble: str) -> str:
    return "This person applied before" if trouble == "applied-twice" else (_expectation(trouble) or ("", ""))[1]


def _is_explained(page: str, code: str, sentence: str) -> bool:
    """Whether a row of the page that links to an application has a sentence."""
    rows_of_page = page.split("<tr")
    return bool(sentence) and any(f"/applicants/a/{code}/" in row and sentence in row for row in rows_of_page)


def test_whoever_did_not_finish_is_on_that_page_too(example: Example) -> None:
    unfinished = example.trouble.split('id="unfinished"')[1]
    assert len(PLANTED["registration-not-finished"]) == 5
    assert [person for person, _codes in PLANTED["registration-not-finished"] if person not in unfinished] == []


def test_of_two_applications_of_a_person_the_first_counts(assessed: dict[str, Assessed]) -> None:
    assert len(PLANTED["applied-twice"]) == 2
    for _person, (first, second) in PLANTED["applied-twice"]:
        assert assessed[first].status == "eligible"
        assert assessed[second].reasons == f"This person applied before ({first}); the first application counts."


def test_whoever_did_not_finish_the_registration_has_no_application() -> None:
    applied = {row["person"] for row in rows("applicants")}
    assert [codes for _person, codes in PLANTED["registration-not-finished"]] == [[]] * 5
    assert not applied & {person for person, _codes in PLANTED["registration-not-finished"]}


def test_a_doubtful_identity_number_never_refuses_anybody(assessed: dict[str, Assessed]) -> None:
    assert sum("NIK" in one.warnings for one in assessed.values()) > 20
    assert not any("NIK" in one.reasons for one in assessed.values())


def test_eight_people_share_one_phone_number_in_the_file() -> None:
    phones = {row["code"]: row["phone"] for row in rows("persons")}
    assert len(PLANTED["one-phone-on-eight"]) == 8
    assert len({phones[person] for person, _codes in PLANTED["one-phone-on-eight"]}) == 1


@pytest.mark.parametrize("number", range(1, 5))
def test_three_of_a_household_have_one_family_card_in_the_file(number: int) -> None:
    cards = {row["code"]: row["family_card"] for row in rows("persons")}
    members = [person for person, _codes in PLANTED[f"household-of-three-{number}"]]
    assert len(members) == 3
    assert len({cards[person] for person in members}) == 1
