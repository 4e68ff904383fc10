import datetime
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from kawasan.applicants import services
from kawasan.applicants.models import Applicant, ProposedChange
from kawasan.applicants.services import changes as change_services
from kawasan.applicants.tests import factories
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
DAY = datetime.date(2022, 9, 1)


def at(programme: Programme, name: str, *args: str) -> str:
    return reverse(f"applicants:{name}", args=[programme.code, *args])


def answers(programme: Programme, **changes: object) -> dict[str, object]:
    return {
        "nik": "1971014705900000",
        "name": "Sumiati",
        "sex": "female",
        "birth_date": "1990-05-07",
        "address": "Gang Contoh",
        "place": factories.place(programme).pk,
        "education": "junior",
        "field": programme.fields.first().pk,
        "idea": "Kemplang",
        "applied_on": "2022-08-10",
        "activity_now": "unemployed",
        "months_without_work": 6,
        "household_size": 3,
        "household_income_idr": 900000,
        "dependants": 1,
        "household_workers": 0,
    } | changes


def test_the_list_shows_who_applied_without_their_nik(programme: Programme, ani: User, client_of: ClientOf):
    applicant = factories.applicant(programme)
    services.assess(programme=programme, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "applicants")).content.decode()
    assert "Orang Contoh 1" in page
    assert "Eligible: 1" in page
    assert applicant.person.nik not in page


def test_trouble_is_shown_by_kind_with_people_words_advice_and_link(
    programme: Programme, ani: User, client_of: ClientOf
):
    for number in (1, 2, 3):
        factories.applicant(programme, number, of=factories.person(programme, number, phone="+6281234567890"))
    factories.person(programme, 4)
    services.assess(programme=programme, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "trouble")).content.decode()
    assert "One phone, many people" in page
    assert "The phone number is that of 3 applicants, also of A002, A003." in page
    assert "Ask whose phone it is." in page
    assert at(programme, "applicant", "A001") in page
    assert f"{at(programme, 'applicants')}?trouble=phone" in page
    assert "Orang Contoh 4" in page.split('id="unfinished"')[1]
    assert "6281234567890" not in page


def test_trouble_of_who_withdrew_is_nobodys_any_more(programme: Programme, ani: User, client_of: ClientOf):
    applicant = factories.applicant(programme, of=factories.person(programme, birth_date=None))
    services.assess(programme=programme, by=None, on=DAY)
    services.mark_withdrawn(applicant=applicant, reason="moved away", by=None, on=DAY)
    assert "Nothing looks odd" in client_of(ani).get(at(programme, "trouble")).content.decode()


def test_trouble_without_a_kind_of_an_older_version_is_not_passed_over(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.applicant(programme, of=factories.person(programme, name="H. Contoh"))
    services.assess(programme=programme, by=None, on=DAY)
    Applicant.objects.update(trouble="")
    page = client_of(ani).get(at(programme, "trouble")).content.decode()
    assert "were assessed before trouble had kinds" in page
    assert "Nothing looks odd" not in page


def test_the_list_of_one_kind_of_trouble_has_all_of_it(programme: Programme, ani: User, client_of: ClientOf):
    factories.applicant(programme, 1)
    factories.applicant(programme, 2, of=factories.person(programme, 2, birth_date=None))
    services.assess(programme=programme, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "applicants") + "?trouble=birth_date").content.decode()
    assert "Orang Contoh 2" in page
    assert "Orang Contoh 1<" not in page


