"""Every list as a file: its columns are declared once, and give XLSX, CSV and the dictionary of both.

A list is exported at its own address, so that whoever may open the page may take the file, with the page's filters.
"""

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, cast

import xlsxwriter
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, override

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.paging import FEW, all_in_parts
from kawasan.core.secrets import EncryptedField
from kawasan.core.services import log
from kawasan.core.templatetags.kawasan import masked
from kawasan.core.text import Labelled, Text, _

LAST_ROW = 1_048_575  # of a sheet of Excel, its first one being 0
FIRST_YEAR = 1900  # of Excel's days
LONGEST = 32_767  # characters in a cell of Excel
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001  what a spreadsheet takes for a formula
CONTROL = ("\t", "\r", "\n")  # what some spreadsheets skip before they look for one
XLSX, CSV, DICTIONARY = "xlsx", "csv", "dictionary"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
    DICTIONARY: "text/csv; charset=utf-8",
}
TOO_LONG = _("A sheet of Excel has at most {most} rows. Filter the list, or take the CSV.")
Prepare = Callable[[list[Any]], Iterable[Any]]


class Kind(Labelled):
    """What stands in a column."""

    TEXT = "text", _("text")
    CODE = "code", _("text; a code, also where it is all digits")
    MASKED = "masked", _("text; only its last characters are shown")
    DATE = "date", _("day, as year-month-day")
    MOMENT = "moment", _("day and time, in the office's zone")
    INTEGER = "integer", _("whole number")
    RUPIAH = "rupiah", _("rupiah, a whole number")
    NUMBER = "number", _("number")
    SHARE = "share", _("share, from 0 to 1")
    YES_NO = "yes_no", _("true or false; empty when unknown")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in every language, what it is called, what it means, and where its value stands."""

    name: str
    label: Any
    value: Callable[[Any], Any]
    about: Any = ""
    kind: Kind = Kind.TEXT
    is_personal: bool = False
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of rows: the name of its file, its title, and its columns."""

    name: str
    title: str
    columns: tuple[Column, ...]

    @property
    def is_personal(self) -> bool:
        return any(column.is_personal for column in self.columns)

    def without(self, *names: str) -> "Listing":
        """The same without some columns, for whom the page does not show them to."""
        return replace(self, columns=tuple(column for column in self.columns if column.name not in names))


def listing(
    name: str,
    title: str,
    model: type[models.Model] | None,
    *columns: str | Column,
    at: Callable[[Any], Any] | None = None,
) -> Listing:
    """A list whose columns are fields of a model, such as ``name=applicant.person.name``, or declared in full.

    ``at`` finds the model in a row, where a row is more than that.
    """
    return Listing(name, title, tuple(field(model, column, at) for column in columns))


def field(model: type[models.Model] | None, column: str | Column, at: Callable[[Any], Any] | None = None) -> Column:
    """A column that is a field of a model, which says what it is called and means; ``at`` finds the model in a row."""
    if isinstance(column, Column):
        return column
    name, _equals, path = column.rpartition("=")
    fields = _fields(model, path)
    last = fields[-1]
    return Column(
        name=name or path.replace(".", "_"),
        label=Text("{of}: {name}", {"of": _called(fields[-2]), "name": _called(last)})
        if len(fields) > 1
        else _called(last),
        value=_reading(path, last, at),
        about=last.help_text,
        kind=_kind(last),
        is_personal=_tells_who(last),
        choices=tuple(label for code, label in last.flatchoices if code not in ("", None)),
    )


AUTOMATIC = {
    "answered by": _("answered by"),
    "applicant": _("applicant"),
    "by": _("by"),
    "code": _("code"),
    "ended on": _("ended on"),
    "first": _("first"),
    "group": _("group"),
    "proposed by": _("proposed by"),
    "sample": _("sample"),
    "second": _("second"),
    "statement": _("statement"),
}
"""Names that Django makes of a field's own, where its model gives it no other."""


def _called(field: models.Field) -> Any:
    """What a field is called, translated where it is shown."""
    name = field.verbose_name
    return Text(AUTOMATIC.get(name, name)) if isinstance(name, str) else name


def _fields(model: Any, path: str) -> list[models.Field]:
    found = []
    for part in path.split("."):
        if model is None:
            raise FieldDoesNotExist(path)
        found.append(model._meta.get_field(part))
        model = found[-1].related_model
    return found


