"""Keys of rows as they are sent: any number may be, also one that no row can have."""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import IntegerField
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

KEY = re.compile(r"[0-9]{1,18}")  # any of them fits into a column of the database


def is_key(sent: str) -> bool:
    """Whether this can be the key of a row, or the number of a version."""
    return KEY.fullmatch(sent) is not None


@IntegerField.register_lookup
class IntegerIn(In):
    """Numbers beyond the column's range are none of its rows' ones; the database would break on them.

    Django does this of one number that is asked for (``IntegerFieldExact``), and not of several.
    """

    def process_rhs(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        if self.rhs_is_direct_value():
            least, most = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            self.rhs = [one for one in self.rhs if not isinstance(one, int) or least <= one <= most]
        return super().process_rhs(compiler, connection)
