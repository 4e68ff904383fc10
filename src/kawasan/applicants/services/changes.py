"""Applications are corrected. What decides about one is proposed by one person and approved by a second."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, Person, ProposedChange, ProposedValue, Verification
from kawasan.applicants.queries.changes import column_of, label_of, row_of, written
from kawasan.applicants.queries.ties import ties_of
from kawasan.applicants.rules import changes
from kawasan.applicants.rules.changes import FREE_ANSWERS, FREE_OF_PERSON, ChangeState
from kawasan.applicants.services.applications import ANSWERS, PERSON_COLUMNS, reassess
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _

DECISIVE_OF_PERSON = tuple(name for name in PERSON_COLUMNS if name not in FREE_OF_PERSON)
DECISIVE_ANSWERS = tuple(name for name in ANSWERS if name not in FREE_ANSWERS)


@transaction.atomic
def correct(
    *,
    applicant: Applicant,
    by: User | None,
    on: datetime.date,
    reason: str = "",
    verification: Verification | None = None,
) -> ProposedChange | None:
    """Keep the corrected answers; those that decide about the application wait for a second person.

    The proposal is returned, if there is one; ``applicant`` then stands as it is stored.
    """
    stored = Applicant.objects.select_for_update(of=("self",)).select_related("person").get(pk=applicant.pk)
    applicant.person.full_clean()
    applicant.full_clean()
    values = _put_back(applicant, stored)
    if values and (reasons := changes.reasons_not_proposed(reason)):
        raise Refused(*reasons)
    if not values or _differs(applicant, stored):
        applicant.person.save(update_fields=FREE_OF_PERSON)
        applicant.save(update_fields=FREE_ANSWERS)
        reassess(applicant=applicant, verb="applicants.corrected", by=by, on=on)
    return _propose(applicant, values, reason.strip(), verification, by, on) if values else None


@transaction.atomic
def approve_change(*, change: ProposedChange, by: User | None, on: datetime.date) -> Applicant:
    """Let a proposed change take effect, on top of exactly what it was proposed for."""
    applicant = _locked(change)
    _refuse(change, applicant, by)
    values = list(change.values.all())
    if stale := [value for value in values if written(row_of(value, applicant), value.column) != value.before]:
        raise Refused(*changes.reasons_stale([str(label_of(value)) for value in stale]))
    _decide(change, ChangeState.APPROVED, by, on)
    for value in values:
        _put(row_of(value, applicant), value.column, value.after)
    _save(applicant, values)
    reassess(applicant=applicant, verb="applicants.change_approved", by=by, on=on, rows=[change])
    return applicant


@transaction.atomic
def reject_change(*, change: ProposedChange, why: str, by: User | None, on: datetime.date) -> None:
    """Leave the application as it is, and keep what was proposed with the reason against it."""
    _refuse(change, _locked(change), by)
    if reasons := changes.reasons_not_rejected(why):
        raise Refused(*reasons)
    _decide(change, ChangeState.REJECTED, by, on, why=why.strip())
    log("applicants.change_rejected", change, by=by, on=on, reason=why.strip())


@transaction.atomic
def take_change_back(*, change: ProposedChange, by: User | None, on: datetime.date) -> None:
    """Give up what one proposed oneself."""
    if by is None or change.proposed_by_id != by.pk:
        raise Refused(Text(_("Only who proposed a change takes it back.")))
    _decide(change, ChangeState.TAKEN_BACK, by, on)
    log("applicants.change_taken_back", change, by=by, on=on)


@transaction.atomic
def read_change(*, change: ProposedChange, purpose: str, by: User | None) -> bool:
    """Let somebody see the numbers of a proposal in clear; the log keeps who and why."""
    if reasons := rules.reasons_no_purpose(purpose):
        raise Refused(*reasons)
    log("applicants.change_read", change, by=by, is_written=False, purpose=purpose.strip())
    return True


def reasons_against_deciding(*, change: ProposedChange, applicant: Applicant, by: User | None) -> list[Text]:
    """Why somebody cannot approve or reject a change."""
    ties = ties_of(applicant, by) if by else None
    return [
        *changes.reasons_not_decided_change(
            state=change.state, is_mine=by is not None and change.proposed_by_id == by.pk, has_name=by is not None
        ),
        *changes.reasons_tied_to_change(
            is_about_me=bool(ties and (ties.is_applicant or ties.family_card)), is_close=bool(ties and ties.declared)
        ),
    ]


def read_value(model: type[Person | Applicant], name: str, text: str) -> Any:
    """The inverse of ``written``."""
    column = column_of(model, name)
    if text == "" and column.null:
        return None
    return (column.target_field if isinstance(column, models.ForeignKey) else column).to_python(text)


def _put(row: Person | Applicant, name: str, text: str) -> None:
    setattr(row, column_of(type(row), name).attname, read_value(type(row), name, text))


def _put_back(applicant: Applicant, stored: Applicant) -> list[ProposedValue]:
    """Take out of an application what decides about it and was changed, as values to propose."""
    values = []
    pairs: list[tuple[Any, Any, Iterable[str]]] = [
        (applicant.person, stored.person, DECISIVE_OF_PERSON),
        (applicant, stored, DECISIVE_ANSWERS),
    ]
    for row, old, columns in pairs:
        for name in columns:
            before, after = written(old, name), written(row, name)
            if before != after:
                values.append(ProposedValue(column=name, before=before, after=after))
                _put(row, name, before)
    return values


def _differs(applicant: Applicant, stored: Applicant) -> bool:
    """Whether anything was changed that one person may change alone."""
    return any(written(applicant.person, name) != written(stored.person, name) for name in FREE_OF_PERSON) or any(
        written(applicant, name) != written(stored, name) for name in FREE_ANSWERS
    )


def _propose(
    applicant: Applicant,
    values: list[ProposedValue],
    reason: str,
    verification: Verification | None,
    by: User | None,
    on: datetime.date,
) -> ProposedChange:
    made = ProposedChange.objects.create(
        programme=applicant.programme,
        applicant=applicant,
        verification=verification,
        reason=reason,
        proposed_by=by,
        proposed_on=on,
    )
    for value in values:
        value.programme, value.change = applicant.programme, made
    ProposedValue.objects.bulk_create(values)
    columns = [value.column for value in values]
    log("applicants.change_proposed", made, by=by, rows=values, on=on, reason=reason, columns=columns)
    return made


def _locked(change: ProposedChange) -> Applicant:
    """The application of a proposal as it stands now, for one who decides at a time."""
    rows = Applicant.objects.select_for_update(of=("self", "person"))
    found = rows.select_related("person__place", "programme").get(pk=change.applicant_id)
    change.refresh_from_db(fields=["state"])
    return found


def _refuse(change: ProposedChange, applicant: Applicant, by: User | None) -> None:
    if reasons := reasons_against_deciding(change=change, applicant=applicant, by=by):
        raise Refused(*reasons)


def _decide(change: ProposedChange, state: ChangeState, by: User | None, on: datetime.date, why: str = "") -> None:
    """Close a proposal once, whoever else presses at the same time."""
    written_now = {"state": state, "decided_by": by, "decided_on": on, "why": why}
    if ProposedChange.objects.filter(pk=change.pk, state=ChangeState.OPEN).update(**written_now) != 1:
        raise Refused(Text(_("This change was decided already. Load the page again.")))
    change.refresh_from_db()


def _save(applicant: Applicant, values: list[ProposedValue]) -> None:
    """Write the approved columns; what does not go with the rest of the application is refused in words."""
    try:
        applicant.person.full_clean()
        applicant.full_clean()
    except ValidationError as error:
        raise Refused(*error.messages) from error
    for is_of_person, part in groupby(values, key=lambda value: value.is_of_person):
        row = applicant.person if is_of_person else applicant
        row.save(update_fields=[value.column for value in part])
