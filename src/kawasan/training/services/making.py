"""The input of a timetable is frozen, computed and recorded; the timetable goes out as a calendar."""

import datetime
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

import icalendar
import numpy as np
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from numpy.typing import NDArray

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import timetable as engine
from kawasan.engine.conflict import Limit, smallest_conflict
from kawasan.engine.errors import InfeasibleError
from kawasan.matching.models import Expert, Group, Mentor
from kawasan.matching.queries import next_code
from kawasan.matching.rules import input_hash
from kawasan.programmes.models import Programme
from kawasan.training import queries, rules
from kawasan.training.models import Equipment, Module, Room, Session, Timetable
from kawasan.training.rules import SessionStatus, TimetableStatus
from kawasan.training.rules.curriculum import reason_equipment_lacks, reasons_absent
from kawasan.training.rules.publishing import Row
from kawasan.training.services.clashes import way_minutes

MOST_NAMED = 5  # sessions without a half day that a refusal names


@transaction.atomic
def freeze_timetable(*, programme: Programme, by: User | None) -> Timetable:
    """Store which sessions there have to be, with whom, and which half days and rooms there are.

    What is frozen, not yet computed and still the same is taken up again.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once get one timetable
    if reasons := queries.reasons_not_ready(programme):
        raise Refused(*reasons)
    frozen = _frozen(programme)
    mark, newest = input_hash(frozen), programme.timetables.first()
    if newest and newest.status == TimetableStatus.FROZEN and newest.input_hash == mark:
        return newest
    timetable = Timetable(
        programme=programme,
        code=next_code(programme, Timetable, "TT-", 1),
        status=TimetableStatus.FROZEN,
        input=frozen,
        input_hash=mark,
    )
    timetable.full_clean()
    timetable.save()
    log("training.frozen", timetable, by=by, sessions=len(frozen["sessions"]), input_hash=timetable.input_hash)
    return timetable


def make_timetable(*, timetable: Timetable, by: User | None) -> Timetable:
    """Make the timetable from the frozen input alone. The computation holds no transaction open."""
    _record(timetable, _computed(timetable), by)
    timetable.refresh_from_db()
    return timetable


def calendar(*, programme: Programme, group: Group | None = None) -> bytes:
    """The sessions (of one group) as iCalendar; the same sessions give the same bytes."""
    name = f"{programme.name} – {group}" if group else programme.name
    last = programme.publications.first()
    if last:
        rows = [row for row in queries.rows_of(last) if group is None or row.group == group.code]
        return _calendar(programme, name, _published(programme, rows))
    sessions = programme.sessions.in_full().select_related("room__place")
    return _calendar(programme, name, _as_planned(sessions.filter(group=group) if group else sessions))


def feed(*, programme: Programme, user: User) -> bytes:
    """The sessions of one person as iCalendar: as they were published, once they were."""
    rows = queries.published_for(programme, user)
    if rows is None:
        return _calendar(programme, programme.name, _as_planned(queries.sessions_for(programme, user)))
    return _calendar(programme, programme.name, _published(programme, rows))


def person_feed(*, owner: Applicant | Mentor | Expert) -> bytes:
    """The sessions of a participant, a mentor or an expert as iCalendar: as they were published, once they were."""
    programme, last = owner.programme, owner.programme.publications.first()
    heard = queries.heard_by(owner)
    if last:
        rows = [row for row in queries.rows_of(last) if heard.hears(row)]
        return _calendar(programme, programme.name, _published(programme, rows))
    sessions = programme.sessions.in_full().select_related("room__place")
    return _calendar(programme, programme.name, _as_planned(filter(heard.hears_of, sessions)))


def _as_planned(sessions: Iterable[Session]) -> Iterator[tuple[Session, Row | None]]:
    return ((session, None) for session in sessions)


def _published(programme: Programme, rows: Iterable[Row]) -> Iterator[tuple[Session, Row | None]]:
    known = queries.Known.of(programme)
    return ((known.session(row), row) for row in rows)


def _calendar(programme: Programme, name: str, sessions: Iterable[tuple[Session, Row | None]]) -> bytes:
    made = icalendar.Calendar()
    made.add("prodid", "-//Kawasan//Training//ID")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for session, row in sessions:
        made.add_component(_event(programme, session, row))
    return made.to_ical()


def _event(programme: Programme, session: Session, row: Row | None) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{session.code}.{programme.code}@kawasan")
    # A stamp of now would make every download differ; the publication, or the start, says as much as readers need.
    changed_at = row.changed_at if row and row.changed_at else session.starts_at
    event.add("dtstamp", changed_at.astimezone(datetime.UTC))
    if row:
        event.add("sequence", row.sequence)
        event.add("last-modified", changed_at.astimezone(datetime.UTC))
    event.add("dtstart", session.starts_at.astimezone(datetime.UTC))
    event.add("dtend", session.ends_at.astimezone(datetime.UTC))
    event.add("summary", f"{session.module} – {session.group}")
    event.add("location", f"{session.room}, {session.room.place}")
    event.add("description", str(session.trainer))
    event.add("status", "CANCELLED" if session.status == SessionStatus.CANCELLED else "CONFIRMED")
    return event


def _frozen(programme: Programme) -> dict[str, Any]:
    """The input as codes and numbers."""
    groups = list(programme.groups.select_related("field", "mentor").order_by("code"))
    people = dict(programme.groups.annotate(people=Count("members")).values_list("pk", "people"))
    modules = list(programme.modules.select_related("expert"))
    half_days, blocked = queries.half_days(programme), queries.blocked_of(programme)
    rooms = list(programme.rooms.select_related("place"))
    uses = queries.Curriculum.of(programme).uses
    sessions = [session for group in groups for module in modules for session in _sessions(module, group, uses)]
    return {
        "half_days": [[day.isoformat(), f"{start:%H:%M}"] for day, start in half_days],
        "busy": _busy({group.mentor for group in groups if group.mentor}, half_days),
        "equipment": {one.code: one.sets for one in programme.equipment.all()},
        "blocked": {
            group.code: [number for number, one in enumerate(half_days) if rules.is_blocked(blocked[group.pk], *one)]
            for group in groups
            if group.pk in blocked
        },
        "rooms": [{"room": room.code, "capacity": room.capacity, "place": room.place.code} for room in rooms],
        "ways": _ways(rooms, programme.travel_km_per_hour),
        "travel_km_per_hour": programme.travel_km_per_hour,
        "groups": [{"group": group.code, "people": people[group.pk]} for group in groups],
        "most_per_day": rules.MOST_SESSIONS_A_DAY,
        "sessions": sessions,
    }


def _busy(mentors: Iterable[Mentor], half_days: list[tuple[datetime.date, datetime.time]]) -> dict[str, list[int]]:
    """The half days on which a mentor cannot come, or has left; of experts no days are known."""
    return {
        mentor.code: busy
        for mentor in sorted(mentors, key=attrgetter("code"))
        if (busy := [number for number, (day, _start) in enumerate(half_days) if not _can_come(mentor, day)])
    }


def _can_come(mentor: Mentor, day: datetime.date) -> bool:
    return not reasons_absent(trainer="", left_on=mentor.left_on, days=mentor.days.split(), day=day)


def _ways(rooms: list[Room], speed: int) -> dict[str, dict[str, int]]:
    """Minutes from each place of a room to each other one."""
    at = {room.place.code: room for room in rooms}
    minutes = way_minutes(at.values(), speed)
    return {a: {b: minutes[one.pk, other.pk] for b, other in at.items()} for a, one in at.items()}


def _sessions(module: Module, group: Group, uses: Mapping[int, list[Equipment]]) -> list[dict[str, Any]]:
    """The sessions of a module for a group; the parts of a module come in any order."""
    if module.field_id not in (None, group.field_id):
        return []
    trainer = module.expert or group.mentor
    if trainer is None:
        raise Refused(rules.reason_without_trainer(module=str(module), group=str(group)))
    common = {
        "module": module.code,
        "group": group.code,
        "position": module.position,
        "trainer": ["expert" if module.expert else "mentor", trainer.code],
        "equipment": [one.code for one in uses.get(module.pk, ())],
    }
    return [{**common, "hours": hours} for hours in rules.parts(module.hours)]


def _computed(timetable: Timetable) -> dict[str, Any]:
    """The half day and the room of each session."""
    asked = _asked(timetable.input)
    try:
        made = engine.timetable(**asked)
    except InfeasibleError as error:
        raise Refused(*(_lacking(timetable, error.conflict) or _contradicting(timetable, asked, error))) from None
    rooms = timetable.input["rooms"]
    return {
        "sessions": [
            {"half_day": int(slot), "room": rooms[room]["room"]}
            for slot, room in zip(made.slot, made.room, strict=True)
        ],
        "last_half_day": made.last_slot,
        "gap": made.gap,
        "crowding": made.crowding,
        "is_optimal": bool(made.is_optimal),
    }


def _asked(frozen: dict[str, Any]) -> dict[str, Any]:
    """The frozen input as the engine takes it."""
    groups, trainers = _names_of(frozen)
    of_group = [groups.index(session["group"]) for session in frozen["sessions"]]
    days = [datetime.date.fromisoformat(day).toordinal() for day, _start in frozen["half_days"]]
    return {
        "group": of_group,
        "trainer": [trainers.index(tuple(session["trainer"])) for session in frozen["sessions"]],
        "position": [session["position"] for session in frozen["sessions"]],
        "people": [frozen["groups"][g]["people"] for g in of_group],
        "day": days,
        "capacity": [room["capacity"] for room in frozen["rooms"]],
        "trainer_free": _trainer_free(frozen, trainers),
        "group_free": _group_free(frozen),
        "most_per_day": frozen["most_per_day"],
        "travel": _travel(frozen) if frozen.get("ways") else None,
        "equipment": _equipment(frozen),
    }


def _equipment(frozen: dict[str, Any]) -> engine.Equipment | None:
    """The kinds that sessions use, in the order of their codes."""
    kinds = _kinds(frozen)
    if not kinds:
        return None
    uses = [[kind in session["equipment"] for session in frozen["sessions"]] for kind in kinds]
    return engine.Equipment(np.array(uses, bool), np.array([frozen["equipment"][kind] for kind in kinds], np.int64))


def _kinds(frozen: dict[str, Any]) -> list[str]:
    return sorted({kind for session in frozen["sessions"] for kind in session.get("equipment", ())})


def _trainer_free(frozen: dict[str, Any], trainers: list[tuple[str, ...]]) -> NDArray[np.bool_]:
    free = np.ones((len(trainers), len(frozen["half_days"])), bool)
    for number, (kind, code) in enumerate(trainers):
        free[number, frozen.get("busy", {}).get(code, []) if kind == "mentor" else []] = False
    return free


def _names_of(frozen: dict[str, Any]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Codes of groups and trainers in the order of their numbers."""
    trainers = sorted({tuple(session["trainer"]) for session in frozen["sessions"]})
    return [group["group"] for group in frozen["groups"]], trainers


