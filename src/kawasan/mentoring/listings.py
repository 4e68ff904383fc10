"""The logbook and what follows from it as files."""

from operator import attrgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.mentoring.models import ProblemCase, Visit

VISITS = listing(
    "logbook", _("Logbook"), Visit,
    "code", "visited_on", "starts_at", "ends_at", "group=group.code", "group_name=group.name", "mentor=mentor.name",
    "participant=applicant.code", "participant_name=applicant.person.name", "method", "state", "lesson_hours",
    "expense_idr", "summary", "obstacle", "solution", "next_step", "next_visit_on",
)  # fmt: skip
PROBLEMS = listing(
    "problems", _("Problems"), ProblemCase,
    "code", "participant=applicant.code", "participant_name=applicant.person.name", "kind", "seen_on", "what",
    "settled_on", "outcome",
)  # fmt: skip
MENTORS = listing(
    "load-of-mentors", _("Load of the mentors"), None,
    Column("mentor", _("Mentor"), attrgetter("mentor.name"), is_personal=True),
    Column("groups", _("Groups"), attrgetter("groups"), kind=Kind.INTEGER),
    Column("people", _("People"), attrgetter("people"), kind=Kind.INTEGER),
    Column("overdue", _("Visits overdue"), attrgetter("overdue"),
        about=_("Groups that should have been visited by now"),
        kind=Kind.INTEGER),
    Column("waiting", _("Wait for review"), attrgetter("waiting"),
        about=_("Entries of the logbook that nobody reviewed yet"),
        kind=Kind.INTEGER),
    Column("returned", _("Returned"), attrgetter("returned"), about=_("Entries sent back to the mentor"),
        kind=Kind.INTEGER),
    Column("denied", _("Denied by participants"), attrgetter("denied"),
        about=_("Visits of which a participant says that they did not take place"),
        kind=Kind.INTEGER),
    Column("asked", _("Requests unanswered"), attrgetter("asked"),
        about=_("Visits that participants asked for, without an answer"),
        kind=Kind.INTEGER),
    Column("canvases", _("Canvas complete"), attrgetter("canvases"), about=_("Business models with all nine blocks"),
        kind=Kind.INTEGER),
)  # fmt: skip
