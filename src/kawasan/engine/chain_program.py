"""A value chain as a linear programme: one block of columns for each decision, one named function for each limit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kawasan.engine.chain import DAYS_A_MONTH, FIRMNESS, OUTSIDE, Bools, Chain, Entries, Floats, Ints
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.solver import LinearProgram

NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Where each decision stands among the columns; the last axis of ``run`` to ``stock`` is the period.

    A group is a site or, after those, a row of the existing enterprises: ``group_activity``, ``group_place``.

    number : shape (groups,), enterprises
    run : shape (groups, periods), cycles of all enterprises of the group
    ship : shape (shipments, periods), units of ``ship_commodity`` along ``ship_route``
    buy : shape (purchases, periods), units from ``buy_supplier`` delivered to ``buy_place``
    sell : shape (sales, periods), units to ``sell_outlet`` fetched at ``sell_place``
    stock : shape (stocks, periods), units of ``stock_commodity`` at ``stock_place`` that stay beyond the period
    short : shape (promises,), units by which the promise to ``short_outlet`` in ``short_period`` is broken
    take : shape (takes,), units that enterprises of ``take_place`` take from ``take_pool`` in ``take_period``
    opened : shape (least,), 1 where anything of what has a least is started, else 0
    poorest, head_room : the level that every place, or the free share that every resource, reaches
    """

    group_activity: Ints
    group_place: Ints
    ship_commodity: Ints
    ship_route: Ints
    buy_supplier: Ints
    buy_place: Ints
    sell_outlet: Ints
    sell_place: Ints
    stock_commodity: Ints
    stock_place: Ints
    short_outlet: Ints
    short_period: Ints
    take_pool: Ints
    take_place: Ints
    take_period: Ints
    least_activity: Ints
    least_site: Ints
    node_commodity: Ints
    node_place: Ints
    number: Ints
    run: Ints
    ship: Ints
    buy: Ints
    sell: Ints
    stock: Ints
    short: Ints
    take: Ints
    opened: Ints
    poorest: Ints
    head_room: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Limits of one kind.

    kind : its name
    tables, index : the tables that a row is about, and for each of them shape (m,), the index in it
    lower, upper : shape (m,)
    row, column, value : shape (entries,), row counted within this kind
    """

    kind: str
    tables: tuple[str, ...]
    index: tuple[Ints, ...]
    lower: Floats
    upper: Floats
    row: Ints
    column: Ints
    value: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A chain's programme without its objective, with what its columns and rows mean."""

    chain: Chain
    columns: Columns
    families: tuple[Rows, ...]
    first: Ints
    program: LinearProgram

    def rows(self, kind: str) -> Ints:
        """The rows of one kind, in the order of its index."""
        found = [
            np.arange(f, f + r.lower.size) for r, f in zip(self.families, self.first, strict=True) if r.kind == kind
        ]
        return np.concatenate([NONE, *found])


def build(chain: Chain, *, whole: bool, poorest: bool = False, head_room: bool = False) -> Model:
    """Write down the programme of a chain that ``chain.ordered`` has checked and sorted.

    Source
        Koopmans (1951), "Analysis of production as an efficient combination of activities", in Activity Analysis of
        Production and Allocation, Wiley.
    """
    columns = _columns(chain)
    makers = (*LIMITS, *((_poorest,) if poorest else ()), *((_head_room,) if head_room else ()))
    families = tuple(rows for make in makers for rows in make(chain, columns) if rows.lower.size)
    size = np.array([rows.lower.size for rows in families], dtype=np.int64)
    first = np.cumsum(size) - size
    lower, upper, is_integer = _bounds(chain, columns)
    program = LinearProgram(
        objective=np.zeros(lower.size),
        lower=lower,
        upper=upper,
        row_lower=np.concatenate([np.empty(0), *(rows.lower for rows in families)]),
        row_upper=np.concatenate([np.empty(0), *(rows.upper for rows in families)]),
        row=np.concatenate([NONE, *(rows.row + start for rows, start in zip(families, first, strict=True))]),
        column=np.concatenate([NONE, *(rows.column for rows in families)]),
        value=np.concatenate([np.empty(0), *(rows.value for rows in families)]),
        is_integer=is_integer if whole else None,
    )
    return Model(chain, columns, families, first, program)


