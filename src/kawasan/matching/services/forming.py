"""The input of the groups is frozen, computed and recorded."""

import re
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import assignment
from kawasan.engine.errors import InfeasibleError
from kawasan.matching import rules
from kawasan.matching.models import Group, GroupMember, Matching, Mentor
from kawasan.matching.queries import next_code, participants_of, reasons_not_ready, valid_rule_set
from kawasan.matching.rules import MatchingStatus, rounded
from kawasan.programmes.models import Programme, RuleSet


@transaction.atomic
def freeze_matching(*, programme: Programme, by: User | None) -> Matching:
    """Store who takes part, where they live and who can accompany them, exactly as groups will be formed from it.

    What is frozen, not yet computed and still the same is taken up again.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once get one matching
    rule_set = valid_rule_set(programme)
    participants, mentors = participants_of(programme), list(programme.mentors.select_related("place"))
    reasons = reasons_not_ready(programme, participants=len(participants))
    if reasons or rule_set is None:
        raise Refused(*reasons)
    frozen = _frozen(participants, mentors, rule_set)
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
    _record(matching, _computed(matching), by)
    matching.refresh_from_db()
    return matching


def _where(place: Place) -> dict[str, Any]:
    return {"place": place.code, "latitude": place.latitude, "longitude": place.longitude}


def _frozen(participants: list[Applicant], mentors: list[Mentor], rule_set: RuleSet) -> dict[str, Any]:
    """The input as codes and numbers. Family cards are personal: households are numbered in order of applicants."""
    households: dict[str, int] = {}
    people = []
    for applicant in participants:
        household = applicant.person.family_card or f"alone {applicant.code}"
        people.append(
            {
                "applicant": applicant.code,
                "field": applicant.field.code,
                "household": households.setdefault(household, len(households)),
                **_where(applicant.person.place),
            }
        )
    offers = [
        {
            "mentor": mentor.code,
            "fields": mentor.field_codes,
            "most_groups": mentor.most_groups,
            "most_people": mentor.most_people,
            **_where(mentor.place),
        }
        for mentor in mentors
    ]
    return {"least": rule_set.least_group, "most": rule_set.most_group, "people": people, "mentors": offers}


def _computed(matching: Matching) -> dict[str, Any]:
    """Groups with their members and mentors, as codes."""
    people, mentors = matching.input["people"], matching.input["mentors"]
    divided = _divide(matching)
    centres = [people[i] for i in divided.centre]
    metres = np.rint(1000 * assignment.distance_km(*_points(centres), *_points(mentors))).astype(int)
    knows = np.array([[centre["field"] in mentor["fields"] for mentor in mentors] for centre in centres])
    size = np.bincount(divided.group, minlength=len(centres))
    chosen = _choose_mentors(matching, metres, knows, size)
    groups = []
    for g, m in enumerate(chosen.mentor):
        nearer = int((knows[g] & (metres[g] < metres[g, m])).sum())
        km = rounded(metres[g, m] / 1000)
        reason = rules.reason_for_mentor(km=km, knows_field=bool(knows[g, m]), nearer=nearer)
        groups.append(
            {
                "field": centres[g]["field"],
                "place": centres[g]["place"],
                "mentor": mentors[m]["mentor"],
                "reason": reason.stored(),
                "members": [
                    {"applicant": people[i]["applicant"], "distance_km": round(float(divided.distance_km[i]), 3)}
                    for i in np.flatnonzero(divided.group == g)
                ],
            }
        )
    return {
        "groups": groups,
        "total_km": round(divided.total_km, 3),
        "gap": divided.gap,
        "is_optimal": bool(divided.is_optimal and chosen.is_optimal),
    }


def _points(rows: list[dict[str, Any]]) -> tuple[list[float], list[float]]:
    return [row["latitude"] for row in rows], [row["longitude"] for row in rows]


def _divide(matching: Matching) -> assignment.Groups:
    people, least, most = matching.input["people"], matching.input["least"], matching.input["most"]
    fields = sorted({person["field"] for person in people})
    try:
        return assignment.form_groups(
            *_points(people),
            field=[fields.index(person["field"]) for person in people],
            household=[person["household"] for person in people],
            identifier=[person["applicant"] for person in people],
            least=least,
            most=most,
        )
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


def _choose_mentors(matching: Matching, metres: Any, knows: Any, size: Any) -> assignment.Mentors:
    mentors = matching.input["mentors"]
    cost = [
        [rules.mentor_cost(metres=int(m), knows_field=bool(k)) for m, k in zip(*rows, strict=True)]
        for rows in zip(metres, knows, strict=True)
    ]
    try:
        return assignment.assign_mentors(
            cost,
            size=size,
            most_groups=[mentor["most_groups"] for mentor in mentors],
            most_people=[mentor["most_people"] for mentor in mentors],
        )
    except InfeasibleError as error:
        raise Refused(*_lacking(matching, error.conflict)) from None


def _lacking(matching: Matching, conflict: tuple[str, ...]) -> list[Text]:
    """The engine names what would have to grow, as "mentor 0: 1 more group"."""
    names = dict(matching.programme.mentors.values_list("code", "name"))
    reasons = []
    for words in conflict:
        mentor, amount, unit = re.fullmatch(r"mentor (\d+): (\d+) more (group|people)", words).groups()  # type: ignore[union-attr]
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
    participants, mentors = participants_of(programme), list(programme.mentors.select_related("place"))
    rule_set = valid_rule_set(programme)
    if rule_set is None or rules.input_hash(_frozen(participants, mentors, rule_set)) != matching.input_hash:
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
