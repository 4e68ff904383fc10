"""Reads that feed the pages of the training."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
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
    Value,
)
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.core.language import locale
from kawasan.core.models import LogEntry, User
from kawasan.core.text import Text, _
from kawasan.matching.models import Expert, Group, GroupMember, Mentor
from kawasan.matching.rules import Skill
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role, Stage
from kawasan.training import calendars, rules
from kawasan.training.models import (
    Attendance,
    Certificate,
    CompletionRule,
    Equipment,
    Feedback,
    FeedbackGiven,
    MakeUp,
    Module,
    Publication,
    Room,
    Score,
    Session,
    Sheet,
)
from kawasan.training.rules import Attended, Blocked, Opinion, Proposal, Said, SessionStatus, TimetableStatus
from kawasan.training.rules.curriculum import Taught, reasons_needs, reasons_skill
from kawasan.training.rules.publishing import Change, Row, changes

WEEK = datetime.timedelta(days=7)
GONE: dict[str, Any] = {"module": Module, "group": Group, "room": Room, "mentor": Mentor, "expert": Expert}
MOVED = "training.session_moved"
HANDED_OVER = "training.session_handed_over"
TOUCHED = (
    MOVED,
    HANDED_OVER,
    "training.session_move_taken_back",
    "training.session_cancelled",
    "training.session_added",
)
CANCELLED = "training.session_cancelled"


def latest_move(session: Session) -> LogEntry | None:
    """The log's entry of a session's latest move, if nothing happened to it since."""
    entries = LogEntry.objects.filter(programme_code=session.programme.code, verb__in=TOUCHED)
    latest = entries.filter(data__session=session.code).order_by("-sequence").first()
    if latest is None or latest.verb != MOVED or latest.data["room"] != session.room.code:
        return None
    is_there = datetime.datetime.fromisoformat(latest.data["starts_at"]) == session.starts_at
    return latest if is_there else None


def why_cancelled(session: Session) -> str:
    """The reason for which a session was cancelled last; empty where none was said."""
    entries = LogEntry.objects.filter(programme_code=session.programme.code, verb=CANCELLED)
    latest = entries.filter(data__session=session.code).order_by("-sequence").first()
    return latest.data.get("why", "") if latest else ""


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
    def share(self) -> float:
        """The share that the completion rule looks at, cut down to a whole percent as its reason says it."""
        return rules.percent_of(self.modules) / 100


def midnight(day: datetime.date) -> datetime.datetime:
    """The moment at which a day begins in the office's zone."""
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_default_timezone())


def is_chosen(session: Session, chosen: dict[str, str]) -> bool:
    """Whether a session is of the group, mentor and room that are chosen, each by code; load them with ``in_full``."""
    mentor = session.group.mentor
    codes = {"group": session.group.code, "mentor": mentor.code if mentor else "", "room": session.room.code}
    return all(code in ("", codes[name]) for name, code in chosen.items())


def around(sessions: Iterable[Session], monday: datetime.date) -> list[Session]:
    """Of these the sessions of a week, and those of the days before and after it."""
    day = datetime.timedelta(days=1)
    first, last = midnight(monday) - day, midnight(monday + WEEK) + day
    return [session for session in sessions if first <= session.starts_at < last]


def monday_of(near: datetime.datetime | None, asked: str, today: datetime.date) -> datetime.date:
    """The week that is asked for; else that of a moment, if any."""
    try:
        day = datetime.date.fromisoformat(asked)
        midnight(day + 2 * WEEK), midnight(day - 2 * WEEK)  # a week at the end of time has no next one
    except (ValueError, OverflowError):
        day = timezone.localtime(near).date() if near else today
    return day - datetime.timedelta(days=day.weekday())


def left_behind(sessions: Iterable[Session]) -> list[Session]:
    """Of these the planned ones whose mentor has left before they are held; load them with ``in_full``."""
    return [
        one
        for one in sessions
        if one.status == SessionStatus.PLANNED
        and one.mentor
        and one.mentor.left_on
        and timezone.localtime(one.starts_at).date() > one.mentor.left_on
    ]


