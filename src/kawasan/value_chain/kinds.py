"""Kinds of rows that are listed, added, changed and removed alike, with their forms and words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kawasan.programmes.forms import RowForm
from kawasan.value_chain import queries
from kawasan.value_chain.forms import (
    ExistingEnterpriseForm,
    FlowForm,
    KbliCodeForm,
    LocalMarketForm,
    PlaceForm,
    ResourceUseForm,
    SeasonForm,
    SkillForm,
    StorageForm,
    SupplierForm,
)

PLANNED = _("What is entered here is what plans are computed from.")
SAVED = _("Saved. The next plan will use it.")
GONE = _("It will be missing from the next plan. Plans that were computed keep what they were made from.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows that have a list of their own."""

    one: str
    form: type[RowForm]
    found: Callable[..., QuerySet[Any]]
    filters: tuple[str, ...]
    add: Promise
    change: Promise
    remove: Promise
    purpose: Promise = PLANNED
    saved: Promise = SAVED
    gone: Promise = GONE


KINDS = {
    "suppliers": Kind(
        "supplier",
        SupplierForm,
        queries.suppliers,
        ("words", "where"),
        _("Add a supplier"),
        _("Change the supplier"),
        _("Remove the supplier"),
    ),
    "existing_enterprises": Kind(
        "existing_enterprise",
        ExistingEnterpriseForm,
        queries.existing_enterprises,
        ("words", "place"),
        _("Add enterprises that exist"),
        _("Change the enterprises"),
        _("Remove the enterprises"),
    ),
    "local_markets": Kind(
        "local_market",
        LocalMarketForm,
        queries.local_markets,
        ("words", "place"),
        _("Add a step of a market"),
        _("Change the step"),
        _("Remove the step"),
    ),
    "storages": Kind(
        "storage",
        StorageForm,
        queries.storages,
        ("words", "place"),
        _("Add a storage"),
        _("Change the storage"),
        _("Remove the storage"),
    ),
    "kbli_codes": Kind(
        "kbli_code",
        KbliCodeForm,
        queries.kbli_codes,
        ("words", "version"),
        _("Add a code"),
        _("Change the code"),
        _("Remove the code"),
        _("An enterprise gets its code from here, with the version. Copy the title from the regulation."),
        _("Saved. Enterprises can have this code now."),
        _("No enterprise can choose it any more."),
    ),
}


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of parts that a recipe has."""

    form: type[RowForm]
    add: Promise
    change: Promise
    remove: Promise


PARTS = {
    "flows": PartKind(
        FlowForm,
        _("Add an input or output"),
        _("Change the input or output"),
        _("Take out of the recipe"),
    ),
    "resource_uses": PartKind(
        ResourceUseForm,
        _("Add the use of a resource"),
        _("Change the use of a resource"),
        _("Take out of the recipe"),
    ),
    "seasons": PartKind(
        SeasonForm,
        _("Add a season calendar"),
        _("Change the season calendar"),
        _("Remove the season calendar"),
    ),
    "places": PartKind(
        PlaceForm,
        _("Add a place that suits it"),
        _("Change the place"),
        _("Remove the place"),
    ),
    "skills": PartKind(
        SkillForm,
        _("Add a skill"),
        _("Change the skill"),
        _("Remove the skill"),
    ),
}
