"""What takes long with a plan, asked for in a request and done by a worker."""

from django.urls import reverse

from kawasan.core import jobs
from kawasan.core.models import Job, User
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Plan
from kawasan.value_chain.plan_input import Wishes
from kawasan.value_chain.services.plan_scenarios import compare_plan, find_robust_plan
from kawasan.value_chain.services.plans import freeze_plan, solve_plan


def make_plan_later(*, programme: Programme, by: User | None, wishes: Wishes | None = None) -> Job:
    """Freeze the present rows at once, and have their plan computed."""
    plan = freeze_plan(programme=programme, by=by, wishes=wishes)
    return _start(_make, plan, Text(_("Compute {plan}"), {"plan": plan.code}), by, "")


def compare_plan_later(*, plan: Plan, by: User | None) -> Job:
    """Have what could go wrong with a plan computed."""
    return _start(_compare, plan, Text(_("Compute the scenarios of {plan}"), {"plan": plan.code}), by, "#scenarios")


def find_robust_plan_later(*, plan: Plan, by: User | None) -> Job:
    """Have the enterprises sought that are best in the worst scenario."""
    return _start(_find_robust, plan, Text(_("Seek the robust plan of {plan}"), {"plan": plan.code}), by, "#robust")


def _start(work: jobs.Work, plan: Plan, about: Text, by: User | None, part: str) -> Job:
    return jobs.start(
        work,
        programme=plan.programme,
        about=about,
        subject=f"value_chain.{plan.code}{part}",
        address=reverse("value_chain:plan", args=[plan.programme.code, plan.code]) + part,
        by=by,
        plan=plan.pk,
    )


def _make(job: Job, plan: int) -> Text:
    made = solve_plan(plan=_plan(plan), by=job.by)
    return Text(_("{plan} was computed."), {"plan": made.code})


def _compare(job: Job, plan: int) -> Text:
    made = compare_plan(plan=_plan(plan), by=job.by)
    return Text(_("The scenarios of {plan} were computed."), {"plan": made.code})


def _find_robust(job: Job, plan: int) -> Text:
    made = find_robust_plan(plan=_plan(plan), by=job.by)
    return Text(_("The robust plan of {plan} was found."), {"plan": made.code})


def _plan(number: int) -> Plan:
    return Plan.objects.select_related("programme").get(pk=number)
