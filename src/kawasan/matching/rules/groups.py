"""Which group may have whom: sizes, fields, mentors' limits, and what makes a mentor dearer."""

import hashlib
import json
from typing import Any

from kawasan.core.text import Labelled, Text, _

OUTSIDE_FIELD_M = 1_000_000
"""Metres added when a mentor does not know the group's field: more than any way inside a programme's area, so that a
mentor without the field is taken only where nobody with the field has room left."""
KM_DIGITS = 1  # people live somewhere in a kelurahan; more digits would promise too much


class Skill(Labelled):
    """What an expert is asked for."""

    CONTENT = "content", _("Content creation")
    DESIGN = "design", _("Graphic design")
    PROGRAMMING = "programming", _("Programming")
    NETWORK = "network", _("Networks")
    ANIMAL_HEALTH = "animal_health", _("Animal health")
    FOOD_SAFETY = "food_safety", _("Food safety")
    FINANCE = "finance", _("Finance and bookkeeping")
    CRAFT = "craft", _("Craft")
    MARKETING = "marketing", _("Marketing")
    PACKAGING = "packaging", _("Packaging design")
    PHOTO = "photo", _("Product photos")
    PERMITS = "permits", _("Halal and PIRT papers")
    ONLINE_SHOP = "online_shop", _("Online shop")


class GroupRole(Labelled):
    """What a member does in the group; officers are voted by the group itself."""

    HEAD = "head", _("Group head")
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    MEMBER = "member", _("Member")


class MatchingStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    COMPUTED = "computed", _("Computed")


def input_hash(frozen: dict[str, Any]) -> str:
    """SHA-256 of a frozen input, written as JSON with sorted keys and no spaces."""
    written = json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def rounded(km: float) -> float:
    """A distance as it is told."""
    return round(km, KM_DIGITS)


def mentor_cost(*, metres: int, knows_field: bool) -> int:
    """What it costs to give a group this mentor, in metres."""
    return metres if knows_field else metres + OUTSIDE_FIELD_M


def reason_for_mentor(*, km: float, knows_field: bool, full: int = 0, free: int = 0, unasked: int = 0) -> Text:
    """Why a group has its mentor.

    Of the mentors who know the field and live nearer, ``full`` have no room, ``unasked`` are not what members asked
    for, and ``free`` would do: there are some only where the search for the best matching ended before its end.
    """
    params = {"km": km, "nearer": full, "unasked": unasked, "free": free}
    if free:
        return Text(_("Mentor with room: {km} km. {free} nearer ones would do; the search ended at its limit."), params)
    if not knows_field and unasked:
        template = _("No mentor of this field has room and is what members asked for. This one is {km} km away.")
        return Text(template, params)
    if not knows_field:
        return Text(_("No mentor of this field has room left. This one has room and is {km} km away."), params)
    if full and unasked:
        template = _(
            "Nearest mentor of this field with room: {km} km "
            "({nearer} nearer, but full; {unasked} nearer, but not what members asked for)."
        )
        return Text(template, params)
    if unasked:
        template = _(
            "Nearest mentor of this field whom members asked for: {km} km "
            "({unasked} nearer, but not what members asked for)."
        )
        return Text(template, params)
    if full:
        return Text(_("Nearest mentor of this field with room: {km} km ({nearer} nearer, but full)."), params)
    return Text(_("Nearest mentor of this field: {km} km."), params)


def reason_by_hand(*, why: str, km: float) -> Text:
    """Why a group has its mentor when somebody chose."""
    return Text(_("Chosen by hand: {why} ({km} km)"), {"why": why, "km": km})


def reasons_not_ready(*, participants: int, mentors: int, groups: int, has_rule_set: bool) -> list[Text]:
    """Why groups cannot be formed now."""
    reasons = []
    if groups:
        reasons.append(Text(_("There are {groups} groups already. Dissolve them first."), {"groups": groups}))
    if not has_rule_set:
        reasons.append(Text(_("No rule set is valid on this day, so nobody knows how large a group may be.")))
    if not participants:
        reasons.append(Text(_("Nobody has accepted a seat yet.")))
    if not mentors:
        reasons.append(Text(_("There are no mentors yet. Add them first.")))
    return reasons


