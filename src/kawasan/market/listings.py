"""The lists of the market as files."""

from operator import attrgetter

from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.market.models import Contract, Delivery, Order, Part
from kawasan.value_chain.models import Commodity, Demand

DEMANDS = listing(
    "market", _("Market"), Demand,
    "code", "commodity=commodity.code", "commodity_name=commodity.name", "offtaker=offtaker.code",
    "offtaker_name=offtaker.name", "firmness", "quantity_per_month", "unit=commodity.unit", "price_idr", "valid_from",
    "valid_to",
    Column("contracted", _("Contracted"), lambda row: row[1].contracted,
        about=_("Quantity a month under contracts that run, in the commodity's unit"),
        kind=Kind.NUMBER),
    Column("open", _("Still open"), lambda row: row[1].open, about=_("Quantity a month without a contract"),
        kind=Kind.NUMBER),
    Column("delivered", _("Delivered last month"), lambda row: row[1].delivered,
        about=_("Quantity confirmed in the last full month"),
        kind=Kind.NUMBER),
    Column("fulfilled", _("Fulfilled"), lambda row: row[1].fulfilment, about=_("Delivered over demanded"),
        kind=Kind.SHARE),
    at=lambda row: row[0],
)  # fmt: skip
CONTRACTS = listing(
    "contracts", _("Contracts"), Contract,
    "code", "enterprise=enterprise.code", "enterprise_name=enterprise.name", "demand=demand.code",
    "commodity=demand.commodity.code", "commodity_name=demand.commodity.name", "offtaker=demand.offtaker.code",
    "offtaker_name=demand.offtaker.name", "quantity_per_month", "unit=demand.commodity.unit", "price_idr", "signed_on",
    "starts_on", "ends_on", "grade", "penalty", "payment_days",
    Column("delivered", _("Delivered"), attrgetter("delivered"), about=_("Quantity confirmed under the contract"),
        kind=Kind.NUMBER),
    Column("overdue", _("Overdue"), attrgetter("overdue"), about=_("Deliveries whose payment is late"),
        kind=Kind.INTEGER),
)  # fmt: skip
ORDERS = listing(
    "orders", _("Orders"), Order,
    "code", "offtaker=offtaker.code", "offtaker_name=offtaker.name", "contract=contract.code",
    "commodity=commodity.code", "commodity_name=commodity.name", "grade", "quantity", "unit=commodity.unit",
    "price_idr",
    "placed_on", "due_on",
    Column(
        "accepted", _("Quantity that enterprises accepted to bring"), lambda row: row.order.accepted, kind=Kind.NUMBER
    ),
    Column(
        "brought", _("Quantity that was brought and is not yet confirmed"), lambda row: row.order.on_the_way,
        kind=Kind.NUMBER,
    ),
    Column("confirmed", _("Quantity that both sides signed"), lambda row: row.order.signed, kind=Kind.NUMBER),
    Column("state", _("Where the order stands"), lambda row: in_words(row.state.label)),
    Column("said", _("What is late and what is short"), lambda row: row.said),
    at=lambda row: row.order,
)  # fmt: skip
DELIVERIES = listing(
    "deliveries", _("Deliveries"), Delivery,
    "code", "order=order.code", "contract=contract.code",
    Column("enterprise", _("Who delivered"), lambda row: row[0].supplier.code, kind=Kind.CODE),
    Column("enterprise_name", _("Who delivered"), lambda row: row[0].supplier),
    Column("offtaker", _("To whom"), lambda row: row[0].offtaker),
    Column("commodity", _("What was delivered"), lambda row: row[0].commodity.code, kind=Kind.CODE),
    Column("unit", _("Unit"), lambda row: row[0].commodity.unit),
    "grade", "delivered_on", "quantity", "accepted_quantity", "price_idr",
    Column("amount_idr", _("What is to be paid, rupiah"), lambda row: row[0].amount_idr, kind=Kind.RUPIAH),
    Column("pay_by", _("Day by which it is to be paid"), lambda row: row[0].due_on, kind=Kind.DATE),
    "paid_on",
    Column("payment", _("Where the payment stands"), lambda row: in_words(row[1].label)),
    at=lambda row: row[0],
)  # fmt: skip
PRICES = listing(
    "paid-prices", _("Prices that were paid"), Commodity,
    "code", "name", "unit",
    Column("deliveries", _("Signed deliveries"), attrgetter("deliveries"), kind=Kind.INTEGER),
    Column("lowest_idr", _("Lowest"), attrgetter("lowest_idr"), about=_("Rupiah a unit in signed deliveries"),
        kind=Kind.RUPIAH),
    Column("highest_idr", _("Highest"), attrgetter("highest_idr"), about=_("Rupiah a unit in signed deliveries"),
        kind=Kind.RUPIAH),
    Column("newest_idr", _("Newest"), attrgetter("newest_idr"), about=_("Rupiah a unit in the newest signed delivery"),
        kind=Kind.RUPIAH),
    Column("newest_on", _("Day of the newest price"), attrgetter("newest_on"), kind=Kind.DATE),
)  # fmt: skip
PRICE_HISTORY = listing(
    "price-history", _("Price history"), None,
    Column("day", _("Day"), attrgetter("day"), kind=Kind.DATE),
    Column("price_idr", _("Price a unit"), attrgetter("price_idr"), kind=Kind.RUPIAH),
    Column("quantity", _("Quantity"), attrgetter("quantity"), kind=Kind.NUMBER),
    Column("is_signed", _("Signed by both sides"), attrgetter("is_signed"), kind=Kind.YES_NO),
    Column("delivery", _("Delivery"), attrgetter("delivery"), kind=Kind.CODE),
    Column("source", _("Where it is known from"), attrgetter("label")),
)  # fmt: skip
MATCHES = listing(
    "supply", _("Who could supply whom"), None,
    Column("seller", _("Supplier"), lambda row: row["seller"]),
    Column("enterprises", _("Enterprises"), lambda row: [one["name"] for one in row["sellers"]]),
    Column("commodity", _("Commodity"), lambda row: row["commodity"]),
    Column("buyer", _("Buyer"), lambda row: row["buyer"]["name"]),
    Column("contract", _("Contract"), lambda row: row["buyer"].get("contract"), kind=Kind.CODE),
    Column("quantity", _("Quantity"), lambda row: row["quantity"], kind=Kind.NUMBER),
    Column("unit", _("Unit"), lambda row: row["unit"]),
    Column("worth_idr", _("Worth"), lambda row: row["worth_idr"],
        about=_("Quantity times price, rupiah in the first month"),
        kind=Kind.RUPIAH),
)  # fmt: skip

PARTS = listing(
    "parts", _("Who brings what"), Part,
    "order=order.code", "code", "enterprise=enterprise.code", "enterprise_name=enterprise.name", "quantity",
    "unit=order.commodity.unit", "proposed_on", "answer", "answered_on", "note",
)  # fmt: skip
