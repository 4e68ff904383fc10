"""When and where each training session is held, without a clash."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, groupby, pairwise
from math import ceil
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.sat.python import cp_model

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

RESTARTS = 60  # schedules constructed before the solver starts
SEED = 1
# CP-SAT's own count of work, about one unit a second on an office machine; unlike seconds it is the same everywhere.
DETERMINISTIC_LIMIT = 1.0

ROUNDING = 1e-6  # objectives are whole numbers; the solver's bound is a float

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Timetable:
    """slot, room: (n,) of each session. last_slot: the latest slot in use, -1 without sessions.

    gap: share of the slots 0..last_slot that a better timetable might still save, 0 to 1.
    crowding: pairs of sessions that one group has on one day; crowding_gap: share of them that might still be saved.
    is_optimal: last_slot is proven least, and crowding is proven least for this last_slot.
    """

    slot: Ints
    room: Ints
    last_slot: int
    gap: float
    crowding: int
    crowding_gap: float
    is_optimal: bool


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """Two sessions, session_a < session_b, that need the same group, room or trainer in one slot."""

    kind: Literal["group", "room", "trainer"]
    session_a: int
    session_b: int


class _Need(NamedTuple):
    """Something of which ``slots`` must be at least ``needed``: it is used once in a slot."""

    name: str
    needed: int
    slots: list[int]


@dataclass(frozen=True, slots=True)
class _Task:
    group: Ints
    trainer: Ints
    position: Ints
    people: Ints
    day: Ints
    capacity: Ints
    trainer_free: Bools
    group_free: Bools
    most_per_day: int

    @property
    def sessions(self) -> range:
        return range(len(self.group))

    @property
    def slots(self) -> range:
        return range(len(self.day))

    @property
    def is_possible(self) -> Bools:
        """(n, t): the session's group and trainer are both free."""
        return self.group_free[self.group] & self.trainer_free[self.trainer]

    def of_group(self, group: int) -> list[int]:
        """Return the sessions of a group, those of lower position first."""
        return sorted((int(s) for s in np.flatnonzero(self.group == group)), key=lambda s: (self.position[s], s))

    def days_of(self, group: int, last: int) -> list[list[int]]:
        """Return the group's free slots up to ``last``, a list for each day that has any."""
        free = [int(t) for t in np.flatnonzero(self.group_free[group, : last + 1])]
        return [list(slots) for _, slots in groupby(free, key=lambda t: self.day[t])]

    def rooms_by_size(self) -> list[tuple[int, int]]:
        """Return (people, number of rooms for so many): the least people for each number of rooms."""
        rooms = {int((self.capacity >= size).sum()): int(size) for size in sorted(set(self.people), reverse=True)}
        return sorted((size, number) for number, size in rooms.items())


class _Model(NamedTuple):
    model: cp_model.CpModel
    held: dict[tuple[int, int], cp_model.IntVar]  # session, slot
    start: list[cp_model.IntVar]


