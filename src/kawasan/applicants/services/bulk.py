"""Many applications at once: added and assessed in one go, and taken out again as long as nothing rests on them."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from django.db import models, transaction

from kawasan.applicants.models import Applicant, Person, PossibleDouble
from kawasan.applicants.services.applications import Yardstick, _next_code, _outcome
from kawasan.core.models import User
from kawasan.core.services import RowMark, log, row_mark
from kawasan.programmes.models import Programme

CHUNK = 2000  # people held in memory at once
BATCH = 500  # rows a query
Pair = tuple[Person, Applicant]
Pairs = Callable[[], Iterable[Pair]]


@dataclass(slots=True)
class _Added:
    """What was stored so far."""

    marks: list[RowMark] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: {"people": 0, "eligible": 0, "refused": 0, "submitted": 0, "with_warnings": 0}
    )


@transaction.atomic
def add_many(
    *,
    programme: Programme,
    pairs: Pairs,
    codes: Set[str],
    about: models.Model,
    verb: str,
    by: User | None,
    on: datetime.date,
) -> dict[str, int]:
    """Store people with their applications, all or none, and assess each against all others at once.

    ``pairs`` are rows that were checked, gone through twice: the people first, since an assessment asks who else has
    the same number. They have these ``codes`` already; those that they lack they get here.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that two people do not get one code
    yardstick, added = Yardstick.of(programme), _Added()
    for chunk in _chunks(_numbered(programme, pairs, codes)):
        _add_people(chunk, yardstick, added)
    places, number = {place.pk: place for place in programme.places.all()}, iter(added.persons)
    for chunk in _chunks(_numbered(programme, pairs, codes)):
        for person, applicant in chunk:
            person.pk, person.place = next(number), places[person.place_id]
            applicant.person = person
        _add_applicants([applicant for _person, applicant in chunk], yardstick, added, on)
    log(verb, about, by=by, marks=added.marks, on=on, **added.counts)
    return added.counts


def _chunks(pairs: Iterator[Pair]) -> Iterator[list[Pair]]:
    while chunk := list(islice(pairs, CHUNK)):
        yield chunk


def _numbered(programme: Programme, pairs: Pairs, taken: Set[str]) -> Iterator[Pair]:
    """The rows with their codes. Applications have the same ones each time; people have theirs when they are stored."""
    persons = (f"P{number:03}" for number in count(_first(programme, Person)))
    free = (code for number in count(_first(programme, Applicant)) if (code := f"A{number:03}") not in taken)
    for person, applicant in pairs():
        person.code, applicant.code = next(persons), applicant.code or next(free)
        yield person, applicant


def _first(programme: Programme, model: type[Person] | type[Applicant]) -> int:
    return int(_next_code(model, programme, "P" if model is Person else "A")[1:])


def _add_people(chunk: list[Pair], yardstick: Yardstick, added: _Added) -> None:
    persons = Person.objects.bulk_create([person for person, _applicant in chunk], batch_size=BATCH)
    for person, (_person, applicant) in zip(persons, chunk, strict=True):
        applicant.person = person
        yardstick.others.add(applicant)
        added.persons.append(person.pk)
    added.marks += map(row_mark, persons)
    added.counts["people"] += len(persons)


def _add_applicants(chunk: list[Applicant], yardstick: Yardstick, added: _Added, on: datetime.date) -> None:
    for applicant in chunk:
        for column, value in _outcome(applicant, yardstick).items():
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
    _delete(Person, sorted(persons))
    log(verb, about, by=by, marks=gone, people=len(persons))
    return len(persons)


def _delete(model: type[models.Model], keys: list[Any]) -> None:
    """By key and a part at a time. The database refuses to lose a row to which another one refers."""
    for start in range(0, len(keys), BATCH):
        rows = model._base_manager.filter(pk__in=keys[start : start + BATCH])
        rows._raw_delete(rows.db)  # type: ignore[attr-defined]
