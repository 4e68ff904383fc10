"""What moves through a planned value chain, at which prices it is passed on, and who earns what."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kawasan.engine.chain import OUTSIDE, Entries, Floats, Ints, Ordered
from kawasan.engine.chain_program import Model, freight, recipes

MOST_STEPS = 1_000  # from where goods come to where they leave the chain
SETTLED = 1e-12  # share of the largest worth; smaller changes are rounding error
ROUNDING = 1e-9  # share of the largest of its kind below which a quantity is rounding error


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """A table of what moves or stays, without rows of nothing, in the order of codes.

    what : commodity of a shipment or stock, supplier of a purchase, outlet of a sale
    source, target : places; the same for what is bought, sold or kept there
    period, quantity : units
    """

    what: Ints
    source: Ints
    target: Ints
    period: Ints
    quantity: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """The money of a plan. It adds up: incomes of all groups, less nothing, and trade are the income of the plan.

    made, used, left_over : shape (commodities, periods), units
    price_idr : shape (nodes, periods), IDR per unit that a user pays, by commodity and place
    income_by_group_idr : shape (groups,), IDR of all enterprises of the group
    income_by_place_idr : shape (places,), IDR, trade included;  trade_idr : IDR
    transfer_price_idr : shape (commodities,), IDR per unit, the mean that its users pay
    """

    made: Floats
    used: Floats
    left_over: Floats
    price_idr: Floats
    income_by_group_idr: Floats
    income_by_place_idr: Floats
    trade_idr: float
    transfer_price_idr: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Pools:
    """What comes into and leaves each node (a commodity at a place) in each period, each shape (nodes, periods)."""

    made: Floats
    used: Floats
    sold: Floats
    bought: Floats
    sent: Floats
    got: Floats
    kept: Floats
    came_over: Floats
    there: Floats

    @property
    def comes(self) -> Floats:
        return np.asarray(self.made + self.bought + self.got + self.came_over + self.there)

    @property
    def leaves(self) -> Floats:
        return np.asarray(self.used + self.sold + self.sent + self.kept)


def gathered(rows: Ints, values: Floats, size: int) -> Floats:
    """Add up rows of ``values``, shape (k, periods), by the number in ``rows``: shape (size, periods)."""
    total = np.zeros((size, values.shape[1]))
    np.add.at(total, rows, values)
    return total


def books(model: Model, values: Floats, duals: Floats) -> Books:
    """Settle what every group earns.

    Users pay a node's price; buyers pay theirs. Of all that comes to a node each unit brings the same: what is sold and
    used there, what it brings at the places it is sent to, less the carriage, and what it brings later. Makers earn
    what their units bring. What bought goods bring beyond what suppliers ask is trade.

    The price is what suppliers ask, where any is bought; else the commodity's own where it is known; else the shadow
    price of the node in the continuous plan, of which ``duals`` has shape (rows,).
    """
    nodes = _node_table(model)
    pools = _pools(model, values, nodes)
    price = _prices(model, values, duals, nodes, pools)
    return _settled(model, values, nodes, pools, price)


def _node_table(model: Model) -> Ints:
    """The number of the node of each commodity and place, -1 where there is none."""
    shape = (len(model.chain.commodities.codes), len(model.chain.places.codes))
    table = np.full(shape, -1)
    table[model.columns.node_commodity, model.columns.node_place] = np.arange(model.columns.node_place.size)
    return table


def _recipe_nodes(model: Model, found: Entries, nodes: Ints) -> tuple[Ints, Ints, Floats]:
    group, commodity, value = recipes(found, model.columns.group_activity)
    return group, nodes[commodity, model.columns.group_place[group]], value


def _pools(model: Model, values: Floats, nodes: Ints) -> _Pools:
    chain, c, n = model.chain, model.columns, model.columns.node_place.size
    run, shipped = values[c.run], values[c.ship]
    total = {}
    for name, found in (("made", chain.activities.output), ("used", chain.activities.input)):
        group, node, value = _recipe_nodes(model, found, nodes)
        total[name] = gathered(node, run[group] * value[:, None], n)
    kept = gathered(nodes[c.stock_commodity, c.stock_place], values[c.stock], n)
    there = np.zeros_like(kept)
    first = chain.commodities.in_stock
    there[nodes[first.row, first.column], 0] = first.value
    return _Pools(
        made=total["made"],
        used=total["used"],
        sold=gathered(nodes[chain.outlets.commodity[c.sell_outlet], c.sell_place], values[c.sell], n),
        bought=gathered(nodes[chain.suppliers.commodity[c.buy_supplier], c.buy_place], values[c.buy], n),
        sent=gathered(nodes[c.ship_commodity, chain.routes.source[c.ship_route]], shipped, n),
        got=gathered(nodes[c.ship_commodity, chain.routes.target[c.ship_route]], shipped, n),
        kept=kept,
        came_over=np.hstack([np.zeros((n, 1)), kept[:, :-1]]),
        there=there,
    )


def _bought_idr(model: Model, values: Floats, nodes: Ints) -> Floats:
    c, suppliers = model.columns, model.chain.suppliers
    paid = values[c.buy] * suppliers.price_idr[c.buy_supplier]
    return gathered(nodes[suppliers.commodity[c.buy_supplier], c.buy_place], paid, c.node_place.size)


def _prices(model: Model, values: Floats, duals: Floats, nodes: Ints, pools: _Pools) -> Floats:
    shadow = np.maximum(duals[model.rows("commodity")].reshape(pools.made.shape), 0.0)
    paid = _bought_idr(model, values, nodes)
    is_bought = pools.bought > ROUNDING * (pools.bought + pools.used + pools.sold)
    known = model.chain.commodities.price_idr[model.columns.node_commodity][:, None]
    price = np.where(np.isnan(known), shadow, known)
    return np.divide(paid, pools.bought, out=price, where=is_bought)


def _settled(model: Model, values: Floats, nodes: Ints, pools: _Pools, price: Floats) -> Books:
    chain, c = model.chain, model.columns
    worth = _worth(model, values, nodes, pools, price)
    trade = (pools.bought + pools.there) * worth - _bought_idr(model, values, nodes)
    run = values[c.run]
    income = -chain.activities.running_cost_idr[c.group_activity] * run.sum(axis=1)
    sites = chain.sites.activity.size
    income[:sites] -= chain.activities.standing_cost_idr[chain.sites.activity] * values[c.number[:sites]]
    for found, sign, rate in ((chain.activities.output, 1.0, worth), (chain.activities.input, -1.0, price)):
        group, node, value = _recipe_nodes(model, found, nodes)
        np.add.at(income, group, sign * value * (run[group] * rate[node]).sum(axis=1))
    by_place = np.bincount(c.group_place, income, len(chain.places.codes)).astype(np.float64)
    by_place += np.bincount(c.node_place, trade.sum(axis=1), by_place.size)
    nc = len(chain.commodities.codes)
    used = gathered(c.node_commodity, pools.used, nc)
    paid = gathered(c.node_commodity, pools.used * price, nc).sum(axis=1)
    plain = np.bincount(c.node_commodity, price.mean(axis=1), nc) / np.maximum(
        np.bincount(c.node_commodity, minlength=nc), 1
    )
    spare = pools.comes - pools.leaves
    return Books(
        made=gathered(c.node_commodity, pools.made, nc),
        used=used,
        left_over=gathered(c.node_commodity, np.where(spare > ROUNDING * pools.comes, spare, 0.0), nc),
        price_idr=price,
        income_by_group_idr=income,
        income_by_place_idr=by_place,
        trade_idr=float(trade.sum()),
        transfer_price_idr=np.divide(paid, used.sum(axis=1), out=plain, where=used.sum(axis=1) > 0),
    )


def _worth(model: Model, values: Floats, nodes: Ints, pools: _Pools, price: Floats) -> Floats:
    """What a unit that comes to each node brings in the end, less the carriage, shape (nodes, periods).

    Each node passes on what it takes from buyers and users, and what its goods bring where they are sent and when they
    are kept. Goods leave after a few steps, so passing it back step by step ends.
    """
    chain, c, n = model.chain, model.columns, model.columns.node_place.size
    source = nodes[c.ship_commodity, chain.routes.source[c.ship_route]]
    target = nodes[c.ship_commodity, chain.routes.target[c.ship_route]]
    shipped, sold = values[c.ship], values[c.sell] * chain.outlets.price_idr[c.sell_outlet]
    taken = gathered(nodes[chain.outlets.commodity[c.sell_outlet], c.sell_place], sold, n) + pools.used * price
    taken -= gathered(source, shipped * freight(chain, c)[:, None], n)
    worth = np.zeros_like(price)
    for _step in range(MOST_STEPS):
        later = np.hstack([worth[:, 1:], np.zeros((n, 1))])
        brings = taken + gathered(source, shipped * worth[target], n) + pools.kept * later
        before, worth = worth, np.divide(brings, pools.comes, out=np.zeros_like(price), where=pools.comes > 0)
        if (np.abs(worth - before) <= SETTLED * np.abs(worth).max(initial=1.0)).all():
            break
    return worth


def moves(found: Ordered, model: Model, values: Floats) -> dict[str, Moved]:
    """Shipments, purchases, sales and stocks in the caller's numbers."""
    c, ways = model.columns, model.chain.routes
    blocks = {
        "shipments": (c.ship, "commodities", c.ship_commodity, ways.source[c.ship_route], ways.target[c.ship_route]),
        "purchases": (c.buy, "suppliers", c.buy_supplier, c.buy_place, c.buy_place),
        "sales": (c.sell, "outlets", c.sell_outlet, c.sell_place, c.sell_place),
        "stocks": (c.stock, "commodities", c.stock_commodity, c.stock_place, c.stock_place),
    }
    return {name: _moved(found, values[block], *rest) for name, (block, *rest) in blocks.items()}  # type: ignore[arg-type]


