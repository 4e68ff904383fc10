"""What a page shows of proposed changes: the columns by their labels, before and after as people read them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from kawasan.applicants.models import Applicant, Person, ProposedChange, ProposedValue
from kawasan.applicants.rules.changes import HIDDEN
from kawasan.areas.models import Place
from kawasan.core import language
from kawasan.core.templatetags.kawasan import masked, yes_no
from kawasan.programmes.models import Field


@dataclass(frozen=True, slots=True)
class Line:
    """One column of a proposal."""

    label: str | Promise
    before: str
    after: str
    is_hidden: bool
    is_stale: bool


def labels(change: ProposedChange) -> list[str | Promise]:
    """The columns that a proposal changes."""
    return [label_of(value) for value in change.values.all()]


def lines(change: ProposedChange, *, is_clear: bool) -> list[Line]:
    """Before and after of every column; numbers by their last digits unless somebody said why."""
    return [_line(value, change.applicant, is_clear=is_clear) for value in change.values.all()]


def row_of(value: ProposedValue, applicant: Applicant) -> Person | Applicant:
    """The row that holds the column of a proposed value."""
    return applicant.person if value.is_of_person else applicant


def label_of(value: ProposedValue) -> str | Promise:
    """What the column is called."""
    return column_of(_model(value), value.column).verbose_name


def column_of(model: type[Person | Applicant], name: str) -> Any:
    """The column of that name."""
    return model._meta.get_field(name)


def written(row: Person | Applicant, name: str) -> str:
    """A column as text; empty where nothing is known."""
    value = getattr(row, column_of(type(row), name).attname)
    return "" if value is None else str(value)


def _model(value: ProposedValue) -> type[Person | Applicant]:
    return Person if value.is_of_person else Applicant


def _line(value: ProposedValue, applicant: Applicant, *, is_clear: bool) -> Line:
    return Line(
        label=label_of(value),
        before=_shown(value, value.before, is_clear=is_clear),
        after=_shown(value, value.after, is_clear=is_clear),
        is_hidden=value.column in HIDDEN,
        is_stale=written(row_of(value, applicant), value.column) != value.before,
    )


def _shown(value: ProposedValue, text: str, *, is_clear: bool) -> str:
    """A value as its reader writes it."""
    column = column_of(_model(value), value.column)
    if text == "":
        return "–"
    if value.column in HIDDEN:
        return text if is_clear else masked(text)
    if column.choices:
        return str(dict(column.flatchoices).get(text, text))
    if column.is_relation:
        return _named(column.related_model, text)
    return _plain(value.column, column.to_python(text))


def _named(model: type[Place | Field], key: str) -> str:
    found = model._base_manager.filter(pk=key).first()
    return str(found) if found else key


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, datetime.date):
        return language.date(value)
    if isinstance(value, int):
        return language.rupiah(value) if name.endswith("_idr") else language.number(value)
    return str(value)
