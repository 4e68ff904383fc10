"""Every fault of a folder has its sentence, and no input makes a traceback."""

import datetime
import io
import os
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.exchange.checker import check, check_or_refuse, warnings
from kawasan.exchange.tests.folder import FILES, PROGRAMME, write_folder

pytestmark = pytest.mark.django_db


def faults(folder: Path) -> list[str]:
    with translation.override("en"):
        return [f"{fault.where}: {in_words(fault.text)}" for fault in check(folder)[1]]


def changed(name: str, old: str, new: str) -> dict[str, str]:
    text = PROGRAMME if name == "programme" else FILES[f"{name}.csv"]
    assert old in text
    return {name: text.replace(old, new, 1)}


def pair(feature: str, value: str, least: int = 0) -> dict[str, str]:
    """A quota on two features at the end of programme.toml."""
    row = f'[[quotas]]\nfeature = "{feature}"\nvalue = "{value}"\nleast = {least}\nmost = 2\nreason = "x"\n'
    return {"programme": PROGRAMME + row}


def test_the_small_folder_has_no_fault(tmp_path: Path) -> None:
    assert faults(write_folder(tmp_path)) == []


CASES = [
    (
        changed("persons", "1999-07-01", "31/02/1999"),
        'persons.csv:2: birth_date: "31/02/1999" is not a date; write 1999-02-28',
    ),
    (changed("persons", "1999-07-01", "36342"), 'persons.csv:2: birth_date: "36342" is not a date; write 1999-07-01'),
    (
        changed("applicants", "1500000", "1.500.000"),
        'applicants.csv:2: household_income_idr: "1.500.000" is not a whole number; write 1500000',
    ),
    (
        changed("applicants", "1500000", "-5"),
        'applicants.csv:2: household_income_idr: "-5" is too small; write 0 or more',
    ),
    (
        changed("applicants", "unemployed,12,", "unemployed,32768,"),
        'applicants.csv:2: months_without_work: "32768" is too large; write 600 or less',
    ),
    (changed("sectors", "24.58", '"24,58"'), 'sectors.csv:2: area: "24,58" is not a number; write 24.58'),
    (
        changed("resources", "5,ha", "5,ekor"),
        "resources.csv:2: unit: Lahan is measured in ha; give the quantity in that, or choose another kind.",
    ),
    (
        changed("resources", "lahan,19.71", "ladang,19.71"),
        'resources.csv:2: kind: "ladang" is not in resource_kinds.csv; did you mean lahan?',
    ),
    (
        changed("sectors", "24.58,14.74", "124.58,14.74"),
        "sectors.csv:2: A share is at most 100 per cent; correct it, or change what is counted.",
    ),
    (changed("persons", "female", "wanita"), 'persons.csv:2: sex: "wanita" is not allowed; write female, male'),
    (changed("persons", "female", "femal"), 'persons.csv:2: sex: "femal" is not allowed; write female'),
    (
        changed("persons", "P002,", "P001,"),
        'persons.csv:3: code: "P001" stands in row 2 already; every row needs its own',
    ),
    (
        changed("applicants", "A002,P002", "A002,P009"),
        'applicants.csv:3: person: "P009" is not in persons.csv; did you mean P002?',
    ),
    (
        changed("persons", "code,nik,name", "code,nik,nama"),
        "persons.csv:1: nama: is not a column of this file; did you mean name?",
    ),
    (changed("persons", "Sari", ""), "persons.csv:2: name: is empty; write a text"),
    (
        changed("persons", "Sari", "S" * 5_000_000),
        f'persons.csv:2: name: "{"S" * 20}…" has 5,000,000 characters; write at most 150',
    ),
    (
        changed("persons", "081200000001", "tidak ada"),
        'persons.csv:2: phone: "tidak ada": This is no Indonesian phone number. Write it with 0 or +62 first',
    ),
    (changed("places", "-2.13281", "95"), 'places.csv:4: latitude: "95" is too large; write 90 or less'),
    (
        changed("rooms", "Aula", "Aula,B"),
        "rooms.csv:2: has 6 cells, but there are 5 columns; put cells with commas in quotes",
    ),
    (
        changed("rooms", "Aula", '"Aula'),
        "rooms.csv:2: has a quote that is not closed or stands inside a cell; write a quote in a cell twice",
    ),
    (changed("rooms", "Aula", "Au\x00la"), "rooms.csv:2: name: the cell has a NUL character; remove it"),
    (
        {"rooms": FILES["rooms.csv"].replace(",", ";")},
        "rooms.csv:1: separates its columns with something else than commas; save it with commas",
    ),
    (
        {"rooms": "\ufeff" + FILES["rooms.csv"]},
        "rooms.csv: begins with a byte order mark (BOM); save it as UTF-8 without BOM, or give the sheet as rooms.xlsx",
    ),
    (
        {"rooms": FILES["rooms.csv"].replace("Aula", "Aulé").encode("latin-1")},
        "rooms.csv:2: is not UTF-8 here; save the file as UTF-8, or give the sheet as rooms.xlsx",
    ),
    (
        {"rooms": FILES["rooms.csv"].encode("utf-16")},
        "rooms.csv: is UTF-16; save it as UTF-8, or give the sheet as rooms.xlsx",
    ),
    ({"rooms": ""}, "rooms.csv: is empty; its first row must name the columns: code, name, place, capacity, source"),
    ({"rooms": None}, "rooms.csv: is missing; it holds: Rooms for the training"),
    ({"rumah": "a,b\n"}, "rumah.csv: is not a file of a programme folder; rename it or take it out"),
    (
        {
            "rounds": "code,name,name_en,months_after,due_on\nM1,Bulan ke-1,Month 1,1,2022-11-03\n",
            "measurements": "round,applicant,measured_on,is_working,turnover_idr,profit_idr,cash_book,source\n"
            "M1,A001,2022-11-05,true,1000000,1000001,none,synthetic\n",
        },
        "measurements.csv:2: The profit is above the turnover; correct the one that is wrong.",
    ),
    (
        {
            "plans": "code,status,input,input_hash,result,is_adopted\n"
            "PLAN-1,solved,{},x,{},true\nPLAN-2,solved,{},x,{},false\nPLAN-3,solved,{},x,{},true\n",
        },
        "plans.csv:4: is_adopted: This programme has an adopted plan already. Keep only one adopted.",
    ),
    (
        {
            "group_members": "group,applicant,role,distance_km,source\n"
            "G1,A001,head,1,synthetic\nG1,A002,head,1,synthetic\n",
        },
        "group_members.csv:3: role: Somebody in the group has this role already. Give one of the two another role.",
    ),
    (changed("programme", "year = 2022", "year = 20x2"), "programme.toml:4: is not TOML here ("),
    (changed("programme", 'code = "A"', 'code = "A"\ncode = "A"'), "programme.toml:33: is not TOML here (Cannot"),
    (changed("programme", "tickets = 1", "tickets = ["), "programme.toml:36: is not TOML here ("),
    (
        changed("programme", "[[fields]]", "[partners]\n\n[[fields]]"),
        "programme.toml:9: partners: has a section that is not known; take it out",
    ),
    (
        changed("programme", "tickets = 1", 'tickets = "viele"'),
        'programme.toml:36: need_bands.tickets: "viele" is not a whole number',
    ),
    (
        changed("programme", 'code = "A"', 'summary = """\nviel\nText"""\ncode = "A b"'),
        'programme.toml:35: need_bands.code: "A b": Use letters',
    ),
    (changed("programme", "year = 2022", "year = [2022]"), "programme.toml:4: programme.year: must be a single value"),
    (
        changed("programme", "year = 2022", "year = 1850"),
        'programme.toml:4: programme.year: "1850" is too small; write 2000',
    ),
    (
        changed("programme", "[programme]", "[program]"),
        "programme.toml: programme: needs the section [programme]; it holds: The programme itself",
    ),
    (
        changed("programme", "least_seats = 0", "least_seats = 3"),
        "programme.toml:9: fields: The least seats are above the most seats; correct the one that is wrong.",
    ),
    (
        changed("programme", "most_seats = 2", "most_seats = 1"),
        "programme.toml:7: programme.seats: The fields take at most 1 people, but there are 2 seats to fill.",
    ),
    (
        changed("programme", "weight_income = 40", "weight_income = 50"),
        "programme.toml:24: rule_sets.weight_income: Rule set SYN/1/2022: the weights of need add up to 110; make them",
    ),
    (
        changed("programme", "most_per_household = 1", "least_age = 18\nmost_per_household = 1"),
        "programme.toml:20: rule_sets.least_age: is a row of rules.csv now: write there age,at_least,18, with",
    ),
    (
        changed("programme", "most_per_household = 1", "must_not_be_employed = true\nmost_per_household = 1"),
        "programme.toml:20: rule_sets.must_not_be_employed: is a row of rules.csv now: write there activity_now,is",
    ),
    ({"rules": None}, "rules.csv: is missing; it holds: Rules of the guidelines: who may take part"),
    (changed("rules", "2022,1,age", "2022,1,ages"), 'rules.csv:2: field: "ages" is not allowed; write age'),
    (
        changed("rules", "1,age,at_least", "1,age,is_one_of"),
        'rules.csv:2: comparison: "is_one_of" does not go with age; write at_least, at_most',
    ),
    (
        changed("rules", "at_least,17", "at_least,1o"),
        'rules.csv:2: value: "1o" is not a whole number; write digits only',
    ),
    (changed("rules", "at_least,17", "at_least,"), "rules.csv:2: value: is empty; write"),
    (
        changed("rules", "at_least,17", "at_least,56"),
        "rules.csv:7: value: Age on the day of applying: the least, 56, is",
    ),
    (
        changed("rules", "is_not,student", "is_not,pelajar"),
        'rules.csv:6: value: "pelajar" is not allowed; write one of these: unemployed, under_employed, employed',
    ),
    (changed("rules", "within,19.71", "within,Rangkui"), 'rules.csv:4: value: "Rangkui" is no code of a place; write'),
    (
        changed("rules", "within,19.71", "within,19.72"),
        'rules.csv:4: value: "19.72" is not in places.csv; add it there',
    ),
    (changed("rules", "is,false", "is,tidak"), 'rules.csv:7: value: "tidak" is not true or false; write true or false'),
    (changed("rules", "2022,2,age", "2022,1,age"), 'rules.csv:3: rule_set, order: "SYN/1/2022, 1" stands in row 2'),
    (
        {"rules": FILES["rules.csv"].replace("SYN/1/2022", "SYN/1/2023")},
        'rules.csv:2: rule_set: "SYN/1/2023" is not in programme.toml; did you mean SYN/1/2022?',
    ),
    (
        {"rules": FILES["rules.csv"].split("\n")[0] + "\n"},
        "programme.toml:17: rule_sets.number: Rule set SYN/1/2022 has",
    ),
    (
        {"rules": "rule_set,order,field,comparison,value,source,reason\nSYN/1/2022,1,age,at_least,17,x,{umur}\n"},
        'rules.csv:2: reason: "{umur}": Use no other braces than {value} and {stated}.',
    ),
    (
        {"demands": FILES["demands.csv"].replace("code,", "months,code,").replace("DEM-1,", "7,DEM-1,")},
        "demands.csv:2: months: was replaced by in_months: write there which months",
    ),
    (
        {"demands": FILES["demands.csv"].replace("source", "source,unit").replace("synthetic", "synthetic,kg")},
        "demands.csv:2: unit: KOM-1 is counted in pcs, not in “kg”. Convert the quantity to pcs.",
    ),
    (
        changed("activity_flows", "output,100", "output,-100"),
        'activity_flows.csv:2: quantity: "-100" is too small; write 0 or more',
    ),
    (
        {
            "activity_flows": "activity,commodity,direction,quantity,loss_percent,source\n"
            "ACT-1,KOM-1,input,90,0,synthetic\nACT-1,KOM-1,output,100,10,synthetic\n",
        },
        "activity_flows.csv: ACT-1 make all that they need from one another and from nothing else",
    ),
    (
        {
            "kbli_codes": "version,code,name,name_en,source\n2020,10216,Surimi,Surimi,BPS\n2025,10299,Lain,Other,BPS\n",
            "enterprises": "code,name,owner,field,kbli_version,kbli_code,place,started_on,status,source\n"
            "E001,Satu,A001,kuliner,2020,10216,19.71.01.1004,2022-10-01,running,synthetic\n"
            "E002,Dua,A002,kuliner,2025,10216,19.71.01.1004,2022-10-01,running,synthetic\n",
        },
        "enterprises.csv:3: kbli_code: KBLI 2025 has no code 10216 in the catalogue; correct the code or its version, "
        "or add it there",
    ),
    (
        {
            "local_markets": "commodity,place,step,price_idr,quantity_per_month,source\n"
            "KOM-1,19.71,1,1000,50,synthetic\nKOM-1,19.71,2,1200,50,synthetic\n",
        },
        "local_markets.csv:3: price_idr: Step 2 pays Rp1,200, not less than the Rp1,000 of step 1.",
    ),
    (
        {
            "prices": "commodity,kind,as_of,place,price_idr,highest_idr,source\n"
            "KOM-1,retail,2022-01-01,,1000,900,synthetic\n",
        },
        "prices.csv:2: The highest price is below the lowest. Enter the lower one first.",
    ),
    (
        {
            "prices": "commodity,kind,as_of,price_idr,source\n"
            "KOM-1,retail,2022-01-01,1000,synthetic\nKOM-1,retail,2022-01-01,900,synthetic\n",
        },
        "prices.csv:3: place: This price of the day is there already. Change it there, or name a place.",
    ),
    (
        {"programme": PROGRAMME + '[[quotas]]\nfeature = "sex"\nvalue = "female"\nleast = 2\nmost = 2\nreason = "x"\n'},
        "programme.toml:40: quotas.least: The quota sex female asks for at least 2 people, but 1 applied; lower it.",
    ),
    (
        pair("sex & disability", "female & yes", least=2),
        "programme.toml:40: quotas.least: The quota sex & disability female & yes asks for at least 2 people, but 0 ap",
    ),
    (
        pair("sex & age_group", "female & 17-25"),
        "programme.toml:39: quotas.value: “17-25” of “age_group” cannot occur; there are: 17-24, 25-34, 35-44, 45-55,",
    ),
    (
        pair("field & need_band", "kuliner & Z"),
        "programme.toml:39: quotas.value: “Z” of “need_band” cannot occur; there are: A",
    ),
    (
        pair("sex & age_group", "female"),
        "programme.toml:37: quotas: A quota on two features has a value of each, joined by “ & ”.",
    ),
    (
        pair("sex & age_group", "female & 17-24 & x"),
        "programme.toml:39: quotas.value: A quota on two features has two values, joined by “ & ”, not female & 17-24",
    ),
    (
        pair("age_group & sex", "17-24 & female"),
        'programme.toml:38: quotas.feature: "age_group & sex" is not allowed; write',
    ),
]


