"""Sessions are moved and cancelled, modules, rooms and the rule of completion are kept."""

import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.matching.queries import next_code
from kawasan.programmes.models import Programme
from kawasan.training import rules
from kawasan.training.models import BlockedTime, CompletionRule, Module, Room, Session
from kawasan.training.queries import reasons_blocked
from kawasan.training.rules import SessionStatus

M = TypeVar("M", Module, Room, CompletionRule, BlockedTime)


@transaction.atomic
def reschedule(*, session: Session, starts_at: datetime.datetime, room: Room, by: User | None) -> Session:
    """Move a session to another time or room; it keeps its length."""
    Programme.objects.select_for_update().get(pk=session.programme_id)
    ends_at = starts_at + (session.ends_at - session.starts_at)
    if reasons := _reasons_not_moved(session, starts_at, ends_at, room):
        raise Refused(*reasons)
    session.starts_at, session.ends_at, session.room = starts_at, ends_at, room
    session.full_clean()
    session.save(update_fields=("starts_at", "ends_at", "room"))
    log("training.session_moved", session, by=by, starts_at=starts_at, room=room.code)
    return session


def _reasons_not_moved(
    session: Session, starts_at: datetime.datetime, ends_at: datetime.datetime, room: Room
) -> list[Text]:
    others = Session.objects.filter(programme=session.programme_id).exclude(pk=session.pk)
    others = others.overlapping(starts_at, ends_at)
    trainer = {"expert": session.expert_id} if session.expert_id else {"mentor": session.mentor_id}
    reasons = [
        *rules.reasons_not_changed(status=session.status),
        *rules.reasons_time(timezone.localtime(starts_at), timezone.localtime(ends_at)),
        *reasons_blocked(session, timezone.localtime(starts_at), timezone.localtime(ends_at)),
        *rules.reasons_clash(
            same_group=others.filter(group=session.group_id).exists(),
            same_room=others.filter(room=room).exists(),
            same_trainer=others.filter(**trainer).exists(),
        ),
    ]
    people = session.group.members.count()
    if people > room.capacity:
        reasons.append(rules.reason_room_too_small(capacity=room.capacity, people=people))
    return reasons


@transaction.atomic
def cancel_session(*, session: Session, by: User | None) -> Session:
    """A planned session is not held; group, room and trainer are free at that time."""
    if reasons := rules.reasons_not_changed(status=session.status):
        raise Refused(*reasons)
    session.status = SessionStatus.CANCELLED
    session.save(update_fields=("status",))
    log("training.session_cancelled", session, by=by)
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
def add_module(*, module: Module, by: User | None) -> Module:
    module.code = next_code(module.programme, Module, "MOD-", 2)
    return _saved("training.module_added", module, by)


@transaction.atomic
def change_module(*, module: Module, by: User | None) -> Module:
    return _saved("training.module_changed", module, by)


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
