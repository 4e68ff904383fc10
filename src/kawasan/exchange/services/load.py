"""A checked folder becomes rows: all or nothing, and a second time nothing."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from kawasan.applicants.models import Applicant, Person, Rule
from kawasan.applicants.rules import Status, reasons_in_use
from kawasan.applicants.services.names import index_names
from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.models import LoggedRow, User
from kawasan.core.secrets import keys
from kawasan.core.services import fingerprint, log
from kawasan.core.text import Text, _
from kawasan.exchange.checker import Folder, Parsed, photo_in
from kawasan.exchange.models import Waiting
from kawasan.exchange.tables import TABLES, Table, table_of
from kawasan.programmes.models import Programme, RuleSet

CHUNK = 500  # rows a query
STORED = 0  # the row number of a row that waited in the database, not in the folder
OPEN = {"frozen", "draft"}  # what a result is before it is computed or signed
Ids = dict[type[models.Model], dict[Any, int]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What happened to the rows of one table."""

    table: str
    added: int
    changed: int
    unchanged: int
    waiting: int
    waits_for: list[str]  # tables


@transaction.atomic
def load(*, folder: Folder, by: User | None, progress: Callable[[str], None] = lambda _table: None) -> list[Loaded]:
    """Write the rows of a folder that was checked without faults. Rows that are not in it stay as they are.

    Rows that refer to results which are not made yet are kept aside until a later load finds what they need.
    A result that the programme made is never overwritten.
    """
    programme = _programme(folder, by)
    kept = {waiting.table: waiting for waiting in Waiting.objects.filter(programme=programme)}
    ids: Ids = {}
    done = []
    for table in TABLES:
        progress(table.name)
        waiting = kept.get(table.name) or Waiting(programme=programme, table=table.name)
        if table.model is Programme or not (waiting.rows or table.name in folder.tables):
            continue
        done.append(load_table(table, folder, waiting, ids, by=by))
    transaction.on_commit(lambda: _keep_photos(folder))
    return done


def _keep_photos(folder: Folder) -> None:
    for table in TABLES:
        names = {column.name for column in table.columns if column.is_photo}
        for row in folder.values(table.name) if names else []:
            for name in names:
                if row[name]:
                    photos.keep(photos.Photo(photo_in(folder.path, row[name])))


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


def load_table(
    table: Table, folder: Folder, waiting: Waiting, ids: Ids, *, by: User | None, verb: str = "exchange.loaded"
) -> Loaded:
    """Write the rows of one table; a later table finds their ids."""
    programme = waiting.programme
    existing = {_key(table, row): row for row in table.model._base_manager.filter(programme=programme)}
    rows = _rows(table, folder, waiting)
    lacks = [_lacks(table, parsed, programme, ids) for parsed in rows]
    ready = [parsed for parsed, lack in zip(rows, lacks, strict=True) if lack is None]
    file = folder.files.get(table.name, table.file)
    new, changed = _merge(table, ready, programme, existing, ids, file)
    table.model._base_manager.bulk_create(new, batch_size=CHUNK)
    _update(table, changed, [c.name for c in table.columns if c.name not in table.key])
    if table.model is Person:
        index_names(programme=programme, persons=[*new, *changed])
    if len(table.key) == 1:
        ids[table.model] = {_key(table, row)[0]: row.pk for row in existing.values()}
    moved = _point_to_itself(table, ready, existing, ids)
    counted = {row.pk for row in (*new, *changed)}
    changed += [row for row in moved if row.pk not in counted]
    aside = [parsed for parsed, lack in zip(rows, lacks, strict=True) if lack is not None]
    written = [*new, *changed, *_keep_aside(table, aside, waiting)]
    if written:
        log(
            verb,
            programme,
            rows=written,
            by=by,
            table=table.name,
            added=len(new),
            changed=len(changed),
            waiting=len(aside),
        )
    waits_for = sorted({lack.name for lack in lacks if lack})
    return Loaded(table.name, len(new), len(changed), len(ready) - len(new) - len(changed), len(aside), waits_for)


def _rows(table: Table, folder: Folder, waiting: Waiting) -> list[Parsed]:
    """The folder's rows, and those that an earlier folder left waiting."""
    rows = list(folder.tables.get(table.name, []))
    given = {parsed.key for parsed in rows}
    for cells in waiting.rows:
        values = {column.name: column.parse(cells.get(column.name, "")) for column in table.columns}
        parsed = Parsed(STORED, tuple(values[name] for name in table.key), values)
        if parsed.key not in given:
            rows.append(parsed)
    return rows


