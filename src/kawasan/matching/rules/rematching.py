"""Why something changes when somebody leaves, and why it cannot be made to work."""

from collections.abc import Sequence

from kawasan.core.text import Text, _

WHY_NOT = {
    "allowed": _("A wish about the way or the mentor is in the way of every solution. Talk with whoever has it."),
    "least": _("A group would become too small. Call a reserve of this field, or dissolve a group."),
    "most": _("The groups are full, or the mentors have as many groups as they take. Add a group or a mentor."),
    "weight": _("The mentors have as many people as they take. Add a mentor, or let one take more people."),
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


def reasons_no_rematch(conflict: Sequence[str]) -> list[Text]:
    """Why no assignment keeps every rule; each kind alone would have to give way."""
    if not conflict:
        return [Text(_("No solution keeps every rule; at least two kinds of rules are in the way."))]
    return [Text(_("No solution keeps every rule.")), *(Text(WHY_NOT[kind]) for kind in conflict)]
