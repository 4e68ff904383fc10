"""Who could supply whom this month, and what will fall short in the coming ones."""

from typing import Any

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.engine import chain
from kawasan.engine.supply import supply
from kawasan.market import rules
from kawasan.market.models import Outlook
from kawasan.market.services.outlook_result import firm_count, result_of
from kawasan.market.supply_input import supply_input
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.value_chain.plan_input import hash_of
from kawasan.value_chain.services.plan_chain import chain_of, outlets_of


def make_outlook(*, programme: Programme, by: User | None) -> Outlook:
    """Compute the coming months from the present rows. The computation holds no transaction open."""
    frozen = supply_input(programme, today(programme))
    buyers = sum(any(row["by_month"]) for row in outlets_of(frozen))
    if reasons := rules.reasons_no_outlook(enterprises=len(frozen["existing"]), buyers=buyers):
        raise Refused(*reasons)
    newest = programme.outlooks.defer("input").first()
    if newest and newest.input_hash == hash_of(frozen):
        return newest
    return _record(programme=programme, frozen=frozen, result=result_of(frozen, supply(running(frozen))), by=by)


def is_current(outlook: Outlook) -> bool:
    """Whether the present rows would give the same."""
    return outlook.input_hash == hash_of(supply_input(outlook.programme, today(outlook.programme)))


def running(frozen: dict[str, Any]) -> chain.Chain:
    """The chain of what runs: enterprises at the share that they fill; contracts are promises."""
    outlets = outlets_of(frozen)
    least = [row["by_month"] if row.get("contract") else [0.0] * len(row["by_month"]) for row in outlets]
    return chain.changed(
        chain_of(frozen),
        existing={"share": np.array([row["share"] for row in frozen["existing"]], dtype=np.float64)},
        outlets={"least": np.array(least, dtype=np.float64)},
    )


@transaction.atomic
def _record(*, programme: Programme, frozen: dict[str, Any], result: dict[str, Any], by: User | None) -> Outlook:
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once get two codes
    outlook = Outlook(
        programme=programme,
        code=f"OUTLOOK-{programme.outlooks.count() + 1}",
        dated=frozen["day"],
        input=frozen,
        input_hash=hash_of(frozen),
        result=result,
    )
    outlook.full_clean()
    outlook.save()
    log("market.outlook_made", outlook, by=by, input_hash=outlook.input_hash, firm_short=firm_count(result))
    return outlook
