"""Reports about the programme: drafts say so, and what was archived stays and can be checked by anybody."""

import dataclasses
import datetime
import hashlib
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils.translation import override

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import entry_hash
from kawasan.enterprises.tests import factories as enterprises
from kawasan.market.tests import factories as market
from kawasan.mentoring.services import hash_of
from kawasan.outcomes import queries as outcome_queries
from kawasan.outcomes import services as outcome_services
from kawasan.outcomes.models import Measurement
from kawasan.outcomes.queries import Cell
from kawasan.outcomes.rules import JOBS_PER_PERSON, OUTCOMES, Row, Shown, figure, sentence
from kawasan.outcomes.tests import factories as outcomes
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.reports import programme_report, services
from kawasan.reports.models import ArchivedReport, ReportTemplate
from kawasan.reports.programme_facts import BARS, NOT_SHOWN, facts, jobs, parts
from kawasan.reports.report_kinds import ReportKind, Section
from kawasan.reports.story import story
from kawasan.selection import services as selection
from kawasan.selection.models import Seat
from kawasan.selection.tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HERE = "https://kawasan.example"


@pytest.fixture
def drawn(programme: Programme, ani: User) -> Programme:
    """A programme whose seats were drawn."""
    factories.pool(programme)
    draw = selection.freeze_pool(programme=programme, source="dice", by=ani, on=today(programme))
    selection.enter_value(draw=draw, public_value="1-2-3", by=None)
    selection.run_draw(draw=draw, by=ani, on=today(programme))
    return programme


@pytest.fixture
def template(programme: Programme, ani: User) -> ReportTemplate:
    made = services.template_of(programme, ReportKind.FINAL)
    made.office, made.signer, made.opening = "Dinas Tenaga Kerja", "Siti", "Kami melaporkan.\n\nDengan hormat."
    return services.keep_template(template=made, by=ani)


def archived(programme: Programme, by: User, number: str = "LAP/1", on: datetime.date | None = None) -> ArchivedReport:
    return services.archive(
        programme=programme, kind=ReportKind.FINAL, number=number, dated=on or today(programme), by=by
    )


def text_of(pdf: bytes) -> str:
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(words.split())


@pytest.mark.parametrize("kind", list(ReportKind))
def test_a_draft_says_that_it_is_one_and_names_no_applicant(drawn: Programme, kind: ReportKind) -> None:
    text = text_of(services.draft(programme=drawn, kind=kind))
    assert "Rancangan: angka masih dapat berubah" in text
    assert "Program dalam angka" in text
    names = Seat.objects.filter(programme=drawn).values_list("applicant__person__name", "applicant__code")
    assert not [word for row in names for word in row if word in text]


@pytest.mark.parametrize("kind", list(ReportKind))
def test_a_programme_in_which_nothing_happened_has_its_reports_too(programme: Programme, kind: ReportKind) -> None:
    assert "Program dalam angka" in text_of(services.draft(programme=programme, kind=kind))


def test_demands_that_nobody_serves_make_no_picture(programme: Programme) -> None:
    market.demand(programme)
    text = text_of(services.draft(programme=programme, kind=ReportKind.FINAL))
    assert "Permintaan pembeli" not in text


def test_the_picture_of_demands_says_of_how_many_it_is(programme: Programme, ani: User) -> None:
    for number in (1, 2, 3):
        demand = market.demand(programme, number)
    market.contract(demand, enterprises.enterprise(enterprises.participant(programme)))
    assert "1 of 3 demands" in facts(programme, today(programme))["served"]
    assert "1 dari 3 permintaan" in text_of(services.draft(programme=programme, kind=ReportKind.FINAL))


def test_results_say_of_how_many_they_are_and_that_more_may_come(drawn: Programme) -> None:
    drawn.seats_given.filter(kind="drawn").update(status="accepted", decided_on=datetime.date(2022, 9, 1))
    people = list(drawn.applicants.filter(seat__kind="drawn").order_by("code"))
    month = outcomes.round_(drawn)
    drawn.applicants.exclude(pk__in=[one.pk for one in people]).update(status="refused")
    for one in people[:3]:
        outcomes.measurement(month, one)
    told = facts(drawn, today(drawn))
    assert (told["progress"][0].measured, told["progress"][0].expected) == (3, len(people))
    text = text_of(services.draft(programme=drawn, kind=ReportKind.FINAL))
    assert f"Sudah diukur, dari semua peserta putaran 3 / {len(people)}" in text
    assert "Masih diukur: Bulan ke-1." in text
    assert "Pekerjaan per peserta yang diukur" in text


