"""Valid rows, invented."""

import datetime
from typing import Any

from django.utils import timezone

from kawasan.applicants.tests.factories import place
from kawasan.matching.models import Group
from kawasan.matching.tests.factories import mentor
from kawasan.programmes.models import Milestone, Programme
from kawasan.training.models import Module, Room, Session

MONDAY = datetime.date(2022, 10, 3)


def moment(day: datetime.date = MONDAY, hour: int = 8, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), timezone.get_default_timezone())


def weeks(programme: Programme, days: int = 12, first: datetime.date = MONDAY) -> Milestone:
    """The step of the calendar in which training takes place."""
    return Milestone.objects.create(
        programme=programme,
        code="latih",
        stage="training",
        name="Pelatihan",
        name_en="Training",
        starts_on=first,
        ends_on=first + datetime.timedelta(days=days - 1),
    )


def room(programme: Programme, code: str = "R-1", **columns: Any) -> Room:
    given = {"name": f"Ruang {code}", "capacity": 20, "source": "synthetic"} | columns
    if "place" not in given:
        given["place"] = place(programme)
    return Room.objects.create(programme=programme, code=code, **given)


def module(programme: Programme, code: str = "MOD-1", **columns: Any) -> Module:
    given = {"name": f"Modul {code}", "name_en": f"Module {code}", "hours": 4, "position": 1, "source": "synthetic"}
    return Module.objects.create(programme=programme, code=code, **(given | columns))


def session(group: Group, code: str = "S001", *, starts_at: datetime.datetime | None = None, **columns: Any) -> Session:
    """A session of four lesson hours with the group's mentor, in rows that are made when there are none."""
    programme = group.programme
    starts_at = starts_at or moment()
    given = {
        "starts_at": starts_at,
        "ends_at": starts_at + datetime.timedelta(hours=3),
        "source": "synthetic",
    } | columns
    if "room" not in given:
        given["room"] = programme.rooms.first() or room(programme)
    if "module" not in given:
        given["module"] = programme.modules.first() or module(programme)
    if "expert" not in given and "mentor" not in given:
        given["mentor"] = group.mentor or programme.mentors.first() or mentor(programme)
    return Session.objects.create(programme=programme, group=group, code=code, **given)
