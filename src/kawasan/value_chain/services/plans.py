"""Plans are frozen, solved and adopted."""

from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import planning
from kawasan.engine.errors import InfeasibleError
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.value_chain import rules
from kawasan.value_chain.models import Plan
from kawasan.value_chain.plan_input import Wishes, hash_of, plan_input
from kawasan.value_chain.rules import PlanStatus
from kawasan.value_chain.services.plan_chain import chain_of, levels_of
from kawasan.value_chain.services.plan_limits import conflict_in_words
from kawasan.value_chain.services.plan_result import result_of

GAP = 0.02  # share of the first aim by which a plan may be worse than the best next to the continuous one


@transaction.atomic
def freeze_plan(*, programme: Programme, by: User | None, wishes: Wishes | None = None) -> Plan:
    """Write down exactly what a plan will be computed from; a frozen plan of the same figures is taken up again."""
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once get one plan
    frozen = plan_input(programme, today(programme), wishes or Wishes())
    if reasons := rules.reasons_not_plannable(activities=len(frozen["activities"]), demands=len(frozen["demands"])):
        raise Refused(*reasons)
    mark, newest = hash_of(frozen), programme.plans.first()
    if newest and newest.input_hash == mark:
        if newest.status == PlanStatus.SOLVED:
            raise Refused(Text(_("Nothing has changed since {plan}; its result stands."), {"plan": newest.code}))
        return newest
    plan = Plan(programme=programme, code=f"PLAN-{programme.plans.count() + 1}", input=frozen, input_hash=mark)
    plan.full_clean()
    plan.save()
    log("value_chain.plan_frozen", plan, by=by, input_hash=mark)
    return plan


def refuse_other_input(*, plan: Plan) -> None:
    """Compute neither from an input that is not what was frozen, nor from one without months and places."""
    if hash_of(plan.input) != plan.input_hash:
        raise Refused(Text(_("The input of {plan} is not what was frozen. Freeze a new plan."), {"plan": plan.code}))
    if "months" not in plan.input:
        template = _("{plan} was frozen by an earlier version, without months and places. Compute a new plan.")
        raise Refused(Text(template, {"plan": plan.code}))


def solve_plan(*, plan: Plan, by: User | None) -> Plan:
    """Compute a frozen plan from its own input. The computation holds no transaction open."""
    refuse_other_input(plan=plan)
    try:
        solved = planning.solve(
            chain_of(plan.input), levels=levels_of(plan.input), gap=GAP, search=False, ranges=rules.MOST_TOLD
        )
    except InfeasibleError as error:
        raise Refused(
            Text(_("The seats cannot be filled, because these cannot hold together. Loosen one of them:")),
            *(conflict_in_words(plan.input, name) for name in error.conflict),
        ) from error
    return _record(plan=plan, result=result_of(plan.input, solved), by=by)


@transaction.atomic
def _record(*, plan: Plan, result: dict[str, Any], by: User | None) -> Plan:
    frozen = Plan.objects.filter(pk=plan.pk, status=PlanStatus.FROZEN)
    if frozen.update(status=PlanStatus.SOLVED, result=result) != 1:
        raise Refused(Text(_("{plan} has already been computed; load the page again to see it."), {"plan": plan.code}))
    plan.refresh_from_db()
    log("value_chain.plan_solved", plan, by=by, income_idr=result["income_idr"], gap=result["gap"])
    return plan


def make_plan(*, programme: Programme, by: User | None, wishes: Wishes | None = None) -> Plan:
    """Freeze the present rows and compute their plan."""
    return solve_plan(plan=freeze_plan(programme=programme, by=by, wishes=wishes), by=by)


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
