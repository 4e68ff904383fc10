"""Whoever guesses passwords is stopped, and who forgot theirs is told how long to wait and let in again."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.core import checks
from django.http import HttpResponse
from django.test import Client

from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.exchange.commands import main
from kawasan.exchange.services import add_user
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db

LIMIT = settings.AXES_FAILURE_LIMIT
RIGHT, WRONG = "Terasi-Toboali", "Terasi-Belinyu"
NOON = datetime.datetime(2022, 8, 26, 12, 0, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def accounts(programme: Programme) -> dict[str, User]:
    """A manager and a verifier who have passwords."""
    roles = {"zaki": "manager", "wati": "verifier"}
    return {
        name: add_user(username=name, name=name.title(), password=RIGHT, programme="contoh-2022", role=role, by=None)
        for name, role in roles.items()
    }


def sign_in(username: str, password: str, address: str = "10.0.0.7", **more: Any) -> HttpResponse:
    client = Client(headers={"accept-language": "en", **more.pop("headers", {})}, REMOTE_ADDR=address)
    return client.post("/sign-in/", {"username": username, "password": password})


def fail(username: str, times: int = LIMIT, address: str = "10.0.0.7", **more: Any) -> list[int]:
    return [sign_in(username, WRONG, address, **more).status_code for _time in range(times)]


def can_sign_in(username: str, address: str = "10.0.0.7") -> bool:
    return sign_in(username, RIGHT, address).status_code == 302


def test_the_last_of_the_allowed_failures_locks_the_account() -> None:
    assert fail("wati") == [200] * (LIMIT - 1) + [429]


def test_the_right_password_is_refused_while_the_account_is_locked() -> None:
    fail("wati")
    response = sign_in("wati", RIGHT)
    assert response.status_code == 429
    assert "_auth_user_id" not in response.wsgi_request.session


def test_another_person_at_the_same_address_is_not_locked() -> None:
    fail("wati")
    assert can_sign_in("zaki")


def test_the_same_person_at_another_address_is_not_locked() -> None:
    fail("wati")
    assert can_sign_in("wati", "10.0.0.8")


def test_another_browser_does_not_get_more_guesses() -> None:
    fail("wati", LIMIT - 1)
    assert fail("wati", 1, headers={"user-agent": "Other/1.0"}) == [429]


def test_the_account_is_free_when_the_page_says_so_whatever_was_tried_in_between() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fail("wati")
        clock.shift(datetime.timedelta(minutes=14))
        assert "you can sign in again from 26 Aug 2022 19:16." in sign_in("wati", WRONG).text  # in Jakarta
        clock.move_to(datetime.datetime(2022, 8, 26, 12, 15, 29, tzinfo=datetime.UTC))
        assert not can_sign_in("wati")
        clock.move_to(datetime.datetime(2022, 8, 26, 12, 16, tzinfo=datetime.UTC))
        assert can_sign_in("wati")


def test_signing_in_forgets_the_failures_before_it() -> None:
    fail("wati", LIMIT - 1)
    assert can_sign_in("wati")
    assert fail("wati", LIMIT - 1) == [200] * (LIMIT - 1)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("id", ("Terlalu banyak percobaan masuk yang gagal", "mintalah pengelola program Anda")),
        ("en", ("Too many failed sign-ins", "ask a manager of your programme")),
    ],
)
def test_the_page_says_in_the_readers_language_what_to_do(language: str, sentences: tuple[str, ...]) -> None:
    fail("wati")
    page = sign_in("wati", RIGHT, headers={"accept-language": language}).text
    assert [sentence for sentence in sentences if sentence not in page] == []


def test_a_name_without_an_account_gets_the_same_page_and_no_entry_in_the_log() -> None:
    entries = LogEntry.objects.count()
    assert fail("nobody") == fail("wati")
    assert LogEntry.objects.count() == entries + 1


def test_a_lock_is_logged_once_and_the_log_stays_whole() -> None:
    fail("wati", LIMIT + 3)
    entries = LogEntry.objects.filter(verb="core.locked")
    assert [(entry.by, entry.data) for entry in entries] == [(None, {"account": "wati", "failures": LIMIT})]
    assert verify_log_of_accounts() == []


def test_a_lock_does_not_make_the_log_accept_an_account_changed_behind_its_back(accounts: dict[str, User]) -> None:
    User.objects.filter(username="wati").update(email="x@x.id")
    fail("wati")
    assert len(verify_log_of_accounts()) == 1


def verify_log_of_accounts() -> list[str]:
    return [fault for fault in map(str, verify_log()) if "core.User" in fault]  # other rows were not logged


def test_no_password_and_no_token_is_kept_of_a_failure() -> None:
    Client().post("/sign-in/", {"username": "wati", "password": WRONG, "csrfmiddlewaretoken": "a-token"})
    kept = str(AccessAttempt.objects.values().get())
    assert [secret for secret in (WRONG, "a-token") if secret in kept] == []


def test_a_manager_lets_somebody_in_again_on_the_page_of_roles(
    accounts: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    fail("wati")
    client = client_of(accounts["zaki"])
    page = client.get("/p/contoh-2022/programme/roles/").text
    assert page.count("Locked until") == 1
    membership = accounts["wati"].memberships.get()
    address = f"/p/contoh-2022/programme/roles/{membership.pk}/let-in/"
    assert address in page
    assert "can sign in again" in client.post(address, follow=True).text
    assert can_sign_in("wati")
    entry = LogEntry.objects.first()
    assert (entry.verb, entry.by, entry.programme_code) == ("core.let_in", accounts["zaki"], "contoh-2022")


def test_a_manager_lets_in_nobody_of_another_programme(
    accounts: dict[str, User], client_of: Callable[[User], Client], fajar: User
) -> None:
    fail("fajar")
    membership = fajar.memberships.get()
    client = client_of(accounts["zaki"])
    assert client.post(f"/p/contoh-2022/programme/roles/{membership.pk}/let-in/").status_code == 404
    assert AccessAttempt.objects.filter(username="fajar").exists()


def test_the_command_lets_somebody_in_again(capsys: pytest.CaptureFixture) -> None:
    fail("zaki")
    assert main(["let-in", "zaki"]) == 0
    assert "“zaki” can sign in again" in capsys.readouterr().out
    assert can_sign_in("zaki")
    assert LogEntry.objects.first().verb == "core.let_in"


def test_the_command_says_what_it_did_not_find(capsys: pytest.CaptureFixture) -> None:
    assert main(["let-in", "zaki"]) == 0
    assert "“zaki” had no failed sign-ins" in capsys.readouterr().out
    assert main(["let-in", "zakki"]) == 1
    assert "There is no account “zakki”." in capsys.readouterr().err


def test_what_the_proxy_says_of_who_asks_is_taken_only_when_it_is_set(settings: Any) -> None:
    def asked_for(address: str) -> dict[str, Any]:
        return {"headers": {"x-real-ip": address}}

    for number in range(LIMIT):
        status = sign_in("wati", WRONG, "10.0.0.1", **asked_for(f"192.0.2.{number}")).status_code
    assert status == 429  # nobody gets more guesses by writing the header themselves
    settings.ADDRESS_HEADER = "X-Real-IP"
    fail("zaki", address="10.0.0.1", **asked_for("192.0.2.1"))
    assert sign_in("zaki", RIGHT, "10.0.0.1", **asked_for("192.0.2.1")).status_code == 429
    assert sign_in("zaki", RIGHT, "10.0.0.1", **asked_for("192.0.2.2")).status_code == 302
    assert sign_in("zaki", RIGHT, "10.0.0.1", **asked_for("unknown")).status_code == 302


def test_the_settings_of_the_lock_are_as_its_makers_want_them() -> None:
    assert [found for found in checks.run_checks() if found.id.startswith("axes")] == []
