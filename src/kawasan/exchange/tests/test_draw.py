"""A draw from two files: what is written, that the order of rows does not matter, and every fault in a sentence."""

import codecs
import csv
import json
import random
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars
import pytest
import xlsxwriter
from django.utils import translation

from kawasan.core.errors import Refused
from kawasan.engine import certificate
from kawasan.engine.certificate import hash_of, hashes_of
from kawasan.engine.randomness import digest
from kawasan.exchange import services
from kawasan.exchange.commands import main
from kawasan.exchange.pool_files import Columns
from kawasan.exchange.services import draw, draw_frozen, freeze, verify

FEATURES = "feature,value,min,max\nsex,woman,2,2\nsex,man,2,2\nage,young,1,3\nage,old,1,3\n"
PEOPLE = [["id", "sex", "age", "home", "need"]] + [
    [
        f"P{n:02}",
        "woman" if n % 3 else "man",
        "young" if n % 2 else "old",
        f"H{n // 2}" if n < 8 else "",
        str(1 + n % 2),
    ]
    for n in range(24)
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "features.csv").write_text(FEATURES)
    write(tmp_path / "people.csv", PEOPLE)
    return tmp_path


def write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def asked(files: Path) -> dict[str, Any]:
    return {
        "features": files / "features.csv",
        "people": files / "people.csv",
        "columns": Columns(household="home", weight="need"),
        "seats": 4,
        "most_per_household": 1,
        "aim": "leximin",
        "panels": 60,
        "salt": "s",
    }


def drawn(files: Path, out: str = "out", **options: Any) -> dict[str, Any]:
    said: list[str] = []
    draw(out=files / out, **(asked(files) | {"seed": "6.812,19", "say": said.append} | options))
    found: dict[str, Any] = json.loads((files / out / "certificate.json").read_text())
    return found | {"said": said}


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))[1:]


def refused(files: Path, **options: Any) -> str:
    with pytest.raises(Refused) as caught:
        drawn(files, **options)
    assert not (files / "out" / "certificate.json").exists()
    return str(caught.value)


def with_certain(files: Path, *ids: str) -> None:
    """Say of everybody whether they are certain of a seat."""
    answers = ["certain", *("ya" if row[0] in ids else "No" for row in PEOPLE[1:])]
    write(files / "people.csv", [[*row, answer] for row, answer in zip(PEOPLE, answers, strict=True)])


CERTAIN = Columns(household="home", weight="need", certain="certain")


def test_whoever_is_certain_sits_in_every_panel(files: Path) -> None:
    with_certain(files, "P09", "P12")
    found = drawn(files, columns=CERTAIN)
    chances = {row[0]: row[4] for row in rows(files / "out" / "chances.csv")}
    assert (chances["P09"], chances["P12"]) == ("1.000000", "1.000000")
    assert {"P09", "P12"} <= {row[0] for row in rows(files / "out" / "panel.csv")}
    assert "People certain of a seat: 2; chances.csv says who." in found["said"]
    assert sorted(row[1:] for row in found["frozen"]["exceptions"]) == 2 * [
        ["guaranteed", "column certain of the people's file"]
    ]
    assert all(check.holds for check in verify(path=files / "out" / "certificate.json").checks)


def test_certain_people_who_are_alone_too_many_are_the_conflict(files: Path) -> None:
    with_certain(files, "P09", "P12", "P15")
    said = refused(files, columns=CERTAIN)
    assert "The guaranteed people alone take 3 seats of sex “man”, which may have at most 2." in said


def test_an_answer_that_is_neither_yes_nor_no_is_a_fault(files: Path) -> None:
    write(files / "people.csv", [[*PEOPLE[0], "certain"], [*PEOPLE[1], "perhaps"]])
    assert "needs yes or no" in refused(files, columns=CERTAIN)


def test_every_claim_of_the_certificate_holds(files: Path) -> None:
    drawn(files)
    assert all(check.holds for check in verify(path=files / "out" / "certificate.json").checks)