def test_a_folder_that_counts_twelve_months_is_as_good_as_ever(tmp_path: Path) -> None:
    old = FILES["demands.csv"].replace("code,", "months,code,").replace("DEM-1,", "12,DEM-1,")
    assert faults(write_folder(tmp_path, demands=old)) == []


def test_a_unit_that_is_the_commoditys_may_stand_beside_a_quantity(tmp_path: Path) -> None:
    demands = FILES["demands.csv"].replace("source", "source,unit").replace("synthetic", "synthetic,pcs")
    assert faults(write_folder(tmp_path, demands=demands)) == []


@pytest.mark.parametrize(("spoilt", "sentence"), CASES, ids=[sentence[:60] for _spoilt, sentence in CASES])
def test_a_fault_is_named_where_it_is_and_says_what_is_right(
    tmp_path: Path, spoilt: dict[str, str | bytes | None], sentence: str
) -> None:
    found = faults(write_folder(tmp_path, **spoilt))
    assert any(fault.startswith(sentence) for fault in found), found


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    spoilt = changed("persons", "1999-07-01", "kemarin") | changed("rooms", "30", "banyak")
    assert [fault.split(": ")[0] for fault in faults(write_folder(tmp_path, **spoilt))] == [
        "persons.csv:2",
        "rooms.csv:2",
    ]


