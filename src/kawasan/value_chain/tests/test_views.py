from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.core.models import User
from kawasan.programmes.models import Programme
from kawasan.value_chain import services
from kawasan.value_chain.models import Commodity, Demand
from kawasan.value_chain.tests.factories import (
    make_activity,
    make_buyer,
    make_chain,
    make_commodity,
    make_demand,
    make_flow,
)

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
LISTS = ("chain", "activities", "commodities", "demands")


def address(programme: Programme, page: str, *args: Any) -> str:
    return reverse(f"value_chain:{page}", args=[programme.code, *args])


def make_more(programme: Programme, name: str, count: int) -> None:
    for n in range(count):
        commodity = make_commodity(programme, f"KOM-{name}-{n}")
        make_flow(make_activity(programme, f"ACT-{name}-{n}"), commodity, "output")
        buyer = make_buyer(programme, f"ORG-{name}-{n}", f"Pembeli {n}")
        make_demand(commodity, f"DEM-{name}-{n}", offtaker=buyer)


@pytest.mark.parametrize("where", LISTS)
def test_everybody_of_the_programme_may_read(where: str, programme: Programme, dewi: User, client_of: ClientOf) -> None:
    assert client_of(dewi).get(address(programme, where)).status_code == 200


@pytest.mark.parametrize("where", LISTS)
def test_people_of_another_programme_find_nothing(
    where: str, programme: Programme, fajar: User, client_of: ClientOf
) -> None:
    assert client_of(fajar).get(address(programme, where)).status_code == 404


