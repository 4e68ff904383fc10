"""How seats move from one status to the next, what stands in the way of a draw, and which group somebody counts to."""

from kawasan.core.text import Labelled, _


class DrawStatus(Labelled):
    FROZEN = "frozen", _("Pool frozen")
    DRAWN = "drawn", _("Drawn")
    CANCELLED = "cancelled", _("Cancelled before the draw")


class SeatKind(Labelled):
    DRAWN = "drawn", _("Drawn")
    RESERVE = "reserve", _("Reserve")


class SeatStatus(Labelled):
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DecreeStatus(Labelled):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
