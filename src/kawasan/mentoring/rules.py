"""When a visit can be logged, and who is due for one."""

import datetime

from kawasan.core.text import Labelled, Text, _

VISIT_EVERY_DAYS = 14
"""A group should not go longer without a visit; no guideline (juknis) that was found states a frequency."""
LONGEST_VISIT = datetime.timedelta(hours=10)


class Method(Labelled):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")


def faults(
    *,
    visited_on: datetime.date,
    starts_at: datetime.time,
    ends_at: datetime.time,
    summary: str,
    obstacle: str,
    solution: str,
    next_step: str,
    next_visit_on: datetime.date | None,
    today: datetime.date,
    year: int,
) -> dict[str, Text]:
    """The reason against an entry of the logbook for each column that has one; empty means that it can be kept."""
    found = {}
    if visited_on > today:
        found["visited_on"] = Text(_("The visit is in the future. Log it when it has taken place."))
    if visited_on.year < year:
        found["visited_on"] = Text(_("The visit is before the year of the programme, {year}."), {"year": str(year)})
    starts, ends = (datetime.datetime.combine(visited_on, time) for time in (starts_at, ends_at))
    if ends <= starts:
        found["ends_at"] = Text(_("The visit ends before it starts."))
    elif ends - starts > LONGEST_VISIT:
        found["ends_at"] = Text(_("The visit lasts more than ten hours. Check the times."))
    if not summary.strip():
        found["summary"] = Text(_("Say in a sentence what was done."))
    if obstacle.strip() and not (solution.strip() or next_step.strip()):
        found["next_step"] = Text(_("There is an obstacle: say how it was solved, or what the next step is."))
    if next_visit_on and next_visit_on <= visited_on:
        found["next_visit_on"] = Text(_("The next visit must be after this one."))
    return found


def reasons_nobody_visits(*, has_mentor: bool) -> list[Text]:
    """Why no visit to a group can be logged at all."""
    return [] if has_mentor else [Text(_("The group has no mentor. Give it one first."))]


def reasons_not_a_member(*, is_member: bool) -> list[Text]:
    """Why somebody cannot be the one who was visited."""
    return [] if is_member else [Text(_("The participant is not in this group."))]


def reason_due(*, last: datetime.date | None, promised: datetime.date | None, today: datetime.date) -> Text | None:
    """Why a group (or participant) is due: never seen, a promised day has come, or too long ago; else nothing.

    ``promised`` is the next visit named in the last one.
    """
    if last is None:
        return Text(_("Not visited yet"))
    if promised and promised <= today:
        return Text(_("A visit was agreed for {day}"), {"day": promised})
    days = (today - last).days
    if days > VISIT_EVERY_DAYS:
        return Text(_("Last visit {days} days ago"), {"days": days})
    return None


def next_step(*, groups: int, is_own: bool, due: int) -> Text | None:
    """What to do next; nothing when everybody was seen lately. ``is_own``: the reader sees the own groups only."""
    if not groups and is_own:
        return Text(_("You mentor no group yet. The office gives groups their mentors."))
    if not groups:
        return Text(_("Wait until the groups are formed and have mentors."))
    if due:
        return Text(_("Visits that are due: {due}. Make them, then log each."), {"due": due})
    return None
