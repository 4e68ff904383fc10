"""Reads the two files of a draw without a database: a row for each quota, and a row for each person.

They are the files that the Sortition Foundation's tools use. A quota on a pair of features names both, joined by " & ".
CSV, the first sheet of a workbook and Parquet give the same rows; they are read column by column, a million in seconds.
"""

import codecs
import csv
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kawasan.core.text import Text, _
from kawasan.exchange.reader import Fault, Unreadable, contents, csv_lines, lines, plain
from kawasan.programmes.rules import AND, parts_of

if TYPE_CHECKING:
    import polars

MOST_FAULTS = 50  # of the people's file; the same mistake often stands in every row
MOST_WEIGHT = 10_000  # as the certificate allows: tickets are hashed one by one
YES_OR_NO = {"yes": 1, "ya": 1, "true": 1, "1": 1, "no": 0, "tidak": 0, "false": 0, "0": 0}
DELIMITERS = (",", ";", "\t", "|")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
XLSX, PARQUET = ".xlsx", ".parquet"
LARGE = 1_000_000  # bytes of a file; below it, loading polars takes longer than it saves
LONGEST_HEADER = 100_000  # characters
ROWS_AT_ONCE = 20_000

Part = tuple[Sequence[int], list[list[str]]]  # numbers of rows, and the cells of each wanted column in them


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
    row: int = 0

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The feature and the value, or those of each feature of a pair."""
        return parts_of(self.feature, self.value)


@dataclass(slots=True)
class PoolRows:
    """People in the order of their file: ids, and per feature the numbers of their values."""

    values: dict[str, dict[str, int]]  # per feature the number of each value
    ids: list[str] = field(default_factory=list)
    rows: "array[int]" = field(default_factory=lambda: array("q"))  # where each person stands in the file
    features: "dict[str, array[int]]" = field(default_factory=dict)
    households: list[str] = field(default_factory=list)
    weights: "array[int]" = field(default_factory=lambda: array("q"))
    certain: "array[int]" = field(default_factory=lambda: array("b"))


def read_quotas(path: Path) -> tuple[list[QuotaRow], list[Fault]]:
    """Read the features' file: ``feature,value,min,max``; other columns are not read."""
    try:
        parts = list(_parts(path, ["feature", "value", "min", "max"]))
    except Unreadable as error:
        return [], [Fault(path.name, error.text, error.row)]
    found = [_quota(path, *row) for numbers, cells in parts for row in zip(numbers, *cells, strict=True)]
    quotas = [row for row in found if isinstance(row, QuotaRow)]
    faults = [row for row in found if isinstance(row, Fault)]
    faults += _repeated_quotas(path, quotas)
    faults += _impossible(path, quotas, _values(quotas))
    if not found:
        faults.append(Fault(path.name, Text(_("holds no quota; write one row for each value of a feature"))))
    return sorted(quotas, key=lambda quota: (quota.feature, quota.value)), faults


def values_nobody_has(path: Path, quotas: Sequence[QuotaRow], pool: PoolRows) -> list[Fault]:
    """Say which values of pairs nobody has; those of a feature with quotas of its own were looked at before."""
    return list(_impossible(path, quotas, pool.values))


def _repeated_quotas(path: Path, quotas: Sequence[QuotaRow]) -> Iterator[Fault]:
    names = [(quota.feature, quota.value) for quota in quotas]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(path.name, Text(_("“{value}” of “{feature}” has two rows; keep one"), _gaps(*name)))


def _impossible(path: Path, quotas: Sequence[QuotaRow], values: dict[str, dict[str, int]]) -> Iterator[Fault]:
    """A part of a pair that is not among the known values of its feature: such a quota would bind nothing."""
    for quota in quotas:
        for feature, value in quota.parts:
            if values[feature] and value not in values[feature]:
                gaps = _gaps(feature, value) | {"known": ", ".join(sorted(values[feature]))[:300]}
                template = _("“{value}” of “{feature}” cannot occur; there are: {known}")
                yield Fault(path.name, Text(template, gaps), quota.row)


