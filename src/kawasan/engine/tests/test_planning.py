from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine import planning, solver
from kawasan.engine.chain import (
    OUTSIDE,
    TABLES,
    Chain,
    Entries,
    changed,
    entries,
    ordered,
    reordered,
    sizes,
)
from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError
from kawasan.engine.planning import Level
from kawasan.engine.tests.chains import FISH, FISH_OUTSIDE, NEVER, best_of_all, make, random_chain, written


def test_the_optimum_worked_out_by_hand_is_found():
    plan = planning.solve(FISH)
    assert plan.enterprises.tolist() == [4, 6]
    assert plan.income_idr == pytest.approx(13_000)
    assert plan.continuous_enterprises == pytest.approx([10 / 3, 20 / 3])
    assert plan.income_continuous_idr == pytest.approx(40_000 / 3)
    assert plan.whole_share == pytest.approx(0.025)
    assert (plan.converged, plan.gap) == (True, pytest.approx(0))


def test_the_shadow_prices_worked_out_by_hand_are_the_bottlenecks():
    seats, fish = planning.solve(FISH, ranges=9).bottlenecks
    assert (seats.kind, seats.index) == ("seats", -1)
    assert (seats.used, seats.limit) == pytest.approx((10, 10))
    assert (seats.shadow_price_idr, seats.weight_idr) == pytest.approx((4000 / 3, 400 / 3))
    assert (fish.kind, fish.index) == ("commodity", 0)
    assert (fish.used, fish.limit) == pytest.approx((1000 / 3, 1000 / 3))
    assert (fish.shadow_price_idr, fish.weight_idr) == pytest.approx((70 / 3, 700 / 9))
    for found in (seats, fish):
        assert (found.lower_idr, found.upper_idr) == pytest.approx((found.shadow_price_idr,) * 2)
        assert not found.is_degenerate


def test_seats_are_counted_by_field_stage_and_place():
    seats = planning.solve(FISH).seats
    assert seats.shape == (2, 4, 1)
    assert seats[:, :, 0].tolist() == [[0, 4, 0, 0], [0, 0, 6, 0]]


def test_what_is_sold_unmet_left_and_taken_is_told():
    plan = planning.solve(changed(FISH, outlets={"quantity": np.array([[70.0], [1000.0]])}))
    assert plan.sold.tolist() == [[70], [180]]
    assert plan.unmet.tolist() == [[0], [820]]
    assert plan.left_over.tolist() == [[30], [0]]
    assert plan.taken.tolist() == [[4]]
    assert plan.taken_share == pytest.approx([4 / 6])


def told(links):
    return list(
        zip(
            *(a.tolist() for a in (links.source_kind, links.source, links.target_kind, links.target, links.commodity)),
            strict=True,
        )
    )


def test_links_lead_from_source_to_user_with_what_the_user_pays():
    links = planning.solve(FISH).links
    assert told(links) == [(0, 0, 0, 1, 0), (0, 0, 2, 0, 0), (0, 1, 2, 1, 1)]
    assert links.quantity == pytest.approx([300, 100, 180])
    assert links.value_idr == pytest.approx([7000, 2000, 18_000])  # 300 kg at the shadow price of 70/3


def test_an_enterprises_income_is_what_it_sells_less_what_it_needs():
    # Farm: (7,000 + 2,000 - 4 * 1,000) / 4. Kitchen: (18,000 - 7,000 - 6 * 500) / 6; six of ten earn as much.
    plan = planning.solve(FISH)
    assert plan.income_by_site_idr == pytest.approx([1250, 4000 / 3])
    assert plan.income_median_idr == pytest.approx(4000 / 3)
    assert plan.income_worst_idr == pytest.approx(1250)


def test_a_known_price_is_what_enterprises_pay_each_other():
    plan = planning.solve(changed(FISH, commodities={"price_idr": np.array([15.0, np.nan])}))
    # Farm: 300 kg at 15 and 100 at 20 less 4,000, by four; kitchen: 18,000 - 4,500 - 3,000, by six.
    assert plan.income_by_site_idr == pytest.approx([625, 1750])
    assert plan.transfer_price_idr[0] == pytest.approx(15)


def test_a_user_takes_from_every_source_in_proportion():
    # Ponds for two farms make 200 of the 400 kg that eight kitchens need, so half of it comes from outside.
    plan = planning.solve(changed(FISH, pools={"available": np.array([[2.0]])}, suppliers=FISH_OUTSIDE))
    to_kitchens = plan.links.target_kind == 0
    assert plan.enterprises.tolist() == [2, 8]
    assert sorted(plan.links.source_kind[to_kitchens].tolist()) == [0, 2]
    assert plan.links.quantity[to_kitchens] == pytest.approx([200, 200])
    assert plan.links.value_idr[to_kitchens] == pytest.approx([5000, 5000])
    assert plan.bought.tolist() == [[200]]


