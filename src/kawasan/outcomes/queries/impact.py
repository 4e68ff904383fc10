"""Who was drawn and who was not, and what each answered: the rows of the comparison."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from kawasan.applicants.models import Applicant
from kawasan.core.text import Text
from kawasan.outcomes import rules
from kawasan.outcomes.models import AnalysisPlan, Measurement, Round
from kawasan.outcomes.rules import Answer
from kawasan.programmes.models import Programme
from kawasan.selection.models import Draw, Seat
from kawasan.selection.rules import DrawStatus, SeatKind, SeatStatus, pseudonym

ANSWERS = ("is_working", "hours_per_week", "turnover_idr", "profit_idr", "workers")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the frozen pool: whether drawn, what was known before, and what was answered, if anything."""

    code: str
    pseudonym: str
    is_drawn: bool
    features: dict[str, str]
    answer: Answer | None


def draw_of(programme: Programme) -> Draw | None:
    """The draw that took place."""
    return programme.draws.filter(status=DrawStatus.DRAWN).first()


def plan_of(programme: Programme) -> AnalysisPlan | None:
    """The registered plan."""
    return AnalysisPlan.objects.filter(programme=programme).select_related("round").first()


def followed_up(programme: Programme) -> int:
    """How many people were measured after the start."""
    later = Measurement.objects.filter(programme=programme, round__months_after__gt=0)
    return later.values("applicant").distinct().count()


def reasons_not_registrable(programme: Programme) -> list[Text]:
    """Why no analysis plan can be registered now."""
    return rules.reasons_not_registrable(
        is_drawn=draw_of(programme) is not None,
        is_registered=plan_of(programme) is not None,
        followed_up=followed_up(programme),
    )


def people(draw: Draw, measured_in: Round) -> list[Person]:
    """Everybody who was in the pool when seats were drawn."""
    seats = list(draw.seats_given.order_by("applicant__code").values_list("applicant__code", "kind"))
    found = answers(measured_in, [code for code, _kind in seats])
    features = {name: known for name, _household, _tickets, known in draw.pool}
    return [
        Person(code, name, kind == SeatKind.DRAWN, features[name], found.get(code))
        for code, kind in seats
        for name in [pseudonym(draw.salt, code)]
    ]


def answers(measured_in: Round, codes: Sequence[str]) -> dict[str, Answer]:
    """What these people answered in a round."""
    rows = Measurement.objects.filter(round=measured_in, applicant__code__in=codes)
    return {code: Answer(*values) for code, *values in rows.values_list("applicant__code", *ANSWERS)}


def comparison_people(measured_in: Round) -> QuerySet[Applicant]:
    """Who could have been drawn and takes no part, those not yet measured first; nobody before a draw took place."""
    measured = Measurement.objects.filter(round=measured_in, applicant=OuterRef("pk"))
    without = Q(seat__isnull=True) | ~Q(seat__status__in=(SeatStatus.ACCEPTED, SeatStatus.OFFERED))
    drawn = Draw.objects.filter(programme=measured_in.programme_id, status=DrawStatus.DRAWN)
    return (
        Applicant.objects.in_pool()
        .filter(without | Q(measurements__round=measured_in, measurements__is_comparison=True), Exists(drawn))
        .filter(programme=measured_in.programme_id)
        .select_related("person", "field")
        .annotate(is_measured=Exists(measured), measured_on=Subquery(measured.values("measured_on")))
        .order_by("is_measured", F("person__name"), "pk")
        .distinct()
    )


def answered(draw: Draw, measured_in: Round) -> tuple[int, int]:
    """How many answered in a round, of those drawn and of the others."""
    measured = Seat.objects.filter(draw=draw, applicant__measurements__round=measured_in)
    counts = measured.aggregate(
        drawn=Count("pk", filter=Q(kind=SeatKind.DRAWN)), others=Count("pk", filter=Q(kind=SeatKind.RESERVE))
    )
    return counts["drawn"], counts["others"]


def hash_of_plan(plan: AnalysisPlan) -> str:
    """SHA-256 of what the plan says, as JSON."""
    text = {
        "programme": plan.programme.code,
        "round": plan.round.code,
        "outcomes": plan.outcomes,
        "covariates": plan.covariates,
        "redraws": plan.redraws,
        "registered_on": plan.registered_on.isoformat(),
    }
    return hash_of(text)


def hash_of(value: object) -> str:
    """SHA-256 of something as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
