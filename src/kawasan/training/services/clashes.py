"""What clashes: said while a session is moved by hand, marked in the timetable, and refused when it is stored."""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from django.utils import timezone

from kawasan.core.text import Text
from kawasan.engine.assignment import distance_km
from kawasan.matching.models import Group
from kawasan.programmes.models import Programme
from kawasan.training import queries, rules
from kawasan.training.models import Room, Session
from kawasan.training.rules.beside import Held, reasons_beside

Ways = dict[tuple[int, int], int]


def way_minutes(rooms: Iterable[Room], speed: int) -> Ways:
    """Minutes between each two rooms, by their keys: the straight line between their places at a speed in km/h."""
    known = list(rooms)
    lat, lon = ([getattr(room.place, name) for room in known] for name in ("latitude", "longitude"))
    km = distance_km(lat, lon, lat, lon) if known else np.zeros((0, 0))
    return {(a.pk, b.pk): _minutes(km[i, j], speed) for i, a in enumerate(known) for j, b in enumerate(known)}


def _minutes(km: float, speed: int) -> int:
    return math.ceil(round(60 * float(km) / speed, 6))


def ways_of(programme: Programme) -> Ways:
    return way_minutes(programme.rooms.select_related("place"), programme.travel_km_per_hour)


def clashes_of(session: Session, times: queries.Times | None = None, people: int | None = None) -> list[Text]:
    """What speaks against a session, stored or only wanted, as it stands; an empty list means nothing.

    ``times`` and the number of ``people`` who come are given where they are known already.
    """
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    ways = ways_of(session.programme)
    longest = datetime.timedelta(minutes=max(ways.values(), default=0))
    near = Session.objects.in_full().filter(programme=session.programme_id).exclude(pk=session.pk)
    near = near.overlapping(session.starts_at - longest, session.ends_at + longest)
    own = _held(session)
    beside = [reason for other in near for reason in _beside(session, other, own, _held(other), ways)]
    return [
        *rules.reasons_too_early(day=starts_at.date(), year=session.programme.year),
        *_reasons_left(session),
        *rules.reasons_time(starts_at, ends_at),
        *(times or queries.Times.of(session.programme)).reasons(session.group_id, starts_at, ends_at),
        *beside,
        *_reasons_of_size(session.room.capacity, session.group.members.count() if people is None else people),
    ]


def _beside(session: Session, other: Session, own: Held, held: Held, ways: Ways) -> list[Text]:
    return reasons_beside(own, held, ways.get((session.room_id, other.room_id), 0))


def _held(session: Session) -> Held:
    kind, trainer = ("expert", session.expert) if session.expert_id else ("mentor", session.mentor)
    return Held(
        timezone.localtime(session.starts_at),
        timezone.localtime(session.ends_at),
        str(session.module),
        (session.group_id, str(session.group)),
        (session.room_id, str(session.room)),
        ((kind, session.expert_id or session.mentor_id), str(trainer)),
    )


def _reasons_left(session: Session) -> list[Text]:
    mentor, day = session.mentor, timezone.localtime(session.starts_at).date()
    return rules.reasons_trainer_left(trainer=str(mentor), left_on=mentor.left_on, day=day) if mentor else []


def _reasons_of_size(capacity: int, people: int) -> list[Text]:
    return [rules.reason_room_too_small(capacity=capacity, people=people)] if people > capacity else []


@dataclass(frozen=True, slots=True)
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

    def marks(self, shown: Iterable[Session], around: Iterable[Session]) -> dict[int, list[Text]]:
        """What clashes of the planned sessions that are shown, by their keys; those around them are a day near."""
        planned = [session for session in shown if session.status == rules.SessionStatus.PLANNED]
        if not planned:
            return {}
        found, times = _pairs(around, self.ways), queries.Times.of(self.programme)
        for session in planned:
            local = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
            found[session.pk] += [
                *_reasons_left(session),
                *rules.reasons_time(*local),
                *times.reasons(session.group_id, *local),
            ]
            found[session.pk] += _reasons_of_size(session.room.capacity, self.people.get(session.group_id, 0))
        return {session.pk: found[session.pk] for session in planned if found[session.pk]}

    def clashing(self) -> set[int]:
        """The keys of all sessions of the programme that clash with another one, also by too long a way."""
        longest = datetime.timedelta(minutes=max(self.ways.values(), default=0))
        near = self.programme.sessions.near_clashing(longest).in_full()
        return {key for key, reasons in _pairs(near, self.ways).items() if reasons}


def clashing(programme: Programme) -> set[int]:
    """The keys of all sessions of a programme that clash with another one."""
    return Surroundings(programme, ways_of(programme), {}).clashing()


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
