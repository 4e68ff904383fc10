"""Which limits of a value chain hold its income back, and what one more unit of each is worth."""

from dataclasses import dataclass, replace

import numpy as np

from kawasan.engine.chain import Chain, Floats, Ints, Ordered
from kawasan.engine.chain_program import Model, Rows, recipes
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.solver import Solution, Solver

ROUNDING = 1e-9  # share of the highest price below which a shadow price is rounding error
STEP = 1e-4  # share of a limit by which it is moved up and down to find the range of its shadow price
MOST_LISTED = 200  # bottlenecks that are told

# The kinds that are told; when two weigh the same, those a programme decides come before those it must find or build.
KINDS = (
    "seats",
    "field_least",
    "field_most",
    "place_least",
    "place_most",
    "activity_most",
    "site_most",
    "suitability",
    "budget",
    "contract_share",
    "resource",
    "storage",
    "promise",
    "demand",
    "supplier",
    "capacity",
    "commodity",
)
_FLOORS = ("field_least", "place_least", "promise")


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A limit that holds income back in the continuous plan.

    kind : seats, field_least, field_most, place_least, place_most, activity_most, site_most (of an activity at a
        place), suitability (the same), budget, contract_share, resource, storage, promise, demand, supplier, capacity
        (of an existing enterprise), commodity (needed, but not to be bought)
    index : which field, place, activity, pool, storage, outlet, supplier, existing enterprise or commodity; -1 for none
    place : of site_most and suitability; else -1
    used, limit : over all periods, in the limit's own unit; for a commodity, units used or sold and units made
    shadow_price_idr : IDR of income if the limit is one unit higher in every period; negative for a least that costs
    lower_idr, upper_idr : between which it lies: what raising the limit brings and what lowering it costs, by the
        unit; inf where it cannot be lowered, -inf where it cannot be raised, nan where they were not asked for
    by_period : shape (periods,), IDR if it is one unit higher in that period alone; a single one for a limit of all
    weight_idr : IDR, what widening the limit by one per cent is worth, had the shadow price lasted that far
    """

    kind: str
    index: int
    place: int
    used: float
    limit: float
    shadow_price_idr: float
    lower_idr: float
    upper_idr: float
    by_period: tuple[float, ...]
    weight_idr: float

    @property
    def is_degenerate(self) -> bool:
        """True where several shadow prices are right."""
        return bool(self.upper_idr - self.lower_idr > 1e-3 * max(abs(self.shadow_price_idr), 1e-9))


def groups_of(rows: Rows) -> tuple[tuple[Ints, ...], Ints]:
    """Limits without their periods: the index of each, and for each row which of them it belongs to.

    A balance stands for its commodity at all places.
    """
    tables = [i for i, table in enumerate(rows.tables) if table != "periods"]
    if rows.kind == "commodity":
        tables = tables[:1]
    if not tables:
        return (), np.zeros(rows.lower.size, dtype=np.int64)
    told, position = np.unique(np.stack([rows.index[i] for i in tables]), axis=1, return_inverse=True)
    return tuple(told), position.reshape(-1)


def name_of(chain: Chain, rows: Rows, told: tuple[Ints, ...], i: int) -> str:
    """The name of a limit, such as ``field_least[livestock]`` or ``site_most[farm,north]``."""
    if not told:
        return rows.kind
    tables = [table for table in rows.tables if table != "periods"]
    codes = [getattr(chain, table).codes[index[i]] for table, index in zip(tables, told, strict=False)]
    return f"{rows.kind}[{','.join(codes)}]"


@dataclass(frozen=True, slots=True, eq=False)
class _At:
    """The continuous plan at which bottlenecks are told.

    duals, activity, limit : shape (rows,);  made, left_over : shape (commodities,), units over all periods
    """

    found: Ordered
    model: Model
    duals: Floats
    activity: Floats
    limit: Floats
    made: Floats
    left_over: Floats


def bottlenecks(
    found: Ordered, model: Model, solver: Solver, solution: Solution, weight: float, ranges: int
) -> tuple[Bottleneck, ...]:
    """List the limits with a shadow price, heaviest first.

    A price is the dual of the last level; where that level weighs income by ``weight`` the dual is divided by it. The
    range comes from solving again with the limit one ten-thousandth higher and lower: the income is a concave function
    of the limit, so every shadow price lies between the two slopes.

    Parameters
        solver : stands at the last level of the continuous plan;  ranges : how many bottlenecks get their range
    """
    at = _at(found, model, solution, weight)
    listed: list[tuple[Bottleneck, Ints]] = []
    for rows, first in zip(model.families, model.first, strict=True):
        if rows.kind in KINDS:
            listed += _of_kind(at, rows, int(first))
    # Weights are compared in whole rupiah, so that rounding error cannot reorder equal ones.
    listed.sort(key=lambda pair: (-round(pair[0].weight_idr), KINDS.index(pair[0].kind)))
    listed = listed[:MOST_LISTED]
    ranged = [_with_range(at, solver, solution.objective, weight, *pair) for pair in listed[:ranges]]
    return (*ranged, *(bottleneck for bottleneck, _rows in listed[ranges:]))


def _at(found: Ordered, model: Model, solution: Solution, weight: float) -> _At:
    program, columns, chain = model.program, model.columns, model.chain
    activity = np.bincount(program.row, program.value * solution.values[program.column], program.row_lower.size)
    rows, nc = model.rows("commodity"), len(chain.commodities.codes)
    of = np.repeat(columns.node_commodity, chain.period_months.size)
    group, commodity, value = recipes(chain.activities.output, columns.group_activity)
    return _At(
        found=found,
        model=model,
        duals=solution.duals / weight,
        activity=activity.astype(np.float64),
        limit=_limits(model),
        made=np.bincount(commodity, value * solution.values[columns.run[group]].sum(axis=1), nc).astype(np.float64),
        left_over=np.bincount(of, program.row_upper[rows] - activity[rows], nc).astype(np.float64),
    )


def _limits(model: Model) -> Floats:
    """What every row is limited to, in its own unit, shape (rows,)."""
    program = model.program
    limit = np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)
    for rows, first in zip(model.families, model.first, strict=True):
        if rows.kind in _FLOORS:
            limit[first : first + rows.lower.size] = rows.lower
    # Run <= capacity * number: the limit is what the number of existing enterprises can run.
    rows_of, held = model.rows("capacity"), np.zeros(limit.size)
    inside = np.isin(program.column, model.columns.number)
    np.add.at(held, program.row[inside], -program.value[inside] * program.lower[program.column[inside]])
    limit[rows_of] = held[rows_of]
    return limit


def _of_kind(at: _At, rows: Rows, first: int) -> list[tuple[Bottleneck, Ints]]:
    told, position = groups_of(rows)
    own = np.arange(first, first + rows.lower.size)
    prices = [at.model.chain.outlets.price_idr, at.model.chain.suppliers.price_idr]
    highest = max(price.max(initial=0.0) for price in (*prices, at.model.chain.activities.running_cost_idr))
    heavy = np.bincount(position, np.abs(at.duals[own])) > ROUNDING * highest
    weight = np.where(heavy, np.bincount(position, np.abs(at.duals[own] * at.limit[own])), -1.0)
    by, listed = np.argsort(position, kind="stable"), []
    start = np.searchsorted(position[by], np.arange(weight.size + 1))
    for group in np.argsort(-weight, kind="stable")[: min(MOST_LISTED, int(heavy.sum()))]:
        mine = own[by[start[group] : start[group + 1]]]
        index = tuple(int(table[group]) for table in told)
        found = (
            _commodity(at, rows, first, index[0], mine) if rows.kind == "commodity" else _limit(at, rows, index, mine)
        )
        listed += [found] if found else []
    return listed


def _limit(at: _At, rows: Rows, index: tuple[int, ...], mine: Ints) -> tuple[Bottleneck, Ints] | None:
    table, used = rows.tables[0] if rows.tables else "", at.activity[mine]
    if table == "groups":
        table, index = "existing", (index[0] - at.model.chain.sites.activity.size,)
        used = used + at.limit[mine]
        if index[0] < 0:  # what a new enterprise can run is no limit of the area's
            return None
    return Bottleneck(
        kind=rows.kind,
        index=int(at.found.order[table][index[0]]) if index else -1,
        place=int(at.found.order["places"][index[1]]) if rows.tables[1:2] == ("places",) else -1,
        used=float(used.sum()),
        limit=float(at.limit[mine].sum()),
        shadow_price_idr=float(at.duals[mine].sum()),
        lower_idr=float("nan"),
        upper_idr=float("nan"),
        by_period=tuple(at.duals[mine].tolist()),
        weight_idr=float(np.abs(at.duals[mine] * at.limit[mine]).sum() * 0.01),
    ), mine


def _commodity(at: _At, rows: Rows, first: int, c: int, mine: Ints) -> tuple[Bottleneck, Ints] | None:
    """Every commodity has its worth; it is a bottleneck only where enterprises need it and nobody has enough to sell.

    One more unit is wanted where it is worth most.
    """
    chain, period = at.model.chain, rows.index[2][mine - first]
    supplied = (chain.suppliers.commodity == c) & np.isinf(chain.suppliers.quantity).all(axis=1)
    if not (chain.activities.input.column == c).any() or supplied.any():
        return None
    best = np.array([mine[period == t][np.argmax(at.duals[mine[period == t]])] for t in np.unique(period)])
    price = float(at.duals[best].sum())
    return Bottleneck(
        kind="commodity",
        index=int(at.found.order["commodities"][c]),
        place=-1,
        used=float(at.made[c] - at.left_over[c]),
        limit=float(at.made[c]),
        shadow_price_idr=price,
        lower_idr=float("nan"),
        upper_idr=float("nan"),
        by_period=tuple(at.duals[best].tolist()),
        weight_idr=float(abs(price) * at.made[c] / best.size * 0.01),
    ), best


def _with_range(
    at: _At, solver: Solver, objective: float, weight: float, bottleneck: Bottleneck, rows: Ints
) -> Bottleneck:
    """Solve again with the limit a little higher and a little lower."""
    step = STEP * max(1.0, abs(bottleneck.limit) / rows.size)
    more, less = (_moved(at, solver, rows, way * step) for way in (1.0, -1.0))
    slopes = (more - objective) / (step * weight), (objective - less) / (step * weight)
    price = bottleneck.shadow_price_idr
    return replace(bottleneck, lower_idr=min(*slopes, price), upper_idr=max(*slopes, price))


def _moved(at: _At, solver: Solver, rows: Ints, by: float) -> float:
    """The best with these rows moved, -inf where there is none."""
    program = at.model.program
    solver.move(rows, program.row_lower[rows] + by, program.row_upper[rows] + by)
    try:
        return solver.best()
    except InfeasibleError:
        return -np.inf
    finally:
        solver.move_back(rows)
