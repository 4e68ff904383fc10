"""The figures are checked against hand computation; those of trade, construction and manufacturing are real (2021)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from kawasan.areas import services
from kawasan.areas.models import Boundary, Resource
from kawasan.areas.rules import Capital, SectorClass
from kawasan.areas.tests import factories
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.engine.location import CAPITALS

pytestmark = pytest.mark.django_db


def sector(programme, code="G"):
    return next(s for s in services.potential(programme) if s.sector == code)


@pytest.mark.parametrize(
    ("area", "province", "quotient"),
    [(24.58, 14.74, 1.67), (11.49, 9.67, 1.19), (17.19, 20.86, 0.82)],
)
def test_the_location_quotient_is_the_share_in_the_area_over_that_in_the_province(programme, area, province, quotient):
    factories.sector_share(programme, "G", 2021, area, province)
    assert round(sector(programme).location_quotient, 2) == quotient


@pytest.mark.parametrize(("area", "province"), [(None, 19.66), (4.2, None), (None, None)])
def test_a_missing_share_leaves_the_quotient_unknown_and_is_not_nought(programme, area, province):
    factories.sector_share(programme, "A", 2021, area, province)
    found = sector(programme, "A")
    assert (found.now.area, found.now.province) == (area, province)
    assert (found.location_quotient, found.dynamic_location_quotient) == (None, None)
    assert found.sector_class == SectorClass.UNKNOWN


def test_a_share_of_nought_is_a_figure(programme):
    factories.sector_share(programme, "B", 2021, 0, 9.54)
    assert sector(programme, "B").location_quotient == 0


@pytest.mark.parametrize(
    ("earlier", "now", "lq", "dlq", "expected"),
    [
        ((20.0, 16.0), (24.0, 16.0), 1.5, 1.2, SectorClass.LEADING),  # LQ 1.25 to 1.50
        ((24.0, 16.0), (20.0, 16.0), 1.25, 0.8333, SectorClass.MATURE),  # 1.50 to 1.25
        ((5.0, 20.0), (8.0, 16.0), 0.5, 2.0, SectorClass.PROSPECTIVE),  # 0.25 to 0.50
        ((8.0, 16.0), (5.0, 20.0), 0.25, 0.5, SectorClass.LAGGING),  # 0.50 to 0.25
    ],
)
def test_the_dynamic_quotient_is_the_later_over_the_earlier_and_gives_the_class(
    programme, earlier, now, lq, dlq, expected
):
    factories.sector_share(programme, "J", 2018, *earlier)
    factories.sector_share(programme, "J", 2022, *now)
    found = sector(programme, "J")
    assert (round(found.location_quotient, 4), round(found.dynamic_location_quotient, 4)) == (lq, dlq)
    assert found.sector_class == expected


def test_the_years_compared_are_those_in_which_both_shares_are_known(programme):
    factories.sector_share(programme, "G", 2018, 20.0, None)
    factories.sector_share(programme, "G", 2019, 20.0, 16.0)
    factories.sector_share(programme, "G", 2021, 24.0, 16.0)
    factories.sector_share(programme, "G", 2023, None, 15.69)
    found = sector(programme)
    assert (found.earlier.year, found.now.year) == (2019, 2021)
    assert (found.earlier.source, found.now.source) == ("BPS 2019", "BPS 2021")
    assert round(found.dynamic_location_quotient, 6) == 1.2


def test_one_year_gives_a_quotient_but_no_class(programme):
    factories.sector_share(programme, "G", 2021, 24.58, 14.74)
    assert sector(programme).earlier is None
    assert sector(programme).sector_class == SectorClass.UNKNOWN


def test_sectors_of_another_programme_are_left_out(programme, other_programme):
    factories.sector_share(other_programme, "G", 2021, 24.58, 14.74)
    assert services.potential(programme) == []


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


def test_a_resource_is_added_changed_and_logged(programme, ani):
    resource = services.add_resource(
        programme=programme,
        by=ani,
        code="RES-9",
        name="Ikan tenggiri",
        capital="natural",
        place=factories.place(programme),
        quantity=500,
        unit="ton",
        as_of=datetime.date(2022, 8, 1),
        source="synthetic",
    )
    services.change_resource(resource=resource, changes={"sustainable_yield": 400.0, "used": 390.0}, by=ani)
    assert Resource.objects.get().head_room == 10
    assert [e.verb for e in LogEntry.objects.all()] == ["areas.resource_changed", "areas.resource_added"]
    assert [fault for fault in verify_log() if "areas.Resource" in str(fault)] == []


def test_a_change_of_nothing_is_not_logged(programme, ani):
    services.change_resource(resource=factories.resource(factories.place(programme)), changes={}, by=ani)
    assert not LogEntry.objects.exists()


def test_a_negative_yield_is_not_stored(programme, ani):
    resource = factories.resource(factories.place(programme))
    with pytest.raises(ValidationError):
        services.change_resource(resource=resource, changes={"sustainable_yield": -1.0}, by=ani)
    assert Resource.objects.get().sustainable_yield is None


def test_the_database_and_the_rule_agree_on_what_runs_short(programme):
    place = factories.place(programme)
    for number, (yearly, used) in enumerate([(500, 400), (500, 401), (0, 0), (0, 1), (None, 9), (9, None), (3, 2.4)]):
        factories.resource(place, f"RES-{number}", sustainable_yield=yearly, used=used)
    by_rule = {r.code for r in Resource.objects.all() if r.warning}
    assert {r.code for r in Resource.objects.running_short()} == by_rule == {"RES-1", "RES-3"}


def test_half_a_position_cannot_be_stored(programme):
    with pytest.raises(IntegrityError):
        factories.resource(factories.place(programme), latitude=-2.1)


def test_a_boundary_that_is_no_polygon_is_refused_in_words(programme):
    row = Boundary(programme=programme, place=factories.place(programme), geometry={"type": "Point"}, source="x")
    with pytest.raises(ValidationError, match="Polygon"):
        row.full_clean()


def test_potential_and_pentagon_ask_the_database_once_each(programme, django_assert_num_queries):
    for year in (2018, 2022):
        for code in "ABCDEFG":
            factories.sector_share(programme, code, year, 10, 12)
    factories.indicator(programme, "AST-1")
    with django_assert_num_queries(2):
        assert len(services.potential(programme)) == 7
        services.pentagon(programme)
