"""The performance report of a mentor: the 24 rows of the official outline, each with the entries it was made of."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from kawasan.core import language
from kawasan.core.text import Labelled, _
from kawasan.matching.models import GroupMember, Mentor
from kawasan.matching.queries import added_since, groups_on
from kawasan.mentoring.models import ProblemCase, Visit
from kawasan.mentoring.queries import with_blocks
from kawasan.mentoring.rules import Block, Problem, State
from kawasan.outcomes.models import Measurement
from kawasan.outcomes.rules import CashBook, MarketingArea
from kawasan.selection.rules import SeatStatus

Entry = tuple[str, str, str]  # what it is about, what it says, and where it stands
K = TypeVar("K")
AREAS = tuple(MarketingArea)
ROW_PROBLEMS = (Problem.AID_UNUSED, Problem.REFUSES, Problem.NOT_FOUND, Problem.NO_CONTACT)


class Direction(Labelled):
    UP = "up", _("up")
    SAME = "same", _("the same")
    DOWN = "down", _("down")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outline."""

    number: str
    title: str
    value: str
    entries: tuple[Entry, ...] = ()

    @property
    def stored(self) -> dict[str, Any]:
        return {"number": self.number, "title": self.title, "value": self.value, "entries": [*map(list, self.entries)]}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of one mentor over one period are made of."""

    mentor: Mentor
    visits: list[Visit]
    members: Sequence[GroupMember]
    measured: list[list[Measurement]]  # of everybody who was measured, the first round first
    problems: list[ProblemCase]


def facts(mentor: Mentor, starts_on: datetime.date, ends_on: datetime.date) -> Facts:
    """Approved entries of the period, its participants, and what was measured of them until its end."""
    visits = Visit.objects.filter(mentor=mentor, state=State.APPROVED, visited_on__range=(starts_on, ends_on))
    visits = visits.in_full().with_denial().select_related("programme").prefetch_related("participant_rows")
    made = list(visits.annotate(pictures=Count("photos")).order_by("visited_on", "pk"))
    agreed = Q(applicant__actionsteps__made_on__lte=ends_on)
    held = with_blocks(_theirs(mentor, made, ends_on), ends_on)
    held = held.annotate(steps=Count("applicant__actionsteps", filter=agreed, distinct=True))
    members = list(held.select_related("applicant__person", "group__place", "programme").order_by("applicant__code"))
    people = [one.applicant_id for one in members]
    cases = ProblemCase.objects.filter(applicant__in=people, seen_on__lte=ends_on).exclude(settled_on__lt=starts_on)
    return Facts(
        mentor=mentor,
        visits=made,
        members=members,
        measured=_measured_of(Measurement.objects.filter(applicant__in=people, measured_on__lte=ends_on)),
        problems=list(cases.select_related("applicant__person", "programme")),
    )


def _theirs(mentor: Mentor, visits: Sequence[Visit], ends_on: datetime.date) -> QuerySet[GroupMember, GroupMember]:
    """Members of the groups that were the mentor's on the last day, and of whoever the mentor visited in the period."""
    named = {key for visit in visits for key in _present(visit)}
    whole = {visit.group_id for visit in visits if not _present(visit)}
    members = GroupMember.objects.filter(group__programme=mentor.programme_id)
    of_group = Q(group__in=whole) | Q(group__in=groups_on(mentor, ends_on))
    came_later = Q(applicant__code__in=added_since(mentor.programme, ends_on))
    return members.filter(Q(applicant__in=named) | of_group & _took_part(ends_on) & ~came_later)


def _took_part(day: datetime.date) -> Q:
    """Who of a group had the seat at the end of a day: had accepted it by then, or gave it back only later."""
    decided = "applicant__seat__decided_on"
    has_it = Q(applicant__seat__status=SeatStatus.ACCEPTED) & (Q(**{decided: None}) | Q(**{f"{decided}__lte": day}))
    return has_it | Q(applicant__seat__status=SeatStatus.WITHDRAWN, **{f"{decided}__gt": day})


def _measured_of(measured: QuerySet[Measurement]) -> list[list[Measurement]]:
    of: dict[int, list[Measurement]] = {}
    for one in measured.select_related("applicant__person", "round", "programme").order_by("measured_on", "pk"):
        of.setdefault(one.applicant_id, []).append(one)
    return list(of.values())


def rows(found: Facts, approver: str) -> list[Row]:
    """The 24 rows, in the reader's language."""
    return [*_about(found, approver), *_done(found), *_figures(found), *_cases(found), *_sources(found)]


