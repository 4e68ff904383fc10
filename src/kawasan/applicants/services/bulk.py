"""Many applications at once: added and assessed in one go, and taken out again as long as nothing rests on them."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from django.db import models, transaction

from kawasan.applicants.models import Applicant, Person, PossibleDouble
from kawasan.applicants.services.applications import Yardstick, next_code, outcome_of
from kawasan.applicants.services.names import forget_names, index_names
from kawasan.applicants.services.others import Coming
from kawasan.areas.models import Place
from kawasan.core.many import add_rows, next_keys
from kawasan.core.models import User
from kawasan.core.services import RowMark, log, row_mark
from kawasan.programmes.models import Programme

CHUNK = 2000  # people held in memory at once
BATCH = 500  # rows a query


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows that were checked, made anew each time they are asked for: so many are not held in memory twice.

    ``codes`` are those of the applications, empty where there is none; ``compared`` what each is compared by, and
    ``pairs`` the people with their applications, in the same order.
    """

    codes: Sequence[str]
    compared: Callable[[], Iterator[Mapping[str, Any]]]
    pairs: Callable[[], Iterator[tuple[Person, Applicant]]]


@dataclass(slots=True)
class _Added:
    """What was stored so far."""

    marks: list[RowMark] = field(default_factory=list)
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

    An assessment asks who else has the same number, so all keys and codes are given before the first row is stored.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that two people do not get one code
    persons = next_keys(Person, len(incoming.codes))
    free = _free_codes(programme, Applicant, frozenset(incoming.codes))
    codes = [code or next(free) for code in incoming.codes]
    coming = map(Coming, persons, codes, incoming.compared())
    yardstick, added = Yardstick.of(programme, coming=coming), _Added()
    places = {place.pk: place for place in programme.places.all()}
    own = _free_codes(programme, Person, frozenset())
    keys = zip(persons, own, next_keys(Applicant, len(codes)), codes, strict=False)
    joined = (_joined(pair, known, places) for pair, known in zip(incoming.pairs(), keys, strict=True))
    while chunk := list(islice(joined, CHUNK)):
        _add(programme, chunk, yardstick, added, on)
    log(verb, about, by=by, marks=added.marks, on=on, **added.counts)
    return added.counts


def _free_codes(programme: Programme, model: type[Person] | type[Applicant], taken: Set[str]) -> Iterator[str]:
    """Codes after the last one there is, without those that come with the rows."""
    letter = "P" if model is Person else "A"
    first = int(next_code(model, programme, letter)[1:])
    return (code for number in count(first) if (code := f"{letter}{number:03}") not in taken)


def _joined(pair: tuple[Person, Applicant], known: tuple[int, str, int, str], places: Mapping[int, Place]) -> Applicant:
    person, applicant = pair
    person.pk, person.code, applicant.pk, applicant.code = known
    person.place, applicant.person = places[person.place_id], person
    return applicant


def _add(programme: Programme, chunk: list[Applicant], yardstick: Yardstick, added: _Added, on: datetime.date) -> None:
    people = [applicant.person for applicant in chunk]
    for applicant in chunk:
        for column, value in outcome_of(applicant, yardstick).items():
            setattr(applicant, column, value)
        applicant.assessed_on = on if applicant.rule_set_id else None
        added.counts["people"] += 1
        added.counts[applicant.status] += 1
        added.counts["with_warnings"] += bool(applicant.warnings)
    for model, rows in ((Person, people), (Applicant, chunk)):
        add_rows(model, rows)
        added.marks += map(row_mark, rows)
    index_names(programme=programme, persons=people)


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
