"""What becomes of a plan when things turn out otherwise, and the plan that is best when they turn out worst."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kawasan.engine import planning, solver
from kawasan.engine.chain import Chain, Entries, Floats, Ints, Ordered, changed, ordered
from kawasan.engine.chain_program import Model
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.planning import GAP, INCOME, MOST_NODES, Level, Plan
from kawasan.engine.solver import LinearProgram

SLIGHT = 1e-6  # what the mean counts beside the worst


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one scenario brings.

    kept : the enterprises of the plan stay and do the best they can;  anew : chosen as if one had known, or None;
        neither tells who supplies whom nor what stands in the way
    conflict : why there is no plan anew, as of ``planning.solve``
    regret_idr : IDR that knowing would have brought, nan without a plan anew
    """

    name: str
    kept: Plan
    anew: Plan | None
    conflict: tuple[str, ...]

    @property
    def regret_idr(self) -> float:
        return self.anew.income_idr - self.kept.income_idr if self.anew else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Robust:
    """One set of enterprises for all scenarios.

    enterprises : shape (sites,);  plans : what they do in each scenario
    worst : the least of the aim over the scenarios;  which : index of the scenario where it is least
    incomes_idr : shape (scenarios,), IDR
    gap, converged : as of a plan, of the worst
    """

    enterprises: Floats
    plans: tuple[Plan, ...]
    worst: float
    which: int
    incomes_idr: Floats
    gap: float
    converged: bool


def compare(
    plan: Plan,
    scenarios: Sequence[tuple[str, Chain]],
    *,
    levels: Sequence[Level] = INCOME,
    whole: bool = True,
    gap: float = GAP,
    most_nodes: int = MOST_NODES,
    near: Plan | None = None,
) -> tuple[Outcome, ...]:
    """Put scenarios side by side: what a plan's enterprises earn in each, and what would have been chosen instead.

    Enterprises that are there may stand still and promises may be broken, so that there is always an outcome.

    Parameters
        plan : of the chain as it is expected
        scenarios : names and chains with the same sites in the same order, such as ``without_outlets(chain, …)``
        levels, whole, gap, most_nodes : as of ``planning.solve``
        near : the continuous plan of the expected chain, from which plans anew begin: it saves time
    Raises
        InvalidInputError : a scenario has other sites than the plan.
    """
    return tuple(_outcome(plan, name, chain, near, levels, whole, gap, most_nodes) for name, chain in scenarios)


def _outcome(
    plan: Plan,
    name: str,
    chain: Chain,
    near: Plan | None,
    levels: Sequence[Level],
    whole: bool,
    gap: float,
    most_nodes: int,
) -> Outcome:
    kept = planning.solve(
        as_started(chain), levels=levels, whole=False, enterprises=plan.enterprises, near=plan, trace=False
    )
    try:
        anew = planning.solve(
            chain, levels=levels, whole=whole, gap=gap, most_nodes=most_nodes, near=near or plan, trace=False
        )
    except InfeasibleError as error:
        return Outcome(name, kept, None, error.conflict)
    return Outcome(name, kept, anew, ())


def as_started(chain: Chain) -> Chain:
    """The chain once enterprises are there: they may stand still, promises may be broken, and policy has been met."""
    return changed(
        chain,
        activities={"run_least": np.zeros(len(chain.activities.codes))},
        may_fall_short=True,
        contract_share_least=0.0,
    )


def robust(
    chains: Sequence[Chain],
    *,
    level: Level = INCOME[0],
    whole: bool = True,
    search: bool = True,
    gap: float = GAP,
    most_nodes: int = MOST_NODES,
) -> Robust:
    """Choose one set of enterprises that is best in the worst scenario, and among those the best in the mean.

    What starts is decided before anybody knows; what runs, is bought, carried and sold is decided afterwards in each
    scenario: maximise the least aim over the scenarios, then the mean of their incomes. Not all scenarios need stand in
    that programme: it begins with the expected one and the two whose own best is least, and takes in whichever is the
    worst for the enterprises found, until that one is in it. The mean is of those in it.

    Parameters
        chains : the scenarios, the expected one first, with the same tables but other numbers
        level : what is to be good in the worst scenario
        search : False to round a continuous plan up or down at each site, as of ``planning.solve``; of plans equally
            good in the worst it is one that is good in the mean of the aim
    Raises
        InvalidInputError : the scenarios have not the same sites, or the level wants nothing.
        InfeasibleError : no set of enterprises is possible in all scenarios; ``conflict`` is that of the first that
            is impossible by itself, or empty.
        EngineError : rounding led to no answer.
    Source
        Ben-Tal, Goryashko, Guslitzer and Nemirovski (2004), "Adjustable robust solutions of uncertain linear programs",
        Mathematical Programming 99; here with finitely many scenarios, where it is exact. Zeng and Zhao (2013),
        "Solving two-stage robust optimization problems using a column-and-constraint generation method", Operations
        Research Letters 41.
    """
    found = [ordered(as_started(chain)) for chain in chains]
    _check(found)
    levels = planning.with_income_last((level,))[:1]
    models = [planning.model_for(one.chain, levels, whole=whole) for one in found]
    alone = _each(chains, level)
    held = {0, *np.argsort([_reach(plan, level) for plan in alone], kind="stable")[:2].tolist()}
    while True:
        chosen = _chosen([models[i] for i in sorted(held)], levels[0], search, gap, most_nodes)
        enterprises = found[0].as_given("sites", chosen.number)
        plans = _each(chains, level, alone, enterprises)
        reach = [_reach(plan, level) for plan in plans]
        if (which := int(np.argmin(reach))) in held:
            break
        held.add(which)
    left = solver.share_of(chosen.bound - reach[which], reach[which])
    return Robust(
        enterprises=enterprises,
        plans=plans,
        worst=reach[which],
        which=which,
        incomes_idr=np.array([plan.income_idr for plan in plans]),
        gap=left,
        converged=left <= max(gap, GAP),
    )


