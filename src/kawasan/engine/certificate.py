"""A draw that anyone can check: what is frozen before it, who follows from the seed, and every check again.

Everything here is text and whole numbers, so that three lines of it can be done again in any language. A draw's frozen
part is a dictionary as JSON has it:

pool                 rows [pseudonym, cell, household] in order of pseudonym; household 0 is somebody alone in the pool
cells                per cell {"counts": the quotas its people count towards, "weight", "certain", "kind", "bound": the
                     proven bound on the chance of one of them, in billionths}; people of a household with more members
                     than may be seated have a kind above 0, the same for like households
quotas               rows [feature, value, least, most]; "counts" holds row numbers
seats                people of a panel
most_per_household   most people of one household in a panel
panels               per panel the rows [cell, people], in order of cell
reached, least       in billionths: some lottery was found that gives everybody at least this part of the bound; and of
                     the least chance in it (see ``fairness.Lottery``)
code                 version of the code that made the panels
commitment           SHA-256 that binds the secret, or ""
source               which public value will be mixed in
exceptions           rows [pseudonym, "guaranteed" or "barred", reason]; whoever is barred is not in the pool
guaranteed_bands     names of need bands of which everybody is certain of a seat
in_bands             rows [pseudonym, band] of everybody in the pool who belongs to one of those

The last three are there only if they have rows; whoever freezes adds them. What a value may be: ``certificate_form``.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np

from kawasan.engine import randomness
from kawasan.engine.certificate_form import BILLION, FORMAT, MOST_WEIGHT, PSEUDONYM, fault_of
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.fairness import Lottery
from kawasan.engine.lottery import Problem

NEED_BAND = "need_band"  # the feature whose quotas say who belongs to a guaranteed band
NO_BOUND = 10  # billionths: a bound up to this is taken for none, and what is said may be wrong by as much
MOST_ABOVE = BILLION // 50  # billionths by which the list of an exact lottery may give somebody more than the bound,
MOST_PANELS_ABOVE = 20  # and so many of its panels
ROUNDING = 1_000  # billionths of a seat by which a row of bounds may be wrong, and one more for each person

Frozen = dict[str, Any]
Certificate = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One claim of a certificate: its name, whether it holds, and what was found."""

    name: str
    holds: bool
    found: str


def freeze(
    problem: Problem,
    drawn: Lottery,
    *,
    pseudonyms: Sequence[str],
    names: Sequence[tuple[str, str]],
    code: str,
    commitment: str = "",
    source: str = "",
) -> Frozen:
    """Write what a draw starts from.

    Parameters      pseudonyms : n texts in rising order, one a person of ``problem``; households numbered in this order
                    names : the feature and the value of each quota
    Raises          InvalidInputError — pseudonyms are not sorted, two are alike or of other signs than the form allows;
                    a weight is above MOST_WEIGHT
    """
    if list(pseudonyms) != sorted(set(pseudonyms)) or not all(map(PSEUDONYM.fullmatch, pseudonyms)):
        raise InvalidInputError("Pseudonyms must be sorted, each once, of letters, figures, _ and -.")
    if drawn.cells.weight.max() > MOST_WEIGHT:
        raise InvalidInputError(f"A weight may be {MOST_WEIGHT} at most, or the draw takes too long to verify.")
    cells, quotas = drawn.cells, len(problem.quotas)
    shared = np.bincount(problem.households)[problem.households] > 1
    homes = np.where(shared, problem.households + 1, 0)
    pool = zip(pseudonyms, cells.cell.tolist(), homes.tolist(), strict=True)
    return {
        "pool": [list(row) for row in pool],
        "cells": [
            {
                "counts": np.flatnonzero(column[1 : 1 + quotas]).tolist(),
                "kind": int(np.argmax(np.append(0, column[1 + quotas :]))),
                "weight": int(weight),
                "certain": bool(certain),
                "bound": _in_billionths(bound),
            }
            for column, weight, certain, bound in zip(
                cells.matrix.T, cells.weight, cells.certain, drawn.bound, strict=True
            )
        ],
        "quotas": [[*name, quota.least, quota.most] for name, quota in zip(names, problem.quotas, strict=True)],
        "seats": problem.seats,
        "most_per_household": problem.most_per_household,
        "panels": [[[int(cell), int(row[cell])] for cell in np.flatnonzero(row)] for row in drawn.panels],
        "reached": _in_billionths(drawn.reached),
        "least": _in_billionths(drawn.least),
        "code": code,
        "commitment": commitment,
        "source": source,
    }


