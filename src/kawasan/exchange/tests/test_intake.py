"""Applicants from somebody else's sheet: what is read out of cells, what is refused, and nothing half stored."""

import base64
import csv
import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from kawasan.applicants.models import Applicant, Paper, Person
from kawasan.areas.models import Place
from kawasan.core import jobs
from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import Job, LogEntry, User
from kawasan.core.services import covered_models, log, verify_log
from kawasan.exchange.columns import BadCell
from kawasan.exchange.intake import services
from kawasan.exchange.intake.cells import converters
from kawasan.exchange.intake.words import TARGETS, recognised, suggested
from kawasan.exchange.models import ColumnMapping, Intake
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]
SARI = {
    "id_tkm": "TKM-1",
    "nama_group": "Maju",
    "tanggal_daftar": "30/08/2022",
    "role": "ketua",
    "email": "sari@contoh.id",
    "nama": "Sari",
    "nik": "1971014107990000",
    "tgl_lahir": "01/07/1999",
    "umur": "23",
    "gender": "Perempuan",
    "aktivitas_saat_ini": "Belum bekerja",
    "no_kk": "1971010101100000",
    "pendidikan_terakhir": "SMA/SMK sederajat",
    "alamat_domisili": "Jalan Contoh 1",
    "desa_domisili": "Semabung Lama",
    "penyandang_disabilitas": "tidak",
    "jenis_disabilitas": "",
    "no_telp": "081200005606",
    "sektor_usaha": "Kuliner",
    "deskripsi": "Otak-otak",
}
HEAD = list(SARI)
FIXED = {
    "months_without_work": "12",
    "household_size": "4",
    "household_income_idr": "1.500.000",
    "dependants": "2",
    "household_workers": "0",
}
DAY = datetime.date(2022, 12, 1)


def row(**changed: str) -> list[str]:
    return list((SARI | changed).values())


def another(number: int, **changed: str) -> list[str]:
    own = {"id_tkm": f"TKM-{number}", "nik": f"19710141079{number:02}000"[:16], "nama": f"Orang {number}"}
    return row(**own | {"no_telp": f"08120000{number:04}", "no_kk": f"197101010110{number:04}"} | changed)


def sheet(*rows: list[Any], head: list[str] = HEAD) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = book.add_worksheet()
        for number, cells in enumerate([head, *rows]):
            made.write_row(number, 0, cells)
    return file.getvalue()


def as_csv(*rows: list[str], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEAD, *rows])
    return text.getvalue().encode()


@pytest.fixture
def place(programme: Programme, cast: dict[str, User]) -> Place:
    columns = {"latitude": -2.13, "longitude": 106.13, "source": "synthetic"}
    city = Place.objects.create(programme=programme, code="19.71", name="Contoh", level="city", **columns)
    more = {"code": "19.71.01.1004", "name": "Semabung Lama", "level": "village", "parent": city}
    made = Place.objects.create(programme=programme, **more, **columns)
    log("test.made", programme, rows=[one for m in covered_models() for one in m._base_manager.all()], by=None)
    return made


def brought(programme: Programme, by: User, content: bytes, name: str = "tkm.xlsx", **fixed: str) -> Intake:
    found = services.bring(programme=programme, name=name, content=content, by=by)
    mapping = found.mapping | {"fixed": FIXED | fixed}
    return services.map_columns(intake=found, mapping=mapping, by=by)


def stored(programme: Programme, by: User, content: bytes, *, only_good: bool = True, **more: str) -> Job:
    made = brought(programme, by, content, **more)
    job = services.store_later(intake=made, only_good=only_good, by=by)
    job.refresh_from_db()
    return job


def said(job: Job) -> str:
    with override("en"):
        return " ".join(in_words(text) for text in job.said)


