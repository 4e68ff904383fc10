import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from kawasan.areas.services import change_kind, remove_kind
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.engine import planning
from kawasan.programmes.models import Programme
from kawasan.value_chain import services
from kawasan.value_chain.models import ActivityFlow, ActivitySeason, ActivitySkill, Commodity, LocalMarket, Plan
from kawasan.value_chain.plan_input import hash_of, plan_input
from kawasan.value_chain.services.plan_chain import chain_of, levels_of
from kawasan.value_chain.services.plan_result import result_of
from kawasan.value_chain.tests.factories import (
    make_activity,
    make_chain,
    make_commodity,
    make_demand,
    make_flow,
    make_kind,
    make_market,
    make_place,
    make_price,
    make_resource,
    make_resource_use,
)

pytestmark = pytest.mark.django_db


def of(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(row for row in rows if row["code"] == code)


def test_a_plan_gives_every_seat_to_what_earns_most(programme: Programme, ani: User) -> None:
    """By hand: a farm earns eggs at 28,000 at most, a kitchen 12 boxes' worth more; both fields take 1 to 3 of 4."""
    make_chain(programme)
    result = services.make_plan(programme=programme, by=ani).result
    assert {a["code"]: a["enterprises"] for a in result["activities"]} == {"ACT-ayam": 2, "ACT-kue": 2}
    # 2 kitchens sell 2,400 boxes; 2 farms lay 2,400 kg, 1,200 are baked, 1,200 sold; 3,600 kg of feed are bought.
    assert result["income_idr"] == 2_400 * 45_000 + 1_200 * 28_000 - 3_600 * 7_000 - 2 * 12_000_000 - 2 * 6_000_000
    assert of(result["demands"], "DEM-telur")["unmet"] == 1_200
    assert [row["seats"] for row in result["stages"]] == [0, 2, 2, 0]


def test_the_plan_is_logged_by_whom_it_was_made(programme: Programme, ani: User) -> None:
    make_chain(programme)
    services.adopt_plan(plan=services.make_plan(programme=programme, by=ani), by=ani)
    verbs = LogEntry.objects.order_by("sequence").values_list("verb", "by_name")
    assert list(verbs) == [(f"value_chain.plan_{verb}", str(ani)) for verb in ("frozen", "solved", "adopted")]


def test_every_row_of_this_stage_is_covered_by_the_log(programme: Programme, ani: User) -> None:
    make_chain(programme)
    services.adopt_plan(plan=services.make_plan(programme=programme, by=ani), by=ani)
    Plan.objects.update(input={})
    faults = [str(fault) for fault in verify_log() if "value_chain.Plan" in str(fault)]
    assert len(faults) == 1
    assert "changed without a log entry" in faults[0]


def test_anyone_can_compute_a_plan_again_from_its_stored_input(programme: Programme) -> None:
    make_chain(programme)
    plan = services.make_plan(programme=programme, by=None)
    plan.refresh_from_db()
    assert hash_of(plan.input) == plan.input_hash
    again = planning.solve(chain_of(plan.input), levels=levels_of(plan.input), gap=0.02, search=False, ranges=3)
    assert result_of(plan.input, again) == plan.result


def test_a_plan_is_computed_from_what_was_frozen_and_not_from_what_came_later(programme: Programme) -> None:
    make_chain(programme)
    plan = services.freeze_plan(programme=programme, by=None)
    programme.demands.update(price_idr=1)
    assert services.solve_plan(plan=plan, by=None).result["income_idr"] > 0


def test_an_input_that_was_changed_behind_its_hash_is_refused(programme: Programme) -> None:
    make_chain(programme)
    plan = services.freeze_plan(programme=programme, by=None)
    plan.input["seats"] = 3
    with pytest.raises(Refused, match="not what was frozen"):
        services.solve_plan(plan=plan, by=None)


def test_a_frozen_plan_of_the_same_figures_is_taken_up_again(programme: Programme) -> None:
    make_chain(programme)
    first = services.freeze_plan(programme=programme, by=None)
    assert services.freeze_plan(programme=programme, by=None) == first


def test_a_plan_is_not_computed_twice_from_the_same_figures(programme: Programme) -> None:
    make_chain(programme)
    services.make_plan(programme=programme, by=None)
    with pytest.raises(Refused, match="Nothing has changed since PLAN-1"):
        services.make_plan(programme=programme, by=None)


def test_two_people_who_solve_one_plan_get_one_result_and_one_sentence(programme: Programme) -> None:
    make_chain(programme)
    mine = services.freeze_plan(programme=programme, by=None)
    theirs = Plan.objects.get(pk=mine.pk)
    services.solve_plan(plan=theirs, by=None)
    with pytest.raises(Refused, match="PLAN-1 has already been computed"):
        services.solve_plan(plan=mine, by=None)


def test_two_people_who_adopt_different_plans_get_one_plan_and_one_sentence(programme: Programme) -> None:
    make_chain(programme)
    first = services.make_plan(programme=programme, by=None)
    programme.demands.update(quantity_per_month=250)
    second = services.make_plan(programme=programme, by=None)
    services.adopt_plan(plan=first, by=None)
    with pytest.raises(Refused, match="PLAN-1 was adopted in the meantime"):
        services.adopt_plan(plan=second, by=None)
    assert programme.plans.get(is_adopted=True) == first


def test_a_later_plan_may_take_the_place_of_the_adopted_one(programme: Programme) -> None:
    make_chain(programme)
    first = services.make_plan(programme=programme, by=None)
    services.adopt_plan(plan=first, by=None)
    programme.demands.update(quantity_per_month=250)
    second = services.make_plan(programme=programme, by=None)
    services.adopt_plan(plan=second, by=None, instead_of="PLAN-1")
    assert programme.plans.get(is_adopted=True) == second


def test_a_plan_without_a_result_cannot_be_adopted(programme: Programme) -> None:
    make_chain(programme)
    with pytest.raises(Refused, match="has no result yet"):
        services.adopt_plan(plan=services.freeze_plan(programme=programme, by=None), by=None)


def test_a_plan_without_activities_or_buyers_is_refused(programme: Programme) -> None:
    with pytest.raises(Refused, match=r"No activity can be planned.*No demand can be planned for"):
        services.freeze_plan(programme=programme, by=None)


def test_limits_that_cannot_hold_together_are_told_in_the_planners_words(programme: Programme) -> None:
    make_chain(programme)
    programme.activities.update(most_enterprises=1)
    plan = services.freeze_plan(programme=programme, by=None)
    with pytest.raises(Refused) as refused:
        services.solve_plan(plan=plan, by=None)
    told = [str(reason) for reason in refused.value.reasons]
    assert "All 4 seats must be filled." in told
    assert any(sentence.startswith("At most 1 enterprises of") for sentence in told)


def test_only_what_is_left_under_the_sustainable_yield_may_be_taken(programme: Programme) -> None:
    make_chain(programme)
    programme.commodities.filter(code="KOM-telur").update(outside_price_idr=30_000)
    make_resource_use(programme.activities.get(code="ACT-ayam"), make_resource(programme), 40)
    result = services.make_plan(programme=programme, by=None).result
    assert of(result["activities"], "ACT-ayam")["enterprises"] == 1  # 50 - 10 in use leaves 40: enough for one
    assert of(result["resources"], "RES-rumput")["idle"] == 0


def test_a_resource_whose_yield_is_unknown_is_no_limit(programme: Programme) -> None:
    make_chain(programme)
    resource = make_resource(programme, sustainable_yield=None)
    make_resource_use(programme.activities.get(code="ACT-ayam"), resource, 1e9)
    assert services.make_plan(programme=programme, by=None).result["resources"] == []


def test_rows_that_cannot_be_planned_are_left_out_and_named(programme: Programme) -> None:
    make_chain(programme)
    make_activity(programme, "ACT-kosong", name="Kosong")
    make_demand(programme.commodities.get(code="KOM-telur"), "DEM-lama", valid_to=datetime.date(2022, 11, 30))
    plan = services.make_plan(programme=programme, by=None)
    assert [row["code"] for row in plan.result["left_out"]] == ["ACT-kosong", "DEM-lama"]
    assert all(a["code"] != "ACT-kosong" for a in plan.result["activities"])


def test_what_is_made_for_nobody_is_told(programme: Programme) -> None:
    make_chain(programme)
    programme.demands.filter(code="DEM-telur").update(quantity_per_month=1)
    result = services.make_plan(programme=programme, by=None).result
    assert of(result["commodities"], "KOM-telur")["left_over"] > 0


def test_freezing_asks_as_often_with_ten_times_the_rows(
    programme: Programme, django_assert_num_queries: Callable[..., Any]
) -> None:
    make_chain(programme)
    for n in range(20):
        activity = make_activity(programme, f"ACT-{n}")
        make_flow(activity, make_commodity(programme, f"KOM-{n}"), "output")
        make_demand(activity.flows.get().commodity, f"DEM-{n}")
    with django_assert_num_queries(16):
        plan_input(programme, datetime.date(2022, 12, 1))


def test_a_row_is_entered_and_logged(programme: Programme, ani: User) -> None:
    row = Commodity(programme=programme, code="KOM-x", name="X", name_en="X", unit="kg", source="synthetic")
    services.add(row=row, by=ani)
    assert LogEntry.objects.get().verb == "value_chain.commodity_added"


def test_a_negative_quantity_is_not_entered(programme: Programme, ani: User) -> None:
    activity, commodity = make_activity(programme), make_commodity(programme)
    row = ActivityFlow(
        programme=programme, activity=activity, commodity=commodity, direction="input", quantity=-1, source="synthetic"
    )
    with pytest.raises(ValidationError):
        services.add(row=row, by=ani)


def test_only_the_columns_that_were_changed_are_written(programme: Programme, ani: User) -> None:
    mine = make_commodity(programme)
    Commodity.objects.filter(pk=mine.pk).update(unit="ton")
    mine.outside_price_idr = 30_000
    services.change(row=mine, changed=["outside_price_idr"], by=ani)
    mine.refresh_from_db()
    assert (mine.unit, mine.outside_price_idr) == ("ton", 30_000)


def test_what_is_taken_out_of_a_recipe_is_logged_as_deleted(programme: Programme, ani: User) -> None:
    flow = make_flow(make_activity(programme), make_commodity(programme), "output")
    services.remove(row=flow, by=ani)
    assert not ActivityFlow.objects.exists()
    assert LogEntry.objects.get().rows.filter(table="value_chain.ActivityFlow", fingerprint="").count() == 1


def test_what_is_lost_is_not_sold(programme: Programme) -> None:
    make_chain(programme)
    programme.activity_flows.filter(commodity__code="KOM-kue").update(loss_percent=50)
    frozen = plan_input(programme, datetime.date(2022, 12, 1))
    assert of(frozen["activities"], "ACT-kue")["outputs"] == {"KOM-kue": 600}


def test_a_demand_of_some_months_asks_for_less_in_a_year(programme: Programme) -> None:
    demand = make_demand(make_commodity(programme), in_months="6 7", quantity_per_month=300)
    assert demand.quantity_per_year == 600


def test_months_are_stored_in_one_form_however_they_are_written(programme: Programme, ani: User) -> None:
    demand = make_demand(make_commodity(programme))
    demand.in_months = "3,1-2"
    services.change(row=demand, changed=["in_months"], by=ani)
    demand.refresh_from_db()
    assert demand.in_months == "1 2 3"


def test_months_that_are_none_are_not_stored(programme: Programme, ani: User) -> None:
    demand = make_demand(make_commodity(programme))
    demand.in_months = "six"
    with override("en"), pytest.raises(ValidationError, match="Write months as numbers"):
        services.change(row=demand, changed=["in_months"], by=ani)


def test_a_market_whose_price_rises_with_a_step_is_refused(programme: Programme, ani: User) -> None:
    eggs = make_commodity(programme)
    make_market(eggs, 1, 20_000)
    place = make_place(programme)
    row = LocalMarket(
        programme=programme, commodity=eggs, place=place, step=2, price_idr=20_000, quantity_per_month=1, source="x"
    )
    with pytest.raises(Refused, match="Step 2 pays Rp20000, not less than the Rp20000 of step 1"):
        services.add(row=row, by=ani)
    assert LocalMarket.objects.count() == 1


def ring(programme: Programme, ani: User) -> ActivityFlow:
    """A bakery makes two loaves of a flour; the flow that lets a mill make a flour of a loaf is not stored yet."""
    flour, bread = make_commodity(programme, "KOM-a"), make_commodity(programme, "KOM-b")
    bakery = make_activity(programme, "ACT-roti", name="Roti", name_en="Bakery")
    mill = make_activity(programme, "ACT-giling", name="Giling", name_en="Mill")
    make_flow(bakery, flour, "input", 1)
    make_flow(bakery, bread, "output", 2)
    make_flow(mill, bread, "input", 1)
    return ActivityFlow(
        programme=programme, activity=mill, commodity=flour, direction="output", quantity=1, source="synthetic"
    )


def test_activities_that_live_on_one_another_alone_are_refused_by_name(programme: Programme, ani: User) -> None:
    with override("en"), pytest.raises(Refused, match="Mill, Bakery make all that they need from one another"):
        services.add(row=ring(programme, ani), by=ani)


def test_they_are_not_when_one_of_them_takes_something_else(programme: Programme, ani: User) -> None:
    row = ring(programme, ani)
    fuel = make_flow(row.activity, make_commodity(programme, "KOM-solar"), "input", 1)
    services.add(row=row, by=ani)
    with pytest.raises(Refused, match="make all that they need from one another"):
        services.remove(row=fuel, by=ani)
    assert row.activity.flows.filter(commodity__code="KOM-solar").exists()


def test_a_row_that_others_need_stays_and_they_are_named(programme: Programme, ani: User) -> None:
    demand = make_demand(make_commodity(programme))
    with override("en"), pytest.raises(Refused, match=f"Eggs is needed by {demand}"):
        services.remove(row=demand.commodity, by=ani)


def test_an_activity_goes_with_its_recipe_and_the_log_covers_all_of_it(programme: Programme, ani: User) -> None:
    activity = make_activity(programme)
    make_flow(activity, make_commodity(programme), "output")
    make_resource_use(activity, make_resource(programme))
    services.remove(row=activity, by=ani)
    entry = LogEntry.objects.get()
    assert entry.verb == "value_chain.activity_removed"
    assert entry.rows.filter(fingerprint="").count() == 3


def test_a_commodity_goes_with_its_prices(programme: Programme, ani: User) -> None:
    price = make_price(make_commodity(programme))
    services.remove(row=price.commodity, by=ani)
    assert not programme.prices.exists()


@pytest.mark.parametrize(("december", "is_right"), [(8.37, True), (9.5, False)])
def test_the_months_of_a_season_make_a_year(programme: Programme, ani: User, december: float, is_right: bool) -> None:
    row = ActivitySeason(programme=programme, activity=make_activity(programme), december=december, source="synthetic")
    if is_right:
        services.add(row=row, by=ani)
    else:
        with override("en"), pytest.raises(ValidationError, match="do not add up to 100 per cent"):
            services.add(row=row, by=ani)


@pytest.mark.parametrize("columns", [{"loss_percent": 1.0}, {"is_by_product": True}])
def test_an_input_has_neither_losses_nor_is_it_a_by_product(
    programme: Programme, ani: User, columns: dict[str, Any]
) -> None:
    row = ActivityFlow(
        programme=programme,
        activity=make_activity(programme),
        commodity=make_commodity(programme),
        direction="input",
        quantity=1,
        source="synthetic",
        **columns,
    )
    with override("en"), pytest.raises(ValidationError, match="Only an output has losses"):
        services.add(row=row, by=ani)


def test_a_kind_that_an_activity_needs_as_a_skill_stays_one_of_people(programme: Programme) -> None:
    weaving = make_kind(programme, "tenun", capital="human", unit="orang")
    skill = ActivitySkill(programme=programme, activity=make_activity(programme), kind=weaving, source="synthetic")
    services.add(row=skill, by=None)
    with pytest.raises(Refused, match="It is used by"):
        change_kind(kind=weaving, changes={"capital": "natural"}, by=None)
    change_kind(kind=weaving, changes={"name": "menenun"}, by=None)
    with pytest.raises(Refused, match="It is used by"):
        remove_kind(kind=weaving, by=None)
    skill.kind = make_kind(programme, "lahan")
    with pytest.raises(ValidationError):
        services.change(row=skill, changed=["kind"], by=None)
