from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.core.models import User
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules, services
from kawasan.value_chain.models import Activity, Commodity, Demand, ExistingEnterprise, Storage, Supplier
from kawasan.value_chain.tests.factories import (
    make_activity,
    make_buyer,
    make_chain,
    make_commodity,
    make_demand,
    make_flow,
    make_kind,
    make_market,
    make_place,
    make_price,
    make_supplier,
)

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
LISTS = (
    "chain",
    "activities",
    "commodities",
    "demands",
    "suppliers",
    "existing_enterprises",
    "local_markets",
    "storages",
)


def address(programme: Programme, page: str, *args: Any) -> str:
    return reverse(f"value_chain:{page}", args=[programme.code, *args])


def make_more(programme: Programme, name: str, count: int) -> None:
    for n in range(count):
        commodity = make_commodity(programme, f"KOM-{name}-{n}")
        make_flow(make_activity(programme, f"ACT-{name}-{n}"), commodity, "output")
        buyer = make_buyer(programme, f"ORG-{name}-{n}", f"Pembeli {n}")
        make_demand(commodity, f"DEM-{name}-{n}", offtaker=buyer)
        make_supplier(commodity, f"SUP-{name}-{n}", organisation=buyer)
        make_market(commodity)
        activity, place = programme.activities.get(code=f"ACT-{name}-{n}"), make_place(programme)
        given = {"programme": programme, "place": place, "source": "synthetic"}
        ExistingEnterprise.objects.create(code=f"ADA-{name}-{n}", activity=activity, **given)
        Storage.objects.create(code=f"STO-{name}-{n}", name="Gudang", commodity=commodity, capacity=5, **given)


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