def test_seats_that_lose_money_are_filled_all_the_same():
    plan = planning.solve(changed(FISH, outlets={"price_idr": np.zeros((2, 1))}))
    assert plan.enterprises.sum() == 10
    assert plan.income_idr < 0
    assert plan.bottlenecks[0].kind == "seats"
    assert plan.bottlenecks[0].shadow_price_idr < 0


def test_a_least_that_costs_has_a_negative_shadow_price():
    plan = planning.solve(changed(FISH, fields={"least": np.array([5.0, 0.0])}))
    assert plan.enterprises.tolist() == [5, 5]
    least = next(b for b in plan.bottlenecks if b.kind == "field_least")
    assert (least.index, least.limit, least.shadow_price_idr) == (0, 5, pytest.approx(-500))


def test_a_shadow_price_that_is_not_unique_is_told_as_a_range():
    # Ten ponds for ten farms on ten seats: one pond more is worth nothing, one less a farm's 1,000 kg at 20 less 1,000
    # against standing empty, and the same holds for seats; any split between the two is right.
    alone = changed(
        FISH,
        activities={"output": entries(np.array([[100.0, 0.0], [0.0, 0.0]])), "input": Entries()},
        pools={"available": np.array([[10.0]])},
        outlets={"quantity": np.array([[2000.0], [0.0]])},
        sites={"most": np.array([NEVER, 0.0])},
        seats_least=0,
    )
    found = planning.solve(alone, ranges=9).bottlenecks
    assert {b.kind for b in found} & {"seats", "resource", "field_most"}
    for b in found:
        if b.kind in ("seats", "resource"):
            assert (b.lower_idr, b.upper_idr) == pytest.approx((0, 1000), abs=1e-3)
            assert b.is_degenerate


def test_bounds_of_fields_that_contradict_the_seats_are_named():
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(changed(FISH, fields={"least": np.array([6.0, 5.0])}))
    assert refused.value.conflict == ("field_least[culinary]", "field_least[livestock]", "seats")


def test_a_least_beyond_the_resource_is_named():
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(changed(FISH, fields={"least": np.array([7.0, 0.0])}))
    assert refused.value.conflict == ("resource[pond]", "field_least[livestock]")


def test_parts_of_enterprises_that_cannot_be_whole_are_named():
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(changed(FISH, activities={"most": np.array([5.5, 4.5])}))
    assert refused.value.conflict == ("activity_most[farm]", "activity_most[kitchen]", "seats")


def test_what_can_be_neither_bought_nor_made_keeps_its_users_closed():
    plan = planning.solve(
        changed(
            FISH,
            activities={"output": entries(np.array([[0.0, 0.0], [0.0, 30.0]]))},
            pools={"available": np.array([[10.0]])},
        )
    )
    assert plan.enterprises.tolist() == [10, 0]
    assert np.isnan(plan.income_by_site_idr[1])
    assert ("commodity", 0) in [(b.kind, b.index) for b in plan.bottlenecks]


def test_nobody_runs_out_of_season():
    plan = planning.solve(make(capacity=[0.0, 12.0], quantity=[10.0, 10.0]))
    assert plan.run.tolist() == [[0, 10]]
    assert plan.income_idr == pytest.approx(10 * (5 - 1))


def test_an_enterprise_runs_no_more_than_pays_but_at_least_what_makes_it_worth_having():
    few = make(capacity=[12.0, 12.0], quantity=[3.0, 0.0])
    assert planning.solve(few).run.sum() == pytest.approx(3)
    assert planning.solve(changed(few, activities={"run_least": np.array([0.5])})).run.sum() == pytest.approx(12)


def test_what_keeps_a_month_is_sold_a_month_later_and_no_more():
    # Made in the first month only; the buyer comes in the second, or in the third.
    for days, when, sold in ((29, 1, 0), (30, 1, 8), (59, 1, 8), (59, 2, 0), (60, 2, 8), (NEVER, 2, 8)):
        quantity = [0.0, 0.0, 0.0]
        quantity[when] = 8.0
        kept = make(capacity=[12.0, 0.0, 0.0], quantity=quantity, commodities={"days_kept": np.array([days])})
        assert planning.solve(kept).sold.sum() == pytest.approx(sold), (days, when)


def test_carrying_makes_nothing_fresh():
    # Keeps one month. Made in the north in month 1, wanted in the south in month 3: it would have to stay twice.
    kept = make(
        capacity=[12.0, 0.0, 0.0], quantity=[0.0, 0.0, 8.0], commodities={"days_kept": np.array([30.0])}, south=1.0
    )
    assert planning.solve(kept).sold.sum() == pytest.approx(0)


@pytest.mark.parametrize("seed", range(20))
def test_shelf_life_sells_as_much_as_goods_whose_age_is_counted(seed):
    """Oldest first: the engine knows no ages, the plain rule below does."""
    rng = np.random.default_rng(seed)
    capacity, quantity = rng.integers(0, 9, 6).astype(float), rng.integers(0, 9, 6).astype(float)
    months = int(rng.integers(1, 4))
    plan = planning.solve(
        make(capacity=capacity, quantity=quantity, commodities={"days_kept": np.array([30.0 * months])})
    )
    ages = np.zeros(months + 1)  # ages[k]: units that are k months old
    sold = 0.0
    for made, wanted in zip(capacity, quantity, strict=True):
        ages = np.concatenate([[made], ages[:-1]])
        for k in range(months, -1, -1):
            taken = min(ages[k], wanted)
            ages[k] -= taken
            wanted -= taken
            sold += taken
    assert plan.sold.sum() == pytest.approx(sold)


