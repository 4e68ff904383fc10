"""Why not more of an activity, and plans side by side, from plans as they are stored."""

from typing import Any

import pytest
from django.utils.translation import override

from kawasan.core.language import in_words
from kawasan.value_chain.comparison import side_by_side
from kawasan.value_chain.models import Plan
from kawasan.value_chain.why import why_not_more

GOOD = {"code": "OTAK", "name": "Otak-otak", "name_en": "Fish cake", "unit": "kg"}
ACTIVITY = {"code": "ACT", "name": "Otak-otak", "name_en": "Fish cake", "inputs": {}, "outputs": {"OTAK": 120.0}}
MARKET = {"code": "M/1", "name": "Pasar", "commodity": "OTAK", "price_idr": 2000, "by_month": [10.0] * 12}
FROZEN = {
    "seats": 100,
    "commodities": [GOOD],
    "activities": [ACTIVITY],
    "places": [],
    "markets": [MARKET, MARKET | {"code": "M/2", "price_idr": 1500}],
}
DEMAND = {"commodity": "OTAK", "buyer_name": "Hotel", "quantity": 300.0, "unmet": 0.0, "price_idr": 2400}


def result(**columns: Any) -> dict[str, Any]:
    planned = {"code": "ACT", "name": "Otak-otak", "name_en": "Fish cake", "field": "kuliner"}
    given = {
        "activities": [planned | {"enterprises": 2, "most": 4}],
        "demands": [DEMAND],
        "markets": [{"commodity": "OTAK", "market": "Pasar", "sold": 70.0}],
        "bottlenecks": [],
    }
    return given | columns


def told(found: dict[str, Any]) -> list[str]:
    with override("en"):
        return [in_words(text) for text in why_not_more("ACT", "PLAN-1", FROZEN, found)]


def test_it_says_how_many_start_what_buyers_get_and_who_would_take_more_at_which_price():
    assert told(result()) == [
        "PLAN-1 starts 2 of the 4 enterprises that fit in the area.",
        "Buyers get all 300 kg of Fish cake that they ask for in a year.",
        "One more enterprise makes 120 kg of Fish cake a year.",
        "The market of Pasar would take another 50 kg a year, at Rp2,000.",
        "The market of Pasar would take another 120 kg a year, at Rp1,500.",
    ]


def test_it_names_the_buyer_who_does_not_get_all():
    found = told(result(demands=[DEMAND | {"unmet": 40.0}]))
    assert "Of 300 kg of Fish cake that buyers ask for in a year, they get 260." in found
    assert "Hotel would take another 40 kg a year, at Rp2,400." in found


def test_it_tells_the_limits_of_the_activity_its_field_and_the_seats_but_no_others():
    limits = [
        {"kind": kind, "at": [at], "shadow_price_idr": 5, "text": {}, "text_en": {"template": words, "params": {}}}
        for kind, at, words in (
            ("seats", "seats", "All seats."),
            ("resource", "activity:ACT", "Its fish."),
            ("resource", "activity:OTHER", "Other fish."),
            ("field_most", "field:kuliner", "Its field."),
        )
    ]
    found = told(result(bottlenecks=limits))
    assert "It would take its seat from another enterprise, which earns more at these prices." in found
    assert found[-3:] == ["Its fish.", "All seats.", "Its field."]


def test_nothing_is_asked_of_an_activity_that_fills_its_room():
    full = {"code": "ACT", "enterprises": 4, "most": 4}
    assert told(result(activities=[full])) == []


@pytest.fixture
def plans() -> list[Plan]:
    planned = {"income_idr": 10, "chain_income_idr": 12, "capital_idr": 5, "unmet_idr": 0, "resources": []}
    reached = planned | {"firmness": [{"firmness": "contract", "sold_idr": 1}, {"firmness": "wish", "sold_idr": 3}]}
    before = {"seats": 100, "commodities": [GOOD], "places": [], "demands": [DEMAND | {"code": "D1"}]}
    now = before | {"demands": [DEMAND | {"code": "D1", "price_idr": 3500}, DEMAND | {"code": "D2"}]}
    return [Plan(code="PLAN-1", input=before, result=reached), Plan(code="PLAN-2", input=now, result=reached)]


def test_plans_side_by_side_tell_which_rows_differ(plans):
    with override("en"):
        found = side_by_side(plans)
    [(plan, changes, more)] = found["changes"]
    assert (plan.code, more) == ("PLAN-2", 0)
    assert changes == ["Demand · Fish cake – Hotel: price: Rp2,400 → Rp3,500", "Demand · Fish cake – Hotel: new"]
    assert ("Sold under contract", ["25%", "25%"]) in found["measures"]
