"""The lists of imports as files."""

from kawasan.core.listing import listing
from kawasan.core.text import _
from kawasan.exchange.models import Intake

INTAKES = listing("imports", _("Imports"), Intake, "file", "state", "by=by.name", "brought_on", "ended_on")
