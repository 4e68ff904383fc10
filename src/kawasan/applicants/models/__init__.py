"""Persons, and what each applied for."""

from kawasan.applicants.models.applications import Applicant, ApplicantQuerySet
from kawasan.applicants.models.changes import ChangeQuerySet, ProposedChange, ProposedValue
from kawasan.applicants.models.doubles import PairQuerySet, PossibleDouble
from kawasan.applicants.models.groups import AppliedGroup, AppliedMember
from kawasan.applicants.models.names import NameWord, PersonWord, WordKey
from kawasan.applicants.models.objections import Objection, ObjectionQuerySet
from kawasan.applicants.models.papers import Paper
from kawasan.applicants.models.persons import AccountField, IdentityField, Person, validate_born
from kawasan.applicants.models.public_form import Consent, Draft, PublicForm
from kawasan.applicants.models.rule import Rule
from kawasan.applicants.models.targeting import LivingCheck, LivingCheckQuerySet, LivingSample
from kawasan.applicants.models.verification import (
    CheckedItem,
    Closeness,
    OwnCard,
    SitePhoto,
    Verification,
    VerificationQuerySet,
)
from kawasan.applicants.models.viability import MARKED, Appraisal, AppraisalQuerySet, ViabilityScheme

__all__ = [
    "MARKED",
    "AccountField",
    "Applicant",
    "ApplicantQuerySet",
    "AppliedGroup",
    "AppliedMember",
    "Appraisal",
    "AppraisalQuerySet",
    "ChangeQuerySet",
    "CheckedItem",
    "Closeness",
    "Consent",
    "Draft",
    "IdentityField",
    "LivingCheck",
    "LivingCheckQuerySet",
    "LivingSample",
    "NameWord",
    "Objection",
    "ObjectionQuerySet",
    "OwnCard",
    "PairQuerySet",
    "Paper",
    "Person",
    "PersonWord",
    "PossibleDouble",
    "ProposedChange",
    "ProposedValue",
    "PublicForm",
    "Rule",
    "SitePhoto",
    "Verification",
    "VerificationQuerySet",
    "ViabilityScheme",
    "WordKey",
    "validate_born",
]
