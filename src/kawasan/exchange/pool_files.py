"""Reads the two files of a draw without a database: a row for each quota, and a row for each person.

They are the files that the Sortition Foundation's tools use. A quota on a pair of features names both, joined by " & ".
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kawasan.core.text import Text, _
from kawasan.exchange.reader import Fault, Unreadable, lines

AND = " & "
MOST_FAULTS = 50  # of the people's file; the same mistake often stands in every row
MOST_WEIGHT = 10_000  # as the certificate allows: tickets are hashed one by one
YES_OR_NO = {"yes": 1, "ya": 1, "no": 0, "tidak": 0}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the people's file say what; a column that is not given is ``""``."""

    id: str = ""  # the first column, unless it is given
    household: str = ""
    weight: str = ""
    certain: str = ""


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """From ``least`` to ``most`` seats go to people who have ``value`` in ``feature``."""

    feature: str
    value: str
    least: int
    most: int


@dataclass(slots=True)
class PoolRows:
    """People in the order of their file: ids, and per feature the numbers of their values."""

    values: dict[str, dict[str, int]]  # per feature the number of each value
    ids: dict[str, int] = field(default_factory=dict)  # the line of each
    features: "dict[str, array[int]]" = field(default_factory=dict)
    households: list[str] = field(default_factory=list)
    weights: "array[int]" = field(default_factory=lambda: array("q"))
    certain: "array[int]" = field(default_factory=lambda: array("b"))


def read_quotas(path: Path) -> tuple[list[QuotaRow], list[Fault]]:
    """Read the features' file: ``feature,value,min,max``; other columns are not read."""
    try:
        rows = _rows(path, ["feature", "value", "min", "max"])
        found = [_quota(path, number, *cells) for number, cells in rows]
    except Unreadable as error:
        return [], [Fault(path.name, error.text, error.row)]
    quotas = [row for row in found if isinstance(row, QuotaRow)]
    faults = [row for row in found if isinstance(row, Fault)]
    names = [(quota.feature, quota.value) for quota in quotas]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.append(Fault(path.name, Text(_("“{value}” of “{feature}” has two rows; keep one"), _gaps(*name))))
    if not found:
        faults.append(Fault(path.name, Text(_("holds no quota; write one row for each value of a feature"))))
    return sorted(quotas, key=lambda quota: (quota.feature, quota.value)), faults


def _gaps(feature: str, value: str) -> dict[str, str]:
    return {"feature": feature, "value": value}


def _quota(path: Path, number: int, feature: str, value: str, least: str, most: str) -> QuotaRow | Fault:
    if not feature or not value:
        return Fault(path.name, Text(_("needs a feature and a value")), number)
    if feature.count(AND) != value.count(AND):
        return Fault(path.name, Text(_("needs as many values as features, each joined by “ & ”")), number)
    if not (_is_whole(least) and _is_whole(most) and int(least) <= int(most)):
        why = Text(_("needs whole numbers of seats in min and max, max not below min"))
        return Fault(path.name, why, number)
    return QuotaRow(feature, value, int(least), int(most))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def read_people(path: Path, columns: Columns, quotas: list[QuotaRow]) -> tuple[PoolRows, list[Fault]]:
    """Read the people's file: an id, and a column for each feature that a quota names."""
    values = _values(quotas)
    pool = PoolRows(values, features={name: array("q") for name in values})
    free = {name for name, known in values.items() if not known}
    wanted = [columns.id, *values, *filter(None, (columns.household, columns.weight, columns.certain))]
    faults: list[Fault] = []
    try:
        for number, cells in _rows(path, wanted):
            faults += _take(path, number, cells, columns, pool, free)
            if len(faults) >= MOST_FAULTS:
                break
    except Unreadable as error:
        faults.append(Fault(path.name, error.text, error.row))
    if not pool.ids and not faults:
        faults.append(Fault(path.name, Text(_("holds nobody; write one row for each person"))))
    return pool, faults


def _values(quotas: list[QuotaRow]) -> dict[str, dict[str, int]]:
    """Number the values that have a quota, in their order; a feature that only pairs name has none yet."""
    names = sorted({name for quota in quotas for name in quota.feature.split(AND)})
    own = {name: sorted(quota.value for quota in quotas if quota.feature == name) for name in names}
    return {name: {value: number for number, value in enumerate(values)} for name, values in own.items()}


def _take(
    path: Path, number: int, cells: list[str], columns: Columns, pool: PoolRows, free: set[str]
) -> Iterator[Fault]:
    """Add a person to the pool, and say what is wrong with their row."""
    own, *rest = cells
    if not own:
        yield Fault(path.name, Text(_("has no id; without it nobody can find their chance")), number)
    elif pool.ids.setdefault(own, number) != number:
        gaps = {"id": own[:60], "line": pool.ids[own]}
        yield Fault(path.name, Text(_("{id} stands in row {line} too; keep one"), gaps), number)
    yield from _take_features(path, number, rest, pool, free)
    more = iter(rest[len(pool.values) :])
    if columns.household:
        pool.households.append(next(more))
    if columns.weight:
        weight = next(more)
        if _is_whole(weight) and 1 <= int(weight) <= MOST_WEIGHT:
            pool.weights.append(int(weight))
        else:
            yield Fault(path.name, Text(_("needs a whole number from 1 to 10,000")), number, columns.weight)
    if columns.certain:
        answer = YES_OR_NO.get(next(more).lower())
        pool.certain.append(answer or 0)
        if answer is None:
            yield Fault(path.name, Text(_("needs yes or no")), number, columns.certain)


def _take_features(path: Path, number: int, cells: list[str], pool: PoolRows, free: set[str]) -> Iterator[Fault]:
    for (name, values), value in zip(pool.values.items(), cells, strict=False):
        if name in free:
            values.setdefault(value, len(values))
        if value in values:
            pool.features[name].append(values[value])
        else:
            gaps = {"value": value[:60] or "–", "known": ", ".join(values)[:300]}
            yield Fault(path.name, Text(_("“{value}” has no quota; there are: {known}"), gaps), number, name)


def _rows(path: Path, wanted: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The cells of the wanted columns in each row; ``""`` stands for the first column."""
    rows = lines(path)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    missing = [name for name in wanted if name and name not in header]
    if missing or not header:
        gaps = {"missing": ", ".join(missing) or "–", "there": ", ".join(header)[:300] or "–"}
        raise Unreadable(_("has no column {missing}; its first row names: {there}"), 1, **gaps)
    places = [header.index(name) if name else 0 for name in wanted]
    for number, cells in rows:
        if any(cells):
            cells += [""] * (len(header) - len(cells))
            yield number, [cells[place].strip() for place in places]
