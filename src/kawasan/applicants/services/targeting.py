"""A sample is drawn and verified; what it says of how people are chosen decides about nobody."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, LivingCheck, LivingSample
from kawasan.applicants.queries import in_living_frame
from kawasan.applicants.rules import Chosen, GroupedBy, Status
from kawasan.applicants.services.applications import CHUNK, circumstances_of
from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.templatetags.kawasan import yes_no
from kawasan.core.text import Text
from kawasan.engine import randomness, targeting
from kawasan.engine.targeting import Difference, Targeting
from kawasan.programmes.models import Programme, RuleSet

Seats = dict[int, float]  # the share of a seat by applicant; who is not named has none


@transaction.atomic
def draw_sample(*, programme: Programme, size: int, line_idr: int, by: User | None, on: datetime.date) -> LivingSample:
    """Draw applicants at random, kecamatan by kecamatan; the seed follows from who could be drawn, not from anybody."""
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that a double click draws one
    frame = {row.code: row for row in in_living_frame(programme)}
    if reasons := rules.reasons_no_sample(people=len(frame), size=size, line_idr=line_idr):
        raise Refused(*reasons)
    code = f"S{programme.living_samples.count() + 1}"
    seed = randomness.digest(rules.SAMPLE_SEED, programme.code, code, *sorted(frame))
    made = LivingSample.objects.create(programme=programme, code=code, drawn_on=on, seed=seed, line_idr=line_idr)
    drawn = [_check(made, frame[one], people) for one, people in drawn_of(frame.values(), seed=seed, size=size)]
    LivingCheck.objects.bulk_create(drawn, batch_size=CHUNK)
    log("applicants.living_sample_drawn", made, by=by, rows=list(made.checks.all()), on=on, people=len(drawn))
    return made


def drawn_of(frame: Iterable[Applicant], *, seed: str, size: int) -> list[tuple[str, int]]:
    """The codes that a seed draws from applicants, and how many could be drawn where each is."""
    stratum_of = {row.code: stratum(row) for row in frame}
    people = Counter(stratum_of.values())
    left, codes, drawn = rules.allocation(people, size), sorted(stratum_of), []
    for row in randomness.order(seed, codes, [1] * len(codes)):
        where = stratum_of[codes[row]]
        if left[where]:
            left[where] -= 1
            drawn.append((codes[row], people[where]))
    return drawn


def stratum(applicant: Applicant) -> str:
    """The code of the kecamatan in which somebody lives."""
    place = applicant.person.place
    return (place.parent or place).code


def _check(sample: LivingSample, applicant: Applicant, people: int) -> LivingCheck:
    where = {"stratum": stratum(applicant), "stratum_people": people}
    return LivingCheck(programme=sample.programme, sample=sample, applicant=applicant, **where)


@transaction.atomic
def record_living(*, check: LivingCheck, by: User | None, on: datetime.date, **facts: Any) -> LivingCheck:
    """Keep what was seen of a household, or why nothing was; a later visit replaces it, and the log keeps both."""
    facts = {"household_size": None, "household_income_idr": None, "evidence": "", "why_not": ""} | facts
    reasons = rules.reasons_not_recorded(
        size=facts["household_size"], income_idr=facts["household_income_idr"], why_not=facts["why_not"]
    )
    if reasons:
        raise Refused(*reasons)
    for column, value in facts.items():
        setattr(check, column, value)
    check.verified_on, check.verified_by = facts.get("verified_on") or on, str(by or "")
    check.full_clean()
    check.save(update_fields=[*facts, "verified_on", "verified_by"])
    log("applicants.living_verified", check, by=by, on=on)
    return check


@dataclass(frozen=True, slots=True)
class Version:
    """A way to choose people for the seats, its name, and the seats it gives."""

    code: str
    label: Text
    seats: Seats


@dataclass(frozen=True, slots=True)
class Measured:
    """What a sample says of one way to choose: in all, against the first way, and by group."""

    version: Version
    whole: Targeting
    against_first: Difference | None
    groups: dict[GroupedBy, dict[str, Targeting]]


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody of the sample, as a way to choose treats them."""

    check: LivingCheck
    seat: float
    weight: float


