"""How many enterprises of each activity an area's value chain can carry, and what stands in their way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kawasan.engine import solver
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.solver import LinearProgram, Row, Solution

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LimitKind = Literal["seats", "field_least", "field_most", "activity_most", "resource", "demand", "commodity"]

STAGES = ("upstream", "primary", "processing", "services")
TIE_SHARE = 1e-7  # share of the income: plans closer to the best than this count as equally good
ROUNDING = 1e-9  # share of a quantity or price below which it is rounding error

# A conflict is sought by leaving rows out in this order, so it is told in the last kinds, the policy, where it can be.
_KINDS: tuple[LimitKind, ...] = (
    "commodity",
    "demand",
    "resource",
    "activity_most",
    "field_most",
    "field_least",
    "seats",
)


@dataclass(frozen=True, slots=True)
class PlanInput:
    """An area's activities, resources and demand, all per year; one enterprise takes one seat.

    seats : enterprises to start, >= 1
    field_codes : nf codes;  field_least, field_most : shape (nf,), seats, 0 <= least <= most, most may be inf
    activity_codes : na codes;  activity_field : shape (na,), index of the field
    activity_stage : shape (na,), index into STAGES
    activity_cost_idr : shape (na,), IDR, cost of running one enterprise, its inputs not counted
    activity_most : shape (na,), enterprises that fit into the area, may be inf
    commodity_codes : nc codes
    outside_price_idr : shape (nc,), IDR per unit bought from outside the area, inf when it cannot be bought
    output, input : shape (na, nc), units that one enterprise makes and uses
    resource_codes : nr codes;  resource_available : shape (nr,), units left under the sustainable yield
    resource_use : shape (na, nr), units that one enterprise takes
    demand_codes : n_demand codes;  demand_commodity : shape (n_demand,), index of the commodity
    demand_quantity : shape (n_demand,), units that the buyer takes at most
    demand_price_idr : shape (n_demand,), IDR per unit
    """

    seats: int
    field_codes: tuple[str, ...]
    field_least: Floats
    field_most: Floats
    activity_codes: tuple[str, ...]
    activity_field: Ints
    activity_stage: Ints
    activity_cost_idr: Floats
    activity_most: Floats
    commodity_codes: tuple[str, ...]
    outside_price_idr: Floats
    output: Floats
    input: Floats
    resource_codes: tuple[str, ...]
    resource_available: Floats
    resource_use: Floats
    demand_codes: tuple[str, ...]
    demand_commodity: Ints
    demand_quantity: Floats
    demand_price_idr: Floats


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes from one source of a commodity to one of its users in a year.

    source : index of the activity, or of the commodity itself when it comes from outside
    target : index of the activity or demand, or of the commodity itself when it is left over
    quantity : units of the commodity;  value_idr : IDR, what the user pays for it
    """

    source_kind: Literal["outside", "activity"]
    source: int
    commodity: int
    target_kind: Literal["activity", "demand", "left_over"]
    target: int
    quantity: float
    value_idr: float


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A limit that holds income back in the continuous plan.

    index : which field, activity, resource, demand or commodity; 0 for seats
    used, limit : in the limit's own unit; for a commodity, units taken and units made in the area
    shadow_price_idr : IDR of yearly income per unit that the limit is raised; negative for ``field_least``
    weight_idr : IDR, what widening the limit by one per cent is worth, had the shadow price lasted that far
    """

    kind: LimitKind
    index: int
    used: float
    limit: float
    shadow_price_idr: float
    weight_idr: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A year of the value chain when every enterprise runs.

    enterprises : shape (na,), whole enterprises = seats;  continuous_enterprises : the same if parts were possible
    seats_by_field : shape (nf,);  seats_by_stage : shape (4,)
    sold, unmet : shape (n_demand,), units of each demand met and not met
    bought, left_over : shape (nc,), units bought from outside, and made but neither used nor sold
    resource_idle : shape (nr,), units of each resource not taken
    transfer_price_idr : shape (nc,), IDR per unit at which activities pass a commodity on among themselves
    income_by_activity_idr : shape (na,), IDR per enterprise, nan where the plan starts none
    income_idr : IDR of ``enterprises``;  income_continuous_idr : IDR of ``continuous_enterprises``
    gap : share of the continuous income that whole enterprises cost
    flows : sorted by commodity, then by user, then by source
    bottlenecks : heaviest first, from the continuous plan
    """

    enterprises: Ints
    continuous_enterprises: Floats
    seats_by_field: Ints
    seats_by_stage: Ints
    sold: Floats
    unmet: Floats
    bought: Floats
    left_over: Floats
    resource_idle: Floats
    transfer_price_idr: Floats
    income_by_activity_idr: Floats
    income_idr: float
    income_continuous_idr: float
    gap: float
    flows: tuple[Flow, ...]
    bottlenecks: tuple[Bottleneck, ...]