def test_no_more_is_kept_than_there_is_room_for():
    kept = make(
        capacity=[12.0, 0.0],
        quantity=[0.0, 12.0],
        commodities={"days_kept": np.array([90.0]), "storage": np.array([0]), "room": np.array([2.0])},
        storages={"codes": ("cold",), "kind": np.array([0]), "place": np.array([0]), "capacity": np.array([8.0])},
    )
    plan = planning.solve(kept, ranges=5)
    assert plan.sold.sum() == pytest.approx(4)
    assert plan.stored_share == pytest.approx([1])
    assert plan.stocks.quantity == pytest.approx([4])
    room = next(b for b in plan.bottlenecks if b.kind == "storage")
    assert room.shadow_price_idr == pytest.approx((5 - 1) / 2)  # a unit sold at 5 and made at 1 takes two of room
    without = changed(kept, storages={"codes": (), "kind": np.empty(0), "place": np.empty(0), "capacity": np.empty(0)})
    assert planning.solve(without).sold.sum() == 0


def test_what_is_carried_costs_by_unit_and_km():
    # 10 km at 0.2 take 2 of the price of 5; the near buyer pays 4 and takes 3 of the 12.
    far = make(capacity=[12.0], quantity=[20.0], south=10.0, commodities={"transport_idr": np.array([0.2])})
    far = changed(
        far,
        outlets={
            "codes": ("buyer", "near"),
            "commodity": np.array([0, 0]),
            "place": np.array([1, 0]),
            "price_idr": np.array([[5.0], [4.0]]),
            "quantity": np.array([[20.0], [3.0]]),
        },
    )
    plan = planning.solve(far)
    assert plan.sold.ravel().tolist() == [9, 3]
    assert plan.income_idr == pytest.approx(9 * (5 - 2 - 1) + 3 * (4 - 1))
    assert (plan.shipments.source.tolist(), plan.shipments.target.tolist()) == ([0], [1])
    assert plan.income_by_place_idr.sum() == pytest.approx(plan.income_idr)


def test_whoever_makes_what_is_sold_elsewhere_or_later_earns_what_the_buyer_pays():
    # 12 made in the first month, sold 10 km away at 5 in the second, for which the way takes 2 of each.
    ways = {"transport_idr": np.array([0.2]), "days_kept": np.array([90.0])}
    far = make(capacity=[12.0, 0.0], quantity=[0.0, 20.0], south=10.0, commodities=ways)
    plan = planning.solve(far)
    assert plan.income_by_site_idr.tolist() == pytest.approx([12 * (5 - 2 - 1)])
    assert plan.income_by_place_idr == pytest.approx([24, 0])
    assert plan.trade_idr == pytest.approx(0)


def test_a_seller_earns_the_mean_of_what_goes_to_several_buyers_and_users():
    # 8 sold at 5 and 4 wasted: each of the 12 made brings 40 / 12.
    plan = planning.solve(
        make(capacity=[12.0], quantity=[8.0], activities={"run_least": np.array([1.0])}, seats_least=1)
    )
    assert plan.income_by_site_idr.tolist() == pytest.approx([8 * 5 - 12])
    assert plan.left_over.sum() == pytest.approx(4)


def test_what_a_supplier_sells_straight_to_a_buyer_is_trade_and_nobody_s_income():
    bought = make(
        capacity=[2.0],
        quantity=[8.0],
        suppliers={"codes": ("trader",), "commodity": np.array([0]), "price_idr": np.array([[3.0]])},
    )
    plan = planning.solve(bought)
    assert plan.bought.sum() == pytest.approx(6)
    assert plan.income_by_site_idr.tolist() == pytest.approx([2 * (5 - 1)])
    assert plan.trade_idr == pytest.approx(6 * (5 - 3))


def test_too_dear_a_way_is_not_taken():
    far = make(capacity=[12.0], quantity=[20.0], south=10.0, commodities={"transport_idr": np.array([0.5])})
    assert planning.solve(far).sold.sum() == 0


def test_a_market_whose_price_falls_is_served_until_it_does_not_pay():
    steps = changed(
        make(capacity=[12.0], quantity=[5.0]),
        outlets={
            "codes": ("m-1", "m-2", "m-3"),
            "commodity": np.zeros(3, dtype=np.int64),
            "place": np.zeros(3, dtype=np.int64),
            "price_idr": np.array([[5.0], [2.0], [0.5]]),
            "quantity": np.full((3, 1), 5.0),
        },
    )
    assert planning.solve(steps).sold.ravel().tolist() == [5, 5, 0]


