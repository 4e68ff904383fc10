"""How many enterprises of each activity an area's value chain can carry, where, and what stands in their way."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NoReturn

import numpy as np

from kawasan.engine import bottlenecks, chain_books, diving, solver
from kawasan.engine.bottlenecks import Bottleneck
from kawasan.engine.chain import FIRMNESS, STAGES, Chain, Floats, Ints, Ordered, changed, ordered
from kawasan.engine.chain_books import Books, Links, Moved
from kawasan.engine.chain_program import Model, build, freight, pool_limits
from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError
from kawasan.engine.solver import Corner, LinearProgram, Solution, Solver

TIE_SHARE = 1e-7  # share of a level's value: plans closer to the best than this count as equally good
GAP = 1e-6  # share of a level's value by which whole plans may be worse than the best that is not ruled out
GIVE_WAY = (1, 4, 16)  # times the gap, that earlier levels may lose to rounding, the least that works
MOST_NODES = 200_000  # of the branch-and-bound tree of each level

# Limits that say what enterprises, stocks and pools are; a conflict takes them for granted.
GRANTED = ("capacity", "run_least", "need", "kept", "kept_in_all", "activity_least_opened", "site_least_opened")


@dataclass(frozen=True, slots=True)
class Level:
    """What to want, as a weighted sum: of the whole chain, over all periods.

    income : net income of all enterprises, per IDR
    labour_days : days of work of all enterprises, per day;  jobs : of the enterprises that are started, per job
    poorest_place : income for each of the people of the place where it is least, per IDR
    contracted : what is sold to contracts, per IDR
    head_room : the share of its sustainable yield that every resource keeps free, per whole
    tolerance : share of what this level reaches that later levels may give up
    """

    income: float = 0.0
    labour_days: float = 0.0
    jobs: float = 0.0
    poorest_place: float = 0.0
    contracted: float = 0.0
    head_room: float = 0.0
    tolerance: float = 0.0

    def weights(self) -> dict[str, float]:
        """The weights that are not zero."""
        return {name: getattr(self, name) for name in AIMS if getattr(self, name)}


AIMS = tuple(found.name for found in fields(Level) if found.name != "tolerance")
INCOME = (Level(income=1.0),)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the value chain does when every enterprise runs as planned. Rows stand in the caller's order.

    enterprises : shape (sites,), to start; whole numbers when whole plans were asked for
    continuous_enterprises : shape (sites,), the same if parts were possible
    run : shape (sites, periods), cycles of all enterprises of the site;  run_existing : shape (existing, periods)
    seats : shape (fields, 4, places), enterprises to start by field, stage and place
    sold, unmet, short : shape (outlets, periods), units sold, wanted beyond it, and promised but not delivered
    bought : shape (suppliers, periods), units
    made, used, left_over : shape (commodities, periods), units in all places
    shipments, purchases, sales, stocks : what moves or stays, row by row
    taken : shape (pools, periods), units that enterprises need; of a yearly kind, all in the first period
    taken_share : shape (pools,), share of what is available, in the tightest period; nan where nothing limits it
    stored_share : shape (storages,), the same of the room
    income_idr : IDR;  income_continuous_idr : IDR if parts of enterprises were possible
    income_by_site_idr : shape (sites,), IDR for one enterprise, nan where none starts
    income_by_existing_idr : shape (existing,), IDR for one enterprise
    income_by_place_idr : shape (places,), IDR
    income_median_idr, income_worst_idr : of the enterprises that start, each one counted once; nan without any
    trade_idr : IDR that trading brings without any enterprise of the chain
    transfer_price_idr : shape (commodities,), IDR per unit that its users pay in the mean
    worth_idr : shape (commodities, places, periods), IDR that one more unit there and then is worth in the continuous
        plan; nan where the commodity never is
    reached : what each level reached, in its own weights
    aims : what the plan gives of every aim
    gap : share by which a better whole plan is not ruled out;  converged : False where that is more than asked for
    whole_share : share of the continuous income that whole enterprises cost
    links : who supplies whom
    bottlenecks : heaviest first, from the continuous plan
    corner : where the continuous plan's first level ended, for ``near`` of a similar chain
    """

    enterprises: Floats
    continuous_enterprises: Floats
    run: Floats
    run_existing: Floats
    seats: Floats
    sold: Floats
    unmet: Floats
    short: Floats
    bought: Floats
    made: Floats
    used: Floats
    left_over: Floats
    shipments: Moved
    purchases: Moved
    sales: Moved
    stocks: Moved
    taken: Floats
    taken_share: Floats
    stored_share: Floats
    income_idr: float
    income_continuous_idr: float
    income_by_site_idr: Floats
    income_by_existing_idr: Floats
    income_by_place_idr: Floats
    income_median_idr: float
    income_worst_idr: float
    trade_idr: float
    transfer_price_idr: Floats
    worth_idr: Floats
    reached: tuple[float, ...]
    aims: dict[str, float]
    gap: float
    converged: bool
    whole_share: float
    links: Links
    bottlenecks: tuple[Bottleneck, ...]
    corner: Corner | None


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """An answer to all levels.

    solver : stands at the last of them;  corner : of the first;  worst_gap, converged : over all of them
    """

    solver: Solver
    corner: Corner | None
    solution: Solution
    values: tuple[float, ...]
    worst_gap: float
    converged: bool


