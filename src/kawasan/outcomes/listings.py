"""The rows behind the outcomes as files."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from kawasan.applicants.models import Applicant
from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, Listing, listing
from kawasan.core.text import _
from kawasan.outcomes.models import LabourForce, ReportingDate

_PERSON = (
    Column("code", _("Number of the application"), attrgetter("code"), kind=Kind.CODE),
    Column("name", _("Name"), attrgetter("name"), is_personal=True),
)
PEOPLE = listing(
    "measured", _("People of the round"), Applicant,
    "code", "name=person.name", "field=field.code",
    Column("is_measured", _("Measured"), attrgetter("is_measured"), kind=Kind.YES_NO),
    Column("measured_on", _("Day of the measurement"), attrgetter("measured_on"), kind=Kind.DATE),
)  # fmt: skip
ROWS = listing(
    "indicator-rows", _("Rows of the indicator"), None,
    *_PERSON,
    Column("field", _("Field"), attrgetter("field.code"), kind=Kind.CODE),
    Column("sex", _("Sex"), lambda row: in_words(row.sex)),
    Column("measured_on", _("Measured"), attrgetter("measured_on"), kind=Kind.DATE),
    Column("value", _("What the row gives"), attrgetter("value"), about=_("What this person adds to the number"),
        kind=Kind.NUMBER),
)  # fmt: skip
REPORTED_ROWS = listing(
    "reported-rows", _("Rows of the indicator"), None,
    *_PERSON,
    Column("value", _("What the row gives"), attrgetter("value"), kind=Kind.NUMBER),
)  # fmt: skip
EFFECT_ROWS = listing(
    "effect-rows", _("Answers of the round"), None,
    Column("code", _("Number of the application"), lambda row: row[0].applicant.code, kind=Kind.CODE),
    Column("is_drawn", _("Drawn"), lambda row: row[0].kind == "drawn", about=_("Whether the draw gave a seat"),
        kind=Kind.YES_NO),
    Column("is_working", _("Works"), lambda row: _answer(row, "is_working"), kind=Kind.YES_NO),
    Column("hours_per_week", _("Hours a week"), lambda row: _answer(row, "hours_per_week"), kind=Kind.INTEGER),
    Column("turnover_idr", _("Turnover a month"), lambda row: _answer(row, "turnover_idr"), kind=Kind.RUPIAH),
    Column("profit_idr", _("Profit a month"), lambda row: _answer(row, "profit_idr"), kind=Kind.RUPIAH),
    Column("workers", _("Workers"), lambda row: _answer(row, "workers"), kind=Kind.INTEGER),
)  # fmt: skip
SUSTAINABILITY = listing(
    "after-the-assistance", _("After the assistance"), None,
    Column("code", _("Code of the enterprise"), attrgetter("code"), kind=Kind.CODE),
    Column("name", _("Enterprise"), attrgetter("name")),
    Column("is_closed", _("Closed"), attrgetter("is_closed"), kind=Kind.YES_NO),
    Column("received_on", _("In hand since"), attrgetter("received_on"), kind=Kind.DATE),
    Column("months", _("Full months since"), attrgetter("months"),
        about=_("Full months since the assistance is in hand"),
        kind=Kind.INTEGER),
    Column("before_idr", _("Profit a month before"), attrgetter("before_idr"), kind=Kind.RUPIAH),
    Column("profit_idr", _("Profit a month since"), attrgetter("profit_idr"), kind=Kind.RUPIAH),
)  # fmt: skip
LABOUR_FORCES = listing("labour-force", _("Labour force"), LabourForce, "year", "labour_force", "unemployed", "source")
REPORTING_DATES = listing(
    "reporting-dates", _("Reporting dates"), ReportingDate, "reported_on", "frozen_on", "content_hash"
)


def of_unit(rows: Listing, unit: str) -> Listing:
    """The same list, its value being rupiah, yes or no, or a number."""
    kinds = {"rupiah": Kind.RUPIAH, "share": Kind.YES_NO}

    def value(row: Any) -> Any:
        return bool(row.value) if unit == "share" else row.value

    last = replace(rows.columns[-1], kind=kinds.get(unit, Kind.NUMBER), value=value)
    return replace(rows, columns=(*rows.columns[:-1], last))


def _answer(row: Any, name: str) -> Any:
    """What somebody answered; nothing of whom nobody asked."""
    return getattr(row[1], name) if row[1] else None


FIGURES = listing(
    "outcomes", _("Indicators"), None,
    Column("indicator", _("Code of the indicator"), lambda cell: cell.figure.indicator.code, kind=Kind.CODE),
    Column("label", _("Name of the indicator"), lambda cell: in_words(cell.figure.indicator.label)),
    Column("unit", _("Unit of the value"), lambda cell: in_words(cell.figure.indicator.unit.label)),
    Column("round", _("Round"), lambda cell: cell.round.code, kind=Kind.CODE),
    Column("value", _("Value"), lambda cell: cell.figure.value if cell.is_shown else None,
        about=_("In the unit beside it; empty when withheld or when nobody was measured"),
        kind=Kind.NUMBER),
    Column("people", _("People it is about"), lambda cell: cell.figure.denominator if cell.is_shown else None,
           about=_("How many participants the value is about"),
        kind=Kind.INTEGER),
    Column("is_withheld", _("Withheld, since it is of few people"),
           lambda cell: cell.figure.value is not None and not cell.is_shown, kind=Kind.YES_NO),
)  # fmt: skip
