"""A programme becomes a folder that loads to the same programme."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.exchange.columns import Column
from kawasan.exchange.schema import datapackage
from kawasan.exchange.tables import CSV_TABLES, TOML_TABLES, Table, table_of
from kawasan.programmes.models import Programme


def dump(*, programme: Programme, folder: Path, by: User | None) -> list[str]:
    """Write every file of the folder; returns their names. It holds personal data, so the dump is logged."""
    folder.mkdir(parents=True, exist_ok=True)
    codes: dict[type[models.Model], dict[int, str]] = {}
    names = [write(folder / "programme.toml", tomli_w.dumps(_toml(programme, codes)))]
    present = []
    for table in CSV_TABLES:
        lines = list(_lines(table, programme, codes))
        if lines or table.is_required:
            names.append(write(folder / table.file, _csv(table, lines)))
            present.append(table)
    package = datapackage(programme.code, programme.name, present)
    names.append(write(folder / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=1) + "\n"))
    log("exchange.dumped", programme, by=by, files=len(names))
    return names


def write(path: Path, text: str) -> str:
    """Replace a text file in one step; returns its name."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> str:
    """Replace a file in one step, so that a killed process leaves the old one or the new one; returns its name."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:  # a full disk does not say which file it was
        unfinished.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    return path.name


def _toml(programme: Programme, codes: dict[type[models.Model], dict[int, str]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for table in TOML_TABLES:
        if table.model is Programme:
            document[table.name] = _entry(table, programme)
        elif rows := list(_rows(table, programme)):
            document[table.name] = [_entry(table, row) for row in rows]
            codes[table.model] = {row.pk: getattr(row, table.key[0]) for row in rows}
    return document


def _entry(table: Table, row: models.Model) -> dict[str, Any]:
    values = {column.name: getattr(row, column.attribute) for column in table.columns}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _rows(table: Table, programme: Programme) -> models.QuerySet[Any]:
    rows = table.model._base_manager.filter(programme=programme).order_by("pk")
    return rows.exclude(assessed_on=None) if table.is_addition else rows


def _lines(table: Table, programme: Programme, codes: dict[type[models.Model], dict[int, str]]) -> Iterator[list[str]]:
    rows = list(_rows(table, programme))
    if len(table.key) == 1 and not table.is_addition:
        codes[table.model] = {row.pk: getattr(row, table.key[0]) for row in rows}
    for row in rows:
        yield [_cell(column, row, codes) for column in table.columns]


def _cell(column: Column, row: models.Model, codes: dict[type[models.Model], dict[int, str]]) -> str:
    value = getattr(row, column.attribute)
    if column.reference and value is not None:
        value = codes[table_of(column.reference).model][value]
    return column.show(value)


def _csv(table: Table, lines: list[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(lines)
    return text.getvalue()
