"""The catalogue of KBLI codes: what somebody means, and what a version does not know."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules, services
from kawasan.value_chain.models import KbliCode
from kawasan.value_chain.rules import Kbli
from kawasan.value_chain.tests.factories import make_chain

ClientOf = Callable[[User], Client]
STALL = Kbli("2020", "56102", "Rumah/Warung Makan", "Eating houses")
OUTDOORS = Kbli("2025", "56102", "Aktivitas Penyediaan Makanan di Bangunan Tidak Tetap", "Food service outdoors")
CRACKERS = Kbli("2020", "10794", "Industri Kerupuk", "Crackers")
CATALOGUE = [CRACKERS, STALL, OUTDOORS]
SAID = {"version": "2025", "code": "73100", "name": "Aktivitas Periklanan", "name_en": "Advertising", "source": "BPS"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10794", [CRACKERS]),
        ("kerupuk", [CRACKERS]),
        ("Crackers", [CRACKERS]),
        ("56102", [STALL, OUTDOORS]),
        ("56102 Rumah/Warung Makan (KBLI 2020)", [STALL]),
        ("2025 56102", [OUTDOORS]),
        ("makan rumah", [STALL]),
        ("561", [STALL, OUTDOORS]),
        ("10794 (KBLI 2025)", []),
        ("tambang timah", []),
    ],
)
def test_a_code_is_found_by_its_digits_its_version_and_words_of_its_title(typed: str, meant: list[Kbli]) -> None:
    assert rules.kbli_meant(typed, CATALOGUE) == meant


def test_a_code_that_is_none_or_several_is_refused_with_a_sentence() -> None:
    assert rules.reasons_unclear_kbli("10794", [CRACKERS]) == []
    assert "No code of the KBLI catalogue is “99999”" in str(rules.reasons_unclear_kbli("99999", [])[0])
    (several,) = rules.reasons_unclear_kbli("56102", [STALL, OUTDOORS])
    assert "56102 (KBLI 2020), 56102 (KBLI 2025)" in str(several)


def test_a_code_is_known_to_a_version_only() -> None:
    known = {("2020", "10794")}
    assert rules.reasons_unknown_kbli("2020", "10794", known) == []
    assert "KBLI 2025 has no code 10794" in str(rules.reasons_unknown_kbli("2025", "10794", known)[0])


@pytest.fixture
def code(programme: Programme) -> KbliCode:
    return KbliCode.objects.create(programme=programme, **SAID | {"version": "2020", "code": "10794"})


def url(programme: Programme, route: str, *arguments: object) -> str:
    return reverse(f"value_chain:{route}", args=[programme.code, *arguments])


@pytest.mark.django_db
def test_the_office_adds_a_code_and_changes_its_title_alone(
    programme: Programme, client_of: ClientOf, ani: User
) -> None:
    office = client_of(ani)
    page = office.post(url(programme, "add_kbli_code"), SAID, follow=True).text
    assert "Enterprises can have this code now." in page
    made = KbliCode.objects.get()
    changed = SAID | {"version": "2020", "code": "00000", "name_en": "Advertising services"}
    office.post(url(programme, "change_kbli_code", made.pk), changed)
    made.refresh_from_db()
    assert (made.version, made.code, made.name_en) == ("2025", "73100", "Advertising services")
    assert LogEntry.objects.filter(verb="value_chain.kblicode_changed").exists()
    assert "This version has the code already" in office.post(url(programme, "add_kbli_code"), SAID).text


@pytest.mark.django_db
def test_the_list_is_searched_by_words_digits_and_version(
    programme: Programme, code: KbliCode, client_of: ClientOf, citra: User
) -> None:
    def found(**asked: str) -> bool:
        return "No code found" not in client_of(citra).get(url(programme, "kbli_codes"), asked).text

    assert found(words="iklan")
    assert found(words="107 advertising", version="2020")
    assert not found(words="iklan", version="2025")
    assert not found(words="794")


@pytest.mark.django_db
def test_a_code_that_somebody_has_stays(programme: Programme, code: KbliCode) -> None:
    make_chain(programme)
    programme.activities.filter(code="ACT-ayam").update(kbli_code="10794")
    with pytest.raises(Refused, match="Ayam petelur"):
        services.remove(row=code, by=None)
    programme.activities.update(kbli_code="01462")
    services.remove(row=code, by=None)
    assert not KbliCode.objects.exists()


def test_where_no_code_of_a_version_is_listed_five_digits_are_taken_as_they_are() -> None:
    assert [(one.version, one.code) for one in rules.kbli_meant("56101", [])] == [("2020", "56101"), ("2025", "56101")]
    assert [(one.version, one.code) for one in rules.kbli_meant("56101 2025", [])] == [("2025", "56101")]
    only = [one for one in CATALOGUE if one.version == "2020"]
    assert rules.kbli_meant("99999", only) == []
    assert rules.kbli_meant("99999 2020", only) == []
    assert [one.version for one in rules.kbli_meant("99999 2025", only)] == ["2025"]
