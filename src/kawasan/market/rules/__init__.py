"""When a contract can be made, what both sides of a delivery may say, when a payment is overdue, what falls short."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kawasan.core.text import Labelled, Text, _

DAYS_TO_PAY = 30
MONTHS_AHEAD = 3  # for which it is told what falls short
MONTHS_BACK = 3  # full months of a cash book that show what an enterprise makes


class PaymentStatus(Labelled):
    NOT_JUDGED = "not_judged", _("Not yet judged")
    NOTHING_DUE = "nothing_due", _("Nothing to pay")
    DUE = "due", _("To be paid")
    OVERDUE = "overdue", _("Overdue")
    DISPUTED = "disputed", _("Disputed")
    STATED = "stated", _("Paid, says the offtaker")
    PAID = "paid", _("Paid")


class PartAnswer(Labelled):
    PROPOSED = "proposed", _("Awaits the owner")
    ACCEPTED = "accepted", _("Accepted by the owner")
    DECLINED = "declined", _("Declined by the owner")
    WITHDRAWN = "withdrawn", _("Taken back")


class StepKind(Labelled):
    CONFIRMED = "confirmed", _("The offtaker confirmed")
    DISPUTED = "disputed", _("The offtaker disputes")
    PAID = "paid", _("The offtaker says it paid")
    RECEIVED = "received", _("The enterprise has the money")
    NOT_RECEIVED = "not_received", _("The enterprise has no money")


@dataclass(frozen=True, slots=True)
class Balance:
    """A demand against its contracts and what was delivered, in units of the commodity a month."""

    demanded: float
    contracted: float
    delivered: float

    @property
    def open(self) -> float:
        """What nobody has a contract for yet; contracts beyond the demand leave nothing, not less."""
        return max(self.demanded - self.contracted, 0)

    @property
    def excess(self) -> float:
        """By how much the contracts go beyond the demand."""
        return max(self.contracted - self.demanded, 0)

    @property
    def is_served(self) -> bool:
        """Whether there is any contract or delivery."""
        return self.contracted > 0 or self.delivered > 0

    @property
    def is_drawn(self) -> bool:
        """Whether a picture shows it: there is something to take a share of, and a share."""
        return self.demanded > 0 and self.is_served

    @property
    def fulfilment(self) -> float | None:
        """Which share of the month's demand was delivered and accepted."""
        return self.delivered / self.demanded if self.demanded else None


def payment_status(
    *,
    due_on: datetime.date,
    accepted_quantity: float | None,
    paid_on: datetime.date | None,
    last_step: str,
    today: datetime.date,
) -> PaymentStatus:
    """Where the payment of a delivery stands on a day."""
    if paid_on:
        return PaymentStatus.PAID
    if accepted_quantity == 0:
        return PaymentStatus.NOTHING_DUE
    if last_step in (StepKind.PAID, StepKind.DISPUTED):
        return PaymentStatus.STATED if last_step == StepKind.PAID else PaymentStatus.DISPUTED
    if today > due_on:
        return PaymentStatus.OVERDUE
    return PaymentStatus.NOT_JUDGED if accepted_quantity is None else PaymentStatus.DUE


def amount_due(*, quantity: float, accepted_quantity: float | None, price_idr: int) -> int:
    """What a delivery is worth, in rupiah: what was accepted, or what was brought until that is judged."""
    return round((quantity if accepted_quantity is None else accepted_quantity) * price_idr)


def reasons_no_contract(
    *,
    enterprise_is_closed: bool,
    signed_on: datetime.date,
    starts_on: datetime.date,
    ends_on: datetime.date,
    demand_from: datetime.date,
    demand_to: datetime.date,
) -> list[Text]:
    """Every reason against a contract; an empty list means that it can be made."""
    reasons = []
    if enterprise_is_closed:
        reasons.append(Text(_("The enterprise is closed.")))
    if ends_on < starts_on:
        reasons.append(Text(_("The contract would end before it starts.")))
    if signed_on > ends_on:
        reasons.append(Text(_("The contract would be signed after it has ended.")))
    if starts_on > demand_to or ends_on < demand_from:
        reasons.append(
            Text(
                _("The offtaker's demand is for {first} to {last}; the contract lies outside."),
                {"first": demand_from, "last": demand_to},
            )
        )
    return reasons


