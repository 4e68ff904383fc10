"""Who works with whom: business groups of neighbours, and one mentor for each group."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.sat.python import cp_model

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
USUAL_GROUP = 10  # people; the size that the programme's guidelines speak of
# CP-SAT's own count of work, about one unit a second on an office machine; unlike seconds it is the same everywhere.
DETERMINISTIC_LIMIT = 4.0

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Business groups; ``g`` groups of ``n`` people, numbered by field, then by their first identifier.

    group: (n,) group of each person. centre: (g,) index of a person whose place is the meeting place.
    field: (g,) field of each group. distance_km: (n,) from each person to the meeting place, km.
    total_km: their sum. gap: share of the total (in whole metres) that a better division might still save, 0 to 1.
    """

    group: Ints
    centre: Ints
    field: Ints
    distance_km: Floats
    total_km: float
    gap: float
    is_optimal: bool


@dataclass(frozen=True, slots=True)
class Mentors:
    """mentor: (g,) mentor of each group. total_cost: in the unit of the given cost."""

    mentor: Ints
    total_cost: int
    is_optimal: bool


@dataclass(frozen=True, slots=True)
class _Class:
    """People of one field who are interchangeable: one location, and one household where that matters."""

    location: int
    household: int  # -1: alone in the field
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Division:
    """One field divided: flow[class, location] people, groups[location] groups meeting there; metres."""

    flow: Ints
    groups: Ints
    total_m: int
    bound_m: int


def distance_km(lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike) -> Floats:
    """Great-circle distances between two lists of points, by the haversine formula on a sphere.

    Parameters  lat_a, lon_a : shape (n,), degrees; lat_b, lon_b : shape (m,), degrees.
    Returns     shape (n, m), km; within 0.6 % of the distance on the ellipsoid.
    Source      Sinnott (1984), "Virtues of the haversine", Sky and Telescope 68.
    """
    phi_a, lambda_a = np.radians(np.asarray(lat_a, float))[:, None], np.radians(np.asarray(lon_a, float))[:, None]
    phi_b, lambda_b = np.radians(np.asarray(lat_b, float))[None, :], np.radians(np.asarray(lon_b, float))[None, :]
    haversine = (
        np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin((lambda_b - lambda_a) / 2) ** 2
    )
    angle: Floats = 2 * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
    return EARTH_RADIUS_KM * angle


def form_groups(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    field: Sequence[int],
    household: Sequence[int],
    identifier: Sequence[str],
    least: int,
    most: int,
) -> Groups:
    """Divide the people of each field into groups of neighbours who meet at the place of one of them.

    Each field of N people gets the number of groups g, with ``least``·g ≤ N ≤ ``most``·g, whose average N/g is
    nearest to ten (the smaller groups when two are as near). Then, over locations j and classes i of
    interchangeable people, minimise Σ d_ij x_ij  s.t.  Σ_j x_ij = n_i,  Σ_j y_j = g,
    ``least``·y_j ≤ Σ_i x_ij ≤ ``most``·y_j,  and for each household h with h people in the field
    Σ_{i in h} x_ij ≤ ⌈h/g⌉·y_j: no group gets more of one household than cannot be avoided. d is in whole metres.

    Parameters  lat, lon : shape (n,), degrees. Equal coordinates are one location.
                field, household : shape (n,), codes; only equality matters for household.
                identifier : n different texts; they order people, so the order of the rows does not matter.
                least, most : people in a group, 1 ≤ least ≤ most.
    Returns     Groups.
    Raises      InvalidInputError; InfeasibleError — conflict "field 3" for each field whose people cannot be
                divided into groups of least..most.
    Source      Capacitated p-median: Mulvey and Beck (1984), European Journal of Operational Research 18.
    """
    latitude, longitude = np.asarray(lat, float), np.asarray(lon, float)
    _check_people(latitude, longitude, field, household, identifier, least, most)
    people = sorted(range(len(identifier)), key=lambda i: identifier[i])
    fields = {f: [i for i in people if field[i] == f] for f in sorted(set(field))}
    counts = _group_counts({f: len(members) for f, members in fields.items()}, least, most)
    found: list[tuple[int, int, list[int]]] = []
    total_m = bound_m = 0
    for f, members in fields.items():
        location, metres = _locations(latitude, longitude, members)
        classes = _classes(members, location, household)
        division = _divide(classes, metres, counts[f], least, most)
        total_m, bound_m = total_m + division.total_m, bound_m + division.bound_m
        found += [(f, *group) for group in _name_groups(classes, division, members, location, identifier)]
    return _as_groups(found, latitude, longitude, total_m, bound_m)


