"""What migrations need to encrypt columns that held plain text, and to give the text back."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from kawasan.core.secrets import closed, opened

CHUNK = 500  # rows an update


def encrypt(app: str, model: str, **kinds: str) -> migrations.RunPython:
    """Encrypt columns that are plain text to the migration, before they become ``EncryptedField``s."""
    return migrations.RunPython(_each(app, model, kinds, closed), _each(app, model, kinds, opened))


def _each(app: str, model: str, kinds: dict[str, str], change: Callable[[str, str], str]) -> Callable[[Any, Any], None]:
    def work(apps: Any, _schema_editor: Any) -> None:
        table = apps.get_model(app, model)._base_manager
        rows = list(table.only(*kinds))  # a table that is read while it is written gives rows twice
        for row in rows:
            for name, kind in kinds.items():
                setattr(row, name, change(kind, getattr(row, name)))
        table.bulk_update(rows, list(kinds), batch_size=CHUNK)

    return work


def forget_plain_text() -> migrations.RunPython:
    """Write the file of SQLite anew: what was overwritten stands in its free pages. For ``atomic = False``."""
    return migrations.RunPython(_write_anew, migrations.RunPython.noop)


def _write_anew(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
