"""Small value chains for tests, and an oracle that writes them down in plain loops for another solver."""

import itertools
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from kawasan.engine.chain import (
    OUTSIDE,
    Activities,
    Chain,
    Commodities,
    Entries,
    Existing,
    Fields,
    Kinds,
    Outlets,
    Places,
    Pools,
    Routes,
    Sites,
    Storages,
    Suppliers,
    changed,
    entries,
    routes,
)

NEVER = np.inf

# A fish farm makes 100 kg and costs 1,000; a kitchen turns 50 kg into 30 packs and costs 500. Fish is not to be had
# from outside; people buy 400 kg at 20, and 1,000 packs at 100. Ten seats; a farm takes one pond and there are six.
#
# With x farms and 10 - x kitchens, 150 x - 500 kg are left to sell, so x >= 10/3; one farm more in place of a kitchen
# earns -1,000 + 500 - 3,000 + 150 * 20 = -500, so x = 10/3 and the income is 40,000/3. Both activities run, so their
# values balance the seat's: 100 fish - 1,000 = seat = 3,000 - 500 - 50 fish, hence fish = 70/3 and seat = 4,000/3.
# In whole numbers x = 3 lacks 50 kg and x = 4 earns 13,000.
FISH = Chain(
    period_months=np.array([12.0]),
    places=Places(codes=("area",)),
    fields=Fields(codes=("livestock", "culinary"), most=np.array([10.0, 10.0])),
    activities=Activities(
        codes=("farm", "kitchen"),
        field=np.array([0, 1]),
        stage=np.array([1, 2]),
        capacity=np.ones((2, 1)),
        running_cost_idr=np.array([1000.0, 500.0]),
        run_least=np.ones(2),
        output=entries(np.array([[100.0, 0.0], [0.0, 30.0]])),
        input=entries(np.array([[0.0, 0.0], [50.0, 0.0]])),
        needs_standing=entries(np.array([[1.0], [0.0]])),
    ),
    commodities=Commodities(codes=("fish", "pack")),
    sites=Sites(activity=np.array([0, 1]), place=np.array([0, 0])),
    kinds=Kinds(codes=("pond",), is_yearly=np.array([True])),
    pools=Pools(codes=("pond",), kind=np.array([0]), available=np.array([[6.0]])),
    outlets=Outlets(
        codes=("fresh", "packed"),
        commodity=np.array([0, 1]),
        quantity=np.array([[400.0], [1000.0]]),
        price_idr=np.array([[20.0], [100.0]]),
    ),
    seats_least=10,
    seats_most=10,
)

# Somebody who sells fish at 25 from outside.
FISH_OUTSIDE = Suppliers(codes=("trader",), commodity=np.array([0]), price_idr=np.array([[25.0]]))


def make(*, capacity, quantity, south=None, both=False, input=0.0, needs_running=0.0, needs_standing=0.0, **new):
    """One enterprise makes a unit per cycle for 1 and sells it for 5; with ``south`` the buyer is so many km away.

    capacity, quantity : by month; ``both`` lets it start in the south too; ``input`` : units of a second commodity
    """
    months = len(capacity)
    places = ("north",) if south is None else ("north", "south")
    chain = Chain(
        period_months=np.ones(months),
        places=Places(codes=places),
        fields=Fields(codes=("any",)),
        activities=Activities(
            codes=("make",),
            field=np.array([0]),
            stage=np.array([1]),
            capacity=np.array([capacity], dtype=float),
            running_cost_idr=np.array([1.0]),
            output=entries(np.array([[1.0, 0.0]])),
            input=entries(np.array([[0.0, input]])),
            needs_running=entries(np.array([[needs_running]])),
            needs_standing=entries(np.array([[needs_standing]])),
        ),
        commodities=Commodities(codes=("good", "input")),
        sites=Sites(activity=np.zeros(1 + both, dtype=np.int64), place=np.arange(1 + both)),
        routes=Routes() if south is None else routes(np.array([[0.0, south], [south, 0.0]])),
        kinds=Kinds(codes=("need",)),
        outlets=Outlets(
            codes=("buyer",),
            commodity=np.array([0]),
            place=np.array([0 if south is None else 1]),
            price_idr=np.full((1, months), 5.0),
            quantity=np.array([quantity], dtype=float),
        ),
        seats_most=1,
    )
    if "commodities" in new:
        new["commodities"] = {
            name: np.append(values, values) if len(values) == 1 else values
            for name, values in new["commodities"].items()
        }
    return changed(chain, **new)


