"""What can be done with the timetable, its sessions and the attendance."""

from kawasan.training.services.changes import (
    add_module,
    add_room,
    cancel_session,
    change_module,
    change_room,
    clear_timetable,
    mark_held,
    record_attendance,
    reschedule,
)
from kawasan.training.services.making import calendar, freeze_timetable, make_timetable

__all__ = (
    "add_module",
    "add_room",
    "calendar",
    "cancel_session",
    "change_module",
    "change_room",
    "clear_timetable",
    "freeze_timetable",
    "make_timetable",
    "mark_held",
    "record_attendance",
    "reschedule",
)
