"""What the cockpit says of each stage: how far it is, what is due and what is stuck."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kawasan.core.text import Text, _

MOST_DAYS_WITHOUT_VISIT = 14  # days; the rhythm of visits that the programme asks of a mentor


@dataclass(frozen=True, slots=True)
class StageState:
    """One line of the cockpit: a stage, what it has reached, and the page where it goes on."""

    label: str
    route: str
    facts: tuple[Text, ...]
    is_reached: bool


def stage_states(n: Mapping[str, int], seats: int) -> list[StageState]:
    """The stages in programme order with their counts; ``n`` are the counts of ``queries.counts``."""

    def state(label: str, route: str, is_reached: bool, *facts: Text) -> StageState:
        return StageState(label, route, facts, is_reached)

    return [
        state(
            _("Partners"),
            "partners:organisations",
            n["organisations"] > 0,
            Text(_("{organisations} organisations"), n),
            Text(_("{commitments_delivered} of {commitments} commitments delivered"), n),
        ),
        state(
            _("Area"),
            "areas:area",
            n["resources"] > 0,
            Text(_("{places} places, {resources} resources"), n),
        ),
        state(
            _("Value chain"),
            "value_chain:chain",
            n["plans_adopted"] > 0,
            Text(_("{activities} activities, {demands} demands of buyers"), n),
            Text(_("plan adopted") if n["plans_adopted"] else _("no plan adopted")),
        ),
        state(
            _("Applicants"),
            "applicants:applicants",
            n["applicants"] > 0 and not n["unassessed"],
            Text(_("{applicants} applicants"), n),
            Text(_("{eligible} eligible, {refused} refused, {unassessed} not assessed"), n),
        ),
        state(
            _("Selection"),
            "selection:selection",
            n["accepted"] > 0,
            Text(_("{accepted} of {seats} seats accepted, {offered} offered"), {**n, "seats": seats}),
            Text(_("{waiting} on the waiting list"), n),
        ),
        state(
            _("Groups and mentors"),
            "matching:groups",
            n["groups"] > 0,
            Text(_("{groups} groups, {members} members, {mentors} mentors"), n),
        ),
        state(
            _("Training"),
            "training:timetable",
            n["sessions"] > 0,
            Text(_("{sessions_held} of {sessions} sessions held"), n),
        ),
        state(_("Mentoring"), "mentoring:visits", n["visits"] > 0, Text(_("{visits} visits"), n)),
        state(
            _("Enterprises"),
            "enterprises:enterprises",
            n["enterprises_running"] > 0,
            Text(_("{enterprises_running} of {enterprises} enterprises running, {workers} workers"), n),
        ),
        state(
            _("Market"),
            "market:market",
            n["contracts"] > 0,
            Text(_("{contracts} contracts, {deliveries} deliveries"), n),
        ),
        state(
            _("Outcomes"),
            "outcomes:outcomes",
            n["measurements"] > 0,
            Text(_("{measurements} measurements"), n),
        ),
    ]


def warnings(n: Mapping[str, int], seats: int) -> list[tuple[Text, str]]:
    """What is stuck, most urgent first, each with the page where it is mended."""
    found = [
        (n["commitments_overdue"], _("{commitments_overdue} commitments are overdue."), "partners:commitments"),
        (n["unassessed"], _("{unassessed} applicants are not assessed yet."), "applicants:applicants"),
        (n["with_warnings"], _("{with_warnings} applicants have warnings to look at."), "applicants:applicants"),
        (n["offered"], _("{offered} seats are offered and not answered."), "selection:seats"),
        (
            n["drawn"] and max(seats - n["accepted"] - n["offered"], 0),
            _("{empty} seats are empty; call people from the waiting list."),
            "selection:seats",
        ),
        (
            n["accepted"] and n["accepted"] - n["members"],
            _("{ungrouped} participants have no group."),
            "matching:groups",
        ),
        (
            n["groups"] and n["groups_unvisited"],
            _("{groups_unvisited} groups had no visit for two weeks."),
            "mentoring:visits",
        ),
        (n["outsiders"], _("{outsiders} enterprises belong to people without a seat."), "enterprises:enterprises"),
    ]
    gaps = {**n, "empty": max(seats - n["accepted"] - n["offered"], 0), "ungrouped": n["accepted"] - n["members"]}
    return [(Text(template, gaps), route) for count, template, route in found if count > 0]


def due(milestones: Sequence[tuple[Text | str, datetime.date, datetime.date]], day: datetime.date) -> list[Text]:
    """What the calendar asks for now, and the next thing to come; milestones are (name, first day, last day)."""
    running = [
        Text(_("{name}: until {ends}"), {"name": name, "ends": ends})
        for name, starts, ends in milestones
        if starts <= day <= ends
    ]
    coming = sorted((starts, str(name)) for name, starts, _ends in milestones if starts > day)
    return running + [
        Text(_("{name}: begins {starts}"), {"name": name, "starts": starts}) for starts, name in coming[:2]
    ]