@pytest.mark.parametrize("where", LISTS)
def test_a_page_asks_as_often_with_ten_times_the_rows(
    where: str, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    client, counts = client_of(ani), []
    make_chain(programme)
    services.make_plan(programme=programme, by=ani)
    for name, count in (("few", 2), ("many", 20)):
        make_more(programme, name, count)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address(programme, where))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_the_chain_says_what_is_missing_before_there_is_a_plan(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    page = client_of(ani).get(address(programme, "chain")).content.decode()
    assert "There is no plan yet" in page
    assert "No activity can be planned." in page


def test_a_planner_computes_and_adopts_a_plan(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_chain(programme)
    client = client_of(ani)
    page = client.post(address(programme, "make_plan"), follow=True).content.decode()
    assert "PLAN-1 was computed." in page
    page = client.post(address(programme, "adopt_plan", "PLAN-1"), {"instead_of": ""}, follow=True).content.decode()
    assert "PLAN-1 is now the programme&#x27;s plan." in page


def test_the_chain_shows_picture_income_bottlenecks_and_unmet_demand(
    programme: Programme, dewi: User, client_of: ClientOf
) -> None:
    make_chain(programme)
    services.make_plan(programme=programme, by=None)
    page = client_of(dewi).get(address(programme, "chain")).content.decode()
    assert 'class="value-chain-picture"' in page
    assert "Rp80,400,000" in page
    assert "1,200 kg" in page
    assert "Compute a new plan" not in page


def test_the_second_of_two_who_adopt_gets_a_sentence(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_chain(programme)
    services.adopt_plan(plan=services.make_plan(programme=programme, by=ani), by=ani)
    programme.demands.update(quantity_per_month=250)
    services.make_plan(programme=programme, by=ani)
    answer = client_of(ani).post(address(programme, "adopt_plan", "PLAN-2"), {"instead_of": ""})
    assert answer.status_code == 422
    assert "PLAN-1 was adopted in the meantime." in answer.content.decode()


@pytest.mark.parametrize("where", ["make_plan", "add_commodity", "add_activity", "add_demand"])
def test_a_verifier_may_not_change_the_chain(where: str, programme: Programme, budi: User, client_of: ClientOf) -> None:
    assert client_of(budi).post(address(programme, where)).status_code == 403


def test_a_plan_is_not_computed_by_opening_an_address(programme: Programme, ani: User, client_of: ClientOf) -> None:
    assert client_of(ani).get(address(programme, "make_plan")).status_code == 405


def test_an_activity_shows_its_balance_of_a_year(programme: Programme, dewi: User, client_of: ClientOf) -> None:
    make_chain(programme)
    page = client_of(dewi).get(address(programme, "activity", "ACT-ayam")).content.decode()
    # 1,200 kg of eggs at 28,000, less 1,800 kg of feed at 7,000, less 6,000,000 to run
    assert "Rp15,000,000" in page


@pytest.mark.parametrize(
    ("where", "heading"),
    [
        (("change_activity", "ACT-ayam"), "Change the activity · Laying hens"),
        (("add_flow", "ACT-ayam"), "Add an input or output · Laying hens"),
        (("add_resource_use", "ACT-ayam"), "Add the use of a resource · Laying hens"),
    ],
)
def test_a_form_about_a_recipe_says_what_it_does_and_to_what(
    programme: Programme, ani: User, client_of: ClientOf, where: tuple[str, str], heading: str
) -> None:
    make_chain(programme)
    assert heading in client_of(ani).get(address(programme, *where)).text


def test_an_activity_that_cannot_be_planned_says_why(programme: Programme, dewi: User, client_of: ClientOf) -> None:
    make_activity(programme)
    for page in (address(programme, "activities"), address(programme, "activity", "ACT-ayam")):
        assert "It makes nothing." in client_of(dewi).get(page).content.decode()


def test_demands_are_filtered_by_firmness(programme: Programme, eko: User, client_of: ClientOf) -> None:
    make_chain(programme)
    page = client_of(eko).get(address(programme, "demands"), {"firmness": "wish"}).content.decode()
    assert "Boxes of cake" in page
    assert "Eggs" not in page


def test_a_commodity_is_added_through_its_form(programme: Programme, ani: User, client_of: ClientOf) -> None:
    columns = {"code": "KOM-x", "name": "Madu", "name_en": "Honey", "unit": "kg", "source": "synthetic"}
    page = client_of(ani).post(address(programme, "add_commodity"), columns, follow=True).content.decode()
    assert "Honey" in page
    assert Commodity.objects.get(code="KOM-x").programme == programme


def test_a_code_that_is_in_use_is_a_sentence_in_the_form(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_commodity(programme, "KOM-x")
    columns = {"code": "KOM-x", "name": "Madu", "name_en": "Honey", "unit": "kg", "source": "synthetic"}
    answer = client_of(ani).post(address(programme, "add_commodity"), columns)
    assert "This code is in use. Choose another." in answer.content.decode()


def test_a_commodity_stands_once_among_the_inputs(programme: Programme, ani: User, client_of: ClientOf) -> None:
    flow = make_flow(make_activity(programme), make_commodity(programme), "output")
    columns = {"direction": "output", "commodity": flow.commodity_id, "quantity": 5, "source": "synthetic"}
    answer = client_of(ani).post(address(programme, "add_flow", "ACT-ayam"), columns)
    assert "stands in the recipe already" in answer.content.decode()


def test_a_recipe_is_changed_and_shortened(programme: Programme, ani: User, client_of: ClientOf) -> None:
    flow = make_flow(make_activity(programme), make_commodity(programme), "output")
    columns = {"direction": "output", "commodity": flow.commodity_id, "quantity": 5, "source": "synthetic"}
    client_of(ani).post(address(programme, "change_flow", "ACT-ayam", flow.pk), columns)
    flow.refresh_from_db()
    assert flow.quantity == 5
    client_of(ani).post(address(programme, "remove_flow", "ACT-ayam", flow.pk))
    assert not programme.activity_flows.exists()


def test_a_form_offers_only_rows_of_its_own_programme(
    programme: Programme, other_programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_commodity(other_programme, name="Rahasia", name_en="Secret")
    assert "Secret" not in client_of(ani).get(address(programme, "add_demand")).content.decode()


def test_a_demand_that_ends_before_it_begins_is_a_sentence_in_the_form(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    demand = make_demand(make_commodity(programme))
    columns = {
        "offtaker": demand.offtaker_id,
        "commodity": demand.commodity_id,
        "quantity_per_month": 1,
        "price_idr": 1,
        "firmness": "wish",
        "valid_from": "2022-12-02",
        "valid_to": "2022-12-01",
        "source": "synthetic",
    }
    answer = client_of(ani).post(address(programme, "change_demand", demand.code), columns)
    assert "The last day is before the first." in answer.content.decode()
    assert Demand.objects.get().price_idr == 28_000