def test_a_figure_says_of_how_many_people_it_is_known() -> None:
    rows = [Row(f"A{n}", "", "", "", datetime.date(2022, 11, 5), True, None, None, 1, "none") for n in range(7)]
    jobs = Cell(None, figure(JOBS_PER_PERSON, rows), True)
    assert programme_report._cell(jobs) == "2\nn = 7"


@pytest.fixture
def measured(drawn: Programme) -> Programme:
    """A programme of which six took part and were measured at the start and a month later, with a reporting date."""
    drawn.applicants.filter(seat__kind="drawn").update(status="eligible")
    Seat.objects.filter(programme=drawn).update(status="accepted", decided_on=datetime.date(2022, 9, 1))
    start, month = outcomes.round_(drawn, "B0", 0), outcomes.round_(drawn)
    for one in drawn.applicants.filter(seat__status="accepted"):
        outcomes.measurement(start, one, is_working=False)
        outcomes.measurement(month, one)
    outcome_services.freeze_reporting_date(programme=drawn, reported_on=today(drawn), by=None)
    return drawn


def test_final_report_and_ministry_are_told_of_each_part_as_frozen_and_as_withheld_outside(measured: Programme) -> None:
    for kind in (ReportKind.FINAL, ReportKind.MINISTRY):
        assert "Seperti yang dibekukan pada tanggal pelaporan" in text_of(services.draft(programme=measured, kind=kind))
    frozen, tables = parts(measured)
    blocks = programme_report._parts(facts(measured, today(measured)))
    assert blocks[1]["head"] == ["Indicator", "All participants"]
    assert len(blocks) == 1 + len(tables)
    cells = outcome_queries.lines_of(frozen, sees_people=False)[0].cells
    told = [row[1] for row in blocks[1]["rows"]]
    assert told == [programme_report._reported(cell) for cell in cells]


def test_jobs_stand_beside_the_labour_force_and_a_few_who_lost_theirs_are_not_told(measured: Programme) -> None:
    assert jobs(measured) is None
    outcome_services.add_labour_force(
        programme=measured, by=None, year=2022, labour_force=1_000, unemployed=59, source="synthetic"
    )
    people = measured.applicants.filter(seat__status="accepted").count()
    block = programme_report._unemployment({"programme": measured})[0]
    assert f"{people} did not work then and work now and 0 worked then" in block["paragraphs"][0]
    assert "5,90% (59 people)" in block["paragraphs"][1]
    one = Measurement.objects.filter(round__code="B0").first()
    Measurement.objects.filter(pk=one.pk).update(is_working=True, hours_per_week=40)
    lost = {"is_working": False, "hours_per_week": 0}
    Measurement.objects.filter(applicant=one.applicant, round__code="M1").update(**lost)
    block = programme_report._unemployment({"programme": measured})[0]
    assert f"{people - 2} more work now" in block["paragraphs"][0]


def test_the_effect_is_told_with_its_people_and_with_what_it_does_not_show() -> None:
    numbers = dict.fromkeys((one.name for one in dataclasses.fields(Shown)), 0.5)
    effect = Shown(**numbers | {"outcome": OUTCOMES["working"], "people_drawn": 56, "people_others": 165})
    told = {"effects": [(effect, sentence(effect))], "estimate": SimpleNamespace(round="Month 3"), "bars": BARS}
    blocks = programme_report._effect(told | {"not_shown": NOT_SHOWN})
    assert "not who answered" in blocks[0]["paragraphs"][0]
    assert blocks[1]["rows"] == [["Working", "56 (50% answered)", "165 (50% answered)"]]
    assert [len(one["items"]) for one in blocks if one["kind"] == "points"] == [4, 5]


def test_the_office_says_what_it_wants_and_which_sections_are_told(
    drawn: Programme, template: ReportTemplate, ani: User
) -> None:
    template.sections = [Section.DRAW]
    services.keep_template(template=template, by=ani)
    text = text_of(services.draft(programme=drawn, kind=ReportKind.FINAL))
    assert all(words in text for words in ("DINAS TENAGA KERJA", "Kami melaporkan.", "Dengan hormat.", "Siti"))
    assert "Pengundian kursi" in text
    assert "Program dalam angka" not in text


def test_reasons_of_few_people_are_told_together(drawn: Programme) -> None:
    often, seldom = ({"template": words, "params": {}} for words in ("too old", "moved away"))
    refused = drawn.applicants.all()[:6]
    for number, applicant in enumerate(refused):
        type(applicant).objects.filter(pk=applicant.pk).update(
            status="refused", reasons=[often] + ([seldom] if number < 2 else [])
        )
    told = facts(drawn, today(drawn))["reasons"]
    assert told[0][1] == 6
    assert told[1] == ("Other reasons, each of fewer than 5 people", None)


