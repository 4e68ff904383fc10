"""Does something again and again, each time killed one step later than before, and prints what every death left.

``programme`` freezes, draws and calls a reserve, killed after each write to the database; ``files`` draws from two
files, killed before each file that is opened or put in place; ``server`` serves a programme whose draw is to be
confirmed, and dies of it. Started as a process of its own: what is forked must not inherit the threads of a test run.
"""

import datetime
import itertools
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

from kawasan.core.first_tables import is_empty, make_tables
from kawasan.core.services import covered_models, log, verify_log
from kawasan.core.testing import PASSWORD
from kawasan.exchange.checker import check
from kawasan.exchange.commands import main
from kawasan.exchange.services import add_user, load
from kawasan.exchange.tests.folder import FILES, PROGRAMME, write_folder
from kawasan.programmes.models import Programme
from kawasan.selection import services
from kawasan.selection.models import Draw, Seat
from kawasan.selection.tests import factories

DAY = datetime.date(2022, 9, 1)
PEOPLE, SEATS = 200, 30
Step = Callable[[], None]


def killed(deed: Callable[[Step], Any], number: int) -> bool:
    """Do it in a child that dies at its step ``number``; whether it had so many."""
    connections.close_all()
    if (child := os.fork()) == 0:
        steps = itertools.count(1)
        deed(lambda: die() if next(steps) == number else None)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def every_death(deed: Callable[[Step], Any], left: Callable[[], Any]) -> list[Any]:
    """What was there before, after each death, and once it was done."""
    found = [left()]
    for number in itertools.count(1):
        was_killed = killed(deed, number)
        found.append(left())
        if not was_killed:
            return found
    raise AssertionError


def writing(deed: Callable[[], Any]) -> Callable[[Step], Any]:
    def do(step: Step) -> Any:
        def statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            done = execute(sql, *rest)
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                step()
            return done

        with connection.execute_wrapper(statement), copying(step):
            return deed()

    return do


@contextmanager
def copying(step: Step) -> Iterator[None]:
    """Rows that are copied into PostgreSQL are written too, though by no statement that Django sees."""
    copy = psycopg.Cursor.copy

    @contextmanager
    def copied(*given: Any) -> Iterator[psycopg.Copy]:
        with copy(*given) as file:
            yield file
        step()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "copy", copied)
        yield


def rows() -> dict[str, Any]:
    draw = Draw.objects.first()
    return {
        "draw": [draw.status, draw.public_value, len((draw.result or {}).get("calls", []))] if draw else None,
        "in the pool": Programme.objects.get().applicants.exclude(frozen_on=None).count(),
        "seats": Seat.objects.count(),
        "held": Seat.objects.held().count(),
        "faults": [str(fault) for fault in verify_log()],
    }


def prepared(folder: Path) -> Programme:
    """A programme whose applicants are assessed."""
    if is_empty():
        make_tables()
    field = '[[fields]]\ncode = "ternak"\nname = "Ternak"\nname_en = "Livestock"\nleast_seats = 1\nmost_seats = 20\n'
    text = PROGRAMME.replace("seats = 2", f"seats = {SEATS}", 1).replace("most_seats = 2", "most_seats = 40")
    two = {name: FILES[f"{name}.csv"].replace("P00", "P90").replace("A00", "A90") for name in ("persons", "applicants")}
    found, faults = check(write_folder(folder, programme=f"{text}\n{field}", **two))
    assert not faults, faults
    load(folder=found, by=None)
    made = Programme.objects.get()
    factories.pool(made, PEOPLE)
    log("test.made", made, rows=[row for model in covered_models() for row in model._base_manager.all()], by=None)
    return made


def programme(folder: Path) -> dict[str, list[Any]]:
    made = prepared(folder)
    told = {"freeze": every_death(writing(lambda: freeze(made)), rows)}
    services.enter_value(draw=Draw.objects.get(), public_value="6.812,19", by=None)
    told["draw"] = every_death(writing(lambda: services.run_draw(draw=Draw.objects.get(), by=None, on=DAY)), rows)
    services.decline(seat=Seat.objects.held()[0], by=None, on=DAY, note="Found work")
    told["call"] = every_death(writing(lambda: services.call_reserve(programme=made, by=None, on=DAY)), rows)
    return told


def freeze(made: Programme) -> None:
    services.freeze_pool(programme=made, source=factories.SOURCE, by=None, on=DAY)


def files(folder: Path) -> dict[str, list[Any]]:
    """Draw from features.csv and people.csv of the folder into its ``out``."""
    out = folder / "out"
    given = ["draw", "--features", str(folder / "features.csv"), "--people", str(folder / "people.csv")]
    given += ["--seats", "4", "--panels", "60", "--salt", "s", "--seed", "6.812,19", "--out", str(out)]

    def do(step: Step) -> None:
        def event(name: str, about: tuple[Any, ...]) -> None:
            is_write = name == "open" and about[1] is not None and set(str(about[1])) & set("wax")
            if (is_write or name in {"os.rename", "os.mkdir"}) and str(about[0]).startswith(str(out)):
                step()

        sys.addaudithook(event)
        sys.stdout = sys.stderr
        assert main(given) == 0

    def left() -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted(out.glob("*"))}

    return {"files": every_death(do, left)}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def server(folder: Path, *, writes: int) -> None:
    """Serve on the port that is printed; the first request to draw is killed after so many writes, if any."""
    if not folder.exists():
        draw = services.freeze_pool(programme=prepared(folder), source=factories.SOURCE, by=None, on=DAY)
        services.enter_value(draw=draw, public_value="6.812,19", by=None)
        add_user(
            username="budi", name="Budi", password=PASSWORD, programme=draw.programme.code, role="verifier", by=None
        )
    pages, steps = get_wsgi_application(), itertools.count(1)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("/draw/"):
            return pages(environ, start_response)
        return writing(lambda: pages(environ, start_response))(lambda: die() if next(steps) == writes else None)

    serving = make_server("127.0.0.1", 0, answer)
    sys.stdout.write(f"{serving.server_port}\n")
    sys.stdout.flush()
    serving.serve_forever()


def start(what: str, folder: str, writes: str = "0") -> None:
    if what == "server":
        server(Path(folder), writes=int(writes))
    else:
        sys.stdout.write(json.dumps({"programme": programme, "files": files}[what](Path(folder))))