def solve(
    chain: Chain,
    *,
    levels: Sequence[Level] = INCOME,
    whole: bool = True,
    gap: float = GAP,
    most_nodes: int = MOST_NODES,
    search: bool = True,
    enterprises: Floats | None = None,
    near: Plan | None = None,
    ranges: int = 0,
    trace: bool = True,
) -> Plan:
    """Choose which enterprises start where, and what all of them make, buy, carry, keep and sell.

    Levels are reached one after the other: the first is made as good as it can be, then the second among the plans
    that keep the first, and so on. Promises that may fall short are kept as far as possible before any of them.
    Income is always wanted in the last level, so that a shadow price is an income; if it is not there it is added.

    Parameters
        chain : Chain, in any order: rows are sorted by their codes before anything else
        levels : what to want, most important first
        whole : True when enterprises must be whole numbers
        gap, most_nodes : when the search for whole plans may stop
        search : False to round the continuous plan up or down at each site and leave it at that, which takes a
            fraction of the time; how far the best may be away is proven all the same, and if rounding fails whole plans
            are searched
        enterprises : shape (sites,), in the caller's order, when what starts is decided and only the rest is sought
        near : plan of a chain with the same tables and nearly the same numbers, to begin from: it saves time
        ranges : how many bottlenecks, from the heaviest, get the range of their shadow price
        trace : True to tell who supplies whom, which needs memory for all pairs of places, and what stands in the way
    Returns
        Plan
    Raises
        InvalidInputError : a column has the wrong shape or a number that cannot be, or a level wants nothing.
        InfeasibleError : no plan exists; ``conflict`` names limits such as ``field_least[livestock]``.
        EngineError : nothing limits the plan, or it was not found.
    Source
        Koopmans (1951), "Analysis of production as an efficient combination of activities", in Activity Analysis of
        Production and Allocation, Wiley; Isermann (1982), "Linear lexicographic optimization", OR Spektrum 4.
    """
    levels = with_income_last(levels)
    found = ordered(chain)
    model = model_for(found.chain, levels, whole=whole)
    if enterprises is not None:
        model = _holding(model, found, enterprises)
    try:
        continuous = reach(
            replace(model, program=replace(model.program, is_integer=None)), levels, near=near.corner if near else None
        )
        chosen = continuous
        if whole and enterprises is None:
            rounded = None if search else _rounded(model, levels, continuous, gap, most_nodes)
            chosen = rounded or _whole(model, levels, continuous, gap, most_nodes)
    except InfeasibleError:
        raise_conflict(model)
    return _plan(found, model, levels, continuous, chosen, ranges, trace)


