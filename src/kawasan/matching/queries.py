"""Reads that join stages, or feed a page."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, Value, When

from kawasan.applicants.models import Applicant
from kawasan.core.models import LogEntry
from kawasan.core.text import Text
from kawasan.matching import rules
from kawasan.matching.models import Expert, Group, GroupMember, Matching, Mentor, Wish
from kawasan.matching.rules import GroupRole, MatchingStatus, WishKind
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme, RuleSet
from kawasan.programmes.rules import rule_set_on
from kawasan.selection.models import Seat

ABILITY = ("applicant", "keeps_books", "is_experienced")
MOST_MOVES = 20  # that the board offers to take back; the log has them all


def participants_of(programme: Programme) -> list[Applicant]:
    """The people who accepted a seat, in order of their codes."""
    seats = Seat.objects.participants().filter(programme=programme).order_by("applicant__code")
    return [seat.applicant for seat in seats.select_related("applicant__person__place", "applicant__field")]


def own_application(programme: Programme, user: Any) -> str | None:
    """The code with which the reader takes part."""
    seats = Seat.objects.participants().filter(programme=programme, applicant__person__user=user)
    return seats.values_list("applicant__code", flat=True).first()


def without_group(programme: Programme) -> QuerySet[Applicant]:
    """Participants who are in no group: reserves that were called after the groups were formed."""
    holders = Seat.objects.participants().filter(programme=programme, applicant__group_memberships=None)
    return Applicant.objects.filter(pk__in=holders.values("applicant")).select_related("person__place", "field")


def valid_rule_set(programme: Programme) -> RuleSet | None:
    """The guideline that counts today."""
    return rule_set_on(programme.rule_sets.all(), today(programme))


def next_code(programme: Programme, model: type[Model], prefix: str, digits: int) -> str:
    """The first free code, counting on from how many rows there are; the lock keeps two people from one code."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    rows = model._base_manager.filter(programme=programme)
    number = rows.count() + 1
    while rows.filter(code=f"{prefix}{number:0{digits}d}").exists():
        number += 1
    return f"{prefix}{number:0{digits}d}"


def groups_for(programme: Programme, user: Any) -> QuerySet[Group]:
    """Groups with size and distances; ``is_own`` marks those whose mentor the reader is, and they come first."""
    own = Case(When(mentor__user=user, then=Value(True)), default=Value(False))
    groups = programme.groups.with_size().annotate(is_own=own)
    return groups.select_related("field", "place", "mentor").order_by("-is_own", "code")


def state_of(programme: Programme) -> dict[str, Any]:
    """How far the matching is, and the next thing to do."""
    matching = programme.matchings.defer("input", "result").first()
    groups = programme.groups.count()
    outside = list(without_group(programme)) if groups else []
    counts = {
        "participants": Seat.objects.participants().filter(programme=programme).count(),
        "groups": groups,
        "without_group": len(outside),
        "without_mentor": programme.groups.filter(mentor=None).count(),
    }
    is_frozen = matching is not None and matching.status == MatchingStatus.FROZEN
    reasons = [] if groups else reasons_not_ready(programme, participants=counts["participants"])
    return {
        **counts,
        "outside": outside,
        "matching": matching,
        "is_frozen": is_frozen,
        "reasons": reasons,
        "next": rules.next_step(is_frozen=is_frozen, is_ready=not reasons, **counts),
    }


def reasons_not_ready(programme: Programme, *, participants: int) -> list[Text]:
    """Why nothing can be frozen of which groups could be formed."""
    return rules.reasons_not_ready(
        participants=participants,
        mentors=programme.mentors.at_work().count(),
        groups=programme.groups.count(),
        has_rule_set=valid_rule_set(programme) is not None,
    )


def members_in_full(programme: Programme) -> QuerySet[GroupMember]:
    """Members with what a page shows of them; ``is_participant`` is false for those who gave their seat back."""
    seats = Seat.objects.participants().filter(applicant=OuterRef("applicant"))
    members = GroupMember.objects.filter(programme=programme).annotate(is_participant=Exists(seats))
    return members.select_related("group__field", "programme", "applicant__person__place")


