"""How lesson hours become sessions, which half days there are, and why a timetable or an attendance is not possible."""

import datetime
import math
import re
import statistics
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kawasan.core.text import Labelled, Text, _

JPL_MINUTES = 45  # a lesson hour (jam pelajaran)
MOST_JPL_A_SESSION = 5  # lesson hours that fit into half a day
MOST_SESSIONS_A_DAY = 2  # of one group
MORNING, AFTERNOON = datetime.time(8, 0), datetime.time(13, 0)
FRIDAY = 4
FRIDAY_PRAYER = datetime.time(11, 30), datetime.time(13, 30)
FRIDAY_MORNING, FRIDAY_AFTERNOON = datetime.time(7, 30), datetime.time(13, 30)  # half a day fits before the prayer


GRACE, PAUSE = datetime.timedelta(minutes=15), datetime.timedelta(minutes=60)  # after noon prayer began: pause between
FRIDAY_BEFORE, FRIDAY_PAUSE = datetime.timedelta(minutes=20), datetime.timedelta(minutes=75)  # around it on Fridays
STEP = 5  # minutes to which a start is rounded
SUNSET_PAUSE = datetime.timedelta(minutes=30)
EARLIEST, LATEST = datetime.time(6, 0), datetime.time(22, 0)  # of anything that is held


class BlockedKind(Labelled):
    MARKET = "market", _("Market day")
    WORK = "work", _("Working hours of participants")
    TIDE = "tide", _("Tide")
    HARVEST = "harvest", _("Harvest")
    OTHER = "other", _("Other")


@dataclass(frozen=True, slots=True)
class Blocked:
    """A time that recurs between two days, on one weekday or every day."""

    kind: str
    name: str
    first_day: datetime.date
    last_day: datetime.date
    weekday: int | None
    starts: datetime.time
    ends: datetime.time

    def meets(self, day: datetime.date, starts: datetime.time, ends: datetime.time) -> bool:
        is_day = self.first_day <= day <= self.last_day and self.weekday in (None, day.weekday())
        return is_day and starts < self.ends and ends > self.starts


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


ATTENDED = (Presence.PRESENT, Presence.LATE)


