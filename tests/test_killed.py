"""A draw that is killed in the middle: what is left is as before or as after, never between, and it can go on."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from kawasan.exchange.services import verify
from kawasan.exchange.tests.test_draw import FEATURES, PEOPLE, write

TESTS = Path(__file__).parent
START = "import sys, django; django.setup(); import kill; kill.start(*sys.argv[1:])"
FILES = {"certificate.json", "chances.csv", "panel.csv", "reserves.csv"}


@pytest.fixture(scope="module")
def database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """An empty database of the kind that is tested, for processes that will be killed."""
    folder = {"KAWASAN_DATA": str(tmp_path_factory.mktemp("data")), "KAWASAN_LANGUAGE": "en"}
    if connection.vendor == "sqlite":
        yield folder
        return
    name = f"{connection.settings_dict['NAME']}_killed"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield folder | {
            "KAWASAN_DATABASE_URL": urlsplit(os.environ["KAWASAN_DATABASE_URL"])._replace(path=name).geturl()
        }
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def deaths(what: str, folder: Path, extra: dict[str, str]) -> dict[str, list[Any]]:
    own = {"DJANGO_SETTINGS_MODULE": "kawasan.config.test_settings", "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}"}
    command = [sys.executable, "-c", START, what, str(folder)]
    done = subprocess.run(command, env=os.environ | own | extra, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def left(database: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What each death left of the rows, by what was being done; the last was not killed."""
    return deaths("programme", tmp_path_factory.mktemp("programme"), database)


@pytest.mark.parametrize(
    ("deed", "changed"),
    [
        ("freeze", {"draw": ["frozen", "", 0], "in the pool": 202}),
        ("draw", {"draw": ["drawn", "6.812,19", 0], "seats": 202, "held": 30}),
        ("call", {"draw": ["drawn", "6.812,19", 1], "held": 30}),
    ],
)
def test_a_killed_officer_finds_all_as_before_and_goes_on(
    deed: str, changed: dict[str, Any], left: dict[str, list[Any]]
) -> None:
    before, *killed, after = left[deed]
    assert len(killed) > 4
    assert [rows for rows in killed if rows != before] == []
    assert after == before | changed
    assert after["faults"] == []


def test_a_draw_from_files_that_is_killed_leaves_nothing_that_passes_for_one(tmp_path: Path) -> None:
    """The certificate comes last: where it is, the other files are whole; and the same command goes on."""
    (tmp_path / "features.csv").write_text(FEATURES)
    write(tmp_path / "people.csv", PEOPLE)
    *killed, after = deaths("files", tmp_path, {"KAWASAN_DATA": str(tmp_path / "data"), "KAWASAN_LANGUAGE": "en"})[
        "files"
    ]
    assert len(killed) > 8
    assert set(after) == FILES
    assert all(check.holds for check in verify(path=tmp_path / "out" / "certificate.json").checks)
    for names in killed:
        assert "certificate.json" not in names
        assert {name: text for name, text in names.items() if name in FILES and after[name] != text} == {}
