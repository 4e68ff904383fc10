"""Stages and firmness in words; why an activity or a demand cannot enter a plan; what its limits mean."""

import datetime
import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kawasan.areas.rules import Capital
from kawasan.core.text import Labelled, Text, _

HORIZON = datetime.timedelta(days=365)  # a plan covers the year that begins on its day
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
ALIKE = 8.33  # per cent of the year in each month when all are alike
ROUNDED = 0.5  # per cent by which twelve rounded shares may miss 100
MOST_TOLD = 3  # bottlenecks that are told in full
MOST_NAMED = 5  # of the rows that need another
MONTH_SPAN = re.compile(r"(\d{1,2})(?:[-–](\d{1,2}))?")


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


LOCAL_MARKET = _("Nothing: sold on local markets")


class PriceKind(Labelled):
    """Who pays a price to whom."""

    PRODUCER = "producer", _("Paid to producers")
    RETAIL = "retail", _("Paid by consumers")
    OUTSIDE = "outside", _("Paid outside the area")


class KbliVersion(Labelled):
    KBLI_2020 = "2020", _("KBLI 2020")
    KBLI_2025 = "2025", _("KBLI 2025")


class Aim(Labelled):
    """What a plan can want."""

    INCOME = "income", _("Net income of all enterprises")
    LABOUR_DAYS = "labour_days", _("Days of work")
    POOREST_PLACE = "poorest_place", _("Income in the district where it is least")
    CONTRACTED = "contracted", _("Sales under contract")
    HEAD_ROOM = "head_room", _("Resources left over under their sustainable yield")


class PlanStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    SOLVED = "solved", _("Solved")


PLAN_AFTER = {PlanStatus.FROZEN: (PlanStatus.SOLVED,), PlanStatus.SOLVED: ()}
"""What a plan may become."""


def months_written(written: str) -> tuple[int, ...] | None:
    """The months that a text such as ``1-3 12`` names, in their order; none if it cannot be read."""
    found: set[int] = set()
    for part in re.split(r"[\s,;]+", written.strip()):
        span = MONTH_SPAN.fullmatch(part)
        if part and not span:
            return None
        if span:
            first, last = int(span[1]), int(span[2] or span[1])
            if not (1 <= first <= 12 and 1 <= last <= 12):
                return None
            found |= {(month - 1) % 12 + 1 for month in range(first, last + (1 if last >= first else 13))}
    return tuple(sorted(found))


def months_of(written: str) -> tuple[int, ...]:
    """The months that a column names; every month when it is empty."""
    return months_written(written) or tuple(range(1, 13))


def reasons_unit_differs(written: str, *, unit: str, same: Collection[str], name: str) -> list[Text]:
    """Why a quantity in the unit that was written beside it cannot be kept; ``same`` are other words for the unit."""
    if not written.strip() or written.strip().lower() in {word.lower() for word in (unit, *same)}:
        return []
    return [
        Text(
            _("{name} is counted in {unit}, not in “{written}”. Convert the quantity to {unit}."),
            {"name": name, "unit": unit, "written": written.strip()[:30]},
        )
    ]


def reasons_no_skill(name: str, capital: str) -> list[Text]:
    """Why a kind of resource is nothing that people know how to do."""
    if capital == Capital.HUMAN:
        return []
    message = _("{name} is not a kind of human resource. Choose a skill, or add it to the kinds of human resources.")
    return [Text(message, {"name": name})]


def reasons_steps_do_not_fall(steps: Sequence[tuple[int, int]]) -> list[Text]:
    """Why a market's steps make no sense; they are given with their prices."""
    return [
        Text(
            _("Step {step} pays Rp{price}, not less than the Rp{before} of step {last}. Prices fall with every step."),
            {"step": step, "price": price, "before": before, "last": last},
        )
        for (last, before), (step, price) in pairwise(sorted(steps))
        if price >= before
    ]