def _gaps(feature: str, value: str) -> dict[str, str]:
    return {"feature": feature, "value": value}


def _quota(path: Path, number: int, feature: str, value: str, least: str, most: str) -> QuotaRow | Fault:
    if not feature or not value:
        return Fault(path.name, Text(_("needs a feature and a value")), number)
    if feature.count(AND) != value.count(AND):
        return Fault(path.name, Text(_("needs as many values as features, each joined by “ & ”")), number)
    if len(set(feature.split(AND))) <= feature.count(AND):
        return Fault(path.name, Text(_("names a feature twice; a pair needs two different ones")), number)
    if not (_is_whole(least) and _is_whole(most) and int(least) <= int(most)):
        why = Text(_("needs whole numbers of seats in min and max, max not below min"))
        return Fault(path.name, why, number)
    return QuotaRow(feature, value, int(least), int(most), number)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def read_columns(path: Path, names: Sequence[str]) -> tuple[list[int], list[list[str]]]:
    """The numbers of all rows, and the cells of these columns in them.  Raises Unreadable."""
    rows: list[int] = []
    columns: list[list[str]] = [[] for _name in names]
    for numbers, cells in _parts(path, names):
        rows += numbers
        for column, part in zip(columns, cells, strict=True):
            column += part
    return rows, columns


def read_people(path: Path, columns: Columns, quotas: Sequence[QuotaRow]) -> tuple[PoolRows, list[Fault]]:
    """Read the people's file: an id, and a column for each feature that a quota names.

    A large file is read by columns. That does not count lines well, so a file with a fault is read again line by line.
    """
    pool, faults = _people(path, columns, quotas, _quick_parts)
    return _people(path, columns, quotas, _parts) if faults else (pool, faults)


def _people(
    path: Path, columns: Columns, quotas: Sequence[QuotaRow], parts: Callable[[Path, Sequence[str]], Iterator[Part]]
) -> tuple[PoolRows, list[Fault]]:
    values = _values(quotas)
    pool = PoolRows(values, features={name: array("i") for name in values})
    free = {name for name, known in values.items() if not known}
    wanted = [columns.id, *values, *filter(None, (columns.household, columns.weight, columns.certain))]
    faults: list[Fault] = []
    try:
        for part in parts(path, wanted):
            faults += _take(path, part, columns, pool, free)
            if len(faults) >= MOST_FAULTS:
                break
    except Unreadable as error:
        faults.append(Fault(path.name, error.text, error.row))
    faults += islice(_repeated_ids(path, pool), MOST_FAULTS)
    if not pool.ids and not faults:
        faults.append(Fault(path.name, Text(_("holds nobody; write one row for each person"))))
    return pool, sorted(faults, key=lambda fault: fault.row or 0)[:MOST_FAULTS]


def _values(quotas: Sequence[QuotaRow]) -> dict[str, dict[str, int]]:
    """Number the values that have a quota, in their order; a feature that only pairs name has none yet."""
    names = sorted({feature for quota in quotas for feature, _value in quota.parts})
    own = {name: sorted({quota.value for quota in quotas if quota.feature == name}) for name in names}
    return {name: {value: number for number, value in enumerate(values)} for name, values in own.items()}


def _take(path: Path, part: Part, columns: Columns, pool: PoolRows, free: set[str]) -> Iterator[Fault]:
    """Add people to the pool, and say what is wrong with their rows."""
    numbers, (ids, *more) = part
    pool.ids += ids
    pool.rows.extend(numbers)
    yield from _wrong_ids(path, numbers, ids)
    rest = iter(more)
    for name in pool.values:
        yield from _take_feature(path, numbers, name, next(rest), pool, is_free=name in free)
    if columns.household:
        pool.households += next(rest)
    if columns.weight:
        yield from _take_weights(path, numbers, columns.weight, next(rest), pool)
    if columns.certain:
        yield from _take_certain(path, numbers, columns.certain, next(rest), pool)


