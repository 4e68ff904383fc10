"""Who works at what: a worker is alive as long as it holds its lock, and a job is recorded by whoever has it now.

The lock is the kernel's (a file) or PostgreSQL's (its session), so that it is gone the moment its holder is, however
that ended. No clock is asked: a worker that computes for an hour and writes nothing is alive all the same.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string

from kawasan.core.models import Job
from kawasan.core.rules import JobState

working: ContextVar[Job | None] = ContextVar("working", default=None)


class Lost(Exception):
    """Somebody else has taken up the job: its first worker was thought dead, and must store nothing any more."""


def mark_recorded() -> None:
    """In the transaction that stores what a job makes: say so with the job, once, if it is still ours.

    A job writes in one transaction. Whoever takes it up after a death sees by this mark whether there is anything left
    to do.
    """
    job = working.get()
    if job is None:
        return
    ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    if ours.update(is_recorded=True) != 1:
        raise Lost


@contextmanager
def held() -> Iterator[str]:
    """The name of a worker, whose lock is held until the end."""
    worker = get_random_string(24)
    with _held_in_postgres(worker) if connection.vendor == "postgresql" else _held_in_file(worker):
        yield worker


def is_alive(worker: str) -> bool:
    """Whether somebody holds the lock of this worker."""
    return _is_held_in_postgres(worker) if connection.vendor == "postgresql" else _is_held_in_file(worker)


def _path(worker: str) -> Path:
    return Path(settings.DATA) / "workers" / worker


@contextmanager
def _held_in_file(worker: str) -> Iterator[None]:
    path = _path(worker)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)


def _is_held_in_file(worker: str) -> bool:
    try:
        with _path(worker).open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _path(worker).unlink(missing_ok=True)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def _held_in_postgres(worker: str) -> Iterator[None]:
    """In a session of its own: the one that works is closed and opened again."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_number(worker)])
        yield
    finally:
        own.close()


def _is_held_in_postgres(worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_number(worker)])
        was_free = cursor.fetchone()[0]
        if was_free:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(worker)])
    return not was_free


def _number(worker: str) -> int:
    return int.from_bytes(hashlib.sha256(worker.encode()).digest()[:8], signed=True)
