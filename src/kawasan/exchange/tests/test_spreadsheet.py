"""A spreadsheet is read, looked at, and stored whole or not at all."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.areas.models import Resource
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.exchange.models import Upload
from kawasan.exchange.tables import TABLES
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Commodity, Demand, LocalMarket
from kawasan.value_chain.tests.factories import (
    make_activity,
    make_buyer,
    make_chain,
    make_commodity,
    make_demand,
    make_flow,
    make_kind,
    make_market,
    make_place,
    make_resource,
)

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
ENTERED = [table.name for table in TABLES if table.is_entered]
COMMODITY = {"code": "KOM-madu", "name": "Madu", "name_en": "Honey", "unit": "kg", "source": "synthetic"}
KIND = {"code": "lahan", "capital": "natural", "name": "lahan", "unit": "ha"}
RESOURCE = {
    "code": "RES-1",
    "name": "Lahan",
    "kind": "lahan",
    "place": "19.71",
    "quantity": "5.5",
    "unit": "ha",
    "as_of": "2022-08-24",
    "source": "synthetic",
}
DEMAND = {
    "code": "DEM-9",
    "offtaker": "ORG-hotel",
    "commodity": "KOM-telur",
    "quantity_per_month": "300",
    "price_idr": "28000",
    "firmness": "wish",
    "valid_from": "2022-12-01",
    "valid_to": "2023-12-01",
    "source": "synthetic",
}


def sheet(*rows: dict[str, Any], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def bring(client: Client, programme: Programme, table: str, content: bytes, name: str = "lembar.csv") -> HttpResponse:
    """Upload a sheet and follow to its preview."""
    address = reverse("exchange:spreadsheet", args=[programme.code, table])
    return client.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def store(client: Client, programme: Programme) -> HttpResponse:
    upload = Upload.objects.get()
    return client.post(reverse("exchange:preview", args=[programme.code, upload.table, upload.pk]), {}, follow=True)


def test_rows_are_looked_at_and_then_stored_and_logged(programme: Programme, ani: User, client_of: ClientOf) -> None:
    client = client_of(ani)
    page = bring(client, programme, "commodities", sheet(COMMODITY, COMMODITY | {"code": "KOM-lada"})).text
    assert "2 new" in page
    assert "Store 2 rows" in page
    assert not Commodity.objects.exists()
    assert "Stored: 2 rows added, 0 changed." in store(client, programme).text
    assert Commodity.objects.count() == 2
    assert list(LogEntry.objects.order_by("sequence").values_list("verb", flat=True)) == [
        "exchange.spreadsheet_read",
        "exchange.spreadsheet_stored",
    ]
    assert [str(fault) for fault in verify_log() if "Commodity" in str(fault)] == []
    assert not Upload.objects.exists()


def test_nothing_is_half_stored_and_every_fault_has_its_row_and_column(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_commodity(programme)
    make_buyer(programme)
    wrong = [
        DEMAND | {"code": "DEM-8", "quantity_per_month": "-5"},
        DEMAND | {"code": "DEM-7", "offtaker": "ORG-hotal"},
        DEMAND | {"code": "DEM-6", "price_idr": "28.000"},
        DEMAND | {"code": "DEM-5", "valid_to": "2022-01-01"},
    ]
    page = bring(client_of(ani), programme, "demands", sheet(DEMAND, *wrong)).text
    assert "4 faults" in page
    assert "&quot;-5&quot; is too small; write 0 or more" in page
    assert "did you mean ORG-hotel?" in page
    assert "write 28000" in page
    assert "The last day is before the first." in page
    assert "Store " not in page
    assert store(client_of(ani), programme).status_code == 422
    assert not Demand.objects.exists()


def test_a_unit_that_is_not_the_commoditys_is_a_fault(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_commodity(programme)
    make_buyer(programme)
    rows = sheet(DEMAND | {"unit": "kg"}, DEMAND | {"code": "DEM-8", "unit": "butir"})
    page = bring(client_of(ani), programme, "demands", rows).text
    assert "1 fault" in page
    assert "KOM-telur is counted in kg, not in “butir”. Convert the quantity to kg." in page


def test_rows_of_a_key_that_is_there_change_it_and_say_what_changes(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_demand(make_commodity(programme), "DEM-9", firmness="wish", quantity_per_month=300, grade="baik")
    client = client_of(ani)
    page = bring(client, programme, "demands", sheet(DEMAND | {"price_idr": "30000"})).text
    assert "0 new" in page
    assert "1 changed" in page
    store(client, programme)
    demand = Demand.objects.get()
    assert demand.price_idr == 30_000
    assert demand.grade == "baik"  # the sheet has no column for it


def test_a_sheet_that_changes_nothing_cannot_be_stored(programme: Programme, ani: User, client_of: ClientOf) -> None:
    client = client_of(ani)
    bring(client, programme, "commodities", sheet(COMMODITY))
    store(client, programme)
    page = bring(client, programme, "commodities", sheet(COMMODITY)).text
    assert "There is nothing to store." in page


def test_the_rows_that_are_there_come_back_as_they_are(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_chain(programme)
    make_market(programme.commodities.get(code="KOM-telur"))
    make_resource(programme)
    client = client_of(ani)
    for table in ("commodities", "activities", "activity_flows", "demands", "local_markets", "resources", "places"):
        content = client.get(reverse("exchange:rows", args=[programme.code, table])).content
        page = bring(client, programme, table, content, f"{table}.xlsx").text
        assert "There is nothing to store." in page, table


@pytest.mark.parametrize("table", ENTERED)
def test_every_table_has_a_template_with_a_dictionary(
    table: str, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    content = client_of(ani).get(reverse("exchange:template", args=[programme.code, table])).content
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    (head,) = book.get_sheet_by_name(table).to_python()
    described = [row[0] for row in book.get_sheet_by_name("Dictionary").to_python()[1:]]
    assert head == described
    assert client_of(ani).get(reverse("exchange:spreadsheet", args=[programme.code, table])).status_code == 200


def test_the_dictionary_is_in_the_readers_language(programme: Programme, ani: User, client_of: ClientOf) -> None:
    address = reverse("exchange:template", args=[programme.code, "demands"])
    content = client_of(ani).get(address, headers={"accept-language": "id"}).content
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Kamus").to_python()
    described = [row[:4] for row in rows]
    assert ["quantity_per_month", "jumlah per bulan", "ya", "bilangan, dengan titik sebelum desimal"] in described
    assert any(row[:2] == ["offtaker", "pembeli"] and "“Organisasi”" in row[3] for row in described)


@pytest.mark.parametrize("table", ["persons", "plans", "programme", "draws", "nothing"])
def test_what_planners_do_not_enter_has_no_spreadsheet(
    table: str, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    assert client_of(ani).get(reverse("exchange:spreadsheet", args=[programme.code, table])).status_code == 404


@pytest.mark.parametrize("content", [sheet(COMMODITY, delimiter=";"), b"\xef\xbb\xbf" + sheet(COMMODITY)])
def test_what_excel_makes_of_csv_is_read(content: bytes, programme: Programme, ani: User, client_of: ClientOf) -> None:
    assert "1 new" in bring(client_of(ani), programme, "commodities", content).text


def test_an_xlsx_is_read(programme: Programme, ani: User, client_of: ClientOf) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for column, (name, value) in enumerate(COMMODITY.items()):
            page.write(0, column, name)
            page.write(1, column, value)
    assert "1 new" in bring(client_of(ani), programme, "commodities", file.getvalue(), "komoditas.xlsx").text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("lembar.pdf", b"%PDF", "neither XLSX nor CSV"),
        ("lembar.xlsx", b"no workbook", "is not a workbook that can be read"),
        ("lembar.csv", b"code,name\n", "has no rows below its first"),
        ("lembar.csv", b"nama,satuan\nMadu,kg\n", "None of its columns is one of this table."),
        ("lembar.csv", b"\xff\xfe\x00", "is UTF-16"),
        ("lembar.csv", b"code;name\nA;\xff\n", "is not UTF-8 here"),
        ("lembar.csv", b'code,name\nKOM-1,"x\n', "has a quote that is not closed"),
        ("lembar.csv", b"code\n" + b"A\n" * 2001, "has 2,001 rows. Split it into sheets of at most 2,000."),
        ("lembar.csv", b"", "empty"),
    ],
)
def test_a_file_that_is_no_sheet_is_a_sentence_in_the_form(
    name: str, content: bytes, sentence: str, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    page = bring(client_of(ani), programme, "commodities", content, name)
    assert page.status_code in (200, 422)
    assert sentence in page.text
    assert not Upload.objects.exists()


def test_a_column_that_is_not_known_or_missing_is_named(programme: Programme, ani: User, client_of: ClientOf) -> None:
    page = bring(client_of(ani), programme, "commodities", b"code,nama,unit\nKOM-1,Madu,kg\n").text
    assert "did you mean name?" in page
    assert "is missing; add the column" in page


def test_months_that_were_only_counted_are_asked_for_by_name(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_commodity(programme)
    make_buyer(programme)
    old = DEMAND | {"months": "12"}
    assert "1 new" in bring(client_of(ani), programme, "demands", sheet(old)).text
    page = bring(client_of(ani), programme, "demands", sheet(old | {"months": "4"})).text
    assert "was replaced by in_months" in page


def test_prices_that_do_not_fall_are_found_beside_what_is_there(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_market(make_commodity(programme), 1, 20_000)
    row = {"commodity": "KOM-telur", "place": "19.71", "step": 2, "price_idr": 25_000, "quantity_per_month": 5}
    page = bring(client_of(ani), programme, "local_markets", sheet(row | {"source": "x"})).text
    assert "Step 2 pays Rp25,000, not less than the Rp20,000 of step 1." in page
    assert LocalMarket.objects.count() == 1


def test_recipes_that_make_goods_from_nothing_are_found_beside_what_is_there(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    flour, bread = make_commodity(programme, "KOM-a"), make_commodity(programme, "KOM-b")
    bakery, mill = make_activity(programme, "ACT-roti"), make_activity(programme, "ACT-giling")
    make_flow(bakery, flour, "input", 1)
    make_flow(bakery, bread, "output", 2)
    make_flow(mill, bread, "input", 1)
    row = {"activity": "ACT-giling", "commodity": "KOM-a", "direction": "output", "quantity": 1, "source": "x"}
    page = bring(client_of(ani), programme, "activity_flows", sheet(row)).text
    assert "ACT-giling, ACT-roti make all that they need from one another" in page


def test_rows_may_refer_to_rows_of_the_same_sheet(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_place(programme)
    place = {"level": "district", "latitude": -2.1, "longitude": 106.1, "source": "synthetic"}
    rows = [
        {"code": "19.71.01", "name": "Bukit Intan", "parent": "19.71"} | place,
        {"code": "19.71.01.1004", "name": "Semabung Lama", "parent": "19.71.01"} | place | {"level": "village"},
    ]
    client = client_of(ani)
    assert "2 new" in bring(client, programme, "places", sheet(*rows)).text
    store(client, programme)
    assert programme.places.get(code="19.71.01.1004").parent.code == "19.71.01"


def test_resources_of_the_area_come_in_the_same_way(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_place(programme)
    client = client_of(ani)
    bring(client, programme, "resource_kinds", sheet(KIND))
    store(client, programme)
    bring(client, programme, "resources", sheet(RESOURCE))
    store(client, programme)
    assert Resource.objects.get().quantity == 5.5


def test_a_resource_has_the_unit_of_its_kind_whichever_of_the_two_the_sheet_holds(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_resource(programme, kind=make_kind(programme, "lahan", unit="ha"), unit="ha")
    client = client_of(ani)
    page = bring(client, programme, "resources", sheet(RESOURCE | {"unit": "kg"})).text
    assert "lahan is measured in ha" in page
    Upload.objects.get().delete()
    page = bring(client, programme, "resource_kinds", sheet(KIND | {"unit": "kg"})).text
    assert "lahan is measured in kg" in page
    assert store(client, programme).status_code == 422


def test_a_skill_is_a_kind_of_human_resource(programme: Programme, ani: User, client_of: ClientOf) -> None:
    make_activity(programme)
    make_kind(programme, "lahan", unit="ha")
    make_kind(programme, "tenun", capital="human", unit="orang")
    skill = {"activity": "ACT-ayam", "kind": "lahan", "people": "1", "source": "synthetic"}
    client = client_of(ani)
    assert "lahan is not a kind of human resource." in bring(client, programme, "activity_skills", sheet(skill)).text
    bring(client, programme, "activity_skills", sheet(skill | {"kind": "tenun"}))
    store(client, programme)
    assert programme.activity_skills.get().kind.code == "tenun"


def test_a_sheet_neither_brings_a_photo_nor_takes_one_away(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    land = make_kind(programme, "lahan", unit="ha")
    make_resource(programme, "RES-1", kind=land, unit="ha", photo="a" * 64 + ".jpg")
    client = client_of(ani)
    page = bring(client, programme, "resources", sheet(RESOURCE | {"photo": "b" * 64 + ".jpg"})).text
    assert "A sheet brings no photo." in page
    for photo in ({}, {"photo": ""}, {"photo": "a" * 64 + ".jpg"}):
        bring(client, programme, "resources", sheet(RESOURCE | photo | {"quantity": "11"}))
        store(client, programme)
        assert Resource.objects.get().photo == "a" * 64 + ".jpg"
        Resource.objects.update(quantity=10)


def test_a_row_that_somebody_took_away_meanwhile_refuses_the_whole_sheet(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    eggs = make_commodity(programme)
    make_buyer(programme)
    client = client_of(ani)
    bring(client, programme, "demands", sheet(DEMAND))
    eggs.delete()
    answer = store(client, programme)
    assert answer.status_code == 422
    assert not Demand.objects.exists()


def test_a_sheet_is_thrown_away(programme: Programme, ani: User, client_of: ClientOf) -> None:
    client = client_of(ani)
    bring(client, programme, "commodities", sheet(COMMODITY))
    address = reverse("exchange:discard", args=[programme.code, "commodities", Upload.objects.get().pk])
    assert "Nothing was stored." in client.post(address, follow=True).text
    assert not Upload.objects.exists()
    assert not Commodity.objects.exists()


def test_a_later_sheet_takes_the_place_of_an_earlier_one(programme: Programme, ani: User, client_of: ClientOf) -> None:
    client = client_of(ani)
    bring(client, programme, "commodities", sheet(COMMODITY))
    bring(client, programme, "commodities", sheet(COMMODITY | {"code": "KOM-lada"}))
    assert Upload.objects.get().rows[0][1][0] == "KOM-lada"


def test_a_sheet_is_its_owners(programme: Programme, ani: User, cast: dict[str, User], client_of: ClientOf) -> None:
    bring(client_of(ani), programme, "commodities", sheet(COMMODITY))
    upload = Upload.objects.get()
    address = reverse("exchange:preview", args=[programme.code, "commodities", upload.pk])
    assert client_of(cast["gita"]).get(address).status_code == 404
    assert client_of(cast["budi"]).get(address).status_code == 403


def test_another_file_under_the_same_name_is_another_form(programme: Programme, ani: User, client_of: ClientOf) -> None:
    client, address = client_of(ani), reverse("exchange:spreadsheet", args=[programme.code, "commodities"])
    for code in ("KOM-1", "KOM-2"):
        file = SimpleUploadedFile("lembar.csv", sheet(COMMODITY | {"code": code}))
        client.post(address, {"file": file, "form_key": "once"})
        assert Upload.objects.get().rows[0][1][0] == code


def test_looking_at_a_sheet_asks_as_often_with_ten_times_the_rows(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    make_commodity(programme)
    make_buyer(programme)
    client, counts = client_of(ani), []
    for count in (2, 20):
        bring(client, programme, "demands", sheet(*(DEMAND | {"code": f"DEM-{n}"} for n in range(count))))
        upload = Upload.objects.get()
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("exchange:preview", args=[programme.code, "demands", upload.pk]))
        counts.append(sum(" FROM " in query["sql"] for query in asked))  # the database judges columns without a table
    assert counts[0] == counts[1] <= 18