def test_few_refusals_are_told_without_their_number_and_what_it_follows_from(drawn: Programme) -> None:
    drawn.applicants.filter(pk__in=drawn.applicants.all()[:3]).update(status="refused")
    text = text_of(services.draft(programme=drawn, kind=ReportKind.FINAL))
    assert "kurang dari 5 orang ditolak" in text
    assert "Memenuhi syarat" not in text
    with override("id"):
        page = story(drawn)
    assert "kurang dari 5 orang ditolak" in page
    assert "Memenuhi syarat" not in page


def test_enough_refusals_are_counted(drawn: Programme) -> None:
    drawn.applicants.filter(pk__in=drawn.applicants.all()[:5]).update(status="refused")
    assert "5 were refused" in facts(drawn, today(drawn))["applied"]


def test_few_refused_assistances_are_not_counted(drawn: Programme) -> None:
    told = facts(drawn, today(drawn))
    money = dict.fromkeys(told["money"], 7) | {"n_rejected": 1}
    rows = programme_report._assistance(told | {"money": money, "has_few_rejected": True})[1]["rows"]
    assert ["Refused", "too few", ""] in rows


def test_without_a_public_address_the_paper_carries_its_hash_alone_and_the_office_is_warned(
    drawn: Programme, template: ReportTemplate, ani: User, client_of: ClientOf, settings: Any
) -> None:
    settings.PUBLIC_ADDRESS = ""
    form = client_of(ani).get(f"/p/{drawn.code}/documents/reports/final/archive/").content.decode()
    assert "KAWASAN_PUBLIC_ADDRESS" in form
    made = archived(drawn, ani)
    text = text_of(bytes(made.document))
    assert "http" not in text
    assert "Kantor dapat memeriksa" in text
    settings.PUBLIC_ADDRESS = HERE
    form = client_of(ani).get(f"/p/{drawn.code}/documents/reports/final/archive/").content.decode()
    assert "KAWASAN_PUBLIC_ADDRESS" not in form


def test_an_archived_report_stays_as_it_was(
    drawn: Programme, template: ReportTemplate, ani: User, settings: Any
) -> None:
    settings.PUBLIC_ADDRESS = HERE
    made = archived(drawn, ani)
    before = bytes(made.document)
    template.signer = "Budi"
    services.keep_template(template=template, by=ani)
    drawn.applicants.update(status="refused")
    kept = ArchivedReport.objects.get()
    assert bytes(kept.document) == before
    assert services.is_as_archived(kept)
    assert made.content_hash in text_of(before).replace(" ", "")
    assert f"{HERE}/p/{drawn.code}/reports/{made.token}/" in text_of(before).replace(" ", "")
    assert LogEntry.objects.filter(verb="reports.report_archived").count() == 1


def test_what_is_kept_is_found_out_when_it_was_changed(drawn: Programme, template: ReportTemplate, ani: User) -> None:
    made = archived(drawn, ani)
    for change in ({"content": made.content | {"signer": "Nobody"}}, {"document": b"%PDF-1.7"}):
        ArchivedReport.objects.filter(pk=made.pk).update(content=made.content, document=made.document)
        ArchivedReport.objects.filter(pk=made.pk).update(**change)
        assert not services.is_as_archived(ArchivedReport.objects.get())


def test_a_report_that_was_forged_together_with_its_hashes_is_found_out(
    drawn: Programme, template: ReportTemplate, ani: User
) -> None:
    made = archived(drawn, ani)
    content = made.content | {"signer": "Nobody"}
    document = b"%PDF-1.7"
    forged = {
        "content": content,
        "content_hash": hash_of(content),
        "document": document,
        "document_hash": hashlib.sha256(document).hexdigest(),
    }
    ArchivedReport.objects.filter(pk=made.pk).update(**forged)
    assert not services.is_as_archived(ArchivedReport.objects.get())


@pytest.mark.parametrize("change", [{"number": "LAP/2"}, {"kind": "interim"}, {"dated": datetime.date(2022, 10, 1)}])
def test_number_kind_and_day_are_in_the_log_too(
    drawn: Programme, template: ReportTemplate, ani: User, change: dict[str, object]
) -> None:
    archived(drawn, ani)
    ArchivedReport.objects.update(**change)
    assert not services.is_as_archived(ArchivedReport.objects.get())


def test_a_log_that_was_changed_with_the_report_is_not_believed(
    drawn: Programme, template: ReportTemplate, ani: User
) -> None:
    archived(drawn, ani)
    ArchivedReport.objects.update(number="LAP/2")
    entry = LogEntry.objects.get(verb="reports.report_archived")
    entry.data["number"] = "LAP/2"
    entry.hash = entry_hash(entry)
    entry.save(update_fields=["data", "hash"])
    assert not services.is_as_archived(ArchivedReport.objects.get())