def _holding(model: Model, found: Ordered, enterprises: Floats) -> Model:
    if enterprises.shape != model.chain.sites.activity.shape or not (enterprises >= 0).all():
        raise InvalidInputError("enterprises needs a number of at least 0 for each site.")
    return _starting(model, enterprises[found.order["sites"]])


def _starting(model: Model, number: Floats) -> Model:
    """Let so many enterprises start at each site of the model, no more and no fewer."""
    sites, columns, values = model.chain.sites, model.columns, model.program.lower.copy()
    values[columns.number[: number.size]] = number
    of_activity = np.bincount(sites.activity, number, len(model.chain.activities.codes))
    values[columns.opened] = np.concatenate([of_activity[columns.least_activity], number[columns.least_site]]) > 0
    return with_enterprises(model, values)


def with_income_last(levels: Sequence[Level]) -> tuple[Level, ...]:
    for level in levels:
        if not level.weights() or not all(np.isfinite(w) for w in level.weights().values()) or level.tolerance < 0:
            raise InvalidInputError(
                "A level wants at least one thing, with finite weights and a tolerance of at least 0."
            )
    if not levels or levels[-1].income <= 0:
        return (*levels, *INCOME)
    return tuple(levels)


def model_for(chain: Chain, levels: Sequence[Level], *, whole: bool) -> Model:
    """Build the programme with the rows that the levels need."""
    wanted = {name for level in levels for name in level.weights()}
    return build(chain, whole=whole, poorest="poorest_place" in wanted, head_room="head_room" in wanted)


def measures(model: Model) -> dict[str, Floats]:
    """Every aim as a sum over the columns, each shape (columns,)."""
    chain, columns, n = model.chain, model.columns, model.program.objective.size
    sites, activities = chain.sites.activity.size, chain.activities
    bound = (chain.outlets.firmness == FIRMNESS.index("contract"))[columns.sell_outlet, None]
    paid = chain.outlets.price_idr[columns.sell_outlet]
    found = {name: np.zeros(n) for name in AIMS}
    income = found["income"]
    income[columns.number[:sites]] = -activities.standing_cost_idr[chain.sites.activity]
    income[columns.run] = -activities.running_cost_idr[columns.group_activity][:, None]
    income[columns.buy] = -chain.suppliers.price_idr[columns.buy_supplier]
    income[columns.ship] = -freight(chain, columns)[:, None]
    income[columns.sell] = paid
    found["labour_days"][columns.run] = activities.labour_days[columns.group_activity][:, None]
    found["jobs"][columns.number[:sites]] = activities.jobs[chain.sites.activity]
    found["poorest_place"][columns.poorest] = 1.0
    found["contracted"][columns.sell] = paid * bound
    found["head_room"][columns.head_room] = 1.0
    return found


def weighted(aims: dict[str, Floats], level: Level) -> Floats:
    """What one level maximises, shape (columns,)."""
    return np.asarray(sum(weight * aims[name] for name, weight in level.weights().items()))


def vectors(model: Model, levels: Sequence[Level]) -> list[Floats]:
    """What each level maximises; before them, promises kept, where any may fall short."""
    aims, short = measures(model), model.columns.short
    wanted = [weighted(aims, level) for level in levels]
    if short.size:
        broken = np.zeros(model.program.objective.size)
        price = model.chain.outlets.price_idr[model.columns.short_outlet, model.columns.short_period]
        broken[short] = -np.maximum(price, 1.0)  # a promise is worth its price, and at least a rupiah
        wanted.insert(0, broken)
    return wanted


