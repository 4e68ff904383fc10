"""Against every possible assignment, written down without the solver."""

from itertools import product

import numpy as np
import pytest

from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.reassignment import AtMost, Limits, Pool, Rules, Share, Together, reassign


def limits(least, most, weight):
    return Limits(np.array(least), np.array(most), np.array(weight))


def price(bins, cost, rules):
    """The cost of an assignment, or nothing where it is not allowed."""
    n_bins = cost.shape[1]
    if any(cost[i, b] < 0 for i, b in enumerate(bins)):
        return None
    inside = [{i for i, k in enumerate(bins) if k == b} for b in range(n_bins)]
    if any(len(inside[b] & set(rule.items)) > rule.most for rule in rules.at_most for b in range(n_bins)):
        return None
    total = sum(cost[i, b] for i, b in enumerate(bins))
    total += sum(rule.penalty for rule in rules.together if bins[rule.first] != bins[rule.second])
    for rule in rules.shares:
        held = [len(inside[b] & set(rule.items)) for b in range(n_bins)]
        total += rule.penalty * sum(max(rule.least - h, h - rule.most, 0) for h in held)
    return total


def brute_force(cost, weight, limit, now, fixed, rules):
    best = None
    for bins in product(range(cost.shape[1]), repeat=len(cost)):
        count = np.bincount(bins, minlength=cost.shape[1])
        heavy = np.bincount(bins, weights=weight, minlength=cost.shape[1])
        if (count < limit.least).any() or (count > limit.most).any() or (heavy > limit.most_weight).any():
            continue
        if any(fixed[i] and bins[i] != now[i] for i in range(len(cost))):
            continue
        if any(sum(heavy[b] for b in pool.bins) > pool.most_weight for pool in rules.pools):
            continue
        worth = price(bins, cost, rules)
        if worth is not None:
            changes = sum(now[i] >= 0 and now[i] != bins[i] for i in range(len(cost)))
            best = min(best or (changes, worth), (changes, worth))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_it_is_as_good_as_trying_everything(seed):
    rng = np.random.default_rng(seed)
    n, bins = int(rng.integers(3, 7)), int(rng.integers(2, 4))
    cost = rng.integers(-1, 20, (n, bins))
    weight = rng.integers(1, 4, n)
    now = rng.integers(-1, bins, n)
    fixed = (rng.random(n) < 0.2) & (now >= 0)
    limit = limits(rng.integers(0, 2, bins), rng.integers(2, n + 1, bins), rng.integers(3, 12, bins))
    pair = [int(i) for i in rng.choice(n, 2, replace=False)]
    rules = Rules(
        at_most=(AtMost(tuple(int(i) for i in rng.choice(n, 2, replace=False)), 1),),
        pools=(Pool((0, 1), int(rng.integers(6, 16))),),
        together=(Together(pair[0], pair[1], 7),),
        shares=(Share(tuple(range(0, n, 2)), 1, 2, 3),),
    )
    best = brute_force(cost, weight, limit, now, fixed, rules)
    if best is None:
        with pytest.raises(InfeasibleError):
            reassign(cost, weight=weight, limits=limit, now=now, fixed=fixed, rules=rules)
        return
    found = reassign(cost, weight=weight, limits=limit, now=now, fixed=fixed, rules=rules)
    assert (found.changes, found.cost, found.bound, found.is_optimal) == (*best, best[1], True)
    assert price(tuple(found.bin), cost, rules) == found.cost


def test_nothing_moves_that_need_not_even_if_it_would_be_cheaper():
    found = reassign(
        [[9, 0], [9, 0], [0, 5]],
        weight=[1, 1, 1],
        limits=limits([0, 0], [3, 3], [9, 9]),
        now=[0, 0, -1],
        fixed=[False] * 3,
    )
    assert (list(found.bin), found.changes, found.cost) == ([0, 0, 0], 0, 18)


def test_what_is_fixed_stays_and_another_goes():
    given = {"weight": [1, 1], "limits": limits([0, 0], [1, 1], [9, 9]), "now": [0, 0]}
    assert list(reassign([[0, 1], [0, 9]], fixed=[False, False], **given).bin) == [1, 0]
    assert list(reassign([[0, 1], [0, 9]], fixed=[True, False], **given).bin) == [0, 1]


@pytest.mark.parametrize(
    ("limit", "rules", "kind"),
    [
        (limits([0], [1], [9]), Rules(), "most"),
        (limits([3], [9], [9]), Rules(), "least"),
        (limits([0], [9], [1]), Rules(), "weight"),
        (limits([0], [9], [9]), Rules(at_most=(AtMost((0, 1), 1),)), "at_most"),
    ],
)
def test_a_conflict_names_the_kind_of_rule_to_give_up(limit, rules, kind):
    with pytest.raises(InfeasibleError) as refused:
        reassign([[0], [0]], weight=[1, 1], limits=limit, now=[-1, -1], fixed=[False] * 2, rules=rules)
    assert refused.value.conflict == (kind,)


def test_what_is_not_clear_is_refused():
    with pytest.raises(InvalidInputError):
        reassign([[0]], weight=[1], limits=limits([0], [1], [1]), now=[-1], fixed=[True])
    with pytest.raises(InvalidInputError):
        reassign([[0]], weight=[1, 2], limits=limits([0], [1], [1]), now=[0], fixed=[True])
    with pytest.raises(InvalidInputError):
        reassign([[0]], weight=[1], limits=limits([0, 0], [1], [1]), now=[0], fixed=[True])
