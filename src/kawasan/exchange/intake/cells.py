"""A cell of somebody else's sheet becomes a value of ours, or a sentence that says what to do."""

import calendar
import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from phonenumbers import PhoneMetadata

from kawasan.applicants.rules import as_one_number
from kawasan.core.forms import FIRST_DAY, LAST_DAY
from kawasan.core.phones import WRITTEN
from kawasan.core.text import _
from kawasan.exchange.columns import EXCEL_EPOCH, SHOWN, BadCell, Column
from kawasan.exchange.intake.sheet_file import MOST_CELL, text_of
from kawasan.exchange.intake.words import CHOSEN, COLUMNS, NO, YES, spoken

Convert = Callable[[Any], Any]
MONTHS = {
    "jan": 1, "januari": 1, "january": 1, "feb": 2, "februari": 2, "pebruari": 2, "february": 2, "mar": 3, "maret": 3,
    "march": 3, "apr": 4, "april": 4, "mei": 5, "may": 5, "jun": 6, "juni": 6, "june": 6, "jul": 7, "juli": 7,
    "july": 7, "agu": 8, "agt": 8, "ags": 8, "agustus": 8, "aug": 8, "august": 8, "sep": 9, "sept": 9,
    "september": 9, "okt": 10, "oct": 10, "oktober": 10, "october": 10, "nov": 11, "nop": 11, "november": 11,
    "nopember": 11, "des": 12, "dec": 12, "desember": 12, "december": 12,
}  # fmt: skip
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T][\d:.]+)?", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?: [\d:.]+)?", re.ASCII)
IN_WORDS = re.compile(r"(\d{1,2})[ \-]([A-Za-z]+)\.?[ \-](\d{4})", re.ASCII)
WHOLE = re.compile(
    r"(?:Rp\.? ?)?([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+)(?:[.,]00?|,-)?", re.ASCII
)
SCIENTIFIC = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]{1,2}", re.ASCII)
OF_INDONESIA: Any = PhoneMetadata.metadata_for_region("ID")
MOBILE = re.compile(OF_INDONESIA.mobile.national_number_pattern)
BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]")
EXACT = 2**53  # below it a cell that is a number has every digit
SERIALS = (1, 73_050)  # of Excel's days, 1900 to 2099


def converters(words: Mapping[str, Mapping[str, str]]) -> dict[str, Convert]:
    """For each of our columns what reads its cells; ``words`` are the codes that words stand for."""
    made: dict[str, Convert] = {name: _plain(column) for name, column in COLUMNS.items() if column.kind == "string"}
    made |= {name: _whole(column) for name, column in COLUMNS.items() if column.kind == "integer"}
    made |= {name: _date(column) for name, column in COLUMNS.items() if column.kind == "date"}
    made |= {name: _yes_no(default=False) for name, column in COLUMNS.items() if column.kind == "boolean"}
    made |= {name: _chosen(COLUMNS[name], words.get(name, {})) for name in CHOSEN}
    made |= {name: _identity(COLUMNS[name]) for name in ("nik", "family_card")}
    return made | {
        "code": _code(COLUMNS["code"]),
        "phone": _phone,
        "age": _age,
        "has_disability": _yes_no(default=None),
    }


class Unknown(BadCell):
    """A word that nobody has said the meaning of yet."""

    def __init__(self, word: str) -> None:
        super().__init__(
            _("“{word}” is not known here; say under “Columns and words” what it means, or correct it"),
            word=word[:SHOWN],
        )
        self.word = word


def _text(cell: Any) -> str:
    text = text_of(cell).removeprefix("'")
    if len(text) > MOST_CELL:
        raise BadCell(_("has {length} characters; shorten it to at most {most}"), length=len(text), most=MOST_CELL)
    if "\x00" in text:
        raise BadCell(_("the cell has a NUL character; remove it"))
    return text


def _missing(column: Column) -> Any:
    return column.parse("")


def _plain(column: Column) -> Convert:
    most = column.field.max_length or MOST_CELL

    def convert(cell: Any) -> Any:
        text = _text(cell)
        return column.parse(text) if not text or len(text) > most else text

    return convert


def _code(column: Column) -> Convert:
    """Where a file has none, an application gets one when it is stored."""

    def convert(cell: Any) -> Any:
        text = _text(cell)
        return column.parse(text) if text else ""

    return convert


