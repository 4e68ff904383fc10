"""Who goes where with the fewest changes: people to groups, or groups to mentors, under rules that are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.sat.python import cp_model

from kawasan.engine.assignment import repeatable_solver, require_answer
from kawasan.engine.errors import InfeasibleError, InvalidInputError

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bin can hold: least and most things, and most weight; one entry a bin."""

    least: Ints
    most: Ints
    most_weight: Ints


@dataclass(frozen=True, slots=True)
class AtMost:
    """No bin holds more than ``most`` of these things."""

    items: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Share:
    """Each bin should hold ``least`` to ``most`` of these things; each one short or over costs ``penalty``."""

    items: tuple[int, ...]
    least: int
    most: int
    penalty: int


@dataclass(frozen=True, slots=True)
class Together:
    """These two should be in one bin; ``penalty`` when they are not."""

    first: int
    second: int
    penalty: int


@dataclass(frozen=True, slots=True)
class Pool:
    """These bins, of one mentor, hold at most so much weight together."""

    bins: tuple[int, ...]
    most_weight: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules beside the limits. ``at_most`` and ``pools`` are kept without exception, the others at a penalty."""

    at_most: tuple[AtMost, ...] = ()
    pools: tuple[Pool, ...] = ()
    together: tuple[Together, ...] = ()
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Reassignment:
    """bin: (n,) of each thing. changes: how many are elsewhere than before. cost, bound: in the unit of the cost;
    no assignment with so few changes costs less than ``bound``. fewest: whether fewer changes are proven impossible.
    """

    bin: Ints
    changes: int
    cost: int
    bound: int
    fewest: bool

    @property
    def is_optimal(self) -> bool:
        """Whether neither fewer changes nor less cost with as many is possible."""
        return self.fewest and self.cost == self.bound


@dataclass(frozen=True, slots=True)
class _Problem:
    cost: Ints
    weight: Ints
    limits: Limits
    now: Ints
    fixed: NDArray[np.bool_]
    rules: Rules


def reassign(
    cost: ArrayLike,
    *,
    weight: ArrayLike,
    limits: Limits,
    now: ArrayLike,
    fixed: ArrayLike,
    rules: Rules = Rules(),
) -> Reassignment:
    """Put each thing into one bin: first as few as possible elsewhere than now, then at the least cost.

    Over x_ib ∈ {0, 1} with Σ_b x_ib = 1, least_b ≤ Σ_i x_ib ≤ most_b, Σ_i w_i x_ib ≤ most_weight_b, each ``AtMost``
    and ``Pool``, and x_ib = 1 for fixed i in its bin b: minimise (changes, Σ c_ib x_ib + penalties), the first of
    the two before the second.
    A thing with now = -1 has no bin yet; putting it anywhere is no change.

    Parameters  cost : shape (n, b), integers ≥ 0, or -1 where not allowed. weight : shape (n,), ≥ 0.
                now : shape (n,), -1..b-1. fixed : shape (n,), bool; only where now ≥ 0.
    Returns     Reassignment.
    Raises      InvalidInputError; InfeasibleError — conflict has the kinds of rules ("least", "most", "weight",
                "at_most", "fixed", "allowed") of which giving up one alone would make it possible; none if no one does;
                EngineError — nothing found within the work limit.
    Source      Minimal perturbation: El Sakkout and Wallace (2000), "Probe Backtrack Search", Constraints 5.
                Lexicographic optimisation: Isermann (1982), "Linear lexicographic optimization", OR Spektrum 4.
    """
    problem = _problem(cost, weight, limits, now, fixed, rules)
    first = _Model(problem)
    first.model.minimize(first.changes())
    status = first.solve()
    if status == cp_model.INFEASIBLE:
        raise _conflict(problem)
    require_answer(status)
    changes = round(first.solver.objective_value)
    second = _Model(problem)
    second.model.add(second.changes() <= changes)
    second.model.minimize(second.price())
    second.hint(first.found())
    require_answer(second.solve())
    return Reassignment(
        bin=second.found(),
        changes=_changed(problem, second.found()),
        cost=round(second.solver.objective_value),
        bound=round(second.solver.best_objective_bound),
        fewest=status == cp_model.OPTIMAL,
    )


class _Model:
    """The model, in which kinds of rules can be left out to find which of them conflict."""

    def __init__(self, problem: _Problem, without: str = "") -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        n, bins = problem.cost.shape
        allowed = problem.cost >= 0 if without != "allowed" else np.ones((n, bins), bool)
        self.x = {(int(i), int(b)): self.model.new_bool_var(f"{i}_in_{b}") for i, b in np.argwhere(allowed)}
        self.solver = repeatable_solver()
        for i in range(n):
            self.model.add_exactly_one(self.x[i, b] for b in range(bins) if (i, b) in self.x)
        kinds: dict[str, Callable[[], None]] = {
            "least": self._least,
            "most": self._most,
            "weight": self._weight,
            "at_most": self._at_most,
            "fixed": self._fixed,
        }
        for kind, add in kinds.items():
            if kind != without:
                add()

    def changes(self) -> cp_model.LinearExprT:
        now = self.problem.now
        return sum(x for (i, b), x in self.x.items() if now[i] >= 0 and now[i] != b)

    def price(self) -> cp_model.LinearExprT:
        """The cost with all penalties; a penalty's variable is as small as it can be when this is minimised."""
        way: Any = sum(max(int(self.problem.cost[i, b]), 0) * x for (i, b), x in self.x.items())
        return (
            way + sum(map(self._apart, self.problem.rules.together)) + sum(map(self._uneven, self.problem.rules.shares))
        )

    def solve(self) -> cp_model.CpSolverStatus:
        return self.solver.solve(self.model)

    def found(self) -> Ints:
        chosen = np.zeros(len(self.problem.cost), np.int64)
        for (i, b), x in self.x.items():
            if self.solver.value(x):
                chosen[i] = b
        return chosen

    def hint(self, bins: Ints) -> None:
        for (i, b), x in self.x.items():
            self.model.add_hint(x, int(bins[i]) == b)

    def _in(self, b: int, items: Sequence[int] | None = None) -> Any:
        every = range(len(self.problem.cost)) if items is None else items
        return sum(self.x[i, b] for i in every if (i, b) in self.x)

    def _least(self) -> None:
        for b, least in enumerate(self.problem.limits.least):
            self.model.add(self._in(b) >= int(least))

    def _most(self) -> None:
        for b, most in enumerate(self.problem.limits.most):
            self.model.add(self._in(b) <= int(most))

    def _weight(self) -> None:
        for b, most in enumerate(self.problem.limits.most_weight):
            heavy = sum(int(self.problem.weight[i]) * x for (i, k), x in self.x.items() if k == b)
            self.model.add(heavy <= int(most))
        for pool in self.problem.rules.pools:
            held = sum(int(self.problem.weight[i]) * x for (i, b), x in self.x.items() if b in pool.bins)
            self.model.add(held <= pool.most_weight)

    def _at_most(self) -> None:
        for rule in self.problem.rules.at_most:
            for b in range(self.problem.cost.shape[1]):
                self.model.add(self._in(b, rule.items) <= rule.most)

    def _fixed(self) -> None:
        for i in np.flatnonzero(self.problem.fixed):
            chosen = self.x.get((int(i), int(self.problem.now[i])))
            self.model.add_bool_or([chosen] if chosen is not None else [])

    def _apart(self, rule: Together) -> Any:
        apart = self.model.new_bool_var("apart")
        for b in range(self.problem.cost.shape[1]):
            self.model.add(self._in(b, [rule.first]) - self._in(b, [rule.second]) <= apart)
        return rule.penalty * apart

    def _uneven(self, rule: Share) -> Any:
        misses = []
        for b in range(self.problem.cost.shape[1]):
            miss = self.model.new_int_var(0, len(rule.items) + rule.least, "miss")
            self.model.add(miss >= rule.least - self._in(b, rule.items))
            self.model.add(miss >= self._in(b, rule.items) - rule.most)
            misses.append(miss)
        return rule.penalty * sum(misses)


