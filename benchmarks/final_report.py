# ruff: noqa: INP001, T201, S603 - a command that speaks by printing and runs fixed programs
"""How long the final report of a programme takes as PDF, beside typesetting what it says alone.

python benchmarks/final_report.py [--times 5] [--folder examples/pangkalpinang-2022]

The example is run into a folder that is thrown away. Every report is made in a fresh process, so that no picture is
kept from the one before; its seconds are those after Django has started.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KAWASAN = [sys.executable, "-c", "import sys; from kawasan.exchange.commands import main; sys.exit(main())"]
REPORT = """
import time
import django
django.setup()
from kawasan.programmes.models import Programme
from kawasan.reports.services import archiving
from kawasan.reports.report_kinds import ReportKind
typeset, spent = archiving.typeset, []
def timed(*of):
    began = time.perf_counter()
    made = typeset(*of)
    spent.append(time.perf_counter() - began)
    return made
archiving.typeset = timed
programme, began = Programme.objects.get(), time.perf_counter()
made = archiving.draft(programme=programme, kind=ReportKind.FINAL)
print(time.perf_counter() - began, spent[0], len(made))
"""


def run(command: list[str], data: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KAWASAN_", "DJANGO_"))}
    environment |= {"KAWASAN_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}
    environment |= {"DJANGO_SETTINGS_MODULE": "kawasan.config.settings"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout.splitlines()[-1] if done.stdout else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / "examples" / "pangkalpinang-2022")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kawasan-benchmark-") as name:
        data = Path(name)
        run([*KAWASAN, "migrate"], data)
        run([*KAWASAN, "run", str(options.folder.resolve()), "--out", str(data / "out")], data)
        lines = [run([sys.executable, "-c", REPORT], data).split() for _ in range(options.times)]
    whole, typesetting, size = (statistics.median(float(line[i]) for line in lines) for i in range(3))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; medians of {options.times}")
    print(f"final report {whole:6.2f} s   {size / 1000:.0f} kB")
    print(f"typesetting  {typesetting:6.2f} s   the report takes {whole / typesetting:.1f} times as long")


if __name__ == "__main__":
    main()
