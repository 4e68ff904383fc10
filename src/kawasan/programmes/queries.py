"""Reads of what a programme has set."""

from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Feature, QuotaLine


def quota_lines(programme: Programme) -> list[QuotaLine]:
    """The seats of the fields, then the quotas, as they are saved."""
    fields = programme.fields.order_by("code")
    seats = [QuotaLine(Feature.FIELD.value, field.code, field.least_seats, field.most_seats) for field in fields]
    return seats + [QuotaLine(q.feature, q.value, q.least, q.most, q.reason) for q in programme.quotas.all()]
