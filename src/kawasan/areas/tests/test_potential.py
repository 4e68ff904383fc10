"""The figures are checked against hand computation; those of trade, construction and manufacturing are real (2021)."""

import pytest

from kawasan.areas import services, workings
from kawasan.areas.rules import Basis, Quadrant, SectorClass
from kawasan.areas.tests import factories

pytestmark = pytest.mark.django_db


def sector(programme, code="G", **choices):
    return next(s for s in services.sector_study(programme, **choices).sectors if s.sector == code)


def amounts(programme, basis="employment"):
    """Two sectors and their totals: trade grows from 100 to 150 here and from 1000 to 1200 in the province."""
    for year, here, there in ((2019, (100, 300, 400), (1000, 7000, 8000)), (2021, (150, 300, 450), (1200, 7600, 8800))):
        for code, area, reference in zip(("G", "A", "TOTAL"), here, there, strict=True):
            factories.figure(programme, code, year, area, reference, basis=basis)


@pytest.mark.parametrize(
    ("area", "province", "quotient"),
    [(24.58, 14.74, 1.67), (11.49, 9.67, 1.19), (17.19, 20.86, 0.82)],
)
def test_the_location_quotient_is_the_share_in_the_area_over_that_in_the_province(programme, area, province, quotient):
    factories.figure(programme, "G", 2021, area, province)
    assert round(sector(programme).location_quotient, 2) == quotient


@pytest.mark.parametrize(("area", "province"), [(None, 19.66), (4.2, None), (None, None)])
def test_a_missing_share_leaves_the_quotient_unknown_and_is_not_nought(programme, area, province):
    factories.figure(programme, "A", 2021, area, province)
    found = sector(programme, "A")
    assert (found.end.area, found.end.reference) == (area, province)
    assert (found.location_quotient, found.dynamic_location_quotient) == (None, None)
    assert found.sector_class == SectorClass.UNKNOWN


def test_a_share_of_nought_is_a_figure(programme):
    factories.figure(programme, "B", 2021, 0, 9.54)
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
    factories.figure(programme, "J", 2018, *earlier)
    factories.figure(programme, "J", 2022, *now)
    found = sector(programme, "J")
    assert (round(found.location_quotient, 4), round(found.dynamic_location_quotient, 4)) == (lq, dlq)
    assert found.sector_class == expected


def test_the_years_compared_are_the_first_and_last_in_which_a_sector_is_known_on_both_sides(programme):
    factories.figure(programme, "G", 2018, 20.0, None)
    factories.figure(programme, "G", 2019, 20.0, 16.0)
    factories.figure(programme, "G", 2021, 24.0, 16.0)
    factories.figure(programme, "G", 2023, None, 15.69)
    found = sector(programme)
    assert (found.start.year, found.end.year) == (2019, 2021)
    assert (found.start.source, found.end.source) == ("BPS 2019", "BPS 2021")
    assert round(found.dynamic_location_quotient, 6) == 1.2


def test_one_year_gives_a_quotient_but_no_class_and_says_so(programme):
    factories.figure(programme, "G", 2021, 24.58, 14.74)
    study = services.sector_study(programme)
    assert study.sectors[0].start is None
    assert study.sectors[0].sector_class == SectorClass.UNKNOWN
    assert str(study.reasons[0]).startswith("One year only")


def test_sectors_of_another_programme_are_left_out(programme, other_programme):
    factories.figure(other_programme, "G", 2021, 24.58, 14.74)
    assert services.potential(programme) == []


def test_the_parts_of_a_change_are_those_worked_out_by_hand(programme):
    amounts(programme)
    parts = sector(programme).parts
    # The province grew by 10 %, trade there by 20 %, trade here by 50 %; with its structure it would be 400 / 8 here.
    assert (parts.change, parts.reference_growth) == pytest.approx((50, 10))
    assert (parts.industry_mix, parts.competitive) == pytest.approx((10, 30))
    assert (parts.homothetic, parts.pure_competitive, parts.allocation) == pytest.approx((50, 15, 15))


