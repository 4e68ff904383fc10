"""Load is all or nothing and idempotent; a dump loads to the same programme, byte for byte."""

import csv
import datetime
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from PIL import Image

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant, Consent, Person, PersonWord
from kawasan.applicants.rules import ConsentKind
from kawasan.areas.models import Place, Resource
from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.exchange import services
from kawasan.exchange.checker import check
from kawasan.exchange.models import Waiting
from kawasan.exchange.tables import TABLES
from kawasan.exchange.tests.folder import FILES, PROGRAMME, write_folder
from kawasan.market.models import Outlook
from kawasan.mentoring import services as mentoring
from kawasan.mentoring.models import Visit
from kawasan.programmes.models import Programme, Quota
from kawasan.reports.logbook import TABLE_NAMES
from kawasan.reports.models import ReportTemplate
from kawasan.selection import services as selection
from kawasan.selection.models import DrawException
from kawasan.training import services as training
from kawasan.training.models import Certificate, MakeUp
from kawasan.training.queries import rows_of
from kawasan.training.tests.factories import moment, session

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 9, 30)


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


def test_an_exception_from_the_draw_is_loaded_and_dumped_with_its_confirmation(tmp_path: Path) -> None:
    row = "A001,barred,Keputusan 3/2022 tentang penilai,Kepala Dinas,2022-08-20,2022-08-22\n"
    text = f"applicant,kind,reason,decided_by,decided_on,confirmed_on\n{row}"
    folder = write_folder(tmp_path)
    (folder / "draw_exceptions.csv").write_text(text)
    load(folder)
    assert [one.kind for one in DrawException.objects.confirmed()] == ["barred"]
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "out", by=None)
    assert (tmp_path / "out" / "draw_exceptions.csv").read_text() == text


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


def test_a_row_renamed_and_moved_is_counted_once(tmp_path: Path) -> None:
    load(write_folder(tmp_path))
    line = "19.71.01.1004,Semabung Lama,village,19.71.01,"
    moved = FILES["places.csv"].replace(line, "19.71.01.1004,Semabung,village,19.71,")
    done = load(write_folder(tmp_path, places=moved))
    assert [(table.changed, table.unchanged) for table in done if table.table == "places"] == [(1, 2)]
    assert Place.objects.get(code="19.71.01.1004").parent.code == "19.71"


def test_a_place_may_stand_before_its_parent(tmp_path: Path) -> None:
    header, *rows = FILES["places.csv"].splitlines()
    load(write_folder(tmp_path, places="\n".join([header, *reversed(rows)]) + "\n"))
    assert Place.objects.get(code="19.71.01.1004").parent.code == "19.71.01"


def test_every_table_has_a_name_in_the_log() -> None:
    assert set(TABLE_NAMES) == {table.name for table in TABLES}


def test_the_load_is_in_the_log_and_the_log_verifies(tmp_path: Path) -> None:
    load(write_folder(tmp_path))
    assert LogEntry.objects.filter(verb="exchange.loaded", data__table="persons", data__added=2).exists()
    assert verify_log() == []


VISITS = (
    "code,mentor,group,visited_on,starts_at,ends_at,method,summary,next_step,source\n"
    "V001,M1,G1,2022-11-01,09:00,10:00,in_person,Melihat dapur,Beli panci,synthetic\n"
)


def make_group() -> None:
    programme = Programme.objects.get()
    programme.groups.create(
        code="G1",
        name="Kelompok 1",
        field=programme.fields.get(),
        place=Place.objects.get(code="19.71.01"),
        source="synthetic",
    )


def visits(done: list[services.Loaded]) -> tuple[int, int, list[str]]:
    return next((t.added, t.waiting, t.waits_for) for t in done if t.table == "visits")


def test_a_row_that_waits_for_a_group_is_loaded_when_the_group_is_there(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, visits=VISITS)
    assert visits(load(folder)) == (0, 1, ["groups"])
    assert visits(load(folder)) == (0, 1, ["groups"])
    make_group()
    assert visits(load(folder)) == (1, 0, [])


def test_a_row_that_waits_is_kept_without_its_folder_and_in_the_log(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "with", visits=VISITS))
    assert verify_log() == []
    make_group()
    assert visits(load(write_folder(tmp_path / "without"))) == (1, 0, [])
    assert Visit.objects.get().next_step == "Beli panci"
    assert Waiting.objects.get().rows == []