def _about(found: Facts, approver: str) -> list[Row]:
    mentor, members = found.mentor, found.members
    seen = _seen(found)
    return [
        Row("1", gettext("Mentor"), str(mentor)),
        Row("2", gettext("Approver"), approver),
        Row("3", gettext("Working area"), ", ".join(sorted({str(one.group.place) for one in members})) or "–"),
        Row("4", gettext("Institution"), str(mentor.organisation)),
        Row("5", gettext("Participants assigned"), str(len(members)), tuple(_person(one) for one in members)),
        Row("6", gettext("Participants already mentored"), _mentored(seen), tuple(_status(one) for one in seen)),
    ]


def _seen(found: Facts) -> list[GroupMember]:
    """Members who were at a visit, by name or as one of their group."""
    named = {key for visit in found.visits for key in _present(visit)}
    whole = {visit.group_id for visit in found.visits if not _present(visit)}
    return [one for one in found.members if one.applicant_id in named or one.group_id in whole]


def _mentored(seen: Sequence[Any]) -> str:
    """How many, and of how many the outline's two files are there: the canvas and the action plan."""
    counts = {
        "people": len(seen),
        "canvases": sum(one.blocks == len(Block) for one in seen),
        "plans": sum(one.steps > 0 for one in seen),
    }
    return gettext("{people} · complete canvas {canvases} · action plan {plans}").format(**counts)


def _status(member: Any) -> Entry:
    files = {"group": member.group, "blocks": member.blocks, "all": len(Block), "steps": member.steps}
    says = gettext("{group} · canvas {blocks} of {all} · steps of the action plan {steps}").format(**files)
    return _named(member.applicant), says, _address("mentoring:person", member.applicant.code, member)


def _present(visit: Visit) -> list[int]:
    """Who was there by name."""
    return [visit.applicant_id] if visit.applicant_id else [row.applicant_id for row in visit.participant_rows.all()]


def _done(found: Facts) -> list[Row]:
    visits = found.visits
    lessons = gettext("{hours} JPL").format(hours=sum(one.lessons for one in visits))
    return [
        _row(
            "7",
            _("Lesson hours (JPL) and materials"),
            lessons,
            visits,
            lambda one: f"{one.lessons} JPL: {one.material}",
        ),
        _row("8", _("Visits"), str(len(visits)), visits, _how),
        _row("9", _("Résumé of the results"), str(len(visits)), visits, lambda one: one.summary),
        _row("10", _("Obstacles"), None, [one for one in visits if one.obstacle], _obstacle),
    ]


def _how(visit: Visit) -> str:
    kind = gettext("Individual") if visit.is_of_one else gettext("Group meeting")
    return f"{visit.get_method_display()}, {kind}, {visit.get_reach_display()}"


def _obstacle(visit: Visit) -> str:
    return f"{visit.obstacle} → {visit.solution or visit.next_step}"


def _row(number: str, title: str, value: str | None, visits: Sequence[Visit], says: Callable[[Visit], str]) -> Row:
    """A row made of visits; it says how many of them a participant denied."""
    entries = tuple((_about_visit(one), says(one), _address("mentoring:visit", one.code, one)) for one in visits)
    shown, denied = str(len(visits)) if value is None else value, sum(map(_is_denied, visits))
    if denied:
        shown = f"{shown} · {gettext('visits denied by a participant: {count}').format(count=denied)}"
    return Row(number, gettext(title), shown, entries)


def _about_visit(visit: Visit) -> str:
    who = visit.applicant.person.name if visit.applicant else str(visit.group)
    mark = f" · {gettext('denied by a participant')}" if _is_denied(visit) else ""
    return f"{language.date(visit.visited_on, 'short')} · {who}{mark}"


def _is_denied(visit: Visit) -> bool:
    return visit.is_denied  # type: ignore[attr-defined] # annotated


def _figures(found: Facts) -> list[Row]:
    return [
        _moved("1.a", _("KPI: growth of turnover"), found, lambda one: one.turnover_idr, language.rupiah),
        _volume("1.b", _("KPI: production capacity"), found, _capacity),
        _volume("1.c", _("KPI: sales volume"), found, _sales),
        _moved("1.d", _("KPI: marketing area"), found, _area_level, lambda level: str(gettext(AREAS[level].label))),
        _kept("2.a", _("KPI: daily cash book"), found, lambda one: one.cash_book != CashBook.NONE),
        _kept("2.b", _("KPI: monthly note of profit and loss"), found, lambda one: one.profit_idr is not None),
        _moved("3", _("KPI: added workers"), found, lambda one: one.workers, str),
    ]


def _volume(number: str, title: str, found: Facts, of: Callable[[Measurement], tuple[float, str] | None]) -> Row:
    """Who went up, stayed and went down, where the first and the last known volume are in one unit."""
    known = list(_known(found, of))
    alike = [(one, before, after) for one, before, after in known if before[1].casefold() == after[1].casefold()]
    pairs = [(one, before[0], after[0]) for one, before, after in alike]
    row = _ways(number, title, pairs, [(language.amount(*old), language.amount(*new)) for _one, old, new in alike])
    if len(alike) == len(known):
        return row
    other = gettext("in another unit than before {count}").format(count=len(known) - len(alike))
    return replace(row, value=f"{row.value} · {other}")


