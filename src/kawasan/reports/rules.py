"""What the cockpit says of each stage: how far it is, what is due and what is stuck."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kawasan.core.text import Text, _
from kawasan.programmes.rules import Stage

MOST_DAYS_WITHOUT_VISIT = 14  # days; the rhythm of visits that the programme asks of a mentor


SUPPLY = "market:supply"


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
            n["commitments_delivered"] > 0,
            Text(_("organisations: {organisations}"), n),
            Text(_("commitments delivered: {commitments_delivered} of {commitments}"), n),
        ),
        state(
            _("Area"),
            "areas:area",
            n["resources"] > 0,
            Text(_("places: {places}, resources: {resources}"), n),
        ),
        state(
            _("Value chain"),
            "value_chain:chain",
            n["plans_adopted"] > 0,
            Text(_("activities: {activities}, demands of buyers: {demands}"), n),
            Text(_("plan adopted") if n["plans_adopted"] else _("no plan adopted")),
        ),
        state(
            _("Applicants"),
            "applicants:applicants",
            n["applicants"] > 0 and not n["unassessed"],
            Text(_("applications: {applicants}"), n),
            Text(_("eligible: {eligible}, refused: {refused}, not assessed: {unassessed}, withdrawn: {withdrawn}"), n),
        ),
        state(
            _("Selection"),
            "selection:selection",
            n["accepted"] > 0,
            Text(_("seats accepted: {accepted} of {seats}, offered: {offered}"), {**n, "seats": seats}),
            Text(_("on the waiting list: {waiting}"), n),
        ),
        state(
            _("Groups and mentors"),
            "matching:groups",
            n["groups"] > 0,
            Text(_("groups: {groups}, members: {members}, mentors: {mentors}"), n),
        ),
        state(
            _("Training"),
            "training:timetable",
            n["sessions_held"] > 0,
            Text(_("sessions held: {sessions_held} of {sessions}"), n),
        ),
        state(_("Mentoring"), "mentoring:visits", n["visits"] > 0, Text(_("visits: {visits}"), n)),
        state(
            _("Assistance"),
            "assistance:assistances",
            n["assistances_paid"] > 0,
            Text(
                _("disbursed: {assistances_paid} of {assistances}, confirmed in hand: {assistances_received}"),
                n,
            ),
            Text(_("handed over: {assistances_handed_over}"), n),
        ),
        state(
            _("Enterprises"),
            "enterprises:enterprises",
            n["enterprises_running"] > 0,
            Text(_("enterprises running: {enterprises_running} of {enterprises}, workers: {workers}"), n),
        ),
        state(
            _("Market"),
            "market:market",
            n["contracts"] > 0,
            Text(_("contracts: {contracts}, deliveries: {deliveries}"), n),
        ),
        state(
            _("Outcomes"),
            "outcomes:outcomes",
            n["measurements"] > 0,
            Text(_("measurements: {measurements}"), n),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """What mends something at once: it is asked for by one button, and harms nothing if it is asked for twice."""

    label: str
    route: str


ASSESS = Act(_("Assess them now"), "applicants:assess")
COMPUTE = Act(_("Compute it now"), "market:compute_supply")
SUBMITTED = "?status=submitted"


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something that is stuck, the page where it is mended, narrowed down to it, and a button if one is enough."""

    text: Text
    route: str
    query: str
    act: Act | None = None


def warnings(n: Mapping[str, int], seats: int) -> list[Stuck]:
    """What is stuck, most urgent first."""
    found = [
        (
            n["commitments_overdue"],
            _("Commitments overdue: {commitments_overdue}."),
            "partners:commitments",
            "?status=overdue",
        ),
        (
            n["unassessed"],
            _("Applications not assessed yet: {unassessed}."),
            "applicants:applicants",
            SUBMITTED,
        ),
        (
            n["changes_waiting"],
            _("Proposed changes that wait for a second person: {changes_waiting}."),
            "applicants:changes",
            "",
        ),
        (
            n["objections_waiting"],
            _("Objections that wait for an answer: {objections_waiting}."),
            "applicants:objections",
            "",
        ),
        (
            n["with_warnings"],
            _("Applications with warnings to look at: {with_warnings}."),
            "applicants:applicants",
            "?warnings=yes",
        ),
        (n["offered"], _("Seats offered and not answered: {offered}."), "selection:seats", "?status=offered"),
        (
            n["drawn"] and max(seats - n["accepted"] - n["offered"], 0),
            _("Empty seats: {empty}. Call people from the waiting list.")
            if n["waiting"]
            else _("Empty seats: {empty}, and nobody is on the waiting list."),
            "selection:seats",
            "",
        ),
        (
            n["accepted"] and n["accepted"] - n["members"],
            _("Participants without a group: {ungrouped}."),
            "matching:rematch",
            "",
        ),
        (
            n["groups"] and n["groups_unvisited"],
            _("Groups without a visit for two weeks: {groups_unvisited}."),
            "mentoring:visits",
            "",
        ),
        (
            n["visits_waiting"],
            _("Entries of the logbook that wait for review: {visits_waiting}."),
            "mentoring:review",
            "",
        ),
        (n["orders_late"], _("Orders of offtakers that are late: {orders_late}."), "market:orders", "?state=late"),
        (
            n["orders_short"],
            _("Orders that nobody accepted to bring in full: {orders_short}."),
            "market:orders",
            "?state=short",
        ),
        (
            n["outsiders"],
            _("Enterprises of people without a seat: {outsiders}."),
            "enterprises:enterprises",
            "?owner=outside",
        ),
    ]
    gaps = {**n, "empty": max(seats - n["accepted"] - n["offered"], 0), "ungrouped": n["accepted"] - n["members"]}
    return [
        Stuck(Text(template, gaps), route, query, ASSESS if query == SUBMITTED else None)
        for count, template, route, query in found
        if count > 0
    ]