def _keep_aside(table: Table, rows: list[Parsed], waiting: Waiting) -> list[Waiting]:
    """Store the rows that wait; returns what was written."""
    cells = [{c.name: shown for c in table.columns if (shown := c.show(row.values[c.name]))} for row in rows]
    if cells == waiting.rows:
        return []
    waiting.rows = cells
    waiting.save()
    return [waiting]


def _merge(
    table: Table,
    rows: list[Parsed],
    programme: Programme,
    existing: dict[tuple[Any, ...], Any],
    ids: Ids,
    file: str,
) -> tuple[list[Any], list[Any]]:
    """New rows, and old rows that differ from the folder; refuses what would overwrite a result."""
    new, changed = [], []
    has_result = table.is_result and any(_is_final(row) for row in existing.values())
    columns = [column for column in table.columns if column.reference is not table.model]
    for parsed in rows:
        values = {c.attribute: _stored(c.reference, parsed.values[c.name], ids) for c in columns}
        key = _stored_key(table, parsed, ids)
        row = existing.get(key)
        if row is None:
            if has_result and parsed.number == STORED:
                continue  # it waited for a result that the programme made in another way
            if has_result:
                raise _overwrites(file, parsed)
            existing[key] = table.model(programme=programme, **values)
            _refuse_in_use(existing[key], file, parsed)
            new.append(existing[key])
        elif _goes_into(row, values, table, parsed, file):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    return new, changed


def _goes_into(row: models.Model, values: dict[str, Any], table: Table, parsed: Parsed, file: str) -> bool:
    """Whether the folder changes a row that is there."""
    if parsed.number == STORED or all(getattr(row, name) == value for name, value in values.items()):
        return False
    _refuse_in_use(row, file, parsed)
    if not (table.is_made and _is_final(row)):
        return True
    if not _was_once(row, values):
        raise _overwrites(file, parsed)
    return False  # the folder has an earlier state of the row; the programme has gone on since


def _refuse_in_use(row: models.Model, file: str, parsed: Parsed) -> None:
    """What a rule set says never changes once somebody was judged by it."""
    judging = row.rule_set if isinstance(row, Rule) else row
    if isinstance(judging, RuleSet) and judging.pk:
        for why in reasons_in_use(judging.number, judging.applicants.count()):
            gaps = {"file": file, "row": str(parsed.number or ""), "why": why}
            raise Refused(Text("{file}:{row}: {why}", gaps))


def _is_final(row: models.Model) -> bool:
    """Whether a result is computed, drawn, signed, assessed or withdrawn."""
    if isinstance(row, Applicant):
        return row.assessed_on is not None or row.status == Status.WITHDRAWN
    return getattr(row, "status", None) not in OPEN


def _was_once(row: models.Model, values: dict[str, Any]) -> bool:
    """Whether the log knows the row with these values: the folder holds an earlier state of it."""
    then = copy.copy(row)
    for name, value in values.items():
        setattr(then, name, value)
    marks = LoggedRow.objects.filter(table=row._meta.label, row=str(row.pk))
    return marks.filter(fingerprint__in=[fingerprint(then, key) for key in keys()]).exists()


def _overwrites(file: str, parsed: Parsed) -> Refused:
    return Refused(
        Text(
            _(
                "{file}:{row}: differs from the result that the programme has. Results are changed on the pages only: "
                "take {file} out of the folder, or load the folder into a database of its own."
            ),
            {"file": file, "row": str(parsed.number or "")},
        )
    )


def _lacks(table: Table, parsed: Parsed, programme: Programme, ids: Ids) -> Table | None:
    """The table in which a row that this one refers to is not made yet, if there is one."""
    for column in table.columns:
        code = parsed.values[column.name]
        if column.reference and column.reference is not table.model and code not in ("", None):
            if column.reference not in ids:
                ids[column.reference] = _ids_in_database(column.reference, programme)
            if code not in ids[column.reference]:
                return table_of(column.reference)
    return None


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
) -> list[models.Model]:
    """Fill columns that refer to the same table, once all its rows are there; returns the rows that changed."""
    written: dict[Any, models.Model] = {}
    for column in (c for c in table.columns if c.reference is table.model):
        moved = []
        for parsed in rows:
            row = existing[_stored_key(table, parsed, ids)]
            target = _stored(table.model, parsed.values[column.name], ids)
            if getattr(row, column.attribute) != target:
                setattr(row, column.attribute, target)
                moved.append(row)
        _update(table, moved, [column.name])
        written |= {row.pk: row for row in moved}
    return list(written.values())


def _stored_key(table: Table, parsed: Parsed, ids: Ids) -> tuple[Any, ...]:
    return tuple(_stored(c.reference, parsed.values[c.name], ids) for c in table.columns if c.name in table.key)
