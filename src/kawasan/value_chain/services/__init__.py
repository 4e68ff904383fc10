"""Rows of the value chain are entered; plans are frozen, solved and adopted."""

from kawasan.value_chain.services.later import compare_plan_later, find_robust_plan_later, make_plan_later
from kawasan.value_chain.services.plan_scenarios import compare_plan, find_robust_plan
from kawasan.value_chain.services.plans import adopt_plan, freeze_plan, make_plan, solve_plan
from kawasan.value_chain.services.rows import Row, add, change, reasons_not_removable, remove, self_feeding

__all__ = [
    "Row",
    "add",
    "adopt_plan",
    "change",
    "compare_plan",
    "compare_plan_later",
    "find_robust_plan",
    "find_robust_plan_later",
    "freeze_plan",
    "make_plan",
    "make_plan_later",
    "reasons_not_removable",
    "remove",
    "self_feeding",
    "solve_plan",
]