def test_a_supplier_sells_what_he_has_at_his_place_and_price():
    # The recipe needs one of an input; 4 come from the near supplier at 1, the others from outside at 3, which pays.
    bought = make(
        capacity=[12.0],
        quantity=[10.0],
        input=1.0,
        suppliers={
            "codes": ("near", "outside"),
            "commodity": np.array([1, 1]),
            "place": np.array([0, OUTSIDE]),
            "price_idr": np.array([[1.0], [3.0]]),
            "quantity": np.array([[4.0], [NEVER]]),
        },
    )
    plan = planning.solve(bought)
    assert plan.bought.ravel().tolist() == [4, 6]
    near = next(b for b in plan.bottlenecks if b.kind == "supplier")
    assert (near.index, near.shadow_price_idr) == (0, pytest.approx(2))


def pools(kinds_yearly, available, reach):
    n = len(available)
    return {
        "kinds": {"codes": ("need",), "is_yearly": np.array([kinds_yearly])},
        "pools": {
            "codes": tuple(f"pool{i}" for i in range(n)),
            "kind": np.zeros(n, dtype=np.int64),
            "available": np.array(available, dtype=float),
            "reach": np.array(reach),
        },
    }


def test_a_need_of_a_yearly_kind_is_met_from_one_stock_and_of_another_month_by_month():
    both = make(capacity=[12.0, 12.0], quantity=[10.0, 10.0], needs_running=1.0)
    yearly = changed(both, **pools(True, [[3.0, 5.0]], [[True]]))
    assert planning.solve(yearly).sold.sum() == pytest.approx(8)
    monthly = planning.solve(changed(both, **pools(False, [[3.0, 12.0]], [[True]])))
    assert monthly.sold.ravel().tolist() == [3, 10]
    assert monthly.taken_share == pytest.approx([1])


def test_a_need_is_met_only_from_pools_that_reach_the_place():
    both = make(capacity=[12.0], quantity=[12.0], needs_running=1.0, south=1.0)
    near = changed(both, **pools(False, [[3.0], [4.0], [9.0]], [[True, False], [True, True], [False, True]]))
    assert planning.solve(near).sold.sum() == pytest.approx(7)
    assert planning.solve(changed(both, **pools(False, [[9.0]], [[False, True]]))).sold.sum() == 0


def needed(chain, plan):
    """What enterprises need of each kind of resource in all periods, shape (kinds,), one enterprise after the other."""
    found, recipe = np.zeros(len(chain.kinds.codes)), chain.activities
    number = np.concatenate([plan.enterprises, chain.existing.number])
    run = np.concatenate([plan.run, plan.run_existing]).sum(axis=1)
    for i, activity in enumerate(np.concatenate([chain.sites.activity, chain.existing.activity])):
        standing, running = recipe.needs_standing, recipe.needs_running
        kind = standing.column[standing.row == activity]
        times = np.where(chain.kinds.is_yearly[kind], 1, chain.period_months.size)
        np.add.at(found, kind, number[i] * standing.value[standing.row == activity] * times)
        np.add.at(found, running.column[running.row == activity], run[i] * running.value[running.row == activity])
    return found


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_taken_that_nobody_needs(seed):
    chain = random_chain(seed)
    try:
        plan = planning.solve(chain)
    except InfeasibleError:
        return
    taken = np.bincount(chain.pools.kind, plan.taken.sum(axis=1), len(chain.kinds.codes))
    assert taken == pytest.approx(needed(chain, plan), abs=1e-6)


def test_what_a_standing_enterprise_needs_is_taken_whether_it_runs_or_not():
    one = make(capacity=[12.0, 0.0], quantity=[9.0, 9.0], needs_standing=2.0, seats_most=5)
    for is_yearly, available in ((True, [[2.0, 3.0]]), (False, [[9.0, 4.0]])):
        plan = planning.solve(changed(one, **pools(is_yearly, available, [[True]]), seats_least=2))
        assert plan.enterprises.tolist() == [2]


def test_the_budget_limits_what_starts():
    plan = planning.solve(changed(FISH, activities={"capital_idr": np.array([7.0, 3.0])}, budget_idr=55.0))
    assert plan.enterprises.tolist() == [4, 6]
    tighter = planning.solve(
        changed(FISH, activities={"capital_idr": np.array([7.0, 3.0])}, budget_idr=40.0, seats_least=0), ranges=3
    )
    assert (tighter.enterprises @ [7, 3]) <= 40
    assert "budget" in {b.kind for b in tighter.bottlenecks}


def test_existing_enterprises_sell_and_take_no_seat():
    # Two old farms at half their capacity bring 100 kg, so that kitchens need fewer new farms.
    old = changed(
        FISH,
        existing={
            "codes": ("old",),
            "activity": np.array([0]),
            "place": np.array([0]),
            "number": np.array([2.0]),
            "share": np.array([[0.5]]),
        },
    )
    plan = planning.solve(old)
    assert plan.enterprises.sum() == 10
    assert plan.run_existing.tolist() == [[1]]
    assert plan.enterprises.tolist() == [3, 7]  # 300 + 100 kg for 350
    assert plan.income_by_existing_idr.shape == (1,)
    own = next(b for b in plan.bottlenecks if b.kind == "capacity")
    assert (own.index, own.used, own.limit) == (0, pytest.approx(1), pytest.approx(1))


