"""Rows of the value chain are entered; plans are frozen, solved and adopted."""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.language import in_language
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import cycles, planning
from kawasan.engine.errors import InfeasibleError
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
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
    LocalMarket,
    Plan,
    Price,
    Storage,
    Supplier,
)
from kawasan.value_chain.rules import Direction, Firmness, PlanStatus

Part = ActivityFlow | ActivityResource | ActivitySeason | ActivityPlace | ActivitySkill
Row = Commodity | Price | Activity | Part | ExistingEnterprise | Supplier | LocalMarket | Storage | Demand
DIGITS = 6  # decimals of a quantity that are kept; beyond is the solver's rounding error


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


@transaction.atomic
def freeze_plan(*, programme: Programme, by: User | None) -> Plan:
    """Write down exactly what a plan will be computed from; a frozen plan of the same figures is taken up again."""
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once get one plan
    frozen = queries.plan_input(programme, today(programme))
    if reasons := rules.reasons_not_plannable(activities=len(frozen["activities"]), demands=len(frozen["demands"])):
        raise Refused(*reasons)
    mark, newest = queries.hash_of(frozen), programme.plans.first()
    if newest and newest.input_hash == mark:
        if newest.status == PlanStatus.SOLVED:
            raise Refused(Text(_("Nothing has changed since {plan}; its result stands."), {"plan": newest.code}))
        return newest
    plan = Plan(programme=programme, code=f"PLAN-{programme.plans.count() + 1}", input=frozen, input_hash=mark)
    plan.full_clean()
    plan.save()
    log("value_chain.plan_frozen", plan, by=by, input_hash=mark)
    return plan


def solve_plan(*, plan: Plan, by: User | None) -> Plan:
    """Compute a frozen plan from its own input. The computation holds no transaction open."""
    if queries.hash_of(plan.input) != plan.input_hash:
        raise Refused(Text(_("The input of {plan} is not what was frozen. Freeze a new plan."), {"plan": plan.code}))
    try:
        solved = planning.solve(_engine_input(plan.input))
    except InfeasibleError as error:
        raise Refused(
            Text(_("The seats cannot be filled, because these cannot hold together. Loosen one of them:")),
            *(_conflict(plan.input, name) for name in error.conflict),
        ) from error
    return _record(plan=plan, result=_result(plan.input, solved), by=by)


@transaction.atomic
def _record(*, plan: Plan, result: dict[str, Any], by: User | None) -> Plan:
    frozen = Plan.objects.filter(pk=plan.pk, status=PlanStatus.FROZEN)
    if frozen.update(status=PlanStatus.SOLVED, result=result) != 1:
        raise Refused(Text(_("{plan} has already been computed."), {"plan": plan.code}))
    plan.refresh_from_db()
    log("value_chain.plan_solved", plan, by=by, income_idr=result["income_idr"], gap=result["gap"])
    return plan


def make_plan(*, programme: Programme, by: User | None) -> Plan:
    """Freeze the present rows and compute their plan."""
    return solve_plan(plan=freeze_plan(programme=programme, by=by), by=by)


@transaction.atomic
def adopt_plan(*, plan: Plan, by: User | None, instead_of: str = "") -> Plan:
    """Make a plan the programme's own. ``instead_of`` is the plan that was the adopted one when somebody decided."""
    Programme.objects.select_for_update().get(pk=plan.programme_id)
    adopted = Plan.objects.filter(programme=plan.programme_id, is_adopted=True).first()
    if adopted and adopted.code != instead_of:
        raise Refused(
            Text(_("{plan} was adopted in the meantime. Look at it before you choose."), {"plan": adopted.code})
        )
    if adopted:
        Plan.objects.filter(pk=adopted.pk).update(is_adopted=False)
    if Plan.objects.filter(pk=plan.pk, status=PlanStatus.SOLVED).update(is_adopted=True) != 1:
        raise Refused(Text(_("{plan} has no result yet. Compute it first."), {"plan": plan.code}))
    plan.refresh_from_db()
    log("value_chain.plan_adopted", plan, by=by, rows=[adopted] if adopted else [], instead_of=instead_of)
    return plan


def _engine_input(frozen: dict[str, Any]) -> planning.PlanInput:
    fields, activities, commodities = frozen["fields"], frozen["activities"], frozen["commodities"]
    resources, demands = frozen["resources"], frozen["demands"]
    stages = list(planning.STAGES)
    field_codes, commodity_codes = _codes(fields), _codes(commodities)
    return planning.PlanInput(
        seats=frozen["seats"],
        field_codes=field_codes,
        field_least=_numbers(fields, "least"),
        field_most=_numbers(fields, "most"),
        activity_codes=_codes(activities),
        activity_field=np.array([field_codes.index(a["field"]) for a in activities], dtype=np.int64),
        activity_stage=np.array([stages.index(a["stage"]) for a in activities], dtype=np.int64),
        activity_cost_idr=_numbers(activities, "cost_idr"),
        activity_most=_numbers(activities, "most"),
        commodity_codes=commodity_codes,
        outside_price_idr=_numbers(commodities, "outside_price_idr"),
        output=_table(activities, "outputs", commodities),
        input=_table(activities, "inputs", commodities),
        resource_codes=_codes(resources),
        resource_available=_numbers(resources, "available"),
        resource_use=_table(activities, "resources", resources),
        demand_codes=_codes(demands),
        demand_commodity=np.array([commodity_codes.index(d["commodity"]) for d in demands], dtype=np.int64),
        demand_quantity=_numbers(demands, "quantity"),
        demand_price_idr=_numbers(demands, "price_idr"),
    )


