"""The lists of applicants as files."""

from collections.abc import Iterable
from typing import Any

from kawasan.applicants.models import (
    Applicant,
    AppliedMember,
    Appraisal,
    LivingCheck,
    LivingSample,
    Objection,
    PossibleDouble,
    ProposedChange,
    Verification,
)
from kawasan.applicants.queries.changes import labels
from kawasan.applicants.rules import Trouble
from kawasan.core.language import in_words
from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _

APPLICANTS = listing(
    "applicants", _("Applicants"), Applicant,
    "code", "name=person.name", "sex=person.sex", "birth_date=person.birth_date", "nik=person.nik",
    "family_card=person.family_card", "phone=person.phone", "address=person.address", "place=person.place.code",
    "place_name=person.place.name", "district_name=person.place.parent.name", "field=field.code", "applied_on",
    "activity_now", "earlier_assistance", "status", "reasons", "need_score", "need_band=need_band.code", "warnings",
)  # fmt: skip
DOUBLES = listing(
    "possible-doubles", _("Possible doubles"), PossibleDouble,
    "first.code", "first.name", "second.code", "second.name", "probability",
    Column("found", _("What was found"), lambda pair: _found(pair)),
    "state", "found_on", "decided_on",
)  # fmt: skip
VERIFICATIONS = listing(
    "verification", _("Verification"), Verification,
    "code=applicant.code", "name=applicant.person.name", "stage", "place=applicant.person.place.code",
    "place_name=applicant.person.place.name", "state", "result", "verified_on", "verifier=verifier.name",
)  # fmt: skip
OBJECTIONS = listing(
    "objections", _("Objections"), Objection,
    "code=applicant.code", "name=applicant.person.name", "filed_on", "text", "outcome", "answer", "answered_on",
    "answered_by=answered_by.name",
)  # fmt: skip
CHANGES = listing(
    "changes", _("Changes to approve"), ProposedChange,
    "code=applicant.code", "name=applicant.person.name", "proposed_on", "proposed_by=proposed_by.name",
    Column("columns", _("What is changed"), lambda change: ", ".join(str(one) for one in labels(change))),
    "reason", "state", "decided_on",
)  # fmt: skip
GROUPS = listing(
    "applied-groups", _("Groups"), AppliedMember,
    "group=group.name", "business=group.business", "field=group.field.code", "code=applicant.code",
    "name=applicant.person.name", "role",
)  # fmt: skip
IDEAS = listing(
    "ideas", _("Viability of the ideas"), Applicant,
    "code", "name=person.name", "field=field.code", "idea",
    Column("viability", _("Viability"), lambda row: row[1].score,
        about=_("0 to 100, from the marks of two or three people; empty while marks are missing"),
        kind=Kind.NUMBER),
    Column("waits", _("Waits for marks"), lambda row: row[1].score is None, kind=Kind.YES_NO),
    at=lambda row: row[0],
)  # fmt: skip
OWN_APPRAISALS = listing(
    "ideas-to-mark", _("Ideas to mark"), Appraisal,
    Column("number", _("Number"), lambda one: one.pk, kind=Kind.INTEGER),
    "field=applicant.field.code",
    Column("place", _("Place"), lambda one: one.applicant.person.place.parent or one.applicant.person.place),
    "assigned_on", "given_on",
)  # fmt: skip
SAMPLES = listing("samples", _("Samples"), LivingSample, "code", "drawn_on", "line_idr", "seed")
SAMPLE = listing(
    "sample", _("Sample"), LivingCheck,
    "sample=sample.code", "code=applicant.code", "name=applicant.person.name", "address=applicant.person.address",
    "place=applicant.person.place.code", "place_name=applicant.person.place.name", "stratum", "stratum_people",
    "household_size", "household_income_idr",
    Column("per_head_idr", _("Verified a head and month"), lambda check: check.per_head_idr,
        about=_("Verified income of the household over its people, rupiah a month"),
        kind=Kind.RUPIAH),
    Column("is_in_need", _("In need"), lambda check: check.is_in_need,
        about=_("Whether that is below the line of the sample"),
        kind=Kind.YES_NO),
    "verified_on", "verified_by", "evidence", "why_not",
)  # fmt: skip


def _found(pair: PossibleDouble) -> str:
    """What speaks clearly for or against their being one, as the page has it."""
    told = (part for part in pair.parts if abs(part["bits"]) > 2)
    return "; ".join(f"{in_words(part['label'])}: {in_words(part['found'])}" for part in told)


TROUBLE = listing(
    "trouble", _("Trouble by kind"), Applicant,
    Column("kind", _("Kind"), lambda row: in_words(Trouble(row[1]["kind"]).label)),
    "code", "name=person.name", "place=person.place.code", "place_name=person.place.name",
    Column("said", _("What was found"), lambda row: row[1]),
    "status",
    at=lambda row: row[0],
)  # fmt: skip


def in_trouble(part: Iterable[Applicant]) -> list[tuple[Applicant, dict[str, Any]]]:
    """A row for everything of a kind that is said of an applicant."""
    return [(one, text) for one in part for text in (*one.reasons, *one.warnings) if text.get("kind")]