def test_a_row_that_somebody_wrote_meanwhile_wins_over_the_one_that_waited(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "with", visits=VISITS))
    make_group()
    load(write_folder(tmp_path / "other", visits=VISITS.replace("Beli panci", "Beli wajan")))
    Waiting.objects.update(rows=[{"code": "V001", "mentor": "M1", "group": "G1"}])
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "dump", by=None)
    assert (tmp_path / "dump" / "visits.csv").read_text().count("V001") == 1


def test_a_quota_on_two_features_is_loaded_and_dumped(tmp_path: Path) -> None:
    row = '[[quotas]]\nfeature = "sex & age_group"\nvalue = "female & 17-24"\nleast = 0\nmost = 2\nreason = "Rapat"\n'
    folder = write_folder(tmp_path, programme=PROGRAMME + row)
    load(folder)
    assert [(q.feature, q.value) for q in Quota.objects.all()] == [("sex & age_group", "female & 17-24")]
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "out", by=None)
    assert row.strip() in (tmp_path / "out" / "programme.toml").read_text()
    assert check(tmp_path / "out")[1] == []


def test_a_dump_loads_to_the_same_programme_and_dumps_to_the_same_bytes(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "given", visits=VISITS))
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "first", by=None)
    assert "V001,M1,G1," in (tmp_path / "first" / "visits.csv").read_text()
    for file in ("programme.toml", "datapackage.json"):
        path = tmp_path / "first" / file
        path.write_text(path.read_text().replace("kecil-2022", "kembar-2022"))
    load(tmp_path / "first")
    services.dump(programme=Programme.objects.get(code="kembar-2022"), folder=tmp_path / "second", by=None)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_what_was_published_issued_and_frozen_comes_back_as_it_was(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "given"))
    programme = Programme.objects.get()
    make_group()
    first = session(programme.groups.get(), "S001")
    second = session(programme.groups.get(), "S002", starts_at=moment(hour=13))
    training.publish(programme=programme, by=None, on=DAY)
    training.cancel_session(session=second, why="hujan", by=None)
    training.publish(programme=programme, by=None, on=DAY)
    applicant = Applicant.objects.get(code="A001")
    MakeUp.objects.create(programme=programme, missed=second, session=first, applicant=applicant)
    Certificate.objects.create(
        programme=programme, code="C-1", applicant=applicant, token="t" * 40, issued_on=DAY, name="Sari", modules=[]
    )
    Consent.objects.create(
        programme=programme,
        applicant=applicant,
        kind=ConsentKind.NOTICE,
        version="1",
        language="id",
        text_hash="0" * 64,
        given_at=moment(),
    )
    mentor = programme.mentors.get()
    mentoring.freeze_report(mentor=mentor, starts_on=DAY, ends_on=DAY, content={"rows": []}, by=None, on=DAY)
    ReportTemplate.objects.create(programme=programme, kind="final", office="Dinas", sections=["money"])
    Outlook.objects.create(programme=programme, code="OUT-1", dated=DAY, input={}, input_hash="0" * 64, result={})
    dump_into(tmp_path / "first")
    for model in (PersonWord, *(table.model for table in reversed(TABLES))):
        rows = model._base_manager.all()
        rows._raw_delete(rows.db)
    load(tmp_path / "first")
    dump_into(tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    kept = ("publications", "make_ups", "certificates", "consents", "mentor_reports", "report_templates", "outlooks")
    assert [name for name in kept if not (tmp_path / "second" / f"{name}.csv").exists()] == []
    last = Programme.objects.get().publications.first()
    assert [(row.code, row.is_cancelled) for row in rows_of(last)] == [("S001", False), ("S002", True)]


def photo() -> photos.Photo:
    written = BytesIO()
    Image.new("RGB", (20, 10), "red").save(written, "JPEG")
    return photos.Photo(written.getvalue())


def with_photo(folder: Path, made: photos.Photo) -> Path:
    """The small folder with a photo of its resource."""
    header, row = FILES["resources.csv"].splitlines()
    write_folder(folder, resources=f"{header},photo\n{row},{made.name}\n")
    (folder / "photos").mkdir()
    (folder / "photos" / made.name).write_bytes(made.content)
    return folder


def test_a_photo_is_loaded_and_dumped_with_its_resource(
    tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        load(with_photo(tmp_path / "in", photo()))
    dump_into(tmp_path / "out")
    assert [path.name for path in (tmp_path / "out" / "photos").iterdir()] == [photo().name]
    assert (tmp_path / "out" / "photos" / photo().name).read_bytes() == photo().content
    assert check(tmp_path / "out")[1] == []
    Resource.objects.update(photo="")
    dump_into(tmp_path / "out")
    assert not (tmp_path / "out" / "photos").exists()


def test_a_photo_that_is_missing_or_not_as_it_is_kept_is_a_fault(tmp_path: Path) -> None:
    folder = with_photo(tmp_path / "in", photo())
    (folder / "photos" / photo().name).write_bytes(photo().content + b"more")
    said = f"resources.csv:2: photo: photos/{photo().name[:8]}….jpg is not there, or not a photo as a dump writes it"
    with translation.override("en"):
        assert [f"{one.where}: {in_words(one.text)}"[: len(said)] for one in check(folder)[1]] == [said]
        (folder / "photos" / photo().name).unlink()
        assert len(check(folder)[1]) == 1


def dump_into(folder: Path) -> None:
    services.dump(programme=Programme.objects.get(), folder=folder, by=None)


def test_a_dump_replaces_an_earlier_dump_and_takes_out_what_is_gone(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "given", visits=VISITS))
    dump_into(tmp_path / "dump")
    (tmp_path / "dump" / "rooms.csv.part").touch()  # of a dump that was killed
    Waiting.objects.update(rows=[])
    dump_into(tmp_path / "dump")
    assert not (tmp_path / "dump" / "visits.csv").exists()


def test_a_dump_never_mixes_with_other_files(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "given"))
    dump_into(tmp_path / "dump")
    (tmp_path / "dump" / "catatan.docx").touch()
    with pytest.raises(Refused, match=r"dump holds other files \(catatan.docx\); give a new or an empty folder"):
        dump_into(tmp_path / "dump")


