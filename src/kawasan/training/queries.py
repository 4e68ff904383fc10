"""Reads that feed the pages of the training."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kawasan.core.language import locale
from kawasan.core.text import Text, _
from kawasan.matching.models import GroupMember
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Stage
from kawasan.training import rules
from kawasan.training.models import Attendance, Session
from kawasan.training.rules import SessionStatus, TimetableStatus

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday with its sessions."""

    day: datetime.date
    sessions: list[Session]


@dataclass(frozen=True, slots=True)
class Attended:
    """How many of the lesson hours that were held for somebody they attended."""

    member: GroupMember
    held: float
    attended: float

    @property
    def share(self) -> float | None:
        return self.attended / self.held if self.held else None


def midnight(day: datetime.date) -> datetime.datetime:
    """The moment at which a day begins in the office's zone."""
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_default_timezone())


def filtered(programme: Programme, chosen: dict[str, str]) -> QuerySet[Session, Session]:
    """The sessions of a group, mentor and room, each by code where one is chosen."""
    sessions = programme.sessions.in_full()
    if chosen["group"]:
        sessions = sessions.filter(group__code=chosen["group"])
    if chosen["mentor"]:
        sessions = sessions.filter(group__mentor__code=chosen["mentor"])
    if chosen["room"]:
        sessions = sessions.filter(room__code=chosen["room"])
    return sessions


def monday_of(sessions: QuerySet[Session, Session], asked: str, today: datetime.date) -> datetime.date:
    """The week that is asked for; else the first from today on with sessions, else the last one with any."""
    try:
        day = datetime.date.fromisoformat(asked)
        midnight(day + 2 * WEEK), midnight(day - 2 * WEEK)  # a week at the end of time has no next one
    except (ValueError, OverflowError):
        this_week = midnight(today - datetime.timedelta(days=today.weekday()))
        coming = Min("starts_at", filter=Q(starts_at__gte=this_week))
        near = sessions.aggregate(coming=coming, last=Max("starts_at"))
        moment = near["coming"] or near["last"]
        day = timezone.localtime(moment).date() if moment else today
    return day - datetime.timedelta(days=day.weekday())


def week_of(sessions: QuerySet[Session, Session], monday: datetime.date) -> list[Day]:
    """Monday to Friday, and the weekend only where something is held."""
    by_day = defaultdict(list)
    for session in sessions.filter(starts_at__gte=midnight(monday), starts_at__lt=midnight(monday + WEEK)):
        by_day[timezone.localtime(session.starts_at).date()].append(session)
    days = [monday + datetime.timedelta(days=n) for n in range(7)]
    return [Day(day, by_day[day]) for day in days if day.weekday() <= rules.FRIDAY or by_day[day]]


def state_of(programme: Programme, now: datetime.datetime) -> dict[str, Any]:
    """How far the timetable is, what is wrong with it, and the next thing to do."""
    timetable = programme.timetables.defer("input", "result").first()
    is_frozen = timetable is not None and timetable.status == TimetableStatus.FROZEN
    to_record = Count("pk", filter=Q(pk__in=programme.sessions.to_record(now)))
    counts = programme.sessions.aggregate(sessions=Count("pk"), to_record=to_record)
    groups = 0 if counts["sessions"] else programme.groups.count()
    reasons = [] if counts["sessions"] else reasons_not_ready(programme)
    return {
        "timetable": timetable,
        "is_frozen": is_frozen,
        "sessions": counts["sessions"],
        "clashing": set(programme.sessions.clashing().values_list("pk", flat=True)),
        "overused": overused_experts(programme),
        "reasons": reasons,
        "next": rules.next_step(is_frozen=is_frozen, is_ready=not reasons, groups=groups, **counts),
    }


def reasons_not_ready(programme: Programme) -> list[Text]:
    """Why nothing can be frozen of which a timetable could be made."""
    return rules.reasons_not_ready(
        groups=programme.groups.count(),
        modules=programme.modules.count(),
        rooms=programme.rooms.count(),
        half_days=len(rules.half_days(training_spans(programme))),
        sessions=programme.sessions.count(),
    )


def training_spans(programme: Programme) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of each step of the calendar in which training takes place."""
    return list(programme.milestones.filter(stage=Stage.TRAINING).values_list("starts_on", "ends_on"))


def overused_experts(programme: Programme) -> list[Text]:
    """Experts who teach more hours in a month than their organisation gives."""
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    taught = programme.sessions.standing().filter(expert__isnull=False).annotate(month=TruncMonth("starts_at"))
    rows = taught.values("expert__name", "expert__hours_per_month", "month").annotate(total=Sum(length))
    return [
        rules.reason_expert_overused(
            expert=row["expert__name"],
            month=format_date(row["month"], "MMMM y", locale=locale()),
            hours=round(row["total"] / datetime.timedelta(hours=1), 1),
            most=row["expert__hours_per_month"],
        )
        for row in rows.order_by("month", "expert__name")
        if row["total"] > datetime.timedelta(hours=row["expert__hours_per_month"])
    ]


def attendance_of(members: Iterable[GroupMember]) -> list[Attended]:
    """For each member the lesson hours of recorded sessions, and those attended."""
    shown = list(members)
    held: dict[int, float] = defaultdict(float)
    attended: dict[int, float] = defaultdict(float)
    rows = Attendance.objects.filter(
        applicant__in=[member.applicant_id for member in shown], session__status=SessionStatus.HELD
    )
    for row in rows.select_related("session"):
        hours = rules.lesson_hours(row.session.ends_at - row.session.starts_at)
        held[row.applicant_id] += hours
        attended[row.applicant_id] += hours if row.status in rules.ATTENDED else 0
    return [Attended(m, held[m.applicant_id], attended[m.applicant_id]) for m in shown]


def members_in(programme: Programme, group: str, words: str) -> QuerySet[GroupMember, GroupMember]:
    """Members of a group (all where none is chosen) whose name has these words."""
    members = programme.group_members.select_related("group", "applicant__person")
    if group:
        members = members.filter(group__code=group)
    if words:
        members = members.filter(applicant__person__name__icontains=words)
    return members.order_by("group__code", "applicant__person__name", "pk")


def choices_of(programme: Programme) -> list[tuple[str, str, Any]]:
    """What the timetable can be filtered by: the parameter, its name and the rows."""
    return [
        ("group", _("Group"), programme.groups.all()),
        ("mentor", _("Mentor"), programme.mentors.all()),
        ("room", _("Room"), programme.rooms.all()),
    ]


def hours_of(programme: Programme) -> list[tuple[Any, int]]:
    """The lesson hours that a group of each field takes."""
    modules = list(programme.modules.all())
    return [
        (field, sum(m.hours for m in modules if m.field_id in (None, field.pk))) for field in programme.fields.all()
    ]


def reasons_not_recorded(session: Session, day: datetime.date) -> list[Text]:
    """Why the attendance cannot be recorded on a day."""
    held_on = timezone.localtime(session.starts_at).date()
    return rules.reasons_not_recorded(status=session.status, held_on=held_on, today=day)


def members_of(session: Session) -> QuerySet[GroupMember, GroupMember]:
    """Who should attend, by name."""
    return session.group.members.select_related("applicant__person").order_by("applicant__person__name")