def _moved(found: Ordered, quantity: Floats, table: str, what: Ints, source: Ints, target: Ints) -> Moved:
    row, period = np.nonzero(quantity > ROUNDING * quantity.max(initial=0.0))
    place = found.order["places"]
    return Moved(found.order[table][what[row]], place[source[row]], place[target[row]], period, quantity[row, period])


def stored_share(model: Model, values: Floats) -> Floats:
    """The share of each storage that is full in its fullest period, shape (storages,); nan where it has no room."""
    chain, c = model.chain, model.columns
    share = np.full(len(chain.storages.codes), np.nan)
    for s in np.flatnonzero(chain.storages.capacity > 0):
        here = chain.commodities.storage[c.stock_commodity] == chain.storages.kind[s]
        here &= c.stock_place == chain.storages.place[s]
        room = chain.commodities.room[c.stock_commodity[here]]
        share[s] = (room @ values[c.stock[here]]).max(initial=0.0) / chain.storages.capacity[s]
    return share


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value below and above which lies half of the weight; nan without any."""
    if not values.size:
        return float("nan")
    by = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[by])
    return float(values[by][np.searchsorted(reached, reached[-1] / 2)])


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Who supplies whom. Commodities are mixed at each place, and every user takes from every source in proportion.

    source_kind : 0 a site, 1 an existing enterprise, 2 a supplier, 3 what was in stock at the beginning
    source : index in that table, -1 for stock
    target_kind : 0 a site, 1 an existing enterprise, 2 an outlet, 3 left over;  target : index, -1 for left over
    commodity, period : index
    quantity : units;  value_idr : IDR that the user pays
    """

    source_kind: Ints
    source: Ints
    target_kind: Ints
    target: Ints
    commodity: Ints
    period: Ints
    quantity: Floats
    value_idr: Floats