def _capacity(one: Measurement) -> tuple[float, str] | None:
    return None if one.capacity is None else (one.capacity, one.capacity_unit)


def _sales(one: Measurement) -> tuple[float, str] | None:
    return None if one.sales_volume is None else (one.sales_volume, one.sales_unit)


def _area_level(one: Measurement) -> int | None:
    return AREAS.index(MarketingArea(one.marketing_area)) if one.marketing_area else None


def _moved(
    number: str, title: str, found: Facts, of: Callable[[Measurement], int | None], shown: Callable[[int], str]
) -> Row:
    """Who went up, stayed and went down between the first and the last measurement in which it is known."""
    known = list(_known(found, of))
    return _ways(number, title, known, [(shown(before), shown(after)) for _one, before, after in known])


def _known(found: Facts, of: Callable[[Measurement], K | None]) -> Iterator[tuple[Measurement, K, K]]:
    """The last measurement in which something is known, after what it was in the first."""
    for of_one in found.measured:
        said = [(one, known) for one in of_one if (known := of(one)) is not None]
        if len(said) > 1:
            yield said[-1][0], said[0][1], said[-1][1]


def _ways(
    number: str, title: str, pairs: Sequence[tuple[Measurement, float, float]], shown: Sequence[tuple[str, str]]
) -> Row:
    ways = [_way(before, after) for _one, before, after in pairs]
    value = " · ".join(f"{gettext(way.label)} {ways.count(way)}" for way in Direction)
    lines = (f"{gettext(way.label)}: {old} → {new}" for way, (old, new) in zip(ways, shown, strict=True))
    entries = tuple(_measured(pair[0], line) for pair, line in zip(pairs, lines, strict=True))
    return Row(number, gettext(title), value, entries)


def _way(before: float, after: float) -> Direction:
    return Direction.UP if after > before else Direction.DOWN if after < before else Direction.SAME


def _kept(number: str, title: str, found: Facts, holds: Callable[[Measurement], bool]) -> Row:
    said = [(last, gettext("yes") if holds(last) else gettext("no")) for last in _latest(found)]
    yes = sum(holds(last) for last in _latest(found))
    value = gettext("yes {yes} · no {no}").format(yes=yes, no=len(said) - yes)
    return Row(number, gettext(title), value, tuple(_measured(one, word) for one, word in said))


def _latest(found: Facts) -> list[Measurement]:
    return [of_one[-1] for of_one in found.measured]


def _cases(found: Facts) -> list[Row]:
    return [_case_row(kind, [one for one in found.problems if one.kind == kind]) for kind in ROW_PROBLEMS]


def _case_row(kind: Problem, cases: Sequence[ProblemCase]) -> Row:
    title = gettext("Problem: {kind}").format(kind=gettext(kind.label))
    entries = (
        (
            _named(one.applicant),
            f"{language.date(one.seen_on, 'short')}: {one.what}",
            _address("mentoring:problems", None, one),
        )
        for one in cases
    )
    return Row("4", title, str(len(cases)), tuple(entries))


def _sources(found: Facts) -> list[Row]:
    pictured = [one for one in found.visits if one.pictures]  # type: ignore[attr-defined] # annotated
    rounds = {one.round.code: one for of_one in found.measured for one in of_one}
    measured = tuple((str(one.round), "", _address("outcomes:round", one.round.code, one)) for one in rounds.values())
    return [
        _row("", _("Daily logbook"), None, found.visits, lambda one: one.code),
        Row("", gettext("Logbook of output"), str(len(measured)), measured),
        _row("", _("Photo documentation"), str(sum(map(_pictures, pictured))), pictured, _photos),
    ]


def _photos(visit: Visit) -> str:
    return gettext("photos: {count}").format(count=_pictures(visit))


def _pictures(visit: Visit) -> int:
    return visit.pictures  # type: ignore[attr-defined] # annotated


def _person(member: GroupMember) -> Entry:
    return _named(member.applicant), str(member.group), _address("matching:group", member.group.code, member)


def _named(applicant: Any) -> str:
    return f"{applicant.person.name} ({applicant.code})"


def _measured(one: Measurement, says: str) -> Entry:
    return _named(one.applicant), says, _address("outcomes:round", one.round.code, one)


def _address(route: str, code: str | None, row: Any) -> str:
    return reverse(route, args=[row.programme.code, *([code] if code else [])])


def stored(all_rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as they are frozen."""
    return [row.stored for row in all_rows]
