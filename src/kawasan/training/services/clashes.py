"""What clashes: said while a session is moved by hand, marked in the timetable, and refused when it is stored."""

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from django.db.models import Count
from django.utils import timezone

from kawasan.core.text import Text
from kawasan.engine.assignment import distance_km
from kawasan.matching.models import Group
from kawasan.programmes.models import Programme
from kawasan.training import queries, rules
from kawasan.training.models import Room, Session
from kawasan.training.rules.beside import Held, reasons_beside
from kawasan.training.rules.curriculum import (
    reason_equipment_taken,
    reason_needed_before,
    reason_not_learned,
    reason_other_field,
    reasons_absent,
)

Ways = dict[tuple[int, int], int]
FAR = datetime.timedelta(days=1)  # no way between two rooms takes longer


def way_minutes(rooms: Iterable[Room], speed: int) -> Ways:
    """Minutes between each two rooms, by their keys: the straight line between their places at a speed in km/h."""
    known = list(rooms)
    lat, lon = ([getattr(room.place, name) for room in known] for name in ("latitude", "longitude"))
    km = distance_km(lat, lon, lat, lon) if known else np.zeros((0, 0))
    return {(a.pk, b.pk): _minutes(km[i, j], speed) for i, a in enumerate(known) for j, b in enumerate(known)}


def _minutes(km: float, speed: int) -> int:
    return math.ceil(round(60 * float(km) / speed, 6))


def clashes_of(session: Session, times: queries.Times | None = None, people: int | None = None) -> list[Text]:
    """What speaks against a session, stored or only wanted, as it stands; an empty list means nothing.

    ``times`` and the number of ``people`` who come are given where they are known already.
    """
    near = Session.objects.in_full().select_related("room__place").exclude(pk=session.pk)
    near = near.filter(programme=session.programme_id).overlapping(session.starts_at - FAR, session.ends_at + FAR)
    ways = way_minutes({session.room, *(one.room for one in near)}, session.programme.travel_km_per_hour)
    own, curriculum = _held(session), queries.Curriculum.of(session.programme)
    beside = [reason for other in near for reason in _beside(session, other, own, _held(other), ways)]
    return [
        *rules.reasons_too_early(day=timezone.localtime(session.starts_at).date(), year=session.programme.year),
        *_alone(session, times or queries.Times.of(session.programme), curriculum),
        *beside,
        *_reasons_of_equipment(session, near, curriculum),
        *_reasons_of_dependents(session, curriculum),
        *_reasons_of_size(session.room.capacity, session.group.members.count() if people is None else people),
    ]


def _reasons_of_dependents(session: Session, curriculum: queries.Curriculum) -> list[Text]:
    """Which planned sessions of the group would come before what they need, were this one held as it stands."""
    dependents = [key for key, needs in curriculum.needs.items() if session.module_id in {one.pk for one in needs}]
    if not dependents:
        return []
    after = curriculum.instead(session)
    planned = Session.objects.in_full().filter(group=session.group_id, status=rules.SessionStatus.PLANNED)
    return [
        reason_needed_before(module=str(one.module), needs=str(session.module), day=_day(one))
        for one in planned.filter(module__in=dependents).exclude(pk=session.pk)
        if len(after.not_learned(one)) > len(curriculum.not_learned(one))
    ]


def _day(session: Session) -> datetime.date:
    return timezone.localtime(session.starts_at).date()


def _alone(session: Session, times: queries.Times, curriculum: queries.Curriculum) -> list[Text]:
    """What speaks against a session whatever else is held: its time, its trainer, and what its group has learned."""
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return [
        *_reasons_of_trainer(session, starts_at.date()),
        *rules.reasons_time(starts_at, ends_at),
        *times.reasons(session.group_id, starts_at, ends_at),
        *_reasons_of_curriculum(session, curriculum),
    ]


def _reasons_of_trainer(session: Session, day: datetime.date) -> list[Text]:
    mentor = session.mentor
    if mentor is None:
        return queries.reasons_unskilled(session.module, session.expert) if session.expert else []
    return reasons_absent(trainer=str(mentor), left_on=mentor.left_on, days=mentor.days.split(), day=day)


def _reasons_of_curriculum(session: Session, curriculum: queries.Curriculum) -> list[Text]:
    module, group = session.module, session.group
    reasons = [
        reason_not_learned(module=str(module), needs=str(needs), held_on=held_on)
        for needs, held_on in curriculum.not_learned(session)
    ]
    if module.field_id not in (None, group.field_id):
        reasons.append(reason_other_field(module=str(module), field=str(module.field), group=str(group)))
    return reasons