def random_chain(seed: int) -> Chain:
    """Two activities and three commodities at two places over two months: small enough to try every plan of 3 seats."""
    rng = np.random.default_rng(seed)
    some = rng.random
    return Chain(
        period_months=np.ones(2),
        places=Places(codes=("north", "south"), seats_most=rng.choice([2.0, 3.0, NEVER], 2)),
        fields=Fields(codes=("f", "g"), least=rng.integers(0, 2, 2).astype(float)),
        activities=Activities(
            codes=("a", "b"),
            field=np.array([0, int(some() < 0.9)]),
            stage=rng.integers(0, 4, 2),
            capacity=rng.uniform(1, 3, (2, 2)) * (some((2, 2)) < 0.9),
            running_cost_idr=rng.uniform(0, 200, 2),
            standing_cost_idr=rng.uniform(0, 100, 2),
            capital_idr=rng.uniform(10, 30, 2),
            run_least=rng.choice([0.0, 0.3], 2),
            labour_days=rng.uniform(1, 5, 2),
            most=rng.choice([2.0, NEVER], 2),
            least=rng.choice([0.0, 2.0], 2, p=[0.8, 0.2]),
            output=entries(np.array([[rng.uniform(20, 60), 0, rng.uniform(0, 10)], [0, rng.uniform(20, 60), 0]])),
            input=entries(np.array([[0, 0, 0], [rng.uniform(5, 40), 0, 0]])),
            needs_running=entries(np.array([[rng.uniform(0, 3), 0], [rng.uniform(0, 3), 0]])),
            needs_standing=entries(np.array([[0, rng.uniform(0, 2)], [rng.uniform(0, 1), 0]])),
        ),
        commodities=Commodities(
            codes=("x", "y", "z"),
            days_kept=rng.choice([0.0, 20.0, 40.0], 3),
            transport_idr=rng.uniform(0, 0.3, 3),
            storage=rng.choice([-1, 0], 3),
            room=rng.uniform(0.5, 2, 3),
            in_stock=Entries(row=np.array([0]), column=np.array([1]), value=rng.uniform(0, 20, 1)),
        ),
        sites=Sites(
            activity=np.array([0, 0, 1, 1]),
            place=np.array([0, 1, 0, 1]),
            most=rng.choice([1.0, 3.0, NEVER], 4),
            is_suitable=some(4) < 0.9,
        ),
        existing=Existing(
            codes=("old",),
            activity=rng.integers(0, 2, 1),
            place=rng.integers(0, 2, 1),
            number=rng.integers(0, 2, 1).astype(float),
            share=some((1, 2)),
        ),
        routes=routes(np.array([[0.0, 10.0], [10.0, 0.0]])),
        storages=Storages(codes=("room",), kind=np.array([0]), place=np.array([0]), capacity=rng.uniform(0, 60, 1)),
        kinds=Kinds(codes=("labour", "land"), is_yearly=np.array([False, True])),
        pools=Pools(
            codes=("all", "north", "land"),
            kind=np.array([0, 0, 1]),
            available=rng.uniform(2, 8, (3, 2)),
            reach=np.array([[True, True], [True, False], [True, True]]),
        ),
        suppliers=Suppliers(
            codes=("afar", "near"),
            commodity=np.array([0, 0]),
            place=np.array([OUTSIDE, 1]),
            price_idr=rng.uniform(5, 15, (2, 2)),
            quantity=rng.choice([30.0, NEVER], (2, 2)),
        ),
        outlets=Outlets(
            codes=("p", "q", "r"),
            commodity=np.array([0, 1, 1]),
            place=np.array([0, 1, OUTSIDE]),
            firmness=rng.integers(0, 4, 3),
            price_idr=rng.uniform(4, 18, (3, 2)),
            quantity=rng.uniform(20, 150, (3, 2)),
            least=rng.choice([0.0, 10.0], (3, 2), p=[0.85, 0.15]),
        ),
        seats_least=float(rng.integers(0, 3)),
        seats_most=3,
        budget_idr=rng.choice([60.0, NEVER]),
        contract_share_least=float(rng.choice([0.0, 0.3], p=[0.8, 0.2])),
    )


