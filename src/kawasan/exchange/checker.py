"""Checks a programme folder: every fault at once, nothing loaded."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import connection, models

from kawasan.applicants.rules import warnings_digits, warnings_family_card
from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.language import words_for_unit
from kawasan.core.text import Text, _
from kawasan.exchange import rules
from kawasan.exchange.columns import SHOWN, BadCell, Column
from kawasan.exchange.reader import Fault, Row, Sheet, read
from kawasan.exchange.tables import TABLES, Table, table_of
from kawasan.selection.models import Draw
from kawasan.selection.rules import CLAIMS, DrawStatus
from kawasan.selection.services import broken_claims
from kawasan.value_chain.queries import Flow
from kawasan.value_chain.rules import reason_feeds_itself, reasons_unit_differs
from kawasan.value_chain.services import self_feeding

TOML = "programme.toml"
UNIT = "unit"
MOST_FAULTS = 1000  # shown at once; more would not be read
SOME_ROW = 1  # stands for the row that a code names: its id is not known before it is loaded


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row with its values; references are codes still."""

    number: int
    key: tuple[Any, ...]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A row and those of its values that could be read."""

    row: Row
    values: dict[str, Any]

    def is_whole(self, table: Table) -> bool:
        return len(self.values) == len(table.columns)

    def parsed(self, table: Table) -> Parsed:
        return Parsed(self.row.number, tuple(self.values[name] for name in table.key), self.values)


@dataclass(slots=True)
class Folder:
    """A folder whose every cell was read."""

    path: Path = Path()
    tables: dict[str, list[Parsed]] = field(default_factory=dict)
    keys: dict[str, set[tuple[Any, ...]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def one(self, name: str) -> dict[str, Any]:
        """The values of a table's only row."""
        return self.tables[name][0].values

    def values(self, name: str) -> list[dict[str, Any]]:
        """The values of every row of a table; empty when the file is not there."""
        return [row.values for row in self.tables.get(name, [])]


def check(path: Path) -> tuple[Folder, list[Fault]]:
    """Read and check a folder; it may be loaded when there is no fault."""
    connection.ensure_connection()  # it judges whether columns agree, and without it Django lets every row pass
    sheets, faults = read(path)
    folder = Folder(path, files={sheet.table.name: sheet.file for sheet in sheets})
    readings = {}
    for sheet in sheets:
        name = sheet.table.name
        readings[name] = read_rows(sheet, folder, faults)
    lost = _lost(sheets, faults)
    for sheet in sheets:
        faults += dangling(sheet, readings[sheet.table.name], folder, lost)
        faults += _without_photo(sheet, readings[sheet.table.name], path)
        faults += unit_faults(sheet, readings[sheet.table.name], units_of(folder.values("commodities")))
    faults += _misfits(sheets, folder, faults)
    order = {table.file: i for i, table in enumerate(TABLES)}
    faults.sort(key=lambda fault: (order.get(fault.file.replace(".xlsx", ".csv"), 99), fault.row or 0))
    return folder, faults


def read_rows(sheet: Sheet, folder: Folder, faults: list[Fault]) -> list[Reading]:
    """The rows of a sheet, put into the folder, and what is wrong with them in themselves."""
    name = sheet.table.name
    readings = [Reading(row, _parse_row(sheet, row, faults)) for row in sheet.rows]
    folder.keys[name] = {_key(sheet, reading) for reading in readings}
    folder.tables[name] = [r.parsed(sheet.table) for r in readings if r.is_whole(sheet.table)]
    faults += [*_column_faults(sheet), *_row_faults(sheet, readings), *_rivals(sheet, readings)]
    return readings


def check_or_refuse(path: Path) -> Folder:
    """Read and check a folder that must have no fault."""
    folder, faults = check(path)
    if faults:
        raise Refused(*sentences(faults), Text(_("Nothing was loaded.")))
    return folder


