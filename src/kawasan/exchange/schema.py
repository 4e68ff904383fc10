"""The folder described for machines (Frictionless Table Schema) and for people, from the columns that are checked."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from kawasan.exchange.columns import Column
from kawasan.exchange.tables import TABLES, TOML_TABLES, Table, table_of

SCHEMA_TYPES = {"reference": "string", "datetime": "datetime", "object": "object"}
ANY_JSON = "any"  # Table Schema's object is a JSON object; ours may be a list too


def datapackage(name: str, title: str, tables: Iterable[Table]) -> dict[str, Any]:
    """The datapackage.json of a folder that holds these CSV tables."""
    present = list(tables)
    with translation.override(None):  # programs and programmers read it, so it has one language
        resources = [_resource(table, present) for table in present]
    return {"profile": "tabular-data-package", "name": name.lower(), "title": title, "resources": resources}


def _resource(table: Table, present: list[Table]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if keys := [key for column in table.columns if (key := _foreign_key(column, table, present))]:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file,
        "title": table.about,
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    kind = ANY_JSON if column.kind == "object" else SCHEMA_TYPES.get(column.kind, column.kind)
    described: dict[str, Any] = {"name": column.name, "type": kind, "description": str(column.field.help_text)}
    if column.kind == "datetime":
        described["format"] = "any"
    if column.kind == "time":
        described["format"] = "%H:%M"
    if column.kind == "boolean":
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    if constraints := _constraints(column):
        described["constraints"] = constraints
    return described


def _constraints(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.choices:
        found["enum"] = column.choices
    elif column.kind == "string" and column.field.max_length:
        found["maxLength"] = column.field.max_length
    return found | column.bounds


def _foreign_key(column: Column, table: Table, present: list[Table]) -> dict[str, Any] | None:
    """References into programme.toml are not in the package, so they are left to ``kawasan check``."""
    if column.reference is None:
        return None
    target = table_of(column.reference)
    if target not in present:
        return None
    resource = "" if target is table else target.name
    return {"fields": [column.name], "reference": {"resource": resource, "fields": [target.key[0]]}}


def guide() -> str:
    """docs/guide/programme-folder.md, in English."""
    with translation.override(None):
        return _guide()


def _guide() -> str:
    parts = [GUIDE_HEAD]
    for table in TABLES:
        needed = "needed" if table.is_required else "may be left out"
        title = f"`[{table.name}]`" if table in TOML_TABLES else f"`{table.file}`"
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"### {title}\n\n{table.about} ({needed}). Key: {key}.\n")
        parts.append("| column | type | needed | what it is |\n|---|---|---|---|")
        parts += [_guide_row(column) for column in table.columns]
        parts.append("")
    return "\n".join(parts)


def _guide_row(column: Column) -> str:
    what = str(column.field.help_text)
    kind = {"object": "JSON", "string": "text"}.get(column.kind, column.kind)
    if column.reference:
        kind = f"code of {table_of(column.reference).name}"
    if column.choices:
        what += f" ({', '.join(f'`{choice}`' for choice in column.choices)})"
    needed = "yes" if column.is_required else ""
    return f"| `{column.name}` | {kind}{_limits(column)} | {needed} | {what.replace('|', '/')} |"


def _limits(column: Column) -> str:
    words = {"minimum": "from", "maximum": "to"}
    shown = [f" {words[name]} {value}" for name, value in column.bounds.items() if abs(value) < 10**9]
    return "".join(shown)  # beyond that it is only the database's own limit


GUIDE_HEAD = """# The programme folder

A programme is exchanged as a folder of plain files. This page is generated from the same definition as the checks
(`kawasan describe --guide`), so it is never out of date.

```
kawasan check FOLDER            every fault at once; nothing is loaded
kawasan load FOLDER             all or nothing; a second time changes nothing
kawasan dump PROGRAMME FOLDER   the same folder back
kawasan run FOLDER --out DIR    the whole programme, step by step
```

## How the files are written

- `programme.toml` holds the programme, its fields, rule sets, need bands, quotas and calendar; every other table is a
  CSV file: UTF-8 without byte order mark, commas, a first row with the column names, quotes around cells with commas.
- Instead of `NAME.csv` there may be `NAME.xlsx`: its first sheet, with the same columns.
- Dates are `2022-08-26`, moments `2022-10-03T08:00:00+07:00`, times `08:30`; numbers have a decimal point and no
  thousands mark; rupiah are whole numbers; yes and no are `true` and `false`.
- Rows refer to one another by code, never by name. Columns that are not needed may be empty or left out.
- A photo is a file in the folder `photos`, named by the SHA-256 of its content; the column `photo` holds that name. It
  is a JPEG as the pages write it, without what a camera adds: a photo is added on its page and then stands in every
  dump. One that is missing or otherwise made is a fault. A row without a photo has an empty cell.
- The column `source` says where a fact comes from; what was invented says `synthetic`.
- `datapackage.json` describes the CSV files as a Frictionless data package, so that other programs can read them.
- Phone numbers may begin with `08`, `62` or `+62` and have spaces and dashes; they are kept as `+62…`.
- The folder is plain text, with NIK, KK and phone numbers that the database keeps encrypted: keep it where only those
  can read it who may, and delete it when it is not needed any more.
- A NIK or KK number without 16 digits is a warning of `kawasan check` and no fault: it stays as it was first issued.

## What loading and dumping do

- Loading adds and changes rows; it never deletes what is not in the folder.
- Rows that refer to what the programme makes later (groups, sessions) are kept and wait. The load says how many and for
  what; a later load, or the run, puts them in place; a dump writes them too.
- What the programme computed, drew or signed (plans, draws, seats, decrees, groups, timetables and their rows, the
  assessment of applicants) is loaded once, into a database that does not have it. After that a folder that differs is
  refused, and the file and row are named; a folder with an earlier state leaves the result as it is.
- What belongs to an installation stays there, in its backup: accounts and who did what, the log, drafts, uploaded
  papers and photos of visits, verifications and their checklists, objections, changes to applications, appraisals,
  groups that applied together, bank statements, archived reports with their PDF, and of the training feedback, cards,
  printed attendance lists and addresses of calendars: a list that was printed before is read back only there.
- A dump writes into a new or empty folder, or over an earlier dump of the same programme, and into no other.
- One run of a programme works at a time.

## The tables
"""
