"""Scores of the five capitals: by hand, with what is missing, between the places, and ranked."""

import pytest

from kawasan.areas import services
from kawasan.areas.rules import Capital, Spread
from kawasan.areas.tests import factories
from kawasan.engine.location import CAPITALS

pytestmark = pytest.mark.django_db
FIVE = tuple(Capital)


@pytest.fixture
def districts(programme):
    whole = factories.whole(programme)
    return [
        factories.place(programme, f"19.71.0{n}", level="district", name=f"Kecamatan {n}", parent=whole)
        for n in (1, 2, 3)
    ]


def five(programme, districts, table, year=2022):
    """One indicator a capital, with a row of values a district."""
    indicators = [factories.indicator(programme, f"AST-{capital}", capital=capital) for capital in FIVE]
    for district, line in zip(districts, table, strict=True):
        for indicator, value in zip(indicators, line, strict=True):
            factories.asset_value(indicator, district, year, value)
    return indicators


def test_the_capitals_stand_in_the_order_of_the_engine():
    assert tuple(Capital) == CAPITALS


def test_a_capital_scores_the_weighted_mean_of_its_known_indicators(programme):
    factories.indicator(programme, "AST-1", value=80, worst=0, best=100, weight=3)  # scores 80
    factories.indicator(programme, "AST-2", value=6, worst=10, best=2, weight=1)  # less is better: scores 50
    factories.indicator(programme, "AST-3", value=None, worst=0, best=1, weight=4)
    natural = services.pentagon(programme)[0]
    assert natural.capital == Capital.NATURAL
    assert natural.score == pytest.approx((3 * 80 + 1 * 50) / 4)
    assert natural.known_share == pytest.approx(4 / 8)
    assert [i.value for i in natural.indicators] == [80, 6, None]


def test_a_capital_without_a_known_indicator_is_unknown_and_not_nought(programme):
    factories.indicator(programme, "AST-1", capital="social", value=None)
    scores = {s.capital: s for s in services.pentagon(programme)}
    assert (scores[Capital.SOCIAL].score, scores[Capital.SOCIAL].known_share) == (None, 0)
    assert (scores[Capital.HUMAN].score, scores[Capital.HUMAN].indicators) == (None, ())


def test_a_value_beyond_its_range_counts_as_its_end(programme):
    factories.indicator(programme, "AST-1", value=140)
    factories.indicator(programme, "AST-2", capital="human", value=-3)
    scores = services.pentagon(programme)
    assert (scores[0].score, scores[1].score) == (100, 0)


def test_a_single_later_value_does_not_empty_the_picture(programme):
    first = factories.indicator(programme, "AST-1", value=40)
    factories.indicator(programme, "AST-2", capital="human", value=70)
    factories.asset_value(first, factories.whole(programme), 2023, 45)
    assert [s.score for s in services.pentagon(programme)][:2] == [40, 70]


def test_between_the_places_the_worst_scores_nought_and_the_best_a_hundred_in_any_year(programme, districts):
    indicator = factories.indicator(programme, "AST-1", scale="places", direction="less", worst=None, best=None)
    for year, values in ((2021, (10, 6, None)), (2022, (8, 2, 4))):
        for district, value in zip(districts, values, strict=True):
            factories.asset_value(indicator, district, year, value)
    found = {(one.place.code, one.year): one.capitals[0].score for one in services.asset_study(programme).scores}
    assert [found["19.71.01", 2021], found["19.71.02", 2022], found["19.71.03", 2022]] == [0, 100, 75]
    assert found["19.71.03", 2021] is None
    assert found["19.71", 2022] == 0  # 50 lies beyond the worst of the places


def test_places_are_ranked_by_the_mean_of_their_capitals(programme, districts):
    five(programme, districts, [(50, 50, 50, 50, 50), (90, 20, 50, 55, 60), (10, 10, 10, 10, 10)])
    study = services.asset_study(programme)
    assert [(one.place.code, one.rank, one.mean) for one in study.ranking] == [
        ("19.71.02", 1, 55), ("19.71.01", 2, 50), ("19.71.03", 3, 10),
    ]  # fmt: skip
    assert (study.ranking[2].best_rank, study.ranking[2].worst_rank, study.ranking[2].shares) == (3, 3, (0, 0, 1))
    assert 0 < study.ranking[1].shares[0] < 0.5  # with much weight on human capital the middle one is first


def test_any_weights_leave_less_certain_than_doubled_ones(programme, districts):
    five(programme, districts, [(50, 50, 50, 50, 50), (90, 20, 60, 70, 80), (10, 10, 10, 10, 10)])
    near, far = (services.asset_study(programme, spread=spread).ranking[0].shares[0] for spread in Spread)
    assert near > far > 0.5


def test_a_place_with_an_unknown_capital_is_not_ranked_but_named(programme, districts):
    five(programme, districts, [(50, 50, 50, 50, 50), (90, None, 60, 70, 80), (10, 10, 10, 10, 10)])
    study = services.asset_study(programme)
    assert [one.place.code for one in study.ranking] == ["19.71.01", "19.71.03"]
    assert [(one.place.code, one.unknown) for one in study.not_ranked] == [("19.71.02", [Capital.HUMAN])]
    assert study.not_ranked[0].mean is None
    assert study.not_ranked[0].known_share == pytest.approx(0.8)


def test_the_year_of_the_ranking_can_be_chosen(programme, districts):
    indicators = five(programme, districts, [(50,) * 5, (90,) * 5, (10,) * 5])
    for indicator in indicators:
        factories.asset_value(indicator, districts[0], 2021, 99)
    assert services.asset_study(programme).ranked_year == 2022
    chosen = services.asset_study(programme, year=2021)
    assert (chosen.ranked_year, [one.place.code for one in chosen.ranking]) == (2021, ["19.71.01"])
    assert services.asset_study(programme, year=1999).ranked_year == 2022


def test_places_of_another_area_are_left_out(programme, districts):
    five(programme, districts, [(50,) * 5, (90,) * 5, (10,) * 5])
    stranger = factories.place(programme, "19.01", level="regency")
    factories.asset_value(programme.asset_indicators.first(), stranger, 2022, 5)
    assert len(services.asset_study(programme).ranking) == 3


def test_the_indicators_of_one_place_are_shown_with_their_scores(programme, districts):
    five(programme, districts, [(50, 50, 50, 50, 50), (90, 20, 60, 70, 80), (10, 10, 10, 10, 10)])
    found = services.place_score(programme, districts[1], 2022)
    assert [i.score for c in found.capitals for i in c.indicators] == [90, 20, 60, 70, 80]
    assert services.place_score(programme, districts[1], 1999) is None


def test_a_study_of_the_assets_asks_the_database_twice(programme, districts, django_assert_num_queries):
    five(programme, districts, [(50,) * 5, (90,) * 5, (10,) * 5])
    with django_assert_num_queries(2):
        services.asset_study(programme)
