"""What every panel must satisfy, whether one exists, and which quotas conflict when none does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import EngineError, InvalidInputError
from kawasan.engine.integer_solver import IntegerProgram, solve_integer


@dataclass(frozen=True, slots=True)
class Quota:
    """From ``least`` to ``most`` seats (both included) go to people whose ``features[:, feature]`` is ``value``."""

    feature: int
    value: int
    least: int
    most: int


MOST_ROUNDS = 50  # of the search for the smallest conflict


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Who may be seated, and what every panel must satisfy.

    features            shape (n, f): the category number of each person in each feature, of any whole type
    quotas              bounds in seats; a category without a quota is free
    seats               how many people a panel has, at least 1
    households          shape (n,): the number of each person's household; somebody alone has a number of their own
    most_per_household  how many people of one household may sit in a panel, at least 1

    Raises              InvalidInputError — shapes or bounds are not as above
    """

    features: NDArray[np.integer[Any]]
    quotas: Sequence[Quota]
    seats: int
    households: NDArray[np.int64]
    most_per_household: int

    def __post_init__(self) -> None:
        if not are_whole(self.features, self.households):
            raise InvalidInputError("Features and households are numpy arrays of whole numbers.")
        if not all(isinstance(number, int | np.integer) for number in (self.seats, self.most_per_household)):
            raise InvalidInputError("Seats, and how many of a household may sit, are whole numbers.")
        if self.features.ndim != 2 or self.households.shape != self.features.shape[:1]:
            raise InvalidInputError("Features need one row a person, and households one number a person.")
        if self.seats < 1 or self.most_per_household < 1:
            raise InvalidInputError("A panel has at least one seat, and a household may fill at least one.")
        for quota in self.quotas:
            if not 0 <= quota.feature < self.features.shape[1]:
                raise InvalidInputError(f"{quota} names a feature that does not exist.")
            if not 0 <= quota.least <= quota.most:
                raise InvalidInputError(f"{quota} needs 0 <= least <= most.")

    @property
    def has_large_household(self) -> bool:
        """Some household has more people than may be seated."""
        return bool(_competing_household(self).any())


def are_whole(*arrays: object) -> bool:
    """Whether all are numpy arrays of whole numbers."""
    return all(isinstance(one, np.ndarray) and np.issubdtype(one.dtype, np.integer) for one in arrays)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Bounds, in seats, that quota number ``quota`` should have instead of its own."""

    quota: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether a panel exists and, if not, why not and what would help.

    feasible    a panel of exactly the seats meets every quota and the household limit
    conflict    numbers of as few quotas as cannot hold together; empty when feasible, and when the seats cannot be
                filled even without quotas
    relaxation  the least total change of bounds, in seats, that makes a panel possible; empty when feasible, and when
                no change of quotas helps
    most_seats  the most seats that can be filled within the household limit and every ``most``, whoever is certain
    excess      where the people who are certain are alone too many; nothing when they are not
    is_smallest False where the search ended before it was settled that no smaller set conflicts; of the conflict itself
                every quota is needed even then
    """

    feasible: bool
    conflict: tuple[int, ...]
    relaxation: tuple[Relaxation, ...]
    most_seats: int
    excess: "Excess | None" = None
    is_smallest: bool = True


@dataclass(frozen=True, slots=True)
class Excess:
    """Where the people who have a seat in every panel are alone too many for any panel.

    seats       how many of them there are beyond the seats
    quotas      numbers of quotas whose ``most`` they exceed, and how many of them count towards each
    households  how many households have more of them than may be seated
    """

    seats: int
    quotas: tuple[tuple[int, int], ...]
    households: int


def check(problem: Problem, *, certain: Sequence[int] = ()) -> Feasibility:
    """Say whether a panel exists; if not, which quotas conflict and the least change that helps.

    A deletion filter finds a first conflict: quotas are dropped in their order, and stay dropped while no panel
    exists. What remains is irreducible (every quota in it is needed), and a smaller one is looked for with hitting
    sets: of the quotas that any panel of the seats breaks, every conflict has one. So the fewest quotas that hit all
    such sets found so far are a lower bound, and a conflict as soon as no panel keeps them. The relaxation minimises
    the sum over quotas of (seats taken from ``least`` + seats added to ``most``); among equals, quotas listed first
    change least, and keep ``least`` rather than ``most``.

    Parameters      certain : row numbers of people who have a seat in every panel
    Returns         Feasibility; the same whatever the order of people
    Raises          InvalidInputError — somebody certain is not in the pool
                    EngineError — HiGHS gave no answer
    Source          Ignatiev, Previti, Liffiton and Marques-Silva (2015), "Smallest MUS extraction with minimal hitting
                    set dualization", CP 2015, LNCS 9255.
    """
    sure = _sure(problem, certain)
    _, program = _cells(problem, sure)
    most_seats = _most_seats(problem, program)
    if solve_integer(program) is not None:
        return Feasibility(True, (), (), most_seats)
    relaxed = _with_changes(problem, program)
    conflict, is_smallest = _smallest(problem, relaxed, _conflict(problem, program))
    relaxation = _relaxation(problem, relaxed)
    return Feasibility(False, conflict, relaxation, most_seats, _excess(problem, sure), is_smallest)