def contract_warnings(*, quantity: float, open_quantity: float, unit: str) -> list[Text]:
    """More than the demand leaves is possible, but somebody should ask the offtaker."""
    if quantity <= open_quantity:
        return []
    params = {"quantity": quantity, "open": open_quantity, "unit": unit}
    return [
        Text(
            _("The contract is for {quantity} {unit} a month, but the demand leaves {open}. Ask the offtaker."), params
        )
    ]


def reasons_no_delivery(
    *, delivered_on: datetime.date, starts_on: datetime.date, ends_on: datetime.date, today: datetime.date
) -> list[Text]:
    """Why a delivery cannot belong to a contract."""
    if delivered_on > today:
        return [
            Text(_("{day} is still to come. Enter the day on which the goods were handed over."), {"day": delivered_on})
        ]
    if not starts_on <= delivered_on <= ends_on:
        return [
            Text(
                _("The contract runs from {first} to {last}; the delivery lies outside."),
                {"first": starts_on, "last": ends_on},
            )
        ]
    return []


@dataclass(frozen=True, slots=True)
class Signed:
    """What the two sides said of a delivery so far."""

    quantity: float
    accepted_quantity: float | None
    is_paid: bool
    is_replaced: bool
    last_step: str


def reasons_not_to_say(kind: str, so_far: Signed) -> list[Text]:
    """Why one side cannot say this of a delivery now; an empty list means that it can."""
    if so_far.is_replaced:
        return [Text(_("A correction replaced this delivery. Open the correction."))]
    if so_far.is_paid:
        return [Text(_("This delivery is paid, and both sides said so. Nothing is left to say."))]
    if kind in (StepKind.CONFIRMED, StepKind.DISPUTED):
        return _reasons_not_to_judge(kind, so_far)
    if so_far.accepted_quantity is None:
        return [Text(_("First the offtaker says how much of the delivery it accepted."))]
    if so_far.accepted_quantity == 0:
        return [Text(_("Nothing of the delivery was accepted, so nothing is to be paid."))]
    if kind == StepKind.PAID and so_far.last_step == StepKind.PAID:
        return [Text(_("The payment was stated already. The enterprise says next whether it has the money."))]
    if kind in (StepKind.RECEIVED, StepKind.NOT_RECEIVED) and so_far.last_step != StepKind.PAID:
        return [Text(_("First the offtaker says that it paid."))]
    return []


def _reasons_not_to_judge(kind: str, so_far: Signed) -> list[Text]:
    if so_far.accepted_quantity is not None:
        return [
            Text(_("The offtaker confirmed this delivery already. The enterprise can correct it until it is paid."))
        ]
    if kind == StepKind.DISPUTED and so_far.last_step == StepKind.DISPUTED:
        return [Text(_("It is disputed already. The enterprise corrects it, or the offtaker confirms it after all."))]
    return []


def reasons_same_person(*, before: int | None, now: int | None) -> list[Text]:
    """One person cannot sign for both sides."""
    if before is None or now is None or before != now:
        return []
    return [Text(_("You spoke for the other side of this. Somebody else must say this; ask a colleague."))]


def reasons_not_accepted(*, quantity: float, accepted_quantity: float) -> list[Text]:
    """Why so much of a delivery cannot be accepted."""
    if accepted_quantity <= quantity:
        return []
    return [Text(_("Only {quantity} were delivered; no more can be accepted."), {"quantity": quantity})]


def reasons_not_correctable(so_far: Signed) -> list[Text]:
    """Why the enterprise cannot correct what it said of a delivery."""
    if so_far.is_replaced:
        return [Text(_("A correction replaced this delivery. Open the correction."))]
    if so_far.is_paid or so_far.last_step == StepKind.PAID:
        return [Text(_("The offtaker paid for this delivery; it stays as both sides signed it."))]
    return []


def reasons_not_payable(*, delivered_on: datetime.date, paid_on: datetime.date, today: datetime.date) -> list[Text]:
    """Why a payment cannot have been on a day."""
    reasons = []
    if paid_on > today:
        reasons.append(Text(_("{day} is still to come. Enter the day of the payment."), {"day": paid_on}))
    if paid_on < delivered_on:
        reasons.append(Text(_("The payment would come before the delivery of {day}."), {"day": delivered_on}))
    return reasons