def test_a_report_without_a_signer_a_new_number_or_a_day_that_came_is_refused(
    drawn: Programme, template: ReportTemplate, ani: User
) -> None:
    archived(drawn, ani)
    with pytest.raises(Refused, match="given to a report before"):
        archived(drawn, ani)
    with pytest.raises(Refused, match="yet to come"):
        archived(drawn, ani, "LAP/2", today(drawn) + datetime.timedelta(days=1))
    template.signer = ""
    services.keep_template(template=template, by=ani)
    with pytest.raises(Refused, match="Nobody is named who signs"):
        archived(drawn, ani, "LAP/3")
    assert ArchivedReport.objects.count() == 1


def test_numbers_that_differ_by_capitals_or_signs_alone_are_one(
    drawn: Programme, template: ReportTemplate, ani: User
) -> None:
    archived(drawn, ani, "001/LA/2023")
    for number in ("001/la/2023", "001-LA-2023"):
        with pytest.raises(Refused, match="capitals or signs"):
            archived(drawn, ani, number)
    assert archived(drawn, ani, "002/LA/2023")


def test_a_long_name_without_a_space_stays_on_the_page(drawn: Programme, template: ReportTemplate, ani: User) -> None:
    template.signer = "W" * 100
    services.keep_template(template=template, by=ani)
    last = pypdf.PdfReader(io.BytesIO(services.draft(programme=drawn, kind=ReportKind.FINAL))).pages[-1]
    lines = [line for line in last.extract_text().splitlines() if "WW" in line]
    assert sum(map(len, lines)) >= 100
    assert max(map(len, lines)) <= 18


def test_a_report_dated_before_the_programme_is_refused(drawn: Programme, template: ReportTemplate, ani: User) -> None:
    first = drawn.milestones.order_by("starts_on").first().starts_on
    with pytest.raises(Refused, match="before the programme began"):
        archived(drawn, ani, on=first - datetime.timedelta(days=1))
    assert archived(drawn, ani, on=first)
    drawn.milestones.all().delete()
    with pytest.raises(Refused, match="before the programme began"):
        archived(drawn, ani, "LAP/2", datetime.date(2021, 12, 31))


def test_the_day_of_the_figures_stands_on_the_cover_whatever_the_office_says_and_is_checked(
    drawn: Programme, template: ReportTemplate, ani: User
) -> None:
    made = archived(drawn, ani, on=datetime.date(2022, 9, 1))
    cover = pypdf.PdfReader(io.BytesIO(made.document)).pages[0].extract_text()
    assert "1 September 2022" in cover
    assert "Angka per 1 Desember 2022" in cover
    page = Client().get(f"/p/{drawn.code}/reports/{made.token}/").content.decode()
    assert "Angka per 1 Desember 2022" in page
    assert "Diarsipkan pada" in page


def test_anybody_with_the_paper_checks_it(drawn: Programme, template: ReportTemplate, ani: User) -> None:
    made = archived(drawn, ani)
    phone = Client()
    good = phone.get(f"/p/{drawn.code}/reports/{made.token}/")
    assert made.document_hash in good.content.decode()
    assert "diarsipkan oleh kantor" in good.content.decode()
    assert phone.get(f"/p/{drawn.code}/reports/no-such-report/").status_code == 404
    ArchivedReport.objects.update(document=b"%PDF-1.7")
    assert "tidak lagi cocok" in phone.get(f"/p/{drawn.code}/reports/{made.token}/").content.decode()


def test_a_manager_keeps_a_template_archives_and_takes_the_same_document(
    drawn: Programme, ani: User, client_of: ClientOf
) -> None:
    office = client_of(ani)
    base = f"/p/{drawn.code}/documents/reports/"
    words = {"office": "Dinas", "signer": "Siti", "sections": ["summary", "draw"]}
    assert office.post(f"{base}final/template/", words).status_code == 302
    day = today(drawn).isoformat()
    assert office.post(f"{base}final/archive/", {"number": "LAP/9", "dated": day}).status_code == 302
    made = ArchivedReport.objects.get()
    taken = office.get(f"{base}{made.pk}.pdf")
    assert taken.content == bytes(made.document)
    assert 'filename="' in taken["Content-Disposition"]
    assert "LAP/9" in office.get(base).content.decode()
    again = office.post(f"{base}final/archive/", {"number": "LAP/9", "dated": day})
    assert "given to a report before" in again.content.decode()
    assert office.get(f"{base}nonsense/draft.pdf").status_code == 404
