"""A column of a programme folder, derived from the model field it fills: one definition for check, dump and schema."""

import calendar
import datetime
import difflib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils.timezone import get_default_timezone

from kawasan.core.forms import FIRST_DAY, LAST_DAY, MOST_QUANTITY
from kawasan.core.photos import PhotoField
from kawasan.core.text import Text, _

SHOWN = 60  # characters of a faulty value that a message repeats
N = TypeVar("N", int, float)
WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)  # 18 digits fit a 64-bit column
EXCEL_EPOCH = datetime.date(1899, 12, 30)
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")


class BadCell(Exception):
    """A cell cannot be used; ``text`` says why and what would be right."""

    def __init__(self, template: str, **params: Any) -> None:
        self.text = Text(template, params)
        super().__init__(str(self.text))


@dataclass(frozen=True)
class Column:
    """One column: its name, and the model field that says what may stand in it."""

    name: str
    field: models.Field

    @cached_property
    def kind(self) -> str:
        """The Table Schema type, or ``reference`` for a code of another table."""
        if self.reference:
            return "reference"
        return next(kind for cls, kind in KINDS if isinstance(self.field, cls))

    @cached_property
    def reference(self) -> type[models.Model] | None:
        """The model whose code stands in this column."""
        return self.field.related_model if isinstance(self.field, models.ForeignKey) else None  # type: ignore[return-value]

    @property
    def is_photo(self) -> bool:
        """Whether it names a file that lies beside the rows."""
        return isinstance(self.field, PhotoField)

    @property
    def is_required(self) -> bool:
        """Whether an empty cell is a fault."""
        may_be_empty = self.field.null if self.kind == "boolean" else self.field.blank  # every BooleanField is blank
        return not (may_be_empty or self._has_default)

    @property
    def _has_default(self) -> bool:
        return self.field.has_default() and self.kind != "object"

    @property
    def attribute(self) -> str:
        """Where the model keeps the value: the id for a reference."""
        return self.field.attname

    @property
    def choices(self) -> list[str]:
        """The codes that are allowed; empty when anything is."""
        return [value for value, _label in self.field.flatchoices if value != ""]

    @property
    def bounds(self) -> dict[str, Any]:
        """Least and most value, in Table Schema's words.

        Whole numbers have the narrowest range of all databases, not that of the one in use: a folder that is good
        on one computer is good on every other.
        """
        low, high = BaseDatabaseOperations.integer_field_ranges.get(self.field.get_internal_type(), (None, None))
        least, most = [low], [high]
        for validator in self.field.validators:
            if isinstance(validator, MinValueValidator):
                least.append(validator.limit_value)
            elif isinstance(validator, MaxValueValidator):
                most.append(validator.limit_value)
        lows, highs = ([value for value in ends if value is not None] for ends in (least, most))
        return ({"minimum": max(lows)} if lows else {}) | ({"maximum": min(highs)} if highs else {})

    def parse(self, cell: str) -> Any:
        """The value of a cell; a reference stays a code. Raises BadCell."""
        cell = cell.strip()
        if "\x00" in cell:
            raise BadCell(_("the cell has a NUL character; remove it"))
        if not cell:
            return self._empty()
        value = PARSERS[self.kind](cell)
        if self.kind == "string":
            value = self.field.to_python(value)  # a phone number has one form however it is written
        self._check(cell, value)
        return value

    def _empty(self) -> Any:
        if self.is_required:
            raise BadCell(_("is empty; write {example}"), example=self.example)
        if self._has_default or self.kind == "boolean":
            return self.field.get_default()
        return None if self.field.null else ""

    def _check(self, cell: str, value: Any) -> None:
        if self.choices and value not in self.choices:
            near = difflib.get_close_matches(cell, self.choices, n=1)
            allowed = ", ".join(near or self.choices)
            raise BadCell(_('"{value}" is not allowed; write {allowed}'), value=cell[:SHOWN], allowed=allowed)
        if self.field.max_length and isinstance(value, str) and len(value) > self.field.max_length:
            raise BadCell(
                _('"{value}…" has {length} characters; write at most {most}'),
                value=cell[:20],
                length=len(value),
                most=self.field.max_length,
            )
        self._check_bounds(cell, value)

    def _check_bounds(self, cell: str, value: Any) -> None:
        bounds = self.bounds
        if "minimum" in bounds and value < bounds["minimum"]:
            raise BadCell(
                _('"{value}" is too small; write {least} or more'), value=cell[:SHOWN], least=str(bounds["minimum"])
            )
        if "maximum" in bounds and value > bounds["maximum"]:
            raise BadCell(
                _('"{value}" is too large; write {most} or less'), value=cell[:SHOWN], most=str(bounds["maximum"])
            )
        if self.reference or self.kind == "object":
            return
        try:
            self.field.run_validators(value)
        except ValidationError as error:
            raise BadCell('"{value}": {why}', value=cell[:SHOWN], why=" ".join(error.messages)) from None

    def show(self, value: Any) -> str:
        """A value as the cell that ``parse`` reads back."""
        if value is None:
            return ""
        return SHOWERS.get(self.kind, str)(value)

    @property
    def example(self) -> str:
        """Something that could stand in the column."""
        if self.reference:
            return "a code of that table"
        return self.choices[0] if self.choices else EXAMPLES[self.kind]


