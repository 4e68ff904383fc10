"""A new version gives rows other columns: what stood as it was logged before is logged anew, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from kawasan.core.models import LoggedRow
from kawasan.core.services import covered_models, fingerprint


@dataclass(frozen=True, slots=True)
class Before:
    """Keys of rows before an upgrade, by table: all of them, and those that stood as they were logged."""

    there: dict[str, set[str]]
    sound: dict[str, set[str]]


def before_upgrade() -> Before | None:
    """Which rows stand as they were logged, by the columns that the database has now; nothing when it is up to date."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    is_begun = ("core", "0001_initial") in loader.applied_migrations
    if not (is_begun and executor.migration_plan(loader.graph.leaf_nodes())):
        return None
    old = loader.project_state(list(loader.applied_migrations)).apps
    there: dict[str, set[str]] = {}
    sound: dict[str, set[str]] = {}
    for model in old.get_models():
        label = model._meta.label
        if label in _covered():
            marks = _logged(label)
            rows = list(_marked(model))
            there[label] = {key for key, _mark in rows}
            sound[label] = {key for key, mark in rows if marks.get(key) == mark}
    return Before(there, sound)


def changed_by_upgrade(before: Before) -> Iterator[models.Model]:
    """Rows that the upgrade gave another shape, or made; none that was changed behind the log's back before."""
    for model in covered_models():
        label = model._meta.label
        there, sound, marks = before.there.get(label, set()), before.sound.get(label, set()), _logged(label)
        for row in model._base_manager.order_by("pk").iterator():
            key = str(row.pk)
            if (key in sound and marks[key] != fingerprint(row)) or key not in there:
                yield row


def _covered() -> set[str]:
    return {model._meta.label for model in covered_models()}


def _logged(label: str) -> dict[str, str]:
    rows = LoggedRow.objects.filter(table=label).order_by("entry__sequence")
    return dict(rows.values_list("row", "fingerprint"))


def _marked(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Keys and fingerprints of rows; what the present model leaves out of the log, its predecessor did too."""
    present = apps.get_model(model._meta.label)
    unlogged: Any = getattr(present, "unlogged", frozenset())
    order = order_before([f.name for f in model._meta.concrete_fields], [f.name for f in present._meta.concrete_fields])
    for row in model._base_manager.order_by("pk").iterator():
        row.unlogged = unlogged  # type: ignore[attr-defined]
        yield str(row.pk), fingerprint(row, order=order)


def order_before(made: Sequence[str], present: Sequence[str]) -> list[str]:
    """The columns of an earlier version in the order of its model, by which their fingerprint was taken.

    ``made`` has them in the order in which migrations made them, which puts a later one last wherever the model has
    it. Those that are still there stand as now; one that is gone stood where it was made, after the one before it.
    """
    found = [name for name in present if name in made]
    for before, name in zip(("", *made), made, strict=False):
        if name not in found:
            found.insert(found.index(before) + 1 if before else 0, name)
    return found
