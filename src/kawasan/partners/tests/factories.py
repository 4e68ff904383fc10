"""Valid rows, invented."""

import datetime
from typing import Any

from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.programmes.models import Programme


def organisation(programme: Programme, code: str = "ORG-1", **columns: Any) -> Organisation:
    given = {"name": f"Dinas {code}", "kind": "local_agency", "source": "synthetic"} | columns
    return Organisation.objects.create(programme=programme, code=code, **given)


def meeting(programme: Programme, code: str = "MTG-1", **columns: Any) -> Meeting:
    given = {
        "name": f"Rapat {code}",
        "name_en": f"Meeting {code}",
        "held_on": datetime.date(2022, 8, 26),
        "source": "synthetic",
    } | columns
    return Meeting.objects.create(programme=programme, code=code, **given)


def attendance(of: Meeting, by: Organisation, name: str = "Rina") -> MeetingAttendance:
    return MeetingAttendance.objects.create(programme=of.programme, meeting=of, organisation=by, name=name)


def commitment(by: Organisation, code: str = "COM-1", **columns: Any) -> Commitment:
    given = {
        "what": f"Janji {code}",
        "what_en": f"Promise {code}",
        "quantity": 10,
        "unit": "unit",
        "due_on": datetime.date(2022, 10, 1),
        "source": "synthetic",
    } | columns
    return Commitment.objects.create(programme=by.programme, organisation=by, code=code, **given)
