"""The main job as an operator meets it: the command, its files, and what it does when it is stopped or lied to.

Every command runs in a process of its own with its own SQLite database, whatever database the other tests use.
"""

import csv
import itertools
import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import icalendar
import pypdf
import pytest
import python_calamine

from kawasan.exchange.tests.folder import FILES as SMALL_FOLDER
from kawasan.exchange.tests.folder import PROGRAMME as PROGRAMME_TOML
from kawasan.exchange.tests.folder import write_folder
from kawasan.selection.rules import CLAIMS
from kawasan.value_chain.plan_input import hash_of

pytestmark = pytest.mark.sqlite_only
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "pangkalpinang-2022"
SECOND = ROOT / "examples" / "koba-2022"
PROGRAMME = "pangkalpinang-2022"
FILES = [
    "announcement.pdf",
    "decree.pdf",
    "draw.json",
    "groups.xlsx",
    "minutes.pdf",
    "participants.xlsx",
    "plan.json",
    "report.html",
    "timetable.ics",
]
PROGRAM = [sys.executable, "-c", "import sys; from kawasan.exchange.commands import main; sys.exit(main())"]
PASSWORD = "Terasi-Toboali-2022"
TINY = 100 * 1024  # bytes; less than one of the documents
SMALL = 2_500 * 1024  # bytes; less than the database of the example


def environment(data: Path, **extra: str) -> dict[str, str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("KAWASAN_", "DJANGO_"))}
    return ours | {"KAWASAN_DATA": str(data), "KAWASAN_LANGUAGE": "en", "PYTHONPATH": str(ROOT / "src")} | extra


