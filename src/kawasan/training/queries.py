"""Reads that feed the pages of the training."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.core.language import locale
from kawasan.core.models import User
from kawasan.core.text import Text, _
from kawasan.matching.models import Group, GroupMember
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role, Stage
from kawasan.training import calendars, rules
from kawasan.training.models import (
    Attendance,
    Certificate,
    CompletionRule,
    Feedback,
    FeedbackGiven,
    MakeUp,
    Module,
    Score,
    Session,
    Sheet,
)
from kawasan.training.rules import Attended, Blocked, Opinion, Proposal, Said, SessionStatus, TimetableStatus

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday with its sessions."""

    day: datetime.date
    sessions: list[Session]


@dataclass(frozen=True, slots=True)
class MemberAttended:
    """How many of the lesson hours that were held for somebody they attended, and why they have not completed them."""

    member: GroupMember
    held: float
    attended: float
    reasons: list[Text]
    modules: list[Attended]

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
        half_days=len(half_days(programme)),
        sessions=programme.sessions.count(),
    )


def training_spans(programme: Programme) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of each step of the calendar in which training takes place."""
    return list(programme.milestones.filter(stage=Stage.TRAINING).values_list("starts_on", "ends_on"))


def half_days(programme: Programme) -> list[tuple[datetime.date, datetime.time]]:
    """The half days of the training on which something can be held for everybody."""
    spans = training_spans(programme)
    days = {first + datetime.timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)}
    place = centre_of(programme)
    noons = {day: prayers[0] for day in days if (prayers := _prayers(place, day))}
    found = rules.half_days(spans, calendars.holidays_of(days), noons)
    everybody = blocked_of(programme)[None]
    return [half_day for half_day in found if not rules.is_blocked(everybody, *half_day)]


def prayers_of(programme: Programme, day: datetime.date) -> tuple[datetime.time, datetime.time] | None:
    """Noon and afternoon prayer of a day in the area; nothing while its place is not known."""
    return _prayers(centre_of(programme), day)


def centre_of(programme: Programme) -> Place | None:
    """The place of the area itself, whose code is the shortest."""
    return programme.places.order_by("code").first()


def _prayers(place: Place | None, day: datetime.date) -> tuple[datetime.time, datetime.time] | None:
    return calendars.prayers_on(day, place.latitude, place.longitude, settings.TIME_ZONE) if place else None


def blocked_of(programme: Programme) -> dict[int | None, list[Blocked]]:
    """Blocked times of each group, by its key; those of everybody under nothing."""
    found: dict[int | None, list[Blocked]] = defaultdict(list)
    for row in programme.blocked_times.all():
        found[row.group_id].append(Blocked(row.name, row.first_day, row.last_day, row.weekday, row.starts, row.ends))
    return found


def reasons_blocked(session: Session, starts_at: datetime.datetime, ends_at: datetime.datetime) -> list[Text]:
    """Why a session cannot be held at a (local) time, whatever else is held then."""
    blocked = blocked_of(session.programme)
    prayers = prayers_of(session.programme, starts_at.date())
    return rules.reasons_blocked(
        [*blocked[None], *blocked[session.group_id]],
        calendars.holiday_on(starts_at.date(), locale()),
        prayers[0] if prayers else None,
        starts_at,
        ends_at,
    )


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


def attendance_of(programme: Programme, members: Iterable[GroupMember], day: datetime.date) -> list[MemberAttended]:
    """For each member the lesson hours of recorded sessions, those attended, and what is missing to complete."""
    shown, least = list(members), least_share_on(programme, day)
    modules = modules_of(programme, [member.applicant_id for member in shown])
    return [_attended(member, modules[member.applicant_id], least) for member in shown]


def _attended(member: GroupMember, modules: list[Attended], least: int | None) -> MemberAttended:
    return MemberAttended(
        member,
        sum(one.held for one in modules),
        sum(one.attended for one in modules),
        rules.reasons_not_complete(modules, least_share=least),
        modules,
    )


def to_certify(programme: Programme, day: datetime.date) -> list[MemberAttended]:
    """Who has completed the training and has no valid certificate, by name."""
    certified = Certificate.objects.filter(applicant=OuterRef("applicant"), revoked_on__isnull=True)
    members = members_in(programme, "", "").filter(~Exists(certified))
    return [one for one in attendance_of(programme, members, day) if not one.reasons]


def sessions_for(programme: Programme, user: User) -> QuerySet[Session, Session]:
    """The sessions of one person: a mentor's, a participant's; all of them for whoever has none of their own."""
    roles = set(programme.memberships.filter(user=user).values_list("role", flat=True))
    sessions = programme.sessions.in_full().select_related("room__place")
    if roles == {Role.MENTOR}:
        return sessions.of_mentor(user)
    if roles == {Role.PARTICIPANT}:
        own = Applicant.objects.filter(person__in=user.persons.filter(programme=programme))
        return sessions.filter(Q(group__members__applicant__in=own) | Q(guests__applicant__in=own)).distinct()
    return sessions


def rule_on(programme: Programme, day: datetime.date) -> CompletionRule | None:
    """The rule of completion that holds on a day."""
    return programme.completion_rules.filter(valid_from__lte=day).first()


def least_share_on(programme: Programme, day: datetime.date) -> int | None:
    rule = rule_on(programme, day)
    return rule.least_share if rule else None


def modules_of(programme: Programme, applicants: Collection[int]) -> dict[int, list[Attended]]:
    """For each participant the modules of their group's field, with the hours held for them and attended by them."""
    fields = dict(programme.group_members.filter(applicant__in=applicants).values_list("applicant", "group__field"))
    held, attended = _hours_by_module(applicants)
    modules = list(programme.modules.all())
    return {
        applicant: [
            _module_attended(module, held[applicant, module.pk], attended[applicant, module.pk])
            for module in modules
            if module.field_id in (None, fields.get(applicant))
        ]
        for applicant in applicants
    }


