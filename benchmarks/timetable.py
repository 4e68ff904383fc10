# ruff: noqa: INP001, T201, S101 - a command that speaks by printing, and checks what it measures
"""How soon there is a timetable without a clash, and how much better it gets: python benchmarks/timetable.py [TIMES]

24 sessions of each of 10 groups, 5 trainers, 4 rooms, 120 half days of which trainers can use 85 % and groups 95 %.
"""

import sys
import time

import numpy as np

from kawasan.engine import timetable as engine


def instance(seed: int) -> dict[str, object]:
    random = np.random.default_rng(seed)
    group, module = np.repeat(np.arange(10), 24), np.tile(np.arange(24), 10)
    return {
        "group": group,
        "trainer": module % 5,
        "position": module // 2,
        "people": random.integers(8, 13, 10)[group],
        "day": np.repeat(np.arange(30), 4),
        "capacity": np.array([12, 15, 20, 40]),
        "trainer_free": random.random((5, 120)) < 0.85,
        "group_free": random.random((10, 120)) < 0.95,
        "most_per_day": 2,
    }


def main(times: int) -> None:
    for seed in range(2022, 2022 + times):
        given = instance(seed)
        task = engine.task_of(**given)  # type: ignore[arg-type]
        start = time.perf_counter()
        plan = engine._place(task, np.ones(240))
        first = time.perf_counter() - start
        slot, room = plan.slot, engine._rooms(task, plan)
        clashes = engine.clashes(slot, room, given["group"], given["trainer"])  # type: ignore[arg-type]
        assert (slot >= 0).all()
        assert not clashes
        start = time.perf_counter()
        made = engine.timetable(**given)  # type: ignore[arg-type]
        whole = time.perf_counter() - start
        print(
            f"seed {seed}: first without a clash after {first:.2f} s (last slot {slot.max()}, crowding "
            f"{engine._crowding(task, slot)}); improved after {whole:.1f} s (last slot {made.last_slot}, gap "
            f"{made.gap:.3f}; crowding {made.crowding}, gap {made.crowding_gap:.2f})"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