def test_of_what_cannot_all_be_kept_the_dearer_promise_is_kept():
    promised = changed(
        FISH, outlets={"least": np.array([[400.0], [300.0]])}, may_fall_short=True
    )  # 10 kitchens make 300 packs, but want 500 kg
    plan = planning.solve(promised)
    assert plan.short.sum() > 0
    assert plan.short[1, 0] == pytest.approx(300 - plan.sold[1, 0])
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(replace(promised, may_fall_short=False))
    assert "promise[packed]" in refused.value.conflict


def test_a_least_holds_only_where_any_is_started():
    one = make(capacity=[12.0], quantity=[9.0], seats_most=5)
    few = changed(one, activities={"least": np.array([3.0]), "standing_cost_idr": np.array([10.0])})
    assert planning.solve(few).enterprises.tolist() == [3]
    too_dear = changed(few, activities={"standing_cost_idr": np.array([13.0])})  # 36 earned, 39 paid
    assert planning.solve(too_dear).enterprises.tolist() == [0]
    here = changed(one, sites={"least": np.array([2.0])}, activities={"standing_cost_idr": np.array([10.0])})
    assert planning.solve(here).enterprises.tolist() == [2]
    with pytest.raises(InvalidInputError, match="needs a most"):
        planning.solve(replace(few, seats_most=NEVER))


def test_places_have_seats_and_do_not_suit_everything():
    two = make(capacity=[12.0], quantity=[99.0], south=1.0, both=True, seats_most=6, seats_least=6)
    limited = changed(two, places={"seats_least": np.array([1.0, 0.0]), "seats_most": np.array([NEVER, 4.0])})
    assert planning.solve(limited).enterprises.sum() == 6
    unsuitable = changed(two, sites={"is_suitable": np.array([False, True])})
    assert planning.solve(unsuitable).enterprises.tolist() == [0, 6]
    with pytest.raises(InfeasibleError) as refused:
        planning.solve(changed(unsuitable, places={"seats_least": np.array([1.0, 0.0])}))
    assert refused.value.conflict == ("suitability[make,north]", "place_least[north]")


def test_contracts_take_their_share_of_what_is_sold():
    # 12 to sell; the contract pays 3 for up to 12, the others 5; a half of the rupiah for the contract.
    shared = changed(
        make(capacity=[12.0], quantity=[12.0]),
        outlets={
            "codes": ("bound", "free"),
            "commodity": np.zeros(2, dtype=np.int64),
            "place": np.zeros(2, dtype=np.int64),
            "firmness": np.array([3, 0]),
            "price_idr": np.array([[3.0], [5.0]]),
            "quantity": np.full((2, 1), 12.0),
        },
        contract_share_least=0.5,
    )
    assert planning.solve(shared).sold.ravel() == pytest.approx([7.5, 4.5])


def test_jobs_first_then_income():
    # Kitchens give three jobs, farms one; with all seats kitchens there is no fish, so fish is sold from outside.
    jobs = changed(
        FISH,
        activities={"jobs": np.array([1.0, 3.0])},
        suppliers={"codes": ("t",), "commodity": np.array([0]), "price_idr": np.array([[58.0]])},
    )
    income = planning.solve(jobs)
    first = planning.solve(jobs, levels=[Level(jobs=1.0), Level(income=1.0)])
    assert income.aims["jobs"] < first.aims["jobs"] == 30
    assert first.enterprises.tolist() == [0, 10]
    assert first.reached == pytest.approx((30, first.income_idr))
    assert first.income_idr == pytest.approx(10 * (3000 - 500) - 500 * 58)
    mild = planning.solve(jobs, levels=[Level(jobs=1.0, tolerance=0.1), Level(income=1.0)])
    assert mild.aims["jobs"] >= 27
    assert mild.income_idr > first.income_idr


def test_a_weighted_sum_weighs():
    jobs = changed(FISH, activities={"jobs": np.array([5.0, 1.0])})
    # A farm in place of a kitchen costs 500 and brings four jobs: at 124 a job no, at 126 yes (six ponds).
    assert planning.solve(jobs, levels=[Level(income=1.0, jobs=124.0)]).enterprises.tolist() == [4, 6]
    heavier = planning.solve(jobs, levels=[Level(income=1.0, jobs=126.0)])
    assert heavier.enterprises.tolist() == [6, 4]
    assert heavier.reached == pytest.approx((heavier.income_idr + 126 * (30 + 4),))


def test_shadow_prices_of_a_weighted_level_are_in_rupiah():
    twice = planning.solve(FISH, levels=[Level(income=2.0)]).bottlenecks
    assert [b.shadow_price_idr for b in twice] == pytest.approx(
        [b.shadow_price_idr for b in planning.solve(FISH).bottlenecks]
    )


