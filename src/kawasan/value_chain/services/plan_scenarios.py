"""What becomes of a plan when a buyer drops out, a price falls, an input gets dearer, a season or a resource fails."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import planning, scenarios
from kawasan.engine.chain import Chain, Floats, Ints
from kawasan.engine.errors import EngineError
from kawasan.value_chain import rules
from kawasan.value_chain.models import Plan
from kawasan.value_chain.rules import PlanStatus
from kawasan.value_chain.services.plan_chain import MARKETS, chain_of, levels_of, outlets_of, sellers_of, sites_of
from kawasan.value_chain.services.plans import GAP, refuse_other_input

BEST_MONTHS = 3  # of a season, that fail


def compare_plan(*, plan: Plan, by: User | None) -> Plan:
    """Put what could go wrong with a plan side by side. The computation holds no transaction open."""
    if plan.status != PlanStatus.SOLVED or plan.result is None:
        raise Refused(Text(_("{plan} has no result yet. Compute it first."), {"plan": plan.code}))
    refuse_other_input(plan=plan)
    return _record(plan=plan, found=scenarios_of(plan.input, plan.result), by=by)


@transaction.atomic
def _record(*, plan: Plan, found: list[dict[str, Any]], by: User | None) -> Plan:
    if Plan.objects.filter(pk=plan.pk, scenarios__isnull=True).update(scenarios=found) != 1:
        raise Refused(Text(_("The scenarios of {plan} are there already. Load the page again."), {"plan": plan.code}))
    plan.refresh_from_db()
    log("value_chain.plan_compared", plan, by=by, scenarios=len(found))
    return plan


def find_robust_plan(*, plan: Plan, by: User | None) -> Plan:
    """Seek the enterprises that are best in the worst of a plan's scenarios. The computation holds no transaction."""
    if plan.scenarios is None or plan.result is None:
        raise Refused(Text(_("The scenarios of {plan} are not computed yet. Compare them first."), {"plan": plan.code}))
    refuse_other_input(plan=plan)
    return _record_robust(plan=plan, found=robust_of(plan.input, plan.result), by=by)


@transaction.atomic
def _record_robust(*, plan: Plan, found: dict[str, Any], by: User | None) -> Plan:
    if Plan.objects.filter(pk=plan.pk, robust__isnull=True).update(robust=found) != 1:
        raise Refused(Text(_("This of {plan} is there already. Load the page again."), {"plan": plan.code}))
    plan.refresh_from_db()
    log("value_chain.robust_plan_found", plan, by=by, worst_idr=found["worst_idr"], gap=found["gap"])
    return plan