@pytest.mark.parametrize("people", [2, 60])
def test_trouble_takes_as_many_queries_for_many_people(
    programme: Programme, ani: User, client_of: ClientOf, people: int
):
    factories.place(programme)
    for number in range(people):
        person = factories.person(programme, number, birth_date=None, name=f"H. Contoh {number}", family_card="1")
        factories.applicant(programme, number, of=person)
    services.assess(programme=programme, by=None, on=DAY)
    client = client_of(ani)
    client.get(at(programme, "trouble"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(at(programme, "trouble")).content.decode()
    assert len(asked) <= 12
    assert page.count("The date of birth is missing") == min(people, 50)
    assert f"All {people} in the list of applicants" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=contoh 2", {"A002"}),
        ("q=a003", {"A003"}),
        ("field=digital", {"A002"}),
        ("district=19.71.02", {"A003"}),
        ("status=refused", {"A003"}),
        ("need_band=B", {"A001", "A002", "A003", "A004"}),
        ("warnings=yes", {"A001"}),
        ("warnings=no", {"A002", "A003"}),
        ("status=withdrawn", {"A004"}),
        ("status=nonsense&sort=nonsense", {"A001", "A002", "A003", "A004"}),
    ],
)
def test_the_list_is_filtered(programme: Programme, ani: User, client_of: ClientOf, query: str, found: set[str]):
    factories.applicant(programme, 1, of=factories.person(programme, 1, nik="123"))
    factories.applicant(programme, 2, field=programme.fields.get(code="digital"))
    elsewhere = factories.person(programme, 3, place=factories.place(programme, "19.71.02.1001"))
    factories.applicant(programme, 3, of=elsewhere, activity_now="student")
    left = factories.applicant(programme, 4, of=factories.person(programme, 4, nik="456"))
    services.assess(programme=programme, by=None, on=DAY)
    services.mark_withdrawn(applicant=left, reason="Pindah ke Belinyu", by=None, on=DAY)
    page = client_of(ani).get(at(programme, "applicants") + "?" + query)
    assert {applicant.code for applicant in page.context["page"]} == found


def test_the_count_of_warnings_is_the_length_of_the_list_that_it_leads_to(
    programme: Programme, ani: User, client_of: ClientOf
):
    for number in (1, 2):
        factories.applicant(programme, number, of=factories.person(programme, number, nik=f"12{number}"))
    services.assess(programme=programme, by=None, on=DAY)
    left = programme.applicants.get(code="A002")
    services.mark_withdrawn(applicant=left, reason="Pindah ke Belinyu", by=None, on=DAY)
    page = client_of(ani).get(at(programme, "applicants") + "?warnings=yes")
    assert page.context["counts"]["with_warnings"] == page.context["page"].paginator.count == 1


def test_the_list_can_be_sorted_by_need(programme: Programme, ani: User, client_of: ClientOf):
    factories.applicant(programme, 1)
    factories.applicant(programme, 2, household_income_idr=0)
    services.assess(programme=programme, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "applicants") + "?sort=need")
    assert [applicant.code for applicant in page.context["page"]] == ["A002", "A001"]


