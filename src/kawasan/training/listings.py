"""The lists of the training as files."""

from operator import attrgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.training.models import BlockedTime, Certificate, Module, Room, Session

SESSIONS = listing(
    "sessions", _("Sessions"), Session,
    "code", "module=module.code", "module_name=module.name", "group=group.code", "group_name=group.name",
    "room=room.code", "room_name=room.name", "mentor=mentor.name", "expert=expert.name", "starts_at", "ends_at",
    "status",
)  # fmt: skip
ATTENDANCE = listing(
    "attendance", _("Attendance"), None,
    Column("code", _("Number of the application"), attrgetter("member.applicant.code"), kind=Kind.CODE),
    Column("name", _("Name"), attrgetter("member.applicant.person.name"), is_personal=True),
    Column("group", _("Group"), attrgetter("member.group.code"), kind=Kind.CODE),
    Column("held", _("Hours held (JPL)"), attrgetter("held"),
        about=_("Lesson hours (JPL) of 45 minutes in sessions whose attendance was recorded"),
        kind=Kind.INTEGER),
    Column("attended", _("Hours attended (JPL)"), attrgetter("attended"),
        about=_("Of these, those attended or made up"),
        kind=Kind.INTEGER),
    Column("share", _("Share of all hours"), attrgetter("share"),
        about=_("Of the hours of all modules, as the completion rule counts them: of no module more than it has"),
        kind=Kind.SHARE),
    Column("is_completed", _("Completed"), lambda row: not row.reasons,
        about=_("Whether the completion rule of the day is met"),
        kind=Kind.YES_NO),
)  # fmt: skip
MODULES = listing(
    "modules", _("Modules"), Module,
    "position", "code", "name", "name_en", "field=field.code", "hours", "expert=expert.name", "is_compulsory",
    "is_briefing",
)  # fmt: skip
ROOMS = listing("rooms", _("Rooms"), Room, "code", "name", "place=place.code", "place_name=place.name", "capacity")
BLOCKED_TIMES = listing(
    "blocked-times", _("Blocked times"), BlockedTime,
    "code", "name", "kind", "group=group.code", "first_day", "last_day", "weekday", "starts", "ends",
)  # fmt: skip
CERTIFICATES = listing(
    "certificates", _("Certificates"), Certificate,
    "code", "name",
    Column("hours", _("Hours (JPL)"), attrgetter("hours"), kind=Kind.INTEGER),
    "issued_on", "revoked_on", "reason",
)  # fmt: skip
ASSESSMENTS = listing(
    "assessments", _("Assessments"), Module,
    "module=code", "module_name=name",
    Column("before", _("Assessed before"), lambda row: row[1].before, kind=Kind.INTEGER),
    Column("after", _("Assessed after"), lambda row: row[1].after, kind=Kind.INTEGER),
    Column("points_before", _("Points before"), lambda row: row[1].mean_before,
        about=_("Mean of 0 to 100 points over those assessed both times"),
        kind=Kind.NUMBER),
    Column("points_after", _("Points after"), lambda row: row[1].mean_after,
        about=_("Mean of 0 to 100 points over those assessed both times"),
        kind=Kind.NUMBER),
    Column("gain", _("Gain"), lambda row: row[1].mean, about=_("Points after less points before"),
        kind=Kind.NUMBER),
    Column("gained", _("Who gained"), lambda row: row[1].rose,
        about=_("How many of those assessed both times have more points after"),
        kind=Kind.INTEGER),
    Column("both", _("Assessed both times"), lambda row: row[1].both, kind=Kind.INTEGER),
    Column(
        "answers", _("Answers"), lambda row: None if row[2].content is None else row[2].answers,
        about=_("Empty when so few answered that an answer could be traced"),
        kind=Kind.INTEGER
    ),
    Column("content", _("Content"), lambda row: row[2].content, about=_("Mean mark from 1 to 5"),
        kind=Kind.NUMBER),
    Column("trainer", _("Trainer"), lambda row: row[2].trainer, about=_("Mean mark from 1 to 5"),
        kind=Kind.NUMBER),
    Column("place", _("Room and time"), lambda row: row[2].place, about=_("Mean mark from 1 to 5"),
        kind=Kind.NUMBER),
    Column("comments", _("What should be better"), lambda row: row[2].comments),
    at=lambda row: row[0],
)  # fmt: skip

MODULES_OF = listing(
    "modules-attended", _("Modules"), None,
    Column("module", _("Module"), attrgetter("module")),
    Column("hours", _("Hours (JPL)"), attrgetter("hours"), kind=Kind.NUMBER),
    Column("held", _("Hours held (JPL)"), attrgetter("held"), kind=Kind.NUMBER),
    Column("attended", _("Hours attended (JPL)"), attrgetter("attended"), kind=Kind.NUMBER),
    Column("counted", _("Hours that count (JPL)"), attrgetter("counted"),
        about=_("Of the hours attended no more than the module has"),
        kind=Kind.NUMBER),
    Column("is_compulsory", _("compulsory"), attrgetter("is_compulsory"), kind=Kind.YES_NO),
    Column("is_briefing", _("briefing"), attrgetter("is_briefing"), kind=Kind.YES_NO),
)  # fmt: skip
