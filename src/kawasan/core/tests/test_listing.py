"""Lists as files: what a statistician opens, what nobody can plant in it, and how much memory it takes."""

import csv
import datetime
import io
import tracemalloc
import zipfile
from collections.abc import Iterable
from operator import attrgetter
from tempfile import TemporaryFile
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.http import FileResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kawasan.core import listing
from kawasan.core.errors import Refused
from kawasan.core.listing import Column, Kind, Listing

TRICKS = ('=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1")  # noqa: RUF001
DAY = datetime.date(2022, 8, 26)
THINGS = Listing(
    "things",
    "Things",
    (
        Column("code", "code", attrgetter("code"), kind=Kind.CODE),
        Column("what", "what", attrgetter("what"), about="What it is"),
        Column("day", "day", attrgetter("day"), kind=Kind.DATE),
        Column("price_idr", "price", attrgetter("price"), kind=Kind.RUPIAH),
        Column("is_sold", "sold", attrgetter("sold"), kind=Kind.YES_NO),
    ),
)


def thing(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"code": "0012", "what": "Kain", "day": DAY, "price": 25_000.0, "sold": True} | given)


def taken(kind: str, rows: Iterable[Any], shown: Listing = THINGS) -> bytes:
    request = RequestFactory().get("/", {"export": kind})
    response = cast(FileResponse, listing.listed(request, "nowhere.html", {}, shown, rows=rows))
    content = b"".join(cast(Iterable[bytes], response.streaming_content))
    response.file_to_stream.close()  # not the response, which would close the database too
    return content


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_csv_has_days_as_iso_money_as_whole_rupiah_and_codes_as_they_are():
    assert lines(taken("csv", [thing(), thing(day=None, sold=None)])) == [
        ["code", "what", "day", "price_idr", "is_sold"],
        ["0012", "Kain", "2022-08-26", "25000", "true"],
        ["0012", "Kain", "", "25000", ""],
    ]


def test_a_workbook_has_days_as_days_numbers_as_numbers_codes_as_text_and_its_dictionary():
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken("xlsx", [thing()])))
    assert book.sheet_names == ["Things", "Data dictionary"]
    assert book.get_sheet_by_index(0).to_python()[1] == ["0012", "Kain", DAY, 25_000, True]
    assert [row[0] for row in book.get_sheet_by_index(1).to_python()[1:]] == [one.name for one in THINGS.columns]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_looks_like_a_formula_is_text_in_both_formats(trick):
    cell = lines(taken("csv", [thing(what=trick)]))[1][1]
    assert cell == f"'{trick}"
    sheet = zipfile.ZipFile(io.BytesIO(taken("xlsx", [thing(what=trick)]))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 7  # five heads, the code and the trick


@given(st.text())
def test_no_cell_of_a_csv_begins_as_a_formula_does(text):
    kept = listing.harmless(text)
    assert not kept.lstrip().startswith(listing.FORMULA)
    assert kept in (text, f"'{text}")


def test_a_negative_sum_stays_a_number():
    assert lines(taken("csv", [thing(price=-2_500)]))[1][3] == "-2500"


def test_a_sheet_that_excel_cannot_hold_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(listing, "LAST_ROW", 2)
    with pytest.raises(Refused, match="at most 2 rows"):
        taken("xlsx", (thing() for _number in range(3)))
    assert len(lines(taken("csv", (thing() for _number in range(3))))) == 4


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(kind):
    def peak(rows: int) -> int:
        tracemalloc.start()
        with TemporaryFile() as file:
            listing.write(file, kind, THINGS, (thing(code=f"{number:06}") for number in range(rows)))
        _now, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(10)  # what is loaded once
    assert peak(10_000) < peak(1_000) + 300_000  # bytes
