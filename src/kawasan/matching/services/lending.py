"""Experts are lent by their organisations, for hours that are counted by month."""

import datetime
import math

from django.db import transaction
from django.db.models import Sum

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching import rules
from kawasan.matching.models import Expert, Loan
from kawasan.matching.queries import next_code


@transaction.atomic
def lend_expert(*, loan: Loan, by: User | None) -> Loan:
    """Count hours of an expert for a need; refused when the organisation's hours of that month do not suffice."""
    expert = Expert.objects.select_for_update().get(pk=loan.expert_id)
    loan.code, loan.source = next_code(loan.programme, Loan, "L", 3), f"entered by {by}"
    loan.full_clean()
    given = hours_given(expert, loan.day)
    reasons = rules.reasons_not_lent(hours=loan.hours, given=given, most=expert.hours_per_month, name=expert.name)
    if reasons:
        raise Refused(*reasons)
    loan.save()
    log("matching.expert_lent", loan, by=by, expert=expert.code, hours=loan.hours)
    return loan


@transaction.atomic
def cancel_loan(*, loan: Loan, by: User | None) -> None:
    """Give the hours back."""
    log("matching.loan_cancelled", loan.expert, by=by, deleted=[loan], is_written=False, hours=loan.hours)
    loan.delete()


def hours_given(expert: Expert, day: datetime.date) -> int:
    """The hours of an expert that are used in the month of a day: lent to groups, and taught in the training."""
    month = expert.loans.filter(day__year=day.year, day__month=day.month)
    return (month.aggregate(hours=Sum("hours"))["hours"] or 0) + hours_taught(expert, day)


def hours_taught(expert: Expert, day: datetime.date) -> int:
    """The hours of sessions that an expert teaches in the month of a day, begun ones counted."""
    sessions = expert.sessions.standing().filter(starts_at__year=day.year, starts_at__month=day.month)
    length = sum((ends - starts for starts, ends in sessions.values_list("starts_at", "ends_at")), datetime.timedelta())
    return math.ceil(length / datetime.timedelta(hours=1))
