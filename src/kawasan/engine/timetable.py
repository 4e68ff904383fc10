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
    """Two sessions, session_a < session_b, that need the same group, room or trainer in one slot; or, as a way, two of
    one group or trainer between which the way takes longer than there is time.
    """

    kind: Literal["group", "group_way", "room", "trainer", "trainer_way"]
    session_a: int
    session_b: int


@dataclass(frozen=True, slots=True)
class Travel:
    """How long the ways between rooms take, in minutes.

    starts: (t,) when each slot starts, counted from any moment. minutes: (n,) how long each session is.
    site: (r,) where each room is. way: (sites, sites), the same both ways and 0 within a site.
    """

    starts: Ints
    minutes: Ints
    site: Ints
    way: Ints

    def is_late(self, a: int, slot_a: int, site_a: int, slot_b: int, site_b: int) -> bool:
        """Whether who leaves session a in an earlier slot comes too late to a site in a later one."""
        return bool(self.starts[slot_a] + self.minutes[a] + self.way[site_a, site_b] > self.starts[slot_b])

    def near_slots(self) -> list[tuple[int, int]]:
        """Pairs of slots, the earlier first, between which some way may take too long."""
        longest = int(self.minutes.max(initial=0) + self.way.max(initial=0))
        end = np.searchsorted(self.starts, self.starts + longest)
        return [(t, u) for t in range(len(self.starts)) for u in range(t + 1, int(end[t]))]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What is carried to the rooms, and in how many sets.

    uses: (e, n) whether a session uses one set of each kind. sets: (e,) how many there are.
    """

    uses: Bools
    sets: Ints

    def used_by(self, session: int) -> list[int]:
        """The kinds that a session uses."""
        return [int(e) for e in np.flatnonzero(self.uses[:, session])]


class _Plan(NamedTuple):
    """slot and site: (n,) of each session."""

    slot: Ints
    site: Ints


class _Need(NamedTuple):
    """Something of which ``slots`` must be at least ``needed``: it is used once in a slot."""

    name: str
    needed: int
    slots: list[int]


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a timetable, as ``timetable`` describes it; one site where no way takes too long."""

    group: Ints
    trainer: Ints
    position: Ints
    people: Ints
    day: Ints
    capacity: Ints
    trainer_free: Bools
    group_free: Bools
    most_per_day: int
    travel: Travel
    equipment: Equipment

    @property
    def sites(self) -> range:
        return range(len(self.travel.way))

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

    def rooms_by_size(self, site: int | None = None) -> list[tuple[int, int]]:
        """Return (people, number of rooms for so many, at a site): the least people for each number of rooms."""
        capacity = self.capacity if site is None else self.capacity[self.travel.site == site]
        rooms = {int((capacity >= size).sum()): int(size) for size in sorted(set(self.people), reverse=True)}
        return sorted((size, number) for number, size in rooms.items())


