"""Agreement of people who judge the same things, against a published example, by hand, and refused input."""

import numpy as np
import pytest

from kawasan.engine.agreement import agreement
from kawasan.engine.errors import InvalidInputError

NO = np.nan
PUBLISHED = np.array(  # Krippendorff (2011), section D: four observers (rows), twelve units
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
        [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
    ]
).T


@pytest.mark.parametrize(("scale", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example_with_missing_marks(scale: str, alpha: float) -> None:
    found = agreement(PUBLISHED, scale=scale, seed=1)  # type: ignore[arg-type]
    assert found.judged == 11  # the last unit was judged by one observer alone
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert found.low is not None
    assert found.high is not None
    assert found.low < alpha < found.high <= 1


def test_two_people_by_hand() -> None:
    """Pairs 1-1, 2-2, 1-2: D_o = 2/6; marks 1, 1, 1, 2, 2, 2: D_e = 18/30; alpha = 1 - (1/3)/(3/5) = 4/9."""
    found = agreement(np.array([[1.0, 1], [2, 2], [1, 2]]), scale="interval", seed=1)
    assert found.alpha == pytest.approx(4 / 9)
    assert found.same == pytest.approx(2 / 3)


def test_who_marks_first_does_not_matter() -> None:
    random = np.random.default_rng(3)
    marks = random.integers(1, 5, size=(30, 2)).astype(float)
    swapped = np.where(random.random((30, 1)) < 0.5, marks, marks[:, ::-1])
    one, other = (agreement(table, scale="ordinal", seed=1) for table in (marks, swapped))
    assert one == other


def test_marks_by_chance_agree_as_chance_does() -> None:
    """The standard error of alpha among 4,000 things judged twice by chance is about 0.016."""
    marks = np.random.default_rng(5).integers(1, 5, size=(4000, 2)).astype(float)
    found = agreement(marks, scale="interval", seed=1, draws=200)
    assert abs(found.alpha or 1) < 0.06


def test_nothing_is_said_where_nothing_tells_agreement_from_chance() -> None:
    alike = agreement(np.full((5, 2), 3.0), scale="ordinal", seed=1)
    assert (alike.alpha, alike.low, alike.same, alike.judged) == (None, None, 1.0, 5)
    alone = agreement(np.array([[1, NO], [2, NO], [1, 2]]), scale="ordinal", seed=1)
    assert (alone.alpha, alone.same, alone.judged) == (None, None, 1)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        agreement(np.array([1.0, 2.0]), scale="ordinal", seed=1)
    with pytest.raises(InvalidInputError):
        agreement(np.array([[1.0, np.inf]]), scale="ordinal", seed=1)
