# ruff: noqa: INP001, T201, S311, S101 - a command that speaks by printing and invents entries
"""How long the pages that read cash books take when very many entries were written.

python benchmarks/cash_books.py [--entries 100000] [--postgresql] [--requests 40]

The example is loaded and run, then its enterprises get entries over two years. Each page is asked for again and again
through the whole of Django, beside a raw limit in the same run: the entries of one enterprise counted by its key.
Reported are the median and the 95th percentile.
"""

import argparse
import datetime
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path += [str(Path(__file__).parent)]

from page_times import FOLDER, Times, analyse, asked_by_a_manager, server, start, tell, timed

BATCH = 20_000
DAYS = 730
USUAL = (("sale", ""), ("sale", ""), ("cost", "materials"), ("sale", ""), ("cost", "transport"))


def fill(entries: int, rng: random.Random) -> None:
    """The example after its run, with so many entries more."""
    from kawasan.enterprises.models import CashEntry
    from kawasan.exchange.services import run

    with tempfile.TemporaryDirectory() as out:
        run(folder=FOLDER, out=Path(out), by=None, say=lambda _line: None)
    for first in range(0, entries, BATCH):
        made = _entries(range(first, min(first + BATCH, entries)), rng)
        CashEntry.objects.bulk_create(made, batch_size=1_000)
    assert CashEntry.objects.count() >= entries
    analyse()


def _entries(numbers: range, rng: random.Random) -> Iterator[object]:
    from kawasan.enterprises.models import CashEntry, Enterprise
    from kawasan.programmes.models import Programme

    programme = Programme.objects.get()
    owned, day = list(Enterprise.objects.filter(status="running")), programme.as_of
    for number in numbers:
        kind, cost_kind = rng.choice(USUAL)
        yield CashEntry(
            programme=programme, enterprise=rng.choice(owned), code=f"X{number:07}", kind=kind, cost_kind=cost_kind,
            amount_idr=1_000 * rng.randrange(5, 200), dated=day - datetime.timedelta(rng.randrange(DAYS)),
            what="Otak-otak" if kind == "sale" else "Bahan", source="synthetic",
        )  # fmt: skip


def pages(rng: random.Random) -> dict[str, Callable[[], str]]:
    """Addresses by what they are; those of one enterprise with another one each time."""
    from kawasan.enterprises.models import Enterprise
    from kawasan.programmes.models import Programme

    base = f"/p/{Programme.objects.get().code}/"
    codes = list(Enterprise.objects.filter(status="running").values_list("code", flat=True))
    return {
        "cockpit": lambda: base,
        "enterprises": lambda: f"{base}enterprises/",
        "enterprises by turnover": lambda: f"{base}enterprises/?sort=turnover",
        "who lives on": lambda: f"{base}enterprises/alive/",
        "a cash book": lambda: f"{base}enterprises/{rng.choice(codes)}/cash-book/",
        "a result by month": lambda: f"{base}enterprises/{rng.choice(codes)}/result/",
        "outcomes": lambda: f"{base}outcomes/",
        "sustainability": lambda: f"{base}outcomes/sustainability/",
        "weeks ahead": lambda: f"{base}market/weeks/",
    }


def measured(requests: int, rng: random.Random) -> Times:
    """Seconds of each page, and of the raw limit first."""
    from kawasan.enterprises.models import CashEntry, Enterprise

    keys = list(Enterprise.objects.values_list("pk", flat=True))

    def counted() -> None:
        CashEntry.objects.filter(enterprise=rng.choice(keys)).count()

    yield "entries of one enterprise, counted", [timed(counted) for _ in range(requests)]
    yield from asked_by_a_manager(pages(rng), requests)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, server(wanted=options.postgresql) as database:
        start(database, data)
        began, rng = time.perf_counter(), random.Random(options.seed)
        fill(options.entries, rng)
        print(f"{options.entries} entries stored in {time.perf_counter() - began:.0f} s", flush=True)
        tell(measured(options.requests, rng))


if __name__ == "__main__":
    main()