def members_of(group: Group) -> QuerySet[GroupMember]:
    """The members, officers first, then by name."""
    order = [When(role=role.value, then=Value(number)) for number, role in enumerate(GroupRole)]
    return members_in_full(group.programme).filter(group=group).order_by(Case(*order), "applicant__person__name")


def wishes_by_person(programme: Programme) -> dict[int, list[Wish]]:
    """The wishes of each participant who has any, by applicant."""
    found: dict[int, list[Wish]] = defaultdict(list)
    for wish in programme.wishes.all():
        found[wish.applicant_id].append(wish)
    return dict(found)


def abilities_of(programme: Programme) -> dict[int, tuple[bool, bool]]:
    """Who keeps books and who is experienced, by applicant."""
    return {pk: (books, skill) for pk, books, skill in programme.abilities.values_list(*ABILITY)}


def participants_with_wishes(programme: Programme) -> QuerySet[Applicant]:
    """Participants with wishes and abilities; first those with a disability whom nobody asked how far they can go."""
    seats = Seat.objects.participants().filter(programme=programme)
    reach = Wish.objects.filter(applicant=OuterRef("pk"), kind=WishKind.REACH)
    to_ask = Case(When(Q(~Exists(reach), ~Q(person__disability="")), then=Value(True)), default=Value(False))
    people = Applicant.objects.filter(pk__in=seats.values("applicant")).annotate(to_ask=to_ask)
    people = people.select_related("person__place", "field")
    return people.prefetch_related("wishes", "abilities").order_by("-to_ask", "person__name", "code")


@dataclass(frozen=True, slots=True)
class Moved:
    """A move by hand that may be taken back: the log's entry, whom it moved, and the names of the two groups."""

    entry: LogEntry
    member: GroupMember
    old: str
    new: str


def latest_moves(programme: Programme, groups: Iterable[Group]) -> list[Moved]:
    """The last moves that the log tells of, newest first: of each member the newest, if it was not taken back."""
    names = {group.code: str(group) for group in groups}
    verbs = ("matching.member_moved", "matching.move_taken_back")
    entries = LogEntry.objects.filter(programme_code=programme.code, verb__in=verbs).order_by("-sequence")
    newest: dict[int, LogEntry] = {}
    for entry in entries[:MOST_MOVES]:
        if "member" in entry.data:
            newest.setdefault(entry.data["member"], entry)
    members = members_in_full(programme).in_bulk(list(newest))
    return [
        Moved(entry, members[pk], *(names.get(code, code) for code in (entry.data["old"], entry.data["new"])))
        for pk, entry in newest.items()
        if entry.verb == verbs[0] and pk in members
    ]


def experts_for(programme: Programme, skill: str, words: str) -> QuerySet[Expert]:
    """Experts with a skill, whose name or organisation has these words, or who help with the need that they tell."""
    experts = programme.experts.select_related("organisation")
    if skill:
        experts = experts.filter(skill=skill)
    if words:
        named = Q(name__icontains=words) | Q(organisation__name__icontains=words)
        experts = experts.filter(named | Q(skill__in=rules.skills_for(words)))
    return experts