def capacity(chain: Chain, columns: Columns) -> Floats:
    """Cycles that one enterprise of each group can run in each period, shape (groups, periods)."""
    sites = chain.sites.activity.size
    full = chain.activities.capacity[columns.group_activity]
    return np.concatenate([full[:sites], full[sites:] * chain.existing.share])


def recipes(found: Entries, activity: Ints) -> tuple[Ints, Ints, Floats]:
    """Give each group its activity's entries: group, column of the entry, value, each shape (entries,)."""
    start = np.searchsorted(found.row, activity)
    count = np.searchsorted(found.row, activity, side="right") - start
    group = np.repeat(np.arange(activity.size), count)
    place = np.arange(group.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
    return group, found.column[place], found.value[place]


def net_output(chain: Chain) -> Entries:
    """Output less input per cycle: entries (activity, commodity), which may be negative."""
    made, used, nc = chain.activities.output, chain.activities.input, len(chain.commodities.codes)
    key = np.concatenate([made.row * nc + made.column, used.row * nc + used.column])
    unique, position = np.unique(key, return_inverse=True)
    value = np.bincount(position, np.concatenate([made.value, -used.value]), unique.size)
    return Entries(row=unique // nc, column=unique % nc, value=value.astype(np.float64))


def _columns(chain: Chain) -> Columns:
    t = chain.period_months.size
    activity = np.concatenate([chain.sites.activity, chain.existing.activity])
    place = np.concatenate([chain.sites.place, chain.existing.place])
    comes, wanted = _sources_and_users(chain, activity, place)
    parts: dict[str, Any] = {"group_activity": activity, "group_place": place}
    parts["ship_commodity"], parts["ship_route"] = np.nonzero(
        comes[:, chain.routes.source] & wanted[:, chain.routes.target]
    )
    parts["buy_supplier"], parts["buy_place"] = _traders(chain.suppliers, comes | wanted)
    parts["sell_outlet"], parts["sell_place"] = _traders(chain.outlets, comes | wanted)
    parts["stock_commodity"], parts["stock_place"] = _stocks(chain, comes | wanted)
    parts["short_outlet"], parts["short_period"] = _promises(chain)
    parts["take_pool"], parts["take_place"], parts["take_period"] = _takes(chain, activity, place)
    parts["least_activity"] = np.flatnonzero(chain.activities.least > 0)
    parts["least_site"] = np.flatnonzero(chain.sites.least > 0)
    parts["node_commodity"], parts["node_place"] = np.nonzero(comes | wanted)
    shapes = {
        "number": (activity.size,),
        "run": (activity.size, t),
        "ship": (parts["ship_route"].size, t),
        "buy": (parts["buy_place"].size, t),
        "sell": (parts["sell_place"].size, t),
        "stock": (parts["stock_place"].size, t),
        "short": (parts["short_outlet"].size,),
        "take": (parts["take_pool"].size,),
        "opened": (parts["least_activity"].size + parts["least_site"].size,),
        "poorest": (1,),
        "head_room": (1,),
    }
    end = 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        parts[name] = np.arange(end, end + size).reshape(shape)
        end += size
    return Columns(**parts)


def _sources_and_users(chain: Chain, activity: Ints, place: Ints) -> tuple[Bools, Bools]:
    """Where each commodity can come from and where somebody wants it, each shape (commodities, places)."""
    comes = np.zeros((len(chain.commodities.codes), len(chain.places.codes)), dtype=bool)
    wanted = comes.copy()
    for table, found in ((comes, chain.activities.output), (wanted, chain.activities.input)):
        group, commodity, _value = recipes(found, activity)
        table[commodity, place[group]] = True
    comes[chain.commodities.in_stock.row, chain.commodities.in_stock.column] = True
    for table, traders in ((comes, chain.suppliers), (wanted, chain.outlets)):
        here = traders.place != OUTSIDE
        table[traders.commodity[here], traders.place[here]] = True
    anywhere = np.zeros((len(comes), 1), dtype=bool)  # what is bought outside for somebody who fetches anywhere
    anywhere[chain.outlets.commodity[chain.outlets.place == OUTSIDE]] = True
    bought = np.zeros_like(anywhere)
    bought[chain.suppliers.commodity[chain.suppliers.place == OUTSIDE]] = True
    wanted[:, :1] |= anywhere & bought
    kept = _kept_in(chain)
    return comes | kept, wanted | kept


def _kept_in(chain: Chain) -> Bools:
    """Where there is room of the kind that a commodity needs, shape (commodities, places)."""
    kept = np.zeros((len(chain.commodities.codes), len(chain.places.codes)), dtype=bool)
    if chain.period_months.size > 1:
        for kind, place in zip(chain.storages.kind, chain.storages.place, strict=True):
            kept[chain.commodities.storage == kind, place] = True
    return kept & (periods_kept(chain) > 0)[:, None]


def periods_kept(chain: Chain) -> Ints:
    """Whole periods that each commodity may stay, shape (commodities,), at most as many as there are."""
    lasts = DAYS_A_MONTH * chain.period_months.max()
    return np.floor(np.minimum(chain.commodities.days_kept / lasts, chain.period_months.size)).astype(np.int64)


def _traders(traders: Any, active: Bools) -> tuple[Ints, Ints]:
    """Pair every supplier or outlet with its place, or with every place where its commodity moves when it has none."""
    anywhere = np.flatnonzero(traders.place == OUTSIDE)
    row, place = np.nonzero(active[traders.commodity[anywhere]])
    here = np.flatnonzero(traders.place != OUTSIDE)
    trader = np.concatenate([here, anywhere[row]])
    place = np.concatenate([traders.place[here], place])
    by = np.lexsort((place, trader))
    return trader[by], place[by]


def _stocks(chain: Chain, active: Bools) -> tuple[Ints, Ints]:
    if chain.period_months.size == 1:
        return NONE, NONE
    free = (chain.commodities.storage < 0) & (periods_kept(chain) > 0)
    commodity, place = np.nonzero(active & (free[:, None] | _kept_in(chain)))
    return commodity, place


def _promises(chain: Chain) -> tuple[Ints, Ints]:
    if not chain.may_fall_short:
        return NONE, NONE
    outlet, period = np.nonzero(chain.outlets.least > 0)
    return outlet, period


def _takes(chain: Chain, activity: Ints, place: Ints) -> tuple[Ints, Ints, Ints]:
    """Who may take from which pool: only places where some recipe needs its kind."""
    needed = np.zeros((len(chain.kinds.codes), len(chain.places.codes)), dtype=bool)
    for found in (chain.activities.needs_running, chain.activities.needs_standing):
        group, kind, _value = recipes(found, activity)
        needed[kind, place[group]] = True
    pool, at = np.nonzero(chain.pools.reach & needed[chain.pools.kind])
    once = chain.kinds.is_yearly[chain.pools.kind[pool]]
    count = np.where(once, 1, chain.period_months.size)
    period = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(pool, count), np.repeat(at, count), period


def _bounds(chain: Chain, columns: Columns) -> tuple[Floats, Floats, Bools]:
    n = int(columns.head_room[0]) + 1
    lower, upper, is_integer = np.zeros(n), np.full(n, np.inf), np.zeros(n, dtype=bool)
    existing = columns.number[chain.sites.activity.size :]
    lower[existing] = upper[existing] = chain.existing.number
    upper[columns.opened], upper[columns.head_room] = 1.0, 1.0
    lower[columns.poorest] = -np.inf
    upper[columns.stock[:, -1:]] = 0.0  # what is left when the year ends is left over
    is_integer[columns.number[: chain.sites.activity.size]] = True
    is_integer[columns.opened] = True
    return lower, upper, is_integer


def _rows(
    kind: str,
    tables: tuple[str, ...],
    index: tuple[Ints, ...],
    parts: list[tuple[Any, Any, Any]],
    *,
    lower: Any = -np.inf,
    upper: Any = np.inf,
) -> Rows:
    """Put the parts of one kind of limit together; each part is (row, column, value) of one shape or broadcast."""
    m = index[0].size if index else 1
    flat = [tuple(np.ravel(x) for x in np.broadcast_arrays(*part)) for part in parts]
    row, column, value = (np.concatenate([np.empty(0), *(part[i] for part in flat)]) for i in range(3))
    return Rows(
        kind,
        tables,
        tuple(np.asarray(i, dtype=np.int64) for i in index),
        np.broadcast_to(np.asarray(lower, dtype=np.float64), (m,)),
        np.broadcast_to(np.asarray(upper, dtype=np.float64), (m,)),
        row.astype(np.int64),
        column.astype(np.int64),
        value,
    )


def _by_period(rows: Ints, periods: int) -> tuple[Ints, Ints]:
    """The index of a limit that stands once for each of ``rows`` and period, periods running fastest."""
    return np.repeat(rows, periods), np.tile(np.arange(periods), rows.size)


def _balance(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Used + sold + sent + kept <= made + bought + got + kept before, so that the dual is the worth of one unit."""
    nc, np_, t = len(chain.commodities.codes), len(chain.places.codes), chain.period_months.size
    period = np.arange(t)
    node = np.full((nc, np_), -1)
    node[columns.node_commodity, columns.node_place] = np.arange(columns.node_place.size)

    def rows_of(commodity: Ints, place: Ints) -> Ints:
        return np.asarray(node[commodity, place][:, None] * t + period)

    group, commodity, value = recipes(net_output(chain), columns.group_activity)
    carried = columns.ship_commodity
    at_supplier, at_outlet = chain.suppliers.commodity, chain.outlets.commodity
    kept = rows_of(columns.stock_commodity, columns.stock_place)
    parts = [
        (rows_of(commodity, columns.group_place[group]), columns.run[group], -value[:, None]),
        (rows_of(at_supplier[columns.buy_supplier], columns.buy_place), columns.buy, -1.0),
        (rows_of(at_outlet[columns.sell_outlet], columns.sell_place), columns.sell, 1.0),
        (rows_of(carried, chain.routes.source[columns.ship_route]), columns.ship, 1.0),
        (rows_of(carried, chain.routes.target[columns.ship_route]), columns.ship, -1.0),
        (kept, columns.stock, 1.0),
        (kept[:, 1:], columns.stock[:, :-1], -1.0),
    ]
    there = np.zeros((columns.node_place.size, t))
    first = chain.commodities.in_stock
    there[node[first.row, first.column], 0] = first.value
    index = (np.repeat(columns.node_commodity, t), np.repeat(columns.node_place, t), np.tile(period, len(there)))
    yield _rows("commodity", ("commodities", "places", "periods"), index, parts, upper=there.ravel())


def _running(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Nobody runs more than the enterprises can in the season, nor less than makes them worth having."""
    most = capacity(chain, columns)
    groups, t = most.shape
    row = np.arange(groups * t).reshape(groups, t)
    parts = [(row, columns.run, 1.0), (row, columns.number[:, None], -most)]
    yield _rows("capacity", ("groups", "periods"), _by_period(np.arange(groups), t), parts, upper=0.0)
    share = chain.activities.run_least[chain.sites.activity]  # what is there already may stand still
    held = np.flatnonzero(share > 0)
    each = np.arange(held.size)
    yield _rows(
        "run_least",
        ("activities", "places"),
        (chain.sites.activity[held], chain.sites.place[held]),
        [(each[:, None], columns.run[held], 1.0), (each, columns.number[held], -share[held] * most[held].sum(axis=1))],
        lower=0.0,
    )


def _keeping(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Stock is no older than the commodity keeps, in each place and, since carrying makes nothing fresh, in all."""
    t, last = chain.period_months.size, periods_kept(chain)
    perishable = np.flatnonzero((last > 0) & (last < t - 1) & np.isin(np.arange(last.size), columns.stock_commodity))
    made = recipes(net_output(chain), columns.group_activity)
    for c in perishable:
        here = np.flatnonzero(columns.stock_commodity == c)
        yield _fresh(chain, columns, made, int(c), last[c], columns.stock_place[here], here)
        yield _fresh(chain, columns, made, int(c), last[c], None, here)


def _fresh(
    chain: Chain,
    columns: Columns,
    made: tuple[Ints, Ints, Floats],
    c: int,
    last: int,
    places: Ints | None,
    stocks: Ints,
) -> Rows:
    """Stock <= what came in during the last periods: at each of these places, or made and bought in all (None).

    made : the recipes' net output, as of ``recipes``
    """
    t = chain.period_months.size
    row_of = np.full(len(chain.places.codes), 0 if places is None else -1)
    if places is not None:
        row_of[places] = np.arange(places.size)
    group, commodity, value = made
    makes = (commodity == c) & (value > 0)
    bought = chain.suppliers.commodity[columns.buy_supplier] == c
    came = [
        (columns.group_place[group[makes]], columns.run[group[makes]], value[makes]),
        (columns.buy_place[bought], columns.buy[bought], np.ones(bought.sum())),
    ]
    if places is not None:
        got = columns.ship_commodity == c
        came.append((chain.routes.target[columns.ship_route[got]], columns.ship[got], np.ones(got.sum())))
    own = row_of[columns.stock_place[stocks]][:, None] * t + np.arange(t)
    parts: list[tuple[Any, Any, Any]] = [(own, columns.stock[stocks], 1.0)]
    for back in range(last):
        for place, column, value in came:
            inside = row_of[place] >= 0
            row = row_of[place][inside][:, None] * t + np.arange(back, t)
            parts.append((row, column[inside][:, : t - back], -value[inside][:, None]))
    there = _old_stock(chain, c, last, row_of, 1 if places is None else places.size)
    if places is None:
        index = _by_period(np.array([c]), t)
        return _rows("kept_in_all", ("commodities", "periods"), index, parts, upper=there.ravel())
    at = (np.full(places.size * t, c), *_by_period(places, t))
    return _rows("kept", ("commodities", "places", "periods"), at, parts, upper=there.ravel())


def _old_stock(chain: Chain, c: int, last: int, row_of: Ints, rows: int) -> Floats:
    """What was there at the beginning counts as having come in the first period."""
    there = np.zeros((rows, chain.period_months.size))
    first = chain.commodities.in_stock
    for place, value in zip(first.column[first.row == c], first.value[first.row == c], strict=True):
        if row_of[place] >= 0:
            there[row_of[place], :last] += value
    return there


def _storing(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """What is kept takes up no more room than there is."""
    t, kind = chain.period_months.size, chain.commodities.storage[columns.stock_commodity]
    parts = []
    for s in range(len(chain.storages.codes)):
        here = (kind == chain.storages.kind[s]) & (columns.stock_place == chain.storages.place[s])
        room = chain.commodities.room[columns.stock_commodity[here]]
        parts.append((s * t + np.arange(t), columns.stock[here], room[:, None]))
    rows = np.arange(len(chain.storages.codes))
    upper = np.repeat(chain.storages.capacity, t)
    yield _rows("storage", ("storages", "periods"), _by_period(rows, t), parts, upper=upper)


def _supply(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Nobody buys more than a supplier has."""
    yield from _per_trader("supplier", "suppliers", columns.buy_supplier, columns.buy, upper=chain.suppliers.quantity)


def _demand(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Nobody sells more than a buyer takes."""
    yield from _per_trader("demand", "outlets", columns.sell_outlet, columns.sell, upper=chain.outlets.quantity)


def _per_trader(kind: str, table: str, trader: Ints, column: Ints, *, upper: Floats) -> Iterator[Rows]:
    limited = np.isfinite(upper)
    number = np.cumsum(limited.ravel()).reshape(limited.shape) - 1
    used = limited[trader]
    parts = [(number[trader][used], column[used], 1.0)]
    yield _rows(kind, (table, "periods"), np.nonzero(limited), parts, upper=upper[limited])


def _promise(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """What was promised is delivered, but for what may fall short."""
    promised = chain.outlets.least > 0
    number = np.cumsum(promised.ravel()).reshape(promised.shape) - 1
    used = promised[columns.sell_outlet]
    parts: list[tuple[Any, Any, Any]] = [(number[columns.sell_outlet][used], columns.sell[used], 1.0)]
    parts.append((number[columns.short_outlet, columns.short_period], columns.short, 1.0))
    least = chain.outlets.least[promised]
    yield _rows("promise", ("outlets", "periods"), np.nonzero(promised), parts, lower=least)


def _needing(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """What enterprises need of each kind of resource is taken from pools that reach their place."""
    t, np_, once = chain.period_months.size, len(chain.places.codes), chain.kinds.is_yearly
    standing = _needs(chain, columns, chain.activities.needs_standing, columns.number[:, None])
    running = _needs(chain, columns, chain.activities.needs_running, columns.run)
    taken_kind = chain.pools.kind[columns.take_pool]
    key = [(kind * np_ + place)[:, None] * t + np.where(once[kind], 0, np.arange(t)[:, None]).T
           for kind, place, _column, _value in (standing, running)]  # fmt: skip
    key.append((taken_kind * np_ + columns.take_place) * t + columns.take_period)
    unique = np.unique(np.concatenate([k.ravel() for k in key]))
    held = (once[standing[0]][:, None]) & (np.arange(t) > 0)  # a yearly kind is taken once by who stands there
    parts = [
        (np.searchsorted(unique, key[0])[~held], np.broadcast_to(standing[2], held.shape)[~held],
         np.broadcast_to(standing[3][:, None], held.shape)[~held]),
        (np.searchsorted(unique, key[1]), running[2], running[3][:, None]),
        (np.searchsorted(unique, key[2]), columns.take, -1.0),
    ]  # fmt: skip
    index = (unique // (np_ * t), unique // t % np_, unique % t)
    yield _rows("need", ("kinds", "places", "periods"), index, parts, upper=0.0)


def _needs(chain: Chain, columns: Columns, found: Entries, column: Ints) -> tuple[Ints, Ints, Ints, Floats]:
    group, kind, value = recipes(found, columns.group_activity)
    return kind, columns.group_place[group], column[group], value


def _resources(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """No more is taken from a pool than its sustainable yield leaves."""
    pool, period, available = pool_limits(chain)
    limited = np.isfinite(available)
    number = np.full((len(chain.pools.codes), chain.period_months.size), -1)
    number[pool[limited], period[limited]] = np.arange(limited.sum())
    row = number[columns.take_pool, columns.take_period]
    parts = [(row[row >= 0], columns.take[row >= 0], 1.0)]
    index = (pool[limited], period[limited])
    yield _rows("resource", ("pools", "periods"), index, parts, upper=available[limited])


def pool_limits(chain: Chain) -> tuple[Ints, Ints, Floats]:
    """Pool, period (0 for a yearly kind) and units available, each shape (limits,)."""
    available, t = chain.pools.available, chain.period_months.size
    once = chain.kinds.is_yearly[chain.pools.kind] if len(available) else np.empty(0, dtype=bool)
    pool, period = np.nonzero(~once[:, None] | (np.arange(t) == 0))
    return pool, period, np.where(once[pool], available.sum(axis=1)[pool], available[pool, period])


def _sites(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """What fits into a place, and what does not suit it."""
    for kind, which, most in (
        ("site_most", chain.sites.is_suitable & np.isfinite(chain.sites.most), chain.sites.most),
        ("suitability", ~chain.sites.is_suitable, np.zeros(chain.sites.most.size)),
    ):
        sites = np.flatnonzero(which)
        index = (chain.sites.activity[sites], chain.sites.place[sites])
        parts = [(np.arange(sites.size), columns.number[sites], 1.0)]
        yield _rows(kind, ("activities", "places"), index, parts, upper=most[sites])


def _activities(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """What fits into the area."""
    yield from _sums("activity_most", "activities", chain.sites.activity, columns, most=chain.activities.most)


def _least_if_any(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """At least so many if any is started: between ``least`` and what can be started when opened, else none."""
    activity, site, sites = columns.least_activity, columns.least_site, chain.sites
    most = np.minimum(chain.activities.most, chain.seats_most)
    yield from _opened(
        "activity_least", ("activities",), (activity,), sites.activity, activity, chain.activities.least[activity],
        most[activity], columns.opened[: activity.size], columns,
    )  # fmt: skip
    yield from _opened(
        "site_least", ("activities", "places"), (sites.activity[site], sites.place[site]), np.arange(sites.place.size),
        site, sites.least[site], np.minimum(sites.most[site], most[sites.activity[site]]),
        columns.opened[activity.size :], columns,
    )  # fmt: skip


def _opened(
    kind: str, tables: tuple[str, ...], index: tuple[Ints, ...], of: Ints, which: Ints, least: Floats, most: Floats,
    opened: Ints, columns: Columns,
) -> Iterator[Rows]:  # fmt: skip
    if not np.isfinite(most).all():
        raise InvalidInputError("An activity with a least needs a most, for itself or for all seats.")
    row_of = np.full(max(of.max(initial=-1), which.max(initial=-1)) + 1, -1)
    row_of[which] = np.arange(which.size)
    sites = np.flatnonzero(row_of[of] >= 0)
    sums, every = (row_of[of[sites]], columns.number[sites], 1.0), np.arange(which.size)
    yield _rows(kind, tables, index, [sums, (every, opened, -least)], lower=0.0)
    yield _rows(f"{kind}_opened", tables, index, [sums, (every, opened, -most)], upper=0.0)


def _field_most(chain: Chain, columns: Columns) -> Iterator[Rows]:
    field = chain.activities.field[chain.sites.activity]
    yield from _sums("field_most", "fields", field, columns, most=chain.fields.most)


def _field_least(chain: Chain, columns: Columns) -> Iterator[Rows]:
    field = chain.activities.field[chain.sites.activity]
    yield from _sums("field_least", "fields", field, columns, least=chain.fields.least)


def _place_seats(chain: Chain, columns: Columns) -> Iterator[Rows]:
    yield from _sums("place_most", "places", chain.sites.place, columns, most=chain.places.seats_most)
    yield from _sums("place_least", "places", chain.sites.place, columns, least=chain.places.seats_least)


def _sums(
    kind: str, table: str, of: Ints, columns: Columns, *, least: Floats | None = None, most: Floats | None = None
) -> Iterator[Rows]:
    """Sums of enterprises over the sites of each row of a table, where there is a least or a most."""
    # A least of nothing says no more than enterprises >= 0 and would only compete with it for the shadow price.
    bounded = np.isfinite(most) if most is not None else np.asarray(least) > 0
    rows = np.flatnonzero(bounded)
    number = np.full(bounded.size, -1)
    number[rows] = np.arange(rows.size)
    sites = np.flatnonzero(bounded[of])
    parts = [(number[of[sites]], columns.number[sites], 1.0)]
    lower, upper = -np.inf if least is None else least[rows], np.inf if most is None else most[rows]
    yield _rows(kind, (table,), (rows,), parts, lower=lower, upper=upper)


def _budget(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """The capital of those that start is within the budget."""
    if np.isfinite(chain.budget_idr):
        capital = chain.activities.capital_idr[chain.sites.activity]
        yield _rows("budget", (), (), [(0, columns.number[: capital.size], capital)], upper=chain.budget_idr)


def _contract_share(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Contracts take at least their share of what is sold, in rupiah."""
    if chain.contract_share_least > 0:
        bound = (chain.outlets.firmness == FIRMNESS.index("contract"))[columns.sell_outlet].astype(np.float64)
        value = chain.outlets.price_idr[columns.sell_outlet] * (bound - chain.contract_share_least)[:, None]
        yield _rows("contract_share", (), (), [(0, columns.sell, value)], lower=0.0)


def _poorest(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """The income of every place is at least the poorest's, for each of its people."""
    if np.isnan(chain.commodities.price_idr[columns.ship_commodity]).any():
        raise InvalidInputError("The poorest place needs the price of every commodity that may be carried.")
    places = np.flatnonzero(chain.places.people > 0)
    number = np.full(len(chain.places.codes), -1)
    number[places] = np.arange(places.size)
    parts = [(number[places], columns.poorest, -chain.places.people[places])]
    for place, column, value in incomes_by_place(chain, columns):
        row, columns_of, values = np.broadcast_arrays(number[place], column, value)
        counts = (row >= 0) & (values != 0)
        parts.append((row[counts], columns_of[counts], values[counts]))
    found = _merged(_rows("poorest", ("places",), (places,), parts, lower=0.0))
    yield replace(found, value=found.value / np.abs(found.value).max(initial=1.0))  # the solver is exact near 1


def incomes_by_place(chain: Chain, columns: Columns) -> Iterator[tuple[Ints, Ints, Floats]]:
    """What each column adds to the income of its place: (place, column, IDR per unit).

    What goes from one place to another is paid for at the commodity's price by the place that gets it, which also
    pays for the way.
    """
    sites = chain.sites.activity.size
    standing = chain.activities.standing_cost_idr[columns.group_activity[:sites]]
    yield columns.group_place[:sites], columns.number[:sites], -standing
    yield (
        columns.group_place[:, None],
        columns.run,
        -chain.activities.running_cost_idr[columns.group_activity][:, None],
    )
    yield columns.buy_place[:, None], columns.buy, -chain.suppliers.price_idr[columns.buy_supplier]
    yield columns.sell_place[:, None], columns.sell, chain.outlets.price_idr[columns.sell_outlet]
    price = chain.commodities.price_idr[columns.ship_commodity][:, None]
    source, target = chain.routes.source[columns.ship_route], chain.routes.target[columns.ship_route]
    yield source[:, None], columns.ship, price
    yield target[:, None], columns.ship, -price - freight(chain, columns)[:, None]


def freight(chain: Chain, columns: Columns) -> Floats:
    """IDR per unit of each shipment, shape (shipments,)."""
    return chain.commodities.transport_idr[columns.ship_commodity] * chain.routes.km[columns.ship_route]


def _merged(rows: Rows) -> Rows:
    """Add up entries of one position."""
    n = int(rows.column.max(initial=0)) + 1
    key, position = np.unique(rows.row * n + rows.column, return_inverse=True)
    value = np.bincount(position, rows.value, key.size).astype(np.float64)
    return Rows(rows.kind, rows.tables, rows.index, rows.lower, rows.upper, key // n, key % n, value)


def _head_room(chain: Chain, columns: Columns) -> Iterator[Rows]:
    """Every resource keeps at least the head-room's share of its sustainable yield free."""
    pool, period, available = pool_limits(chain)
    limited = np.isfinite(available) & (available > 0)
    number = np.full((len(chain.pools.codes), chain.period_months.size), -1)
    number[pool[limited], period[limited]] = np.arange(limited.sum())
    row = number[columns.take_pool, columns.take_period]
    share = 1.0 / available[limited]
    parts = [
        (row[row >= 0], columns.take[row >= 0], share[row[row >= 0]]),
        (np.arange(share.size), columns.head_room, 1.0),
    ]
    yield _rows("head_room", ("pools", "periods"), (pool[limited], period[limited]), parts, upper=1.0)


def _seats(chain: Chain, columns: Columns) -> Iterator[Rows]:
    every = columns.number[: chain.sites.activity.size]
    if chain.seats_least > 0 or np.isfinite(chain.seats_most):
        yield _rows("seats", (), (), [(0, every, 1.0)], lower=chain.seats_least, upper=chain.seats_most)


# A conflict is sought by leaving limits out in this order, so it is told in the last ones, the policy, where it can be.
LIMITS: tuple[Callable[[Chain, Columns], Iterator[Rows]], ...] = (
    _balance,
    _running,
    _keeping,
    _needing,
    _storing,
    _supply,
    _demand,
    _promise,
    _resources,
    _sites,
    _activities,
    _least_if_any,
    _contract_share,
    _budget,
    _place_seats,
    _field_most,
    _field_least,
    _seats,
)
