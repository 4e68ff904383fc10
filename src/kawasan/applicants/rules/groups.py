"""People who apply together."""

from collections.abc import Iterable

from kawasan.applicants.rules.stated import Status
from kawasan.core.text import Labelled, Text, _


class GroupRole(Labelled):
    """What somebody does in a group that applies together."""

    HEAD = "head", _("Head")
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    MEMBER = "member", _("Member")


OFFICERS = (GroupRole.HEAD, GroupRole.SECRETARY, GroupRole.TREASURER)


def reasons_not_joining(*, status: str, is_in_group: bool, members: int, most: int, is_same_field: bool) -> list[Text]:
    """Why somebody cannot join a group."""
    if status == Status.WITHDRAWN:
        return [Text(_("This application was withdrawn."))]
    if is_in_group:
        return [Text(_("You are in a group already. Leave it first."))]
    if not is_same_field:
        return [Text(_("This group applies for another field than you. A group has one kind of business."))]
    if members >= most:
        template = _("This group is full: it has {members} members, the most are {most}.")
        return [Text(template, {"members": members, "most": most})]
    return []


def missing_in_group(members: int, roles: Iterable[str], *, least: int) -> list[Text]:
    """What a group still needs before it is complete."""
    found = []
    if members < least:
        template = _("Members still to join: {missing} (at least {least} in all).")
        found.append(Text(template, {"missing": least - members, "least": least}))
    held = set(roles)
    found += [Text(_("Still to name: {role}"), {"role": Text(role.label)}) for role in OFFICERS if role not in held]
    return found


def reasons_not_leaving(role: str, members: int) -> list[Text]:
    """The head stays while there are others."""
    if role == GroupRole.HEAD and members > 1:
        return [Text(_("You are the head of this group. Make another member the head first."))]
    return []
