"""Small counts stay unknown even to somebody who subtracts."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawasan.reports.withholding import class_of, classes, withheld

LEAST = 5


def possible(counts, hidden):
    """Every way in which the withheld counts of a whole of known sum could stand, as a reader may reason."""
    keys, total = list(hidden), sum(counts[key] for key in hidden)
    ranges = [range(1, LEAST) if hidden[key] else range(LEAST, total + 1) for key in keys]
    return [values for values in product(*ranges) if sum(values) == total]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 9, "b": 12}, {}),
        ({"a": 0, "b": 12}, {}),
        ({"a": 3, "b": 9, "c": 12}, {"a": True, "b": False}),
        ({"a": 1, "b": 5, "c": 12}, {"a": True, "b": False, "c": False}),  # 6 for both would give away 1 and 5
        ({"a": 1, "b": 1, "c": 12}, {"a": True, "b": True, "c": False}),  # 2 for both would give away 1 and 1
        ({"a": 2, "b": 3, "c": 12}, {"a": True, "b": True}),
    ],
)
def test_what_is_withheld_beside_small_counts(counts, expected):
    assert withheld(counts, LEAST) == (expected, True)


def test_a_lone_small_count_asks_for_its_whole_to_be_withheld():
    assert withheld({"a": 3, "b": 0}, LEAST) == ({"a": True}, False)


def test_a_part_that_must_be_withheld_is_not_alone():
    assert withheld({"a": 30, "b": 9, "c": 12}, LEAST, forced={"a"}) == ({"a": False, "b": False}, True)


@given(st.lists(st.integers(0, 14), min_size=1, max_size=6))
def test_no_small_count_can_be_worked_out_from_the_sum(numbers):
    counts = dict(enumerate(numbers))
    hidden, is_enough = withheld(counts, LEAST)
    assert {key for key, count in counts.items() if 0 < count < LEAST} <= hidden.keys()
    if hidden and is_enough:
        ways = possible(counts, hidden)
        for position, key in enumerate(hidden):
            if hidden[key]:
                assert len({values[position] for values in ways}) > 1, (counts, hidden)


def test_classes_hold_about_as_many_values_each_and_never_part_equal_ones():
    assert classes([5, 1, 4, 2, 3, 6, 7, 8, 9, 10]) == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]
    assert classes([1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7]) == [(1, 1), (2, 3), (4, 4), (5, 6), (7, 7)]
    assert classes([3, 3, 7]) == [(3, 3), (7, 7)]
    assert classes([]) == []


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_every_value_lies_in_its_class(values):
    found = classes(values)
    for value in values:
        least, most = found[class_of(value, found)]
        assert least <= value <= most