def _each(
    chains: Sequence[Chain], level: Level, near: Sequence[Plan] = (), enterprises: Floats | None = None
) -> tuple[Plan, ...]:
    """The continuous plan of each scenario, of these enterprises where they are given; each begins near another."""
    plans: list[Plan] = []
    for i, chain in enumerate(chains):
        begin = near[i] if near else plans[-1] if plans else None
        plans.append(
            planning.solve(
                as_started(chain), levels=(level,), whole=False, enterprises=enterprises, near=begin, trace=False
            )
        )
    return tuple(plans)


def _reach(plan: Plan, level: Level) -> float:
    """What a plan gives of the level's aims."""
    return sum(weight * plan.aims[name] for name, weight in level.weights().items())


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """number : shape (sites,), to start, sites in order;  bound : no enterprises give more in the worst scenario"""

    number: Floats
    bound: float


def _chosen(models: Sequence[Model], level: Level, search: bool, gap: float, most_nodes: int) -> _Chosen:
    """The enterprises that are best in the worst of these scenarios, and among those in the mean."""
    program, place, worst = _stacked(models, level)
    wanted, sites = _wanted(models, place, worst), place[0][_sites_of(models[0])]
    tolerances = (0.0,) * len(wanted)
    if program.is_integer is not None and search:
        found = planning.lexicographic(program, wanted, tolerances, gap=gap, most_nodes=most_nodes)
        best = found.values[-2]
        return _Chosen(found.solution.values[sites], best + found.worst_gap * max(abs(best), 1.0))
    parts = replace(program, is_integer=None)
    if program.is_integer is not None:
        # The worst can be no better than that sum, of which the mean, itself no worse, is a slight part.
        *before, _worst, _mean = wanted
        wanted = [*before, _wanted_worst(worst) + SLIGHT * _mean_aim(models, place, level, worst)]
        continuous = planning.lexicographic(parts, wanted, tolerances[: len(wanted)])
        return _Chosen(planning.dived(program, wanted, continuous, gap)[sites], continuous.values[-1] / (1 + SLIGHT))
    continuous = planning.lexicographic(parts, wanted, tolerances)
    return _Chosen(continuous.solution.values[sites], continuous.values[-2])


def _sites_of(model: Model) -> Ints:
    return model.columns.number[: model.chain.sites.activity.size]


def _check(found: Sequence[Ordered]) -> None:
    if not found:
        raise InvalidInputError("A robust plan needs at least one scenario.")
    first = found[0]
    for one in found[1:]:
        same = [
            np.array_equal(getattr(one.chain.sites, name), getattr(first.chain.sites, name))
            for name in ("activity", "place")
        ]
        same.append(np.array_equal(one.chain.activities.least > 0, first.chain.activities.least > 0))
        same.append(np.array_equal(one.chain.sites.least > 0, first.chain.sites.least > 0))
        same.append(one.chain.activities.codes == first.chain.activities.codes)
        if not all(same):
            raise InvalidInputError("Scenarios must have the same activities and sites, and leasts of the same ones.")


