"""Which papers are asked of whom, and which are not here."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from kawasan.applicants import rules
from kawasan.applicants.models import (
    Applicant,
    ApplicantQuerySet,
    Paper,
)
from kawasan.applicants.rules import Status
from kawasan.core.text import Text
from kawasan.programmes.models import Programme, RuleSet
from kawasan.programmes.rules import PaperKind, rule_set_on


def papers_of(applicant: Applicant) -> list[tuple[PaperKind, Paper | None]]:
    """The papers that the rule set asks of somebody, and others that were handed in."""
    received = {paper.kind: paper for paper in applicant.papers.all()}
    rule_set = applicant.rule_set or rule_set_on(applicant.programme.rule_sets.all(), applicant.applied_on)
    asked = rules.papers_asked(
        rule_set.required_papers if rule_set else "",
        disability=applicant.person.disability,
        earlier_assistance=applicant.earlier_assistance,
    )
    return [(kind, received.get(kind)) for kind in PaperKind if kind in asked or kind in received]


def lacking_papers(applicants: ApplicantQuerySet, rule_sets: Iterable[RuleSet]) -> ApplicantQuerySet:
    """Those of whom a paper is not here yet that the rule set of their day asks for."""
    return applicants.filter(_lacking(rule_sets))


def _lacking(rule_sets: Iterable[RuleSet]) -> Q:
    lacking = Q(pk__in=[])
    for rule_set in rule_sets:
        for kind in rules.papers_asked(rule_set.required_papers, disability="any", earlier_assistance=True):
            received = Q(Exists(Paper.objects.filter(applicant=OuterRef("pk"), kind=kind)))
            lacking |= Q(rule_set=rule_set) & _asked_of(kind) & ~received
    return lacking


def _asked_of(kind: PaperKind) -> Q:
    """Of whom a paper is asked, as ``rules.papers_asked`` has it."""
    if kind == PaperKind.DISABILITY:
        return ~Q(person__disability="")
    return Q(earlier_assistance=True) if kind == PaperKind.REPORT else Q()


def before_the_pool(programme: Programme, day: datetime.date) -> list[Text]:
    """What is still open about people on a day, and is not so any more once the pool is frozen."""
    rule_sets = list(programme.rule_sets.all())
    counted: dict[str, Any] = {"papers": Count("pk", filter=Q(status=Status.ELIGIBLE) & _lacking(rule_sets))}
    for number, rule_set in enumerate(rule_sets):
        first = day - datetime.timedelta(days=rule_set.days_to_object)
        may_object = Q(status=Status.REFUSED, rule_set=rule_set, assessed_on__gte=first)
        counted[f"people_{number}"] = Count("pk", filter=may_object)
        counted[f"last_{number}"] = Max("assessed_on", filter=may_object)
    found = programme.applicants.aggregate(**counted)
    days = (
        rules.last_day_to_object(found[f"last_{number}"], rule_set.days_to_object)
        for number, rule_set in enumerate(rule_sets)
    )
    return rules.notices_before_the_pool(
        may_object=sum(found[f"people_{number}"] for number in range(len(rule_sets))),
        last_day=max(filter(None, days), default=None),
        without_papers=found["papers"],
    )
