"""People are found by their names however these are spelt, begun or mistyped."""

from collections.abc import Callable

import pytest
from django.test import Client

from kawasan.applicants.models import NameWord, Person, PersonWord, WordKey
from kawasan.applicants.services.names import MOST_FOUND, find_by_name, index_names
from kawasan.applicants.tests import factories
from kawasan.core.models import User
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]


@pytest.fixture
def people(programme: Programme) -> dict[str, Person]:
    names = ("Siti Nurhaliza", "Muhammad Yusuf", "Djoesoef Effendi", "Tjhin Sui Moi", "Hj. Rahmawati, S.Pd.", "Sri")
    return {name: factories.person(programme, number, name=name) for number, name in enumerate(names, start=1)}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("siti nurhaliza", ["Siti Nurhaliza"]),
        ("NURHALIZA SITI", ["Siti Nurhaliza"]),
        ("nurh", ["Siti Nurhaliza"]),
        ("Nurhalizah", ["Siti Nurhaliza"]),
        ("Nurhalisa", ["Siti Nurhaliza"]),
        ("Moh. Jusuf", ["Muhammad Yusuf"]),
        ("m. yusup", ["Muhammad Yusuf"]),
        ("Yusuf", ["Muhammad Yusuf", "Djoesoef Effendi"]),
        ("efendi", ["Djoesoef Effendi"]),
        ("Chin Sui", []),
        ("Tjin Sui Moi", ["Tjhin Sui Moi"]),
        ("rahmawati", ["Hj. Rahmawati, S.Pd."]),
        ("Siti Rahmawati", []),
        ("sri", ["Sri"]),
        ("", []),
        ("…", []),
        ("\x00 or 1=1 --", []),
    ],
)
def test_somebody_is_found_as_the_name_sounds_or_begins(
    programme: Programme, people: dict[str, Person], typed: str, found: list[str]
) -> None:
    assert find_by_name(programme=programme, typed=typed).close == [people[name].pk for name in found]


@pytest.mark.parametrize("typed", ["Nurhliza", "Nurhalixza", "Nurahliza", "Nurgaliza", "siti nurhalita", "Nurhalizaa"])
def test_a_slip_of_the_pen_is_forgiven(programme: Programme, people: dict[str, Person], typed: str) -> None:
    found = find_by_name(programme=programme, typed=typed)
    assert found.all == [people["Siti Nurhaliza"].pk]
    assert found.is_all


def test_a_short_word_is_found_as_it_is(programme: Programme, people: dict[str, Person]) -> None:
    assert find_by_name(programme=programme, typed="Sra").all == []


def test_whoever_fits_comes_before_whoever_fits_with_a_slip(programme: Programme, ani: User, client_of: ClientOf):
    far = factories.applicant(programme, 1, of=factories.person(programme, 1, name="Sulastra"))
    near = factories.applicant(programme, 2, of=factories.person(programme, 2, name="Sulastri"))
    page = client_of(ani).get(f"/p/{programme.code}/applicants/?q=sulastri").context["page"]
    assert list(page) == [near, far]


def test_a_name_that_was_corrected_is_found_and_the_old_one_no_more(
    programme: Programme, people: dict[str, Person]
) -> None:
    person = people["Sri"]
    person.name = "Wulandari"
    index_names(programme=programme, persons=[person])
    assert find_by_name(programme=programme, typed="wulan").all == [person.pk]
    assert find_by_name(programme=programme, typed="sri").all == []


def test_nobody_of_another_programme_is_found(
    programme: Programme, other_programme: Programme, people: dict[str, Person]
):
    stranger = factories.person(other_programme, 1, name="Siti Nurhaliza")
    assert find_by_name(programme=programme, typed="siti").all == [people["Siti Nurhaliza"].pk]
    assert find_by_name(programme=other_programme, typed="siti").all == [stranger.pk]


def test_no_more_are_found_than_can_be_shown_and_that_is_said(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    first = factories.person(programme, 1, name="Dewi")
    word = PersonWord.objects.get(person=first).word
    place = first.place
    many = Person.objects.bulk_create(
        Person(programme=programme, code=f"P{number}", name="Dewi", place=place, sex="female")
        for number in range(2, MOST_FOUND + 3)
    )
    PersonWord.objects.bulk_create(PersonWord(programme=programme, word=word, person=person) for person in many)
    found = find_by_name(programme=programme, typed="dewi")
    assert len(found.all) == MOST_FOUND
    assert not found.is_all
    assert "More than 1,000 people" in client_of(ani).get(f"/p/{programme.code}/applicants/?q=dewi").content.decode()


def test_an_application_is_found_by_its_code_too(programme: Programme, ani: User, client_of: ClientOf) -> None:
    made = factories.applicant(programme, 7)
    assert list(client_of(ani).get(f"/p/{programme.code}/applicants/?q= a007").context["page"]) == [made]


def test_a_word_is_stored_once_for_all_who_bear_it(programme: Programme) -> None:
    for number in (1, 2):
        factories.person(programme, number, name="Siti Siti Aminah")
    assert set(NameWord.objects.values_list("word", flat=True)) == {"siti", "aminah"}
    assert PersonWord.objects.count() == 4
    assert WordKey.objects.filter(key="^am").count() == 1
