"""What pages of the verification show: who waits, whom somebody visits and in which order, what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kawasan.applicants.models import Applicant, Verification
from kawasan.applicants.rules import verification as rules
from kawasan.applicants.rules.verification import TO_VERIFY, CheckStage, CheckState, Finding, Item
from kawasan.areas.models import Place
from kawasan.core.models import User
from kawasan.core.text import Text
from kawasan.programmes.models import Programme


def due_of(applicant: Applicant) -> CheckStage | None:
    """The stage of an application that comes next."""
    return due_among(of_applicant(applicant))


def due_among(verifications: Sequence[Verification]) -> CheckStage | None:
    """The stage that comes next after all verifications of an application, given in their order."""
    last = {one.stage: one.result for one in verifications if one.state == CheckState.RECORDED}
    return rules.stage_due(last.get(CheckStage.ADMINISTRATIVE), last.get(CheckStage.FIELD))


def _last(stage: CheckStage) -> Any:
    rows = Verification.objects.recorded().filter(applicant=OuterRef("pk"), stage=stage).order_by("-pk")
    return Coalesce(Subquery(rows.values("result")[:1]), Value(""))


def with_results(programme: Programme) -> QuerySet[Any]:
    """The applications that are verified, with the last finding of each stage and whether one is to do."""
    to_do = Verification.objects.to_do().filter(applicant=OuterRef("pk"))
    return programme.applicants.filter(status__in=TO_VERIFY).annotate(
        last_papers=_last(CheckStage.ADMINISTRATIVE), last_visit=_last(CheckStage.FIELD), is_assigned=Exists(to_do)
    )


DUE = {
    CheckStage.ADMINISTRATIVE: ~Q(last_papers=Finding.CONFIRMED),
    CheckStage.FIELD: Q(last_papers=Finding.CONFIRMED) & ~Q(last_visit__in=(Finding.CONFIRMED, Finding.DIFFERS)),
}
"""As ``rules.stage_due`` says it, for the database; a test holds both together."""


def waiting_for(programme: Programme, stage: str, places: Sequence[Place] = ()) -> QuerySet[Applicant]:
    """Who waits for a stage and is given to nobody; of all places where none is named."""
    found = with_results(programme).filter(DUE[CheckStage(stage)], is_assigned=False)
    if places:
        found = found.filter(Q(person__place__in=places) | Q(person__place__parent__in=places))
    return found.select_related("person__place__parent")


def counts(programme: Programme) -> dict[str, int]:
    """How far the verification is, in one query."""
    waiting = {
        f"{stage}_{state}": Count("pk", filter=due & Q(is_assigned=is_assigned))
        for stage, due in DUE.items()
        for state, is_assigned in (("waiting", False), ("assigned", True))
    }
    is_over = ~DUE[CheckStage.ADMINISTRATIVE] & ~DUE[CheckStage.FIELD]
    return with_results(programme).aggregate(total=Count("pk"), done=Count("pk", filter=is_over), **waiting)


@dataclass(frozen=True, slots=True)
class Stop:
    """The people of one kelurahan on a way."""

    place: Place
    people: list[Verification]


def to_do_of(programme: Programme, verifier: User) -> QuerySet[Verification]:
    """What somebody has to verify."""
    found = programme.verifications.to_do().filter(verifier=verifier, applicant__status__in=TO_VERIFY)
    return found.in_full()


def route(verifications: Sequence[Verification]) -> list[Stop]:
    """The way past people: kelurahan after kelurahan by a short tour, in each by RW, RT and address."""
    by_applicant = {one.applicant_id: one for one in verifications}
    ordered = in_order_of_the_way([one.applicant for one in verifications])
    return [
        Stop(next(iter(group)).person.place, [by_applicant[one.pk] for one in group])
        for group in (list(part) for _place, part in groupby(ordered, key=lambda one: one.person.place_id))
    ]


def in_order_of_the_way(applicants: Sequence[Applicant]) -> list[Applicant]:
    """Kelurahan after kelurahan by a short tour past their centres, in each by RW, RT and address."""
    places = {one.person.place_id: one.person.place for one in applicants}
    keys = sorted(places, key=lambda key: (-places[key].latitude, places[key].longitude, key))
    way = rules.tour([(places[key].latitude, places[key].longitude) for key in keys])
    order = {keys[number]: position for position, number in enumerate(way)}
    return sorted(applicants, key=lambda one: (order[one.person.place_id], *_door(one), one.code))


def _door(applicant: Applicant) -> tuple[str, str, str]:
    """RW and RT as numbers sort them, then the street."""
    person = applicant.person
    return person.rw.zfill(5), person.rt.zfill(5), person.address


def checklist_of(verification: Verification) -> list[Item]:
    """The checklist of a verification."""
    applicant = verification.applicant
    return rules.items_of(
        verification.stage,
        has_disability=bool(applicant.person.disability),
        earlier_assistance=applicant.earlier_assistance,
        has_desil=applicant.desil is not None,
        has_disaster=bool(applicant.disaster),
    )


def of_applicant(applicant: Applicant) -> list[Verification]:
    """Every verification of an application, the first one first."""
    return list(applicant.verifications.select_related("verifier").order_by("pk"))


def told(verifications: Sequence[Verification], status: str) -> list[Text]:
    """What an applicant reads of the own verification: what came of each stage last, and what comes next."""
    last = {one.stage: one.result for one in verifications if one.state == CheckState.RECORDED}
    texts = [rules.told_of_result(stage, last[stage]) for stage in CheckStage if stage in last]
    if status not in TO_VERIFY:
        return texts
    to_do = next((one for one in verifications if one.state == CheckState.ASSIGNED), None)
    due = to_do.stage if to_do else due_among(verifications)
    return [*texts, *rules.told_of_due(due, str(to_do.verifier) if to_do else "")]


def matching(programme: Programme, wanted: dict[str, Any]) -> QuerySet[Verification]:
    """The verifications that a filter asks for."""
    found = programme.verifications.in_full().order_by(F("verified_on").desc(nulls_first=True), "-pk")
    if stage := wanted.get("stage"):
        found = found.filter(stage=stage)
    if verifier := wanted.get("verifier"):
        found = found.filter(verifier=verifier)
    if district := wanted.get("place"):
        found = found.filter(applicant__person__place=district)
    if result := wanted.get("result"):
        found = found.to_do() if result == CheckState.ASSIGNED else found.filter(result=result)
    return found
