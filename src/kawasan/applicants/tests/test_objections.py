"""Who disagrees with an assessment objects in time, and reads the answer."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.applicants import codes, rules
from kawasan.applicants.models import Applicant, Objection
from kawasan.applicants.rules import Outcome, Status
from kawasan.applicants.services import assess
from kawasan.applicants.services.objections import answer_objection, file_objection
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 8, 12)
WHY = "Kartu keluarga menunjukkan lima orang, bukan empat."


@pytest.fixture
def applicant(programme: Programme) -> Applicant:
    """Assessed on the day at which the programme is shown."""
    Programme.objects.update(as_of=DAY)
    made = factories.applicant(programme)
    assess(programme=programme, by=None, on=DAY)
    return Applicant.objects.in_full().get(pk=made.pk)


@pytest.fixture
def phone(applicant: Applicant) -> Client:
    made = Client(headers={"accept-language": "en"})
    number = codes.receipt_code(applicant.programme.code, applicant.code)
    made.post(own_page(applicant), {"number": number, "birth_date": applicant.person.birth_date.isoformat()})
    return made


def own_page(applicant: Applicant) -> str:
    return reverse("reports:own_application", args=[applicant.programme.code])


def test_an_objection_is_filed_and_its_answer_read(
    phone: Client, applicant: Applicant, budi: User, client_of: Callable[[User], Client]
) -> None:
    assert "you can object until 19 August 2022" in phone.get(own_page(applicant)).content.decode()
    page = phone.post(reverse("applicants:object", args=[applicant.programme.code]), {"text": WHY}, follow=True)
    assert WHY in page.content.decode()
    made = Objection.objects.get()
    office, address = client_of(budi), reverse("applicants:objection", args=[applicant.programme.code, made.pk])
    assert WHY in office.get(reverse("applicants:objections", args=[applicant.programme.code])).content.decode()
    office.post(address, {"outcome": "upheld", "answer": "Benar, kartu keluarga sudah kami lihat dan perbaiki."})
    page = phone.get(own_page(applicant))
    assert "The objection is right" in page.content.decode()
    assert "Benar, kartu keluarga sudah kami lihat dan perbaiki." in page.content.decode()
    assert LogEntry.objects.get(verb="applicants.objection_answered").by == budi


def test_the_same_objection_is_filed_once(phone: Client, applicant: Applicant) -> None:
    for _click in range(2):
        phone.post(reverse("applicants:object", args=[applicant.programme.code]), {"text": WHY})
    assert Objection.objects.count() == 1


def test_after_the_last_day_nobody_objects(phone: Client, applicant: Applicant) -> None:
    Programme.objects.update(as_of=DAY + datetime.timedelta(days=8))
    answer = phone.post(reverse("applicants:object", args=[applicant.programme.code]), {"text": WHY})
    assert "could be filed until 19 August 2022" in answer.content.decode()
    assert not Objection.objects.exists()


def test_the_last_day_counts(applicant: Applicant) -> None:
    file_objection(applicant=applicant, text=WHY, by=None, on=DAY + datetime.timedelta(days=7))
    assert Objection.objects.count() == 1


def test_a_stranger_files_nothing(applicant: Applicant) -> None:
    Client().post(reverse("applicants:object", args=[applicant.programme.code]), {"text": WHY})
    assert not Objection.objects.exists()


def test_an_objection_is_answered_once(applicant: Applicant, budi: User) -> None:
    made = file_objection(applicant=applicant, text=WHY, by=None, on=DAY)
    said = {"outcome": "rejected", "answer": "Kartu keluarga yang kami lihat menyebut empat orang.", "on": DAY}
    answer_objection(objection=made, by=budi, **said)
    with pytest.raises(Refused, match="in the meantime"):
        answer_objection(objection=made, by=budi, **said)


@pytest.mark.parametrize(("outcome", "answer"), [("open", WHY), ("rejected", "Tidak."), ("", WHY)])
def test_an_answer_says_yes_or_no_and_why(applicant: Applicant, outcome: str, answer: str) -> None:
    made = file_objection(applicant=applicant, text=WHY, by=None, on=DAY)
    with pytest.raises(Refused):
        answer_objection(objection=made, outcome=outcome, answer=answer, by=None, on=DAY)
    made.refresh_from_db()
    assert made.outcome == Outcome.OPEN


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": Status.WITHDRAWN}, "withdrawn"),
        ({"last_day": None}, "nothing to object to"),
        ({"day": DAY + datetime.timedelta(days=1)}, "could be filed until"),
        ({"is_open": True}, "waits for its answer"),
    ],
)
def test_each_reason_against_an_objection_is_said(changes: dict[str, object], sentence: str) -> None:
    given = {"status": Status.REFUSED, "last_day": DAY, "day": DAY, "is_open": False}
    assert rules.reasons_no_objection(**given) == []  # type: ignore[arg-type]
    assert sentence in str(rules.reasons_no_objection(**given | changes)[0])  # type: ignore[arg-type]


def test_an_auditor_reads_and_does_not_answer(
    applicant: Applicant, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    made = file_objection(applicant=applicant, text=WHY, by=None, on=DAY)
    address = reverse("applicants:objection", args=[applicant.programme.code, made.pk])
    client_of(cast["hadi"]).post(address, {"outcome": "rejected", "answer": "Kartu keluarga menyebut empat orang."})
    made.refresh_from_db()
    assert made.outcome == Outcome.OPEN
