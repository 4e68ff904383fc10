"""Kinds of organisations; where a commitment stands on a day; what to ask for next."""

import datetime
from collections.abc import Mapping

from kawasan.core.text import Labelled, Text, _


class Kind(Labelled):
    HOST = "host", _("Host of the programme")
    UNIVERSITY = "university", _("University")
    MINISTRY = "ministry", _("Ministry")
    LOCAL_AGENCY = "local_agency", _("Local agency (OPD)")
    OFFTAKER = "offtaker", _("Offtaker")
    SUPPLIER = "supplier", _("Supplier")
    BANK = "bank", _("Bank")
    COMMUNITY = "community", _("Community")
    MEDIA = "media", _("Media")


class Status(Labelled):
    """Where a commitment stands; the day decides, so it is never stored."""

    PROMISED = "promised", _("Promised")
    DELIVERED = "delivered", _("Delivered in time")
    OVERDUE = "overdue", _("Overdue")
    DELIVERED_LATE = "delivered_late", _("Delivered late")


def status(due_on: datetime.date, delivered_on: datetime.date | None, today: datetime.date) -> Status:
    """Where a commitment stands today; what is awaited or arrives on the due day is in time."""
    if delivered_on is not None:
        return Status.DELIVERED_LATE if delivered_on > due_on else Status.DELIVERED
    return Status.OVERDUE if today > due_on else Status.PROMISED


def reasons_not_delivered(delivered_on: datetime.date | None, today: datetime.date) -> list[Text]:
    """Why a day of delivery cannot be true; empty when it can."""
    if delivered_on is None or delivered_on <= today:
        return []
    return [Text(_("{day} is still to come. Record a delivery when it has been made."), {"day": delivered_on})]


def next_step(*, organisations: int, commitments: Mapping[Status, int]) -> Text:
    """The one sentence that says what to do next about the partners."""
    overdue, promised = commitments[Status.OVERDUE], commitments[Status.PROMISED]
    if not organisations:
        return Text(_("Enter the organisations that take part, the host first."))
    if not any(commitments.values()):
        return Text(_("Write down what each organisation promised, and by when."))
    if overdue == 1:
        return Text(_("One commitment is overdue: ask the organisation for it, or record that it was delivered."))
    if overdue:
        return Text(
            _("{overdue} commitments are overdue: ask the organisations for them, or record that they were delivered."),
            {"overdue": overdue},
        )
    if promised:
        return Text(_("Nothing is overdue. Commitments still to come: {promised}."), {"promised": promised})
    return Text(_("Every commitment was delivered. Agree with the partners on what comes next."))