def _in_billionths(part: float) -> int:
    return min(max(round(part * BILLION), 0), BILLION)


def hash_of(value: object) -> str:
    """Return the SHA-256 of ``value`` as JSON: keys sorted, no white space, only ASCII."""
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def hashes_of(frozen: Frozen) -> dict[str, str]:
    """Return the hashes to publish before the draw: of pool, rules and panels, and of all that is frozen."""
    rules = {key: value for key, value in frozen.items() if key not in ("pool", "panels")}
    parts = {"pool": hash_of(frozen["pool"]), "rules": hash_of(rules), "panels": hash_of(frozen["panels"])}
    return parts | {"frozen": hash_of(parts)}


def hash_as_drawn(certificate: Certificate) -> str:
    """Return the hash that papers carry: J of the certificate as the draw left it, whoever was called since."""
    return hash_of(certificate | {"calls": []})


def commitment_of(secret: str) -> str:
    """Return what to publish of a secret before the draw, so that it cannot be changed afterwards."""
    return randomness.digest("kawasan commitment 1", secret)


def draw(frozen: Frozen, *, secret: str, public_value: str) -> Certificate:
    """Draw a panel from the frozen list, and write the certificate.

    Raises          InvalidInputError — the secret is not the one committed to, or the public value is empty
    """
    if frozen["commitment"] != (commitment_of(secret) if secret else ""):
        raise InvalidInputError("The secret is not the one that was committed to.")
    hashes = hashes_of(frozen)
    seed = randomness.seed_of(hashes["frozen"], secret, public_value)
    number = randomness.integer_below(seed, "panel", len(frozen["panels"]))
    people = _seated(frozen, seed, number)
    return {
        "format": FORMAT,
        "frozen": frozen,
        "hashes": hashes,
        "counts": _counts(frozen),
        "secret": secret,
        "public_value": public_value,
        "seed": seed,
        "panel": number,
        "people": people,
        "reserves": _reserves(frozen, seed, people),
        "calls": [],
    }


def call(certificate: Certificate, *, leaver: str) -> Certificate:
    """Return the certificate with one more call: the reserve who takes the seat of ``leaver``.

    The first in the order of reserves, not called yet and within the household limit, with whom the panel misses the
    quotas by the fewest people (missing to the least + beyond the most, over all quotas): 0 whenever that is possible.
    When ``leaver`` is a reserve who was not called, nobody takes a seat: they are not called any more.

    Raises          InvalidInputError — ``leaver`` neither holds a seat nor waits for one
                    InfeasibleError — nobody is left within the household limit
    """
    reserve, short = _called(certificate, certificate["calls"], leaver)
    entry = {"leaver": leaver, "reserve": reserve, "short": short}
    return certificate | {"calls": [*certificate["calls"], entry]}


def verify(certificate: Certificate) -> tuple[Check, ...]:
    """Check every claim; before the draw there are those of what is frozen.

    A certificate that is not even of the right form has one check that fails.
    """
    if fault := fault_of(certificate):
        return (Check("form", False, fault),)
    return tuple(_checks(certificate))


def _checks(certificate: Certificate) -> Iterable[Check]:
    frozen = certificate["frozen"]
    yield Check("form", True, FORMAT)
    yield _pool_check(frozen)
    given, hashes = certificate["hashes"], hashes_of(frozen)
    wrong = [key for key in hashes if given[key] != hashes[key]]
    yield Check("hashes", not wrong, ", ".join(wrong) or hashes["frozen"])
    bad = _not_panels(frozen)
    yield Check("quotas", not bad, ", ".join(map(str, bad[:5])))
    yield _exceptions_check(frozen)
    yield _bound_check(frozen)
    if "people" not in certificate:  # what is frozen, before the draw
        return
    yield Check("chances", certificate["counts"] == _counts(frozen), "")
    opened = commitment_of(certificate["secret"]) if certificate["secret"] else ""
    yield Check("commitment", frozen["commitment"] == opened, opened)
    seed = randomness.seed_of(hashes["frozen"], certificate["secret"], certificate["public_value"])
    yield Check("seed", certificate["seed"] == seed, seed)
    number = randomness.integer_below(seed, "panel", len(frozen["panels"]))
    yield Check("panel", certificate["panel"] == number, str(number))
    people = _seated(frozen, seed, number)
    yield Check("people", certificate["people"] == people, "")
    yield Check("reserves", certificate["reserves"] == _reserves(frozen, seed, people), "")
    yield _calls_check(certificate | {"people": people, "reserves": _reserves(frozen, seed, people)})


