"""Rounds, what is measured in them, and the effect that is estimated from it."""

from kawasan.outcomes.services.impact import estimate, estimate_all, register_plan
from kawasan.outcomes.services.labour_force import add_labour_force, remove_labour_force
from kawasan.outcomes.services.reporting import freeze_reporting_date, report_today
from kawasan.outcomes.services.rounds import freeze_round, plan_rounds, record_measurement

__all__ = [
    "add_labour_force",
    "estimate",
    "estimate_all",
    "freeze_reporting_date",
    "freeze_round",
    "plan_rounds",
    "record_measurement",
    "register_plan",
    "remove_labour_force",
    "report_today",
]
