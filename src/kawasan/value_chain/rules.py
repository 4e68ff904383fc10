"""Stages and firmness in words; why an activity or a demand cannot enter a plan; what its limits mean."""

import datetime
from collections.abc import Collection, Mapping

from kawasan.core.text import Labelled, Text, _

HORIZON = datetime.timedelta(days=365)  # a plan covers the year that begins on its day


class Stage(Labelled):
    """Where in the value chain an activity stands; the order is that of the goods."""

    UPSTREAM = "upstream", _("Upstream inputs")
    PRIMARY = "primary", _("Primary production")
    PROCESSING = "processing", _("Processing")
    SERVICES = "services", _("Supporting services")


OFFTAKERS = _("Committed buyers")
"""The column after the last stage."""


class Direction(Labelled):
    INPUT = "input", _("Input")
    OUTPUT = "output", _("Output")


class Firmness(Labelled):
    """How far a buyer has bound itself."""

    WISH = "wish", _("Wish")
    LETTER = "letter", _("Letter of intent")
    CONTRACT = "contract", _("Contract")


class PlanStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    SOLVED = "solved", _("Solved")


PLAN_AFTER = {PlanStatus.FROZEN: (PlanStatus.SOLVED,), PlanStatus.SOLVED: ()}
"""What a plan may become."""


def reasons_activity_unusable(
    *,
    outputs: Mapping[str, float],
    inputs: Mapping[str, float],
    cycles_per_year: float,
    obtainable: Collection[str],
) -> list[Text]:
    """Why a recipe cannot enter a plan; goods are quantities by name, ``obtainable`` what is made or can be bought."""
    reasons = []
    if not any(quantity > 0 for quantity in outputs.values()):
        reasons.append(Text(_("It makes nothing. Add what one cycle yields.")))
    if cycles_per_year <= 0:
        reasons.append(Text(_("It completes no cycle in a year. Enter how many it completes.")))
    if inputs and all(outputs.get(name, 0) >= quantity for name, quantity in inputs.items()):
        reasons.append(
            Text(
                _("It makes {goods} out of nothing else. Enter what it needs besides, or only what it yields."),
                {"goods": ", ".join(inputs)},
            )
        )
    reasons += [
        Text(
            _("It needs {goods}, which no activity makes and which has no price outside the area. Add one of them."),
            {"goods": name},
        )
        for name in inputs
        if name not in obtainable
    ]
    return reasons


def reasons_demand_unusable(
    *,
    quantity_per_year: float,
    price_idr: int,
    valid_from: datetime.date,
    valid_to: datetime.date,
    today: datetime.date,
    is_made: bool,
) -> list[Text]:
    """Why a buyer's demand cannot enter the plan of a day."""
    reasons = []
    if valid_to < today:
        reasons.append(Text(_("It ended on {day}. Ask the buyer for a new one."), {"day": valid_to}))
    if valid_from > today + HORIZON:
        reasons.append(Text(_("It begins on {day}, after the year that is planned."), {"day": valid_from}))
    if quantity_per_year <= 0 or price_idr <= 0:
        reasons.append(Text(_("Its quantity or price is nothing. Ask the buyer for both.")))
    if not is_made:
        reasons.append(Text(_("No activity makes it. Add an activity that does, or leave the demand to others.")))
    return reasons


def reasons_not_plannable(*, activities: int, demands: int) -> list[Text]:
    """A plan needs something to do and somebody who buys."""
    reasons = []
    if not activities:
        reasons.append(Text(_("No activity can be planned. Add activities with their outputs.")))
    if not demands:
        reasons.append(Text(_("No demand can be planned for. Ask buyers what they will take, and add it.")))
    return reasons


def next_step(*, activities: int, demands: int, plan: str, adopted: str) -> Text:
    """What to do next on the way to an adopted plan; ``plan`` is the one that is shown."""
    if reasons := reasons_not_plannable(activities=activities, demands=demands):
        return reasons[0]
    if not plan:
        return Text(_("Compute the first plan: how many seats each field and stage should get."))
    if not adopted:
        return Text(_("Discuss {plan} with the partners, then adopt it or change the rows."), {"plan": plan})
    if plan != adopted:
        return Text(_("{adopted} is the adopted plan. Compare it with {plan}."), {"adopted": adopted, "plan": plan})
    return Text(
        _("{plan} is adopted. Widen its tightest bottleneck, or win buyers for what is left over."), {"plan": plan}
    )


_BOTTLENECKS = {
    "demand": _(
        "One more {one_unit} of {name} a year from {buyer} is worth Rp{worth}. Its demand of {limit} {unit} is "
        "met in full."
    ),
    "resource": _(
        "One more {one_unit} of {name} a year is worth Rp{worth}. All {limit} {unit} that are left under the "
        "sustainable yield are taken."
    ),
    "activity_most": _(
        "Room for one more enterprise of {name} is worth Rp{worth} a year. Only {limit} fit in the area."
    ),
    "field_most": _("One more seat for {name} is worth Rp{worth} a year. It has all {limit} that it may have."),
    "field_least": _("Each seat that {name} must have costs Rp{worth} a year. It must have {limit}."),
    "commodity": _(
        "One more {one_unit} of {name} is worth Rp{worth}. Activities in the area need it, and it cannot be bought "
        "outside."
    ),
    "seats": _("One more seat is worth Rp{worth} a year. All {limit} seats are filled."),
    "too_many_seats": _(
        "The last seat costs Rp{worth} a year. With fewer than {limit} seats the area would earn more."
    ),
}

_LIMITS = {
    "seats": _("All {limit} seats must be filled."),
    "field_least": _("{name} must have at least {limit} seats."),
    "field_most": _("{name} may have at most {limit} seats."),
    "activity_most": _("At most {limit} enterprises of {name} fit in the area."),
    "resource": _("Of {name}, {limit} {unit} a year are left under the sustainable yield."),
    "demand": _("{buyer} takes at most {limit} {unit} of {name} a year."),
    "commodity": _("{name} must be made in the area or bought outside before it can be used."),
}


def bottleneck(kind: str, *, name: str, buyer: str, unit: str, limit: float, worth: float) -> Text:
    """What it would be worth to widen a limit by one."""
    kind = "too_many_seats" if kind == "seats" and worth < 0 else kind
    params = {"name": name, "buyer": buyer, "unit": unit, "one_unit": unit, "limit": limit, "worth": round(abs(worth))}
    return Text(_BOTTLENECKS[kind], params)


def limit_in_words(kind: str, *, name: str, buyer: str, unit: str, limit: float) -> Text:
    """One of several limits that cannot hold together, as the planner knows it."""
    return Text(_LIMITS[kind], {"name": name, "buyer": buyer, "unit": unit, "limit": limit})
