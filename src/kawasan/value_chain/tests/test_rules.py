import datetime
from typing import Any

import pytest

from kawasan.core.text import Text
from kawasan.value_chain import rules
from kawasan.value_chain.rules import PLAN_AFTER, PlanStatus

TODAY = datetime.date(2022, 12, 1)
DAY = datetime.timedelta(days=1)


def activity(**changes: Any) -> list[Text]:
    recipe = {"outputs": {"Eggs": 100.0}, "inputs": {"Feed": 150.0}, "cycles_per_year": 12.0, "obtainable": {"Feed"}}
    return rules.reasons_activity_unusable(**(recipe | changes))


def demand(**changes: Any) -> list[Text]:
    asked = {
        "quantity_per_year": 1_200.0,
        "price_idr": 28_000,
        "valid_from": TODAY,
        "valid_to": TODAY,
        "today": TODAY,
        "is_made": True,
    }
    return rules.reasons_demand_unusable(**(asked | changes))


def margin(**changes: Any) -> list[str]:
    year = {
        "name": "Eggs",
        "unit": "kg",
        "price_idr": 28_000,
        "per_year": 1_000,
        "earned_idr": 30_000_000,
        "spent_idr": 12_000_000,
        "running_cost_idr": 6_000_000,
        "labour_days": 200,
        "capital_idr": 6_000_000,
    }
    return [str(text) for text in rules.margin_in_words(**(year | changes))]


def test_a_complete_recipe_can_be_planned() -> None:
    assert activity() == []


def test_a_recipe_needs_an_output() -> None:
    assert str(activity(outputs={})[0]).startswith("It makes nothing.")


def test_an_output_of_nothing_is_no_output() -> None:
    assert len(activity(outputs={"Eggs": 0.0})) == 1


def test_a_recipe_without_cycles_cannot_be_planned() -> None:
    assert len(activity(cycles_per_year=0.0)) == 1


def test_a_recipe_may_not_make_its_only_input_out_of_nothing() -> None:
    reasons = activity(outputs={"Goats": 20.0}, inputs={"Goats": 10.0}, obtainable={"Goats"})
    assert str(reasons[0]).startswith("It makes Goats out of nothing else.")


def test_a_recipe_may_use_up_a_part_of_what_it_makes() -> None:
    assert activity(outputs={"Goats": 20.0}, inputs={"Goats": 10.0, "Feed": 5.0}, obtainable={"Goats", "Feed"}) == []


def test_a_recipe_without_inputs_can_be_planned() -> None:
    assert activity(inputs={}) == []


def test_an_input_that_cannot_be_had_is_named() -> None:
    assert "Feed" in str(activity(obtainable=set())[0])


def test_a_demand_of_today_can_be_planned_for() -> None:
    assert demand() == []


def test_a_demand_that_ended_yesterday_cannot() -> None:
    assert len(demand(valid_to=TODAY - DAY)) == 1


def test_a_demand_that_begins_at_the_end_of_the_year_can() -> None:
    assert demand(valid_from=TODAY + rules.HORIZON, valid_to=TODAY + rules.HORIZON) == []


def test_a_demand_that_begins_after_the_year_cannot() -> None:
    later = TODAY + rules.HORIZON + DAY
    assert len(demand(valid_from=later, valid_to=later)) == 1


@pytest.mark.parametrize("changes", [{"quantity_per_year": 0.0}, {"price_idr": 0}, {"is_made": False}])
def test_a_demand_without_quantity_price_or_maker_cannot(changes: dict[str, Any]) -> None:
    assert len(demand(**changes)) == 1


def test_a_plan_needs_activities_and_demands() -> None:
    assert len(rules.reasons_not_plannable(activities=0, demands=0)) == 2
    assert rules.reasons_not_plannable(activities=1, demands=1) == []


def test_a_bottleneck_tells_what_one_more_is_worth() -> None:
    told = rules.bottleneck("demand", name="Eggs", buyer="Hotel", unit="kg", limit=4_800.0, worth=1_999.6)
    assert str(told).startswith("One more kg of Eggs a month for Hotel is worth Rp2000 a year.")


def test_seats_that_lower_the_income_are_told_as_too_many() -> None:
    told = rules.bottleneck("seats", name="", buyer="", unit="", limit=100.0, worth=-5.0)
    assert str(told).startswith("The last seat costs Rp5 a year.")


@pytest.mark.parametrize(
    "kind", ["seats", "field_least", "field_most", "activity_most", "resource", "demand", "commodity"]
)
def test_every_kind_of_limit_has_its_sentences(kind: str) -> None:
    assert "{" not in str(rules.bottleneck(kind, name="Eggs", buyer="Hotel", unit="kg", limit=1.0, worth=1.0))
    assert "{" not in str(rules.limit_in_words(kind, name="Eggs", buyer="Hotel", unit="kg", limit=1.0))


