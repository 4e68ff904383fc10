"""Official documents and tables, reports that are archived, and how they are typeset."""

from kawasan.reports.services.archiving import archive, draft, entry_of, is_as_archived, keep_template, template_of
from kawasan.reports.services.papers import (
    OFFICIAL,
    announcement_csv,
    announcement_pdf,
    chain_pdf,
    decree_pdf,
    groups_xlsx,
    map_pdf,
    minutes_pdf,
    participants_pdf,
    participants_xlsx,
    take_decree,
    take_minutes,
    take_participants,
    take_verification_minutes,
    typeset,
)

__all__ = [
    "OFFICIAL",
    "announcement_csv",
    "announcement_pdf",
    "archive",
    "chain_pdf",
    "decree_pdf",
    "draft",
    "entry_of",
    "groups_xlsx",
    "is_as_archived",
    "keep_template",
    "map_pdf",
    "minutes_pdf",
    "participants_pdf",
    "participants_xlsx",
    "take_decree",
    "take_minutes",
    "take_participants",
    "take_verification_minutes",
    "template_of",
    "typeset",
]