def _reading(path: str, last: models.Field, at: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """How a row is asked: along the path, until something is missing; a choice in words, a personal number masked."""
    *through, name = path.split(".")
    shown = f"get_{name}_display" if last.choices else name

    def read(row: Any) -> Any:
        row = at(row) if at else row
        for step in through:
            row = None if row is None else getattr(row, step)
        if row is None:
            return None
        found = getattr(row, shown)
        found = found() if last.choices else found
        return masked(found) if isinstance(last, EncryptedField) and found else found

    return read


def _kind(last: models.Field) -> Kind:
    if isinstance(last, EncryptedField):
        return Kind.MASKED
    if last.name.endswith("_idr"):
        return Kind.RUPIAH
    if last.name == "code":
        return Kind.CODE
    kinds = (
        (models.DateTimeField, Kind.MOMENT),
        (models.DateField, Kind.DATE),
        (models.BooleanField, Kind.YES_NO),
        (models.FloatField, Kind.NUMBER),
        (models.ForeignKey, Kind.TEXT),
        (models.IntegerField, Kind.INTEGER),
    )
    is_chosen = bool(last.choices)
    return next((kind for cls, kind in kinds if isinstance(last, cls) and not is_chosen), Kind.TEXT)


def _tells_who(last: models.Field) -> bool:
    """Whether a field says who somebody is or how to reach them; models name such fields themselves."""
    if isinstance(last, EncryptedField):
        return True
    of = last.related_model or last.model
    personal: frozenset[str] = getattr(of, "personal", frozenset())
    return bool(personal) if last.related_model else last.name in personal


def listed(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    listing: Listing,
    prepare: Prepare = iter,
    rows: Iterable[Any] | None = None,
) -> HttpResponse:
    """The page of a list; at the same address, with ``export=``, all of its rows as a file.

    The rows are those that the page turns, unless others are given. ``prepare`` makes of some rows what the columns are
    read from, as the view does with those that it shows.
    """
    kind = request.GET.get("export")
    if kind not in TYPES:
        return render(request, template, {**context, "can_export": True})
    rows = context["page"].paginator.object_list if rows is None else rows
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    try:
        count = write(file, kind, listing, _prepared(rows, prepare))
        _log(request, listing, kind, count)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = _file_name(request, listing, kind)
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind]))


def _log(request: HttpRequest, listing: Listing, kind: str, count: int) -> None:
    """Who took a list that says who people are stands in the log."""
    programme = getattr(request, "programme", None)
    if programme and listing.is_personal and kind != DICTIONARY:
        by = request.user if request.user.is_authenticated else None
        log("core.list_exported", programme, by=by, is_written=False, list=listing.name, kind=kind, count=count)


def _file_name(request: HttpRequest, listing: Listing, kind: str) -> str:
    """The list, the thing whose list it is, and the programme: two files never have one name for two lists."""
    of_what = request.resolver_match.kwargs.get("code", "") if request.resolver_match else ""
    programme = getattr(getattr(request, "programme", None), "code", "")
    parts = [listing.name, of_what, programme, *(["dictionary"] if kind == DICTIONARY else [])]
    return f"{slugify(' '.join(parts))}.{XLSX if kind == XLSX else CSV}"


def _prepared(rows: Iterable[Any], prepare: Prepare) -> Iterator[Any]:
    """Rows a part at a time, so that a list of any length needs little memory."""
    found = all_in_parts(rows) if isinstance(rows, QuerySet) else iter(rows)
    while part := list(islice(found, FEW)):
        yield from prepare(part)


def write(file: IO[bytes], kind: str, listing: Listing, rows: Iterable[Any]) -> int:
    """Write one kind of file, and say how many rows it has."""
    if kind == XLSX:
        return _write_workbook(file, listing, rows)
    if kind == DICTIONARY:
        return _write_csv(file, [in_words(head) for head in HEADS], dictionary(listing))
    lines = ([_as_text(column.value(row), column.kind) for column in listing.columns] for row in rows)
    return _write_csv(file, [column.name for column in listing.columns], lines)


def _write_csv(file: IO[bytes], heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    """Comma-separated UTF-8 with a byte order mark, without which Excel takes it for another alphabet."""
    writer = csv.writer(_Encoded(file), lineterminator="\r\n")
    file.write(b"\xef\xbb\xbf")
    writer.writerow(heads)
    return sum(
        1 for line in lines if writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in line])
    )