def _wrong_ids(path: Path, numbers: Sequence[int], ids: Sequence[str]) -> Iterator[Fault]:
    if all(ids) and "".join(ids).isprintable():
        return
    for number, own in zip(numbers, ids, strict=True):
        if not own:
            yield Fault(path.name, Text(_("has no id; without it nobody can find their chance")), number)
        elif hidden := [letter for letter in own if not letter.isprintable()]:
            template = _("has an id with a character that cannot be seen ({code}); write the id anew")
            yield Fault(path.name, Text(template, {"code": f"U+{ord(hidden[0]):04X}"}), number)


def _repeated_ids(path: Path, pool: PoolRows) -> Iterator[Fault]:
    if len(set(pool.ids)) == len(pool.ids):
        return
    first: dict[str, int] = {}
    for own, number in zip(pool.ids, pool.rows, strict=True):
        if own and first.setdefault(own, number) != number:
            gaps = {"id": own[:60], "line": first[own]}
            yield Fault(path.name, Text(_("{id} stands in row {line} too; keep one"), gaps), number)


def _take_feature(
    path: Path, numbers: Sequence[int], name: str, cells: Sequence[str], pool: PoolRows, *, is_free: bool
) -> Iterator[Fault]:
    values = pool.values[name]
    if is_free:
        for value in dict.fromkeys(cells):
            values.setdefault(value, len(values))
    found = [values.get(value, -1) for value in cells]
    pool.features[name].extend(found)
    for row in _places_of(-1, found):
        gaps = {"value": cells[row][:60] or "–", "known": ", ".join(values)[:300]}
        yield Fault(path.name, Text(_("“{value}” has no quota; there are: {known}"), gaps), numbers[row], name)


def _take_weights(
    path: Path, numbers: Sequence[int], name: str, cells: Sequence[str], pool: PoolRows
) -> Iterator[Fault]:
    found = [int(cell) if _is_whole(cell) and int(cell) <= MOST_WEIGHT else 0 for cell in cells]
    pool.weights.extend(found)
    for row in _places_of(0, found):
        yield Fault(path.name, Text(_("needs a whole number from 1 to 10,000")), numbers[row], name)


def _take_certain(
    path: Path, numbers: Sequence[int], name: str, cells: Sequence[str], pool: PoolRows
) -> Iterator[Fault]:
    found = [YES_OR_NO.get(cell.lower(), -1) for cell in cells]
    pool.certain.extend(found)
    for row in _places_of(-1, found):
        yield Fault(path.name, Text(_("needs yes or no")), numbers[row], name)


def _places_of(wrong: int, found: Sequence[int]) -> list[int]:
    return [row for row, number in enumerate(found) if number == wrong] if wrong in found else []


def _parts(path: Path, wanted: Sequence[str]) -> Iterator[Part]:
    """The cells of the wanted columns, some thousand rows at once; ``""`` stands for the first column."""
    if path.suffix.lower() == PARQUET:
        return _parquet_parts(path, wanted)
    if path.suffix.lower() == XLSX:
        return _parts_of(lines(path), wanted)
    text = _text(path)
    return _parts_of(csv_lines(text, _delimiter(text, wanted)), wanted)


def _parts_of(rows: Iterator[tuple[int, list[str]]], wanted: Sequence[str]) -> Iterator[Part]:
    header = [name.strip() for name in next(rows, (1, []))[1]]
    places = _places(header, wanted)
    while taken := list(islice(rows, ROWS_AT_ONCE)):
        full = [(number, cells) for number, cells in taken if any(cells)]
        for number, cells in full:
            if len(cells) < len(header):
                cells += [""] * (len(header) - len(cells))
            elif any(cells[len(header) :]):
                raise Unreadable(
                    _("has more cells than the first row; a comma in a name needs quotes around it"), number
                )
        yield [number for number, _cells in full], [[cells[place].strip() for _n, cells in full] for place in places]


