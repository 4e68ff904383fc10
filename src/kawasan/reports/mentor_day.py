"""Whom a mentor should see today and why, drawn from every stage, in the order of a short way."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.assistance import queries as assistance
from kawasan.assistance.models import Assistance
from kawasan.core.models import User
from kawasan.core.text import Text
from kawasan.enterprises.models import CashEntry, Enterprise
from kawasan.enterprises.rules import EnterpriseStatus
from kawasan.matching.models import Group, GroupMember, Mentor
from kawasan.matching.rules import GroupRole
from kawasan.mentoring import queries as mentoring
from kawasan.mentoring import rules as mentoring_rules
from kawasan.mentoring.models import Visit, VisitRequest
from kawasan.mentoring.rules import ANSWERED, RequestState, State
from kawasan.mentoring.services import short_way
from kawasan.programmes.models import Programme
from kawasan.reports import rules
from kawasan.selection.rules import SeatStatus
from kawasan.training.models import Attendance
from kawasan.training.rules import Presence

MOST_STOPS = 20  # of a day; who waits longest comes first into the list, then the list is put in order


@dataclass(slots=True)
class Stop:
    """A group or one participant to see, with every reason, and whom to call."""

    group: Group
    member: GroupMember | None
    place: Place
    reasons: list[Text] = field(default_factory=list)
    contact: Applicant | None = None
    asked: VisitRequest | None = None

    @property
    def chat(self) -> str:
        """The number as wa.me wants it: the country's code first, without a plus."""
        return self.contact.person.phone.lstrip("+") if self.contact else ""


@dataclass(frozen=True, slots=True)
class Day:
    """A mentor's day: stops in the order of the way, its length, and entries that came back or are unfinished."""

    mentor: Mentor
    stops: list[Stop]
    km: float
    unfinished: list[Visit]


def of_mentor(programme: Programme, user: User, day: datetime.date) -> Day | None:
    """The day of the mentor who signs in as this user; nothing for somebody who is no mentor."""
    mentor = programme.mentors.filter(user=user).select_related("place").first()
    if mentor is None:
        return None
    stops = _stops(mentor, day)[:MOST_STOPS]
    order, km = short_way(mentor.place, [stop.place for stop in stops])
    unfinished = Visit.objects.filter(mentor=mentor, state__in=(State.DRAFT, *ANSWERED)).in_full()
    return Day(mentor, [stops[number] for number in order], km, list(unfinished.order_by("visited_on")[:MOST_STOPS]))


def _stops(mentor: Mentor, day: datetime.date) -> list[Stop]:
    """Members who asked for a visit, then groups that are due, then members with another reason of their own."""
    groups = Group.objects.filter(mentor=mentor)
    members = {one.applicant_id: one for one in _members(groups)}
    callable_ones = [one for one in members.values() if one.applicant.person.phone]
    first = sorted(callable_ones, key=lambda one: (one.role != GroupRole.HEAD, one.role == GroupRole.MEMBER))
    contacts = {one.group_id: one.applicant for one in reversed(first)}  # the head, else an officer, else a member
    stops = [
        Stop(row.group, None, row.group.place, [row.due], contacts.get(row.group.pk))
        for row in mentoring.rows_of(groups, day)
        if row.due
    ]
    asked = {one.applicant_id: one for one in _asked(groups)}
    reasons = defaultdict[int, list[Text]](list)
    for key, one in asked.items():
        reasons[key].append(mentoring_rules.asked_on(day=one.asked_on, wanted=one.wanted))
    for applicant, reason in _reasons(groups, day):
        reasons[applicant].append(reason)
    for key, said in reasons.items():
        if member := members.get(key):
            place, who = member.applicant.person.place, member.applicant
            stops.append(Stop(member.group, member, place, said, who, asked.get(key)))
    return sorted(stops, key=lambda stop: stop.asked is None)  # keeps the order within each


def _asked(groups: QuerySet[Group]) -> QuerySet[VisitRequest]:
    """Requests that wait, the oldest first."""
    of = VisitRequest.objects.filter(applicant__group_memberships__group__in=groups, state=RequestState.OPEN)
    return of.order_by("asked_on", "pk")


def _members(groups: QuerySet[Group]) -> QuerySet[GroupMember]:
    held = GroupMember.objects.filter(group__in=groups, applicant__seat__status=SeatStatus.ACCEPTED)
    return held.select_related("group", "applicant__person__place")


def _reasons(groups: QuerySet[Group], day: datetime.date) -> Iterator[tuple[int, Text]]:
    """Why single members should be seen: an agreed day, a session that was missed, a cash book without entries."""
    for visit in mentoring.promised_to_people(groups, day):
        if visit.applicant_id and visit.next_visit_on:
            yield visit.applicant_id, rules.agreed_for(visit.next_visit_on)
    since = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min)) - rules.MISSED_LATELY
    seen = Visit.objects.standing().filter(applicant=OuterRef("applicant"))
    seen = seen.filter(visited_on__gt=OuterRef("session__starts_at__date"))
    absent = Attendance.objects.filter(session__group__in=groups, status=Presence.ABSENT, session__starts_at__gte=since)
    for one in absent.filter(~Exists(seen)).select_related("session__module").order_by("session__starts_at"):
        yield one.applicant_id, rules.missed_session(str(one.session.module), one.session.starts_at.date())
    fresh = CashEntry.objects.filter(enterprise=OuterRef("pk"), dated__gt=day - rules.CASH_BOOK_RESTS)
    quiet = Enterprise.objects.filter(~Exists(fresh), status=EnterpriseStatus.RUNNING)
    quiet = quiet.filter(owner__group_memberships__group__in=groups)
    for row in assistance.of_page(Assistance.objects.of_groups(groups)):
        if assistance.is_awaiting_hands(row):
            yield row.receiver_id, rules.assistance_not_in_hand(row.code)
        if text := assistance.reminder_of(row, day):
            yield row.receiver_id, text
    for enterprise in quiet.order_by("owner"):
        yield enterprise.owner_id, rules.cash_book_rests(enterprise.name)
