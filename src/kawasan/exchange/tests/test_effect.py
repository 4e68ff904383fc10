"""The comparison without a draw: from one file, with a sentence for everything that it rests on."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.utils import translation

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.engine import undrawn
from kawasan.exchange import services
from kawasan.exchange.commands import main

HEAD = ["id", "seat", "income", "income_before", "age", "district"]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def people() -> list[list[str]]:
    random = np.random.default_rng(4)
    rows = []
    for place in range(200):
        age, before = int(random.integers(18, 45)), int(random.integers(0, 1_000_000))
        seat = random.random() < 0.2 + 0.01 * (age - 18)
        after = before + 20_000 * age + 300_000 * seat + int(random.normal() * 100_000)
        rows.append([f"P{place}", "ya" if seat else "tidak", str(after), str(before), str(age), "AB"[place % 2]])
    return rows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "people.csv", people())


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEAD, *rows])
    return path


def said(file: Path, *, before: str = "", known: tuple[str, ...] = (), kinds: tuple[str, ...] = ()) -> list[str]:
    told: list[str] = []
    services.effect(
        people=file, seat="seat", outcome="income", before=before, known=known, kinds=kinds, say=told.append
    )
    return told


def test_both_designs_are_told_with_what_they_rest_on(file: Path) -> None:
    told = said(file, before="income_before", known=("age", "district"))
    assert told[0].startswith("With a seat: ")
    assert told[3].startswith("Plain difference, which misleads: ")
    assert any(line.startswith("Difference in differences: ") for line in told)
    assert any(line.startswith("Others weighted to be like those seated: ") for line in told)
    assert told[-1].startswith("Without a draw every comparison is weaker")


def test_the_numbers_are_those_of_the_engine_with_the_outcome_before_among_the_known(file: Path) -> None:
    rows = people()
    seated = np.array([row[1] == "ya" for row in rows])
    after, before, age = (np.array([float(row[place]) for row in rows]) for place in (2, 3, 4))
    found, _overlap = undrawn.weighted(after, seated, np.column_stack([age, before]))
    line = next(line for line in said(file, before="income_before", known=("age",)) if line.startswith("Others"))
    assert f"{found.effect:,.2f}".rstrip("0") in line
    assert found.low < 300_000 < found.high


def test_whoever_something_is_not_known_of_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = people()
    rows[3][4] = rows[5][2] = ""
    told = said(written(tmp_path / "people.csv", rows), known=("age",))
    assert told[0].endswith("left out because something is not known: 2.")


def test_little_in_common_is_not_to_be_reported(tmp_path: Path) -> None:
    rows = people()
    for row in rows[:30]:
        row[1], row[4] = "ya", "80"
    told = said(written(tmp_path / "people.csv", rows), known=("age",))
    assert "That is too little in common: do not report this number." in told
    assert not any(line.startswith("E-value") for line in told)


def test_codes_are_kinds_when_that_is_said_and_are_asked_about_when_not(tmp_path: Path) -> None:
    codes, words = people(), people()
    for place, (code, word) in enumerate(zip(codes, words, strict=True)):
        code[5] = str(1971010 + 10 * (place % 3))
        word[5] = "ABC"[place % 3]
    file = written(tmp_path / "codes.csv", codes)
    told = said(file, known=("district",), kinds=("district",))
    assert "Column district was read as 3 kinds." in told
    assert told == said(written(tmp_path / "words.csv", words), known=("district",))
    assert any(
        "only 3 different ones; if they are codes, add --kinds district" in line
        for line in said(file, known=("district",))
    )


def test_indonesian_thousands_are_read_as_such_and_that_is_said(tmp_path: Path) -> None:
    rows = people()
    dotted = [[*row[:2], f"{int(row[2]):,}".replace(",", "."), *row[3:]] for row in rows]
    told = said(written(tmp_path / "dotted.csv", dotted), known=("age",))
    assert f"Column income: dots were read as thousands, {dotted[0][2]} as {rows[0][2]}." in told
    plain = said(written(tmp_path / "plain.csv", rows), known=("age",))
    assert [line for line in told if "dots" not in line] == plain


def test_dots_in_some_numbers_only_are_asked_about_and_decimals_stay(tmp_path: Path) -> None:
    rows = people()
    rows[0][2] = "650.123"
    with pytest.raises(Refused, match=r"people.csv:2: income: may have a dot for thousands or for decimals"):
        said(written(tmp_path / "people.csv", rows), known=("age",))
    rows[1][2] = "650.5"
    assert not any("dots" in line for line in said(written(tmp_path / "people.csv", rows), known=("age",)))


def test_a_column_has_one_task(file: Path) -> None:
    with pytest.raises(Refused, match=r"Each column is given once, .*: income\."):
        said(file, known=("income",))
    with pytest.raises(Refused, match=r"--kinds names columns of --known; not so district\."):
        said(file, known=("age",), kinds=("district",))


def test_too_few_on_a_side_and_an_outcome_alike_for_all_are_said_in_the_readers_words(tmp_path: Path) -> None:
    rows = people()
    few = [row for row in rows if row[1] == "tidak"] + [row for row in rows if row[1] == "ya"][:3]
    with translation.override("id"), pytest.raises(Refused) as refused:
        said(written(tmp_path / "few.csv", few), known=("age",))
    with translation.override("id"):
        assert in_words(refused.value.reasons[0]).startswith("Yang mendapat kursi 3 orang")
    with pytest.raises(Refused, match="The outcome is the same for everybody"):
        said(written(tmp_path / "same.csv", [[*row[:2], "5", *row[3:]] for row in rows]), known=("age",))


@pytest.mark.parametrize(
    ("place", "cell", "says"),
    [(1, "perhaps", r"people.csv:2: seat: needs yes or no"), (2, "much", r"people.csv:2: income: needs a number")],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, place: int, cell: str, says: str) -> None:
    rows = people()
    rows[0][place] = cell
    with pytest.raises(Refused, match=says):
        said(written(tmp_path / "people.csv", rows), known=("age",))


def test_names_are_no_kinds_of_people_and_nothing_known_is_no_comparison(file: Path) -> None:
    with pytest.raises(Refused, match="column id has 200 values"):
        said(file, known=("id",))
    with pytest.raises(Refused, match="Give --before or --known"):
        said(file)
    with pytest.raises(Refused, match="has no column wealth"):
        said(file, known=("wealth",))


def test_where_what_is_known_decides_nobody_is_compared(tmp_path: Path) -> None:
    rows = people()
    for row in rows:
        row[4] = "50" if row[1] == "ya" else "20"
    with pytest.raises(Refused, match="what was known before decides who has a seat"):
        said(written(tmp_path / "people.csv", rows), known=("age",))


def test_the_command(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effect", "--people", str(file), "--seat", "seat", "--outcome", "income", "--known", "age"]) == 0
    assert "Plain difference, which misleads" in capsys.readouterr().out
