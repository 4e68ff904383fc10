"""Redraws seat whom the draw could seat, and everybody as often as the list of panels says."""

from collections import Counter

import numpy as np
import pytest

from kawasan.engine import certificate, redraws
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.tests.test_certificate import frozen

TIMES = 4_000


@pytest.fixture(scope="module")
def pool() -> certificate.Frozen:
    return frozen(secret="s3", certain=(3,))


@pytest.fixture(scope="module")
def found(pool: certificate.Frozen) -> redraws.Redraws:
    return redraws.redraws(pool, times=TIMES, seed=11)


def test_every_redraw_is_one_of_the_panels(pool: certificate.Frozen, found: redraws.Redraws) -> None:
    panels = {tuple(map(tuple, panel)) for panel in pool["panels"]}
    cells = [cell for _name, cell, _household in pool["pool"]]
    for row in found.drawn[:200]:
        seated = Counter(cell for cell, is_drawn in zip(cells, row, strict=True) if is_drawn)
        assert tuple(sorted(seated.items())) in panels


def test_nobody_of_a_household_sits_beside_another(pool: certificate.Frozen, found: redraws.Redraws) -> None:
    households = np.array([household for _name, _cell, household in pool["pool"]])
    assert max(Counter(households[households > 0]).values()) > 1
    for row in found.drawn:
        assert max(Counter(households[row & (households > 0)]).values(), default=0) <= 1


def test_people_sit_as_often_as_the_list_says(pool: certificate.Frozen, found: redraws.Redraws) -> None:
    size = Counter(cell for _name, cell, _household in pool["pool"])
    seats = Counter[int]()
    for panel in pool["panels"]:
        seats.update(dict(map(tuple, panel)))
    said = [seats[cell] / len(pool["panels"]) / size[cell] for _name, cell, _household in pool["pool"]]
    assert found.chance == pytest.approx(np.array(said))
    error = np.sqrt(found.chance * (1 - found.chance) / TIMES)
    assert (np.abs(found.drawn.mean(axis=0) - found.chance) <= 4 * error + 1e-12).all()


def test_pairs_sit_together_as_often_as_in_the_draw_itself(pool: certificate.Frozen, found: redraws.Redraws) -> None:
    """The draw takes SHA-256 where a redraw takes pseudo-random numbers; both seat like pairs alike often."""
    draws = np.zeros((TIMES // 4, len(found.names)), dtype=bool)
    for number, row in enumerate(draws):
        people = certificate.draw(pool, secret="s3", public_value=str(number))["people"]
        row[[found.names.index(name) for name in people]] = True
    together = [(one.T.astype(float) @ one.astype(float)) / len(one) for one in (found.drawn, draws)]
    error = np.sqrt(together[0] * (1 - together[0]) * (1 / TIMES + 4 / TIMES))
    assert (np.abs(together[0] - together[1]) <= 5 * error + 1e-3).all()


def test_the_same_number_draws_the_same(pool: certificate.Frozen, found: redraws.Redraws) -> None:
    assert (redraws.redraws(pool, times=50, seed=7).drawn == redraws.redraws(pool, times=50, seed=7).drawn).all()
    assert (redraws.redraws(pool, times=50, seed=7).drawn != found.drawn[:50]).any()


def test_no_redraw_is_refused(pool: certificate.Frozen) -> None:
    with pytest.raises(InvalidInputError, match="at least 1"):
        redraws.redraws(pool, times=0, seed=1)
