"""Many rows at once are stored as they are one by one."""

import pytest

from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.tests import factories
from kawasan.core.many import add_rows, next_keys
from kawasan.core.services import fingerprint
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db


def test_rows_are_stored_as_they_are_one_by_one(programme: Programme) -> None:
    one = factories.applicant(programme, 1, reasons=[{"template": "ö", "params": {}}], latitude=-2.1, desil=3)
    stored = [fingerprint(type(row).objects.get(pk=row.pk)) for row in (one.person, one)]
    person, applicant = Person.objects.get(pk=one.person.pk), Applicant.objects.get(pk=one.pk)
    one.delete()
    one.person.delete()
    add_rows(Person, [person])
    add_rows(Applicant, [applicant])
    assert [fingerprint(type(row).objects.get(pk=row.pk)) for row in (person, applicant)] == stored
    assert Person.objects.get(nik=person.nik) == person


def test_a_key_is_given_once_even_when_its_row_is_gone(programme: Programme) -> None:
    person = factories.person(programme, 1)
    last = person.pk
    person.delete()
    keys = next_keys(Person, 3)
    assert len(set(keys)) == 3
    assert min(keys) > last
    person.pk, person.code = keys[2], "P900"
    add_rows(Person, [person])
    assert factories.person(programme, 2).pk > keys[2]


def test_no_key_of_an_empty_table_is_lacking() -> None:
    assert next_keys(Person, 0) in (range(1, 1), [])
    assert len(next_keys(Person, 2)) == 2
