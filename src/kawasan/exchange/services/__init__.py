"""A folder becomes a programme and a programme a folder; the whole programme is run."""

from kawasan.exchange.services.dump import dump
from kawasan.exchange.services.load import Loaded, load

__all__ = ["Loaded", "dump", "load"]