def _whole(column: Column) -> Convert:
    bounds = column.bounds
    least, most = bounds.get("minimum", 0), bounds.get("maximum", 10**15)

    def convert(cell: Any) -> int | None:
        if type(cell) is float and cell.is_integer():
            cell = int(cell)
        if type(cell) is not int:
            text = _text(cell)
            if not text:
                return _missing(column)
            found = WHOLE.fullmatch(text)
            if not found:
                raise BadCell(_("“{value}” is not a whole number; write digits only, e.g. 1250000"), value=text[:SHOWN])
            cell = int(re.sub("[.,]", "", found[1]))
        return cell if least <= cell <= most else column.parse(str(cell))

    return convert


def _date(column: Column) -> Convert:
    is_birth = column.name == "birth_date"

    def convert(cell: Any) -> datetime.date | None:
        day = _day(cell)
        if day is None:
            return None if is_birth else _missing(column)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise BadCell(_("“{value}” cannot be meant; write a day like 31/12/1999"), value=day.isoformat())
        if is_birth and day > timezone.localdate():
            raise BadCell(_("“{value}” is still to come; write the date of birth"), value=day.isoformat())
        return day

    return convert


def _day(cell: Any) -> datetime.date | None:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, float | int) and SERIALS[0] <= cell <= SERIALS[1]:
        return EXCEL_EPOCH + datetime.timedelta(days=int(cell))
    text = _text(cell)
    return None if text in ("", "-", "0000-00-00") else _written_day(text)


def _written_day(text: str) -> datetime.date:
    if found := ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif (found := IN_WORDS.fullmatch(text)) and found[2].lower() in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2].lower()], int(found[3])
    else:
        raise BadCell(_("“{value}” is not a date; write it like 31/12/1999 or 31 Desember 1999"), value=text[:SHOWN])
    if not (1 <= month <= 12 and year and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise BadCell(_("“{value}” is no day there is; write day/month/year, like 31/12/1999"), value=text[:SHOWN])
    return datetime.date(year, month, day)


def _yes_no(default: bool | None) -> Convert:
    def convert(cell: Any) -> bool | None:
        word = spoken(_text(cell))
        if not word:
            return default
        if word in YES:
            return True
        if word in NO:
            return False
        if word.startswith("http"):  # the portal keeps a link to the document where there is one
            return True
        raise BadCell(_("“{value}” is neither yes nor no; write ya or tidak"), value=word[:SHOWN])

    return convert


def _chosen(column: Column, words: Mapping[str, str]) -> Convert:
    known: dict[str, str] = {}

    def convert(cell: Any) -> Any:
        text = _text(cell)
        if text in known:
            return known[text]
        word = spoken(text)
        if not word:
            known[text] = _missing(column)
        elif word in words:
            known[text] = words[word]
        else:
            raise Unknown(text)
        return known[text]

    return convert


def _identity(column: Column) -> Convert:
    most = column.field.max_length or 20

    def convert(cell: Any) -> str:
        is_number = isinstance(cell, float | int) and not isinstance(cell, bool)
        text = _text(cell)
        if is_number and _has_all_digits(cell):
            return str(int(cell))
        if (is_number and cell) or SCIENTIFIC.fullmatch(text):
            raise BadCell(
                _(
                    "Excel has made a number of it ({value}), and of 16 digits the last is lost. Give the column the "
                    "format Text, enter or export the numbers again, and bring the file once more"
                ),
                value=f"…{text[-4:]}",
            )
        text = as_one_number(text)
        return column.parse(text) if not text or text == "0" or len(text) > most else text

    return convert


def _has_all_digits(cell: float) -> bool:
    """Whether a number still has the sixteen digits it was entered with. Excel keeps fifteen and ends in 0.

    Other programs keep them all below 2⁵³. So a last digit that is not 0 was entered; one that is may have been lost.
    """
    return 10**15 <= cell < EXACT and cell == int(cell) and int(cell) % 10 != 0


def _phone(cell: Any) -> str:
    """Excel takes the 0 from the front of a number; what begins with 8 has lost it."""
    text = str(int(cell)) if type(cell) is float and cell.is_integer() else _text(cell)
    if type(cell) is not str and text.startswith("8"):
        text = f"0{text}"
    found = WRITTEN.fullmatch(text)
    if found and MOBILE.fullmatch(national := BETWEEN.sub("", found[1])):
        return f"+62{national}"
    return str(COLUMNS["phone"].parse(text)) if text not in ("", "-", "0") else ""


def _age(cell: Any) -> int | None:
    text = _text(cell).lower().removesuffix("tahun").removesuffix("th").strip()
    if not text or text == "-":
        return None
    if re.fullmatch("[0-9]{1,3}", text, re.ASCII) and 0 < int(text) < 120:
        return int(text)
    raise BadCell(_("“{value}” is not an age; write full years, e.g. 24"), value=text[:SHOWN])
