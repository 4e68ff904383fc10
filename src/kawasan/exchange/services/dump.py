"""A programme becomes a folder that loads to the same programme."""

import csv
import io
import json
import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from kawasan.applicants.rules import Status
from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.exchange.columns import Column
from kawasan.exchange.models import Waiting
from kawasan.exchange.schema import datapackage
from kawasan.exchange.tables import CSV_TABLES, TOML_TABLES, Table, table_of
from kawasan.programmes.models import Programme

TOML, PACKAGE = "programme.toml", "datapackage.json"
OURS_ALONE = 0o700  # mode of a folder with everybody's numbers in clear
PART = ".part"  # the end of a file's name until it is whole
OURS = {TOML, PACKAGE, photos.FOLDER, *(table.file for table in CSV_TABLES)}


def dump(*, programme: Programme, folder: Path, by: User | None) -> list[str]:
    """Write every file of the folder; returns their names. It holds personal data, so the dump is logged."""
    if reason := _reason_not_ours(folder, programme):
        raise Refused(reason)
    folder.mkdir(parents=True, exist_ok=True, mode=OURS_ALONE)
    codes: dict[type[models.Model], dict[int, str]] = {}
    waiting = {kept.table: kept.rows for kept in Waiting.objects.filter(programme=programme)}
    names = [write(folder / TOML, tomli_w.dumps(_toml(programme, codes)))]
    present = []
    for table in CSV_TABLES:
        lines = list(_lines(table, programme, codes))
        lines += _lines_waiting(table, lines, waiting.get(table.name, []))
        if lines or table.is_required:
            names.append(write(folder / table.file, _csv(table, lines)))
            present.append(table)
        else:
            (folder / table.file).unlink(missing_ok=True)  # of an earlier dump, when there were rows
    names += _photos(programme, folder / photos.FOLDER)
    package = datapackage(programme.code, programme.name, present)
    names.append(write(folder / PACKAGE, json.dumps(package, ensure_ascii=False, indent=1) + "\n"))
    log("exchange.dumped", programme, by=by, files=len(names))
    return names


def left_out(programme: Programme) -> dict[str, int]:
    """What a folder does not hold of a programme, and how much of it there is."""
    counts = {
        "papers": programme.papers.count(),
        "objections": programme.objections.count(),
        "verifications": programme.verifications.count(),
        "changes": programme.proposed_changes.count(),
        "groups": programme.applied_groups.count(),
        "marks": programme.appraisals.count(),
        "doubles": programme.possible_doubles.count(),
        "statements": programme.bank_statements.count(),
        "evidence": programme.assistance_steps.exclude(paper="").count(),
        "reports": programme.archived_reports.count(),
        "visit_photos": programme.visit_photos.count(),
        "feedback": programme.feedback.count(),
        "cards": programme.training_cards.count(),
        "sheets": programme.attendance_sheets.count(),
        "calendars": programme.calendar_feeds.count(),
    }
    return counts if any(counts.values()) else {}


def _photos(programme: Programme, folder: Path) -> list[str]:
    """Write every photo that a row names, and take those of an earlier dump away that no row names any more."""
    shown = {
        name
        for table in CSV_TABLES
        for column in table.columns
        if isinstance(column.field, photos.PhotoField)
        for name in _rows(table, programme).exclude(**{column.name: ""}).values_list(column.name, flat=True)
        if photos.has(name)
    }
    for path in folder.iterdir() if folder.is_dir() else ():
        if photos.NAME.match(path.name.removesuffix(PART)) and path.name not in shown:
            path.unlink()
    if shown:
        folder.mkdir(exist_ok=True)
    elif folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return [f"{photos.FOLDER}/{write_bytes(folder / name, photos.content_of(name))}" for name in sorted(shown)]


def _reason_not_ours(folder: Path, programme: Programme) -> Text | None:
    """Why a dump must not write into a folder: it holds something else than an earlier dump of the programme."""
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in found if name.removesuffix(PART) not in OURS]
    if others:
        gaps = {"folder": str(folder), "file": others[0]}
        return Text(_("{folder} holds other files ({file}); give a new or an empty folder."), gaps)
    if found and (code := _code_in(folder / TOML)) != programme.code:
        gaps = {"folder": str(folder), "code": code or "–", "programme": programme.code}
        return Text(_("{folder} holds programme {code}, not {programme}; give a new or an empty folder."), gaps)
    return None


def _code_in(path: Path) -> str:
    """The code of the programme in a programme.toml; nothing if it is not one."""
    try:
        code = tomllib.loads(path.read_bytes().decode())["programme"]["code"]
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return ""
    return str(code)


def write(path: Path, text: str) -> str:
    """Replace a text file in one step; returns its name."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> str:
    """Replace a file in one step; returns its name."""
    return write_parts(path, [content])


def write_parts(path: Path, parts: Iterable[bytes], *, mode: int = 0o666) -> str:
    """Replace a file in one step, so that a killed process leaves the old one or the new one; returns its name."""
    unfinished = path.with_name(path.name + PART)
    try:
        with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.writelines(parts)
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
    return rows.exclude(assessed_on=None, status=Status.SUBMITTED) if table.is_addition else rows


def _lines(table: Table, programme: Programme, codes: dict[type[models.Model], dict[int, str]]) -> Iterator[list[str]]:
    rows = list(_rows(table, programme))
    if len(table.key) == 1 and not table.is_addition:
        codes[table.model] = {row.pk: getattr(row, table.key[0]) for row in rows}
    for row in rows:
        yield [_cell(column, row, codes) for column in table.columns]


def _lines_waiting(table: Table, lines: list[list[str]], waiting: list[dict[str, str]]) -> Iterator[list[str]]:
    """Rows that are not the programme's yet, unless somebody wrote a row with their key since."""
    at = [i for i, column in enumerate(table.columns) if column.name in table.key]
    there = {tuple(line[i] for i in at) for line in lines}
    for cells in waiting:
        line = [cells.get(column.name, "") for column in table.columns]
        if tuple(line[i] for i in at) not in there:
            yield line


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
