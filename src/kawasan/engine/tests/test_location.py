import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawasan.engine import location
from kawasan.engine.errors import InvalidInputError

NONE = np.nan
# Shares of gross regional product in per cent, 2021: trade, construction, manufacturing, agriculture. The first row is
# Pangkalpinang (agriculture is not published), the second the province of the Bangka Belitung Islands.
CITY = np.array([24.58, 11.49, 17.19, NONE])
PROVINCE = np.array([14.74, 9.67, 20.86, 19.66])

amounts = st.lists(st.floats(0.1, 1e6), min_size=3, max_size=3).map(np.array)


def test_pangkalpinang_is_specialised_in_trade_and_construction_not_in_manufacturing():
    quotient = location.location_quotient(CITY, PROVINCE)
    assert quotient.round(2).tolist()[:3] == [1.67, 1.19, 0.82]


def test_a_missing_share_stays_missing():
    assert np.isnan(location.location_quotient(CITY, PROVINCE)[3])


def test_a_sector_that_the_reference_lacks_has_no_quotient():
    assert np.isnan(location.location_quotient(np.array([0.0, 1.0]), np.array([0.0, 1.0]))[0])


def test_amounts_with_their_totals_give_the_quotient_of_their_shares():
    # 30 of 40 against 200 of 400: 75 % against 50 %.
    quotient = location.location_quotient(
        np.array([30.0, 10.0]), np.array([200.0, 200.0]), area_total=40, reference_total=400
    )
    assert quotient.tolist() == [1.5, 0.5]


def test_amounts_without_their_totals_are_refused():
    with pytest.raises(InvalidInputError, match="more than their total"):
        location.location_quotient(np.array([300.0, 100.0]), np.array([2000.0, 2000.0]))


def test_a_sector_that_grows_like_everywhere_has_a_dynamic_quotient_of_one():
    # In the area the sector grows from 100 to 121 while all grow from 400 to 484: both 10 % a year for two years.
    dynamic = location.dynamic_location_quotient(
        np.array([100.0]),
        np.array([121.0]),
        np.array([10.0]),
        np.array([30.0]),
        2,
        area_totals=(400, 484),
        reference_totals=(50, 150),
    )
    assert dynamic == pytest.approx([1])


def test_a_dynamic_quotient_worked_out_by_hand():
    # Yearly growth over three years: sector 20 % and all 5 % in the area, sector 8 % and all 6 % in the reference.
    dynamic = location.dynamic_location_quotient(
        np.array([10.0]),
        np.array([10 * 1.2**3]),
        np.array([70.0]),
        np.array([70 * 1.08**3]),
        3,
        area_totals=(90, 90 * 1.05**3),
        reference_totals=(800, 800 * 1.06**3),
    )
    assert dynamic == pytest.approx([((1.20 / 1.05) / (1.08 / 1.06)) ** 3])


@given(area_start=amounts, area_end=amounts, reference_start=amounts, reference_end=amounts, years=st.integers(1, 10))
def test_the_dynamic_quotient_is_how_the_quotient_changed(area_start, area_end, reference_start, reference_end, years):
    dynamic = location.dynamic_location_quotient(
        area_start,
        area_end,
        reference_start,
        reference_end,
        years,
        area_totals=(area_start.sum(), area_end.sum()),
        reference_totals=(reference_start.sum(), reference_end.sum()),
    )
    start, end = (
        location.location_quotient(area, reference, area_total=area.sum(), reference_total=reference.sum())
        for area, reference in ((area_start, reference_start), (area_end, reference_end))
    )
    assert dynamic == pytest.approx(end / start)


@given(area=amounts, reference=amounts)
def test_shares_give_the_quotients_of_their_amounts(area, reference):
    by_amount = location.location_quotient(area, reference, area_total=area.sum(), reference_total=reference.sum())
    by_share = location.location_quotient(area / area.sum() * 100, reference / reference.sum() * 100)
    assert by_share == pytest.approx(by_amount)


@given(area=amounts, reference=amounts)
def test_quotients_weighted_by_the_reference_have_a_mean_of_one(area, reference):
    quotient = location.location_quotient(area, reference, area_total=area.sum(), reference_total=reference.sum())
    assert quotient @ reference / reference.sum() == pytest.approx(1)


def test_a_sector_that_was_not_there_at_the_start_has_no_dynamics():
    here, then = np.array([0.0, 9.0]), np.array([1.0, 9.0])
    assert np.isnan(location.dynamic_location_quotient(here, then, then, then, 1)[0])


