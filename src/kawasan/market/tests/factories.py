"""A demand, contracts against it and deliveries: plain functions that make valid rows."""

import datetime
from typing import Any

from kawasan.enterprises.models import Enterprise
from kawasan.market.models import Contract, Delivery
from kawasan.partners.models import Organisation
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Commodity, Demand


def demand(programme: Programme, number: int = 1, **columns: Any) -> Demand:
    """A hotel that wants 100 boxes a month."""
    offtaker, _made = Organisation.objects.get_or_create(
        programme=programme, code="ORG-9", defaults={"name": "Hotel Contoh", "kind": "offtaker", "source": "synthetic"}
    )
    commodity = Commodity.objects.create(
        programme=programme,
        code=f"KOM-{number}",
        name=f"Kue {number}",
        name_en=f"Cake {number}",
        unit="box",
        source="synthetic",
    )
    defaults = {
        "quantity_per_month": 100,
        "price_idr": 20_000,
        "firmness": "letter",
        "valid_from": datetime.date(2022, 9, 1),
        "valid_to": datetime.date(2023, 8, 31),
        "source": "synthetic",
    }
    return Demand.objects.create(
        programme=programme, code=f"DEM-{number}", offtaker=offtaker, commodity=commodity, **(defaults | columns)
    )


def contract(of: Demand, by: Enterprise, number: int = 1, **columns: Any) -> Contract:
    """Sixty boxes a month from October to March."""
    defaults = {
        "quantity_per_month": 60,
        "price_idr": 20_000,
        "signed_on": datetime.date(2022, 9, 20),
        "starts_on": datetime.date(2022, 10, 1),
        "ends_on": datetime.date(2023, 3, 31),
        "source": "synthetic",
    }
    return Contract.objects.create(
        programme=of.programme, code=f"K{number:03}", demand=of, enterprise=by, **(defaults | columns)
    )


def delivery(under: Contract, number: int = 1, **columns: Any) -> Delivery:
    """Fifty boxes in November, all accepted, not yet paid."""
    defaults = {
        "delivered_on": datetime.date(2022, 11, 10),
        "quantity": 50,
        "accepted_quantity": 50,
        "price_idr": 20_000,
        "source": "synthetic",
    }
    return Delivery.objects.create(
        programme=under.programme, contract=under, code=f"D{number:03}", **(defaults | columns)
    )
