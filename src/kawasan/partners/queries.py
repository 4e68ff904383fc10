"""Reads that feed the partners' pages."""

import datetime
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from kawasan.partners.models import Commitment, Organisation, stands_at
from kawasan.partners.rules import Kind, Status
from kawasan.programmes.models import Programme


def organisations(programme: Programme, *, today: datetime.date, kind: str, words: str) -> QuerySet[Organisation]:
    """Organisations of a kind in whose name, role or code the words stand, with their commitments counted."""
    found = programme.organisations.filter(Q(name__icontains=words) | Q(role__icontains=words) | Q(code__iexact=words))
    if kind in set(Kind):
        found = found.filter(kind=kind)
    counts = {
        f"count_{status.value}": Count("commitments", filter=stands_at(status, today, prefix="commitments__"))
        for status in Status
    }
    return found.annotate(**counts).order_by("name", "pk")


def commitments(programme: Programme, *, today: datetime.date, status: str) -> QuerySet[Commitment]:
    """Commitments of a status, or all, those due first at the top."""
    found = programme.commitments.select_related("organisation")
    return found.standing_at(Status(status), today) if status in set(Status) else found


def with_status(rows: Iterable[Commitment], today: datetime.date) -> list[tuple[Commitment, Status]]:
    """Commitments with where they stand today."""
    return [(row, row.status_on(today)) for row in rows]