def _stacked(models: Sequence[Model], level: Level) -> tuple[LinearProgram, list[Ints], int]:
    """One programme of all scenarios, which share what starts; where each one's columns stand; the worst's column."""
    shared = _shared(models[0])
    place, end = [], shared.size
    for model in models:
        own = np.empty(model.program.objective.size, dtype=np.int64)
        rest = np.ones(own.size, dtype=bool)
        rest[_shared(model)] = False
        own[_shared(model)] = np.arange(shared.size)
        own[rest] = np.arange(end, end + rest.sum())
        place.append(own)
        end += int(rest.sum())
    lower, upper, is_integer = np.full(end + 1, -np.inf), np.full(end + 1, np.inf), np.zeros(end + 1, dtype=bool)
    for model, own in zip(models, place, strict=True):
        lower[own] = np.maximum(lower[own], model.program.lower)
        upper[own] = np.minimum(upper[own], model.program.upper)
        if model.program.is_integer is not None:
            is_integer[own] = model.program.is_integer
    above = [_at_least_worst(model, own, level, end) for model, own in zip(models, place, strict=True)]
    size = [model.program.row_lower.size for model in models]
    first = np.cumsum([0, *size])
    program = LinearProgram(
        objective=np.zeros(end + 1),
        lower=lower,
        upper=upper,
        row_lower=np.concatenate([*(m.program.row_lower for m in models), np.zeros(len(models))]),
        row_upper=np.concatenate([*(m.program.row_upper for m in models), np.full(len(models), np.inf)]),
        row=np.concatenate([*(m.program.row + f for m, f in zip(models, first, strict=False)),
                            *(np.full(e.column.size, first[-1] + k) for k, e in enumerate(above))]),
        column=np.concatenate([*(own[m.program.column] for m, own in zip(models, place, strict=True)),
                               *(e.column for e in above)]),
        value=np.concatenate([*(m.program.value for m in models), *(e.value for e in above)]),
        is_integer=is_integer if is_integer.any() else None,
    )  # fmt: skip
    return program, place, end


def _shared(model: Model) -> Ints:
    return np.concatenate([_sites_of(model), model.columns.opened])


def _at_least_worst(model: Model, own: Ints, level: Level, worst: int) -> Entries:
    """Aim of the scenario - worst >= 0, in units in which the largest coefficient is 1."""
    weights = planning.weighted(planning.measures(model), level)
    used = np.flatnonzero(weights)
    unit = np.abs(weights).max(initial=0.0) or 1.0
    return Entries(
        row=np.zeros(used.size + 1, dtype=np.int64),
        column=np.append(own[used], worst),
        value=np.append(weights[used], -1.0) / unit,
    )


def _wanted(models: Sequence[Model], place: Sequence[Ints], worst: int) -> list[Floats]:
    """Fewest broken promises in all scenarios, then the best worst, then the best mean income."""
    broken, mean, best = np.zeros(worst + 1), np.zeros(worst + 1), _wanted_worst(worst)
    for model, own in zip(models, place, strict=True):
        mean[own] += planning.measures(model)["income"] / len(models)
        if model.columns.short.size:
            broken[own] += planning.vectors(model, INCOME)[0]
    return [broken, best, mean] if broken.any() else [best, mean]


def _wanted_worst(worst: int) -> Floats:
    best = np.zeros(worst + 1)
    best[worst] = 1.0
    return best


def _mean_aim(models: Sequence[Model], place: Sequence[Ints], level: Level, worst: int) -> Floats:
    mean = np.zeros(worst + 1)
    for model, own in zip(models, place, strict=True):
        mean[own] += planning.weighted(planning.measures(model), level) / len(models)
    return mean


def _raise_first_conflict(chains: Sequence[Chain], whole: bool) -> None:
    for chain in chains:
        planning.solve(as_started(chain), whole=whole)


def without_outlets(chain: Chain, which: Ints) -> Chain:
    """These buyers drop out."""
    quantity, least = chain.outlets.quantity.copy(), _full(chain.outlets.least, chain.outlets.quantity)
    quantity[which], least[which] = 0.0, 0.0
    return changed(chain, outlets={"quantity": quantity, "least": least})


def with_outlet_prices(chain: Chain, which: Ints, factor: float) -> Chain:
    """These buyers pay another price."""
    price = chain.outlets.price_idr.copy()
    price[which] *= factor
    return changed(chain, outlets={"price_idr": price})


def with_supplier_prices(chain: Chain, which: Ints, factor: float) -> Chain:
    """These suppliers ask another price."""
    price = chain.suppliers.price_idr.copy()
    price[which] *= factor
    return changed(chain, suppliers={"price_idr": price})


def without_seasons(chain: Chain, which: Ints, periods: Ints, *, left: float = 0.0) -> Chain:
    """In these periods these activities can run no more than a share of what they could; 0 when the season fails."""
    capacity = chain.activities.capacity.copy()
    capacity[np.ix_(which, periods)] *= left
    return changed(chain, activities={"capacity": capacity})


def with_pools(chain: Chain, which: Ints, factor: float) -> Chain:
    """These resources give more or less."""
    available = _full(chain.pools.available, np.full((len(chain.pools.codes), chain.period_months.size), np.inf))
    available[which] *= factor
    return changed(chain, pools={"available": available})


def _full(values: Floats, like: Floats) -> Floats:
    """A copy of a column; one that was left empty has its default."""
    if values.size:
        return values.copy()
    return np.full(like.shape, np.inf) if np.isinf(like).all() and like.size else np.zeros(like.shape)