def assign_mentors(cost: ArrayLike, *, size: ArrayLike, most_groups: ArrayLike, most_people: ArrayLike) -> Mentors:
    """Give each group one mentor at the least total cost, within what each mentor can take.

    Minimise Σ c_gm x_gm  s.t.  Σ_m x_gm = 1,  Σ_g x_gm ≤ most_groups_m,  Σ_g size_g x_gm ≤ most_people_m,  x ∈ {0, 1}.

    Parameters  cost : shape (g, m), integers ≥ 0 in any one unit, or -1 where the mentor is not allowed.
                size : shape (g,), people ≥ 0. most_groups, most_people : shape (m,), ≥ 0.
    Returns     Mentors.
    Raises      InvalidInputError; InfeasibleError — conflict names what would have to grow, in the least total
                amount: "group 2: no mentor allowed", "mentor 0: 1 more group", "mentor 4: 3 more people";
                EngineError — nothing found within the work limit.
    Source      Generalised assignment: Martello and Toth (1990), "Knapsack Problems", chapter 7.
    """
    costs, sizes = np.asarray(cost, np.int64), np.asarray(size, np.int64)
    groups_limit, people_limit = np.asarray(most_groups, np.int64), np.asarray(most_people, np.int64)
    _check_mentors(costs, sizes, groups_limit, people_limit)
    _refuse_groups_without_mentor(costs)
    model, chosen = _mentor_model(costs)
    for m in range(costs.shape[1]):
        model.add(sum(chosen[g, m] for g in range(len(sizes)) if costs[g, m] >= 0) <= int(groups_limit[m]))
        model.add(_people(chosen, sizes, m) <= int(people_limit[m]))
    model.minimize(sum(int(costs[g, m]) * x for (g, m), x in chosen.items()))
    solver = repeatable_solver()
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise _lacking_capacity(costs, sizes, groups_limit, people_limit)
    require_answer(status)
    mentor = np.zeros(len(sizes), np.int64)
    for (g, m), x in chosen.items():
        if solver.value(x):
            mentor[g] = m
    total = int(costs[np.arange(len(sizes)), mentor].sum())
    return Mentors(mentor, total, status == cp_model.OPTIMAL)


def _check_people(
    lat: Floats,
    lon: Floats,
    field: Sequence[int],
    household: Sequence[int],
    identifier: Sequence[str],
    least: int,
    most: int,
) -> None:
    n = len(identifier)
    if lat.shape != (n,) or lon.shape != (n,) or len(field) != n or len(household) != n:
        raise InvalidInputError("lat, lon, field, household and identifier must have one entry for each person.")
    if not (np.isfinite(lat).all() and np.isfinite(lon).all() and (abs(lat) <= 90).all() and (abs(lon) <= 180).all()):
        raise InvalidInputError("Latitudes must lie in -90..90 and longitudes in -180..180 degrees.")
    if len(set(identifier)) != n:
        raise InvalidInputError("Two people have the same identifier.")
    if not 1 <= least <= most:
        raise InvalidInputError("Group sizes must satisfy 1 <= least <= most.")