def test_the_panel_keeps_quotas_and_households(files: Path) -> None:
    drawn(files)
    panel = rows(files / "out" / "panel.csv")
    home = {row[0]: row[3] or row[0] for row in PEOPLE}
    assert sorted(row[3] for row in panel) == ["man", "man", "woman", "woman"]
    assert {row[2] for row in panel} == {"young", "old"}
    assert len({home[row[0]] for row in panel}) == 4


def test_chances_are_counted_from_the_panels_and_add_up_to_the_seats(files: Path) -> None:
    drawn(files)
    chances = rows(files / "out" / "chances.csv")
    assert len(chances) == 24
    assert sum(int(count) / int(of) for _, _, count, of, _, _ in chances) == pytest.approx(4)
    assert all(float(chance) == pytest.approx(int(count) / int(of), abs=1e-6) for _, _, count, of, chance, _ in chances)
    assert all(0 <= float(bound) <= 1 for *_, bound in chances)


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        ("leximin", "Chances as equal as the quotas allow (leximin) were found, and whole panels can give them."),
        (
            "maximin",
            "The greatest least chance under the quotas (maximin) was found, and whole panels can give it.",
        ),
        (
            "nash",
            "The greatest product of chances under the quotas (Nash) was found, and whole panels can give it.",
        ),
    ],
)
def test_what_chances_were_made_to_be_is_said_and_bound_by_the_certificate(files: Path, aim: str, said: str) -> None:
    certificate = drawn(files, aim=aim)
    assert said in certificate["said"]
    assert certificate["frozen"]["code"].endswith(f", {aim}")
    assert all(check.holds for check in verify(path=files / "out" / "certificate.json").checks)


def test_everybody_not_seated_is_a_reserve_once(files: Path) -> None:
    certificate = drawn(files)
    reserves = [row[1] for row in rows(files / "out" / "reserves.csv")]
    panel = [row[0] for row in rows(files / "out" / "panel.csv")]
    assert sorted(reserves + panel) == [row[0] for row in PEOPLE[1:]]
    assert [row[2] for row in rows(files / "out" / "reserves.csv")] == certificate["reserves"]


