"""The pool is frozen by a worker: to find the panels may take most of a minute."""

from django.urls import reverse

from kawasan.core import jobs
from kawasan.core.errors import Refused
from kawasan.core.models import Job, User
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.selection import rules
from kawasan.selection.services.draw import freeze_pool, refuse_frozen


def freeze_pool_later(*, programme: Programme, source: str, by: User | None) -> Job:
    """Have the pool frozen, unless it is already or nobody says which public value decides."""
    refuse_frozen(programme)
    if reasons := rules.reasons_no_source(source.strip()):
        raise Refused(*reasons)
    job = jobs.start(
        _freeze,
        programme=programme,
        about=Text(_("Freeze the pool for the draw")),
        subject="selection-pool",
        address=reverse("selection:selection", args=[programme.code]),
        by=by,
        programme_number=programme.pk,
        source=source,
    )
    if job.given["source"] != source:
        template = _("The pool is being frozen already, with another public value: {source}. Yours was not used.")
        raise Refused(Text(template, {"source": job.given["source"]}))
    return job


def _freeze(job: Job, programme_number: int, source: str) -> Text:
    programme = Programme.objects.get(pk=programme_number)
    draw = freeze_pool(programme=programme, source=source, by=job.by)
    return Text(_("The pool is frozen. Publish its hash: {hash}"), {"hash": draw.frozen_hash})
