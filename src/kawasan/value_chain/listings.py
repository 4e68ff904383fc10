"""The lists of the value chain as files."""

from operator import attrgetter, itemgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.value_chain.models import (
    Activity,
    ActivityFlow,
    Commodity,
    Demand,
    ExistingEnterprise,
    KbliCode,
    LocalMarket,
    Price,
    Storage,
    Supplier,
)

_ROW, _REASONS = itemgetter(0), itemgetter(1)

ACTIVITIES = listing(
    "activities", _("Activities"), Activity,
    "code", "name", "name_en", "field=field.code", "stage", "kbli_version", "kbli_code", "cycle_days",
    "cycles_per_year",
    "labour_days", "running_cost_idr", "capital_idr", "least_enterprises", "most_enterprises",
    Column("reasons", _("What speaks against planning it"), _REASONS),
    at=_ROW,
)  # fmt: skip
COMMODITIES = listing(
    "commodities", _("Commodities"), Commodity,
    "code", "name", "name_en", "unit", "outside_price_idr", "perishable_days", "kbli_version", "kbli_code",
    "transport_idr_per_km",
    Column("makers", _("Activities that make it"), attrgetter("makers"),
        about=_("How many activities have it as output"),
        kind=Kind.INTEGER),
    Column("users", _("Activities that use it"), attrgetter("users"), about=_("How many activities have it as input"),
        kind=Kind.INTEGER),
    Column("buyers", _("Buyers"), attrgetter("buyers"), about=_("How many offtakers have a demand for it"),
        kind=Kind.INTEGER),
)  # fmt: skip
PRICES = listing(
    "prices", _("Prices over time"), Price,
    "commodity=commodity.code", "as_of", "kind", "place=place.code", "price_idr", "highest_idr", "source",
)  # fmt: skip
DEMANDS = listing(
    "demands", _("Demands"), Demand,
    "code", "offtaker=offtaker.code", "offtaker_name=offtaker.name", "commodity=commodity.code",
    "commodity_name=commodity.name", "grade", "place=place.code", "quantity_per_month", "unit=commodity.unit",
    "in_months",
    "price_idr",
    Column("value_per_year_idr", _("Worth a year"), lambda row: row[0].value_per_year_idr,
        about=_("Quantity a month times price, over the months in which it is bought"),
        kind=Kind.RUPIAH),
    "firmness", "valid_from", "valid_to", "source",
    Column("reasons", _("What speaks against planning for it"), _REASONS),
    at=_ROW,
)  # fmt: skip
ROWS = {
    "kbli_codes": listing("kbli-codes", _("KBLI codes"), KbliCode, "version", "code", "name", "name_en", "source"),
    "suppliers": listing(
        "suppliers", _("Suppliers"), Supplier,
        "code", "organisation=organisation.code", "organisation_name=organisation.name", "commodity=commodity.code",
        "commodity_name=commodity.name", "place=place.code", "quantity_per_month", "unit=commodity.unit", "price_idr",
        "in_months", "source",
    ),
    "existing_enterprises": listing(
        "existing-enterprises", _("Existing enterprises"), ExistingEnterprise,
        "code", "name", "activity=activity.code", "activity_name=activity.name", "place=place.code",
        "place_name=place.name", "count", "since", "source",
    ),
    "local_markets": listing(
        "local-markets", _("Local markets"), LocalMarket,
        "commodity=commodity.code", "commodity_name=commodity.name", "place=place.code", "place_name=place.name",
        "step",
        "quantity_per_month", "unit=commodity.unit", "price_idr", "source",
    ),
    "storages": listing(
        "storages", _("Storage"), Storage,
        "code", "name", "place=place.code", "place_name=place.name", "commodity=commodity.code",
        "commodity_name=commodity.name", "capacity", "unit=commodity.unit", "keeps_days", "source",
    ),
}  # fmt: skip

FLOWS = listing(
    "flows", _("Recipe"), ActivityFlow,
    "activity=activity.code", "commodity=commodity.code", "commodity_name=commodity.name", "direction", "quantity",
    "unit=commodity.unit", "loss_percent", "is_by_product",
)  # fmt: skip
