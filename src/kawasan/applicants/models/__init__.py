"""Persons, and what each applied for."""

from kawasan.applicants.models.applications import TO_CHECK, Applicant, ApplicantQuerySet
from kawasan.applicants.models.doubles import PairQuerySet, PossibleDouble
from kawasan.applicants.models.groups import AppliedGroup, AppliedMember
from kawasan.applicants.models.objections import Objection, ObjectionQuerySet
from kawasan.applicants.models.papers import Paper
from kawasan.applicants.models.persons import AccountField, IdentityField, Person, validate_born
from kawasan.applicants.models.public_form import Consent, Draft, PublicForm
from kawasan.applicants.models.targeting import LivingCheck, LivingCheckQuerySet, LivingSample
from kawasan.applicants.models.viability import MARKED, Appraisal, AppraisalQuerySet, ViabilityScheme

__all__ = [
    "MARKED",
    "TO_CHECK",
    "AccountField",
    "Applicant",
    "ApplicantQuerySet",
    "AppliedGroup",
    "AppliedMember",
    "Appraisal",
    "AppraisalQuerySet",
    "Consent",
    "Draft",
    "IdentityField",
    "LivingCheck",
    "LivingCheckQuerySet",
    "LivingSample",
    "Objection",
    "ObjectionQuerySet",
    "PairQuerySet",
    "Paper",
    "Person",
    "PossibleDouble",
    "PublicForm",
    "ViabilityScheme",
    "validate_born",
]