def robust_of(frozen: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Whole enterprises that are best in the worst scenario, and what they earn in each, in the order of these."""
    chain = scenarios.as_started(chain_of(frozen))
    chains = [chain, *(one for _text, one in _scenarios(frozen, result, chain))]
    try:
        found = scenarios.robust(chains, search=False, gap=GAP)
    except EngineError as error:
        raise Refused(Text(_("No plan was found that holds in all of these."))) from error
    activity = [a for a, _p, _most in sites_of(frozen["activities"], [p["code"] for p in frozen["places"]])]
    number = np.bincount(activity, found.enterprises, len(frozen["activities"])).round().astype(int).tolist()
    return {
        "worst_idr": round(found.worst),
        "which": found.which,
        "gap": found.gap,
        "incomes_idr": [round(income) for income in found.incomes_idr.tolist()],
        "fields": [round(float(seats.sum())) for seats in found.plans[0].seats],
        "activities": [
            {"code": a["code"], "name": a["name"], "name_en": a["name_en"], "enterprises": enterprises}
            for a, enterprises in zip(frozen["activities"], number, strict=True)
        ],
    }


def scenarios_of(frozen: Mapping[str, Any], result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The plan as expected, then what each scenario leaves of it, and what could be had by whoever knew before."""
    chain, levels = scenarios.as_started(chain_of(frozen)), levels_of(frozen)
    expected = planning.solve(chain, levels=levels, whole=False, enterprises=_enterprises(frozen, result), trace=False)
    free = planning.solve(chain, levels=levels, whole=False, near=expected, trace=False)
    named = list(_scenarios(frozen, result, chain))
    outcomes = scenarios.compare(expected, [("", one) for _text, one in named], levels=levels, whole=False, near=free)
    told = [(rules.AS_EXPECTED, expected, None)] + [
        (text, outcome.kept, outcome.anew) for (text, _one), outcome in zip(named, outcomes, strict=True)
    ]
    return [
        {
            "text": text.stored(),
            "income_idr": round(kept.income_idr),
            "unmet_idr": round(float((kept.unmet * chain.outlets.price_idr)[: len(frozen["demands"])].sum())),
            "anew_idr": round(anew.income_idr) if anew else None,
            "fields": [round(float(seats.sum()), 1) for seats in (anew or kept).seats],
        }
        for text, kept, anew in told
    ]


def _enterprises(frozen: Mapping[str, Any], result: Mapping[str, Any]) -> Floats:
    """What the plan starts at each site."""
    places = [place["code"] for place in frozen["places"]]
    started = {(a["code"], s["place"]): s["enterprises"] for a in result["activities"] for s in a["sites"]}
    codes = [activity["code"] for activity in frozen["activities"]]
    return np.array(
        [started.get((codes[a], places[p]), 0) for a, p, _most in sites_of(frozen["activities"], places)],
        dtype=np.float64,
    )


def _scenarios(frozen: Mapping[str, Any], result: Mapping[str, Any], chain: Chain) -> Iterator[tuple[Text, Chain]]:
    """The chain as it would be, one misfortune after the other: each strikes where the plan leans most."""
    if buyer := _most([b for b in result["buyers"] if b["code"] != MARKETS], "sold_idr"):
        which = _indices(outlets_of(frozen), "buyer", buyer["code"])
        yield rules.scenario("buyer", buyer), scenarios.without_outlets(chain, which)
    if sold := _most(_sales(result), "sold_idr"):
        which = _indices(outlets_of(frozen), "commodity", sold["code"])
        yield rules.scenario("price", sold), scenarios.with_outlet_prices(chain, which, rules.PRICE_FALLS_TO)
    if bought := _most(result["commodities"], "bought_idr"):
        which = _indices(sellers_of(frozen), "commodity", bought["code"])
        yield rules.scenario("input", bought), scenarios.with_supplier_prices(chain, which, rules.PRICE_RISES_TO)
    if seasonal := _most(_seasonal(frozen, result), "income_idr"):
        activity = next(a for a in frozen["activities"] if a["code"] == seasonal["code"])
        best = np.argsort(activity["season"], kind="stable")[-BEST_MONTHS:].astype(np.int64)
        which = _indices(frozen["activities"], "code", activity["code"])
        yield rules.scenario("season", activity), scenarios.without_seasons(chain, which, best)
    if resource := _scarcest(result):
        which = _indices(frozen["resources"], "code", resource["code"])
        yield rules.scenario("resource", resource), scenarios.with_pools(chain, which, rules.RESOURCE_FALLS_TO)


def _most(rows: Sequence[Mapping[str, Any]], by: str) -> Mapping[str, Any] | None:
    """The row with most of something; none where all have none."""
    return max((row for row in rows if row[by]), key=lambda row: row[by], default=None)


def _scarcest(result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The resource that is the tightest bottleneck, or else that of whose yield most is taken."""
    tight = [found["code"] for found in result["bottlenecks"] if found["kind"] == "resource"][:1]
    taken = [row for row in result["resources"] if row["taken"]]
    return _most([row for row in taken if row["code"] in tight] or taken, "share")


def _indices(rows: Sequence[Mapping[str, Any]], column: str, code: str) -> Ints:
    return np.array([i for i, row in enumerate(rows) if row.get(column) == code], dtype=np.int64)


def _sales(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is sold of each commodity, to buyers and on markets."""
    sold: dict[str, dict[str, Any]] = {}
    for row in [*result["demands"], *result["markets"]]:
        names = {"code": row["commodity"], "name": row["name"], "name_en": row["name_en"]}
        one = sold.setdefault(row["commodity"], {**names, "sold_idr": 0})
        one["sold_idr"] += row["sold_idr"]
    return list(sold.values())


def _seasonal(frozen: Mapping[str, Any], result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The activities that start and have a season, with what all their enterprises earn."""
    has_season = {a["code"] for a in frozen["activities"] if max(a["season"]) - min(a["season"]) > rules.ROUNDED / 100}
    return [
        {"code": a["code"], "income_idr": a["enterprises"] * (a["income_idr"] or 0)}
        for a in result["activities"]
        if a["code"] in has_season and a["enterprises"]
    ]
