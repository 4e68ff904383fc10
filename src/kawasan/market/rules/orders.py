"""Where an order stands, in words; who could bring what of it, and why."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kawasan.core.text import Labelled, Text, _

LEAST = 5e-3  # units; less is not brought


class OrderState(Labelled):
    CANCELLED = "cancelled", _("Called off")
    FULFILLED = "fulfilled", _("Fulfilled")
    LATE = "late", _("Late")
    SHORT = "short", _("Short")
    AWAITED = "awaited", _("Awaited")


@dataclass(frozen=True, slots=True)
class Standing:
    """An order against what enterprises accepted and brought, in units of the commodity."""

    wanted: float
    accepted: float
    proposed: float
    on_the_way: float
    signed: float
    due_on: datetime.date
    is_cancelled: bool

    @property
    def missing(self) -> float:
        """What nobody accepted to bring and nobody brought."""
        return max(self.wanted - max(self.accepted, self.signed + self.on_the_way), 0.0)

    @property
    def to_propose(self) -> float:
        """What nobody was asked for yet."""
        return max(self.missing - self.proposed, 0.0)

    @property
    def left(self) -> float:
        """What both sides did not sign yet."""
        return max(self.wanted - self.signed, 0.0)


def state_of(order: Standing, today: datetime.date) -> OrderState:
    """The worst that is true of an order."""
    if order.is_cancelled:
        return OrderState.CANCELLED
    if order.left <= LEAST:
        return OrderState.FULFILLED
    if today > order.due_on:
        return OrderState.LATE
    return OrderState.SHORT if order.missing > LEAST else OrderState.AWAITED


def said_of(order: Standing, unit: str, today: datetime.date) -> list[Text]:
    """What is late and what is short, in words."""
    if order.is_cancelled or order.left <= LEAST:
        return []
    said, gaps = [], {"unit": unit, "wanted": order.wanted}
    if today > order.due_on:
        late = gaps | {"left": order.left, "days": (today - order.due_on).days}
        said.append(Text(_("Late by {days} days: {left} of {wanted} {unit} are not confirmed."), late))
    if order.on_the_way > LEAST:
        brought = gaps | {"brought": order.on_the_way}
        said.append(Text(_("Brought and not yet confirmed by the offtaker: {brought} {unit}."), brought))
    if order.missing > LEAST:
        short = gaps | {"missing": order.missing}
        said.append(Text(_("Short: nobody accepted to bring {missing} of {wanted} {unit}."), short))
    if order.proposed > LEAST:
        said.append(Text(_("Awaiting the owners' answers: {proposed} {unit}."), gaps | {"proposed": order.proposed}))
    return said


def reasons_no_order(
    *, due_on: datetime.date, today: datetime.date, starts_on: datetime.date | None, ends_on: datetime.date | None
) -> list[Text]:
    """Why an order cannot be placed."""
    reasons = []
    if due_on < today:
        reasons.append(Text(_("{day} is past. Choose a day that is still to come."), {"day": due_on}))
    if starts_on and ends_on and not starts_on <= due_on <= ends_on:
        gaps = {"first": starts_on, "last": ends_on}
        reasons.append(Text(_("The contract runs from {first} to {last}; the order lies outside."), gaps))
    return reasons


def reasons_not_open(*, is_cancelled: bool, left: float) -> list[Text]:
    """Why nothing more can be brought to an order."""
    if is_cancelled:
        return [Text(_("The order was called off."))]
    if left <= LEAST:
        return [Text(_("The order is fulfilled."))]
    return []


def reasons_not_cancelled(*, is_cancelled: bool, brought: float) -> list[Text]:
    """Why an order cannot be called off."""
    if is_cancelled:
        return [Text(_("The order was called off."))]
    if brought > LEAST:
        return [Text(_("Goods were brought for this order already; it cannot be called off any more."))]
    return []


def reasons_no_part(*, quantity: float, to_propose: float, is_closed: bool, unit: str) -> list[Text]:
    """Why an enterprise cannot be asked for a part of an order."""
    reasons = []
    if is_closed:
        reasons.append(Text(_("The enterprise is closed.")))
    if quantity > to_propose + LEAST:
        gaps = {"left": to_propose, "unit": unit}
        reasons.append(Text(_("Only {left} {unit} of the order are still to be asked for."), gaps))
    return reasons


@dataclass(frozen=True, slots=True)
class Supplier:
    """What an enterprise could bring until an order is due, and where that is known from."""

    enterprise: int
    code: str
    name: str
    group: str
    makes: float
    promised: float
    recorded: float | None
    is_reported: bool = False

    @property
    def free(self) -> float:
        return max(self.makes - self.promised, 0.0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """So much of an order from one enterprise, and why."""

    supplier: Supplier
    quantity: float
    why: Text


def who_brings(wanted: float, suppliers: Iterable[Supplier], unit: str) -> list[Proposal]:
    """Share an order out: whoever has most to spare first, so that few enterprises make few ways; equal ones by code.

    Nobody is asked for more than is free. What is left over is missing, and nobody is named for it.
    """
    found, left = [], wanted
    for one in sorted(suppliers, key=lambda one: (-one.free, one.code)):
        quantity = _down(min(one.free, left))
        if quantity > LEAST:
            found.append(Proposal(one, quantity, _why(one, unit)))
            left -= quantity
    return found


def _down(quantity: float) -> float:
    """Whole units where there is at least one: nobody brings a third of an egg."""
    return float(int(quantity + 1e-9)) if quantity >= 1 else round(quantity, 2)


def _why(one: Supplier, unit: str) -> Text:
    gaps = {"makes": round(one.makes, 1), "promised": round(one.promised, 1), "unit": unit}
    if one.is_reported:
        said = _("Makes {makes} {unit} until then, as its owner reported; {promised} are promised to others.")
        return Text(said, gaps)
    if one.recorded is None:
        said = _(
            "Its recipe makes {makes} {unit} until then; {promised} are promised to others. No sales are recorded."
        )
        return Text(said, gaps)
    said = _(
        "Makes {makes} {unit} until then, by {share}% of its recipe that its cash book shows; "
        "{promised} are promised to others."
    )
    return Text(said, gaps | {"share": round(one.recorded * 100)})


def missing_after(wanted: float, proposals: Sequence[Proposal]) -> float:
    """What no enterprise could be found for."""
    return max(wanted - sum(one.quantity for one in proposals), 0.0)
