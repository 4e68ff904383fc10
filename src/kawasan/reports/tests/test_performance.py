"""The performance report of a mentor: 24 rows from the logbook and the measurements, frozen with a hash."""

import datetime
import io

import pypdf
import pytest
import python_calamine
from django.urls import reverse
from django.utils.translation import override

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching import services as matching_services
from kawasan.matching.tests.factories import group, mentor, participant
from kawasan.mentoring import services as mentoring
from kawasan.mentoring.models import ActionStep, CanvasBlock, MentorReport, ProblemCase
from kawasan.mentoring.rules import Block
from kawasan.mentoring.tests.factories import TODAY, visit
from kawasan.outcomes.tests.factories import measurement, round_
from kawasan.reports import performance, performance_files
from kawasan.reports.performance_files import Period

pytestmark = pytest.mark.django_db
NOVEMBER = Period(datetime.date(2022, 11, 1), datetime.date(2022, 11, 30))
DATES = (NOVEMBER.starts_on, NOVEMBER.ends_on)
DAYS = {"starts_on": "2022-11-01", "ends_on": "2022-11-30"}


@pytest.fixture
def own(programme, citra):
    """A group of Citra's with three members, two approved visits in November and one that waits."""
    found = group(programme, people=3, mentor=mentor(programme, user=citra))
    first = found.members.order_by("pk")[0].applicant
    given = {"visited_on": datetime.date(2022, 11, 10), "state": "approved"}
    visit(found, "V001", applicant=first, obstacle="Harga naik", solution="Beli bersama", **given)
    visit(found, "V002", applicant=first, lesson_hours=4, **given)
    visit(found, "V003", visited_on=datetime.date(2022, 11, 20))
    return found


def by_title(of):
    found = performance.facts(of.mentor, NOVEMBER.starts_on, NOVEMBER.ends_on)
    with override("en"):
        return {row.title: row for row in performance.rows(found, "Dinas")}


def test_the_outline_has_24_rows(own):
    assert len(performance.rows(performance.facts(own.mentor, NOVEMBER.starts_on, NOVEMBER.ends_on), "Dinas")) == 24


def test_only_approved_entries_count_and_each_row_opens_to_them(own, programme):
    rows = by_title(own)
    assert rows["Lesson hours (JPL) and materials"].value == "5 JPL"  # 60 minutes are one, and four as said
    assert rows["Visits"].value == "2"
    assert [address for _who, _says, address in rows["Visits"].entries] == [
        reverse("mentoring:visit", args=[programme.code, code]) for code in ("V001", "V002")
    ]
    assert rows["Obstacles"].entries[0][1] == "Harga naik → Beli bersama"
    assert (rows["Participants assigned"].value, rows["Participants already mentored"].value) == (
        "3",
        "1 · complete canvas 0 · action plan 0",
    )


def test_a_visit_that_a_participant_denied_is_counted_and_marked(own, dewi):
    denied = own.visits.get(code="V001")
    given = {"remark": "Tidak datang", "by": dewi, "on": TODAY}
    mentoring.confirm_visit(visit=denied, applicant=denied.applicant, took_place=False, **given)
    rows = by_title(own)
    assert rows["Visits"].value == "2 · visits denied by a participant: 1"
    assert rows["Lesson hours (JPL) and materials"].value == "5 JPL · visits denied by a participant: 1"
    assert [about.endswith("denied by a participant") for about, *_ in rows["Visits"].entries] == [True, False]
    mentoring.confirm_visit(visit=denied, applicant=denied.applicant, took_place=True, **given)
    assert by_title(own)["Visits"].value == "2"


def test_figures_compare_the_first_with_the_last_measurement_where_both_are_known(own, programme):
    one, two, three = (member.applicant for member in own.members.order_by("pk"))
    before, after = round_(programme, "B0", 0), round_(programme, "M1", 1)
    for who, old, new in ((one, 1_000_000, 2_000_000), (two, 2_000_000, 1_500_000), (three, None, 1_000_000)):
        day = datetime.date(2022, 11, 1)
        measurement(before, who, measured_on=day, turnover_idr=old, profit_idr=None, cash_book="none")
        measurement(after, who, turnover_idr=new)
    rows = by_title(own)
    assert rows["KPI: growth of turnover"].value == "up 1 · the same 0 · down 1"
    assert "A001" in rows["KPI: growth of turnover"].entries[0][0]
    assert rows["KPI: daily cash book"].value == "yes 3 · no 0"


