"""Boundaries are replaced as a whole, and removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from kawasan.areas import queries
from kawasan.areas.models import Boundary
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme


@transaction.atomic
def replace_boundaries(
    *,
    programme: Programme,
    outlines: Mapping[str, Any],
    levels: Sequence[str],
    source: str,
    seen: str,
    by: User | None,
) -> None:
    """Replace all boundaries of the levels by outlines that were checked, unless others were stored since."""
    _lock_boundaries(programme, seen)
    old = list(programme.boundaries.filter(place__level__in=levels))
    programme.boundaries.filter(pk__in=[boundary.pk for boundary in old]).delete()
    places = {place.code: place for place in programme.places.filter(code__in=outlines)}
    new = [
        Boundary(programme=programme, place=places[code], geometry=geometry, source=source)
        for code, geometry in outlines.items()
    ]
    for boundary in new:
        boundary.full_clean()
    Boundary.objects.bulk_create(new)
    log(
        "areas.boundaries_replaced", programme, by=by, rows=new, deleted=old, is_written=False, count=len(new),
        levels=list(levels), source=source,
    )  # fmt: skip


@transaction.atomic
def remove_boundaries(*, programme: Programme, seen: str, by: User | None) -> None:
    """Go back to approximate cells."""
    _lock_boundaries(programme, seen)
    old = list(programme.boundaries.all())
    programme.boundaries.all().delete()
    log("areas.boundaries_removed", programme, by=by, deleted=old, is_written=False, count=len(old))


def _lock_boundaries(programme: Programme, seen: str) -> None:
    Programme.objects.select_for_update().get(pk=programme.pk)
    if queries.boundaries_hash(programme) != seen:
        raise Refused(Text(_("Somebody else changed the boundaries meanwhile. Look at them and begin again.")))
