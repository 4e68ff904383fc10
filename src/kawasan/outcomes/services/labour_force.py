"""Figures of the area's labour force are entered with their source, and removed when they were wrong."""

from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.outcomes import rules
from kawasan.outcomes.models import LabourForce
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


@transaction.atomic
def add_labour_force(*, programme: Programme, by: User | None, **answers: Any) -> LabourForce:
    """Enter the figures of one year."""
    if reasons := rules.reasons_no_year(answers["year"], today(programme).year):
        raise Refused(*reasons)
    made = LabourForce(programme=programme, **answers)
    made.full_clean()
    made.save()
    log("outcomes.labour_force_added", made, by=by, year=made.year)
    return made


@transaction.atomic
def remove_labour_force(*, labour_force: LabourForce, by: User | None) -> None:
    """Remove the figures of one year."""
    programme, gone = labour_force.programme, [labour_force]
    log("outcomes.labour_force_removed", programme, by=by, deleted=gone, is_written=False, year=labour_force.year)
    labour_force.delete()