@dataclass(frozen=True, slots=True)
class _Limit:
    kind: LimitKind
    index: int
    row: Row


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each group of variables stands among the columns of the programme."""

    enterprises: Ints
    sold: Ints
    bought: Ints
    left_over: Ints


@dataclass(frozen=True, slots=True)
class _Trade:
    """What the enterprises' surplus and shortage of each commodity lead to."""

    sold: Floats
    bought: Floats
    left_over: Floats


@dataclass(frozen=True, slots=True)
class _Use:
    kind: Literal["activity", "demand", "left_over"]
    index: int
    quantity: float
    price_idr: float


def solve(plan_input: PlanInput) -> Plan:
    """Choose how many enterprises of each activity bring the area the highest yearly income.

    maximise    sum price * sold - sum outside price * bought - sum cost * enterprises
    subject to  seats: all are used; fields: least and most; activities: most; resources: sustainable yield;
                demand: no more than buyers take; commodities: made + bought = used + sold + left over.

    Enterprises are whole numbers. Among plans of equal income (``TIE_SHARE``) the one with most enterprises of the
    activity whose code comes first in the alphabet is taken, then of the second, and so on.

    Parameters
        plan_input : PlanInput
    Returns
        Plan
    Raises
        InvalidInputError : an array has the wrong shape or a number that cannot be.
        InfeasibleError : the seats cannot be filled; ``conflict`` names limits such as ``field_least[livestock]``.
    Source
        Koopmans (1951), "Analysis of production as an efficient combination of activities", in Activity Analysis of
        Production and Allocation, Wiley.
    """
    _check(plan_input)
    columns = _columns(plan_input)
    limits = [limit for kind in _KINDS for limit in _ROWS[kind](plan_input, columns)]
    program = _program(plan_input, columns, limits)
    continuous = solver.solve(program)
    enterprises = _whole_enterprises(plan_input, program, columns)
    return _plan(plan_input, columns, limits, continuous, enterprises)


def _columns(plan: PlanInput) -> _Columns:
    na, n_demand, nc = len(plan.activity_codes), len(plan.demand_codes), len(plan.commodity_codes)
    return _Columns(*np.split(np.arange(na + n_demand + 2 * nc), np.cumsum([na, n_demand, nc])))


def _program(plan: PlanInput, columns: _Columns, limits: list[_Limit]) -> LinearProgram:
    can_be_bought = np.isfinite(plan.outside_price_idr)
    n = columns.left_over[-1] + 1 if columns.left_over.size else columns.enterprises.size
    objective, upper = np.zeros(n), np.full(n, np.inf)
    objective[columns.enterprises] = -plan.activity_cost_idr
    objective[columns.sold] = plan.demand_price_idr
    objective[columns.bought] = np.where(can_be_bought, -plan.outside_price_idr, 0.0)
    upper[columns.bought] = np.where(can_be_bought, np.inf, 0.0)
    return LinearProgram(
        column_names=(
            *(f"enterprises[{code}]" for code in plan.activity_codes),
            *(f"sold[{code}]" for code in plan.demand_codes),
            *(f"bought[{code}]" for code in plan.commodity_codes),
            *(f"left_over[{code}]" for code in plan.commodity_codes),
        ),
        objective=objective,
        column_lower=np.zeros(n),
        column_upper=upper,
        rows=tuple(limit.row for limit in limits),
    )


def _balance_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    """Used + sold + left over - made - bought = 0, so that the dual is the worth of one more unit."""
    net_use = plan.input - plan.output
    for c, code in enumerate(plan.commodity_codes):
        activities, demands = np.flatnonzero(net_use[:, c]), np.flatnonzero(plan.demand_commodity == c)
        column = [columns.enterprises[activities], columns.sold[demands], columns.bought[[c]], columns.left_over[[c]]]
        coefficient = [net_use[activities, c], np.ones(demands.size), [-1.0], [1.0]]
        yield _Limit(
            "commodity", c, Row(f"commodity[{code}]", np.concatenate(column), np.concatenate(coefficient), 0, 0)
        )


