"""Reads the files of a programme folder into rows of text, with a sentence for everything that cannot be read."""

import csv
import datetime
import errno
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine

from kawasan.core.text import Text, _
from kawasan.exchange.tables import CSV_TABLES, TOML_TABLES, Table

MOST_BYTES = 512 * 1024 * 1024
csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: where it is, and what would be right."""

    file: str
    text: Text
    row: int | None = None
    column: str = ""

    @property
    def where(self) -> str:
        parts = [self.file, str(self.row) if self.row else "", f" {self.column}" if self.column else ""]
        return ":".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was written: cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(slots=True)
class Sheet:
    """The rows of one table."""

    table: Table
    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


class Unreadable(Exception):
    """A file cannot be read at all."""

    def __init__(self, template: str, row: int | None = None, **params: Any) -> None:
        self.text, self.row = Text(template, params), row
        super().__init__(str(self.text))


def read(folder: Path) -> tuple[list[Sheet], list[Fault]]:
    """Every table that the folder holds, and what is wrong with its files; a table that cannot be read is left out."""
    if not folder.is_dir():
        return [], [Fault(str(folder), Text(_("is not a folder; give the folder that holds programme.toml")))]
    sheets, faults = _read_toml(folder)
    for table in CSV_TABLES:
        path = next((p for p in (folder / table.file, folder / f"{table.name}.xlsx") if p.exists()), None)
        if path is None:
            if table.is_required:
                faults.append(Fault(table.file, Text(_("is missing; it holds: {about}"), {"about": table.about})))
            continue
        try:
            sheets.append(_read_table(table, path, faults))
        except Unreadable as error:
            faults.append(Fault(path.name, error.text, error.row))
    faults += _strangers(folder)
    return sheets, faults


def _strangers(folder: Path) -> Iterator[Fault]:
    known = {name for t in CSV_TABLES for name in (t.file, f"{t.name}.xlsx")}
    for path in sorted(folder.iterdir()):
        if (
            path.suffix.lower() in {".csv", ".xlsx", ".xls", ".ods"}
            and path.name not in known
            and path.name[0] not in "~."
        ):
            yield Fault(path.name, Text(_("is not a file of a programme folder; rename it or take it out")))


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe would be waited for, and a device never ends
            raise OSError(errno.EINVAL, "not a file")
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(_("is larger than 512 MB; split the programme"))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(
            _("cannot be opened ({why}); check that it is a file and that you may read it"), why=error.strerror or ""
        ) from None


def _text(path: Path) -> str:
    raw = _bytes(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("is UTF-16; save it as UTF-8, or give the sheet as {xlsx}"), xlsx=path.stem + ".xlsx")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise Unreadable(
            _("begins with a byte order mark (BOM); save it as UTF-8 without BOM, or give the sheet as {xlsx}"),
            xlsx=path.stem + ".xlsx",
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _("is not UTF-8 here; save the file as UTF-8, or give the sheet as {xlsx}"),
            row=line,
            xlsx=path.stem + ".xlsx",
        ) from None


def _read_table(table: Table, path: Path, faults: list[Fault]) -> Sheet:
    lines = _xlsx_lines(path) if path.suffix == ".xlsx" else _csv_lines(path)
    header = next(lines, None)
    if header is None:
        raise Unreadable(
            _("is empty; its first row must name the columns: {columns}"),
            columns=", ".join(c.name for c in table.columns),
        )
    columns = [name.strip() for name in header[1]]
    if len(columns) == 1 and len(table.columns) > 1 and any(mark in columns[0] for mark in ";\t|"):
        raise Unreadable(_("separates its columns with something else than commas; save it with commas"), row=1)
    sheet = Sheet(table, path.name, columns)
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            faults.append(
                Fault(
                    path.name,
                    Text(
                        _("has {n} cells, but there are {columns} columns; put cells with commas in quotes"),
                        {"n": len(cells), "columns": len(columns)},
                    ),
                    number,
                )
            )
        sheet.rows.append(Row(number, dict(zip(columns, cells, strict=False))))
    return sheet


def _csv_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            _("has a quote that is not closed or stands inside a cell; write a quote in a cell twice"), row=line
        ) from None


def _xlsx_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_bytes(path)))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError, OverflowError):
        raise Unreadable(_("is not a workbook that can be read; save it again as XLSX")) from None
    for number, cells in enumerate(rows, start=1):
        yield number, [plain(cell) for cell in cells]


def plain(value: Any) -> str:
    """A value of a workbook or of TOML as the text that a CSV cell would hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.tzinfo is None and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _read_toml(folder: Path) -> tuple[list[Sheet], list[Fault]]:
    path = folder / "programme.toml"
    if not path.exists():
        return [], [
            Fault(path.name, Text(_("is missing; it names the programme, its fields, rules, quotas and calendar")))
        ]
    try:
        document = tomllib.loads(_text(path))
    except Unreadable as error:
        return [], [Fault(path.name, error.text, error.row)]
    except (ValueError, RecursionError) as error:
        return [], [Fault(path.name, Text(_("is not TOML: {why}"), {"why": str(error)[:200]}))]
    faults: list[Fault] = []
    found = [_toml_sheet(table, document.get(table.name), faults) for table in TOML_TABLES]
    for name in sorted(set(document) - {table.name for table in TOML_TABLES}):
        faults.append(Fault(path.name, Text(_("has a section that is not known; take it out")), column=name[:60]))
    return [sheet for sheet in found if sheet], faults


def _toml_sheet(table: Table, section: Any, faults: list[Fault]) -> Sheet | None:
    sheet = Sheet(table, "programme.toml")
    if section is None and not table.is_required:
        return sheet
    entries = [section] if table.name == "programme" else section
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        brackets = "[programme]" if table.name == "programme" else f"[[{table.name}]]"
        faults.append(
            Fault(
                sheet.file,
                Text(_("needs the section {section}; it holds: {about}"), {"section": brackets, "about": table.about}),
                column=table.name,
            )
        )
        return None
    sheet.columns = list(dict.fromkeys(name for entry in entries for name in entry))
    for number, entry in enumerate(entries, start=1):
        nested = [name for name, value in entry.items() if isinstance(value, dict | list)]
        faults += [
            Fault(sheet.file, Text(_("must be a single value")), number, f"{table.name}.{name}"[:80]) for name in nested
        ]
        sheet.rows.append(Row(number, {name: plain(value) for name, value in entry.items() if name not in nested}))
    return sheet
