"""Contracts are made; deliveries are recorded, judged and paid."""

import datetime
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.queries import next_code
from kawasan.enterprises.rules import EnterpriseStatus
from kawasan.market import rules
from kawasan.market.models import Contract, Delivery
from kawasan.programmes.access import today
from kawasan.value_chain.models import Demand


@transaction.atomic
def add_contract(
    *,
    demand: Demand,
    enterprise: Enterprise,
    signed_on: datetime.date,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: User | None,
    **terms: Any,
) -> Contract:
    """Record a contract of an enterprise against an offtaker's demand."""
    reasons = rules.reasons_no_contract(
        enterprise_is_closed=enterprise.status == EnterpriseStatus.CLOSED,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        demand_from=demand.valid_from,
        demand_to=demand.valid_to,
    )
    if reasons:
        raise Refused(*reasons)
    programme = demand.programme
    code = next_code(programme, programme.contracts.all(), "K", 3)
    contract = Contract(programme=programme, code=code, demand=demand, enterprise=enterprise, **terms)
    contract.signed_on, contract.starts_on, contract.ends_on = signed_on, starts_on, ends_on
    contract.full_clean()
    contract.save()
    log("market.contract_added", contract, by=by, demand=demand.code, enterprise=enterprise.code)
    return contract


@transaction.atomic
def record_delivery(*, contract: Contract, delivered_on: datetime.date, quantity: float, by: User | None) -> Delivery:
    """Record goods handed over, at the price of the contract."""
    programme = contract.programme
    reasons = rules.reasons_no_delivery(
        delivered_on=delivered_on, starts_on=contract.starts_on, ends_on=contract.ends_on, today=today(programme)
    )
    if reasons:
        raise Refused(*reasons)
    delivery = Delivery(
        programme=programme,
        code=next_code(programme, programme.deliveries.all(), "D", 3),
        contract=contract,
        delivered_on=delivered_on,
        quantity=quantity,
        price_idr=contract.price_idr,
        source=str(by or "system"),
    )
    delivery.full_clean()
    delivery.save()
    log("market.delivery_recorded", delivery, by=by, contract=contract.code, quantity=quantity)
    return delivery


@transaction.atomic
def judge_delivery(*, delivery: Delivery, accepted_quantity: float, by: User | None) -> Delivery:
    """Record how much of a delivery the offtaker accepted."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    reasons = rules.reasons_not_accepted(
        quantity=delivery.quantity, accepted_quantity=accepted_quantity, is_paid=delivery.paid_on is not None
    )
    if reasons:
        raise Refused(*reasons)
    delivery.accepted_quantity = accepted_quantity
    delivery.full_clean()
    delivery.save(update_fields=("accepted_quantity",))
    log("market.delivery_judged", delivery, by=by, accepted_quantity=accepted_quantity)
    return delivery


@transaction.atomic
def record_payment(*, delivery: Delivery, paid_on: datetime.date, by: User | None) -> Delivery:
    """Record that the offtaker paid for what it accepted."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    reasons = rules.reasons_not_payable(
        accepted_quantity=delivery.accepted_quantity,
        is_paid=delivery.paid_on is not None,
        delivered_on=delivery.delivered_on,
        paid_on=paid_on,
        today=today(delivery.programme),
    )
    if reasons:
        raise Refused(*reasons)
    delivery.paid_on = paid_on
    delivery.save(update_fields=("paid_on",))
    log("market.delivery_paid", delivery, by=by, paid_on=paid_on, amount_idr=delivery.amount_idr)
    return delivery
