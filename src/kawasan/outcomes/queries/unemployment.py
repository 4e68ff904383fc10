"""Who works in a round, and the newest figures of the area's labour force."""

from kawasan.outcomes import rules
from kawasan.outcomes.models import AnalysisPlan, LabourForce, Round
from kawasan.outcomes.queries.indicators import participants
from kawasan.outcomes.rules import Caused, Contribution
from kawasan.programmes.models import Programme


def work_in(measured_in: Round) -> dict[str, bool]:
    """Whether each participant who was measured in a round works."""
    rows = measured_in.measurements.filter(is_comparison=False, applicant__in=participants(measured_in.programme))
    return dict(rows.values_list("applicant__code", "is_working"))


def rounds_after(programme: Programme) -> list[Round]:
    """The rounds after the start in which somebody was measured."""
    measured = programme.rounds.filter(months_after__gt=0, measurements__is_comparison=False).distinct()
    return list(measured.order_by("months_after"))


def contribution_in(measured_in: Round, labour_force: LabourForce) -> Contribution | None:
    """What the jobs of a round are to the labour force; none where nobody was measured at the start."""
    baseline = measured_in.programme.rounds.filter(months_after=0).first()
    if baseline is None:
        return None
    found = rules.contribution(
        work_in(baseline),
        work_in(measured_in),
        labour_force=labour_force.labour_force,
        unemployed=labour_force.unemployed,
    )
    return found if found.measured else None


def caused_in(measured_in: Round, plan: AnalysisPlan | None) -> Caused | None:
    """The jobs that being drawn made by a round, where the effect on working was estimated."""
    estimate = plan.estimates.filter(round=measured_in).first() if plan else None
    effects = rules.shown(estimate.result["effects"]) if estimate else []
    working = next((one for one in effects if one.outcome.code == "working"), None)
    return rules.caused(working) if working else None
