"""The programme's page, its calendar and its roles."""

from collections.abc import Callable

import pytest
from django.test import Client

from kawasan.core.models import User
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_everybody_in_the_programme_reads_its_rules(client_of: ClientOf, dewi: User) -> None:
    response = client_of(dewi).get("/p/contoh-2022/programme/")
    assert "Seats per household" in response.text
    assert "/rule-sets/" in response.text
    assert "People and roles" not in response.text


def test_a_step_of_one_day_is_not_written_as_from_and_to(client_of: ClientOf, dewi: User, programme: Programme) -> None:
    programme.milestones.update(starts_on="2022-08-26", ends_on="2022-08-26")
    assert client_of(dewi).get("/p/contoh-2022/programme/").text.count("26 Aug 2022") == 1


def test_the_manager_moves_a_date(client_of: ClientOf, ani: User, programme: Programme) -> None:
    address = "/p/contoh-2022/programme/calendar/daftar/"
    response = client_of(ani).post(address, {"starts_on": "2022-08-01", "ends_on": "2022-09-10"})
    assert response.status_code == 302
    assert programme.milestones.get().ends_on.isoformat() == "2022-09-10"


def test_a_last_day_before_the_first_is_a_form_error(client_of: ClientOf, ani: User, programme: Programme) -> None:
    address = "/p/contoh-2022/programme/calendar/daftar/"
    response = client_of(ani).post(address, {"starts_on": "2022-08-01", "ends_on": "2022-07-10"})
    assert "The last day is before the first" in response.text
    assert programme.milestones.get().ends_on.isoformat() == "2022-08-31"


def test_the_manager_gives_and_takes_a_role(client_of: ClientOf, ani: User, budi: User) -> None:
    client = client_of(ani)
    client.post("/p/contoh-2022/programme/roles/", {"username": "budi", "role": "planner"})
    membership = budi.memberships.get(role="planner")
    assert client.get(f"/p/contoh-2022/programme/roles/{membership.pk}/take/").status_code == 405
    client.post(f"/p/contoh-2022/programme/roles/{membership.pk}/take/")
    assert not budi.memberships.filter(role="planner").exists()


def test_a_role_of_another_programme_is_not_found(client_of: ClientOf, ani: User, fajar: User) -> None:
    membership = fajar.memberships.get()
    assert client_of(ani).post(f"/p/contoh-2022/programme/roles/{membership.pk}/take/").status_code == 404


def test_the_page_says_how_the_draw_is_announced(client_of: ClientOf, ani: User, programme: Programme) -> None:
    assert "Number of the application and masked name" in client_of(ani).get("/p/contoh-2022/programme/").text
    Programme.objects.update(announcement="pseudonym")
    assert "Pseudonym only" in client_of(ani).get("/p/contoh-2022/programme/").text


def test_the_page_needs_few_queries(client_of: ClientOf, ani: User, django_assert_max_num_queries: Callable) -> None:
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        client.get("/p/contoh-2022/programme/")
