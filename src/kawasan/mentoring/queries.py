"""Who is due, and what was logged."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone

from kawasan.applicants.models import Applicant
from kawasan.core.models import LogEntry
from kawasan.core.services import entries_about
from kawasan.core.text import Text
from kawasan.matching.models import Group, GroupMember, Mentor
from kawasan.mentoring import rules
from kawasan.mentoring.models import CanvasBlock, Confirmation, Visit, VisitQuerySet, VisitRequest
from kawasan.mentoring.rules import Block, Method, RequestState, State
from kawasan.programmes.models import Programme

FIRST_HOURS = {"starts_at": datetime.time(9), "ends_at": datetime.time(10, 30)}  # until a group has its own


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group, when it was last seen, and why it is due (nothing when it is not)."""

    group: Group
    last: datetime.date | None
    due: Text | None


def rows_of(groups: QuerySet[Group], today: datetime.date) -> list[GroupRow]:
    """Groups with their last visit, those due first, then the ones not seen for longest."""
    standing = Visit.objects.standing().filter(group=OuterRef("pk")).order_by("-visited_on", "-starts_at")
    to_group = (
        Visit.objects.standing().filter(group=OuterRef("pk"), applicant=None).order_by("-visited_on", "-starts_at")
    )
    seen = groups.filter(mentor__isnull=False).select_related("mentor", "field", "place")
    seen = seen.annotate(
        last=Subquery(standing.values("visited_on")[:1]), promised=Subquery(to_group.values("next_visit_on")[:1])
    )
    rows = [
        GroupRow(group, group.last, rules.reason_due(last=group.last, promised=group.promised, today=today))
        for group in seen
    ]
    return sorted(rows, key=lambda row: (row.due is None, row.last or datetime.date.min, row.group.code))


def promised_to_people(groups: QuerySet[Group], today: datetime.date) -> QuerySet[Visit]:
    """Visits that promised one participant another by today, where none followed."""
    same = Q(applicant=OuterRef("applicant")) | Q(applicant=None)
    later = Visit.objects.standing().filter(same, group=OuterRef("group"), visited_on__gt=OuterRef("visited_on"))
    visits = Visit.objects.standing().filter(
        ~Exists(later), group__in=groups, applicant__isnull=False, next_visit_on__lte=today
    )
    return visits.in_full().order_by("next_visit_on", "pk")


def filtered(visits: QuerySet[Visit], *, mentor: str, group: str, state: str, words: str) -> QuerySet[Visit]:
    """Visits of a mentor, to a group, in a state, in which these words occur."""
    if mentor:
        visits = visits.filter(mentor__code=mentor)
    if group:
        visits = visits.filter(group__code=group)
    if state:
        visits = visits.filter(state=state)
    if words:
        text = Q(summary__icontains=words) | Q(obstacle__icontains=words) | Q(next_step__icontains=words)
        text |= Q(material__icontains=words)
        visits = visits.filter(text | Q(applicant__person__name__icontains=words))
    return visits


def with_all_of_the_outline(visits: list[Visit]) -> list[Visit]:
    """Entries with what only their files and papers show: who was there, photos, and who reviewed them."""
    prefetch_related_objects(visits, "participants__person", "photos", "reviewed_by")
    return visits


def members_of(group: Group) -> Iterable[GroupMember]:
    """The members by name."""
    return group.members.select_related("applicant__person").order_by("applicant__person__name")


def counts_of(programme: Programme, user: Any) -> dict[str, int]:
    """How many entries wait for a review, and how many came back to somebody."""
    own = Q(state=State.RETURNED, group__mentor__user=user)
    counts: dict[str, int] = programme.visits.aggregate(
        waiting=Count("pk", filter=Q(state=State.PENDING)), returned=Count("pk", filter=own)
    )
    return counts


