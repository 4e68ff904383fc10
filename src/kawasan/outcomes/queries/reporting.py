"""What the records say of each participant on a reporting date, and the tables of dates that were frozen."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Sex
from kawasan.areas.rules import Level
from kawasan.assistance.models import Step
from kawasan.assistance.rules import StepKind
from kawasan.core.language import in_words
from kawasan.core.models import User
from kawasan.enterprises.models import CashEntry, Enterprise, Sighting, Worker
from kawasan.enterprises.queries import SIGNED
from kawasan.enterprises.rules import ALIVE_FOR, EnterpriseStatus, EntryKind, last_full_month
from kawasan.market.models import Contract
from kawasan.matching.models import GroupMember
from kawasan.mentoring.models import Visit
from kawasan.outcomes import rules
from kawasan.outcomes.models import Measurement, ReportingDate
from kawasan.outcomes.queries.impact import hash_of
from kawasan.outcomes.rules import (
    LABOUR_FORCE,
    WORKING,
    Definition,
    Dimension,
    Facts,
    LabourStatus,
    Line,
    MarketingArea,
    Reported,
)
from kawasan.programmes.models import Programme
from kawasan.selection.rules import SeatStatus
from kawasan.training.models import Attendance, MakeUp
from kawasan.training.rules import ATTENDED, SessionStatus, lesson_hours

TRAINED_SHARE = 0.8
WIDER = (MarketingArea.CITY, MarketingArea.PROVINCE, MarketingArea.NATIONAL, MarketingArea.INTERNATIONAL)


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom each record speaks of, as primary keys of applicants."""

    measured: dict[int, Measurement]
    trained: set[int]
    visited: set[int]
    assisted: set[int]
    reported: set[int]
    enterprise: set[int]
    alive: set[int]
    legal: set[int]
    employs: set[int]
    contract: set[int]
    turnover: dict[int, int]


def facts_on(programme: Programme, day: datetime.date) -> list[Facts]:
    """Every participant of a day, by code, with what each counts for; about 15 queries, however many there are."""
    known = _known(programme, day)
    people = _participants(programme, day)
    return [Facts(one.code, _parts(one, programme.year), _values(one.pk, known)) for one in people]


def _participants(programme: Programme, day: datetime.date) -> Iterable[Applicant]:
    """Those with a seat; of whom the day is not known took part from the start."""
    seated = Q(seat__decided_on__lte=day) | Q(seat__decided_on=None)
    return (
        programme.applicants.filter(seated, seat__status=SeatStatus.ACCEPTED)
        .select_related("person__place__parent", "field")
        .order_by("code")
    )


def _parts(one: Applicant, year: int) -> dict[str, str]:
    person, place = one.person, one.person.place
    district = place.parent if place.level == Level.VILLAGE and place.parent else place
    return {
        "sex": person.sex,
        "age": rules.age_band(person.birth_date.year if person.birth_date else None, year),
        "district": district.code,
        "field": one.field.code,
        "disability": "yes" if person.disability else "no",
    }


def _values(pk: int, known: _Known) -> dict[str, int]:
    values = {
        "measured": pk in known.measured,
        "trained": pk in known.trained,
        "visited": pk in known.visited,
        "assisted": pk in known.assisted,
        "enterprise": pk in known.enterprise,
    }
    if pk in known.measured:
        values |= _of_measurement(known.measured[pk])
    if pk in known.assisted:
        values["reported"] = pk in known.reported
    if pk in known.enterprise:
        values |= {name: pk in getattr(known, name) for name in ("alive", "legal", "employs", "contract")}
    if pk in known.alive and pk in known.enterprise:
        values["cash_book"] = pk in known.turnover
    numbers = {name: int(value) for name, value in values.items()}
    return numbers | ({"turnover": known.turnover[pk]} if numbers.get("cash_book") else {})


def _of_measurement(one: Measurement) -> dict[str, bool]:
    status = one.labour_status
    values = {"working": one.is_working, "wider_market": one.marketing_area in WIDER, "asked": status is not None}
    if status:
        values["labour_force"] = status in LABOUR_FORCE
    if status in LABOUR_FORCE:
        values["employed"] = status in WORKING
    if status in WORKING:
        values["under_employed"] = status == LabourStatus.UNDER_EMPLOYED
    return values


