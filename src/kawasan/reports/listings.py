"""The lists of the reports as files."""

from operator import attrgetter

from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.reports.models import ArchivedReport

LOG = listing(
    "log", _("Log"), None,
    Column("number", _("No."), attrgetter("entry.sequence"), kind=Kind.INTEGER),
    Column("at", _("When"), attrgetter("entry.at"), kind=Kind.MOMENT),
    Column("who", _("Who"), attrgetter("entry.by_name"), is_personal=True),
    Column("what", _("What"), lambda line: in_words(line.what)),
    Column("about", _("About"), attrgetter("about"), is_personal=True),
    Column("hash", _("Hash"), attrgetter("entry.hash"), kind=Kind.CODE),
)  # fmt: skip
ARCHIVED = listing(
    "archived-reports", _("Archived reports"), ArchivedReport,
    "kind", "number", "dated", "content_hash", "document_hash",
)  # fmt: skip
ACCOUNTS = listing(
    "accounts", _("Accounts"), None,
    Column("account", _("Account"), attrgetter("user.username"), is_personal=True),
    Column("name", _("Name"), attrgetter("user.name"), is_personal=True),
    Column("person", _("Person"), lambda row: getattr(row, "name", None), is_personal=True),
    Column("organisation", _("Organisation"), lambda row: getattr(row, "organisation", None)),
)  # fmt: skip