def _travel(frozen: dict[str, Any]) -> engine.Travel:
    places = list(frozen["ways"])
    starts = [datetime.datetime.fromisoformat(f"{day}T{start}") for day, start in frozen["half_days"]]
    first = starts[0]
    return engine.Travel(
        np.array([(start - first) // datetime.timedelta(minutes=1) for start in starts], np.int64),
        np.array([rules.JPL_MINUTES * session["hours"] for session in frozen["sessions"]], np.int64),
        np.array([places.index(room["place"]) for room in frozen["rooms"]], np.int64),
        np.array([[frozen["ways"][a][b] for b in places] for a in places], np.int64),
    )


def _group_free(frozen: dict[str, Any]) -> NDArray[np.bool_]:
    free = np.ones((len(frozen["groups"]), len(frozen["half_days"])), bool)
    for number, group in enumerate(frozen["groups"]):
        free[number, frozen.get("blocked", {}).get(group["group"], [])] = False
    return free


def _lacking(timetable: Timetable, conflict: tuple[str, ...]) -> list[Text]:
    """What lacks half days by itself; the engine names it: "group 1", "trainer 3", "rooms"."""
    programme, sessions = timetable.programme, timetable.input["sessions"]
    half_days = len(timetable.input["half_days"])
    names, (groups, trainers) = _names(programme), _names_of(timetable.input)
    reasons = [_rooms_lack(timetable)] if "rooms" in conflict and "order" not in conflict else []
    reasons += _equipment_lacks(timetable.input, conflict, names)
    for group, count in Counter(session["group"] for session in sessions).items():
        free = half_days - len(timetable.input.get("blocked", {}).get(group, []))
        if f"group {groups.index(group)}" in conflict and count > free:
            reasons.append(rules.reason_group_lacks_days(group=names["group", group], sessions=count, half_days=free))
    for trainer, count in Counter(tuple(session["trainer"]) for session in sessions).items():
        free = half_days - (len(timetable.input.get("busy", {}).get(trainer[1], [])) if trainer[0] == "mentor" else 0)
        if f"trainer {trainers.index(trainer)}" in conflict and count > free:
            reasons.append(rules.reason_trainer_lacks_days(trainer=names[trainer], sessions=count, half_days=free))
    return reasons


def _equipment_lacks(
    frozen: dict[str, Any], conflict: tuple[str, ...], names: dict[tuple[str, ...], str]
) -> Iterator[Text]:
    half_days = len(frozen["half_days"])
    for number, kind in enumerate(_kinds(frozen)):
        sets, sessions = frozen["equipment"][kind], sum(kind in session["equipment"] for session in frozen["sessions"])
        if f"equipment {number}" in conflict and sessions > sets * half_days:
            name = names["equipment", kind]
            yield reason_equipment_lacks(equipment=name, sets=sets, sessions=sessions, half_days=half_days)


def _contradicting(timetable: Timetable, asked: dict[str, Any], error: InfeasibleError) -> list[Text]:
    """What contradicts though nothing lacks half days by itself; where that is not found, which sessions are stuck."""
    found = smallest_conflict(**asked)
    if found:
        names, numbers = _names(timetable.programme), _names_of(timetable.input)
        limits = [_limit(limit, timetable.input, names, *numbers) for limit in found.limits]
        return rules.reasons_of_conflict(limits, is_smallest=found.is_smallest)
    names, sessions = _names(timetable.programme), timetable.input["sessions"]
    stuck = [session for number, session in enumerate(sessions) if f"session {number}" in error.conflict]
    return [
        Text(_("There are too few half days, rooms or trainers for all sessions. Lengthen the training or add some.")),
        *(
            rules.reason_no_slot(module=names["module", s["module"]], group=names["group", s["group"]])
            for s in stuck[:MOST_NAMED]
        ),
    ]


def _limit(
    limit: Limit,
    frozen: dict[str, Any],
    names: dict[tuple[str, ...], str],
    groups: list[str],
    trainers: list[tuple[str, ...]],
) -> Text:
    gaps: dict[str, Any] = {"most": frozen["most_per_day"], "speed": frozen.get("travel_km_per_hour")}
    if limit.kind in ("sessions", "order", "day", "blocked"):
        gaps["group"] = names["group", groups[limit.index]]
    if limit.kind in ("trainer", "busy"):
        gaps["trainer"] = names[trainers[limit.index]]
    if limit.kind == "equipment":
        gaps["equipment"] = names["equipment", _kinds(frozen)[limit.index]]
    return Text(rules.LIMITS[limit.kind], gaps)


def _rooms_lack(timetable: Timetable) -> Text:
    frozen = timetable.input
    return rules.reason_rooms_lack(
        sessions=len(frozen["sessions"]),
        half_days=len(frozen["half_days"]),
        rooms=len(frozen["rooms"]),
        largest=max(room["capacity"] for room in frozen["rooms"]),
        people=max(group["people"] for group in frozen["groups"]),
    )


def _names(programme: Programme) -> dict[tuple[str, ...], str]:
    """How people call the groups, modules, trainers and equipment."""
    rows: dict[str, Iterable[Group | Module | Mentor | Expert | Equipment]] = {
        "group": programme.groups.all(),
        "module": programme.modules.all(),
        "mentor": programme.mentors.all(),
        "expert": programme.experts.all(),
        "equipment": programme.equipment.all(),
    }
    return {(kind, row.code): str(row) for kind, found in rows.items() for row in found}


@transaction.atomic
def _record(timetable: Timetable, result: dict[str, Any], by: User | None) -> None:
    programme = Programme.objects.select_for_update().get(pk=timetable.programme_id)
    updated = Timetable.objects.filter(pk=timetable.pk, status=TimetableStatus.FROZEN).update(
        status=TimetableStatus.COMPUTED, result=result
    )
    if updated != 1 or programme.sessions.exists():
        raise Refused(Text(_("A timetable was made in the meantime. Load the page again.")))
    if input_hash(_frozen(programme)) != timetable.input_hash:
        raise Refused(Text(_("Groups, modules, rooms or the calendar changed after freezing. Freeze them again.")))
    sessions = _rows(programme, timetable, result)
    Session.objects.bulk_create(sessions)
    log("training.timetable_made", timetable, by=by, rows=sessions, sessions=len(sessions))


def _rows(programme: Programme, timetable: Timetable, result: dict[str, Any]) -> list[Session]:
    """Sessions numbered in order of time, then of groups."""
    found: dict[str, dict[str, Any]] = {
        "group": {row.code: row for row in programme.groups.all()},
        "module": {row.code: row for row in programme.modules.all()},
        "room": {row.code: row for row in programme.rooms.all()},
        "mentor": {row.code: row for row in programme.mentors.all()},
        "expert": {row.code: row for row in programme.experts.all()},
    }
    pairs = list(zip(timetable.input["sessions"], result["sessions"], strict=True))
    pairs.sort(key=lambda pair: (pair[1]["half_day"], pair[0]["group"]))
    sessions, codes = [], _codes(programme, [wanted for wanted, _given in pairs])
    for (wanted, given), code_given in zip(pairs, codes, strict=True):
        day, start = timetable.input["half_days"][given["half_day"]]
        starts_at = datetime.datetime.fromisoformat(f"{day}T{start}").replace(tzinfo=timezone.get_default_timezone())
        kind, code = wanted["trainer"]
        sessions.append(
            Session(
                programme=programme,
                code=code_given,
                module=found["module"][wanted["module"]],
                group=found["group"][wanted["group"]],
                room=found["room"][given["room"]],
                starts_at=starts_at,
                ends_at=starts_at + rules.duration(wanted["hours"]),
                source=timetable.code,
                **{kind: found[kind][code]},
            )
        )
    return sessions


def _codes(programme: Programme, wanted: list[dict[str, Any]]) -> list[str]:
    """Numbers in order of time; a session that takes the place of a published one has its code, so that it is moved."""
    known: dict[tuple[str, str], deque[str]] = defaultdict(deque)
    published = sorted(queries.rows_of(programme.publications.first()), key=lambda row: (row.starts_at, row.code))
    for row in published:
        known[row.module, row.group].append(row.code)
    fresh = queries.free_codes(programme)
    return [
        known[one["module"], one["group"]].popleft() if known[one["module"], one["group"]] else next(fresh)
        for one in wanted
    ]