class _Model(NamedTuple):
    model: cp_model.CpModel
    held: dict[tuple[int, int], cp_model.IntVar]  # session, slot
    at: dict[tuple[int, int, int], cp_model.IntVar]  # session, slot, site; with one site the same as held
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
    travel: Travel | None = None,
    equipment: Equipment | None = None,
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
                travel : if given, groups and trainers have the time of the way between two of their sessions.
                equipment : if given, no more sessions in a slot use a kind of it than there are sets.
    Returns     Timetable; the same for the same input on every machine.
    Raises      InvalidInputError; InfeasibleError — conflict names what lacks slots: "group 1", "trainer 3", "rooms",
                "equipment 0", "session 7", or, where all have enough by themselves, sessions that find no slot, with
                their group and trainer; EngineError — neither a timetable nor a proof that there is none within the
                work limit.
    Source      Urgency-driven construction: Joslin and Clements (1999), "Squeaky wheel optimization", JAIR 10.
    """
    task = task_of(
        group=group,
        trainer=trainer,
        position=position,
        people=people,
        day=day,
        capacity=capacity,
        trainer_free=trainer_free,
        group_free=group_free,
        most_per_day=most_per_day,
        travel=travel,
        equipment=equipment,
    )
    needs = list(_needs(task))
    _refuse_lacking(needs)
    if not len(task.sessions):
        return Timetable(np.zeros(0, np.int64), np.zeros(0, np.int64), -1, 0.0, 0, 0.0, True)
    least_last = _least_last(task, needs)
    plan = _construct(task, least_last)
    if plan is None:
        plan = _find(task)
    plan, least_last = _end_early(task, plan, least_last)
    plan, least_crowding = _spread(task, plan)
    last, crowding = int(plan.slot.max()), _crowding(task, plan.slot)
    return Timetable(
        slot=plan.slot,
        room=_rooms(task, plan),
        last_slot=last,
        gap=(last - least_last) / (last + 1),
        crowding=crowding,
        crowding_gap=(crowding - least_crowding) / crowding if crowding else 0.0,
        is_optimal=last == least_last and crowding == least_crowding,
    )


def task_of(
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
    travel: Travel | None = None,
    equipment: Equipment | None = None,
) -> Task:
    """Check the input of ``timetable`` and put it together."""
    task = Task(
        np.asarray(group, np.int64),
        np.asarray(trainer, np.int64),
        np.asarray(position, np.int64),
        np.asarray(people, np.int64),
        np.asarray(day, np.int64),
        np.asarray(capacity, np.int64),
        np.asarray(trainer_free, bool),
        np.asarray(group_free, bool),
        most_per_day,
        travel or Travel(*(np.zeros(size, np.int64) for size in (len(day), len(group), len(capacity), (1, 1)))),  # type: ignore[arg-type]
        equipment or Equipment(np.zeros((0, len(group)), bool), np.zeros(0, np.int64)),  # type: ignore[arg-type]
    )
    _check(task)
    _check_travel(task)
    _check_equipment(task)
    # Where every way fits between any two slots, all rooms are as good as at one site.
    is_far = bool(task.travel.way.max(initial=0)) and bool(task.travel.near_slots())
    return task if is_far else replace(task, travel=_at_one_site(task.travel))


def _at_one_site(travel: Travel) -> Travel:
    return replace(travel, site=np.zeros(len(travel.site), np.int64), way=np.zeros((1, 1), np.int64))


def clashes(
    slot: ArrayLike, room: ArrayLike, group: ArrayLike, trainer: ArrayLike, travel: Travel | None = None
) -> tuple[Clash, ...]:
    """Return every pair of sessions that is in the same slot with the same room, group or trainer, and every pair of
    one group or trainer in different slots between which the way takes too long, in order.

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
    if travel:
        ways: tuple[tuple[Literal["group_way", "trainer_way"], ArrayLike], ...]
        ways = (("group_way", group), ("trainer_way", trainer))
        found += [
            clash for kind, used in ways for clash in _late(kind, slots, np.asarray(room), np.asarray(used), travel)
        ]
    return tuple(sorted(found))


def _late(
    kind: Literal["group_way", "trainer_way"], slot: Ints, room: Ints, used: Ints, travel: Travel
) -> Iterator[Clash]:
    for k in set(used.tolist()):
        own = sorted(np.flatnonzero(used == k).tolist(), key=lambda s: slot[s])
        for a, b in combinations(own, 2):
            sites = travel.site[room[a]], travel.site[room[b]]
            if slot[a] != slot[b] and travel.is_late(a, slot[a], sites[0], slot[b], sites[1]):
                yield Clash(kind, *sorted((a, b)))


def _check(task: Task) -> None:
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


def _check_travel(task: Task) -> None:
    travel, sites = task.travel, len(task.travel.way)
    shapes = (travel.starts.shape, travel.minutes.shape, travel.site.shape, travel.way.shape)
    if shapes != (task.day.shape, task.group.shape, task.capacity.shape, (sites, sites)):
        raise InvalidInputError(
            "travel must have a start for each slot, minutes for each session, a site for each room."
        )
    if (np.diff(travel.starts) < 0).any() or (travel.minutes < 0).any() or (travel.way < 0).any():
        raise InvalidInputError("Starts of slots must not decrease, and neither sessions nor ways last less than 0.")
    if ((travel.site < 0) | (travel.site >= sites)).any() or not (travel.way == travel.way.T).all():
        raise InvalidInputError("A room has a site without a way, or a way is not the same both ways.")