KINDS: tuple[tuple[type[models.Field], str], ...] = (
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.TimeField, "time"),
    (models.BooleanField, "boolean"),
    (models.FloatField, "number"),
    (models.IntegerField, "integer"),
    (models.JSONField, "object"),
    (models.CharField, "string"),
    (models.TextField, "string"),
)
EXAMPLES = {
    "datetime": "2022-10-03T08:00:00+07:00",
    "date": "2022-08-26",
    "time": "08:30",
    "boolean": "true",
    "number": "12.5",
    "integer": "12",
    "object": "{}",
    "string": "a text",
}


def _plausible(cell: str, value: N) -> N:
    if abs(value) > MOST_QUANTITY:
        raise BadCell(_('"{value}" is too large; write {most} or less'), value=cell[:SHOWN], most=str(MOST_QUANTITY))
    return value


def parse_integer(cell: str) -> int:
    if WHOLE.fullmatch(cell):
        return _plausible(cell, int(cell))
    digits = re.sub(r"[.,\s]|Rp", "", cell)
    if WHOLE.fullmatch(digits) and not re.fullmatch(r".*[.,]\d{1,2}", cell):
        raise BadCell(_('"{value}" is not a whole number; write {right}'), value=cell[:SHOWN], right=str(int(digits)))
    raise BadCell(_('"{value}" is not a whole number; write digits only, for example 1250000'), value=cell[:SHOWN])


def parse_number(cell: str) -> float:
    try:
        value = float(cell) if cell.isascii() and "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return _plausible(cell, value)
    if re.fullmatch(r"-?\d{1,15},\d+", cell, re.ASCII):
        raise BadCell(_('"{value}" is not a number; write {right}'), value=cell[:SHOWN], right=cell.replace(",", "."))
    raise BadCell(
        _('"{value}" is not a number; write digits with a decimal point, for example 12.5'), value=cell[:SHOWN]
    )


def parse_boolean(cell: str) -> bool:
    known = {"true": True, "false": False}
    if cell in known:
        return known[cell]
    guess = {"ya": "true", "yes": "true", "1": "true", "tidak": "false", "no": "false", "0": "false"}
    right = guess.get(cell.lower(), cell.lower() if cell.lower() in known else "true or false")
    raise BadCell(_('"{value}" is not true or false; write {right}'), value=cell[:SHOWN], right=right)


def parse_date(cell: str) -> datetime.date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell, re.ASCII):
        try:
            day = datetime.date.fromisoformat(cell)
        except ValueError:
            pass
        else:
            if FIRST_DAY <= day <= LAST_DAY:
                return day
            gaps = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()}
            raise BadCell(_('"{value}" cannot be meant; write a day from {first} to {last}'), value=cell, **gaps)
    raise BadCell(_('"{value}" is not a date; write {right}'), value=cell[:SHOWN], right=_right_date(cell))


def _right_date(cell: str) -> str:
    """The day that was most likely meant."""
    if re.fullmatch(r"\d{5}(\.0)?", cell, re.ASCII):
        return (EXCEL_EPOCH + datetime.timedelta(days=int(float(cell)))).isoformat()
    if match := DAY_FIRST.fullmatch(cell):
        day, month, year = (int(part) for part in match.groups())
        if year < 100:
            year += 1900 if year > 30 else 2000
    elif match := YEAR_FIRST.fullmatch(cell):
        year, month, day = (int(part) for part in match.groups())
    else:
        return EXAMPLES["date"]
    if month > 12 >= day:
        day, month = month, day
    month, year = min(max(month, 1), 12), max(year, 1)
    day = min(max(day, 1), calendar.monthrange(year, month)[1])
    return datetime.date(year, month, day).isoformat()


def parse_datetime(cell: str) -> datetime.datetime:
    try:
        value = datetime.datetime.fromisoformat(cell)
        value = value if value.tzinfo else value.replace(tzinfo=get_default_timezone())
        return value.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise BadCell(
            _('"{value}" is not a date and time; write {right}'), value=cell[:SHOWN], right=EXAMPLES["datetime"]
        ) from None


def parse_time(cell: str) -> datetime.time:
    try:
        if re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", cell, re.ASCII):
            return datetime.time.fromisoformat(cell)
    except ValueError:
        pass
    raise BadCell(_('"{value}" is not a time; write {right}'), value=cell[:SHOWN], right=EXAMPLES["time"])


def parse_object(cell: str) -> Any:
    value = None
    try:
        value = json.loads(cell)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        is_storable = rb"\u0000" not in written  # PostgreSQL keeps neither NUL nor half a character nor infinity
    except (ValueError, RecursionError):
        is_storable = False
    if not is_storable:
        raise BadCell(_('"{value}" is not JSON; write it as the dump does'), value=cell[:SHOWN])
    return value


def show_number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "reference": str,
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "datetime": parse_datetime,
    "time": parse_time,
    "object": parse_object,
}
SHOWERS: dict[str, Callable[[Any], str]] = {
    "boolean": lambda value: "true" if value else "false",
    "number": show_number,
    "date": lambda value: value.isoformat(),
    "datetime": lambda value: value.astimezone(get_default_timezone()).isoformat(),
    "time": lambda value: value.strftime("%H:%M"),
    "object": lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
}
