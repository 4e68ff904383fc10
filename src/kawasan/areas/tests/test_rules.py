import pytest

from kawasan.areas.rules import (
    MEANINGS,
    QUADRANT_MEANINGS,
    UNITS_OF_BASIS,
    Basis,
    Lack,
    Quadrant,
    SectorClass,
    head_room,
    next_step,
    reasons_not_an_outline,
    reasons_not_computed,
    reasons_shares_too_large,
    reasons_unit_does_not_fit,
    warning,
)

RING = [[106.1, -2.1], [106.2, -2.1], [106.2, -2.2], [106.1, -2.1]]
AREA = {"places": 3, "short": 0, "indicators": 5, "unknown": 0}


@pytest.mark.parametrize(
    ("yearly", "used", "left"), [(500, 180, 320), (500, 600, -100), (None, 1, None), (5, None, None)]
)
def test_head_room_is_the_yield_less_the_use_and_unknown_when_either_is(yearly, used, left):
    assert head_room(yearly, used) == left


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        (400, "None"),
        (401, "80 % of the yield is used."),
        (450, "90 % of the yield is used."),
        (500, "100 % of the yield is used."),
        (501, "More is used than the resource can bear."),
        (None, "None"),
    ],
)
def test_a_resource_runs_short_above_eighty_per_cent(used, sentence):
    assert str(warning(500, used)) == sentence


def test_use_of_a_resource_that_yields_nothing_is_too_much():
    assert str(warning(0, 1)) == "More is used than the resource can bear."
    assert warning(0, 0) is None


def test_shares_above_the_whole_are_named_with_year_and_side():
    shares = [(2021, 60.0, 50.0), (2021, 45.2, 50.4), (2022, 80.0, None)]
    assert [r.params | {"where": str(r.params["where"])} for r in reasons_shares_too_large(shares)] == [
        {"year": "2021", "where": "area", "total": 105.2}
    ]


@pytest.mark.parametrize(
    ("change", "beginning"),
    [
        ({"places": 0}, "Enter the places"),
        ({"indicators": 0}, "Enter indicators"),
        ({"short": 2, "unknown": 1}, "Resources that run short: 2."),
        ({"unknown": 1}, "Indicators without a value: 1 of 5."),
        ({}, "The picture of the area is complete."),
    ],
)
def test_the_next_step_names_the_most_urgent_thing(change, beginning):
    assert str(next_step(**AREA | change)).startswith(beginning)


def test_every_class_of_sectors_has_a_meaning():
    assert set(MEANINGS) == set(SectorClass)
    assert set(QUADRANT_MEANINGS) == set(Quadrant)
    assert set(UNITS_OF_BASIS) == set(Basis)


@pytest.mark.parametrize(
    ("unit", "of_kind", "fits"),
    [
        ("kg", "kg", True),
        ("t", "kg", True),
        ("m2", "ha", True),
        ("ekor", "kg", False),
        ("kg", "ha", False),
        ("", "kg", False),
    ],
)
def test_a_unit_fits_its_kind_when_it_is_of_the_same_measure(unit, of_kind, fits):
    assert (reasons_unit_does_not_fit(unit, "ikan", of_kind) == []) is fits


def test_what_cannot_be_computed_says_which_figure_it_takes():
    lack = Lack(2021, area=True, reference=False, is_too_large=False)
    shares, amounts = (reasons_not_computed(b, [lack], is_one_year=False) for b in (Basis.GRDP_SHARE, Basis.EMPLOYMENT))
    assert [str(r)[:35] for r in shares] == [
        "Shift-share and the growth quadrant", "The total of all sectors in the are",
    ]  # fmt: skip
    assert len(amounts) == 1


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING], [RING, RING]]},
    ],
)
def test_polygons_are_outlines(geometry):
    assert reasons_not_an_outline(geometry) == []


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        "Polygon",
        [],
        {},
        {"type": "Point", "coordinates": [106, -2]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [RING[:3]]},
        {"type": "Polygon", "coordinates": [[*RING[:3], [106.1, -2.3]]]},
        {"type": "Polygon", "coordinates": [[["106", -2], *RING[1:3], ["106", -2]]]},
        {"type": "Polygon", "coordinates": [[[-2.1, 106.1], *RING[1:3], [-2.1, 106.1]]]},
        {"type": "MultiPolygon", "coordinates": [RING]},
    ],
)
def test_what_the_map_cannot_draw_is_refused_with_a_reason(geometry):
    assert len(reasons_not_an_outline(geometry)) == 1
