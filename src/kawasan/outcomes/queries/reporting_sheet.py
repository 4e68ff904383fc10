"""The indicators of a reporting date as a sheet, one number a row, with what the columns are."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext

from kawasan.core.language import in_words
from kawasan.core.text import _
from kawasan.outcomes import rules
from kawasan.outcomes.models import ReportingDate
from kawasan.outcomes.rules import Dimension, Line, Reported

COLUMNS = {
    "reporting_date": _("Day that the number is about"),
    "indicator": _("Code of the indicator"),
    "name": _("Name of the indicator"),
    "by": _("By what the participants are taken apart; empty for all"),
    "part": _("Which of them"),
    "numerator": _("Who is counted; empty when withheld, or when it is a mean"),
    "denominator": _("Of how many people; empty when withheld"),
    "value": _("Share of the people, or rupiah a month; empty when withheld or when there is nobody"),
    "unit": _("Unit of the value"),
    "withheld": _("Whether something is withheld, so that no figure of fewer than five people can be worked out"),
}


def rows(frozen: ReportingDate, lines: Sequence[Line], labels: Mapping[tuple[str, str], str]) -> list[list[Any]]:
    return [_row(frozen, cell, labels) for line in lines for cell in line.cells]


def _row(frozen: ReportingDate, cell: Reported, labels: Mapping[tuple[str, str], str]) -> list[Any]:
    of = cell.definition
    is_all = of is rules.PARTICIPANTS
    return [
        frozen.reported_on.isoformat(), of.code, in_words(of.label),
        in_words(Dimension(cell.dimension).label) if cell.dimension else "",
        labels.get((cell.dimension, cell.part), cell.part), cell.count, cell.whole,
        None if is_all else cell.value, gettext("people") if is_all else in_words(of.measure.label),
        gettext("yes") if cell.is_withheld else gettext("no"),
    ]  # fmt: skip


def dictionary() -> list[list[str]]:
    """What every column and every indicator is."""
    columns = [[name, in_words(about), "", ""] for name, about in COLUMNS.items()]
    return columns + [
        [of.code, in_words(of.counted), in_words(rules.denominator(of).label), in_words(of.source)]
        for of in rules.BY_NAME.values()
    ]


def as_csv(found: Sequence[Sequence[Any]]) -> bytes:
    with StringIO(newline="") as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(found)
        return text.getvalue().encode("utf-8-sig")


def as_xlsx(found: Sequence[Sequence[Any]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = [gettext("Column or indicator"), gettext("What it is"), gettext("Out of"), gettext("Source")]
        for title, first, rest in (
            (gettext("Indicators"), list(COLUMNS), found),
            (gettext("Data dictionary"), head, dictionary()),
        ):
            sheet = book.add_worksheet(title[:31])
            sheet.write_row(0, 0, first, book.add_format({"bold": True}))
            for number, cells in enumerate(rest, start=1):
                sheet.write_row(number, 0, cells)
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return file.getvalue()
