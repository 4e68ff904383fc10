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
    assert str(told).startswith("One more kg of Eggs a year from Hotel is worth Rp2000.")


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