def experts_near(programme: Programme, skill: str, words: str) -> QuerySet[Expert]:
    """Experts with a skill next to the need, for where nobody has the skill itself."""
    near = programme.experts.select_related("organisation").filter(skill__in=rules.near_skills(words))
    return near.filter(skill=skill) if skill else near


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a proposal with names instead of codes."""

    what: str
    old: str
    new: str
    because: Any
    reason: Any


def changes_in_words(programme: Programme, changes: list[dict[str, Any]]) -> list[Told]:
    """Changes of groups or of people, by name."""
    codes = {code for change in changes for code in (change["what"], change["old"], change["new"])}
    names = dict(programme.groups.filter(code__in=codes).values_list("code", "name"))
    names |= dict(programme.mentors.filter(code__in=codes).values_list("code", "name"))
    names |= dict(programme.applicants.filter(code__in=codes).values_list("code", "person__name"))
    return [
        Told(
            names.get(change["what"], change["what"]),
            names.get(change["old"], change["old"]),
            names.get(change["new"], change["new"]),
            change["because"],
            change.get("reason"),
        )
        for change in changes
    ]


def groups_in_words(programme: Programme, matching: Matching) -> list[dict[str, Any]]:
    """The groups as a matching formed them, with the reason for each mentor."""
    made = (matching.result or {}).get("groups", [])
    mentors, fields = dict(programme.mentors.values_list("code", "name")), {f.code: f for f in programme.fields.all()}
    places = dict(programme.places.filter(code__in={group["place"] for group in made}).values_list("code", "name"))
    return [
        {
            "number": number,
            "field": fields[group["field"]],
            "place": places.get(group["place"], group["place"]),
            "mentor": mentors.get(group["mentor"], group["mentor"]),
            "size": len(group["members"]),
            "mean_km": sum(member["distance_km"] for member in group["members"]) / len(group["members"]),
            "reason": group["reason"],
        }
        for number, group in enumerate(made, start=1)
    ]


def fields_to_rematch(programme: Programme) -> list[dict[str, Any]]:
    """Each field with groups: how many of its members gave their seat back, and how many wait for a group."""
    seats = Seat.objects.participants().filter(programme=programme)
    left = programme.group_members.exclude(applicant__in=seats.values("applicant"))
    gone = Counter(left.values_list("group__field", flat=True))
    waiting = Counter(without_group(programme).values_list("field", flat=True))
    fields = programme.fields.filter(groups__isnull=False).distinct()
    return [{"field": field, "gone": gone[field.pk], "waiting": waiting[field.pk]} for field in fields]


def planned_after_leaving(mentor: Mentor) -> int:
    """How many sessions a mentor who left is still to teach."""
    if mentor.left_on is None:
        return 0
    return mentor.sessions.filter(status="planned", starts_at__date__gt=mentor.left_on).count()


def groups_on(mentor: Mentor, day: datetime.date) -> QuerySet[Group]:
    """The groups whose mentor this was at the end of a day: those of now, less what the log says since."""
    groups, since = mentor.programme.groups.all(), _changes_of_mentors_since(mentor.programme, day)
    held = _held_before(mentor.programme, since) if since else {}
    given = [code for code, old in held.items() if old != mentor.code]
    lost = [code for code, old in held.items() if old == mentor.code]
    return groups.filter(Q(mentor=mentor) | Q(code__in=lost)).exclude(code__in=given)


def had_another_mentor(group: Group, mentor: Mentor, day: datetime.date) -> bool:
    """Whether the log says that somebody else than this one was a group's mentor on a day."""
    since = _changes_of_mentors_since(group.programme, day)
    return bool(since) and _held_before(group.programme, since).get(group.code, "") not in ("", mentor.code)


def added_since(programme: Programme, day: datetime.date) -> list[str]:
    """Who came into a group by hand after a day, by code."""
    return [entry.data["applicant"] for entry in _since(programme, day, "matching.member_added")]


def _changes_of_mentors_since(programme: Programme, day: datetime.date) -> list[LogEntry]:
    """What the log says of groups that got another mentor after a day, the newest first."""
    return _since(programme, day, "matching.mentor_left", "matching.mentor_assigned")


def _since(programme: Programme, day: datetime.date, *verbs: str) -> list[LogEntry]:
    """What the log says of a programme after a day, the newest first."""
    if day >= today(programme):
        return []
    entries = LogEntry.objects.filter(programme_code=programme.code, verb__in=verbs, at__date__gt=day)
    return list(entries.order_by("-sequence"))


def _held_before(programme: Programme, entries: list[LogEntry]) -> dict[str, str]:
    """Whose each group was before these changes, by code; the oldest says it."""
    codes = {f"{Group._meta.label}:{pk}": code for pk, code in programme.groups.values_list("pk", "code")}
    results = {f"{one._meta.label}:{one.pk}": one.result or {} for one in programme.matchings.defer("input")}
    held: dict[str, str] = {}
    for entry in entries:
        subject = entry.subject.split(" ")[0]
        if subject in codes:
            held[codes[subject]] = entry.data["old"]
        else:
            held |= {change["what"]: change["old"] for change in results.get(subject, {}).get("changes", [])}
    return held
