"""Deliveries are stated by the enterprise, confirmed or disputed by the offtaker, paid, and the money confirmed."""

import datetime
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.queries import next_code
from kawasan.market import queries, rules
from kawasan.market.models import Contract, Delivery, DeliveryStep, Order
from kawasan.market.rules import PartAnswer, StepKind
from kawasan.market.rules import orders as order_rules
from kawasan.programmes.access import today

VERBS = {
    StepKind.CONFIRMED: "market.delivery_confirmed",
    StepKind.DISPUTED: "market.delivery_disputed",
    StepKind.PAID: "market.delivery_paid",
    StepKind.RECEIVED: "market.delivery_received",
    StepKind.NOT_RECEIVED: "market.delivery_not_received",
}


@transaction.atomic
def record_delivery(
    *,
    contract: Contract | None = None,
    order: Order | None = None,
    enterprise: Enterprise | None = None,
    delivered_on: datetime.date,
    by: User | None,
    **stated: Any,
) -> Delivery:
    """State goods that were handed over under a contract, or for an order by one of those who bring it."""
    if order:
        contract = order.contract
        enterprise = enterprise or (contract.enterprise if contract else None)
    terms = order or contract
    if terms is None:
        raise ValueError("A delivery needs a contract or an order.")
    if reasons := _reasons_no_delivery(contract, order, enterprise, delivered_on):
        raise Refused(*reasons)
    pay_by = delivered_on + datetime.timedelta(days=terms.payment_days)
    stated = {"price_idr": terms.price_idr, "grade": terms.grade} | stated
    return _state(
        Delivery(
            programme=terms.programme, contract=contract, order=order, enterprise=enterprise or contract.enterprise,  # type: ignore[union-attr]  # one of the two is there
            delivered_on=delivered_on, pay_by=pay_by, **stated,
        ),
        "market.delivery_recorded", by,
    )  # fmt: skip


def _reasons_no_delivery(
    contract: Contract | None, order: Order | None, enterprise: Enterprise | None, delivered_on: datetime.date
) -> list[Text]:
    day = today((order or contract).programme)  # type: ignore[union-attr]  # one of the two is there
    first = contract.starts_on if contract else order.placed_on  # type: ignore[union-attr]
    last = contract.ends_on if contract else datetime.date.max
    reasons = rules.reasons_no_delivery(delivered_on=delivered_on, starts_on=first, ends_on=last, today=day)
    if order:
        standing = queries.standing_of(order)
        reasons += order_rules.reasons_not_open(is_cancelled=standing.is_cancelled, left=standing.left)
        if not order.parts.filter(enterprise=enterprise, answer=PartAnswer.ACCEPTED).exists():
            reasons.append(Text(_("This enterprise has not accepted a part of the order. Its owner accepts it first.")))
    return reasons


def _state(delivery: Delivery, verb: str, by: User | None) -> Delivery:
    programme = delivery.programme
    delivery.code = next_code(programme, programme.deliveries.all(), "D", 3)
    delivery.who = delivery.source = str(by or "system")
    delivery.entered_by = by
    delivery.full_clean()
    delivery.save()
    log(verb, delivery, by=by, quantity=delivery.quantity, price_idr=delivery.price_idr)
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update().get(pk=delivery.pk)


@transaction.atomic
def correct_delivery(*, delivery: Delivery, by: User | None, **stated: Any) -> Delivery:
    """State a delivery anew: the wrong row stays and counts no more, and the offtaker confirms the new one."""
    old = _locked(delivery)
    if reasons := rules.reasons_not_correctable(queries.signed_of(old)):
        raise Refused(*reasons)
    delivered_on = stated.get("delivered_on", old.delivered_on)
    if delivered_on > today(old.programme):
        raise Refused(*_still_to_come(delivered_on, old))
    new = Delivery(
        programme=old.programme, contract=old.contract, order=old.order, enterprise=old.supplier, replaces=old,
        pay_by=delivered_on + (old.due_on - old.delivered_on),
        **{"delivered_on": old.delivered_on, "quantity": old.quantity, "grade": old.grade, "price_idr": old.price_idr}
        | stated,
    )  # fmt: skip
    return _state(new, "market.delivery_corrected", by)


def _still_to_come(delivered_on: datetime.date, old: Delivery) -> list[Text]:
    return rules.reasons_no_delivery(
        delivered_on=delivered_on,
        starts_on=datetime.date.min,
        ends_on=datetime.date.max,
        today=today(old.programme),
    )


@transaction.atomic
def say(
    *,
    delivery: Delivery,
    kind: StepKind,
    by: User | None,
    dated: datetime.date | None = None,
    quantity: float | None = None,
    note: str = "",
) -> DeliveryStep:
    """Record what one side says of a delivery; only what both sides said changes what counts."""
    delivery = _locked(delivery)
    day = today(delivery.programme)
    dated = dated or day
    if reasons := _reasons_not(delivery, kind, by, dated, quantity):
        raise Refused(*reasons)
    amount = delivery.amount_idr if kind in (StepKind.PAID, StepKind.RECEIVED) else None
    step = DeliveryStep(
        programme=delivery.programme,
        code=next_code(delivery.programme, delivery.programme.delivery_steps.all(), "T", 4),
        delivery=delivery, kind=kind, dated=dated, quantity=quantity, amount_idr=amount, note=note,
        who=str(by or "system"), entered_by=by, source=str(by or "system"),
    )  # fmt: skip
    step.full_clean()
    step.save()
    _take_in(delivery, step)
    log(VERBS[kind], delivery, by=by, rows=[step], quantity=quantity, amount_idr=amount, note=note)
    return step


def _reasons_not(
    delivery: Delivery, kind: StepKind, by: User | None, dated: datetime.date, quantity: float | None
) -> list[Text]:
    reasons = rules.reasons_not_to_say(kind, queries.signed_of(delivery))
    if reasons:
        return reasons
    if kind == StepKind.CONFIRMED and quantity is not None:
        reasons = rules.reasons_not_accepted(quantity=delivery.quantity, accepted_quantity=quantity)
    if kind in (StepKind.PAID, StepKind.RECEIVED):
        day = today(delivery.programme)
        reasons = rules.reasons_not_payable(delivered_on=delivery.delivered_on, paid_on=dated, today=day)
    before = _who_spoke_before(delivery, kind)
    return reasons + rules.reasons_same_person(before=before, now=by.pk if by else None)


def _who_spoke_before(delivery: Delivery, kind: StepKind) -> int | None:
    """The account of who spoke for the other side: whoever stated the goods, or the payment."""
    if kind in (StepKind.CONFIRMED, StepKind.DISPUTED, StepKind.PAID):
        return delivery.entered_by_id
    last = delivery.steps.filter(kind=StepKind.PAID).order_by("-pk").first()
    return last.entered_by_id if last else None


def _take_in(delivery: Delivery, step: DeliveryStep) -> None:
    """Both sides have spoken: what was accepted, and the day on which the money was there, count from now on."""
    if step.kind == StepKind.CONFIRMED:
        delivery.accepted_quantity = step.quantity
        delivery.save(update_fields=("accepted_quantity",))
    if step.kind == StepKind.RECEIVED:
        delivery.paid_on = step.dated
        delivery.save(update_fields=("paid_on",))
