"""Checks a programme folder: every fault at once, nothing loaded."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models

from kawasan.applicants.rules import warnings_digits, warnings_family_card
from kawasan.core.errors import Refused
from kawasan.core.text import Text, _
from kawasan.exchange import rules
from kawasan.exchange.columns import SHOWN, BadCell, Column
from kawasan.exchange.reader import Fault, Row, Sheet, read
from kawasan.exchange.tables import TABLES, Table, table_of

MOST_FAULTS = 1000  # shown at once; more would not be read
SOME_ROW = 1  # stands for the row that a code names: its id is not known before it is loaded


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row with its values; references are codes still."""

    number: int
    key: tuple[Any, ...]
    values: dict[str, Any]


@dataclass(slots=True)
class Folder:
    """A folder whose every cell was read."""

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
    folder = Folder(files={sheet.table.name: sheet.file for sheet in sheets})
    for sheet in sheets:
        folder.tables[sheet.table.name], folder.keys[sheet.table.name] = _parse_sheet(sheet, faults)
    lost = _lost(sheets, faults)
    for sheet in sheets:
        faults += _dangling(sheet, folder, lost)
    if not faults:
        faults += [Fault("programme.toml", text) for text in rules.reasons_programme_cannot_run(folder.values)]
    order = {table.file: i for i, table in enumerate(TABLES)}
    faults.sort(key=lambda fault: (order.get(fault.file.replace(".xlsx", ".csv"), 99), fault.row or 0))
    return folder, faults


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


def _parse_sheet(sheet: Sheet, faults: list[Fault]) -> tuple[list[Parsed], set[tuple[Any, ...]]]:
    """The rows whose every cell could be read, and the keys of all rows: a faulty row can still be referred to."""
    faults += _column_faults(sheet)
    seen: dict[tuple[str, tuple[Any, ...]], int] = {}
    rows: list[Parsed] = []
    keys = set()
    for row in sheet.rows:
        values = _parse_row(sheet, row, faults)
        keys.add(tuple(values.get(name, row.cells.get(name)) for name in sheet.table.key))
        if len(values) == len(sheet.table.columns):
            faults += _row_faults(sheet, row, values, seen)
            rows.append(Parsed(row.number, tuple(values[name] for name in sheet.table.key), values))
    return rows, keys


def _column_faults(sheet: Sheet) -> Iterator[Fault]:
    known = [column.name for column in sheet.table.columns]
    for name in sheet.columns:
        if name not in known:
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
            faults.append(Fault(sheet.file, error.text, row.number, _at(sheet, column.name)))
    return values


def _row_faults(
    sheet: Sheet, row: Row, values: dict[str, Any], seen: dict[tuple[str, tuple[Any, ...]], int]
) -> Iterator[Fault]:
    for name, columns in _unique_sets(sheet.table):
        key = (name, tuple(values[column] for column in columns))
        if key in seen:
            text = Text(
                _('"{value}" stands in row {row} already; every row needs its own'),
                {"value": ", ".join(str(v) for v in key[1])[:SHOWN], "row": str(seen[key])},
            )
            yield Fault(sheet.file, text, row.number, _at(sheet, ", ".join(columns)))
        seen.setdefault(key, row.number)
    yield from _contradictions(sheet, row, values)


def _unique_sets(table: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Sets of columns that no two rows may share."""
    sets = [
        (c.name, tuple(name for name in c.fields if name != "programme"))
        for c in table.model._meta.constraints
        if isinstance(c, models.UniqueConstraint) and c.condition is None and c.fields
    ]
    names = {column.name for column in table.columns}
    return [(name, columns) for name, columns in sets if set(columns) <= names and columns]


def _contradictions(sheet: Sheet, row: Row, values: dict[str, Any]) -> Iterator[Fault]:
    """Columns of one row that do not agree; whether a reference is given counts, which row it names does not."""
    instance = sheet.table.model()
    for name, value in values.items():
        column = _column(sheet.table, name)
        is_given = value not in ("", None)
        setattr(instance, column.attribute, value if not column.reference else SOME_ROW if is_given else None)
    for constraint in sheet.table.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            try:
                constraint.validate(sheet.table.model, instance, exclude={"programme"})  # type: ignore[attr-defined]
            except ValidationError as error:
                yield Fault(sheet.file, Text("{why}", {"why": " ".join(error.messages)}), row.number)


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)


def _dangling(sheet: Sheet, folder: Folder, lost: set[str]) -> Iterator[Fault]:
    references = [column for column in sheet.table.columns if column.reference]
    if sheet.table.is_addition and table_of(sheet.table.model).name not in lost:
        yield from _without_row(sheet, folder)
    for column in references:
        target = table_of(column.reference)  # type: ignore[arg-type]
        if target.name in lost:
            continue
        if target.is_result and target.name not in folder.tables:
            continue  # the programme makes these rows when it runs; the row waits for them
        known = {key[0] for key in folder.keys.get(target.name, set())}
        for row in folder.tables[sheet.table.name]:
            code = row.values[column.name]
            if code in ("", None) or code in known:
                continue
            near = difflib.get_close_matches(str(code)[:SHOWN], [str(k) for k in known], n=1)
            template = (
                _('"{value}" is not in {file}; did you mean {near}?')
                if near
                else _('"{value}" is not in {file}; add it there or write a code that is')
            )
            text = Text(template, {"value": str(code)[:SHOWN], "file": target.file, "near": near[0] if near else ""})
            yield Fault(sheet.file, text, row.number, _at(sheet, column.name))


def _without_row(sheet: Sheet, folder: Folder) -> Iterator[Fault]:
    target = table_of(sheet.table.model)
    known = folder.keys.get(target.name, set())
    for row in folder.tables[sheet.table.name]:
        if row.key not in known:
            yield Fault(
                sheet.file,
                Text(_('"{value}" is not in {file}'), {"value": str(row.key[0])[:SHOWN], "file": target.file}),
                row.number,
                sheet.table.key[0],
            )
