import itertools

import numpy as np
import pytest

from kawasan.engine import planning, scenarios
from kawasan.engine.chain import changed
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.planning import Level
from kawasan.engine.scenarios import as_started
from kawasan.engine.tests.chains import FISH, make, random_chain

# Two products for two buyers: eight seats; each enterprise sells 12 at its buyer's price and costs 12 when it runs.
TWO = make(capacity=[12.0], quantity=[96.0], south=1.0, both=True, seats_most=8, seats_least=8)
TWO = changed(
    TWO,
    commodities={"transport_idr": np.array([9.0, 9.0])},
    outlets={
        "codes": ("n", "s"),
        "commodity": np.zeros(2, dtype=np.int64),
        "place": np.array([0, 1]),
        "price_idr": np.array([[5.0], [3.0]]),
        "quantity": np.full((2, 1), 96.0),
    },
)
WITHOUT_NORTH = scenarios.without_outlets(TWO, np.array([0]))


def test_a_buyer_who_drops_out_costs_what_the_enterprises_there_earned():
    plan = planning.solve(TWO)
    assert plan.enterprises.tolist() == [8, 0]
    expected, dropped = scenarios.compare(plan, [("expected", TWO), ("buyer", WITHOUT_NORTH)])
    assert (expected.kept.income_idr, expected.regret_idr) == pytest.approx((8 * 12 * 4, 0))
    assert dropped.kept.enterprises.tolist() == [8, 0]
    assert dropped.kept.income_idr == pytest.approx(0)  # they stand still
    assert dropped.anew.enterprises.tolist() == [0, 8]
    assert dropped.regret_idr == pytest.approx(8 * 12 * 2)


def test_prices_seasons_and_resources_change_what_is_said_of_them():
    cheaper = scenarios.with_outlet_prices(TWO, np.array([0]), 0.8)
    assert planning.solve(cheaper).income_idr == pytest.approx(8 * 12 * 3)
    failed = scenarios.without_seasons(TWO, np.array([0]), np.array([0]), left=0.25)
    assert planning.solve(failed).income_idr == pytest.approx(8 * 3 * 4)
    halved = scenarios.with_pools(FISH, np.array([0]), 0.5)
    assert halved.pools.available.tolist() == [[3]]
    assert FISH.pools.available.tolist() == [[6]]
    dearer = changed(TWO, suppliers={"codes": ("a",), "commodity": np.array([1]), "price_idr": np.array([[10.0]])})
    assert scenarios.with_supplier_prices(dearer, np.array([0]), 1.3).suppliers.price_idr.tolist() == [[13]]


def test_a_scenario_without_a_plan_says_why_and_still_tells_what_becomes_of_the_enterprises():
    promised = changed(TWO, outlets={"quantity": np.array([[96.0], [200.0]]), "least": np.array([[0.0], [200.0]])})
    (outcome,) = scenarios.compare(planning.solve(TWO), [("promised too much", promised)])
    assert outcome.anew is None
    assert outcome.conflict == ("commodity[good]", "promise[s]", "seats")
    assert np.isnan(outcome.regret_idr)
    assert outcome.kept.short == pytest.approx(np.array([[0], [200 - 96]]))


def test_the_robust_plan_hedges():
    # North pays 4 net and drops out or not; south 2 net, always: with x in the north the worst is 24 (8 - x), best at
    # x = 0 - unless the south may drop out too: then 48 x = 24 (8 - x) at x = 8/3, so in whole numbers 3 (worst 120).
    alone = scenarios.robust([TWO, WITHOUT_NORTH])
    assert alone.enterprises.tolist() == [0, 8]
    assert alone.worst == pytest.approx(8 * 24)
    without_south = scenarios.without_outlets(TWO, np.array([1]))
    both = scenarios.robust([TWO, WITHOUT_NORTH, without_south])
    assert both.enterprises.tolist() == [3, 5]
    assert both.incomes_idr == pytest.approx([3 * 48 + 5 * 24, 120, 144])
    assert (both.worst, both.which) == (pytest.approx(120), 1)
    assert (both.converged, [plan.income_idr for plan in both.plans]) == (
        True,
        pytest.approx(both.incomes_idr.tolist()),
    )
    parts = scenarios.robust([TWO, WITHOUT_NORTH, without_south], whole=False)
    assert parts.enterprises == pytest.approx([8 / 3, 16 / 3])
    assert parts.worst == pytest.approx(128)


def test_of_plans_equally_good_in_the_worst_scenario_the_best_in_the_mean_is_taken():
    nobody = scenarios.without_outlets(TWO, np.array([0, 1]))
    assert scenarios.robust([TWO, nobody]).enterprises.tolist() == [8, 0]


def test_the_worst_may_be_of_another_aim():
    jobs = scenarios.robust([TWO, WITHOUT_NORTH], level=Level(jobs=1.0))
    assert jobs.worst == pytest.approx(8)
    assert jobs.enterprises.tolist() == [8, 0]  # 384 in the mean of both against 192 and 192: equal means, more income


@pytest.mark.parametrize("seed", [0, 2, 3, 7, 9])
def test_no_other_enterprises_are_better_in_the_worst_scenario(seed):
    rng = np.random.default_rng(seed)
    chain = changed(random_chain(seed), outlets={"least": np.empty(0)}, fields={"least": np.empty(0)})
    chain = changed(chain, activities={"least": np.empty(0)}, contract_share_least=0.0)
    chains = [chain, *(scenarios.with_outlet_prices(chain, np.array([o]), rng.uniform(0, 0.9)) for o in range(2))]
    found = scenarios.robust(chains)
    worst = []
    for started in itertools.product(range(4), repeat=4):
        try:
            incomes = [
                planning.solve(as_started(c), whole=False, enterprises=np.array(started)).income_idr for c in chains
            ]
        except InfeasibleError:
            continue
        worst.append(min(incomes))
    assert found.worst == pytest.approx(max(worst), rel=1e-6)


def test_scenarios_with_other_sites_are_refused():
    with pytest.raises(InvalidInputError, match="same activities and sites"):
        scenarios.robust([TWO, changed(TWO, sites={"place": np.array([0]), "activity": np.array([0])})])
    with pytest.raises(InvalidInputError, match="at least one"):
        scenarios.robust([])


def test_enterprises_that_are_impossible_in_every_scenario_are_named():
    with pytest.raises(InfeasibleError) as refused:
        scenarios.robust([changed(TWO, places={"seats_most": np.array([3.0, 3.0])})])
    assert "seats" in refused.value.conflict


def test_rounding_the_robust_plan_proves_how_far_the_best_may_be():
    without_south = scenarios.without_outlets(TWO, np.array([1]))
    found = scenarios.robust([TWO, WITHOUT_NORTH, without_south], search=False, gap=0.2)
    assert found.enterprises == pytest.approx(np.round(found.enterprises))
    assert found.worst <= 120 + 1e-6  # the best whole one
    assert found.worst * (1 + found.gap) + 1e-3 >= 128  # the best in parts
    assert found.worst == pytest.approx(min(found.incomes_idr))


def test_a_scenario_that_is_harmless_for_the_plan_need_not_be_in_its_programme():
    poorer = [scenarios.with_outlet_prices(TWO, np.array([0, 1]), factor) for factor in (0.9, 0.8, 0.7)]
    found = scenarios.robust([TWO, *poorer])
    assert (found.which, len(found.plans)) == (3, 4)
    assert found.enterprises.tolist() == scenarios.robust([TWO, poorer[2]]).enterprises.tolist()
