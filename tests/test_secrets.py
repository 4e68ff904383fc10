"""Personal numbers: unreadable in the database, found by their marks, bound to their keys."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client

from kawasan.applicants.models import Person
from kawasan.applicants.tests import factories
from kawasan.core import secrets, services
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.secrets import Mark, Stored
from kawasan.core.services import log, verify_log
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NIK = "1971014101800000"


def stored(column: str = "nik") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM applicants_person ORDER BY id")  # noqa: S608 - a column of ours
        return [row[0] for row in cursor.fetchall()]


def test_the_database_has_no_number_and_the_programme_has_all(programme: Programme) -> None:
    person = factories.person(programme, nik=NIK, family_card="1971010101200001", phone="081234567890")
    assert not any(number in f"{stored()}{stored('family_card')}{stored('phone')}" for number in (NIK, "34567890"))
    person.refresh_from_db()
    assert (person.nik, person.family_card, person.phone) == (NIK, "1971010101200001", "+6281234567890")


def test_the_same_number_is_written_otherwise_each_time_and_has_one_mark(programme: Programme) -> None:
    for number in (1, 2):
        factories.person(programme, number, nik=NIK)
    one, other = stored()
    assert one != other
    assert one[: secrets.MARK] == other[: secrets.MARK]


def test_marks_of_two_kinds_differ() -> None:
    assert secrets.mark("nik", NIK) != secrets.mark("family_card", NIK)


def test_nothing_stays_nothing(programme: Programme) -> None:
    factories.person(programme, family_card="", phone="")
    assert stored("family_card") == stored("phone") == [""]
    assert Person.objects.filter(phone="").count() == 1


def test_a_whole_number_is_found_and_a_part_is_an_error(programme: Programme) -> None:
    factories.person(programme, 1, nik=NIK)
    factories.person(programme, 2, phone="0812-0000-0002")
    assert Person.objects.get(nik=NIK).code == "P001"
    assert Person.objects.get(phone__in=["081200000002", "0815"]).code == "P002"
    assert not Person.objects.exclude(nik=NIK).filter(code="P001").exists()
    with pytest.raises(FieldError):
        Person.objects.filter(nik__startswith="1971").exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda person: person.save(update_fields=("nik",)),
        lambda person: Person.objects.bulk_update([person], ("nik",)),
        lambda person: Person.objects.filter(pk=person.pk).update(nik=person.nik),
    ],
    ids=["save", "bulk_update", "update"],
)
def test_the_mark_follows_however_a_number_is_written(programme: Programme, write: Callable[[Person], None]) -> None:
    person = factories.person(programme)
    person.nik = NIK
    write(person)
    assert Person.objects.filter(nik=NIK).count() == 1
    assert stored()[0].startswith(secrets.mark("nik", NIK))


@pytest.mark.sqlite_only
def test_the_database_finds_a_number_by_its_index(programme: Programme) -> None:
    plan = Person.objects.filter(programme=programme, nik=NIK).order_by().explain()
    assert "USING INDEX person_nik" in plan


def test_a_number_under_another_key_says_which_key_is_missing(programme: Programme, settings: Any) -> None:
    factories.person(programme)
    name, settings.KEYS = secrets.keys()[0].name, [NEW]
    with pytest.raises(Refused, match=f"encrypted with the key {name}, and the keys at hand are"):
        Person.objects.get()


def test_a_page_says_that_the_key_is_missing(
    programme: Programme, ani: User, client_of: Callable[[User], Client], settings: Any
) -> None:
    factories.applicant(programme)
    settings.KEYS = [NEW]
    response = client_of(ani).get(f"/p/{programme.code}/applicants/")
    assert response.status_code == 422
    assert "Put that key back among those of KAWASAN_KEYS" in response.content.decode()


@pytest.mark.parametrize("spoilt", ["x", "{mark}gAAAA", "{other}"], ids=["no mark", "no token", "of somebody else"])
def test_a_number_that_another_program_wrote_is_not_shown(programme: Programme, spoilt: str) -> None:
    for number in (1, 2):
        factories.person(programme, number)
    one, other = stored()
    text = spoilt.format(mark=one[: secrets.MARK], other=one[: secrets.MARK] + other[secrets.MARK :])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applicants_person SET nik = %s WHERE code = 'P001'", [text])
    with pytest.raises(Refused, match=r"was changed by another program|encrypted with the key"):
        Person.objects.get(code="P001")


def test_a_row_whose_number_was_changed_behind_the_log_is_named(programme: Programme) -> None:
    people = [factories.person(programme, number) for number in (1, 2)]
    log("test.made", programme, by=None, rows=people)
    assert not [str(fault) for fault in verify_log() if "applicants.Person" in str(fault)]
    with connection.cursor() as cursor:  # a whole number of somebody else, mark and all
        cursor.execute("UPDATE applicants_person SET nik = %s WHERE code = 'P001'", [stored()[1]])
    assert [str(fault) for fault in verify_log() if "applicants.Person" in str(fault)] == [
        f"applicants.Person {people[0].pk} (Orang Contoh 1) was changed without a log entry."
    ]


def rotated(programme: Programme, settings: Any, *, people: int = 3) -> list[Person]:
    """People who were entered under the old key, and rotated to the new one."""
    settings.KEYS = [OLD]
    made = [factories.person(programme, number) for number in range(1, people + 1)]
    log("test.made", programme, by=None, rows=made)
    settings.KEYS = [NEW, OLD]
    return made


def test_after_the_exchange_the_old_key_can_be_dropped(programme: Programme, settings: Any) -> None:
    before = [(person.nik, person.family_card) for person in rotated(programme, settings)]
    assert services.rotate_keys(by=None) == 3
    settings.KEYS = [NEW]
    assert list(Person.objects.order_by("pk").values_list("nik", "family_card")) == before
    assert Person.objects.filter(nik=before[0][0]).count() == 1
    assert not [fault for fault in verify_log() if "applicants.Person" in str(fault)]


def test_before_the_exchange_numbers_under_both_keys_are_equal(programme: Programme, settings: Any) -> None:
    rotated(programme, settings, people=1)
    settings.KEYS = [NEW, OLD]
    nik = Person.objects.get().nik
    factories.person(programme, 2, nik=nik)
    assert Person.objects.filter(nik=nik).count() == 2
    assert len({secrets.mark_now("nik", text) for text in stored()}) == 1
    assert len(set(Person.objects.values_list(Mark("nik"), flat=True))) == 2
    assert list(Person.objects.order_by("pk").values_list(Stored("nik"), flat=True)) == stored()
    assert not [fault for fault in verify_log() if "changed" in str(fault)]


def test_an_exchange_that_was_ended_is_gone_on_with(
    programme: Programme, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotated(programme, settings)
    monkeypatch.setattr(services, "CHUNK", 2)

    def stop(_table: str, done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.rotate_keys(by=None, progress=stop)
    assert sum(text.startswith(secrets.keys()[0].name) for text in stored()) == 2
    told: list[tuple[str, int, int]] = []
    assert services.rotate_keys(by=None, progress=lambda *line: told.append(line)) == 1
    assert told == [("applicants.Person", 1, 1)]
    assert services.rotate_keys(by=None) == 0


def test_the_exchange_makes_nothing_good_that_was_changed_behind_the_log(programme: Programme, settings: Any) -> None:
    rotated(programme, settings)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applicants_person SET address = 'Gang Palsu' WHERE code = 'P002'")
    assert services.rotate_keys(by=None) == 3
    settings.KEYS = [NEW]
    found = [str(fault) for fault in verify_log() if "applicants.Person" in str(fault)]
    assert [fault.split("(")[1] for fault in found] == ["Orang Contoh 2) was changed without a log entry."]


def test_the_exchange_is_logged_without_a_number(programme: Programme, settings: Any) -> None:
    rotated(programme, settings)
    services.rotate_keys(by=None)
    entry = LogEntry.objects.get(verb="core.keys_rotated")
    assert entry.data == {"key": secrets.keys()[0].name, "count": 3}


def started(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a process says that only reads the settings."""
    code = "from kawasan.config import settings; print(','.join(settings.KEYS))"
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "KAWASAN_DATA": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code], env=known | environment, capture_output=True, text=True, check=False
    )


