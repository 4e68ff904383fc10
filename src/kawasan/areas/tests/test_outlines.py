"""Geometry against figures worked out by hand: near the equator a hundredth of a degree is 1.1132 km."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.areas import outlines

CELL_KM2 = 1.1132**2  # of a square of a hundredth of a degree at the equator


def square(west, south, side=0.01):
    return shapely.box(west, south, west + side, south + side)


def star(points):
    """A ring whose every side crosses nearly every other."""
    angle = np.arange(points) * 2 * np.pi * ((points - 1) // 2) / points
    return shapely.Polygon(np.c_[106 + np.cos(angle), -2 + np.sin(angle)])


def wavy(steps=400):
    """Two neighbours with one wavy border of many points."""
    y = np.linspace(0, 1, steps)
    border = np.c_[0.5 + 0.0001 * np.sin(60 * y), y] * 0.1
    left = shapely.Polygon([(0, 0), *border, (0, 0.1)])
    right = shapely.Polygon([(0.1, 0), *border, (0.1, 0.1)])
    return [left, right]


def test_the_area_of_a_square_at_the_equator_is_as_computed_by_hand():
    assert outlines.km2(square(106, -0.005)) == pytest.approx(CELL_KM2, rel=1e-6)


def test_a_degree_of_longitude_is_shorter_away_from_the_equator():
    assert outlines.km2(square(106, -10.005)) == pytest.approx(CELL_KM2 * np.cos(np.radians(10)), rel=1e-5)


def test_a_spike_of_no_area_is_mended_and_a_bow_tie_is_not():
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (1, 2), (1, 1), (0, 1)])
    assert not spike.is_valid
    assert outlines.mended(spike).area == pytest.approx(1)
    assert outlines.mended(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])) is None


def test_where_a_bow_tie_crosses_itself_is_named():
    assert outlines.fault_at(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])) == (1, 1)


def test_a_knot_of_lines_is_noticed_before_it_is_mended():
    assert outlines.crosses_too_often([star(3001)])
    assert not outlines.crosses_too_often(wavy())


def test_overlaps_are_shares_of_the_smaller_outline():
    found = outlines.overlaps([square(0, 0), square(0.0075, 0), square(0.01, 0.02)])
    assert [(a, b, round(share, 6)) for a, b, share in found] == [(0, 1, 0.25)]


def test_simplifying_keeps_one_border_between_neighbours():
    made, tolerance = outlines.simplified(wavy())
    assert tolerance == outlines.TOLERANCES_M[0]
    assert shapely.coverage_is_valid(np.array(made))
    assert shapely.get_num_coordinates(np.array(made)).sum() < 200
    assert shapely.area(made[0]) == pytest.approx(shapely.area(wavy()[0]), rel=1e-3)


def test_slivers_between_neighbours_are_closed_before_simplifying():
    gaping = [square(0, 0), shapely.box(0.0099999, 0, 0.02, 0.01)]
    assert not shapely.coverage_is_valid(np.array(gaping))
    made, _tolerance = outlines.simplified(gaping)
    assert shapely.coverage_is_valid(np.array(made))


def test_a_whole_has_no_slivers_of_its_parts_and_keeps_a_true_hole():
    ring = shapely.Polygon(
        square(0, 0, 0.1).exterior, [square(0.04, 0.04, 0.02).exterior, square(0.01, 0.01, 0.0002).exterior]
    )
    assert len(outlines.merged([ring]).interiors) == 1


def test_rings_run_against_the_clock_as_the_standard_wants():
    written = outlines.written(shapely.Polygon([(0, 0), (0, 1), (1, 1), (1, 0)]))
    assert shapely.LinearRing(written["coordinates"][0]).is_ccw


def test_cells_part_the_ground_halfway_between_two_centres():
    within = shapely.box(0, 0, 0.04, 0.02)
    found = outlines.cells({"a": (0.01, 0.01), "b": (0.03, 0.01)}, within)
    assert found["a"].equals_exact(shapely.box(0, 0, 0.02, 0.02), 1e-9) or found["a"].area == pytest.approx(0.0004)
    assert found["a"].area == pytest.approx(found["b"].area)


def test_one_centre_gets_all_there_is_or_a_circle():
    within = square(0, 0)
    assert outlines.cells({"a": (0.005, 0.005)}, within) == {"a": within}
    assert outlines.cells({"a": (0.005, 0.005)}, None)["a"].contains(shapely.Point(0.005, 0.005))


def test_of_two_centres_at_one_spot_the_first_has_the_cell():
    assert list(outlines.cells({"a": (0.0, 0.0), "b": (0.0, 0.0), "c": (0.1, 0.0)}, None)) == ["a", "c"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(-1000, 0)), min_size=2, max_size=25, unique=True))
def test_every_cell_holds_its_centre_and_no_point_belongs_to_another_that_is_nearer(spots):
    centres = {str(n): (106 + x / 1e4, -2 + y / 1e4) for n, (x, y) in enumerate(spots)}
    found = outlines.cells(centres, None)
    assert all(found[key].buffer(1e-9).contains(shapely.Point(centre)) for key, centre in centres.items())
    squeeze = np.array([np.cos(np.radians(sum(c[1] for c in centres.values()) / len(centres))), 1.0])
    corners = {key: cell.representative_point() for key, cell in found.items()}
    points = np.array(list(centres.values())) * squeeze
    for number, (key, inside) in enumerate(corners.items()):
        distances = np.hypot(*((points - np.array(inside.coords[0]) * squeeze).T))
        assert distances[list(centres).index(key)] <= distances.min() + 1e-9, number


def test_a_neck_narrower_than_what_is_kept_of_a_position_leaves_a_valid_outline():
    neck = [(0, 0), (1, 0), (1, 1), (0.5, 0.5 + 2e-7), (0, 1), (0, 0.5), (0.5, 0.5), (0, 0.4999999)]
    outline = shapely.Polygon(neck)
    assert outline.is_valid
    assert not shapely.transform(outline, lambda points: np.round(points, outlines.DIGITS)).is_valid
    written = outlines.read(outlines.written(outline))
    assert written.is_valid
    assert written.area == pytest.approx(outline.area, rel=1e-5)
