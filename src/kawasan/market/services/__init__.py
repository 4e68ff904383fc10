"""Contracts are made; deliveries are recorded, judged and paid; the coming months are computed."""

from kawasan.market.services.contracts import add_contract, judge_delivery, record_delivery, record_payment
from kawasan.market.services.outlooks import is_current, make_outlook

__all__ = ["add_contract", "is_current", "judge_delivery", "make_outlook", "record_delivery", "record_payment"]
