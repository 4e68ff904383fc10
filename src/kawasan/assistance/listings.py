"""The lists of the assistance as files."""

from operator import attrgetter

from kawasan.assistance.models import Assistance, BankLine, Entitlement, Statement, Step
from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _

ASSISTANCES = listing(
    "assistance", _("Assistance"), Assistance,
    "code",
    Column("recipient", _("Recipient"), lambda row: row[0], is_personal=True),
    "receiver=receiver.code", "entitlement=entitlement.code", "fund=entitlement.fund",
    Column("last_step", _("Last step"), lambda row: in_words(row[2])),
    Column("paid_on", _("Day of the disbursement"), lambda row: row[0].paid_on, kind=Kind.DATE),
    Column("approved_idr", _("Sum of the approved budget, rupiah"), lambda row: row[1].approved, kind=Kind.RUPIAH),
    Column("paid_idr", _("Disbursed"), lambda row: row[1].paid, about=_("Rupiah that left the programme's account"),
        kind=Kind.RUPIAH),
    Column("in_hand_idr", _("In hand"), lambda row: row[1].in_hand, about=_("Rupiah that the receiver confirmed"),
        kind=Kind.RUPIAH),
    Column("spent_idr", _("Receipts"), lambda row: row[1].spent, about=_("Rupiah on receipts that stand"),
        kind=Kind.RUPIAH),
    Column("refunded_idr", _("Returned, rupiah"), lambda row: row[1].refunded, kind=Kind.RUPIAH),
    Column("left_idr", _("Still left"), lambda row: row[1].unspent, about=_("In hand, neither spent nor returned"),
        kind=Kind.RUPIAH),
    at=lambda row: row[0],
)  # fmt: skip
ENTITLEMENTS = listing(
    "entitlements", _("Entitlements"), Entitlement,
    "code", "name", "name_en", "number", "valid_from", "valid_until", "recipient", "form", "amount_idr", "report_days",
    "fund",
    Column("spending", _("How it is to be spent"), lambda one: [str(rule) for rule in one.spending_rules.all()]),
)  # fmt: skip
STATEMENTS = listing(
    "bank-statements", _("Bank statements"), Statement,
    "name", "first_day", "last_day", "status",
    Column("open", _("Differences open"), attrgetter("open"),
        about=_("Differences between bank and books that nobody closed"),
        kind=Kind.INTEGER),
)  # fmt: skip
BANK_LINES = listing(
    "bank-lines", _("Movements"), BankLine,
    "statement=statement.name", "row", "dated", "amount_idr",
    Column("text", _("Text of the bank"), attrgetter("text"), is_personal=True),
    "assistance=step.assistance.code", "step=step.code", "step_kind=step.kind", "why",
)  # fmt: skip
WARNINGS = listing(
    "warnings", _("Warnings"), Assistance,
    "code",
    Column("recipient", _("Recipient"), lambda row: row[0], is_personal=True),
    Column("warnings", _("Warnings"), lambda row: row[1]),
    at=lambda row: row[0],
)  # fmt: skip

STEPS = listing(
    "steps", _("Steps"), Step,
    "assistance=assistance.code", "code", "kind", "dated", "number", "amount_idr",
    Column("recorded_by", _("Who recorded it"), attrgetter("who"), is_personal=True),
    "paper",
)  # fmt: skip
