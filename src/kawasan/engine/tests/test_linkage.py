import numpy as np
import pytest

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.linkage import Comparison, Level, Model, estimate, find_pairs

MISSING = Level("missing", "name_l is null or name_r is null", is_missing=True)
SAME = Level("same", "name_l = name_r", 0.9, 0.01)
TOWN = Comparison("town", (Level("same", "town_l = town_r", 0.8, 0.2), Level("other", "ELSE", 0.2, 0.8)))
NAMES = ("one", "two", "three", "four", "five")
MODEL = Model((Comparison("name", (MISSING, SAME, Level("other", "ELSE", 0.1, 0.99))), TOWN), (("day",),), 0.1)
COLUMNS = {"name": ["a", "a", "b", None], "town": ["x", "x", "x", "y"], "day": ["1", "1", "1", "1"]}


def test_the_odds_are_the_prior_s_times_the_ratio_of_every_level():
    found = find_pairs(COLUMNS, MODEL, least=0)
    # Rows 0 and 1: odds 1/9 x 0.9/0.01 x 0.8/0.2 = 40.
    assert found.probability[0] == pytest.approx(40 / 41)
    # Rows 0 and 3: nothing is known of the name; 1/9 x 0.2/0.8 = 1/36.
    assert found.probability[2] == pytest.approx(1 / 37)
    assert found.names == ("name", "town")
    assert found.levels[[0, 1, 2]].tolist() == [[1, 0], [2, 0], [0, 1]]


def test_prior_and_weights_add_up_to_the_probability():
    found = find_pairs(COLUMNS, MODEL, least=0)
    bits = np.log2(0.1 / 0.9) + found.weights.sum(axis=1)
    assert 1 / (1 + 2**-bits) == pytest.approx(found.probability)


def test_a_frequent_value_says_less_than_a_rare_one():
    rare = Comparison(
        "name",
        (MISSING, Level("same", "name_l = name_r", 0.9, 0.1, rarity="name"), SAME, Level("other", "ELSE", 0.1, 0.9)),
    )
    names = ["siti"] * 6 + ["qory"] * 2
    found = find_pairs({"name": names, "day": ["1"] * 8}, Model((rare,), (("day",),), 0.1), least=0)
    weight = {(i, j): w for i, j, w in zip(found.first, found.second, found.weights[:, 0], strict=True)}
    assert weight[0, 1] == pytest.approx(np.log2(0.9 / (6 / 8)))
    assert weight[6, 7] == pytest.approx(np.log2(0.9 / (2 / 8)))


def test_only_pairs_that_a_rule_of_blocking_brings_together_are_looked_at():
    found = find_pairs(COLUMNS | {"day": ["1", "2", "1", None]}, MODEL, least=0)
    assert list(zip(found.first, found.second, strict=True)) == [(0, 2)]


def test_between_two_lists_no_pair_is_within_one():
    found = find_pairs(COLUMNS | {"of": ["a", "a", "b", "b"]}, MODEL, least=0, between="of")
    assert list(zip(found.first, found.second, strict=True)) == [(0, 2), (0, 3), (1, 2), (1, 3)]


def test_nobody_has_no_pairs():
    assert len(find_pairs({"name": [], "town": [], "day": []}, MODEL, least=0).first) == 0


def test_what_is_not_well_formed_is_refused():
    with pytest.raises(InvalidInputError, match="unequal length"):
        find_pairs(COLUMNS | {"day": ["1"]}, MODEL, least=0)
    with pytest.raises(InvalidInputError, match="probability"):
        find_pairs(COLUMNS, MODEL, least=2)
    with pytest.raises(InvalidInputError, match="no chances"):
        find_pairs(COLUMNS, Model((Comparison("name", (Level("same", "ELSE"),)),), (("day",),), 0.1), least=0)


def test_chances_are_estimated_near_those_by_which_a_table_was_made():
    rng = np.random.default_rng(1)
    people = {name: rng.integers(0, 200, 400).astype(str) for name in NAMES}
    again = {
        name: np.where(rng.random(400) < 0.1, rng.integers(0, 200, 400).astype(str), column)
        for name, column in people.items()
    }
    columns = {name: [*people[name], *again[name]] for name in people}
    levels = [Comparison(n, (Level("same", f"{n}_l = {n}_r"), Level("other", "ELSE"))) for n in NAMES]
    model = Model(tuple(levels), (("one",),), 0.001)
    found = estimate(columns, model, certain=[NAMES[:3]], sessions=["one", "two"], seed=1, recall=0.73)
    # A value is written anew in one of ten cases: 0.9 of 400, standard error 0.015; chance 1/200 from a million pairs.
    assert [c.levels[0].agree for c in found.comparisons] == pytest.approx([0.9] * 5, abs=0.06)
    assert [c.levels[0].chance for c in found.comparisons] == pytest.approx([0.005] * 5, abs=0.003)