def test_capacity_and_sales_are_compared_where_both_are_known_in_one_unit(own, programme):
    one, two, three = (member.applicant for member in own.members.order_by("pk"))
    before, after = round_(programme, "B0", 0), round_(programme, "M1", 1)
    for who, old, new in (
        (one, (100, "kg"), (150, "Kg")),
        (two, (40, "kg"), (60, "bungkus")),
        (three, (9, "kg"), None),
    ):
        day = datetime.date(2022, 11, 1)
        measurement(before, who, measured_on=day, capacity=old[0], capacity_unit=old[1])
        made = {"capacity": new[0], "capacity_unit": new[1], "sales_volume": 1, "sales_unit": "kg"} if new else {}
        measurement(after, who, **made)
    rows = by_title(own)
    assert rows["KPI: production capacity"].value == "up 1 · the same 0 · down 0 · in another unit than before 1"
    assert rows["KPI: production capacity"].entries[0][1] == "up: 100 kg → 150 Kg"
    assert rows["KPI: sales volume"].value == "up 0 · the same 0 · down 0"


def with_files(own, by, day):
    """A canvas and a step of the plan of the first member, all of one day."""
    who = own.members.order_by("pk")[0].applicant
    for block in Block:
        row = CanvasBlock(programme=own.programme, applicant=who, block=block, text="Isi", written_on=day)
        mentoring.write_block(block=row, read=0, by=by)
    step = ActionStep(programme=own.programme, applicant=who, made_on=day, goal="Jual", step="Label", who="Ia")
    step.due_on = TODAY
    mentoring.agree(row=step, by=by)


def test_what_was_written_after_the_period_is_not_counted(own, citra):
    with_files(own, citra, day=TODAY)
    row = by_title(own)["Participants already mentored"]
    assert row.value == "1 · complete canvas 0 · action plan 0"
    assert "canvas 0 of 9 · steps of the action plan 0" in row.entries[0][1]


def test_who_gave_the_seat_back_after_the_period_was_still_assigned(own):
    gone = own.members.order_by("pk")[1].applicant.seat
    gone.status, gone.decided_on = "withdrawn", TODAY
    gone.save()
    assert by_title(own)["Participants assigned"].value == "3"
    gone.decided_on = NOVEMBER.ends_on
    gone.save()
    assert by_title(own)["Participants assigned"].value == "2"


def test_who_came_into_the_group_after_the_period_was_not_assigned(own, programme, ani):
    matching_services.add_member(group=own, applicant=participant(programme, 9, field=own.field), by=ani)
    own.visits.filter(code="V003").update(state="approved")  # of the whole group
    rows = by_title(own)
    assert rows["Participants assigned"].value == "3"
    assert rows["Participants already mentored"].value.startswith("3 ·")


def test_the_canvas_and_the_action_plan_of_who_was_mentored_are_counted(own, citra):
    with_files(own, citra, day=NOVEMBER.ends_on)
    row = by_title(own)["Participants already mentored"]
    assert row.value == "1 · complete canvas 1 · action plan 1"
    assert "canvas 9 of 9 · steps of the action plan 1" in row.entries[0][1]


def test_a_problem_counts_while_it_is_open(own, programme, citra):
    who = own.members.first().applicant
    seen = datetime.date(2022, 10, 5)
    case = ProblemCase(programme=programme, applicant=who, kind="refuses", seen_on=seen, what="Tidak mau lagi")
    mentoring.note_problem(case=case, by=citra)
    assert by_title(own)["Problem: Refuses mentoring"].value == "1"
    mentoring.settle_problem(case=case, outcome="Mau lagi", by=citra, on=datetime.date(2022, 10, 20))
    assert by_title(own)["Problem: Refuses mentoring"].value == "0"


def test_a_report_is_frozen_once_all_is_reviewed_and_its_entries_stay(own, ani, citra):
    with pytest.raises(Refused, match="not approved yet: 1"):
        performance_files.freeze(mentor=own.mentor, period=NOVEMBER, by=ani, on=TODAY)
    own.visits.filter(code="V003").update(state="rejected")
    made = performance_files.freeze(mentor=own.mentor, period=NOVEMBER, by=ani, on=TODAY)
    assert mentoring.hash_of(MentorReport.objects.get().content) == made.content_hash
    with pytest.raises(Refused, match="frozen"):
        mentoring.correct_visit(visit=own.visits.get(code="V001"), why="x", by=citra, on=TODAY)
    late = own.visits.model(
        programme=own.programme, group=own, visited_on=datetime.date(2022, 11, 29), starts_at=datetime.time(9),
        ends_at=datetime.time(10), material="a", summary="b", no_expense_reason="c",
    )  # fmt: skip
    with pytest.raises(Refused, match="frozen"):
        mentoring.log_visit(visit=late, by=citra, on=TODAY)
    with pytest.raises(Refused, match="frozen already"):
        performance_files.freeze(mentor=own.mentor, period=NOVEMBER, by=ani, on=TODAY)


