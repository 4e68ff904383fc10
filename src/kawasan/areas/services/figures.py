"""Enter, correct and remove the figures behind potential and pentagon: of sectors, indicators and their values."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kawasan.areas.models import AssetIndicator, AssetValue, SectorFigure
from kawasan.areas.services.resources import refuse_use, set_columns
from kawasan.core.models import User
from kawasan.core.services import log

Figure = SectorFigure | AssetIndicator | AssetValue


@transaction.atomic
def add_figure(*, row: Figure, by: User | None) -> None:
    """Enter a figure of a sector, an indicator or the value of one."""
    row.full_clean()
    row.save(force_insert=True)
    log(f"areas.{row._meta.model_name}_added", row, by=by)


@transaction.atomic
def change_figure(*, row: Figure, changes: Mapping[str, Any], by: User | None) -> None:
    """Correct a figure; only the changed columns are written."""
    if not changes:
        return
    before = set_columns(row, changes)
    row.full_clean()
    row.save(update_fields=tuple(changes))
    log(f"areas.{row._meta.model_name}_changed", row, by=by, changes=before)


@transaction.atomic
def remove_figure(*, row: Figure, by: User | None) -> None:
    """Take a figure out; an indicator that has values stays, and they are named."""
    refuse_use(row, row._meta.related_objects)
    verb = f"areas.{row._meta.model_name}_removed"
    log(verb, row.programme, by=by, deleted=[row], is_written=False, name=str(row))
    row.delete()
