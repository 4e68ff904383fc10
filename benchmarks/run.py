# ruff: noqa: INP001, T201, S603 - a command that speaks by printing and runs fixed programs
"""How long the main job takes and how much memory it needs, beside merely reading the same files.

python benchmarks/run.py [--times 3] [--folder examples/pangkalpinang-2022]

Every run starts with an empty database in a folder that is thrown away. The yardstick is a fresh Python that reads the
folder's CSV files with the csv module and does nothing else: no programme can be checked in less.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KAWASAN = [sys.executable, "-c", "import sys; from kawasan.exchange.commands import main; sys.exit(main())"]
READ = """
import csv, pathlib, sys
for path in pathlib.Path(sys.argv[1]).glob("*.csv"):
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            pass
"""
MEASURE = """
import resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def measured(command: list[str], data: Path) -> tuple[float, float]:
    """Seconds and megabytes of one command; a process in between keeps the peaks of several commands apart."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KAWASAN_", "DJANGO_"))}
    environment |= {"KAWASAN_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *command], check=True, capture_output=True, text=True, env=environment
    )
    seconds, kibibytes = done.stdout.split()
    return float(seconds), float(kibibytes) * 1024 / 1e6


def typical(times: int, prepare: Callable[[Path], None], command: Callable[[Path], list[str]]) -> tuple[float, float]:
    """The median of the seconds, and the greatest of the peaks of memory."""
    results = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="kawasan-benchmark-") as name:
            data = Path(name)
            prepare(data)
            results.append(measured(command(data), data))
    return statistics.median(seconds for seconds, _ in results), max(megabytes for _, megabytes in results)


def migrate(data: Path) -> None:
    measured([*KAWASAN, "migrate"], data)


def nothing(data: Path) -> None:
    """The command needs no database."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=ROOT / "examples" / "pangkalpinang-2022")
    options = parser.parse_args()
    folder = str(options.folder.resolve())
    commands: dict[str, tuple[Callable[[Path], None], Callable[[Path], list[str]]]] = {
        "only reading": (nothing, lambda data: [sys.executable, "-c", READ, folder]),
        "kawasan check": (nothing, lambda data: [*KAWASAN, "check", folder]),
        "kawasan run": (migrate, lambda data: [*KAWASAN, "run", folder, "--out", str(data / "out")]),
    }
    size = sum(path.stat().st_size for path in options.folder.glob("*.csv")) / 1e6
    print(f"{options.folder.name}: {size:.2f} MB of CSV; median of {options.times}, greatest peak of memory")
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {machine}")
    print(f"{'':<14} {'seconds':>8} {'x reading':>10} {'MB':>6} {'x reading':>10}")
    least: tuple[float, float] | None = None
    for name, (prepare, command) in commands.items():
        seconds, megabytes = typical(options.times, prepare, command)
        least = least or (seconds, megabytes)
        print(f"{name:<14} {seconds:>8.2f} {seconds / least[0]:>10.0f} {megabytes:>6.0f} {megabytes / least[1]:>10.1f}")


if __name__ == "__main__":
    main()
