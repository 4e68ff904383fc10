# ruff: noqa: INP001, T201, S603, SIM905 - a command that speaks by printing and runs fixed programs
"""How long an import of applicants takes and how much memory, beside reading the file and inserting it unchecked.

python benchmarks/import_applicants.py [--rows 100000]

Both read the same XLSX of invented people (their identity numbers end in 0000, and belong to nobody) and write to an
empty SQLite database of their own, each in a fresh process, one after the other. The yardstick reads the file with
calamine and inserts what stands in the cells, as it stands there, through Django's ``bulk_create`` into the same two
tables: no check, no assessment, no log. The import is what a worker does with a file that another process took in and
mapped to our columns: it is looked through, every cell checked, every application assessed against all others, each row
marked in the log, all in one transaction.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

HEAD = (
    "id_tkm,nama_group,tanggal_daftar,role,email,nama,nik,tgl_lahir,umur,gender,aktivitas_saat_ini,no_kk,"
    "pendidikan_terakhir,alamat_domisili,desa_domisili,penyandang_disabilitas,jenis_disabilitas,no_telp,sektor_usaha,"
    "deskripsi,months_without_work,household_size,household_income_idr,dependants,household_workers"
).split(",")
NAMES = ("Sari", "Budi", "Dewi", "Agus", "Rina", "Joko", "Lestari", "Wahyu", "Fitri", "Hendra", "Nur", "Slamet")
WORK = ("Belum bekerja", "Ibu Rumah Tangga", "Serabutan", "Pencari kerja")
PLACES = ("19.71.01.1004", "19.71.02.1001", "19.71.04.1001", "19.71.05.1001", "19.71.06.1001")
SCHOOLS = ("SD", "SMP/sederajat", "SLTA", "SMK", "S1", "D3")

PREPARE = """
from pathlib import Path
from django.core.management import call_command
from kawasan.exchange.services import load
from kawasan.exchange.checker import check
call_command("migrate", verbosity=0)
folder, faults = check(Path("examples/pangkalpinang-2022"))
keep = {"programme", "fields", "rule_sets", "rules", "need_bands", "places"}
folder.tables = {name: rows for name, rows in folder.tables.items() if name in keep}
load(folder=folder, by=None)
"""
BEGIN = """
import datetime, sys
from pathlib import Path
from kawasan.core.models import User
from kawasan.programmes.models import Programme
programme = Programme.objects.get()
content = Path(sys.argv[1]).read_bytes()
"""
MEASURED = """
import json, resource
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
spent = time.process_time() - processor
print(json.dumps({"seconds": seconds, "processor_seconds": spent, "megabytes": peak, **more}))
"""
UNCHECKED = (
    BEGIN
    + """
import io, time, python_calamine
from itertools import islice
from kawasan.applicants.models import Applicant, Person
place, field = programme.places.first(), programme.fields.first()
began, processor = time.perf_counter(), time.process_time()
sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
rows = sheet.iter_rows()
at = {name: number for number, name in enumerate(next(rows))}
from django.db import transaction
day = datetime.date(2022, 8, 30)
with transaction.atomic():
    number = 0
    while chunk := list(islice(rows, 2000)):
        persons = []
        for row in chunk:
            number += 1
            persons.append(Person(programme=programme, code=f"P{number}", nik=row[at["nik"]], name=row[at["nama"]],
                sex="female", birth_date=row[at["tgl_lahir"]], family_card=row[at["no_kk"]], phone=row[at["no_telp"]],
                address=row[at["alamat_domisili"]], place=place, education="senior", source="x"))
        Person.objects.bulk_create(persons, batch_size=500)
        Applicant.objects.bulk_create([Applicant(programme=programme, code=row[at["id_tkm"]], person=person,
            field=field, idea=row[at["deskripsi"]], applied_on=day, activity_now="unemployed",
            months_without_work=row[at["months_without_work"]], household_size=row[at["household_size"]],
            household_income_idr=row[at["household_income_idr"]], dependants=row[at["dependants"]],
            household_workers=row[at["household_workers"]], source="x")
            for row, person in zip(chunk, persons)], batch_size=500)