def test_the_list_needs_few_queries_however_many_rows(programme: Programme, ani: User, client_of: ClientOf):
    client, counts = client_of(ani), []
    for numbers in (range(1, 3), range(3, 24)):
        for number in numbers:
            factories.applicant(programme, number)
        services.assess(programme=programme, by=None, on=DAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(at(programme, "applicants"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("player", ["citra", "dewi", "eko", "indah"])
def test_personal_data_is_for_the_office_and_the_auditor(
    programme: Programme, cast: dict[str, User], client_of: ClientOf, player: str
):
    factories.applicant(programme)
    client = client_of(cast[player])
    for address in (at(programme, "applicants"), at(programme, "applicant", "A001")):
        assert client.get(address).status_code == 403


def test_the_auditor_reads_but_does_not_write(programme: Programme, cast: dict[str, User], client_of: ClientOf):
    factories.applicant(programme)
    client = client_of(cast["hadi"])
    assert client.get(at(programme, "applicant", "A001")).status_code == 200
    assert client.get(at(programme, "new")).status_code == 403
    assert client.post(at(programme, "assess")).status_code == 403


def test_another_programmes_manager_finds_nothing(programme: Programme, fajar: User, client_of: ClientOf):
    factories.applicant(programme)
    assert client_of(fajar).get(at(programme, "applicants")).status_code == 404


def test_an_applicant_of_another_programme_is_not_found(
    programme: Programme, other_programme: Programme, ani: User, client_of: ClientOf
):
    field = other_programme.fields.create(code="x", name="X", name_en="X", most_seats=2)
    factories.applicant(other_programme, 5, field=field)
    assert client_of(ani).get(at(programme, "applicant", "A005")).status_code == 404


def test_the_page_of_an_applicant_opens_the_score_to_its_parts(programme: Programme, ani: User, client_of: ClientOf):
    applicant = factories.applicant(programme)
    services.assess(programme=programme, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "applicant", "A001")).content.decode()
    assert "46.0 of 100 points" in page or "46 of 100 points" in page
    assert "Months without work: 12; full points from 24 on." in page
    assert applicant.person.nik not in page
    assert applicant.person.family_card not in page


def test_numbers_are_shown_once_a_purpose_is_given(programme: Programme, ani: User, client_of: ClientOf):
    applicant = factories.applicant(programme)
    response = client_of(ani).post(at(programme, "reveal", "A001"), {"purpose": "compare with the card"})
    assert applicant.person.nik in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert LogEntry.objects.filter(verb="applicants.numbers_read", by=ani).count() == 1


def test_a_planner_reads_applications_but_no_numbers(programme: Programme, cast: dict[str, User], client_of: ClientOf):
    factories.applicant(programme)
    client = client_of(cast["gita"])
    assert "Show numbers" not in client.get(at(programme, "applicant", "A001")).content.decode()
    assert client.post(at(programme, "reveal", "A001"), {"purpose": "curious about it"}).status_code == 403
    assert not LogEntry.objects.filter(verb="applicants.numbers_read").exists()


PHONE, ACCOUNT = "+6281200000123", "0000123456"


def with_numbers(programme: Programme) -> Applicant:
    person = factories.person(programme, phone=PHONE, account=ACCOUNT, bank="Bank Contoh", account_holder="Ayu")
    return factories.applicant(programme, of=person)


@pytest.mark.parametrize(
    ("username", "sees_phone"),
    [("ani", True), ("budi", True), ("gita", False), ("hadi", False)],
    ids=lambda value: value,
)
def test_who_rings_applicants_up_sees_the_phone_and_nobody_the_account(
    programme: Programme, cast: dict[str, User], client_of: ClientOf, username: str, sees_phone: bool
):
    with_numbers(programme)
    page = client_of(cast[username]).get(at(programme, "applicant", "A001")).content.decode()
    assert (PHONE in page) == sees_phone
    assert ACCOUNT not in page
    assert "••••••3456" in page
    assert "Bank Contoh" in page


def test_an_auditor_reads_phone_and_account_for_a_purpose_that_the_log_keeps(
    programme: Programme, cast: dict[str, User], client_of: ClientOf
):
    with_numbers(programme)
    page = client_of(cast["hadi"]).post(at(programme, "reveal", "A001"), {"purpose": "compare with the transfer"})
    assert PHONE in page.content.decode()
    assert ACCOUNT in page.content.decode()
    entry = LogEntry.objects.get(verb="applicants.numbers_read")
    assert (entry.by_name, entry.data) == ("Hadi Wijaya", {"purpose": "compare with the transfer"})


def test_a_spreadsheet_has_the_last_digits_of_numbers_only(programme: Programme, ani: User, client_of: ClientOf):
    with_numbers(programme)
    content = file_of(client_of(ani).get(at(programme, "applicants") + "?export=xlsx"))
    cells = [
        str(cell)
        for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        for cell in row
    ]
    assert "••••••••••0123" in cells
    assert not [cell for cell in cells if PHONE in cell or ACCOUNT in cell]


def file_of(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content)


def test_a_correction_keeps_the_account_that_it_does_not_show(programme: Programme, ani: User, client_of: ClientOf):
    applicant = with_numbers(programme)
    client, address = client_of(ani), at(programme, "correct", "A001")
    page = client.get(address).content.decode()
    assert ACCOUNT not in page
    assert "Now ••••••3456; leave empty to keep it." in page
    sent = answers(programme, phone=PHONE, bank="Bank Lain", account_holder="Ayu", account="", reason="Buku tabungan")
    assert client.post(address, sent).status_code == 302
    applicant.person.refresh_from_db()
    assert applicant.person.account == ACCOUNT
    columns = ProposedChange.objects.get().values.values_list("column", flat=True)
    assert "bank" in columns
    assert "account" not in columns


def test_an_account_is_entered_as_people_write_it(programme: Programme, ani: User, client_of: ClientOf):
    sent = answers(programme, account="0000-123 456", bank="Bank Contoh", account_holder="Sumiati")
    assert client_of(ani).post(at(programme, "new"), sent).status_code == 302
    assert Applicant.objects.get().person.account == ACCOUNT
    refused = client_of(ani).post(at(programme, "new"), answers(programme, account="12x")).content.decode()
    assert "Write the number of the account: 5 to 20 digits." in refused


def test_numbers_stay_hidden_without_a_purpose(programme: Programme, ani: User, client_of: ClientOf):
    applicant = factories.applicant(programme)
    response = client_of(ani).post(at(programme, "reveal", "A001"), {"purpose": ""})
    assert "Fill this in." in response.content.decode()
    assert applicant.person.nik not in response.content.decode()


def test_an_application_is_entered(programme: Programme, budi: User, client_of: ClientOf):
    response = client_of(budi).post(at(programme, "new"), answers(programme), follow=True)
    assert "The application was entered." in response.content.decode()
    made = Applicant.objects.select_related("person").get()
    assert (made.code, made.status, made.person.name) == ("A001", "eligible", "Sumiati")


def test_a_code_sent_along_is_not_taken(programme: Programme, budi: User, client_of: ClientOf):
    client, given = client_of(budi), answers(programme, code="A001")
    assert [client.post(at(programme, "new"), given).status_code for _application in range(2)] == [302, 302]
    assert list(Applicant.objects.values_list("code", "person__code")) == [("A001", "P001"), ("A002", "P002")]


def test_a_field_of_another_programme_cannot_be_chosen(
    programme: Programme, other_programme: Programme, budi: User, client_of: ClientOf
):
    theirs = other_programme.fields.create(code="x", name="X", name_en="X", least_seats=0, most_seats=1)
    page = client_of(budi).post(at(programme, "new"), answers(programme, field=theirs.pk))
    assert page.context["form"].errors.keys() == {"field"}


def test_every_error_of_both_forms_is_shown_at_once(programme: Programme, budi: User, client_of: ClientOf):
    wrong = answers(programme, name="", household_size="", earlier_assistance_reported="on")
    page = client_of(budi).post(at(programme, "new"), wrong).content.decode()
    assert page.count("Fill this in.") == 2
    assert not Applicant.objects.exists()


def test_a_report_of_assistance_never_given_is_an_error(programme: Programme, budi: User, client_of: ClientOf):
    wrong = answers(programme, earlier_assistance_reported="on")
    page = client_of(budi).post(at(programme, "new"), wrong).content.decode()
    assert "A report can only be handed in for assistance that was given." in page


def test_a_correction_keeps_the_hidden_numbers(programme: Programme, ani: User, budi: User, client_of: ClientOf):
    applicant = factories.applicant(programme)
    client = client_of(budi)
    assert applicant.person.nik not in client.get(at(programme, "correct", "A001")).content.decode()
    sent = answers(programme, nik="", family_card="", name="Nama Betul")
    assert "Say why" in client.post(at(programme, "correct", "A001"), sent).content.decode()
    assert client.post(at(programme, "correct", "A001"), sent | {"reason": "Seen on the card"}).status_code == 302
    change_services.approve_change(change=ProposedChange.objects.get(), by=ani, on=DAY)
    stored = Applicant.objects.select_related("person").get()
    assert (stored.person.name, stored.person.nik) == ("Nama Betul", applicant.person.nik)
    assert stored.person.family_card == applicant.person.family_card


@pytest.mark.parametrize(("frozen_on", "said"), [(None, "assessed again at once"), (DAY, "the assessment stays")])
def test_the_page_of_a_correction_says_what_becomes_of_the_assessment(
    frozen_on: datetime.date | None, said: str, programme: Programme, budi: User, client_of: ClientOf
):
    factories.applicant(programme, frozen_on=frozen_on)
    assert said in client_of(budi).get(at(programme, "correct", "A001")).content.decode()


def test_all_are_assessed_by_a_button(programme: Programme, budi: User, client_of: ClientOf):
    factories.applicant(programme)
    response = client_of(budi).post(at(programme, "assess"), follow=True)
    assert "Assessed: 1 eligible, 0 not eligible, 0 with warnings; changed: 1." in response.content.decode()


def test_a_withdrawn_application_says_when_and_why(programme: Programme, budi: User, client_of: ClientOf):
    applicant = factories.applicant(programme)
    services.mark_withdrawn(applicant=applicant, reason="Moved away", by=budi, on=datetime.date(2022, 9, 1))
    page = client_of(budi).get(at(programme, "applicant", "A001")).content.decode()
    assert "The application was withdrawn on 1 September 2022: Moved away" in page


def test_the_export_has_what_the_filter_shows_and_no_number_in_clear(
    programme: Programme, ani: User, client_of: ClientOf
):
    shown = factories.applicant(programme, 1)
    factories.applicant(programme, 2)
    file = file_of(client_of(ani).get(at(programme, "applicants") + "?q=A001&export=xlsx"))
    headings, *rows = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
    assert [row[headings.index("code")] for row in rows] == ["A001"]
    assert rows[0][headings.index("nik")] == "•" * 12 + shown.person.nik[-4:]


def test_the_pages_speak_indonesian_by_default(programme: Programme, ani: User):
    client = Client()
    client.force_login(ani)
    factories.applicant(programme)
    assert "Pendaftar" in client.get(at(programme, "applicants")).content.decode()