def _codes(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["code"] for row in rows)


def _numbers(rows: Sequence[dict[str, Any]], name: str) -> planning.Floats:
    """One column of the input; a price that is not known is one that nobody can pay."""
    return np.array([math.inf if row[name] is None else row[name] for row in rows], dtype=np.float64)


def _table(activities: Sequence[dict[str, Any]], name: str, columns: Sequence[dict[str, Any]]) -> planning.Floats:
    rows = [[activity[name].get(column["code"], 0.0) for column in columns] for activity in activities]
    return np.array(rows, dtype=np.float64).reshape(len(activities), len(columns))


def _result(frozen: dict[str, Any], solved: planning.Plan) -> dict[str, Any]:
    """Everything that pages and reports show of a plan, so that none of them computes again."""
    demands = [_demand(frozen, solved, d) for d in range(len(frozen["demands"]))]
    return {
        "plan_day": frozen["day"],
        "seats": frozen["seats"],
        "income_idr": round(solved.income_idr),
        "income_continuous_idr": round(solved.income_continuous_idr),
        "gap": solved.gap,
        "income_per_seat_idr": round(solved.income_idr / frozen["seats"]),
        "bought_idr": round(_bought_idr(frozen, solved)),
        "unmet_idr": sum(demand["unmet_idr"] for demand in demands),
        "capital_idr": sum(
            a["capital_idr"] * int(n) for a, n in zip(frozen["activities"], solved.enterprises, strict=True)
        ),
        "stages": _seats_by_stage(solved),
        "fields": _seats_by_field(frozen, solved),
        "activities": [_activity(frozen, solved, a) for a in range(len(frozen["activities"]))],
        "demands": demands,
        "buyers": _buyers(demands),
        "firmness": [
            {"firmness": f.value, "sold_idr": sum(d["sold_idr"] for d in demands if d["firmness"] == f)}
            for f in Firmness
        ],
        "commodities": [_commodity(frozen, solved, c) for c in range(len(frozen["commodities"]))],
        "resources": _resources(frozen, solved),
        "flows": list(_flows(frozen, solved)),
        "bottlenecks": [_bottleneck(frozen, b) for b in solved.bottlenecks],
        "left_out": frozen["left_out"],
    }


def _bought_idr(frozen: dict[str, Any], solved: planning.Plan) -> float:
    prices = [c["outside_price_idr"] or 0 for c in frozen["commodities"]]
    return float(np.array(prices, dtype=np.float64) @ solved.bought)


def _seats_by_stage(solved: planning.Plan) -> list[dict[str, Any]]:
    return [{"stage": s, "seats": int(n)} for s, n in zip(planning.STAGES, solved.seats_by_stage, strict=True)]


