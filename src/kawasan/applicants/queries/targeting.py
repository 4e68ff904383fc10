"""Of whom a sample is drawn."""

from kawasan.applicants.models import (
    ApplicantQuerySet,
)
from kawasan.applicants.rules import Status, Trouble
from kawasan.programmes.models import Programme


def in_living_frame(programme: Programme) -> ApplicantQuerySet:
    """Everybody of whom it is seen whether seats reach those in need: each person's first standing application."""
    standing = programme.applicants.exclude(status__in=(Status.WITHDRAWN, Status.SUBMITTED))
    return standing.exclude(trouble__contains=f",{Trouble.AGAIN},").select_related("person__place__parent")