@dataclass
class Written:
    """A linear programme with names for its variables."""

    names: list = field(default_factory=list)
    bounds: list = field(default_factory=list)
    gain: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    def variable(self, name, gain=0.0, least=0.0, most=None):
        self.names.append(name)
        self.bounds.append((least, most))
        self.gain.append(gain)

    def row(self, terms, least=-np.inf, most=np.inf):
        self.rows.append((terms, least, most))

    def best(self):
        at = {name: i for i, name in enumerate(self.names)}
        above, limits = [], []
        for terms, least, most in self.rows:
            line = np.zeros(len(at))
            for name, value in terms:
                line[at[name]] += value
            for sign, bound in ((1, most), (-1, -least)):
                if np.isfinite(bound):
                    above.append(sign * line)
                    limits.append(bound)
        found = linprog(-np.array(self.gain), A_ub=np.array(above), b_ub=limits, bounds=self.bounds)
        assert found.status in (0, 2), found.message
        return -found.fun if found.status == 0 else None


def dense(found, shape):
    table = np.zeros(shape)
    table[found.row, found.column] = found.value
    return table


def written(c: Chain, started=None) -> Written:
    """Write a random chain down row by row; ``started`` holds the enterprises of each site, which must fit there."""
    w = Written()
    sites = list(zip(c.sites.activity, c.sites.place, strict=True))
    runs = [*((s, a, p) for s, (a, p) in enumerate(sites)), ("old", c.existing.activity[0], c.existing.place[0])]
    write_running(w, c, sites, started)
    write_carrying(w, c)
    write_trade(w, c)
    write_balances(w, c, runs)
    running, standing = dense(c.activities.needs_running, (2, 2)), dense(c.activities.needs_standing, (2, 2))
    take_of_resources(w, c, runs, running, standing)
    take_of_the_programme(w, c, sites)
    return w


def write_running(w, c, sites, started):
    for s, (a, _p) in enumerate(sites):
        most = c.sites.most[s] if c.sites.is_suitable[s] else 0
        least, most = (0, most) if started is None else (started[s], started[s])
        w.variable(("n", s), -c.activities.standing_cost_idr[a], least, most)
        for t in range(2):
            w.variable(("run", s, t), -c.activities.running_cost_idr[a])
            w.row([(("run", s, t), 1), (("n", s), -c.activities.capacity[a, t])], most=0)
        every = [(("run", s, t), 1) for t in range(2)]
        w.row([*every, (("n", s), -c.activities.run_least[a] * c.activities.capacity[a].sum())], least=0)
    a = c.existing.activity[0]
    for t in range(2):
        most = c.activities.capacity[a, t] * c.existing.share[0, t] * c.existing.number[0]
        w.variable(("run", "old", t), -c.activities.running_cost_idr[a], 0, most)


def write_carrying(w, c):
    for g, t, p in itertools.product(range(3), range(2), range(2)):
        w.variable(("ship", g, p, 1 - p, t), -c.commodities.transport_idr[g] * 10)
        has_room = c.commodities.storage[g] < 0 or p == 0
        keeps = c.commodities.days_kept[g] >= 30 and has_room and t == 0
        w.variable(("stock", g, p, t), 0, 0, None if keeps else 0)
    full = [(("stock", g, 0, 0), c.commodities.room[g]) for g in range(3) if c.commodities.storage[g] == 0]
    w.row(full, most=c.storages.capacity[0])


def write_trade(w, c):
    for v, p, t in itertools.product(range(2), range(2), range(2)):
        if c.suppliers.place[v] in (OUTSIDE, p):
            w.variable(("buy", v, p, t), -c.suppliers.price_idr[v, t])
    for o, p, t in itertools.product(range(3), range(2), range(2)):
        if c.outlets.place[o] in (OUTSIDE, p):
            w.variable(("sell", o, p, t), c.outlets.price_idr[o, t])
    for v, t in itertools.product(range(2), range(2)):
        w.row([(n, 1) for n in w.names if n[:2] == ("buy", v) and n[3] == t], most=c.suppliers.quantity[v, t])
    for o, t in itertools.product(range(3), range(2)):
        sold = [(n, 1) for n in w.names if n[:2] == ("sell", o) and n[3] == t]
        w.row(sold, least=c.outlets.least[o, t], most=c.outlets.quantity[o, t])


