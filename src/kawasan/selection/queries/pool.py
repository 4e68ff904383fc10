"""Who may be drawn, as it is now, and of whom the draw does not decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kawasan.applicants.models import Applicant, Objection
from kawasan.applicants.queries import number_of
from kawasan.applicants.rules import Status, age_on
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Feature
from kawasan.selection.models import DrawException
from kawasan.selection.rules import (
    OTHER_AGE,
    ExceptionKind,
    age_group,
)

CANDIDATE_COLUMNS = (
    "code",
    "applied_on",
    "field__code",
    "need_band__code",
    "need_band__tickets",
    "need_band__is_guaranteed",
    "person__code",
    "person__family_card",
    "person__sex",
    "person__birth_date",
    "person__disability",
    "person__place__level",
    "person__place__code",
    "person__place__parent__code",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An eligible applicant as the draw sees them."""

    code: str
    household: str
    tickets: int
    features: dict[str, str]
    certain: bool = False


def candidates(programme: Programme) -> list[Candidate]:
    """Everybody who may be drawn. Without a family card, a person is a household of their own."""
    kinds = {code: kind for code, kind, _reason in exceptions(programme)}
    rows = programme.applicants.in_pool().order_by("code").values(*CANDIDATE_COLUMNS)
    return [
        Candidate(
            code=row["code"],
            household=f"KK {row['person__family_card']}" if row["person__family_card"] else row["person__code"],
            tickets=row["need_band__tickets"],
            features=_features(row),
            certain=row["need_band__is_guaranteed"] or kinds.get(row["code"]) == ExceptionKind.GUARANTEED,
        )
        for row in rows
        if kinds.get(row["code"]) != ExceptionKind.BARRED
    ]


def undecided(programme: Programme) -> tuple[int, int, int]:
    """What people still have to decide: applications to assess, exceptions to confirm, objections to answer."""
    waiting = Programme.objects.filter(pk=programme.pk).values_list(
        number_of(Applicant.objects.filter(status=Status.SUBMITTED)),
        number_of(DrawException.objects.waiting()),
        number_of(Objection.objects.to_answer()),
    )
    return waiting.get()


def exceptions(programme: Programme) -> list[tuple[str, str, str]]:
    """The exceptions that count: the code of an eligible applicant, guaranteed or barred, and the reason."""
    confirmed = DrawException.objects.confirmed().filter(applicant__in=programme.applicants.in_pool())
    return list(confirmed.values_list("applicant__code", "kind", "reason"))


def _features(row: dict[str, Any]) -> dict[str, str]:
    is_village = row["person__place__level"] == "village" and row["person__place__parent__code"]
    birth_date = row["person__birth_date"]
    return {
        Feature.FIELD.value: row["field__code"],
        Feature.SEX.value: row["person__sex"],
        Feature.DISTRICT.value: row["person__place__parent__code"] if is_village else row["person__place__code"],
        Feature.AGE_GROUP.value: age_group(age_on(birth_date, row["applied_on"])) if birth_date else OTHER_AGE,
        Feature.NEED_BAND.value: row["need_band__code"],
        Feature.DISABILITY.value: "yes" if row["person__disability"] else "no",
    }


def count_excepted(programme: Programme, found: Sequence[Candidate]) -> dict[str, int]:
    """Before freezing: how many are guaranteed a seat, how many are kept out, and what is not confirmed yet."""
    return {
        "guaranteed": sum(candidate.certain for candidate in found),
        "barred": sum(kind == ExceptionKind.BARRED for _code, kind, _reason in exceptions(programme)),
        "waiting": DrawException.objects.waiting().filter(programme=programme).count(),
    }
