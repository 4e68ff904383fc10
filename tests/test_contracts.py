"""Each architecture contract holds, and each fails on a planted violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source as it is, to plant something in."""
    ignore = shutil.ignore_patterns("__pycache__", "templates", "static", "locale", "migrations")
    shutil.copytree(ROOT / "src" / "kawasan", tmp_path / "kawasan", ignore=ignore)
    shutil.copy(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def lint(folder: Path) -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_every_contract_holds(copy: Path) -> None:
    assert "Contracts: 5 kept, 0 broken." in lint(copy)


@pytest.mark.parametrize(
    ("contract", "module", "planted"),
    [
        (
            "A stage may look back along the pipeline, never forward",
            "partners/views.py",
            "import kawasan.selection.models",
        ),
        (
            "A stage may look back along the pipeline, never forward",
            "training/models.py",
            "import kawasan.mentoring.models",
        ),
        ("The engine knows no framework", "engine/location.py", "def hidden():\n    import django.utils.timezone"),
        ("Rules are plain Python", "selection/rules.py", "from django.utils import timezone"),
        (
            "Rules are plain Python",
            "programmes/rules.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import kawasan.programmes.models",
        ),
        ("Only services call the engine", "selection/views.py", "from kawasan.engine import lottery"),
        (
            "Inside a slice: urls > views > forms > services > queries > models > rules",
            "partners/models.py",
            "def hidden():\n    from kawasan.partners import services",
        ),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, contract: str, module: str, planted: str) -> None:
    path = copy / "kawasan" / module
    path.write_text(f"{path.read_text()}\n{planted}\n")
    assert f"{contract} BROKEN" in lint(copy)


def test_a_new_folder_fails_until_it_has_its_place_in_the_pipeline(copy: Path) -> None:
    (copy / "kawasan" / "newcomer").mkdir()
    (copy / "kawasan" / "newcomer" / "__init__.py").touch()
    assert "BROKEN" in lint(copy)