def test_the_order_of_rows_and_columns_does_not_matter(files: Path) -> None:
    first = drawn(files)
    head, *people = [[row[0], *row[:0:-1]] for row in PEOPLE]
    random.Random(3).shuffle(people)
    write(files / "people.csv", [head, *people])
    lines = FEATURES.splitlines()
    (files / "features.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]))
    assert drawn(files, "again") == first


def test_the_same_people_in_another_order_give_the_same_files_byte_for_byte(files: Path) -> None:
    drawn(files)
    head, *people = PEOPLE
    random.Random(5).shuffle(people)
    write(files / "people.csv", [head, *people])
    drawn(files, "again")
    for path in (files / "out").iterdir():
        assert path.read_bytes() == (files / "again" / path.name).read_bytes(), path.name


def test_another_seed_gives_another_result(files: Path) -> None:
    assert drawn(files)["reserves"] != drawn(files, "again", seed="6.812,20")["reserves"]


def test_a_quota_on_a_pair_of_features_is_kept_by_every_panel(files: Path) -> None:
    (files / "features.csv").write_text(FEATURES + "sex & age,woman & old,2,2\n")
    certificate = drawn(files)
    number = certificate["frozen"]["quotas"].index(["sex & age", "woman & old", 2, 2])
    cells = certificate["frozen"]["cells"]
    for panel in certificate["frozen"]["panels"]:
        assert sum(people for cell, people in panel if number in cells[cell]["counts"]) == 2


def test_a_folder_that_holds_a_draw_is_not_drawn_into_again(files: Path) -> None:
    before = drawn(files)
    with pytest.raises(Refused, match="a draw happens once"):
        drawn(files, seed="a friend wins")
    assert json.loads((files / "out" / "certificate.json").read_text())["seed"] == before["seed"]


def test_the_chances_are_said_before_the_panel(files: Path) -> None:
    said = drawn(files)["said"]
    order = [next(i for i, line in enumerate(said) if part in line) for part in ("Chances", "leximin", "Panel ")]
    assert order == sorted(order)


def test_who_has_no_chance_is_counted(files: Path) -> None:
    (files / "features.csv").write_text(
        FEATURES.replace("age,old,1,3", "age,old,0,0").replace("young,1,3", "young,4,4")
    )
    said = drawn(files)["said"]
    assert "People with no chance, by a quota or their household: 12; chances.csv says who." in said


def test_the_least_chance_is_said_of_those_who_have_one(files: Path) -> None:
    (files / "features.csv").write_text(
        FEATURES.replace("age,old,1,3", "age,old,0,0").replace("young,1,3", "young,4,4")
    )
    least = min(float(row[4]) for row in rows_of(files, "out") if row[2] != "0")
    said = next(line for line in drawn(files, "again")["said"] if "those who have one" in line)
    assert said.startswith(f"In the list (panels: 60) the least chance of those who have one is {least:.2%}: ")


def test_a_quota_that_binds_nothing_is_said(files: Path) -> None:
    (files / "features.csv").write_text(FEATURES + "sex,other,0,2\n")
    assert "Nobody has “other” of “sex”: that quota binds nothing." in drawn(files)["said"]


def test_what_the_engine_cannot_answer_ends_with_a_sentence(files: Path) -> None:
    assert "Try another --aim or wider quotas" in refused(files, aim="perfection")


def certificate_of(files: Path, out: str, **options: Any) -> bytes:
    drawn(files, out, **options)
    return (files / out / "certificate.json").read_bytes()


@pytest.mark.parametrize(
    ("mark", "delimiter", "end"),
    [(codecs.BOM_UTF8, ",", "\r\n"), (b"", ";", "\n"), (b"", "\t", "\n"), (b"", "|", "\n")],
)
def test_what_spreadsheets_save_is_read(mark: bytes, delimiter: str, end: str, files: Path) -> None:
    before = certificate_of(files, "out")
    for name in ("features.csv", "people.csv"):
        text = (files / name).read_text().replace(",", delimiter).replace("\n", end)
        (files / name).write_bytes(mark + text.encode())
    assert certificate_of(files, "again") == before


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("sex,value".encode("utf-16"), "features.csv: is UTF-16; save it as UTF-8"),
        ("sex,value".encode("utf-16-le"), "features.csv: is UTF-16; save it as UTF-8"),
        (
            "feature,value,min,max\nsex,é,1,1".encode("cp1252"),
            "features.csv:2: is not UTF-8 here but perhaps Windows-1252",
        ),
    ],
)
def test_another_encoding_is_named(raw: bytes, sentence: str, files: Path) -> None:
    (files / "features.csv").write_bytes(raw)
    assert sentence in refused(files)


