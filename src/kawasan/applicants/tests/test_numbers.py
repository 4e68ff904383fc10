"""People are found by a whole number, however it is written, and by no part of it."""

from collections.abc import Callable

import pytest
from django.test import Client

from kawasan.applicants.models import Applicant
from kawasan.applicants.services.numbers import find_by_number
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]
NIK = "1971014607800000"


@pytest.fixture
def somebody(programme: Programme) -> Applicant:
    person = factories.person(programme, 1, nik=NIK, family_card="1971010101200009", phone="+6281277700011")
    factories.applicant(programme, 2)
    return factories.applicant(programme, 1, of=person)


@pytest.mark.parametrize(
    "written",
    [NIK, "1971 0146 0780 0000", "1971-0146-0780-0000", "1971010101200009", "0812-777-00011", "+62 812 7770 0011"],
)
def test_a_number_is_found_however_it_is_written(programme: Programme, somebody: Applicant, written: str) -> None:
    assert list(find_by_number(programme=programme, number=written, by=None)) == [somebody]


@pytest.mark.parametrize("part", [NIK[:15], NIK[1:], "00011", "197101"])
def test_a_part_of_a_number_finds_nobody(programme: Programme, somebody: Applicant, part: str) -> None:
    assert not find_by_number(programme=programme, number=part, by=None)


@pytest.mark.parametrize("written", ["", "1971", "Siti", "%", "_" * 16])
def test_what_is_no_whole_number_is_refused(programme: Programme, somebody: Applicant, written: str) -> None:
    with pytest.raises(Refused):
        find_by_number(programme=programme, number=written, by=None)


def test_nobody_of_another_programme_is_found(other_programme: Programme, somebody: Applicant) -> None:
    assert not find_by_number(programme=other_programme, number=NIK, by=None)


def test_the_log_keeps_that_somebody_looked_and_not_for_what(programme: Programme, somebody: Applicant, budi: User):
    find_by_number(programme=programme, number=NIK, by=budi)
    entry = LogEntry.objects.get(verb="applicants.number_sought")
    assert entry.data == {"found": 1}
    assert entry.by == budi
    assert NIK not in str(entry.__dict__)


def test_the_page_shows_who_it_is_and_no_number(
    programme: Programme, somebody: Applicant, budi: User, client_of: ClientOf
) -> None:
    page = client_of(budi).post(f"/p/{programme.code}/applicants/find/", {"number": NIK})
    assert somebody.person.name in page.content.decode()
    assert page.content.decode().count(NIK) == 1  # in the field in which it was typed
    assert "no-store" in page["Cache-Control"]


def test_the_page_says_when_it_is_nobody_s(programme: Programme, budi: User, client_of: ClientOf) -> None:
    page = client_of(budi).post(f"/p/{programme.code}/applicants/find/", {"number": NIK})
    assert "Nobody who applied has this number" in page.content.decode()
