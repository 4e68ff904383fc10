"""The certificate: what follows from the seed, two verifiers that agree, and forgeries that both name."""

import copy
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from kawasan.engine import certificate, certificate_form, fairness
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


def with_a_pair(seed: int = 1) -> certificate.Frozen:
    """Thirty people, 8 seats, and beside quotas on two features one on a pair of them."""
    rng = np.random.default_rng(seed)
    sex, age = rng.integers(0, 2, 30), rng.integers(0, 3, 30)
    quotas = [Quota(0, 0, 3, 5), Quota(1, 0, 2, 4), Quota(2, 0, 1, 3)]
    problem = Problem(np.column_stack([sex, age, 3 * sex + age]), quotas, 8, np.arange(30), 1)
    return certificate.freeze(
        problem,
        fairness.fair_lottery(problem, panels=40),
        pseudonyms=[f"p{number:02}" for number in range(30)],
        names=[("sex", "f"), ("age", "18-24"), ("sex & age", "f & 18-24")],
        code="test",
        commitment=certificate.commitment_of("s3"),
    )


def with_a_broken_pair() -> certificate.Frozen:
    """A quota on a pair that not every panel keeps, while each of its features keeps its own; every hash fits."""
    found = copy.deepcopy(with_a_pair())
    found["quotas"][2][2] = 3
    return found


def wrong(found: certificate.Certificate) -> set[str]:
    """Return the claims that fail, of which both verifiers say the same."""
    read = json.loads(json.dumps(found))
    ours = {check.name: check.holds for check in certificate.verify(read)}
    assert independent.verify(read) == ours
    return {name for name, holds in ours.items() if not holds}


@pytest.mark.parametrize("seed", range(37))
def test_both_verifiers_accept_a_good_draw_with_calls(seed: int) -> None:
    found = drawn(seed)
    leavers = [found["reserves"][0], *found["people"][:2], found["reserves"][-1], found["people"][2]]
    for leaver in leavers:
        found = certificate.call(found, leaver=leaver)
    found = certificate.call(found, leaver=found["calls"][1]["reserve"])
    assert not wrong(found)


def test_both_verifiers_accept_a_quota_on_a_pair_and_name_one_that_is_broken() -> None:
    assert not wrong(drawn_with(with_a_pair()))
    assert wrong(drawn_with(with_a_broken_pair())) == {"quotas", "bound"}