def test_csv_workbook_and_parquet_give_the_same_certificate(files: Path) -> None:
    before = certificate_of(files, "out")
    with xlsxwriter.Workbook(files / "people.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(PEOPLE):
            sheet.write_row(number, 0, row)
    columns = {name: list(cells) for name, *cells in zip(*PEOPLE, strict=True)}
    table = polars.DataFrame(columns | {"need": [int(need) for need in columns["need"]]})
    table.with_columns(home=polars.when(table["home"] != "").then(table["home"])).write_parquet(
        files / "people.parquet"
    )
    assert certificate_of(files, "workbook", people=files / "people.xlsx") == before
    assert certificate_of(files, "parquet", people=files / "people.parquet") == before


def test_a_large_file_gives_the_same_certificate_as_read_line_by_line(files: Path) -> None:
    people = [[f"{n:040}", "woman" if n % 3 else "man", "old" if n % 2 else "young", "", "1"] for n in range(24_000)]
    write(files / "people.csv", [PEOPLE[0], *people])
    quick = certificate_of(files, "out")
    lines = (files / "people.csv").read_text().splitlines()
    (files / "people.csv").write_text("\n".join(['"id"' + lines[0][2:], "", *lines[1:], ",,,,"]))
    assert certificate_of(files, "again") == quick


def test_a_row_with_more_cells_than_the_first_is_named_in_a_large_file_too(files: Path) -> None:
    people = [[f"{n:040}", "woman" if n % 3 else "man", "old" if n % 2 else "young", "", "1"] for n in range(24_000)]
    write(files / "people.csv", [PEOPLE[0], *people])
    certificate_of(files, "out")
    write(files / "people.csv", [PEOPLE[0], [*people[0], "more"], *people[1:]])
    with pytest.raises(Refused, match=r"people.csv:2: has more cells than the first row"):
        drawn(files, "again")


def test_a_fault_in_a_large_file_is_named_by_its_line(files: Path) -> None:
    people = [[f"{n:040}", "woman", "old", "", "1"] for n in range(24_000)]
    write(files / "people.csv", [PEOPLE[0], *people[:20_000], [], ["", "woman", "old", "", "1"], *people[20_000:]])
    assert "people.csv:20003: has no id" in refused(files)


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1" + bytes(200) + b"PAR1"])
def test_what_is_no_parquet_is_named(raw: bytes, files: Path) -> None:
    (files / "people.parquet").write_bytes(raw)
    assert "people.parquet: is not a Parquet file" in refused(files, people=files / "people.parquet")


def test_an_id_like_a_formula_is_not_run_by_a_spreadsheet(files: Path) -> None:
    before = drawn(files)["frozen"]
    changed = [["=" + row[0] if row[0] == "P09" else row[0], *row[1:]] for row in PEOPLE]
    write(files / "people.csv", changed)
    pseudonyms = {row[0]: row[1] for row in rows_of(files, "again")}
    assert pseudonyms["'=P09"] == digest("kawasan pseudonym 1", "s", "=P09")
    assert "=P09" not in pseudonyms
    assert pseudonyms["P10"] in {row[0] for row in before["pool"]}


def test_an_id_with_commas_and_quotes_is_written_as_one_cell(files: Path) -> None:
    write(files / "people.csv", [[row[0] + ', "Jr"' if row[0] == "P09" else row[0], *row[1:]] for row in PEOPLE])
    assert 'P09, "Jr"' in {row[0] for row in rows_of(files, "out")}


def rows_of(files: Path, out: str) -> list[list[str]]:
    drawn(files, out)
    return rows(files / out / "chances.csv")


def test_capitals_and_blanks_in_the_names_of_columns_do_not_matter(files: Path) -> None:
    plain = certificate_of(files, "plain")
    (files / "features.csv").write_text(FEATURES.replace("feature,value,min,max", " Feature ,VALUE,Min,max"))
    write(files / "people.csv", [["ID", "Sex ", " AGE", "Home", "NEED"], *PEOPLE[1:]])
    assert certificate_of(files, "capitals") == plain


def test_of_columns_that_differ_in_capitals_alone_the_one_written_so_is_meant(files: Path) -> None:
    plain = certificate_of(files, "plain")
    write(files / "people.csv", [[*PEOPLE[0], "SEX"], *([*row, "?"] for row in PEOPLE[1:])])
    assert certificate_of(files, "both") == plain
    write(files / "people.csv", [["id", "Sex", *PEOPLE[0][2:], "SEX"], *([*row, "?"] for row in PEOPLE[1:])])
    assert "people.csv:1: has no column sex; its first row names: id, Sex, age, home, need, SEX" in refused(files)


def test_seats_that_cannot_be_filled_speak_of_households_only_where_some_were_given(files: Path) -> None:
    (files / "features.csv").write_text("feature,value,min,max\nsex,woman,0,40\nsex,man,0,40\n")
    assert refused(files, seats=30) == (
        "Only 20 of the 30 seats can be filled within every quota, at most 1 of a household."
    )
    assert refused(files, seats=30, columns=Columns()) == "Only 24 of the 30 seats can be filled within every quota."


def test_impossible_quotas_are_named_with_what_would_help(files: Path) -> None:
    (files / "features.csv").write_text(FEATURES.replace("sex,woman,2,2", "sex,woman,3,3"))
    told = refused(files)
    assert "sex “woman”: 3 to 3 seats; the pool has 16" in told
    assert "The smallest change that makes a draw possible" in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("sex,man,2,2", "sex,man,3,2"), "features.csv:3: needs whole numbers of seats in min and max"),
        (("sex,man,2,2", "sex,man,two,2"), "features.csv:3: needs whole numbers"),
        (("sex,man,2,2", "sex,,2,2"), "features.csv:3: needs a feature and a value"),
        (("sex,man", "sex,woman"), "“woman” of “sex” has two rows"),
        (("sex,man", "sex & age,man"), "features.csv:3: needs as many values as features"),
        (("sex", "gender"), "people.csv:1: has no column gender"),
        (("feature,value", "what,value"), "features.csv:1: has no column feature"),
        (("sex,man", "sex,boy"), "“man” has no quota; there are: boy, woman"),
        (
            ("age,young", "sex & age,women & old"),
            "features.csv:4: “women” of “sex” cannot occur; there are: man, woman",
        ),
        (
            ("age,young,1,3\nage,old", "sex & age,man & odl"),
            "features.csv:4: “odl” of “age” cannot occur; there are: old",
        ),
        (("age,young", "sex & sex,man & woman"), "features.csv:4: names a feature twice"),
    ],
)
def test_a_fault_of_the_features_is_named(change: tuple[str, str], sentence: str, files: Path) -> None:
    (files / "features.csv").write_text(FEATURES.replace(*change))
    assert sentence in refused(files)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["P01", "man", "old", "", "1"], "people.csv:26: P01 stands in row 3 too"),
        (["", "man", "old", "", "1"], "people.csv:26: has no id"),
        (["P77", "man", "", "", "1"], "people.csv:26: age: “–” has no quota"),
        (["P77", "man", "old", "", "0"], "people.csv:26: need: needs a whole number"),
        (["P77", "man", "old", "", "1.5"], "people.csv:26: need: needs a whole number"),
        (["P77", "man"], "people.csv:26: age: “–” has no quota"),
        (["P7\0", "man", "old", "", "1"], "people.csv:26: has an id with a character that cannot be seen (U+0000)"),
        (["P7\u202e", "man", "old", "", "1"], "people.csv:26: has an id with a character that cannot be seen (U+202E)"),
    ],
)
def test_a_fault_of_a_person_is_named(row: list[str], sentence: str, files: Path) -> None:
    write(files / "people.csv", [*PEOPLE, row])
    assert sentence in refused(files)


