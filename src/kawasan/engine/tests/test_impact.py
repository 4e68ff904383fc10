"""Estimates against a published experiment, an independent library, hand computation and simulated draws."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
import statsmodels.api
from causaldata import nsw_mixtape

from kawasan.engine import impact
from kawasan.engine.errors import InvalidInputError

BEFORE = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
Floats = impact.Floats
Flags = impact.Flags


@pytest.fixture(scope="module")
def experiment() -> tuple[Floats, Flags, Floats]:
    """LaLonde's experiment as Dehejia and Wahba used it: earnings of 1978, who was trained, what was known before."""
    rows = nsw_mixtape.load_pandas().data
    return rows["re78"].to_numpy(float), rows["treat"].to_numpy() == 1, rows[BEFORE].to_numpy(float)


def test_the_published_difference_and_its_error(experiment: tuple[Floats, Flags, Floats]) -> None:
    earned, trained, _before = experiment
    effect = impact.naive(earned, trained)
    assert (effect.people_drawn, effect.people_others) == (185, 260)
    assert effect.effect == pytest.approx(1794.34, abs=0.005)
    assert effect.error == pytest.approx(632.85, abs=0.005)


@pytest.mark.parametrize("uses_covariates", [True, False])
def test_weights_and_covariates_as_an_independent_library_has_them(
    experiment: tuple[Floats, Flags, Floats], *, uses_covariates: bool
) -> None:
    earned, trained, before = experiment
    chance = 0.2 + 0.5 * (before[:, 0] - before[:, 0].min()) / np.ptp(before[:, 0])
    given = before if uses_covariates else before[:, :0]
    centred = given - given.mean(axis=0)
    design = np.column_stack([np.ones(len(earned)), trained, centred, trained[:, None] * centred])
    weight = np.where(trained, 1 / chance, 1 / (1 - chance))
    oracle = statsmodels.api.WLS(earned, design, weights=weight).fit(cov_type="HC3")
    effect = impact.adjusted(earned, trained, chance, given)
    assert effect.effect == pytest.approx(oracle.params[1], rel=1e-6)
    assert effect.error == pytest.approx(np.sqrt(oracle.cov_params()[1, 1]), rel=1e-6)
    assert (effect.low, effect.high) == pytest.approx(tuple(oracle.conf_int()[1]), rel=1e-6)


def test_hajek_means_by_hand() -> None:
    outcome = np.array([10.0, 20, 30, 4, 8, 12])
    drawn = np.array([True, True, True, False, False, False])
    chance = np.array([0.5, 0.25, 0.25, 0.5, 0.5, 0.75])
    effect = impact.adjusted(outcome, drawn, chance)
    assert effect.drawn == pytest.approx((10 * 2 + 20 * 4 + 30 * 4) / 10)
    assert effect.others == pytest.approx((4 * 2 + 8 * 2 + 12 * 4) / 8)
    assert effect.effect == pytest.approx(22 - 9)


def every_panel(people: int, seats: int) -> Flags:
    panels = np.zeros((len(list(combinations(range(people), seats))), people), dtype=bool)
    for row, panel in zip(panels, combinations(range(people), seats), strict=True):
        row[list(panel)] = True
    return panels


def test_without_an_effect_few_outcomes_are_as_far_as_a_redraw_test_says() -> None:
    """Over every panel there is, p is at most 5 % in at most 5 % of them: the test keeps its level exactly."""
    outcome = np.array([1.0, 3, 2, 7, 5, 9, 4, 8])
    panels = every_panel(8, 4)
    chance = np.full(8, 0.5)
    p_values = np.array([impact.redrawn(outcome, one, chance, panels).p_value for one in panels])
    for level in (0.05, 0.1, 0.3):
        assert (p_values <= level).mean() <= level
    assert (p_values <= 0.3).mean() > 0.2


def test_the_interval_of_redraws_holds_the_effect_that_everybody_gains() -> None:
    before = np.array([1.0, 3, 2, 7, 5, 9, 4, 8, 6, 10])
    panels = every_panel(10, 5)
    chance = np.full(10, 0.5)
    held = 0
    for drawn in panels[::5]:
        found = impact.redrawn(before + 2.5 * drawn, drawn, chance, panels)
        held += found.low <= 2.5 <= found.high
    assert held / len(panels[::5]) >= 0.95


def test_an_outcome_that_covariates_tell_exactly_is_no_effect() -> None:
    before = np.array([1.0, 0, 1, 0, 1, 1, 0, 0])
    found = impact.redrawn(before * 0.1, before[::-1] == 1, np.full(8, 0.5), every_panel(8, 4), before[:, None])
    assert found.p_value == pytest.approx(1)


def test_several_outcomes_are_corrected_step_by_step() -> None:
    random = np.random.default_rng(5)
    scores = np.abs(random.normal(size=(999, 3)))
    single = [(2.4, scores[:, 0]), (0.3, scores[:, 1]), (3.1, scores[:, 2])]
    corrected = impact.corrected(single)
    alone = [float((1 + (under >= seen).sum()) / 1000) for seen, under in single]
    assert all(together >= apart for together, apart in zip(corrected, alone, strict=True))
    largest = scores.max(axis=1)
    assert corrected[2] == pytest.approx((1 + (largest >= 3.1).sum()) / 1000)
    assert corrected[0] == pytest.approx(max(corrected[2], (1 + (scores[:, :2].max(axis=1) >= 2.4).sum()) / 1000))
    assert corrected[1] == pytest.approx(alone[1])


def test_bounds_by_hand() -> None:
    """Four of five drawn answered, two of four others: the drawn are trimmed to 62.5 % of their weight."""
    outcome = np.array([1.0, 2, 3, 4, 0, 1, 2, 0, 2.5, 3])
    drawn = np.array([True] * 5 + [False] * 5)
    answered = np.array([True] * 4 + [False] + [True, True, False, False, True])
    found = impact.bounds(outcome, answered, drawn, np.full(10, 0.5))
    others = (1 + 2 + 3) / 3
    assert (found.answered_drawn, found.answered_others) == pytest.approx((0.8, 0.6))
    assert found.low == pytest.approx((1 + 2 + 3) / 3 - others)
    assert found.high == pytest.approx((2 + 3 + 4) / 3 - others)


def test_nobody_missing_leaves_the_effect_where_it_is() -> None:
    outcome, drawn = np.array([1.0, 2, 3, 4, 5, 7]), np.array([True, False] * 3)
    everybody = np.ones(6, dtype=bool)
    found = impact.bounds(outcome, everybody, drawn, np.full(6, 0.5))
    effect = impact.adjusted(outcome, drawn, np.full(6, 0.5)).effect
    assert (found.low, found.high) == pytest.approx((effect, effect))


def faults() -> Iterator[tuple[str, Floats, Flags, Floats]]:
    outcome, drawn, chance = np.arange(8.0), np.array([True, False] * 4), np.full(8, 0.5)
    yield "not known", np.where(outcome == 3, np.nan, outcome), drawn, chance
    yield "each arm", outcome, outcome < 2, chance
    yield "certain or impossible", outcome, drawn, np.where(outcome == 3, 1.0, chance)


@pytest.mark.parametrize(("says", "outcome", "drawn", "chance"), list(faults()))
def test_what_cannot_be_estimated_is_refused(says: str, outcome: Floats, drawn: Flags, chance: Floats) -> None:
    with pytest.raises(InvalidInputError, match=says):
        impact.adjusted(outcome, drawn, chance)