def kawasan(*arguments: str | Path, data: Path, most_bytes: int = 0, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run one command; with ``most_bytes`` no file may grow beyond that, as on a full disk."""

    def limit() -> None:
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=environment(data, **extra),
        stdin=subprocess.DEVNULL,
        preexec_fn=limit,
    )


def said(done: subprocess.CompletedProcess[str], code: int) -> str:
    """What a command said, once its exit code is right and nothing is a traceback."""
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Finished:
    """A run of the example that nobody disturbed."""

    data: Path
    out: Path
    lines: list[str]

    def json(self, name: str) -> Any:
        return json.loads((self.out / name).read_text(encoding="utf-8"))

    def rows(self, name: str) -> list[dict[str, Any]]:
        header, *rows = python_calamine.CalamineWorkbook.from_path(self.out / name).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("migrated")
    said(kawasan("migrate", data=data), 0)
    return data


@pytest.fixture
def data(migrated: Path, tmp_path: Path) -> Path:
    """A database of this version with nothing in it."""
    return Path(shutil.copytree(migrated, tmp_path / "data"))


@pytest.fixture(scope="module")
def finished(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("finished")
    own = Path(shutil.copytree(migrated, folder / "data"))
    lines = said(kawasan("run", EXAMPLE, "--out", folder / "out", data=own), 0).splitlines()
    return Finished(own, folder / "out", lines)


@pytest.fixture
def later(finished: Finished, tmp_path: Path) -> Path:
    """A copy of the finished run's database, to be changed."""
    return Path(shutil.copytree(finished.data, tmp_path / "later"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "folder"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(old, text, re.MULTILINE)) == 1, old
    path.write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")


# What the run writes


def test_a_run_says_each_step_with_its_figures_and_writes_its_files(finished: Finished) -> None:
    steps = [line.split()[0] for line in finished.lines[:-1]]
    assert steps == [f"{number}/14" for number in range(1, 15)]
    assert all(re.search(r"\(\d+\.\d s\)$", line) for line in finished.lines[:-1])
    assert sorted(contents(finished.out)) == FILES


def test_the_plan_has_the_hash_of_its_input(finished: Finished) -> None:
    plan = finished.json("plan.json")
    assert plan["input_hash"] == hash_of(plan["input"])
    assert plan["input"]["seats"] == sum(field["seats"] for field in plan["result"]["fields"]) == 100


def test_anybody_can_check_the_draw_with_plain_python(finished: Finished) -> None:
    command = [sys.executable, str(ROOT / "tools" / "verify_draw.py"), str(finished.out / "draw.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    marks = [line.split()[0] for line in done.stdout.splitlines()]
    assert marks.count("ok") == len(CLAIMS)


def test_the_drawn_are_a_hundred_of_the_pool_and_meet_every_quota(finished: Finished) -> None:
    draw = finished.json("draw.json")
    frozen = draw["frozen"]
    pool = {name: (frozen["cells"][cell]["counts"], home) for name, cell, home in frozen["pool"]}
    chosen = [pool[name] for name in draw["people"]]
    assert len(set(draw["people"])) == frozen["seats"] == 100
    assert max(Counter(home for _counts, home in chosen if home).values()) <= frozen["most_per_household"]
    held = Counter(quota for counts, _home in chosen for quota in counts)
    assert len(frozen["quotas"]) > 13
    missed = [quota for row, quota in enumerate(frozen["quotas"]) if not quota[2] <= held[row] <= quota[3]]
    assert missed == []


def test_the_draw_names_nobody(finished: Finished) -> None:
    published = (finished.out / "draw.json").read_text(encoding="utf-8")
    with (EXAMPLE / "persons.csv").open(encoding="utf-8") as file:
        persons = list(csv.DictReader(file))
    assert not any(row["nik"] in published or row["name"] in published for row in persons)


def test_the_participants_are_a_hundred_and_each_has_a_group(finished: Finished) -> None:
    participants, members = finished.rows("participants.xlsx"), finished.rows("groups.xlsx")
    assert len({row["Nomor"] for row in participants}) == 100
    assert {(r["Nomor"], r["Kelompok"]) for r in participants} == {(r["Nomor"], r["Kelompok"]) for r in members}


def test_the_groups_have_the_size_of_the_rule_set_one_field_and_one_mentor(finished: Finished) -> None:
    groups = defaultdict(list)
    for row in finished.rows("groups.xlsx"):
        groups[row["Kelompok"]].append((row["Bidang"], row["Pendamping"]))
    assert 10 <= len(groups) <= 13
    assert all(8 <= len(members) <= 12 and len(set(members)) == 1 for members in groups.values())


def test_the_timetable_has_no_clash_of_group_room_or_trainer(finished: Finished) -> None:
    calendar = icalendar.Calendar.from_ical((finished.out / "timetable.ics").read_bytes())
    busy = defaultdict(list)
    for event in calendar.events:
        engaged = (str(event["SUMMARY"]).split(" – ")[-1], str(event["DESCRIPTION"]), str(event["LOCATION"]))
        for kind, name in zip(("group", "trainer", "room"), engaged, strict=True):
            busy[kind, name].append((event.start, event.end))
    assert sum(len(times) for (kind, _name), times in busy.items() if kind == "group") > 100
    for who, times in busy.items():
        times.sort()
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(times)), who


def test_the_decree_names_everybody(finished: Finished) -> None:
    pages = pypdf.PdfReader(finished.out / "decree.pdf").pages
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    names = [re.sub(r"\s", "", row["Nama"]) for row in finished.rows("participants.xlsx")]
    assert [name for name in names if name not in text] == []
    assert "SYN/56/PPK-PKK/IX/2022" in text


def test_the_report_is_one_page_that_needs_nothing_from_elsewhere(finished: Finished) -> None:
    page = (finished.out / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 5
    assert re.findall(r"""(?:src|href|action|data|poster)\s*=\s*["']?\s*(?:https?:)?//[^"'\s>]*""", page) == []
    assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//|<script[^>]*\ssrc|<link\b", page)


def test_every_figure_that_is_a_link_is_made_of_the_rows_it_leads_to(finished: Finished) -> None:
    page = (finished.out / "report.html").read_text(encoding="utf-8")
    below = rows_below(page)
    found = re.findall(r'<a href="#rows-([^"]+)">\s*(.*?)\s*</a>', page, re.DOTALL)
    assert len({key for key, _said in found}) > 30
    assert [f"{key}: {said}" for key, said in found if not makes(key, said, below[key])] == []
    assert set(below) == {key for key, _said in found}  # nothing is listed that no figure leads to
    people = {row["name"] for row in table(EXAMPLE / "persons.csv")}
    assert [name for name in people if f"<td>{name}" in page or f"<li>{name}" in page] == []


def rows_below(page: str) -> dict[str, list[list[str]]]:
    """The rows of the appendix by the figure that leads there; a code alone is a row of one cell."""
    parts = re.split(r'<h3 id="rows-([^"]+)">', page)
    rows = {}
    for key, part in zip(parts[1::2], parts[2::2], strict=True):
        cells = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", part)]
        rows[key] = [row for row in cells if row] or [[code] for code in re.findall(r"<li>(.*?)</li>", part)]
    return rows


def makes(key: str, said: str, rows: list[list[str]]) -> bool:
    """Whether rows make a figure, as it is written in Indonesian."""

    def number(text: str) -> float:
        return float(text.removeprefix("Rp").removesuffix("%").strip().replace(".", "").replace(",", "."))

    if key.startswith("capital"):  # the mean of what is known, by its weight
        known = [(number(score), number(weight)) for _name, _value, score, weight, _source in rows if score != "–"]
        return abs(sum(s * w for s, w in known) / sum(w for _s, w in known) - number(said)) <= 0.55
    if key.startswith("round"):  # the sum, the sum divided by all of them, or what lies in the middle
        (row,) = [row for row in rows if row[1] == said][:1]
        if row[3] == "–":
            return True
        total, mean = number(row[3]), number(row[3]) / number(row[2]) * (100 if said.endswith("%") else 1)
        return min(abs(total - number(said)), abs(mean - number(said))) <= (0.051 if said.endswith("%") else 0.51)
    if said.startswith("Rp"):
        return sum(number(row[-1]) for row in rows) == number(said)
    return (sum(number(row[1]) for row in rows) if key == "plan" else len(rows)) == number(said)


def test_a_second_programme_runs_beside_the_first_and_is_given_back_as_it_was(later: Path, tmp_path: Path) -> None:
    lines = said(kawasan("run", SECOND, "--out", tmp_path / "out", data=later), 0)
    assert "no assets are scored yet" in lines
    assert "16 people" in lines
    assert sorted(contents(tmp_path / "out")) == FILES
    said(kawasan("dump", SECOND.name, tmp_path / "dump", data=later), 0)
    for path in SECOND.glob("*.csv"):
        given, back = table(path), table(tmp_path / "dump" / path.name)
        assert [row for row, whole in zip(given, back, strict=True) if not row.items() <= whole.items()] == []
    assert "The log is whole" in said(kawasan("verify-log", data=later), 0)


# Once more, and after being killed


def test_a_second_run_changes_nothing(finished: Finished, later: Path, tmp_path: Path) -> None:
    before = said(kawasan("verify-log", data=later), 0)
    said(kawasan("run", EXAMPLE, "--out", tmp_path / "again", data=later), 0)
    assert contents(tmp_path / "again") == contents(finished.out)
    assert said(kawasan("verify-log", data=later), 0) == before
    assert "The log is whole" in before


def kill_run(data: Path, out: Path, until: Callable[[subprocess.Popen[str]], None]) -> None:
    """Start a run, wait for a moment of it, and kill it as a power cut would."""
    command = [*PROGRAM, "run", str(EXAMPLE), "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(data)) as process:
        until(process)
        process.kill()
    assert process.returncode == -9


def step(number: int, *, and_seconds: float = 0) -> Callable[[subprocess.Popen[str]], None]:
    """Wait until a step was done, and some time into the next one."""

    def wait(process: subprocess.Popen[str]) -> None:
        assert process.stdout
        assert any(line.split()[0] == f"{number}/14" for line in process.stdout)
        time.sleep(and_seconds)

    return wait


def writing(process: subprocess.Popen[str], data: Path) -> None:
    """Wait until rows of the load reach the disk."""
    log = data / "kawasan.sqlite3-wal"
    while not (log.exists() and log.stat().st_size):
        assert process.poll() is None
        time.sleep(0.01)


def test_a_run_killed_again_and_again_ends_with_the_same_files(finished: Finished, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    moments = [
        lambda process: writing(process, data),
        step(3),
        step(6, and_seconds=0.2),  # in the middle of the answers
        step(8, and_seconds=0.3),  # while the timetable is computed
        step(11, and_seconds=1),  # while it is found what tells of few people
        step(13, and_seconds=0.5),  # while the files are written
    ]
    for moment in moments:
        kill_run(data, out, moment)
    lines = said(kawasan("run", EXAMPLE, "--out", out, data=data), 0).splitlines()
    assert contents(out) == contents(finished.out)
    assert "The log is whole" in said(kawasan("verify-log", data=data), 0)
    assert len(lines) == 15


def test_a_second_run_at_the_same_time_is_told_to_wait(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def meanwhile(process: subprocess.Popen[str]) -> None:
        step(1)(process)
        sentence = said(kawasan("run", EXAMPLE, "--out", out, data=data), 1)
        assert re.search(
            r"Another run of pangkalpinang-2022 is working \(since 20\d\d-.*\); wait until it ends", sentence
        )

    kill_run(data, out, meanwhile)


def test_of_two_first_runs_at_once_one_makes_the_tables_and_the_other_is_told_to_wait(tmp_path: Path) -> None:
    command = [*PROGRAM, "run", str(EXAMPLE), "--out", str(tmp_path / "out")]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(tmp_path / "data"))

    with start() as one, start() as other:
        while one.poll() is None and other.poll() is None:
            time.sleep(0.01)
        told, working = (other, one) if one.poll() is None else (one, other)
        working.kill()
        assert told.stderr
        assert "Another run of pangkalpinang-2022 is working" in told.stderr.read()


SMALL_PROGRAMME = PROGRAMME_TOML.replace(
    "year = 2022", "year = 2022\nas_of = 2022-09-30\ndraw_public_value_source = 'dadu'"
)


def frozen(folder: Path, data: Path, key: str) -> str:
    """The hash of the pool of a folder's first run in an installation with this secret key."""
    done = kawasan("run", folder, "--out", data / "out", data=data, KAWASAN_SECRET_KEY=key)
    found = re.search(r"The pool is frozen with SHA-256 ([0-9a-f]{64})", said(done, 1))
    assert found
    return found[1]


def test_pseudonyms_hang_on_the_secret_of_the_installation(migrated: Path, tmp_path: Path) -> None:
    real = SMALL_FOLDER["persons.csv"].replace("synthetic", "pendaftaran 2022")
    folder = write_folder(tmp_path / "folder", programme=SMALL_PROGRAMME, persons=real)
    copies = [Path(shutil.copytree(migrated, tmp_path / f"data-{n}")) for n in range(3)]
    one, again, other = (frozen(folder, data, key) for data, key in zip(copies, "aab", strict=True))
    assert one == again != other


def test_pseudonyms_of_invented_people_are_the_same_everywhere(migrated: Path, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder", programme=SMALL_PROGRAMME)
    copies = [Path(shutil.copytree(migrated, tmp_path / f"data-{n}")) for n in range(2)]
    assert frozen(folder, copies[0], "a") == frozen(folder, copies[1], "b")


def test_a_run_on_a_full_disk_says_so_and_a_later_one_ends_with_the_same_files(
    finished: Finished, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert "The database cannot be used (" in said(
        kawasan("run", EXAMPLE, "--out", out, data=data, most_bytes=SMALL), 1
    )
    said(kawasan("run", EXAMPLE, "--out", out, data=data), 0)
    assert contents(out) == contents(finished.out)


def test_a_document_that_cannot_be_written_whole_is_named_and_not_left_behind(later: Path, tmp_path: Path) -> None:
    sentence = said(kawasan("run", EXAMPLE, "--out", tmp_path / "out", data=later, most_bytes=TINY), 1)
    assert f"{tmp_path / 'out'}/plan.json: " in sentence
    assert contents(tmp_path / "out") == {}


# What waits for people


def test_a_run_waits_for_the_public_value_and_the_answers(
    finished: Finished, folder: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lines = (folder / "programme.toml").read_text(encoding="utf-8").splitlines()
    given = [line for line in lines if line.startswith("draw_public_value =")]
    change(folder / "programme.toml", r"^draw_public_value = .*\n", "")
    (folder / "answers.csv").unlink()

    waiting = said(kawasan("run", folder, "--out", out, data=data), 1)
    assert re.search(
        r"The pool is frozen with SHA-256 [0-9a-f]{64}\. Publish it, let the public value be drawn", waiting
    )
    assert contents(out) == {}

    change(folder / "programme.toml", r"^as_of = .*$", "\n".join(["as_of = 2023-02-15", *given]))
    assert "100 offers have no answer yet" in said(kawasan("run", folder, "--out", out, data=data), 1)

    shutil.copy(EXAMPLE / "answers.csv", folder)
    said(kawasan("run", folder, "--out", out, data=data), 0)
    assert contents(out) == contents(finished.out)


def test_whoever_applies_after_the_draw_is_counted_but_changes_no_seat(
    finished: Finished, folder: Path, later: Path, tmp_path: Path
) -> None:
    for name, new in (("persons", "P900"), ("applicants", "A900,P900")):
        path = folder / f"{name}.csv"
        last = path.read_text(encoding="utf-8").splitlines()[-1].split(",")
        with path.open("a", encoding="utf-8") as file:
            file.write(",".join([new, *last[new.count(",") + 1 :]]) + "\n")
    lines = said(kawasan("run", folder, "--out", tmp_path / "out", data=later), 0)
    assert "346 eligible" in lines
    assert "345 people frozen" in lines
    assert "1 who became eligible later are not among them" in lines
    unchanged = set(FILES) - {"report.html"}
    assert all((tmp_path / "out" / name).read_bytes() == (finished.out / name).read_bytes() for name in unchanged)


def test_another_public_value_after_the_draw_changes_no_seat_and_is_said(
    folder: Path, finished: Finished, later: Path, tmp_path: Path
) -> None:
    change(folder / "programme.toml", r'draw_public_value = "4-2-6', 'draw_public_value = "5-2-6')
    lines = said(kawasan("run", folder, "--out", tmp_path / "out", data=later), 0)
    assert "the folder names another public value now, but a draw happens once" in lines
    assert (tmp_path / "out" / "draw.json").read_bytes() == (finished.out / "draw.json").read_bytes()


def test_what_is_corrected_before_the_pool_is_frozen_is_assessed_again(
    folder: Path, data: Path, tmp_path: Path
) -> None:
    change(folder / "programme.toml", r'(feature = "disability"\nvalue = "yes"\nleast =) 4', r"\1 15")
    stopped = said(kawasan("run", folder, "--out", tmp_path / "out", data=data), 1)
    assert "345 eligible, 54 refused" in stopped
    assert "frozen" not in stopped

    change(folder / "programme.toml", r'(feature = "disability"\nvalue = "yes"\nleast =) 15', r"\1 4")
    change(folder / "applicants.csv", r"^(A001,.*),unemployed,10,", r"\1,employed,0,")
    lines = said(kawasan("run", folder, "--out", tmp_path / "out", data=data), 1)  # the answers are of another draw
    assert "344 eligible, 55 refused" in lines
    assert "344 people frozen" in lines


# The log


@pytest.mark.parametrize(
    ("change_behind_the_back", "named"),
    [
        (
            "UPDATE selection_seat SET status = 'declined' WHERE id = (SELECT min(id) FROM selection_seat "
            "WHERE status = 'accepted')",
            r"selection\.Seat \d+ \(.*\) was changed without a log entry\.",
        ),
        (
            "UPDATE matching_groupmember SET group_id = (SELECT max(id) FROM matching_group) WHERE id = "
            "(SELECT min(id) FROM matching_groupmember)",
            r"matching\.GroupMember \d+ \(.*\) was changed without a log entry\.",
        ),
        (
            "UPDATE core_logentry SET data = '{}' WHERE verb = 'selection.drawn'",
            r"Entry \d+ of the log was changed \(selection\.drawn\)\.",
        ),
        (
            "DELETE FROM mentoring_visit WHERE id = (SELECT max(id) FROM mentoring_visit)",
            r"mentoring\.Visit \d+ was deleted without a log entry\.",
        ),
    ],
    ids=["seat", "member", "entry", "visit"],
)
def test_a_row_changed_behind_the_back_of_the_log_is_named(
    change_behind_the_back: str, named: str, later: Path
) -> None:
    with sqlite3.connect(later / "kawasan.sqlite3") as database:
        assert database.execute(change_behind_the_back).rowcount == 1
    database.close()
    lines = said(kawasan("verify-log", data=later), 1).splitlines()
    assert len(lines) == 1
    assert re.fullmatch(named, lines[0]), lines


# The round trip


def test_a_dump_gives_back_what_was_given_and_loads_to_the_same_programme(
    finished: Finished, later: Path, data: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    said(kawasan("dump", PROGRAMME, first, data=later), 0)
    given = [path for path in EXAMPLE.iterdir() if path.suffix in (".csv", ".toml")]
    assert [path.name for path in given if (first / path.name).read_bytes() != path.read_bytes()] == []
    assert {"plans.csv", "draws.csv", "seats.csv", "groups.csv", "sessions.csv"} <= set(contents(first))

    said(kawasan("load", first, data=data), 0)
    assert "Nothing changed" in said(kawasan("load", first, data=data), 0)
    said(kawasan("dump", PROGRAMME, second, data=data), 0)
    assert contents(second) == contents(first)

    said(kawasan("run", first, "--out", tmp_path / "out", data=data), 0)
    assert contents(tmp_path / "out") == contents(finished.out)
    assert "The log is whole" in said(kawasan("verify-log", data=data), 0)


# Commands that cannot do what they are asked


@pytest.mark.parametrize("command", ["check", "load", "run"])
@pytest.mark.parametrize("path", [ROOT / "nowhere", EXAMPLE / "rooms.csv"], ids=["missing", "file"])
def test_what_is_no_folder_is_refused(command: str, path: Path, migrated: Path) -> None:
    assert f"{path}: is not a folder; give the folder that holds programme.toml" in said(
        kawasan(command, path, data=migrated), 1
    )


@pytest.mark.parametrize(
    "arguments",
    [("dump", PROGRAMME), ("describe", "--guide"), ("run", EXAMPLE, "--out")],
    ids=lambda arguments: arguments[0],
)
def test_a_place_where_nothing_can_be_written_is_named(arguments: tuple[str | Path, ...], later: Path) -> None:
    assert "/dev/null/x: Not a directory" in said(kawasan(*arguments, "/dev/null/x", data=later), 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_files_that_may_not_be_read_or_written_are_named(folder: Path, later: Path, tmp_path: Path) -> None:
    (folder / "rooms.csv").chmod(0)
    assert "rooms.csv: cannot be opened (Permission denied)" in said(kawasan("check", folder, data=later), 1)
    tmp_path.chmod(0o500)
    assert "Permission denied" in said(kawasan("dump", PROGRAMME, tmp_path / "dump", data=later), 1)
    tmp_path.chmod(0o700)


def test_a_data_folder_that_cannot_be_made_is_named() -> None:
    for command in (["migrate"], ["verify-log"], ["check", EXAMPLE]):
        assert "/dev/null/x: Not a directory" in said(kawasan(*command, data=Path("/dev/null/x")), 1)


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    for command in (["verify-log"], ["dump", "x", tmp_path / "dump"]):
        assert "run kawasan migrate." in said(kawasan(*command, data=tmp_path / "data"), 1)


def test_a_folder_loads_into_a_database_that_was_empty(tmp_path: Path) -> None:
    assert kawasan("load", EXAMPLE, data=tmp_path / "data").returncode == 0
    assert "The log is whole" in said(kawasan("verify-log", data=tmp_path / "data"), 0)


def test_a_database_that_was_killed_while_it_got_its_tables_gets_the_rest(tmp_path: Path) -> None:
    some = [sys.executable, "-m", "django", "migrate", "programmes", "--settings", "kawasan.config.settings"]
    subprocess.run(some, check=True, capture_output=True, env=environment(tmp_path / "data"))
    assert "run kawasan migrate." in said(kawasan("verify-log", data=tmp_path / "data"), 1)
    assert kawasan("load", EXAMPLE, data=tmp_path / "data").returncode == 0


@pytest.mark.parametrize("command", [["verify-log"], ["check", EXAMPLE]], ids=["verify-log", "check"])
def test_a_database_that_does_not_answer_is_a_sentence(command: list[str | Path], tmp_path: Path) -> None:
    address = f"postgresql://kawasan@/kawasan?host={tmp_path}"
    assert "The database cannot be used (connection" in said(
        kawasan(*command, data=tmp_path, KAWASAN_DATABASE_URL=address), 1
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KAWASAN_DATABASE_URL", "mysql://rahasia@host/x", "KAWASAN_DATABASE_URL cannot be used; write postgresql://"),
        ("KAWASAN_DATABASE_URL", "basis data", "KAWASAN_DATABASE_URL cannot be used; write postgresql://"),
        ("KAWASAN_DATABASE_URL", "postgresql://a:b@h:99999/x", "KAWASAN_DATABASE_URL cannot be used; write postgresql"),
        ("KAWASAN_WORKERS", "abc", "KAWASAN_WORKERS is 'abc'; write a whole number, 1 or more."),
        ("KAWASAN_WORKERS", "0", "KAWASAN_WORKERS is '0'; write a whole number, 1 or more."),
        (
            "KAWASAN_PUBLIC_ADDRESS",
            "kawasan.example",
            "KAWASAN_PUBLIC_ADDRESS is 'kawasan.example'; write https://HOST.",
        ),
        ("KAWASAN_BASE_MAP", "tiles", "KAWASAN_BASE_MAP is 'tiles'; write https://HOST/{z}/{x}/{y}.png"),
        (
            "KAWASAN_BASE_MAP",
            "https://tiles.example/{z}/{x}/{y}.png",
            "KAWASAN_BASE_MAP is set; write in KAWASAN_BASE_MAP_ATTRIBUTION who made it",
        ),
        ("KAWASAN_LANGUAGE", "xx", "KAWASAN_LANGUAGE is 'xx'; write id or en."),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(name: str, value: str, sentence: str, migrated: Path) -> None:
    answer = said(kawasan("verify-log", data=migrated, **{name: value}), 1)
    assert answer.startswith(sentence)
    assert len(answer.splitlines()) == 1


def test_a_port_that_cannot_be_used_is_refused_before_an_address_is_named(data: Path) -> None:
    answer = said(kawasan("demo", "--port", "99999", data=data), 1)
    assert answer.startswith("Port 99999 cannot be used (")
    assert "http" not in answer


def test_a_port_in_use_is_a_sentence(migrated: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        answer = said(kawasan("serve", "--port", port, data=migrated), 1)
    assert f"Port {port} cannot be used (Address already in use); choose another with --port." in answer


@pytest.mark.parametrize("arguments", [("run", EXAMPLE, "--out"), ("dump", PROGRAMME)], ids=["run", "dump"])
def test_a_file_where_a_folder_must_be_is_named(arguments: tuple[str | Path, ...], later: Path) -> None:
    (later / "file").touch()
    assert f"{later}/file: Not a directory" in said(kawasan(*arguments, later / "file", data=later), 1)


def test_a_secret_that_could_not_be_written_is_made_the_next_time(tmp_path: Path) -> None:
    assert "secret-key" in said(kawasan("migrate", data=tmp_path, most_bytes=10), 1)
    said(kawasan("migrate", data=tmp_path), 0)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "kawasan.sqlite3").write_bytes(b"not a database, but as long as the head of one" * 100)
    assert "The database cannot be used (file is not a database)" in said(kawasan("verify-log", data=tmp_path), 1)


def test_a_programme_that_is_not_there_cannot_be_dumped(later: Path, tmp_path: Path) -> None:
    sentence = "There is no programme “lain-2022” here. There are: pangkalpinang-2022"
    assert sentence in said(kawasan("dump", "lain-2022", tmp_path / "dump", data=later), 1)
    assert not (tmp_path / "dump").exists()


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        ([], "rahasia", "This password is too short."),
        ([], "", "There is nobody to type a password; give it as KAWASAN_PASSWORD."),
        (["--name", ""], PASSWORD, "name: This field cannot be blank."),
        (["--programme", "lain-2022"], PASSWORD, "There is no such programme or role."),
        (["--programme", PROGRAMME, "--role", "raja"], PASSWORD, "Roles: manager, verifier, planner"),
    ],
    ids=["weak", "none", "nameless", "programme", "role"],
)
def test_an_account_that_cannot_be_made_is_refused(
    arguments: list[str], password: str, sentence: str, later: Path
) -> None:
    account = ["add-user", "siti", "--name", "Siti", *arguments]
    assert sentence in said(kawasan(*account, data=later, KAWASAN_PASSWORD=password), 1)
    with sqlite3.connect(later / "kawasan.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM core_user").fetchone() == (0,)
    database.close()


def test_an_account_is_made_once(later: Path) -> None:
    account = ["add-user", "siti", "--name", "Siti", "--programme", PROGRAMME, "--role", "auditor"]
    said(kawasan(*account, data=later, KAWASAN_PASSWORD=PASSWORD), 0)
    assert "is there already" in said(kawasan(*account, data=later, KAWASAN_PASSWORD=PASSWORD), 1)
    assert "The log is whole" in said(kawasan("verify-log", data=later), 0)


def test_an_unknown_command_shows_the_known_ones(migrated: Path) -> None:
    assert "choose from 'check', 'load', 'dump', 'run'" in said(kawasan("jalan", data=migrated), 2)
