"""Enterprises are registered and changed; workers come and go; cash entries are written and taken back."""

import datetime
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.enterprises import rules
from kawasan.enterprises.models import CashEntry, Enterprise, Worker
from kawasan.enterprises.queries import next_code
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


@transaction.atomic
def add_enterprise(*, programme: Programme, by: User | None, **answers: Any) -> Enterprise:
    """Register the enterprise of a participant."""
    code = next_code(programme, programme.enterprises.all(), "E", 3)
    enterprise = Enterprise(programme=programme, code=code, **answers)
    enterprise.full_clean()
    enterprise.save()
    log("enterprises.enterprise_added", enterprise, by=by, name=enterprise.name, status=enterprise.status)
    return enterprise


@transaction.atomic
def change_enterprise(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Enterprise:
    """Change what is known of an enterprise; the answers are its columns."""
    for name, value in answers.items():
        setattr(enterprise, name, value)
    enterprise.full_clean()
    enterprise.save(update_fields=list(answers))
    log("enterprises.enterprise_changed", enterprise, by=by, status=enterprise.status, columns=sorted(answers))
    return enterprise


@transaction.atomic
def add_worker(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Worker:
    """Record that somebody began to work in an enterprise."""
    programme = enterprise.programme
    code = next_code(programme, programme.workers.all(), "W", 3)
    worker = Worker(programme=programme, code=code, enterprise=enterprise, source=_author(by), **answers)
    worker.full_clean()
    worker.save()
    log("enterprises.worker_added", worker, by=by, enterprise=enterprise.code, since=worker.since)
    return worker


@transaction.atomic
def end_worker(*, worker: Worker, until: datetime.date, by: User | None) -> Worker:
    """Record the last day of somebody's work."""
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    reasons = rules.reasons_worker_cannot_end(since=worker.since, until=until, has_ended=worker.until is not None)
    if reasons:
        raise Refused(*reasons)
    worker.until = until
    worker.save(update_fields=("until",))
    log("enterprises.worker_ended", worker, by=by, until=until)
    return worker


@transaction.atomic
def add_entry(
    *, enterprise: Enterprise, dated: datetime.date, kind: str, amount_idr: int, what: str, by: User | None
) -> CashEntry:
    """Write a line into a cash book."""
    reasons = rules.reasons_entry_impossible(dated=dated, today=today(enterprise.programme))
    if reasons:
        raise Refused(*reasons)
    return _write(CashEntry(enterprise=enterprise, dated=dated, kind=kind, amount_idr=amount_idr, what=what), by=by)


@transaction.atomic
def reverse_entry(*, entry: CashEntry, by: User | None) -> CashEntry:
    """Take a line back by a line that names it; what was written stays to be read."""
    entry = CashEntry.objects.select_for_update().get(pk=entry.pk)
    is_reversed = CashEntry.objects.filter(reverses=entry).exists()
    reasons = rules.reasons_not_reversible(is_reversal=entry.reverses_id is not None, is_reversed=is_reversed)
    if reasons:
        raise Refused(*reasons)
    counter = CashEntry(
        enterprise=entry.enterprise,
        dated=entry.dated,
        kind=entry.kind,
        amount_idr=entry.amount_idr,
        what=entry.what,
        reverses=entry,
    )
    return _write(counter, by=by)


def _write(entry: CashEntry, *, by: User | None) -> CashEntry:
    programme = entry.enterprise.programme
    entry.programme, entry.source = programme, _author(by)
    entry.code = next_code(programme, programme.cash_entries.all(), "C", 5)
    entry.full_clean()
    entry.save()
    verb = "enterprises.entry_reversed" if entry.reverses_id else "enterprises.entry_added"
    log(verb, entry, by=by, enterprise=entry.enterprise.code, kind=entry.kind, amount_idr=entry.amount_idr)
    return entry


def _author(by: User | None) -> str:
    return str(by or "system")