def _known(programme: Programme, day: datetime.date) -> _Known:
    enterprises = Enterprise.objects.filter(programme=programme, started_on__lte=day)
    enterprises = enterprises.exclude(status=EnterpriseStatus.PLANNED)
    owners = _owners(enterprises)
    return _Known(
        measured=_measured(programme, day),
        trained=_trained(programme, day),
        visited=_visited(programme, day),
        assisted=_of_steps(programme, day, StepKind.RECEIVED),
        reported=_of_steps(programme, day, StepKind.REPORTED),
        enterprise=owners,
        alive=_alive(enterprises, day),
        legal=_owners(enterprises.exclude(nib="")),
        employs=_owners(enterprises.filter(pk__in=Worker.objects.working_on(day).values("enterprise"))),
        contract=_owners(enterprises.filter(pk__in=_contracts(day).values("enterprise"))),
        turnover={pk: sold for pk, sold in _sales(programme, day).items() if pk in owners},
    )


def _owners(enterprises: Any) -> set[int]:
    return set(enterprises.order_by().values_list("owner", flat=True))


def _measured(programme: Programme, day: datetime.date) -> dict[int, Measurement]:
    """Who was measured in the last round that was due by the day."""
    last = programme.rounds.filter(due_on__lte=day).order_by("-months_after").first()
    rows = Measurement.objects.filter(round=last, is_comparison=False, measured_on__lte=day)
    return {one.applicant_id: one for one in rows}


def _trained(programme: Programme, day: datetime.date) -> set[int]:
    """Who attended enough of the hours that were held for them; what was made up elsewhere is not held twice."""
    made_up = Exists(MakeUp.objects.filter(session=OuterRef("session"), applicant=OuterRef("applicant")))
    rows = Attendance.objects.filter(programme=programme, session__status=SessionStatus.HELD)
    rows = rows.filter(session__starts_at__date__lte=day).annotate(is_made_up=made_up).order_by()
    held: dict[int, float] = defaultdict(float)
    attended: dict[int, float] = defaultdict(float)
    for pk, status, starts, ends, is_made_up in rows.values_list(
        "applicant", "status", "session__starts_at", "session__ends_at", "is_made_up"
    ):
        hours = lesson_hours(ends - starts)
        held[pk] += 0 if is_made_up else hours
        attended[pk] += hours if status in ATTENDED else 0
    return {pk for pk, hours in held.items() if hours and attended[pk] >= TRAINED_SHARE * hours}


def _visited(programme: Programme, day: datetime.date) -> set[int]:
    since = day - rules.VISITED_WITHIN
    visits = Visit.objects.filter(programme=programme, visited_on__gt=since, visited_on__lte=day)
    single = visits.exclude(applicant=None).values_list("applicant", flat=True)
    some = visits.values_list("participants", flat=True)
    whole = visits.filter(applicant=None, participants=None).exclude(group=None).values("group")
    grouped = GroupMember.objects.filter(group__in=whole).values_list("applicant", flat=True)
    return {*single, *some, *grouped}


def _of_steps(programme: Programme, day: datetime.date, kind: StepKind) -> set[int]:
    """Who got, or reported, an assistance, also as a member of the group that did."""
    steps = Step.objects.standing().filter(programme=programme, kind=kind, dated__lte=day)
    groups = GroupMember.objects.filter(group__in=steps.exclude(assistance__group=None).values("assistance__group"))
    alone = steps.filter(assistance__group=None).values_list("assistance__receiver", flat=True)
    return {*groups.values_list("applicant", flat=True), *alone}


def _alive(enterprises: Any, day: datetime.date) -> set[int]:
    """Whose enterprise sold or was seen at work in the days before."""
    between = (day - ALIVE_FOR, day)
    standing = CashEntry.objects.filter(kind=EntryKind.SALE, reverses=None, reversed_by=None, dated__range=between)
    seen = Sighting.objects.filter(seen_on__range=between)
    signs = Q(pk__in=standing.values("enterprise")) | Q(pk__in=seen.values("enterprise"))
    return _owners(enterprises.exclude(status=EnterpriseStatus.CLOSED).filter(signs))


def _contracts(day: datetime.date) -> Any:
    return Contract.objects.filter(starts_on__lte=day, ends_on__gte=day)