def test_nobody_at_all_is_a_fault(files: Path) -> None:
    write(files / "people.csv", PEOPLE[:1])
    assert "holds nobody" in refused(files)


def test_an_empty_seed_is_refused(files: Path) -> None:
    assert "The seed is empty" in refused(files, seed="  ")


def frozen(files: Path, **options: Any) -> list[str]:
    said: list[str] = []
    freeze(
        out=files / "out", **(asked(files) | {"source": "closing index of 3 November", "say": said.append} | options)
    )
    return said


def drawn_from_frozen(files: Path, out: str = "out", seed: str = "6.812,19") -> list[str]:
    said: list[str] = []
    draw_frozen(frozen=files / "out" / "frozen.json", seed=seed, out=files / out, say=said.append)
    return said


def test_what_was_frozen_and_committed_to_is_what_is_drawn_from(files: Path) -> None:
    said = frozen(files)
    before = json.loads((files / "out" / "frozen.json").read_text())
    secret = json.loads((files / "out" / "secret.json").read_text())["secret"]
    assert any(before["hashes"]["frozen"] in line for line in said)
    assert secret not in "".join(said) + (files / "out" / "frozen.json").read_text()
    assert "What the seed was to be: closing index of 3 November" in drawn_from_frozen(files)
    certificate = json.loads((files / "out" / "certificate.json").read_text())
    assert (certificate["frozen"], certificate["secret"]) == (before["frozen"], secret)
    found = verify(path=files / "out" / "certificate.json")
    assert found.hash
    assert found.is_committed