def reasons_needed(name: str, users: Sequence[str]) -> list[Text]:
    """Why a row cannot go: others refer to it."""
    if not users:
        return []
    gaps = {"name": name, "count": len(users), "users": "; ".join(users[:MOST_NAMED])}
    if len(users) > MOST_NAMED:
        return [Text(_("{name} is needed by {count} others, such as {users}. Change or remove them before it."), gaps)]
    return [Text(_("{name} is needed by {users}. Change or remove that before it."), gaps)]


def reason_feeds_itself(names: Sequence[str]) -> Text:
    """Why activities that make one another's inputs cannot all be right."""
    return Text(
        _(
            "{activities} make all that they need from one another and from nothing else, so their goods would come "
            "from nothing. Add what one of them needs besides, or enter less of what it yields."
        ),
        {"activities": ", ".join(names)},
    )


def reasons_activity_unusable(
    *,
    outputs: Mapping[str, float],
    inputs: Mapping[str, float],
    cycles_per_year: float,
    obtainable: Collection[str],
    by_products: Collection[str] = (),
    takes_resources: bool = False,
) -> list[Text]:
    """Why a recipe cannot enter a plan; goods are quantities by name, ``obtainable`` what is made or can be bought."""
    reasons = []
    made = {name for name, quantity in outputs.items() if quantity > 0}
    if not made:
        reasons.append(Text(_("It makes nothing. Add what one cycle yields.")))
    elif made <= set(by_products):
        reasons.append(Text(_("All that it makes is a by-product. Say which of its outputs it is for.")))
    if cycles_per_year <= 0:
        reasons.append(Text(_("It completes no cycle in a year. Enter how many it completes.")))
    feeds_itself = inputs and all(outputs.get(name, 0) >= quantity for name, quantity in inputs.items())
    if feeds_itself and not takes_resources:
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


def margin_in_words(
    *,
    name: str,
    unit: str,
    price_idr: float,
    per_year: float,
    earned_idr: float,
    spent_idr: float,
    running_cost_idr: float,
    labour_days: float,
    capital_idr: float,
) -> list[Text]:
    """What a year of one enterprise brings, from what price on, and when its capital is back; per year of one."""
    income = earned_idr - spent_idr - running_cost_idr
    gaps = {"earned": round(earned_idr), "spent": round(spent_idr), "running": round(running_cost_idr)}
    if income < 0:
        told = [
            Text(
                _(
                    "One enterprise sells for Rp{earned} a year, pays Rp{spent} for what goes in and Rp{running} to "
                    "run, and loses Rp{loss}. It cannot live at these prices."
                ),
                gaps | {"loss": round(-income)},
            )
        ]
    else:
        told = [
            Text(
                _(
                    "One enterprise sells for Rp{earned} a year, pays Rp{spent} for what goes in and Rp{running} to "
                    "run, and keeps Rp{income}: Rp{month} a month."
                ),
                gaps | {"income": round(income), "month": round(income / 12)},
            )
        ]
    if income >= 0 and labour_days > 0:
        told.append(
            Text(
                _("That is Rp{wage} for each of its {days} days of work a year."),
                {"wage": round(income / labour_days), "days": round(labour_days)},
            )
        )
    if per_year > 0:
        told.append(_break_even(name, unit, price_idr, price_idr - income / per_year))
    if income > 0 and capital_idr > 0:
        months = {"capital": round(capital_idr), "months": round(12 * capital_idr / income, 1)}
        told.append(Text(_("Its capital of Rp{capital} comes back after {months} months."), months))
    return told


def _break_even(name: str, unit: str, price_idr: float, even_idr: float) -> Text:
    """From what price of its main product on an enterprise earns anything."""
    gaps = {"name": name, "one_unit": unit, "even": round(even_idr), "price": round(price_idr)}
    if even_idr <= 0:
        return Text(_("Its by-products alone pay its costs, whatever {name} sells for."), gaps)
    if price_idr <= 0:
        return Text(_("It breaks even when a {one_unit} of {name} sells for Rp{even}."), gaps)
    share = {"share": round(100 * abs(1 - even_idr / price_idr))}
    if even_idr > price_idr:
        return Text(
            _("It would break even at Rp{even} a {one_unit} of {name}, {share} % above the price of Rp{price}."),
            gaps | share,
        )
    return Text(
        _("It breaks even at Rp{even} a {one_unit} of {name}: the price of Rp{price} may fall by {share} %."),
        gaps | share,
    )


