"""How lesson hours become sessions, which blocks a day has, and why a timetable is not possible."""

from kawasan.core.text import Labelled, _


class SessionStatus(Labelled):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Presence(Labelled):
    """How somebody attended."""

    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class TimetableStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    COMPUTED = "computed", _("Computed")
