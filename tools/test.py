"""Runs the tests on SQLite and, where a server can be had, the same tests on PostgreSQL, browser journeys included.

It ends with the first database on which a test fails, so that the last lines name that test. What could not be run
is said in the last lines; with CI=true it is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from install import PYTHON, ROOT, apt

HEADLESS = "chromium-headless-shell"  # Debian's; twice as quick as the whole browser
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    missing = [] if chromium() else ["browser journeys (no Chromium: apt-get install chromium)"]
    with postgresql() as address:
        if address is None:
            missing.append("PostgreSQL (no server: apt-get install postgresql, or set KAWASAN_TEST_DATABASE_URL)")
        notes = {"KAWASAN_NOT_RUN": "; ".join(missing)} if missing else {}
        failed = pytest(arguments, {} if address else notes, "SQLite")
        if address and not failed:
            failed = pytest(arguments, {"KAWASAN_DATABASE_URL": address, **notes}, "PostgreSQL")
    return failed or (1 if missing and os.environ.get("CI") else 0)


def pytest(arguments: list[str], extra: dict[str, str], name: str) -> int:
    print(f"== {name}", flush=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KAWASAN_")} | extra
    if browser := chromium():
        environment["KAWASAN_CHROMIUM"] = browser
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [str(PYTHON), "-m", "pytest", *spread, "-q", *arguments]
    return subprocess.call(command, cwd=ROOT, env=environment)


def chromium() -> str | None:
    if found := shutil.which(HEADLESS) or (shutil.which(HEADLESS) if apt(HEADLESS) else None):
        return found
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return found or (shutil.which("chromium") if apt("chromium") else None)


def server_binaries() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them off the PATH."""
    if found := shutil.which("pg_ctl"):
        return Path(found).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return debian[-1].parent if debian else None


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a throw-away server on a Unix socket, or of the one that was given."""
    if given := os.environ.get("KAWASAN_TEST_DATABASE_URL"):
        yield given
        return
    binaries = server_binaries() or (server_binaries() if apt("postgresql") else None)
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="kawasan-pg-") as folder:
        as_owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]
        data, socket = f"{folder}/data", folder
        options = f"-c listen_addresses='' -c unix_socket_directories={socket} -c fsync=off -c max_connections=200"
        control = [*as_owner, str(binaries / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log"]
        init = [
            *as_owner,
            str(binaries / "initdb"),
            "-D",
            data,
            "-U",
            "kawasan",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(init, check=True, stdout=subprocess.DEVNULL, cwd="/")
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        try:
            yield f"postgresql://kawasan@/postgres?host={socket}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
