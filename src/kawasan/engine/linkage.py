"""Which rows of a table are one person: probabilistic record linkage after Fellegi and Sunter, by Splink on DuckDB.

Two rows are compared column by column; what a comparison finds is a *level* ("same", "slip", "other"). Each level has
two chances: to be found on two rows of one person (``agree``) and on rows of two people (``chance``). The logarithm of
their ratio, in bits, is the weight of the level; the weights of a pair add up.

Source: Fellegi and Sunter (1969), "A theory for record linkage", JASA 64; Winkler (1990), "String comparator metrics
and enhanced decision rules in the Fellegi-Sunter model of record linkage", Proc. Survey Research Methods, ASA; Linacre,
Lindsay, Manassis, Slade and Hepworth (2022), "Splink: free software for probabilistic record linkage at scale",
International Journal of Population Data Science 7(3).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

LEAST_CHANCE = 1e-6  # so that no single finding can decide alone
ROW = "row"  # the name of the column that numbers the rows
MEMORY = "1GB"  # for DuckDB; what does not fit goes to a folder on disk
Columns = Mapping[str, Sequence[Any] | pa.Array | pa.ChunkedArray]


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison.

    label : what is found, a word or a few
    condition : SQL over ``column_l`` and ``column_r``, the same when both are exchanged
    agree, chance : its probability on rows of one person and of two, in (0, 1]; None where not estimated yet
    rarity : column whose value's frequency in the table takes the place of ``chance``: a rare name says more
    is_missing : nothing can be said, weight zero
    """

    label: str
    condition: str
    agree: float | None = None
    chance: float | None = None
    rarity: str | None = None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels from the most specific to ``ELSE``; the first whose condition holds is the outcome."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """How rows are compared.

    comparisons : what is compared
    blocking : only pairs that are equal, and not null, in all columns of one of these are looked at; SQL expressions of
        a row's columns
    prior : probability in (0, 1) that two rows taken at random are one person
    rests_on : ROWS on which the chances rest. A value on c of n rows is taken to have the frequency
        (c + rests_on chance) / (n + rests_on), since in a small table every value is rare; 0 is the table's own
    """

    comparisons: tuple[Comparison, ...]
    blocking: tuple[tuple[str, ...], ...]
    prior: float
    rests_on: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows, in the order of their rows.

    first, second : int64, shape (n,), numbers of rows, first < second
    probability : float64, shape (n,), that both are one person
    names : the k comparisons
    levels : int64, shape (n, k), place of the level found in ``Comparison.levels``
    weights : float64, shape (n, k), BITS; added to log2 of the prior's odds they give log2 of the pair's odds
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    probability: NDArray[np.float64]
    names: tuple[str, ...]
    levels: NDArray[np.int64]
    weights: NDArray[np.float64]


def find_pairs(columns: Columns, model: Model, *, least: float, between: str | None = None) -> Pairs:
    """Return every pair of rows that ``model`` looks at and holds to be one person with probability ``least`` or more.

    P(one person | levels) has the odds prior / (1 - prior) times the product of agree / chance over the comparisons.

    Parameters
        columns : n values each, by name, whatever the model speaks of; None is missing
        model : its levels have ``agree`` and ``chance``
        least : in [0, 1]
        between : column that says from which list a row is, if only pairs from two lists are wanted
    Returns
        Pairs; the order of the rows changes nothing but their numbers
    Raises
        InvalidInputError : columns of unequal length, a level without its chances, ``least`` outside [0, 1]
    """
    _check(model, least)
    with _connection() as connection:
        connection.register("people", _table(columns))
        _block(connection, model, between)
        if not connection.sql("select 1 from pairs limit 1").fetchall():
            return _nothing(model)
        linker = _linker(
            connection, model, "people where row in (select first from pairs union select second from pairs)"
        )
        _tell_frequencies(linker, connection, model)
        _tell_pairs(linker, connection)
        found = linker.inference.predict(threshold_match_probability=least)
        return _pairs(found.as_duckdbpyrelation(), model)


def estimate(
    columns: Columns,
    model: Model,
    *,
    certain: Sequence[Sequence[str]],
    sessions: Sequence[str],
    seed: int,
    recall: float = 0.9,
    sample: float = 1e6,
) -> Model:
    """Return ``model`` with the chances that a table suggests whose true pairs nobody knows.

    The prior comes from the pairs that are equal in all columns of one of ``certain``, taken to be the share ``recall``
    of all true ones; ``chance`` from ``sample`` random pairs; ``agree`` by expectation maximisation over the pairs that
    are equal in the column of each session. A level that was never seen has ``LEAST_CHANCE``.

    Raises
        InvalidInputError : columns of unequal length
    """
    with _connection() as connection:
        connection.register("people", _table(columns))
        linker = _linker(connection, model, "people")
        rules = [" and ".join(f"l.{column} = r.{column}" for column in rule) for rule in certain]
        linker.training.estimate_probability_two_random_records_match(rules, recall=recall)
        linker.training.estimate_u_using_random_sampling(max_pairs=sample, seed=seed)
        for column in sessions:
            linker.training.estimate_parameters_using_expectation_maximisation(
                f"l.{column} = r.{column}", estimate_without_term_frequencies=True
            )
        return _estimated(model, linker.misc.save_model_to_json())


def _check(model: Model, least: float) -> None:
    if not 0 <= least <= 1:
        raise InvalidInputError(f"least is a probability, not {least}")
    for comparison in model.comparisons:
        for level in comparison.levels:
            if not level.is_missing and (level.agree is None or level.chance is None):
                raise InvalidInputError(f"{comparison.name}: {level.label} has no chances; estimate them first")


def _table(columns: Columns) -> pa.Table:
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise InvalidInputError(f"columns of unequal length: {sorted(lengths)}")
    return pa.table({**columns, ROW: np.arange(lengths.pop(), dtype=np.int64)})


def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": MEMORY, "preserve_insertion_order": False})


def _block(connection: duckdb.DuckDBPyConnection, model: Model, between: str | None) -> None:
    """Make the table of pairs, one rule after the other over a number a row: joined at once they need much memory."""
    connection.execute("create table found (first integer, second integer)")
    from_two_lists = "and l.list <> r.list" if between else ""
    for rule in model.blocking:
        known = " and ".join(f"{column} is not null" for column in rule)
        connection.execute(
            f"create or replace table keys as select {ROW}, hash({', '.join(rule)}) as key, {between or 0} as list "  # noqa: S608
            f"from people where {known}"
        )
        connection.execute("delete from keys where key not in (select key from keys group by key having count(*) > 1)")
        connection.execute(
            f"insert into found select l.{ROW}, r.{ROW} from keys l join keys r on l.key = r.key "  # noqa: S608
            f"where l.{ROW} < r.{ROW} {from_two_lists}"
        )
    connection.execute("create table pairs as select distinct first, second from found")


def _linker(connection: duckdb.DuckDBPyConnection, model: Model, people: str) -> Any:
    from splink import DuckDBAPI, Linker, SettingsCreator  # half a second, for whoever links only

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=ROW,
        comparisons=[_settings(comparison) for comparison in model.comparisons],
        blocking_rules_to_generate_predictions=[{"blocking_rule": "false"}],  # pairs are told
        probability_two_random_records_match=model.prior,
        retain_matching_columns=True,  # or Splink keeps no levels
        retain_intermediate_calculation_columns=True,
    )
    connection.execute(f"create table compared as select * from {people}")  # noqa: S608
    linker = Linker(DuckDBAPI(connection=connection).register("compared"), settings)
    logging.getLogger("splink").setLevel(logging.WARNING)  # it tells every step otherwise
    return linker


def _settings(comparison: Comparison) -> dict[str, Any]:
    return {
        "output_column_name": comparison.name,
        "comparison_levels": [_level_settings(level) for level in comparison.levels],
    }


def _level_settings(level: Level) -> dict[str, Any]:
    said: dict[str, Any] = {"sql_condition": level.condition, "label_for_charts": level.label}
    if level.is_missing:
        return said | {"is_null_level": True}
    if level.rarity:
        said |= {"tf_adjustment_column": level.rarity, "tf_minimum_u_value": LEAST_CHANCE}
        said |= {"disable_tf_exact_match_detection": True}  # the chance is that of this level, not of one like it
    if level.agree is not None and level.chance is not None:
        said |= {"m_probability": level.agree, "u_probability": level.chance}
    return said


def _tell_frequencies(linker: Any, connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Tell Splink how frequent values are in the whole table, as far as two rows can share them."""
    rows = connection.sql("select count(*) from people").fetchall()[0][0] + model.rests_on
    for level in (level for comparison in model.comparisons for level in comparison.levels if level.rarity):
        expected = model.rests_on * (level.chance or 0)
        connection.execute(
            f"create table frequent_{level.rarity} as "  # noqa: S608
            f"select {level.rarity}, (count(*) + {expected}) / {rows} as tf_{level.rarity} "
            f"from people where {level.rarity} is not null group by 1 having count(*) > 1"
        )
        told = linker._db_api.register(f"frequent_{level.rarity}")
        linker.table_management.register_term_frequency_lookup(told, level.rarity)