MOST_EARLY = 180  # minutes; nobody is there earlier for a session
MOST_LATE = 300  # minutes; nobody comes later to a session


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one participant of a session."""

    status: str
    minutes_late: int = 0
    excuse: str = ""


def reasons_too_early(*, day: datetime.date, year: int) -> list[Text]:
    """Why a session cannot be as long ago as that."""
    if day.year >= year:
        return []
    return [Text(_("The session is before the year of the programme, {year}."), {"year": str(year)})]


def kept_meanwhile(
    said: Mapping[int, Said], shown: Mapping[int, Said | None], recorded: Mapping[int, Said]
) -> set[int]:
    """Whose row changed after whoever fills in the list read it, and is not what they say: it stays as it is."""
    return {
        key
        for key, one in said.items()
        if key in shown and shown[key] != recorded.get(key) and one != recorded.get(key)
    }


def in_short(said: Said) -> Text:
    """What is said of one participant, for a sentence; the reason of an excuse is left out."""
    label = Text(Presence(said.status).label)
    if said.minutes_late:
        return Text(_("{status} ({minutes} minutes)"), {"status": label, "minutes": said.minutes_late})
    return label


def beside_recorded(read: "Proposal", recorded: Said | None) -> "Proposal":
    """A row of a sheet that says something else than what is recorded is to be looked at."""
    if recorded is None or recorded.status == read.status:
        return read
    both = {"sheet": in_short(Said(read.status)), "recorded": in_short(recorded)}
    return Proposal(recorded.status, False, Text(_("Sheet: {sheet}. Recorded already: {recorded}"), both))


def reasons_unclear(said: Iterable[Said]) -> list[Text]:
    """Why an attendance cannot be recorded as it is said."""
    reasons, everybody = [], list(said)
    if any(one.minutes_late and one.status != Presence.LATE for one in everybody):
        reasons.append(Text(_("Only who came late has minutes. Choose “late”, or leave the minutes out.")))
    if any(bool(one.excuse) != (one.status == Presence.EXCUSED) for one in everybody):
        reasons.append(Text(_("Say why somebody was excused, and give a reason to nobody else.")))
    return reasons


class Scan(Labelled):
    """What came of a scanned card."""

    STORED = "stored", _("Recorded")
    AGAIN = "again", _("Scanned already")
    OTHER_PROGRAMME = "other_programme", _("The card is of another programme. Nothing was recorded.")
    OTHER_GROUP = "other_group", _("The card is of somebody of another group. Nothing was recorded.")
    REVOKED = "revoked", _("The card was revoked. Record this participant by the list, and give out a new card.")
    UNKNOWN = "unknown", _("This is not a card of a participant. Nothing was recorded.")
    BY_HAND = "by_hand", _("Somebody recorded otherwise by hand. Look at the list.")
    OUTSIDE = (
        "outside",
        _("Scanned long before or after the session. Record this participant by the list."),
    )


CARD = re.compile(r"KAWASAN:CARD:([A-Za-z0-9_-]+):([0-9A-Z]{16})")
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
TOKEN_SIGNS = 16  # 80 bits
READ_AS = str.maketrans("OIL", "011", "- ")


def card_text(programme: str, token: str) -> str:
    """What the code on a card says."""
    return f"KAWASAN:CARD:{programme}:{token}"


def card_read(text: str, programme: str) -> tuple[str, str]:
    """The programme and the token of what was scanned or typed; no token when it is none of ours."""
    if found := CARD.fullmatch(text.strip()):
        return found[1], found[2]
    typed = text.upper().translate(READ_AS)
    return programme, typed if len(typed) == TOKEN_SIGNS and set(typed) <= set(SIGNS) else ""


def said_by_scan(starts_at: datetime.datetime, scanned_at: datetime.datetime, late_after: int) -> Said | None:
    """Present, or late where the card was scanned long after the start; nothing where it was nowhere near it."""
    minutes = int((scanned_at - starts_at).total_seconds() // 60)
    if not -MOST_EARLY <= minutes <= MOST_LATE:
        return None
    return Said(Presence.LATE, minutes) if late_after <= minutes and minutes > 0 else Said(Presence.PRESENT)


@dataclass(frozen=True, slots=True)
class Attended:
    """How many lesson hours of a module were held for somebody, and how many they attended or made up."""

    module: str
    held: float
    attended: float
    is_compulsory: bool = False
    is_briefing: bool = False
    hours: float = 0
    code: str = ""

    @property
    def counted(self) -> float:
        """The hours attended, no more than the module has: who attends it twice gains nothing."""
        return min(self.attended, self.hours)

    @property
    def is_repeated(self) -> bool:
        """Whether more was attended than counts."""
        return self.attended > self.hours


def share_of(modules: Collection[Attended]) -> float:
    """The share of all lesson hours that were attended, those still to come counted as not attended."""
    total = sum(one.hours for one in modules)
    return sum(one.counted for one in modules) / total if total else 0.0


def percent_of(modules: Collection[Attended]) -> int:
    """The same in whole percent, cut down; 58 of 100 hours are 58 and not 57, as the computer's fractions would say."""
    return math.floor(round(share_of(modules) * 100, 6))


def reasons_not_complete(modules: Collection[Attended], *, least_share: int | None) -> list[Text]:
    """Why somebody has not completed the training; an empty list means that they have."""
    if least_share is None:
        return [Text(_("No rule says yet who completes the training. Set it first."))]
    reasons = [
        Text(_("“{module}” is compulsory, and not all of it was attended."), {"module": one.module})
        for one in modules
        if one.is_compulsory and one.attended < one.hours
    ]
    share = percent_of(modules)
    if share < least_share:
        gaps = {"share": share, "least": least_share}
        reasons.append(Text(_("{share} % of the lesson hours were attended; {least} % are needed."), gaps))
    return reasons