def test_a_frozen_report_says_what_it_said(own, ani, client_of):
    own.visits.filter(code="V003").update(state="rejected")
    performance_files.freeze(mentor=own.mentor, period=NOVEMBER, by=ani, on=TODAY)
    own.visits.filter(code="V001").update(state="rejected")
    address = reverse("reports:mentor_report", args=[own.programme.code, own.mentor.code])
    text = client_of(ani).get(address, DAYS).content.decode()
    assert "<strong>5 JPL</strong>" in text
    assert "does not match its hash" not in text
    MentorReport.objects.update(content={"days": "x", "rows": []})
    assert "does not match its hash" in client_of(ani).get(address, DAYS).content.decode()


def test_a_frozen_report_is_shown_in_the_readers_language_and_handed_in_in_indonesian(own, ani, client_of):
    own.visits.filter(code="V003").update(state="rejected")
    address = reverse("reports:mentor_report", args=[own.programme.code, own.mentor.code])
    client_of(ani).post(reverse("reports:freeze_mentor_report", args=[own.programme.code, own.mentor.code]), DAYS)
    page = client_of(ani).get(address, DAYS).text
    assert "1 November 2022 to 30 November 2022" in page
    assert "1 · complete canvas 0 · action plan 0" in page
    assert MentorReport.objects.get().content["days"] == "1 November 2022 sampai 30 November 2022"
    client = client_of(ani)
    client.cookies.load({"django_language": "id"})
    assert "Pemenuhan JPL dan materi" in client.get(address, DAYS).text


def test_a_report_that_was_frozen_in_indonesian_alone_says_its_days_in_english(own, ani, client_of):
    own.visits.filter(code="V003").update(state="rejected")
    made = performance_files.freeze(mentor=own.mentor, period=NOVEMBER, by=ani, on=TODAY)
    MentorReport.objects.update(content={name: part for name, part in made.content.items() if name != "en"})
    address = reverse("reports:mentor_report", args=[own.programme.code, own.mentor.code])
    assert "1 November 2022 to 30 November 2022" in client_of(ani).get(address, DAYS).text


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_the_files_have_the_rows_and_taking_one_is_logged(own, citra, client_of, form):
    address = reverse("reports:mentor_report_file", args=[own.programme.code, own.mentor.code, form])
    content = client_of(citra).post(address, DAYS).content
    assert LogEntry.objects.first().verb == "reports.mentor_report_taken"
    assert "Pemenuhan JPL dan materi" in text_of(form, content)
    assert "Beli bersama" in text_of(form, content)


def text_of(form, content):
    if form == "pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_a_mentor_sees_the_own_report_only(own, programme, citra, client_of):
    mentor(programme, "M2")
    client = client_of(citra)
    assert client.get(reverse("reports:mentor_report", args=[programme.code, own.mentor.code])).status_code == 200
    assert client.get(reverse("reports:mentor_report", args=[programme.code, "M2"])).status_code == 404
    freeze = reverse("reports:freeze_mentor_report", args=[programme.code, own.mentor.code])
    assert client.post(freeze, DAYS).status_code == 403


def test_the_report_asks_as_often_with_ten_times_the_entries(own, ani, client_of, django_assert_max_num_queries):
    for number in range(10, 30):
        visit(own, f"V{number:03}", visited_on=datetime.date(2022, 11, 15), state="approved")
    client = client_of(ani)
    address = reverse("reports:mentor_report", args=[own.programme.code, own.mentor.code])
    with django_assert_max_num_queries(13):
        client.get(address, DAYS)


def test_who_was_whose_in_a_period_is_not_changed_by_a_mentor_who_came_later(own, programme, ani):
    other = mentor(programme, "M2")
    matching_services.assign_mentor(group=own, mentor=other, why="Pindah tugas", by=ani)  # today, after November
    old, new = own.visits.first().mentor, other
    with override("en"):
        rows = {
            who: {row.title: row.value for row in performance.rows(performance.facts(who, *DATES), "Dinas")}
            for who in (old, new)
        }
    assert rows[old]["Participants assigned"] == "3"
    assert rows[old]["Participants already mentored"].startswith("1 ·")
    assert rows[new]["Participants assigned"] == "0"
    assert rows[new]["Visits"] == "0"
