"""What a spreadsheet would change in a programme, row by row, before anything is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kawasan.core.text import Labelled, Text, _
from kawasan.exchange import rules
from kawasan.exchange.checker import (
    Folder,
    Parsed,
    Reading,
    dangling,
    feeding_reasons,
    read_rows,
    unit_faults,
)
from kawasan.exchange.columns import Column
from kawasan.exchange.models import Upload
from kawasan.exchange.reader import Fault, Row, Sheet
from kawasan.exchange.tables import TABLES, Table, table_of
from kawasan.programmes.models import Programme

Values = dict[str, Any]
ENTERED = {table.name for table in TABLES if table.is_entered}
RECIPES = ("activities", "activity_flows", "activity_resources")


class Change(Labelled):
    """What storing the sheet does with a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("as it is")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet as it would be stored, or as it was written when it cannot be."""

    number: int
    change: Change | None
    cells: list[tuple[str, str, bool]]
    """Name of the column on the pages, what stands in it, and whether that differs from what is there."""
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Preview:
    """A sheet beside the programme. It may be stored when it has rows and no fault."""

    table: Table
    rows: list[Parsed]
    lines: list[Line]
    faults: list[Fault]

    def count(self, change: Change) -> int:
        return sum(line.change == change for line in self.lines)

    @property
    def new(self) -> int:
        return self.count(Change.NEW)

    @property
    def changed(self) -> int:
        return self.count(Change.CHANGED)

    @property
    def same(self) -> int:
        return self.count(Change.SAME)

    @property
    def may_be_stored(self) -> bool:
        return not self.faults and bool(self.new or self.changed)


def label(column: Column) -> str:
    """What the column is called on the pages."""
    return str(column.field.verbose_name)


def entered_table(name: str) -> Table | None:
    """A table whose rows planners enter."""
    return next((table for table in TABLES if table.is_entered and table.name == name), None)


def preview(upload: Upload) -> Preview:
    """Check a sheet against the programme as it is now; what the sheet leaves out stays as it is."""
    table, programme = _table(upload), upload.programme
    sheet = Sheet(table, upload.file, upload.columns, [_row(upload.columns, *row) for row in upload.rows])
    faults: list[Fault] = []
    folder = Folder(keys={t.name: _keys(t, programme) for t in _targets(table)})
    readings = read_rows(sheet, folder, faults)
    folder.keys[table.name] |= _keys(table, programme)
    there = present(table, programme)
    faults += dangling(sheet, readings, folder, set())
    faults += unit_faults(sheet, readings, units(programme))
    faults += _changed_photos(sheet, readings, there)
    rows = [_completed(sheet, parsed, there) for parsed in folder.tables[table.name]]
    if not faults:
        faults += _misfits(sheet, rows, programme, there)
    return Preview(table, rows, list(_lines(sheet, readings, rows, there, faults)), faults)


def present(table: Table, programme: Programme) -> dict[tuple[Any, ...], Values]:
    """The rows of a table that are there, with codes for references, by their key."""
    codes = {target.model: _codes(target, programme) for target in _targets(table)}
    found = {}
    for row in table.model._base_manager.filter(programme=programme).order_by("pk"):
        values = {
            c.name: _shown(getattr(row, c.attribute), codes[c.reference] if c.reference else None)
            for c in table.columns
        }
        found[tuple(values[name] for name in table.key)] = values
    return found


def units(programme: Programme) -> dict[str, str]:
    return dict(programme.commodities.values_list("code", "unit"))


def _table(upload: Upload) -> Table:
    return next(table for table in TABLES if table.name == upload.table)


def _row(columns: Sequence[str], number: int, cells: Sequence[str]) -> Row:
    return Row(number, dict(zip(columns, cells, strict=False)))


def _targets(table: Table) -> list[Table]:
    """The tables to which a table refers."""
    return [table_of(column.reference) for column in table.columns if column.reference]


def _codes(table: Table, programme: Programme) -> dict[int, str]:
    rows = table.model._base_manager.filter(programme=programme)
    return dict(rows.values_list("pk", table.key[0]))


def _keys(table: Table, programme: Programme) -> set[tuple[Any, ...]]:
    """The keys that rows may refer to: what they write is the code."""
    return {(code,) for code in _codes(table, programme).values()}


def _shown(value: Any, codes: dict[int, str] | None) -> Any:
    """A reference as its code."""
    return value if codes is None or value is None else codes[value]


def _changed_photos(sheet: Sheet, readings: Sequence[Reading], there: dict[tuple[Any, ...], Values]) -> Iterator[Fault]:
    """Cells that name another photo than the row has: a sheet brings no pictures."""
    for column in (column for column in sheet.table.columns if column.is_photo):
        for reading in readings:
            old = there.get(tuple(reading.values.get(name) for name in sheet.table.key), {})
            if reading.values.get(column.name) not in ("", None, old.get(column.name)):
                text = Text(_("A sheet brings no photo. Leave this cell empty, and add the photo on the row's page."))
                yield Fault(sheet.file, text, reading.row.line(column.name), column.name)


def _completed(sheet: Sheet, parsed: Parsed, there: dict[tuple[Any, ...], Values]) -> Parsed:
    """A row with what its sheet has no column for, as it is in the programme."""
    old = there.get(parsed.key)
    kept = (
        {c.name: old[c.name] for c in sheet.table.columns if c.name not in sheet.columns or c.is_photo} if old else {}
    )
    return Parsed(parsed.number, parsed.key, parsed.values | kept)


def _misfits(
    sheet: Sheet, rows: Sequence[Parsed], programme: Programme, there: dict[tuple[Any, ...], Values]
) -> Iterator[Fault]:
    """What does not fit the rows that are there."""
    merged = there | {parsed.key: parsed.values for parsed in rows}
    numbers = {parsed.key: parsed.number for parsed in rows}
    keys = list(merged)

    def values(name: str) -> list[Values]:
        return list(merged.values()) if name == sheet.table.name else list(present(_named(name), programme).values())

    for misfit in rules.misfits_within(values, sheet.table.name, ENTERED):
        is_own = misfit.table == sheet.table.name
        row = numbers.get(keys[misfit.position]) if is_own else None
        yield Fault(sheet.file, misfit.text, row, misfit.column if is_own else "")
    if sheet.table.name in RECIPES:
        for text in feeding_reasons(values):
            yield Fault(sheet.file, text)


def _named(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


def _lines(
    sheet: Sheet,
    readings: Sequence[Reading],
    rows: Sequence[Parsed],
    there: dict[tuple[Any, ...], Values],
    faults: Sequence[Fault],
) -> Iterator[Line]:
    ready = {parsed.number: parsed for parsed in rows}
    shown = [column for column in sheet.table.columns if column.name in sheet.columns]
    for reading in readings:
        number = reading.row.number
        own = [fault for fault in faults if fault.row == number]
        parsed = ready.get(number)
        old = there.get(parsed.key, {}) if parsed else {}
        cells = [
            (label(c), reading.row.cells.get(c.name) or "", bool(old) and old[c.name] != reading.values.get(c.name))
            for c in shown
        ]
        yield Line(number, _change(parsed, old) if parsed and not own else None, cells, own)


def _change(parsed: Parsed, old: Values) -> Change:
    if not old:
        return Change.NEW
    return Change.SAME if old == parsed.values else Change.CHANGED
