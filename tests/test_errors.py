"""What went wrong has a page in the house's look, with the request's id; a refusal says why."""

from collections.abc import Callable

import pytest
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from kawasan.config import urls
from kawasan.core.errors import Refused
from kawasan.core.middleware import RequestIdFilter
from kawasan.core.models import User
from kawasan.core.text import Text

pytestmark = pytest.mark.django_db


def refused(request: HttpRequest) -> HttpResponse:
    raise Refused(Text("There are {seats} seats.", {"seats": 3}))


def bad(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(1 / 0)


class Routes:
    urlpatterns = [*urls.urlpatterns, path("refused/", refused), path("bad/", bad), path("broken/", broken)]  # noqa: RUF012
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@override_settings(ROOT_URLCONF=Routes)
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/refused/", 422, "There are 3 seats."),
        ("/bad/", 400, "cannot be understood"),
        ("/nowhere/", 404, "There is no such page"),
        ("/sign-out/", 405, "This address has no page of its own"),
        ("/broken/", 500, "Something went wrong on our side"),
    ],
)
def test_an_error_has_its_page_with_the_request_id(client: Client, address: str, status: int, sentence: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert sentence in response.text
    assert response["X-Request-Id"] in response.text
    assert response.text.count("<main") == 1  # screen readers jump to it


@override_settings(ROOT_URLCONF=Routes)
@pytest.mark.parametrize("address", ["/refused/", "/bad/", "/nowhere/", "/broken/"])
def test_the_log_has_the_id_that_the_page_shows(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    shown = Client(raise_request_exception=False).get(address)["X-Request-Id"]
    assert {record.request_id for record in caplog.records if record.name == "django.request"} == {shown}


def test_a_wrong_password_is_said_in_the_readers_words() -> None:
    page = Client().post("/sign-in/", {"username": "ani", "password": "salah"}).text
    assert "Nama pengguna atau kata sandi salah." in page


def test_a_colleague_without_the_role_gets_403_and_a_stranger_404(
    client_of: Callable[[User], Client], budi: User, fajar: User
) -> None:
    assert client_of(budi).get("/p/contoh-2022/programme/roles/").status_code == 403
    assert client_of(fajar).get("/p/contoh-2022/programme/roles/").status_code == 404


@pytest.mark.parametrize(
    ("accepted", "language"), [("", "id"), ("fr", "id"), ("en-GB,en;q=0.9", "en"), ("fr,en;q=0.5", "en"), ("id", "id")]
)
def test_the_page_speaks_indonesian_unless_the_browser_asks_for_english(accepted: str, language: str) -> None:
    assert f'<html lang="{language}">' in Client(headers={"accept-language": accepted}).get("/sign-in/").text


def test_the_switch_keeps_the_language(client: Client) -> None:
    client.post("/language/", {"language": "id", "next": "/sign-in/"})
    assert '<html lang="id">' in client.get("/sign-in/").text


def test_somebody_who_is_not_signed_in_is_asked_to(client: Client, ani: User) -> None:
    response = client.get("/p/contoh-2022/")
    assert response.url.startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    ("came_from", "page"), [("/p/contoh-2022/matching/?q=a", "/p/contoh-2022/matching/?q=a"), ("", "/")]
)
def test_a_button_pressed_after_the_session_ended_leads_over_sign_in_to_its_page(
    client: Client, ani: User, came_from: str, page: str
) -> None:
    sent_from = {"referer": f"http://testserver{came_from}"} if came_from else {}
    asked = client.post("/p/contoh-2022/matching/freeze/", headers=sent_from)
    ani.set_password("Terasi-Toboali")
    ani.save()
    response = client.post(asked.url, {"username": "ani", "password": "Terasi-Toboali"})
    assert response.url.removeprefix("http://testserver") == page


def test_a_button_pressed_on_another_site_does_not_lead_there(client: Client, ani: User) -> None:
    asked = client.post("/p/contoh-2022/matching/freeze/", headers={"referer": "http://example.org/"})
    assert asked.url == "/sign-in/?next=/"
