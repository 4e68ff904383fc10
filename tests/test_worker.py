"""Workers that are killed, that race, and that end with their server: each job is done once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.db import connection

from test_killed import TESTS, database  # noqa: F401

LABOUR = "import sys, django; django.setup(); import labour; getattr(labour, sys.argv[1])(*sys.argv[2:])"
KAWASAN = "from kawasan.exchange.commands import main; raise SystemExit(main())"
PATIENCE = 240  # seconds; a computer that does other things too takes a while


@pytest.fixture
def run(database: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:  # noqa: F811
    """Starts a process on the database of these tests; whatever still runs at the end is killed."""
    own = {"DJANGO_SETTINGS_MODULE": "kawasan.config.settings", "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}"}
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code, *arguments]
        started.append(subprocess.Popen(command, env=os.environ | own | database, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


Run = Callable[..., subprocess.Popen[str]]


def done(process: subprocess.Popen[str]) -> Any:
    out, _err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return json.loads(out) if out else None


def until(is_so: Callable[[], bool]) -> None:
    for _look in range(PATIENCE * 20):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError


def test_what_a_killed_worker_left_is_taken_up_and_done_once(run: Run, database: dict[str, str]) -> None:  # noqa: F811
    done(run(LABOUR, "ask", "steady"))
    signs = Path(database["KAWASAN_DATA"])
    first = run(KAWASAN, "work")
    until((signs / "begun-1").exists)
    second = run(KAWASAN, "work")
    time.sleep(1)  # the second looks for work several times, and leaves alone what the first is at
    assert not (signs / "begun-2").exists()
    first.kill()
    until((signs / "begun-2").exists)
    (signs / "go").touch()
    until(lambda: done(run(LABOUR, "left"))["jobs"][0][0] == "done")
    second.kill()
    found = done(run(LABOUR, "left"))
    assert found["jobs"] == [["done", 2, ["Done."]]]
    assert len(found["stored"]) == 1
    assert found["faults"] == []


def test_what_was_stored_before_the_worker_died_is_not_done_again(run: Run) -> None:
    done(run(LABOUR, "ask", "deadly"))
    dying = run(KAWASAN, "work", "--until-idle")
    assert dying.wait(PATIENCE) == -signal.SIGKILL
    done(run(KAWASAN, "work", "--until-idle"))
    found = done(run(LABOUR, "left"))
    assert [job[0] for job in found["jobs"]] == ["done"]
    assert len(found["stored"]) == 1


def test_a_job_that_kills_its_workers_is_given_up(run: Run) -> None:
    done(run(LABOUR, "ask", "hopeless"))
    for _death in range(3):
        assert run(KAWASAN, "work", "--until-idle").wait(PATIENCE) == -signal.SIGKILL
    done(run(KAWASAN, "work", "--until-idle"))
    state, _attempts, said = done(run(LABOUR, "left"))["jobs"][0]
    assert state == "failed"
    assert "each time the computer stopped in the middle" in said[0]


def test_two_workers_never_do_the_same_job(run: Run) -> None:
    done(run(LABOUR, "ask", "stored", "40"))
    for worker in [run(KAWASAN, "work", "--until-idle") for _worker in range(2)]:
        done(worker)
    found = done(run(LABOUR, "left"))
    assert len(found["stored"]) == len(set(found["stored"])) == 40
    assert {(state, attempts) for state, attempts, _said in found["jobs"]} == {("done", 1)}


def test_the_worker_beside_a_server_is_followed_by_another_and_ends_with_the_server(
    run: Run,
    database: dict[str, str],  # noqa: F811
) -> None:
    done(run(LABOUR, "ask", "steady"))
    signs = Path(database["KAWASAN_DATA"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = run(KAWASAN, "serve", "--port", str(port))
    until((signs / "begun-1").exists)
    until(lambda: answers(port))
    os.kill(worker_of(server.pid), signal.SIGKILL)
    until((signs / "begun-2").exists)  # another worker began anew, and the server never noticed
    assert answers(port)
    worker, pages = worker_of(server.pid), [child for child in children(server.pid) if not is_beside(child)]
    server.kill()
    for page in pages:
        os.kill(page, signal.SIGKILL)
    until(lambda: not is_there(worker))
    (signs / "go").touch()
    done(run(KAWASAN, "work", "--until-idle"))
    assert done(run(LABOUR, "left"))["jobs"] == [["done", 3, ["Done."]]]


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as page:
            return bool(page.status == 200)
    except (URLError, OSError):
        return False


def worker_of(server: int) -> int:
    """The child of what the server has beside it."""
    return next(child for beside in children(server) if is_beside(beside) for child in children(beside))


def is_beside(process: int) -> bool:
    return b"kawasan.core.beside" in Path(f"/proc/{process}/cmdline").read_bytes()


def children(process: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_there(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_idle_workers_only_read(run: Run) -> None:
    """On SQLite a look that finds nothing must not ask for the lock of all writers."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such lock")
    done(run(LABOUR, "prepare"))
    code = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "from kawasan.core import worker\n"
        "from django.test.utils import CaptureQueriesContext\n"
        "worker.work(until_idle=True)\n"
        "with CaptureQueriesContext(connection) as asked: worker.work(until_idle=True)\n"
        "said = [query['sql'].split()[0] for query in asked if 'finished_at' not in query['sql']]\n"
        "import json; print(json.dumps(said))"
    )
    assert set(done(run(code))) == {"SELECT"}