def reach(
    model: Model,
    levels: Sequence[Level],
    *,
    gap: float = 0.0,
    most_nodes: int = MOST_NODES,
    start: Floats | None = None,
    near: Corner | None = None,
) -> Reached:
    """Reach the levels of a model one after the other; ``start`` and ``near`` as of ``lexicographic``."""
    wanted = vectors(model, levels)
    before = len(wanted) - len(levels)
    tolerances = [0.0] * before + [level.tolerance for level in levels]
    found = lexicographic(model.program, wanted, tolerances, gap=gap, most_nodes=most_nodes, start=start, near=near)
    return replace(found, values=found.values[before:])


def lexicographic(
    program: LinearProgram,
    wanted: Sequence[Floats],
    tolerances: Sequence[float],
    *,
    gap: float = 0.0,
    most_nodes: int = MOST_NODES,
    start: Floats | None = None,
    near: Corner | None = None,
) -> Reached:
    """Maximise the first of ``wanted``, then the next among the answers that keep the first, and so on.

    Parameters
        wanted : each shape (columns,);  tolerances : share of each that later ones may give up, at least TIE_SHARE
        start : an answer with whole numbers to begin from, shape (columns,)
        near : a corner of a similar programme to begin from, without whole numbers
    """
    at = Solver(replace(program, objective=wanted[0]), gap=gap, most_nodes=most_nodes, near=near)
    if start is not None:
        at.start_from(start)
    answers: list[Solution] = []
    corner = None
    for i, vector in enumerate(wanted):
        if i:
            reached = answers[-1].objective
            at.keep(wanted[i - 1], reached - max(TIE_SHARE, tolerances[i - 1]) * abs(reached))
            at.aim(vector)
            at.start_from(answers[-1].values)
        answers.append(at.solve())
        corner = corner or at.corner()
    return Reached(
        solver=at,
        corner=corner,
        solution=answers[-1],
        values=tuple(answer.objective for answer in answers),
        worst_gap=max(answer.gap for answer in answers),
        converged=all(answer.converged for answer in answers),
    )


def _whole(model: Model, levels: Sequence[Level], continuous: Reached, gap: float, most_nodes: int) -> Reached:
    """Find whole enterprises, then the best trade between them, which the search may have left at its gap."""
    guess = _guess(model, levels, continuous, gap, most_nodes)
    if guess is not None and guess.converged:
        return guess
    start = None if guess is None else guess.solution.values
    found = reach(model, levels, gap=gap, most_nodes=most_nodes, start=start)
    if guess is not None and len(guess.values) == 1:  # the year's bound may be the better one
        found = _judged(found, min(found.solution.bound, guess.solution.bound), gap)
    try:
        traded = reach(with_enterprises(model, found.solution.values), levels)
    except EngineError:  # at this tolerance what the search found need not be found again; it stands by itself
        return found
    return replace(found, solution=traded.solution, values=traded.values, solver=traded.solver)


def _rounded(model: Model, levels: Sequence[Level], continuous: Reached, gap: float, most_nodes: int) -> Reached | None:
    """A whole plan near the continuous one, which bounds what any whole plan can reach; None where rounding fails."""
    program = model.program
    try:
        if program.objective.size >= solver.LARGE:
            found = dived(program, vectors(model, levels), continuous, gap)
        else:
            found = _best_near(model, levels, continuous, gap, most_nodes)
        traded = reach(with_enterprises(model, found), levels, near=continuous.corner)
    except EngineError:
        return None
    worst = solver.share_of(continuous.values[0] - traded.values[0], traded.values[0])
    return replace(traded, worst_gap=worst, converged=worst <= gap)


def _best_near(model: Model, levels: Sequence[Level], continuous: Reached, gap: float, most_nodes: int) -> Floats:
    """The best of the whole plans next to the continuous one."""
    number = model.columns.number[: model.chain.sites.activity.size]
    lower, upper = diving.beside(model.program, number, continuous.solution.values)
    near = replace(model, program=replace(model.program, lower=lower, upper=upper))
    return reach(near, levels, gap=gap, most_nodes=most_nodes).solution.values


