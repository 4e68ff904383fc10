"""Whose ideas are in whose hands, and what their marks come to."""

from typing import Any

from django.db import models
from django.db.models import Count, Prefetch, Q

from kawasan.applicants import rules
from kawasan.applicants.models import (
    Applicant,
    ApplicantQuerySet,
    Appraisal,
    ViabilityScheme,
)
from kawasan.applicants.rules import Settled
from kawasan.core.models import User
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.value_chain.queries import in_place, shown_plan
from kawasan.value_chain.rules import Direction

APPRAISERS = (Role.VERIFIER, Role.PLANNER, Role.EXPERT)  # who may be asked to mark ideas


def viability_scheme_of(programme: Programme) -> ViabilityScheme:
    """What the criteria weigh; as usual until a manager sets it."""
    return ViabilityScheme.objects.filter(programme=programme).first() or ViabilityScheme(programme=programme)


def may_appraise(programme: Programme) -> models.QuerySet[User]:
    """Who may mark ideas: who works for the programme, but for managers, who see all marks."""
    managers = programme.memberships.filter(role=Role.MANAGER).values("user")
    members = User.objects.filter(memberships__programme=programme, memberships__role__in=APPRAISERS, is_active=True)
    return members.exclude(pk__in=managers).distinct().order_by("name", "username")


def viability_of(applicant: Applicant) -> tuple[Settled, list[Appraisal]]:
    """What the marks of somebody's idea come to, and whose hands it is or was in."""
    everybody = list(applicant.appraisals.select_related("appraiser").order_by("turn"))
    marks = [one.marks for one in everybody if one.given_on]
    scheme = viability_scheme_of(applicant.programme) if marks else ViabilityScheme()
    return rules.settled(marks, scheme.weights, scheme.most_apart), everybody


def shown_marks(appraisal: Appraisal) -> list[Appraisal]:
    """What somebody may see of the marks of an idea: the own ones, and all others once nobody's are open."""
    if appraisal.given_on is None:
        return []
    everybody = list(appraisal.applicant.appraisals.order_by("turn"))
    others = [one for one in everybody if one.pk != appraisal.pk]
    return [appraisal, *(others if others and all(one.given_on for one in others) else [])]


def appraisal_counts(programme: Programme) -> dict[str, int]:
    """How many marks were asked for and how many are in, and how many ideas wait for somebody to be asked."""
    marks = programme.appraisals.aggregate(asked=Count("pk"), given=Count("pk", filter=Q(given_on__isnull=False)))
    left = programme.applicants.in_pool().filter(appraisals=None).count()
    return {**marks, "left": left}


def marked_ideas(programme: Programme) -> ApplicantQuerySet:
    """Everybody whose idea is in somebody's hands, with all marks."""
    rows = Prefetch("appraisals", Appraisal.objects.order_by("turn"))
    return programme.applicants.in_full().filter(appraisals__isnull=False).distinct().prefetch_related(rows)


def plan_facts(applicant: Applicant) -> dict[str, Any]:
    """What the plan knows of the field and the place of an idea: activities, seats, who does it already, buyers."""
    programme, place = applicant.programme, applicant.person.place
    district = place.parent or place
    plan = shown_plan(programme)
    result = plan.result if plan and plan.result else {}
    planned = {row["code"]: row for row in result.get("activities", [])}
    activities = list(programme.activities.filter(field=applicant.field))
    existing = programme.existing_enterprises.filter(activity__in=activities)
    made = programme.activity_flows.filter(activity__in=activities, direction=Direction.OUTPUT).values("commodity")
    return {
        "plan": plan,
        "district": district,
        "place_seats": next((row["seats"] for row in result.get("places", []) if row["code"] == district.code), None),
        "activities": [(one, *_seats_in(planned.get(one.code), district.code)) for one in activities],
        "existing": existing.filter(in_place(district.code)).count(),
        "buyers": programme.demands.filter(commodity__in=made).select_related("offtaker", "commodity"),
    }


def _seats_in(planned: dict[str, Any] | None, district: str) -> tuple[int, int]:
    """How many enterprises a plan has of an activity, and how many of them in a district."""
    if planned is None:
        return 0, 0
    return planned["enterprises"], sum(site["enterprises"] for site in planned["sites"] if site["place"] == district)
