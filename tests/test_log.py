"""The log is a chain that covers the rows it wrote: whatever is changed behind its back is named."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client

from kawasan.applicants.models import Rule
from kawasan.core.models import LogEntry, LoggedRow, User
from kawasan.core.services import log, verify_log
from kawasan.exchange.services import add_user
from kawasan.matching.tests.factories import group
from kawasan.programmes.models import Field, Membership, Milestone, NeedBand, Programme, Quota, RuleSet
from kawasan.training.models import Attendance
from kawasan.training.tests.factories import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged(programme: Programme) -> Programme:
    """The programme of the fixtures with all its rows in the log."""
    rows = [
        row for model in (Field, RuleSet, Rule, NeedBand, Quota, Milestone, Membership) for row in model.objects.all()
    ]
    log("test.made", programme, rows=rows, by=None)
    return programme


def faults() -> list[str]:
    return [str(fault) for fault in verify_log()]


def test_a_log_that_nobody_touched_is_whole(logged: Programme) -> None:
    log("test.second", logged, by=None)
    assert faults() == []


def test_an_entry_says_who_did_what_to_which_programme(logged: Programme, ani: User) -> None:
    entry = log("test.done", logged, by=ani, seats=4)
    assert (entry.by_name, entry.programme_code, entry.data) == ("Ani Rahmawati", "contoh-2022", {"seats": 4})


def test_a_row_changed_in_the_database_is_named(logged: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_field SET most_seats = 99 WHERE code = 'kuliner'")
    assert len(faults()) == 1
    assert "programmes.Field" in faults()[0]
    assert "was changed without a log entry" in faults()[0]


def test_a_row_deleted_in_the_database_is_named(logged: Programme) -> None:
    Quota.objects.all().delete()
    assert "programmes.Quota" in faults()[0]
    assert "deleted without a log entry" in faults()[0]


def test_a_row_added_in_the_database_is_named(logged: Programme) -> None:
    Quota.objects.create(programme=logged, feature="sex", value="male", least=0, most=4, reason="x")
    assert "added without a log entry" in faults()[0]


def test_a_changed_entry_is_named(logged: Programme) -> None:
    log("test.second", logged, by=None)
    LogEntry.objects.filter(sequence=1).update(by_name="somebody else")
    assert faults() == ["Entry 1 of the log was changed (test.made)."]


def test_an_entry_made_to_fit_breaks_the_chain(logged: Programme) -> None:
    from kawasan.core.services import entry_hash

    log("test.second", logged, by=None)
    first = LogEntry.objects.get(sequence=1)
    first.by_name = "somebody else"
    LogEntry.objects.filter(pk=first.pk).update(by_name=first.by_name, hash=entry_hash(first))
    assert faults() == ["Entry 2 of the log does not follow the entry before it."]


def test_a_missing_entry_is_named(logged: Programme) -> None:
    log("test.second", logged, by=None)
    log("test.third", logged, by=None)
    LoggedRow.objects.filter(entry__sequence=2).delete()
    LogEntry.objects.filter(sequence=2).delete()
    assert "Entry 2 of the log is missing." in faults()


def test_a_cut_end_is_named(logged: Programme) -> None:
    log("test.second", logged, by=None)
    LoggedRow.objects.filter(entry__sequence=2).delete()
    LogEntry.objects.filter(sequence=2).delete()
    assert any("ends at entry 1, but 2 were written" in fault for fault in faults())


def test_a_mark_changed_together_with_its_row_is_named(logged: Programme) -> None:
    LoggedRow.objects.filter(table="programmes.Quota").update(fingerprint="0" * 64)
    assert any("row marks of log entry 1 were changed" in fault for fault in faults())


def test_a_deletion_that_is_logged_is_no_fault(logged: Programme) -> None:
    quota = Quota.objects.get()
    log("test.deleted", logged, by=None, deleted=[quota])
    quota.delete()
    assert faults() == []


def test_a_row_whose_other_half_is_gone_is_named_too(logged: Programme) -> None:
    taught = session(group(logged, "G01", people=2))
    nobody = Attendance(programme=logged, session=taught, applicant_id=10_000_000, status="present", source="x")
    Attendance.objects.bulk_create([nobody])
    found = faults()
    Attendance._base_manager.filter(pk=nobody.pk).delete()  # before the database asks for the applicant
    assert any("training.Attendance" in fault and "was added without a log entry" in fault for fault in found)


@pytest.fixture
def account(db: None) -> User:
    return add_user(username="zaki", name="Zaki", password="Terasi-Toboali", programme=None, role="", by=None)


def sign_in(username: str, password: str) -> bool:
    return Client().post("/sign-in/", {"username": username, "password": password}).status_code == 302


@pytest.mark.parametrize(
    "change", [{"password": make_password("x")}, {"is_active": False}, {"email": "x@x.id"}, {"name": "X"}]
)
def test_an_account_changed_in_the_database_is_named(account: User, change: dict[str, Any]) -> None:
    assert faults() == []
    User.objects.filter(pk=account.pk).update(**change)
    assert faults() == [f"core.User {account.pk} ({change.get('name', 'Zaki')}) was changed without a log entry."]


def test_an_account_added_in_the_database_is_named(account: User) -> None:
    User.objects.create_user("tamu", password="x")
    assert len(faults()) == 1
    assert "core.User" in faults()[0]


def test_signing_in_is_no_change_of_the_account(account: User, client: Client) -> None:
    client.post("/sign-in/", {"username": "zaki", "password": "Terasi-Toboali"})
    account.refresh_from_db()
    assert account.last_login
    assert faults() == []


def test_a_hash_that_is_renewed_at_the_sign_in_is_logged(account: User, client: Client, settings: Any) -> None:
    hashers = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.PASSWORD_HASHERS = hashers
    client.post("/sign-in/", {"username": "zaki", "password": "Terasi-Toboali"})
    account.refresh_from_db()
    assert account.password.startswith("pbkdf2_sha256$")
    assert LogEntry.objects.first().verb == "core.hash_renewed"
    assert faults() == []


def test_a_password_is_changed_on_its_page_and_logged(account: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(account)
    answers = {"old_password": "Terasi-Toboali", "new_password1": "Lada-Muntok-1", "new_password2": "Lada-Muntok-1"}
    assert "&lt;li&gt;" not in client.get("/password/").text
    assert "Your password was changed." in client.post("/password/", answers, follow=True).text
    assert sign_in("zaki", "Lada-Muntok-1")
    assert (LogEntry.objects.first().verb, LogEntry.objects.first().by) == ("core.password_changed", account)
    assert faults() == []


def test_accounts_made_and_changed_from_the_shell_are_logged(account: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Lada-Muntok-1")
    call_command("createsuperuser", "--noinput", username="yani", email="", stdout=io.StringIO())
    monkeypatch.setattr("getpass.getpass", lambda *_args, **_options: "Lada-Muntok-2")
    call_command("changepassword", "yani", stdout=io.StringIO())
    assert sign_in("yani", "Lada-Muntok-2")
    assert faults() == []