def test_without_a_setting_a_key_is_made_that_only_the_owner_reads(tmp_path: Path) -> None:
    first, again = started(tmp_path).stdout, started(tmp_path).stdout
    assert first == again
    assert (tmp_path / "keys").read_text().strip() == first.strip()
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600


def test_keys_come_from_the_setting_or_from_the_file_that_it_names(tmp_path: Path) -> None:
    assert started(tmp_path, KAWASAN_KEYS=f"{NEW}, {OLD}").stdout.strip() == f"{NEW},{OLD}"
    assert not (tmp_path / "keys").exists()
    (tmp_path / "both").write_text(f"{NEW}\n{OLD}\n")
    assert started(tmp_path, KAWASAN_KEYS_FILE=str(tmp_path / "both")).stdout.strip() == f"{NEW},{OLD}"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"KAWASAN_KEYS": f"{NEW},short"}, "KAWASAN_KEYS: key 2 cannot be used; write what kawasan new-key prints."),
        ({"KAWASAN_KEYS_FILE": "/nowhere/keys"}, "KAWASAN_KEYS_FILE: /nowhere/keys: No such file or directory"),
    ],
    ids=["no key", "no file"],
)
def test_a_key_that_cannot_be_used_is_said_and_not_shown(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    ended = started(tmp_path, **environment)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "short" not in ended.stderr
