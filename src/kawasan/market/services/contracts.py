"""Contracts are made."""

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
from kawasan.market.models import Contract
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