def test_the_national_export_and_our_template_are_known_by_their_header() -> None:
    assert recognised(HEAD).name == "the national portal's export"
    assert recognised(list(TARGETS)).name == "our own template"
    assert recognised(["nama", "alamat"]) is None
    found = dict(zip(HEAD, suggested(HEAD), strict=True))
    assert [name for name, target in found.items() if not target] == ["nama_group", "role", "email"]
    assert (found["id_tkm"], found["no_telp"], found["sektor_usaha"]) == ("code", "phone", "field")
    assert suggested(["Nama Lengkap", "Jenis Kelamin (L/P)", "NIK", "No. HP"]) == ["name", "", "nik", "phone"]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("nik", "1971014107990000", "1971014107990000"),
        ("nik", "'1971014107990000", "1971014107990000"),
        ("birth_date", "01/07/1999", datetime.date(1999, 7, 1)),
        ("birth_date", "1 Juli 1999", datetime.date(1999, 7, 1)),
        ("birth_date", "17 Agt 1999", datetime.date(1999, 8, 17)),
        ("birth_date", "1999-07-01", datetime.date(1999, 7, 1)),
        ("birth_date", 36342.0, datetime.date(1999, 7, 1)),  # Excel's own number of that day
        ("birth_date", datetime.datetime(1999, 7, 1, tzinfo=datetime.UTC), datetime.date(1999, 7, 1)),
        ("birth_date", "-", None),
        ("sex", "Laki-laki", "male"),
        ("sex", "P", "female"),
        ("education", "SLTA", "senior"),
        ("activity_now", "Ibu Rumah Tangga", "housewife"),
        ("has_disability", "iya", True),
        ("has_disability", "disabilitas", True),
        ("has_disability", 1.0, True),
        ("has_disability", True, True),
        ("has_disability", "Tidak", False),
        ("has_disability", "", None),
        ("phone", 81200005606.0, "+6281200005606"),
        ("phone", "0812-0000-5606", "+6281200005606"),
        ("age", "23 tahun", 23),
        ("household_income_idr", "Rp1.500.000", 1_500_000),
        ("household_income_idr", "1,500,000.00", 1_500_000),
        ("household_size", 4.0, 4),
        ("nik", 1001014107990007.0, "1001014107990007"),  # a province that does not exist, and all digits are there
        ("family_card", 1001014107990007, "1001014107990007"),
        ("desil", "3", 3),
        ("desil", "", None),
        ("disaster_on", "", None),
        ("disaster", "banjir", "banjir"),
    ],
)
def test_a_cell_is_read_as_people_write_it(db: None, column: str, cell: Any, value: Any) -> None:
    words = services_words()
    assert converters(words)[column](cell) == value


def test_a_desil_above_ten_is_a_fault(db: None) -> None:
    with pytest.raises(BadCell):
        converters(services_words())["desil"]("11")


def test_headers_of_desil_and_disaster_are_known() -> None:
    head = ["Desil DTSEN", "Sumber Desil", "Tanggal Desil", "Bencana", "Tanggal Bencana"]
    assert suggested(head) == ["desil", "desil_source", "desil_on", "disaster", "disaster_on"]


def services_words() -> dict[str, dict[str, str]]:
    from kawasan.exchange.intake.reading import words_of

    return words_of(Programme(pk=0), {})


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("nik", 1.971014107990000e15, "Excel has made a number of it"),
        ("nik", 9901014107990007.0, "Excel has made a number of it"),
        ("nik", 19710141.5, "Excel has made a number of it"),
        ("nik", "1,97101E+15", "Excel has made a number of it"),
        ("family_card", "1.97E+15", "Excel has made a number of it"),
        ("nik", "", "is empty"),
        ("nik", "1" * 30, "write at most 20"),
        ("birth_date", "31/02/1999", "is no day there is"),
        ("birth_date", "07/13/1999", "is no day there is"),
        ("birth_date", "1/7/99", "is not a date"),
        ("birth_date", "01/07/2199", "cannot be meant"),
        ("sex", "tidak jelas", "is not known here"),
        ("has_disability", "mungkin", "neither yes nor no"),
        ("age", "200", "is not an age"),
        ("household_size", "empat", "is not a whole number"),
        ("household_size", 0.0, "too small"),
        ("household_size", 1e300, "is not a whole number"),
        ("name", "x" * 5_000_000, "shorten it"),
        ("name", "Sa\x00ri", "NUL"),
        ("phone", "hubungi kakak", "no Indonesian phone number"),
    ],
)
def test_a_cell_that_cannot_be_meant_says_why(db: None, column: str, cell: Any, why: str) -> None:
    with override("en"), pytest.raises(BadCell, match=why):
        converters(services_words())[column](cell)


