"""Rows of a value chain, made valid; a test names only what it is about."""

import datetime
from typing import Any

from kawasan.areas.models import Place, Resource, ResourceKind
from kawasan.partners.models import Organisation
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import (
    Activity,
    ActivityFlow,
    ActivityResource,
    Commodity,
    Demand,
    LocalMarket,
    Price,
    Supplier,
)


def make_commodity(programme: Programme, code: str = "KOM-telur", **columns: Any) -> Commodity:
    defaults = {"name": "Telur", "name_en": "Eggs", "unit": "kg", "source": "synthetic"}
    return Commodity.objects.create(programme=programme, code=code, **(defaults | columns))


def make_activity(programme: Programme, code: str = "ACT-ayam", **columns: Any) -> Activity:
    defaults = {
        "name": "Ayam petelur",
        "name_en": "Laying hens",
        "field": programme.fields.first(),
        "stage": "primary",
        "kbli_code": "01462",
        "cycle_days": 30,
        "cycles_per_year": 12,
        "labour_days": 20,
        "running_cost_idr": 500_000,
        "capital_idr": 8_000_000,
        "most_enterprises": 10,
        "source": "synthetic",
    }
    return Activity.objects.create(programme=programme, code=code, **(defaults | columns))


def make_flow(
    activity: Activity, commodity: Commodity, direction: str, quantity: float = 100, **columns: Any
) -> ActivityFlow:
    return ActivityFlow.objects.create(
        programme=activity.programme,
        activity=activity,
        commodity=commodity,
        direction=direction,
        quantity=quantity,
        source="synthetic",
        **columns,
    )


def make_place(programme: Programme, code: str = "19.71", name: str = "Contoh") -> Place:
    defaults = {"name": name, "level": "city", "latitude": -2.1, "longitude": 106.1, "source": "synthetic"}
    return Place.objects.get_or_create(programme=programme, code=code, defaults=defaults)[0]


def make_price(commodity: Commodity, year: int = 2022, **columns: Any) -> Price:
    defaults = {"kind": "producer", "as_of": datetime.date(year, 1, 1), "price_idr": 25_000, "source": "synthetic"}
    return Price.objects.create(programme=commodity.programme, commodity=commodity, **(defaults | columns))


def make_supplier(commodity: Commodity, code: str = "SUP-1", **columns: Any) -> Supplier:
    defaults = {"price_idr": 6_000, "source": "synthetic"}
    return Supplier.objects.create(
        programme=commodity.programme, commodity=commodity, code=code, **(defaults | columns)
    )


def make_market(commodity: Commodity, step: int = 1, price_idr: int = 20_000, **columns: Any) -> LocalMarket:
    defaults = {"quantity_per_month": 100, "source": "synthetic"}
    if "place" not in columns:
        defaults["place"] = make_place(commodity.programme)
    return LocalMarket.objects.create(
        programme=commodity.programme, commodity=commodity, step=step, price_idr=price_idr, **(defaults | columns)
    )


def make_buyer(programme: Programme, code: str = "ORG-hotel", name: str = "Hotel Contoh") -> Organisation:
    buyer, _made = Organisation.objects.get_or_create(
        programme=programme, code=code, defaults={"name": name, "kind": "offtaker", "source": "synthetic"}
    )
    return buyer


def make_demand(commodity: Commodity, code: str = "DEM-1", **columns: Any) -> Demand:
    defaults = {
        "commodity": commodity,
        "quantity_per_month": 300,
        "price_idr": 28_000,
        "firmness": "letter",
        "valid_from": datetime.date(2022, 9, 1),
        "valid_to": datetime.date(2023, 11, 30),
        "source": "synthetic",
    }
    if "offtaker" not in columns:
        defaults["offtaker"] = make_buyer(commodity.programme)
    return Demand.objects.create(programme=commodity.programme, code=code, **(defaults | columns))


def make_kind(programme: Programme, code: str = "hijauan", **columns: Any) -> ResourceKind:
    defaults = {"capital": "natural", "name": code, "unit": "ton"} | columns
    return ResourceKind.objects.get_or_create(programme=programme, code=code, defaults=defaults)[0]


def make_resource(programme: Programme, code: str = "RES-rumput", **columns: Any) -> Resource:
    place, kind = make_place(programme), make_kind(programme)
    defaults = {
        "name": "Rumput",
        "name_en": "Grass",
        "kind": kind,
        "place": place,
        "quantity": 100,
        "unit": "ton",
        "sustainable_yield": 50.0,
        "used": 10.0,
        "as_of": datetime.date(2022, 8, 1),
        "source": "synthetic",
    }
    return Resource.objects.create(programme=programme, code=code, **(defaults | columns))


def make_resource_use(activity: Activity, resource: Resource, quantity: float = 1) -> ActivityResource:
    return ActivityResource.objects.create(
        programme=activity.programme, activity=activity, resource=resource, quantity=quantity, source="synthetic"
    )


def make_chain(programme: Programme) -> None:
    """A chain of two: hens lay eggs that a kitchen turns into cakes; the hotel buys both, feed comes from outside.

    Four seats, two fields with one to three seats each. An egg farm makes 1,200 kg a year at Rp6,000,000 and eats
    1,800 kg of feed at Rp7,000; a kitchen makes 1,200 boxes from 600 kg of eggs at Rp12,000,000.
    """
    culinary, digital = programme.fields.all()
    feed = make_commodity(programme, "KOM-pakan", name="Pakan ayam", name_en="Chicken feed", outside_price_idr=7_000)
    eggs = make_commodity(programme, "KOM-telur")
    cakes = make_commodity(programme, "KOM-kue", name="Kue kotak", name_en="Boxes of cake", unit="kotak")
    farm = make_activity(programme, "ACT-ayam", field=digital)
    kitchen = make_activity(
        programme,
        "ACT-kue",
        name="Dapur kue",
        name_en="Cake kitchen",
        field=culinary,
        stage="processing",
        kbli_code="10710",
        running_cost_idr=1_000_000,
    )
    make_flow(farm, feed, "input", 150)
    make_flow(farm, eggs, "output", 100)
    make_flow(kitchen, eggs, "input", 50)
    make_flow(kitchen, cakes, "output", 100)
    make_demand(eggs, "DEM-telur", quantity_per_month=200, price_idr=28_000, firmness="contract")
    make_demand(cakes, "DEM-kue", quantity_per_month=250, price_idr=45_000, firmness="wish")