def near(starts: Collection[datetime.datetime], now: datetime.datetime) -> datetime.datetime | None:
    """The first start from this week on, else the last one."""
    return min((at for at in starts if at >= this_week(now)), default=max(starts, default=None))


def this_week(now: datetime.datetime) -> datetime.datetime:
    """The moment at which the week of a midnight began."""
    return midnight(timezone.localtime(now).date() - datetime.timedelta(days=timezone.localtime(now).weekday()))


def week_of(sessions: Iterable[Session], monday: datetime.date) -> list[Day]:
    """Monday to Friday, and the weekend only where something is held."""
    first, last = midnight(monday), midnight(monday + WEEK)
    by_day = defaultdict(list)
    for session in sessions:
        if first <= session.starts_at < last:
            by_day[timezone.localtime(session.starts_at).date()].append(session)
    days = [monday + datetime.timedelta(days=n) for n in range(7)]
    return [Day(day, by_day[day]) for day in days if day.weekday() <= rules.FRIDAY or by_day[day]]


CHOSEN = {"group": "group__code", "mentor": "group__mentor__code", "room": "room__code"}


def state_of(programme: Programme, now: datetime.datetime, chosen: dict[str, str]) -> dict[str, Any]:
    """How far the timetable is, when what is chosen of it is held next, what is wrong with it, and what to do next."""
    to_record = Count("pk", filter=Q(pk__in=programme.sessions.to_record(now)))
    own = Q(**{CHOSEN[name]: code for name, code in chosen.items() if code})
    coming, last = Min("starts_at", filter=own & Q(starts_at__gte=this_week(now))), Max("starts_at", filter=own)
    counts = programme.sessions.aggregate(sessions=Count("pk"), to_record=to_record, coming=coming, last=last)
    moment = counts.pop("coming"), counts.pop("last")
    timetable = None if counts["sessions"] else programme.timetables.defer("input", "result").first()
    is_frozen = timetable is not None and timetable.status == TimetableStatus.FROZEN
    groups = 0 if counts["sessions"] else programme.groups.count()
    reasons = [] if counts["sessions"] else reasons_not_ready(programme)
    return {
        "timetable": timetable,
        "is_frozen": is_frozen,
        "sessions": counts["sessions"],
        "near": moment[0] or moment[1],
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
    noons = {day: prayers.noon for day in days if (prayers := _prayers(place, day))}
    found = rules.half_days(spans, calendars.holidays_of(days), noons)
    everybody = blocked_of(programme)[None]
    return [half_day for half_day in found if not rules.is_blocked(everybody, *half_day)]


def centre_of(programme: Programme) -> Place | None:
    """The place of the area itself, whose code is the shortest."""
    return programme.places.order_by("code").first()


def _prayers(place: Place | None, day: datetime.date) -> calendars.Prayers | None:
    return calendars.prayers_on(day, place.latitude, place.longitude, settings.TIME_ZONE) if place else None


def blocked_of(programme: Programme) -> dict[int | None, list[Blocked]]:
    """Blocked times of each group, by its key; those of everybody under nothing."""
    found: dict[int | None, list[Blocked]] = defaultdict(list)
    for row in programme.blocked_times.all():
        found[row.group_id].append(
            Blocked(row.kind, row.name, row.first_day, row.last_day, row.weekday, row.starts, row.ends)
        )
    return found


@dataclass(frozen=True, slots=True)
class Times:
    """When nothing is held in a programme, read once for many sessions."""

    blocked: dict[int | None, list[Blocked]]
    centre: Place | None

    @classmethod
    def of(cls, programme: Programme) -> "Times":
        return cls(blocked_of(programme), centre_of(programme))

    def prayers(self, day: datetime.date) -> calendars.Prayers | None:
        """The prayers of a day in the area; nothing while its place is not known."""
        return _prayers(self.centre, day)

    def reasons(self, group: int, starts_at: datetime.datetime, ends_at: datetime.datetime) -> list[Text]:
        """Why a group has no session at a (local) time, whatever else is held then."""
        prayers = self.prayers(starts_at.date())
        return rules.reasons_blocked(
            [*self.blocked.get(None, []), *self.blocked.get(group, [])],
            calendars.holiday_on(starts_at.date(), locale()),
            prayers.noon if prayers else None,
            prayers.sunset if prayers else None,
            starts_at,
            ends_at,
        )


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What modules need, by their keys, read once for many sessions: modules before them, and equipment.

    ``held`` are the sessions that take place of a group and a module, by their keys, of the modules that others need.
    """

    needs: dict[int, list[Module]]
    uses: dict[int, list[Equipment]]
    held: dict[tuple[int, int], list[Session]]

    @classmethod
    def of(cls, programme: Programme) -> "Curriculum":
        needs: dict[int, list[Module]] = defaultdict(list)
        uses: dict[int, list[Equipment]] = defaultdict(list)
        held: dict[tuple[int, int], list[Session]] = defaultdict(list)
        for of, module, key, name, more, number in _needs_and_uses(programme):
            if of == "module":
                needs[module].append(Module(pk=key, name=name, name_en=more, hours=number))
            else:
                uses[module].append(Equipment(pk=key, name=name, code=more, sets=number))
        if needs:
            needed = {module.pk for those in needs.values() for module in those}
            for session in programme.sessions.standing().filter(module__in=needed):
                held[session.group_id, session.module_id].append(session)
        return cls(needs, uses, held)

    def not_learned(self, wanted: Session) -> list[tuple[Module, datetime.date | None]]:
        """The modules that a session needs and its group has not learned before, each with when it is held instead."""
        found: list[tuple[Module, datetime.date | None]] = []
        for module in self.needs.get(wanted.module_id, ()):
            sessions = self.held.get((wanted.group_id, module.pk), [])
            before = [one for one in sessions if one.ends_at <= wanted.starts_at]
            if not sessions or _hours_of(before) < min(module.hours, _hours_of(sessions)):
                later = [one.starts_at for one in sessions if one not in before]
                found.append((module, timezone.localtime(max(later)).date() if later else None))
        return found

    def instead(self, wanted: Session) -> "Curriculum":
        """The same with a session as it is wanted in place of how it is stored."""
        key = wanted.group_id, wanted.module_id
        others = [one for one in self.held.get(key, []) if one.pk != wanted.pk]
        return replace(self, held={**self.held, key: [*others, wanted]})


def _hours_of(sessions: Iterable[Session]) -> float:
    return sum(rules.lesson_hours(one.ends_at - one.starts_at) for one in sessions)


def _needs_and_uses(programme: Programme) -> QuerySet[Any, tuple[Any, ...]]:
    """What each module needs before it, and which equipment it uses, in one query."""
    before = programme.prerequisites.annotate(of=Value("module"), number=F("needs__hours")).order_by()
    carried = programme.module_equipment.annotate(of=Value("equipment"), number=F("equipment__sets")).order_by()
    return before.values_list("of", "module", "needs", "needs__name", "needs__name_en", "number").union(
        carried.values_list("of", "module", "equipment", "equipment__name", "equipment__code", "number"), all=True
    )


def taught(module: Module) -> Taught:
    """A module where order and field count."""
    return Taught(str(module), module.position, (module.field.pk, str(module.field)) if module.field else None)


def reasons_not_taught(module: Module, needs: Iterable[Module]) -> list[Text]:
    """Why a module cannot be taught after these, or not by its expert; ``module`` is as it would be."""
    own = taught(module)
    reasons = reasons_needs(own, map(taught, needs))
    others = module.needed_by.select_related("module__field") if module.pk else ()
    reasons += [reason for row in others for reason in reasons_needs(taught(row.module), [own])]
    return [*reasons, *(reasons_unskilled(module, module.expert) if module.expert else [])]


def reasons_unskilled(module: Module, expert: Expert) -> list[Text]:
    """Why an expert does not teach a module."""
    asked, has = Text(Skill(module.skill or expert.skill).label), Text(Skill(expert.skill).label)
    is_able = module.skill in ("", expert.skill)
    return reasons_skill(module=str(module), skill=asked, expert=str(expert), other=has, is_able=is_able)


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
    fields = {member.applicant_id: member.group.field_id for member in shown}
    modules = modules_of(programme, fields, fields)
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
    """Who has completed the training and never had a certificate, by name."""
    certified = Certificate.objects.filter(applicant=OuterRef("applicant"))
    members = members_in(programme, "", "").filter(~Exists(certified))
    return [one for one in attendance_of(programme, members, day) if not one.reasons]


def to_certify_again(programme: Programme, day: datetime.date) -> list[tuple[MemberAttended, Certificate]]:
    """Who has completed the training, but had a certificate that was revoked; with the last one, by name."""
    newest = {one.applicant_id: one for one in programme.certificates.order_by("pk")}
    last = {applicant: one for applicant, one in newest.items() if one.revoked_on}
    if not last:
        return []
    members = members_in(programme, "", "").filter(applicant__in=last)
    found = attendance_of(programme, members, day)
    return [(one, last[one.member.applicant_id]) for one in found if not one.reasons]


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


def modules_of(
    programme: Programme, applicants: Collection[int], fields: Mapping[int, int] | None = None
) -> dict[int, list[Attended]]:
    """For each participant the modules of their group's field, with the hours held for them and attended by them.

    The ``fields`` are given where they are known already.
    """
    if fields is None:
        members = programme.group_members.filter(applicant__in=applicants)
        fields = dict(members.values_list("applicant", "group__field"))
    held, attended = _hours_by_module(applicants)
    planned = _planned_modules(programme)
    modules = list(programme.modules.all())
    return {
        applicant: [
            _module_attended(module, held[applicant, module.pk], attended[applicant, module.pk])
            for module in modules
            if module.field_id in (None, fields.get(applicant))
            and (planned is None or module.code in planned or module.is_needed or held[applicant, module.pk])
        ]
        for applicant in applicants
    }


def _planned_modules(programme: Programme) -> set[str] | None:
    """The modules for which a timetable was made, by code; one added since counts once it is taught, or is needed."""
    timetable = programme.timetables.filter(status=TimetableStatus.COMPUTED).defer("result").first()
    return {session["module"] for session in timetable.input["sessions"]} if timetable else None


def _module_attended(module: Module, held: float, attended: float) -> Attended:
    return Attended(str(module), held, attended, module.is_compulsory, module.is_briefing, module.hours, module.code)


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


@dataclass(frozen=True, slots=True)
class Choices:
    """What the timetable can be filtered by: groups with their people, the mentors of groups, rooms with places."""

    groups: list[Group]
    rooms: list[Room]

    @classmethod
    def of(cls, programme: Programme) -> "Choices":
        groups = programme.groups.select_related("mentor").annotate(people=Count("members")).order_by("code")
        return cls(list(groups), list(programme.rooms.select_related("place")))

    @property
    def shown(self) -> list[tuple[str, str, Any]]:
        """The parameter, its name and the rows."""
        mentors = {group.mentor.code: group.mentor for group in self.groups if group.mentor}
        by_code = [mentors[code] for code in sorted(mentors)]
        return [("group", _("Group"), self.groups), ("mentor", _("Mentor"), by_code), ("room", _("Room"), self.rooms)]


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
    recorded: Said | None


def read_rows(sheet: Sheet) -> list[ReadRow]:
    """The rows of the pages that were read, in order, each beside what is recorded already."""
    people, recorded = Applicant.objects.select_related("person").in_bulk(sheet.rows), said_of(sheet.session)
    return [
        _read_row(people[sheet.rows[mark["row"]]], page.page, place, mark, recorded)
        for page in sheet.pages.defer("picture")
        for place, mark in enumerate(page.marks)
    ]


def _read_row(who: Applicant, page: int, place: int, mark: dict[str, Any], recorded: dict[int, Said]) -> ReadRow:
    read = rules.proposal(choice=mark["choice"], is_sure=mark["is_sure"], is_signed=mark["is_signed"])
    known = recorded.get(who.pk)
    return ReadRow(who, page, place, rules.beside_recorded(read, known), known)


def is_stored(sheet: Sheet) -> bool:
    """Whether everything that was read of a sheet is the session's attendance."""
    pages = list(sheet.pages.values_list("is_stored", flat=True))
    return bool(pages) and all(pages)


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


def reasons_not_answerable(module: Module, applicant: Applicant) -> list[Text]:
    """Why a participant says nothing of a module: not attended yet, or said already."""
    return rules.reasons_not_answerable(
        attended=has_attended(module, applicant),
        answered=FeedbackGiven.objects.filter(module=module, applicant=applicant).exists(),
    )


def has_attended(module: Module, applicant: Applicant) -> bool:
    """Whether somebody attended a session of a module."""
    attended = Attendance.objects.filter(session__module=module, applicant=applicant, status__in=rules.ATTENDED)
    return attended.exists()


def to_answer(programme: Programme, applicant: Applicant) -> QuerySet[Module]:
    """The modules of which somebody attended a session and has not said what they think."""
    attended = Attendance.objects.filter(applicant=applicant, status__in=rules.ATTENDED, session__module=OuterRef("pk"))
    given = FeedbackGiven.objects.filter(applicant=applicant, module=OuterRef("pk"))
    return programme.modules.filter(Exists(attended)).exclude(Exists(given))


def rows_of(publication: Publication | None) -> list[Row]:
    """The sessions as they were published."""
    return [Row.restored(stored) for stored in publication.sessions] if publication else []


def rows_now(programme: Programme) -> list[Row]:
    """The sessions as they are, published or not."""
    return [_row(session) for session in programme.sessions.in_full()]


def _row(session: Session) -> Row:
    trainer = (session.trainer_kind, session.trainer.code)
    is_cancelled = session.status == SessionStatus.CANCELLED
    codes = session.module.code, session.group.code, session.room.code
    return Row(session.code, *codes, trainer, session.starts_at, session.ends_at, is_cancelled)


def free_codes(programme: Programme) -> Iterator[str]:
    """Codes for new sessions, which no session has now and none was published with."""
    taken = set(programme.sessions.values_list("code", flat=True))
    taken |= {row.code for row in rows_of(programme.publications.first())}
    return (code for number in count(1) if (code := f"S{number:03d}") not in taken)


def is_told(session: Session, told: dict[str, Row]) -> bool:
    """Whether a session is as it was published; the rows are known by their codes."""
    row = _row(session)
    return told[row.code].says_the_same(row) if row.code in told else row.is_cancelled


def pending_changes(known: "Known", last: Publication | None) -> list[Change]:
    """What changed since the last publication and would be told now, each with who would be told."""
    found = changes(rows_of(last), rows_now(known.programme))
    return [Change(one.kind, one.before, one.now, known.told(one)) for one in found]


def _listener(name: str, people: int, accounts: int) -> dict[str, Any]:
    return {"name": name, "people": people, "accounts": accounts}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with its sessions as they were and as they are, to be shown."""

    change: Change
    before: Session | None
    now: Session


def shown_changes(known: "Known", found: Iterable[Change]) -> list[ShownChange]:
    """Changes with the names of everything in them."""
    return [
        ShownChange(one, known.session(one.before) if one.before else None, known.session(one.now)) for one in found
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """The rows of a programme by their codes, so that published sessions can be shown as they were published.

    Groups have ``people`` and how many of them have an account (``accounts``).
    """

    programme: Programme
    rows: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, programme: Programme) -> "Known":
        account = Count("members", filter=Q(members__applicant__person__user__isnull=False), distinct=True)
        found: dict[str, Iterable[Any]] = {
            "module": programme.modules.all(),
            "group": programme.groups.select_related("field", "mentor").annotate(
                people=Count("members", distinct=True), accounts=account
            ),
            "room": programme.rooms.select_related("place"),
            "mentor": programme.mentors.all(),
            "expert": programme.experts.all(),
        }
        return cls(programme, {kind: {row.code: row for row in rows} for kind, rows in found.items()})

    def session(self, row: Row) -> Session:
        """A session that is not stored, as a row says it."""
        kind, code = row.trainer
        return Session(
            programme=self.programme,
            code=row.code,
            module=self._row("module", row.module),
            group=self._row("group", row.group),
            room=self._row("room", row.room),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            status=SessionStatus.CANCELLED if row.is_cancelled else SessionStatus.PLANNED,
            **{kind: self._row(kind, code)},
        )

    def told(self, change: Change) -> list[dict[str, Any]]:
        """The groups, their mentors and the trainers whom a change concerns, each once."""
        groups = [self._row("group", code) for code in dict.fromkeys(row.group for row in change.rows)]
        trainers = [self._row(*row.trainer) for row in change.rows]
        people = {(type(one), one.pk): one for one in [*(g.mentor for g in groups), *trainers] if one and one.pk}
        told = [_listener(str(group), group.people, group.accounts) for group in groups if group.pk]
        return told + [
            _listener(str(one), 1, int(getattr(one, "user_id", None) is not None)) for one in people.values()
        ]

    def _row(self, kind: str, code: str) -> Any:
        """A row by its code; of what is no longer there, the code in place of the name."""
        if code not in self.rows[kind]:
            names: dict[str, dict[str, Any]] = {"module": {"name_en": code}, "room": {"place": Place(name=code)}}
            more = names.get(kind, {})
            self.rows[kind][code] = GONE[kind](code=code, name=code, **more)
        return self.rows[kind][code]


def own_codes(programme: Programme, user: User) -> tuple[set[str], set[tuple[str, str]]]:
    """The groups to which somebody belongs, as a participant or as their mentor, and themselves as a trainer."""
    mine = Q(mentor__user=user) | Q(members__applicant__person__user=user)
    groups = programme.groups.filter(mine).order_by().values_list(Value("group"), "code")
    mentors = programme.mentors.filter(user=user).order_by().values_list(Value("mentor"), "code")
    found = set(groups.union(mentors))
    return {code for kind, code in found if kind == "group"}, {own for own in found if own[0] == "mentor"}


def own_changes(programme: Programme, user: User, last: Publication) -> list[Change]:
    """What a publication changed for somebody."""
    groups, trainers = own_codes(programme, user)
    found = [Change.restored(stored) for stored in last.changes]
    return [change for change in found if change.concerns(groups, trainers)]


def published_for(programme: Programme, user: User) -> list[Row] | None:
    """The published sessions of one person, as ``sessions_for``; None while nothing was published."""
    last = programme.publications.first()
    if last is None:
        return None
    roles = set(programme.memberships.filter(user=user).values_list("role", flat=True))
    if roles not in ({Role.MENTOR}, {Role.PARTICIPANT}):
        return rows_of(last)
    guest = set(MakeUp.objects.filter(applicant__person__user=user).values_list("session__code", flat=True))
    heard = Heard(*own_codes(programme, user), guest)
    return [row for row in rows_of(last) if heard.hears(row)]


@dataclass(frozen=True, slots=True)
class Heard:
    """Which sessions concern somebody: of these groups, of this trainer, or to which they come as a guest, by codes."""

    groups: set[str]
    trainers: set[tuple[str, str]]
    guest_of: set[str]

    def hears(self, row: Row) -> bool:
        return row.group in self.groups or row.trainer in self.trainers or row.code in self.guest_of

    def hears_of(self, session: Session) -> bool:
        """The same of a session as it is; load it with ``in_full``."""
        return self.hears(_row(session))


def heard_by(owner: Applicant | Mentor | Expert) -> Heard:
    """What concerns a participant, a mentor or an expert, whether they have an account or not."""
    if isinstance(owner, Expert):
        return Heard(set(), {("expert", owner.code)}, set())
    if isinstance(owner, Mentor):
        return Heard(set(owner.groups.values_list("code", flat=True)), {("mentor", owner.code)}, set())
    groups = set(owner.group_memberships.values_list("group__code", flat=True))
    return Heard(groups, set(), set(owner.make_ups.values_list("session__code", flat=True)))


def published_in(programme: Programme, publication: Publication, choices: Choices) -> list[Session]:
    """The sessions as they were published, in order of time."""
    rows = {"module": programme.modules.all(), "mentor": programme.mentors.all(), "expert": programme.experts.all()}
    found: dict[str, Iterable[Any]] = {**rows, "group": choices.groups, "room": choices.rooms}
    known = Known(programme, {kind: {row.code: row for row in those} for kind, those in found.items()})
    return [known.session(row) for row in sorted(rows_of(publication), key=lambda row: (row.starts_at, row.code))]