def reasons_not_plannable(*, activities: int, demands: int) -> list[Text]:
    """A plan needs something to do and somebody who buys."""
    reasons = []
    if not activities:
        reasons.append(Text(_("No activity can be planned. Add activities with their outputs.")))
    if not demands:
        reasons.append(Text(_("No demand can be planned for. Ask buyers what they will take, and add it.")))
    return reasons


def next_step(*, activities: int, demands: int, plan: str, adopted: str, is_solved: bool = True) -> Text:
    """What to do next on the way to an adopted plan; ``plan`` is the one that is shown."""
    if reasons := reasons_not_plannable(activities=activities, demands=demands):
        return reasons[0]
    if not plan:
        return Text(_("Compute the first plan: how many seats each field and stage should get."))
    if not is_solved:
        message = _("{plan} was not finished. Press “Compute a new plan”: what was frozen is taken up again.")
        return Text(message, {"plan": plan})
    if not adopted:
        return Text(_("Discuss {plan} with the partners, then adopt it or change the rows."), {"plan": plan})
    if plan != adopted:
        return Text(_("{adopted} is the adopted plan. Compare it with {plan}."), {"adopted": adopted, "plan": plan})
    return Text(
        _("{plan} is adopted. Widen its tightest bottleneck, or win buyers for what is left over."), {"plan": plan}
    )


PRICE_FALLS_TO, PRICE_RISES_TO, RESOURCE_FALLS_TO = 0.8, 1.3, 0.8  # of what is expected, in a scenario
AS_EXPECTED = Text(_("As expected"))

_SCENARIOS = {
    "buyer": _("{name} buys nothing"),
    "price": _("Every buyer pays 20 per cent less for {name}"),
    "input": _("{name} costs 30 per cent more"),
    "season": _("The three best months of {name} fail"),
    "resource": _("There is 20 per cent less of {name}"),
}


def scenario(kind: str, row: Mapping[str, str]) -> Text:
    """What goes wrong in a scenario; ``row`` is whom or what it strikes, told by its name in both languages."""
    return Text(_SCENARIOS[kind], {"name": row["name"], "name_en": row["name_en"]})


_BOTTLENECKS = {
    "demand": _(
        "One more {one_unit} of {name} a month for {buyer} is worth Rp{worth} a year. All {limit} {unit} that it takes "
        "in a year are delivered."
    ),
    "market": _(
        "One more {one_unit} of {name} a month at the same price on the market of {buyer} is worth Rp{worth} a year. "
        "All {limit} {unit} that it takes in a year are sold."
    ),
    "supplier": _(
        "One more {one_unit} of {name} a month from {buyer} is worth Rp{worth} a year. All {limit} {unit} that it "
        "sells in a year are bought."
    ),
    "storage": _(
        "Room for one more {one_unit} in {name} is worth Rp{worth} a year. In some month all {limit} {unit} are full."
    ),
    "resource": _(
        "One more {one_unit} of {name} a year is worth Rp{worth}. All {limit} {unit} that are left under the "
        "sustainable yield are taken."
    ),
    "skill": _("One more of {name} is worth Rp{worth} a year. All {limit} have work."),
    "activity_most": _(
        "Room for one more enterprise of {name} is worth Rp{worth} a year. Only {limit} fit in the area."
    ),
    "site_most": _(
        "Room for one more enterprise of {name} in {buyer} is worth Rp{worth} a year. Only {limit} fit there."
    ),
    "field_most": _("One more seat for {name} is worth Rp{worth} a year. It has all {limit} that it may have."),
    "field_least": _("Each seat that {name} must have costs Rp{worth} a year. It must have {limit}."),
    "commodity": _(
        "One more {one_unit} of {name} a month is worth Rp{worth} a year. Activities in the area need it, and no more "
        "can be bought."
    ),
    "budget": _("One more million rupiah to start with is worth Rp{worth} a year. All Rp{limit} are spent."),
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
    "activity_least": _("Of {name}, several enterprises must start together or none."),
    "site_most": _("At most {limit} enterprises of {name} fit in {buyer}."),
    "resource": _("Of {name}, {limit} {unit} a year are left under the sustainable yield."),
    "skill": _("There are {limit} of {name}."),
    "demand": _("{buyer} takes at most {limit} {unit} of {name} a year."),
    "market": _("At this price the market of {buyer} takes at most {limit} {unit} of {name} a year."),
    "supplier": _("{buyer} sells at most {limit} {unit} of {name} a year."),
    "storage": _("At most {limit} {unit} fit into {name}."),
    "budget": _("At most Rp{limit} may be spent to start with."),
    "commodity": _("{name} must be made in the area or bought before it can be used."),
}