@dataclass(frozen=True, slots=True)
class _Encoded:
    """Text that a file of bytes takes."""

    file: IO[bytes]

    def write(self, text: str) -> int:
        return self.file.write(text.encode())


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what looks like one."""
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    return text.startswith(CONTROL) or text.lstrip().startswith(FORMULA)


def _as_text(value: Any, kind: Kind) -> Any:
    """A value as it stands in a CSV: days as ISO 8601, numbers with a point, true or false."""
    value = plain(value, kind)
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else value


def plain(value: Any, kind: Kind) -> Any:
    """A value without what only pages need: sentences in words, moments in the office's zone, whole rupiah."""
    if value is None or value == "":
        return None
    if isinstance(value, list | tuple):
        return "; ".join(str(plain(one, Kind.TEXT)) for one in value) or None
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime.date | bool):
        return value
    if isinstance(value, int | float) and kind not in (Kind.TEXT, Kind.CODE, Kind.MASKED):
        return round(value) if kind in (Kind.RUPIAH, Kind.INTEGER) else value
    return in_words(value) if isinstance(value, Text | dict) else str(value)


HEADS = (
    _("Column"),
    _("Name in Indonesian"),
    _("Name in English"),
    _("What stands there"),
    _("What it is"),
    _("Says who somebody is"),
)


def dictionary(listing: Listing) -> Iterator[list[str]]:
    """Every column with its names, its values and its meaning."""
    for column in listing.columns:
        labels = []
        for language in ("id", "en"):
            with override(language):
                labels.append(_capital(in_words(column.label)))
        kind = in_words(column.kind.label)
        if column.choices:
            kind = f"{gettext('one of these:')} {'; '.join(str(choice) for choice in column.choices)}"
        about = in_words(column.about) if isinstance(column.about, Text | str) else str(column.about)
        yield [column.name, *labels, kind, about, gettext("yes") if column.is_personal else gettext("no")]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _write_workbook(file: IO[bytes], listing: Listing, rows: Iterable[Any]) -> int:
    """A list as a sheet, and what its columns are on the next. Rows go to the disk as they come, and cost no memory."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        count = _write_sheet(book, listing, rows)
        _write_dictionary(book, listing)
    return count


def _write_sheet(book: Any, listing: Listing, rows: Iterable[Any]) -> int:
    sheet, number = book.add_worksheet(in_words(listing.title)[:31]), 0
    formats = _formats(book)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(listing.columns):
        sheet.set_column(place, place, max(len(column.name) + 2, WIDTHS.get(column.kind, 18)))
        sheet.write_string(0, place, column.name, formats["head"])
    for number, row in enumerate(rows, start=1):
        if number > LAST_ROW:
            raise Refused(Text(TOO_LONG, {"most": LAST_ROW}))
        for place, column in enumerate(listing.columns):
            _write_cell(sheet, number, place, plain(column.value(row), column.kind), column.kind, formats)
    if listing.columns:
        sheet.autofilter(0, 0, max(number, 1), len(listing.columns) - 1)
    return number


WIDTHS = {Kind.TEXT: 24, Kind.CODE: 14, Kind.DATE: 12, Kind.MOMENT: 17, Kind.YES_NO: 8, Kind.RUPIAH: 16}


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E8EEF5"}),
        "text": book.add_format({"num_format": "@"}),
        "formula": book.add_format({"num_format": "@", "quote_prefix": True}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.RUPIAH: book.add_format({"num_format": "#,##0"}),
        Kind.SHARE: book.add_format({"num_format": "0.0000"}),
    }


def _write_cell(sheet: Any, row: int, place: int, value: Any, kind: Kind, formats: dict[str, Any]) -> None:
    """Text is written as text, so that it is never worked out, also when somebody opens the cell to edit it."""
    if value is None:
        return
    if isinstance(value, datetime.date) and value.year < FIRST_YEAR:
        value = value.isoformat()
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, datetime.datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), formats[Kind.MOMENT])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, place, value, formats[Kind.DATE])
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, formats.get(kind))
    else:
        text = str(value)[:LONGEST]
        sheet.write_string(row, place, text, formats["formula" if is_formula(text) else "text"])


def _write_dictionary(book: Any, listing: Listing) -> None:
    sheet, head = book.add_worksheet(gettext("Data dictionary")[:31]), _formats(book)["head"]
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (title, width) in enumerate(zip(HEADS, (24, 28, 28, 40, 60, 14), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, in_words(title), head)
    for number, line in enumerate(dictionary(listing), start=1):
        for place, cell in enumerate(line):
            sheet.write_string(number, place, cell[:LONGEST], wrapped)
    sheet.freeze_panes(1, 0)