def timetable(
    *,
    group: ArrayLike,
    trainer: ArrayLike,
    position: ArrayLike,
    people: ArrayLike,
    day: ArrayLike,
    capacity: ArrayLike,
    trainer_free: ArrayLike,
    group_free: ArrayLike,
    most_per_day: int,
) -> Timetable:
    """Give each session a slot and a room so that all ends early and no group's day is crowded.

    First the least last slot; then, with that last slot, the least Σ k(k-1)/2 over groups and days with k sessions,
    which spreads each group's sessions evenly over its days. A schedule is constructed slot by slot, most urgent
    sessions first, with restarts; CP-SAT starts from it and improves it. Slots only count rooms: for each size, as
    many sessions of at least that size as there are rooms for them, which by Hall's theorem lets rooms be given
    afterwards. A group keeps its room of the day where it can; otherwise it gets the smallest free one that fits.

    Parameters  group, trainer : shape (n,), indices. position : shape (n,), integers; within a group, sessions are
                held in increasing position, those of equal position in any order. people : shape (n,), ≥ 0.
                day : shape (t,), day number of each slot, not decreasing; slots are in order of time and do not
                overlap. capacity : shape (r,), people. trainer_free : shape (trainers, t), bool.
                group_free : shape (groups, t), bool. most_per_day : sessions of a group in a day, ≥ 1.
    Returns     Timetable; the same for the same input on every machine.
    Raises      InvalidInputError; InfeasibleError — conflict names what lacks slots: "group 1", "trainer 3", "rooms",
                "session 7", or, where all have enough by themselves, sessions that find no slot, with their group
                and trainer; EngineError — neither a timetable nor a proof that there is none within the work limit.
    Source      Urgency-driven construction: Joslin and Clements (1999), "Squeaky wheel optimization", JAIR 10.
    """
    task = _Task(
        np.asarray(group, np.int64),
        np.asarray(trainer, np.int64),
        np.asarray(position, np.int64),
        np.asarray(people, np.int64),
        np.asarray(day, np.int64),
        np.asarray(capacity, np.int64),
        np.asarray(trainer_free, bool),
        np.asarray(group_free, bool),
        most_per_day,
    )
    _check(task)
    needs = list(_needs(task))
    _refuse_lacking(needs)
    if not len(task.sessions):
        return Timetable(np.zeros(0, np.int64), np.zeros(0, np.int64), -1, 0.0, 0, 0.0, True)
    least_last = _least_last(task, needs)
    slot = _construct(task, least_last)
    if slot is None:
        slot = _find(task)
    slot, least_last = _end_early(task, slot, least_last)
    slot, least_crowding = _spread(task, slot)
    last, crowding = int(slot.max()), _crowding(task, slot)
    return Timetable(
        slot=slot,
        room=_rooms(task, slot),
        last_slot=last,
        gap=(last - least_last) / (last + 1),
        crowding=crowding,
        crowding_gap=(crowding - least_crowding) / crowding if crowding else 0.0,
        is_optimal=last == least_last and crowding == least_crowding,
    )


def clashes(slot: ArrayLike, room: ArrayLike, group: ArrayLike, trainer: ArrayLike) -> tuple[Clash, ...]:
    """Return every pair of sessions that is in the same slot with the same room, group or trainer, in order.

    Parameters  slot, room, group, trainer : shape (n,), indices.
    Raises      InvalidInputError — the shapes differ.
    """
    slots = np.asarray(slot)
    uses: tuple[tuple[Literal["group", "room", "trainer"], ArrayLike], ...] = (
        ("group", group),
        ("room", room),
        ("trainer", trainer),
    )
    found = []
    for kind, used in uses:
        names = np.asarray(used)
        if names.shape != slots.shape:
            raise InvalidInputError("slot, room, group and trainer must have one entry for each session.")
        together = defaultdict(list)
        for session, key in enumerate(zip(slots.tolist(), names.tolist(), strict=True)):
            together[key].append(session)
        found += [Clash(kind, a, b) for sessions in together.values() for a, b in combinations(sessions, 2)]
    return tuple(sorted(found))


def _check(task: _Task) -> None:
    n, t = len(task.group), len(task.day)
    if any(a.shape != (n,) for a in (task.group, task.trainer, task.position, task.people)):
        raise InvalidInputError("group, trainer, position and people must have one entry for each session.")
    for name, index, free in (("group", task.group, task.group_free), ("trainer", task.trainer, task.trainer_free)):
        if free.ndim != 2 or free.shape[1] != t:
            raise InvalidInputError(f"{name}_free must have one row for each {name} and one column for each slot.")
        if ((index < 0) | (index >= len(free))).any():
            raise InvalidInputError(f"A session has a {name} without a row in {name}_free.")
    if (np.diff(task.day) < 0).any():
        raise InvalidInputError("Slots must be in order of time: day must not decrease.")
    if (task.people < 0).any() or task.most_per_day < 1:
        raise InvalidInputError("people must be at least 0 and most_per_day at least 1.")


