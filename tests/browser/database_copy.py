"""A copy of the whole test database, made once and put back before each module: much quicker than to fill it anew."""

import sqlite3

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Copy:
    """One copy: in memory of SQLite, of PostgreSQL as a database beside the test database."""

    def __init__(self, first: BaseDatabaseWrapper) -> None:
        """Django keeps another connection beside an event loop; the first one, from before it, is closed too."""
        self.is_made = False
        self._first = first
        self._memory: sqlite3.Connection | None = None

    @property
    def _name(self) -> str:
        return f"{connection.settings_dict['NAME']}_copy"

    def make(self) -> None:
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            self._memory = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(self._memory)
        else:
            self._replace(self._name, connection.settings_dict["NAME"])
        self.is_made = True

    def restore(self) -> None:
        connection.ensure_connection()
        if self._memory:
            self._memory.backup(connection.connection)
        else:
            self._replace(connection.settings_dict["NAME"], self._name)

    def forget(self) -> None:
        if self._memory:
            self._memory.close()
        elif self.is_made:
            self._command(f'DROP DATABASE IF EXISTS "{self._name}"')

    def _replace(self, old: str, new: str) -> None:
        self._first.close()
        connections.close_all()  # PostgreSQL copies a database to which nobody is connected
        self._command(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        self._command(f'CREATE DATABASE "{old}" TEMPLATE "{new}"')

    @staticmethod
    def _command(text: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(text)
