import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kawasan.engine import planning
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.planning import PlanInput

NEVER = np.inf

# A fish farm makes 100 kg and costs 1,000; a kitchen turns 50 kg into 30 packs and costs 500. Fish is not to be had
# from outside; people buy 400 kg at 20, and 1,000 packs at 100. Ten seats; a farm takes one pond and there are six.
#
# With x farms and 10 - x kitchens, 150 x - 500 kg are left to sell, so x >= 10/3; one farm more in place of a kitchen
# earns -1,000 + 500 - 3,000 + 150 * 20 = -500, so x = 10/3 and the income is 40,000/3. Both activities run, so their
# values balance the seat's: 100 fish - 1,000 = seat = 3,000 - 500 - 50 fish, hence fish = 70/3 and seat = 4,000/3.
# In whole numbers x = 3 lacks 50 kg and x = 4 earns 13,000.
FISH = PlanInput(
    seats=10,
    field_codes=("livestock", "culinary"),
    field_least=np.array([0.0, 0.0]),
    field_most=np.array([10.0, 10.0]),
    activity_codes=("farm", "kitchen"),
    activity_field=np.array([0, 1]),
    activity_stage=np.array([1, 2]),
    activity_cost_idr=np.array([1000.0, 500.0]),
    activity_most=np.array([NEVER, NEVER]),
    commodity_codes=("fish", "pack"),
    outside_price_idr=np.array([NEVER, NEVER]),
    output=np.array([[100.0, 0.0], [0.0, 30.0]]),
    input=np.array([[0.0, 0.0], [50.0, 0.0]]),
    resource_codes=("pond",),
    resource_available=np.array([6.0]),
    resource_use=np.array([[1.0], [0.0]]),
    demand_codes=("fresh", "packed"),
    demand_commodity=np.array([0, 1]),
    demand_quantity=np.array([400.0, 1000.0]),
    demand_price_idr=np.array([20.0, 100.0]),
)


def test_the_optimum_worked_out_by_hand_is_found():
    plan = planning.solve(FISH)
    assert plan.enterprises.tolist() == [4, 6]
    assert plan.income_idr == 13_000
    assert plan.continuous_enterprises == pytest.approx([10 / 3, 20 / 3])
    assert plan.income_continuous_idr == pytest.approx(40_000 / 3)
    assert plan.gap == pytest.approx(0.025)


def test_the_shadow_prices_worked_out_by_hand_are_the_bottlenecks():
    seats, fish = planning.solve(FISH).bottlenecks
    assert (seats.kind, seats.index) == ("seats", 0)
    assert (seats.used, seats.limit) == pytest.approx((10, 10))
    assert (seats.shadow_price_idr, seats.weight_idr) == pytest.approx((4000 / 3, 400 / 3))
    assert (fish.kind, fish.index) == ("commodity", 0)
    assert (fish.used, fish.limit) == pytest.approx((1000 / 3, 1000 / 3))
    assert (fish.shadow_price_idr, fish.weight_idr) == pytest.approx((70 / 3, 700 / 9))


def test_seats_are_counted_by_field_and_stage():
    plan = planning.solve(FISH)
    assert plan.seats_by_field.tolist() == [4, 6]
    assert plan.seats_by_stage.tolist() == [0, 4, 6, 0]


def test_what_is_sold_unmet_left_and_idle_is_told():
    plan = planning.solve(replace(FISH, demand_quantity=np.array([70.0, 1000.0])))
    assert plan.sold.tolist() == [70, 180]
    assert plan.unmet.tolist() == [0, 820]
    assert plan.left_over.tolist() == [30, 0]
    assert plan.bought.tolist() == [0, 0]
    assert plan.resource_idle.tolist() == [2]


def test_flows_lead_from_source_to_user_with_what_the_user_pays():
    flows = planning.solve(FISH).flows
    told = [(f.source_kind, f.source, f.commodity, f.target_kind, f.target) for f in flows]
    assert told == [
        ("activity", 0, 0, "activity", 1),
        ("activity", 0, 0, "demand", 0),
        ("activity", 1, 1, "demand", 1),
    ]
    assert [f.quantity for f in flows] == [300, 100, 180]
    assert [f.value_idr for f in flows] == pytest.approx([7000, 2000, 18_000])  # 300 kg at the shadow price of 70/3


