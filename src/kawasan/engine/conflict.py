"""Which few limits of a timetable contradict one another."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise, product
from typing import Any, Literal

import numpy as np
from ortools.sat.python import cp_model

from kawasan.engine.timetable import Task, task_of

DETERMINISTIC_LIMIT = 2.0  # of one question to the solver, in CP-SAT's own count of work
SEED = 1

Kind = Literal["blocked", "busy", "day", "equipment", "order", "rooms", "sessions", "trainer", "ways"]


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """Something that a timetable has to hold to, of a group, a trainer or a kind of equipment by index; rooms and ways
    are of all, index 0.

    sessions  each session of the group is held.        order  in increasing position.
    day       at most most_per_day of them a day.       blocked  only when the group is free.
    trainer   the trainer holds one session at a time.  busy  only when the trainer is free.
    rooms     each session has a room of its own, large enough.
    equipment no more sessions at a time use the kind than there are sets.
    ways      groups and trainers have the time of the way between two sessions.
    """

    kind: Kind
    index: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """limits: together they cannot be held to. is_smallest: it is proven that without any one of them they can."""

    limits: tuple[Limit, ...]
    is_smallest: bool


@dataclass(frozen=True, slots=True)
class _Model:
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    switch: dict[Limit, cp_model.IntVar] = field(default_factory=dict)
    at: dict[tuple[int, int, int], cp_model.IntVar] = field(default_factory=dict)  # session, slot, site

    def most_one(self, limit: Limit, together: list[Any], most: int = 1) -> None:
        """At most so many of them, as long as the limit is held to."""
        if limit not in self.switch:
            self.switch[limit] = self.model.new_bool_var(f"{limit.kind}_{limit.index}")
        self.model.add(sum(together) <= most).only_enforce_if(self.switch[limit])


def smallest_conflict(**asked: Any) -> Conflict | None:
    """Say which limits contradict one another, so that giving up any one of them would do.

    Each limit of the timetable has a switch. CP-SAT is asked with all of them on as assumptions; when it proves that
    this cannot be, it names assumptions that suffice for the proof. Of these one after the other is left out: where the
    rest still contradict one another, it stays out.

    Parameters  as of ``timetable``.
    Returns     Conflict, the same on every machine; None when there is none, or none was proven within the work limit.
    Raises      InvalidInputError — as ``timetable``.
    Source      Chinneck and Dravnieks (1991), "Locating minimal infeasible constraint sets in linear programs", ORSA
                Journal on Computing 3 (deletion filter).
    """
    built = _built(task_of(**asked))
    kept = _core(built, sorted(built.switch))
    if kept is None:
        return None
    tried: set[Limit] = set()
    is_smallest = True
    while left := [limit for limit in kept if limit not in tried]:
        tried.add(left[0])
        rest = [limit for limit in kept if limit != left[0]]
        status, smaller = _asked(built, rest)
        is_smallest = is_smallest and status != cp_model.UNKNOWN
        kept = smaller if status == cp_model.INFEASIBLE else kept
    return Conflict(tuple(kept), is_smallest)


def _core(built: _Model, limits: list[Limit]) -> list[Limit] | None:
    status, core = _asked(built, limits)
    return core if status == cp_model.INFEASIBLE else None


def _asked(built: _Model, limits: list[Limit]) -> tuple[cp_model.CpSolverStatus, list[Limit]]:
    """Whether these limits can be held to together, and where not, which of them suffice for that."""
    built.model.clear_assumptions()
    built.model.add_assumptions([built.switch[limit] for limit in limits])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = DETERMINISTIC_LIMIT
    status = solver.solve(built.model)
    if status != cp_model.INFEASIBLE:
        return status, []
    named = set(solver.sufficient_assumptions_for_infeasibility())
    return status, [limit for limit in limits if built.switch[limit].index in named]


def _built(task: Task) -> _Model:
    built = _Model()
    for s, t, x in product(task.sessions, task.slots, task.sites):
        built.at[s, t, x] = built.model.new_bool_var(f"session_{s}_slot_{t}_site_{x}")
    for s in task.sessions:
        built.model.add_at_most_one(built.at[s, t, x] for t in task.slots for x in task.sites)
    for g in sorted(set(task.group.tolist())):
        _limit_group(built, task, g)
    for k in sorted(set(task.trainer.tolist())):
        _limit_trainer(built, task, k)
    _limit_rooms(built, task)
    _limit_equipment(built, task)
    for used in (task.group, task.trainer):
        for together in _too_far(built, task, used):
            built.most_one(Limit("ways"), together)
    return built


def _in_slot(built: _Model, task: Task, sessions: list[int], t: int) -> list[cp_model.IntVar]:
    return [built.at[s, t, x] for s in sessions for x in task.sites]


def _limit_group(built: _Model, task: Task, g: int) -> None:
    own = task.of_group(g)
    for s in own:
        built.most_one(Limit("sessions", g), [1 - sum(built.at[s, t, x] for t in task.slots for x in task.sites)], 0)
    of_day: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for t in task.slots:
        built.model.add_at_most_one(_in_slot(built, task, own, t))
        of_day[int(task.day[t])] += _in_slot(built, task, own, t)
        if not task.group_free[g, t]:
            built.most_one(Limit("blocked", g), _in_slot(built, task, own, t), 0)
    for together in of_day.values():
        built.most_one(Limit("day", g), together, task.most_per_day)
    stages = [list(stage) for _, stage in groupby(own, key=lambda s: int(task.position[s]))]
    for early, late in pairwise(stages):
        for a in early:
            _keep_after(built, task, Limit("order", g), a, late)


def _keep_after(built: _Model, task: Task, order: Limit, earlier: int, late: list[int]) -> None:
    """Once a later session is held, the earlier one was; what is before that follows from its own order."""
    before = built.model.new_constant(0)
    for t in task.slots:
        for later in late:
            built.most_one(order, [*_in_slot(built, task, [later], t), -before], 0)
        after = built.model.new_bool_var(f"session_{earlier}_by_slot_{t}")
        built.model.add(after == before + sum(_in_slot(built, task, [earlier], t)))
        before = after


def _limit_trainer(built: _Model, task: Task, k: int) -> None:
    own = np.flatnonzero(task.trainer == k).tolist()
    for t in task.slots:
        if len(own) > 1:
            built.most_one(Limit("trainer", k), _in_slot(built, task, own, t))
        if not task.trainer_free[k, t]:
            built.most_one(Limit("busy", k), _in_slot(built, task, own, t), 0)


def _limit_rooms(built: _Model, task: Task) -> None:
    for x in task.sites:
        for size, number in task.rooms_by_size(x):
            large = [s for s in task.sessions if task.people[s] >= size]
            for t in task.slots:
                built.most_one(Limit("rooms"), [built.at[s, t, x] for s in large], number)


def _limit_equipment(built: _Model, task: Task) -> None:
    for e, sets in enumerate(task.equipment.sets.tolist()):
        users = np.flatnonzero(task.equipment.uses[e]).tolist()
        for t in task.slots if len(users) > sets else ():
            built.most_one(Limit("equipment", e), _in_slot(built, task, users, t), sets)


def _too_far(built: _Model, task: Task, used: Any) -> Iterator[list[cp_model.IntVar]]:
    """Pairs of sessions of one group or trainer, of which only one can be held where and when they are."""
    if len(task.sites) == 1:
        return
    for a in task.sessions:
        for b in (b for b in task.sessions if b != a and used[a] == used[b]):
            for t, u in task.travel.near_slots():
                for x in task.sites:
                    far = [y for y in task.sites if task.travel.is_late(a, t, x, u, y)]
                    if far:
                        yield [built.at[a, t, x], *(built.at[b, u, y] for y in far)]
