"""The decree, the lists and the case file say what the stages hold, and taking them is logged."""

import datetime
import io
from collections.abc import Callable

import pypdf
import pytest
import python_calamine
from django.test import Client

from kawasan.applicants import services as applicants
from kawasan.core.models import LogEntry, User
from kawasan.matching.tests.factories import group, member
from kawasan.mentoring.tests.factories import visit
from kawasan.programmes.models import Programme
from kawasan.reports import queries, services
from kawasan.selection import services as selection
from kawasan.selection.models import Decree, Seat
from kawasan.selection.tests import factories
from kawasan.value_chain.models import Plan

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
DAY = datetime.date(2022, 10, 1)


@pytest.fixture
def decree(programme: Programme, ani: User) -> Decree:
    """A programme whose pool was drawn and whose drawn people accepted."""
    factories.pool(programme)
    draw = selection.freeze_pool(programme=programme, source="dice", by=ani, on=DAY)
    selection.enter_value(draw=draw, public_value="1-2-3", by=None)
    selection.run_draw(draw=draw, by=ani, on=DAY)
    for seat in Seat.objects.filter(programme=programme, status="offered"):
        selection.accept(seat=seat, by=ani, on=DAY)
    return selection.draft_decree(
        programme=programme, number="SK/1/2022", dated=DAY, signer="Siti", signer_title="PPK", by=ani
    )


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_decree_names_everybody_and_says_that_it_is_a_draft(decree: Decree) -> None:
    text = text_of(services.decree_pdf(decree))
    assert "RANCANGAN" in text
    assert "SK/1/2022" in text
    assert all(line["name"].split()[0] in text for line in decree.lines)


def test_a_signed_decree_is_no_draft(decree: Decree, ani: User) -> None:
    signed = selection.sign_decree(decree=decree, by=ani, on=DAY)
    assert "RANCANGAN" not in text_of(services.decree_pdf(signed))


def test_the_same_rows_give_the_same_documents(decree: Decree, programme: Programme) -> None:
    assert services.decree_pdf(decree) == services.decree_pdf(decree)
    assert services.participants_xlsx(programme) == services.participants_xlsx(programme)


def test_the_workbook_has_a_row_a_participant_and_no_identity_number(decree: Decree, programme: Programme) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(services.participants_xlsx(programme)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + programme.seats
    numbers = set(programme.persons.values_list("nik", flat=True))
    assert not numbers & {str(cell) for row in rows for cell in row}


def test_taking_a_list_is_logged(decree: Decree, client_of: ClientOf, ani: User, programme: Programme) -> None:
    for kind in ("pdf", "xlsx"):
        response = client_of(ani).post(f"/p/{programme.code}/documents/participants.{kind}")
        assert response.status_code == 200
        assert LogEntry.objects.filter(verb="reports.participants_taken", by=ani, data__form=kind).exists()
    assert client_of(ani).get(f"/p/{programme.code}/documents/decree/{decree.code}.pdf").content[:5] == b"%PDF-"
    assert LogEntry.objects.filter(verb="reports.decree_taken", by=ani).exists()


def test_the_case_file_tells_the_stages_in_time_order(decree: Decree, client_of: ClientOf, budi: User) -> None:
    seat = Seat.objects.filter(status="accepted").select_related("applicant").first()
    page = client_of(budi).get(f"/p/{decree.programme.code}/people/{seat.applicant.code}/").text
    assert page.index("Applied for") < page.index("Drawn, number")


def test_the_case_file_names_the_signed_decree_and_the_visits_to_the_group(
    decree: Decree, client_of: ClientOf, budi: User
) -> None:
    selection.sign_decree(decree=decree, by=budi, on=DAY)
    code = decree.lines[0]["applicant"]
    made = group(decree.programme)
    member(made, decree.programme.applicants.get(code=code))
    visit(made, summary="Mencatat kas bersama")
    page = client_of(budi).get(f"/p/{decree.programme.code}/people/{code}/").text
    assert "Named in the decree SK/1/2022" in page
    assert "Mencatat kas bersama" in page


def test_the_case_file_keeps_what_was_assessed_and_says_what_was_corrected(
    decree: Decree, client_of: ClientOf, budi: User
) -> None:
    seat = Seat.objects.filter(status="accepted").select_related("applicant__person", "programme").first()
    applicants.correct(applicant=seat.applicant, by=budi, on=DAY)
    selection.withdraw(applicant=seat.applicant, reason="Moved away", by=budi, on=DAY)
    page = client_of(budi).get(f"/p/{decree.programme.code}/people/{seat.applicant.code}/").text
    assert ": Eligible, need score" in page
    assert "Corrected by Budi Santoso" in page
    assert "Moved away" in page[page.index("Withdrawn, entered by Budi Santoso") :]


def test_a_person_of_another_programme_is_not_found(
    programme: Programme, other_programme: Programme, client_of: ClientOf, fajar: User
) -> None:
    factories.pool(programme)
    code = programme.applicants.first().code
    assert client_of(fajar).get(f"/p/{programme.code}/people/{code}/").status_code == 404
    assert client_of(fajar).get(f"/p/{other_programme.code}/people/{code}/").status_code == 404


def test_the_cockpit_needs_few_queries_however_many_rows(
    decree: Decree, client_of: ClientOf, ani: User, django_assert_max_num_queries: Callable
) -> None:
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        assert "Cockpit" in client.get(f"/p/{decree.programme.code}/").text


def test_the_cockpit_sets_the_plan_beside_what_became_of_it(
    decree: Decree, client_of: ClientOf, ani: User, eko: User
) -> None:
    """Few enterprises of a field are not told outside the office, nor money to who does not see the assistance."""
    programme = decree.programme
    page, outside = (client_of(user).get(f"/p/{programme.code}/").text for user in (ani, eko))
    part = page[page.index("Plan against fact") :]
    assert all(str(field) in part for field in programme.fields.all())
    assert "Enterprises running</th>" in part
    assert "Money of the assistance" in part
    assert "Plan against fact" in outside
    assert "Enterprises running</th>" not in outside
    assert "Money of the assistance" not in outside


def test_seats_of_the_plan_and_of_people_are_counted_by_field(decree: Decree) -> None:
    programme = decree.programme
    first = programme.fields.first()
    assert first
    result = {"fields": [{"code": first.code, "seats": 7}]}
    Plan.objects.create(programme=programme, code="PLAN-9", input={}, input_hash="0" * 64, status="solved",
                        result=result, is_adopted=True)  # fmt: skip
    facts = {one.name: one for one in queries.plan_against_fact(programme)}
    accepted = Seat.objects.filter(programme=programme, status="accepted", applicant__field=first).count()
    assert (facts[str(first)].planned, facts[str(first)].participants) == (7, accepted)
    assert {one.planned for name, one in facts.items() if name != str(first)} <= {None}


def test_the_case_file_needs_few_queries(
    decree: Decree, client_of: ClientOf, budi: User, django_assert_max_num_queries: Callable
) -> None:
    client, code = client_of(budi), decree.lines[0]["applicant"]
    with django_assert_max_num_queries(15):
        client.get(f"/p/{decree.programme.code}/people/{code}/")


def test_the_log_page_finds_what_somebody_did(decree: Decree, client_of: ClientOf, ani: User) -> None:
    page = client_of(ani).get(f"/p/{decree.programme.code}/documents/log/", {"q": "selection.drawn"}).text
    assert "selection.drawn" in page
    assert "selection.pool_frozen" not in page
