"""Errors of targeting from a sample: by hand, against another library, from everybody, and refused input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.targeting import compare, measure


def people(*, right: int, wrong: int, missed: int, rest: int) -> tuple[np.ndarray, np.ndarray]:
    """Seats and needs of so many: seated in need, seated without need, in need without a seat, neither."""
    seats = np.repeat([1.0, 1.0, 0.0, 0.0], [right, wrong, missed, rest])
    needs = np.repeat([True, False, True, False], [right, wrong, missed, rest])
    return seats, needs


def test_the_four_figures_by_hand() -> None:
    """Of 50 seats 30 reach the 40 in need of 100: 20/50 leak, 10/40 are missed, (30/50) / (40/100) = 1.5."""
    found = measure(*people(right=30, wrong=20, missed=10, rest=40))
    assert found.inclusion_error.value == pytest.approx(0.4)
    assert found.exclusion_error.value == pytest.approx(0.25)
    assert found.coverage.value == pytest.approx(0.75)
    assert found.index.value == pytest.approx(1.5)
    assert found.in_need.value == pytest.approx(0.4)
    assert (found.inclusion_error.people, found.exclusion_error.people, found.people) == (50, 40, 100)


def test_the_published_median_of_programmes() -> None:
    """Coady, Grosh and Hoddinott (2004), Targeting Outcomes Redux, abstract: the median programme transfers 25 percent
    more to the poorest two quintiles than a universal one, which is half of the transfers, an index of 1.25."""
    found = measure(*people(right=50, wrong=50, missed=30, rest=70))
    assert found.in_need.value == pytest.approx(0.4)
    assert found.index.value == pytest.approx(1.25)


def test_shares_of_a_plain_sample_have_the_intervals_of_another_library() -> None:
    found = measure(*people(right=30, wrong=20, missed=10, rest=40)).inclusion_error
    other = binomtest(20, 50).proportion_ci(method="wilson")
    assert found.low == pytest.approx(other.low, rel=0.02)  # n against n - 1 in the variance
    assert found.high == pytest.approx(other.high, rel=0.02)
    none = measure(*people(right=30, wrong=0, missed=10, rest=40)).inclusion_error
    other = binomtest(0, 30).proportion_ci(method="wilson")
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(other.high)


def test_weights_say_for_how_many_each_stands() -> None:
    """Two strata: 4 of 40 and 4 of 400. Missed in need: 10 x 1 of 10 x 2 + 100 x 1 of 100 x 1, so 110 / 120."""
    seats = np.array([1.0, 0, 1, 0, 0, 0, 0, 0])
    needs = np.array([True, True, False, False, True, False, False, False])
    weight, stratum = np.repeat([10.0, 100.0], 4), np.repeat([0, 1], 4)
    found = measure(seats, needs, weight=weight, stratum=stratum)
    assert found.exclusion_error.value == pytest.approx(110 / 120)
    assert found.in_need.value == pytest.approx(120 / 440)
    # by hand: per stratum (1 - f) n / (n - 1) of the squares about the mean of w (d - 3/11) / 440
    first = 0.9 * 4 / 3 * 4 * 0.25 * (10 / 440) ** 2
    second = 0.99 * 4 / 3 * 3 / 4 * (100 / 440) ** 2
    share, error2 = 3 / 11, first + second
    effective = share * (1 - share) / error2
    z = 1.959963984540054
    middle = (share + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z / (1 + z**2 / effective) * (share * (1 - share) / effective + z**2 / (4 * effective**2)) ** 0.5
    assert found.in_need.low == pytest.approx(middle - half)
    assert found.in_need.high == pytest.approx(middle + half)


def test_a_sample_of_everybody_leaves_no_doubt() -> None:
    seats, needs = people(right=30, wrong=20, missed=10, rest=40)
    found = measure(seats, needs, weight=np.ones(100))
    for figure in (found.inclusion_error, found.exclusion_error, found.index):
        assert figure.low == pytest.approx(figure.value)
        assert figure.high == pytest.approx(figure.value)
    whole = measure(np.ones(5), np.ones(5, dtype=bool), weight=np.ones(5)).inclusion_error
    assert (whole.low, whole.high) == (0, 0)


def test_ties_share_the_last_seats() -> None:
    """Half a seat each for one in need and one not: as many leak as reach."""
    found = measure(np.array([1.0, 0.5, 0.5, 0]), np.array([True, True, False, False]))
    assert found.inclusion_error.value == pytest.approx(0.25)
    assert found.exclusion_error.value == pytest.approx(0.25)


def test_a_group_too_small_gets_no_figure_and_says_how_many_it_has() -> None:
    seats, needs = people(right=30, wrong=20, missed=10, rest=40)
    few = np.arange(100) < 4  # four, all seated and in need
    found = measure(seats, needs, member=few, least=5)
    assert (found.inclusion_error.value, found.inclusion_error.people) == (None, 4)
    assert (found.index.value, found.people) == (None, 4)
    assert measure(seats, needs, member=few, least=4).exclusion_error.value == 0


def test_groups_add_up_to_the_whole() -> None:
    random = np.random.default_rng(2)
    seats, needs = (random.random(200) < 0.3).astype(float), random.random(200) < 0.4
    one = random.random(200) < 0.5
    parts = [measure(seats, needs, member=half) for half in (one, ~one)]
    missed = sum((part.exclusion_error.value or 0) * part.exclusion_error.people for part in parts)
    assert missed == pytest.approx((measure(seats, needs).exclusion_error.value or 0) * needs.sum())


def test_seats_for_nobody_in_need_have_an_index_of_nought_without_an_interval() -> None:
    found = measure(*people(right=0, wrong=5, missed=5, rest=5)).index
    assert (found.value, found.low, found.high) == (0, None, None)
    assert measure(*people(right=0, wrong=5, missed=0, rest=5)).index.value is None


def test_a_choice_against_itself_differs_in_nothing() -> None:
    seats, needs = people(right=30, wrong=20, missed=10, rest=40)
    found = compare(seats, seats, needs)
    assert found.differing == 0
    assert (found.exclusion_error.value, found.exclusion_error.low, found.exclusion_error.high) == (0, 0, 0)
    assert found.index.value == pytest.approx(1)


def test_a_paired_difference_by_hand() -> None:
    """The second gives one in need the seat of one who is not: of 4 in need 2 instead of 3 are missed.

    Influence d (s1 - s2 + 3/4 - 2/4) / 4: -3/16 of the one who gains and 1/16 of the other three in need, 0 in all;
    squared 9/256 + 3/256, times n / (n - 1)."""
    needs = np.array([True, True, True, True, False, False, False, False])
    first = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    second = np.array([1.0, 1, 0, 0, 0, 0, 0, 0])
    found = compare(first, second, needs)
    assert found.exclusion_error.value == pytest.approx(-0.25)
    error = (8 / 7 * 12 / 256) ** 0.5
    assert found.exclusion_error.low == pytest.approx(-0.25 - 1.959963984540054 * error)
    assert found.inclusion_error.value == pytest.approx(-0.5)
    assert found.index.value == pytest.approx(2)
    assert found.differing == 2


def test_lone_people_of_a_stratum_are_put_together() -> None:
    seats, needs = people(right=3, wrong=2, missed=2, rest=3)
    lone = measure(seats, needs, weight=np.full(10, 5.0), stratum=np.arange(10))
    plain = measure(seats, needs, weight=np.full(10, 5.0))
    assert lone == plain


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(1, 50)), min_size=1, max_size=40))
def test_figures_lie_in_their_intervals_and_within_bounds(rows: list[tuple[bool, bool, float]]) -> None:
    seats, needs, weight = (np.array(column) for column in zip(*rows, strict=True))
    found = measure(seats.astype(float), needs, weight=weight)
    for figure in (found.inclusion_error, found.exclusion_error, found.coverage, found.in_need):
        if figure.value is not None and figure.low is not None and figure.high is not None:
            assert 0 <= figure.low <= figure.value + 1e-9
            assert figure.value - 1e-9 <= figure.high <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"selected": np.array([1.0])},
        {"selected": np.array([2.0, 0.0])},
        {"weight": np.array([0.5, 1.0])},
        {"weight": np.array([np.nan, 1.0])},
        {"stratum": np.array([0])},
        {"confidence": 1.0},
        {"selected": np.array([]), "in_need": np.array([], dtype=bool)},
    ],
)
def test_wrong_input_is_refused(wrong: dict[str, object]) -> None:
    given_values = {"selected": np.array([1.0, 0.0]), "in_need": np.array([True, False])} | wrong
    with pytest.raises(InvalidInputError):
        measure(**given_values)  # type: ignore[arg-type]