@pytest.mark.parametrize(
    ("plan", "adopted", "sentence"),
    [
        ("", "", "Compute the first plan"),
        ("PLAN-1", "", "Discuss PLAN-1"),
        ("PLAN-2", "PLAN-1", "PLAN-1 is the adopted plan"),
        ("PLAN-1", "PLAN-1", "PLAN-1 is adopted"),
    ],
)
def test_the_next_step_follows_from_the_plans(plan: str, adopted: str, sentence: str) -> None:
    assert str(rules.next_step(activities=1, demands=1, plan=plan, adopted=adopted)).startswith(sentence)


def test_every_status_of_a_plan_has_what_may_follow() -> None:
    assert set(PLAN_AFTER) == set(PlanStatus)


def test_what_yields_only_by_products_says_not_what_it_is_for() -> None:
    (reason,) = activity(outputs={"Manure": 5.0}, by_products={"Manure"})
    assert str(reason).startswith("All that it makes is a by-product.")


def test_a_by_product_beside_the_product_can_be_planned() -> None:
    assert activity(outputs={"Eggs": 5.0, "Manure": 5.0}, by_products={"Manure"}) == []


def test_goats_that_live_on_grass_of_the_area_do_not_come_from_nothing() -> None:
    assert activity(outputs={"Goats": 20.0}, inputs={"Goats": 10.0}, obtainable={"Goats"}, takes_resources=True) == []


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("6", (6,)),
        ("1-3 12", (1, 2, 3, 12)),
        ("12, 1; 2", (1, 2, 12)),
        ("11-2", (1, 2, 11, 12)),
        ("", ()),
        ("13", None),
        ("0", None),
        ("June", None),
    ],
)
def test_months_are_read_as_people_write_them(written: str, months: tuple[int, ...] | None) -> None:
    assert rules.months_written(written) == months


def test_no_months_are_every_month() -> None:
    assert rules.months_of("") == tuple(range(1, 13))


@pytest.mark.parametrize("written", ["kg", " KG ", "kilo", ""])
def test_a_unit_that_is_the_commoditys_fits(written: str) -> None:
    assert rules.reasons_unit_differs(written, unit="kg", same=("kilo",), name="Eggs") == []


def test_a_unit_that_is_not_the_commoditys_says_what_to_do() -> None:
    (reason,) = rules.reasons_unit_differs("ekor", unit="kg", same=(), name="Eggs")
    assert str(reason) == "Eggs is counted in kg, not in “ekor”. Convert the quantity to kg."


def test_prices_that_fall_from_step_to_step_fit() -> None:
    assert rules.reasons_steps_do_not_fall([(2, 900), (1, 1_000), (5, 500)]) == []


@pytest.mark.parametrize("second", [1_000, 1_001])
def test_a_step_that_pays_no_less_than_the_one_before_does_not(second: int) -> None:
    (reason,) = rules.reasons_steps_do_not_fall([(1, 1_000), (2, second)])
    assert str(reason).startswith("Step 2 pays Rp")


def test_what_a_year_brings_is_told_in_sentences() -> None:
    told = margin()
    # 30 earned, 12 and 6 spent: 12 million a year, 1 million a month; 60,000 for each of 200 days
    assert "keeps Rp12000000: Rp1000000 a month." in told[0]
    assert told[1].startswith("That is Rp60000 for each of its 200 days")
    # 1,000 kg carry 12 million: the price may fall by 12,000 of 28,000
    assert told[2] == "It breaks even at Rp16000 a kg of Eggs: the price of Rp28000 may fall by 43 %."
    assert told[3] == "Its capital of Rp6000000 comes back after 6.0 months."


def test_a_year_that_costs_more_than_it_brings_is_told_as_a_loss() -> None:
    told = margin(earned_idr=15_000_000)
    assert "loses Rp3000000." in told[0]
    assert told[1] == "It would break even at Rp31000 a kg of Eggs, 11 % above the price of Rp28000."
    assert len(told) == 2


def test_by_products_may_carry_a_year_alone() -> None:
    assert "by-products alone pay its costs" in margin(earned_idr=100_000_000)[2]


def test_what_many_rows_need_names_some_of_them() -> None:
    (reason,) = rules.reasons_needed("Eggs", [f"Row {n}" for n in range(9)])
    assert "needed by 9 others, such as Row 0; Row 1; Row 2; Row 3; Row 4." in str(reason)
    assert rules.reasons_needed("Eggs", []) == []


def test_a_plan_whose_computation_was_broken_off_says_how_it_goes_on():
    said = rules.next_step(activities=1, demands=1, plan="PLAN-2", adopted="PLAN-1", is_solved=False)
    assert str(said) == "PLAN-2 was not finished. Press “Compute a new plan”: what was frozen is taken up again."
