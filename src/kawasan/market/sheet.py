"""Orders and deliveries as one spreadsheet: who wanted what, who brought it, what both sides signed, what was paid."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kawasan.assistance.queries.sheet import Row, workbook
from kawasan.core.language import in_words
from kawasan.core.text import _
from kawasan.market import queries
from kawasan.market.models import DeliveryQuerySet, DeliveryStep, OrderQuerySet, Part
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme

ORDERS = {
    "code": _("Code of the order"),
    "offtaker": _("Who ordered"),
    "contract": _("Contract under which it was ordered; empty when it stands alone"),
    "commodity": _("What was ordered"),
    "grade": _("Quality that was asked for"),
    "quantity": _("Quantity that was ordered"),
    "unit": _("Unit"),
    "price_idr": _("Price a unit, rupiah"),
    "ordered_on": _("Day of the order"),
    "due_on": _("Day by which it is to be delivered"),
    "accepted": _("Quantity that enterprises accepted to bring"),
    "brought": _("Quantity that was brought and is not yet confirmed"),
    "confirmed": _("Quantity that both sides signed"),
    "state": _("Where the order stands"),
    "said": _("What is late and what is short"),
}
PARTS = {
    "order": _("Code of the order"),
    "part": _("Code of the part"),
    "enterprise": _("Enterprise that was asked"),
    "quantity": _("Quantity it was asked to bring"),
    "unit": _("Unit"),
    "answer": _("What its owner said"),
    "answered_on": _("Day of the answer"),
    "note": _("Why it was declined, or how the word was given"),
}
DELIVERIES = {
    "code": _("Code of the delivery"),
    "order": _("Code of the order; empty when there is none"),
    "contract": _("Code of the contract; empty when there is none"),
    "enterprise": _("Who delivered"),
    "offtaker": _("To whom"),
    "commodity": _("What was delivered"),
    "grade": _("Quality as the enterprise says"),
    "delivered_on": _("Day of the delivery"),
    "stated": _("Quantity as the enterprise says"),
    "confirmed": _("Quantity that the offtaker confirmed; empty while it has not"),
    "unit": _("Unit"),
    "price_idr": _("Price a unit, rupiah"),
    "amount_idr": _("What is to be paid, rupiah"),
    "pay_by": _("Day by which it is to be paid"),
    "paid_on": _("Day of the payment that both sides confirmed"),
    "payment": _("Where the payment stands"),
    "corrects": _("Code of the delivery that it replaces"),
}
STEPS = {
    "delivery": _("Code of the delivery"),
    "step": _("Code of the step"),
    "kind": _("What was said"),
    "day": _("Day on which it happened"),
    "quantity": _("Quantity that was accepted"),
    "amount_idr": _("Sum that was paid, rupiah"),
    "note": _("Reason, or paper on which it was said"),
    "recorded_by": _("Who recorded it"),
}


def orders(rows: OrderQuerySet, programme: Programme) -> Iterable[Row]:
    day = today(programme)
    for order in rows.in_full().with_sums().order_by("code"):
        row = queries.order_row(order, day)
        yield [
            order.code, str(order.offtaker), order.contract.code if order.contract else "", str(order.commodity),
            order.grade, order.quantity, order.commodity.unit, order.price_idr, order.placed_on, order.due_on,
            order.accepted, order.on_the_way, order.signed, in_words(row.state.label),
            " ".join(in_words(one) for one in row.said),
        ]  # fmt: skip


def parts(rows: OrderQuerySet) -> Iterable[Row]:
    for part in _of(Part.objects.filter(order__in=rows).select_related("order__commodity", "enterprise"), "order"):
        yield [
            part.order.code, part.code, str(part.enterprise), part.quantity, part.order.commodity.unit,
            part.get_answer_display(), part.answered_on, part.note,
        ]  # fmt: skip


def deliveries(rows: DeliveryQuerySet, programme: Programme) -> Iterable[Row]:
    """Those that stand; what a correction replaced counts no more."""
    day = today(programme)
    for one in rows.standing().in_full().select_related("replaces").order_by("code"):
        yield [
            one.code, one.order.code if one.order else "", one.contract.code if one.contract else "",
            str(one.supplier), str(one.offtaker), str(one.commodity), one.grade, one.delivered_on, one.quantity,
            one.accepted_quantity, one.commodity.unit, one.price_idr, one.amount_idr, one.due_on, one.paid_on,
            in_words(one.payment_on(day).label), one.replaces.code if one.replaces else "",
        ]  # fmt: skip


def steps(rows: DeliveryQuerySet) -> Iterable[Row]:
    found = DeliveryStep.objects.filter(delivery__in=rows.standing()).select_related("delivery")
    for step in _of(found, "delivery"):
        yield [
            step.delivery.code, step.code, step.get_kind_display(), step.dated, step.quantity, step.amount_idr,
            step.note, step.who,
        ]  # fmt: skip


def _of(rows: QuerySet[Any], what: str) -> QuerySet[Any]:
    return rows.order_by(f"{what}__code", "pk")


def as_xlsx(ordered: OrderQuerySet, delivered: DeliveryQuerySet, programme: Programme) -> bytes:
    """All four tables, and what their columns are."""
    return workbook(
        [
            (_("Orders"), ORDERS, orders(ordered, programme)),
            (_("Who brings what"), PARTS, parts(ordered)),
            (_("Deliveries"), DELIVERIES, deliveries(delivered, programme)),
            (_("What both sides said"), STEPS, steps(delivered)),
        ]
    )
