"""Kinds of organisations; where a commitment stands on a day; what to ask for next."""

import datetime
from collections.abc import Sequence

from kawasan.core.text import Labelled, Text, _


class Kind(Labelled):
    HOST = "host", _("Host of the programme")
    UNIVERSITY = "university", _("University")
    MINISTRY = "ministry", _("Ministry")
    CITY_AGENCY = "city_agency", _("City agency")
    OFFTAKER = "offtaker", _("Offtaker")
    SUPPLIER = "supplier", _("Supplier")
    BANK = "bank", _("Bank")
    COMMUNITY = "community", _("Community")
    MEDIA = "media", _("Media")


class Status(Labelled):
    """Where a commitment stands; a day decides, so it is never stored."""

    PROMISED = "promised", _("Promised")
    DELIVERED = "delivered", _("Delivered")
    OVERDUE = "overdue", _("Overdue")
    DELIVERED_LATE = "delivered_late", _("Delivered late")


def status(due_on: datetime.date, delivered_on: datetime.date | None, today: datetime.date) -> Status:
    """Where a commitment stands today; what arrives or is awaited on the due day is in time."""
    if delivered_on is not None:
        return Status.DELIVERED_LATE if delivered_on > due_on else Status.DELIVERED
    return Status.OVERDUE if today > due_on else Status.PROMISED


def reasons_not_deliverable(
    *, was_delivered_on: datetime.date | None, delivered_on: datetime.date, today: datetime.date
) -> list[Text]:
    """Why a delivery cannot be recorded; empty when it can."""
    reasons = []
    if was_delivered_on is not None:
        reasons.append(
            Text(
                _("The delivery was already recorded on {day}. Change the commitment to correct it."),
                {"day": was_delivered_on},
            )
        )
    if delivered_on > today:
        reasons.append(
            Text(_("{day} is still to come. Record a delivery when it has been made."), {"day": delivered_on})
        )
    return reasons


def next_step(statuses: Sequence[Status], *, organisations: int) -> Text:
    """The one sentence that says what to do next about the partners."""
    overdue, promised = statuses.count(Status.OVERDUE), statuses.count(Status.PROMISED)
    if not organisations:
        return Text(_("Enter the organisations that take part, the host first."))
    if not statuses:
        return Text(_("Write down what each organisation promised, and by when."))
    if overdue == 1:
        return Text(_("One commitment is overdue: ask the organisation for it, or record that it was delivered."))
    if overdue:
        return Text(
            _("{overdue} commitments are overdue: ask the organisations for them, or record that they were delivered."),
            {"overdue": overdue},
        )
    if promised:
        return Text(_("Nothing is overdue. {promised} commitments are still to come."), {"promised": promised})
    return Text(_("Every commitment was delivered. Agree with the partners on what comes next."))