def test_a_dump_never_replaces_another_programme(tmp_path: Path) -> None:
    load(write_folder(tmp_path / "given"))
    dump_into(tmp_path / "dump")
    Programme.objects.update(code="lain-2022")
    before = contents(tmp_path / "dump")
    with pytest.raises(Refused, match="holds programme kecil-2022, not lain-2022"):
        dump_into(tmp_path / "dump")
    assert contents(tmp_path / "dump") == before


# Results


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """The folder of a programme whose seats are drawn."""
    load(write_folder(tmp_path / "given"))
    programme = Programme.objects.get()
    applicants.assess(programme=programme, by=None, on=DAY)
    draw = selection.freeze_pool(programme=programme, source="dadu", by=None, salt="garam", secret="kunci", on=DAY)
    dump_into(tmp_path / "frozen")
    selection.enter_value(draw=draw, public_value="3,4", by=None)
    selection.run_draw(draw=draw, by=None, on=DAY)
    dump_into(tmp_path / "drawn")
    return tmp_path / "drawn"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("seats.csv", ",1,", ",3,"),
        ("applicants_assessed.csv", "eligible", "refused"),
    ],
)
def test_a_folder_never_overwrites_a_result(drawn: Path, file: str, old: str, new: str) -> None:
    change(drawn / file, old, new)
    with pytest.raises(Refused, match=rf"^{file}:2: differs from the result .* take {file} out of the folder"):
        load(drawn)
    assert verify_log() == []


