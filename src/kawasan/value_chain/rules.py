"""Stages and firmness in words; why an activity or a demand cannot enter a plan; what a bottleneck means."""

import datetime

from kawasan.core.text import Labelled, _

DAYS_A_YEAR = 366
HORIZON = datetime.timedelta(days=365)  # a plan covers the year that begins today


class Stage(Labelled):
    """Where in the value chain an activity stands; the order is that of the goods."""

    UPSTREAM = "upstream", _("Upstream inputs")
    PRIMARY = "primary", _("Primary production")
    PROCESSING = "processing", _("Processing")
    SERVICES = "services", _("Supporting services")


OFFTAKERS = _("Committed buyers")
"""The column after the last stage."""


class Direction(Labelled):
    INPUT = "input", _("Input")
    OUTPUT = "output", _("Output")


class Firmness(Labelled):
    """How far a buyer has bound itself."""

    WISH = "wish", _("Wish")
    LETTER = "letter", _("Letter of intent")
    CONTRACT = "contract", _("Contract")


class PlanStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    SOLVED = "solved", _("Solved")


PLAN_AFTER = {PlanStatus.FROZEN: (PlanStatus.SOLVED,), PlanStatus.SOLVED: ()}
"""What a plan may become."""
