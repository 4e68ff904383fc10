import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.survival import survival

# Freireich and others (1963), weeks of remission with 6-mercaptopurine, as printed in Kalbfleisch and Prentice (2002).
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
ENDED = [True] * 9 + [False] * 12
PUBLISHED = {
    6: (0.8571, 0.6197, 0.9516),
    7: (0.8067, 0.5631, 0.9228),
    10: (0.7529, 0.5032, 0.8894),
    13: (0.6902, 0.4316, 0.8491),
    16: (0.6275, 0.3675, 0.8049),
    22: (0.5378, 0.2678, 0.7468),
    23: (0.4482, 0.1881, 0.6801),
}


def test_the_published_remissions_and_their_intervals() -> None:
    curve = survival(WEEKS, ENDED)
    assert curve.days.tolist() == list(PUBLISHED)
    for week, expected in PUBLISHED.items():
        found = curve.after(week)
        assert (found.alive, found.low, found.high) == pytest.approx(expected, abs=5e-5)


def test_between_ends_the_share_stays_and_beyond_the_last_followed_nothing_is_said() -> None:
    curve = survival(WEEKS, ENDED)
    assert (curve.after(5).alive, curve.after(5).at_risk, curve.after(5).is_bounded) == (1.0, 21, False)
    assert curve.after(15).alive == curve.after(13).alive
    assert (curve.after(35).at_risk, curve.after(36).at_risk, np.isnan(curve.after(36).alive)) == (1, 0, True)


lives = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40)


@given(lives)
def test_the_curve_equals_that_of_statsmodels(lives: list[tuple[int, bool]]) -> None:
    days, ended = (np.array(column) for column in zip(*lives, strict=True))
    curve, peer = survival(days, ended), SurvfuncRight(days, ended.astype(int))
    peers = dict(zip(peer.surv_times, peer.surv_prob, strict=True))
    assert {day: pytest.approx(share) for day, share in zip(curve.days, curve.alive, strict=True)} == {
        day: peers[day] for day in curve.days
    }
    assert set(curve.days) == set(days[ended])


@given(lives)
def test_the_order_of_lives_changes_nothing_and_shares_fall(lives: list[tuple[int, bool]]) -> None:
    curve, other = (survival(*zip(*order, strict=True)) for order in (lives, sorted(lives)))
    assert np.array_equal(curve.alive, other.alive)
    assert (np.diff(np.concatenate([[1.0], curve.alive])) < 0).all()
    known = ~np.isnan(curve.low)
    assert (curve.low[known] <= curve.alive[known]).all()
    assert (curve.alive[known] <= curve.high[known]).all()


def test_when_nobody_ended_everybody_lives_and_no_interval_is_made_up() -> None:
    found = survival([10, 20], [False, False]).after(15)
    assert (found.alive, found.is_bounded, found.at_risk) == (1.0, False, 1)


@pytest.mark.parametrize(
    ("days", "ended"), [([], []), ([1, 2], [True]), ([-1], [True]), ([float("nan")], [True]), ([[1]], [[True]])]
)
def test_what_is_no_table_of_lives_is_refused(days: list[float], ended: list[bool]) -> None:
    with pytest.raises(InvalidInputError):
        survival(days, ended)