def _pool_check(frozen: Frozen) -> Check:
    """Pseudonyms sorted; like households of a kind; nobody in a kind who needs none."""
    names = [row[0] for row in frozen["pool"]]
    if names != sorted(names):
        return Check("pool", False, "pseudonyms")
    members: dict[int, list[int]] = defaultdict(list)
    for _, cell, household in frozen["pool"]:
        if household:
            members[household].append(cell)
    like: dict[int, list[int]] = {}
    for household, cells in members.items():
        kinds = {frozen["cells"][cell]["kind"] for cell in cells}
        if len(kinds) != 1 or (0 in kinds) == (len(cells) > frozen["most_per_household"]):
            return Check("pool", False, f"household {household}")
        (kind,) = kinds
        if kind and like.setdefault(kind, sorted(cells)) != sorted(cells):
            return Check("pool", False, f"household {household}")
    alone = any(frozen["cells"][cell]["kind"] for _, cell, household in frozen["pool"] if not household)
    return Check("pool", not alone, "")


def _not_panels(frozen: Frozen) -> list[int]:
    """Return the numbers of panels that miss the seats, a quota, the household limit or somebody certain."""
    size, room = Counter(row[1] for row in frozen["pool"]), _room(frozen)
    return [number for number, panel in enumerate(frozen["panels"]) if not _keeps_rows(frozen, size, room, dict(panel))]


def _room(frozen: Frozen) -> dict[int, int]:
    return {kind: len(homes) * frozen["most_per_household"] for kind, homes in _households(frozen).items()}


def _keeps_rows(
    frozen: Frozen, size: Counter[int], room: dict[int, int], people: dict[int, int], *, unit: int = 1, slack: int = 0
) -> bool:
    """Whether so many of each cell, in parts of ``unit``, keep everything that a panel must; but for ``slack``."""
    filled: Counter[int] = Counter()
    kinds: Counter[int] = Counter()
    for cell, number in people.items():
        kinds[frozen["cells"][cell]["kind"]] += number
        for quota in frozen["cells"][cell]["counts"]:
            filled[quota] += number
    sure = ((number, cell) for number, cell in enumerate(frozen["cells"]) if cell["certain"])
    return (
        all(number <= size[cell] * unit + slack for cell, number in people.items())
        and abs(sum(people.values()) - frozen["seats"] * unit) <= slack
        and all(people.get(number, 0) >= size[number] * unit - slack for number, _ in sure)
        and all(
            least * unit - slack <= filled[row] <= most * unit + slack
            for row, (_, _, least, most) in enumerate(frozen["quotas"])
        )
        and all(number <= room[kind] * unit + slack for kind, number in kinds.items() if kind)
    )


def _exceptions_check(frozen: Frozen) -> Check:
    """Whoever is certain of a seat is named as guaranteed or of a guaranteed band, and nobody else; barred are out."""
    named = {name: kind for name, kind, _ in frozen.get("exceptions", [])}
    inside = dict(frozen.get("in_bands", []))
    cells = {name: frozen["cells"][cell] for name, cell, _ in frozen["pool"]}
    twice = len(named) != len(frozen.get("exceptions", [])) or len(inside) != len(frozen.get("in_bands", []))
    given = {name for name, kind in named.items() if kind == "guaranteed"} | inside.keys()
    sure = {name for name, cell in cells.items() if cell["certain"]}
    wrong = sorted((given ^ sure) | {name for name, kind in named.items() if kind == "barred" and name in cells})
    if twice or wrong:
        return Check("exceptions", False, ", ".join(wrong[:5]))
    return Check("exceptions", _bands_hold(frozen, cells, inside), "guaranteed_bands")