def _module_attended(module: Module, held: float, attended: float) -> Attended:
    return Attended(str(module), held, attended, module.is_compulsory, module.is_briefing, module.hours)


def _hours_by_module(applicants: Collection[int]) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """Lesson hours of recorded sessions, and those attended. What was made up elsewhere is not held twice."""
    held: dict[tuple[int, int], float] = defaultdict(float)
    attended: dict[tuple[int, int], float] = defaultdict(float)
    rows = Attendance.objects.filter(applicant__in=applicants, session__status=SessionStatus.HELD)
    made_up = Exists(MakeUp.objects.filter(session=OuterRef("session"), applicant=OuterRef("applicant")))
    for row in rows.select_related("session").annotate(is_made_up=made_up):
        key = row.applicant_id, row.session.module_id
        hours = rules.lesson_hours(row.session.ends_at - row.session.starts_at)
        held[key] += 0 if row.is_made_up else hours
        attended[key] += hours if row.status in rules.ATTENDED else 0
    return held, attended


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


def people_of(session: Session) -> QuerySet[Applicant, Applicant]:
    """Who should attend, by name: the members of the group, and guests who make something up."""
    expected = Q(group_memberships__group=session.group_id) | Q(make_ups__session=session.pk)
    return Applicant.objects.filter(expected).select_related("person").distinct().order_by("person__name", "pk")


def missed_by(programme: Programme, applicant: Applicant) -> QuerySet[Session, Session]:
    """The recorded sessions that somebody missed and has not made up."""
    absent = Attendance.objects.filter(applicant=applicant, session=OuterRef("pk")).exclude(status__in=rules.ATTENDED)
    made_up = MakeUp.objects.filter(applicant=applicant, missed=OuterRef("pk"))
    missed = programme.sessions.filter(Exists(absent), status=SessionStatus.HELD)
    return missed.exclude(Exists(made_up)).select_related("module", "group")


def instead_of(missed: Session, now: datetime.datetime) -> QuerySet[Session, Session]:
    """Where a missed session can be made up: those to come of the same module with other groups."""
    coming = missed.programme.sessions.filter(module=missed.module_id, starts_at__gte=now, status=SessionStatus.PLANNED)
    return coming.exclude(pk=missed.pk).select_related("module", "group", "room")


def said_of(session: Session) -> dict[int, Said]:
    """What is recorded of each participant of a session."""
    return {row.applicant_id: Said(row.status, row.minutes_late, row.excuse) for row in session.attendances.all()}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a sheet as it was read: whose it is, where its picture is, and what it seems to say."""

    applicant: Applicant
    page: int
    place: int
    proposal: Proposal


def read_rows(sheet: Sheet) -> list[ReadRow]:
    """The rows of the pages that were read, in order."""
    people = Applicant.objects.select_related("person").in_bulk(sheet.rows)
    return [
        ReadRow(people[sheet.rows[mark["row"]]], page.page, place, _proposal(mark))
        for page in sheet.pages.defer("picture")
        for place, mark in enumerate(page.marks)
    ]


def _proposal(mark: dict[str, Any]) -> Proposal:
    return rules.proposal(choice=mark["choice"], is_sure=mark["is_sure"], is_signed=mark["is_signed"])


def reasons_not_stored(sheet: Sheet, rows: list[ReadRow]) -> list[Text]:
    """Why what was read cannot be stored yet."""
    if len(rows) < len(sheet.rows):
        return [Text(_("A page of the sheet was not read yet. Photograph it too."))]
    return []


def scores_of(modules: Iterable[Module], group: Group | None = None) -> dict[int, dict[int, dict[str, int]]]:
    """Points by module, applicant and moment; of one group's members where one is given."""
    found: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = Score.objects.filter(module__in=modules)
    if group:
        rows = rows.filter(applicant__group_memberships__group=group)
    for module, applicant, moment, points in rows.values_list("module", "applicant", "moment", "points"):
        found[module][applicant][moment] = points
    return found


def opinions_of(modules: Iterable[Module]) -> dict[int, Opinion]:
    """What participants think of each module."""
    answers: dict[int, list[tuple[int, int, int, str]]] = defaultdict(list)
    for one in Feedback.objects.filter(module__in=modules):
        answers[one.module_id].append((one.content, one.trainer, one.place, one.comment))
    return {module.pk: rules.opinion(answers[module.pk]) for module in modules}


def has_attended(module: Module, applicant: Applicant) -> bool:
    """Whether somebody attended a session of a module."""
    attended = Attendance.objects.filter(session__module=module, applicant=applicant, status__in=rules.ATTENDED)
    return attended.exists()


def to_answer(programme: Programme, applicant: Applicant) -> QuerySet[Module]:
    """The modules of which somebody attended a session and has not said what they think."""
    attended = Attendance.objects.filter(applicant=applicant, status__in=rules.ATTENDED, session__module=OuterRef("pk"))
    given = FeedbackGiven.objects.filter(applicant=applicant, module=OuterRef("pk"))
    return programme.modules.filter(Exists(attended)).exclude(Exists(given))
