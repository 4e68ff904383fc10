"""Guarantee somebody a seat or keep somebody out, with a reason and two persons."""

import datetime
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.selection import rules
from kawasan.selection.models import Draw, DrawException


@transaction.atomic
def add_exception(*, exception: DrawException, by: User | None) -> DrawException:
    """Keep that somebody shall be guaranteed a seat or kept out; it counts once somebody else confirms it."""
    _refuse_change(exception, by=None)
    day = today(exception.programme)
    if reasons := rules.reasons_exception_undecided(decided_on=exception.decided_on, today=day):
        raise Refused(*reasons)
    exception.entered_by = by
    exception.full_clean()
    exception.save()
    log("selection.exception_added", exception, by=by, kind=exception.kind, reason=exception.reason)
    return exception


@transaction.atomic
def confirm_exception(*, exception: DrawException, by: User | None, on: datetime.date) -> DrawException:
    """Let an exception count that somebody else entered."""
    _refuse_change(exception, by=by)
    _write_exception(exception, was_confirmed=False, confirmed_by=by, confirmed_on=on)
    log("selection.exception_confirmed", exception, by=by, kind=exception.kind)
    return exception


@transaction.atomic
def doubt_exception(*, exception: DrawException, reason: str, by: User | None) -> DrawException:
    """Take a confirmation back: it counts no more, and somebody else says what becomes of it."""
    _refuse_change(exception, by=None, why=reason)
    _write_exception(exception, was_confirmed=True, entered_by=by, confirmed_by=None, confirmed_on=None)
    log("selection.exception_doubted", exception, by=by, kind=exception.kind, reason=reason.strip())
    return exception


@transaction.atomic
def remove_exception(*, exception: DrawException, reason: str, by: User | None) -> None:
    """Remove an exception that is not confirmed and that somebody else entered, or took the confirmation of."""
    _refuse_change(exception, by=by, why=reason)
    programme, code, kind = exception.programme, exception.applicant.code, exception.kind
    gone = DrawException(pk=exception.pk)
    if not DrawException.objects.waiting().filter(pk=exception.pk).delete()[0]:
        raise Refused(Text(_("This exception was changed meanwhile. Load the page again to see it.")))
    log(
        "selection.exception_removed",
        programme,
        by=by,
        deleted=[gone],
        applicant=code,
        kind=kind,
        reason=reason.strip(),
    )


def _refuse_change(exception: DrawException, *, by: User | None, why: str = "-") -> None:
    """``by`` must be somebody else than who entered the exception, unless it is None."""
    Programme.objects.select_for_update().get(pk=exception.programme_id)  # so that nobody freezes meanwhile
    is_own = by is not None and by.pk == exception.entered_by_id
    is_frozen = Draw.objects.standing().filter(programme=exception.programme_id).exists()
    if reasons := rules.reasons_exception_unchangeable(is_frozen=is_frozen, is_own=is_own):
        raise Refused(*reasons)
    if not why.strip():
        raise Refused(Text(_("Say why; the log keeps it.")))


def _write_exception(exception: DrawException, *, was_confirmed: bool, **values: Any) -> None:
    """Write unless somebody else was quicker."""
    as_seen = DrawException.objects.filter(pk=exception.pk, entered_by=exception.entered_by_id)
    if as_seen.filter(confirmed_on__isnull=not was_confirmed).update(**values) != 1:
        raise Refused(Text(_("This exception was changed meanwhile. Load the page again to see it.")))
    for name, value in values.items():
        setattr(exception, name, value)