seconds, more = time.perf_counter() - began, {"stored": Applicant.objects.count()}
"""
    + MEASURED
)
BROUGHT = (
    BEGIN
    + """
from kawasan.core import services as core
from kawasan.exchange.intake import services as intake
user = User.objects.create(username="a", name="A")
core.log("test.made", user, by=None)
made = intake.bring(programme=programme, name="tkm.xlsx", content=content, by=user)
intake.map_columns(intake=made, mapping=made.mapping | {"fixed": {}}, by=user)
"""
)
CHECKED = (
    """
import datetime, sys, time
from kawasan.applicants.models import Applicant
from kawasan.core import services as core
from kawasan.core.models import User
from kawasan.exchange.intake import services as intake
from kawasan.exchange.models import Intake
user, made = User.objects.get(username="a"), Intake.objects.select_related("programme").get()
def tell(done, total): pass
began, processor = time.perf_counter(), time.process_time()
found = intake._found(made, tell)
checked = time.perf_counter()
counts = intake.store_found(intake=made, found=found, by=user, on=datetime.date(2022, 9, 1))
seconds = time.perf_counter() - began
more = {"checking": checked - began, "storing": seconds + began - checked,
    "stored": Applicant.objects.count(), "faulty": len(found.faulty), "counts": counts}
if "verify" in sys.argv:
    more["faults_of_log"] = [str(fault) for fault in core.verify_log()][:3]
"""
    + MEASURED
)


def write(path: Path, rows: int) -> None:
    """An export as the portal's, with the answers that we need beside it."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in range(rows):
            sheet.write_row(number + 1, 0, _person(number))


def _person(number: int) -> list:
    born = (number * 7919) % 28 + 1, (number * 104729) % 12 + 1, 1968 + (number * 15485863) % 38
    woman = number % 2
    region = f"{number % 80 + 11}{number // 80 % 99 + 1:02}{number // 7920 % 99 + 1:02}"  # so that no two are the same
    nik = f"{region}{born[0] + 40 * woman:02}{born[1]:02}{born[2] % 100:02}0000"
    return [
        f"TKM-{number:07}", f"Kelompok {number // 10}", "30/08/2022", "anggota", f"orang{number}@contoh.id",
        " ".join(NAMES[number // 12**place % 12] for place in range(2 + number % 2)), nik,
        f"{born[2]}-{born[1]:02}-{born[0]:02}",
        str(2022 - born[2]), "Perempuan" if woman else "Laki-laki", WORK[number % 4], f"19710401{number // 3:08}",
        SCHOOLS[number % 6], f"Jalan Melati No. {number % 900}", PLACES[number % 5],
        "tidak" if number % 50 else "ya", "" if number % 50 else "netra", f"0812{number:08}",
        ("kuliner", "ternak", "digital")[number % 3], "Membuat dan menjual otak-otak di pasar kelurahan.",
        number % 30, number % 6 + 1, number % 40 * 100_000, number % 5, number % 3,
    ]  # fmt: skip


def run(code: str, environment: dict[str, str], *arguments: str) -> str:
    """What a fresh process prints."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--verify", action="store_true", help="check the log of the import, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tkm.xlsx"
        write(path, options.rows)
        print(f"{options.rows} rows, {path.stat().st_size / 1e6:.1f} MB")
        own = {"DJANGO_SETTINGS_MODULE": "kawasan.config.settings"}
        found = {}
        for name, code in (("unchecked", UNCHECKED), ("import", CHECKED)):
            environment = os.environ | own | {"KAWASAN_DATA": str(Path(folder) / name)}
            run(PREPARE, environment)
            if name == "import":
                run(BROUGHT, environment, str(path))
            out = run(code, environment, str(path), *(["verify"] if options.verify else []))
            found[name] = json.loads(out.splitlines()[-1])
            print(name, json.dumps(found[name]))
        for what in ("seconds", "processor_seconds"):
            times = found["import"][what] / found["unchecked"][what]
            print(f"{what}: {times:.2f} times the unchecked")


if __name__ == "__main__":
    main()