def _reasons_of_equipment(session: Session, others: Iterable[Session], curriculum: queries.Curriculum) -> list[Text]:
    """What of a session's equipment other ones use up at that time."""
    used = Counter(
        equipment.pk
        for other in others
        if other.pk != session.pk and other.starts_at < session.ends_at and other.ends_at > session.starts_at
        for equipment in curriculum.uses.get(other.module_id, ())
    )
    return [
        reason_equipment_taken(equipment=str(equipment), sets=equipment.sets)
        for equipment in curriculum.uses.get(session.module_id, ())
        if used[equipment.pk] >= equipment.sets
    ]


def _beside(session: Session, other: Session, own: Held, held: Held, ways: Ways) -> list[Text]:
    return reasons_beside(own, held, ways.get((session.room_id, other.room_id), 0))


def _held(session: Session) -> Held:
    return Held(
        timezone.localtime(session.starts_at),
        timezone.localtime(session.ends_at),
        str(session.module),
        (session.group_id, str(session.group)),
        (session.room_id, str(session.room)),
        ((session.trainer_kind, session.expert_id or session.mentor_id), str(session.trainer)),
    )


def _reasons_of_size(capacity: int, people: int) -> list[Text]:
    return [rules.reason_room_too_small(capacity=capacity, people=people)] if people > capacity else []


@dataclass(frozen=True)
class Surroundings:
    """What clashes are told by, read once for a page: the rooms with their places, and how many people a group has."""

    programme: Programme
    ways: Ways
    people: dict[int, int]

    @classmethod
    def of(cls, programme: Programme, rooms: Iterable[Room], groups: Iterable[Group]) -> "Surroundings":
        """From rooms with their places, and groups with ``people``."""
        people = {group.pk: group.people for group in groups}  # type: ignore[attr-defined] # annotated
        return cls(programme, way_minutes(rooms, programme.travel_km_per_hour), people)

    @cached_property
    def times(self) -> queries.Times:
        return queries.Times.of(self.programme)

    @cached_property
    def curriculum(self) -> queries.Curriculum:
        return queries.Curriculum.of(self.programme)

    def marks(self, shown: Iterable[Session], around: Iterable[Session]) -> dict[int, list[Text]]:
        """What clashes of the planned sessions that are shown, by their keys; those around them are a day near."""
        planned = [session for session in shown if session.status == rules.SessionStatus.PLANNED]
        if not planned:
            return {}
        near = list(around)
        found = _pairs(near, self.ways)
        standing = [one for one in near if one.status != rules.SessionStatus.CANCELLED]
        for session in planned:
            found[session.pk] += self._reasons(session, standing)
        return {session.pk: found[session.pk] for session in planned if found[session.pk]}

    def clashing(self, sessions: Iterable[Session]) -> set[int]:
        """Of all sessions the keys of those that clash with another one, and of planned ones that cannot be held so."""
        standing = [one for one in sessions if one.status != rules.SessionStatus.CANCELLED]
        beside = {key for key, reasons in _pairs(standing, self.ways).items() if reasons}
        planned = [one for one in standing if one.status == rules.SessionStatus.PLANNED]
        of_day: dict[datetime.date, list[Session]] = defaultdict(list)
        for session in standing:
            of_day[_day(session)].append(session)
        return beside | {one.pk for one in planned if self._reasons(one, of_day[_day(one)])}

    def _reasons(self, session: Session, others: list[Session]) -> list[Text]:
        """What speaks against a planned session beside group, room, trainer and way."""
        return [
            *_alone(session, self.times, self.curriculum),
            *_reasons_of_equipment(session, others, self.curriculum),
            *_reasons_of_size(session.room.capacity, self.people.get(session.group_id, 0)),
        ]


def clashing(programme: Programme) -> set[int]:
    """The keys of all sessions of a programme that clash with another one."""
    rooms, groups = programme.rooms.select_related("place"), programme.groups.annotate(people=Count("members"))
    return Surroundings.of(programme, rooms, groups).clashing(programme.sessions.in_full())


def _pairs(sessions: Iterable[Session], ways: Ways) -> dict[int, list[Text]]:
    """What speaks against sessions beside each other; only those of one group, room or trainer are compared."""
    found: dict[int, list[Text]] = defaultdict(list)
    together: dict[Any, list[tuple[Session, Held]]] = defaultdict(list)
    for session in sessions:
        held = _held(session)
        for key in (("group", held.group[0]), ("room", held.room[0]), ("trainer", held.trainer[0])):
            together[key, held.starts_at.date()].append((session, held))
    seen = set()
    for those in together.values():
        for (a, held_a), (b, held_b) in combinations(those, 2):
            if (a.pk, b.pk) not in seen:
                seen |= {(a.pk, b.pk), (b.pk, a.pk)}
                found[a.pk] += _beside(a, b, held_a, held_b, ways)
                found[b.pk] += _beside(b, a, held_b, held_a, ways)
    return found