def test_only_its_owner_may_read_the_secret_and_the_names(files: Path) -> None:
    frozen(files)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (files / "out").iterdir()}
    assert (modes["secret.json"], modes["names.json"]) == (0o600, 0o600)
    assert sorted(modes) == ["chances.csv", "frozen.json", "names.json", "secret.json"]


def test_the_panel_in_two_steps_has_the_features_of_its_people(files: Path) -> None:
    frozen(files)
    drawn_from_frozen(files, out="later")
    own = {row[0]: [row[2], row[1]] for row in PEOPLE[1:]}
    panel = rows(files / "later" / "panel.csv")
    assert [row[2:] for row in panel] == [own[row[0]] for row in panel]
    assert len(panel) == 4


def test_pseudonyms_cannot_be_guessed_when_no_salt_was_given(files: Path) -> None:
    frozen(files, salt="")
    pool = json.loads((files / "out" / "frozen.json").read_text())["frozen"]["pool"]
    assert {row[0] for row in pool}.isdisjoint(row[0] for row in drawn(files, "again", salt="")["frozen"]["pool"])


def swapped(found: dict[str, Any]) -> None:
    first, last = found["frozen"]["pool"][0], found["frozen"]["pool"][-1]
    first[1], last[1] = last[1], first[1]


def swapped_and_hashed(found: dict[str, Any]) -> None:
    swapped(found)
    found["hashes"] = hashes_of(found["frozen"])


def with_a_result(found: dict[str, Any]) -> None:
    found["people"] = []


def of_another_secret(found: dict[str, Any]) -> None:
    found["secret"] = "mine"


def two_change_names(found: dict[str, Any]) -> None:
    found["ids"][0], found["ids"][1] = found["ids"][1], found["ids"][0]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("frozen.json", swapped),
        ("frozen.json", swapped_and_hashed),
        ("frozen.json", with_a_result),
        ("frozen.json", dict.clear),
        ("secret.json", of_another_secret),
        ("secret.json", dict.clear),
        ("names.json", two_change_names),
        ("names.json", dict.clear),
    ],
)
def test_what_was_changed_since_the_freeze_is_not_drawn_from(name: str, change: Any, files: Path) -> None:
    frozen(files)
    found = json.loads((files / "out" / name).read_text())
    change(found)
    (files / "out" / name).write_text(json.dumps(found))
    with pytest.raises(Refused, match="is not what was frozen"):
        drawn_from_frozen(files)
    assert not (files / "out" / "certificate.json").exists()


@pytest.mark.parametrize("name", ["frozen.json", "secret.json", "names.json"])
def test_what_is_missing_or_broken_since_the_freeze_is_named(name: str, files: Path) -> None:
    frozen(files)
    (files / "out" / name).write_text("{")
    with pytest.raises(Refused, match=f"{name} is not a file of a frozen draw"):
        drawn_from_frozen(files)
    (files / "out" / name).unlink()
    with pytest.raises(Refused, match=f"{name} is missing; put it back"):
        drawn_from_frozen(files)


@pytest.mark.parametrize("out", ["out", "elsewhere"])
def test_what_was_frozen_is_drawn_from_once(out: str, files: Path) -> None:
    frozen(files)
    drawn_from_frozen(files)
    before = (files / "out" / "certificate.json").read_bytes()
    with pytest.raises(Refused, match="a draw happens once"):
        drawn_from_frozen(files, out=out, seed="a friend wins")
    assert (files / "out" / "certificate.json").read_bytes() == before


