# ruff: noqa: INP001, T201 - a command that speaks by printing
"""The effect of a programme without a word of theory: worlds in which it is known, drawn by the draw's own panels.

python benchmarks/impact.py [--people 2000] [--worlds 1000] [--tests 400]

Two thousand people, some in households of two or three, in four fields and four bands of need; those in need earn less
whatever happens, and have up to four tickets. A pool is frozen as for a real draw. In each world chance draws a panel,
a seat adds an effect that differs from person to person, and everybody is measured.
"""

import argparse
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from kawasan.engine import certificate, fairness, impact, redraws
from kawasan.engine.lottery import Problem, Quota

EFFECT = 0.3  # standard deviations of the outcome without a seat
BANDS, FIELDS = 4, 4
TIMES = 1_000


@dataclass(frozen=True, slots=True)
class World:
    """chances and redraws of the pool; outcome without a seat; gain of each person; covariates."""

    drawn: redraws.Redraws
    without: impact.Floats
    gain: impact.Floats
    covariates: impact.Floats


def world(people: int, draws: int, seed: int) -> World:
    random = np.random.default_rng(seed)
    band = random.choice(BANDS, size=people, p=[0.4, 0.3, 0.2, 0.1])
    field = random.integers(FIELDS, size=people)
    homes = np.sort(np.unique(random.integers(0, int(people * 0.9), people), return_inverse=True)[1])
    seats = min(100, people // 4)
    quotas = [Quota(0, one, seats // FIELDS - 2, seats // FIELDS + 2) for one in range(FIELDS)]
    lottery = fairness.fair_lottery(Problem(np.column_stack([field, band]), quotas, seats, homes, 1), weights=band + 1)
    frozen = certificate.freeze(
        Problem(np.column_stack([field, band]), quotas, seats, homes, 1),
        lottery,
        pseudonyms=[f"p{one:06d}" for one in range(people)],
        names=[(f"f{quota.feature}", str(quota.value)) for quota in quotas],
        code="benchmark",
    )
    earlier = random.normal(size=people)
    without = -0.6 * band + 0.3 * field + 0.7 * earlier + random.normal(size=people)
    without /= without.std()
    gain = EFFECT + 0.2 * random.normal(size=people)
    covariates = np.column_stack([earlier, band, *(field == one for one in range(1, FIELDS))]).astype(float)
    return World(redraws.redraws(frozen, times=draws, seed=seed), without, gain - gain.mean() + EFFECT, covariates)


def estimates(one: World) -> None:
    chance = one.drawn.chance
    rows: dict[str, list[tuple[float, bool]]] = {"naive": [], "Hajek": [], "adjusted": []}
    for drawn in one.drawn.drawn:
        outcome = one.without + one.gain * drawn
        for name, found in (
            ("naive", impact.naive(outcome, drawn)),
            ("Hajek", impact.adjusted(outcome, drawn, chance)),
            ("adjusted", impact.adjusted(outcome, drawn, chance, one.covariates)),
        ):
            rows[name].append((found.effect - EFFECT, found.low <= EFFECT <= found.high))
    print(f"{'':10}{'bias':>8}{'RMSE':>8}{'coverage':>10}")
    for name, seen in rows.items():
        errors, covered = np.array(seen, dtype=float).T
        print(f"{name:10}{errors.mean():8.3f}{np.sqrt((errors**2).mean()):8.3f}{covered.mean():10.1%}")


def size(one: World, tests: int) -> None:
    own, others = one.drawn.drawn[:TIMES], one.drawn.drawn[TIMES : TIMES + tests]
    p_values = [impact.redrawn(one.without, drawn, one.drawn.chance, own, one.covariates).p_value for drawn in others]
    naive = [abs(found.effect / found.error) > 1.96 for found in (impact.naive(one.without, drawn) for drawn in others)]
    print(
        f"no effect: refuted at 5 % by redraws {np.mean(np.array(p_values) <= 0.05):.1%}, naively {np.mean(naive):.1%}"
    )


def speed(one: World) -> None:
    times = []
    for drawn in one.drawn.drawn[:5]:
        start = perf_counter()
        impact.redrawn(one.without, drawn, one.drawn.chance, one.drawn.drawn[:TIMES], one.covariates)
        times.append(perf_counter() - start)
    print(
        f"{TIMES} redraws of {len(one.without)} people: {median(times):.2f} s for an outcome (median of {len(times)})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--worlds", type=int, default=1_000)
    parser.add_argument("--tests", type=int, default=400)
    asked = parser.parse_args()
    start = perf_counter()
    one = world(asked.people, max(asked.worlds, TIMES + asked.tests), seed=1)
    print(
        f"{asked.people} people; pool frozen and {len(one.drawn.drawn)} panels drawn in {perf_counter() - start:.1f} s"
    )
    estimates(one)
    size(one, asked.tests)
    speed(one)


if __name__ == "__main__":
    main()
