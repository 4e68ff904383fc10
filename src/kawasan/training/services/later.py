"""The timetable is made by a worker: to name the smallest conflict of many sessions takes longer than a page waits."""

from django.urls import reverse

from kawasan.core import jobs
from kawasan.core.models import Job, User
from kawasan.core.text import Text, _
from kawasan.training.models import Timetable
from kawasan.training.services.making import make_timetable


def make_timetable_later(*, timetable: Timetable, by: User | None) -> Job:
    """Have the timetable made from what was frozen."""
    return jobs.start(
        _make,
        programme=timetable.programme,
        about=Text(_("Make the timetable {timetable}"), {"timetable": timetable.code}),
        subject="training-timetable",
        address=reverse("training:timetable", args=[timetable.programme.code]),
        by=by,
        timetable=timetable.pk,
    )


def _make(job: Job, timetable: int) -> Text:
    frozen = Timetable.objects.select_related("programme").get(pk=timetable)
    make_timetable(timetable=frozen, by=job.by)
    return Text(_("The timetable was made."))