def others_at_once(
    visit: Visit, *, visited_on: datetime.date, starts_at: datetime.time, ends_at: datetime.time
) -> list[tuple[str, str]]:
    """The other entries of a visit's mentor at a time, and sessions that the mentor teaches: what each is, and how."""
    mentor = visit.mentor if visit.mentor_id else visit.group.mentor
    if mentor is None:
        return []
    found = Visit.objects.at_once(mentor, visited_on, starts_at, ends_at).exclude(pk=visit.pk)
    if visit.replaces_id:
        found = found.exclude(pk=visit.replaces_id)
    found = found.select_related("group__field")
    visits = [(f"{one.group}, {one.starts_at:%H:%M}–{one.ends_at:%H:%M}", one.method) for one in found]
    return [*visits, *_taught_at_once(mentor, visited_on, starts_at, ends_at)]


def _taught_at_once(
    mentor: Mentor, day: datetime.date, starts_at: datetime.time, ends_at: datetime.time
) -> list[tuple[str, str]]:
    sessions = mentor.sessions.standing().filter(starts_at__date=day).select_related("module", "group__field")
    local = timezone.localtime
    hours = [(one, local(one.starts_at).time(), local(one.ends_at).time()) for one in sessions]
    return [
        (f"{one.module}, {one.group}, {starts:%H:%M}–{ends:%H:%M}", Method.IN_PERSON)
        for one, starts, ends in hours
        if starts < ends_at and ends > starts_at
    ]


def usual(group: Group, who: Applicant | None, today: datetime.date) -> dict[str, Any]:
    """What a new entry most likely says: the hours, the way and the people of the last visit to the group."""
    last = Visit.objects.standing().filter(group=group).order_by("-visited_on", "-pk").first()
    given: dict[str, Any] = {"visited_on": today, "venue": group.place.name} | FIRST_HOURS
    if last:
        given |= {"starts_at": last.starts_at, "ends_at": last.ends_at, "method": last.method, "reach": last.reach}
        given["venue"] = last.venue or given["venue"]
    if who:
        given["participants"] = [who.pk]
    elif last:
        given["participants"] = list(last.participants.values_list("pk", flat=True))
    return given | _free_hours(group, today, given["starts_at"], given["ends_at"])