def _demand_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    for d, code in enumerate(plan.demand_codes):
        row = Row(f"demand[{code}]", columns.sold[[d]], np.ones(1), upper=plan.demand_quantity[d])
        yield _Limit("demand", d, row)


def _resource_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    for r, code in enumerate(plan.resource_codes):
        users = np.flatnonzero(plan.resource_use[:, r])
        row = Row(
            name=f"resource[{code}]",
            column=columns.enterprises[users],
            coefficient=plan.resource_use[users, r],
            upper=plan.resource_available[r],
        )
        yield _Limit("resource", r, row)


def _activity_most_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    for a in np.flatnonzero(np.isfinite(plan.activity_most)):
        name = f"activity_most[{plan.activity_codes[a]}]"
        yield _Limit(
            "activity_most", int(a), Row(name, columns.enterprises[[a]], np.ones(1), upper=plan.activity_most[a])
        )


def _field_most_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    for f in np.flatnonzero(np.isfinite(plan.field_most)):
        members = columns.enterprises[plan.activity_field == f]
        name = f"field_most[{plan.field_codes[f]}]"
        yield _Limit("field_most", int(f), Row(name, members, np.ones(members.size), upper=plan.field_most[f]))


def _field_least_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    # A least of nothing says no more than enterprises >= 0 and would only compete with it for the shadow price.
    for f in np.flatnonzero(plan.field_least > 0):
        members = columns.enterprises[plan.activity_field == f]
        name = f"field_least[{plan.field_codes[f]}]"
        yield _Limit("field_least", int(f), Row(name, members, np.ones(members.size), lower=plan.field_least[f]))


def _seats_rows(plan: PlanInput, columns: _Columns) -> Iterator[_Limit]:
    every = columns.enterprises
    yield _Limit("seats", 0, Row("seats", every, np.ones(every.size), lower=plan.seats, upper=plan.seats))


_ROWS = {
    "commodity": _balance_rows,
    "demand": _demand_rows,
    "resource": _resource_rows,
    "activity_most": _activity_most_rows,
    "field_most": _field_most_rows,
    "field_least": _field_least_rows,
    "seats": _seats_rows,
}


def _whole_enterprises(plan: PlanInput, program: LinearProgram, columns: _Columns) -> Ints:
    """Solve for whole enterprises, then fix them one by one at the most that keeps the income, in order of code."""
    whole = np.zeros(program.objective.size, dtype=bool)
    whole[columns.enterprises] = True
    program = replace(program, is_integer=whole)
    best = solver.solve(program)
    unit = np.abs(program.objective).max() or 1.0  # keeps the row's numbers near 1, where the solver is exact
    earners = np.flatnonzero(program.objective)
    keep_income = Row(
        name="income",
        column=earners,
        coefficient=program.objective[earners] / unit,
        lower=(best.objective - TIE_SHARE * abs(best.objective)) / unit,
    )
    program = replace(program, rows=(*program.rows, keep_income))
    values = best.values
    for a in sorted(range(len(plan.activity_codes)), key=lambda a: plan.activity_codes[a]):
        values = solver.solve(replace(program, objective=_indicator(values.size, a))).values
        lower, upper = program.column_lower.copy(), program.column_upper.copy()
        lower[a] = upper[a] = values[a]
        program = replace(program, column_lower=lower, column_upper=upper)
    return np.asarray(values[columns.enterprises], dtype=np.int64)


def _indicator(size: int, position: int) -> Floats:
    return np.asarray(np.arange(size) == position, dtype=np.float64)


def _plan(plan: PlanInput, columns: _Columns, limits: list[_Limit], continuous: Solution, enterprises: Ints) -> Plan:
    trade = _trade(plan, enterprises)
    income = _income(plan, enterprises, trade)
    price = _transfer_price(plan, limits, continuous, trade)
    flows = tuple(_flows(plan, enterprises, trade, price))
    return Plan(
        enterprises=enterprises,
        continuous_enterprises=continuous.values[columns.enterprises],
        seats_by_field=np.bincount(plan.activity_field, enterprises, len(plan.field_codes)).astype(np.int64),
        seats_by_stage=np.bincount(plan.activity_stage, enterprises, len(STAGES)).astype(np.int64),
        sold=trade.sold,
        unmet=plan.demand_quantity - trade.sold,
        bought=trade.bought,
        left_over=trade.left_over,
        resource_idle=np.maximum(plan.resource_available - enterprises @ plan.resource_use, 0.0),
        transfer_price_idr=price,
        income_by_activity_idr=_income_by_activity(plan, enterprises, flows),
        income_idr=income,
        income_continuous_idr=continuous.objective,
        gap=max(0.0, continuous.objective - income) / max(1.0, abs(continuous.objective)),
        flows=flows,
        bottlenecks=_bottlenecks(plan, columns, limits, continuous),
    )


