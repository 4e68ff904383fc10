"""A mentor's performance report as it is shown, stored and handed in: PDF and XLSX, in Indonesian."""

import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import xlsxwriter
from django.utils.translation import gettext, override

from kawasan.core import language
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.models import Mentor
from kawasan.mentoring.models import MentorReport
from kawasan.mentoring.services import freeze_report
from kawasan.reports import performance, services

WIDTHS = (8, 45, 60, 70)  # characters of the columns of the workbook


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about."""

    starts_on: datetime.date
    ends_on: datetime.date


def frozen(reports: Iterable[MentorReport], period: Period) -> MentorReport | None:
    """The report of exactly these days, if it was frozen."""
    return next((one for one in reports if (one.starts_on, one.ends_on) == (period.starts_on, period.ends_on)), None)


def content(mentor: Mentor, period: Period) -> dict[str, Any]:
    """What the report says now, in the reader's language."""
    return _said(performance.facts(mentor, period.starts_on, period.ends_on), _approver(mentor), period)


def _approver(mentor: Mentor) -> str:
    host = mentor.programme.organisations.filter(kind="host").first()
    return str(host) if host else "–"


def _said(found: performance.Facts, approver: str, period: Period) -> dict[str, Any]:
    return {
        "title": gettext("Performance report of a mentor"),
        "programme": found.mentor.programme.name,
        "mentor": str(found.mentor),
        "days": _days(period),
        "rows": performance.stored(performance.rows(found, approver)),
    }


def _days(period: Period) -> str:
    return gettext("{first} to {last}").format(
        first=language.date(period.starts_on), last=language.date(period.ends_on)
    )


def kept_content(kept: MentorReport) -> dict[str, Any]:
    """What a frozen report says, in the reader's language; one that was frozen in Indonesian alone, as it is."""
    own = kept.content.get(language.locale(), kept.content)
    return own | {"days": _days(Period(kept.starts_on, kept.ends_on))}


def freeze(*, mentor: Mentor, period: Period, by: User | None, on: datetime.date) -> MentorReport:
    """Keep the official report as it is now, and what its page says in English; its entries stay from then on."""
    found, approver = performance.facts(mentor, period.starts_on, period.ends_on), _approver(mentor)
    with override("en"):
        english = _said(found, approver, period)
    with override(services.OFFICIAL):
        said = _said(found, approver, period) | {"en": english}
    return freeze_report(mentor=mentor, starts_on=period.starts_on, ends_on=period.ends_on, content=said, by=by, on=on)


def take(*, mentor: Mentor, period: Period, form: Literal["pdf", "xlsx"], by: User | None) -> bytes:
    """The report as a file; it names people, so taking it is logged."""
    log("reports.mentor_report_taken", mentor, by=by, is_written=False, form=form)
    kept = frozen(mentor.reports.all(), period)
    with override(services.OFFICIAL):
        said = kept.content if kept else content(mentor, period)
        state = (
            gettext("Frozen on {day}, SHA-256 {hash}").format(day=language.date(kept.frozen_on), hash=kept.content_hash)
            if kept
            else gettext("Not frozen: figures may still change")
        )
        return _pdf(said, state) if form == "pdf" else _xlsx(said, state)


def _pdf(said: dict[str, Any], state: str) -> bytes:
    official = {name: part for name, part in said.items() if name != "en"}
    words = {"number": gettext("No."), "row": gettext("Row"), "value": gettext("Value")}
    return services.typeset("mentor_report", official | {"state": state, "words": words})


def _xlsx(said: dict[str, Any], state: str) -> bytes:
    """One sheet with the rows, one with every entry; text is written as text, never as a formula."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        report, entries = book.add_worksheet(gettext("Report")), book.add_worksheet(gettext("Entries"))
        for sheet in (report, entries):
            for column, width in enumerate(WIDTHS):
                sheet.set_column(column, column, width)
        head = [said["title"], said["programme"], f"{said['mentor']}, {said['days']}", state]
        for line, text in enumerate(head):
            report.write_string(line, 1, text, bold if not line else plain)
        lines = [[row["number"], row["title"], row["value"]] for row in said["rows"]]
        _table(report, len(head) + 1, [gettext("No."), gettext("Row"), gettext("Value")], lines, bold, plain)
        details = [[row["number"], row["title"], *entry[:2]] for row in said["rows"] for entry in row["entries"]]
        heads = [gettext("No."), gettext("Row"), gettext("About"), gettext("Entry")]
        _table(entries, 0, heads, details, bold, plain)
    return written.getvalue()


def _table(sheet: Any, first: int, heads: list[str], lines: list[list[str]], bold: Any, plain: Any) -> None:
    for column, text in enumerate(heads):
        sheet.write_string(first, column, text, bold)
    for line, cells in enumerate(lines, start=first + 1):
        for column, text in enumerate(cells):
            sheet.write_string(line, column, text, plain)
