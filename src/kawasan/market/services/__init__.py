"""Contracts are made; deliveries are recorded, judged and paid."""

from kawasan.market.services.contracts import add_contract, judge_delivery, record_delivery, record_payment

__all__ = ["add_contract", "judge_delivery", "record_delivery", "record_payment"]
