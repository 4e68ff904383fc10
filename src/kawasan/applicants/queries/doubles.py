"""Pairs of persons who may be one."""

from django.db.models import Count, Q

from kawasan.applicants.models import (
    Applicant,
    PairQuerySet,
    PossibleDouble,
)
from kawasan.applicants.rules import STILL_TO_DECIDE
from kawasan.programmes.models import Programme


def pairs(programme: Programme, state: str) -> PairQuerySet:
    """Pairs of persons who may be one, the most probable first."""
    found = programme.possible_doubles.in_full()
    if state == "all":
        return found
    return found.filter(state=state) if state else found.to_decide()


def pair_counts(programme: Programme) -> dict[str, int]:
    """How many pairs there are, and how many nobody has decided about."""
    to_decide = Count("pk", filter=Q(state__in=STILL_TO_DECIDE))
    return programme.possible_doubles.aggregate(total=Count("pk"), to_decide=to_decide)


def applications_of(pair: PossibleDouble) -> dict[int, list[Applicant]]:
    """The applications of both persons of a pair."""
    found: dict[int, list[Applicant]] = {pair.first_id: [], pair.second_id: []}
    for applicant in pair.programme.applicants.in_full().filter(person__in=found):
        found[applicant.person_id].append(applicant)
    return found
