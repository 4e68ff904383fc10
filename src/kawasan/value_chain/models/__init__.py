"""Commodities, activities with their recipes, buyers' demands, codes of business, and plans of the value chain."""

from kawasan.value_chain.models.activities import (
    Activity,
    ActivityFlow,
    ActivityPlace,
    ActivityResource,
    ActivitySeason,
    ActivitySkill,
)
from kawasan.value_chain.models.commodities import Commodity, Price
from kawasan.value_chain.models.kbli import KbliCode
from kawasan.value_chain.models.plans import Plan
from kawasan.value_chain.models.trade import Demand, ExistingEnterprise, LocalMarket, Storage, Supplier

__all__ = [
    "Activity",
    "ActivityFlow",
    "ActivityPlace",
    "ActivityResource",
    "ActivitySeason",
    "ActivitySkill",
    "Commodity",
    "Demand",
    "ExistingEnterprise",
    "KbliCode",
    "LocalMarket",
    "Plan",
    "Price",
    "Storage",
    "Supplier",
]
