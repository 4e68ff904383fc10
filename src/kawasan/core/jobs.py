"""Work that outlasts a request: asked for, done by a worker, taken up again when its worker died.

A job is asked for in a transaction, together with the task that does it. What it makes is stored in one transaction
too, which marks the job (``lease.mark_recorded``): so it is stored once, however often a worker dies.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks_db.utils import retry

from kawasan.core.errors import Refused
from kawasan.core.lease import Lost, working
from kawasan.core.models import Job, User
from kawasan.core.rules import BROKE, DIED, MOST_ATTEMPTS, UNDERWAY, WAS_RECORDED, JobState, progress_in_words
from kawasan.core.services import log
from kawasan.core.text import Text, _

Work = Callable[..., Text]
PATIENCE = 2.0  # seconds that a page waits for a job before it shows how far it is
LOOK = 0.05  # seconds between two looks
TELL = 0.5  # seconds between two words of progress

logger = logging.getLogger(__name__)


def start(
    work: Work, *, programme: models.Model, about: Text, subject: str, address: str, by: User | None, **given: Any
) -> Job:
    """Have ``work(job, **given)`` done; it says in a sentence what came of it. One job about a subject at a time."""
    code = programme.code  # type: ignore[attr-defined]
    path = f"{work.__module__}.{work.__qualname__}"
    stored = {"about": about.stored(), "address": address, "work": path, "given": given}
    job = Job(programme_code=code, subject=subject, by=by, **stored)
    try:
        with transaction.atomic():
            job.save()
            log("core.job_asked_for", programme, by=by, is_written=False, job=job.pk, what=job.about)
            do.enqueue(job.pk)
    except IntegrityError:
        if same := Job.objects.filter(programme_code=code, subject=subject, state__in=UNDERWAY).first():
            return same
        raise
    return job


def underway(programme: models.Model, subject: str) -> Job | None:
    """The job about a subject, or about a part of it, which is named after a point, that waits or runs."""
    code = programme.code  # type: ignore[attr-defined]
    about = models.Q(subject=subject) | models.Q(subject__startswith=f"{subject}.")
    return Job.objects.filter(about, programme_code=code, state__in=UNDERWAY).first()


def waited_for(job: Job, seconds: float = PATIENCE) -> Job:
    """The job as it is once it is over, or when nobody should wait any longer."""
    until = time.monotonic() + seconds
    job.refresh_from_db()
    while job.is_underway and time.monotonic() < until:
        time.sleep(LOOK)
        job.refresh_from_db()
    return job


@transaction.atomic
def cancel(*, job: Job, programme: models.Model, by: User | None) -> None:
    """Take back a job that no worker has begun."""
    waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
    if waiting.update(state=JobState.CANCELLED, ended_at=timezone.now()) != 1:
        raise Refused(Text(_("This was begun already, or is over. Load the page again.")))
    log("core.job_cancelled", programme, by=by, is_written=False, job=job.pk, what=job.about)


class Progress:
    """Tells from time to time how far a job is; without a job it tells nobody."""

    def __init__(self, job: Job | None, what: str) -> None:
        self.job, self.what, self.told_at = job, what, 0.0

    def __call__(self, done: int, total: int) -> None:
        if self.job is None or (time.monotonic() - self.told_at < TELL and done < total):
            return
        self.told_at = time.monotonic()
        told = progress_in_words(done, total, self.what).stored() | {"done": done, "total": total}
        if _ours(self.job).update(progress=told) != 1:
            raise Lost


@task()
def do(job: int) -> None:
    """Do a job unless it is over. Whoever dies here leaves it to the next worker."""
    found = _taken_up(job)
    if found is None:
        return
    token = working.set(found)
    try:
        _end(found, JobState.DONE, import_string(found.work)(found, **found.given))
    except Refused as refused:
        _end(found, JobState.FAILED, *refused.reasons)
    except Lost:
        logger.warning("Job %s was taken up by another worker; this one stores nothing.", job)
    except Exception:  # the worker goes on, and whoever waits is told; the trace goes to the log and to the task
        logger.exception("Job %s broke", job)
        _end(found, JobState.FAILED, Text(BROKE))
        raise
    finally:
        working.reset(token)


def _taken_up(number: int) -> Job | None:
    """A job that is ours now; nothing when there is nothing left to do."""
    underway = Job.objects.filter(pk=number, state__in=UNDERWAY)
    begun = {"state": JobState.RUNNING, "begun_at": timezone.now(), "progress": None, "attempts": F("attempts") + 1}
    if underway.update(**begun) != 1:
        return None
    job = Job.objects.get(pk=number)
    if job.is_recorded:
        _end(job, JobState.DONE, Text(WAS_RECORDED))
    elif job.attempts > MOST_ATTEMPTS:
        _end(job, JobState.FAILED, Text(DIED, {"times": MOST_ATTEMPTS}))
    else:
        return job
    return None


@retry()
def _end(job: Job, state: JobState, *said: Text | str) -> None:
    sentences = [text if isinstance(text, Text) else Text("{said}", {"said": str(text)}) for text in said]
    _ours(job).update(state=state, said=[text.stored() for text in sentences], ended_at=timezone.now())


def _ours(job: Job) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING)
