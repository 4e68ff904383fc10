"""Who is on the list of applicants, in which order, and what waits for the office."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kawasan.applicants.models import (
    Applicant,
    ApplicantQuerySet,
    Objection,
    PossibleDouble,
    ProposedChange,
)
from kawasan.applicants.queries.papers import lacking_papers
from kawasan.applicants.rules import Status
from kawasan.areas.models import Place
from kawasan.programmes.models import Programme

MANY = 100_000  # applications from which on their numbers are not counted for every page


COUNTS_LAST = 60  # seconds


SORTS = {
    "code": ("code",),
    "name": ("person__name", "code"),
    "need": ("-need_score", "code"),
    "applied": ("-applied_on", "code"),
}


def districts(programme: Programme) -> Any:
    """The districts in which applicants of the programme may live."""
    return Place.objects.filter(programme=programme, level="district")


def matching(
    programme: Programme, wanted: dict[str, Any], *, close: Sequence[int] = (), far: Sequence[int] = ()
) -> ApplicantQuerySet:
    """The applicants that a filter asks for; what it leaves open is not filtered.

    ``close`` and ``far`` are the keys of persons whose names fit the text that is sought; the close ones come first.
    """
    found = Applicant.objects.filter(programme=programme).in_full()
    if text := wanted.get("q"):
        found = found.filter(Q(person__in=[*close, *far]) | Q(code=text.strip().upper()))
    for name, narrowed in NARROWED.items():
        if value := wanted.get(name):
            found = narrowed(found, value)
    if wanted.get("papers"):
        found = lacking_papers(found, programme.rule_sets.all())
    if wanted.get("sort") == "name":
        found = found.filter(person__programme=programme)  # leaves nobody out; the index of names begins with it
    return _sorted(found, SORTS[wanted.get("sort") or "code"], far)


def _living_in(found: ApplicantQuerySet, district: Place) -> ApplicantQuerySet:
    """Those of a district. Compared in a way that no index helps with, so that a page is found by walking the order."""
    places = Place.objects.filter(Q(parent=district) | Q(pk=district.pk))
    return found.alias(lives_in=Coalesce("person__place", 0)).filter(lives_in__in=places.values("pk"))


def _with_warnings(found: ApplicantQuerySet, wanted: str) -> ApplicantQuerySet:
    return found.filter(has_warnings=False) if wanted == "no" else found.to_check()


NARROWED: dict[str, Callable[[ApplicantQuerySet, Any], ApplicantQuerySet]] = {
    "field": lambda found, field: found.filter(field=field),
    "status": lambda found, status: found.filter(status=status),
    "need_band": lambda found, band: found.filter(need_band=band),
    "district": _living_in,
    "trouble": ApplicantQuerySet.in_trouble,
    "warnings": _with_warnings,
}


def _sorted(found: ApplicantQuerySet, order: Sequence[str], far: Sequence[int]) -> ApplicantQuerySet:
    if not far:
        return found.order_by(*order)
    return found.alias(is_far=Case(When(person__in=far, then=1), default=0)).order_by("is_far", *order)


def counts(programme: Programme) -> dict[str, Any]:
    """How many applications there are of each status, and with warnings to look at.

    Of very many, which take longer to count than to show, the numbers are those of the last minute, and say so.
    """
    key = f"applicants.counts.{programme.pk}"
    if kept := cache.get(key):
        return kept
    found = _counted(programme)
    if found["total"] > MANY:
        found["counted_at"] = timezone.localtime()
        cache.set(key, found, COUNTS_LAST)
    return found


def _counted(programme: Programme) -> dict[str, Any]:
    rows = Applicant.objects.filter(programme=programme).values_list("status", "has_warnings")
    found: dict[str, Any] = {status.value: 0 for status in Status} | {"total": 0, "with_warnings": 0}
    for status, has_warnings, count in rows.annotate(people=Count("*")).order_by():
        found[status] += count
        found["total"] += count
        found["with_warnings"] += count if has_warnings and status != Status.WITHDRAWN else 0
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody who checks applications, and whether the pool of the draw is fixed."""

    pairs: int
    objections: int
    changes: int
    is_frozen: bool


def waiting(programme: Programme) -> Waiting:
    frozen = programme.applicants.exclude(frozen_on=None)
    found = Programme.objects.filter(pk=programme.pk).values_list(
        number_of(PossibleDouble.objects.to_decide()),
        number_of(Objection.objects.to_answer()),
        number_of(ProposedChange.objects.to_decide()),
        Exists(frozen),
    )
    return Waiting(*found.get())


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows belong to a programme, as a column of a query about programmes: several are one query."""
    counted = rows.filter(programme=OuterRef("pk")).order_by().values("programme").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def standing_in_pool(applicant: Applicant) -> dict[str, Any]:
    """The day on which the pool was frozen, if it was, and whether the applicant is in it."""
    frozen_on = applicant.programme.applicants.aggregate(day=Max("frozen_on"))["day"]
    return {"frozen_on": frozen_on, "is_in_pool": applicant.frozen_on is not None}
