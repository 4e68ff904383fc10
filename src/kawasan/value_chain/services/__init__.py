"""Rows of the value chain are entered; plans are frozen, solved and adopted."""

from kawasan.value_chain.services.plan_scenarios import compare_plan, find_robust_plan
from kawasan.value_chain.services.plans import adopt_plan, freeze_plan, make_plan, solve_plan
from kawasan.value_chain.services.rows import Row, add, change, reasons_not_removable, remove, self_feeding

__all__ = [
    "Row",
    "add",
    "adopt_plan",
    "change",
    "compare_plan",
    "find_robust_plan",
    "freeze_plan",
    "make_plan",
    "reasons_not_removable",
    "remove",
    "self_feeding",
    "solve_plan",
]
