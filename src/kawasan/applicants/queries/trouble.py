"""What looks odd about applicants, by kind."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from kawasan.applicants.models import (
    Applicant,
    Person,
)
from kawasan.applicants.rules import TO_DO, Status, Trouble
from kawasan.programmes.models import Programme

MOST_SHOWN = 50  # people of one kind of trouble; the list of applicants has the others


@dataclass(frozen=True, slots=True)
class InTrouble:
    """A kind of trouble: how many it was found in, and the first of them with what was found."""

    kind: Trouble
    to_do: str
    count: int
    people: list[tuple[Applicant, list[dict[str, Any]]]]


def troubles(programme: Programme) -> list[InTrouble]:
    """All trouble by kind, in two queries however many people apply."""
    standing = programme.applicants.exclude(status=Status.WITHDRAWN)
    counts = standing.exclude(trouble="").aggregate(
        **{kind.value: Count("pk", filter=Q(trouble__contains=f",{kind.value},")) for kind in Trouble}
    )
    there = [kind for kind in Trouble if counts[kind.value]]
    firsts = (Q(pk__in=standing.in_trouble(kind).order_by("code").values("pk")[:MOST_SHOWN]) for kind in there)
    people = list(standing.in_full().filter(reduce(or_, firsts)).order_by("code")) if there else []
    return [InTrouble(kind, TO_DO[kind], counts[kind.value], _told_of(kind, people)) for kind in there]


def _told_of(kind: Trouble, people: list[Applicant]) -> list[tuple[Applicant, list[dict[str, Any]]]]:
    """Those of whom something of a kind is said, with what is said; no more of them than are shown."""
    told: list[tuple[Applicant, list[dict[str, Any]]]] = []
    for applicant in people:
        said = [text for text in (*applicant.reasons, *applicant.warnings) if text.get("kind") == kind]
        if said and len(told) < MOST_SHOWN:
            told.append((applicant, said))
    return told


def unfinished(programme: Programme) -> tuple[int, list[Person]]:
    """How many persons did not apply, and the first of them."""
    found = programme.persons.filter(applicants=None).order_by("code")
    return found.count(), list(found.select_related("place__parent")[:MOST_SHOWN])