def test_the_poorest_place_comes_first_when_it_is_asked_for():
    # North and south each make for their own buyer; north's pays better. Three seats: all to the north, or two and one
    # where each person of the poorer place counts.
    two = make(capacity=[12.0], quantity=[99.0], south=1.0, both=True, seats_most=3, seats_least=3)
    two = changed(
        two,
        commodities={"price_idr": np.array([1.0, 1.0]), "transport_idr": np.array([9.0, 9.0])},
        outlets={
            "codes": ("n", "s"),
            "commodity": np.zeros(2, dtype=np.int64),
            "place": np.array([0, 1]),
            "price_idr": np.array([[5.0], [3.0]]),
            "quantity": np.full((2, 1), 99.0),
        },
    )
    assert planning.solve(two).enterprises.tolist() == [3, 0]
    fair = planning.solve(two, levels=[Level(poorest_place=1.0), Level(income=1.0)])
    assert fair.enterprises.tolist() == [1, 2]  # 48 and 48, against 96 and 24
    assert fair.reached[0] == pytest.approx(48)
    assert fair.aims["poorest_place"] == pytest.approx(48)
    assert fair.income_by_place_idr == pytest.approx([48, 48])
    many = changed(two, places={"people": np.array([0.0, 1.0])})  # nobody counts in the north
    assert planning.solve(many, levels=[Level(poorest_place=1.0)]).enterprises.tolist() == [0, 3]
    with pytest.raises(InvalidInputError, match="price of every commodity"):
        planning.solve(changed(two, commodities={"price_idr": np.empty(0)}), levels=[Level(poorest_place=1.0)])


def test_head_room_spares_the_tightest_resource():
    spared = planning.solve(replace(FISH, seats_least=0), levels=[Level(head_room=1.0), Level(income=1.0)])
    assert spared.aims["head_room"] == 1
    assert spared.enterprises.tolist() == [0, 0]
    some = planning.solve(
        replace(FISH, seats_least=10), levels=[Level(head_room=1.0), Level(income=1.0)]
    )  # four farms of six ponds are the fewest
    assert some.aims["head_room"] == pytest.approx(2 / 6)


def test_contracts_first_when_they_are_asked_for():
    # 12 to sell to a contract at 3 and others at 5: with contracts first all 12 go there.
    shared = changed(
        make(capacity=[12.0], quantity=[12.0]),
        outlets={
            "codes": ("bound", "free"),
            "commodity": np.zeros(2, dtype=np.int64),
            "place": np.zeros(2, dtype=np.int64),
            "firmness": np.array([3, 0]),
            "price_idr": np.array([[3.0], [5.0]]),
            "quantity": np.full((2, 1), 12.0),
        },
    )
    assert planning.solve(shared).sold.ravel().tolist() == [0, 12]
    assert planning.solve(shared, levels=[Level(contracted=1.0)]).sold.ravel() == pytest.approx([12, 0], abs=1e-5)


@pytest.mark.parametrize("levels", [[Level()], [Level(income=np.inf)], [Level(income=1.0, tolerance=-1.0)]])
def test_a_level_that_wants_nothing_is_refused(levels):
    with pytest.raises(InvalidInputError, match="A level wants"):
        planning.solve(FISH, levels=levels)


def test_jobs_without_any_limit_are_refused():
    endless = changed(make(capacity=[1.0], quantity=[1.0]), seats_most=NEVER)
    with pytest.raises(EngineError, match="no limit"):
        planning.solve(endless, levels=[Level(jobs=1.0)], whole=False)


@pytest.mark.parametrize("block", range(20))
def test_no_plan_of_whole_or_continuous_enterprises_earns_more(block):
    for seed in range(10 * block, 10 * block + 10):
        chain = random_chain(seed)
        continuous = changed(chain, activities={"least": np.zeros(2)})  # which only whole plans know
        compare(continuous, written(continuous).best(), whole=False)
        compare(chain, best_of_all(chain), whole=True)


def compare(chain: Chain, best: float | None, *, whole: bool) -> None:
    if best is None:
        with pytest.raises(InfeasibleError):
            planning.solve(chain, whole=whole)
        return
    plan = planning.solve(chain, whole=whole)
    assert plan.income_idr == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_a_year_without_months_is_never_worse(seed):
    chain = random_chain(seed)
    try:
        months = planning.solve(chain, whole=False).income_idr
    except InfeasibleError:
        return
    year = planning.solve(planning.year_of(ordered(chain).chain), whole=False).income_idr
    assert year >= months - 1e-6


