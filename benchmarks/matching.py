# ruff: noqa: INP001, T201 - a command that speaks by printing
"""How long matching takes, how much memory it needs, and what it gains over taking whoever is nearest, one by one.

python benchmarks/matching.py [--people 125000] [--mentors 5000] [--neighbours 12]

A programme: 100 people, 5 mentors, groups of ten. A nation: people scattered around towns of very different size,
mentors at the homes of some of them, 10 % more room than people. Everything is drawn with a fixed seed. Seconds are of
the processor, so that whatever else runs on the machine does not count; seconds of the clock stand behind them.
"""

import argparse
import resource
import time

import numpy as np

from kawasan.engine.assignment import assign_mentors, distance_km, form_groups
from kawasan.engine.nearest import assign_nearest
from kawasan.engine.reassignment import Limits, reassign


class Timed:
    """Seconds of the processor, and of the clock, since it was made."""

    def __init__(self) -> None:
        self.processor, self.clock = time.process_time(), time.perf_counter()

    def __str__(self) -> str:
        return f"{time.process_time() - self.processor:.2f} s ({time.perf_counter() - self.clock:.2f} s)"


def programme() -> None:
    rng = np.random.default_rng(7)
    where = np.column_stack([rng.uniform(-2.18, -2.04, 42), rng.uniform(106.03, 106.20, 42)])  # kelurahan
    lat, lon = where[rng.integers(0, 42, 100)].T
    began = Timed()
    groups = form_groups(
        lat,
        lon,
        field=[i % 4 for i in range(100)],
        household=list(range(100)),
        identifier=[f"{i:03}" for i in range(100)],
        least=8,
        most=12,
    )
    homes = where[rng.integers(0, 42, 5)]
    metres = np.rint(1000 * distance_km(lat[groups.centre], lon[groups.centre], homes[:, 0], homes[:, 1]))
    size = np.bincount(groups.group)
    mentors = assign_mentors(metres, size=size, most_groups=[3] * 5, most_people=[40] * 5)
    seconds = str(began)
    proven = "proven best" if groups.is_optimal and mentors.is_optimal else f"gap {groups.gap:.1%}"
    print(f"100 people, {len(size)} groups, 5 mentors: {seconds}, {proven}")
    began = Timed()
    staying = [m for m in range(5) if m != mentors.mentor[0]]
    found = reassign(
        metres[:, staying].astype(int),
        weight=size,
        limits=Limits(np.zeros(4, int), np.full(4, 3), np.full(4, 40)),
        now=[staying.index(m) if m in staying else -1 for m in mentors.mentor],
        fixed=[False] * len(size),
    )
    best = "proven fewest and nearest" if found.is_optimal else "not proven"
    print(f"a mentor leaves: {began}, {found.changes} others change, {best}")


def greedy(people: np.ndarray, mentors: np.ndarray, room: np.ndarray) -> int:
    """Whoever comes first takes the nearest mentor with room."""
    left, total = room.copy(), 0
    for lat, lon in people:
        metres = 1000 * distance_km([lat], [lon], mentors[:, 0], mentors[:, 1])[0]
        metres[left == 0] = np.inf
        m = int(metres.argmin())
        left[m] -= 1
        total += round(float(metres[m]))
    return total


def nation(people: int, mentors: int, neighbours: int) -> None:
    rng = np.random.default_rng(11)
    towns = np.column_stack([rng.uniform(-8, -1, 400), rng.uniform(100, 116, 400)])
    weight = rng.pareto(1.2, 400) + 0.1

    def scattered(n: int) -> np.ndarray:
        return towns[rng.choice(400, n, p=weight / weight.sum())] + rng.normal(0, 0.08, (n, 2))

    homes = scattered(people)
    offices = homes[rng.choice(people, mentors, replace=False)]
    room = np.full(mentors, int(np.ceil(1.1 * people / mentors)))
    began = Timed()
    found = assign_nearest(
        homes[:, 0],
        homes[:, 1],
        mentor_lat=offices[:, 0],
        mentor_lon=offices[:, 1],
        most_people=room,
        neighbours=neighbours,
    )
    seconds = str(began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"{people:,} people, {mentors:,} mentors: {seconds}, peak {memory:.0f} MB")
    print(f"  {found.neighbours:.1f} nearest mentors of each looked at, on average")
    print(f"  mean way {found.cost / people / 1000:.2f} km; leaving out farther mentors costs at most {found.gap:.2%}")
    began = Timed()
    taken = greedy(homes, offices, room)
    print(f"  one after the other: {taken / people / 1000:.2f} km, {began}")
    print(f"  gain {1 - found.cost / taken:.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=125_000)
    parser.add_argument("--mentors", type=int, default=5_000)
    parser.add_argument("--neighbours", type=int, default=12)
    options = parser.parse_args()
    programme()
    nation(options.people, options.mentors, options.neighbours)


if __name__ == "__main__":
    main()
