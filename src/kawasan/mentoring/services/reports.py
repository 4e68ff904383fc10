"""The performance report of a mentor is frozen: stored with its hash, and its entries stay."""

import datetime
import hashlib
import json
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.models import Mentor
from kawasan.mentoring import rules
from kawasan.mentoring.models import MentorReport, Visit
from kawasan.mentoring.rules import State
from kawasan.programmes.models import Programme

UNREVIEWED = (State.DRAFT, State.PENDING, State.RETURNED)


@transaction.atomic
def freeze_report(
    *,
    mentor: Mentor,
    starts_on: datetime.date,
    ends_on: datetime.date,
    content: dict[str, Any],
    by: User | None,
    on: datetime.date,
) -> MentorReport:
    """Keep a report as it is now. Entries are locked out by the lock that also gives them their codes."""
    Programme.objects.select_for_update().get(pk=mentor.programme_id)
    entries = Visit.objects.filter(mentor=mentor, visited_on__range=(starts_on, ends_on), state__in=UNREVIEWED)
    overlapping = MentorReport.objects.filter(mentor=mentor, starts_on__lte=ends_on, ends_on__gte=starts_on)
    reasons = rules.reasons_not_freezable(
        starts_on=starts_on,
        ends_on=ends_on,
        today=on,
        waiting=entries.count(),
        is_overlapping=overlapping.exists(),
    )
    if reasons:
        raise Refused(*reasons)
    made = MentorReport.objects.create(
        programme=mentor.programme,
        mentor=mentor,
        starts_on=starts_on,
        ends_on=ends_on,
        content=content,
        content_hash=hash_of(content),
        frozen_on=on,
    )
    log("mentoring.report_frozen", made, by=by, content_hash=made.content_hash)
    return made


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 over what a report says, whatever order a database gives it back in."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