def _sure(problem: Problem, certain: Sequence[int]) -> NDArray[np.int64]:
    """Return shape (n,): 1 for people who have a seat in every panel."""
    people = len(problem.households)
    if not set(certain) <= set(range(people)):
        raise InvalidInputError("Only people in the pool can be certain of a seat.")
    sure = np.zeros(people, dtype=np.int64)
    sure[list(certain)] = 1
    return sure


def _excess(problem: Problem, sure: NDArray[np.int64]) -> Excess | None:
    counted = (sure @ _counts_towards(problem)).tolist()
    over = [(number, counted[number]) for number, quota in enumerate(problem.quotas) if counted[number] > quota.most]
    _, members = np.unique(problem.households[sure == 1], return_counts=True)
    households = int((members > problem.most_per_household).sum())
    seats = max(int(sure.sum()) - problem.seats, 0)
    return Excess(seats, tuple(over), households) if seats or over or households else None


def _cells(problem: Problem, sure: NDArray[np.int64]) -> tuple[NDArray[np.int64], IntegerProgram]:
    """Return each person's cell, and the programme whose variables say how many of each cell are in a panel.

    Rows: the seats; the quotas in their order; the households with more members than may be seated. Of a cell whose
    people are certain, all are in every panel.
    """
    counts = _counts_towards(problem)
    household = _competing_household(problem)
    profile = np.column_stack([household, counts, sure])
    cells, cell_of, size = np.unique(profile, axis=0, return_inverse=True, return_counts=True)
    cells, is_sure = cells[:, :-1], cells[:, -1]
    quota_rows, quota_columns = np.nonzero(cells[:, 1:].T)
    (competing,) = np.nonzero(cells[:, 0])
    quotas, households = len(problem.quotas), int(household.max(initial=0))
    rows = np.concatenate([np.zeros(len(cells)), 1 + quota_rows, quotas + cells[competing, 0]]).astype(np.int64)
    lower = [problem.seats, *(quota.least for quota in problem.quotas), *[0] * households]
    upper = [problem.seats, *(quota.most for quota in problem.quotas), *[problem.most_per_household] * households]
    program = IntegerProgram(
        cost=np.zeros(len(cells), dtype=np.int64),
        lower=is_sure * size.astype(np.int64),
        upper=size.astype(np.int64),
        row_lower=np.array(lower, dtype=np.int64),
        row_upper=np.array(upper, dtype=np.int64),
        rows=rows,
        columns=np.concatenate([np.arange(len(cells)), quota_columns, competing]),
        values=np.ones(len(rows), dtype=np.int64),
    )
    return cell_of, program


def _counts_towards(problem: Problem) -> NDArray[np.int64]:
    """Return shape (n, quotas): 1 where the person counts towards the quota."""
    feature = [quota.feature for quota in problem.quotas]
    value = np.array([quota.value for quota in problem.quotas], dtype=np.int64)
    return np.asarray(problem.features[:, feature] == value, dtype=np.int64)


def _competing_household(problem: Problem) -> NDArray[np.int64]:
    """Return shape (n,): 1, 2, … for the households with more members than may be seated, 0 for all others."""
    _, number, size = np.unique(problem.households, return_inverse=True, return_counts=True)
    competes = size > problem.most_per_household
    label: NDArray[np.int64] = np.where(competes, np.cumsum(competes), 0)
    return label[number]


def _most_seats(problem: Problem, program: IntegerProgram) -> int:
    lower = np.zeros_like(program.row_lower)
    upper = program.row_upper.copy()
    upper[0] = len(problem.households)
    cost, nobody = -np.ones_like(program.cost), np.zeros_like(program.lower)
    # Nobody seated is a solution, so there is an optimal one.
    return int(_optimal(replace(program, cost=cost, lower=nobody, row_lower=lower, row_upper=upper)).sum())


def _conflict(problem: Problem, program: IntegerProgram) -> tuple[int, ...]:
    """Return an irreducible set of conflicting quotas of an infeasible programme, by a deletion filter."""
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    needed = []
    for number, quota in enumerate(problem.quotas):
        lower[1 + number], upper[1 + number] = 0, len(problem.households)
        if solve_integer(replace(program, row_lower=lower, row_upper=upper)) is not None:
            lower[1 + number], upper[1 + number] = quota.least, quota.most
            needed.append(number)
    return tuple(needed)


def _smallest(problem: Problem, relaxed: IntegerProgram, known: tuple[int, ...]) -> tuple[tuple[int, ...], bool]:
    """Return a conflict of the fewest quotas, the first in order unless ``known`` is one; or ``known`` and False."""
    broken: list[NDArray[np.int64]] = []  # sets of quotas, one of which is in every conflict
    for _ in range(MOST_ROUNDS):
        hitting = _hitting(broken, len(problem.quotas))
        few = np.flatnonzero(_optimal(hitting))
        if len(few) >= len(known):
            return known, True
        more = _broken_without(problem, relaxed, few)
        if more is None:
            few = _first(hitting, len(few))
            more = _broken_without(problem, relaxed, few)
        if more is None:
            return tuple(few.tolist()), True
        broken.append(more)
    return known, False


