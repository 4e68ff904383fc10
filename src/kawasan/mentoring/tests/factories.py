"""Valid rows, invented."""

import datetime
from typing import Any

from kawasan.matching.models import Group
from kawasan.matching.tests.factories import mentor
from kawasan.mentoring.models import Visit

TODAY = datetime.date(2022, 12, 1)  # the day at which the fixture's programme is shown


def visit(group: Group, code: str = "V001", **columns: Any) -> Visit:
    given = {
        "visited_on": TODAY - datetime.timedelta(days=3),
        "starts_at": datetime.time(9, 0),
        "ends_at": datetime.time(10, 0),
        "method": "in_person",
        "summary": "Menghitung biaya satu kali produksi bersama anggota.",
        "material": "Harga pokok",
        "no_expense_reason": "Tidak ada biaya",
        "source": "synthetic",
    } | columns
    given.setdefault("mentor", group.mentor or mentor(group.programme))
    return Visit.objects.create(programme=group.programme, group=group, code=code, **given)