def _sales(programme: Programme, day: datetime.date) -> dict[int, int]:
    """Sales of the last full month of everybody who has any."""
    sales = programme.cash_entries.filter(kind=EntryKind.SALE, dated__range=last_full_month(day))
    sums = sales.order_by().values_list("enterprise__owner").annotate(sum=Sum(SIGNED))
    return {pk: sold for pk, sold in sums if sold > 0}


def people_of_date(frozen: ReportingDate) -> list[Facts]:
    """The rows of a date that was frozen."""
    return [Facts(**one) for one in frozen.people]


def hash_of_date(frozen: ReportingDate) -> str:
    """The hash of what a date holds now; it differs from the stored one when somebody changed it."""
    told = {"people": frozen.people, "parts": frozen.parts, "withheld": frozen.withheld}
    return hash_of({"reported_on": frozen.reported_on.isoformat(), **told})


def lines_of(frozen: ReportingDate, *, sees_people: bool) -> list[Line]:
    """The tables of a date: everything in the office, outside only what tells of nobody."""
    people = people_of_date(frozen)
    if sees_people:
        return rules.reported_table(people, ())
    return rules.reported_table(rules.pooled(people, frozen.parts), frozenset(frozen.withheld))


def compared(user: User) -> list[tuple[Programme, ReportingDate | None, list[Reported]]]:
    """The last numbers of every programme that somebody belongs to, as they are shown outside the office."""
    programmes = Programme.objects.filter(memberships__user=user).distinct().order_by("code")
    latest = [(one, one.reporting_dates.first()) for one in programmes]
    return [(one, frozen, _totals(frozen) if frozen else []) for one, frozen in latest]


def _totals(frozen: ReportingDate) -> list[Reported]:
    return lines_of(frozen, sees_people=False)[0].cells


def labels_of(programme: Programme) -> dict[tuple[str, str], str]:
    """What each part is called."""
    labels: dict[tuple[str, str], str] = {("sex", one.value): in_words(one.label) for one in Sex}
    labels |= {("field", one.code): str(one) for one in programme.fields.all()}
    labels |= {("district", code): name for code, name in programme.places.values_list("code", "name")}
    bands = {f"{low}-{high}": (low, high) for low, high in rules.AGE_BANDS}
    labels |= {("age", code): in_words(rules.band_label(*band)) for code, band in bands.items()}
    labels |= {("age", rules.NOT_KNOWN): gettext("Not known")}
    labels |= {("disability", "yes"): gettext("With a disability"), ("disability", "no"): gettext("Without")}
    labels |= {(dimension.value, rules.OTHERS): gettext("All others") for dimension in Dimension}
    return labels | {("", ""): gettext("All participants")}


@dataclass(frozen=True, slots=True)
class Behind:
    """A row behind a number: who it is, and what they give."""

    code: str
    name: str
    value: int


def behind(programme: Programme, found: Sequence[tuple[Facts, int]]) -> list[Behind]:
    """The rows of one page with the names of today."""
    codes = [one.code for one, _value in found]
    names = dict(programme.applicants.filter(code__in=codes).values_list("code", "person__name"))
    return [Behind(one.code, names.get(one.code, ""), value) for one, value in found]


@dataclass(frozen=True, slots=True)
class Section:
    """One table: the parts of one dimension side by side, an indicator a row."""

    dimension: str
    label: str
    heads: list[str]
    rows: list[tuple[Definition, list[tuple[str, Reported]]]]

    @property
    def has_withheld(self) -> bool:
        """Whether anything in it is withheld."""
        return any(cell.is_withheld for _definition, cells in self.rows for _head, cell in cells)


def sections(lines: Sequence[Line], labels: Mapping[tuple[str, str], str]) -> list[Section]:
    """The tables of a date, all participants first."""
    dimensions = list(dict.fromkeys(line.dimension for line in lines))
    return [_section(one, [line for line in lines if line.dimension == one], labels) for one in dimensions]


def _section(dimension: str, lines: Sequence[Line], labels: Mapping[tuple[str, str], str]) -> Section:
    names = [labels.get((dimension, line.part), line.part) for line in lines]
    columns = list(zip(names, lines, strict=True))
    rows = [
        (of, [(name, line.cells[number]) for name, line in columns]) for number, of in enumerate(rules.BY_NAME.values())
    ]
    return Section(dimension, Dimension(dimension).label if dimension else "", names, rows)