def _tell_pairs(linker: Any, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table told as "
        "select '0' as match_key, first::bigint as join_key_l, second::bigint as join_key_r from pairs"
    )
    linker.table_management.register_blocked_pairs_for_predict(linker._db_api.register("told"))


def _estimated(model: Model, settings: Mapping[str, Any]) -> Model:
    comparisons = [
        replace(comparison, levels=_estimated_levels(comparison.levels, stored["comparison_levels"]))
        for comparison, stored in zip(model.comparisons, settings["comparisons"], strict=True)
    ]
    prior = float(settings["probability_two_random_records_match"])
    return replace(model, comparisons=tuple(comparisons), prior=prior)


def _estimated_levels(levels: Sequence[Level], stored: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    return tuple(_estimated_level(*pair) for pair in zip(levels, stored, strict=True))


def _estimated_level(level: Level, stored: Mapping[str, Any]) -> Level:
    if level.is_missing:
        return level
    return replace(level, agree=_seen(stored.get("m_probability")), chance=_seen(stored.get("u_probability")))


def _seen(value: Any) -> float:
    """Splink has words for what it never saw."""
    return float(np.clip(value if isinstance(value, float) else 0, LEAST_CHANCE, 1))


def _nothing(model: Model) -> Pairs:
    names = tuple(comparison.name for comparison in model.comparisons)
    rows, parts = np.empty(0, np.int64), np.empty((0, len(names)))
    return Pairs(rows, rows, np.empty(0), names, parts.astype(np.int64), parts)


def _pairs(found: duckdb.DuckDBPyRelation, model: Model) -> Pairs:
    names = tuple(comparison.name for comparison in model.comparisons)
    columns = found.project(", ".join(_wanted(found.columns))).fetchnumpy()
    one, other = columns[f"{ROW}_l"], columns[f"{ROW}_r"]
    first, second = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((second, first))
    levels = np.stack([_levels(columns[f"gamma_{c.name}"], c) for c in model.comparisons], axis=1)
    weights = np.stack([_weights(columns, name) for name in names], axis=1)
    return Pairs(first[order], second[order], columns["match_probability"][order], names, levels[order], weights[order])


def _wanted(columns: Sequence[str]) -> list[str]:
    kept = (f"{ROW}_l", f"{ROW}_r", "match_probability")
    return [f'"{column}"' for column in columns if column in kept or column.startswith(("gamma_", "mw_"))]


def _levels(gamma: NDArray[np.int64], comparison: Comparison) -> NDArray[np.int64]:
    """Splink counts from ``ELSE`` = 0 upwards and calls what is missing -1; ours is the place in ``levels``."""
    missing = next((place for place, level in enumerate(comparison.levels) if level.is_missing), -1)
    told = [place for place, level in enumerate(comparison.levels) if not level.is_missing]
    return np.array([*reversed(told), missing], dtype=np.int64)[gamma]


def _weights(columns: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float64]:
    rarity = columns.get(f"mw_tf_adj_{name}")
    weight: NDArray[np.float64] = columns[f"mw_{name}"]
    return weight if rarity is None else weight + rarity
