"""What can be done with groups, mentors and experts."""

from kawasan.matching.services.changes import (
    add_expert,
    add_member,
    add_mentor,
    assign_mentor,
    change_expert,
    change_mentor,
    dissolve_groups,
    move_member,
    remove_member,
    set_officers,
)
from kawasan.matching.services.forming import form_groups, freeze_matching

__all__ = (
    "add_expert",
    "add_member",
    "add_mentor",
    "assign_mentor",
    "change_expert",
    "change_mentor",
    "dissolve_groups",
    "form_groups",
    "freeze_matching",
    "move_member",
    "remove_member",
    "set_officers",
)
