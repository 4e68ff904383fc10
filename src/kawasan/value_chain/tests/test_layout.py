"""The geometry of the picture: a hand-made case, and properties over many made-up chains."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.value_chain.layout import COLUMN, SPACE, THINNEST, Box, Flow, Layout, Node, lay_out

TOLERANCE = 1e-6


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[Node], list[Flow]]:
    columns = draw(st.lists(st.integers(0, 5), min_size=2, max_size=18))
    nodes = [Node(f"n{i}", column, draw(st.sampled_from([26.0, 42.0, 58.0]))) for i, column in enumerate(columns)]
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda pair: pair[0] is not pair[1])
    pairs = draw(st.lists(ends, max_size=30, unique_by=lambda pair: (pair[0].key, pair[1].key)))
    values = st.floats(0, 1e10, allow_nan=False)
    return nodes, [Flow(source.key, target.key, draw(values)) for source, target in pairs]


def box_of(layout: Layout, key: str) -> Box:
    return next(box for box in layout.boxes if box.key == key)


def ends_at(layout: Layout, flows: list[Flow], key: str, *, arriving: bool) -> list[tuple[float, float]]:
    """Top and bottom of each ribbon at one edge of a card, from the top down."""
    found = []
    for ribbon in layout.ribbons:
        flow = flows[ribbon.flow]
        if (flow.target if arriving else flow.source) == key:
            _x, y = ribbon.points[-1 if arriving else 0]
            found.append((y - ribbon.width / 2, y + ribbon.width / 2))
    return sorted(found)


def test_a_ribbon_runs_from_the_right_edge_of_one_card_to_the_left_edge_of_the_next() -> None:
    layout = lay_out([Node("a", 0, 40), Node("b", 1, 40)], [Flow("a", "b", 100)])
    assert layout.ribbons[0].points[0][0] == box_of(layout, "a").x + COLUMN
    assert layout.ribbons[0].points[-1][0] == box_of(layout, "b").x


def test_strips_are_as_tall_as_the_values_that_pass_through_them() -> None:
    nodes = [Node("a", 0, 40), Node("b", 1, 40), Node("c", 1, 40)]
    layout = lay_out(nodes, [Flow("a", "b", 300), Flow("a", "c", 100)])
    heights = [box_of(layout, key).arriving.height for key in ("b", "c")]
    assert heights[0] == pytest.approx(3 * heights[1])
    assert box_of(layout, "a").leaving.height == pytest.approx(sum(heights))


def test_a_flow_of_nothing_is_still_seen() -> None:
    layout = lay_out([Node("a", 0, 40), Node("b", 1, 40)], [Flow("a", "b", 0)])
    assert layout.ribbons[0].width == THINNEST


def test_a_ribbon_that_skips_a_column_keeps_clear_of_the_cards_there() -> None:
    nodes = [Node("a", 0, 40), Node("between", 1, 40), Node("b", 2, 40)]
    layout = lay_out(nodes, [Flow("a", "b", 100), Flow("a", "between", 50)])
    ribbon, card = layout.ribbons[0], box_of(layout, "between")
    passing = ribbon.points[1][1]
    assert passing + ribbon.width / 2 <= card.y or passing - ribbon.width / 2 >= card.y + card.height


def test_a_ribbon_that_goes_back_runs_below_every_card() -> None:
    layout = lay_out([Node("a", 0, 40), Node("b", 1, 40)], [Flow("a", "b", 100), Flow("b", "a", 10)])
    lane = layout.ribbons[1].lane
    assert lane is not None
    assert lane > max(box.y + box.height for box in layout.boxes)
    assert layout.height >= lane


def test_no_cards_make_an_empty_picture() -> None:
    assert lay_out([], []).boxes == ()


@settings(max_examples=60, deadline=None)
@given(chains())
def test_ribbons_never_overlap_at_a_card_and_stay_within_it(chain: tuple[list[Node], list[Flow]]) -> None:
    nodes, flows = chain
    layout = lay_out(nodes, flows)
    for box in layout.boxes:
        for arriving in (True, False):
            ends = ends_at(layout, flows, box.key, arriving=arriving)
            assert all(above[1] <= below[0] + TOLERANCE for above, below in pairwise(ends))
            assert all(box.y - TOLERANCE <= top and bottom <= box.y + box.height + TOLERANCE for top, bottom in ends)


@settings(max_examples=60, deadline=None)
@given(chains())
def test_cards_of_a_column_keep_their_distance_and_fit_into_the_picture(chain: tuple[list[Node], list[Flow]]) -> None:
    layout = lay_out(*chain)
    for x in {box.x for box in layout.boxes}:
        column = sorted((box for box in layout.boxes if box.x == x), key=lambda box: box.y)
        assert all(a.y + a.height + SPACE <= b.y + TOLERANCE for a, b in pairwise(column))
        assert column[0].y >= -TOLERANCE
        assert column[-1].y + column[-1].height <= layout.height + TOLERANCE


@settings(max_examples=30, deadline=None)
@given(chains())
def test_all_ribbons_share_one_scale(chain: tuple[list[Node], list[Flow]]) -> None:
    nodes, flows = chain
    layout = lay_out(nodes, flows)
    wide = [(r.width, flows[r.flow].value) for r in layout.ribbons if r.width > THINNEST]
    for (width_a, value_a), (width_b, value_b) in pairwise(wide):
        assert width_a * value_b == pytest.approx(width_b * value_a)


@settings(max_examples=20, deadline=None)
@given(chains())
def test_words_always_have_the_height_they_need(chain: tuple[list[Node], list[Flow]]) -> None:
    layout = lay_out(*chain)
    needed = {node.key: node.least_height for node in chain[0]}
    assert all(box.height >= needed[box.key] for box in layout.boxes)
