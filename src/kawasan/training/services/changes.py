"""Sessions are moved and cancelled, modules, rooms and the rule of completion are kept."""

import datetime
from collections.abc import Iterable
from copy import copy
from typing import Any, TypeVar

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.matching.models import Expert, Mentor
from kawasan.matching.queries import next_code
from kawasan.programmes.models import Programme
from kawasan.training import queries, rules
from kawasan.training.models import (
    BlockedTime,
    CompletionRule,
    Equipment,
    Module,
    ModuleEquipment,
    Prerequisite,
    Room,
    Session,
)
from kawasan.training.rules import SessionStatus
from kawasan.training.services.clashes import clashes_of

Trainer = Mentor | Expert
M = TypeVar("M", Room, Equipment, CompletionRule, BlockedTime, Session)
TAKEN_BACK = "training.session_move_taken_back"


@transaction.atomic
def reschedule(
    *, session: Session, starts_at: datetime.datetime, room: Room, trainer: Trainer | None = None, by: User | None
) -> Session:
    """Move a session to another time or room, or give it to another trainer; it keeps its length."""
    Programme.objects.select_for_update().get(pk=session.programme_id)
    before: dict[str, Any] = {f"old_{name}": told for name, told in _told(session).items()}
    _move(session, starts_at, room, trainer or session.trainer)
    log(queries.MOVED, session, by=by, session=session.code, **_told(session), **before)
    return session


@transaction.atomic
def hand_over(*, programme: Programme, by: User | None) -> tuple[int, list[Session]]:
    """Give the planned sessions of mentors who left to the mentors whom their groups have now.

    Returns how many, and those that stay because something would clash.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    given, kept = 0, []
    sessions = programme.sessions.in_full().select_related("group__mentor", "room__place")
    for session in queries.left_behind(sessions.select_for_update(of=("self",))):
        before = {f"old_{name}": told for name, told in _told(session).items()}
        wanted = copy(session)
        wanted.mentor = session.group.mentor
        if wanted.mentor in (None, session.mentor) or clashes_of(wanted):
            kept.append(session)
            continue
        wanted.save(update_fields=("mentor",))
        log(queries.HANDED_OVER, wanted, by=by, session=wanted.code, **_told(wanted), **before)
        given += 1
    return given, kept


def _told(session: Session) -> dict[str, Any]:
    """When and where a session is, and with whom, as the log keeps it."""
    trainer = f"{session.trainer_kind}:{session.trainer.code}"
    return {"starts_at": session.starts_at.isoformat(), "room": session.room.code, "trainer": trainer}


def _move(session: Session, starts_at: datetime.datetime, room: Room, trainer: Trainer) -> None:
    ends_at = starts_at + (session.ends_at - session.starts_at)
    session.starts_at, session.ends_at, session.room = starts_at, ends_at, room
    session.mentor = trainer if isinstance(trainer, Mentor) else None
    session.expert = trainer if isinstance(trainer, Expert) else None
    if reasons := [*rules.reasons_not_changed(status=session.status), *clashes_of(session)]:
        raise Refused(*reasons)
    session.full_clean()
    session.save(update_fields=("starts_at", "ends_at", "room", "mentor", "expert"))


@transaction.atomic
def take_back_move(*, session: Session, by: User | None) -> Session:
    """Undo a session's latest move, if nothing happened to it since; clashes count as for any other move."""
    programme = Programme.objects.select_for_update().get(pk=session.programme_id)
    entry = queries.latest_move(session)
    if entry is None:
        raise Refused(Text(_("There is no move of this session to take back.")))
    room = programme.rooms.filter(code=entry.data["old_room"]).first()
    if room is None:
        raise Refused(Text(_("The room {room} is no longer there."), {"room": entry.data["old_room"]}))
    trainer = _trainer(programme, entry.data["old_trainer"]) if "old_trainer" in entry.data else session.trainer
    _move(session, datetime.datetime.fromisoformat(entry.data["old_starts_at"]), room, trainer)
    log(TAKEN_BACK, session, by=by, session=session.code, **_told(session))
    return session


def _trainer(programme: Programme, told: str) -> Trainer:
    kind, _colon, code = told.partition(":")
    rows = programme.experts if kind == "expert" else programme.mentors
    found: Trainer | None = rows.filter(code=code).first()
    if found is None:
        raise Refused(Text(_("The trainer {trainer} is no longer there."), {"trainer": code}))
    return found


@transaction.atomic
def add_session(*, session: Session, by: User | None) -> Session:
    """A session that was written by hand, for instance to repeat something."""
    Programme.objects.select_for_update().get(pk=session.programme_id)
    if reasons := clashes_of(session):
        raise Refused(*reasons)
    session.code = next(queries.free_codes(session.programme))
    return _saved("training.session_added", session, by)


@transaction.atomic
def set_travel_speed(*, programme: Programme, speed: int, by: User | None) -> None:
    """How fast groups and trainers get from place to place, from now on; sessions that are planned already stay."""
    programme.travel_km_per_hour = speed
    programme.full_clean()
    programme.save(update_fields=("travel_km_per_hour",))
    log("training.travel_speed_set", programme, by=by, speed=speed)


