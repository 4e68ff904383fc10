"""Objections to an assessment, and their answers."""

import datetime

from kawasan.applicants.rules.stated import Status
from kawasan.core.text import Labelled, Text, _


class Outcome(Labelled):
    """What became of an objection."""

    OPEN = "open", _("Not answered yet")
    UPHELD = "upheld", _("The objection is right")
    REJECTED = "rejected", _("The assessment stands")


def last_day_to_object(assessed_on: datetime.date | None, days: int) -> datetime.date | None:
    """Until when somebody can object to the assessment of a day; never before there is one."""
    return assessed_on + datetime.timedelta(days=days) if assessed_on else None


def reasons_no_objection(
    *, status: str, last_day: datetime.date | None, day: datetime.date, is_open: bool
) -> list[Text]:
    """Why nobody can object to an assessment now."""
    if status == Status.WITHDRAWN:
        return [Text(_("This application was withdrawn."))]
    if last_day is None:
        return [Text(_("The office has not assessed this application yet, so there is nothing to object to."))]
    if day > last_day:
        return [Text(_("Objections to this assessment could be filed until {last}."), {"last": last_day})]
    if is_open:
        return [Text(_("Your last objection waits for its answer."))]
    return []


def reasons_not_answered(outcome: str, answer: str) -> list[Text]:
    """An answer to an objection says yes or no, and why."""
    if outcome not in (Outcome.UPHELD, Outcome.REJECTED):
        return [Text(_("Choose whether the objection is right or the assessment stands."))]
    if len(answer.strip()) < 20:
        return [Text(_("Say in a sentence or two why; the applicant reads it."))]
    return []
