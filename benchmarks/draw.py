# ruff: noqa: INP001, T201, S603 - a command that speaks by printing and runs fixed programs
"""How long the fair draw takes and what it reaches, beside the peer's maximin and leximin on the same files.

python benchmarks/draw.py [--times 3] [--peer PYTHON] [--limit 150] [--peer-method maximin …] [--only 400-100-4 …]

Pools come from a seeded script: independent features, a pool skewed against the population, quotas one seat wide
around the share of the population; in some, households of two of whom one may sit. 345 → 100 with 4 features and 99
shared households has the size of the example's pool. ``--peer`` is the Python of an environment of its own with
sortition-algorithms; it is run from outside and never imported. Both read the same two files; only making the lottery
is timed, each in a fresh process on one thread, in seconds of the processor: what else runs on the machine then counts
little. The peer is stopped after ``--limit`` of them. The million is drawn
alone, by the whole command, from CSV and from Parquet: on the clock, in seconds of processors, and in memory.
"""

import argparse
import csv
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import polars

ROOT = Path(__file__).resolve().parent.parent
POOLS = (  # people, seats, features, shared households
    (150, 22, 5, 0),
    (345, 100, 4, 99),
    (400, 100, 4, 0),
    (400, 100, 4, 99),
    (400, 100, 5, 0),
    (400, 100, 6, 0),
    (400, 100, 6, 99),
    (2000, 100, 4, 0),
    (2000, 100, 6, 0),
    (20000, 1000, 6, 0),
)
PEER_METHODS = ("maximin", "leximin")
WITH_MAXIMIN = 2000  # people of the pools for which maximin is timed too
MILLION = (1_000_000, 10_000, 6)
VALUES = (2, 5, 4, 3, 6, 4)  # of each feature
OURS = """
import sys, time
from pathlib import Path
import django
import numpy as np
django.setup()
from kawasan.engine import fairness
from kawasan.exchange.pool_files import Columns, read_people, read_quotas
from kawasan.exchange.services.draw import _problem
folder, seats, aim = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
quotas, _ = read_quotas(folder / "features.csv")
pool, _ = read_people(folder / "people.csv", Columns(household="home"), quotas)
problem, _ = _problem(quotas, pool, np.arange(len(pool.ids)), seats=seats, most_per_household=1)
began = time.process_time()
found = fairness.fair_lottery(problem, aim=aim)
bound = found.bound.min()
print(time.process_time() - began, bound, found.least * bound, found.chances.min(), found.reached)
"""
COMMAND = "from kawasan.exchange.commands import main; raise SystemExit(main())"
PEER = """
import csv, sys, time
from sortition_algorithms import Settings, read_in_features, read_in_people
from sortition_algorithms.committee_generation import find_distribution_leximin, find_distribution_maximin
folder, seats, method = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rows = lambda name: list(csv.DictReader(open(f"{folder}/{name}.csv", encoding="utf-8", newline="")))
features, *_ = read_in_features(["feature", "value", "min", "max"], rows("features"), seats)
body = rows("people")
homes = ["home"] if any(row["home"] for row in body) else []
for row in body:
    row["home"] = row["home"] or row["id"]
settings = Settings(
    id_column="id", columns_to_keep=homes, check_same_address=bool(homes), check_same_address_columns=homes
)
people, _ = read_in_people(list(body[0]), body, features, settings)
find = find_distribution_maximin if method == "maximin" else find_distribution_leximin
began = time.process_time()
committees, shares, _ = find(features, people, seats, homes)
seconds = time.process_time() - began
chance = dict.fromkeys((row["id"] for row in body), 0.0)
for committee, share in zip(committees, shares):
    for person in committee:
        chance[person] += share
print(seconds, min(chance.values()))
"""


def write_pool(folder: Path, people: int, seats: int, features: int, homes: int = 0, *, seed: int) -> None:
    """The two files of one pool: people.csv, and people.parquet with the same rows."""
    rng = np.random.default_rng(seed)
    columns, quotas = [], []
    for number, values in enumerate(VALUES[:features]):
        population = rng.dirichlet(np.full(values, 6.0))
        skewed = population * rng.lognormal(0, 0.5, values)
        columns.append(rng.choice(values, people, p=skewed / skewed.sum()))
        for value in range(values):
            share, there = population[value] * seats, int((columns[-1] == value).sum())
            quotas.append((f"f{number}", f"v{value}", min(int(share), there), max(int(np.ceil(share)), 1)))
    _write(folder / "features.csv", ["feature", "value", "min", "max"], quotas)
    home = np.full(people, "", dtype=object)
    home[rng.permutation(people)[: 2 * homes]] = np.repeat([f"H{number}" for number in range(homes)], 2)
    table = polars.DataFrame(
        {"id": [f"P{row:07}" for row in range(people)], "home": home.tolist()}
        | {f"f{number}": [f"v{value}" for value in values] for number, values in enumerate(columns)}
    )
    table.write_csv(folder / "people.csv", quote_style="never")
    table.write_parquet(folder / "people.parquet")


def _write(path: Path, header: list[str], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)  # type: ignore[arg-type]