def _group_counts(people: dict[int, int], least: int, most: int) -> dict[int, int]:
    options = {f: range(-(-n // most), n // least + 1) for f, n in people.items()}
    stuck = [f for f in people if not options[f]]
    if stuck:
        words = ", ".join(f"field {f} has {people[f]}" for f in stuck)
        raise InfeasibleError(
            f"People cannot be divided into groups of {least} to {most}: {words}.", tuple(f"field {f}" for f in stuck)
        )
    return {f: min(options[f], key=lambda g: (abs(people[f] - USUAL_GROUP * g) / g, -g)) for f in people}


def _locations(lat: Floats, lon: Floats, members: list[int]) -> tuple[dict[int, int], Ints]:
    """Return each member's location number, south to north, and the (locations, locations) distances in metres."""
    points = sorted({(float(lat[i]), float(lon[i])) for i in members})
    number = {point: j for j, point in enumerate(points)}
    south, east = zip(*points, strict=True)
    metres = np.rint(1000 * distance_km(south, east, south, east)).astype(np.int64)
    return {i: number[float(lat[i]), float(lon[i])] for i in members}, metres


def _classes(members: list[int], location: dict[int, int], household: Sequence[int]) -> list[_Class]:
    """Group interchangeable people. Households are renumbered by first member: their codes carry no order."""
    first: dict[int, int] = {}
    size: dict[int, int] = defaultdict(int)
    for rank, i in enumerate(members):
        first.setdefault(household[i], rank)
        size[household[i]] += 1
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in members:
        alike[location[i], first[household[i]] if size[household[i]] > 1 else -1].append(i)
    return [_Class(j, h, tuple(alike[j, h])) for j, h in sorted(alike)]


def _divide(classes: list[_Class], metres: Ints, groups: int, least: int, most: int) -> _Division:
    """Divide one field: first by moving meeting places and people in turn, then by the whole model from there."""
    start = _recentred(_dealt(classes, metres, groups), classes, metres)
    while True:
        better = _solve_division(classes, metres, start.groups, start, least, most)
        if better.total_m >= start.total_m:
            return _solve_division(classes, metres, np.full(len(metres), groups), start, least, most)
        start = _recentred(better, classes, metres)


def _dealt(classes: list[_Class], metres: Ints, groups: int) -> _Division:
    """Deal people out in turn, household after household: far from good, but it keeps every limit."""
    dealt = [i for i in _by_household(classes) for _ in classes[i].members]
    flow = np.zeros((len(classes), len(metres)), np.int64)
    opened = np.zeros(len(metres), np.int64)
    for k in range(groups):
        # Any place does: the meeting places move to the middle of their people next.
        place = k % len(metres)
        opened[place] += 1
        np.add.at(flow[:, place], dealt[k::groups], 1)
    return _Division(flow, opened, 0, 0)


def _by_household(classes: list[_Class]) -> list[int]:
    return sorted(range(len(classes)), key=lambda i: (classes[i].household, i))


def _recentred(division: _Division, classes: list[_Class], metres: Ints) -> _Division:
    """Move each meeting place to the location that is nearest to all who come to it."""
    distance = metres[[c.location for c in classes]]
    flow, opened = np.zeros_like(division.flow), np.zeros_like(division.groups)
    for j in np.flatnonzero(division.groups):
        middle = (division.flow[:, j] @ distance).argmin()
        flow[:, middle] += division.flow[:, j]
        opened[middle] += division.groups[j]
    return _Division(flow, opened, int((flow * distance).sum()), 0)


def _solve_division(
    classes: list[_Class], metres: Ints, most_opened: Ints, start: _Division, least: int, most: int
) -> _Division:
    """Solve the model of `form_groups` with at most so many groups at each location, from a given division."""
    model = cp_model.CpModel()
    places = [int(j) for j in np.flatnonzero(most_opened)]
    groups = int(start.groups.sum())
    y = {j: model.new_int_var(0, int(most_opened[j]), f"groups_{j}") for j in places}
    x = [{j: model.new_int_var(0, len(c.members), f"people_{i}_{j}") for j in places} for i, c in enumerate(classes)]
    model.add(sum(y.values()) == groups)
    for c, row in zip(classes, x, strict=True):
        model.add(sum(row.values()) == len(c.members))
        for j in places:
            model.add(row[j] <= min(len(c.members), most) * y[j])
    for j in places:
        arriving = sum(row[j] for row in x)
        model.add(arriving >= least * y[j])
        model.add(arriving <= most * y[j])
    _keep_households_apart(model, classes, x, y, groups)
    model.minimize(sum(int(metres[c.location, j]) * row[j] for c, row in zip(classes, x, strict=True) for j in places))
    for j in places:
        model.add_hint(y[j], int(start.groups[j]))
        for i, row in enumerate(x):
            model.add_hint(row[j], int(start.flow[i, j]))
    solver = repeatable_solver()
    if solver.solve(model) == cp_model.UNKNOWN:
        return replace(start, bound_m=0)  # the limit was reached before the solver had read the start
    flow, opened = np.zeros_like(start.flow), np.zeros_like(start.groups)
    for j in places:
        opened[j] = solver.value(y[j])
        flow[:, j] = [solver.value(row[j]) for row in x]
    return _Division(flow, opened, round(solver.objective_value), round(solver.best_objective_bound))


def _keep_households_apart(
    model: cp_model.CpModel,
    classes: list[_Class],
    x: list[dict[int, cp_model.IntVar]],
    y: dict[int, cp_model.IntVar],
    groups: int,
) -> None:
    """Always possible: dealing people out household by household breaks neither this limit nor the sizes."""
    for h in sorted({c.household for c in classes if c.household >= 0}):
        rows = [i for i, c in enumerate(classes) if c.household == h]
        most_together = -(-sum(len(classes[i].members) for i in rows) // groups)
        for j, groups_here in y.items():
            model.add(sum(x[i][j] for i in rows) <= most_together * groups_here)


def _name_groups(
    classes: list[_Class],
    division: _Division,
    members: list[int],
    location: dict[int, int],
    identifier: Sequence[str],
) -> list[tuple[int, list[int]]]:
    """Turn counts into people: (centre, members) of each group, in order of the groups' first identifier."""
    waiting = [list(c.members) for c in classes]
    groups = []
    for j in np.flatnonzero(division.groups):
        arriving = []
        for i in _by_household(classes):
            taken = int(division.flow[i, j])
            arriving += waiting[i][:taken]
            del waiting[i][:taken]
        # Dealing in turn, household after household, splits evenly and keeps each household apart.
        for k in range(division.groups[j]):
            group = sorted(arriving[k :: division.groups[j]], key=lambda i: identifier[i])
            groups.append((next(i for i in [*group, *members] if location[i] == j), group))
    return sorted(groups, key=lambda group: identifier[group[1][0]])


def _as_groups(found: list[tuple[int, int, list[int]]], lat: Floats, lon: Floats, total_m: int, bound_m: int) -> Groups:
    group = np.zeros(len(lat), np.int64)
    distance = np.zeros(len(lat))
    for k, (_, centre, members) in enumerate(found):
        group[members] = k
        distance[members] = distance_km(lat[members], lon[members], lat[[centre]], lon[[centre]])[:, 0]
    return Groups(
        group=group,
        centre=np.array([centre for _, centre, _ in found], np.int64),
        field=np.array([f for f, _, _ in found], np.int64),
        distance_km=distance,
        total_km=float(distance.sum()),
        gap=(total_m - bound_m) / total_m if total_m else 0.0,
        is_optimal=total_m == bound_m,
    )


def _check_mentors(cost: Ints, size: Ints, most_groups: Ints, most_people: Ints) -> None:
    if cost.ndim != 2 or size.shape != (len(cost),):
        raise InvalidInputError("cost must have one row for each group, and size one entry.")
    if most_groups.shape != (cost.shape[1],) or most_people.shape != (cost.shape[1],):
        raise InvalidInputError("most_groups and most_people must have one entry for each mentor.")
    if (cost < -1).any() or (size < 0).any() or (most_groups < 0).any() or (most_people < 0).any():
        raise InvalidInputError("Costs must be at least 0 (or -1: not allowed), sizes and limits at least 0.")


def _refuse_groups_without_mentor(cost: Ints) -> None:
    alone = [g for g in range(len(cost)) if (cost[g] < 0).all()]
    if alone:
        raise InfeasibleError(
            f"No mentor is allowed for {len(alone)} of {len(cost)} groups.",
            tuple(f"group {g}: no mentor allowed" for g in alone),
        )


def _mentor_model(cost: Ints) -> tuple[cp_model.CpModel, dict[tuple[int, int], cp_model.IntVar]]:
    model = cp_model.CpModel()
    chosen = {(int(g), int(m)): model.new_bool_var(f"group_{g}_mentor_{m}") for g, m in np.argwhere(cost >= 0)}
    for g in range(len(cost)):
        model.add_exactly_one(chosen[g, m] for m in range(cost.shape[1]) if cost[g, m] >= 0)
    return model, chosen


def _people(chosen: dict[tuple[int, int], cp_model.IntVar], size: Ints, mentor: int) -> cp_model.LinearExprT:
    return sum(int(size[g]) * x for (g, m), x in chosen.items() if m == mentor)


def _lacking_capacity(cost: Ints, size: Ints, most_groups: Ints, most_people: Ints) -> InfeasibleError:
    """Find the smallest enlargement of the limits that lets every group have a mentor."""
    model, chosen = _mentor_model(cost)
    everybody = int(size.sum())
    mentors = range(cost.shape[1])
    groups = [model.new_int_var(0, len(cost), f"groups_{m}") for m in mentors]
    people = [model.new_int_var(0, everybody, f"people_{m}") for m in mentors]
    for m in mentors:
        model.add(sum(x for (_, k), x in chosen.items() if k == m) <= int(most_groups[m]) + groups[m])
        model.add(_people(chosen, size, m) <= int(most_people[m]) + people[m])
    # Groups count before people: one group more is a larger thing to ask of a mentor than one person more.
    model.minimize((everybody + 1) * sum(groups) + sum(people))
    solver = repeatable_solver()
    require_answer(solver.solve(model))
    missing = [(m, solver.value(extra), "group") for m, extra in enumerate(groups)]
    missing += [(m, solver.value(extra), "people") for m, extra in enumerate(people)]
    conflict = tuple(f"mentor {m}: {k} more {unit}" for m, k, unit in sorted(missing) if k)
    return InfeasibleError(f"The mentors cannot take {len(cost)} groups of {everybody} people.", conflict)


def repeatable_solver() -> cp_model.CpSolver:
    """Return a solver that answers alike everywhere: one thread, one seed, and work instead of time as its limit."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = DETERMINISTIC_LIMIT
    return solver


def require_answer(status: cp_model.CpSolverStatus) -> None:
    """Raise EngineError where the limit ended the search before there was any answer."""
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise EngineError("No answer was found within the work limit.")