def test_an_enterprises_income_is_what_it_sells_less_what_it_needs():
    # Farm: (7,000 + 2,000 - 4 * 1,000) / 4. Kitchen: (18,000 - 7,000 - 6 * 500) / 6.
    assert planning.solve(FISH).income_by_activity_idr == pytest.approx([1250, 4000 / 3])


def test_a_user_takes_from_every_source_in_proportion():
    # Ponds for two farms make 200 of the 400 kg that eight kitchens need, so half of it comes from outside.
    plan = planning.solve(replace(FISH, resource_available=np.array([2.0]), outside_price_idr=np.array([25.0, NEVER])))
    to_kitchens = [(f.source_kind, f.quantity, f.value_idr) for f in plan.flows if f.target_kind == "activity"]
    assert plan.enterprises.tolist() == [2, 8]
    assert to_kitchens == [("outside", 200, 5000), ("activity", 200, 5000)]


def test_scarce_ponds_and_buyers_are_bottlenecks_at_the_income_they_hold_back():
    # Fish at 15 from outside: a kitchen earns 30 * 100 - 500 - 750 = 1,750, a farm 500 of its own. The buyers of packs
    # take 90, three kitchens; a pack more is worth a kitchen in place of nothing but a third activity, a shop at 0.
    shop = replace(
        FISH,
        field_codes=("any",),
        field_least=np.zeros(1),
        field_most=np.array([NEVER]),
        activity_codes=("farm", "kitchen", "shop"),
        activity_field=np.zeros(3, dtype=np.int64),
        activity_stage=np.array([1, 2, 3]),
        activity_cost_idr=np.array([1000.0, 500.0, 0.0]),
        activity_most=np.full(3, NEVER),
        output=np.array([[100.0, 0], [0, 30], [0, 0]]),
        input=np.array([[0.0, 0], [50, 0], [0, 0]]),
        resource_available=np.array([1.0]),
        resource_use=np.array([[1.0], [0], [0]]),
        outside_price_idr=np.array([15.0, NEVER]),
        demand_quantity=np.array([400.0, 90.0]),
        demand_price_idr=np.array([10.0, 100.0]),
    )
    plan = planning.solve(shop)
    assert plan.enterprises.tolist() == [1, 3, 6]
    told = [(b.kind, b.index, b.shadow_price_idr, b.weight_idr) for b in plan.bottlenecks]
    assert told == [
        ("demand", 1, pytest.approx(1750 / 30), pytest.approx(1750 / 30 * 0.9)),
        ("resource", 0, pytest.approx(500), pytest.approx(5)),
    ]


def test_what_can_be_neither_bought_nor_made_keeps_its_users_closed():
    plan = planning.solve(
        replace(FISH, output=np.array([[0.0, 0.0], [0.0, 30.0]]), resource_available=np.array([10.0]))
    )
    assert plan.enterprises.tolist() == [10, 0]
    assert np.isnan(plan.income_by_activity_idr[1])
    assert ("commodity", 0) in [(b.kind, b.index) for b in plan.bottlenecks]


def test_seats_that_lose_money_are_filled_all_the_same():
    plan = planning.solve(replace(FISH, demand_price_idr=np.zeros(2)))
    assert plan.enterprises.sum() == 10
    assert plan.income_idr < 0
    assert plan.bottlenecks[0].kind == "seats"
    assert plan.bottlenecks[0].shadow_price_idr < 0


def test_a_least_that_costs_has_a_negative_shadow_price():
    plan = planning.solve(replace(FISH, field_least=np.array([5.0, 0.0])))
    assert plan.enterprises.tolist() == [5, 5]
    least = next(b for b in plan.bottlenecks if b.kind == "field_least")
    assert (least.index, least.limit, least.shadow_price_idr) == (0, 5, pytest.approx(-500))


@pytest.mark.parametrize(("codes", "enterprises"), [(("b", "a"), [2, 8]), (("a", "b"), [10, 0])])
def test_of_equal_plans_the_first_codes_are_taken(codes, enterprises):
    twins = replace(
        FISH,
        activity_codes=codes,
        activity_cost_idr=np.array([7.0, 7.0]),
        output=np.zeros((2, 2)),
        input=np.zeros((2, 2)),
        resource_use=np.zeros((2, 1)),
        field_least=np.array([2.0, 0.0]),
    )
    assert planning.solve(twins).enterprises.tolist() == enterprises


def test_of_equal_buyers_the_first_code_is_served_first():
    plan = planning.solve(
        replace(
            FISH,
            demand_codes=("b", "a"),
            demand_commodity=np.array([1, 1]),
            demand_quantity=np.array([150.0, 150.0]),
            demand_price_idr=np.array([100.0, 100.0]),
        )
    )
    assert plan.sold.tolist() == [30, 150]


