"""After the start: who could supply whom, and what falls short."""

from dataclasses import dataclass

import numpy as np

from kawasan.engine import planning
from kawasan.engine.chain import FIRMNESS, OUTSIDE, Chain, Floats, Ints, Sites, changed
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.planning import Level, Plan

ROUNDING = 1e-9  # share of an enterprise's capacity below which it does not count as idle


@dataclass(frozen=True, slots=True, eq=False)
class Lacks:
    """Inputs for want of which enterprises stand still, row by row.

    existing, commodity, period : index;  quantity : units that the idle capacity would use
    """

    existing: Ints
    commodity: Ints
    period: Ints
    quantity: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What real enterprises could do for one another in the coming periods.

    plan : the best they can do; its ``links`` say who supplies whom, its ``short`` which promises cannot be kept
    idle : shape (existing, periods), cycles that an enterprise's group could run and does not
    lacks : what would let them run: inputs that nobody has enough of, where somebody wants what they make
    firm_unmet : shape (outlets, periods), units that letters and contracts ask for and nobody can deliver
    """

    plan: Plan
    idle: Floats
    lacks: Lacks
    firm_unmet: Floats


def supply(chain: Chain) -> Supply:
    """Let the existing enterprises serve promises first, then contracts, then earn as much as they can.

    Parameters
        chain : its existing enterprises run at what they report; its sites are ignored, and so is what is only about
            starting: seats, fields' and places' leasts, the budget
    Returns
        Supply
    Raises
        InvalidInputError : nobody is there, or a column is wrong.
        InfeasibleError : the enterprises stand on more of a resource than there is.
    """
    if not chain.existing.codes:
        raise InvalidInputError("There is no enterprise that could supply anybody.")
    running = changed(
        chain,
        sites=Sites(),
        fields={"least": np.empty(0)},
        places={"seats_least": np.empty(0)},
        seats_least=0.0,
        contract_share_least=0.0,
        may_fall_short=True,
    )
    plan = planning.solve(running, levels=(Level(contracted=1.0), Level(income=1.0)), whole=False)
    full = _capacity(running)
    idle = np.maximum(full - plan.run_existing, 0.0)
    idle[idle <= ROUNDING * full] = 0.0
    firm = np.isin(chain.outlets.firmness, [FIRMNESS.index("letter"), FIRMNESS.index("contract")])
    if not chain.outlets.firmness.size:
        firm = np.zeros(len(chain.outlets.codes), dtype=bool)
    return Supply(plan, idle, _lacks(running, plan, idle), np.where(firm[:, None], plan.unmet, 0.0))


def _capacity(chain: Chain) -> Floats:
    """Cycles that each group of existing enterprises can run, shape (existing, periods)."""
    number = chain.existing.number if chain.existing.number.size else np.ones(len(chain.existing.codes))
    share = chain.existing.share if chain.existing.share.size else 1.0
    return np.asarray(chain.activities.capacity[chain.existing.activity] * number[:, None] * share)


def _lacks(chain: Chain, plan: Plan, idle: Floats) -> Lacks:
    """Follow unmet demand upstream: whoever makes what is wanted, stands still and cannot buy an input lacks it, and
    so that input is wanted in its turn. What is wanted is valued at the best price that is not served, carriage aside.
    """
    value = _unserved_price(chain, plan)
    rows: dict[tuple[int, int, int], float] = {}
    for _step in chain.activities.codes:  # a chain of inputs has at most so many steps
        before = len(rows)
        for e, t in np.argwhere(idle > 0).tolist():
            rows |= _lacking(chain, plan, idle, value, e, t)
        if len(rows) == before:
            break
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    return Lacks(table[:, 0], table[:, 1], table[:, 2], np.array([rows[key] for key in sorted(rows)]))


def _unserved_price(chain: Chain, plan: Plan) -> Floats:
    """IDR that the best payer with unmet demand pays, shape (commodities, periods); 0 without one."""
    value = np.zeros((len(chain.commodities.codes), chain.period_months.size))
    if chain.outlets.codes:
        wanted = plan.unmet > ROUNDING * np.maximum(chain.outlets.quantity, 1.0)
        np.maximum.at(value, chain.outlets.commodity, np.where(wanted, chain.outlets.price_idr, 0.0))
    return value


def _lacking(
    chain: Chain, plan: Plan, idle: Floats, value: Floats, e: int, t: int
) -> dict[tuple[int, int, int], float]:
    """What one idle enterprise lacks in one period; raises the value of what it lacks to what it could pay for it."""
    activity, place = chain.existing.activity[e], int(chain.existing.place[e])
    made, used = chain.activities.output, chain.activities.input
    outputs, inputs = made.row == activity, used.row == activity
    margin = made.value[outputs] @ value[made.column[outputs], t] - chain.activities.running_cost_idr[activity]
    found: dict[tuple[int, int, int], float] = {}
    if margin <= 0:
        return found
    for c, quantity in zip(used.column[inputs].tolist(), used.value[inputs].tolist(), strict=True):
        if plan.worth_idr[c, place, t] > ROUNDING * margin and not _can_be_bought(chain, c, place, t):
            value[c, t] = max(value[c, t], margin / quantity)
            found[e, c, t] = quantity * idle[e, t]
    return found


def _can_be_bought(chain: Chain, c: int, place: int, t: int) -> bool:
    sellers = chain.suppliers
    if not sellers.codes:
        return False
    at = sellers.place if sellers.place.size else np.full(len(sellers.codes), OUTSIDE)
    here = (sellers.commodity == c) & np.isin(at, [OUTSIDE, place])
    unlimited = np.isinf(sellers.quantity[:, t]) if sellers.quantity.size else np.ones(len(at), dtype=bool)
    return bool((here & unlimited).any())
