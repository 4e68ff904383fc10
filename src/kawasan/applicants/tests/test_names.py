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


def found(*, programme: Programme, typed: str) -> list[int]:
    """Everybody whose name fits, those with a slip of the pen last."""
    people = find_by_name(programme=programme, typed=typed)
    return [*people.close, *people.far]


@pytest.fixture
def people(programme: Programme) -> dict[str, Person]:
    names = ("Siti Nurhaliza", "Muhammad Yusuf", "Djoesoef Effendi", "Tjhin Sui Moi", "Hj. Rahmawati, S.Pd.", "Sri")
    return {name: factories.person(programme, number, name=name) for number, name in enumerate(names, start=1)}


@pytest.mark.parametrize(
    ("typed", "names"),
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
    programme: Programme, people: dict[str, Person], typed: str, names: list[str]
) -> None:
    assert find_by_name(programme=programme, typed=typed).close == [people[name].pk for name in names]


@pytest.mark.parametrize("typed", ["Nurhliza", "Nurhalixza", "Nurahliza", "Nurgaliza", "siti nurhalita", "Nurhalizaa"])
def test_a_slip_of_the_pen_is_forgiven(programme: Programme, people: dict[str, Person], typed: str) -> None:
    assert found(programme=programme, typed=typed) == [people["Siti Nurhaliza"].pk]


@pytest.mark.parametrize(
    ("name", "typed"), [("Wijaya", "wijya"), ("Wijaya", "Wijaa"), ("Nurhayati", "Nurhayti"), ("Djoesoef", "Djoesef")]
)
def test_a_letter_less_is_forgiven_though_it_sounds_another_way(programme: Programme, name: str, typed: str) -> None:
    person = factories.person(programme, 1, name=name)
    assert found(programme=programme, typed=typed) == [person.pk]


def test_a_short_word_is_found_as_it_is(programme: Programme, people: dict[str, Person]) -> None:
    assert found(programme=programme, typed="Sra") == []


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
    assert found(programme=programme, typed="wulan") == [person.pk]
    assert found(programme=programme, typed="sri") == []


def test_nobody_of_another_programme_is_found(
    programme: Programme, other_programme: Programme, people: dict[str, Person]
):
    stranger = factories.person(other_programme, 1, name="Siti Nurhaliza")
    assert found(programme=programme, typed="siti") == [people["Siti Nurhaliza"].pk]
    assert found(programme=other_programme, typed="siti") == [stranger.pk]


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
    assert len(found(programme=programme, typed="dewi")) == MOST_FOUND
    assert not find_by_name(programme=programme, typed="dewi").is_all
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
