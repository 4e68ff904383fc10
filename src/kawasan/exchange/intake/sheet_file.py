"""A sheet that somebody brings, as rows of cells. It may be made to hurt: what it would grow to is looked at first."""

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

import python_calamine

from kawasan.core.text import _
from kawasan.exchange.reader import Unreadable, plain

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 120_000
MOST_COLUMNS = 130  # to the column DZ; the national portal's export has about ninety
MOST_CELL = 4000  # characters
PIECE = 1024 * 1024
FAR = re.compile(
    rb"""\sr=["'](?:[A-Z]{3}|[E-Z][A-Z])[0-9]|\sr=["'][A-Z]{0,2}(?:1[2-9][0-9]{4}|[2-9][0-9]{5}|[0-9]{7})["']"""
)
"""A cell or row far out: the reader makes room for everything between it and the first."""
OVERLAP = 64  # bytes of one piece that the next is looked at with
Cells = list[Any]


def rows_of(name: str, content: bytes) -> Iterator[Cells]:
    """The rows, the header first. A number stays a number, for Excel makes some of what is none; see ``text_of``."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("is larger than 64 MB; take out pictures, or split it"))
    is_book = content.startswith(b"PK")
    if is_book != (PurePath(name).suffix.lower() == ".xlsx"):
        raise Unreadable(_("is not what its name says; save it again as XLSX or as CSV and choose that file"))
    return _book_rows(content) if is_book else _csv_rows(content)


def text_of(cell: Any) -> str:
    """A cell as text, without what a spreadsheet hides at its ends."""
    return cell.strip() if type(cell) is str else plain(cell)


def _book_rows(content: bytes) -> Iterator[Cells]:
    _refuse_harm(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
            raise Unreadable(_("has more than 120,000 rows or 130 columns; split it"))
        yield from sheet.iter_rows()
    except (python_calamine.CalamineError, OSError, ValueError, IndexError, OverflowError):
        raise Unreadable(_("is not a workbook that can be read; save it again as XLSX")) from None


BROKEN = (
    zipfile.BadZipFile,  # no archive, or a part whose checksum is wrong
    NotImplementedError,  # packed in a way that nobody packs workbooks
    RuntimeError,  # under a password
    zlib.error,
    lzma.LZMAError,
    OSError,  # what bz2 says of garbage
    EOFError,  # a part that was cut off
    ValueError,  # a part that lies before the beginning
)
"""What opening and unpacking says of a file that is broken, or was made to look like a workbook."""


def _refuse_harm(content: bytes) -> None:
    """Unpack all of it once, keeping nothing: what lies about its size or grows without end stops here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = book.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unreadable(
                    _("would grow to more than 400 MB when it is opened; save only the rows in a new file")
                )
            for part in parts:
                _look_through(book, part)
    except BROKEN:
        raise Unreadable(_("is not a workbook that can be read; save it again as XLSX")) from None


def _look_through(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    is_sheet, before = "worksheets/" in part.filename, b""
    with book.open(part) as file:
        while piece := file.read(PIECE):
            if is_sheet and FAR.search(before + piece):
                raise Unreadable(_("has cells below row 120,000 or right of column DZ; clear them, or copy the rows"))
            before = piece[-OVERLAP:]


def _csv_rows(content: bytes) -> Iterator[Cells]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(_("is not UTF-8 here; save it as XLSX, or as CSV UTF-8"), row=line) from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader):
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise Unreadable(_("has more than 120,000 rows or 130 columns; split it"))
            yield cells
    except csv.Error:
        raise Unreadable(
            _("has a quote that is not closed or stands inside a cell; write a quote in a cell twice"),
            row=reader.line_num,
        ) from None


def head_and_first(name: str, content: bytes, most: int) -> tuple[list[str], list[list[str]]]:
    """The names of the columns and the first rows, as they are shown."""
    rows = rows_of(name, content)
    head = [text_of(cell)[:100] for cell in next(rows, [])]
    while head and not head[-1]:
        head.pop()
    first = [[text_of(cell)[:200] for cell in cells] for cells, _n in zip(rows, range(most), strict=False)]
    return head, first


def is_empty(cells: Sequence[Any]) -> bool:
    return not any(cell not in ("", None) and str(cell).strip() for cell in cells)
