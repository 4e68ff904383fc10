"""Many applications at once: added and assessed in one go, and taken out again as long as nothing rests on them."""

import datetime
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, TypeVar

from django.db import models, transaction

from kawasan.applicants.models import Applicant, Person, PossibleDouble
from kawasan.applicants.services.applications import Yardstick, next_code, outcome_of
from kawasan.applicants.services.names import forget_names, index_names
from kawasan.areas.models import Place
from kawasan.core.models import User
from kawasan.core.services import RowMark, log, row_mark
from kawasan.programmes.models import Programme

CHUNK = 2000  # people held in memory at once
BATCH = 500  # rows a query
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows that were checked, made anew each time they are asked for: so many are not held in memory twice.

    ``people`` come with the code of their application, empty where it has none; ``pairs`` are the same people, in the
    same order, with their applications.
    """

    codes: Set[str]
    people: Callable[[], Iterator[tuple[Person, str]]]
    pairs: Callable[[], Iterator[tuple[Person, Applicant]]]


@dataclass(slots=True)
class _Added:
    """What was stored so far."""

    marks: list[RowMark] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    counts: dict[str, Any] = field(
        default_factory=lambda: {"people": 0, "eligible": 0, "refused": 0, "submitted": 0, "with_warnings": 0}
    )


@transaction.atomic
def add_many(
    *,
    programme: Programme,
    incoming: Incoming,
    about: models.Model,
    verb: str,
    by: User | None,
    on: datetime.date,
) -> dict[str, int]:
    """Store people with their applications, all or none, and assess each against all others at once.

    The people come first, since an assessment asks who else has the same number. Codes that they lack they get here.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that two people do not get one code
    yardstick, added = Yardstick.of(programme), _Added()
    own = _free_codes(programme, Person, frozenset())
    free = _free_codes(programme, Applicant, incoming.codes)
    for chunk in _chunks(incoming.people()):
        added.codes += [code or next(free) for _person, code in chunk]
        _add_people([person for person, _code in chunk], own, yardstick, added)
    places = {place.pk: place for place in programme.places.all()}
    known = zip(incoming.pairs(), added.persons, added.codes, strict=True)
    for chunk_of_pairs in _chunks(_joined(pair, pk, code, places) for pair, pk, code in known):
        _add_applicants(chunk_of_pairs, yardstick, added, on)
    log(verb, about, by=by, marks=added.marks, on=on, **added.counts)
    return added.counts


def _chunks(rows: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _free_codes(programme: Programme, model: type[Person] | type[Applicant], taken: Set[str]) -> Iterator[str]:
    """Codes after the last one there is, without those that come with the rows."""
    letter = "P" if model is Person else "A"
    first = int(next_code(model, programme, letter)[1:])
    return (code for number in count(first) if (code := f"{letter}{number:03}") not in taken)


def _joined(pair: tuple[Person, Applicant], pk: int, code: str, places: dict[int, Place]) -> Applicant:
    person, applicant = pair
    person.pk, person.place = pk, places[person.place_id]
    applicant.person, applicant.code = person, code
    return applicant


def _add_people(people: list[Person], own: Iterator[str], yardstick: Yardstick, added: _Added) -> None:
    for person in people:
        person.code = next(own)
    Person.objects.bulk_create(people, batch_size=BATCH)
    index_names(programme=people[0].programme, persons=people)
    for person, code in zip(people, islice(added.codes, len(added.persons), None), strict=True):
        yardstick.others.add(Applicant(person=person, code=code))
    added.persons += [person.pk for person in people]
    added.marks += map(row_mark, people)
    added.counts["people"] += len(people)


def _add_applicants(chunk: list[Applicant], yardstick: Yardstick, added: _Added, on: datetime.date) -> None:
    for applicant in chunk:
        for column, value in outcome_of(applicant, yardstick).items():
            setattr(applicant, column, value)
        applicant.assessed_on = on if applicant.rule_set_id else None
        added.counts[applicant.status] += 1
        added.counts["with_warnings"] += bool(applicant.warnings)
    Applicant.objects.bulk_create(chunk, batch_size=BATCH)
    added.marks += map(row_mark, chunk)


@transaction.atomic
def remove_many(
    *, programme: Programme, applicants: models.QuerySet[Applicant], about: models.Model, verb: str, by: User | None
) -> int:
    """Take out applications with their people, which nothing rests on; the log keeps that they were there."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    rows = list(applicants.values_list("pk", "person_id"))
    persons = {person for _pk, person in rows}
    pairs = PossibleDouble.objects.filter(programme=programme)
    open_pairs = [pk for pk, *both in pairs.values_list("pk", "first_id", "second_id") if persons & set(both)]
    gone: list[RowMark] = [(Applicant._meta.label, str(pk), "") for pk, _person in rows]
    gone += [(Person._meta.label, str(pk), "") for pk in sorted(persons)]
    gone += [(PossibleDouble._meta.label, str(pk), "") for pk in open_pairs]
    _delete(PossibleDouble, open_pairs)
    _delete(Applicant, [pk for pk, _person in rows])
    forget_names(persons=sorted(persons))
    _delete(Person, sorted(persons))
    log(verb, about, by=by, marks=gone, people=len(persons))
    return len(persons)


def _delete(model: type[models.Model], keys: list[Any]) -> None:
    """By key and a part at a time. The database refuses to lose a row to which another one refers."""
    for start in range(0, len(keys), BATCH):
        rows = model._base_manager.filter(pk__in=keys[start : start + BATCH])
        rows._raw_delete(rows.db)
