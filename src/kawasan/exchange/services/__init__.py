"""A folder becomes a programme and a programme a folder; the whole programme is run."""

from kawasan.exchange.services.accounts import add_user, prepare_beside, prepare_demo
from kawasan.exchange.services.call import call_reserve
from kawasan.exchange.services.draw import draw, draw_frozen, freeze, verify
from kawasan.exchange.services.dump import dump, left_out
from kawasan.exchange.services.effect import effect
from kawasan.exchange.services.load import Loaded, load
from kawasan.exchange.services.run import run
from kawasan.exchange.services.spreadsheet import discard_spreadsheet, read_spreadsheet, store_spreadsheet

__all__ = [
    "Loaded",
    "add_user",
    "call_reserve",
    "discard_spreadsheet",
    "draw",
    "draw_frozen",
    "dump",
    "effect",
    "freeze",
    "left_out",
    "load",
    "prepare_beside",
    "prepare_demo",
    "read_spreadsheet",
    "run",
    "store_spreadsheet",
    "verify",
]
