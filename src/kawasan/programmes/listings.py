"""The lists of the programme itself as files."""

from operator import attrgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.models import Job
from kawasan.core.text import _
from kawasan.programmes.models import AccessKey, Membership

ROLES = listing(
    "roles", _("Roles given"), Membership,
    Column("name", _("Name"), attrgetter("user.name"), is_personal=True),
    Column("account", _("Account"), attrgetter("user.username"), is_personal=True),
    "role",
)  # fmt: skip
KEYS = listing("keys", _("Your keys"), AccessKey, "name", "made_at")
JOBS = listing(
    "jobs", _("Jobs"), Job,
    Column("what", _("What"), attrgetter("about")),
    "state", "by=by.name", "asked_at", "begun_at", "ended_at",
    Column("number", _("Number"), attrgetter("pk"), kind=Kind.INTEGER),
)  # fmt: skip