def test_rows_become_applicants_who_are_assessed(programme: Programme, place: Place, ani: User) -> None:
    job = stored(programme, ani, sheet(row(), another(2, gender="L", nik="1971010107990000")))
    assert said(job) == "2 applicants were added; 0 were there already; 0 faulty rows were left."
    first = Applicant.objects.get(code="TKM-1")
    assert (first.person.name, first.person.nik, first.person.sex) == ("Sari", "1971014107990000", "female")
    assert (first.person.birth_date, first.person.phone) == (datetime.date(1999, 7, 1), "+6281200005606")
    assert (first.person.place, first.person.education) == (place, "senior")
    assert (first.field.code, first.applied_on) == ("kuliner", datetime.date(2022, 8, 30))
    assert (first.household_income_idr, first.status) == (1_500_000, "eligible")
    assert verify_log() == []


def test_what_is_added_at_once_is_assessed_as_what_is_added_one_by_one(
    programme: Programme, place: Place, ani: User
) -> None:
    from kawasan.applicants import services as applicants

    twins = another(3, **{name: SARI[name] for name in ("nik", "no_telp", "no_kk")}, sektor_usaha="digital")
    stored(programme, ani, sheet(row(), another(2, aktivitas_saat_ini="pns"), twins))
    assert Applicant.objects.exclude(warnings=[]).count() > 1
    assert applicants.assess(programme=programme, by=ani, on=DAY)["changed"] == 0


def test_a_file_that_comes_again_adds_nothing(programme: Programme, place: Place, ani: User) -> None:
    content = sheet(row(), another(2, nik="1971010107990000"))
    stored(programme, ani, content)
    job = stored(programme, ani, content)
    assert said(job) == "Nothing was added: all 2 rows were there already, and stay as they are."
    assert Person.objects.count() == Applicant.objects.count() == 2


def test_without_an_id_a_person_is_known_by_nik_and_field(programme: Programme, place: Place, ani: User) -> None:
    stored(programme, ani, sheet(row(id_tkm="")))
    stored(programme, ani, sheet(row(id_tkm="", nama="Sari Dewi"), row(id_tkm="", sektor_usaha="Jasa digital")))
    assert sorted(Applicant.objects.values_list("code", "field__code")) == [("A001", "kuliner"), ("A002", "digital")]


def test_nothing_is_stored_of_a_file_that_must_be_all_good(programme: Programme, place: Place, ani: User) -> None:
    job = stored(programme, ani, sheet(row(), another(2, gender="?")), only_good=False)
    assert job.state == "failed"
    assert "nothing was stored" in said(job)
    assert Person.objects.count() == Applicant.objects.count() == 0


def test_a_file_that_waits_stands_in_the_database_encrypted(programme: Programme, place: Place, ani: User) -> None:
    found = brought(programme, ani, as_csv(row()), name="tkm.csv")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, first FROM exchange_intake")
        closed = cursor.fetchone()
    written = base64.b64encode(as_csv(row())).decode()
    assert not [part for part in (SARI["nik"], SARI["nama"], written[:40]) for column in closed if part in column]
    found.refresh_from_db()
    assert bytes(found.content) == as_csv(row())
    assert found.first[0] == row()