def test_a_draw_whose_result_does_not_follow_is_no_programme(drawn: Path) -> None:
    """Neither into the database that made it nor into a new one, where nothing could be compared."""
    with (drawn / "draws.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("result")
    result = json.loads(rows[1][place])
    result["people"], result["reserves"] = [], result["people"]
    rows[1][place] = json.dumps(result)
    with (drawn / "draws.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    _folder, faults = check(drawn)
    told = [str(fault.text) for fault in faults]
    assert any("The people follow from the panel and the seed." in text for text in told)
    assert any("The order of the reserves follows from the seed." in text for text in told)


def twin(folder: Path) -> Programme:
    """Load a folder as another programme."""
    change(folder / "programme.toml", "kecil-2022", "kembar-2022")
    load(folder)
    return Programme.objects.get(code="kembar-2022")


@pytest.mark.parametrize("is_assessed", [False, True])
def test_a_withdrawal_without_a_seat_keeps_its_reason_in_the_folder(tmp_path: Path, is_assessed: bool) -> None:
    load(write_folder(tmp_path / "given"))
    given = Applicant.objects.get(code="A001")
    if is_assessed:
        applicants.assess(programme=given.programme, by=None, on=DAY)
    applicants.mark_withdrawn(applicant=given, reason="Pindah ke Belinyu", by=None, on=DAY)
    dump_into(tmp_path / "dump")
    assert {(t.added, t.changed) for t in load(tmp_path / "dump")} == {(0, 0)}
    gone = twin(tmp_path / "dump").applicants.get(code="A001")
    assert (gone.status, gone.withdrawn_on, gone.withdrawal_reason) == ("withdrawn", DAY, "Pindah ke Belinyu")
    assert verify_log() == []
    change(tmp_path / "dump" / "applicants_assessed.csv", "Belinyu", "Mentok")
    with pytest.raises(Refused, match=r"^applicants_assessed.csv:2: differs from the result"):
        load(tmp_path / "dump")


def test_a_reason_of_a_withdrawal_without_the_withdrawal_is_a_fault(drawn: Path) -> None:
    change(drawn / "applicants_assessed.csv", ",2022-09-30,,\n", ",2022-09-30,,Pindah\n")
    with translation.override("en"):
        _folder, faults = check(drawn)
    assert ["Only a withdrawn application" in str(fault.text) for fault in faults] == [True]


def test_a_folder_never_adds_to_a_result(drawn: Path) -> None:
    whole = (drawn / "seats.csv").read_text()
    (drawn / "seats.csv").write_text("".join(whole.splitlines(keepends=True)[:2]))
    twin(drawn)
    (drawn / "seats.csv").write_text(whole)
    with pytest.raises(Refused, match=r"^seats\.csv:3: differs from the result"):
        load(drawn)


def test_the_folder_of_a_drawn_programme_loads_and_a_second_time_changes_nothing(drawn: Path) -> None:
    assert {(t.added, t.changed) for t in load(drawn)} == {(0, 0)}


def test_a_folder_with_an_earlier_state_of_a_result_leaves_the_result_as_it_is(drawn: Path) -> None:
    programme = twin(drawn.parent / "frozen")
    selection.enter_value(draw=programme.draws.get(), public_value="3,4", by=None)
    selection.run_draw(draw=programme.draws.get(), by=None, on=DAY)
    assert {(t.added, t.changed) for t in load(drawn.parent / "frozen")} == {(0, 0)}
    assert programme.draws.get().status == "drawn"


def test_a_frozen_draw_may_become_the_drawn_one(drawn: Path) -> None:
    twin(drawn.parent / "frozen")
    change(drawn / "programme.toml", "kecil-2022", "kembar-2022")
    assert [t.changed for t in load(drawn) if t.table == "draws"] == [1]


def test_the_load_is_all_or_nothing(tmp_path: Path) -> None:
    checked, _faults = check(write_folder(tmp_path))
    checked.tables["applicants"][1].values["household_size"] = "a text that the database cannot hold as a number"
    with pytest.raises(Exception, match=r"household_size|integer|number"):
        services.load(folder=checked, by=None)
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("rules.csv", "at_least,17", "at_least,18", "rules.csv:2"),
        ("programme.toml", "days_to_object = 7", "days_to_object = 9", "programme.toml:15"),
    ],
)
def test_what_a_rule_set_says_never_changes_once_somebody_was_judged_by_it(
    drawn: Path, file: str, old: str, new: str, where: str
) -> None:
    change(drawn / file, old, new)
    with pytest.raises(Refused, match=rf"^{where}: Applications were assessed by rule set SYN/1/2022 \(2\), so what"):
        load(drawn)
    assert verify_log() == []


def test_a_rule_is_not_added_either_once_somebody_was_judged(drawn: Path) -> None:
    path = drawn / "rules.csv"
    path.write_text(path.read_text() + "SYN/1/2022,7,dependants,at_least,1,,,synthetic\n")
    with pytest.raises(Refused, match=r"^rules.csv:8: Applications were assessed"):
        load(drawn)


def test_the_words_of_a_rule_are_loaded_and_dumped(tmp_path: Path) -> None:
    rows = "rule_set,order,field,comparison,value,reason,reason_en,source\n"
    rows += 'SYN/1/2022,1,activity_now,is_one_of,unemployed housewife,"Bekerja, {stated}.",Works.,Pasal 4\n'
    load(write_folder(tmp_path, rules=rows))
    services.dump(programme=Programme.objects.get(), folder=tmp_path / "out", by=None)
    assert (tmp_path / "out" / "rules.csv").read_text() == rows
