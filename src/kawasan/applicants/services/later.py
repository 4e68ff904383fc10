"""Doubles are sought by a worker."""

import datetime

from django.urls import reverse

from kawasan.applicants.services import doubles
from kawasan.core import jobs
from kawasan.core.models import Job, User
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme


def seek_later(*, programme: Programme, by: User | None, on: datetime.date) -> Job:
    """Have persons sought who may be one."""
    return jobs.start(
        _seek,
        programme=programme,
        about=Text(_("Look for possible doubles")),
        subject="applicants-doubles",
        address=reverse("applicants:doubles", args=[programme.code]),
        by=by,
        programme_number=programme.pk,
        on=on.isoformat(),
    )


def _seek(job: Job, programme_number: int, on: str) -> Text:
    programme = Programme.objects.get(pk=programme_number)
    counts = doubles.seek(programme=programme, by=job.by, on=datetime.date.fromisoformat(on))
    return Text(_("{people} people compared: {new} new pairs, {to_decide} to decide."), counts)