def environment(python: str) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("KAWASAN_", "DJANGO_"))}
    own |= {"PYTHONPATH": str(ROOT / "src")} if python == sys.executable else {}
    return own | {"DJANGO_SETTINGS_MODULE": "kawasan.config.settings", "OMP_NUM_THREADS": "1"}


def run(python: str, code: str, *arguments: str, limit: float | None = None) -> list[float] | str:
    """The figures that a fresh process prints, or why there are none."""
    command = [python, "-c", code, *arguments]
    seconds = resource.RLIM_INFINITY if limit is None else int(limit)
    bounded = partial(resource.setrlimit, resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment(python), preexec_fn=bounded, check=False
    )
    if done.returncode == -signal.SIGXCPU:
        return f"not done in {seconds} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1][:80]
    return [float(word) for word in done.stdout.splitlines()[-1].split()]  # the peer speaks before it


def about_ours(folder: Path, seats: int, times: int, aim: str) -> float:
    """Print what we reach, and return the median of the seconds."""
    results = [
        found
        for _ in range(times)
        if not isinstance(found := run(sys.executable, OURS, str(folder), str(seats), aim), str)
    ]
    if not results:
        raise SystemExit("Our own draw failed.")
    _, bound, reached, listed, everybody = results[0]
    seconds = statistics.median(result[0] for result in results)
    print(f"  {aim} with 1,000 panels   {seconds:8.2f} s   least chance: bound {bound:.6f}, reached {reached:.6f},")
    print(f"  {'':40} in the list {listed:.6f} ({listed / bound:.2%}); everybody {everybody:.4%} of the bound")
    return seconds


def about_peer(peer: str, folder: Path, seats: int, method: str, limit: float, ours: float) -> None:
    found = run(peer, PEER, str(folder), str(seats), method, limit=limit)
    if isinstance(found, str):
        more = f", more than {limit / ours:.0f} times ours" if found.startswith("not done") else ""
        print(f"  peer's {method:20} {found}{more}")
    else:
        print(
            f"  peer's {method:20} {found[0]:8.2f} s   least chance {found[1]:.6f}   {found[0] / ours:.0f} times ours"
        )


def about_million(times: int) -> None:
    """Print how long the whole command takes for the largest pool, and its memory."""
    people, seats, features = MILLION
    print(f"{people:,} people, {seats:,} seats, {features} features, the whole command kawasan draw")
    with tempfile.TemporaryDirectory(prefix="kawasan-benchmark-") as name:
        write_pool(Path(name), people, seats, features, seed=1)
        for file in ("people.csv", "people.parquet"):
            found = [_drawn(Path(name), file, seats, f"{file}-{number}") for number in range(times)]
            clock, busy, memory = (statistics.median(column) for column in zip(*found, strict=True))
            print(f"  {file:16} {clock:8.1f} s, {busy:.1f} s of processors, at most {memory / 1e9:.2f} GB")
        certificates = {path.read_bytes() for path in Path(name).glob("*/certificate.json")}
        print(f"  different certificates: {len(certificates)}")


def _drawn(folder: Path, file: str, seats: int, out: str) -> tuple[float, float, float]:
    """Seconds on the clock and of processors, and the greatest memory in bytes, of one draw."""
    files = ["--features", folder / "features.csv", "--people", folder / file, "--out", folder / out]
    command = [
        sys.executable,
        "-c",
        COMMAND,
        "draw",
        *files,
        "--seats",
        str(seats),
        "--seed",
        "x",
        "--salt",
        "s",
    ]
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment(sys.executable))
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit("Our own draw failed.")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--peer", help="Python with sortition-algorithms")
    parser.add_argument("--limit", type=float, default=150.0, help="seconds after which the peer is stopped")
    parser.add_argument("--peer-method", nargs="*", default=PEER_METHODS, choices=PEER_METHODS)
    parser.add_argument("--only", nargs="*", default=[], metavar="PEOPLE-SEATS-FEATURES[-HOUSEHOLDS]|million")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; medians of {options.times}")
    for people, seats, features, homes in POOLS:
        name = f"{people}-{seats}-{features}" + (f"-{homes}" if homes else "")
        if not options.only or name in options.only:
            about_pool((people, seats, features, homes), options)
    if not options.only or "million" in options.only:
        about_million(options.times)


def about_pool(pool: tuple[int, int, int, int], options: argparse.Namespace) -> None:
    people, seats, features, homes = pool
    shared = f", {homes} shared households" if homes else ""
    print(f"{people:,} people, {seats:,} seats, {features} features{shared}")
    with tempfile.TemporaryDirectory(prefix="kawasan-benchmark-") as name:
        write_pool(Path(name), people, seats, features, homes, seed=1)
        ours = about_ours(Path(name), seats, options.times, "leximin")
        if people == WITH_MAXIMIN:
            about_ours(Path(name), seats, options.times, "maximin")
        for method in options.peer_method if options.peer else ():
            about_peer(options.peer, Path(name), seats, method, options.limit, ours)


if __name__ == "__main__":
    main()
