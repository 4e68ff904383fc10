"""Reads the files of a programme folder into rows of text, with a sentence for everything that cannot be read."""

import csv
import datetime
import errno
import io
import re
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

TOML_SECTION = re.compile(r"\s*\[\[?\s*([\w-]+)\s*(?:\.\s*([\w-]+))?")
TOML_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]")
TOML_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


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
    """A row as it was written: cells by column. In TOML each of them has a line of its own."""

    number: int
    cells: dict[str, str]
    lines: dict[str, int] = field(default_factory=dict)

    def line(self, column: str) -> int:
        """Where a column of the row stands."""
        return self.lines.get(column, self.number)


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
            sheets.append(read_table(table, path, faults))
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


def contents(path: Path) -> bytes:
    """The bytes of a file that is not too large to be one of ours."""
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
    raw = contents(path)
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


def read_table(table: Table, path: Path, faults: list[Fault]) -> Sheet:
    rows = lines(path)
    header = next(rows, None)
    if header is None:
        raise Unreadable(
            _("is empty; its first row must name the columns: {columns}"),
            columns=", ".join(c.name for c in table.columns),
        )
    columns = [name.strip() for name in header[1]]
    if len(columns) == 1 and len(table.columns) > 1 and any(mark in columns[0] for mark in ";\t|"):
        raise Unreadable(_("separates its columns with something else than commas; save it with commas"), row=1)
    sheet = Sheet(table, path.name, columns)
    for number, cells in rows:
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


def lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file or of the first sheet of a workbook as cells of text, each with its line."""
    return _xlsx_lines(path) if path.suffix.lower() == ".xlsx" else csv_lines(_text(path))


def csv_lines(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(contents(path)))
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry of a TOML document and its keys stand."""

    line: int
    keys: dict[str, int] = field(default_factory=dict)


def _places(text: str) -> dict[str, list[Place]]:
    """Where the entries of each section stand, in their order; the reader of TOML itself does not say."""
    places: dict[str, list[Place]] = {}
    entry, until = None, ""
    for number, line in enumerate(text.split("\n"), start=1):
        quotes = [until] if until else ['"""', "'''"]
        opened = next((quote for quote in quotes if line.count(quote) % 2), "")
        if until:  # within a text of many lines
            until = "" if opened else until
            continue
        until = opened
        if found := TOML_SECTION.match(line):
            entry = Place(number)
            if found[2] and found[1] in places:  # a section of a section
                places[found[1]][-1].keys.setdefault(found[2], number)
            else:
                places.setdefault(found[1], []).append(entry)
        elif found := TOML_KEY.match(line):
            if entry is None:
                places.setdefault(found[1], []).append(Place(number))
            else:
                entry.keys.setdefault(found[1], number)
    return places


def _place(places: dict[str, list[Place]], section: str, number: int = 0) -> Place:
    """Where an entry stands; entries on one line stand where the last one does."""
    found = places.get(section, [Place(1)])
    return found[min(number, len(found) - 1)]


def _read_toml(folder: Path) -> tuple[list[Sheet], list[Fault]]:
    path = folder / "programme.toml"
    if not path.exists():
        return [], [
            Fault(path.name, Text(_("is missing; it names the programme, its fields, rules, quotas and calendar")))
        ]
    try:
        text = _text(path)
        document = tomllib.loads(text)
    except Unreadable as error:
        return [], [Fault(path.name, error.text, error.row)]
    except (ValueError, RecursionError) as error:
        return [], [_toml_fault(path, text, str(error))]
    places = _places(text)
    faults: list[Fault] = []
    found = [_toml_sheet(table, document.get(table.name), places, faults) for table in TOML_TABLES]
    for name in sorted(set(document) - {table.name for table in TOML_TABLES}):
        line = _place(places, name).line
        faults.append(Fault(path.name, Text(_("has a section that is not known; take it out")), line, name[:60]))
    return [sheet for sheet in found if sheet], faults


def _toml_fault(path: Path, text: str, why: str) -> Fault:
    """Where a document is not TOML, in the words of its reader."""
    found = TOML_LINE.search(why)
    end = len(text.rstrip().split("\n"))
    line = int(found[1] or end) if found else None
    template = _("is not TOML here ({why}); write texts in quotes, and each key once in its section")
    return Fault(path.name, Text(template, {"why": TOML_LINE.sub("", why)[:200]}), line)


def _toml_sheet(table: Table, section: Any, places: dict[str, list[Place]], faults: list[Fault]) -> Sheet | None:
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
                _place(places, table.name).line if table.name in places else None,
                table.name,
            )
        )
        return None
    sheet.columns = list(dict.fromkeys(name for entry in entries for name in entry))
    for number, entry in enumerate(entries):
        place = _place(places, table.name, number)
        nested = [name for name, value in entry.items() if isinstance(value, dict | list)]
        row = Row(place.line, {name: plain(v) for name, v in entry.items() if name not in nested}, place.keys)
        faults += [
            Fault(sheet.file, Text(_("must be a single value")), row.line(name), f"{table.name}.{name}"[:80])
            for name in nested
        ]
        sheet.rows.append(row)
    return sheet