def versions(
    *,
    programme: Programme,
    seats: int,
    seated: Iterable[int],
    rule_set: RuleSet | None = None,
    tried: Mapping[str, Any] | None = None,
) -> list[Version]:
    """The ways to choose people that are compared, all for so many seats; the draw too once it was held.

    ``tried`` are columns of ``rule_set`` to be changed.
    """
    columns: list[tuple[str, Text, RuleSet | None, Mapping[str, Any]]] = [
        (Chosen.SCORE, Text(Chosen.SCORE.label), None, {})
    ]
    rule_sets = list(programme.rule_sets.all())
    if rule_set and tried:
        columns.append((Chosen.TRIED, Text(Chosen.TRIED.label), rule_set, tried))
    if len(rule_sets) > 1:
        columns += [
            (f"{Chosen.RULES}-{one.pk}", Text(Chosen.RULES.label, {"number": one.number}), one, {}) for one in rule_sets
        ]
    keys, scores = _scores(programme, [_with(one, changed) if one else None for _c, _l, one, changed in columns])
    found = [
        Version(code, label, dict(zip(keys, rules.shares_of_seats(of, seats), strict=True)))
        for (code, label, _one, _changed), of in zip(columns, scores, strict=True)
    ]
    by_lot = min(1.0, seats / len(keys)) if keys else 0.0
    found.append(Version(Chosen.LOT, Text(Chosen.LOT.label), dict.fromkeys(keys, by_lot)))
    drawn = dict.fromkeys(seated, 1.0)
    return [*([Version(Chosen.SEATED, Text(Chosen.SEATED.label), drawn)] if drawn else []), *found]


def _with(rule_set: RuleSet, changed: Mapping[str, Any]) -> RuleSet:
    """A rule set that is not stored, with columns changed."""
    other = copy(rule_set)
    for column, value in changed.items():
        setattr(other, column, value)
    return other


def _scores(programme: Programme, by: Sequence[RuleSet | None]) -> tuple[list[int], list[list[float]]]:
    """The need scores of the eligible by each rule set, or as they stand where none is given."""
    keys: list[int] = []
    scores: list[list[float]] = [[] for _one in by]
    for applicant in _eligible(programme, needs_answers=any(by)):
        keys.append(applicant.pk)
        for of, rule_set in zip(scores, by, strict=True):
            of.append(_score(applicant, rule_set))
    return keys, scores


def _eligible(programme: Programme, *, needs_answers: bool) -> Iterator[Applicant]:
    eligible = programme.applicants.filter(status=Status.ELIGIBLE).order_by("code")
    rows = eligible.select_related("person__place") if needs_answers else eligible.only("programme", "need_score")
    return rows.iterator(chunk_size=CHUNK)


def _score(applicant: Applicant, rule_set: RuleSet | None) -> float:
    if rule_set is None:
        return applicant.need_score or 0.0
    return rules.need_score(rules.need_parts(circumstances_of(applicant), rule_set))


def verified_of(sample: LivingSample) -> list[LivingCheck]:
    """The people of a sample whose living is known."""
    return list(sample.checks.verified().select_related("sample", "applicant__person__place__parent"))


def sample_rows(checks: Sequence[LivingCheck], seats: Seats) -> list[Row]:
    """Verified people with the seat that a way to choose gives, and for how many each stands."""
    found = Counter(check.stratum for check in checks)
    return [
        Row(check, seats.get(check.applicant_id, 0.0), check.stratum_people / found[check.stratum]) for check in checks
    ]


def measured(*, checks: Sequence[LivingCheck], ways: Sequence[Version]) -> list[Measured]:
    """What verified people say of each way to choose; nothing until there is one."""
    if not checks:
        return []
    tables = [sample_rows(checks, way.seats) for way in ways]
    fixed = _fixed(tables[0])
    seats = [np.array([row.seat for row in rows]) for rows in tables]
    return [
        Measured(
            way,
            targeting.measure(of, least=rules.LEAST_FOR_FIGURE, **fixed),
            targeting.compare(seats[0], of, least=rules.LEAST_FOR_FIGURE, **fixed) if number else None,
            _by_group(tables[0], of, fixed),
        )
        for number, (way, of) in enumerate(zip(ways, seats, strict=True))
    ]


def _fixed(rows: Sequence[Row]) -> dict[str, Any]:
    """What is the same whoever is chosen: need, weights and strata."""
    strata = sorted({row.check.stratum for row in rows})
    return {
        "in_need": np.array([bool(row.check.is_in_need) for row in rows]),
        "weight": np.array([row.weight for row in rows]),
        "stratum": np.array([strata.index(row.check.stratum) for row in rows]),
    }


def group_of(check: LivingCheck, grouped: GroupedBy) -> str:
    """The group of somebody of the sample, in words."""
    person = check.applicant.person
    if grouped == GroupedBy.SEX:
        return str(person.get_sex_display())
    if grouped == GroupedBy.DISTRICT:
        return (person.place.parent or person.place).name
    return yes_no(bool(person.disability))


def _by_group(rows: Sequence[Row], seats: Any, fixed: dict[str, Any]) -> dict[GroupedBy, dict[str, Targeting]]:
    found: dict[GroupedBy, dict[str, Targeting]] = {}
    for by in GroupedBy:
        names = [group_of(row.check, by) for row in rows]
        found[by] = {
            name: targeting.measure(
                seats,
                member=np.array([one == name for one in names]),
                least=rules.LEAST_FOR_FIGURE,
                **fixed,
            )
            for name in sorted(set(names))
        }
    return found


def label_of(version: Version) -> str:
    """A way to choose, in the reader's language."""
    return in_words(version.label)
