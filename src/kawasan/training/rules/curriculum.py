"""What a module needs before it and of its trainer, and why a session is not as the curriculum has it."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kawasan.core.text import Text, _
from kawasan.matching.rules import Day


@dataclass(frozen=True, slots=True)
class Taught:
    """A module where order and field count: ``field`` is the key and the name of its field, if it is of one only."""

    name: str
    position: int
    field: tuple[int, str] | None


def reasons_needs(own: Taught, needs: Iterable[Taught]) -> list[Text]:
    """Why a module cannot need these: they come before it, and every group that takes it takes them."""
    reasons = []
    for one in needs:
        gaps = {"module": own.name, "needs": one.name}
        if one.position >= own.position:
            template = _("“{module}” needs “{needs}”, which does not come before it. Give “{needs}” a lower number.")
            reasons.append(Text(template, gaps))
        if one.field not in (None, own.field):
            template = _("“{module}” needs “{needs}”, which only groups of {field} take.")
            reasons.append(Text(template, gaps | {"field": one.field[1] if one.field else ""}))
    return reasons


def reasons_skill(*, module: str, skill: Text, expert: str, other: Text, is_able: bool) -> list[Text]:
    """Why an expert does not teach a module that asks for a skill."""
    if is_able:
        return []
    template = _("“{module}” needs a trainer for {skill}; {expert} is lent for {other}.")
    return [Text(template, {"module": module, "skill": skill, "expert": expert, "other": other})]


def reason_other_field(*, module: str, field: str, group: str) -> Text:
    """Why a group has no session of a module of another field."""
    gaps = {"module": module, "field": field, "group": group}
    return Text(_("“{module}” is for groups of {field}, and {group} is none."), gaps)


def reason_not_learned(*, module: str, needs: str, held_on: datetime.date | None) -> Text:
    """Why a session comes too early: what its module needs is held later (``held_on``), or not at all."""
    gaps = {"module": module, "needs": needs, "held_on": held_on}
    if held_on is None:
        return Text(_("“{module}” needs “{needs}”, of which the group has no session."), gaps)
    return Text(_("“{module}” needs “{needs}”, which the group has only on {held_on}."), gaps)


def reason_needed_before(*, module: str, needs: str, day: datetime.date) -> Text:
    """Why a session is not held so late: another one of the group needs it."""
    template = _("“{module}” on {day} needs “{needs}” before it. Move that session first.")
    return Text(template, {"module": module, "needs": needs, "day": day})


def reasons_absent(
    *, trainer: str, left_on: datetime.date | None, days: Collection[str], day: datetime.date
) -> list[Text]:
    """Why a trainer is not there on a day: ``left_on`` is the last one, ``days`` are the weekdays, none meaning all."""
    weekday = list(Day)[day.weekday()]
    reasons = []
    if left_on and day > left_on:
        gone = {"trainer": trainer, "day": left_on}
        reasons.append(Text(_("{trainer} left on {day}. Choose another trainer."), gone))
    if days and weekday not in days:
        gaps = {"trainer": trainer, "weekday": Text(weekday.label)}
        reasons.append(Text(_("{trainer} cannot come on a {weekday}."), gaps))
    return reasons


def reason_equipment_taken(*, equipment: str, sets: int) -> Text:
    """Why a session cannot use its equipment: others use it at that time."""
    return Text(
        _("{equipment}: no set is free at that time, since other sessions use them (there are {sets})."),
        {"equipment": equipment, "sets": sets},
    )


def reason_equipment_lacks(*, equipment: str, sets: int, sessions: int, half_days: int) -> Text:
    """Why no timetable has room for all sessions that use the same equipment."""
    template = _(
        "{equipment}: {sessions} sessions use it, but with {sets} at a time on {half_days} half days only {possible} "
        "can. Find more sets, or lengthen the training in the calendar."
    )
    gaps = {"equipment": equipment, "sets": sets, "sessions": sessions, "half_days": half_days}
    return Text(template, gaps | {"possible": sets * half_days})