def _trade(plan: PlanInput, enterprises: Ints) -> _Trade:
    """Given the enterprises, the best trade is plain: sell what is left to the best payer first, buy what is short.

    Doing it here and not reading it from the solver makes the figures exact and settles ties between buyers.
    """
    made, used = enterprises @ plan.output, enterprises @ plan.input
    net = np.where(np.abs(made - used) > ROUNDING * np.maximum(made, used), made - used, 0.0)
    bought, left_over = np.maximum(-net, 0.0), np.maximum(net, 0.0)
    sold = np.zeros(len(plan.demand_codes))
    for d in sorted(range(sold.size), key=lambda d: (-plan.demand_price_idr[d], plan.demand_codes[d])):
        c = plan.demand_commodity[d]
        sold[d] = min(left_over[c], plan.demand_quantity[d])
        left_over[c] -= sold[d]
        if plan.demand_price_idr[d] > plan.outside_price_idr[c]:
            bought[c] += plan.demand_quantity[d] - sold[d]
            sold[d] = plan.demand_quantity[d]
    return _Trade(sold, bought, left_over)


def _income(plan: PlanInput, enterprises: Ints, trade: _Trade) -> float:
    is_bought = trade.bought > 0  # an outside price may be infinite where nothing is bought
    spent = plan.outside_price_idr[is_bought] @ trade.bought[is_bought] + plan.activity_cost_idr @ enterprises
    return float(plan.demand_price_idr @ trade.sold - spent)


def _transfer_price(plan: PlanInput, limits: list[_Limit], continuous: Solution, trade: _Trade) -> Floats:
    """What is bought at all is worth what it costs outside; anything else is worth its shadow price."""
    shadow = [dual for limit, dual in zip(limits, continuous.duals, strict=True) if limit.kind == "commodity"]
    return np.where(trade.bought > 0, plan.outside_price_idr, np.maximum(shadow, 0.0))


def _flows(plan: PlanInput, enterprises: Ints, trade: _Trade, price: Floats) -> Iterator[Flow]:
    """Share each commodity out: every user takes from every source in proportion to what the source gives."""
    for c in range(len(plan.commodity_codes)):
        given = np.append(trade.bought[c], enterprises * plan.output[:, c])
        total = given.sum()
        for use in _uses(plan, enterprises, trade, price, c):
            for s in np.flatnonzero(given > ROUNDING * total):
                yield Flow(
                    source_kind="activity" if s else "outside",
                    source=int(s) - 1 if s else c,
                    commodity=c,
                    target_kind=use.kind,
                    target=use.index,
                    quantity=float(use.quantity * given[s] / total),
                    value_idr=float(use.quantity * given[s] / total * use.price_idr),
                )


def _uses(plan: PlanInput, enterprises: Ints, trade: _Trade, price: Floats, c: int) -> list[_Use]:
    """List everything that takes commodity ``c``; what is left over earns nothing."""
    used = enterprises * plan.input[:, c]
    demands = np.flatnonzero(plan.demand_commodity == c)
    uses = [_Use("activity", a, used[a], price[c]) for a in range(used.size)]
    uses += [_Use("demand", int(d), trade.sold[d], plan.demand_price_idr[d]) for d in demands]
    uses += [_Use("left_over", c, trade.left_over[c], 0.0)]
    smallest = ROUNDING * sum(use.quantity for use in uses)
    return [use for use in uses if use.quantity > smallest]


def _income_by_activity(plan: PlanInput, enterprises: Ints, flows: tuple[Flow, ...]) -> Floats:
    """Give each activity what its users pay, take what it pays for inputs and running, divide by its enterprises."""
    earned = -plan.activity_cost_idr * enterprises
    for flow in flows:
        if flow.source_kind == "activity":
            earned[flow.source] += flow.value_idr
        if flow.target_kind == "activity":
            earned[flow.target] -= flow.value_idr
    per_enterprise: Floats = np.divide(earned, enterprises, out=np.full(earned.size, np.nan), where=enterprises > 0)
    return per_enterprise