def test_two_members_of_a_group_without_an_office_are_no_fault(tmp_path: Path) -> None:
    rows = "G1,A001,member,1,synthetic\nG1,A002,member,1,synthetic\n"
    assert faults(write_folder(tmp_path, group_members="group,applicant,role,distance_km,source\n" + rows)) == []


def test_all_faults_of_one_row_are_named_at_once(tmp_path: Path) -> None:
    spoilt = changed("persons", "1999-07-01,1971010101100000", "kemarin,1971010101100000")
    persons = str(spoilt["persons"]).replace("19.71.01.1004", "19.71.01.9999", 1).replace("P002", "P001")
    assert [fault.split(": ")[:2] for fault in faults(write_folder(tmp_path, persons=persons))] == [
        ["persons.csv:2", "birth_date"],
        ["persons.csv:2", "place"],
        ["persons.csv:3", "code"],
        ["applicants.csv:3", "person"],
    ]


def test_columns_that_do_not_agree_are_named_beside_a_fault_of_another_column(tmp_path: Path) -> None:
    spoilt = changed("programme", "least_seats = 0", "least_seats = 3") | changed("rooms", "30", "banyak")
    spoilt["programme"] = str(spoilt["programme"]).replace('name_en = "Culinary"', f'name_en = "{"x" * 101}"')
    said = faults(write_folder(tmp_path, **spoilt))
    assert [fault.split(": ")[:2] for fault in said] == [
        ["programme.toml:9", "fields"],
        ["programme.toml:12", "fields.name_en"],
        ["rooms.csv:2", "capacity"],
    ]