def reason_field_does_not_divide(*, field: str, people: int, least: int, most: int) -> Text:
    """Why the participants of a field cannot be put into groups."""
    return Text(
        _(
            "{field}: {people} participants cannot be divided into groups of {least} to {most}. "
            "Call reserves of this field, or change the group sizes in the rule set."
        ),
        {"field": field, "people": people, "least": least, "most": most},
    )


def reason_mentor_lacks(*, mentor: str, groups: int, people: int) -> Text:
    """What would have to change so that every group has a mentor; one of the two numbers is 0."""
    if groups:
        return Text(_("{mentor} would have to take {groups} more groups."), {"mentor": mentor, "groups": groups})
    return Text(_("{mentor} would have to take {people} more people."), {"mentor": mentor, "people": people})


def reasons_member_stays(
    *, is_same_group: bool, is_same_field: bool, left_behind: int, size: int, least: int, most: int, is_officer: bool
) -> list[Text]:
    """Why a member cannot go to another group: ``left_behind`` would stay, ``size`` people are there already."""
    if is_same_group:
        return [Text(_("The participant is in this group already."))]
    reasons = []
    if not is_same_field:
        reasons.append(Text(_("The other group works in another field.")))
    if left_behind < least:
        reasons.append(
            Text(
                _("Only {left} members would stay behind; a group has at least {least}."),
                {"left": left_behind, "least": least},
            )
        )
    if size + 1 > most:
        reasons.append(
            Text(
                _("The other group has {size} members; a group has at most {most}."),
                {"size": size, "most": most},
            )
        )
    if is_officer:
        reasons.append(Text(_("The participant holds an office in the group. Record the group's new vote first.")))
    return reasons


def reasons_mentor_full(
    *, groups: int, people: int, size: int, most_groups: int, most_people: int, is_same: bool
) -> list[Text]:
    """Why a mentor cannot take one more group of ``size`` people beside the ``groups`` that they have."""
    if is_same:
        return [Text(_("This is the group's mentor already."))]
    reasons = []
    if groups + 1 > most_groups:
        reasons.append(Text(_("The mentor takes at most {most} groups and has them."), {"most": most_groups}))
    if people + size > most_people:
        reasons.append(
            Text(
                _("The mentor takes at most {most} people; with this group there would be {people}."),
                {"most": most_people, "people": people + size},
            )
        )
    return reasons


def reasons_not_added(*, is_participant: bool, is_same_field: bool, size: int, most: int) -> list[Text]:
    """Why somebody without a group cannot join this one."""
    reasons = []
    if not is_participant:
        reasons.append(Text(_("Only people who accepted a seat can join a group.")))
    if not is_same_field:
        reasons.append(Text(_("The group works in another field than the participant.")))
    if size + 1 > most:
        reasons.append(
            Text(_("The group has {size} members; a group has at most {most}."), {"size": size, "most": most})
        )
    return reasons


def reasons_not_removed(*, is_participant: bool) -> list[Text]:
    """Why a member cannot be taken out of a group without going to another."""
    if is_participant:
        return [Text(_("The member still holds a seat. Record the withdrawal first, or move the member."))]
    return []


def next_step(
    *, participants: int, groups: int, is_frozen: bool, is_ready: bool, without_group: int, without_mentor: int
) -> Text | None:
    """What to do next; nothing when all is settled."""
    if not groups:
        return _step_before_groups(participants=participants, is_frozen=is_frozen, is_ready=is_ready)
    if without_group == 1:
        return Text(_("Put the participant without a group into one."))
    if without_group:
        return Text(_("Put {people} participants without a group into one."), {"people": without_group})
    if without_mentor == 1:
        return Text(_("Give the group without a mentor one."))
    if without_mentor:
        return Text(_("Give {groups} groups a mentor."), {"groups": without_mentor})
    return None


def _step_before_groups(*, participants: int, is_frozen: bool, is_ready: bool) -> Text:
    if is_frozen:
        return Text(_("The participants are frozen. Form the groups from them."))
    if not participants:
        return Text(_("Wait until participants have accepted their seats."))
    if not is_ready:
        return Text(_("Complete what is missing, then freeze the participants."))
    return Text(_("Freeze the participants, so that groups are formed from what is certain."))
