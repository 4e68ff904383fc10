"""What a plan was frozen from, as the chain that the engine plans."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from kawasan.engine import chain
from kawasan.engine.chain import Chain


def chain_of(frozen: dict[str, Any]) -> Chain:
    """The frozen rows as one year in one place: every enterprise runs in full, resources are taken for the year."""
    fields, activities, commodities = frozen["fields"], frozen["activities"], frozen["commodities"]
    resources, demands = frozen["resources"], frozen["demands"]
    stages = list(chain.STAGES)
    field_codes, commodity_codes = _codes(fields), _codes(commodities)
    bought = [c for c in commodities if c["outside_price_idr"] is not None]
    return Chain(
        period_months=np.array([12.0]),
        places=chain.Places(codes=("",)),
        fields=chain.Fields(codes=field_codes, least=_numbers(fields, "least"), most=_numbers(fields, "most")),
        activities=chain.Activities(
            codes=_codes(activities),
            field=np.array([field_codes.index(a["field"]) for a in activities], dtype=np.int64),
            stage=np.array([stages.index(a["stage"]) for a in activities], dtype=np.int64),
            capacity=np.ones((len(activities), 1)),
            running_cost_idr=_numbers(activities, "cost_idr"),
            run_least=np.ones(len(activities)),
            labour_days=_numbers(activities, "labour_days"),
            capital_idr=_numbers(activities, "capital_idr"),
            most=_numbers(activities, "most"),
            output=_table(activities, "outputs", commodities),
            input=_table(activities, "inputs", commodities),
            needs_standing=_table(activities, "resources", resources),
        ),
        sites=chain.Sites(
            activity=np.arange(len(activities), dtype=np.int64), place=np.zeros(len(activities), dtype=np.int64)
        ),
        commodities=chain.Commodities(codes=commodity_codes),
        kinds=chain.Kinds(codes=_codes(resources), is_yearly=np.ones(len(resources), dtype=bool)),
        pools=chain.Pools(
            codes=_codes(resources),
            kind=np.arange(len(resources), dtype=np.int64),
            available=_numbers(resources, "available")[:, None],
        ),
        suppliers=chain.Suppliers(
            codes=_codes(bought),
            commodity=np.array([commodity_codes.index(c["code"]) for c in bought], dtype=np.int64),
            price_idr=_numbers(bought, "outside_price_idr")[:, None],
        ),
        outlets=chain.Outlets(
            codes=_codes(demands),
            commodity=np.array([commodity_codes.index(d["commodity"]) for d in demands], dtype=np.int64),
            firmness=np.array([chain.FIRMNESS.index(d["firmness"]) for d in demands], dtype=np.int64),
            price_idr=_numbers(demands, "price_idr")[:, None],
            quantity=_numbers(demands, "quantity")[:, None],
        ),
        seats_least=frozen["seats"],
        seats_most=frozen["seats"],
    )


def _codes(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["code"] for row in rows)


def _numbers(rows: Sequence[dict[str, Any]], name: str) -> chain.Floats:
    """One column of the input; a price that is not known is one that nobody can pay."""
    return np.array([math.inf if row[name] is None else row[name] for row in rows], dtype=np.float64)


def _table(activities: Sequence[dict[str, Any]], name: str, columns: Sequence[dict[str, Any]]) -> chain.Entries:
    rows = [[activity[name].get(column["code"], 0.0) for column in columns] for activity in activities]
    return chain.entries(np.array(rows, dtype=np.float64).reshape(len(activities), len(columns)))