def test_a_planner_wants_something_else_first(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_chain(programme)
    client, at = client_of(ani), address(programme, "new_plan")
    assert "Wanted first" in client.get(at).content.decode()
    wanted = {"first": "labour_days", "second": "income", "give_up_percent": "5", "run_least_percent": "80"}
    page = client.post(at, wanted | {"budget_idr": "100,000,000"}, follow=True).content.decode()
    assert "PLAN-1 was computed." in page
    assert "Days of work, Net income of all enterprises; an enterprise works at least 80 % of a full year" in page
    assert "capital of at most Rp100,000,000" in page


@pytest.mark.parametrize(
    "wrong", [{"first": "fame"}, {"give_up_percent": "101"}, {"run_least_percent": "-1"}, {"budget_idr": "much"}]
)
def test_a_wish_that_cannot_be_is_refused_and_kept(
    wrong: dict[str, str], programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_chain(programme)
    wanted = {"first": "income", "second": "", "give_up_percent": "0", "run_least_percent": "100", "budget_idr": "7"}
    page = client_of(ani).post(address(programme, "new_plan"), wanted | wrong)
    assert page.status_code == 200
    assert "This was not accepted yet." in page.content.decode()
    assert not programme.plans.exists()


def test_scenarios_are_compared_by_a_planner_and_shown_to_all(
    programme: Programme, ani: User, dewi: User, client_of: ClientOf
) -> None:
    make_chain(programme)
    services.make_plan(programme=programme, by=None)
    before = client_of(dewi).get(address(programme, "chain")).content.decode()
    assert "Compare scenarios" not in before
    assert client_of(dewi).post(address(programme, "compare_plan", "PLAN-1")).status_code == 403
    page = client_of(ani).post(address(programme, "compare_plan", "PLAN-1"), follow=True).content.decode()
    assert "As expected" in page
    assert "Hotel Contoh buys nothing" in page
    assert "Chicken feed costs 30 per cent more" in client_of(dewi).get(address(programme, "chain")).content.decode()


def test_the_robust_plan_is_sought_by_a_planner_and_shown_to_all(
    programme: Programme, ani: User, dewi: User, client_of: ClientOf
) -> None:
    make_chain(programme)
    services.compare_plan(plan=services.make_plan(programme=programme, by=None), by=None)
    assert client_of(dewi).post(address(programme, "find_robust_plan", "PLAN-1")).status_code == 403
    assert "Find the robust plan" not in client_of(dewi).get(address(programme, "chain")).content.decode()
    page = client_of(ani).post(address(programme, "find_robust_plan", "PLAN-1"), follow=True).content.decode()
    assert "Find the robust plan" not in page
    assert "In its worst case" in page
    assert "In its worst case" in client_of(dewi).get(address(programme, "chain")).content.decode()


def test_a_plan_of_an_earlier_version_is_still_shown(programme: Programme, dewi: User, client_of: ClientOf) -> None:
    make_chain(programme)
    plan = services.make_plan(programme=programme, by=None)
    new = {"months", "wishes", "places", "markets", "skills", "existing", "labour_days", "proven_gap"}
    plan.result = {name: value for name, value in (plan.result or {}).items() if name not in new}
    plan.save()
    page = client_of(dewi).get(address(programme, "chain"))
    assert 'class="value-chain-picture"' in page.content.decode()


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


def test_an_activity_says_in_words_what_a_year_brings(programme: Programme, dewi: User, client_of: ClientOf) -> None:
    make_chain(programme)
    page = client_of(dewi).get(address(programme, "activity", "ACT-ayam")).text
    # 1,200 kg at 28,000 less 12.6 and 6 million leave 15 million; without them a kg would have to bring 15,500
    assert "keeps Rp15,000,000: Rp1,250,000 a month." in page
    assert "It breaks even at Rp15,500 a kg of Eggs: the price of Rp28,000 may fall by 45 %." in page


def test_an_activity_without_a_price_says_nothing_of_its_year(
    programme: Programme, dewi: User, client_of: ClientOf
) -> None:
    make_flow(make_activity(programme), make_commodity(programme), "output")
    page = client_of(dewi).get(address(programme, "activity", "ACT-ayam")).text
    assert "once it makes something and every good of the recipe has a price" in page


@pytest.mark.parametrize(
    ("make", "price"),
    [
        (lambda eggs: make_price(eggs, price_idr=21_000, highest_idr=23_000), "Rp22,000"),
        (lambda eggs: make_market(eggs, price_idr=20_500), "Rp20,500"),
    ],
)
def test_an_output_without_a_buyer_has_the_price_of_its_market_or_history(
    programme: Programme, dewi: User, client_of: ClientOf, make: Callable[[Commodity], object], price: str
) -> None:
    eggs = make_commodity(programme)
    make_flow(make_activity(programme), eggs, "output")
    make(eggs)
    assert price in client_of(dewi).get(address(programme, "activity", "ACT-ayam")).text


def test_an_input_has_the_lowest_price_that_somebody_asks(
    programme: Programme, dewi: User, client_of: ClientOf
) -> None:
    make_chain(programme)
    make_supplier(programme.commodities.get(code="KOM-pakan"), price_idr=6_500)
    page = client_of(dewi).get(address(programme, "activity", "ACT-ayam")).text
    assert "Traders outside the area" in page
    assert "Rp11,700,000" in page  # 1,800 kg at 6,500


def test_a_commodity_shows_its_prices_and_who_makes_uses_and_buys_it(
    programme: Programme, dewi: User, client_of: ClientOf
) -> None:
    make_chain(programme)
    make_price(programme.commodities.get(code="KOM-telur"), 2021, kind="retail", price_idr=30_123)
    page = client_of(dewi).get(address(programme, "commodity", "KOM-telur")).text
    assert "Rp30,123" in page
    assert page.count("<svg") >= 2  # wide and narrow
    assert all(name in page for name in ("Laying hens", "Cake kitchen", "Hotel Contoh", "Paid by consumers"))


@pytest.mark.parametrize("where", [("commodity", "KOM-few-0"), ("activity", "ACT-few-0")])
def test_the_page_of_one_asks_no_more_with_ten_times_the_rows(
    where: tuple[str, str], programme: Programme, ani: User, client_of: ClientOf
) -> None:
    client, counts = client_of(ani), []
    make_more(programme, "few", 1)
    commodity, activity = Commodity.objects.get(), Activity.objects.get()
    for count in (1, 10):
        for n in range(count):
            make_price(commodity, 1950 + count + n)
            make_demand(commodity, f"DEM-{count}-{n}", offtaker=make_buyer(programme, f"ORG-{count}-{n}"))
            make_flow(activity, make_commodity(programme, f"KOM-{count}-{n}"), "input")
        with CaptureQueriesContext(connection) as asked:
            client.get(address(programme, *where))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


SUPPLIER = {"code": "SUP-1", "quantity_per_month": "500", "price_idr": "6.000", "in_months": ["1", "2"], "source": "x"}


def test_a_supplier_is_added_changed_and_removed_through_the_pages(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    client, feed = client_of(ani), make_commodity(programme, "KOM-pakan", name_en="Feed")
    client.post(address(programme, "add_supplier"), SUPPLIER | {"commodity": feed.pk, "price_idr": "6000"})
    made = Supplier.objects.get()
    assert (made.in_months, made.quantity_per_month, str(made.who)) == ("1 2", 500, "Traders outside the area")
    columns = SUPPLIER | {"commodity": feed.pk, "price_idr": "6500", "in_months": []}
    client.post(address(programme, "change_supplier", made.pk), columns)
    made.refresh_from_db()
    assert (made.price_idr, made.in_months) == (6_500, "")
    asked = client.get(address(programme, "remove_supplier", made.pk)).text
    assert "Remove the supplier" in asked
    assert "Yes, remove" in asked
    assert Supplier.objects.exists()
    page = client.post(address(programme, "remove_supplier", made.pk), follow=True).text
    assert "It was removed." in page
    assert not Supplier.objects.exists()


def test_what_others_need_has_no_button_to_remove_it(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_demand(make_commodity(programme))
    page = client_of(ani).get(address(programme, "remove_commodity", "KOM-telur")).text
    assert "Eggs is needed by" in page
    assert "Yes, remove" not in page


@pytest.mark.parametrize("typed", ["200", "200 kg", "200kg"])
def test_a_quantity_may_have_its_unit_behind_it(
    programme: Programme, ani: User, client_of: ClientOf, typed: str
) -> None:
    flow = make_flow(make_activity(programme), make_commodity(programme), "output")
    columns = {"direction": "output", "commodity": flow.commodity_id, "quantity": typed, "source": "synthetic"}
    client_of(ani).post(address(programme, "change_flow", "ACT-ayam", flow.pk), columns)
    flow.refresh_from_db()
    assert flow.quantity == 200


def test_a_unit_that_is_not_the_commoditys_is_a_sentence_in_the_form(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    demand = make_demand(make_commodity(programme))
    columns = {
        "offtaker": demand.offtaker_id,
        "commodity": demand.commodity_id,
        "quantity_per_month": "30 ekor",
        "price_idr": "1",
        "firmness": "wish",
        "valid_from": "2022-12-01",
        "valid_to": "2022-12-02",
        "source": "synthetic",
    }
    page = client_of(ani).post(address(programme, "change_demand", demand.code), columns).text
    assert "Eggs is counted in kg, not in “ekor”. Convert the quantity to kg." in page
    assert 'value="30 ekor"' in page


def test_a_negative_quantity_is_a_sentence_in_the_form(programme: Programme, ani: User, client_of: ClientOf) -> None:
    flow = make_flow(make_activity(programme), make_commodity(programme), "output")
    columns = {"direction": "output", "commodity": flow.commodity_id, "quantity": "-5", "source": "synthetic"}
    page = client_of(ani).post(address(programme, "change_flow", "ACT-ayam", flow.pk), columns).text
    assert "greater than or equal to 0" in page


def test_a_season_is_drawn_month_by_month(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_activity(programme)
    months = dict.fromkeys(rules.MONTHS, "4.17") | {"june": "54.17", "source": "synthetic"}
    page = client_of(ani).post(address(programme, "add_season", "ACT-ayam"), months, follow=True).text
    assert "Change the calendar" in page
    assert "54.17" in page


def test_the_skills_that_are_offered_are_the_catalogues_human_resources(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_activity(programme)
    weaving = make_kind(programme, "tenun", capital="human", name_en="weaving", unit="orang")
    land = make_kind(programme, "lahan", unit="ha")
    form = address(programme, "add_skill", "ACT-ayam")
    page = client_of(ani).get(form).text
    assert f'<option value="{weaving.pk}">weaving</option>' in page
    assert "lahan" not in page
    answers = {"people": "1", "source": "synthetic"}
    client_of(ani).post(form, answers | {"kind": str(land.pk)})
    assert not programme.activity_skills.exists()
    client_of(ani).post(form, answers | {"kind": str(weaving.pk)})
    assert programme.activity_skills.get().kind == weaving


def test_a_list_is_sorted_as_its_reader_asks(programme: Programme, eko: User, client_of: ClientOf) -> None:
    make_demand(make_commodity(programme, "KOM-1", name_en="Small"), "DEM-1", price_idr=1)
    make_demand(make_commodity(programme, "KOM-2", name_en="Large"), "DEM-2", price_idr=1_000_000)
    page = client_of(eko).get(address(programme, "demands"), {"sort": "worth"}).text
    assert page.index("Large") < page.index("Small")
