"""Minutes of the verification, the case file and the applicant's own page."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from kawasan.applicants import codes
from kawasan.applicants import services as applications
from kawasan.applicants.models import Applicant, Verification
from kawasan.applicants.services import changes
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme
from kawasan.reports import services, verification_minutes
from kawasan.reports.verification_minutes import Scope

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 9, 1)
NEXT = datetime.date(2022, 9, 2)


def verified(applicant: Applicant, by: User, **changes: Any) -> Verification:
    values = {
        "stage": "administrative",
        "state": "recorded",
        "verifier": by,
        "assigned_on": DAY,
        "verified_on": DAY,
        "result": "confirmed",
    }
    return Verification.objects.create(programme=applicant.programme, applicant=applicant, **values | changes)


@pytest.fixture
def people(programme: Programme, budi: User) -> list[Applicant]:
    made = [factories.applicant(programme, number) for number in range(1, 4)]
    applications.assess(programme=programme, by=None, on=DAY)
    verified(made[0], budi)
    verified(made[1], budi, result="differs", reason="Tahun lahir lain", differences="Di KTP 1981, ditulis 1980")
    verified(made[2], budi, verified_on=NEXT)
    return made


def test_the_minutes_name_who_was_verified_what_differs_and_the_totals(people, programme: Programme, budi: User):
    scope = Scope("administrative")
    with override("id"):
        found = verification_minutes.data(programme, scope, list(verification_minutes.rows_of(programme, scope)))
    assert [row[:3] for row in found["rows"]] == [[str(n), f"A00{n}", f"Orang Contoh {n}"] for n in (1, 2, 3)]
    assert [line[1] for line in found["totals"]] == ["2", "1", "3"]
    assert [one["number"] for one in found["differences"]] == ["2"]
    assert "Di KTP 1981" in found["differences"][0]["text"]
    assert found["team"][0]["name"] == "Budi Santoso"
    assert people[0].person.nik not in str(found)


def test_minutes_are_of_a_day_and_a_kelurahan_and_their_number_says_so(people, programme: Programme):
    place = people[0].person.place
    scope = Scope("administrative", NEXT, place)
    assert scope.number == "BAV/ADM/20220902/19.71.01.1004"
    assert [row.applicant.code for row in verification_minutes.rows_of(programme, scope)] == ["A003"]
    assert Scope("field").number == "BAV/LAP/SEMUA/SEMUA"


def test_taking_the_minutes_is_logged_and_empty_ones_are_refused(people, programme: Programme, budi: User):
    content = services.take_verification_minutes(programme=programme, scope=Scope("administrative"), by=budi)
    assert content.startswith(b"%PDF")
    entry = LogEntry.objects.get(verb="reports.verification_minutes_taken")
    assert (entry.by, entry.data["people"]) == (budi, 3)
    with pytest.raises(Refused, match="Nothing was recorded"):
        services.take_verification_minutes(programme=programme, scope=Scope("field"), by=budi)


def test_the_page_gives_the_file_or_says_what_is_missing(people, programme: Programme, budi: User, client_of):
    client, address = client_of(budi), reverse("reports:verification_minutes", args=[programme.code])
    answer = client.post(address, {"stage": "administrative", "day": "2022-09-01"})
    assert answer["Content-Type"] == "application/pdf"
    assert "bav-adm-20220901-semua.pdf" in answer["Content-Disposition"]
    refused = client.post(address, {"stage": "field"})
    assert refused.status_code == 422
    assert "Nothing was recorded" in refused.content.decode()


def test_minutes_have_nothing_of_another_programme(people, other_programme: Programme, fajar: User, client_of):
    address = reverse("reports:verification_minutes", args=[other_programme.code])
    assert client_of(fajar).post(address, {"stage": "administrative"}).status_code == 422


def test_the_case_file_has_verifications_and_changes(people, programme: Programme, ani: User, budi: User, client_of):
    hers = Applicant.objects.select_related("person").get(code="A002")
    hers.dependants = 4
    made = applications.correct(applicant=hers, by=budi, on=DAY, reason="Family card seen")
    changes.approve_change(change=made, by=ani, on=DAY)
    page = client_of(budi).get(reverse("reports:case_file", args=[programme.code, "A002"])).content.decode()
    assert "Verification, Papers: Differs from what was stated, by Budi Santoso" in page
    assert "Change proposed by Budi Santoso: Approved (Ani Rahmawati)" in page
    assert "dependants" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Your papers were checked and are in order."),
        ({}, "Somebody of the programme will visit you at home."),
        ({"result": "differs", "reason": "Tahun lahir lain"}, "Something differs from what you wrote"),
        ({"result": "", "state": "assigned", "verified_on": None}, "The office will check your papers"),
        (
            {"result": "", "state": "assigned", "verified_on": None, "stage": "field"},
            "Budi Santoso of the programme will visit you at home.",
        ),
    ],
)
def test_applicants_read_in_kind_words_how_they_were_verified(
    programme: Programme, budi: User, client, changes: dict[str, Any], said: str
):
    hers = factories.applicant(programme)
    applications.assess(programme=programme, by=None, on=DAY)
    verified(hers, budi, **changes)
    typed = {"number": codes.receipt_code(programme.code, "A001"), "birth_date": hers.person.birth_date.isoformat()}
    address = reverse("reports:own_application", args=[programme.code])
    page = client.post(address, typed, follow=True, headers={"accept-language": "en"}).content.decode()
    assert said in page
    assert "Tahun lahir lain" not in page
