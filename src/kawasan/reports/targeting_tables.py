"""Targeting as tables: what the page shows, and the same as files."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from kawasan.applicants.rules import Figure, GroupedBy
from kawasan.applicants.services.targeting import Measured, Row, group_of, label_of
from kawasan.core.language import in_words, number, percent
from kawasan.core.listing import harmless


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is read: what it is, its interval, and on how many people it rests."""

    figure: str
    label: str
    value: str
    interval: str
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """A way to choose, or a group, with its figures."""

    code: str
    label: str
    people: int
    cells: list[Cell]


def ways(found: Sequence[Measured]) -> list[Line]:
    """The figures of each way to choose."""
    return [Line(one.version.code, label_of(one.version), one.whole.people, _cells(one.whole)) for one in found]


def groups(found: Measured) -> list[tuple[GroupedBy, list[Line]]]:
    """The figures of each group under one way to choose."""
    return [
        (by, [Line(name, name, of.people, _cells(of)) for name, of in members.items()])
        for by, members in found.groups.items()
    ]


def differences(found: Sequence[Measured]) -> list[Line]:
    """What each other way does otherwise than the first."""
    return [
        Line(one.version.code, label_of(one.version), than.differing, [
            _cell(Figure.INCLUSION, than.inclusion_error, is_difference=True),
            _cell(Figure.EXCLUSION, than.exclusion_error, is_difference=True),
            _cell(Figure.INDEX, than.index),
        ])
        for one in found
        if (than := one.against_first)
    ]  # fmt: skip


def _cells(of: Any) -> list[Cell]:
    return [_cell(figure, getattr(of, figure.value)) for figure in Figure]


def _cell(figure: Figure, estimate: Any, *, is_difference: bool = False) -> Cell:
    written = _written(figure, is_difference=is_difference)
    if estimate.value is None:
        return Cell(figure, in_words(figure.label), "", "", estimate.people)
    if estimate.low is None:
        return Cell(figure, in_words(figure.label), written(estimate.value), "", estimate.people)
    ends = _("{low} to {high}").format(low=written(estimate.low), high=written(estimate.high))
    return Cell(figure, in_words(figure.label), written(estimate.value), ends, estimate.people)


def _written(figure: Figure, *, is_difference: bool) -> Callable[[float], str]:
    """How a figure is written: an index as a number, a share in per cent, a difference of shares in points."""
    if figure == Figure.INDEX:
        return number
    return _points if is_difference else percent


def share(estimate: Any) -> Cell:
    """A share that no column shows."""
    return _cell(Figure.COVERAGE, estimate)


def _points(share: float) -> str:
    """Per cent points, with the sign that says which way."""
    points = round(100 * share)
    return f"{'+' if points > 0 else ''}{number(points, 0)}"


def behind(rows: Iterable[Row], figure: str, by: str, group: str) -> list[Row]:
    """The people on whom a figure rests: those with a seat, those in need, or all; those whom it counts come first."""
    among = [row for row in rows if not by or group_of(row.check, GroupedBy(by)) == group]
    if figure == Figure.INCLUSION:
        among = [row for row in among if row.seat > 0]
    elif figure in (Figure.EXCLUSION, Figure.COVERAGE):
        among = [row for row in among if row.check.is_in_need]
    return sorted(among, key=lambda row: (not _is_counted(row, figure), row.check.applicant.code))


def _is_counted(row: Row, figure: str) -> bool:
    if figure == Figure.INCLUSION:
        return not row.check.is_in_need
    return row.seat < 1 if figure == Figure.EXCLUSION else row.seat > 0


def headings() -> list[str]:
    """The columns of the file: one row a figure."""
    return [
        _("How people are chosen"), _("Group by"), _("Group"), _("Figure"), _("Value"), _("Interval from"),
        _("Interval to"), _("People of the sample it rests on"),
    ]  # fmt: skip


def file_rows(found: Sequence[Measured]) -> Iterator[list[Any]]:
    """Every figure of the page, as numbers."""
    for one in found:
        yield from _file_rows(label_of(one.version), "", "", one.whole)
        for by, members in one.groups.items():
            for name, of in members.items():
                yield from _file_rows(label_of(one.version), in_words(by.label), name, of)


def _file_rows(way: str, by: str, group: str, of: Any) -> Iterator[list[Any]]:
    for figure in Figure:
        estimate = getattr(of, figure.value)
        ends = [estimate.value, estimate.low, estimate.high]
        yield [way, by, group, in_words(figure.label), *ends, estimate.people]


def as_csv(found: Sequence[Measured]) -> bytes:
    """The figures as CSV; Excel knows UTF-8 by its mark."""
    text = StringIO()
    written = csv.writer(text)
    written.writerow(headings())
    written.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in file_rows(found))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(found: Sequence[Measured]) -> bytes:
    """The figures as a workbook."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("Targeting quality")[:31])
        sheet.write_row(0, 0, headings(), book.add_format({"bold": True}))
        for place, row in enumerate(file_rows(found), start=1):
            sheet.write_row(place, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()