def test_the_good_rows_are_stored_and_the_faulty_ones_come_back_with_reasons(
    programme: Programme, place: Place, ani: User
) -> None:
    content = sheet(row(), another(2, tgl_lahir="31/02/1999", gender="X"), another(3, id_tkm="TKM-1"))
    job = stored(programme, ani, content)
    assert said(job).startswith("1 applicants were added; 0 were there already; 2 faulty")
    intake = Intake.objects.get()
    places = [(fault["row"], fault["column"]) for fault in intake.found["faults"]]
    assert places == [(3, "tgl_lahir"), (3, "gender"), (4, "code")]
    from kawasan.exchange.intake.sheet_file import rows_of

    back = list(rows_of("faulty.xlsx", bytes(intake.faulty)))
    assert [cells[0] for cells in back[1:]] == ["3", "4"]
    assert "31/02/1999" in back[1][1]
    assert intake.content is None


def test_a_birth_date_from_the_age_is_warned_about_until_the_real_one_is_known(
    programme: Programme, place: Place, ani: User
) -> None:
    stored(programme, ani, sheet(row(tgl_lahir="", umur="23", nik="1971014101990000")))
    made = Applicant.objects.get()
    assert made.person.birth_date == datetime.date(1999, 1, 1)
    assert any("worked out from the age" in warning["template"] for warning in made.warnings)
    assert Intake.objects.get().found["born_from_age"] == 1


def test_words_that_nobody_knows_are_asked_about_and_the_answer_is_kept(
    programme: Programme, place: Place, ani: User
) -> None:
    content = sheet(row(sektor_usaha="Makanan & minuman"))
    made = brought(programme, ani, content)
    services.check_later(intake=made, by=ani)
    made.refresh_from_db()
    assert made.found["unknown"] == {"field": [["Makanan & minuman", 1]]}
    mapping = made.mapping | {"words": {"field": {"makanan minuman": "kuliner"}}}
    services.map_columns(intake=made, mapping=mapping, by=ani)
    assert services.bring(programme=programme, name="b.xlsx", content=content, by=ani).mapping == mapping
    assert ColumnMapping.objects.count() == 1
    services.store_later(intake=made, only_good=False, by=ani)
    assert Applicant.objects.get().field.code == "kuliner"


def test_what_a_file_lacks_must_be_said(programme: Programme, place: Place, ani: User) -> None:
    found = services.bring(programme=programme, name="tkm.xlsx", content=sheet(row()), by=ani)
    with pytest.raises(Refused, match="what is the same for all rows"):
        services.map_columns(intake=found, mapping=found.mapping, by=ani)


def test_an_import_is_undone_and_the_log_keeps_it(programme: Programme, place: Place, ani: User) -> None:
    stored(programme, ani, sheet(row(id_tkm="TKM-9", nik="1971010107990000")))
    before = set(Person.objects.values_list("pk", flat=True))
    stored(programme, ani, sheet(row(), another(2)))
    services.undo_later(intake=Intake.objects.first(), by=ani)
    assert set(Person.objects.values_list("pk", flat=True)) == before
    assert Applicant.objects.get().code == "TKM-9"
    assert LogEntry.objects.filter(verb="exchange.intake_undone").get().data["people"] == 2
    assert verify_log() == []
    assert said(stored(programme, ani, sheet(row(), another(2)))).startswith("2 applicants were added")


def test_an_import_that_was_used_is_not_undone(programme: Programme, place: Place, ani: User) -> None:
    stored(programme, ani, sheet(row(), another(2)))
    Applicant.objects.filter(code="TKM-1").update(frozen_on=DAY)
    with pytest.raises(Refused, match="1 of its applications are in the frozen pool"):
        services.undo_later(intake=Intake.objects.get(), by=ani)
    assert Applicant.objects.count() == 2


