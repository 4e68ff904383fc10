"""Why something changes when somebody leaves, and why it cannot be made to work."""

from collections.abc import Mapping, Sequence

from kawasan.core.text import Text, _

WHY_NOT = {
    "allowed": _("A wish about the way or the mentor is in the way of every solution. Talk with whoever has it."),
    "least": _("A group would become too small. Call a reserve of this field, or dissolve a group."),
    "at_most": _("Wishes to be apart, of women only, or one household in a group are in the way of every solution."),
    "fixed": _("People or mentors that were chosen to stay, and officers, are in the way. Release one of them."),
}


def reason_mentor_left() -> Text:
    return Text(_("Its mentor leaves."))


def reason_makes_room() -> Text:
    return Text(_("Changes so that a group whose mentor leaves can have one."))


def reason_seat_given_back() -> Text:
    return Text(_("Gave the seat back."))


def reason_joins(*, km: float) -> Text:
    return Text(_("Had no group: joins this one, {km} km away."), {"km": km})


def reason_fills_group(*, km: float) -> Text:
    return Text(_("Changes so that all rules are kept; {km} km to the new meeting place."), {"km": km})


def no_room_with_mentors(*, groups: int, group_room: int, people: int, people_room: int) -> dict[str, Text]:
    """What is said when groups find no mentor: how many there are, and how many the other mentors can still take."""
    few = _(
        "Groups that need another mentor: {groups}. Groups that the mentors together can still take: {room}. Add a "
        "mentor, or let one take more groups."
    )
    many = _(
        "People in groups that need another mentor: {people}. People whom the mentors together can still take: {room}. "
        "Add a mentor, or let one take more people."
    )
    return {
        "most": Text(few, {"groups": groups, "room": group_room}),
        "weight": Text(many, {"people": people, "room": people_room}),
    }


def no_room_in_groups(*, people: int, group_room: int, mentor_room: int) -> dict[str, Text]:
    """What is said when people find no group: how many there are, and how many more the groups and mentors take."""
    full = _("People who need a place in a group: {people}. Places in the groups: {room}. Add a group.")
    busy = _(
        "People who need a place in a group: {people}. People whom the mentors of the groups can still take: {room}. "
        "Add a mentor, or let one take more people."
    )
    return {
        "most": Text(full, {"people": people, "room": group_room}),
        "weight": Text(busy, {"people": people, "room": mentor_room}),
    }


def reasons_no_rematch(conflict: Sequence[str], no_room: Mapping[str, Text]) -> list[Text]:
    """Why no assignment keeps every rule; each kind alone would have to give way."""
    if not conflict:
        return [Text(_("No solution keeps every rule; at least two kinds of rules are in the way."))]
    said: dict[str, Text] = {kind: Text(why) for kind, why in WHY_NOT.items()} | dict(no_room)
    return [Text(_("No solution keeps every rule.")), *(said[kind] for kind in conflict)]
