"""Photos of papers: asked by the rule set, sealed, seen by who checks applications only."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from kawasan.applicants import codes, queries
from kawasan.applicants.models import Applicant, Paper
from kawasan.applicants.rules import papers_asked
from kawasan.applicants.tests import factories
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.programmes.models import Programme, RuleSet
from kawasan.programmes.rules import PaperKind

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
EVERYTHING = " ".join(PaperKind)


@pytest.fixture
def applicant(programme: Programme) -> Applicant:
    RuleSet.objects.update(required_papers="ktp kk disability")
    return factories.applicant(programme)


@pytest.fixture
def phone(applicant: Applicant) -> Client:
    """The device of somebody who has opened the own application."""
    made = Client(headers={"accept-language": "en"})
    number = codes.receipt_code(applicant.programme.code, applicant.code)
    birth_date = applicant.person.birth_date.isoformat()
    made.post(_page(applicant.programme), {"number": number, "birth_date": birth_date})
    return made


def _page(programme: Programme) -> str:
    return reverse("reports:own_application", args=[programme.code])


def photo(colour: str = "red", content: bytes = b"") -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (30, 20), colour).save(written, "JPEG")
    return SimpleUploadedFile("ktp.jpg", content or written.getvalue())


def hand_in(client: Client, applicant: Applicant, kind: str = "ktp", **options: Any) -> Any:
    address = reverse("applicants:own_paper", args=[applicant.programme.code, kind])
    return client.post(address, {"photo": photo(**options)}, follow=True)


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({}, {PaperKind.DISABILITY, PaperKind.REPORT}),
        ({"disability": "sight"}, {PaperKind.REPORT}),
        ({"earlier_assistance": True}, {PaperKind.DISABILITY}),
    ],
)
def test_a_paper_is_asked_of_whom_it_concerns(changes: dict[str, Any], left_out: set[PaperKind]) -> None:
    asked = papers_asked(EVERYTHING, **{"disability": "", "earlier_assistance": False, **changes})
    assert asked == [kind for kind in PaperKind if kind not in left_out]


def test_what_is_missing_is_said_and_a_photo_sent_from_the_phone_is_received(
    phone: Client, applicant: Applicant, django_capture_on_commit_callbacks: Any
) -> None:
    assert phone.get(_page(applicant.programme)).content.decode().count("not received yet") == 2
    with django_capture_on_commit_callbacks(execute=True):
        page = hand_in(phone, applicant).content.decode()
    assert "Received: Identity card (KTP)." in page
    assert [kind for kind, paper in queries.papers_of(applicant) if paper] == ["ktp"]
    assert [str(fault) for fault in verify_log() if "Paper" in str(fault)] == []
    assert LogEntry.objects.get(verb="applicants.paper_received").by is None


def test_a_file_is_sealed_under_a_name_of_chance_and_a_new_one_replaces_it(
    phone: Client, applicant: Applicant, django_capture_on_commit_callbacks: Any
) -> None:
    names = []
    for colour in ("red", "blue"):
        with django_capture_on_commit_callbacks(execute=True):
            hand_in(phone, applicant, colour=colour)
        names.append(Paper.objects.get().file)
    assert not default_storage.exists(f"papers/{names[0]}")
    with default_storage.open(f"papers/{names[1]}") as file:
        assert b"JFIF" not in file.read()


def test_a_photo_that_cannot_be_kept_leaves_the_one_before(
    phone: Client, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(phone, applicant)
    before = Paper.objects.get()

    def full(*_anything: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(OSError, match="no space"):
        hand_in(phone, applicant, colour="blue")
    assert Paper.objects.get() == before
    assert Paper.objects.get().file == before.file
    assert default_storage.exists(f"papers/{before.file}")


def test_a_paper_that_was_checked_before_the_pool_was_frozen_stays(phone: Client, applicant: Applicant) -> None:
    hand_in(phone, applicant)
    before = Paper.objects.get().file
    Applicant.objects.update(frozen_on=applicant.applied_on)
    assert "stays as it was checked" in hand_in(phone, applicant, colour="blue").content.decode()
    assert Paper.objects.get().file == before


def test_who_checks_sees_the_paper_and_the_log_keeps_it(
    phone: Client, applicant: Applicant, budi: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(phone, applicant)
    answer = client_of(budi).get(reverse("applicants:paper", args=[applicant.programme.code, applicant.code, "ktp"]))
    assert Image.open(BytesIO(answer.content)).size == (30, 20)
    assert answer["Content-Type"] == "image/jpeg"
    assert LogEntry.objects.get(verb="applicants.paper_read").by == budi


def test_neither_the_applicant_nor_a_planner_gets_the_picture(
    phone: Client, applicant: Applicant, cast: dict[str, User], client_of: ClientOf
) -> None:
    hand_in(phone, applicant)
    address = reverse("applicants:paper", args=[applicant.programme.code, applicant.code, "ktp"])
    assert phone.get(address).status_code == 302
    assert client_of(cast["gita"]).get(address).status_code == 403


@pytest.mark.parametrize("content", [b"PK\x03\x04 zip", b"MZ a program", b"%PDF-1.7", b"<?php echo 1; ?>"])
def test_what_is_no_photo_is_refused_with_a_sentence(phone: Client, applicant: Applicant, content: bytes) -> None:
    assert "not a photo that can be read" in hand_in(phone, applicant, content=content).content.decode()
    assert not Paper.objects.exists()


def test_a_stranger_sends_nothing(applicant: Applicant) -> None:
    hand_in(Client(), applicant)
    assert not Paper.objects.exists()


def test_a_paper_that_is_not_asked_is_not_taken(phone: Client, applicant: Applicant) -> None:
    assert hand_in(phone, applicant, "statement").status_code == 404


def test_sixty_photos_an_hour_are_enough(phone: Client, applicant: Applicant, monkeypatch: Any) -> None:
    from kawasan.applicants import paper_views

    monkeypatch.setattr(paper_views, "SENDINGS", paper_views.Limit("test", 1, paper_views.datetime.timedelta(days=1)))
    hand_in(phone, applicant)
    assert "Too many photos were sent from here." in hand_in(phone, applicant).content.decode()


def test_the_office_adds_a_paper(
    applicant: Applicant, budi: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    address = reverse("applicants:office_paper", args=[applicant.programme.code, applicant.code, "kk"])
    with django_capture_on_commit_callbacks(execute=True):
        page = client_of(budi).post(address, {"photo": photo()}, follow=True).content.decode()
    assert "Received: Family card (KK)." in page
    assert "Look at it" in page
    assert LogEntry.objects.get(verb="applicants.paper_received").by == budi


def test_a_rule_set_names_papers_that_there_are(programme: Programme) -> None:
    rule_set = programme.rule_sets.get()
    rule_set.required_papers = "ktp paspor"
    with override("en"), pytest.raises(ValidationError, match="no paper “paspor”"):
        rule_set.full_clean()