def _seats_by_field(frozen: dict[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    rows = []
    for field, seats in zip(frozen["fields"], solved.seats_by_field, strict=True):
        by_stage = dict.fromkeys(planning.STAGES, 0)
        for activity, n in zip(frozen["activities"], solved.enterprises, strict=True):
            if activity["field"] == field["code"]:
                by_stage[activity["stage"]] += int(n)
        rows.append({**field, "seats": int(seats), "by_stage": list(by_stage.values())})
    return rows


def _activity(frozen: dict[str, Any], solved: planning.Plan, a: int) -> dict[str, Any]:
    activity, income = frozen["activities"][a], solved.income_by_activity_idr[a]
    kept = ("code", "name", "name_en", "field", "stage", "most", "labour_days")
    return {
        **{name: activity[name] for name in kept},
        "enterprises": int(solved.enterprises[a]),
        "income_idr": None if math.isnan(income) else round(income),
    }


def _demand(frozen: dict[str, Any], solved: planning.Plan, d: int) -> dict[str, Any]:
    demand = frozen["demands"][d]
    commodity = next(c for c in frozen["commodities"] if c["code"] == demand["commodity"])
    sold, unmet = _rounded(solved.sold[d]), _rounded(solved.unmet[d])
    return {
        **demand,
        "name": commodity["name"],
        "name_en": commodity["name_en"],
        "unit": commodity["unit"],
        "sold": sold,
        "unmet": unmet,
        "sold_idr": round(sold * demand["price_idr"]),
        "unmet_idr": round(unmet * demand["price_idr"]),
    }


def _buyers(demands: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    buyers: dict[str, dict[str, Any]] = {}
    for demand in demands:
        blank = {"code": demand["buyer"], "name": demand["buyer_name"], "sold_idr": 0, "unmet_idr": 0}
        buyer = buyers.setdefault(demand["buyer"], blank)
        buyer["sold_idr"] += demand["sold_idr"]
        buyer["unmet_idr"] += demand["unmet_idr"]
    return list(buyers.values())


def _commodity(frozen: dict[str, Any], solved: planning.Plan, c: int) -> dict[str, Any]:
    commodity = frozen["commodities"][c]
    return {
        **commodity,
        "bought": _rounded(solved.bought[c]),
        "bought_idr": round(solved.bought[c] * (commodity["outside_price_idr"] or 0)),
        "left_over": _rounded(solved.left_over[c]),
        "transfer_price_idr": round(solved.transfer_price_idr[c]),
    }


def _resources(frozen: dict[str, Any], solved: planning.Plan) -> list[dict[str, Any]]:
    return [
        {**resource, "idle": _rounded(idle), "taken": _rounded(resource["available"] - idle)}
        for resource, idle in zip(frozen["resources"], solved.resource_idle, strict=True)
    ]


def _flows(frozen: dict[str, Any], solved: planning.Plan) -> Iterator[dict[str, Any]]:
    """What moves between enterprises and to buyers; what is left over stands with the commodities."""
    for flow in solved.flows:
        if flow.target_kind == "left_over":
            continue
        to_buyer = flow.target_kind == "demand"
        yield {
            "source": "outside" if flow.source_kind == "outside" else _node(frozen, "activities", flow.source),
            "target": _node(frozen, "demands" if to_buyer else "activities", flow.target),
            "commodity": frozen["commodities"][flow.commodity]["code"],
            "quantity": _rounded(flow.quantity),
            "value_idr": round(flow.value_idr),
        }


def _node(frozen: dict[str, Any], kind: str, index: int) -> str:
    row = frozen[kind][index]
    return f"buyer:{row['buyer']}" if kind == "demands" else f"activity:{row['code']}"


def _rounded(quantity: float) -> float:
    return round(float(quantity), DIGITS)


_TABLES = {
    "field_least": "fields",
    "field_most": "fields",
    "activity_most": "activities",
    "resource": "resources",
    "demand": "demands",
    "commodity": "commodities",
}


def _bottleneck(frozen: dict[str, Any], found: planning.Bottleneck) -> dict[str, Any]:
    row = frozen[_TABLES[found.kind]][found.index] if found.kind in _TABLES else {}
    limit, worth = _rounded(found.limit), found.shadow_price_idr
    return {
        "kind": found.kind,
        "code": row.get("code", ""),
        "at": _marked_nodes(frozen, found.kind, row),
        "text": rules.bottleneck(
            found.kind, **_words(frozen, found.kind, row, "name"), limit=limit, worth=worth
        ).stored(),
        "text_en": rules.bottleneck(
            found.kind, **_words(frozen, found.kind, row, "name_en"), limit=limit, worth=worth
        ).stored(),
        "used": _rounded(found.used),
        "limit": limit,
        "shadow_price_idr": round(found.shadow_price_idr),
        "weight_idr": round(found.weight_idr),
    }


def _marked_nodes(frozen: dict[str, Any], kind: str, row: dict[str, Any]) -> list[str]:
    """Where a bottleneck is marked in the picture: at cards, or in the legend when it is a field's or all seats'."""
    if kind == "demand":
        return [f"buyer:{row['buyer']}"]
    if kind == "activity_most":
        return [f"activity:{row['code']}"]
    if kind == "seats":
        return ["seats"]
    if kind in ("field_least", "field_most"):
        return [f"field:{row['code']}"]
    users = {"resource": "resources", "commodity": "inputs"}
    return [f"activity:{a['code']}" for a in frozen["activities"] if row["code"] in a[users[kind]]]


def _words(frozen: dict[str, Any], kind: str, row: dict[str, Any], language: str) -> dict[str, str]:
    """The names in a sentence about a limit; a demand is called by its commodity and its buyer."""
    named = row
    if kind == "demand":
        named = next(c for c in frozen["commodities"] if c["code"] == row["commodity"])
    name = named.get(language) or named.get("name", "")
    return {"name": name, "buyer": row.get("buyer_name", ""), "unit": named.get("unit", "")}


_LIMIT_COLUMNS = {
    "field_least": "least",
    "field_most": "most",
    "activity_most": "most",
    "resource": "available",
    "demand": "quantity",
}


def _conflict(frozen: dict[str, Any], constraint: str) -> Text:
    """A constraint of the engine, such as ``field_least[ternak]``, as the planner knows it."""
    kind, code = re.fullmatch(r"(\w+)(?:\[(.*)\])?", constraint).groups()  # type: ignore[union-attr]
    row: dict[str, Any] = next(row for row in frozen[_TABLES[kind]] if row["code"] == code) if code else {}
    limit = row.get(_LIMIT_COLUMNS.get(kind, ""), frozen["seats"])
    language = in_language("name", "name_en")
    return rules.limit_in_words(kind, **_words(frozen, kind, row, language), limit=limit)
