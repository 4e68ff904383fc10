"""The input of the groups is frozen, computed and recorded."""

import re
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import assignment
from kawasan.engine.assignment import distance_km
from kawasan.engine.errors import InfeasibleError
from kawasan.matching import rules
from kawasan.matching.models import Group, GroupMember, Matching, Mentor
from kawasan.matching.queries import next_code, participants_of, reasons_not_ready, valid_rule_set
from kawasan.matching.rules import MatchingStatus
from kawasan.matching.services.dividing import Division, divide
from kawasan.matching.services.mentors import mentor_costs, why_this_mentor
from kawasan.matching.services.people import mentors_frozen, people_frozen, points
from kawasan.programmes.models import Programme, RuleSet

Frozen = dict[str, Any]


@transaction.atomic
def freeze_matching(*, programme: Programme, by: User | None) -> Matching:
    """Store who takes part, where they live and who can accompany them, exactly as groups will be formed from it.

    What is frozen, not yet computed and still the same is taken up again.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once get one matching
    rule_set = valid_rule_set(programme)
    participants, mentors = participants_of(programme), list(programme.mentors.at_work().select_related("place"))
    reasons = reasons_not_ready(programme, participants=len(participants))
    if reasons or rule_set is None:
        raise Refused(*reasons)
    frozen = _frozen(programme, participants, mentors, rule_set)
    mark, newest = rules.input_hash(frozen), programme.matchings.first()
    if newest and newest.status == MatchingStatus.FROZEN and newest.input_hash == mark:
        return newest
    matching = Matching(
        programme=programme,
        code=next_code(programme, Matching, "MATCH-", 1),
        status=MatchingStatus.FROZEN,
        input=frozen,
        input_hash=mark,
    )
    matching.full_clean()
    matching.save()
    log("matching.frozen", matching, by=by, people=len(participants), input_hash=matching.input_hash)
    return matching


def form_groups(*, matching: Matching, by: User | None) -> Matching:
    """Form the groups from the frozen input alone. The computation holds no transaction open."""
    _record(matching, computed(matching), by)
    matching.refresh_from_db()
    return matching


def _frozen(programme: Programme, participants: list[Applicant], mentors: list[Mentor], rule_set: RuleSet) -> Frozen:
    """The input as codes and numbers."""
    return {
        "kind": "forming",
        "least": rule_set.least_group,
        "most": rule_set.most_group,
        "people": people_frozen(programme, participants),
        "mentors": mentors_frozen(mentors),
    }


def computed(matching: Matching) -> dict[str, Any]:
    """Groups with their members and mentors, as codes, and how good they are proven to be."""
    people, mentors = matching.input["people"], matching.input["mentors"]
    division = _divide(matching)
    groups = [
        {**people[centre], "people": [people[i] for i in division.members(g)], "day": ""}
        for g, centre in enumerate(division.centre)
    ]
    metres = np.rint(1000 * distance_km(*points(groups), *points(mentors))).astype(int)
    chosen = _choose_mentors(matching, groups, metres)
    return {
        "groups": [
            {
                "field": group["field"],
                "place": group["place"],
                "mentor": mentors[chosen.mentor[g]]["mentor"],
                "reason": why_this_mentor(groups, mentors, metres, chosen.mentor, g).stored(),
                "members": [
                    {"applicant": people[i]["applicant"], "distance_km": division.km(i)} for i in division.members(g)
                ],
            }
            for g, group in enumerate(groups)
        ],
        "total_km": round(division.total_km, 3),
        "cost": division.cost,
        "bound": division.bound,
        "gap": division.gap,
        "mentors_are_optimal": chosen.is_optimal,
        "is_optimal": bool(division.gap == 0 and chosen.is_optimal),
    }


def _divide(matching: Matching) -> Division:
    people, least, most = matching.input["people"], matching.input["least"], matching.input["most"]
    fields = sorted({person["field"] for person in people})
    try:
        return divide(people, least, most)
    except InfeasibleError as error:
        names = {field.code: str(field) for field in matching.programme.fields.all()}
        stuck = [fields[int(conflict.removeprefix("field "))] for conflict in error.conflict]
        raise Refused(
            *(
                rules.reason_field_does_not_divide(
                    field=names[code], people=sum(p["field"] == code for p in people), least=least, most=most
                )
                for code in stuck
            )
        ) from None


def _choose_mentors(matching: Matching, groups: list[Frozen], metres: Any) -> assignment.Mentors:
    mentors = matching.input["mentors"]
    try:
        return assignment.assign_mentors(
            mentor_costs(groups, mentors, metres),
            size=[len(group["people"]) for group in groups],
            most_groups=[mentor["most_groups"] for mentor in mentors],
            most_people=[mentor["most_people"] for mentor in mentors],
        )
    except InfeasibleError as error:
        raise Refused(*_lacking(matching, error.conflict)) from None


def _lacking(matching: Matching, conflict: tuple[str, ...]) -> list[Text]:
    """The engine names what would have to grow, as "mentor 0: 1 more group", or a group that no mentor suits."""
    names = dict(matching.programme.mentors.values_list("code", "name"))
    reasons = []
    for words in conflict:
        found = re.fullmatch(r"mentor (\d+): (\d+) more (group|people)", words)
        if found is None:
            return [Text(_("No mentor is what the members of a group asked for. Add one, or talk with the members."))]
        mentor, amount, unit = found.groups()
        reasons.append(
            rules.reason_mentor_lacks(
                mentor=names[matching.input["mentors"][int(mentor)]["mentor"]],
                groups=int(amount) if unit == "group" else 0,
                people=int(amount) if unit == "people" else 0,
            )
        )
    return [Text(_("The mentors cannot take all groups.")), *reasons]


@transaction.atomic
def _record(matching: Matching, result: dict[str, Any], by: User | None) -> None:
    programme = Programme.objects.select_for_update().get(pk=matching.programme_id)
    updated = Matching.objects.filter(pk=matching.pk, status=MatchingStatus.FROZEN).update(
        status=MatchingStatus.COMPUTED, result=result
    )
    if updated != 1 or programme.groups.exists():
        raise Refused(Text(_("Groups were formed in the meantime. Load the page again.")))
    participants, mentors = participants_of(programme), list(programme.mentors.at_work().select_related("place"))
    rule_set = valid_rule_set(programme)
    if rule_set is None or rules.input_hash(_frozen(programme, participants, mentors, rule_set)) != matching.input_hash:
        raise Refused(Text(_("Participants, mentors or the rule set changed after freezing. Freeze them again.")))
    applicants = {applicant.code: applicant for applicant in participants}
    groups, members = _rows(matching, result, applicants)
    Group.objects.bulk_create(groups)
    GroupMember.objects.bulk_create(members)
    log(
        "matching.formed",
        matching,
        by=by,
        rows=[*groups, *members],
        groups=len(groups),
        members=len(members),
        total_km=result["total_km"],
    )


def _rows(
    matching: Matching, result: dict[str, Any], applicants: dict[str, Applicant]
) -> tuple[list[Group], list[GroupMember]]:
    programme = matching.programme
    fields = {field.code: field for field in programme.fields.all()}
    places = {place.code: place for place in programme.places.all()}
    mentors = {mentor.code: mentor for mentor in programme.mentors.all()}
    groups: list[Group] = []
    members: list[GroupMember] = []
    for number, made in enumerate(result["groups"], start=1):
        field = fields[made["field"]]
        group = Group(
            programme=programme,
            code=f"G{number:02d}",
            field=field,
            name=f"Kelompok {field.name} {1 + sum(g.field_id == field.pk for g in groups)}",
            place=places[made["place"]],
            mentor=mentors[made["mentor"]],
            reason=made["reason"],
            source=matching.code,
        )
        groups.append(group)
        members += [
            GroupMember(
                programme=programme,
                group=group,
                applicant=applicants[member["applicant"]],
                distance_km=member["distance_km"],
                source=matching.code,
            )
            for member in made["members"]
        ]
    return groups, members