def test_sectors_are_classed_by_strength_and_direction():
    classes = location.classify(np.array([1.2, 1.2, 0.8, 0.8, NONE, 1.2]), np.array([1.1, 0.9, 1.1, 0.9, 1.1, NONE]))
    assert classes == ("leading", "mature", "prospective", "lagging", "unknown", "unknown")


def test_one_exactly_is_not_above_one():
    assert location.classify(np.array([1.0, 1.0 + 1e-12]), np.array([1.0 + 1e-12, 1.0])) == ("lagging", "lagging")


def test_no_years_are_refused():
    with pytest.raises(InvalidInputError, match="positive"):
        location.dynamic_location_quotient(CITY, CITY, PROVINCE, PROVINCE, 0)


@pytest.mark.parametrize(
    ("area", "reference", "sentence"),
    [
        (np.array([1.0]), np.array([1.0, 2.0]), "same shape"),
        (np.array([-1.0]), np.array([1.0]), "not negative"),
        (np.array([np.inf]), np.array([1.0]), "finite"),
    ],
)
def test_malformed_sectors_are_refused(area, reference, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        location.location_quotient(area, reference)


def scores(*indicators):
    capital, value, worst, best, weight = (np.array(column) for column in zip(*indicators, strict=True))
    return location.capital_scores(capital, value.astype(float), worst.astype(float), best.astype(float), weight * 1.0)


def test_a_capital_is_the_weighted_mean_of_its_known_indicators():
    # Nine years of schooling between 4 and 14 score 50; 4 % unemployed between 10 (worst) and 2 score 75 and weigh 3.
    found = scores((1, 9, 4, 14, 1), (1, 4, 10, 2, 3), (1, NONE, 0, 1, 4))
    assert found.score[1] == pytest.approx((50 + 3 * 75) / 4)
    assert found.known_share[1] == pytest.approx(0.5)


def test_a_capital_without_a_known_indicator_has_no_score():
    found = scores((0, NONE, 0, 1, 1))
    assert np.isnan(found.score).all()
    assert found.known_share.tolist() == [0, 0, 0, 0, 0]


def test_beyond_worst_and_best_the_score_stays_at_its_ends():
    found = scores((0, -5, 0, 10, 1), (1, 15, 0, 10, 1), (2, 15, 10, 0, 1), (3, -5, 10, 0, 1))
    assert found.score.tolist()[:4] == [0, 100, 0, 100]


@given(value=st.floats(-1e3, 1e3), worst=st.floats(-1e3, 1e3), best=st.floats(-1e3, 1e3))
def test_a_score_lies_between_nothing_and_a_hundred_and_turns_with_its_scale(value, worst, best):
    if abs(best - worst) < 1e-3:
        return
    score = scores((2, value, worst, best, 1)).score[2]
    assert 0 <= score <= 100
    assert scores((2, value, best, worst, 1)).score[2] == pytest.approx(100 - score)


@pytest.mark.parametrize(
    ("indicator", "sentence"),
    [
        ((5, 1, 0, 1, 1), "from 0 to 4"),
        ((0, 1, 2, 2, 1), "differ"),
        ((0, 1, NONE, 2, 1), "differ"),
        ((0, 1, 0, 1, -1), "weight"),
        ((0, np.inf, 0, 1, 1), "finite"),
    ],
)
def test_malformed_indicators_are_refused(indicator, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        scores(indicator)


def test_an_indicator_without_a_range_counts_as_unknown():
    found = scores((0, 50, NONE, NONE, 3), (0, 5, 0, 10, 1))
    assert (found.score[0], found.known_share[0]) == (50, 0.25)


# A published worked example: Krumme, "Shift & Share Table with Excel Explanations", University of Washington, Geography
# 350 (faculty.washington.edu/krumme/350/ssexcel.html). Four industries of a region in 1985 and 1995; the nation had 10,
# 20, 40 and 30 % of its employment in them and they grew by 10, 20, 30 and 40 %. Its table gives location quotients of
# 5, .5, .5 and .667, a national growth effect of 290, a differential effect of 420 and a composition effect of -80.
REGION = (np.array([500.0, 100.0, 200.0, 200.0]), np.array([1000.0, 100.0, 250.0, 280.0]))
NATION = (np.array([10.0, 20.0, 40.0, 30.0]), np.array([11.0, 24.0, 52.0, 42.0]))


def krumme():
    return location.shift_share(*REGION, *NATION, area_total=1000, reference_totals=(100, 129))


def test_the_published_location_quotients_are_found():
    quotient = location.location_quotient(REGION[0], NATION[0], area_total=1000, reference_total=100)
    assert quotient.round(3).tolist() == [5, 0.5, 0.5, 0.667]


def test_the_published_shift_and_share_is_found():
    found = krumme()
    assert found.change.tolist() == [500, 0, 50, 80]
    assert found.reference_growth.sum() == pytest.approx(290)
    assert found.industry_mix == pytest.approx([-95, -9, 2, 22])
    assert found.competitive == pytest.approx([450, -20, -10, 0])
    assert (found.industry_mix.sum(), found.competitive.sum()) == pytest.approx((-80, 420))


def test_the_competitive_effect_of_the_published_example_splits_as_worked_out_by_hand():
    # With the nation's structure the region would have 1000 * (.1, .2, .4, .3) workers. Its industries grew by 90, -20,
    # -5 and 0 percentage points more than the nation's.
    found = krumme()
    assert found.homothetic == pytest.approx([100, 200, 400, 300])
    assert found.pure_competitive == pytest.approx([90, -40, -20, 0])
    assert found.allocation == pytest.approx([360, 20, 10, 0])


@given(area_start=amounts, area_end=amounts, reference_start=amounts, reference_end=amounts)
def test_the_parts_of_a_change_add_up_to_it(area_start, area_end, reference_start, reference_end):
    found = location.shift_share(
        area_start,
        area_end,
        reference_start,
        reference_end,
        area_total=area_start.sum(),
        reference_totals=(reference_start.sum(), reference_end.sum()),
    )
    near = {"rel": 1e-9, "abs": 1e-9 * (1 + np.abs(found.pure_competitive).max() + np.abs(found.industry_mix).max())}
    assert found.reference_growth + found.industry_mix + found.competitive == pytest.approx(found.change, **near)
    assert found.pure_competitive + found.allocation == pytest.approx(found.competitive, **near)
    assert found.homothetic.sum() == pytest.approx(area_start.sum())


@given(start=amounts, end=amounts, size=st.floats(0.1, 10))
def test_an_area_with_the_structure_of_the_reference_has_no_allocation_effect(start, end, size):
    total = start.sum()
    found = location.shift_share(
        start * size, end, start, start * 2, area_total=total * size, reference_totals=(total, total * 2)
    )
    assert np.abs(found.allocation).max() <= 1e-9 * (1 + np.abs(found.pure_competitive).max())


def test_a_missing_figure_leaves_its_sector_unknown_and_the_others_known():
    found = location.shift_share(
        np.array([10.0, 20.0]),
        np.array([12.0, NONE]),
        np.array([100.0, 300.0]),
        np.array([110.0, 330.0]),
        area_total=40,
        reference_totals=(500, 550),
    )
    assert found.competitive[0] == pytest.approx(1)
    assert np.isnan([part[1] for part in (found.change, found.industry_mix, found.competitive, found.homothetic)]).all()


def test_a_sector_that_is_new_in_the_area_is_all_competitive():
    found = location.shift_share(
        np.array([0.0]), np.array([7.0]), np.array([10.0]), np.array([20.0]), area_total=50, reference_totals=(100, 120)
    )
    assert (found.change[0], found.competitive[0], found.industry_mix[0]) == (7, 7, 0)
    assert np.isnan(found.allocation[0])


def test_growth_is_the_compound_yearly_rate():
    growth = location.mean_growth(np.array([100.0, 0.0, NONE]), np.array([121.0, 5.0, 1.0]), 2)
    assert growth[0] == pytest.approx(0.1)
    assert np.isnan(growth[1:]).all()


def test_sectors_are_placed_in_their_quadrant():
    quadrants = location.growth_quadrant(
        np.array([5.0, 2.0, 5.0, 2.0, NONE, 3.0]),
        np.array([3.0, 3.0, 3.0, 3.0, 3.0, 3.0]),
        np.array([9.0, 9.0, 1.0, 1.0, 9.0, 4.0]),
        np.full(6, 4.0),
    )
    assert quadrants == ("developed", "stagnant", "developing", "underdeveloped", "unknown", "underdeveloped")


def test_the_range_over_places_turns_with_the_direction_and_needs_two_values():
    value = np.array([[1.0, 5.0, 2.0], [4.0, 5.0, NONE], [NONE, 5.0, NONE]])
    worst, best = location.range_over_places(value, np.array([False, True, True]))
    assert (worst[0], best[0]) == (4, 1)
    assert np.isnan(worst[1:]).all()
    assert np.isnan(best[1:]).all()


def test_a_direction_for_every_indicator_is_asked_for():
    with pytest.raises(InvalidInputError, match="shape"):
        location.range_over_places(np.ones((2, 3)), np.array([True]))
