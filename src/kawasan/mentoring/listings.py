"""The logbook and what follows from it as files."""

from operator import attrgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.mentoring.models import ProblemCase, Visit
from kawasan.mentoring.rules import PhotoKind
from kawasan.mentoring.services import photos_of, who_was_there

VISITS = listing(
    "logbook", _("Logbook"), Visit,
    "code", "visited_on", "starts_at", "ends_at", "group=group.code", "group_name=group.name", "mentor=mentor.name",
    "participant=applicant.code", "participant_name=applicant.person.name",
    Column("participants", _("Who was there"), lambda row: ", ".join(who_was_there(row)),
        about=_("Names; empty where it was the whole group"), is_personal=True),
    "method", "reach", "venue", "state", "lesson_hours", "material", "summary", "obstacle", "solution", "next_step",
    "next_visit_on", "expense_idr", "no_expense_reason",
    Column("proofs", _("Photos of the proof"), lambda row: photos_of(row, PhotoKind.PROOF), kind=Kind.INTEGER),
    Column("photos", _("Photos of what was done"), lambda row: photos_of(row, PhotoKind.ACTIVITY), kind=Kind.INTEGER),
    Column("reviewed_by", _("Reviewed by"), lambda row: row.reviewed_by, is_personal=True),
    "reviewed_on", "reviewer_note", "answer",
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