def dived(program: LinearProgram, wanted: Sequence[Floats], continuous: Reached, gap: float) -> Floats:
    """Whole numbers next to a continuous answer, by the last thing wanted; those before it lose as little as works.

    Parameters
        wanted : each shape (columns,);  continuous : the answer in parts
        gap : share of each before the last that it may lose; several times that if rounding is impossible otherwise
    Raises
        EngineError : rounding led to no answer.
    """
    *before, last = wanted
    for share in (min(1.0, times * gap) for times in GIVE_WAY[: None if before else 1]):
        at = Solver(replace(program, is_integer=None), near=continuous.solver.corner())
        for vector in before:
            best = float((vector * continuous.solution.values).sum())
            at.keep(vector, best - share * abs(best))
        at.aim(last)
        try:
            return diving.dive(at, program)
        except EngineError:
            continue
    raise EngineError("Rounding led to no answer.")


def _guess(model: Model, levels: Sequence[Level], continuous: Reached, gap: float, most_nodes: int) -> Reached | None:
    """The whole enterprises that are best when all periods are one, with their best trade in the real periods.

    A year without months knows less of what is impossible, so what it reaches is a bound, and it is found far sooner.
    """
    if model.chain.period_months.size == 1:
        return None
    try:
        year = reach(model_for(year_of(model.chain), levels, whole=True), levels, gap=gap, most_nodes=most_nodes)
        number = year.solution.values[: model.chain.sites.activity.size]
        traded = reach(_starting(model, number), levels)
    except InfeasibleError:
        return None
    if len(vectors(model, levels)) > 1:
        return replace(traded, converged=False)
    return _judged(traded, min(year.solution.bound, continuous.solution.objective), gap)


def _judged(found: Reached, bound: float, gap: float) -> Reached:
    """Say how far an answer may be from the best, given a value that none exceeds."""
    worst = solver.share_of(bound - found.solution.objective, found.solution.objective)
    solution = replace(found.solution, bound=bound, gap=worst)
    return replace(found, solution=solution, worst_gap=worst, converged=found.converged and worst <= gap)


def year_of(chain: Chain) -> Chain:
    """The chain with all periods as one, in which whatever is possible in the periods is possible and pays as much."""
    full, months = chain.activities.capacity, chain.period_months
    mine = full[chain.existing.activity]
    reported = (mine * chain.existing.share).sum(axis=1, keepdims=True)
    of_all = np.maximum(mine.sum(axis=1, keepdims=True), 1e-300)
    standing, once = chain.activities.needs_standing, chain.kinds.is_yearly
    times = np.where(once[standing.column], 1.0, months.size) if once.size else np.ones(standing.value.size)
    return changed(
        chain,
        period_months=months.sum(keepdims=True),
        activities={
            "capacity": full.sum(axis=1, keepdims=True),
            "needs_standing": replace(standing, value=standing.value * times),
        },
        existing={"share": np.minimum(reported / of_all, 1.0)},
        pools={"available": chain.pools.available.sum(axis=1, keepdims=True)},
        suppliers={
            "price_idr": chain.suppliers.price_idr.min(axis=1, keepdims=True),
            "quantity": chain.suppliers.quantity.sum(axis=1, keepdims=True),
        },
        outlets={
            "price_idr": chain.outlets.price_idr.max(axis=1, keepdims=True),
            "quantity": chain.outlets.quantity.sum(axis=1, keepdims=True),
            "least": chain.outlets.least.sum(axis=1, keepdims=True),
        },
        contract_share_least=0.0,
    )


def with_enterprises(model: Model, values: Floats) -> Model:
    """Hold the number of enterprises at what it is among ``values``; what they run and trade stays open."""
    lower, upper = model.program.lower.copy(), model.program.upper.copy()
    for block in (model.columns.number, model.columns.opened):
        lower[block] = upper[block] = values[block]
    return replace(model, program=replace(model.program, lower=lower, upper=upper, is_integer=None))


