"""The certificate: what follows from the seed, two verifiers that agree, and forgeries that both name."""

import copy
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from kawasan.engine import certificate, fairness
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.lottery import Problem, Quota

ROOT = Path(__file__).parents[4]
_spec = importlib.util.spec_from_file_location("verify_draw", ROOT / "tools/verify_draw.py")
assert _spec is not None
assert _spec.loader is not None
independent = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(independent)


def frozen(seed: int = 1, *, secret: str = "", certain: tuple[int, ...] = ()) -> certificate.Frozen:
    """Thirty people, some in households of two or three, 8 seats, two features, weights 1 to 2."""
    rng = np.random.default_rng(seed)
    features = np.column_stack([rng.integers(0, 2, 30), rng.integers(0, 3, 30)])
    homes = np.sort(np.unique(rng.integers(0, 22, 30), return_inverse=True)[1])
    quotas = [Quota(0, value, 3, 5) for value in (0, 1)] + [Quota(1, value, 2, 4) for value in (0, 1, 2)]
    problem = Problem(features, quotas, 8, homes, 1)
    drawn = fairness.fair_lottery(problem, panels=40, weights=rng.integers(1, 3, 30), certain=certain)
    return certificate.freeze(
        problem,
        drawn,
        pseudonyms=[f"p{number:02}" for number in range(30)],
        names=[("sex", "f"), ("sex", "m"), ("age", "18-24"), ("age", "25-34"), ("age", "35-45")],
        code="test",
        commitment=certificate.commitment_of(secret) if secret else "",
    )


def drawn(seed: int = 1, value: str = "7341") -> certificate.Certificate:
    return certificate.draw(frozen(seed, secret="s3"), secret="s3", public_value=value)


def wrong(found: certificate.Certificate) -> set[str]:
    """Return the claims that fail, of which both verifiers say the same."""
    read = json.loads(json.dumps(found))
    ours = {check.name for check in certificate.verify(read) if not check.holds}
    theirs = {name for name, holds in independent.verify(read).items() if not holds}
    assert ours == theirs
    return ours


@pytest.mark.parametrize("seed", range(37))
def test_both_verifiers_accept_a_good_draw_with_calls(seed: int) -> None:
    found = drawn(seed)
    leavers = [found["reserves"][0], *found["people"][:2], found["reserves"][-1], found["people"][2]]
    for leaver in leavers:
        found = certificate.call(found, leaver=leaver)
    found = certificate.call(found, leaver=found["calls"][1]["reserve"])
    assert not wrong(found)


