"""What pages of applicants read. Changes, verification and ties are read by their own names."""

from kawasan.applicants.queries.doubles import applications_of, pair_counts, pairs
from kawasan.applicants.queries.groups import members_of, membership_of, missing_in
from kawasan.applicants.queries.papers import before_the_pool, lacking_papers, papers_of
from kawasan.applicants.queries.people import Waiting, counts, districts, matching, number_of, standing_in_pool, waiting
from kawasan.applicants.queries.public_form import draft_of, public_form_of, reasons_closed, registration, steps_after
from kawasan.applicants.queries.rule_sets import (
    Version,
    copy_of,
    place_names,
    requirements,
    requirements_of,
    version,
    versions,
)
from kawasan.applicants.queries.targeting import in_living_frame
from kawasan.applicants.queries.trouble import MOST_SHOWN, InTrouble, troubles, unfinished
from kawasan.applicants.queries.viability import (
    APPRAISERS,
    appraisal_counts,
    marked_ideas,
    may_appraise,
    plan_facts,
    shown_marks,
    viability_of,
    viability_scheme_of,
)

__all__ = [
    "APPRAISERS",
    "MOST_SHOWN",
    "InTrouble",
    "Version",
    "Waiting",
    "applications_of",
    "appraisal_counts",
    "before_the_pool",
    "copy_of",
    "counts",
    "districts",
    "draft_of",
    "in_living_frame",
    "lacking_papers",
    "marked_ideas",
    "matching",
    "may_appraise",
    "members_of",
    "membership_of",
    "missing_in",
    "number_of",
    "pair_counts",
    "pairs",
    "papers_of",
    "place_names",
    "plan_facts",
    "public_form_of",
    "reasons_closed",
    "registration",
    "requirements",
    "requirements_of",
    "shown_marks",
    "standing_in_pool",
    "steps_after",
    "troubles",
    "unfinished",
    "version",
    "versions",
    "viability_of",
    "viability_scheme_of",
    "waiting",
]
