import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.core.models import LogEntry, SentForm, User
from kawasan.partners.models import Meeting, MeetingAttendance, Organisation
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def answers(key: str = "key", **changed: str) -> dict[str, str]:
    return {
        "name": "Koperasi Ikan",
        "code": "koperasi-ikan",
        "kind": "community",
        "source": "test",
        "form_key": key,
        **changed,
    }


@pytest.fixture
def ani_client(ani: User, client_of: ClientOf) -> Client:
    return client_of(ani)


@pytest.fixture
def address(programme: Programme) -> str:
    return reverse("partners:add_organisation", args=[programme.code])


def test_every_form_has_a_key_of_its_own(ani_client: Client, address: str) -> None:
    keys = [re.findall(r'name="form_key" value="(.+?)"', ani_client.get(address).content.decode()) for _ in "ab"]
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]


def test_a_form_that_is_sent_twice_is_stored_once(ani_client: Client, address: str) -> None:
    first = ani_client.post(address, answers())
    entries = LogEntry.objects.count()
    second = ani_client.post(address, answers(), follow=True)
    assert second.redirect_chain == [(first["Location"], 302)]
    assert "This form was stored already. Nothing was stored twice." in second.content.decode()
    assert Organisation.objects.count() == 1
    assert LogEntry.objects.count() == entries


def test_a_row_without_a_code_of_its_own_is_stored_once_too(
    ani_client: Client, programme: Programme, address: str
) -> None:
    ani_client.post(address, answers())
    meeting = Meeting.objects.create(programme=programme, code="M1", name="Rapat", held_on="2022-09-01", source="test")
    attendance = reverse("partners:record_attendance", args=[programme.code, meeting.code])
    form = {"name": "Sari", "organisation": Organisation.objects.get().pk, "form_key": "sent twice"}
    assert [ani_client.post(attendance, form).status_code for _ in "ab"] == [302, 302]
    assert MeetingAttendance.objects.count() == 1


def test_answers_that_changed_in_between_are_another_form(ani_client: Client, address: str) -> None:
    ani_client.post(address, answers())
    ani_client.post(address, answers(name="Koperasi Lada", code="koperasi-lada"))
    assert Organisation.objects.count() == 2


def test_a_form_that_was_not_stored_may_be_sent_again(ani_client: Client, address: str) -> None:
    assert ani_client.post(address, answers(code="")).status_code == 200
    assert not SentForm.objects.exists()
    assert ani_client.post(address, answers()).status_code == 302


def test_a_key_counts_for_whom_it_was_made(
    ani_client: Client, cast: dict[str, User], client_of: ClientOf, address: str
) -> None:
    ani_client.post(address, answers())
    assert client_of(cast["gita"]).post(address, answers()).status_code == 200


def test_the_second_sending_of_what_is_not_yet_answered_goes_back_to_its_page(ani_client: Client, address: str) -> None:
    ani_client.post(address, answers())
    SentForm.objects.update(led_to="")
    headers: dict[str, Any] = {"referer": f"http://testserver{address}"}
    assert ani_client.post(address, answers(), headers=headers)["Location"] == f"http://testserver{address}"
    headers = {"referer": "http://elsewhere.example/"}
    assert ani_client.post(address, answers(), headers=headers)["Location"] == "/"