def what_is_asked(
    *, quantity: float, unit: str, commodity: str, offtaker: str, due_on: datetime.date, price_idr: int, grade: str
) -> Text:
    """What an owner is asked to bring, in one sentence."""
    gaps = {
        "quantity": quantity, "unit": unit, "commodity": commodity, "offtaker": offtaker, "day": due_on,
        "price": price_idr, "grade": grade,
    }  # fmt: skip
    if grade:
        return Text(_("{quantity} {unit} of {commodity} ({grade}) for {offtaker} by {day}, at Rp{price} a unit."), gaps)
    return Text(_("{quantity} {unit} of {commodity} for {offtaker} by {day}, at Rp{price} a unit."), gaps)


def next_step(*, demands: int, contracts: int, overdue: int, open_demands: int) -> Text:
    """What the office should see to next."""
    if not demands:
        return Text(_("No offtaker has said what it will buy. Enter the first demand in the value chain."))
    if overdue:
        return Text(
            _("Deliveries unpaid after their day: {count}. Speak with the offtakers."),
            {"count": overdue},
        )
    if not contracts:
        return Text(_("There is a demand but no contract. Bring an enterprise and an offtaker together."))
    if open_demands:
        return Text(
            _("Demands that contracts do not yet cover: {count}. Find enterprises for them."), {"count": open_demands}
        )
    return Text(_("Contracts cover every demand. See that the deliveries come."))


def month_days(day: datetime.date, ahead: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month that is so many after the one of a day; a negative number is before it."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    first = datetime.date(year, month + 1, 1)
    return first, (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def still_to_come(promised: Sequence[float], came: float) -> list[float]:
    """What a contract asks for by month, when so much of the first month came already."""
    return [max(promised[0] - came, 0.0), *promised[1:]]


def share_filled(*, sold_idr: float, expected_idr: float) -> float:
    """The part of its recipe that an enterprise fills: what it sold against what the recipe would bring in that time.

    Where nothing was to be expected or nothing was written down, that says nothing: the recipe counts in full.
    """
    return min(sold_idr / expected_idr, 1.0) if expected_idr > 0 and sold_idr > 0 else 1.0


def shares_reported(
    outputs: Mapping[str, float], season: Sequence[float], reported: Mapping[str, float]
) -> list[float] | None:
    """The part of its recipe that an enterprise says it can run in each month, or nothing if it reported none of it.

    Of several goods the one it can make least of decides, as one cycle makes all of them. More than the recipe makes
    in a month counts as the recipe: it is the recipe that is too small then.
    """
    told = [code for code, quantity in outputs.items() if quantity > 0 and code in reported]
    if not told:
        return None
    return [
        min([1.0, *(reported[code] / (outputs[code] * cycles) for code in told if cycles > 0)]) for cycles in season
    ]


def is_firm(firmness: str) -> bool:
    """Whether somebody has bound itself to buy, by a contract or a letter."""
    return firmness in ("contract", "letter")


def reasons_no_outlook(*, enterprises: int, buyers: int) -> list[Text]:
    """Why nothing can be said of the coming months."""
    reasons = []
    if not enterprises:
        reasons.append(
            Text(_("No enterprise with a known activity runs yet. Give the running enterprises their activity."))
        )
    if not buyers:
        reasons.append(Text(_("Nobody buys in the next three months. Enter demands and contracts.")))
    return reasons


def why_short(kind: str, params: Mapping[str, Any]) -> Text:
    """One cause of a shortfall in words."""
    templates = {
        "no_maker": _("No enterprise that runs makes it."),
        "lacks": _("{activity} would need {quantity} {unit} more of {commodity} than there is."),
        "full": _("All who make it ({makers}) already work as much as they can."),
        "too_dear": _("It could be made, but making and bringing it costs more than is paid."),
        "outside": _("{quantity} {unit} of it could be bought outside the area."),
    }
    return Text(templates[kind], params)


def next_step_of_supply(*, is_current: bool, firm_short: int, short: int) -> Text:
    """What to do about the coming months, of which something was computed."""
    if not is_current:
        return Text(_("Enterprises, contracts or demands have changed since this was computed. Compute it anew."))
    if firm_short:
        return Text(
            _("Contracts and letters that will fall short: {count}. Speak with the enterprises and the offtakers."),
            {"count": firm_short},
        )
    if short:
        return Text(
            _("Every contract and letter can be kept. Wishes that nobody can fill yet: {count}."), {"count": short}
        )
    return Text(_("Everything that is asked for in the next three months can be supplied."))