def test_what_the_programme_cannot_meet_is_named_beside_a_fault_elsewhere(tmp_path: Path) -> None:
    spoilt = changed("programme", "weight_income = 40", "weight_income = 50") | changed("rooms", "30", "banyak")
    assert [fault.split(": ")[0] for fault in faults(write_folder(tmp_path, **spoilt))] == [
        "programme.toml:24",
        "rooms.csv:2",
    ]


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"persons": "\ufeff" + FILES["persons.csv"]}, "persons.csv: begins with a byte order mark (BOM); save it"),
        ({"persons": None}, "persons.csv: is missing; it holds: Who applied"),
        (changed("persons", "code,nik", "kode,nik"), "persons.csv:1: kode: is not a column of this file; did you mean"),
        ({"programme": "x"}, "programme.toml:1: is not TOML here ("),
        (changed("programme", "[[fields]]", "[[field]]"), "programme.toml: fields: needs the section [[fields]]"),
    ],
    ids=["bom", "missing", "no code", "toml", "section"],
)
def test_what_refers_to_a_file_that_cannot_be_read_is_not_judged(
    tmp_path: Path, spoilt: dict[str, str | bytes | None], sentence: str
) -> None:
    found = faults(write_folder(tmp_path, **spoilt))
    assert found[0].startswith(sentence)
    assert found[0].endswith("; what refers to it was not checked")
    assert not any("applicants.csv" in fault or "activities.csv" in fault for fault in found)