def _places(header: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the wanted columns stand; of several whose names differ in capitals alone, only the one written so."""
    places = {name: _place(header, name) if name else 0 for name in wanted}
    missing = [name for name, place in places.items() if place is None]
    if missing or not header:
        gaps = {"missing": ", ".join(missing) or "–", "there": ", ".join(header)[:300] or "–"}
        raise Unreadable(_("has no column {missing}; its first row names: {there}"), 1, **gaps)
    return [place for name in wanted if (place := places[name]) is not None]


def _place(header: Sequence[str], name: str) -> int | None:
    alike = [place for place, other in enumerate(header) if _plainly(other) == _plainly(name)]
    exact = [place for place in alike if header[place] == name]
    if len(exact) > 1:
        raise Unreadable(_("has two columns {name}; take one out"), 1, name=name)
    return next(iter(exact or (alike if len(alike) == 1 else [])), None)


def _plainly(name: str) -> str:
    return name.strip().casefold()


def _text(path: Path) -> str:
    """The text of a CSV file, with or without the byte order mark that Excel writes before UTF-8."""
    raw = contents(path).removeprefix(codecs.BOM_UTF8)
    sheet = path.stem + ".xlsx"
    if raw.startswith(UTF_16) or b"\0" in raw[:2]:
        raise Unreadable(_("is UTF-16; save it as UTF-8, or give the sheet as {xlsx}"), xlsx=sheet)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        template = _("is not UTF-8 here but perhaps Windows-1252; save it as “CSV UTF-8”, or give the sheet as {xlsx}")
        raise Unreadable(template, raw.count(b"\n", 0, error.start) + 1, xlsx=sheet) from None


def _delimiter(text: str, wanted: Sequence[str]) -> str:
    """What separates the cells: the first under which the first row names most of the wanted columns."""
    first = next(iter(text[:LONGEST_HEADER].splitlines()), "")

    def named(delimiter: str) -> tuple[int, int]:
        header = next(csv.reader([first], delimiter=delimiter), [])
        return len({*map(_plainly, wanted)} & {*map(_plainly, header)}), len(header)

    return max(DELIMITERS, key=named)


def _quick_parts(path: Path, wanted: Sequence[str]) -> Iterator[Part]:
    """As ``_parts``; a large CSV file without quotes, where a line is a row, is read by all processors at once."""
    if path.suffix.lower() in (XLSX, PARQUET) or not path.is_file() or path.stat().st_size < LARGE:
        return _parts(path, wanted)
    text = _text(path)
    if '"' in text or text.count("\r") != text.count("\r\n"):
        return _parts(path, wanted)
    import polars

    delimiter = _delimiter(text, wanted)
    header = [name.strip() for name in text.partition("\n")[0].split(delimiter)]
    names = [str(place) for place in _places(header, wanted)]
    try:
        table = polars.read_csv(
            text.encode(),
            has_header=False,
            skip_lines=1,
            separator=delimiter,
            quote_char=None,
            schema={str(place): polars.String for place in range(len(header))},
            raise_if_empty=False,
        )
    except polars.exceptions.PolarsError:  # longer rows than the first, of which line by line more is told
        return _parts(path, wanted)
    return _parts_of_table(table.select(*dict.fromkeys(names)), names)


def _parquet_parts(path: Path, wanted: Sequence[str]) -> Iterator[Part]:
    """The rows of a Parquet file, numbered from 1."""
    import polars  # a fifth of a second, which no other command waits for

    raw = contents(path)
    try:
        header = list(polars.read_parquet_schema(raw))
        names = [header[place] for place in _places(header, wanted)]
        table = polars.read_parquet(raw, columns=list(dict.fromkeys(names)))
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError):
        raise Unreadable(_("is not a Parquet file that can be read; write it again")) from None
    return _parts_of_table(table, names)


def _parts_of_table(table: "polars.DataFrame", names: Sequence[str]) -> Iterator[Part]:
    for first in range(0, table.height, ROWS_AT_ONCE):
        part = table.slice(first, ROWS_AT_ONCE)
        cells = [[_cell(value) for value in part[name].to_list()] for name in names]
        yield range(first + 1, first + part.height + 1), cells


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else plain(value)