def raise_conflict(model: Model) -> NoReturn:
    """Raise the limits that cannot hold together, the fewest that contradict each other."""
    names, group, kind = _groups(model)
    of_kind = solver.conflict(model.program, kind)
    rest = np.isin(kind, of_kind) | (kind < 0)
    smaller = replace(
        model.program,
        row_lower=np.where(rest, model.program.row_lower, -np.inf),
        row_upper=np.where(rest, model.program.row_upper, np.inf),
    )
    found = tuple(names[i] for i in solver.conflict(smaller, np.where(rest, group, -1)))
    raise InfeasibleError(f"These constraints cannot hold together: {', '.join(found)}.", found)


def _groups(model: Model) -> tuple[list[str], Ints, Ints]:
    """Names of limits, and for each row the number of its name and of its kind, -1 where it is taken for granted."""
    names: list[str] = []
    group, kind = (np.full(model.program.row_lower.size, -1) for _ in range(2))
    for k, (rows, first) in enumerate(zip(model.families, model.first, strict=True)):
        if rows.kind in GRANTED:
            continue
        told, position = bottlenecks.groups_of(rows)
        span = slice(first, first + rows.lower.size)
        group[span], kind[span] = position + len(names), k
        names += [bottlenecks.name_of(model.chain, rows, told, i) for i in range(position.max() + 1)]
    return names, group, kind


def _plan(
    found: Ordered,
    model: Model,
    levels: Sequence[Level],
    continuous: Reached,
    chosen: Reached,
    ranges: int,
    trace: bool,
) -> Plan:
    values = _no_more_than_needed(model, chosen.solution.values)
    books = chain_books.books(model, values, continuous.solution.duals)
    aims = {name: float((weights * values).sum()) for name, weights in measures(model).items()}
    income, best = aims["income"], float(measures(model)["income"] @ continuous.solution.values)
    weight = levels[-1].income
    return Plan(
        **_what_is_done(found, model, values),
        **_what_it_brings(found, model, values, books),
        worth_idr=_worth(found, model, continuous.solution.duals / weight),
        continuous_enterprises=_of_sites(found, model, continuous.solution.values),
        income_idr=income,
        income_continuous_idr=best,
        reached=chosen.values,
        aims=_told_aims(model, aims, books, values),
        gap=chosen.worst_gap,
        converged=chosen.converged,
        whole_share=max(0.0, best - income) / max(1.0, abs(best)),
        links=chain_books.links(found, model, values, books.price_idr) if trace else chain_books.NO_LINKS,
        bottlenecks=bottlenecks.bottlenecks(found, model, continuous.solver, continuous.solution, weight, ranges)
        if trace
        else (),
        corner=continuous.corner,
    )


def _no_more_than_needed(model: Model, values: Floats) -> Floats:
    """What is taken from the pools, cut to what is needed: taking costs nothing, so that an answer may take more."""
    less, takes = values.copy(), model.columns.take
    for rows in (family for family in model.families if family.kind == "need"):
        is_take = np.isin(rows.column, takes)
        row, column = rows.row[is_take], rows.column[is_take]
        needed = np.bincount(rows.row[~is_take], (rows.value * values[rows.column])[~is_take], rows.lower.size)
        taken = np.bincount(row, values[column], rows.lower.size)
        share = np.divide(needed, taken, out=np.ones(taken.size), where=taken > needed)
        less[column] *= share[row]
    return less


def _worth(found: Ordered, model: Model, duals: Floats) -> Floats:
    chain, columns = model.chain, model.columns
    t = chain.period_months.size
    worth = np.full((len(chain.commodities.codes), len(chain.places.codes), t), np.nan)
    worth[columns.node_commodity, columns.node_place] = duals[model.rows("commodity")].reshape(-1, t)
    return np.asarray(found.as_given("places", found.as_given("commodities", worth), axis=1))


def _of_sites(found: Ordered, model: Model, values: Floats) -> Floats:
    sites = model.chain.sites.activity.size
    return np.asarray(found.as_given("sites", values[model.columns.number[:sites]]))


