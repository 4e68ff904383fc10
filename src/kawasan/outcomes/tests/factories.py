"""Rounds and measurements: plain functions that make valid rows."""

import datetime
from typing import Any

from kawasan.applicants.models import Applicant
from kawasan.outcomes.models import Measurement, Round
from kawasan.programmes.models import Programme


def round_(programme: Programme, code: str = "M1", months_after: int = 1, **columns: Any) -> Round:
    defaults = {
        "name": f"Bulan ke-{months_after}",
        "name_en": f"Month {months_after}",
        "due_on": datetime.date(2022, 11, 1),
        "status": "open",
    }
    return Round.objects.create(programme=programme, code=code, months_after=months_after, **(defaults | columns))


def answers(**changes: Any) -> dict[str, Any]:
    """Somebody who works, sells for two million, keeps 600,000 of it and employs one person."""
    return {
        "measured_on": datetime.date(2022, 11, 5),
        "is_working": True,
        "hours_per_week": 40 if changes.get("is_working", True) else 0,
        "turnover_idr": 2_000_000,
        "profit_idr": 600_000,
        "workers": 1,
        "cash_book": "manual",
        "marketing_area": "city",
        "note": "",
        "source": "synthetic",
    } | changes


def measurement(of: Round, applicant: Applicant, **changes: Any) -> Measurement:
    return Measurement.objects.create(programme=of.programme, round=of, applicant=applicant, **answers(**changes))
