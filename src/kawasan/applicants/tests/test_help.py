"""A mentor enters somebody's application; the helper's name stays with it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.applicants import codes
from kawasan.applicants.models import Applicant
from kawasan.applicants.tests import factories
from kawasan.applicants.tests.test_public_form import pages
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def opened(programme: Programme) -> Programme:
    programme.as_of = datetime.date(2022, 8, 10)
    programme.save(update_fields=["as_of"])
    factories.place(programme)
    return programme


def said(programme: Programme, **changes: Any) -> dict[str, Any]:
    answers = {name: value for page in pages(programme).values() for name, value in page.items()}
    return answers | {"helped_by": "Citra Lestari", "notice": "on"} | changes


def address(programme: Programme) -> str:
    return reverse("applicants:new", args=[programme.code])


def test_a_mentor_enters_an_application_and_the_receipt_follows(
    opened: Programme, citra: User, client_of: ClientOf
) -> None:
    page = client_of(citra).post(address(opened), said(opened), follow=True).content.decode()
    made = Applicant.objects.get()
    assert codes.receipt_code(opened.code, made.code) in page
    assert (made.helped_by, made.source, made.applied_on) == ("Citra Lestari", "office", opened.as_of)
    assert LogEntry.objects.get(verb="applicants.submitted").by == citra
    assert list(made.consents.values_list("kind", flat=True)) == ["notice"]


def test_nobody_is_entered_who_has_not_heard_the_notice(opened: Programme, citra: User, client_of: ClientOf) -> None:
    page = client_of(citra).get(address(opened)).content.decode()
    assert "Law 27 of 2022" in page
    client_of(citra).post(address(opened), {**said(opened), "notice": ""})
    assert not Applicant.objects.exists()


def test_a_mentor_is_told_who_applied_already(opened: Programme, citra: User, client_of: ClientOf) -> None:
    client_of(citra).post(address(opened), said(opened))
    page = client_of(citra).post(address(opened), said(opened), follow=True).content.decode()
    assert "Nothing was entered a second time" in page
    assert Applicant.objects.count() == 1


def test_the_mentor_s_device_opens_no_applicant_s_page_and_no_other_receipt(
    opened: Programme, citra: User, client_of: ClientOf
) -> None:
    client = client_of(citra)
    client.post(address(opened), said(opened))
    other = factories.applicant(opened, 77)
    assert client.get(reverse("applicants:office_receipt", args=[opened.code, other.code])).status_code == 404
    own = client.get(reverse("reports:own_application", args=[opened.code])).content.decode()
    assert Applicant.objects.first().person.name not in own


def test_a_mentor_says_who_helped(opened: Programme, citra: User, client_of: ClientOf) -> None:
    client_of(citra).post(address(opened), said(opened, helped_by=""))
    assert not Applicant.objects.exists()


def test_a_mentor_enters_nobody_after_the_closing_day(opened: Programme, citra: User, client_of: ClientOf) -> None:
    Programme.objects.update(as_of=datetime.date(2022, 9, 1))
    page = client_of(citra).post(address(opened), said(opened)).content.decode()
    assert "Applications closed on 31 August 2022." in page
    assert not Applicant.objects.exists()


def test_the_name_of_the_helper_is_offered(opened: Programme, citra: User, client_of: ClientOf) -> None:
    assert 'value="Citra Lestari"' in client_of(citra).get(address(opened)).content.decode()


def test_the_office_keeps_the_helper_of_a_paper_too(opened: Programme, budi: User, client_of: ClientOf) -> None:
    answers = said(opened, applied_on="2022-08-09", helped_by="Lurah Keramat")
    page = client_of(budi).post(address(opened), answers, follow=True).content.decode()
    assert Applicant.objects.get().helped_by == "Lurah Keramat"
    assert "Lurah Keramat" in page