def test_a_row_with_a_faulty_code_can_be_referred_to(tmp_path: Path) -> None:
    spoilt = changed("persons", "P002,", "P 002,") | changed("applicants", "A002,P002", "A002,P 002")
    assert [fault.split(": ")[0] for fault in faults(write_folder(tmp_path, **spoilt))] == ["persons.csv:3"]


def test_faults_are_shown_up_to_a_number_that_somebody_would_read(tmp_path: Path) -> None:
    rows = "".join(f"R-{number},Aula,19.71.01,banyak,synthetic\n" for number in range(1200))
    folder = write_folder(tmp_path, rooms="code,name,place,capacity,source\n" + rows)
    with pytest.raises(Refused) as refused:
        check_or_refuse(folder)
    with translation.override("en"):
        shown = [in_words(reason) for reason in refused.value.reasons]
    assert len(shown) == 1002
    assert shown[-2:] == ["… and 200 more.", "Nothing was loaded."]


@pytest.mark.parametrize(
    ("nik", "sentence"),
    [
        ("197101410799000", ["persons.csv:2: nik: The NIK has 15 digits instead of 16."]),
        ("197101410799000O", ["persons.csv:2: nik: The NIK has characters that are not digits."]),
        ("1971014107990000", []),
    ],
)
def test_a_nik_without_sixteen_digits_is_a_warning_and_no_fault(tmp_path: Path, nik: str, sentence: list[str]) -> None:
    folder, found = check(write_folder(tmp_path, **changed("persons", "1971014107990000", nik)))
    assert found == []
    with translation.override("en"):
        assert [f"{fault.where}: {in_words(fault.text)}" for fault in warnings(folder)] == sentence