def reasons_not_briefed(modules: Collection[Attended]) -> list[Text]:
    """Why no money may be paid to somebody yet."""
    return [
        Text(_("“{module}” must be attended before any money is paid."), {"module": one.module})
        for one in modules
        if one.is_briefing and one.attended < one.hours
    ]


def reasons_no_make_up(*, same_module: bool, is_member: bool, same_session: bool, is_attended: bool) -> list[Text]:
    """Why a session cannot be made up in another one."""
    reasons = []
    if same_session or not same_module:
        reasons.append(Text(_("Choose another session of the same module.")))
    if not is_member:
        reasons.append(Text(_("The participant is not of the group that had the missed session.")))
    if is_attended:
        reasons.append(Text(_("The participant attended that session, so nothing is to be made up.")))
    return reasons


SHEET_BOXES = (Presence.PRESENT, Presence.LATE, Presence.EXCUSED, Presence.ABSENT)  # the boxes of a row, in order
SHEET_WORDS = tuple(presence.label for presence in SHEET_BOXES)


NOT_READ = {
    "codes": _(
        "The codes in the corners cannot be read. Photograph the whole sheet from above, flat, in even light and sharp."
    ),
    "pages": _("The photo shows several pages. Photograph one at a time."),
    "sheet": _("This sheet was not printed for this programme."),
}