def bottleneck(kind: str, *, name: str, buyer: str, unit: str, limit: float, worth: float) -> Text:
    """What it would be worth to widen a limit by one."""
    kind = "too_many_seats" if kind == "seats" and worth < 0 else kind
    params = {"name": name, "buyer": buyer, "unit": unit, "one_unit": unit, "limit": limit, "worth": round(abs(worth))}
    return Text(_BOTTLENECKS[kind], params)


def limit_in_words(kind: str, *, name: str, buyer: str, unit: str, limit: float) -> Text:
    """One of several limits that cannot hold together, as the planner knows it."""
    return Text(_LIMITS[kind], {"name": name, "buyer": buyer, "unit": unit, "limit": limit})


@dataclass(frozen=True, slots=True)
class Kbli:
    """A code of one version of the KBLI; its number says something else, or nothing, in another version."""

    version: str
    code: str
    name: str
    name_en: str


def kbli_meant(typed: str, catalogue: Iterable[Kbli]) -> list[Kbli]:
    """The codes that somebody means by five digits, perhaps with the year of the version, or by words of a title.

    Where the office has entered no code of a version yet, five digits are taken as they are.
    """
    listed = list(catalogue)
    digits = re.findall(r"(?<!\d)\d{5}(?!\d)", typed)
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", typed)
    if digits:
        found = [one for one in listed if one.code == digits[0] and (not years or one.version == years[-1])]
        return found or [Kbli(version, digits[0], "", "") for version in _unlisted(listed, years)]
    words = typed.casefold().split()
    return [one for one in listed if all(word in f"{one.code} {one.name} {one.name_en}".casefold() for word in words)]


def _unlisted(listed: Sequence[Kbli], years: Sequence[str]) -> list[KbliVersion]:
    """The versions of which no code is listed: the one that was asked for, or all if nothing is listed at all."""
    asked = years[-1:] if years else [] if listed else list(KbliVersion)
    return [version for version in KbliVersion if version in asked and all(one.version != version for one in listed)]


def reasons_unclear_kbli(typed: str, meant: Sequence[Kbli]) -> list[Text]:
    """Why what was written names no code of the catalogue, or more than one."""
    if not meant:
        return [
            Text(
                _("No code of the KBLI catalogue is “{typed}”. Choose another, or have the office add it."),
                {"typed": typed},
            )
        ]
    if len(meant) == 1:
        return []
    named = ", ".join(f"{one.code} (KBLI {one.version})" for one in meant[:MOST_NAMED])
    return [Text(_("“{typed}” fits several codes: {named}. Choose one."), {"typed": typed, "named": named})]


def reasons_unknown_kbli(version: str, code: str, known: Container[tuple[str, str]]) -> list[Text]:
    """Why a row cannot have this code: its version does not know it."""
    if (version, code) in known:
        return []
    words = _("KBLI {version} has no code {code} in the catalogue; correct the code or its version, or add it there")
    return [Text(words, {"version": version, "code": code})]