def _free_hours(
    group: Group, day: datetime.date, starts_at: datetime.time, ends_at: datetime.time
) -> dict[str, datetime.time]:
    """The same hours, or as many after the mentor's last visit of the day where they are taken."""
    visits = Visit.objects.filter(mentor=group.mentor_id, visited_on=day, state__in=rules.COUNTED)
    taken = visits.aggregate(
        clashing=Count("pk", filter=Q(starts_at__lt=ends_at, ends_at__gt=starts_at)), last=Max("ends_at")
    )
    if not taken["clashing"]:
        return {"starts_at": starts_at, "ends_at": ends_at}
    first, until, last = (datetime.datetime.combine(day, at) for at in (starts_at, ends_at, taken["last"]))
    end = last + (until - first)
    return {"starts_at": last.time(), "ends_at": end.time()} if end.date() == day else {}


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was done with an entry: what, by whom, what was said, and what stood there before."""

    entry: LogEntry
    label: str
    said: list[str]
    before: list[tuple[str, str]]


def history(visit: Visit) -> list[Line]:
    """What was done with an entry, the newest first; who looked at a photo is for the log alone."""
    entries = entries_about(visit, *rules.HISTORY).order_by("-sequence")
    return [_line(entry) for entry in entries]


def _line(entry: LogEntry) -> Line:
    said = [entry.data[name] for name in ("why", "note", "answer", "remark") if entry.data.get(name)]
    names = {
        field.name: str(field.verbose_name) for field in Visit._meta.get_fields() if hasattr(field, "verbose_name")
    }
    before = [(names.get(name, name), value) for name, value in entry.data.get("before", {}).items()]
    return Line(entry, rules.HISTORY[entry.verb], said, before)


@dataclass(frozen=True, slots=True)
class Load:
    """What a mentor has to do, and what waits of what the mentor did."""

    mentor: Mentor
    groups: int
    people: int
    overdue: int
    waiting: int
    returned: int
    denied: int
    asked: int
    canvases: int


def loads(programme: Programme, today: datetime.date) -> list[Load]:
    """Every mentor with the load, the visits that are overdue, and the entries that wait for a review."""
    states = dict[str, dict[int, int]]()
    counted = programme.visits.filter(state__in=(State.PENDING, State.RETURNED)).order_by()
    for mentor, state, number in counted.values_list("mentor", "state").annotate(n=Count("pk")):
        states.setdefault(state, {})[mentor] = number
    denied = dict(denials(programme).order_by().values_list("visit__mentor").annotate(n=Count("pk")))
    mentor_of = "applicant__group_memberships__group__mentor"
    asked = dict(open_requests(programme).order_by().values_list(mentor_of).annotate(n=Count("pk")))
    complete = with_blocks(programme.group_members.all()).filter(blocks=len(Block))  # type: ignore[misc] # annotated
    whole = Counter(complete.values_list("group__mentor", flat=True))
    late = Counter(row.group.mentor_id for row in rows_of(programme.groups.all(), today) if row.due)
    return [
        Load(
            mentor=one,
            groups=one.groups_now,  # type: ignore[attr-defined] # annotated
            people=one.people_now,  # type: ignore[attr-defined] # annotated
            overdue=late[one.pk],
            waiting=states.get(State.PENDING, {}).get(one.pk, 0),
            returned=states.get(State.RETURNED, {}).get(one.pk, 0),
            denied=denied.get(one.pk, 0),
            asked=asked.get(one.pk, 0),
            canvases=whole[one.pk],
        )
        for one in programme.mentors.with_load()
    ]


def open_requests(programme: Programme) -> QuerySet[VisitRequest]:
    """Requests for a visit that wait, the oldest first; ``mentor`` is the name of who should answer."""
    waiting = programme.visit_requests.filter(state=RequestState.OPEN).select_related("applicant__person")
    return waiting.annotate(mentor=F("applicant__group_memberships__group__mentor__name")).order_by("asked_on", "pk")


def requests_of(applicant: Applicant) -> QuerySet[VisitRequest]:
    """What a participant asked for, open ones first, then the latest."""
    return applicant.visit_requests.select_related("visit")


def canvas_of(owner: Applicant | Group) -> dict[str, CanvasBlock]:
    """What stands in each block that was written."""
    return {one.block: one for one in owner.canvas_blocks.order_by("version")}


def with_blocks(members: QuerySet[GroupMember], day: datetime.date | None = None) -> QuerySet[GroupMember]:
    """Members with ``blocks``: how many of the nine they have, in the own canvas or else in that of the group.

    If a day is given, those that were written by its end.
    """
    blocks = CanvasBlock.objects.order_by()
    if day:
        blocks = blocks.filter(written_on__lte=day)
    own = blocks.filter(applicant=OuterRef("applicant")).values("applicant")
    of_group = blocks.filter(group=OuterRef("group")).values("group")
    counts = [rows.annotate(n=Count("block", distinct=True)).values("n") for rows in (own, of_group)]
    return members.annotate(blocks=Coalesce(*map(Subquery, counts), 0))


def denials(programme: Programme) -> QuerySet[Confirmation]:
    """Visits of which a participant says that they did not take place."""
    said = Confirmation.objects.filter(programme=programme, took_place=False, visit__in=Visit.objects.standing())
    return said.select_related("visit__group", "visit__mentor", "applicant__person")


def visits_of(applicant: Applicant) -> VisitQuerySet:
    """The visits to a participant; ``took_place`` is what the participant said of each, if anything."""
    said = Confirmation.objects.filter(visit=OuterRef("pk"), applicant=applicant).values("took_place")
    visits = Visit.objects.standing().of_participant(applicant).select_related("mentor")
    return visits.annotate(took_place=Subquery(said))
