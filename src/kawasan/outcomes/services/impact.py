"""The plan of the comparison is registered, and the effect estimated from the chances that the draw gave."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.engine import impact
from kawasan.engine.redraws import Redraws, redraws
from kawasan.outcomes import queries, rules
from kawasan.outcomes.models import AnalysisPlan, Estimate, Round
from kawasan.outcomes.queries import Person
from kawasan.outcomes.rules import Outcome
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.selection.models import Draw
from kawasan.selection.rules import DrawStatus


@transaction.atomic
def register_plan(
    *, programme: Programme, round: Round, outcomes: Sequence[str], covariates: Sequence[str], by: User | None
) -> AnalysisPlan:
    """Fix what will be compared and how, before anybody is measured after the start."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    reasons = queries.reasons_not_registrable(programme)
    reasons += rules.reasons_no_plan(outcomes=outcomes, months_after=round.months_after)
    if reasons:
        raise Refused(*reasons)
    plan = AnalysisPlan(
        programme=programme, round=round, outcomes=list(outcomes), covariates=list(covariates), redraws=rules.REDRAWS
    )
    plan.registered_on = today(programme)
    plan.plan_hash = queries.hash_of_plan(plan)
    plan.full_clean()
    plan.save()
    log("outcomes.plan_registered", plan, by=by, plan_hash=plan.plan_hash)
    return plan


def estimate(*, plan: AnalysisPlan, round: Round, by: User | None, on: datetime.date | None = None) -> Estimate:
    """Estimate the effect in a round from what is known now, and keep it with the hash of its rows."""
    draw = plan.programme.draws.get(status=DrawStatus.DRAWN)
    drawn, others = queries.answered(draw, round)
    if reasons := rules.reasons_not_estimable(is_registered=True, drawn=drawn, others=others):
        raise Refused(*reasons)
    people = queries.people(draw, round)
    result = _result(plan, draw, people)
    made = Estimate(programme=plan.programme, plan=plan, round=round, result=result)
    made.rows_hash = queries.hash_of([asdict(one) for one in people])
    made.estimated_on = on or today(plan.programme)
    return _record(made, by=by)


@transaction.atomic
def _record(made: Estimate, *, by: User | None) -> Estimate:
    same = made.plan.estimates.filter(round=made.round, rows_hash=made.rows_hash).first()
    if same:
        return same
    made.full_clean()
    made.save()
    log("outcomes.effect_estimated", made, by=by, round=made.round.code, rows_hash=made.rows_hash)
    return made


def _result(plan: AnalysisPlan, draw: Draw, people: Sequence[Person]) -> dict[str, Any]:
    seed = int(draw.frozen_hash[:8], 16)
    again = redraws(draw.frozen, times=plan.redraws, seed=seed)
    at = {name: number for number, name in enumerate(again.names)}
    kept = [one for one in people if one.pseudonym in at and 0 < again.chance[at[one.pseudonym]] < 1]
    columns = [at[one.pseudonym] for one in kept]
    chances = Redraws(tuple(one.pseudonym for one in kept), again.chance[columns], again.drawn[:, columns])
    covariates = _covariates(kept, plan.covariates)
    wanted = [rules.OUTCOMES[code] for code in plan.outcomes]
    found = [effect for outcome in wanted if (effect := _effect(kept, chances, covariates, outcome))]
    together = impact.corrected([test for _stored, test in found])
    effects = [stored | {"corrected": p} for (stored, _test), p in zip(found, together, strict=True)]
    return {"people": len(people), "left_out": len(people) - len(kept), "seed": seed, "effects": effects}


def _effect(
    people: Sequence[Person], chances: Redraws, covariates: impact.Floats, outcome: Outcome
) -> tuple[dict[str, Any], tuple[float, impact.Floats]] | None:
    """The figures of one outcome and its test; nothing where too few on one side could tell."""
    values = [outcome.of(one.answer) if one.answer else None for one in people]
    answered = np.array([value is not None for value in values])
    drawn = np.array([one.is_drawn for one in people])
    numbers = np.array([value or 0.0 for value in values])
    known, chance, given = (numbers[answered], drawn[answered]), chances.chance[answered], covariates[answered]
    if min(known[1].sum(), (~known[1]).sum()) < rules.LEAST_OF_AN_ARM:
        return None
    found, plain = impact.adjusted(*known, chance, given), impact.naive(*known)
    test = impact.redrawn(*known, chance, chances.drawn[:, answered], given)
    bounds = impact.bounds(numbers, answered, drawn, chances.chance)
    return _stored(outcome, found, plain, test, bounds), (test.score, test.scores)


def _stored(
    outcome: Outcome, found: impact.Effect, plain: impact.Effect, test: impact.Redrawn, bounds: impact.Bounds
) -> dict[str, Any]:
    return {name: value for name, value in asdict(found).items() if name != "error"} | {
        "outcome": outcome.code,
        "p_value": test.p_value,
        "redraw_low": _finite(test.low),
        "redraw_high": _finite(test.high),
        "naive": plain.effect,
        "naive_low": plain.low,
        "naive_high": plain.high,
        "bound_low": bounds.low,
        "bound_high": bounds.high,
        "answered_drawn": bounds.answered_drawn,
        "answered_others": bounds.answered_others,
    }


def _covariates(people: Sequence[Person], names: Sequence[str]) -> impact.Floats:
    """Return (people, k): a column of 0 and 1 for each value but the first of what was known before."""
    values = {name: sorted({one.features[name] for one in people}) for name in names}
    columns = [[one.features[name] == value for one in people] for name in names for value in values[name][1:]]
    return np.array(columns, dtype=np.float64).reshape(len(columns), len(people)).T


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def estimate_all(*, programme: Programme, by: User | None) -> list[Estimate]:
    """Estimate the effect in every round after the start in which enough people answered."""
    plan, draw = queries.plan_of(programme), queries.draw_of(programme)
    if not (plan and draw):
        return []
    counts = [(one, *queries.answered(draw, one)) for one in programme.rounds.filter(months_after__gt=0)]
    ready = [
        one
        for one, drawn, others in counts
        if not rules.reasons_not_estimable(is_registered=True, drawn=drawn, others=others)
    ]
    return [estimate(plan=plan, round=one, by=by) for one in ready]