def supply_warnings(
    shortfalls: Sequence[tuple[str, int, int]] | None, *, contracts: int, enterprises_running: int
) -> list[Stuck]:
    """What of the coming months is stuck: ``shortfalls`` are (month, contracts and letters, rupiah), None where this
    month nothing was computed.
    """
    if shortfalls is None:
        if not contracts or not enterprises_running:
            return []
        words = Text(_("What will fall short in the next three months is not computed yet."))
        return [Stuck(words, SUPPLY, "", COMPUTE)]
    template = _("{month}: contracts and letters that will fall short: {count}, worth Rp{amount}.")
    return [
        Stuck(Text(template, {"month": month, "count": count, "amount": amount}), SUPPLY, "")
        for month, count, amount in shortfalls
    ]


MISSED_LATELY = datetime.timedelta(days=14)  # a session missed before is for the next visit to the group
CASH_BOOK_RESTS = datetime.timedelta(days=21)  # three weeks without an entry


def agreed_for(day: datetime.date) -> Text:
    """A visit was agreed at the last one."""
    return Text(_("A visit was agreed for {day}"), {"day": day})


def missed_session(module: str, day: datetime.date) -> Text:
    """A participant was absent without an excuse."""
    return Text(_("Missed “{module}” on {day}"), {"module": module, "day": day})


def cash_book_rests(enterprise: str) -> Text:
    """A running enterprise wrote nothing down for weeks."""
    found = {"enterprise": enterprise, "days": CASH_BOOK_RESTS.days}
    return Text(_("The cash book of {enterprise} has no entry for {days} days"), found)


MEASURED_WITHIN = datetime.timedelta(days=30)  # before a round is due, its participants are told of it


def due_of_participant(
    *,
    is_offered: bool,
    next_visit_on: datetime.date | None,
    rounds: Sequence[tuple[str, datetime.date]],
    today: datetime.date,
) -> list[Text]:
    """What a participant has to do or to expect; ``rounds`` are those not measured yet, as (name, day)."""
    found = []
    if is_offered:
        found.append(Text(_("A seat is offered to you. Tell the office whether you take it.")))
    if next_visit_on:
        found.append(Text(_("Your mentor comes on {day}."), {"day": next_visit_on}))
    for name, day in rounds:
        if day <= today + MEASURED_WITHIN:
            found.append(
                Text(_("{round}: you will be asked about your work and income ({day})."), {"round": name, "day": day})
            )
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """What the calendar asks for, and the page of its stage."""

    text: Text
    route: str


PAGES = {
    Stage.PROGRAMME: "programmes:programme",
    Stage.PARTNERS: "partners:organisations",
    Stage.AREA: "areas:area",
    Stage.VALUE_CHAIN: "value_chain:chain",
    Stage.APPLICANTS: "applicants:applicants",
    Stage.SELECTION: "selection:selection",
    Stage.MATCHING: "matching:groups",
    Stage.TRAINING: "training:timetable",
    Stage.MENTORING: "mentoring:visits",
    Stage.ASSISTANCE: "assistance:assistances",
    Stage.ENTERPRISES: "enterprises:enterprises",
    Stage.MARKET: "market:market",
    Stage.OUTCOMES: "outcomes:outcomes",
}
"""Where a stage of the programme is worked on."""


def due(milestones: Sequence[tuple[Text | str, str, datetime.date, datetime.date]], day: datetime.date) -> list[Due]:
    """What the calendar asks for now, and the next two to come; milestones are (name, stage, first day, last day)."""
    running = [
        Due(Text(_("{name}: until {ends}"), {"name": name, "ends": ends}), PAGES[Stage(stage)])
        for name, stage, starts, ends in milestones
        if starts <= day <= ends
    ]
    coming = sorted((starts, str(name), stage) for name, stage, starts, _ends in milestones if starts > day)
    return running + [
        Due(Text(_("{name}: begins {starts}"), {"name": name, "starts": starts}), PAGES[Stage(stage)])
        for starts, name, stage in coming[:2]
    ]


def confirm_in_hand(code: str) -> Text:
    """What the receiver of an assistance has to do once it was paid."""
    return Text(_("Confirm what you have in hand of assistance {code}."), {"code": code})


def answer_parts(count: int) -> Text:
    """What an owner has to do who is asked to bring a part of an order."""
    return Text(_("Parts of orders that await your answer whether you bring them: {count}."), {"count": count})


def confirm_money(count: int) -> Text:
    """What an owner has to do once the offtaker says that it paid."""
    return Text(_("Payments of which you say next whether you have the money: {count}."), {"count": count})


def assistance_not_in_hand(code: str) -> Text:
    """Why a mentor should see somebody whose assistance was paid."""
    return Text(_("Assistance {code} was paid and is not confirmed in hand yet."), {"code": code})
