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
from kawasan.applicants.models.verification import (
    CheckedItem,
    Closeness,
    OwnCard,
    SitePhoto,
    Verification,
    VerificationQuerySet,
)

__all__ = [
    "AccountField",
    "Applicant",
    "ApplicantQuerySet",
    "AppliedGroup",
    "AppliedMember",
    "ChangeQuerySet",
    "CheckedItem",
    "Closeness",
    "Consent",
    "Draft",
    "IdentityField",
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
    "WordKey",
    "validate_born",
]
