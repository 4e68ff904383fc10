"""A table as a workbook to fill in: its columns, what may stand in them, and, if asked for, the rows that are there."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext

from kawasan.core.language import in_words, words_for_unit
from kawasan.core.text import Text, _
from kawasan.exchange.checker import UNIT
from kawasan.exchange.columns import Column
from kawasan.exchange.intake.reading import codes_of
from kawasan.exchange.intake.words import CHOSEN, COLUMNS, NEEDED, TARGETS, label_of
from kawasan.exchange.preview import Values, label
from kawasan.exchange.tables import Table, table_of
from kawasan.programmes.models import Programme
from kawasan.reports.logbook import TABLE_NAMES

KINDS = {
    "string": _("text"),
    "integer": _("whole number, digits only"),
    "number": _("number, with a point before decimals"),
    "boolean": _("true or false"),
    "date": _("date such as 2022-08-26"),
    "datetime": _("date and time such as 2022-10-03T08:00:00+07:00"),
    "time": _("time such as 08:30"),
    "object": _("JSON"),
}
LAST_ROW = 2001  # to which choices are offered


def meaning(column: Column) -> str:
    """What may stand in a column, in words."""
    if column.reference:
        name = Text(TABLE_NAMES[table_of(column.reference).name])
        return in_words(Text(_("code from the table “{table}”"), {"table": name}))
    return in_words(_("one of these:") if column.choices else KINDS[column.kind])


def choices(column: Column) -> list[tuple[str, str]]:
    """The codes that may stand in a column, with their words."""
    labels = dict(column.field.flatchoices)
    return [(code, str(labels[code])) for code in column.choices]


def columns_of(table: Table) -> list[Column]:
    """The columns of a sheet; photos are added on the pages."""
    return [column for column in table.columns if not column.is_photo]


def dictionary(table: Table) -> list[dict[str, Any]]:
    """Every column with its name on the pages, whether it must be filled in, what may stand in it and what it is."""
    rows = [
        {
            "name": column.name,
            "label": label(column),
            "is_needed": column.is_required,
            "meaning": meaning(column),
            "choices": choices(column),
            "about": gettext(str(column.field.help_text)) if column.field.help_text else "",
        }
        for column in columns_of(table)
    ]
    if table.may_name_unit:
        about = gettext("Compared with the commodity's unit, so that nobody enters eggs for kilograms; it is not kept.")
        unit = {"name": UNIT, "label": gettext("unit"), "is_needed": False}
        rows.append({**unit, "meaning": gettext("text"), "choices": [], "about": about})
    return rows


def workbook(table: Table, rows: Iterable[Values] = (), units: dict[str, str] | None = None) -> bytes:
    """The sheet to fill in, and beside it the dictionary of its columns."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        columns = dictionary(table)
        sheet = book.add_worksheet(table.name[:31])
        _head(book, sheet, table, columns)
        for number, values in enumerate(rows, start=1):
            cells = [_cell(column, values[column.name]) for column in columns_of(table)]
            if table.may_name_unit:
                cells.append(next(iter(words_for_unit((units or {}).get(values["commodity"], ""))), ""))
            sheet.write_row(number, 0, cells)
        _write_dictionary(book, columns)
    return file.getvalue()


def intake_template(programme: Programme) -> bytes:
    """An empty sheet of applicants, and beside it what each column is and which words it knows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("applicants"), book.add_format({"bold": True, "bg_color": "#E8EEF5"})
        plain, as_text = book.add_format({"bg_color": "#F4F6FA"}), book.add_format({"num_format": "@"})
        rows = [_intake_row(programme, name) for name in TARGETS]
        for number, row in enumerate(rows):
            sheet.write(0, number, row["name"], bold if row["is_needed"] else plain)
            sheet.set_column(number, number, max(12, len(row["name"]) + 2), as_text)
        sheet.freeze_panes(1, 0)
        _write_dictionary(book, rows)
    return file.getvalue()


def _intake_row(programme: Programme, name: str) -> dict[str, Any]:
    column = COLUMNS.get(name)
    codes = [(code, in_words(words)) for code, words in codes_of(programme, name)] if name in CHOSEN else []
    about = gettext(str(column.field.help_text)) if column and column.field.help_text else ""
    means = gettext("one of these:") if name in CHOSEN else in_words(KINDS[column.kind]) if column else gettext("text")
    said = {"name": name, "label": in_words(label_of(name)), "is_needed": name in NEEDED}
    return said | {"meaning": means, "choices": codes[:200], "about": about}


def _cell(column: Column, value: Any) -> Any:
    """Numbers stay numbers, so that the sheet can add them up; everything else is as it would be in the CSV."""
    return value if column.kind in ("integer", "number") and value is not None else column.show(value)


def _head(book: Any, sheet: Any, table: Table, columns: Sequence[dict[str, Any]]) -> None:
    needed = book.add_format({"bold": True, "bg_color": "#E8EEF5"})
    optional = book.add_format({"bg_color": "#F4F6FA"})
    as_text = book.add_format({"num_format": "@"})
    kinds = {column.name: column for column in columns_of(table)}
    for number, row in enumerate(columns):
        column = kinds.get(row["name"])
        sheet.write(0, number, row["name"], needed if row["is_needed"] else optional)
        sheet.write_comment(0, number, f"{row['label']}: {_in_full(row)}"[:500])
        is_text = column is None or column.kind not in ("integer", "number")
        sheet.set_column(number, number, max(12, len(row["name"]) + 2), as_text if is_text else None)
        codes = [code for code, _label in row["choices"]]
        if codes and sum(map(len, codes)) + len(codes) < 255:  # what Excel can offer
            sheet.data_validation(1, number, LAST_ROW, number, {"validate": "list", "source": codes})
    sheet.freeze_panes(1, 0)


def _in_full(row: dict[str, Any]) -> str:
    """What may stand in a column, every code with its words."""
    return " ".join([row["meaning"], "; ".join(f"{code} = {words}" for code, words in row["choices"])]).strip()


def _write_dictionary(book: Any, columns: Sequence[dict[str, Any]]) -> None:
    sheet = book.add_worksheet(gettext("Dictionary")[:31])
    heads = [
        gettext("Column"),
        gettext("Name on the pages"),
        gettext("Must be filled in"),
        gettext("What may stand there"),
        gettext("What it is"),
    ]
    sheet.write_row(0, 0, heads, book.add_format({"bold": True, "bg_color": "#E8EEF5"}))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, row in enumerate(columns, start=1):
        needed = gettext("yes") if row["is_needed"] else gettext("no")
        sheet.write_row(number, 0, [row["name"], row["label"], needed, _in_full(row), row["about"]], wrapped)
    for number, width in enumerate((22, 26, 12, 50, 70)):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(1, 0)