def test_the_quadrant_compares_growth_and_share_with_the_province(programme):
    amounts(programme)
    assert sector(programme).quadrant == Quadrant.DEVELOPED  # 50 % against 20 %; 33 % of the area, 14 % of the province
    assert sector(programme, "A").quadrant == Quadrant.UNDERDEVELOPED
    assert sector(programme).area_growth == pytest.approx(1.5**0.5 - 1)


def test_the_known_sectors_are_added_up(programme):
    amounts(programme)
    sums = services.sector_study(programme).sums
    assert sums.change == 50
    assert sums.reference_growth + sums.industry_mix + sums.competitive == pytest.approx(50)


def test_shares_cannot_be_split_and_the_page_is_told_why(programme):
    for year in (2018, 2021):
        factories.figure(programme, "G", year, 24.0, 15.0)
    study = services.sector_study(programme)
    assert (study.sums, study.sectors[0].parts, study.sectors[0].area_growth) == (None, None, None)
    assert study.sectors[0].quadrant == Quadrant.UNKNOWN
    assert "cannot be computed from shares" in str(study.reasons[0])


def test_without_a_total_nothing_is_computed_from_amounts_and_the_missing_row_is_named(programme):
    amounts(programme)
    programme.sector_figures.filter(sector="TOTAL", year=2021).delete()
    study = services.sector_study(programme)
    assert {s.location_quotient for s in study.sectors} == {None}
    assert [str(reason)[:61] for reason in study.reasons] == [
        "The total of all sectors in the area in 2021 is missing: ente",
        "The total of all sectors in the province in 2021 is missing: ",
    ]


def test_sectors_that_exceed_their_total_are_not_computed_but_said(programme):
    amounts(programme)
    programme.sector_figures.filter(sector="TOTAL", year=2021).update(area=300)
    study = services.sector_study(programme)
    assert study.sectors[0].location_quotient is None
    assert study.sectors[0].parts is None
    assert str(study.reasons[0]).startswith("The sectors of 2021 add up to more than their total")


def test_the_reader_chooses_basis_and_years(programme):
    amounts(programme)
    for year in (2018, 2020, 2021):
        factories.figure(programme, "G", year, 24.0, 15.0)
    study = services.sector_study(programme, start=2020, end=2021)
    assert (study.basis, study.start.year, study.end.year) == (Basis.GRDP_SHARE, 2020, 2021)
    assert services.sector_study(programme, basis="employment").end.year == 2021
    assert study.years == [2018, 2020, 2021]
    assert study.bases == [Basis.GRDP_SHARE, Basis.EMPLOYMENT]


@pytest.mark.parametrize("choice", [{"basis": "gold"}, {"start": 1900, "end": 3000}, {"start": 2021, "end": 2019}])
def test_a_choice_that_fits_nothing_is_no_error(programme, choice):
    amounts(programme)
    assert len(services.sector_study(programme, **choice).sectors) == 2


def test_every_figure_is_worked_out_with_its_numbers(programme):
    amounts(programme)
    study = services.sector_study(programme)
    filled = {one.anchor: str(one.filled) for one in workings.workings(study, study.sectors[1])}
    assert study.sectors[1].sector == "G"
    assert filled["change"] == "150.0 − 100.0 = 50.0"
    assert filled["allocation"].startswith("(100.0 − 50.0) × (150.0 ÷ 100.0 − 1200.0 ÷ 1000.0) = 15.0")
    assert set(filled) == {
        "lq", "dlq", "growth", "change", "national", "mix", "competitive", "homothetic", "pure", "allocation",
    }  # fmt: skip


def test_a_sector_of_which_only_one_side_is_known_is_listed(programme):
    factories.figure(programme, "A", 2022, None, 20.28)
    study = services.sector_study(programme)
    assert [s.sector for s in study.sectors] == ["A"]
    assert "In no year" in str(study.reasons[0])


def test_a_study_asks_the_database_once(programme, django_assert_num_queries):
    for year in (2018, 2022):
        for code in "ABCDEFG":
            factories.figure(programme, code, year, 10, 12)
    with django_assert_num_queries(1):
        assert len(services.potential(programme)) == 7
