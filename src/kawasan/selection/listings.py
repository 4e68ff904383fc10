"""The lists of the draw as files."""

from collections.abc import Callable
from typing import Any

from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, Listing, listing
from kawasan.core.text import _
from kawasan.programmes.rules import Announcement, Feature
from kawasan.selection.models import DrawException, Seat

SEATS = listing(
    "seats", _("Seats"), Seat,
    "place_in_order", "kind", "code=applicant.code", "name=applicant.person.name", "field=applicant.field.code",
    "place=applicant.person.place.code", "place_name=applicant.person.place.name",
    "need_band=applicant.need_band.code", "status", "decided_on", "note", "keeps_quotas",
)  # fmt: skip
EXCEPTIONS = listing(
    "exceptions", _("Exceptions"), DrawException,
    "code=applicant.code", "name=applicant.person.name", "kind", "reason", "decided_by", "decided_on", "confirmed_on",
    "confirmed_by=confirmed_by.name",
)  # fmt: skip
ANNOUNCEMENT = listing(
    "announcement", _("Announcement"), None,
    Column("number", _("No."), lambda line: line.number, kind=Kind.INTEGER),
    Column("known_as", _("Pseudonym, or number of the application"), lambda line: line.known_as, kind=Kind.CODE),
    Column("name", _("Name"), lambda line: line.name, is_personal=True),
    Column("place", _("Kelurahan"), lambda line: line.place),
    Column("status", _("Status"), lambda line: in_words(line.status)),
)  # fmt: skip
NOT_TOLD = {
    Announcement.PSEUDONYM: ("name", "place"),
    Announcement.MASKED: ("place", "status"),
    Announcement.NAMED: ("status",),
}


def announced(how: Announcement) -> Listing:
    """The columns that a programme tells of whoever was drawn."""
    return ANNOUNCEMENT.without(*NOT_TOLD[how])


def _feature(place: int) -> Callable[[Any], Any]:
    return lambda one: one["features"][place]


POOL = listing(
    "pool", _("Pool"), None,
    Column("pseudonym", _("Pseudonym"), lambda one: one["pseudonym"], kind=Kind.CODE),
    Column("seat", _("Seat"), lambda one: one["seat"], about=_("Number among the drawn; empty for reserves"),
        kind=Kind.INTEGER),
    Column("reserve", _("Reserve"), lambda one: one["reserve"],
        about=_("Number on the waiting list; empty for the drawn"),
        kind=Kind.INTEGER),
    *(
        Column(feature.value, feature.label, _feature(place))
        for place, feature in enumerate(Feature)
    ),
    Column("tickets", _("Tickets"), lambda one: one["tickets"],
        about=_("How many tickets the person holds in the draw, by need band"),
        kind=Kind.INTEGER),
    Column("chance", _("Chance"), lambda one: one["chance"], about=_("Chance of a seat before the draw"),
        kind=Kind.SHARE),
)  # fmt: skip
DECREE = listing(
    "decree", _("Decree"), None,
    Column("number", _("No."), lambda line: line["number"], kind=Kind.INTEGER),
    Column("code", _("Number of the application"), lambda line: line["applicant"], kind=Kind.CODE),
    Column("name", _("Name"), lambda line: line["name"], is_personal=True),
    Column("nik", _("NIK"), lambda line: line["nik"], is_personal=True),
    Column("field", _("Field"), lambda line: line["field_name"]),
    Column("place", _("Kelurahan"), lambda line: line["village"]),
)  # fmt: skip