def _check_equipment(task: Task) -> None:
    uses, sets = task.equipment.uses, task.equipment.sets
    if uses.shape != (len(sets), len(task.group)) or (sets < 0).any():
        raise InvalidInputError(
            "equipment must say of each kind which sessions use it and how many sets there are, ≥ 0."
        )


def _needs(task: Task) -> Iterator[_Need]:
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
    for e, (uses, sets) in enumerate(zip(task.equipment.uses, task.equipment.sets.tolist(), strict=True)):
        slots = [int(t) for t in np.flatnonzero(possible[uses].any(axis=0))] if sets else []
        yield _Need(f"equipment {e}", -(-int(uses.sum()) // max(sets, 1)), slots)


def _refuse_lacking(needs: list[_Need]) -> None:
    lacking = [need for need in needs if need.needed > len(need.slots)]
    if lacking:
        words = ", ".join(f"{need.name} needs {need.needed} and has {len(need.slots)}" for need in lacking)
        names = ["rooms" if need.name.startswith("rooms") else need.name for need in lacking]
        raise InfeasibleError(f"There are too few slots: {words}.", tuple(dict.fromkeys(names)))


def _least_last(task: Task, needs: list[_Need]) -> int:
    """Return a lower bound of the last slot: at the start and at the end few trainers can be busy, for the order."""
    for last in range(max(need.slots[need.needed - 1] for need in needs if need.needed), len(task.day)):
        window = _windows(task, last)
        trainers = (len(set(task.trainer[window[:, t]].tolist())) for t in task.slots)
        if sum(min(len(task.capacity), number) for number in trainers) >= len(task.sessions):
            return last
    raise InfeasibleError(
        "There are too few slots: at the start and the end, the order keeps too many trainers idle.",
        ("rooms", "trainers", "order"),
    )


def _construct(task: Task, least_last: int) -> _Plan | None:
    """Return the earliest-ending schedule of many constructions, or None when none placed every session."""
    random = np.random.default_rng(SEED)
    weight = np.ones(len(task.sessions))
    best: _Plan | None = None
    for _ in range(RESTARTS):
        plan = _place(task, weight)
        slot = plan.slot
        if (slot >= 0).all() and (best is None or slot.max() < best.slot.max()):
            best = plan
        if best is not None and best.slot.max() == least_last:
            break
        # The squeaky wheel: groups and trainers whose sessions came last, or not at all, go first next time.
        late = (slot < 0) | (slot == slot.max())
        weight[np.isin(task.group, task.group[late]) | np.isin(task.trainer, task.trainer[late])] *= 1.05
        weight *= random.uniform(0.95, 1.05, len(weight))
    return best


def _place(task: Task, weight: NDArray[np.float64]) -> _Plan:
    """Fill slot after slot with the most urgent sessions that may be held in it; -1 where one finds none.

    Urgency is the share of the remaining free slots that the session's group, or its trainer, still needs.
    """
    plan = _Plan(*(np.full(len(task.sessions), -1, np.int64) for _ in range(2)))
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
        for s, site in _compatible(task, plan, [s for _, s in sorted(candidates)], t):
            plan.slot[s], plan.site[s] = t, site
            waiting[int(task.group[s])].remove(s)
            held_on[int(task.group[s]), today] += 1
            left[task.trainer[s]] -= 1
    return plan


def _compatible(task: Task, plan: _Plan, candidates: list[int], slot: int) -> list[tuple[int, int]]:
    """Return those candidates, taken in order, that can be held together in a slot, each with its site.

    Each has a group, trainer, room and equipment of its own: of the rooms that are reached in time those nearest, of
    these the smallest that fits.
    """
    rooms = sorted(range(len(task.capacity)), key=lambda r: (task.capacity[r], r))
    busy: set[tuple[str, int]] = set()
    sets = task.equipment.sets.copy()
    chosen = []
    for s in candidates:
        uses, equipment = {("group", int(task.group[s])), ("trainer", int(task.trainer[s]))}, task.equipment.used_by(s)
        if uses & busy or not sets[equipment].all():
            continue
        way = _ways_to(task, plan, s, slot)
        fitting = [r for r in rooms if task.capacity[r] >= task.people[s] and way[task.travel.site[r]] >= 0]
        if fitting:
            room = min(fitting, key=lambda r: way[task.travel.site[r]])
            chosen.append((s, int(task.travel.site[room])))
            busy |= uses
            sets[equipment] -= 1
            rooms.remove(room)
    return chosen


def _ways_to(task: Task, plan: _Plan, session: int, slot: int) -> list[int]:
    """The way to each site from where the session's group and trainer are before it, -1 where they come too late."""
    if len(task.sites) == 1:
        return [0]
    same = (task.group == task.group[session]) | (task.trainer == task.trainer[session])
    before = np.flatnonzero((plan.slot >= 0) & same & (task.day[plan.slot] == task.day[slot]))
    late = _late_sites(task, plan, np.flatnonzero((plan.slot >= 0) & same), slot)
    way = task.travel.way[plan.site[before]].sum(axis=0)
    return [-1 if x in late else int(way[x]) for x in task.sites]


def _late_sites(task: Task, plan: _Plan, before: Ints, slot: int) -> set[int]:
    arrival = (task.travel.starts[plan.slot[before]] + task.travel.minutes[before])[:, None]
    late = arrival + task.travel.way[plan.site[before]] > task.travel.starts[slot]
    return set(np.flatnonzero(late.any(axis=0)).tolist())


def _find(task: Task) -> _Plan:
    """Return any timetable, found by the solver: it moves sessions out of slots added after the calendar's end."""
    n, t = len(task.sessions), len(task.day)
    extended = _extended(task)
    start = _place(extended, np.ones(n))
    built = _model(extended, _windows(extended, t + n - 1))
    built.model.minimize(sum(held for (_, slot), held in built.held.items() if slot >= t))
    plan, least_outside = _improve(built, start)
    outside = np.flatnonzero(plan.slot >= t)
    if not len(outside):
        return plan
    if not least_outside:
        raise EngineError("Neither a timetable nor a proof that none exists was found within the work limit.")
    names = [f"session {s}" for s in outside]
    names += [f"group {g}" for g in np.unique(task.group[outside])]
    names += [f"trainer {k}" for k in np.unique(task.trainer[outside])]
    raise InfeasibleError(f"{len(outside)} of {n} sessions find no slot beside the others.", tuple(names))


def _extended(task: Task) -> Task:
    """The task with as many days of one slot after the calendar's end as there are sessions."""
    n, travel = len(task.sessions), task.travel
    apart = int(travel.minutes.max() + travel.way.max()) + 1
    return replace(
        task,
        day=np.append(task.day, task.day[-1] + 1 + np.arange(n)),
        trainer_free=np.pad(task.trainer_free, ((0, 0), (0, n)), constant_values=True),
        group_free=np.pad(task.group_free, ((0, 0), (0, n)), constant_values=True),
        travel=replace(travel, starts=np.append(travel.starts, travel.starts[-1] + apart * (1 + np.arange(n)))),
    )


def _end_early(task: Task, plan: _Plan, least_last: int) -> tuple[_Plan, int]:
    """Return a timetable that ends no later, and a lower bound of the last slot."""
    latest = int(plan.slot.max())
    if latest == least_last:
        return plan, least_last
    built = _model(task, _windows(task, latest))
    last = built.model.new_int_var(least_last, latest, "last")
    for start in built.start:
        built.model.add(start <= last)
    built.model.minimize(last)
    plan, bound = _improve(built, plan)
    return plan, max(bound, least_last)


def _spread(task: Task, plan: _Plan) -> tuple[_Plan, int]:
    """Return a timetable with the same last slot and no more crowding, and a lower bound of the crowding."""
    last = int(plan.slot.max())
    least = {g: _least_crowding(task, g, last) for g in sorted(set(task.group.tolist()))}
    if _crowding(task, plan.slot) == sum(least.values()):
        return plan, sum(least.values())
    built = _model(task, _windows(task, last))
    total = []
    for g, bound in least.items():
        excess = list(_excess(built, task, g, last))
        built.model.add(sum(excess) >= bound)
        total += excess
    built.model.minimize(sum(total))
    plan, bound = _improve(built, plan)
    return plan, max(bound, sum(least.values()))


def _least_crowding(task: Task, group: int, last: int) -> int:
    """Return the crowding of a group that has the calendar to itself: fill its days evenly."""
    seats = [min(len(free), task.most_per_day) for free in task.days_of(group, last)]
    # The k-th session of a day adds k - 1 pairs, so the cheapest seats are the first of each day.
    price = sorted(k for seat in seats for k in range(seat))
    return sum(price[: int((task.group == group).sum())])


def _crowding(task: Task, slot: Ints) -> int:
    _, count = np.unique(np.stack([task.group, task.day[slot]]), axis=1, return_counts=True)
    return int((count * (count - 1) // 2).sum())


def _excess(built: _Model, task: Task, group: int, last: int) -> Iterator[cp_model.IntVar]:
    """Yield variables whose sum is at least k(k-1)/2 for each day with k sessions of the group."""
    for free in task.days_of(group, last):
        held = [built.held[s, t] for s in task.of_group(group) for t in free if (s, t) in built.held]
        for k in range(1, min(task.most_per_day, len(free))):
            beyond = built.model.new_int_var(0, task.most_per_day, f"beyond_{group}_{free[0]}_{k}")
            built.model.add(beyond >= sum(held) - k)
            yield beyond


def _windows(task: Task, last: int) -> Bools:
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


def _model(task: Task, window: Bools) -> _Model:
    model = cp_model.CpModel()
    held = {(int(s), int(t)): model.new_bool_var(f"session_{s}_slot_{t}") for s, t in np.argwhere(window)}
    start = []
    for s in task.sessions:
        slots = [int(t) for t in np.flatnonzero(window[s])]
        start.append(model.new_int_var_from_domain(cp_model.Domain.from_values(slots), f"start_{s}"))
        model.add_exactly_one(held[s, t] for t in slots)
        for t in slots:
            model.add(start[s] == t).only_enforce_if(held[s, t])
    built = _Model(model, held, _sites(model, task, held), start)
    _forbid_clashes(built, task, window)
    _limit_days(built, task)
    _keep_order(built, task)
    _keep_ways(built, task)
    return built


def _sites(
    model: cp_model.CpModel, task: Task, held: dict[tuple[int, int], cp_model.IntVar]
) -> dict[tuple[int, int, int], cp_model.IntVar]:
    """Whether a session is in a slot and at a site that has a room for it."""
    if len(task.sites) == 1:
        return {(s, t, 0): is_held for (s, t), is_held in held.items()}
    largest = [int(task.capacity[task.travel.site == x].max(initial=-1)) for x in task.sites]
    at = {}
    for (s, t), is_held in held.items():
        fitting = [x for x in task.sites if largest[x] >= task.people[s]]
        at.update({(s, t, x): model.new_bool_var(f"session_{s}_slot_{t}_site_{x}") for x in fitting})
        model.add(sum(at[s, t, x] for x in fitting) == is_held)
    return at


def _forbid_clashes(built: _Model, task: Task, window: Bools) -> None:
    for t in np.flatnonzero(window.any(axis=0)).tolist():
        sessions = np.flatnonzero(window[:, t]).tolist()
        for used in (task.group, task.trainer):
            for k in set(used[sessions].tolist()):
                built.model.add_at_most_one(built.held[s, t] for s in sessions if used[s] == k)
        for uses, sets in zip(task.equipment.uses, task.equipment.sets.tolist(), strict=True):
            built.model.add(sum(built.held[s, t] for s in sessions if uses[s]) <= sets)
        for site in task.sites:
            for size, number in task.rooms_by_size(site):
                large = [built.at[s, t, site] for s in sessions if task.people[s] >= size and (s, t, site) in built.at]
                if len(large) > number:
                    built.model.add(sum(large) <= number)


def _keep_ways(built: _Model, task: Task) -> None:
    """Whoever is at a site in a slot is not at one that is too far in a slot soon after."""
    if len(task.sites) == 1:
        return
    for used in (task.group, task.trainer):
        for k in sorted(set(used.tolist())):
            own = np.flatnonzero(used == k).tolist()
            for t, u in task.travel.near_slots():
                for together in _too_far(built.at, task.travel, own, t, u):
                    built.model.add_at_most_one(together)


def _too_far(
    at: dict[tuple[int, int, int], cp_model.IntVar], travel: Travel, own: list[int], t: int, u: int
) -> Iterator[list[cp_model.IntVar]]:
    """For each site and length of session in slot t: those at least so long, and the sessions in u that are too far."""
    for x in range(len(travel.way)):
        for length in sorted(set(travel.minutes[own].tolist())):
            far = np.flatnonzero(travel.starts[t] + length + travel.way[x] > travel.starts[u]).tolist()
            early = [at[s, t, x] for s in own if travel.minutes[s] >= length and (s, t, x) in at]
            late = [at[s, u, y] for s in own for y in far if (s, u, y) in at]
            if early and late:
                yield early + late


def _limit_days(built: _Model, task: Task) -> None:
    of_day = defaultdict(list)
    for (s, t), held in built.held.items():
        of_day[int(task.group[s]), int(task.day[t])].append(held)
    for held_today in of_day.values():
        built.model.add(sum(held_today) <= task.most_per_day)


def _keep_order(built: _Model, task: Task) -> None:
    for g in set(task.group.tolist()):
        stages = [list(stage) for _, stage in groupby(task.of_group(g), key=lambda s: task.position[s])]
        for earlier, later in pairwise(stages):
            for a in earlier:
                for b in later:
                    built.model.add(built.start[a] < built.start[b])


def _improve(built: _Model, plan: _Plan) -> tuple[_Plan, int]:
    """Solve from the given timetable. Return the best one found, and a lower bound of the objective."""
    _hint(built, plan)
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
        plan = _solved(built, solver)
    return plan, bound


def _hint(built: _Model, plan: _Plan) -> None:
    for (s, t), held in built.held.items():
        built.model.add_hint(held, int(plan.slot[s] == t))
    if len(built.at) > len(built.held):
        for (s, t, x), at in built.at.items():
            built.model.add_hint(at, int(plan.slot[s] == t and plan.site[s] == x))
    for start, t in zip(built.start, plan.slot.tolist(), strict=True):
        built.model.add_hint(start, t)


def _solved(built: _Model, solver: cp_model.CpSolver) -> _Plan:
    slot = np.array([solver.value(start) for start in built.start], np.int64)
    site = np.zeros(len(slot), np.int64)
    for (s, _t, x), at in built.at.items():
        if x and solver.value(at):
            site[s] = x
    return _Plan(slot, site)


def _rooms(task: Task, plan: _Plan) -> Ints:
    """Give rooms, largest sessions first: whichever free room that fits is taken, the smaller sessions still fit."""
    room = np.zeros(len(plan.slot), np.int64)
    of_day: dict[tuple[int, int], int] = {}
    by_capacity = np.argsort(task.capacity, kind="stable").tolist()
    for t in sorted(set(plan.slot.tolist())):
        free = list(by_capacity)
        for s in sorted(np.flatnonzero(plan.slot == t).tolist(), key=lambda s: (-task.people[s], task.group[s])):
            fitting = [r for r in free if task.capacity[r] >= task.people[s] and task.travel.site[r] == plan.site[s]]
            usual = of_day.get((int(task.group[s]), int(task.day[t])))
            taken = usual if usual is not None and usual in fitting else fitting[0]
            of_day[int(task.group[s]), int(task.day[t])] = room[s] = taken
            free.remove(taken)
    return room