def write_balances(w, c, runs):
    output, used = dense(c.activities.output, (2, 3)), dense(c.activities.input, (2, 3))
    stock = dense(c.commodities.in_stock, (3, 2))
    for g, p, t in itertools.product(range(3), range(2), range(2)):
        terms = [(("run", s, t), output[a, g] - used[a, g]) for s, a, q in runs if q == p]
        terms += [(("ship", g, 1 - p, p, t), 1), (("ship", g, p, 1 - p, t), -1), (("stock", g, p, t), -1)]
        terms += [(("stock", g, p, t - 1), 1)] if t else []
        terms += [(n, 1) for n in w.names if n[0] == "buy" and c.suppliers.commodity[n[1]] == g and n[2:] == (p, t)]
        terms += [(n, -1) for n in w.names if n[0] == "sell" and c.outlets.commodity[n[1]] == g and n[2:] == (p, t)]
        w.row(terms, least=0 if t else -stock[g, p])


def take_of_resources(w, c, runs, running, standing):
    for t in range(2):
        for name in ("all_north", "all_south", "own_north"):
            w.variable((name, t))
        w.row([(("all_north", t), 1), (("all_south", t), 1)], most=c.pools.available[0, t])
        w.row([(("own_north", t), 1)], most=c.pools.available[1, t])
        for p, sources in enumerate((("all_north", "own_north"), ("all_south",))):
            need = [(("run", s, t), running[a, 0]) for s, a, q in runs if q == p]
            need += [(("n", s), standing[a, 0]) for s, a, q in runs if q == p and s != "old"]
            old = sum(standing[a, 0] * c.existing.number[0] for s, a, q in runs if q == p and s == "old")
            w.row([*need, *(((name, t), -1) for name in sources)], most=-old)
    need = [(("run", s, t), running[a, 1]) for s, a, _p in runs for t in range(2)]
    need += [(("n", s), standing[a, 1]) for s, a, _p in runs if s != "old"]
    old = standing[c.existing.activity[0], 1] * c.existing.number[0]
    w.row(need, most=c.pools.available[2].sum() - old)


def take_of_the_programme(w, c, sites):
    every = [(("n", s), 1) for s in range(4)]
    w.row(every, least=c.seats_least, most=c.seats_most)
    w.row([(("n", s), c.activities.capital_idr[a]) for s, (a, _p) in enumerate(sites)], most=c.budget_idr)
    for p in range(2):
        w.row([(("n", s), 1) for s, (_a, q) in enumerate(sites) if q == p], most=c.places.seats_most[p])
    for a in range(2):
        w.row([(("n", s), 1) for s, (b, _p) in enumerate(sites) if b == a], most=c.activities.most[a])
    for f in range(2):
        w.row([(("n", s), 1) for s, (a, _p) in enumerate(sites) if c.activities.field[a] == f], least=c.fields.least[f])
    if c.contract_share_least:
        terms = [
            (n, c.outlets.price_idr[n[1], n[3]] * ((c.outlets.firmness[n[1]] == 3) - c.contract_share_least))
            for n in w.names
            if n[0] == "sell"
        ]
        w.row(terms, least=0)


def best_of_all(c: Chain):
    """The best income of any whole plan, by trying each; None when none is possible."""
    incomes = []
    for started in itertools.product(range(4), repeat=4):
        if not c.seats_least <= sum(started) <= c.seats_most:
            continue
        of_activity = np.bincount(c.sites.activity, started, 2)
        if any(0 < n < least for n, least in zip(of_activity, c.activities.least, strict=True)):
            continue
        if any(n > (most if ok else 0) for n, most, ok in zip(started, c.sites.most, c.sites.is_suitable, strict=True)):
            continue
        incomes.append(written(c, started).best())
    return max((income for income in incomes if income is not None), default=None)
