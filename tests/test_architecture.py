"""What imports cannot show: foreign keys look back, every write has a name, every method is explained."""

import configparser
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

from django.apps import apps
from django.db.models import CheckConstraint
from django.db.models.constraints import BaseConstraint

import kawasan
import kawasan.engine

ROOT = Path(__file__).resolve().parent.parent
CORE = {"core", "auth", "contenttypes", "sessions"}


def layers() -> list[set[str]]:
    """The pipeline from top to bottom, as the contract says it."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    lines = contract["importlinter:contract:stages"]["layers"].split("\n")
    return [set(re.findall(r"\w+", line)) for line in lines if line.strip()]


def height(app: str) -> int:
    order = layers()
    return len(order) - next(i for i, layer in enumerate(order) if app in layer)


def stage_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("kawasan.")]


def test_foreign_keys_look_back_along_the_pipeline() -> None:
    forward = [
        f"{model._meta.label}.{field.name}"
        for model in stage_models()
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and field.concrete)
        if (target := field.related_model._meta.app_label) not in CORE
        if target != model._meta.app_label and height(target) >= height(model._meta.app_label)
    ]
    assert forward == []


def test_every_rule_of_a_row_says_in_words_what_is_wrong() -> None:
    """Django's own sentence names the constraint; what a plain unique one names instead are its columns."""
    wordless = [
        constraint.name
        for model in stage_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) or constraint.condition is not None
        if constraint.violation_error_message == BaseConstraint.default_violation_error_message
    ]
    assert wordless == []


def public_services() -> Iterator[tuple[str, FunctionType]]:
    for package in pkgutil.iter_modules(kawasan.__path__):
        name = f"kawasan.{package.name}.services"
        if not package.ispkg or package.name == "engine" or importlib.util.find_spec(name) is None:
            continue
        root = importlib.import_module(name)
        modules = [root] + [
            importlib.import_module(f"{name}.{inner.name}")
            for inner in pkgutil.iter_modules(getattr(root, "__path__", []))
        ]
        for module in modules:
            for function_name, function in vars(module).items():
                is_own = inspect.isfunction(function) and inspect.unwrap(function).__module__ == module.__name__
                if is_own and not function_name.startswith("_"):
                    yield f"{module.__name__}.{function_name}", inspect.unwrap(function)


def writes(function: FunctionType) -> bool:
    """Whether a service writes: it says so by calling ``log``, directly or through the functions of its module."""
    source = inspect.getsource(function)
    return bool(re.search(r"\blog\(|\.save\(|\.create\(|\.update\(|bulk_|\.delete\(", source))


def test_every_service_that_writes_takes_by_as_a_keyword() -> None:
    names = "kawasan.applicants.services.names"  # writes what names say, and whoever wrote those is known
    assessing = "kawasan.applicants.services.applications.assess_these"  # returns what it wrote, and its callers log it
    exempt = {"kawasan.core.services.log", assessing, f"{names}.index_pairs", f"{names}.forget_names"}
    nameless = []
    for name, function in public_services():
        by = inspect.signature(function).parameters.get("by")
        if by is None and writes(function) and name not in exempt:
            nameless.append(name)
        if by is not None and by.kind is not inspect.Parameter.KEYWORD_ONLY:
            nameless.append(name)
    assert nameless == []


def test_every_engine_module_has_its_method_explained() -> None:
    modules = {
        m.name for m in pkgutil.iter_modules([str(ROOT / "src/kawasan/engine")]) if m.name not in {"tests", "errors"}
    }
    explained = {path.stem for path in (ROOT / "docs/methods").glob("*.md")}
    assert modules - explained <= {"solver", "integer_solver"}, "solvers are explained where they are used"


def test_the_engine_does_not_load_django() -> None:
    code = (
        "import sys, kawasan.engine, pkgutil, importlib\n"
        "for m in pkgutil.iter_modules(kawasan.engine.__path__):\n"
        "    if m.name != 'tests': importlib.import_module('kawasan.engine.' + m.name)\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_part_of_the_engine_is_loaded_without_the_others() -> None:
    code = (
        "import sys, kawasan.engine\n"
        "from kawasan.engine import lottery, fairness\n"
        "sys.exit(bool({'django', 'ortools', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_engine_s_table_of_contents_names_what_there_is() -> None:
    contents = dict(re.findall(r"^(\w+) {2,}((?:\w+, )*\w+)", kawasan.engine.__doc__ or "", flags=re.MULTILINE))
    assert set(contents) == {m.name for m in pkgutil.iter_modules(kawasan.engine.__path__)} - {"tests"}
    for name, listed in contents.items():
        module = importlib.import_module(f"kawasan.engine.{name}")
        assert [part for part in listed.split(", ") if not hasattr(module, part)] == []


def test_every_setting_from_the_environment_is_explained() -> None:
    settings = (ROOT / "src/kawasan/config/settings.py").read_text()
    guide = (ROOT / "docs/guide/install.md").read_text()
    names = set(re.findall(r'"(KAWASAN_[A-Z_]+)"', settings))
    assert names
    assert {name for name in names if f"`{name}`" not in guide} == set()


def test_every_programme_owned_table_names_its_programme() -> None:
    of_core = {
        "core.User",
        "core.LogEntry",
        "core.LogHead",
        "core.LoggedRow",
        "core.SentForm",
        "core.Job",
        "core.Tally",
    }
    words = {"applicants.NameWord", "applicants.WordKey"}  # of which names are made, whosever they are
    exempt = {*of_core, *words, "programmes.Programme"}
    missing = [
        model._meta.label
        for model in stage_models()
        if model._meta.label not in exempt and "programme" not in {field.name for field in model._meta.get_fields()}
    ]
    assert missing == []