def reason_not_read(conflict: str) -> Text:
    """Why a photo of a sheet cannot be read."""
    return Text(NOT_READ[conflict])


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a row of a sheet seems to say, and how sure that is."""

    status: str
    is_sure: bool
    note: Text


def proposal(*, choice: int, is_sure: bool, is_signed: bool) -> Proposal:
    """What is proposed for a row: its box; absent where nothing is marked or signed; whatever is not clear is asked."""
    if choice < 0 and is_signed:
        return Proposal(Presence.PRESENT, False, Text(_("No box, but signed")))
    if choice < 0:
        return Proposal(Presence.ABSENT, is_sure, Text(_("Empty")))
    status = SHEET_BOXES[choice]
    if not is_sure:
        return Proposal(status, False, Text(_("Not clear")))
    if status in ATTENDED and not is_signed:
        return Proposal(status, False, Text(_("Marked, but not signed")))
    return Proposal(status, True, Text(_("Marked")))


def reason_revoked(day: datetime.date) -> Text:
    """Why a certificate is neither printed nor revoked again."""
    return Text(_("The certificate was revoked on {day}."), {"day": day})


class TimetableStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    COMPUTED = "computed", _("Computed")


def parts(hours: int) -> list[int]:
    """The lesson hours of each session of a module: as few sessions as fit, as equal as possible, longer ones first."""
    sessions = math.ceil(hours / MOST_JPL_A_SESSION)
    least, longer = divmod(hours, sessions)
    return [least + 1] * longer + [least] * (sessions - longer)


def half_days(
    spans: Iterable[tuple[datetime.date, datetime.date]],
    holidays: Collection[datetime.date] = (),
    noon: Mapping[datetime.date, datetime.time] = MappingProxyType({}),
) -> list[tuple[datetime.date, datetime.time]]:
    """Day and start of each half day on the working days of these spans (first day, last day), in order of time.

    ``noon`` is the time of the noon prayer (zuhur) of each day, where it is known: half days keep clear of it.
    """
    days = {day for first, last in spans for day in _days(first, last) if day.weekday() <= FRIDAY}
    return [(day, start) for day in sorted(days - set(holidays)) for start in starts(day, noon.get(day))]


def starts(day: datetime.date, noon: datetime.time | None = None) -> tuple[datetime.time, datetime.time]:
    """When the morning and the afternoon of a weekday start, earlier or later where the noon prayer asks for it."""
    is_friday = day.weekday() == FRIDAY
    usual = (FRIDAY_MORNING, FRIDAY_AFTERNOON) if is_friday else (MORNING, AFTERNOON)
    if noon is None:
        return usual
    from_, to = pause(day, noon)
    latest = datetime.datetime.combine(day, from_) - duration(MOST_JPL_A_SESSION)
    earliest = datetime.datetime.combine(day, to)
    latest -= datetime.timedelta(minutes=latest.minute % STEP)
    earliest += datetime.timedelta(minutes=-earliest.minute % STEP)
    return min(usual[0], latest.time()), max(usual[1], earliest.time())


def pause(day: datetime.date, noon: datetime.time) -> tuple[datetime.time, datetime.time]:
    """From when to when nothing is held for the noon prayer, longer on Fridays."""
    at = datetime.datetime.combine(day, noon.replace(second=0, microsecond=0))
    if day.weekday() == FRIDAY:
        return (at - FRIDAY_BEFORE).time(), (at + FRIDAY_PAUSE).time()
    return (at + GRACE).time(), (at + PAUSE).time()


def is_blocked(blocked: Iterable[Blocked], day: datetime.date, start: datetime.time) -> bool:
    """Whether a half day cannot be used as a whole."""
    ends = (datetime.datetime.combine(day, start) + duration(MOST_JPL_A_SESSION)).time()
    return any(one.meets(day, start, ends) for one in blocked)


def reasons_blocked(
    blocked: Iterable[Blocked],
    holiday: str,
    noon: datetime.time | None,
    sunset: datetime.time | None,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
) -> list[Text]:
    """Why nothing is held at a (local) time: holidays, the noon and sunset prayers, and what is entered as blocked.

    The afternoon prayer has time until sunset, so that nobody misses it for a session.
    """
    day, from_, to = starts_at.date(), starts_at.time(), ends_at.time()
    reasons = [Text(_("That day is a public holiday: {name}."), {"name": holiday})] if holiday else []
    pauses = (
        [(_("Nothing is held from {from_time} to {to_time}, for the noon prayer."), pause(day, noon))] if noon else []
    )
    if sunset:
        pauses.append(
            (_("Nothing is held from {from_time} to {to_time}, for the sunset prayer."), _sunset(day, sunset))
        )
    for template, (begins, ends) in pauses:
        if from_ < ends and to > begins:
            reasons.append(Text(template, {"from_time": f"{begins:%H:%M}", "to_time": f"{ends:%H:%M}"}))
    return [*reasons, *(_reason_blocked(one) for one in blocked if one.meets(day, from_, to))]


def _sunset(day: datetime.date, sunset: datetime.time) -> tuple[datetime.time, datetime.time]:
    return sunset, (datetime.datetime.combine(day, sunset) + SUNSET_PAUSE).time()


def _reason_blocked(blocked: Blocked) -> Text:
    if blocked.kind == BlockedKind.WORK:
        return Text(_("Participants work at that time: {name}."), {"name": blocked.name})
    return Text(_("That time is blocked: {name}."), {"name": blocked.name})


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for number in range((last - first).days + 1):
        yield first + datetime.timedelta(days=number)


def duration(hours: int) -> datetime.timedelta:
    """How long so many lesson hours take."""
    return datetime.timedelta(minutes=JPL_MINUTES * hours)


def lesson_hours(length: datetime.timedelta) -> float:
    """The inverse of ``duration``."""
    return length / datetime.timedelta(minutes=JPL_MINUTES)


def reasons_not_ready(*, groups: int, modules: int, rooms: int, half_days: int, sessions: int) -> list[Text]:
    """Why no timetable can be made now."""
    reasons = []
    if sessions:
        reasons.append(Text(_("There is a timetable already. Clear it first.")))
    if not groups:
        reasons.append(Text(_("There are no groups yet. Form them first.")))
    if not modules:
        reasons.append(Text(_("There are no modules yet. Add what is taught.")))
    if not rooms:
        reasons.append(Text(_("There are no rooms yet. Add them.")))
    if not half_days:
        reasons.append(Text(_("The calendar of the programme has no weekday for training. Add a step of this stage.")))
    return reasons


def reason_without_trainer(*, module: str, group: str) -> Text:
    """Why a module cannot be taught to a group."""
    return Text(
        _("“{module}” has no expert and {group} has no mentor, so nobody can teach it."),
        {"module": module, "group": group},
    )


def reason_rooms_lack(*, sessions: int, half_days: int, rooms: int, largest: int, people: int) -> Text:
    """Why the rooms are too few or too small."""
    if people > largest:
        return Text(
            _("The largest group has {people} members, but the largest room holds {largest}. Add a larger room."),
            {"people": people, "largest": largest},
        )
    return Text(
        _(
            "{sessions} sessions do not fit into {rooms} rooms on {half_days} half days. "
            "Add a room, or lengthen the training in the calendar."
        ),
        {"sessions": sessions, "rooms": rooms, "half_days": half_days},
    )


def reason_group_lacks_days(*, group: str, sessions: int, half_days: int) -> Text:
    """Why a group cannot take all its modules."""
    return Text(
        _("{group} has {sessions} sessions but only {half_days} half days. Lengthen the training in the calendar."),
        {"group": group, "sessions": sessions, "half_days": half_days},
    )


def reason_trainer_lacks_days(*, trainer: str, sessions: int, half_days: int) -> Text:
    """Why a trainer cannot teach everything."""
    return Text(
        _(
            "{trainer} would teach {sessions} sessions but there are only {half_days} half days. "
            "Lengthen the training in the calendar, or let somebody else teach a module."
        ),
        {"trainer": trainer, "sessions": sessions, "half_days": half_days},
    )


def reason_no_slot(*, module: str, group: str) -> Text:
    """Why one session finds no half day."""
    return Text(
        _("“{module}” finds no half day for {group} beside the other sessions."), {"module": module, "group": group}
    )


LIMITS = {
    "sessions": _("All sessions of {group} are held."),
    "order": _("{group} takes the modules in their order."),
    "day": _("{group} has at most {most} sessions a day."),
    "blocked": _("Nothing is held in the times that are blocked for {group}."),
    "trainer": _("{trainer} teaches one session at a time."),
    "busy": _("{trainer} teaches only when the trainer can come."),
    "equipment": _("{equipment} is used in no more sessions at a time than there are sets."),
    "rooms": _("The rooms are as many and as large as they are."),
    "ways": _("Groups and trainers have the time of the way between two places, at {speed} km/h."),
}


def reasons_of_conflict(limits: Iterable[Text], *, is_smallest: bool) -> list[Text]:
    """Why there is no timetable: what contradicts, each in a sentence of its own."""
    if is_smallest:
        first = Text(_("The following cannot all hold on these half days; it is enough to give way in one of them."))
    else:
        first = Text(_("The following cannot all hold on these half days; perhaps not all of it is to blame."))
    return [first, *limits]


def reasons_not_recorded(*, status: str, held_on: datetime.date, today: datetime.date) -> list[Text]:
    """Why the attendance of a session cannot be recorded."""
    if status == SessionStatus.CANCELLED:
        return [Text(_("The session was cancelled, so nobody can have attended it."))]
    if held_on > today:
        return [Text(_("The session is on {day}. Record the attendance on that day."), {"day": held_on})]
    return []


def reasons_not_changed(*, status: str) -> list[Text]:
    """Why a session cannot be moved or cancelled."""
    if status == SessionStatus.HELD:
        return [Text(_("The session was held and its attendance recorded, so it can be neither moved nor cancelled."))]
    if status == SessionStatus.CANCELLED:
        return [Text(_("The session was cancelled already."))]
    return []


def reasons_time(starts_at: datetime.datetime, ends_at: datetime.datetime) -> list[Text]:
    """Why nothing is held at a (local) time."""
    reasons = []
    if starts_at.date() != ends_at.date() or starts_at.time() < EARLIEST or ends_at.time() > LATEST:
        gaps = {"earliest": f"{EARLIEST:%H:%M}", "latest": f"{LATEST:%H:%M}"}
        reasons.append(Text(_("Sessions are held between {earliest} and {latest}, and end on the same day."), gaps))
    if starts_at.weekday() > FRIDAY:
        reasons.append(Text(_("Sessions are held from Monday to Friday.")))
    prayer_from, prayer_to = FRIDAY_PRAYER
    if starts_at.weekday() == FRIDAY and starts_at.time() < prayer_to and ends_at.time() > prayer_from:
        reasons.append(Text(_("On Fridays nothing is held from 11:30 to 13:30.")))
    return reasons


def reasons_not_cleared(*, held: int) -> list[Text]:
    """Why the timetable cannot be deleted."""
    if held:
        return [Text(_("{held} sessions were held already. Move or cancel single sessions instead."), {"held": held})]
    return []


def reason_expert_overused(*, expert: str, month: str, hours: float, most: int) -> Text:
    """What an expert teaches in a month against what their organisation gives."""
    return Text(
        _("{expert} teaches {hours} hours in {month}, but gives {most} hours a month."),
        {"expert": expert, "month": month, "hours": hours, "most": most},
    )


def reason_room_too_small(*, capacity: int, people: int) -> Text:
    """Why a group cannot use a room."""
    return Text(
        _("The room holds {capacity} people, but the group has {people} members."),
        {"capacity": capacity, "people": people},
    )


def next_step(*, sessions: int, is_frozen: bool, is_ready: bool, groups: int, to_record: int) -> Text | None:
    """What to do next; nothing when all is settled."""
    if not sessions and is_frozen:
        return Text(_("Groups, modules and rooms are frozen. Make the timetable from them."))
    if not sessions and groups and not is_ready:
        return Text(_("Complete what is missing, then freeze groups, modules and rooms."))
    if not sessions and groups:
        return Text(_("Freeze groups, modules and rooms, so that a timetable is made from what is certain."))
    if not sessions:
        return Text(_("Wait until the groups are formed."))
    if to_record:
        return Text(_("Record the attendance of {sessions} past sessions."), {"sessions": to_record})
    return None


FULL = 100  # points of an assessment
BEST = 5  # of a feedback; 1 is worst
LEAST_ANSWERS = 5  # of fewer people an answer could be traced to one


class Moment(Labelled):
    """When an assessment takes place."""

    BEFORE = "before", _("Before the module")
    AFTER = "after", _("After the module")


@dataclass(frozen=True, slots=True)
class Gain:
    """How much more participants could do after a module than before it: means are over those assessed both times."""

    before: int
    after: int
    both: int
    mean_before: float | None
    mean_after: float | None
    rose: int

    @property
    def mean(self) -> float | None:
        """Points gained, on average."""
        if self.mean_before is None or self.mean_after is None:
            return None
        return self.mean_after - self.mean_before


def gain(scores: Iterable[Mapping[str, int]]) -> Gain:
    """The gain from the points of each participant by moment."""
    known = list(scores)
    before, after = (sum(moment in one for one in known) for moment in Moment)
    pairs = [(one[Moment.BEFORE], one[Moment.AFTER]) for one in known if len(one) == len(Moment)]
    if not pairs:
        return Gain(before, after, 0, None, None, 0)
    means = [statistics.fmean(side) for side in zip(*pairs, strict=True)]
    return Gain(before, after, len(pairs), means[0], means[1], sum(later > earlier for earlier, later in pairs))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What participants think of a module: nothing where so few answered that an answer could be traced."""

    answers: int
    content: float | None
    trainer: float | None
    place: float | None
    comments: tuple[str, ...]


def opinion(answers: Collection[tuple[int, int, int, str]]) -> Opinion:
    """The means of content, trainer and place, and the comments in alphabetical order."""
    if len(answers) < LEAST_ANSWERS:
        return Opinion(len(answers), None, None, None, ())
    content, trainer, place = (statistics.fmean(marks) for marks in list(zip(*answers, strict=True))[:3])
    comments = sorted(comment for *_marks, comment in answers if comment)
    return Opinion(len(answers), content, trainer, place, tuple(comments))


def reasons_not_answerable(*, attended: bool, answered: bool) -> list[Text]:
    """Why somebody cannot say what they think of a module."""
    if answered:
        return [Text(_("You have said already what you think of this module."))]
    if not attended:
        return [Text(_("Only who attended a session of the module says what they think of it."))]
    return []
