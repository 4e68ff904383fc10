"""Orders are placed, shared out among enterprises, accepted by their owners, or called off."""

import datetime
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.queries import next_code
from kawasan.enterprises.rules import EnterpriseStatus
from kawasan.market import queries
from kawasan.market.models import Contract, Order, Part
from kawasan.market.rules import PartAnswer
from kawasan.market.rules import orders as rules
from kawasan.market.supply_weeks import suppliers_for
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


@transaction.atomic
def place_order(
    *, programme: Programme, contract: Contract | None, due_on: datetime.date, by: User | None, **terms: Any
) -> Order:
    """Place an order; under a contract its enterprise is bound to bring it, and is not asked again."""
    day = today(programme)
    reasons = rules.reasons_no_order(
        due_on=due_on,
        today=day,
        starts_on=contract.starts_on if contract else None,
        ends_on=contract.ends_on if contract else None,
    )
    if reasons:
        raise Refused(*reasons)
    code = next_code(programme, programme.orders.all(), "O", 3)
    order = Order(programme=programme, code=code, contract=contract, due_on=due_on, placed_on=day, **terms)
    order.full_clean()
    order.save()
    log("market.order_placed", order, by=by, quantity=order.quantity)
    if contract:
        _bind(order, contract, by)
    return order


def _bind(order: Order, contract: Contract, by: User | None) -> None:
    part = _part(order, contract.enterprise, order.quantity, by)
    part.answer, part.answered_on, part.note = PartAnswer.ACCEPTED, order.placed_on, contract.code
    part.full_clean()
    part.save()
    log("market.part_bound", part, by=by, contract=contract.code)


def _part(order: Order, enterprise: Enterprise, quantity: float, by: User | None) -> Part:
    programme, who = order.programme, str(by or "system")
    return Part(
        programme=programme,
        code=next_code(programme, programme.order_parts.all(), "P", 3),
        order=order,
        enterprise=enterprise,
        quantity=quantity,
        proposed_on=today(programme),
        who=who,
        source=who,
    )


def _locked(order: Order) -> Order:
    return Order.objects.select_for_update().get(pk=order.pk)


def _refuse_unless_open(order: Order) -> None:
    standing = queries.standing_of(order)
    if reasons := rules.reasons_not_open(is_cancelled=standing.is_cancelled, left=standing.left):
        raise Refused(*reasons)


@transaction.atomic
def cancel_order(*, order: Order, reason: str, by: User | None) -> None:
    """Call an order off before anything was brought."""
    order = _locked(order)
    standing = queries.standing_of(order)
    brought = standing.on_the_way + standing.signed
    if reasons := rules.reasons_not_cancelled(is_cancelled=standing.is_cancelled, brought=brought):
        raise Refused(*reasons)
    order.cancelled_on, order.reason = today(order.programme), reason
    order.full_clean()
    order.save(update_fields=("cancelled_on", "reason"))
    log("market.order_cancelled", order, by=by, reason=reason)


@transaction.atomic
def ask_for(*, order: Order, enterprise: Enterprise, quantity: float, by: User | None) -> Part:
    """Ask one enterprise to bring a part of an order."""
    order = _locked(order)
    _refuse_unless_open(order)
    reasons = rules.reasons_no_part(
        quantity=quantity,
        to_propose=queries.standing_of(order).to_propose,
        is_closed=enterprise.status == EnterpriseStatus.CLOSED,
        unit=order.commodity.unit,
    )
    if reasons:
        raise Refused(*reasons)
    part = _part(order, enterprise, quantity, by)
    part.full_clean()
    part.save()
    log("market.part_proposed", part, by=by, order=order.code, quantity=quantity)
    return part


@transaction.atomic
def propose(*, order: Order, by: User | None) -> list[Part]:
    """Ask those who have the most to spare, as the page shows it."""
    order = _locked(order)
    _refuse_unless_open(order)
    found = queries.proposals_of(order, suppliers_for(order, today(order.programme)))
    if not found:
        raise Refused(
            Text(
                _("Nobody who was not asked yet has any of it to spare. Choose an enterprise by hand, or ask for less.")
            )
        )
    enterprises = {one.pk: one for one in Enterprise.objects.filter(pk__in=[p.supplier.enterprise for p in found])}
    return [
        ask_for(order=order, enterprise=enterprises[one.supplier.enterprise], quantity=one.quantity, by=by)
        for one in found
    ]


@transaction.atomic
def answer_part(*, part: Part, is_accepted: bool, note: str, by: User | None) -> None:
    """Record what the owner says; once, whoever presses first."""
    _refuse_unless_open(part.order)
    _answer(part, PartAnswer.ACCEPTED if is_accepted else PartAnswer.DECLINED, note)
    log("market.part_accepted" if is_accepted else "market.part_declined", part, by=by, note=note)


@transaction.atomic
def withdraw_part(*, part: Part, by: User | None) -> None:
    """Take back what was proposed and nobody answered."""
    _answer(part, PartAnswer.WITHDRAWN, "")
    log("market.part_withdrawn", part, by=by)


def _answer(part: Part, answer: PartAnswer, note: str) -> None:
    waiting = Part.objects.filter(pk=part.pk, answer=PartAnswer.PROPOSED)
    if not waiting.update(answer=answer, answered_on=today(part.programme), note=note):
        raise Refused(Text(_("This part was answered or taken back already.")))
    part.refresh_from_db()
