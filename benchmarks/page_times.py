# ruff: noqa: INP001, T201, S101 - a module of commands that speak by printing
"""Django on an empty database, and how long its pages take there: used by the benchmarks of pages."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

FOLDER = Path(__file__).parents[1] / "examples/pangkalpinang-2022"
Times = Iterator[tuple[str, list[float]]]


def start(database: str, data: str) -> None:
    """Set Django up on an empty database, and make its tables."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "kawasan.config.settings", "KAWASAN_DATA": data}
    if database:
        os.environ["KAWASAN_DATABASE_URL"] = database
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


@contextmanager
def server(*, wanted: bool) -> Iterator[str]:
    """The address of a throw-away PostgreSQL, or nothing for SQLite."""
    if not wanted:
        yield ""
        return
    from test import postgresql

    with postgresql() as address:
        yield address or sys.exit("There is no PostgreSQL here.")


def analyse() -> None:
    """What autovacuum and `PRAGMA optimize` do on a server that runs."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def asked_by_a_manager(pages: Mapping[str, Callable[[], str]], requests: int) -> Times:
    """Seconds of each page through the whole of Django, after it was asked for once."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from kawasan.programmes.models import Membership, Programme
    from kawasan.programmes.rules import Role

    user = get_user_model().objects.create(username=f"m{time.time()}", name="M")
    Membership.objects.create(user=user, programme=Programme.objects.get(), role=Role.MANAGER)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    for name, address in pages.items():

        def ask(address: Callable[[], str] = address) -> None:
            response = client.get(address())
            assert response.status_code == 200, response.request["PATH_INFO"]

        ask()
        yield name, [timed(ask) for _ in range(requests)]


def tell(times: Times) -> None:
    """A line for each: the median and the 95th percentile."""
    for name, seconds in times:
        p95 = statistics.quantiles(seconds, n=20)[-1]
        print(f"{name:40} median {1000 * statistics.median(seconds):6.0f} ms   p95 {1000 * p95:6.0f} ms", flush=True)
