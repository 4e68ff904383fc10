"""Mentors are matched to groups: what each would cost, and why a group has its own."""

from typing import Any

import numpy as np

from kawasan.core.text import Text
from kawasan.matching import rules
from kawasan.matching.rules import rounded
from kawasan.matching.services.people import Person, asked_of, offer_of

Row = dict[str, Any]


def mentor_costs(groups: list[Row], mentors: list[Row], metres: Any) -> list[list[int]]:
    """Metres with what a field costs that the mentor does not know; -1 where members asked for somebody else."""
    return [
        [mentor_cost(group, mentor, int(metres[g, m])) for m, mentor in enumerate(mentors)]
        for g, group in enumerate(groups)
    ]


def mentor_cost(group: Row, mentor: Row, metres: int) -> int:
    """What one mentor costs one group, which has ``people``, ``field`` and ``day``."""
    people: list[Person] = group["people"]
    if rules.reasons_mentor_not_asked_for(offer_of(mentor), asked_of(people, group["day"])):
        return -1
    return rules.mentor_cost(metres=metres, knows_field=group["field"] in mentor["fields"])


def why_this_mentor(groups: list[Row], mentors: list[Row], metres: Any, chosen: Any, g: int) -> Text:
    """The reason of a group's mentor, counted from where everybody was matched."""
    group, m = groups[g], int(chosen[g])
    knows = [k for k, mentor in enumerate(mentors) if group["field"] in mentor["fields"]]
    nearer = [k for k in knows if metres[g, k] < metres[g, m]]
    if m not in knows:
        nearer = knows  # anybody who knows the field comes before one who does not
    unasked = [k for k in nearer if mentor_cost(group, mentors[k], 0) < 0]
    full = [k for k in nearer if k not in unasked and not _has_room(groups, mentors[k], chosen, k, g)]
    return rules.reason_for_mentor(
        km=rounded(metres[g, m] / 1000),
        knows_field=m in knows,
        full=len(full),
        unasked=len(unasked),
        free=len(nearer) - len(full) - len(unasked),
    )


def _has_room(groups: list[Row], mentor: Row, chosen: Any, k: int, g: int) -> bool:
    held = [i for i in np.flatnonzero(np.asarray(chosen) == k) if i != g]
    people = sum(len(groups[i]["people"]) for i in held) + len(groups[g]["people"])
    return len(held) + 1 <= mentor["most_groups"] and people <= mentor["most_people"]