def test_the_hash_on_the_papers_stays_whoever_is_called_and_both_verifiers_print_it(tmp_path: Path) -> None:
    found = drawn()
    written = json.dumps(found, sort_keys=True, separators=(",", ":")).encode()
    later = certificate.call(found, leaver=found["people"][0])
    assert certificate.hash_as_drawn(later) == certificate.hash_as_drawn(found) == sha256(written).hexdigest()
    (tmp_path / "later.json").write_text(json.dumps(later))
    command = [sys.executable, str(ROOT / "tools" / "verify_draw.py"), str(tmp_path / "later.json")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"On minutes and decree: {certificate.hash_as_drawn(found)}\n" in said


def before_the_draw() -> certificate.Certificate:
    found = drawn()
    return {key: found[key] for key in ("format", "frozen", "hashes")}


def test_before_the_draw_both_verifiers_check_what_is_frozen(tmp_path: Path) -> None:
    found = before_the_draw()
    assert not wrong(found)
    assert [check.name for check in certificate.verify(found)] == ["form", "pool", "hashes", "quotas"]
    (tmp_path / "frozen.json").write_text(json.dumps(found))
    command = [sys.executable, str(ROOT / "tools" / "verify_draw.py"), str(tmp_path / "frozen.json")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.endswith(f"nothing is drawn yet\nPublished before? {found['hashes']['frozen']}\n")


def test_before_the_draw_both_verifiers_name_what_was_changed() -> None:
    found = copy.deepcopy(before_the_draw())
    found["frozen"]["quotas"][0][3] = 6
    assert wrong(found) == {"hashes"}


FORGERIES = {
    "one byte of the pool": (lambda c: c["frozen"]["pool"][3].__setitem__(0, "p03x"), "hashes"),
    "a friend added after the freeze": (lambda c: c["frozen"]["pool"].append(["p99", 0, 0]), "hashes"),
    "rows in another order": (lambda c: c["frozen"]["pool"].reverse(), "pool"),
    "a hash of nothing": (lambda c: c["hashes"].__setitem__("friends", "0"), "hashes"),
    "a quota made wider": (lambda c: c["frozen"]["quotas"][0].__setitem__(3, 6), "hashes"),
    "a panel that breaks the quotas": (lambda c: c["frozen"]["panels"][0][0].__setitem__(1, 7), "quotas"),
    "better chances than the list gives": (lambda c: c["counts"].__setitem__(0, c["counts"][0] + 1), "chances"),
    "another secret": (lambda c: c.__setitem__("secret", "s4"), "commitment"),
    "another public value": (lambda c: c.__setitem__("public_value", "7342"), "seed"),
    "another panel": (lambda c: c.__setitem__("panel", (c["panel"] + 1) % 40), "panel"),
    "a friend seated": (lambda c: c["people"].__setitem__(0, c["reserves"][0]), "people"),
    "reserves in another order": (lambda c: c["reserves"].reverse(), "reserves"),
    "a reserve called out of order": (lambda c: c["calls"][1].__setitem__("reserve", c["reserves"][-1]), "calls"),
    "a reserve passed over": (lambda c: c["calls"].pop(0), "calls"),
    "a seat given to whoever does not wait": (lambda c: c["calls"][0].__setitem__("reserve", "p00"), "calls"),
    "nothing that was frozen": (lambda c: c.pop("frozen"), "form"),
}


def forged(name: str) -> certificate.Certificate:
    """Forge a draw in which the first reserve left and the next one was called."""
    found = drawn()
    next_one = certificate.call(found, leaver=found["people"][0])["calls"][0]["reserve"]
    found = certificate.call(found, leaver=next_one)
    found = copy.deepcopy(certificate.call(found, leaver=found["people"][0]))
    forge, _claim = FORGERIES[name]
    forge(found)
    return found


@pytest.mark.parametrize("name", FORGERIES)
def test_both_verifiers_name_a_forgery(name: str) -> None:
    assert FORGERIES[name][1] in wrong(forged(name))


def guaranteed() -> certificate.Certificate:
    """A draw in which two people have a seat in every panel, one of them of a household with more members than may."""
    found = frozen(secret="s3", certain=(4, 12))
    found |= {"exceptions": [["p04", "guaranteed", "Keputusan – é"]], "guaranteed_bands": ["A"]}
    return certificate.draw(found, secret="s3", public_value="7341")


def without_one_guaranteed() -> certificate.Certificate:
    """The same, but a panel seats somebody alike instead, and every hash and what follows is made anew."""
    found = copy.deepcopy(guaranteed()["frozen"])
    cell = next(cell for name, cell, _household in found["pool"] if name == "p04")
    counts = found["cells"][cell]["counts"]
    alike = [
        number
        for number, one in enumerate(found["cells"])
        if one["counts"] == counts and number != cell and not one["kind"]
    ]
    panel, other = next(
        (panel, number) for panel in found["panels"] for number in alike if number not in {row[0] for row in panel}
    )
    panel[panel.index([cell, 1])] = [other, 1]
    panel.sort()
    return certificate.draw(found, secret="s3", public_value="7341")


def test_both_verifiers_accept_a_draw_with_guaranteed_people() -> None:
    found = guaranteed()
    assert {"p04", "p12"} <= set(found["people"])
    assert not wrong(found)


def test_both_verifiers_name_a_panel_that_drops_a_guaranteed_person() -> None:
    assert "quotas" in wrong(without_one_guaranteed())


def test_both_verifiers_name_a_guarantee_that_was_taken_away_after_freezing() -> None:
    found = copy.deepcopy(guaranteed())
    del found["frozen"]["exceptions"]
    assert "hashes" in wrong(found)


def test_a_certificate_has_the_documented_shape_before_and_after_the_draw() -> None:
    schema = json.loads((ROOT / "docs" / "methods" / "certificate.schema.json").read_text(encoding="utf-8"))
    shape = jsonschema.Draft202012Validator(schema)
    found = certificate.call(drawn(), leaver="p00")
    shape.validate(json.loads(json.dumps(found)))
    shape.validate({key: found[key] for key in ("format", "frozen", "hashes")})
    shape.validate(json.loads(json.dumps(guaranteed())))
    assert not shape.is_valid(found | {"frozen": found["frozen"] | {"exceptions": [["p04", "favoured", "…"]]}})
    assert not shape.is_valid(found | {"panel": -1})
    assert not shape.is_valid({key: value for key, value in found.items() if key != "seed"})


def test_each_of_a_cell_is_drawn_as_often_as_its_published_chance() -> None:
    """400 seeds: each person's share of seats lies within 4.5 standard errors of the chance that the counts give."""
    start = frozen()
    draws = 400
    seats = Counter(
        name for n in range(draws) for name in certificate.draw(start, secret="", public_value=str(n))["people"]
    )
    size = Counter(row[1] for row in start["pool"])
    counts = certificate.draw(start, secret="", public_value="0")["counts"]
    for name, cell, _ in start["pool"]:
        chance = counts[cell] / (40 * size[cell])
        assert abs(seats[name] / draws - chance) <= 4.5 * (chance * (1 - chance) / draws) ** 0.5 + 1e-12


def test_nobody_shares_a_household_in_a_panel() -> None:
    start = frozen()
    home = {name: household for name, _, household in start["pool"]}
    for number in range(60):
        people = certificate.draw(start, secret="", public_value=str(number))["people"]
        assert len(people) == 8
        assert max(Counter(home[name] for name in people if home[name]).values(), default=0) <= 1


def test_a_secret_that_was_not_committed_to_opens_nothing() -> None:
    with pytest.raises(InvalidInputError):
        certificate.draw(frozen(secret="s3"), secret="s4", public_value="1")


def test_who_neither_sits_nor_waits_cannot_leave() -> None:
    found = certificate.call(drawn(), leaver="p00")
    for leaver in ("p00", "p99"):
        with pytest.raises(InvalidInputError):
            certificate.call(found, leaver=leaver)


def test_a_reserve_who_leaves_is_not_called() -> None:
    found = drawn()
    first, second = found["reserves"][:2]
    gone = certificate.call(certificate.call(found, leaver=first), leaver=second)
    assert certificate.seats_now(gone) == (found["people"], found["reserves"][2:])
    assert certificate.call(gone, leaver=found["people"][0])["calls"][2]["reserve"] not in {first, second}


def test_without_reserves_nobody_is_called() -> None:
    found = drawn() | {"reserves": []}
    with pytest.raises(InfeasibleError):
        certificate.call(found, leaver=found["people"][0])
