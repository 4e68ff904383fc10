"""The lists of partners as files."""

from operator import attrgetter, itemgetter

from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation

ORGANISATIONS = listing(
    "organisations", _("Organisations"), Organisation,
    "code", "name", "kind", "role",
    Column("promised", _("Promised"), attrgetter("count_promised"),
        about=_("Commitments that are awaited and not yet due"),
        kind=Kind.INTEGER),
    Column("delivered", _("Delivered in time"), attrgetter("count_delivered"), kind=Kind.INTEGER),
    Column("delivered_late", _("Delivered late"), attrgetter("count_delivered_late"), kind=Kind.INTEGER),
    Column("overdue", _("Overdue"), attrgetter("count_overdue"), about=_("Commitments that are due and did not come"),
        kind=Kind.INTEGER),
)  # fmt: skip
COMMITMENTS = listing(
    "commitments", _("Commitments"), Commitment,
    "code", "organisation=organisation.code", "organisation_name=organisation.name", "what", "what_en", "quantity",
    "unit",
    "due_on",
    Column("status", _("Status"), lambda row: in_words(row[1].label)),
    "delivered_on", "delivered_quantity", "note", "source",
    at=itemgetter(0),
)  # fmt: skip
MEETINGS = listing(
    "meetings", _("Meetings"), Meeting,
    "code", "name", "name_en", "held_on", "location",
    Column("people", _("People there"), attrgetter("people"), kind=Kind.INTEGER),
    Column("has_minutes", _("Minutes of the meeting"), lambda row: bool(row.minutes), kind=Kind.YES_NO),
)  # fmt: skip
ATTENDANCES = listing(
    "meeting-attendance", _("People there"), MeetingAttendance,
    "meeting=meeting.code", "name", "organisation=organisation.code", "organisation_name=organisation.name", "position",
)  # fmt: skip
