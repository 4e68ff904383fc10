"""What speaks against two sessions beside each other: one group, room or trainer at one time, or too long a way."""

import datetime
from dataclasses import dataclass
from typing import Any

from kawasan.core.text import Text, _


@dataclass(frozen=True, slots=True)
class Held:
    """A session as it is held beside others, in local time. Group, room and trainer are told apart by their keys."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    module: str
    group: tuple[Any, str]
    room: tuple[Any, str]
    trainer: tuple[Any, str]

    def meets(self, other: "Held") -> bool:
        return self.starts_at < other.ends_at and self.ends_at > other.starts_at


def reasons_beside(own: Held, other: Held, way_minutes: int) -> list[Text]:
    """Why a session cannot be held beside another one; ``way_minutes`` is the way between their rooms."""
    if own.meets(other):
        return _reasons_at_one_time(own, other)
    return _reasons_of_way(own, other, way_minutes)


def _reasons_at_one_time(own: Held, other: Held) -> list[Text]:
    gaps = {
        "module": other.module,
        "group": other.group[1],
        "from_time": f"{other.starts_at:%H:%M}",
        "to_time": f"{other.ends_at:%H:%M}",
    }
    reasons = []
    if own.group[0] == other.group[0]:
        sentence = _("The group has another session at that time: “{module}”, {from_time} to {to_time}.")
        reasons.append(Text(sentence, gaps))
    if own.room[0] == other.room[0]:
        reasons.append(Text(_("The room is taken at that time: {group}, {from_time} to {to_time}."), gaps))
    if own.trainer[0] == other.trainer[0]:
        sentence = _("The trainer teaches another session at that time: {group}, {from_time} to {to_time}.")
        reasons.append(Text(sentence, gaps))
    return reasons


def _reasons_of_way(own: Held, other: Held, minutes: int) -> list[Text]:
    earlier, later = sorted((own, other), key=lambda held: held.starts_at)
    between = int((later.starts_at - earlier.ends_at).total_seconds() // 60)
    if minutes <= between:
        return []
    gaps = {"earlier": earlier.room[1], "later": later.room[1], "minutes": minutes, "between": between}
    reasons = []
    if own.group[0] == other.group[0]:
        sentence = _(
            "{group} needs {minutes} minutes from {earlier} to {later}, "
            "but only {between} lie between the two sessions."
        )
        reasons.append(Text(sentence, gaps | {"group": own.group[1]}))
    if own.trainer[0] == other.trainer[0]:
        sentence = _(
            "{trainer} needs {minutes} minutes from {earlier} to {later}, "
            "but only {between} lie between the two sessions."
        )
        reasons.append(Text(sentence, gaps | {"trainer": own.trainer[1]}))
    return reasons
