"""The tables that an empty database gets at once are those that all migrations end with."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

PROGRAM = [sys.executable, "-c", "import sys; from kawasan.exchange.commands import main; sys.exit(main())"]
EVERY_MIGRATION = [sys.executable, "-m", "django", "migrate", "--settings", "kawasan.config.settings"]


@pytest.fixture
def addresses(db: None, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty databases beside that of the tests, of the same kind."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh.sqlite3", f"sqlite:///{tmp_path}/migrated.sqlite3"
        return
    names = [f"{connection.settings_dict['NAME']}_{name}" for name in ("fresh", "migrated")]
    with connection._nodb_cursor() as cursor:
        for name in names:
            cursor.execute(f'CREATE DATABASE "{name}"')
    host = connection.settings_dict["HOST"] or connection.settings_dict["OPTIONS"].get("host", "")
    fresh, migrated = (f"postgresql://{connection.settings_dict['USER']}@/{name}?host={host}" for name in names)
    yield fresh, migrated
    with connection._nodb_cursor() as cursor:
        for name in names:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def connected(address: str) -> BaseDatabaseWrapper:
    return ConnectionHandler({"default": settings.DATABASES["default"] | dj_database_url.parse(address)})["default"]


def named() -> set[str]:
    """The names that models give; others are made up, some from what a table was called before."""
    models = apps.get_models()
    return {one.name for model in models for one in (*model._meta.constraints, *model._meta.indexes)}


def tables_of(database: BaseDatabaseWrapper) -> dict[str, Any]:
    """Columns and constraints of every table."""
    names, found = named(), {}
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            columns = {row.name: tuple(row) for row in database.introspection.get_table_description(cursor, table)}
            constraints = database.introspection.get_constraints(cursor, table).items()
            rules = sorted(repr((name if name in names else "", sorted(of.items()))) for name, of in constraints)
            found[table] = (columns, rules)
    found["auth_group_permissions"][0].pop("id")  # a whole number of four bytes or eight, as Django was told when
    return found


def test_an_empty_database_gets_the_tables_that_all_migrations_end_with(
    addresses: tuple[str, str], tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KAWASAN_")}
    environment |= {"KAWASAN_DATA": str(tmp_path)}
    for command, address in zip(([*PROGRAM, "migrate"], EVERY_MIGRATION), addresses, strict=True):
        subprocess.run(command, check=True, env=environment | {"KAWASAN_DATABASE_URL": address})
    fresh, migrated = map(connected, addresses)
    try:
        ours, theirs = tables_of(fresh), tables_of(migrated)
        assert ours.keys() == theirs.keys()
        assert {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]} == {}
        with fresh.cursor() as cursor, migrated.cursor() as all_migrations:
            for found in (cursor, all_migrations):
                found.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            assert cursor.fetchall() == all_migrations.fetchall()
    finally:
        fresh.close()
        migrated.close()


def test_nothing_is_done_a_second_time(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KAWASAN_")}
    for _time in range(2):
        subprocess.run([*PROGRAM, "migrate"], check=True, env=environment | {"KAWASAN_DATA": str(tmp_path)})