def test_the_hash_on_the_papers_stays_whoever_is_called_and_both_verifiers_print_it(tmp_path: Path) -> None:
    found = drawn()
    written = json.dumps(found, sort_keys=True, separators=(",", ":")).encode()
    later = certificate.call(found, leaver=found["people"][0])
    assert certificate.hash_as_drawn(later) == certificate.hash_as_drawn(found) == sha256(written).hexdigest()
    (tmp_path / "later.json").write_text(json.dumps(later))
    command = [sys.executable, str(ROOT / "tools" / "verify_draw.py"), str(tmp_path / "later.json")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"On minutes and decree: {certificate.hash_as_drawn(found)}\n" in said


EARLY = ("form", "pool", "hashes", "quotas", "exceptions", "bound")


def before_the_draw() -> certificate.Certificate:
    found = drawn()
    return {key: found[key] for key in ("format", "frozen", "hashes")}


def test_before_the_draw_both_verifiers_check_what_is_frozen(tmp_path: Path) -> None:
    found = before_the_draw()
    assert not wrong(found)
    assert [check.name for check in certificate.verify(found)] == list(EARLY)
    (tmp_path / "frozen.json").write_text(json.dumps(found))
    command = [sys.executable, str(ROOT / "tools" / "verify_draw.py"), str(tmp_path / "frozen.json")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.endswith(f"nothing drawn yet\nPublished before? {found['hashes']['frozen']}\n")


def test_before_the_draw_both_verifiers_name_what_was_changed() -> None:
    found = copy.deepcopy(before_the_draw())
    found["frozen"]["quotas"][0][3] = 6
    assert wrong(found) == {"hashes"}


FORGERIES = {
    "one byte of the pool": (lambda c: c["frozen"]["pool"][3].__setitem__(0, "p03x"), "hashes"),
    "a friend added after the freeze": (lambda c: c["frozen"]["pool"].append(["p99", 0, 0]), "hashes"),
    "rows in another order": (lambda c: c["frozen"]["pool"].reverse(), "pool"),
    "a hash of nothing": (lambda c: c["hashes"].__setitem__("friends", "0"), "form"),
    "a quota made wider": (lambda c: c["frozen"]["quotas"][0].__setitem__(3, 6), "hashes"),
    "a panel that breaks the quotas": (lambda c: c["frozen"]["panels"][0][0].__setitem__(1, 7), "quotas"),
    "better chances than the list gives": (lambda c: c["counts"].__setitem__(0, c["counts"][0] + 1), "chances"),
    "a bound that would seat more": (lambda c: c["frozen"]["cells"][0].__setitem__("bound", 10**9), "bound"),
    "less said to be reached than the list gives": (lambda c: c["frozen"].__setitem__("reached", 10**8), "bound"),
    "a least chance below what everybody gets": (lambda c: c["frozen"].__setitem__("least", 0), "bound"),
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


BANDS = {"guaranteed_bands": ["A", "B"], "in_bands": [["p12", "A"]]}


def guaranteed() -> certificate.Certificate:
    """A draw in which two people have a seat in every panel, one of them of a household with more members than may."""
    return drawn_with(guaranteed_frozen())


def guaranteed_frozen() -> certificate.Frozen:
    found = frozen(secret="s3", certain=(4, 12))
    barred = ["q01", "barred", "Keputusan 3"]
    return found | {"exceptions": [["p04", "guaranteed", "Keputusan – é 😀"], barred]} | BANDS


def drawn_with(found: certificate.Frozen) -> certificate.Certificate:
    """Draw from whatever was frozen; every hash, and all that follows, is of it."""
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
    return drawn_with(found)


def test_both_verifiers_accept_a_draw_with_guaranteed_people() -> None:
    found = guaranteed()
    assert {"p04", "p12"} <= set(found["people"])
    assert not wrong(found)


def test_both_verifiers_name_a_panel_that_drops_a_guaranteed_person() -> None:
    assert "quotas" in wrong(without_one_guaranteed())


def named(found: certificate.Frozen, place: int, column: int, value: str) -> certificate.Frozen:
    changed = copy.deepcopy(found)
    changed["exceptions"][place][column] = value
    return changed


def need_band_quota(found: certificate.Frozen, band: str, *, everybody: bool) -> certificate.Frozen:
    """A quota on a need band towards which the cell of p12 counts, or every cell."""
    changed = copy.deepcopy(found)
    own = next(cell for name, cell, _household in found["pool"] if name == "p12")
    changed["quotas"].append(["need_band", band, 0, 30])
    for number, cell in enumerate(changed["cells"]):
        cell["counts"] += [5] if everybody or number == own else []
    return changed


FALSE_EXCEPTIONS: dict[str, Callable[[certificate.Frozen], certificate.Frozen]] = {
    "nobody says why somebody is certain": lambda f: {key: f[key] for key in f if key != "exceptions"},
    "a friend guaranteed, who is not certain": lambda f: named(f, 0, 0, "p05"),
    "somebody guaranteed who is not in the pool": lambda f: (
        f | {"exceptions": [*f["exceptions"], ["q9", "guaranteed", "x"]]}
    ),
    "somebody barred who is in the pool": lambda f: named(f, 1, 0, "p05"),
    "somebody barred who is certain": lambda f: f | {"exceptions": [["p04", "barred", "x"]]},
    "somebody named twice": lambda f: f | {"exceptions": [*f["exceptions"], f["exceptions"][0]]},
    "somebody of a band that is not guaranteed": lambda f: f | {"guaranteed_bands": ["B"]},
    "somebody of no band": lambda f: {key: f[key] for key in f if key != "in_bands"},
    "somebody of a band twice": lambda f: f | {"in_bands": [["p12", "A"], ["p12", "B"]]},
    "somebody of a band who is not in the pool": lambda f: f | {"in_bands": [["p12", "A"], ["q9", "A"]]},
    "somebody of a band who does not count towards its quota": lambda f: need_band_quota(f, "B", everybody=False),
    "others towards the quota of a guaranteed band": lambda f: need_band_quota(f, "A", everybody=True),
    "a quota of another band": lambda f: need_band_quota(f, "C", everybody=False),
    "one band, two weights": lambda f: two_weights(f),
}


def two_weights(found: certificate.Frozen) -> certificate.Frozen:
    """Two people of one band, whose cells have one weight each."""
    changed = copy.deepcopy(found)
    own = {name: changed["cells"][cell] for name, cell, _household in changed["pool"]}
    own["p04"]["weight"] = 3 - own["p12"]["weight"]
    return changed | {"exceptions": changed["exceptions"][1:], "in_bands": [["p04", "A"], ["p12", "A"]]}


@pytest.mark.parametrize("name", FALSE_EXCEPTIONS)
def test_both_verifiers_name_a_false_exception_even_with_every_hash_made_anew(name: str) -> None:
    assert wrong(drawn_with(FALSE_EXCEPTIONS[name](guaranteed_frozen()))) == {"exceptions"}


def test_a_guaranteed_band_with_a_quota_is_accepted() -> None:
    assert not wrong(drawn_with(need_band_quota(guaranteed_frozen(), "A", everybody=False)))


def test_what_was_reached_is_frozen_in_billionths() -> None:
    found = guaranteed_frozen()
    assert found["reached"] == found["least"] == 10**9
    size = Counter(row[1] for row in found["pool"])
    bound = [cell["bound"] * size[number] for number, cell in enumerate(found["cells"])]
    assert sum(bound) == pytest.approx(8 * 10**9, abs=30)
    assert all(cell["bound"] == 10**9 for cell in found["cells"] if cell["certain"])
    counts = drawn_with(found)["counts"]
    parts = [counts[number] * 10**9 / (40 * bound[number]) for number in range(len(bound)) if bound[number]]
    assert float(certificate.part_of_bound(found)) == pytest.approx(min(1, *parts))


def edit(old: str, new: str) -> Callable[[str], str]:
    def edited(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edited


def change(*path: Any, to: Any) -> Callable[[str], str]:
    def changed(text: str) -> str:
        found = place = json.loads(text)
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to
        return json.dumps(found)

    return changed


MANGLED: dict[str, Callable[[str], str]] = {  # none of them has the form of a certificate
    "no file": lambda text: "",
    "half a file": lambda text: text[: len(text) // 2],
    "an empty object": lambda text: "{}",
    "a list": lambda text: "[1]",
    "nothing": lambda text: "null",
    "not a number": lambda text: "NaN",
    "not a number in it": edit('"panel":', '"panel":NaN,"seats":'),
    "infinity": edit('"short":0', '"short":1e999'),
    "deep nesting": lambda text: "[" * 100_000 + "]" * 100_000,
    "deep nesting in it": edit('"calls":[', '"calls":[' + "[" * 100_000 + "]" * 100_000 + ","),
    "a list of another's": lambda text: f"[{text}]",
    "two files": lambda text: text + text,
    "another format": change("format", to="kawasan draw 1"),
    "no format": change("format", to=None),
    "a key nobody knows": change("note", to="trust me"),
    "a key nobody knows in what is frozen": change("frozen", "note", to="trust me"),
    "a key nobody knows of a cell": change("frozen", "cells", 0, "10", to=1),
    "a key that is every object's": change("frozen", "__proto__", to={}),
    "no panels": change("frozen", "panels", to=[]),
    "an empty panel": change("frozen", "panels", 0, to=[]),
    "panels as an object": change("frozen", "panels", to={}),
    "a panel with a cell that is not there": change("frozen", "panels", 0, 0, 0, to=999),
    "a panel that seats more than there are": change("frozen", "panels", 0, 0, 1, to=31),
    "a panel that seats nobody of a cell": change("frozen", "panels", 0, 0, 1, to=0),
    "a panel with a cell twice": lambda text: change("frozen", "panels", 0, to=[[0, 1], [0, 1]])(text),
    "a row too short": change("frozen", "pool", 0, to=["p00", 0]),
    "nobody": change("frozen", "pool", to=[]),
    "somebody twice": lambda text: change("frozen", "pool", 1, 0, to="p00")(text),
    "a pseudonym with a line": change("frozen", "pool", 0, 0, to="p00\n"),
    "a pseudonym of other signs": change("frozen", "pool", 0, 0, to="p é"),
    "no pseudonym": change("frozen", "pool", 0, 0, to=""),
    "a cell that is not there": change("frozen", "pool", 0, 1, to=999),
    "a cell below none": change("frozen", "pool", 0, 1, to=-1),
    "a cell without people": lambda text: text.replace('"cells":[', '"cells":[' + EMPTY_CELL, 1),
    "a quota that is not there": change("frozen", "cells", 0, "counts", to=[99]),
    "a quota twice": change("frozen", "cells", 0, "counts", to=[1, 1]),
    "a weight with a point": change("frozen", "cells", 0, "weight", to=1.0),
    "a weight with an exponent": edit('"weight":', '"weight":1E0,"w":'),
    "a weight as text": change("frozen", "cells", 0, "weight", to="1"),
    "a weight that takes minutes": change("frozen", "cells", 0, "weight", to=20_000_000),
    "no weight": change("frozen", "cells", 0, "weight", to=0),
    "a number instead of yes": change("frozen", "cells", 0, "certain", to=1),
    "yes instead of a number": change("frozen", "seats", to=True),
    "no instead of a number": change("calls", 0, "short", to=False),
    "a number beyond all": change("frozen", "seats", to=10**40),
    "a number of 5,000 figures": edit('"seats":', '"seats":' + "9" * 5_000 + ',"s":'),
    "a bound above one": change("frozen", "cells", 0, "bound", to=10**9 + 1),
    "no bound": change("frozen", "cells", 0, "bound", to=None),
    "nothing said to be reached": change("frozen", "reached", to=None),
    "half a sign": change("secret", to="\ud83d"),
    "half a sign in a reason": change("frozen", "exceptions", 0, 2, to="\ude00\ud83d"),
    "no reason": change("frozen", "exceptions", 0, 2, to=""),
    "another kind of exception": change("frozen", "exceptions", 0, 1, to="favoured"),
    "no exceptions, but said": change("frozen", "exceptions", to=[]),
    "hashes as a list": change("hashes", to=[]),
    "a hash too many": change("hashes", "friends", to=""),
    "a hash that is a number": change("hashes", "pool", to=0),
    "no public value": change("public_value", to=""),
    "people as a text": change("people", to="p00"),
    "people that are numbers": change("people", 0, to=1),
    "calls as an object": change("calls", to={}),
    "calls as a text": change("calls", to=""),
    "a call too few keys": change("calls", 0, to={"leaver": "p00"}),
    "a panel below none": change("panel", to=-1),
    "no seed": lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != "seed"}),
    "no people": lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != "people"}),
}
EMPTY_CELL = '{"bound":0,"certain":false,"counts":[],"kind":0,"weight":1},'
WHOLE: dict[str, Callable[[str], str]] = {  # another file of the same certificate
    "a byte order mark": lambda text: "\ufeff" + text,
    "white space": lambda text: json.dumps(json.loads(text), indent=2) + "\r\n",
    "other order of keys": lambda text: json.dumps(json.loads(text), sort_keys=True),
    "signs as they are": lambda text: json.dumps(json.loads(text), ensure_ascii=False),
    "zero below none": edit('"short":0', '"short":-0'),
    "a key twice": edit('"format":', '"format":7,"format":'),
}
STRANGE: dict[str, Callable[[str], str]] = {  # of the form of a certificate, but false in some other way
    "more seated of a cell than there are": change("frozen", "panels", 0, 0, 1, to=30),
    "a cell towards no quota": change("frozen", "cells", 0, "counts", to=[]),
    "a household that is nobody's": change("frozen", "pool", 3, 2, to=10**9),
    "everybody in one household": lambda text: everybody("household", 5)(text),
    "everybody of no kind": lambda text: everybody("kind", 0)(text),
    "everybody of one kind": lambda text: everybody("kind", 1)(text),
    "everybody certain": lambda text: everybody("certain", to=True)(text),
    "no bound for anybody": lambda text: everybody("bound", 0)(text),
    "as many of a household as there are": change("frozen", "most_per_household", to=10**9),
    "as many seats as may be written": change("frozen", "seats", to=10**9),
    "a quota of as many": change("frozen", "quotas", 0, 2, to=10**9),
    "fewer counts": change("counts", to=[]),
    "nobody drawn": change("people", to=[]),
    "somebody who left though nobody knows them": change("calls", 0, "leaver", to="x"),
}


def everybody(key: str, to: Any) -> Callable[[str], str]:
    def changed(text: str) -> str:
        found = json.loads(text)
        for row in found["frozen"]["pool"]:
            row[2] = to if key == "household" else row[2]
        for cell in found["frozen"]["cells"]:
            cell[key] = to if key in cell else None
            if cell[key] is None:
                del cell[key]
        return json.dumps(found)

    return changed


def written() -> str:
    """A drawn certificate with exceptions and a call, as a file has it."""
    found = guaranteed()
    return json.dumps(certificate.call(found, leaver=found["people"][0]), separators=(",", ":"))


def judged(text: str) -> dict[str, bool]:
    """Return what our verifier says of a file; what cannot be read has no form."""
    try:
        read = certificate_form.read(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        return {"form": False}
    return {check.name: check.holds for check in certificate.verify(read)}


def judged_by_plain_python(text: str, path: Path, python: str = sys.executable) -> dict[str, bool]:
    """The same of the file that stands alone; 2 says that it could not be read."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    command = [python, "-I", "-S", str(ROOT / "tools" / "verify_draw.py"), str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr
    if run.returncode == 2:
        assert run.stderr.startswith("Nothing can be said (")
        return {"form": False}
    lines = (line.split(maxsplit=1) for line in run.stdout.splitlines())
    told = {name: mark == "ok" for mark, name in lines if mark in ("ok", "WRONG")}
    assert run.returncode == (0 if all(told.values()) else 1)
    return told


@pytest.mark.parametrize("name", MANGLED)
def test_what_has_not_the_form_of_a_certificate_is_told_by_both_verifiers(name: str, tmp_path: Path) -> None:
    text = MANGLED[name](written())
    assert judged(text) == {"form": False}
    assert judged_by_plain_python(text, tmp_path / "c.json") == {"form": False}


@pytest.mark.parametrize("name", WHOLE)
def test_another_file_of_the_same_certificate_is_as_good(name: str, tmp_path: Path) -> None:
    text = WHOLE[name](written())
    assert all(judged(text).values())
    assert judged_by_plain_python(text, tmp_path / "c.json") == judged(text)


@pytest.mark.parametrize("name", STRANGE)
def test_both_verifiers_judge_a_strange_certificate_alike(name: str, tmp_path: Path) -> None:
    text = STRANGE[name](written())
    assert judged(text)["form"]
    assert not all(judged(text).values())
    assert judged_by_plain_python(text, tmp_path / "c.json") == judged(text)


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