_NONE = np.empty(0, dtype=np.int64)
NO_LINKS = Links(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, np.empty(0), np.empty(0))
SOURCES = ("site", "existing", "supplier", "stock")
TARGETS = ("site", "existing", "outlet", "left_over")


def links(found: Ordered, model: Model, values: Floats, price: Floats) -> Links:
    """Trace every unit from where it was made or bought to where it was used or sold.

    At each place and period what comes is mixed, so a source's share of what leaves is its share of what came: one
    small linear system for each commodity and period (proportional sharing).

    Parameters
        values : shape (columns,), the plan;  price : shape (nodes, periods), IDR per unit that users pay
    Source
        Bialek (1996), "Tracing the flow of electricity", IEE Proceedings: Generation, Transmission, Distribution 143.
    """
    nodes = _node_table(model)
    pools = _pools(model, values, nodes)
    rows: list[tuple[Ints, ...]] = []
    for c in range(len(model.chain.commodities.codes)):
        rows.extend(_links_of(model, values, nodes, pools, price, c))
    joined = [np.concatenate([row[i] for row in rows]) if rows else np.empty(0) for i in range(6)]
    source, target, commodity, period = (joined[i].astype(np.int64) for i in range(4))
    return Links(
        *_told(found, source, _starts(model, len(model.chain.suppliers.codes)), ("sites", "existing", "suppliers")),
        *_told(found, target, _starts(model, len(model.chain.outlets.codes)), ("sites", "existing", "outlets")),
        found.order["commodities"][commodity],
        period,
        joined[4],
        joined[5],
    )


def _starts(model: Model, traders: int) -> Ints:
    """Where sites, existing enterprises, traders and the rest begin when they are numbered through."""
    sites, groups = model.chain.sites.activity.size, model.columns.group_place.size
    return np.array([0, sites, groups, groups + traders])


def _told(found: Ordered, number: Ints, starts: Ints, tables: tuple[str, ...]) -> tuple[Ints, Ints]:
    kind = np.searchsorted(starts, number, side="right") - 1
    index = np.full(number.size, OUTSIDE)
    for k, table in enumerate(tables):
        index[kind == k] = found.order[table][(number - starts[np.minimum(kind, 3)])[kind == k]]
    return kind, index