def test_a_workbook_may_stand_in_for_a_file_and_its_dates_are_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, resources=None)
    book = xlsxwriter.Workbook(folder / "resources.xlsx")
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    header, row = (line.split(",") for line in FILES["resources.csv"].splitlines())
    sheet.write_row(0, 0, header)
    sheet.write_row(1, 0, row)
    sheet.write_datetime(1, header.index("as_of"), datetime.datetime(2022, 1, 1), day)  # noqa: DTZ001 - a sheet has no zone
    book.close()
    assert faults(folder) == []


def test_something_that_is_not_a_workbook_has_its_sentence(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, rooms=None)
    (folder / "rooms.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert faults(folder) == ["rooms.xlsx: is not a workbook that can be read; save it again as XLSX"]


def test_a_path_that_is_no_folder_has_its_sentence(tmp_path: Path) -> None:
    assert "is not a folder" in faults(tmp_path / "nowhere")[0]


def test_a_file_that_is_a_folder_has_its_sentence(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, rooms=None)
    (folder / "rooms.csv").mkdir()
    assert "cannot be opened" in faults(folder)[0]


@pytest.mark.parametrize("cell", ["{", "NaN", "[1e999]", r'{"a":"\u0000"}', r'"\ud800"', "[" * 100_000])
def test_what_no_database_can_store_is_not_json(tmp_path: Path, cell: str) -> None:
    quoted = cell.replace('"', '""')
    boundaries = f'place,geometry,source\n19.71,"{quoted}",synthetic\n'
    found = faults(write_folder(tmp_path, boundaries=boundaries))
    assert found[0].startswith("boundaries.csv:2: geometry: ")
    assert found[0].endswith(" is not JSON; write it as the dump does")


def test_a_pipe_that_has_the_name_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, rooms=None)
    os.mkfifo(folder / "rooms.csv")
    assert faults(folder) == [
        "rooms.csv: cannot be opened (not a file); check that it is a file and that you may read it"
    ]


def test_a_workbook_with_an_impossible_time_has_its_sentence(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, rooms=None)
    book = xlsxwriter.Workbook(folder / "rooms.xlsx")
    book.add_worksheet().write_number(0, 0, 1e300, book.add_format({"num_format": "[h]:mm:ss"}))
    book.close()
    assert faults(folder) == ["rooms.xlsx: is not a workbook that can be read; save it again as XLSX"]


FUZZED = [*sorted(name.removesuffix(".csv") for name in FILES), "programme"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(FUZZED))
def test_no_bytes_make_a_traceback(tmp_path: Path, data: st.DataObject, name: str) -> None:
    original = (PROGRAMME if name == "programme" else FILES[f"{name}.csv"]).encode()
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, len(original)))
    junk = data.draw(
        st.one_of(
            st.binary(max_size=40),
            st.text(max_size=40).map(lambda t: t.encode("utf-8", "replace")),
            st.sampled_from([b"9" * 5000, b"nan", b"1e999", b"[" * 3000, b'"', b"\r", b"99999999999999999999"]),
        )
    )
    for fault in check(write_folder(tmp_path, **{name: original[:start] + junk + original[end:]}))[1]:
        assert in_words(fault.text)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=200))
def test_no_bytes_make_a_workbook_traceback(tmp_path: Path, junk: bytes) -> None:
    whole = io.BytesIO()
    xlsxwriter.Workbook(whole).close()
    folder = write_folder(tmp_path, rooms=None)
    (folder / "rooms.xlsx").write_bytes(whole.getvalue()[: 3000 - len(junk)] + junk)
    assert all(in_words(fault.text) for fault in check(folder)[1])


def test_days_and_numbers_that_cannot_be_meant_are_faults(tmp_path: Path) -> None:
    spoilt = changed("persons", "1999-07-01", "0001-01-01") | changed("resources", ",5,", f",{'9' * 29},")
    spoilt |= changed("applicants", "1500000", "9" * 18)
    said = faults(write_folder(tmp_path, **spoilt))
    assert len(said) == 3
    assert any("write a day from 1900-01-01 to 2100-12-31" in fault for fault in said)
    assert sum("is too large; write 1000000000000000 or less" in fault for fault in said) == 2