def _bottlenecks(
    plan: PlanInput, columns: _Columns, limits: list[_Limit], continuous: Solution
) -> tuple[Bottleneck, ...]:
    smallest = ROUNDING * max(plan.demand_price_idr.max(initial=0.0), plan.activity_cost_idr.max(initial=0.0))
    found = [
        _bottleneck(limit, dual, *_used_and_limit(plan, columns, limit, continuous))
        for limit, dual in zip(limits, continuous.duals, strict=True)
        if abs(dual) > smallest and _can_hold_back(plan, limit)
    ]
    # Weights are compared in whole rupiah, so that rounding error cannot reorder equal ones.
    return tuple(sorted(found, key=lambda b: (-round(b.weight_idr), _KINDS[::-1].index(b.kind), b.index)))


def _can_hold_back(plan: PlanInput, limit: _Limit) -> bool:
    """Every commodity has its worth; it is a bottleneck only where activities need it and it cannot be bought."""
    if limit.kind != "commodity":
        return True
    return bool(plan.input[:, limit.index].any() and np.isinf(plan.outside_price_idr[limit.index]))


def _used_and_limit(plan: PlanInput, columns: _Columns, limit: _Limit, continuous: Solution) -> tuple[float, float]:
    if limit.kind == "commodity":
        made = float(continuous.values[columns.enterprises] @ plan.output[:, limit.index])
        return made - float(continuous.values[columns.left_over[limit.index]]), made
    bound = limit.row.lower if limit.kind == "field_least" else limit.row.upper
    return float(limit.row.coefficient @ continuous.values[limit.row.column]), float(bound)


def _bottleneck(limit: _Limit, dual: float, used: float, most: float) -> Bottleneck:
    return Bottleneck(limit.kind, limit.index, used, most, float(dual), float(abs(dual) * 0.01 * most))


def _check(plan: PlanInput) -> None:
    if plan.seats < 1 or plan.seats != int(plan.seats):
        raise InvalidInputError("seats must be a whole number of at least 1.")
    if not plan.activity_codes:
        raise InvalidInputError("A plan needs at least one activity.")
    _check_codes(plan)
    _check_numbers(plan)
    _check_indices(plan)
    if (plan.field_least > plan.field_most).any():
        raise InvalidInputError("A field's least seats exceed its most.")


def _check_codes(plan: PlanInput) -> None:
    for name in ("field_codes", "activity_codes", "commodity_codes", "resource_codes", "demand_codes"):
        codes = getattr(plan, name)
        if len(set(codes)) != len(codes):
            raise InvalidInputError(f"{name} has a code twice.")


def _check_numbers(plan: PlanInput) -> None:
    nf, na, nc = len(plan.field_codes), len(plan.activity_codes), len(plan.commodity_codes)
    nr, n_demand = len(plan.resource_codes), len(plan.demand_codes)
    shapes = {
        "field_least": (nf,),
        "field_most": (nf,),
        "activity_cost_idr": (na,),
        "activity_most": (na,),
        "outside_price_idr": (nc,),
        "output": (na, nc),
        "input": (na, nc),
        "resource_available": (nr,),
        "resource_use": (na, nr),
        "demand_quantity": (n_demand,),
        "demand_price_idr": (n_demand,),
    }
    for name, shape in shapes.items():
        numbers = getattr(plan, name)
        if numbers.shape != shape:
            raise InvalidInputError(f"{name} must have shape {shape}, not {numbers.shape}.")
        if not (numbers >= 0).all():
            raise InvalidInputError(f"{name} has a number that is negative or missing.")
        if name not in ("field_most", "activity_most", "outside_price_idr") and np.isinf(numbers).any():
            raise InvalidInputError(f"{name} has an infinite number.")


def _check_indices(plan: PlanInput) -> None:
    indices = {
        "activity_field": (len(plan.activity_codes), len(plan.field_codes)),
        "activity_stage": (len(plan.activity_codes), len(STAGES)),
        "demand_commodity": (len(plan.demand_codes), len(plan.commodity_codes)),
    }
    for name, (size, end) in indices.items():
        index = getattr(plan, name)
        if index.shape != (size,) or not np.issubdtype(index.dtype, np.integer):
            raise InvalidInputError(f"{name} must hold {size} whole numbers.")
        if not ((index >= 0) & (index < end)).all():
            raise InvalidInputError(f"{name} must lie between 0 and {end - 1}.")
