"""A list that favours somebody is found, also where the file calls the rigged chances the bound."""

import copy
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kawasan.engine import certificate, fairness
from kawasan.engine.lottery import Problem, Quota
from kawasan.engine.recomputing import recompute
from kawasan.engine.tests.test_certificate import independent

FRIEND, PANELS = "p07", 1000
ROOT = Path(__file__).parents[4]


def frozen(aim: str = "leximin", *, households: bool = False) -> certificate.Frozen:
    """Forty people of all kinds, ten seats, two quotas; some live together."""
    rng = np.random.default_rng(5)
    sex, age = rng.integers(0, 2, 40), rng.integers(0, 4, 40)
    home = np.unique(rng.integers(0, 30, 40), return_inverse=True)[1] if households else np.arange(40)
    problem = Problem(np.column_stack([sex, age]), [Quota(0, 0, 4, 6), Quota(1, 0, 2, 4)], 10, home, 1)
    drawn = fairness.fair_lottery(
        problem, aim=aim, panels=PANELS, weights=rng.integers(1, 3, 40), certain=(3,) if households else ()
    )
    return certificate.freeze(
        problem,
        drawn,
        pseudonyms=[f"p{number:02}" for number in range(40)],
        names=[("sex", "f"), ("age", "18-24")],
        code=f"test, {aim}",
    )


def rigged(found: certificate.Frozen) -> certificate.Frozen:
    """The friend sits in every panel with somebody alike, in their seat; all that follows is made anew."""
    made = copy.deepcopy(found)
    cells, of = made["cells"], {name: cell for name, cell, _home in made["pool"]}
    friend = of[FRIEND]
    made["cells"] = [*cells, {**cells[friend]}]
    made["pool"] = [[name, len(cells) if name == FRIEND else cell, home] for name, cell, home in made["pool"]]
    for panel in made["panels"]:
        seats = dict(map(tuple, panel))
        like = [cell for cell in [friend, *seats] if cells[cell]["counts"] == cells[friend]["counts"] and cell in seats]
        if not like:
            continue
        seats[like[0]] -= 1
        panel[:] = sorted([cell, n] for cell, n in [*seats.items(), (len(cells), 1)] if n)
    return made


def with_the_chances_as_bound(found: certificate.Frozen) -> certificate.Frozen:
    made, size = copy.deepcopy(found), Counter(row[1] for row in found["pool"])
    for number, cell in enumerate(made["cells"]):
        seats = sum(n for panel in made["panels"] for c, n in panel if c == number)
        cell["bound"] = round(10**9 * seats / (PANELS * size[number]))
    return made


def claims(found: certificate.Frozen) -> dict[str, bool]:
    """What ours says of each claim; the independent verifier says the same."""
    made = certificate.draw(found, secret="", public_value="1")
    ours = {check.name: check.holds for check in certificate.verify(made)}
    assert independent.verify(made) == ours
    return ours


@pytest.mark.parametrize("aim", ["leximin", "maximin", "nash"])
def test_an_honest_list_comes_out_the_same(aim: str) -> None:
    made = recompute(frozen(aim))
    assert made.aim == aim
    assert made.same_panels
    assert made.is_fair(PANELS)


def test_an_honest_list_with_households_weights_and_somebody_certain_comes_out_the_same() -> None:
    found = frozen(households=True)
    assert recompute(found).same_panels
    assert certificate.most_above_bound(found) < 10**9 // 100


def test_a_list_that_seats_a_friend_in_every_panel_is_found_by_each_verifier() -> None:
    found = rigged(frozen())
    assert [name for name, holds in claims(found).items() if not holds] == ["bound"]
    assert not recompute(found).is_fair(PANELS)


def test_where_the_rigged_chances_are_called_the_bound_only_making_them_again_tells() -> None:
    found = with_the_chances_as_bound(rigged(frozen()))
    assert all(claims(found).values())
    made = recompute(found)
    assert not made.is_same_bound
    assert not made.is_fair(PANELS)
    assert made.bound_apart > 0.2


def test_the_independent_verifier_says_when_no_secret_was_committed_to(tmp_path: Path) -> None:
    made = certificate.draw(frozen(), secret="", public_value="1")
    (tmp_path / "certificate.json").write_text(json.dumps(made))
    command = [sys.executable, str(ROOT / "tools" / "verify_draw.py"), str(tmp_path / "certificate.json")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "NO SECRET WAS COMMITTED TO" in said
