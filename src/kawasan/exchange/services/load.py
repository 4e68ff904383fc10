"""A checked folder becomes rows: all or nothing, and a second time nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.exchange.checker import Folder, Parsed
from kawasan.exchange.tables import TABLES, Table, table_of
from kawasan.programmes.models import Programme

CHUNK = 500  # rows a query
Ids = dict[type[models.Model], dict[Any, int]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What happened to the rows of one table."""

    table: str
    added: int
    changed: int
    unchanged: int
    waiting: int


@transaction.atomic
def load(*, folder: Folder, by: User | None, progress: Callable[[str], None] = lambda _table: None) -> list[Loaded]:
    """Write the rows of a folder that was checked without faults. Rows that are not in it stay as they are."""
    programme = _programme(folder, by)
    ids: Ids = {}
    done = []
    for table in TABLES:
        progress(table.name)
        if table.model is Programme or table.name not in folder.tables:
            continue
        done.append(_load_table(table, folder.tables[table.name], programme, ids, by))
    return done


def _programme(folder: Folder, by: User | None) -> Programme:
    values = folder.one("programme")
    programme = Programme.objects.select_for_update().filter(code=values["code"]).first()
    if programme is None:
        programme = Programme.objects.create(**values)
        log("exchange.programme_added", programme, by=by)
    elif changed := [name for name, value in values.items() if getattr(programme, name) != value]:
        for name in changed:
            setattr(programme, name, values[name])
        programme.save(update_fields=changed)
        log("exchange.programme_changed", programme, by=by, columns=changed)
    return programme


def _load_table(table: Table, rows: list[Parsed], programme: Programme, ids: Ids, by: User | None) -> Loaded:
    existing = {_key(table, row): row for row in table.model._base_manager.filter(programme=programme)}
    ready = [parsed for parsed in rows if _is_ready(table, parsed, programme, ids)]
    new, changed = _merge(table, ready, programme, existing, ids)
    table.model._base_manager.bulk_create(new, batch_size=CHUNK)
    _update(table, changed, [c.name for c in table.columns if c.name not in table.key])
    if len(table.key) == 1:
        ids[table.model] = {_key(table, row)[0]: row.pk for row in existing.values()}
    changed += _point_to_itself(table, ready, existing, ids, new)
    if new or changed:
        log(
            "exchange.loaded",
            programme,
            rows=[*new, *changed],
            by=by,
            table=table.name,
            added=len(new),
            changed=len(changed),
        )
    return Loaded(table.name, len(new), len(changed), len(ready) - len(new) - len(changed), len(rows) - len(ready))


def _merge(
    table: Table, rows: list[Parsed], programme: Programme, existing: dict[tuple[Any, ...], Any], ids: Ids
) -> tuple[list[Any], list[Any]]:
    """New rows, and old rows that differ from the folder."""
    new, changed = [], []
    columns = [column for column in table.columns if column.reference is not table.model]
    for parsed in rows:
        values = {c.attribute: _stored(c.reference, parsed.values[c.name], ids) for c in columns}
        key = _stored_key(table, parsed, ids)
        row = existing.get(key)
        if row is None:
            existing[key] = table.model(programme=programme, **values)
            new.append(existing[key])
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    return new, changed


def _is_ready(table: Table, parsed: Parsed, programme: Programme, ids: Ids) -> bool:
    """Whether every row that this one refers to is there; results of the programme may still have to be made."""
    for column in table.columns:
        code = parsed.values[column.name]
        if column.reference and column.reference is not table.model and code not in ("", None):
            if column.reference not in ids:
                ids[column.reference] = _ids_in_database(column.reference, programme)
            if code not in ids[column.reference]:
                return False
    return True


def _ids_in_database(model: type[models.Model], programme: Programme) -> dict[Any, int]:
    key = table_of(model).key[0]
    return dict(model._base_manager.filter(programme=programme).values_list(key, "pk"))


def _key(table: Table, row: models.Model) -> tuple[Any, ...]:
    return tuple(getattr(row, c.attribute) for c in table.columns if c.name in table.key)


def _stored(reference: type[models.Model] | None, value: Any, ids: Ids) -> Any:
    """A code becomes the id of its row; everything else stays."""
    if reference is None:
        return value
    return ids[reference][value] if value not in ("", None) else None


def _update(table: Table, rows: Iterable[models.Model], names: list[str]) -> None:
    if names:
        table.model._base_manager.bulk_update(rows, names, batch_size=CHUNK)


def _point_to_itself(
    table: Table,
    rows: list[Parsed],
    existing: dict[tuple[Any, ...], models.Model],
    ids: Ids,
    new: list[models.Model],
) -> list[models.Model]:
    """Fill columns that refer to the same table, once all its rows are there; returns old rows that changed."""
    moved = []
    for column in (c for c in table.columns if c.reference is table.model):
        for parsed in rows:
            row = existing[_stored_key(table, parsed, ids)]
            target = _stored(table.model, parsed.values[column.name], ids)
            if getattr(row, column.attribute) != target:
                setattr(row, column.attribute, target)
                moved.append(row)
        _update(table, moved, [column.name])
    return [row for row in moved if row not in new]


def _stored_key(table: Table, parsed: Parsed, ids: Ids) -> tuple[Any, ...]:
    return tuple(_stored(c.reference, parsed.values[c.name], ids) for c in table.columns if c.name in table.key)