def test_many_months_and_places_are_planned_from_the_year():
    # Twelve equal months: the year's enterprises are the best, and its bound proves it without any search by months.
    year = changed(FISH, activities={"capacity": np.full((2, 1), 12.0), "run_least": np.full(2, 0.5)})
    months = changed(
        year,
        period_months=np.ones(12),
        activities={"capacity": np.ones((2, 12))},
        pools={"available": np.full((1, 12), 0.5)},
        outlets={name: np.repeat(getattr(FISH.outlets, name), 12, axis=1) for name in ("quantity", "price_idr")},
    )
    year = changed(year, outlets={"quantity": FISH.outlets.quantity * 12})
    found = planning.solve(months)
    assert found.enterprises.tolist() == planning.solve(year).enterprises.tolist()
    assert found.income_idr == pytest.approx(planning.solve(year).income_idr)
    assert (found.converged, found.gap) == (True, pytest.approx(0, abs=1e-6))


def test_most_of_the_random_chains_have_a_plan():
    assert sum(written(random_chain(seed)).best() is not None for seed in range(50)) >= 35


MOVED = {
    "demand": ("outlets", "quantity"),
    "supplier": ("suppliers", "quantity"),
    "promise": ("outlets", "least"),
    "field_least": ("fields", "least"),
    "place_most": ("places", "seats_most"),
    "activity_most": ("activities", "most"),
    "storage": ("storages", "capacity"),
    "resource": ("pools", "available"),
}
MOVE = 1e-4  # of a unit; small enough to stay within the range where a shadow price holds


def income_after(chain: Chain, bottleneck, step: float) -> float | None:
    if bottleneck.kind in ("seats", "budget"):
        name = {"seats": "seats_most", "budget": "budget_idr"}[bottleneck.kind]
        return written(replace(chain, **{name: getattr(chain, name) + step})).best()
    if bottleneck.kind == "site_most":
        table, column = "sites", "most"
        row = np.flatnonzero((chain.sites.activity == bottleneck.index) & (chain.sites.place == bottleneck.place))[0]
    else:
        (table, column), row = MOVED[bottleneck.kind], bottleneck.index
    values = getattr(getattr(chain, table), column).copy()
    if bottleneck.kind == "resource" and len(bottleneck.by_period) == 1:
        values[row, 0] += step  # of a yearly kind the sum counts
    elif values.ndim == 2:
        values[row] += step * (values[row] > 0)  # a promise of nothing is no limit
    else:
        values[row] += step
    return written(changed(chain, **{table: {column: values}})).best()


def test_a_shadow_price_is_the_slope_of_the_income_and_its_range_holds_both():
    compared = [compare_with_slopes(random_chain(seed)) for seed in range(60)]
    assert sum(unique for unique, _ in compared) > 60
    assert sum(ranged for _, ranged in compared) > 100


def compare_with_slopes(chain: Chain) -> tuple[int, int]:
    """Compare shadow prices with the other solver's slopes to both sides; return how many were unique, and how many."""
    chain = changed(chain, activities={"least": np.zeros(2)})
    try:
        plan = planning.solve(chain, whole=False, ranges=99)
    except InfeasibleError:
        return 0, 0
    unique = ranged = 0
    for b in plan.bottlenecks:
        if b.kind not in MOVED and b.kind not in ("seats", "budget", "site_most"):
            continue
        more, less = (income_after(chain, b, step) for step in (MOVE, -MOVE))
        if more is None or less is None or (b.kind == "seats" and b.shadow_price_idr < 0):
            continue
        up, down = (more - plan.income_idr) / MOVE, (plan.income_idr - less) / MOVE
        assert b.lower_idr - 1e-2 <= up <= b.shadow_price_idr + 1e-2 <= down + 2e-2 <= b.upper_idr + 3e-2
        if abs(up - down) < 1e-4:
            assert b.shadow_price_idr == pytest.approx(up, abs=1e-3)
            unique += 1
        ranged += 1
    return unique, ranged


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_books_balance_whatever_the_chain(seed):
    chain = random_chain(seed)
    try:
        plan = planning.solve(chain)
    except InfeasibleError:
        return
    assert plan.seats.sum() == plan.enterprises.sum()
    made, used, bought = plan.made.sum(axis=1), plan.used.sum(axis=1), np.zeros(3)
    np.add.at(bought, chain.suppliers.commodity, plan.bought.sum(axis=1))
    sold = np.bincount(chain.outlets.commodity, plan.sold.sum(axis=1), 3)
    stock = np.bincount(chain.commodities.in_stock.row, chain.commodities.in_stock.value, 3)
    assert made + bought + stock == pytest.approx(used + sold + plan.left_over.sum(axis=1), abs=1e-6)
    moved = np.bincount(plan.links.commodity, plan.links.quantity, 3)
    assert moved == pytest.approx(made + bought + stock, abs=1e-5)
    earned = np.nansum(plan.income_by_site_idr * plan.enterprises)
    earned += np.nansum(plan.income_by_existing_idr * chain.existing.number)
    assert earned + plan.trade_idr == pytest.approx(plan.income_idr, abs=1e-5)
    assert plan.income_by_place_idr.sum() == pytest.approx(plan.income_idr, abs=1e-5)
    assert (plan.unmet >= 0).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_does_not_matter(seed):
    rng, chain = np.random.default_rng(seed), random_chain(seed)
    order = {name: rng.permutation(sizes(chain)[name]) for name in TABLES}
    try:
        plan = planning.solve(chain)
    except InfeasibleError:
        return
    turned = planning.solve(reordered(chain, order))
    for name, table in (("enterprises", "sites"), ("run", "sites"), ("sold", "outlets"), ("bought", "suppliers")):
        assert getattr(turned, name).tolist() == getattr(plan, name)[order[table]].tolist()
    assert turned.income_idr == plan.income_idr
    assert turned.seats.tolist() == plan.seats[order["fields"]][:, :, order["places"]].tolist()
    told = [
        {(b.kind, b.index if b.index < 0 else 0, b.shadow_price_idr) for b in p.bottlenecks} for p in (plan, turned)
    ]
    assert told[0] == told[1]


