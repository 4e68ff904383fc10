"""The process that does jobs, one after the other, and takes up what a dead worker left."""

import datetime
import time

from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from kawasan.core import lease

PAUSE = 0.25  # seconds between two looks for work; a look that finds none only reads
KEPT = datetime.timedelta(days=30)  # for which a task that is over can be looked up


def work(*, until_idle: bool = False) -> None:
    """Do what waits, for ever or until nothing does."""
    _forget_old()
    with lease.held() as worker:
        while True:
            close_old_connections()
            if do_next(worker):
                continue
            if until_idle:
                return
            time.sleep(PAUSE)


def do_next(worker: str) -> bool:
    """Do one task; whether there was any."""
    take_back()
    found = _claimed(worker)
    if found:
        _library_worker(worker).run_task(found)
    return found is not None


def take_back() -> int:
    """Let what dead workers were doing wait again; how many tasks that were."""
    taken = 0
    for task in DBTaskResult.objects.running():
        if not lease.is_alive(task.worker_ids[-1]):
            left = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at)
            taken += left.update(status=TaskResultStatus.READY)
    return taken


def _claimed(worker: str) -> DBTaskResult | None:
    """The next task, ours alone. Only who saw one waiting asks for the lock, so that idle workers disturb nobody."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None
    try:
        with exclusive_transaction():
            if found := ready.get_locked():
                found.claim(worker)
            return found
    except OperationalError as error:
        if not is_locked_database_exception(error):
            raise
        return None


def _library_worker(worker: str) -> db_worker.Worker:
    return db_worker.Worker(
        queue_names=["*"],
        interval=PAUSE,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker,
        excluded_queue_names=[],
    )


def _forget_old() -> None:
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT)
    if old.exists():  # to delete takes the lock of all writers, even of nothing
        old.delete()
