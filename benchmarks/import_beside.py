# ruff: noqa: INP001, T201, S603 - a command that speaks by printing and runs fixed programs
"""How fast the list of applicants answers while an import runs beside it, and when nothing does.

python benchmarks/import_beside.py [--rows 20000] [--requests 60]

A server with its worker, as `kawasan serve` starts them, on an empty SQLite database (or on the PostgreSQL that
KAWASAN_DATABASE_URL names), with a thousand applicants. The list is asked for over HTTP by one reader, first alone,
then from the moment an import is begun until it is stored. Both are of one run.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from applicants_pages import fill
from import_applicants import write
from page_times import start

KAWASAN = Path(sys.executable).parent / "kawasan"
APPLICANTS = 1000
PORT = 8397


def prepared(rows: int, folder: Path) -> tuple[str, str, int]:
    """The cookie of somebody who is signed in, the programme's code, and the number of an import that was checked."""
    from django.conf import settings
    from django.test import Client

    from kawasan.core.models import User
    from kawasan.core.services import log
    from kawasan.exchange.intake import services
    from kawasan.programmes.models import Membership, Programme
    from kawasan.programmes.rules import Role

    fill(APPLICANTS, 1)
    programme = Programme.objects.get()
    user = User.objects.create(username="ani", name="Ani")
    log("test.made", user, by=None)
    Membership.objects.create(user=user, programme=programme, role=Role.MANAGER)
    write(folder / "tkm.xlsx", rows)
    made = services.bring(programme=programme, name="tkm.xlsx", content=(folder / "tkm.xlsx").read_bytes(), by=user)
    made = services.map_columns(intake=made, mapping=made.mapping | {"fixed": {}}, by=user)
    services.check_later(intake=made, by=user)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}", programme.code, made.pk


def begin(number: int) -> None:
    """Have the import stored by the worker that runs beside the server."""
    from kawasan.core.models import User
    from kawasan.exchange.intake import services
    from kawasan.exchange.models import Intake

    made = Intake.objects.select_related("programme").get(pk=number)
    services.store_later(intake=made, only_good=True, by=User.objects.get())


def state(number: int) -> str:
    from kawasan.exchange.models import Intake

    return Intake.objects.values_list("state", flat=True).get(pk=number)


@contextmanager
def serving() -> Iterator[None]:
    """The server and its worker."""
    with subprocess.Popen([KAWASAN, "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(120):
                time.sleep(0.5)
                try:
                    http.client.HTTPConnection("127.0.0.1", PORT, timeout=2).request("GET", "/healthz")
                    break
                except OSError:
                    continue
            yield
        finally:
            process.terminate()


def asked(address: str, cookie: str) -> float:
    """Seconds until the whole page is here."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie, "Host": f"127.0.0.1:{PORT}"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200 or len(content) < 10_000:
        sys.exit(f"{address} answered {answer.status} with {len(content)} bytes")
    return time.perf_counter() - began


def told(name: str, seconds: list[float]) -> float:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"{name:14} {len(seconds):4} requests", f"median {1000 * statistics.median(seconds):5.0f} ms", end="   ")
    print(f"p95 {1000 * p95:5.0f} ms")
    return p95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        start(os.environ.get("KAWASAN_DATABASE_URL", ""), data)
        cookie, programme, number = prepared(options.rows, Path(data))
        address = f"/p/{programme}/applicants/"
        with serving():
            while state(number) != "checked":
                time.sleep(0.5)
            [asked(address, cookie) for _ in range(10)]
            idle = told("idle", [asked(address, cookie) for _ in range(options.requests)])
            begin(number)
            began, during = time.perf_counter(), []
            while state(number) not in ("stored", "undone"):
                during.append(asked(address, cookie))
            beside = told("beside import", during)
            print(f"import of {options.rows} rows took {time.perf_counter() - began:.0f} s")
            print(json.dumps({"idle": idle, "beside": beside, "ratio": beside / idle}))


if __name__ == "__main__":
    main()
