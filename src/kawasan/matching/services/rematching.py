"""Somebody leaves: who has to change, so that nobody else does; proposed, and recorded once it is confirmed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine.assignment import distance_km
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.reassignment import Limits, Pool, Reassignment, reassign
from kawasan.matching import rules
from kawasan.matching.models import Group, GroupMember, Matching, Mentor
from kawasan.matching.queries import members_in_full, next_code, participants_of, valid_rule_set
from kawasan.matching.rules import GroupRole, MatchingStatus, rounded
from kawasan.matching.services.locking import locked_rule_set
from kawasan.matching.services.mentors import mentor_costs, why_this_mentor
from kawasan.matching.services.people import (
    asked_of,
    mentors_frozen,
    offer_of,
    people_frozen,
    points,
    reach_of,
    rules_of,
    where,
)
from kawasan.programmes.access import today
from kawasan.programmes.models import Field, Programme

Frozen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would change, and the exact input from which it was computed."""

    input: Frozen
    input_hash: str
    result: dict[str, Any]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Each one with what changes, from where to where (codes), and the reason."""
        return self.result["changes"]


def propose_without_mentor(programme: Programme, mentor: Mentor) -> Proposal:
    """Which groups get which mentor when this one leaves."""
    return _proposal(_input_without_mentor(programme, mentor), computed_mentors)


def propose_for_people(programme: Programme, field: Field) -> Proposal:
    """Who goes where in a field when those who gave their seat back leave, and those without a group join."""
    return _proposal(_input_of_people(programme, field), computed_people)


def let_mentor_leave(*, mentor: Mentor, seen: str, why: str, by: User | None) -> Matching:
    """Record that a mentor left, and the mentors that were proposed for the groups."""
    proposal = propose_without_mentor(mentor.programme, mentor)
    return _record_mentors(mentor, proposal, seen, why, by)


def rematch_people(*, programme: Programme, field: Field, seen: str, why: str, by: User | None) -> Matching:
    """Record who goes where in a field, as it was proposed."""
    proposal = propose_for_people(programme, field)
    return _record_people(programme, field, proposal, seen, why, by)


def _proposal(frozen: Frozen, computed: Callable[[Frozen], dict[str, Any]]) -> Proposal:
    return Proposal(frozen, rules.input_hash(frozen), computed(frozen))


def _sizes(programme: Programme) -> dict[str, int]:
    rule_set = valid_rule_set(programme)
    if rule_set is None:
        raise Refused(Text(_("No rule set is valid on this day, so nobody knows how large a group may be.")))
    return {"least": rule_set.least_group, "most": rule_set.most_group}


def _input_without_mentor(programme: Programme, leaving: Mentor) -> Frozen:
    participants = participants_of(programme)
    people = {person["applicant"]: person for person in people_frozen(programme, participants)}
    inside = _members_by_group(programme)
    groups = [
        {
            "group": group.code,
            "field": group.field.code,
            "mentor": group.mentor.code if group.mentor else "",
            "fixed": group.is_mentor_fixed,
            "day": group.meets_on,
            "people": [people[code] for code in inside.get(group.code, []) if code in people],
            **where(group.place),
        }
        for group in programme.groups.select_related("field", "mentor", "place")
    ]
    staying = programme.mentors.at_work().exclude(pk=leaving.pk).select_related("place")
    return {"kind": "mentors", "leaving": leaving.code, "groups": groups, "mentors": mentors_frozen(list(staying))}


def _members_by_group(programme: Programme) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = programme.group_members.order_by("applicant__code").values_list("group__code", "applicant__code")
    for group, applicant in rows:
        found.setdefault(group, []).append(applicant)
    return found


def computed_mentors(frozen: Frozen) -> dict[str, Any]:
    groups, mentors = frozen["groups"], frozen["mentors"]
    if not mentors:
        raise Refused(Text(_("No other mentor is there. Add one first.")))
    metres = _metres(groups, mentors)
    codes = [mentor["mentor"] for mentor in mentors]
    now = [codes.index(group["mentor"]) if group["mentor"] in codes else -1 for group in groups]
    size = [len(group["people"]) for group in groups]
    limits = Limits(
        np.zeros(len(mentors), np.int64),
        np.array([mentor["most_groups"] for mentor in mentors]),
        np.array([mentor["most_people"] for mentor in mentors]),
    )
    fixed = [bool(group["fixed"]) and now[g] >= 0 for g, group in enumerate(groups)]
    cost = mentor_costs(groups, mentors, metres)
    no_room = _no_room_with_mentors(groups, mentors)
    found = _reassigned(cost, no_room, weight=size, limits=limits, now=now, fixed=fixed)
    changes = [_mentor_change(frozen, found, metres, g) for g in range(len(groups)) if int(found.bin[g]) != now[g]]
    return {"changes": changes, **_certified(found)}


def _no_room_with_mentors(groups: list[Frozen], mentors: list[Frozen]) -> dict[str, Text]:
    sizes: dict[str, list[int]] = {mentor["mentor"]: [] for mentor in mentors}
    alone: list[int] = []
    for group in groups:
        sizes.get(group["mentor"], alone).append(len(group["people"]))
    free_groups = [mentor["most_groups"] - len(sizes[mentor["mentor"]]) for mentor in mentors]
    free_people = [mentor["most_people"] - sum(sizes[mentor["mentor"]]) for mentor in mentors]
    return rules.no_room_with_mentors(
        groups=len(alone) + _too_many(free_groups),
        group_room=_room(free_groups),
        people=sum(alone) + _too_many(free_people),
        people_room=_room(free_people),
    )


def _room(free: list[int]) -> int:
    return sum(max(one, 0) for one in free)


def _too_many(free: list[int]) -> int:
    """How many are where there is no room for them any more."""
    return sum(max(-one, 0) for one in free)


def _mentor_change(frozen: Frozen, found: Reassignment, metres: Any, g: int) -> dict[str, Any]:
    groups, mentors = frozen["groups"], frozen["mentors"]
    is_leaving = groups[g]["mentor"] in ("", frozen["leaving"])
    because = rules.reason_mentor_left() if is_leaving else rules.reason_makes_room()
    return {
        "what": groups[g]["group"],
        "old": groups[g]["mentor"],
        "new": mentors[int(found.bin[g])]["mentor"],
        "reason": why_this_mentor(groups, mentors, metres, found.bin, g).stored(),
        "because": because.stored(),
    }


def _input_of_people(programme: Programme, field: Field) -> Frozen:
    participants = [one for one in participants_of(programme) if one.field_id == field.pk]
    members = {one.applicant.code: one for one in members_in_full(programme).filter(group__field=field)}
    people = []
    for person in people_frozen(programme, participants):
        member = members.get(person["applicant"])
        now = {
            "now": member.group.code if member else "",
            "fixed": bool(member and (member.is_fixed or member.role != GroupRole.MEMBER)),
        }
        people.append(person | now)
    loads = Counter(programme.group_members.exclude(group__field=field).values_list("group__mentor__code", flat=True))
    held = programme.groups.filter(field=field).select_related("place", "mentor__place")
    mentors = {group.mentor.code: group.mentor for group in held if group.mentor}
    staying = {person["applicant"] for person in people}
    return {
        "kind": "people",
        "field": field.code,
        **_sizes(programme),
        "people": people,
        "leaving": sorted(code for code in members if code not in staying),
        "groups": [
            {"group": group.code, "mentor": group.mentor.code if group.mentor else "", **where(group.place)}
            for group in held
        ],
        "mentors": [
            mentor | {"elsewhere": loads[mentor["mentor"]]} for mentor in mentors_frozen(list(mentors.values()))
        ],
    }


def computed_people(frozen: Frozen) -> dict[str, Any]:
    people, groups = frozen["people"], frozen["groups"]
    left = [_left(code) for code in frozen["leaving"]]
    if not groups:
        raise Refused(Text(_("There are no groups yet. Form them first.")))
    if not people:
        raise Refused(Text(_("Nobody of this field holds a seat any more.")))
    metres = _metres(people, groups)
    codes = [group["group"] for group in groups]
    now = [codes.index(person["now"]) if person["now"] else -1 for person in people]
    limits = Limits(
        np.full(len(groups), frozen["least"]), np.full(len(groups), frozen["most"]), np.full(len(groups), len(people))
    )
    found = _reassigned(
        [[_way(person, frozen, g, metres[i, g]) for g in range(len(groups))] for i, person in enumerate(people)],
        _no_room_in_groups(frozen),
        weight=[1] * len(people),
        limits=limits,
        now=now,
        fixed=[person["fixed"] for person in people],
        rules=rules_of(people, len(groups), _pools(frozen)),
    )
    moved = [
        _person_change(people[i], codes[int(b)], metres[i, b]) for i, b in enumerate(found.bin) if int(b) != now[i]
    ]
    return {"changes": [*left, *moved], **_certified(found)}


def _way(person: Frozen, frozen: Frozen, g: int, metres: int) -> int:
    """What it costs to be in a group: the way; nothing allows one that is too far or has the wrong mentor."""
    offers = {mentor["mentor"]: offer_of(mentor) for mentor in frozen["mentors"]}
    offer = offers.get(frozen["groups"][g]["mentor"])
    if metres > 1000 * reach_of(person) or (offer and rules.reasons_mentor_not_asked_for(offer, asked_of([person]))):
        return -1
    return int(metres)


def _pools(frozen: Frozen) -> tuple[Pool, ...]:
    """The groups of one mentor together, beside the people whom the mentor has in other fields."""
    pools = []
    for mentor in frozen["mentors"]:
        bins = tuple(g for g, group in enumerate(frozen["groups"]) if group["mentor"] == mentor["mentor"])
        pools.append(Pool(bins, max(mentor["most_people"] - mentor["elsewhere"], 0)))
    return tuple(pools)


def _no_room_in_groups(frozen: Frozen) -> dict[str, Text]:
    held = Counter(person["now"] for person in frozen["people"])
    codes = {group["group"]: group["mentor"] for group in frozen["groups"]}
    of_mentor = Counter(codes[person["now"]] for person in frozen["people"] if person["now"])
    free = [frozen["most"] - held[code] for code in codes]
    of_each = [m["most_people"] - m["elsewhere"] - of_mentor[m["mentor"]] for m in frozen["mentors"]]
    return rules.no_room_in_groups(
        people=held[""] + _too_many(free), group_room=_room(free), mentor_room=_room(of_each)
    )


def _left(code: str) -> dict[str, Any]:
    return {"what": code, "old": "", "new": "", "because": rules.reason_seat_given_back().stored()}


def _person_change(person: Frozen, group: str, metres: int) -> dict[str, Any]:
    km = rounded(int(metres) / 1000)
    because = rules.reason_fills_group(km=km) if person["now"] else rules.reason_joins(km=km)
    return {
        "what": person["applicant"],
        "old": person["now"],
        "new": group,
        "km": int(metres) / 1000,
        "because": because.stored(),
    }


def _metres(rows: list[Frozen], columns: list[Frozen]) -> Any:
    return np.rint(1000 * distance_km(*points(rows), *points(columns))).astype(np.int64)


def _reassigned(cost: Any, no_room: dict[str, Text], **given: Any) -> Reassignment:
    try:
        return reassign(cost, **given)
    except InfeasibleError as error:
        raise Refused(*rules.reasons_no_rematch(error.conflict, no_room)) from None


def _certified(found: Reassignment) -> dict[str, Any]:
    return {"moves": found.changes, "cost": found.cost, "bound": found.bound, "is_optimal": found.is_optimal}


@transaction.atomic
def _record_mentors(mentor: Mentor, proposal: Proposal, seen: str, why: str, by: User | None) -> Matching:
    programme = mentor.programme
    locked_rule_set(programme)
    _require_same(proposal, seen, _input_without_mentor(programme, mentor))
    groups = {group.code: group for group in programme.groups.all()}
    mentors = {one.code: one for one in programme.mentors.all()}
    written: list[Group | Mentor] = []
    for change in proposal.changes:
        group = groups[change["what"]]
        group.mentor, group.reason = mentors[change["new"]], change["reason"]
        group.is_mentor_fixed = False
        group.save(update_fields=("mentor", "reason", "is_mentor_fixed"))
        written.append(group)
    mentor.left_on = today(programme)
    mentor.save(update_fields=("left_on",))
    matching = _stored(programme, proposal)
    log(
        "matching.mentor_left",
        matching,
        by=by,
        rows=[*written, mentor],
        mentor=mentor.code,
        why=why,
        groups=len(written),
    )
    return matching


@transaction.atomic
def _record_people(
    programme: Programme, field: Field, proposal: Proposal, seen: str, why: str, by: User | None
) -> Matching:
    locked_rule_set(programme)
    _require_same(proposal, seen, _input_of_people(programme, field))
    groups = {group.code: group for group in programme.groups.all()}
    members = {one.applicant.code: one for one in members_in_full(programme).filter(group__field=field)}
    applicants = {one.code: one for one in participants_of(programme)}
    written, gone = [], []
    for change in proposal.changes:
        member = members.get(change["what"])
        if not change["new"]:
            gone.append(members[change["what"]])
            continue
        member = member or GroupMember(programme=programme, applicant=applicants[change["what"]])
        member.group, member.distance_km = groups[change["new"]], round(change["km"], 3)
        member.source = member.source or f"entered by {by}"
        member.full_clean()
        member.save()
        written.append(member)
    matching = _stored(programme, proposal)
    log(
        "matching.rematched",
        matching,
        by=by,
        rows=written,
        deleted=gone,
        field=field.code,
        why=why,
        people=len(written),
    )
    GroupMember.objects.filter(pk__in=[member.pk for member in gone]).delete()
    return matching


def _require_same(proposal: Proposal, seen: str, current: Frozen) -> None:
    """What was seen and confirmed is what was computed, from what is so now."""
    if {seen, rules.input_hash(current)} != {proposal.input_hash}:
        raise Refused(Text(_("Something changed in the meantime. Look at the new proposal before you confirm it.")))


def _stored(programme: Programme, proposal: Proposal) -> Matching:
    matching = Matching(
        programme=programme,
        code=next_code(programme, Matching, "MATCH-", 1),
        status=MatchingStatus.COMPUTED,
        input=proposal.input,
        input_hash=proposal.input_hash,
        result=proposal.result,
    )
    matching.full_clean()
    matching.save()
    return matching