def _links_of(model: Model, values: Floats, nodes: Ints, pools: _Pools, price: Floats, c: int) -> Any:
    """Yield (source, target, commodity, period, quantity, value) of one commodity for each period with a flow."""
    here = np.flatnonzero(model.columns.node_commodity == c)
    local = np.full(pools.made.shape[0], -1)
    local[here] = np.arange(here.size)
    before = None
    for t in range(pools.made.shape[1]):
        came = _sources(model, values, nodes, local, c, t)
        if before is not None:
            came = came + before * pools.came_over[here, t][:, None]
        share, total = _shares(model, values, nodes, local, pools, here, came, c, t)
        before = share
        user, place, quantity, paid = _users(model, values, nodes, local, pools, price, here, total, c, t)
        if not quantity.size:
            continue
        moved = quantity[:, None] * share[place]
        u, s = np.nonzero(moved > ROUNDING * moved.max(initial=0.0))
        yield s, user[u], np.full(u.size, c), np.full(u.size, t), moved[u, s], moved[u, s] * paid[u]


def _sources(model: Model, values: Floats, nodes: Ints, local: Ints, c: int, t: int) -> Floats:
    """Units that each source brings to each place of one commodity, shape (places here, sources)."""
    chain, columns = model.chain, model.columns
    groups = columns.group_place.size
    came = np.zeros((int(local.max(initial=-1)) + 1, groups + len(chain.suppliers.codes) + 1))
    group, node, value = _recipe_nodes(model, chain.activities.output, nodes)
    mine = local[node] >= 0
    np.add.at(came, (local[node[mine]], group[mine]), values[columns.run[group[mine], t]] * value[mine])
    buys = chain.suppliers.commodity[columns.buy_supplier] == c
    place = local[nodes[c, columns.buy_place[buys]]]
    np.add.at(came, (place, groups + columns.buy_supplier[buys]), values[columns.buy[buys, t]])
    if t == 0:
        first = chain.commodities.in_stock
        came[local[nodes[c, first.column[first.row == c]]], -1] += first.value[first.row == c]
    return came


def _shares(
    model: Model, values: Floats, nodes: Ints, local: Ints, pools: _Pools, here: Ints, came: Floats, c: int, t: int
) -> tuple[Floats, Floats]:
    """Each source's share of what is at each place once carriers have come, and how much that is."""
    columns, ways = model.columns, model.chain.routes
    ship = columns.ship_commodity == c
    source = local[nodes[c, ways.source[columns.ship_route[ship]]]]
    target = local[nodes[c, ways.target[columns.ship_route[ship]]]]
    moved = values[columns.ship[ship, t]]
    total = came.sum(axis=1) + np.bincount(target, moved, here.size)
    flow = np.zeros((here.size, here.size))
    np.add.at(flow, (target, source), moved)
    full = total > ROUNDING * total.max(initial=0.0)
    system = np.diag(np.where(full, total, 1.0)) - np.where(full[:, None] & full, flow, 0.0)
    return np.maximum(np.linalg.solve(system, np.where(full[:, None], came, 0.0)), 0.0), np.where(full, total, 0.0)


def _users(
    model: Model, values: Floats, nodes: Ints, local: Ints, pools: _Pools, price: Floats, here: Ints, total: Floats,
    c: int, t: int,
) -> tuple[Ints, Ints, Floats, Floats]:  # fmt: skip
    """Everybody who takes one commodity in one period: number, place here, units, IDR per unit."""
    chain, columns = model.chain, model.columns
    groups, outlets = columns.group_place.size, len(chain.outlets.codes)
    group, node, value = _recipe_nodes(model, chain.activities.input, nodes)
    mine = local[node] >= 0
    sells = chain.outlets.commodity[columns.sell_outlet] == c
    at = local[nodes[c, columns.sell_place[sells]]]
    spare = total - pools.used[here, t] - pools.sold[here, t] - pools.sent[here, t] - pools.kept[here, t]
    left = np.flatnonzero(spare > ROUNDING * total)
    parts = [
        (group[mine], local[node[mine]], values[columns.run[group[mine], t]] * value[mine], price[node[mine], t]),
        (groups + columns.sell_outlet[sells], at, values[columns.sell[sells, t]],
         chain.outlets.price_idr[columns.sell_outlet[sells], t]),
        (np.full(left.size, groups + outlets), left, spare[left], np.zeros(left.size)),
    ]  # fmt: skip
    number, place, quantity, paid = (np.concatenate([part[i] for part in parts]) for i in range(4))
    some = quantity > ROUNDING * total.max(initial=0.0)
    return number[some], place[some], quantity[some], paid[some]