def _hitting(sets: Sequence[NDArray[np.int64]], count: int) -> IntegerProgram:
    """Choose as few of ``count`` numbers as can be, at least one of each set; the last row is how many are chosen."""
    every = np.arange(count)
    columns = np.concatenate([*sets, every])
    rows = np.repeat(np.arange(len(sets) + 1), [*(len(one) for one in sets), count])
    return IntegerProgram(
        cost=np.ones(count, dtype=np.int64),
        lower=np.zeros(count, dtype=np.int64),
        upper=np.ones(count, dtype=np.int64),
        row_lower=np.append(np.ones(len(sets), dtype=np.int64), 0),
        row_upper=np.full(len(sets) + 1, count, dtype=np.int64),
        rows=rows,
        columns=columns,
        values=np.ones(len(columns), dtype=np.int64),
    )


def _first(hitting: IntegerProgram, size: int) -> NDArray[np.int64]:
    """Return the answer of that size which comes first in order, so that it does not hang on the order of people."""
    program = replace(hitting, row_upper=np.append(hitting.row_upper[:-1], size), lower=hitting.lower.copy())
    for number in range(len(program.cost)):
        program.lower[number] = 1
        if solve_integer(program) is None:
            program.lower[number] = 0
    return np.flatnonzero(program.lower)


def _broken_without(problem: Problem, relaxed: IntegerProgram, kept: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return the quotas that a panel near to all of them breaks while it keeps these; None when no panel keeps them."""
    quotas = len(problem.quotas)
    cells = len(relaxed.cost) - 2 * quotas
    upper = relaxed.upper.copy()
    upper[cells + kept] = upper[cells + quotas + kept] = 0
    found = solve_integer(replace(relaxed, upper=upper))
    if found is None:
        return None
    return np.flatnonzero(found[cells : cells + quotas] + found[cells + quotas :])


def _relaxation(problem: Problem, relaxed: IntegerProgram) -> tuple[Relaxation, ...]:
    """Return the least total change of bounds, then the one that spares the quotas listed first."""
    quotas = len(problem.quotas)
    cells = len(relaxed.cost) - 2 * quotas
    found = solve_integer(relaxed)
    if found is None:
        return ()
    total = found[cells:].sum()
    lower, upper, row_upper = relaxed.lower.copy(), relaxed.upper.copy(), relaxed.row_upper.copy()
    row_upper[-1] = total
    for number, quota in enumerate(problem.quotas):
        change = [cells + number, cells + quotas + number]
        if found[change].any():
            cost = np.zeros_like(relaxed.cost)
            # A seat of change outweighs any share of it taken from ``least``, which is at most ``least`` seats.
            cost[change] = quota.least + 2, quota.least + 1
            # The solution before this one still satisfies every bound, so there is an optimal one.
            found = _optimal(replace(relaxed, cost=cost, lower=lower, upper=upper, row_upper=row_upper))
        lower[change] = upper[change] = found[change]
    down, up = found[cells : cells + quotas], found[cells + quotas :]
    return tuple(
        Relaxation(number, quota.least - int(down[number]), quota.most + int(up[number]))
        for number, quota in enumerate(problem.quotas)
        if down[number] or up[number]
    )


def _with_changes(problem: Problem, program: IntegerProgram) -> IntegerProgram:
    """Add to each quota's row a variable for ``least`` and one for ``most``, and a last row for their sum.

    ``least <= count + down - up <= most`` holds exactly when ``down + up`` covers how far count is outside.
    """
    quotas, last = len(problem.quotas), len(program.row_lower)
    new = np.arange(len(program.cost), len(program.cost) + 2 * quotas)
    quota_rows = np.tile(np.arange(1, quotas + 1), 2)
    room = np.array([*(quota.least for quota in problem.quotas), *[problem.seats] * quotas], dtype=np.int64)
    ones = np.ones(quotas, dtype=np.int64)
    return IntegerProgram(
        cost=np.append(program.cost, np.ones_like(new)),
        lower=np.append(program.lower, np.zeros_like(new)),
        upper=np.append(program.upper, room),
        row_lower=np.append(program.row_lower, 0),
        row_upper=np.append(program.row_upper, room.sum()),
        rows=np.concatenate([program.rows, quota_rows, np.full(2 * quotas, last)]),
        columns=np.concatenate([program.columns, new, new]),
        values=np.concatenate([program.values, ones, -ones, ones, ones]),
    )


def _optimal(program: IntegerProgram) -> NDArray[np.int64]:
    """Solve a programme that is known to have a solution."""
    found = solve_integer(program)
    if found is None:
        raise EngineError("HiGHS found no solution of a programme that has one.")
    return found
