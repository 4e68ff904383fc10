"""Load is all or nothing and idempotent; a dump loads to the same programme, byte for byte."""

from pathlib import Path

import pytest

from kawasan.applicants.models import Applicant, Person
from kawasan.areas.models import Place
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.exchange import services
from kawasan.exchange.checker import check
from kawasan.exchange.tests.folder import FILES, write_folder
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db


def load(folder: Path) -> list[services.Loaded]:
    checked, faults = check(folder)
    assert faults == []
    return services.load(folder=checked, by=None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_becomes_rows_that_refer_to_one_another(tmp_path: Path) -> None:
    load(write_folder(tmp_path))
    applicant = Applicant.objects.select_related("person__place__parent").get(code="A001")
    assert (applicant.person.name, applicant.person.place.parent.name) == ("Sari", "Bukit Intan")


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    load(folder)
    entries = LogEntry.objects.count()
    assert {(table.added, table.changed) for table in load(folder)} == {(0, 0)}
    assert LogEntry.objects.count() == entries


def test_a_changed_cell_changes_its_row_and_nothing_else(tmp_path: Path) -> None:
    load(write_folder(tmp_path))
    done = load(write_folder(tmp_path, persons=FILES["persons.csv"].replace("Sari", "Sari Dewi")))
    assert [(table.table, table.changed) for table in done if table.changed] == [("persons", 1)]
    assert Person.objects.get(code="P001").name == "Sari Dewi"


def test_a_phone_number_is_stored_in_one_form_and_its_writing_is_no_change(tmp_path: Path) -> None:
    load(write_folder(tmp_path))
    assert Person.objects.get(code="P001").phone == "+6281200000001"
    load(write_folder(tmp_path, persons=FILES["persons.csv"].replace("081200000001", "62 812-0000-0001")))
    assert not LogEntry.objects.filter(verb="exchange.loaded", data__table="persons", data__changed__gt=0).exists()


def test_a_place_may_stand_before_its_parent(tmp_path: Path) -> None:
    header, *rows = FILES["places.csv"].splitlines()
    load(write_folder(tmp_path, places="\n".join([header, *reversed(rows)]) + "\n"))
    assert Place.objects.get(code="19.71.01.1004").parent.code == "19.71.01"


def test_the_load_is_in_the_log_and_the_log_verifies(tmp_path: Path) -> None:
    load(write_folder(tmp_path))
    assert LogEntry.objects.filter(verb="exchange.loaded", data__table="persons", data__added=2).exists()
    assert verify_log() == []


def test_a_row_that_waits_for_a_group_is_loaded_when_the_group_is_there(tmp_path: Path) -> None:
    visits = (
        "code,mentor,group,visited_on,starts_at,ends_at,method,summary,next_step,source\n"
        "V001,M1,G1,2022-11-01,09:00,10:00,in_person,Melihat dapur,Beli panci,synthetic\n"
    )
    folder = write_folder(tmp_path, visits=visits)
    assert [(t.added, t.waiting) for t in load(folder) if t.table == "visits"] == [(0, 1)]
    programme = Programme.objects.get()
    programme.groups.create(
        code="G1",
        name="Kelompok 1",
        field=programme.fields.get(),
        place=Place.objects.get(code="19.71.01"),
        source="synthetic",
    )
    assert [(t.added, t.waiting) for t in load(folder) if t.table == "visits"] == [(1, 0)]


def test_a_dump_loads_to_the_same_programme_and_dumps_to_the_same_bytes(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "given"))
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "first", by=None)
    for file in ("programme.toml", "datapackage.json"):
        path = tmp_path / "first" / file
        path.write_text(path.read_text().replace("kecil-2022", "kembar-2022"))
    load(tmp_path / "first")
    services.dump(programme=Programme.objects.get(code="kembar-2022"), folder=tmp_path / "second", by=None)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_the_load_is_all_or_nothing(tmp_path: Path) -> None:
    checked, _faults = check(write_folder(tmp_path))
    checked.tables["applicants"][1].values["household_size"] = "a text that the database cannot hold as a number"
    with pytest.raises(Exception, match=r"household_size|integer|number"):
        services.load(folder=checked, by=None)
    assert not Programme.objects.exists()
