"""Who is due, and what was logged."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from kawasan.core.text import Text
from kawasan.matching.models import Group, GroupMember
from kawasan.mentoring import rules
from kawasan.mentoring.models import Visit


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group, when it was last seen, and why it is due (nothing when it is not)."""

    group: Group
    last: datetime.date | None
    due: Text | None


def rows_of(groups: QuerySet[Group], today: datetime.date) -> list[GroupRow]:
    """Groups with their last visit, those due first, then the ones not seen for longest."""
    to_group = Visit.objects.filter(group=OuterRef("pk"), applicant=None).order_by("-visited_on", "-starts_at")
    seen = groups.filter(mentor__isnull=False).select_related("mentor", "field", "place")
    seen = seen.annotate(last=Max("visits__visited_on"), promised=Subquery(to_group.values("next_visit_on")[:1]))
    rows = [
        GroupRow(group, group.last, rules.reason_due(last=group.last, promised=group.promised, today=today))
        for group in seen
    ]
    return sorted(rows, key=lambda row: (row.due is None, row.last or datetime.date.min, row.group.code))


def promised_to_people(groups: QuerySet[Group], today: datetime.date) -> QuerySet[Visit]:
    """Visits that promised one participant another by today, where none followed."""
    same = Q(applicant=OuterRef("applicant")) | Q(applicant=None)
    later = Visit.objects.filter(same, group=OuterRef("group"), visited_on__gt=OuterRef("visited_on"))
    visits = Visit.objects.filter(~Exists(later), group__in=groups, applicant__isnull=False, next_visit_on__lte=today)
    return visits.in_full().order_by("next_visit_on", "pk")


def filtered(visits: QuerySet[Visit], *, mentor: str, group: str, words: str) -> QuerySet[Visit]:
    """Visits of a mentor, to a group, in which these words occur."""
    if mentor:
        visits = visits.filter(mentor__code=mentor)
    if group:
        visits = visits.filter(group__code=group)
    if words:
        text = Q(summary__icontains=words) | Q(obstacle__icontains=words) | Q(next_step__icontains=words)
        visits = visits.filter(text | Q(applicant__person__name__icontains=words))
    return visits


def members_of(group: Group) -> Iterable[GroupMember]:
    """The members by name."""
    return group.members.select_related("applicant__person").order_by("applicant__person__name")
