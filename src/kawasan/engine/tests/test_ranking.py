import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine import ranking
from kawasan.engine.errors import InvalidInputError

NONE = np.nan
FIVE = np.arange(5)


def sensitivity(score, *, group=FIVE, weight=None, spread=None, seed=1, draws=20_000):
    score = np.array(score, dtype=float)
    weight = np.ones(score.shape[1]) if weight is None else np.array(weight, dtype=float)
    return ranking.rank_sensitivity(score, np.array(group), weight, spread=spread, seed=seed, draws=draws)


def error(share, draws=20_000):
    """Four standard errors of a share of draws."""
    return 4 * math.sqrt(share * (1 - share) / draws)


def test_a_place_scores_the_mean_of_its_groups_by_hand():
    # Group 0: (3 * 80 + 1 * 40) / 4 = 70, group 1: 20 of the one known indicator; the mean is 45.
    found = sensitivity([[80, 40, 20, NONE], [10, 10, 10, 10]], group=[0, 0, 1, 1], weight=[3, 1, 2, 5])
    assert found.score.tolist() == [45, 10]
    assert found.rank.tolist() == [1, 2]


def test_any_weights_give_the_share_worked_out_by_hand():
    # The first leads by 60 in one group, the second by 30 in another: it wins where the one weight is more than half
    # of the other. Of two weights of a uniform vector the first has a uniform share, which must be above a third.
    found = sensitivity([[60, 0, 9, 9, 9], [0, 30, 9, 9, 9]])
    assert found.acceptability[0, 0] == pytest.approx(2 / 3, abs=error(2 / 3))
    assert found.acceptability[1] == pytest.approx(found.acceptability[0, ::-1])


def test_weights_up_to_doubled_or_halved_give_the_share_worked_out_by_hand():
    # It loses where the second weight is more than twice the first. The difference of their logarithms is triangular
    # on -2 log 2 .. 2 log 2, and beyond log 2 lies an eighth.
    found = sensitivity([[60, 0, 9, 9, 9], [0, 30, 9, 9, 9]], spread=2)
    assert found.acceptability[0, 0] == pytest.approx(7 / 8, abs=error(7 / 8))


def test_a_place_that_is_better_in_everything_is_first_whatever_the_weights():
    found = sensitivity([[50, 50, 50, 50, 51], [40, 45, 49, 11, 50], [10, 10, 10, 10, 10]])
    assert found.acceptability.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert (found.best_rank.tolist(), found.worst_rank.tolist()) == ([1, 2, 3], [1, 2, 3])


def test_places_that_are_even_share_the_better_rank():
    found = sensitivity([[5] * 5, [5] * 5, [1] * 5])
    assert found.rank.tolist() == [1, 1, 3]
    assert found.acceptability[:2, 0].tolist() == [1, 1]


def test_the_same_seed_gives_the_same_shares():
    places = np.random.default_rng(7).uniform(0, 100, (6, 5))
    first, again, other = (sensitivity(places, seed=seed, draws=500).acceptability for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).any()


@settings(max_examples=40)
@given(st.integers(1, 6), st.integers(0, 1000), st.sampled_from([None, 1.5, 4.0]))
def test_every_place_has_some_rank_in_every_draw_between_its_extremes(places, seed, spread):
    score = np.random.default_rng(seed).uniform(0, 100, (places, 5))
    found = sensitivity(score, spread=spread, draws=200)
    assert found.acceptability.sum(axis=1) == pytest.approx(np.ones(places))
    assert ((found.best_rank <= found.worst_rank) & (found.best_rank >= 1) & (found.worst_rank <= places)).all()
    reached = found.acceptability > 0
    assert (reached.argmax(axis=1) + 1 == found.best_rank).all()


def test_hardly_any_spread_keeps_the_given_ranks():
    score = np.random.default_rng(5).uniform(0, 100, (7, 5))
    found = sensitivity(score, spread=1 + 1e-6, draws=100)
    assert (found.best_rank == found.rank).all()
    assert (found.worst_rank == found.rank).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"score": np.zeros((0, 5))}, "none of them empty"),
        ({"weight": np.ones(4)}, "shape"),
        ({"weight": np.array([1, 1, 1, 1, 0.0])}, "positive"),
        ({"group": np.array([0, 1, 2, 3, -1])}, "whole number"),
        ({"spread": 1.0}, "more than 1"),
        ({"draws": 0}, "draws"),
        ({"score": np.array([[1, 2, 3, 4, NONE]])}, "known indicator in every group"),
    ],
)
def test_malformed_input_is_refused(change, sentence):
    given = {"score": np.ones((2, 5)), "group": FIVE, "weight": np.ones(5), "spread": None, "seed": 1, "draws": 10}
    given |= change
    with pytest.raises(InvalidInputError, match=sentence):
        ranking.rank_sensitivity(given.pop("score"), given.pop("group"), given.pop("weight"), **given)
