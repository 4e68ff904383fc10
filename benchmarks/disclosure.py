# ruff: noqa: INP001, S311, T201 - a command that speaks by printing; its chance need not be secret
"""Reporting dates of invented people: what is withheld, how long it takes, and what an attacker makes of the rest.

python benchmarks/disclosure.py [--people 3000] [--dates 2] [--attacks 40]

The attacker has the tables of all dates, knows which kinds of people there are, and solves two linear programmes for a
small count: the least and the most that it can be. An attack succeeds where the least is above 0 or the most below 5.
"""

import argparse
import os
import random
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawasan.config.settings")
django.setup()

import numpy as np  # noqa: E402 - after Django is set up

from kawasan.engine import disclosure  # noqa: E402
from kawasan.outcomes import rules  # noqa: E402
from kawasan.outcomes.rules import Facts  # noqa: E402
from kawasan.outcomes.services.protection import Day, release_of, withheld  # noqa: E402

SHARES = {
    "measured": 0.9, "working": 0.6, "wider_market": 0.3, "trained": 0.85, "visited": 0.7, "assisted": 0.4,
    "reported": 0.5, "enterprise": 0.8, "alive": 0.8, "legal": 0.5, "employs": 0.3, "contract": 0.4, "cash_book": 0.7,
    "asked": 0.9, "labour_force": 0.85, "employed": 0.8, "under_employed": 0.4,
}  # fmt: skip


def person(number: int, rng: random.Random, before: Facts | None) -> Facts:
    parts = {
        "sex": rng.choice(["female", "male"]),
        "age": rng.choice(["0-24", "25-34", "35-44", "45-54"]),
        "district": str(min(int(rng.expovariate(0.5)), 6)),
        "field": rng.choice("abcd"),
        "disability": "yes" if rng.random() < 0.04 else "no",
    }
    values: dict[str, int] = {}
    for of in rules.COUNTED[1:]:
        if of.of and not values.get(of.of):
            continue
        kept = before is not None and of.grows and before.values.get(of.code)
        values[of.code] = 1 if kept else int(rng.random() < SHARES[of.code])
    if values.get("cash_book"):
        values["turnover"] = rng.randrange(500_000, 9_000_000)
    return Facts(f"A{number}", before.parts if before else parts, values)


def attacks(people: list[Facts], earlier: list[Day], hidden: list[str], most: int) -> tuple[int, int]:
    """How many small withheld counts were attacked, and how many told too much."""
    release, spots = release_of(people, earlier)
    suppressed = np.array([str(spot) in hidden for spot in spots]) & (release.state == disclosure.OPEN)
    small = np.flatnonzero(suppressed & (release.values > 0) & (release.values < rules.LEAST_PEOPLE))
    chosen = random.Random(1).sample(small.tolist(), min(most, small.size))
    intervals = disclosure.attack(release, suppressed, chosen)
    told = (intervals[:, 0] > 1e-6) | (intervals[:, 1] < rules.LEAST_PEOPLE - 1e-6)
    return len(chosen), int(told.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--dates", type=int, default=2)
    parser.add_argument("--attacks", type=int, default=40)
    asked = parser.parse_args()
    rng = random.Random(1)
    people: list[Facts] = [person(number, rng, None) for number in range(asked.people)]
    shown, earlier = rules.shown_parts(people), list[Day]()
    for number in range(asked.dates):
        if number:
            people = [person(at, rng, one) for at, one in enumerate(people)]
        pooled = rules.pooled(people, shown)
        began = perf_counter()
        hidden, exposed = withheld(pooled, earlier)
        seconds = perf_counter() - began
        counts = len(rules.COUNTED) * len(list(rules.spots(pooled)))
        tried, told = attacks(pooled, earlier, hidden, asked.attacks)
        print(
            f"date {number + 1}: {asked.people} people, {len(hidden)} of {counts} counts withheld, {exposed} exposed, "
            f"{seconds:.1f} s; {tried} small ones attacked, {told} told"
        )
        earlier.append(Day(pooled, frozenset(hidden)))


if __name__ == "__main__":
    main()
