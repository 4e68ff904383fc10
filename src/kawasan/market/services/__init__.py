"""Contracts are made, orders placed and shared out; deliveries are signed by both sides and paid."""

from kawasan.market.services.catalogue import describe_product, hide, set_showing
from kawasan.market.services.contracts import add_contract
from kawasan.market.services.deliveries import correct_delivery, record_delivery, say
from kawasan.market.services.orders import answer_part, ask_for, cancel_order, place_order, propose, withdraw_part
from kawasan.market.services.outlooks import is_current, make_outlook

__all__ = [
    "add_contract",
    "answer_part",
    "ask_for",
    "cancel_order",
    "correct_delivery",
    "describe_product",
    "hide",
    "is_current",
    "make_outlook",
    "place_order",
    "propose",
    "record_delivery",
    "say",
    "set_showing",
    "withdraw_part",
]