def test_bounds_of_fields_that_contradict_the_seats_are_named():
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(replace(FISH, field_least=np.array([6.0, 5.0])))
    assert refused.value.conflict == ("field_least[livestock]", "field_least[culinary]", "seats")


def test_a_least_beyond_the_resource_is_named():
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(replace(FISH, field_least=np.array([7.0, 0.0])))
    assert refused.value.conflict == ("resource[pond]", "field_least[livestock]")


def test_parts_of_enterprises_that_cannot_be_whole_are_named():
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(replace(FISH, activity_most=np.array([5.5, 4.5])))
    assert refused.value.conflict == ("activity_most[farm]", "activity_most[kitchen]", "seats")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("seats", 0, "at least 1"),
        ("activity_codes", ("farm", "farm"), "twice"),
        ("field_least", np.array([11.0, 0.0]), "exceed"),
        ("field_least", np.array([-1.0, 0.0]), "negative or missing"),
        ("outside_price_idr", np.array([np.nan, 1.0]), "negative or missing"),
        ("demand_quantity", np.array([np.inf, 1.0]), "infinite"),
        ("output", np.zeros((2, 3)), "shape"),
        ("activity_field", np.array([0, 2]), "between 0 and 1"),
        ("activity_stage", np.array([0.0, 1.0]), "whole numbers"),
        ("demand_commodity", np.array([0]), "2 whole numbers"),
    ],
)
def test_a_malformed_input_is_refused(field, value, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        planning.solve(replace(FISH, **{field: value}))


def test_a_plan_without_activities_is_refused():
    with pytest.raises(InvalidInputError, match="one activity"):
        planning.solve(replace(FISH, activity_codes=()))


def random_input(seed: int) -> PlanInput:
    """Three activities, three commodities, four seats: small enough to try every plan."""
    rng = np.random.default_rng(seed)
    return PlanInput(
        seats=4,
        field_codes=("f", "g"),
        field_least=rng.integers(0, 2, 2).astype(float),
        field_most=rng.integers(2, 5, 2).astype(float),
        activity_codes=("a", "b", "c"),
        activity_field=np.array([0, 1, rng.integers(2)]),
        activity_stage=rng.integers(0, 4, 3),
        activity_cost_idr=rng.uniform(0, 500, 3),
        activity_most=rng.choice([2.0, 3.0, NEVER], 3),
        commodity_codes=("x", "y", "z"),
        outside_price_idr=np.where(rng.random(3) < 0.4, NEVER, rng.uniform(5, 15, 3)),
        output=np.diag(rng.uniform(20, 100, 3)),
        input=rng.uniform(0, 40, (3, 3)) * (rng.random((3, 3)) < 0.4) * (1 - np.eye(3)),
        resource_codes=("r",),
        resource_available=rng.uniform(4, 12, 1),
        resource_use=rng.uniform(0, 3, (3, 1)),
        demand_codes=("p", "q", "s", "t"),
        demand_commodity=rng.integers(0, 3, 4),
        demand_quantity=rng.uniform(0, 150, 4),
        demand_price_idr=rng.uniform(4, 18, 4),
    )


def oracle(p: PlanInput, enterprises=None) -> float | None:
    """Income by scipy's solver over (enterprises, sold, bought), free or at given enterprises; None when impossible."""
    na, nc, n_demand = 3, 3, 4
    sells = np.eye(nc)[p.demand_commodity].T  # (nc, n_demand)
    buyable = np.isfinite(p.outside_price_idr)
    cost = np.concatenate([p.activity_cost_idr, -p.demand_price_idr, np.where(buyable, p.outside_price_idr, 0)])
    balance = np.hstack([(p.input - p.output).T, sells, -np.eye(nc)])
    resource = np.hstack([p.resource_use.T, np.zeros((1, n_demand + nc))])
    member = np.hstack([np.eye(2)[p.activity_field].T, np.zeros((2, n_demand + nc))])
    bounds = [
        (0, most) if enterprises is None else (enterprises[a], enterprises[a]) for a, most in enumerate(p.activity_most)
    ]
    found = linprog(
        cost,
        A_ub=np.vstack([balance, resource, member, -member]),
        b_ub=np.concatenate([np.zeros(nc), p.resource_available, p.field_most, -p.field_least]),
        A_eq=[[1.0] * na + [0.0] * (n_demand + nc)],
        b_eq=[p.seats],
        bounds=[*bounds, *((0, q) for q in p.demand_quantity), *((0, None if b else 0) for b in buyable)],
    )
    return -found.fun if found.status == 0 else None


def best_of_all(p: PlanInput) -> float | None:
    every = [e for e in itertools.product(range(p.seats + 1), repeat=3) if sum(e) == p.seats]
    possible = [oracle(p, e) for e in every if all(e <= p.activity_most)]
    return max((income for income in possible if income is not None), default=None)


@pytest.mark.parametrize("seed", range(50))
def test_no_plan_of_whole_or_continuous_enterprises_earns_more(seed):
    given_input = random_input(seed)
    continuous, whole = oracle(given_input), best_of_all(given_input)
    if whole is None:
        with pytest.raises(InfeasibleError):
            planning.solve(given_input)
        return
    plan = planning.solve(given_input)
    assert plan.income_continuous_idr == pytest.approx(continuous, rel=1e-6)
    assert plan.income_idr == pytest.approx(whole, rel=1e-6)
    assert plan.income_idr == pytest.approx(oracle(given_input, plan.enterprises), rel=1e-6)


def test_most_of_the_random_inputs_have_a_plan():
    assert sum(best_of_all(random_input(seed)) is not None for seed in range(10)) >= 6


STEP = 1e-4  # of a unit; small enough to stay within the range where a shadow price holds


def income_after(p: PlanInput, kind: str, index: int, step: float) -> float | None:
    field = {
        "field_least": "field_least",
        "field_most": "field_most",
        "activity_most": "activity_most",
        "resource": "resource_available",
        "demand": "demand_quantity",
    }[kind]
    moved = getattr(p, field).copy()
    moved[index] += step
    return oracle(replace(p, **{field: moved}))


def test_a_shadow_price_is_the_slope_of_the_income():
    compared = sum(compare_with_slopes(random_input(seed)) for seed in range(30))
    assert compared > 20


def compare_with_slopes(given_input: PlanInput) -> int:
    """Compare every shadow price with the slopes to both sides; return how many could be compared."""
    try:
        plan = planning.solve(given_input)
    except InfeasibleError:
        return 0
    compared = 0
    for b in plan.bottlenecks:
        if b.kind in ("seats", "commodity"):
            continue
        more, less = (income_after(given_input, b.kind, b.index, step) for step in (STEP, -STEP))
        if more is None or less is None:
            continue
        slopes = (more - plan.income_continuous_idr) / STEP, (plan.income_continuous_idr - less) / STEP
        # Where the two slopes differ the corner is degenerate and any price between them is right.
        assert min(slopes) - 1e-3 <= b.shadow_price_idr <= max(slopes) + 1e-3
        compared += 1
    return compared


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_books_balance_whatever_the_input(seed):
    given_input = random_input(seed)
    try:
        plan = planning.solve(given_input)
    except InfeasibleError:
        return
    assert plan.enterprises.sum() == plan.seats_by_field.sum() == plan.seats_by_stage.sum() == given_input.seats
    made, used = plan.enterprises @ given_input.output, plan.enterprises @ given_input.input
    sold = np.bincount(given_input.demand_commodity, plan.sold, 3)
    assert made + plan.bought == pytest.approx(used + sold + plan.left_over)
    moved = np.zeros(3)
    for flow in plan.flows:
        moved[flow.commodity] += flow.quantity
    assert moved == pytest.approx(made + plan.bought)
    resold = sum(
        flow.value_idr - flow.quantity * given_input.outside_price_idr[flow.commodity]
        for flow in plan.flows
        if flow.source_kind == "outside" and flow.target_kind == "demand"
    )
    earned = np.nansum(plan.income_by_activity_idr * plan.enterprises)
    assert earned + resold == pytest.approx(plan.income_idr, abs=1e-6)
    assert plan.gap >= 0
    assert (plan.unmet >= 0).all()


def test_the_order_of_the_activities_does_not_matter():
    given_input = random_input(1)
    turned = {
        name: getattr(given_input, name)[::-1]
        for name in ("activity_codes", "activity_field", "activity_stage", "activity_cost_idr", "activity_most")
    }
    tables = {name: getattr(given_input, name)[::-1] for name in ("output", "input", "resource_use")}
    assert (
        planning.solve(replace(given_input, **turned, **tables)).enterprises[::-1].tolist()
        == planning.solve(given_input).enterprises.tolist()
    )
