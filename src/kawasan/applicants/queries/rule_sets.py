"""Versions of the guideline: their rules, and what each changed."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from kawasan.applicants import rules
from kawasan.applicants.models import (
    Rule,
)
from kawasan.applicants.rules import Requirement
from kawasan.core.text import Text
from kawasan.programmes.models import Programme, RuleSet
from kawasan.programmes.rules import rule_set_on


def requirements_of(rule_sets: Sequence[RuleSet], names: Mapping[str, str]) -> dict[int, list[Requirement]]:
    """The rules of rule sets, ready to be held against applications, by the key of their rule set."""
    rows = list(Rule.objects.filter(rule_set__in=rule_sets))
    return {one.pk: requirements([row for row in rows if row.rule_set_id == one.pk], one, names) for one in rule_sets}


def requirements(rows: Iterable[Rule], rule_set: RuleSet, names: Mapping[str, str]) -> list[Requirement]:
    """Rules as rows, ready to be held against applications by the poverty line of a rule set."""
    return [Requirement.of(row, names=names, poverty_line_idr=rule_set.poverty_line_idr) for row in rows]


def place_names(programme: Programme) -> dict[str, str]:
    """What places are called, by code: those that rules name, and those that applicants state."""
    return dict(programme.places.values_list("code", "name")) | {programme.area_code: programme.area_name}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the guideline with everything that its page shows.

    ``applied`` is how many applications were assessed by it; ``waiting`` of how many it is the rule set of their day
    and another one judged them.
    """

    rule_set: RuleSet
    requirements: list[Requirement]
    replaced: RuleSet | None
    changed: list[rules.Difference]
    settings: list[tuple[str, Any, Any]]
    applied: int
    waiting: int
    until: datetime.date | None
    reasons_not_removed: list[Text]


UNCOMPARED = {"id", "programme", "number", "issued_on", "valid_from", "replaces", "source"}


def versions(programme: Programme) -> list[Version]:
    """Every version of the guideline, the latest first."""
    ordered = programme.rule_sets.order_by("valid_from", "pk")  # said, as a query that groups drops the model's order
    rule_sets = list(ordered.annotate(applied=Count("applicants")))
    requirements = requirements_of(rule_sets, place_names(programme))
    waiting = _waiting(programme, rule_sets)
    return [_version(rule_sets, position, requirements, waiting) for position in range(len(rule_sets))][::-1]


def version(programme: Programme, rule_set: RuleSet) -> Version:
    return next(one for one in versions(programme) if one.rule_set == rule_set)


def _version(
    rule_sets: Sequence[RuleSet], position: int, requirements: Mapping[int, list[Requirement]], waiting: Counter[int]
) -> Version:
    one = rule_sets[position]
    before = rule_sets[position - 1] if position else None
    after = rule_sets[position + 1] if position + 1 < len(rule_sets) else None
    return Version(
        one,
        requirements[one.pk],
        before,
        rules.differences(requirements[before.pk], requirements[one.pk]) if before else [],
        _settings_changed(before, one) if before else [],
        one.applied,  # type: ignore[attr-defined]
        waiting[one.pk],
        after.valid_from - datetime.timedelta(days=1) if after else None,
        rules.reasons_not_removed(applied=one.applied, replaced_by=after.number if after else ""),  # type: ignore[attr-defined]
    )


def _settings_changed(before: RuleSet, after: RuleSet) -> list[tuple[str, Any, Any]]:
    """What is no rule and differs: its name, and its value before and after."""
    columns = [column for column in RuleSet._meta.concrete_fields if column.name not in UNCOMPARED]
    both = [(str(one.verbose_name), _setting(before, one.name), _setting(after, one.name)) for one in columns]
    return [(name, old, new) for name, old, new in both if old != new]


def _setting(rule_set: RuleSet, name: str) -> Any:
    """A setting as people read it."""
    if name == "required_papers":
        return ", ".join(_(label) for label in rule_set.paper_labels)
    return getattr(rule_set, name)


def _waiting(programme: Programme, rule_sets: Sequence[RuleSet]) -> Counter[int]:
    """How many applications of the days of a rule set were judged by another one, or by none."""
    found: Counter[int] = Counter()
    open_ones = programme.applicants.filter(status__in=rules.OPEN_TO_ASSESSMENT, frozen_on=None)
    days = open_ones.values_list("applied_on", "rule_set").annotate(people=Count("pk")).order_by("applied_on")
    for day, judged_by, people in days:
        due = rule_set_on(rule_sets, day)
        if due and due.pk != judged_by:
            found[due.pk] += people
    return found


def copy_of(rule_set: RuleSet | None) -> RuleSet:
    """A rule set with the same settings, not stored, that has no number and no days yet."""
    made = RuleSet() if rule_set is None else copy(rule_set)
    made._state = ModelState()
    made.pk, made.number, made.issued_on, made.valid_from, made.source = None, "", None, None, ""  # type: ignore[assignment]
    return made