def sentences(faults: Sequence[Fault]) -> list[Text]:
    """The faults as they are shown, up to a number that somebody would read."""
    shown = [Text("{where}: {why}", {"where": fault.where, "why": fault.text}) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        shown.append(Text(_("… and {more} more."), {"more": len(faults) - MOST_FAULTS}))
    return shown


def warnings(folder: Folder) -> list[Fault]:
    """What is odd in a folder and yet no fault: an identity number stays as first issued, mistakes included."""
    file = folder.files["persons"]
    return [
        Fault(file, text, row.number, column)
        for row in folder.tables["persons"]
        for column, texts in (
            ("nik", warnings_digits(row.values["nik"])),
            ("family_card", warnings_family_card(row.values["family_card"])),
        )
        for text in texts
    ]


def _lost(sheets: list[Sheet], faults: list[Fault]) -> set[str]:
    """Tables whose codes are not known, so that nothing can be said about what refers to them; their fault says so."""
    by_table = {sheet.table.name: sheet for sheet in sheets}
    referred = {
        table_of(column.reference).name for sheet in sheets for column in sheet.table.columns if column.reference
    }
    lost, said = set(), set()
    for table in TABLES:
        sheet = by_table.get(table.name)
        first = next((i for i, fault in enumerate(faults) if _is_about(fault, table)), None)
        if first is None or (sheet and (not sheet.rows or table.key[0] in sheet.columns)):
            continue
        lost.add(table.name)
        if table.name in referred and first not in said:
            text = Text(_("{why}; what refers to it was not checked"), {"why": faults[first].text})
            faults[first] = replace(faults[first], text=text)
            said.add(first)
    return lost


def _is_about(fault: Fault, table: Table) -> bool:
    if table.is_toml:
        return fault.file == table.file and (not fault.column or fault.column.split(".")[0] == table.name)
    return fault.file in (table.file, f"{table.name}.xlsx")


def _key(sheet: Sheet, reading: Reading) -> tuple[Any, ...]:
    """The key of a row, as it was written where it is faulty: the row can still be referred to."""
    return tuple(reading.values.get(name, reading.row.cells.get(name)) for name in sheet.table.key)


def _misfits(sheets: list[Sheet], folder: Folder, faults: list[Fault]) -> Iterator[Fault]:
    """Tables without a fault that do not make a programme together."""
    missing = {table.name for table in TABLES if table.is_required} - set(folder.tables)
    faulty = {table.name for table in TABLES if any(_is_about(fault, table) for fault in faults)} | missing
    by_table = {sheet.table.name: sheet for sheet in sheets}
    for misfit in rules.misfits(folder.values, faulty):
        sheet = by_table[misfit.table]
        at = sheet.rows[misfit.position].line(misfit.column)
        yield Fault(sheet.file, misfit.text, at, _at(sheet, misfit.column))
    if "draws" in by_table and "draws" not in faulty:
        yield from _wrong_draws(by_table["draws"], folder)
    if not faulty & {"activities", "activity_flows", "activity_resources"}:
        for text in feeding_reasons(folder.values):
            yield Fault(folder.files["activity_flows"], text)


def _wrong_draws(sheet: Sheet, folder: Folder) -> Iterator[Fault]:
    """Draws whose result does not follow from what was frozen: a draw is checked by whoever takes it over, too."""
    columns = ("frozen", "secret", "public_value", "seed", "result", "status")
    for parsed in folder.tables.get("draws", []):
        draw = Draw(**{name: parsed.values[name] for name in columns})
        for name in broken_claims(draw=draw) if draw.status == DrawStatus.DRAWN else ():
            template = _("of this draw it does not hold any more: “{claim}” Bring the folder as it was dumped.")
            yield Fault(sheet.file, Text(template, {"claim": Text(CLAIMS[name])}), parsed.number)


def feeding_reasons(values: rules.Values) -> Iterator[Text]:
    """Why recipes together would make goods out of nothing."""
    flows = [
        Flow(row["activity"], row["commodity"], row["direction"], row["quantity"] * (1 - row["loss_percent"] / 100))
        for row in values("activity_flows")
    ]
    for found in self_feeding(flows, {row["activity"] for row in values("activity_resources") if row["quantity"] > 0}):
        yield reason_feeds_itself(found)


def units_of(commodities: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {row["code"]: row["unit"] for row in commodities}


def unit_faults(sheet: Sheet, readings: list[Reading], units: Mapping[str, str]) -> Iterator[Fault]:
    """Quantities in another unit than their commodity's, where the sheet says in which."""
    if not (sheet.table.may_name_unit and UNIT in sheet.columns):
        return
    for reading in readings:
        code = reading.values.get("commodity", "")
        if unit := units.get(code):
            written = reading.row.cells.get(UNIT) or ""
            for text in reasons_unit_differs(written, unit=unit, same=words_for_unit(unit), name=code):
                yield Fault(sheet.file, text, reading.row.line(UNIT), UNIT)


def _column_faults(sheet: Sheet) -> Iterator[Fault]:
    known = [column.name for column in sheet.table.columns]
    for name in sheet.columns:
        if name in sheet.table.former:
            yield from _former_faults(sheet, name)
        elif name == UNIT and sheet.table.may_name_unit:
            continue
        elif name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            template = (
                _("is not a column of this file; did you mean {near}?")
                if near
                else _("is not a column of this file; take it out")
            )
            yield Fault(sheet.file, Text(template, {"near": near[0] if near else ""}), 1, _at(sheet, name[:SHOWN]))
        elif sheet.columns.count(name) > 1:
            yield Fault(sheet.file, Text(_("stands there twice; take one column out")), 1, _at(sheet, name))
    for column in sheet.table.columns:
        if column.is_required and sheet.rows and column.name not in sheet.columns:
            yield Fault(
                sheet.file,
                Text(_("is missing; add the column ({about})"), {"about": column.field.help_text}),
                1,
                _at(sheet, column.name),
            )


def _former_faults(sheet: Sheet, name: str) -> Iterator[Fault]:
    former = sheet.table.former[name]
    for row in sheet.rows:
        if (row.cells.get(name) or "").strip() not in former.harmless:
            written = former.row.format(cell=(row.cells.get(name) or "").strip()[:SHOWN])
            yield Fault(sheet.file, Text(former.why, {"row": written}), row.line(name), _at(sheet, name))


def _at(sheet: Sheet, column: str) -> str:
    return f"{sheet.table.name}.{column}" if sheet.table.is_toml else column


def _parse_row(sheet: Sheet, row: Row, faults: list[Fault]) -> dict[str, Any]:
    """The values of a row; a cell that cannot be used is missing from them and is a fault."""
    values = {}
    for column in sheet.table.columns:
        if column.name not in sheet.columns and column.is_required:
            continue  # the missing column is a fault of the header, said once
        try:
            values[column.name] = column.parse(row.cells.get(column.name) or "")
        except BadCell as error:
            faults.append(Fault(sheet.file, error.text, row.line(column.name), _at(sheet, column.name)))
    return values


def _row_faults(sheet: Sheet, readings: list[Reading]) -> Iterator[Fault]:
    """Rows that say the same as another, and columns that do not agree; what could not be read is left out of it."""
    unique_sets = _unique_sets(sheet.table)
    seen: dict[tuple[str, tuple[Any, ...]], int] = {}
    for reading in readings:
        for name, columns in unique_sets:
            if not set(columns) <= set(reading.values):
                continue
            key = (name, tuple(reading.values[column] for column in columns))
            if None in key[1] and columns != sheet.table.key:
                continue  # to a database, what is not there equals nothing
            at = reading.row.line(columns[0])
            if key in seen:
                text = Text(
                    _('"{value}" stands in row {row} already; every row needs its own'),
                    {"value": ", ".join(str(v) for v in key[1])[:SHOWN], "row": str(seen[key])},
                )
                yield Fault(sheet.file, text, at, _at(sheet, ", ".join(columns)))
            seen.setdefault(key, at)
    yield from _contradictions(sheet, readings)


def _unique_sets(table: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Sets of columns that no two rows may share."""
    sets = [
        (c.name, tuple(name for name in c.fields if name != "programme"))
        for c in table.model._meta.constraints
        if isinstance(c, models.UniqueConstraint) and c.condition is None and c.fields
    ]
    names = {column.name for column in table.columns}
    return [(name, columns) for name, columns in sets if set(columns) <= names and columns]


def _rivals(sheet: Sheet, readings: list[Reading]) -> Iterator[Fault]:
    """Rows beside another of which only one may be so: a plan that is adopted, the head of a group."""
    for constraint in sheet.table.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or constraint.condition is None:
            continue
        columns = [name for name in constraint.fields if name != "programme"]
        deciding = sorted(constraint.condition.referenced_base_fields)
        seen = set()
        for reading in readings:
            if not {*columns, *deciding} <= set(reading.values):
                continue
            if not constraint.condition.check({name: _typed(sheet.table, name, reading) for name in deciding}):
                continue
            key = tuple(reading.values[name] for name in columns)
            if key in seen:
                why = Text("{why}", {"why": str(constraint.violation_error_message)})
                yield Fault(sheet.file, why, reading.row.line(deciding[0]), _at(sheet, ", ".join(deciding)))
            seen.add(key)


def _typed(table: Table, name: str, reading: Reading) -> models.Value:
    """A value that the database can judge; of a reference it counts whether it is given, not which row it names."""
    column, value = _column(table, name), reading.values[name]
    if not column.reference:
        return models.Value(value, output_field=column.field)
    return models.Value(SOME_ROW if value not in ("", None) else None, output_field=models.BigIntegerField())


def _contradictions(sheet: Sheet, readings: list[Reading]) -> Iterator[Fault]:
    """Rows whose columns do not agree. The database judges, and each combination of values once."""
    for constraint in sheet.table.model._meta.constraints:
        if not isinstance(constraint, models.CheckConstraint):
            continue
        condition = models.Q(constraint.condition)
        deciding, judged = sorted(condition.referenced_base_fields), dict[str, bool]()
        for reading in readings:
            if not set(deciding) <= set(reading.values):
                continue
            typed = {name: _typed(sheet.table, name, reading) for name in deciding}
            if (key := repr([value.value for value in typed.values()])) not in judged:
                judged[key] = condition.check(typed)
            if not judged[key]:
                why = Text("{why}", {"why": str(constraint.get_violation_error_message())})
                yield Fault(sheet.file, why, reading.row.number, sheet.table.name if sheet.table.is_toml else "")


def _without_photo(sheet: Sheet, readings: list[Reading], folder: Path) -> Iterator[Fault]:
    """Photos that a row names must lie in the folder as a dump writes them."""
    for column in sheet.table.columns:
        if not column.is_photo:
            continue
        for reading in readings:
            name = reading.values.get(column.name)
            if name and not photos.is_kept_form(name, photo_in(folder, name)):
                text = Text(
                    _("{file} is not there, or not a photo as a dump writes it; add it on the resource's page instead"),
                    {"file": f"{photos.FOLDER}/{name[:8]}….jpg"},
                )
                yield Fault(sheet.file, text, reading.row.line(column.name), _at(sheet, column.name))


def photo_in(folder: Path, name: str) -> bytes:
    """A photo of a folder; nothing when it is not there or too large to be one of ours."""
    path = folder / photos.FOLDER / name
    if not path.is_file() or path.stat().st_size > photos.MOST_BYTES:
        return b""
    return path.read_bytes()


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)


def dangling(sheet: Sheet, readings: list[Reading], folder: Folder, lost: set[str]) -> Iterator[Fault]:
    if sheet.table.is_addition and table_of(sheet.table.model).name not in lost:
        yield from _without_row(sheet, readings, folder)
    for column in (column for column in sheet.table.columns if column.reference):
        target = table_of(column.reference)  # type: ignore[arg-type]
        if target.name in lost:
            continue
        if target.is_result and target.name not in folder.tables:
            continue  # the programme makes these rows when it runs; the row waits for them
        known = {key[0] for key in folder.keys.get(target.name, set())}
        for reading in readings:
            code = reading.values.get(column.name)
            if code in ("", None) or code in known:
                continue
            near = difflib.get_close_matches(str(code)[:SHOWN], [str(k) for k in known], n=1)
            template = (
                _('"{value}" is not in {file}; did you mean {near}?')
                if near
                else _('"{value}" is not in {file}; add it there or write a code that is')
            )
            text = Text(template, {"value": str(code)[:SHOWN], "file": target.file, "near": near[0] if near else ""})
            yield Fault(sheet.file, text, reading.row.line(column.name), _at(sheet, column.name))


def _without_row(sheet: Sheet, readings: list[Reading], folder: Folder) -> Iterator[Fault]:
    target = table_of(sheet.table.model)
    known = folder.keys.get(target.name, set())
    for reading in readings:
        key = _key(sheet, reading)
        if key not in known and set(sheet.table.key) <= set(reading.values):
            yield Fault(
                sheet.file,
                Text(_('"{value}" is not in {file}'), {"value": str(key[0])[:SHOWN], "file": target.file}),
                reading.row.number,
                sheet.table.key[0],
            )