def test_a_folder_that_holds_a_frozen_draw_takes_no_other(files: Path) -> None:
    frozen(files)
    with pytest.raises(Refused, match="holds what was frozen"):
        frozen(files)
    with pytest.raises(Refused, match="holds what was frozen"):
        drawn(files)


def test_a_draw_in_one_step_is_said_to_prove_the_arithmetic_only(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert any("not that nobody tried other seeds" in line for line in drawn(files)["said"])
    assert main(["verify", str(files / "out" / "certificate.json")]) == 0
    assert "not that nobody tried seeds" in capsys.readouterr().out


def test_the_command_freezes_and_draws(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["draw", "--features", str(files / "features.csv"), "--people", str(files / "people.csv"), "--seats", "4"]
    out = str(files / "out")
    assert main([*given, "--source", "dice thrown on 3 November", "--out", out]) == 0
    assert main(["draw", "--frozen", f"{out}/frozen.json", "--seed", "4 2 6", "--out", out]) == 0
    assert main(["verify", f"{out}/certificate.json"]) == 0
    said = capsys.readouterr().out
    assert "Publish this hash now" in said
    assert "tried" not in said


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ([], "Give --features, --people and --seats"),
        (["--frozen", "f"], "give --frozen, --seed and --out, and nothing else"),
        (["--frozen", "f", "--seed", "s", "--seats", "3"], "give --frozen, --seed and --out, and nothing else"),
        (
            ["--features", "f", "--people", "p", "--seats", "3", "--seed", "s", "--source", "dice"],
            "leave out --seed to freeze first",
        ),
    ],
)
def test_the_command_says_what_the_two_steps_take(
    more: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", "--out", str(tmp_path / "out"), *more]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("seats", ["0", "-1", "x", "", "9999999"])
def test_seats_that_are_no_number_end_with_a_sentence(seats: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["draw", "--features", "f", "--people", "p", "--seed", "s", "--out", "o", f"--seats={seats}"])
    assert "is not a whole number from 1 to 999999" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, "\x00"])
def test_a_file_that_is_no_certificate_is_refused_by_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(Refused, match=r"c\.json is not a certificate"):
        verify(path=tmp_path / "c.json")


