"""Rows of the value chain are entered, changed and removed; what does not fit the others is undone."""

from collections.abc import Collection, Sequence

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text
from kawasan.engine import cycles
from kawasan.value_chain import queries, rules
from kawasan.value_chain.models import (
    Activity,
    ActivityFlow,
    ActivityPlace,
    ActivityResource,
    ActivitySeason,
    ActivitySkill,
    Commodity,
    Demand,
    ExistingEnterprise,
    KbliCode,
    LocalMarket,
    Price,
    Storage,
    Supplier,
)
from kawasan.value_chain.rules import Direction

Part = ActivityFlow | ActivityResource | ActivitySeason | ActivityPlace | ActivitySkill
Row = Commodity | Price | Activity | Part | ExistingEnterprise | Supplier | LocalMarket | Storage | Demand | KbliCode


@transaction.atomic
def add(*, row: Row, by: User | None) -> None:
    """Enter a row of the value chain: a commodity, an activity or a part of its recipe, a buyer, a supplier, …"""
    row.full_clean()
    row.save(force_insert=True)
    _refuse_misfits(row)
    log(f"value_chain.{row._meta.model_name}_added", row, by=by)


@transaction.atomic
def change(*, row: Row, changed: Sequence[str], by: User | None) -> None:
    """Change these columns of a row and no others, so that two people do not undo each other's work."""
    if not changed:
        return
    row.full_clean()
    row.save(update_fields=changed)
    _refuse_misfits(row)
    log(f"value_chain.{row._meta.model_name}_changed", row, by=by, changed=list(changed))


@transaction.atomic
def remove(*, row: Row, by: User | None) -> None:
    """Remove a row with its own parts; one that others need stays, and they are named."""
    if reasons := reasons_not_removable(row):
        raise Refused(*reasons)
    gone = [*queries.parts_of(row), row]
    about = row.activity if isinstance(row, Part) else row.commodity if isinstance(row, Price) else row.programme
    log(f"value_chain.{row._meta.model_name}_removed", about, by=by, deleted=gone, removed=str(row))
    row.delete()
    _refuse_misfits(row)


def reasons_not_removable(row: Row) -> list[Text]:
    """Why a row must stay; it writes nothing, so it takes no ``by``."""
    return rules.reasons_needed(str(row), queries.users_of(row))


def _refuse_misfits(row: Row) -> None:
    """Undo what does not fit the other rows: prices that rise from step to step, goods that come from nothing."""
    reasons: list[Text] = []
    if isinstance(row, LocalMarket):
        steps = LocalMarket.objects.filter(programme=row.programme_id, commodity=row.commodity_id, place=row.place_id)
        reasons = rules.reasons_steps_do_not_fall(list(steps.values_list("step", "price_idr")))
    if isinstance(row, ActivityFlow | ActivityResource):
        code, names = row.activity.code, {a.code: str(a) for a in row.programme.activities.all()}
        found = self_feeding(*queries.flows_and_draws(row.programme))
        reasons = [rules.reason_feeds_itself([names[a] for a in one]) for one in found if code in one and len(one) > 1]
    if reasons:
        raise Refused(*reasons)


def self_feeding(flows: Collection[queries.Flow], draws: Collection[str]) -> list[list[str]]:
    """Activities, by code, that make all their inputs from one another; it writes nothing, so it takes no ``by``.

    ``draws`` are those that take a resource of the area.
    """
    activities, goods = sorted({flow.activity for flow in flows}), sorted({flow.commodity for flow in flows})
    tables = {direction: np.zeros((len(activities), len(goods))) for direction in Direction}
    for flow in flows:
        tables[Direction(flow.direction)][activities.index(flow.activity), goods.index(flow.commodity)] += flow.quantity
    has_resource = np.array([activity in draws for activity in activities], dtype=np.bool_)
    found = cycles.self_feeding(tables[Direction.OUTPUT], tables[Direction.INPUT], has_resource)
    return [[activities[a] for a in one] for one in found]