@transaction.atomic
def cancel_session(*, session: Session, why: str, by: User | None) -> Session:
    """A planned session is not held; group, room and trainer are free at that time."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    if reasons := rules.reasons_not_changed(status=session.status):
        raise Refused(*reasons)
    session.status = SessionStatus.CANCELLED
    session.save(update_fields=("status",))
    log("training.session_cancelled", session, by=by, session=session.code, why=why)
    return session


@transaction.atomic
def take_back_cancellation(*, session: Session, by: User | None) -> Session:
    """A session that was cancelled is planned again, if nothing clashes with it by now."""
    Programme.objects.select_for_update().get(pk=session.programme_id)
    session = Session.objects.in_full().select_related("room__place", "programme").get(pk=session.pk)
    if session.status != SessionStatus.CANCELLED:
        raise Refused(Text(_("The session is not cancelled.")))
    if reasons := clashes_of(session):
        raise Refused(*reasons)
    session.status = SessionStatus.PLANNED
    session.save(update_fields=("status",))
    log("training.cancellation_taken_back", session, by=by, session=session.code)
    return session


@transaction.atomic
def clear_timetable(*, programme: Programme, by: User | None) -> None:
    """Delete all sessions so that a timetable can be made anew; not once one was held."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    sessions = list(programme.sessions.all())
    if not sessions:
        raise Refused(Text(_("There is no timetable to clear.")))
    if reasons := rules.reasons_not_cleared(held=sum(s.status == SessionStatus.HELD for s in sessions)):
        raise Refused(*reasons)
    log("training.timetable_cleared", programme, by=by, deleted=sessions, sessions=len(sessions))
    programme.sessions.all().delete()


@transaction.atomic
def add_module(
    *, module: Module, needs: Iterable[Module] = (), equipment: Iterable[Equipment] = (), by: User | None
) -> Module:
    """Something more that is taught, what comes before it, and what its sessions use."""
    Programme.objects.select_for_update().get(pk=module.programme_id)
    module.code = next_code(module.programme, Module, "MOD-", 2)
    return _with_needs("training.module_added", module, list(needs), list(equipment), by)


@transaction.atomic
def change_module(
    *, module: Module, needs: Iterable[Module] = (), equipment: Iterable[Equipment] = (), by: User | None
) -> Module:
    """The module, what comes before it and what its sessions use are as given from now on."""
    Programme.objects.select_for_update().get(pk=module.programme_id)
    return _with_needs("training.module_changed", module, list(needs), list(equipment), by)


def _with_needs(verb: str, module: Module, needs: list[Module], equipment: list[Equipment], by: User | None) -> Module:
    needs = list(Module.objects.select_related("field").filter(pk__in=[one.pk for one in needs]))  # as they are by now
    if reasons := queries.reasons_not_taught(module, needs):
        raise Refused(*reasons)
    module.source = module.source or f"entered by {by}"
    module.full_clean()
    module.save()
    made, gone = _kept(Prerequisite, "needs", module, needs)
    more, less = _kept(ModuleEquipment, "equipment", module, equipment)
    log(verb, module, by=by, rows=[*made, *more], deleted=[*gone, *less])
    for row in (*gone, *less):
        row.delete()
    return module


def _kept(
    model: type[Prerequisite] | type[ModuleEquipment], name: str, module: Module, wanted: list[Any]
) -> tuple[list[Any], list[Any]]:
    """Store which rows a module needs; returns those that are new, and those that have to go."""
    there = {getattr(row, f"{name}_id"): row for row in model._base_manager.filter(module=module)}
    common = {"programme": module.programme, "module": module, "source": module.source}
    made = [model._base_manager.create(**common, **{name: one}) for one in wanted if one.pk not in there]
    keys = {one.pk for one in wanted}
    return made, [row for key, row in there.items() if key not in keys]


@transaction.atomic
def add_equipment(*, equipment: Equipment, by: User | None) -> Equipment:
    equipment.code = next_code(equipment.programme, Equipment, "EQ-", 1)
    return _saved("training.equipment_added", equipment, by)


@transaction.atomic
def change_equipment(*, equipment: Equipment, by: User | None) -> Equipment:
    return _saved("training.equipment_changed", equipment, by)


@transaction.atomic
def add_room(*, room: Room, by: User | None) -> Room:
    room.code = next_code(room.programme, Room, "R-", 1)
    return _saved("training.room_added", room, by)


@transaction.atomic
def change_room(*, room: Room, by: User | None) -> Room:
    return _saved("training.room_changed", room, by)


@transaction.atomic
def block_time(*, blocked: BlockedTime, by: User | None) -> BlockedTime:
    """Nothing is planned into this time from now on; sessions that are planned already stay."""
    blocked.code = next_code(blocked.programme, BlockedTime, "BT-", 1)
    return _saved("training.time_blocked", blocked, by)


@transaction.atomic
def unblock_time(*, blocked: BlockedTime, by: User | None) -> None:
    log("training.time_unblocked", blocked.programme, by=by, is_written=False, deleted=[blocked], name=blocked.name)
    blocked.delete()


@transaction.atomic
def set_completion_rule(*, rule: CompletionRule, by: User | None) -> CompletionRule:
    """Who completes the training from a day on; a rule of the same day is replaced."""
    same_day = CompletionRule.objects.filter(programme=rule.programme_id, valid_from=rule.valid_from).first()
    if same_day:
        same_day.least_share, same_day.late_after = rule.least_share, rule.late_after
    return _saved("training.completion_rule_set", same_day or rule, by)


def _saved(verb: str, row: M, by: User | None) -> M:
    row.source = row.source or f"entered by {by}"
    row.full_clean()
    row.save()
    log(verb, row, by=by)
    return row