def _needs(task: _Task) -> Iterator[_Need]:
    """Count, for everything that is used once in a slot, the slots needed and the slots there are."""
    possible = task.is_possible
    for s in task.sessions:
        yield _Need(f"session {s}", 1, [int(t) for t in np.flatnonzero(possible[s])])
    for g in sorted(set(task.group.tolist())):
        slots = [t for free in task.days_of(g, len(task.day)) for t in free[: task.most_per_day]]
        yield _Need(f"group {g}", int((task.group == g).sum()), slots)
    for k in sorted(set(task.trainer.tolist())):
        own = task.trainer == k
        yield _Need(f"trainer {k}", int(own.sum()), [int(t) for t in np.flatnonzero(possible[own].any(axis=0))])
    for size, number in task.rooms_by_size():
        large = task.people >= size
        slots = [int(t) for t in np.flatnonzero(possible[large].any(axis=0))] if number else []
        yield _Need(f"rooms for {size} people", -(-int(large.sum()) // max(number, 1)), slots)


def _refuse_lacking(needs: list[_Need]) -> None:
    lacking = [need for need in needs if need.needed > len(need.slots)]
    if lacking:
        words = ", ".join(f"{need.name} needs {need.needed} and has {len(need.slots)}" for need in lacking)
        names = ["rooms" if need.name.startswith("rooms") else need.name for need in lacking]
        raise InfeasibleError(f"There are too few slots: {words}.", tuple(dict.fromkeys(names)))


def _least_last(task: _Task, needs: list[_Need]) -> int:
    """Return a lower bound of the last slot: at the start and at the end few trainers can be busy, for the order."""
    for last in range(max(need.slots[need.needed - 1] for need in needs), len(task.day)):
        window = _windows(task, last)
        trainers = (len(set(task.trainer[window[:, t]].tolist())) for t in task.slots)
        if sum(min(len(task.capacity), number) for number in trainers) >= len(task.sessions):
            return last
    raise InfeasibleError(
        "There are too few slots: at the start and the end, the order keeps too many trainers idle.",
        ("rooms", "trainers", "order"),
    )


def _construct(task: _Task, least_last: int) -> Ints | None:
    """Return the earliest-ending schedule of many constructions, or None when none placed every session."""
    random = np.random.default_rng(SEED)
    weight = np.ones(len(task.sessions))
    best: Ints | None = None
    for _ in range(RESTARTS):
        slot = _place(task, weight)
        if (slot >= 0).all() and (best is None or slot.max() < best.max()):
            best = slot
        if best is not None and best.max() == least_last:
            break
        # The squeaky wheel: groups and trainers whose sessions came last, or not at all, go first next time.
        late = (slot < 0) | (slot == slot.max())
        weight[np.isin(task.group, task.group[late]) | np.isin(task.trainer, task.trainer[late])] *= 1.05
        weight *= random.uniform(0.95, 1.05, len(weight))
    return best


def _place(task: _Task, weight: NDArray[np.float64]) -> Ints:
    """Fill slot after slot with the most urgent sessions that may be held in it; -1 where one finds none.

    Urgency is the share of the remaining free slots that the session's group, or its trainer, still needs.
    """
    slot = np.full(len(task.sessions), -1, np.int64)
    waiting = {g: task.of_group(g) for g in sorted(set(task.group.tolist()))}
    held_on: dict[tuple[int, int], int] = defaultdict(int)
    left = np.bincount(task.trainer, minlength=len(task.trainer_free))
    trainer_slots = task.trainer_free[:, ::-1].cumsum(axis=1)[:, ::-1]
    group_slots = task.group_free[:, ::-1].cumsum(axis=1)[:, ::-1]
    possible = task.is_possible
    for t in task.slots:
        today = int(task.day[t])
        candidates = []
        for g, sessions in waiting.items():
            if held_on[g, today] < task.most_per_day:
                for s in (s for s in sessions if task.position[s] == task.position[sessions[0]] and possible[s, t]):
                    k = task.trainer[s]
                    urgency = max(len(sessions) / group_slots[g, t], left[k] / trainer_slots[k, t])
                    candidates.append((-urgency * weight[s], s))
        for s in _compatible(task, [s for _, s in sorted(candidates)]):
            slot[s] = t
            waiting[int(task.group[s])].remove(s)
            held_on[int(task.group[s]), today] += 1
            left[task.trainer[s]] -= 1
    return slot


def _compatible(task: _Task, candidates: list[int]) -> list[int]:
    """Return those candidates, taken in order, that can be held together: one group, trainer and room each."""
    rooms = sorted(task.capacity.tolist())
    busy: set[tuple[str, int]] = set()
    chosen = []
    for s in candidates:
        uses = {("group", int(task.group[s])), ("trainer", int(task.trainer[s]))}
        room = next((size for size in rooms if size >= task.people[s]), None)
        if room is not None and not uses & busy:
            chosen.append(s)
            busy |= uses
            rooms.remove(room)
    return chosen


def _find(task: _Task) -> Ints:
    """Return any timetable, found by the solver: it moves sessions out of slots added after the calendar's end."""
    n, t = len(task.sessions), len(task.day)
    extended = replace(
        task,
        day=np.append(task.day, task.day[-1] + 1 + np.arange(n)),
        trainer_free=np.pad(task.trainer_free, ((0, 0), (0, n)), constant_values=True),
        group_free=np.pad(task.group_free, ((0, 0), (0, n)), constant_values=True),
    )
    start = _place(extended, np.ones(n))
    built = _model(extended, _windows(extended, t + n - 1))
    built.model.minimize(sum(held for (_, slot), held in built.held.items() if slot >= t))
    slot, least_outside = _improve(built, start)
    outside = np.flatnonzero(slot >= t)
    if not len(outside):
        return slot
    if not least_outside:
        raise EngineError("Neither a timetable nor a proof that none exists was found within the work limit.")
    names = [f"session {s}" for s in outside]
    names += [f"group {g}" for g in np.unique(task.group[outside])]
    names += [f"trainer {k}" for k in np.unique(task.trainer[outside])]
    raise InfeasibleError(f"{len(outside)} of {n} sessions find no slot beside the others.", tuple(names))


def _end_early(task: _Task, slot: Ints, least_last: int) -> tuple[Ints, int]:
    """Return a timetable that ends no later, and a lower bound of the last slot."""
    if slot.max() == least_last:
        return slot, least_last
    built = _model(task, _windows(task, int(slot.max())))
    last = built.model.new_int_var(least_last, int(slot.max()), "last")
    for start in built.start:
        built.model.add(start <= last)
    built.model.minimize(last)
    slot, bound = _improve(built, slot)
    return slot, max(bound, least_last)


def _spread(task: _Task, slot: Ints) -> tuple[Ints, int]:
    """Return a timetable with the same last slot and no more crowding, and a lower bound of the crowding."""
    last = int(slot.max())
    least = {g: _least_crowding(task, g, last) for g in sorted(set(task.group.tolist()))}
    if _crowding(task, slot) == sum(least.values()):
        return slot, sum(least.values())
    built = _model(task, _windows(task, last))
    total = []
    for g, bound in least.items():
        excess = list(_excess(built, task, g, last))
        built.model.add(sum(excess) >= bound)
        total += excess
    built.model.minimize(sum(total))
    slot, bound = _improve(built, slot)
    return slot, max(bound, sum(least.values()))


def _least_crowding(task: _Task, group: int, last: int) -> int:
    """Return the crowding of a group that has the calendar to itself: fill its days evenly."""
    seats = [min(len(free), task.most_per_day) for free in task.days_of(group, last)]
    # The k-th session of a day adds k - 1 pairs, so the cheapest seats are the first of each day.
    price = sorted(k for seat in seats for k in range(seat))
    return sum(price[: int((task.group == group).sum())])


def _crowding(task: _Task, slot: Ints) -> int:
    _, count = np.unique(np.stack([task.group, task.day[slot]]), axis=1, return_counts=True)
    return int((count * (count - 1) // 2).sum())


def _excess(built: _Model, task: _Task, group: int, last: int) -> Iterator[cp_model.IntVar]:
    """Yield variables whose sum is at least k(k-1)/2 for each day with k sessions of the group."""
    for free in task.days_of(group, last):
        held = [built.held[s, t] for s in task.of_group(group) for t in free if (s, t) in built.held]
        for k in range(1, min(task.most_per_day, len(free))):
            beyond = built.model.new_int_var(0, task.most_per_day, f"beyond_{group}_{free[0]}_{k}")
            built.model.add(beyond >= sum(held) - k)
            yield beyond


def _windows(task: _Task, last: int) -> Bools:
    """(n, t): the session may be in the slot as far as its own group's order and days tell."""
    window = task.is_possible
    window[:, last + 1 :] = False
    for g in set(task.group.tolist()):
        sessions = task.of_group(g)
        days = task.days_of(g, last)
        early = [t for free in days for t in free[: task.most_per_day]]
        late = [t for free in days for t in free[-task.most_per_day :]]
        for s in sessions:
            before = int((task.position[sessions] < task.position[s]).sum())
            after = int((task.position[sessions] > task.position[s]).sum())
            window[s, : early[before]] = False
            window[s, late[-1 - after] + 1 :] = False
    return window


def _model(task: _Task, window: Bools) -> _Model:
    model = cp_model.CpModel()
    held = {(int(s), int(t)): model.new_bool_var(f"session_{s}_slot_{t}") for s, t in np.argwhere(window)}
    start = []
    for s in task.sessions:
        slots = [int(t) for t in np.flatnonzero(window[s])]
        start.append(model.new_int_var_from_domain(cp_model.Domain.from_values(slots), f"start_{s}"))
        model.add_exactly_one(held[s, t] for t in slots)
        for t in slots:
            model.add(start[s] == t).only_enforce_if(held[s, t])
    built = _Model(model, held, start)
    _forbid_clashes(built, task, window)
    _limit_days(built, task)
    _keep_order(built, task)
    return built


def _forbid_clashes(built: _Model, task: _Task, window: Bools) -> None:
    for t in np.flatnonzero(window.any(axis=0)):
        sessions = np.flatnonzero(window[:, t]).tolist()
        for used in (task.group, task.trainer):
            for k in set(used[sessions].tolist()):
                built.model.add_at_most_one(built.held[s, int(t)] for s in sessions if used[s] == k)
        for size, number in task.rooms_by_size():
            large = [built.held[s, int(t)] for s in sessions if task.people[s] >= size]
            if len(large) > number:
                built.model.add(sum(large) <= number)


def _limit_days(built: _Model, task: _Task) -> None:
    of_day = defaultdict(list)
    for (s, t), held in built.held.items():
        of_day[int(task.group[s]), int(task.day[t])].append(held)
    for held_today in of_day.values():
        built.model.add(sum(held_today) <= task.most_per_day)


def _keep_order(built: _Model, task: _Task) -> None:
    for g in set(task.group.tolist()):
        stages = [list(stage) for _, stage in groupby(task.of_group(g), key=lambda s: task.position[s])]
        for earlier, later in pairwise(stages):
            for a in earlier:
                for b in later:
                    built.model.add(built.start[a] < built.start[b])


def _improve(built: _Model, slot: Ints) -> tuple[Ints, int]:
    """Solve from the given timetable. Return the best one found, and a lower bound of the objective."""
    for (s, t), held in built.held.items():
        built.model.add_hint(held, int(slot[s] == t))
    for start, t in zip(built.start, slot.tolist(), strict=True):
        built.model.add_hint(start, t)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # At 240 sessions the linear relaxation, probing and symmetry eat the whole limit before the hint is even read.
    solver.parameters.linearization_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = DETERMINISTIC_LIMIT
    status = solver.solve(built.model)
    bound = max(0, ceil(solver.best_objective_bound - ROUNDING)) if status != cp_model.UNKNOWN else 0
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        slot = np.array([solver.value(start) for start in built.start], np.int64)
    return slot, bound


def _rooms(task: _Task, slot: Ints) -> Ints:
    """Give rooms, largest sessions first: whichever free room that fits is taken, the smaller sessions still fit."""
    room = np.zeros(len(slot), np.int64)
    of_day: dict[tuple[int, int], int] = {}
    by_capacity = np.argsort(task.capacity, kind="stable").tolist()
    for t in sorted(set(slot.tolist())):
        free = list(by_capacity)
        for s in sorted(np.flatnonzero(slot == t).tolist(), key=lambda s: (-task.people[s], task.group[s])):
            fitting = [r for r in free if task.capacity[r] >= task.people[s]]
            usual = of_day.get((int(task.group[s]), int(task.day[t])))
            taken = usual if usual is not None and usual in fitting else fitting[0]
            of_day[int(task.group[s]), int(task.day[t])] = room[s] = taken
            free.remove(taken)
    return room