def _problem(
    cost: ArrayLike, weight: ArrayLike, limits: Limits, now: ArrayLike, fixed: ArrayLike, rules: Rules
) -> _Problem:
    costs, weights = np.asarray(cost, np.int64), np.asarray(weight, np.int64)
    present, pinned = np.asarray(now, np.int64), np.asarray(fixed, bool)
    if costs.ndim != 2 or not len(weights) == len(present) == len(pinned) == len(costs):
        raise InvalidInputError("cost must have one row for each thing; weight, now and fixed one entry.")
    bins = costs.shape[1]
    if {len(limits.least), len(limits.most), len(limits.most_weight)} != {bins}:
        raise InvalidInputError("Each limit must have one entry for each bin.")
    if (costs < -1).any() or (weights < 0).any() or (present < -1).any() or (present >= bins).any():
        raise InvalidInputError("Costs are at least 0 (or -1: not allowed), weights at least 0, bins -1 to b-1.")
    if (pinned & (present < 0)).any():
        raise InvalidInputError("Only what has a bin can be fixed in it.")
    return _Problem(costs, weights, limits, present, pinned, rules)


def _conflict(problem: _Problem) -> InfeasibleError:
    kinds = []
    for kind in ("allowed", "least", "most", "weight", "at_most", "fixed"):
        if kind == "allowed" or (problem.cost >= 0).any(axis=1).all():
            model = _Model(problem, without=kind)
            if model.solve() in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                kinds.append(kind)
    return InfeasibleError("No assignment keeps every rule.", tuple(kinds))


def _changed(problem: _Problem, bins: Ints) -> int:
    return int(((problem.now >= 0) & (bins != problem.now)).sum())