def test_an_import_to_which_somebody_added_a_paper_is_not_undone(programme: Programme, place: Place, ani: User) -> None:
    stored(programme, ani, sheet(row()))
    applicant = Applicant.objects.get()
    moment = timezone.now()
    Paper.objects.create(
        programme=programme, applicant=applicant, kind="ktp", file="a" * 40, digest="b" * 64, received_at=moment
    )
    with pytest.raises(Refused, match="1 rows of later steps refer to its people"):
        services.undo_later(intake=Intake.objects.get(), by=ani)
    assert Applicant.objects.count() == 1


def test_nothing_of_a_person_stands_in_clear_in_any_table(programme: Programme, place: Place, ani: User) -> None:
    """Neither of a sheet that has a person in its first row, nor of one whose numbers Excel has changed."""
    services.bring(programme=programme, name="tkm.xlsx", content=sheet(row(), head=row()), by=ani)
    checked = brought(programme, ani, sheet(another(2, nik=1001030105840000)))
    services.check_later(intake=checked, by=ani)
    checked.refresh_from_db()
    assert "…0000" in str(checked.found["faults"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exchange_intake")
        written = str(cursor.fetchall())
    assert not [part for part in (SARI["nik"], SARI["no_kk"], SARI["nama"], "1001030105840000") if part in written]


def test_two_imports_are_not_taken_for_each_other(programme: Programme, ani: User) -> None:
    about = {"template": "x", "params": {}}
    Job.objects.create(programme_code=programme.code, subject="exchange.intake-12", by=ani, about=about, address="/")
    assert jobs.underway(programme, "exchange.intake-1") is None
    assert jobs.underway(programme, "exchange.intake-12")


@pytest.mark.parametrize(
    "nik",
    ["1971 0141 0799 0000", "1971.0141.0799.0000", "1971\u00a001410799 0000", "\uff11\uff19\uff17\uff11014107990000"],
)
def test_one_number_is_one_text_however_it_is_written(programme: Programme, place: Place, ani: User, nik: str) -> None:
    stored(programme, ani, sheet(row()))
    assert said(stored(programme, ani, sheet(another(2, nik=nik, id_tkm="")))).startswith("Nothing was added")


def test_what_somebody_corrected_by_hand_is_not_undone(programme: Programme, place: Place, ani: User) -> None:
    from kawasan.applicants import services as applicants

    stored(programme, ani, sheet(row()))
    applicants.correct(applicant=Applicant.objects.get(), by=ani, on=DAY)
    with pytest.raises(Refused, match="were corrected by hand since"):
        services.undo_later(intake=Intake.objects.get(), by=ani)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_with_the_delimiter_it_has(
    programme: Programme, place: Place, ani: User, delimiter: str
) -> None:
    content = b"\xef\xbb\xbf" + as_csv(row(), delimiter=delimiter)
    assert said(stored(programme, ani, content, name="tkm.csv")).startswith("1 applicants were added")


def bomb() -> bytes:
    file = io.BytesIO()
    book = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
    with book, book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
        for _piece in range(420):
            part.write(b"0" * 1024 * 1024)
    return file.getvalue()


def far_cell() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        made = book.add_worksheet()
        made.write(0, 0, "nik")
        made.write(1_048_575, 16_383, "x")
    return file.getvalue()


def lying() -> bytes:
    """A part that says that it is smaller than it is."""
    content = bytearray(sheet(row()))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.xlsx", b"", "not what its name says"),
        ("a.xlsx", b"MZ\x90\x00", "not what its name says"),
        ("a.xlsx", b"<script>alert(1)</script>", "not what its name says"),
        ("a.csv", sheet(), "not what its name says"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "not a workbook"),
        ("a.xlsx", sheet(row())[:-200], "not a workbook"),
        ("a.csv", b"nik\n\xff\xfe\n", "not UTF-8"),
        ("a.csv", b'nik,nama\n"1,2\n', "quote"),
        ("a.csv", b"nik,nama\n", "no rows below"),
        ("a.csv", b"," * 500 + b"\nx", "130 columns"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(
    programme: Programme, ani: User, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        services.bring(programme=programme, name=name, content=content, by=ani)


@pytest.mark.parametrize(("make", "why"), [(bomb, "400 MB"), (far_cell, "120,000"), (lying, "not a workbook")])
def test_a_file_that_was_made_to_hurt_is_refused(
    programme: Programme, ani: User, make: Callable[[], bytes], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        services.bring(programme=programme, name="a.xlsx", content=make(), by=ani)


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "+1+1", '"><img src=x>', "Ünïcødé 名"]
)
def test_a_name_that_is_code_stays_a_name(
    programme: Programme, place: Place, ani: User, client_of: ClientOf, name: str
) -> None:
    made = brought(programme, ani, sheet(row(nama=name), another(2, nama=name, gender="?")))
    services.check_later(intake=made, by=ani)
    page = client_of(ani).get(reverse("exchange:intake", args=[programme.code, made.pk])).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    services.store_later(intake=made, only_good=True, by=ani)
    assert Person.objects.get().name == name
    made.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(bytes(made.faulty))) as book:
        assert not any(b"<f>" in book.read(part) for part in book.namelist() if "worksheets" in part)


def at(programme: Programme, route: str, *arguments: int) -> str:
    return reverse(f"exchange:{route}", args=[programme.code, *arguments])


def test_a_verifier_brings_maps_stores_and_undoes_on_the_pages(
    programme: Programme, place: Place, budi: User, client_of: ClientOf
) -> None:
    client = client_of(budi)
    file = SimpleUploadedFile("tkm.xlsx", sheet(row(), another(2, gender="Lelaki")))
    page = client.post(at(programme, "intakes"), {"file": file}, follow=True).content.decode()
    assert "The header is that of the national portal&#x27;s export" in page
    assert "1971014107990000" not in page  # numbers are masked
    intake = Intake.objects.get()
    columns = {f"column_{place}": target for place, target in enumerate(intake.mapping["columns"])}
    address = at(programme, "map_intake", intake.pk)
    page = client.post(address, columns)
    assert page.status_code == 422
    assert "what is the same for all rows" in page.content.decode()
    answers = columns | {f"fixed_{name}": value for name, value in FIXED.items()}
    page = client.post(address, answers, follow=True).content.decode()
    assert "Store the 1 good rows" in page
    assert "is not known here" in page
    page = client.post(address, answers | {"word_sex_0": "male"}, follow=True).content.decode()
    assert "Store all 2 rows" in page
    page = client.post(at(programme, "store_intake", intake.pk), {"which": "all"}, follow=True).content.decode()
    assert "2 applicants were added" in page
    page = client.post(at(programme, "undo_intake", intake.pk), follow=True).content.decode()
    assert "2 applicants were taken out" in page
    assert not Person.objects.exists()


def test_the_faulty_rows_are_handed_out_and_the_log_keeps_to_whom(
    programme: Programme, place: Place, budi: User, client_of: ClientOf
) -> None:
    stored(programme, budi, sheet(row(gender="?")))
    intake = Intake.objects.get()
    assert client_of(budi).get(at(programme, "faulty_rows", intake.pk)).content.startswith(b"PK")
    assert LogEntry.objects.filter(verb="exchange.intake_faulty_read", by=budi).count() == 1


def test_our_template_is_read_back(programme: Programme, place: Place, ani: User, client_of: ClientOf) -> None:
    from kawasan.exchange.intake.sheet_file import rows_of

    head = next(rows_of("a.xlsx", client_of(ani).get(at(programme, "intake_template")).content))
    assert head == list(TARGETS)
    assert suggested(head) == head


def test_the_pages_of_an_import_need_few_queries(
    programme: Programme, place: Place, ani: User, client_of: ClientOf
) -> None:
    stored(programme, ani, sheet(*(another(number) for number in range(30))))
    client, made = client_of(ani), Intake.objects.get()
    for address in (at(programme, "intakes"), at(programme, "intake", made.pk)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 14, address
