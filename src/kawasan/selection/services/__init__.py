"""Freeze the pool, draw from it, keep who accepts and who is called next, and sign the decree."""

from kawasan.selection.services.decrees import draft_decree, sign_decree
from kawasan.selection.services.draw import (
    Rehearsal,
    broken_claims,
    cancel_draw,
    certificate_hash,
    certificate_of,
    enter_value,
    freeze_pool,
    is_as_published,
    refuse_changed,
    rehearse,
    run_draw,
    take_value_back,
)
from kawasan.selection.services.exceptions import add_exception, confirm_exception, doubt_exception, remove_exception
from kawasan.selection.services.later import freeze_pool_later
from kawasan.selection.services.pool import Pool, pool_now
from kawasan.selection.services.quotas import Outlook, change_quotas, outlook
from kawasan.selection.services.seats import accept, call_reserve, decline, withdraw

__all__ = [
    "Outlook",
    "Pool",
    "Rehearsal",
    "accept",
    "add_exception",
    "broken_claims",
    "call_reserve",
    "cancel_draw",
    "certificate_hash",
    "certificate_of",
    "change_quotas",
    "confirm_exception",
    "decline",
    "doubt_exception",
    "draft_decree",
    "enter_value",
    "freeze_pool",
    "freeze_pool_later",
    "is_as_published",
    "outlook",
    "pool_now",
    "refuse_changed",
    "rehearse",
    "remove_exception",
    "run_draw",
    "sign_decree",
    "take_value_back",
    "withdraw",
]
