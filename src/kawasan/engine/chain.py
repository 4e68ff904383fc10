# ruff: noqa: RUF009 - _column and _entries make fields of dataclasses
"""What a plan is computed from: an area's value chain as tables of arrays, checked and put into one order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Holds = Literal["amount", "limit", "known", "share", "row", "place", "label", "flag"]

STAGES = ("upstream", "primary", "processing", "services")
FIRMNESS = ("market", "wish", "letter", "contract")
OUTSIDE = -1  # a place that is none: a supplier who delivers anywhere, a buyer who fetches anywhere
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table holds.

    axes : the tables (or ``periods``) along its axes
    holds : amount (>= 0), limit (>= 0, may be inf), known (amount, or nan when nobody knows), share (0 to 1),
        row (an index into the table ``of``), place (the same, or OUTSIDE), label (a number of its own, or -1), flag
    default : what a column that was left empty holds in every row; None when it must be given
    """

    axes: tuple[str, ...]
    holds: Holds
    of: str
    default: float | None


def _column(*axes: str, holds: Holds = "amount", of: str = "", default: float | None = None) -> Any:
    told = {"column": Column(axes, holds, of, default)}
    if default is None:
        return field(metadata=told)
    return field(default_factory=lambda: np.empty(0), metadata=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A table of which most is zero: ``value[i]`` stands at ``row[i], column[i]``, each position at most once."""

    row: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    column: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    value: Floats = field(default_factory=lambda: np.empty(0))


def entries(table: Floats) -> Entries:
    """Write down what is not zero in a table of two axes."""
    row, column = np.nonzero(table)
    return Entries(row=row, column=column, value=np.asarray(table[row, column], dtype=np.float64))


def _entries(row: str, column: str) -> Any:
    return field(default_factory=Entries, metadata={"entries": (row, column)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where enterprises, suppliers and buyers are.

    people : shape (places,), those among whom the place's income is shared when the poorest place is sought
    seats_least, seats_most : shape (places,), seats
    """

    codes: tuple[str, ...]
    people: Floats = _column("places", default=1)
    seats_least: Floats = _column("places", default=0)
    seats_most: Floats = _column("places", holds="limit", default=np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Fields of the programme.  least, most : shape (fields,), seats."""

    codes: tuple[str, ...]
    least: Floats = _column("fields", default=0)
    most: Floats = _column("fields", holds="limit", default=np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activities:
    """Recipes. A cycle is one run of the recipe by one enterprise.

    field, stage : shape (activities,), index into the fields and into STAGES
    capacity : shape (activities, periods), cycles that one enterprise can run in the period; 0 out of season
    running_cost_idr : shape (activities,), IDR per cycle, inputs not counted
    standing_cost_idr : IDR per enterprise over all periods, whether it runs or not
    capital_idr : IDR that one enterprise needs to start
    run_least : share of its capacity over all periods that an enterprise must run
    labour_days : days of work per cycle;  jobs : per enterprise
    least, most : enterprises over all places; ``least`` holds only if any is started, and only in whole plans
    output, input : entries (activity, commodity), units per cycle
    needs_running : entries (activity, kind), units per cycle
    needs_standing : entries (activity, kind), units per enterprise: once for a yearly kind, else in every period
    """

    codes: tuple[str, ...]
    field: Ints = _column("activities", holds="row", of="fields")
    stage: Ints = _column("activities", holds="row", of="stages")
    capacity: Floats = _column("activities", "periods")
    running_cost_idr: Floats = _column("activities")
    standing_cost_idr: Floats = _column("activities", default=0)
    capital_idr: Floats = _column("activities", default=0)
    run_least: Floats = _column("activities", holds="share", default=0)
    labour_days: Floats = _column("activities", default=0)
    jobs: Floats = _column("activities", default=1)
    least: Floats = _column("activities", default=0)
    most: Floats = _column("activities", holds="limit", default=np.inf)
    output: Entries = _entries("activities", "commodities")
    input: Entries = _entries("activities", "commodities")
    needs_running: Entries = _entries("activities", "kinds")
    needs_standing: Entries = _entries("activities", "kinds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Where which activity may be started; one enterprise takes one seat. Each pair stands here at most once.

    activity, place : shape (sites,), index
    least, most : enterprises; ``least`` holds only if any is started here, and only in whole plans
    is_suitable : False where the place does not suit the activity
    """

    activity: Ints = _column("sites", holds="row", of="activities", default=0)
    place: Ints = _column("sites", holds="row", of="places", default=0)
    least: Floats = _column("sites", default=0)
    most: Floats = _column("sites", holds="limit", default=np.inf)
    is_suitable: Bools = _column("sites", holds="flag", default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """Enterprises that are there already and take no seat.

    activity, place : shape (existing,), index;  number : enterprises
    share : shape (existing, periods), what they report to be able to run, as a share of the activity's capacity
    """

    codes: tuple[str, ...] = ()
    activity: Ints = _column("existing", holds="row", of="activities", default=0)
    place: Ints = _column("existing", holds="row", of="places", default=0)
    number: Floats = _column("existing", default=1)
    share: Floats = _column("existing", "periods", holds="share", default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodities:
    """What is made, used, bought, carried, kept and sold.

    price_idr : shape (commodities,), IDR per unit at which enterprises pass it on; nan when nobody knows
    days_kept : days until it spoils; it may stay for as many whole periods as fit into them
    transport_idr : IDR per unit and km
    storage : label of the kind of storage that it needs, -1 for none;  room : storage units that one unit takes
    in_stock : entries (commodity, place), units that are there when the first period begins
    """

    codes: tuple[str, ...]
    price_idr: Floats = _column("commodities", holds="known", default=np.nan)
    days_kept: Floats = _column("commodities", holds="limit", default=0)
    transport_idr: Floats = _column("commodities", default=0)
    storage: Ints = _column("commodities", holds="label", default=-1)
    room: Floats = _column("commodities", default=1)
    in_stock: Entries = _entries("commodities", "places")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Ways between two places, one row for each direction.  source, target : shape (routes,), index;  km : length."""

    source: Ints = _column("routes", holds="row", of="places", default=0)
    target: Ints = _column("routes", holds="row", of="places", default=0)
    km: Floats = _column("routes", default=0)


def routes(distance_km: Floats) -> Routes:
    """Make a route of every pair of places whose distance is finite; ``distance_km`` has shape (places, places)."""
    source, target = np.nonzero(np.isfinite(distance_km) & ~np.eye(len(distance_km), dtype=bool))
    return Routes(source=source, target=target, km=np.asarray(distance_km[source, target], dtype=np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Storages:
    """Rooms.  kind : label as in the commodities;  place : index;  capacity : storage units.  One a kind and place."""

    codes: tuple[str, ...] = ()
    kind: Ints = _column("storages", holds="label", default=0)
    place: Ints = _column("storages", holds="row", of="places", default=0)
    capacity: Floats = _column("storages", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """Kinds of resources that recipes need.  is_yearly : shape (kinds,), one stock for all periods, not one each."""

    codes: tuple[str, ...] = ()
    is_yearly: Bools = _column("kinds", holds="flag", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Resources. Where several of one kind reach a place, it may take from any.

    kind : shape (pools,), index
    available : shape (pools, periods), units left under the sustainable yield; of a yearly kind the sum counts
    reach : shape (pools, places), True where it can be used
    """

    codes: tuple[str, ...] = ()
    kind: Ints = _column("pools", holds="row", of="kinds", default=0)
    available: Floats = _column("pools", "periods", holds="limit", default=np.inf)
    reach: Bools = _column("pools", "places", holds="flag", default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppliers:
    """Who sells to the area's enterprises.

    commodity, place : shape (suppliers,), index; OUTSIDE delivers to every place at its price
    price_idr : shape (suppliers, periods), IDR per unit;  quantity : shape (suppliers, periods), units at most
    """

    codes: tuple[str, ...] = ()
    commodity: Ints = _column("suppliers", holds="row", of="commodities", default=0)
    place: Ints = _column("suppliers", holds="place", of="places", default=OUTSIDE)
    price_idr: Floats = _column("suppliers", "periods", default=0)
    quantity: Floats = _column("suppliers", "periods", holds="limit", default=np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Who buys: an offtaker's demand, or a step of a local market whose price falls.

    commodity, place : shape (outlets,), index; OUTSIDE fetches at every place
    firmness : shape (outlets,), index into FIRMNESS
    price_idr : shape (outlets, periods), IDR per unit;  quantity : shape (outlets, periods), units at most
    least : shape (outlets, periods), units that were promised
    """

    codes: tuple[str, ...] = ()
    commodity: Ints = _column("outlets", holds="row", of="commodities", default=0)
    place: Ints = _column("outlets", holds="place", of="places", default=OUTSIDE)
    firmness: Ints = _column("outlets", holds="row", of="firmness", default=0)
    price_idr: Floats = _column("outlets", "periods", default=0)
    quantity: Floats = _column("outlets", "periods", default=0)
    least: Floats = _column("outlets", "periods", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An area's value chain over one or more periods. A column left empty has its default in every row.

    period_months : shape (periods,), months that each period lasts: twelve of 1, or one of 12
    seats_least, seats_most : enterprises to start
    budget_idr : IDR for the capital of those that start
    contract_share_least : share of what is sold, in IDR, that must go to contracts
    may_fall_short : True lets promises be broken as far as they must be; else a plan that breaks one is refused
    """

    period_months: Floats
    places: Places
    fields: Fields
    activities: Activities
    commodities: Commodities
    sites: Sites = field(default_factory=Sites)
    existing: Existing = field(default_factory=Existing)
    routes: Routes = field(default_factory=Routes)
    storages: Storages = field(default_factory=Storages)
    kinds: Kinds = field(default_factory=Kinds)
    pools: Pools = field(default_factory=Pools)
    suppliers: Suppliers = field(default_factory=Suppliers)
    outlets: Outlets = field(default_factory=Outlets)
    seats_least: float = 0.0
    seats_most: float = np.inf
    budget_idr: float = np.inf
    contract_share_least: float = 0.0
    may_fall_short: bool = False


def changed(chain: Chain, **new: Any) -> Chain:
    """Change columns, such as ``outlets={"quantity": …}``, or whole tables and numbers, such as ``seats_most=5``."""
    tables = {
        name: replace(getattr(chain, name), **columns) for name, columns in new.items() if isinstance(columns, dict)
    }
    return replace(chain, **(new | tables))


_WITHOUT_CODES = {"sites": "activity", "routes": "source"}
TABLES = (
    "places",
    "fields",
    "activities",
    "commodities",
    "sites",
    "existing",
    "routes",
    "storages",
    "kinds",
    "pools",
    "suppliers",
    "outlets",
)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A checked chain with every column filled and its rows in the order of their codes.

    order : for each table, the caller's index of every row
    """

    chain: Chain
    order: dict[str, Ints]

    def as_given(self, table: str, values: Any, axis: int = 0) -> Any:
        """Put values that stand in the order of codes back into the caller's order."""
        return np.take(values, np.argsort(self.order[table]), axis=axis)


def ordered(chain: Chain) -> Ordered:
    """Check a chain, fill what was left empty and sort its rows, so that their order cannot change a plan.

    Raises
        InvalidInputError : a column has the wrong shape or a number that cannot be.
    """
    size = sizes(chain)
    _check_programme(chain, size)
    _check_codes(chain)
    filled = replace(chain, **{name: _filled(name, getattr(chain, name), size) for name in TABLES})
    _check_together(filled)
    order: dict[str, Ints] = {}
    for name in TABLES:  # places and activities come before what is sorted by them
        order[name] = _order(name, filled, order)
    return Ordered(reordered(filled, order), order)


def reordered(chain: Chain, order: dict[str, Ints]) -> Chain:
    """Put the rows of every table into another order: ``order`` holds the present index of each new row."""
    rank = {name: np.argsort(order[name]) for name in TABLES}
    return replace(chain, **{name: _sorted(name, getattr(chain, name), order, rank) for name in TABLES})


def sizes(chain: Chain) -> dict[str, int]:
    """Count the rows of every table."""
    counted = {
        name: len(getattr(chain, name).codes)
        if name not in _WITHOUT_CODES
        else getattr(getattr(chain, name), _WITHOUT_CODES[name]).size
        for name in TABLES
    }
    return counted | {"periods": chain.period_months.size, "stages": len(STAGES), "firmness": len(FIRMNESS)}


def columns_of(table: Any) -> Iterator[tuple[str, Column]]:
    """Yield every column of a table with what it holds."""
    for found in fields(table):
        if "column" in found.metadata:
            yield found.name, found.metadata["column"]


def _entries_of(table: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    for found in fields(table):
        if "entries" in found.metadata:
            yield found.name, found.metadata["entries"]


def _check_programme(chain: Chain, size: dict[str, int]) -> None:
    if chain.period_months.ndim != 1 or not size["periods"] or not (chain.period_months > 0).all():
        raise InvalidInputError("A plan needs at least one period of more than no months.")
    if not size["activities"] or not size["places"]:
        raise InvalidInputError("A plan needs at least one activity and one place.")
    if not 0 <= chain.seats_least <= chain.seats_most:
        raise InvalidInputError("The least seats exceed the most, or are negative.")
    if not chain.budget_idr >= 0:
        raise InvalidInputError("The budget is negative or missing.")
    if not 0 <= chain.contract_share_least <= 1:
        raise InvalidInputError("The share that must go to contracts lies between 0 and 1.")


def _check_codes(chain: Chain) -> None:
    for name in TABLES:
        codes = getattr(getattr(chain, name), "codes", ())
        if len(set(codes)) != len(codes):
            raise InvalidInputError(f"{name} has a code twice.")


def _filled(name: str, table: Any, size: dict[str, int]) -> Any:
    new: dict[str, Any] = {}
    for column, told in columns_of(table):
        new[column] = _filled_column(f"{name}.{column}", getattr(table, column), told, size)
    for column, axes in _entries_of(table):
        new[column] = _checked_entries(f"{name}.{column}", getattr(table, column), *axes, size)
    return replace(table, **new)


def _filled_column(name: str, values: Any, told: Column, size: dict[str, int]) -> Any:
    shape = tuple(size[axis] for axis in told.axes)
    kind: Any = {"row": np.int64, "place": np.int64, "label": np.int64, "flag": np.bool_}.get(told.holds, np.float64)
    if values.size == 0 and told.default is not None:
        return np.full(shape, told.default, dtype=kind)
    if values.shape != shape:
        raise InvalidInputError(f"{name} must have shape {shape}, not {values.shape}.")
    if told.holds in ("row", "place", "label"):
        _check_index(name, values, told, size)
    elif told.holds != "flag":
        _check_numbers(name, values, told.holds)
    return values.astype(kind, copy=False)


def _check_index(name: str, values: Any, told: Column, size: dict[str, int]) -> None:
    least = 0 if told.holds == "row" else OUTSIDE
    most = size[told.of] - 1 if told.of else np.iinfo(np.int64).max
    if not np.issubdtype(values.dtype, np.integer):
        raise InvalidInputError(f"{name} must hold whole numbers.")
    if not ((values >= least) & (values <= most)).all():
        raise InvalidInputError(f"{name} must lie between {least} and {most}.")


def _check_numbers(name: str, values: Floats, holds: Holds) -> None:
    known = values[~np.isnan(values)] if holds == "known" else values
    if not (known >= 0).all():
        raise InvalidInputError(f"{name} has a number that is negative or missing.")
    if holds != "limit" and np.isinf(known).any():
        raise InvalidInputError(f"{name} has an infinite number.")
    if holds == "share" and (known > 1).any():
        raise InvalidInputError(f"{name} has a share above 1.")


def _checked_entries(name: str, found: Entries, row: str, column: str, size: dict[str, int]) -> Entries:
    if not found.row.shape == found.column.shape == found.value.shape:
        raise InvalidInputError(f"{name} needs one row, column and value for each entry.")
    for values, axis in ((found.row, row), (found.column, column)):
        _check_index(name, values, Column((), "row", axis, None), size)
    _check_numbers(name, found.value, "amount")
    if np.unique(found.row * size[column] + found.column).size != found.row.size:
        raise InvalidInputError(f"{name} has a position twice.")
    return found


def _check_together(chain: Chain) -> None:
    """What columns must be to one another."""
    for name, least, most in (
        ("A field's least seats exceed its most.", chain.fields.least, chain.fields.most),
        ("A place's least seats exceed its most.", chain.places.seats_least, chain.places.seats_most),
        ("An outlet's promised units exceed what it takes.", chain.outlets.least, chain.outlets.quantity),
    ):
        if (least > most).any():
            raise InvalidInputError(name)
    if (chain.routes.source == chain.routes.target).any():
        raise InvalidInputError("A route leads from a place to itself.")
    for name, first, second, table in (
        ("sites", chain.sites.activity, chain.sites.place, len(chain.places.codes)),
        ("routes", chain.routes.source, chain.routes.target, len(chain.places.codes)),
        ("storages", chain.storages.kind, chain.storages.place, len(chain.places.codes)),
    ):
        if np.unique(first * table + second).size != first.size:
            raise InvalidInputError(f"{name} has a pair twice.")


def _order(name: str, chain: Chain, order: dict[str, Ints]) -> Ints:
    table = getattr(chain, name)
    if name not in _WITHOUT_CODES:
        return np.array(sorted(range(len(table.codes)), key=table.codes.__getitem__), dtype=np.int64)
    if name == "sites":
        return np.lexsort((np.argsort(order["places"])[table.place], np.argsort(order["activities"])[table.activity]))
    rank = np.argsort(order["places"])
    return np.lexsort((rank[table.target], rank[table.source]))


def _sorted(own: str, table: Any, order: dict[str, Ints], rank: dict[str, Ints]) -> Any:
    new = {name: _sorted_column(getattr(table, name), told, order, rank) for name, told in columns_of(table)}
    for name, (row, column) in _entries_of(table):
        new[name] = _sorted_entries(getattr(table, name), rank[row], rank[column])
    if own not in _WITHOUT_CODES:
        new["codes"] = tuple(table.codes[i] for i in order[own])
    return replace(table, **new)


def _sorted_column(values: Any, told: Column, order: dict[str, Ints], rank: dict[str, Ints]) -> Any:
    for axis, name in enumerate(told.axes):
        if name in order:
            values = np.take(values, order[name], axis=axis) if values.size else values
    if told.of in rank and values.size:
        values = np.where(values < 0, values, rank[told.of][values])
    return values


def _sorted_entries(found: Entries, row_rank: Ints, column_rank: Ints) -> Entries:
    row, column = row_rank[found.row], column_rank[found.column]
    by = np.lexsort((column, row))
    return Entries(row=row[by], column=column[by], value=found.value[by].astype(np.float64, copy=False))