def _bands_hold(frozen: Frozen, cells: dict[str, dict[str, Any]], inside: dict[str, str]) -> bool:
    """Whoever counts towards the quota of a guaranteed band stands in it, and nobody else; a band has one weight."""
    bands = set(frozen.get("guaranteed_bands", []))
    rows = [(number, quota[1]) for number, quota in enumerate(frozen["quotas"]) if quota[0] == NEED_BAND]
    for number, band in rows:
        named = {name for name, own in inside.items() if own == band}
        members = {name for name in (cells if band in bands else inside) if number in cells[name]["counts"]}
        if members != named:
            return False
    if not set(inside.values()) <= bands:
        return False
    return len({(band, cells[name]["weight"]) for name, band in inside.items()}) == len(set(inside.values()))


def part_of_bound(frozen: Frozen) -> Fraction:
    """Return the greatest part of the proven bound that the list of panels gives everybody, at most 1."""
    parts = [Fraction(n * BILLION, people * bound) for n, people, bound in _shares(frozen) if bound > NO_BOUND]
    return min(Fraction(1), *parts)


def most_above_bound(frozen: Frozen) -> int:
    """Return by how many billionths the list gives somebody more than the bound on their chance, rounded down."""
    return max(seats * BILLION // people - bound for seats, people, bound in _shares(frozen))


def _shares(frozen: Frozen) -> list[tuple[int, int, int]]:
    """Return, over all panels, the seats and the people of each cell, and the bound."""
    size, panels = Counter(row[1] for row in frozen["pool"]), len(frozen["panels"])
    bounds = [cell["bound"] for cell in frozen["cells"]]
    rows = enumerate(zip(_counts(frozen), bounds, strict=True))
    return [(seats, panels * size[number], bound) for number, (seats, bound) in rows]


def _bound_check(frozen: Frozen) -> Check:
    """The bounds keep what a panel must; no less is said to be reached than the list gives, nor does it favour anybody.

    Where whole panels are said to give everybody the bound, a list of them gives nobody much more.
    """
    reached = frozen["reached"]
    if not reached <= frozen["least"]:
        return Check("bound", False, "least")
    if reached == BILLION and most_above_bound(frozen) > _most_above(frozen):
        return Check("bound", False, "favoured")
    size = Counter(row[1] for row in frozen["pool"])
    seats = {number: cell["bound"] * size[number] for number, cell in enumerate(frozen["cells"])}
    if not _keeps_rows(frozen, size, _room(frozen), seats, unit=BILLION, slack=ROUNDING + len(frozen["pool"])):
        return Check("bound", False, "bound")
    holds = any(
        seats * BILLION**2 <= (reached + 1) * (bound + NO_BOUND) * people
        for seats, people, bound in _shares(frozen)
        if bound > NO_BOUND
    )
    return Check("bound", holds, "" if holds else "reached")


def _most_above(frozen: Frozen) -> int:
    """What whole numbers of panels may add to a bound, in billionths."""
    return MOST_ABOVE + MOST_PANELS_ABOVE * BILLION // len(frozen["panels"])


def _households(frozen: Frozen) -> dict[int, dict[int, list[tuple[str, int]]]]:
    """Return, per kind, the households with more members than may be seated, and their (pseudonym, cell)."""
    kinds: dict[int, dict[int, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for name, cell, household in frozen["pool"]:
        if frozen["cells"][cell]["kind"]:
            kinds[frozen["cells"][cell]["kind"]][household].append((name, cell))
    return kinds


def _counts(frozen: Frozen) -> list[int]:
    """Return how many people of each cell all panels seat together; over panels * people of the cell: their chance."""
    counts = [0] * len(frozen["cells"])
    for panel in frozen["panels"]:
        for cell, number in panel:
            counts[cell] += number
    return counts


def _seated(frozen: Frozen, seed: str, number: int) -> list[str]:
    """Return the people of panel ``number``, sorted.

    In a cell without a kind, those with the smallest SHA-256 of seed and pseudonym sit. The seats of a kind are dealt
    in order of cell, one to each household in turn, households standing in order of the SHA-256 of seed and their
    smallest pseudonym: so none gets more than its limit, and like people have like chances.
    """
    panel = dict(map(tuple, frozen["panels"][number]))
    waiting: dict[int, list[str]] = defaultdict(list)
    for name, cell, _ in frozen["pool"]:
        if cell in panel and not frozen["cells"][cell]["kind"]:
            waiting[cell].append(name)
    people = [name for cell, names in waiting.items() for name in _in_order(seed, names)[: panel[cell]]]
    for kind, households in _households(frozen).items():
        seats = [cell for cell in sorted(panel) if frozen["cells"][cell]["kind"] == kind for _ in range(panel[cell])]
        people += _dealt(seed, seats, list(households.values()))
    return sorted(people)


def _dealt(seed: str, seats: list[int], households: list[list[tuple[str, int]]]) -> list[str]:
    first = {min(name for name, _ in members): members for members in households}
    order = [first[name] for name in randomness.by_digest(list(first), "kawasan household 1", seed)]
    seated: list[str] = []
    taken: Counter[tuple[int, int]] = Counter()
    for turn, cell in enumerate(seats):
        place = turn % len(order)
        names = _in_order(seed, [name for name, of in order[place] if of == cell])
        seated += names[taken[place, cell] :][:1]  # nobody, where a panel seats more than there are
        taken[place, cell] += 1
    return seated


def _in_order(seed: str, names: Sequence[str]) -> list[str]:
    return randomness.by_digest(names, "kawasan person 1", seed)


def _reserves(frozen: Frozen, seed: str, people: Sequence[str]) -> list[str]:
    """Return everybody not seated, in a drawn order in which tickets are weights."""
    seated = set(people)
    rest = [(name, frozen["cells"][cell]["weight"]) for name, cell, _ in frozen["pool"] if name not in seated]
    own = randomness.digest("kawasan reserves 1", seed)
    order = randomness.order(own, [name for name, _ in rest], [weight for _, weight in rest])
    return [rest[row][0] for row in order]


def seats_now(certificate: Certificate) -> tuple[list[str], list[str]]:
    """Return who holds a seat and, in their order, who waits for one, after all calls."""
    return _after(certificate, certificate["calls"])


def _after(certificate: Certificate, calls: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    came, left = {entry["reserve"] for entry in calls}, {entry["leaver"] for entry in calls}
    called = [name for name in certificate["reserves"] if name in came]
    sitting = [name for name in (*certificate["people"], *called) if name not in left]
    return sitting, [name for name in certificate["reserves"] if name not in came | left]


def _called(certificate: Certificate, calls: Sequence[dict[str, Any]], leaver: str) -> tuple[str, int]:
    frozen = certificate["frozen"]
    row = {name: (cell, household) for name, cell, household in frozen["pool"]}
    sitting, waiting = _after(certificate, calls)
    if leaver in waiting:
        return "", 0
    if leaver not in sitting:
        raise InvalidInputError(f"{leaver} neither holds a seat nor waits for one.")
    sitting.remove(leaver)
    filled = Counter(quota for name in sitting for quota in frozen["cells"][row[name][0]]["counts"])
    homes = Counter(row[name][1] for name in sitting)
    free = [name for name in waiting if not row[name][1] or homes[row[name][1]] < frozen["most_per_household"]]
    if not free:
        raise InfeasibleError("Nobody among the reserves keeps the household limit.")
    short = {name: _short(frozen, filled, row[name][0]) for name in free}
    first = min(free, key=short.__getitem__)  # min keeps the first of equals
    return first, short[first]


def _short(frozen: Frozen, filled: Counter[int], cell: int) -> int:
    own = set(frozen["cells"][cell]["counts"])
    short = 0
    for number, (_, _, least, most) in enumerate(frozen["quotas"]):
        count = filled[number] + (number in own)
        short += max(least - count, 0) + max(count - most, 0)
    return short


def _calls_check(certificate: Certificate) -> Check:
    for number, entry in enumerate(certificate["calls"]):
        try:
            reserve, short = _called(certificate, certificate["calls"][:number], entry["leaver"])
        except (InvalidInputError, InfeasibleError) as error:
            return Check("calls", False, f"{number + 1}: {error}")
        if (entry["reserve"], entry["short"]) != (reserve, short):
            return Check("calls", False, f"{number + 1}: {reserve}")
    return Check("calls", True, "")
