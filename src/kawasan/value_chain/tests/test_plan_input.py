"""Months, districts and everything else that the rows say of them, as the plan takes them."""

import datetime
import json
from typing import Any

import pytest

from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules, services
from kawasan.value_chain.models import (
    Activity,
    ActivityPlace,
    ActivitySeason,
    ActivitySkill,
    ExistingEnterprise,
    Plan,
    Storage,
)
from kawasan.value_chain.plan_input import Wishes, hash_of, plan_input
from kawasan.value_chain.rules import MONTHS
from kawasan.value_chain.services.plan_chain import chain_of
from kawasan.value_chain.tests.factories import (
    make_activity,
    make_chain,
    make_commodity,
    make_flow,
    make_kind,
    make_market,
    make_place,
    make_resource,
    make_resource_use,
    make_supplier,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 12, 1)


def of(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(row for row in rows if row["code"] == code)


def made(programme: Programme, **wishes: Any) -> dict[str, Any]:
    plan = services.make_plan(programme=programme, by=None, wishes=Wishes(**wishes))
    return dict(plan.result or {})


@pytest.fixture
def districts(programme: Programme) -> list[Place]:
    """Two districts of the area with one village each, ten kilometres apart."""
    city = make_place(programme)
    rows = []
    for number in (1, 2):
        place = {"latitude": -2.1 - 0.09 * number, "longitude": 106.1, "source": "synthetic"}
        part = Place.objects.create(
            programme=programme, code=f"19.71.0{number}", name=f"Bagian {number}", level="district", parent=city,
            population=1000 * number, **place,
        )  # fmt: skip
        Place.objects.create(
            programme=programme,
            code=f"19.71.0{number}.1001",
            name=f"Desa {number}",
            level="village",
            parent=part,
            **place,
        )
        rows.append(part)
    return rows


def village(programme: Programme, number: int) -> Place:
    return Place.objects.get(programme=programme, code=f"19.71.0{number}.1001")


def farm(programme: Programme) -> Activity:
    return programme.activities.get(code="ACT-ayam")


def test_the_input_covers_twelve_months_from_the_day_on(programme: Programme) -> None:
    make_chain(programme)
    frozen = plan_input(programme, datetime.date(2022, 9, 7))
    assert (frozen["months"][0], frozen["months"][-1]) == ("2022-09", "2023-08")
    assert json.loads(json.dumps(frozen)) == frozen


def test_a_season_begins_with_the_first_month_of_the_plan(programme: Programme) -> None:
    make_chain(programme)
    shares = {month: 100.0 if month == "march" else 0.0 for month in MONTHS}
    ActivitySeason.objects.create(programme=programme, activity=farm(programme), source="synthetic", **shares)
    season = of(plan_input(programme, DAY)["activities"], "ACT-ayam")["season"]
    assert [month for month, share in enumerate(season) if share] == [3]  # December, January, February, March


def test_a_demand_counts_in_the_months_that_it_names_and_in_which_it_holds(programme: Programme) -> None:
    make_chain(programme)
    programme.demands.filter(code="DEM-telur").update(in_months="1 2 3", valid_to=datetime.date(2023, 2, 1))
    found = of(plan_input(programme, DAY)["demands"], "DEM-telur")["by_month"]
    assert found == [0, 200, 200] + [0] * 9


def test_what_lies_in_a_village_is_of_its_district(programme: Programme, districts: list[Place]) -> None:
    make_chain(programme)
    programme.demands.update(place=village(programme, 2))
    frozen = plan_input(programme, DAY)
    assert [place["code"] for place in frozen["places"]] == ["19.71.01", "19.71.02"]
    assert {demand["place"] for demand in frozen["demands"]} == {"19.71.02"}


def test_no_more_start_in_a_district_than_fit_there(programme: Programme, districts: list[Place]) -> None:
    make_chain(programme)
    for number, most in ((1, 1), (2, 2)):
        ActivityPlace.objects.create(
            programme=programme, activity=farm(programme), place=village(programme, number), most_enterprises=most,
            source="synthetic",
        )  # fmt: skip
    programme.fields.filter(code="digital").update(least_seats=3)
    sites = of(made(programme)["activities"], "ACT-ayam")["sites"]
    assert {site["place"]: site["enterprises"] for site in sites} == {"19.71.01": 1, "19.71.02": 2}


def test_carriage_between_districts_costs_what_the_commodity_says(programme: Programme, districts: list[Place]) -> None:
    make_chain(programme)
    for activity, number in (("ACT-ayam", 1), ("ACT-kue", 2)):
        ActivityPlace.objects.create(
            programme=programme, activity=programme.activities.get(code=activity), place=village(programme, number),
            most_enterprises=9, source="synthetic",
        )  # fmt: skip
    before = made(programme)["chain_income_idr"]
    programme.commodities.filter(code="KOM-telur").update(transport_idr_per_km=10)
    lost = before - made(programme)["chain_income_idr"]
    assert lost == pytest.approx(1_200 * 10 * 10.01, rel=0.01)  # 1,200 kg of eggs go ten kilometres


def test_a_suppliers_price_and_quantity_count(programme: Programme) -> None:
    make_chain(programme)
    feed = programme.commodities.get(code="KOM-pakan")
    make_supplier(feed, price_idr=5_000, quantity_per_month=100)
    result = made(programme)
    assert {row["code"]: row["bought"] for row in result["sellers"]} == {"SUP-1": 1_200, "outside:KOM-pakan": 2_400}
    assert any(b["kind"] == "supplier" for b in result["bottlenecks"])


def test_markets_take_less_for_less_money_step_by_step(programme: Programme) -> None:
    make_chain(programme)
    programme.demands.filter(code="DEM-telur").delete()
    eggs = programme.commodities.get(code="KOM-telur")
    make_market(eggs, 1, 26_000, quantity_per_month=30)
    make_market(eggs, 2, 20_000, quantity_per_month=500)
    result = made(programme)
    (market,) = result["markets"]
    assert market["sold_idr"] == 12 * (30 * 26_000 + 70 * 20_000)  # 100 kg a month are left over by the kitchens
    assert result["buyers"][-1]["name_en"] == "Local markets"


def test_those_who_work_already_take_no_seat_and_no_more_of_a_resource(programme: Programme) -> None:
    make_chain(programme)
    grass = make_resource(programme, sustainable_yield=50, used=48)
    make_resource_use(farm(programme), grass, 2)
    ExistingEnterprise.objects.create(
        programme=programme, code="ADA-1", activity=farm(programme), place=make_place(programme), count=4,
        source="synthetic",
    )  # fmt: skip
    (resource,) = made(programme)["resources"]
    assert (resource["available"], resource["taken"], resource["idle"]) == (2, 0, 2)  # eggs of 3.25 farms are bought
    programme.demands.filter(code="DEM-telur").update(quantity_per_month=1_000)
    result = made(programme)
    (resource,) = result["resources"]
    assert (resource["available"], resource["taken"], resource["is_near_yield"]) == (2, 2, True)
    assert result["existing"][0]["number"] == 4
    assert sum(row["seats"] for row in result["fields"]) == 4


def test_nobody_starts_what_nobody_knows_how_to_do(programme: Programme) -> None:
    make_chain(programme)
    programme.commodities.filter(code="KOM-telur").update(outside_price_idr=29_000)
    skill = make_kind(programme, "beternak", capital="human", unit="orang")
    make_resource(programme, "RES-orang", kind=skill, unit="orang", quantity=1, sustainable_yield=None, used=None)
    ActivitySkill.objects.create(
        programme=programme, activity=farm(programme), kind=skill, people=1, source="synthetic"
    )
    result = made(programme)
    assert of(result["activities"], "ACT-ayam")["enterprises"] == 1
    assert result["skills"][0]["taken"] == 1
    assert any(b["kind"] == "skill" for b in result["bottlenecks"])


def test_a_skill_of_which_no_people_were_entered_is_no_limit(programme: Programme) -> None:
    make_chain(programme)
    skill = make_kind(programme, "beternak", capital="human", unit="orang")
    ActivitySkill.objects.create(
        programme=programme, activity=farm(programme), kind=skill, people=1, source="synthetic"
    )
    assert of(made(programme)["activities"], "ACT-ayam")["enterprises"] == 2


def test_what_keeps_in_a_store_is_sold_in_later_months(programme: Programme) -> None:
    """Eggs are laid in December alone and wanted in the next two months."""
    make_chain(programme)
    programme.activities.filter(code="ACT-kue").delete()
    programme.fields.filter(code="kuliner").update(least_seats=0)
    programme.fields.filter(code="digital").update(most_seats=4)
    programme.commodities.filter(code="KOM-telur").update(perishable_days=7)
    programme.demands.filter(code="DEM-telur").update(in_months="1 2")
    shares = {month: 100.0 if month == "december" else 0.0 for month in MONTHS}
    ActivitySeason.objects.create(programme=programme, activity=farm(programme), source="synthetic", **shares)
    assert of(made(programme)["demands"], "DEM-telur")["sold"] == 0
    Storage.objects.create(
        programme=programme, code="STO-1", name="Gudang", place=make_place(programme), capacity=300, keeps_days=90,
        commodity=programme.commodities.get(code="KOM-telur"), source="synthetic",
    )  # fmt: skip
    assert of(made(programme)["demands"], "DEM-telur")["sold"] == 300


def test_work_can_come_before_income(programme: Programme) -> None:
    make_chain(programme)
    programme.activities.filter(code="ACT-ayam").update(labour_days=90)
    first = made(programme)
    result = made(programme, aims=("labour_days", "income"))
    assert of(result["activities"], "ACT-ayam")["enterprises"] == 3
    assert result["labour_days"] > first["labour_days"]
    assert result["income_idr"] < first["income_idr"]


def test_a_budget_limits_what_starts_and_says_so(programme: Programme) -> None:
    make_chain(programme)
    with pytest.raises(Refused, match="At most Rp1000000 may be spent to start with"):
        made(programme, budget_idr=1_000_000)


def test_scenarios_stand_side_by_side_and_strike_where_the_plan_leans_most(programme: Programme, ani: User) -> None:
    make_chain(programme)
    programme.commodities.filter(code="KOM-telur").update(outside_price_idr=29_000)
    grass = make_resource(programme)
    make_resource_use(farm(programme), grass, 10)
    shares = {month: 100 / 6 if number < 6 else 0.0 for number, month in enumerate(MONTHS)}
    ActivitySeason.objects.create(programme=programme, activity=farm(programme), source="synthetic", **shares)
    plan = services.make_plan(programme=programme, by=ani)
    rows = services.compare_plan(plan=plan, by=ani).scenarios
    assert rows is not None
    assert [row["text"]["params"].get("name_en") for row in rows] == [
        None, "Hotel Contoh", "Boxes of cake", "Chicken feed", "Laying hens", "Grass",
    ]  # fmt: skip
    assert rows[0]["income_idr"] >= plan.result["chain_income_idr"]  # type: ignore[index]  # they may stand still
    assert all(row["income_idr"] <= rows[0]["income_idr"] for row in rows)  # no misfortune is a gain
    assert rows[1]["income_idr"] < rows[2]["income_idr"] < rows[0]["income_idr"]
    assert all(row["anew_idr"] is None or row["anew_idr"] >= row["income_idr"] for row in rows)
    with pytest.raises(Refused, match="are there already"):
        services.compare_plan(plan=Plan.objects.get(pk=plan.pk), by=ani)


def test_an_offtaker_drops_out_though_markets_take_more(programme: Programme) -> None:
    make_chain(programme)
    make_market(programme.commodities.get(code="KOM-kue"), 1, 60_000, quantity_per_month=5_000)
    plan = services.make_plan(programme=programme, by=None)
    rows = services.compare_plan(plan=plan, by=None).scenarios or []
    assert rows[1]["text"]["params"]["name_en"] == "Hotel Contoh"


def test_a_plan_frozen_without_months_is_not_computed_but_named(programme: Programme) -> None:
    make_chain(programme)
    plan = services.freeze_plan(programme=programme, by=None)
    plan.input = {name: value for name, value in plan.input.items() if name != "months"}
    plan.input_hash = hash_of(plan.input)
    with pytest.raises(Refused, match="earlier version"):
        services.solve_plan(plan=plan, by=None)


def test_an_activity_that_nobody_can_supply_is_left_out(programme: Programme) -> None:
    make_chain(programme)
    gold = make_commodity(programme, "KOM-emas", name="Emas", name_en="Gold")
    make_flow(make_activity(programme, "ACT-emas"), gold, "input")
    assert [row["code"] for row in plan_input(programme, DAY)["left_out"]] == ["ACT-emas"]


@pytest.mark.parametrize("aim", [aim.value for aim in rules.Aim])
def test_every_aim_can_be_wanted_first(programme: Programme, districts: list[Place], aim: str) -> None:
    make_chain(programme)
    assert made(programme, aims=(aim, "income"))["wishes"]["aims"][0] == aim


def test_a_district_is_paid_what_buyers_pay_in_the_mean_for_what_it_passes_on(programme: Programme) -> None:
    make_chain(programme)
    frozen = plan_input(programme, DAY)
    prices = dict(zip(*(getattr(chain_of(frozen).commodities, name) for name in ("codes", "price_idr")), strict=True))
    eggs = [demand for demand in frozen["demands"] if demand["commodity"] == "KOM-telur"]
    assert prices["KOM-telur"] == pytest.approx(
        sum(demand["price_idr"] * sum(demand["by_month"]) for demand in eggs)
        / sum(sum(demand["by_month"]) for demand in eggs)
    )


def test_the_robust_plan_is_best_in_the_worst_scenario(programme: Programme, ani: User) -> None:
    make_chain(programme)
    plan = services.make_plan(programme=programme, by=ani)
    with pytest.raises(Refused, match="not computed yet"):
        services.find_robust_plan(plan=plan, by=ani)
    rows = services.compare_plan(plan=plan, by=ani).scenarios or []
    found = services.find_robust_plan(plan=plan, by=ani).robust or {}
    assert found["worst_idr"] == min(found["incomes_idr"]) == found["incomes_idr"][found["which"]]
    assert len(found["incomes_idr"]) == len(rows)
    best = min(row["income_idr"] for row in rows)  # of this plan in its worst; no other is better by more than the gap
    assert best <= found["worst_idr"] + found["gap"] * abs(found["worst_idr"]) + 1
    assert sum(activity["enterprises"] for activity in found["activities"]) == sum(found["fields"])
    with pytest.raises(Refused, match="already"):
        services.find_robust_plan(plan=Plan.objects.get(pk=plan.pk), by=ani)
