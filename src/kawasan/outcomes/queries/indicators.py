"""Rows of the rounds for the indicators, and how many participants each round reached."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Sex
from kawasan.enterprises.models import Capacity
from kawasan.outcomes import rules
from kawasan.outcomes.models import Measurement, Round
from kawasan.outcomes.rules import Figure, Indicator, Progress, RoundStatus, Row
from kawasan.programmes.models import Field, Programme
from kawasan.selection.models import Seat
from kawasan.selection.rules import SeatStatus

COLUMNS = (
    "applicant__code", "applicant__person__name", "applicant__field__code", "applicant__person__sex", "measured_on",
    "is_working", "turnover_idr", "profit_idr", "workers", "cash_book",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table, and whether the reader may see it."""

    round: Round
    figure: Figure
    is_shown: bool


def participants(programme: Programme, *, field: str = "", sex: str = "") -> QuerySet[Applicant]:
    """The people who accepted their seat: those who are expected in every round."""
    seats = Seat.objects.participants().filter(programme=programme)
    return _chosen(Applicant.objects.filter(programme=programme, pk__in=seats.values("applicant")), field, sex)


def _chosen(people: QuerySet[Applicant], field: str, sex: str) -> QuerySet[Applicant]:
    if field:
        people = people.filter(field__code=field)
    if sex:
        people = people.filter(person__sex=sex)
    return people


def is_of(measured_in: Round) -> Q:
    """Whom a round is about: who takes part; once it is frozen, who was measured in it or took part by its day.

    Whoever leaves later stays in a frozen round, and whoever comes later is not missing in it.
    """
    takes_part = Q(seat__status=SeatStatus.ACCEPTED)
    if measured_in.status != RoundStatus.FROZEN:
        return takes_part
    return Q(measurements__round=measured_in, measurements__is_comparison=False) | (
        takes_part & Q(seat__decided_on__lte=measured_in.due_on)
    )


def people_of(measured_in: Round) -> QuerySet[Applicant]:
    """The people a round is about."""
    found = Applicant.objects.filter(is_of(measured_in), programme=measured_in.programme_id)
    return Applicant.objects.filter(pk__in=found.values("pk"))


def expected_by_round(
    programme: Programme, rounds: Sequence[Round], *, field: str = "", sex: str = ""
) -> dict[int, int]:
    """How many people each round is about."""
    people = _chosen(Applicant.objects.filter(programme=programme), field, sex)
    counts = people.aggregate(**{f"of_{one.pk}": Count("pk", distinct=True, filter=is_of(one)) for one in rounds})
    return {one.pk: counts[f"of_{one.pk}"] for one in rounds}


def is_about() -> Q:
    """The measurements of the people their round is about: all of a frozen one, else of those who take part."""
    takes_part = Q(round__status=RoundStatus.FROZEN) | Q(applicant__seat__status=SeatStatus.ACCEPTED)
    return takes_part & Q(is_comparison=False)


def rows_by_round(programme: Programme, *, field: str = "", sex: str = "") -> dict[int, list[Row]]:
    """What each round knows of the people it is about."""
    people = _chosen(Applicant.objects.filter(programme=programme), field, sex)
    measured = Measurement.objects.filter(is_about(), programme=programme, applicant__in=people)
    rows: dict[int, list[Row]] = defaultdict(list)
    for round_id, *values in measured.order_by("applicant__code").values_list("round_id", *COLUMNS):
        rows[round_id].append(Row(*values))
    return rows


def table(
    rounds: Sequence[Round],
    rows: dict[int, list[Row]],
    *,
    sees_people: bool,
    indicators: Sequence[Indicator] = rules.INDICATORS,
) -> list[tuple[Indicator, list[Cell]]]:
    """Every indicator in every round."""
    return [
        (indicator, [_cell(indicator, one, rows.get(one.pk, []), sees_people) for one in rounds])
        for indicator in indicators
    ]


def _cell(indicator: Indicator, measured_in: Round, rows: Sequence[Row], sees_people: bool) -> Cell:
    figure = rules.figure(indicator, rows)
    return Cell(measured_in, figure, rules.is_shown(figure.denominator, sees_people=sees_people))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the participants, and its figures in one round."""

    label: str
    field: str
    sex: str
    cells: list[Cell]


def breakdown(
    programme: Programme, measured_in: Round, rows: Sequence[Row], *, field: str, sex: str, sees_people: bool
) -> list[Part]:
    """A round's indicators for each field and each sex, within the field or sex that was already chosen."""
    parts = [] if field else [(str(one), one.code, sex) for one in programme.fields.all()]
    parts += [] if sex else [(one.label, field, one.value) for one in Sex]
    return [
        Part(label, field, sex, _cells_of(measured_in, rules.among(rows, field=field, sex=sex), sees_people))
        for label, field, sex in parts
    ]


def _cells_of(measured_in: Round, rows: Sequence[Row], sees_people: bool) -> list[Cell]:
    return [_cell(indicator, measured_in, rows, sees_people) for indicator in rules.INDICATORS]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row behind a number, with its codes in words."""

    code: str
    name: str
    field: Field
    sex: str
    measured_on: datetime.date
    value: float

    @classmethod
    def of(cls, row: Row, value: float, fields: Mapping[str, Field]) -> "Shown":
        return cls(row.applicant, row.name, fields[row.field], Sex(row.sex).label, row.measured_on, value)


def capacity_reported(person: Applicant, day: datetime.date) -> dict[str, Any]:
    """The one capacity that stands for a person's enterprise, as a measurement has it; several say nothing."""
    standing = Capacity.objects.on(day).filter(enterprise__owner=person).select_related("commodity")
    found = list(standing.order_by("pk")[:2])
    if len(found) != 1:
        return {}
    return {"capacity": found[0].quantity_per_month, "capacity_unit": found[0].commodity.unit}


def progress(
    rounds: Sequence[Round], rows: dict[int, list[Row]], *, expected: Mapping[int, int], today: datetime.date
) -> list[Progress]:
    """How far each round is."""
    return [
        Progress(
            name=str(one),
            due_on=one.due_on,
            is_due=one.due_on <= today,
            is_frozen=one.status == RoundStatus.FROZEN,
            expected=expected[one.pk],
            measured=len(rows.get(one.pk, [])),
        )
        for one in rounds
    ]


def people_of_round(measured_in: Round, people: QuerySet[Applicant]) -> QuerySet[Applicant]:
    """The people expected in a round, those not yet measured first."""
    measured = Measurement.objects.filter(round=measured_in, applicant=OuterRef("pk"))
    return (
        people.select_related("person", "field")
        .annotate(is_measured=Exists(measured), measured_on=Subquery(measured.values("measured_on")))
        .order_by("is_measured", F("person__name"), "pk")
    )
