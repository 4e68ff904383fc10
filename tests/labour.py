"""Work for workers that are to be killed, and what is left of it; run in processes of its own, on their database."""

import itertools
import json
import os
import signal
import sys
import time
from pathlib import Path

from django.conf import settings

from kawasan.applicants.models import Applicant, Person
from kawasan.core import lease, worker
from kawasan.core.first_tables import is_empty, make_tables
from kawasan.core.jobs import start
from kawasan.core.models import Job, LogEntry, User
from kawasan.core.services import log, verify_log
from kawasan.core.text import Text
from kawasan.exchange.intake import services
from kawasan.exchange.tests.test_intake import FIXED, another, sheet
from kawasan.programmes.models import Programme
from kill import die, prepared, writing


def sign(name: str) -> Path:
    return Path(settings.DATA) / name


def steady(job: Job) -> Text:
    """Says that it has begun, waits for a sign, and stores one entry."""
    sign(f"begun-{job.attempts}").touch()
    while not sign("go").exists():
        time.sleep(0.02)
    return stored(job)


def stored(job: Job) -> Text:
    log("test.worked", Programme.objects.get(), by=None, is_written=False, number=job.pk, worker=os.getpid())
    return Text("Done.")


def deadly(job: Job) -> Text:
    """Dies of itself right after it has stored its entry."""
    stored(job)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def hopeless(job: Job) -> Text:
    """Dies before it stores anything, each time."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def prepare() -> None:
    if is_empty():
        make_tables()
    if not Programme.objects.exists():
        made = Programme.objects.create(
            code="contoh", name="Contoh", year=2022, area_code="19.71", area_name="C", seats=2
        )
        log("test.made", made, by=None)
    Job.objects.all().delete()
    for name in ("go", "begun-1", "begun-2"):
        sign(name).unlink(missing_ok=True)


def ask(what: str, times: str = "1") -> None:
    prepare()
    for number in range(int(times)):
        work = {"steady": steady, "stored": stored, "deadly": deadly, "hopeless": hopeless}[what]
        start(work, programme=Programme.objects.get(), about=Text("A test"), subject=f"t{number}", address="/", by=None)


def left() -> None:
    entries = LogEntry.objects.filter(
        verb="test.worked", data__number__in=list(Job.objects.values_list("pk", flat=True))
    )
    found = {
        "jobs": [
            [job.state, job.attempts, [text["template"] for text in job.said]] for job in Job.objects.order_by("pk")
        ],
        "stored": sorted(entry.data["number"] for entry in entries),
        "workers": len({entry.data["worker"] for entry in entries}),
        "alive": sum(lease.is_alive(path.name) for path in sign("workers").glob("*")),
        "faults": [str(fault) for fault in verify_log()],
    }
    sys.stdout.write(json.dumps(found))


def ask_import(folder: str) -> None:
    """A programme with people, and a file with thirty more that somebody wants stored."""
    programme = prepared(Path(folder))
    user = User.objects.create(username="ani", name="Ani")
    log("test.made", user, by=None)
    content = sheet(*(another(number) for number in range(10, 40)))
    intake = services.bring(programme=programme, name="tkm.xlsx", content=content, by=user)
    intake = services.map_columns(intake=intake, mapping=intake.mapping | {"fixed": FIXED}, by=user)
    services.store_later(intake=intake, only_good=False, by=user)


def dying_worker(writes: str) -> None:
    """A worker that is killed after so many writes to the database."""
    steps = itertools.count(1)
    writing(lambda: worker.work(until_idle=True))(lambda: die() if next(steps) == int(writes) else None)


def imported() -> None:
    job = Job.objects.get()
    found = {
        "job": [job.state, job.attempts],
        "people": Person.objects.count(),
        "imported": Applicant.objects.filter(code__startswith="TKM-").count(),
        "stored": LogEntry.objects.filter(verb="exchange.intake_stored").count(),
        "faults": [str(fault) for fault in verify_log()],
    }
    sys.stdout.write(json.dumps(found))
