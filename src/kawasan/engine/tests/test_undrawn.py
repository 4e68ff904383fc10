"""Without a draw: against the published gap, an independent library, hand computation and simulated programmes."""

import numpy as np
import pandas
import pytest
import statsmodels.api
from causaldata import cps_mixtape, nsw_mixtape

from kawasan.engine import impact, undrawn
from kawasan.engine.errors import InfeasibleError, InvalidInputError

KNOWN = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
Floats = undrawn.Floats
Flags = undrawn.Flags


@pytest.fixture(scope="module")
def rows() -> pandas.DataFrame:
    """Whom LaLonde's experiment trained, beside 15,992 people of a survey who were never offered it (CPS-1)."""
    trained = nsw_mixtape.load_pandas().data
    return pandas.concat([trained[trained.treat == 1], cps_mixtape.load_pandas().data])


def columns(rows: pandas.DataFrame, *names: str) -> Floats:
    return rows[list(names)].to_numpy(float)


def trained(rows: pandas.DataFrame) -> Flags:
    return (rows.treat == 1).to_numpy()


def test_the_published_gap_that_misleads(rows: pandas.DataFrame) -> None:
    """Dehejia and Wahba (1999): -8,498 dollars with an error of 712, where the experiment found 1,794."""
    gap = impact.naive(columns(rows, "re78")[:, 0], trained(rows))
    assert (gap.people_drawn, gap.people_others) == (185, 15992)
    assert gap.effect == pytest.approx(-8497.52, abs=0.005)
    assert gap.error == pytest.approx(712.02, abs=0.005)


def test_both_designs_come_nearer_to_the_experiment_than_the_gap(rows: pandas.DataFrame) -> None:
    before, after = columns(rows, "re75")[:, 0], columns(rows, "re78")[:, 0]
    known = columns(rows, *KNOWN[:6])
    changed = undrawn.difference_in_differences(before, after, trained(rows), known)
    assert changed.effect == pytest.approx(2056.83, abs=0.01)
    weighed, overlap = undrawn.weighted(after, trained(rows), columns(rows, *KNOWN))
    assert weighed.effect == pytest.approx(1180.41, abs=0.01)
    assert overlap.is_enough
    assert np.abs(overlap.before).max() > 3
    assert all(one.low < 1794.34 < one.high for one in (changed, weighed))


def test_without_covariates_it_is_the_difference_of_changes(rows: pandas.DataFrame) -> None:
    before, after = columns(rows, "re75")[:, 0], columns(rows, "re78")[:, 0]
    change, seated = after - before, trained(rows)
    oracle = statsmodels.api.OLS(change, statsmodels.api.add_constant(seated.astype(float))).fit(cov_type="HC0")
    found = undrawn.difference_in_differences(before, after, seated)
    assert found.effect == pytest.approx(oracle.params[1])
    assert found.error == pytest.approx(np.sqrt(oracle.cov_params()[1, 1]), rel=1e-3)


def test_chances_and_weights_as_an_independent_library_has_them(rows: pandas.DataFrame) -> None:
    seated, known = trained(rows), columns(rows, *KNOWN)
    design = statsmodels.api.add_constant((known - known.mean(axis=0)) / known.std(axis=0))
    oracle = statsmodels.api.GLM(seated.astype(float), design, family=statsmodels.api.families.Binomial()).fit()
    chance = np.asarray(oracle.fittedvalues)
    assert undrawn.chances(seated, design) == pytest.approx(chance, abs=1e-9)
    outcome = columns(rows, "re78")[:, 0]
    weight = np.where(seated, 1.0, chance / (1 - chance))
    fit = statsmodels.api.WLS(outcome, statsmodels.api.add_constant(seated.astype(float)), weights=weight).fit()
    assert undrawn.weighted(outcome, seated, known)[0].effect == pytest.approx(fit.params[1], rel=1e-6)


def made(random: np.random.Generator, people: int = 600) -> tuple[Floats, Floats, Flags, Floats]:
    """Before, after, who is seated and what was known: a seat adds a half, and those who would do well have more."""
    known = random.normal(size=(people, 2))
    seated = random.random(people) < 1 / (1 + np.exp(1 - 0.8 * known[:, 0] + 0.5 * known[:, 1]))
    before = known @ [0.3, 0.2] + random.normal(size=people)
    after = before + known @ [0.4, 0.0] + random.normal(size=people) + 0.5 * seated
    return before, after, seated, known


def test_intervals_hold_the_effect_as_often_as_they_say_and_the_gap_does_not() -> None:
    random = np.random.default_rng(11)
    times, held, gap = 300, [0, 0], 0
    for _time in range(times):
        before, after, seated, known = made(random)
        found = [
            undrawn.difference_in_differences(before, after, seated, known),
            undrawn.weighted(after, seated, known)[0],
        ]
        held = [n + (one.low <= 0.5 <= one.high) for n, one in zip(held, found, strict=True)]
        naive = impact.naive(after, seated)
        gap += naive.low <= 0.5 <= naive.high
    assert all(0.93 <= n / times <= 0.98 for n in held)
    assert gap / times < 0.3


def test_what_nobody_wrote_down_is_not_corrected_for() -> None:
    """Both designs are wrong where an unknown thing decides who is seated and who does well: so an E-value is told."""
    random = np.random.default_rng(3)
    hidden, known = random.normal(size=4000), random.normal(size=(4000, 1))
    seated = random.random(4000) < 1 / (1 + np.exp(1 - hidden))
    found, overlap = undrawn.weighted(hidden + random.normal(size=4000), seated, known)
    assert overlap.is_enough
    assert found.low > 0.5


def test_the_e_value_of_a_published_example() -> None:
    """VanderWeele and Ding (2017): a risk ratio of 3.9 with a lower end of 1.8 has the E-values 7.26 and 3.0."""
    ends = [float(np.log(ratio) / undrawn.STEEPNESS) for ratio in (3.9, 1.8, 8.7)]
    effect = impact.Effect(ends[0], 0.1, ends[1], ends[2], ends[0], 0.0, 100, 100)
    assert undrawn.e_value(effect, 1.0) == pytest.approx((7.26, 3.0), abs=0.005)
    across = impact.Effect(0.1, 0.1, -0.1, 0.3, 0.1, 0.0, 100, 100)
    assert undrawn.e_value(across, 1.0)[1] == 1.0


def test_people_nobody_is_like_are_counted() -> None:
    known = np.concatenate([np.linspace(0, 1, 40), np.linspace(0, 1, 37), [4.0, 5.0, 6.0]])[:, None]
    seated = np.arange(80) >= 40
    _effect, overlap = undrawn.weighted(np.arange(80.0), seated, known)
    assert overlap.outside == pytest.approx(3 / 40)
    assert not overlap.is_enough


@pytest.mark.parametrize(
    ("says", "outcome", "known"),
    [
        ("not known", np.where(np.arange(12) == 3, np.nan, 1.0), np.ones((12, 1))),
        ("each side needs", np.arange(12.0), np.ones((12, 6))),
        ("is the same for everybody", np.ones(12), np.arange(12.0)[:, None]),
    ],
)
def test_what_cannot_be_compared_is_refused(says: str, outcome: Floats, known: Floats) -> None:
    with pytest.raises(InvalidInputError, match=says):
        undrawn.weighted(outcome, np.arange(12) >= 6, known)


def test_where_what_is_known_decides_there_is_nothing_to_compare() -> None:
    with pytest.raises(InfeasibleError, match="nobody is like them"):
        undrawn.weighted(np.arange(12.0), np.arange(12) >= 6, np.arange(12.0)[:, None])
