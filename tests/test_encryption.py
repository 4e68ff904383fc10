"""Personal numbers at rest: what lies on the disk after the example was loaded and run, and after an upgrade."""

import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite_only  # every command has a database of its own, which is SQLite's
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "pangkalpinang-2022"
PROGRAM = [sys.executable, "-c", "import sys; from kawasan.exchange.commands import main; sys.exit(main())"]
DJANGO = [sys.executable, "-m", "django"]


def call(*command: str | Path, data: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("KAWASAN_", "DJANGO_"))}
    ours |= {"KAWASAN_DATA": str(data), "KAWASAN_LANGUAGE": "en", "PYTHONPATH": str(ROOT / "src")}
    ours |= {"DJANGO_SETTINGS_MODULE": "kawasan.config.settings"} | extra
    return subprocess.run(list(map(str, command)), check=False, capture_output=True, text=True, env=ours)


def said(*command: str | Path, data: Path, code: int = 0, **extra: str) -> str:
    done = call(*command, data=data, **extra)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after a whole run of the example: load, log, frozen pool, draw, groups."""
    data = tmp_path_factory.mktemp("ran")
    said(*PROGRAM, "run", EXAMPLE, data=data)
    return data


NUMBERS = ("nik", "family_card", "phone", "account")


def numbers(*columns: str) -> set[str]:
    """Every personal number of the example, phones also without what is before the subscriber's number."""
    found = set()
    for table in ("persons", "mentors", "experts"):
        with (EXAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found |= {row.get(column, "").removeprefix("+62") for row in csv.DictReader(file) for column in columns}
    return found - {""}


def database(data: Path) -> bytes:
    """The bytes of the database and of what SQLite keeps beside it."""
    return b"".join(path.read_bytes() for path in sorted(data.glob("kawasan.sqlite3*")))


def test_the_file_of_the_database_has_no_number_of_anybody(ran: Path) -> None:
    held, sought = database(ran), numbers(*NUMBERS)
    assert len(sought) > 1000
    assert b"Bong Sui Fa" in held  # it is the database, and names are in it
    assert [number for number in sought if number.encode() in held] == []


def test_keys_lie_beside_the_database_for_the_owner_alone(ran: Path) -> None:
    assert (ran / "keys").stat().st_mode & 0o777 == 0o600


def test_a_lost_key_is_a_sentence_and_another_key_opens_nothing(ran: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(ran, tmp_path / "data"))
    (data / "keys").unlink()
    sentence = said(*PROGRAM, "dump", "pangkalpinang-2022", tmp_path / "out", data=data, code=1)
    assert "Personal numbers in the database were encrypted with the key" in sentence
    assert "Put that key back among those of KAWASAN_KEYS" in sentence


def test_keys_are_exchanged_and_the_old_one_is_dropped(ran: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(ran, tmp_path / "data"))
    new = said(*PROGRAM, "new-key", data=data).strip()
    old = (data / "keys").read_text().strip()
    lines = said(*PROGRAM, "rotate-keys", data=data, KAWASAN_KEYS=f"{new},{old}")
    assert "applicants.Person: 402 of 402 encrypted anew" in lines
    assert "Take the older keys out of the settings now" in lines
    assert "0 rows encrypted anew" in said(*PROGRAM, "rotate-keys", data=data, KAWASAN_KEYS=new)
    assert "The log is whole" in said(*PROGRAM, "verify-log", data=data, KAWASAN_KEYS=new)
    said(*PROGRAM, "dump", "pangkalpinang-2022", tmp_path / "out", data=data, KAWASAN_KEYS=new)
    assert (tmp_path / "out" / "persons.csv").read_bytes() == (EXAMPLE / "persons.csv").read_bytes()


KNOWN_BEFORE = r"applicants\.(Person|Applicant) |matching\.(Mentor|Expert) |selection\.Draw "
BEFORE = {"applicants": "0002", "matching": "0001", "selection": "0001"}  # the last versions with plain text


LOG_AS_THAT_VERSION = """
import django
django.setup()
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from kawasan.core.models import LogEntry, LoggedRow, LogHead
from kawasan.core.services import _digest, entry_hash, fingerprint
from kawasan.core.upgrade import order_before
from django.apps import apps
loader = MigrationLoader(connection)
old = loader.project_state(list(loader.applied_migrations)).apps
rows = [row for name in ("Person", "Applicant") for row in old.get_model("applicants", name).objects.all()]
rows += [*old.get_model("matching", "Mentor").objects.all(), *old.get_model("selection", "Draw").objects.all()]
rows += old.get_model("matching", "Expert").objects.all()
def columns(model):
    return [field.name for field in model._meta.concrete_fields]
orders = {model: order_before(columns(model), columns(apps.get_model(model._meta.label))) for model in map(type, rows)}
marks = sorted((row._meta.label, str(row.pk), fingerprint(row, order=orders[type(row)])) for row in rows)
head = LogHead.objects.get()
entry = LogEntry(sequence=head.sequence + 1, at=timezone.now(), by_name="system", verb="core.upgraded", subject="x",
                 data={"count": len(rows)}, rows_digest=_digest(marks), previous=head.hash)
entry.hash = entry_hash(entry)
entry.save()
LoggedRow.objects.bulk_create(LoggedRow(entry=entry, table=t, row=r, fingerprint=f) for t, r, f in marks)
LogHead.objects.update(sequence=entry.sequence, hash=entry.hash)
"""
"""The log as the version before wrote it: fingerprints of rows with its columns in its order, numbers in clear."""


def test_an_upgrade_encrypts_what_is_there_and_leaves_no_trace_and_can_be_taken_back(ran: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(ran, tmp_path / "data"))
    for app, number in BEFORE.items():
        said(*DJANGO, "migrate", app, number, data=data)
    said(sys.executable, "-c", LOG_AS_THAT_VERSION, data=data)
    assert [number for number in numbers(*NUMBERS[:3]) if number.encode() not in database(data)] == []
    with sqlite3.connect(data / "kawasan.sqlite3") as base:
        base.execute("UPDATE applicants_person SET address = 'Gang Palsu' WHERE code = 'P001'")
    said(*PROGRAM, "migrate", data=data)
    assert [number for number in numbers(*NUMBERS) if number.encode() in database(data)] == []
    faults = said(*PROGRAM, "verify-log", data=data, code=1).splitlines()
    faults = [fault for fault in faults if re.match(KNOWN_BEFORE, fault)]  # the rest that version had no columns for
    assert faults == ["applicants.Person 1 (Bong Sui Fa) was changed without a log entry."]
