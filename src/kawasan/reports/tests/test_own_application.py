"""The page of an application for whoever has its receipt, and nobody else."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.applicants import codes
from kawasan.applicants.models import Applicant
from kawasan.applicants.services import assess
from kawasan.applicants.tests import factories
from kawasan.programmes.models import Programme
from kawasan.selection.tests import factories as pools

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 8, 12)


@pytest.fixture
def phone() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def hers(programme: Programme) -> Applicant:
    made = factories.applicant(programme)
    factories.applicant(programme, 2)
    assess(programme=programme, by=None, on=DAY)
    made.refresh_from_db()
    return made


def address(programme: Programme) -> str:
    return reverse("reports:own_application", args=[programme.code])


def ask(phone: Client, applicant: Applicant, **changes: str) -> Any:
    said = {
        "number": codes.receipt_code(applicant.programme.code, applicant.code),
        "birth_date": applicant.person.birth_date.isoformat(),
    }
    return phone.post(address(applicant.programme), said | changes, follow=True)


def test_number_and_date_of_birth_open_the_page(phone: Client, hers: Applicant) -> None:
    page = ask(phone, hers).content.decode()
    assert hers.person.name in page
    assert "Yes, no rule speaks against it." in page
    assert "Months without work: 12; full points from 24 on." in page
    assert hers.person.nik not in page


@pytest.mark.parametrize("dash", ["-", " ", " – "])
def test_a_number_opens_it_as_people_type_it(phone: Client, hers: Applicant, dash: str) -> None:
    number = codes.receipt_code(hers.programme.code, hers.code).lower().replace("-", dash)
    assert hers.person.name in ask(phone, hers, number=f" {number} ").content.decode()


@pytest.mark.parametrize("changes", [{"birth_date": "1971-02-03"}, {"number": "A001"}, {"number": "A001-AAAAAA"}])
def test_a_stranger_gets_nothing(phone: Client, hers: Applicant, changes: dict[str, str]) -> None:
    page = ask(phone, hers, **changes).content.decode()
    assert "do not belong together" in page
    assert hers.person.name not in page
    assert hers.person.name not in phone.get(address(hers.programme)).content.decode()


def test_after_five_wrong_dates_the_right_one_is_locked_out_for_a_time(phone: Client, hers: Applicant) -> None:
    for day in range(1, 6):
        ask(phone, hers, birth_date=f"1971-02-0{day}")
    page = ask(phone, hers).content.decode()
    assert "This was tried too often." in page
    assert hers.person.name not in page


def test_reasons_of_a_refusal_are_said(phone: Client, hers: Applicant) -> None:
    Applicant.objects.filter(pk=hers.pk).update(activity_now="student")
    assess(programme=hers.programme, by=None, on=DAY)
    assert "Activity now: Student. The rule does not allow that. (Pasal 3)" in ask(phone, hers).content.decode()


def test_warnings_are_said_kindly_and_nothing_of_others(phone: Client, programme: Programme, hers: Applicant) -> None:
    other = factories.person(programme, 9, nik=hers.person.nik, name="Orang Lain")
    factories.applicant(programme, 9, of=other)
    assess(programme=programme, by=None, on=DAY)
    page = ask(phone, hers).content.decode()
    assert "The office still has a question about your identity." in page
    assert "A009" not in page
    assert "Orang Lain" not in page


def test_what_is_missing_is_said(phone: Client, hers: Applicant) -> None:
    hers.person.phone = ""
    hers.person.save(update_fields=["phone"])
    assert "A phone number at which you or a neighbour can be reached" in ask(phone, hers).content.decode()


def test_the_page_closes_on_the_device(phone: Client, hers: Applicant) -> None:
    ask(phone, hers)
    phone.post(reverse("reports:leave_own_application", args=[hers.programme.code]))
    assert hers.person.name not in phone.get(address(hers.programme)).content.decode()


def test_the_page_takes_few_queries(phone: Client, hers: Applicant, django_assert_max_num_queries: Any) -> None:
    ask(phone, hers)
    with django_assert_max_num_queries(12):
        assert phone.get(address(hers.programme)).status_code == 200


def test_whoever_is_in_the_draw_gets_the_certificate_however_the_programme_announces(
    phone: Client, programme: Programme
) -> None:
    Programme.objects.filter(pk=programme.pk).update(announcement="named")
    draw = pools.frozen(programme)
    hers = programme.applicants.select_related("person", "programme").order_by("code")[0]
    place = reverse("reports:own_certificate", args=[programme.code])
    assert phone.get(place).status_code == 302
    assert place in ask(phone, hers).content.decode()
    found = phone.get(place).json()
    assert found["hashes"]["frozen"] == draw.frozen_hash
    assert hers.person.name not in str(found)


def test_without_a_draw_there_is_no_certificate(phone: Client, hers: Applicant) -> None:
    ask(phone, hers)
    assert phone.get(reverse("reports:own_certificate", args=[hers.programme.code])).status_code == 404