def test_sorting_a_sorted_chain_changes_nothing():
    once = ordered(random_chain(3)).chain
    again = ordered(once)
    assert all((order == np.arange(order.size)).all() for order in again.order.values())
    assert planning.solve(once).income_idr == planning.solve(random_chain(3)).income_idr


def at(row, column):
    return Entries(row=np.array(row), column=np.array(column), value=np.ones(len(column)))


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ({"seats_least": 11}, "exceed the most"),
        ({"budget_idr": -1.0}, "budget is negative"),
        ({"contract_share_least": 1.5}, "between 0 and 1"),
        ({"period_months": np.empty(0)}, "at least one period"),
        ({"activities": {"codes": ("farm", "farm")}}, "activities has a code twice"),
        ({"fields": {"least": np.array([11.0, 0.0])}}, "field's least seats exceed"),
        ({"places": {"seats_least": np.array([11.0]), "seats_most": np.array([1.0])}}, "place's least seats exceed"),
        ({"fields": {"least": np.array([-1.0, 0.0])}}, "fields.least has a number that is negative or missing"),
        ({"outlets": {"price_idr": np.array([[np.nan], [1.0]])}}, "negative or missing"),
        ({"outlets": {"quantity": np.array([[np.inf], [1.0]])}}, "infinite"),
        ({"outlets": {"least": np.array([[900.0], [1.0]])}}, "promised units exceed"),
        ({"outlets": {"price_idr": np.zeros((2, 3))}}, "outlets.price_idr must have shape"),
        ({"activities": {"field": np.array([0, 2])}}, "activities.field must lie between 0 and 1"),
        ({"activities": {"stage": np.array([0.0, 1.0])}}, "whole numbers"),
        ({"activities": {"run_least": np.array([0.0, 1.1])}}, "above 1"),
        ({"activities": {"output": at([0], [5])}}, "between 0 and 1"),
        ({"activities": {"output": at([0, 0], [0, 0])}}, "position twice"),
        ({"activities": {"output": at([0], [0, 0])}}, "each entry"),
        ({"sites": {"activity": np.array([0, 0])}}, "sites has a pair twice"),
        ({"routes": {"source": np.array([0]), "target": np.array([0])}}, "from a place to itself"),
    ],
)  # fmt: skip
def test_a_malformed_chain_is_refused(new, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        planning.solve(changed(FISH, **new))


def test_a_plan_without_activities_is_refused():
    with pytest.raises(InvalidInputError, match="one activity"):
        planning.solve(changed(FISH, activities={"codes": ()}))


@pytest.mark.parametrize("levels", [planning.INCOME, (Level(jobs=1.0), Level(income=1.0)), (Level(contracted=1.0),)])
@pytest.mark.parametrize("large", [1, solver.LARGE])
def test_rounding_proves_how_far_the_best_whole_plan_may_be(levels, large, monkeypatch):
    monkeypatch.setattr(solver, "LARGE", large)
    below = 0
    for seed in range(12):
        chain = random_chain(seed)
        try:
            best = planning.solve(chain, levels=levels)
        except InfeasibleError:
            continue
        near = planning.solve(chain, levels=levels, search=False, gap=0.05)
        assert near.enterprises == pytest.approx(np.round(near.enterprises))
        assert near.reached[0] <= best.reached[0] + 1e-6 * abs(best.reached[0]) + 1e-6
        assert best.reached[0] <= near.reached[0] + near.gap * max(abs(near.reached[0]), 1) + 1e-6
        below += near.gap > 0
    assert below  # whole numbers cost something now and then, or nothing was tested


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_a_plan_begun_near_another_is_the_same(seed):
    chain = random_chain(seed)
    dearer = changed(chain, outlets={"price_idr": chain.outlets.price_idr * 0.8})
    scarcer = changed(chain, outlets={"quantity": chain.outlets.quantity * 0.5, "least": chain.outlets.least * 0.5})
    try:
        plan = planning.solve(chain, whole=False)
    except InfeasibleError:
        return
    for other in (dearer, scarcer):
        try:
            alone = planning.solve(other, whole=False)
        except InfeasibleError:
            continue
        assert planning.solve(other, whole=False, near=plan).income_idr == pytest.approx(alone.income_idr, rel=1e-9)
