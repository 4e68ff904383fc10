"""The lists of enterprises and their books as files."""

from operator import attrgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.enterprises.models import Asset, CashEntry, Enterprise, StockMove

ENTERPRISES = listing(
    "enterprises", _("Enterprises"), Enterprise,
    "code", "name", "owner=owner.code", "owner_name=owner.person.name", "field=field.code", "place=place.code",
    "place_name=place.name", "kbli_version", "kbli_code", "started_on", "status", "nib",
    Column("turnover_idr", _("Turnover of the last full month"), attrgetter("turnover_idr"),
        about=_("Sales in the cash book; empty when nothing was written"),
        kind=Kind.RUPIAH),
    Column("workers", _("Workers"), attrgetter("worker_count"), about=_("People who work there now besides the owner"),
        kind=Kind.INTEGER),
)  # fmt: skip
CASH_BOOK = listing(
    "cash-book", _("Cash book"), CashEntry,
    "enterprise=enterprise.code", "code", "dated", "kind", "cost_kind", "what",
    Column("cash_idr", _("Cash in; below 0 when it went out"), attrgetter("cash_idr"),
        about=_("Corrections count with the other sign"),
        kind=Kind.RUPIAH),
    "product=product.code", "product_name=product.name", "quantity", "unit=product.unit", "debt=debt.code",
    "reverses=reverses.code",
    Column("reversed_by", _("Taken back by"), lambda entry: getattr(entry, "reversed_by", None), kind=Kind.CODE),
)  # fmt: skip
STOCK = listing(
    "stock", _("Stock"), StockMove,
    "enterprise=product.enterprise.code", "code", "dated", "product=product.code", "product_name=product.name", "kind",
    "quantity", "unit=product.unit", "note",
)  # fmt: skip
ASSETS = listing(
    "assets", _("Assets"), Asset,
    "enterprise=enterprise.code", "code", "name", "quantity", "value_idr", "acquired_on", "origin", "condition",
    "seen_on", "note",
)  # fmt: skip
TROUBLED = listing(
    "early-warning", _("Signs of trouble"), Enterprise,
    "code", "name", "field=field.code",
    Column("signs", _("Signs of trouble"), lambda row: row[1]),
    at=lambda row: row[0],
)  # fmt: skip

MONTHS = listing(
    "months", _("Months of the cash book"), None,
    Column("month", _("Month"), attrgetter("month"), about=_("First day of the month"),
        kind=Kind.DATE),
    Column("sales_idr", _("Sales"), attrgetter("sales"), kind=Kind.RUPIAH),
    Column("costs_idr", _("Costs"), attrgetter("costs"), kind=Kind.RUPIAH),
    Column("profit_idr", _("Profit"), attrgetter("profit"),
        about=_("Sales less costs; capital and withdrawals are no income"),
        kind=Kind.RUPIAH),
)  # fmt: skip