def _what_is_done(found: Ordered, model: Model, values: Floats) -> dict[str, Any]:
    chain, columns, sites = model.chain, model.columns, model.chain.sites.activity.size
    t = chain.period_months.size
    run, number = values[columns.run], values[columns.number[:sites]]
    sold = chain_books.gathered(columns.sell_outlet, values[columns.sell], len(chain.outlets.codes))
    bought = chain_books.gathered(columns.buy_supplier, values[columns.buy], len(chain.suppliers.codes))
    short = np.zeros_like(chain.outlets.least)
    short[columns.short_outlet, columns.short_period] = values[columns.short]
    seats = np.zeros((len(chain.fields.codes), len(STAGES), len(chain.places.codes)))
    activity = chain.sites.activity
    np.add.at(seats, (chain.activities.field[activity], chain.activities.stage[activity], chain.sites.place), number)
    taken = np.zeros((len(chain.pools.codes), t))
    np.add.at(taken, (columns.take_pool, columns.take_period), values[columns.take])
    return {
        "enterprises": found.as_given("sites", number),
        "run": found.as_given("sites", run[:sites]),
        "run_existing": found.as_given("existing", run[sites:]),
        "seats": found.as_given("places", found.as_given("fields", seats), axis=2),
        "sold": found.as_given("outlets", sold),
        "unmet": found.as_given("outlets", np.maximum(chain.outlets.quantity - sold, 0.0)),
        "short": found.as_given("outlets", short),
        "bought": found.as_given("suppliers", bought),
        "taken": found.as_given("pools", taken),
        "taken_share": found.as_given("pools", _taken_share(chain, taken)),
        "stored_share": found.as_given("storages", chain_books.stored_share(model, values)),
        **chain_books.moves(found, model, values),
    }


def _taken_share(chain: Chain, taken: Floats) -> Floats:
    """The share of its sustainable yield that is taken of each pool in its tightest period, shape (pools,)."""
    share = np.full(taken.shape[0], np.nan)
    pool, period, available = pool_limits(chain)
    limited = np.isfinite(available) & ((available > 0) | (taken[pool, period] > 0))
    np.fmax.at(share, pool[limited], taken[pool, period][limited] / np.maximum(available[limited], 1e-300))
    return share


def _what_it_brings(found: Ordered, model: Model, values: Floats, books: Books) -> dict[str, Any]:
    sites = model.chain.sites.activity.size
    number = values[model.columns.number]
    each = np.divide(books.income_by_group_idr, number, out=np.full(number.size, np.nan), where=number > 0)
    started = number[:sites] > 0
    return {
        "made": found.as_given("commodities", books.made),
        "used": found.as_given("commodities", books.used),
        "left_over": found.as_given("commodities", books.left_over),
        "income_by_site_idr": found.as_given("sites", each[:sites]),
        "income_by_existing_idr": found.as_given("existing", each[sites:]),
        "income_by_place_idr": found.as_given("places", books.income_by_place_idr),
        "income_median_idr": chain_books.weighted_median(each[:sites][started], number[:sites][started]),
        "income_worst_idr": float(each[:sites][started].min()) if started.any() else float("nan"),
        "trade_idr": books.trade_idr,
        "transfer_price_idr": found.as_given("commodities", books.transfer_price_idr),
    }


def _told_aims(model: Model, aims: dict[str, float], books: Books, values: Floats) -> dict[str, float]:
    """What the plan gives of every aim, also of those that were not wanted."""
    chain = model.chain
    counted = chain.places.people > 0
    share = books.income_by_place_idr[counted] / chain.places.people[counted]
    taken = np.zeros((len(chain.pools.codes), chain.period_months.size))
    np.add.at(taken, (model.columns.take_pool, model.columns.take_period), values[model.columns.take])
    used = _taken_share(chain, taken)
    return aims | {
        "poorest_place": float(share.min()) if share.size else float("nan"),
        "head_room": float(1.0 - np.nanmax(used)) if np.isfinite(used).any() else 1.0,
    }