@pytest.mark.parametrize("text", ["[]", "{}", "null", "3"])
def test_json_that_is_no_certificate_fails_its_form(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(text)
    assert [(check.name, check.holds) for check in verify(path=tmp_path / "c.json").checks] == [("form", False)]


def test_the_command_checks_what_is_frozen_before_the_draw(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = drawn(files)
    (files / "frozen.json").write_text(json.dumps({key: made[key] for key in ("format", "frozen", "hashes")}))
    assert main(["verify", str(files / "frozen.json")]) == 0
    said = capsys.readouterr().out
    assert "there is no result yet" in said
    assert f"Compare with the hash that was published before the draw: {made['hashes']['frozen']}" in said


def test_the_command_names_the_claim_that_is_wrong(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    certificate = drawn(files)
    published = hash_of({key: value for key, value in certificate.items() if key != "said"})
    del certificate["said"]
    certificate["people"], certificate["reserves"] = certificate["reserves"][:4], certificate["people"]
    (files / "forged.json").write_text(json.dumps(certificate))
    assert main(["verify", str(files / "out" / "certificate.json")]) == 0
    assert main(["verify", str(files / "forged.json")]) == 1
    said = capsys.readouterr()
    assert f"as on the minutes and the decree: {published}" in said.out
    assert "WRONG      The people follow from the panel and the seed." in said.out
    assert "Do not trust this draw" in said.err


def test_what_was_frozen_is_not_drawn_from_under_another_seed_elsewhere(files: Path) -> None:
    """The folder of what was frozen keeps the seed; a draw that broke off may be finished under the same one."""
    frozen(files)
    at = files / "out" / "frozen.json"
    draw_frozen(frozen=at, seed="A", out=files / "first", say=lambda _line: None)
    with pytest.raises(Refused, match="under another seed"):
        draw_frozen(frozen=at, seed="B", out=files / "second", say=lambda _line: None)
    assert not (files / "second").exists()
    draw_frozen(frozen=at, seed="A", out=files / "third", say=lambda _line: None)
    assert (files / "third" / "certificate.json").read_bytes() == (files / "first" / "certificate.json").read_bytes()


def test_a_seed_that_cannot_be_shown_is_refused(files: Path) -> None:
    assert "cannot be shown" in refused(files, seed="\udcff")


def test_two_columns_of_one_name_are_named(files: Path) -> None:
    people = [[*row, row[1]] for row in PEOPLE]
    write(files / "people.csv", people)
    assert "has two columns sex; take one out" in refused(files)


def test_a_row_with_more_cells_than_the_first_is_named(files: Path) -> None:
    write(files / "people.csv", [PEOPLE[0], [*PEOPLE[1], "Sari"], *PEOPLE[2:]])
    assert "people.csv:2: has more cells than the first row" in refused(files)


def test_a_short_list_is_not_called_a_quota(files: Path) -> None:
    said = drawn(files, panels=1)["said"]
    assert any(line.startswith("People who stand in no panel of so short a list: ") for line in said)
    assert not any(line.startswith("People with no chance") for line in said)


def test_a_reserve_is_called_into_the_certificate(files: Path) -> None:
    """By the id or by the pseudonym; every verifier follows it, and whoever is not there is not taken."""
    made, at, said = drawn(files), files / "out" / "certificate.json", []
    own, pseudonym = rows(files / "out" / "panel.csv")[1][:2]
    services.call_reserve(path=at, leaver=own, say=said.append)
    called = json.loads(at.read_text())
    assert called["calls"][0]["leaver"] == pseudonym
    assert called == certificate.call({key: value for key, value in made.items() if key != "said"}, leaver=pseudonym)
    assert all(check.holds for check in verify(path=at).checks)
    assert said[0].endswith(f"takes the seat of {own}. The certificate says so.")
    with pytest.raises(Refused, match="neither holds a seat nor waits"):
        services.call_reserve(path=at, leaver=pseudonym, say=said.append)
    assert json.loads(at.read_text()) == called


def test_nobody_is_called_into_a_certificate_that_does_not_hold(files: Path) -> None:
    made, at = drawn(files), files / "out" / "certificate.json"
    at.write_text(json.dumps({key: value for key, value in made.items() if key != "said"} | {"panel": 61}))
    with pytest.raises(Refused, match="no certificate of a draw that holds"):
        services.call_reserve(path=at, leaver=made["people"][0], say=lambda _line: None)


def test_the_command_makes_the_chances_again(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn(files)
    assert main(["verify", str(files / "out" / "certificate.json"), "--again"]) == 0
    assert "the bounds and the list of panels are the same" in capsys.readouterr().out


def test_the_command_fails_where_the_bound_is_not_what_comes_of_the_pool(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file agrees with itself: somebody wrote down other bounds that keep every quota, and drew."""
    made = drawn(files)
    frozen_part = made["frozen"]
    size = Counter(row[1] for row in frozen_part["pool"])
    for number, cell in enumerate(frozen_part["cells"]):
        seats = sum(n for panel in frozen_part["panels"][:1] for c, n in panel if c == number)
        cell["bound"] = 10**9 * seats // size[number]
    frozen_part["panels"] = frozen_part["panels"][:1] * 60
    at = files / "rigged.json"
    at.write_text(json.dumps(certificate.draw(frozen_part, secret="", public_value="7")))
    assert main(["verify", str(at)]) == 0
    assert main(["verify", str(at), "--again"]) == 1
    assert "its chances are not those that its pool and rules give" in capsys.readouterr().err
