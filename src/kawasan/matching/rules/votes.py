"""Who was voted head, secretary and treasurer, and why a vote does not count."""

import datetime
from collections.abc import Mapping, Sequence
from itertools import combinations

from kawasan.core.text import Text, _
from kawasan.matching.rules.groups import GroupRole

OFFICES = (GroupRole.HEAD, GroupRole.SECRETARY, GroupRole.TREASURER)
Counts = Mapping[GroupRole, Mapping[int, int]]
"""Votes of each candidate for each office."""


def winners(counts: Counts) -> dict[GroupRole, int]:
    """Who has the most votes for each office; an office with a tie or without votes has nobody."""
    found = {}
    for office in OFFICES:
        best = max(counts.get(office, {}).values(), default=0)
        first = [one for one, votes in counts.get(office, {}).items() if votes == best and best]
        if len(first) == 1:
            found[office] = first[0]
    return found


def reasons_vote_day(
    *, held_on: datetime.date, today: datetime.date, latest: datetime.date | None, year: int
) -> list[Text]:
    """Why a vote cannot have been on a day; ``latest`` is the day of the group's last vote, whose officers count."""
    if held_on > today:
        return [Text(_("The vote was on a day that is still to come. Correct the day."))]
    if held_on.year < year:
        return [Text(_("The vote was before the year of the programme, {year}. Correct the day."), {"year": str(year)})]
    if latest and held_on < latest:
        template = _("The group voted on {day} already; an earlier vote does not change its officers any more.")
        return [Text(template, {"day": latest})]
    return []


def reasons_no_vote(
    counts: Counts, *, present: int, members: int, names: Mapping[int, str], households: Mapping[int, str]
) -> list[Text]:
    """Why a vote cannot be recorded."""
    if present > members:
        return [Text(_("{present} were present, but the group has {members} members."), _numbers(present, members))]
    if 2 * present <= members:
        return [
            Text(
                _("Only {present} of {members} members were present; a vote needs more than half."),
                _numbers(present, members),
            )
        ]
    chosen = winners(counts)
    return [
        *_wrong_counts(counts, present, chosen),
        *_two_offices(chosen, names),
        *_one_household(chosen, names, households),
    ]


def _numbers(present: int, members: int) -> dict[str, int]:
    return {"present": present, "members": members}


def _wrong_counts(counts: Counts, present: int, chosen: Mapping[GroupRole, int]) -> list[Text]:
    reasons = []
    for office in OFFICES:
        given = sum(counts.get(office, {}).values())
        gaps = {"office": Text(office.label), "given": given, "present": present}
        if given > present:
            reasons.append(Text(_("{office}: {given} votes from {present} present. Count again."), gaps))
        elif not given:
            reasons.append(Text(_("{office}: nobody got a vote. Enter the counts."), gaps))
        elif office not in chosen:
            reasons.append(Text(_("{office}: two have the same number of votes. Let the group vote again."), gaps))
    return reasons


def _two_offices(chosen: Mapping[GroupRole, int], names: Mapping[int, str]) -> list[Text]:
    twice = {one for one in chosen.values() if list(chosen.values()).count(one) > 1}
    sentence = _("{name} was voted for two offices. Let the group vote again for one of them.")
    return [Text(sentence, {"name": names[one]}) for one in sorted(twice)]


def _one_household(
    chosen: Mapping[GroupRole, int], names: Mapping[int, str], households: Mapping[int, str]
) -> list[Text]:
    """No family may be in charge: the three come from three households."""
    officers: Sequence[int] = sorted(set(chosen.values()))
    sentence = _("{first} and {second} are of one household. Let the group vote again for one of the two offices.")
    return [
        Text(sentence, {"first": names[a], "second": names[b]})
        for a, b in combinations(officers, 2)
        if households.get(a) and households.get(a) == households.get(b)
    ]
