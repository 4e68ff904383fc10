"""Persons who may be one are sought, decided about, counted as one, and taken apart again."""

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants import rules
from kawasan.applicants.models import Person, PossibleDouble
from kawasan.applicants.rules import PairState, Status
from kawasan.applicants.services.applications import CHUNK, Yardstick, assess_these
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import linkage_people
from kawasan.programmes.models import Programme

COMPARED = ("name", "birth_date", "sex", "nik", "family_card", "mother_name", "phone", "account", "address")
NIK = [comparison.name for comparison in linkage_people.COMPARISONS].index("nik")
SAME_NIK = [level.label for level in linkage_people.COMPARISONS[NIK].levels].index("same")


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What a search compares, and its hash: numbers in clear stay in memory and are stored nowhere."""

    persons: list[int]
    columns: dict[str, list[str]]
    hash: str

    @classmethod
    def of(cls, programme: Programme) -> "_Frozen":
        standing = programme.applicants.exclude(status=Status.WITHDRAWN).values("person_id")
        rows = list(programme.persons.filter(pk__in=standing).order_by("pk").values_list("pk", *COMPARED))
        columns = {name: [_text(row[place]) for row in rows] for place, name in enumerate(COMPARED, start=1)}
        persons = [row[0] for row in rows]
        stored = json.dumps([persons, columns], sort_keys=True).encode()
        return cls(persons, columns, hashlib.sha256(stored).hexdigest())


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value or "")


def seek(*, programme: Programme, by: User | None, on: datetime.date) -> dict[str, int]:
    """Look for persons who may be one among all standing applications; the comparison holds no transaction open."""
    frozen = _Frozen.of(programme)
    found = linkage_people.find_people(frozen.columns, least=0)
    return _record(programme, frozen, found, by=by, on=on)


@transaction.atomic
def _record(
    programme: Programme, frozen: _Frozen, found: linkage_people.Pairs, *, by: User | None, on: datetime.date
) -> dict[str, int]:
    """Store the pairs; what people decided stays, and so does what they were not sure of."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    if _Frozen.of(programme).hash != frozen.hash:
        raise Refused(Text(_("An application was changed during the search. Look for doubles again.")))
    known = {(pair.first_id, pair.second_id): pair for pair in programme.possible_doubles.all()}
    now = {(pair.first_id, pair.second_id): pair for pair in _pairs(programme, frozen, found, on)}
    new = [pair for key, pair in now.items() if key not in known]
    changed = list(_brought_up_to_date(known, now))
    gone = [pair for key, pair in known.items() if key not in now and pair.state == PairState.OPEN]
    programme.possible_doubles.filter(pk__in=[pair.pk for pair in gone]).delete()
    PossibleDouble.objects.bulk_create(new, batch_size=CHUNK)
    PossibleDouble.objects.bulk_update(changed, ("probability", "parts"), batch_size=CHUNK)
    counts: dict[str, Any] = {"people": len(frozen.persons), "new": len(new), "gone": len(gone)}
    rows = [*new, *changed]
    log("applicants.doubles_sought", programme, by=by, rows=rows, deleted=gone, on=on, input=frozen.hash, **counts)
    return counts | {"to_decide": programme.possible_doubles.to_decide().count()}


def _pairs(
    programme: Programme, frozen: _Frozen, found: linkage_people.Pairs, on: datetime.date
) -> Iterator[PossibleDouble]:
    shown = (found.probability >= rules.LEAST_SHOWN) | (found.levels[:, NIK] == SAME_NIK)
    for place in np.flatnonzero(shown).tolist():
        yield PossibleDouble(
            programme=programme,
            first_id=frozen.persons[found.first[place]],
            second_id=frozen.persons[found.second[place]],
            probability=round(float(found.probability[place]), 4),
            parts=list(_parts(found, place)),
            found_on=on,
        )


def _parts(found: linkage_people.Pairs, place: int) -> Iterator[dict[str, Any]]:
    for comparison, level, bits in zip(
        linkage_people.COMPARISONS, found.levels[place], found.weights[place], strict=True
    ):
        if comparison.name in rules.COMPARED:
            yield rules.pair_part(comparison.name, comparison.levels[level].label, float(bits))


def _brought_up_to_date(
    known: dict[tuple[int, int], PossibleDouble], now: dict[tuple[int, int], PossibleDouble]
) -> Iterator[PossibleDouble]:
    """Pairs still to decide of which something else is found than before."""
    for key, pair in known.items():
        fresh = now.get(key)
        if (
            fresh
            and pair.state in rules.STILL_TO_DECIDE
            and (pair.probability, pair.parts)
            != (
                fresh.probability,
                fresh.parts,
            )
        ):
            pair.probability, pair.parts = fresh.probability, fresh.parts
            yield pair


@transaction.atomic
def decide(*, pair: PossibleDouble, state: str, note: str, by: User | None, on: datetime.date) -> PossibleDouble:
    """Keep what somebody decided of two persons, and assess the applications of both by it."""
    if reasons := rules.reasons_not_decided(state, note):
        raise Refused(*reasons)
    written = {"state": state, "note": note.strip(), "decided_on": on, "decided_by": by}
    return _written(pair, rules.STILL_TO_DECIDE, written, "applicants.double_decided", by=by, on=on)


@transaction.atomic
def reopen(*, pair: PossibleDouble, by: User | None, on: datetime.date) -> PossibleDouble:
    """Take a decision back: whoever was counted as one person is two again, each with the whole history."""
    written = {"state": PairState.OPEN, "note": "", "decided_on": None, "decided_by": None}
    return _written(pair, rules.DECIDED, written, "applicants.double_reopened", by=by, on=on)


def _written(
    pair: PossibleDouble, before: Any, written: dict[str, Any], verb: str, *, by: User | None, on: datetime.date
) -> PossibleDouble:
    Programme.objects.select_for_update().get(pk=pair.programme_id)  # decisions about one person one after the other
    was = pair.state
    if PossibleDouble.objects.filter(pk=pair.pk, state__in=before).update(**written) != 1:
        raise Refused(Text(_("Somebody has decided about these two in the meantime. Look at the decision first.")))
    for column, value in written.items():
        setattr(pair, column, value)
    open_ones = pair.programme.applicants.filter(
        status__in=rules.OPEN_TO_ASSESSMENT, person__in=_all_of(pair)
    ).select_related("person__place")
    concerned = list(open_ones)
    changed = assess_these(concerned, Yardstick.of(pair.programme, around=concerned), on)
    log(verb, pair, by=by, rows=[pair, *changed], on=on, was=was, state=pair.state, note=pair.note)
    return pair


def _all_of(pair: PossibleDouble) -> set[int]:
    """Both persons and everybody who is or was counted as one with them."""
    reached, rows = {pair.first_id, pair.second_id}, pair.programme.possible_doubles.one_person()
    linked = list(rows.values_list("first_id", "second_id"))
    while more := {person for both in linked if reached & set(both) for person in both} - reached:
        reached |= more
    return reached


@transaction.atomic
def reveal(*, pair: PossibleDouble, purpose: str, by: User | None) -> dict[int, Person]:
    """Return both persons with their numbers in clear; the log keeps who read them and why."""
    if reasons := rules.reasons_no_purpose(purpose):
        raise Refused(*reasons)
    log("applicants.double_read", pair, by=by, purpose=purpose.strip())
    return {person.pk: person for person in (pair.first, pair.second)}
