"""Business ideas are handed to two people by lot, marked blind, and held together. No chance of a seat hangs on it."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import numpy as np
from django.db import transaction
from django.db.models import Q

from kawasan.applicants import rules
from kawasan.applicants.models import MARKED, Applicant, Appraisal, ViabilityScheme
from kawasan.applicants.queries import may_appraise, viability_scheme_of
from kawasan.applicants.queries.ties import tied
from kawasan.applicants.rules import BOTH, THIRD, Criterion, Status
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import randomness
from kawasan.engine.agreement import Agreement, agreement
from kawasan.programmes.models import Programme

SEED = "kawasan appraisers 1"
AGREEMENT_SEED = 1  # of the interval; the same marks give the same one


@transaction.atomic
def set_scheme(*, programme: Programme, by: User | None, **columns: int) -> ViabilityScheme:
    """Set what each criterion weighs, before the first marks are given."""
    scheme = viability_scheme_of(programme)
    for column, value in columns.items():
        setattr(scheme, column, value)
    are_given = programme.appraisals.given().exists()
    if reasons := rules.reasons_weights_fixed(total=sum(scheme.weights.values()), are_given=are_given):
        raise Refused(*reasons)
    scheme.full_clean()
    scheme.save()
    log("applicants.viability_weights_set", scheme, by=by)
    return scheme


@dataclass(slots=True)
class _Hands:
    """Who may mark ideas, how many each has, and whose ideas each must not mark."""

    appraisers: Sequence[User]
    seed: str
    load: Counter[int]
    barred: Mapping[int, set[int]]
    made: list[Appraisal] = field(default_factory=list)

    def give(self, applicant: Applicant, turns: Iterable[int], taken: set[int], on: datetime.date) -> None:
        """Hand an idea to those who have fewest, chance deciding between equals; to nobody twice."""
        for turn in turns:
            free = [one for one in self.appraisers if one.pk not in taken | self.barred.get(applicant.pk, set())]
            if not free:
                return
            chance = {one.pk: randomness.digest(self.seed, applicant.code, one.username) for one in free}
            chosen = min(free, key=lambda one: (self.load[one.pk], chance[one.pk]))
            self.load[chosen.pk] += 1
            taken.add(chosen.pk)
            self.made.append(
                Appraisal(
                    programme=applicant.programme, applicant=applicant, appraiser=chosen, turn=turn, assigned_on=on
                )
            )


@transaction.atomic
def assign(*, programme: Programme, appraisers: Sequence[User], by: User | None, on: datetime.date) -> int:
    """Hand every eligible idea that lacks somebody to people by lot, evenly; returns how many marks that asks for."""
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that a double click assigns once
    allowed = set(may_appraise(programme).values_list("pk", flat=True))
    people = [one for one in appraisers if one.pk in allowed]
    if reasons := rules.reasons_no_appraisers(len(people)):
        raise Refused(*reasons)
    ideas = list(programme.applicants.filter(status=Status.ELIGIBLE).select_related("person"))
    hands = _hands(programme, people, ideas, on)
    codes = sorted(idea.code for idea in ideas)
    by_code, had, scheme = {idea.code: idea for idea in ideas}, _had(programme), viability_scheme_of(programme)
    for row in randomness.order(hands.seed, codes, [1] * len(codes)):
        idea = by_code[codes[row]]
        idea.programme = programme
        given = had.get(idea.pk, [])
        hands.give(idea, _turns_left(given, scheme), {one.appraiser_id for one in given}, on)
    if not hands.made:
        raise Refused(
            Text(_("Every idea is in the hands of two people already, or nobody may mark those that are left."))
        )
    rows = Appraisal.objects.bulk_create(hands.made, batch_size=500)
    log("applicants.ideas_assigned", programme, by=by, rows=rows, on=on, is_written=False, marks_asked=len(rows))
    return len(rows)


def _had(programme: Programme) -> dict[int, list[Appraisal]]:
    """Whose hands each idea is in already."""
    found: dict[int, list[Appraisal]] = {}
    for one in programme.appraisals.order_by("applicant", "turn"):
        found.setdefault(one.applicant_id, []).append(one)
    return found


def _turns_left(given: Sequence[Appraisal], scheme: ViabilityScheme) -> list[int]:
    """Whom an idea lacks: of the first two, or a third one when these are too far apart."""
    taken = {one.turn for one in given}
    if free := [turn for turn in range(1, BOTH + 1) if turn not in taken]:
        return free
    marks = [one.marks for one in given if one.given_on]
    is_third_called = len(given) > BOTH
    needs_third = rules.settled(marks, scheme.weights, scheme.most_apart).needs_third
    return [THIRD] if needs_third and not is_third_called else []


def _hands(programme: Programme, people: Sequence[User], ideas: Sequence[Applicant], on: datetime.date) -> _Hands:
    keys = [one.pk for one in people]
    load = Counter(programme.appraisals.filter(appraiser__in=keys).values_list("appraiser", flat=True))
    seed = randomness.digest(SEED, programme.code, on.isoformat(), *sorted(idea.code for idea in ideas))
    return _Hands(sorted(people, key=lambda one: one.username), seed, load, _barred(programme, people, ideas))


def _barred(programme: Programme, people: Sequence[User], ideas: Sequence[Applicant]) -> dict[int, set[int]]:
    """Who must not mark an idea: whoever is tied to the application, or verifies it and so knows whose it is."""
    theirs = {one.pk: _known_to(programme, one) for one in people}
    return {idea.pk: {one for one, known in theirs.items() if idea.pk in known} for idea in ideas}


def _known_to(programme: Programme, user: User) -> set[int]:
    known = reduce(or_, tied(programme, user).values()) | Q(verifications__verifier=user)
    return set(programme.applicants.filter(known).values_list("pk", flat=True))


@transaction.atomic
def give_marks(
    *, appraisal: Appraisal, marks: Mapping[str, int], remark: str, by: User | None, on: datetime.date
) -> Appraisal:
    """Keep somebody's marks of an idea, once; when two are too far apart a third one gets the idea."""
    applicant = (
        Applicant.objects.select_for_update().select_related("person", "programme").get(pk=appraisal.applicant_id)
    )
    values = {name: marks.get(name) for name in MARKED}
    if reasons := rules.reasons_not_marked(is_given=appraisal.given_on is not None, marks=values):
        raise Refused(*reasons)
    written = {**values, "remark": remark.strip(), "given_on": on}
    if Appraisal.objects.filter(pk=appraisal.pk, given_on=None).update(**written) != 1:
        raise Refused(*rules.reasons_not_marked(is_given=True, marks=values))
    appraisal.refresh_from_db()
    log("applicants.idea_marked", appraisal, by=by, on=on)
    _call_third(applicant, by, on)
    return appraisal


def _call_third(applicant: Applicant, by: User | None, on: datetime.date) -> None:
    """Hand an idea on which two are too far apart to a third one, if there is one who may mark it."""
    programme = applicant.programme
    given = list(applicant.appraisals.order_by("turn"))
    if THIRD not in _turns_left(given, viability_scheme_of(programme)):
        return
    others = may_appraise(programme).filter(Q(appraisals__programme=programme)).distinct()
    hands = _hands(programme, list(others), [applicant], on)
    hands.give(applicant, [THIRD], {one.appraiser_id for one in given}, on)
    for made in hands.made:
        made.save()
        log("applicants.third_called", made, by=by, on=on)


def agreements(programme: Programme, scheme: ViabilityScheme) -> list[tuple[Text, Agreement]]:
    """How far the two who marked an idea without seeing one another agree, by criterion and in all."""
    given = programme.appraisals.given().filter(turn__lte=BOTH).order_by("applicant", "turn")
    by_idea: dict[int, list[dict[str, int]]] = {}
    for one in given:
        by_idea.setdefault(one.applicant_id, []).append(one.marks)
    tables = {
        criterion: np.array([_two([float(of[criterion]) for of in marks]) for marks in by_idea.values()])
        for criterion in Criterion
    }
    scores = [_two([rules.viability_score(of, scheme.weights) for of in marks]) for marks in by_idea.values()]
    if not by_idea:
        return []
    found = [
        (Text(criterion.label), agreement(table, scale="ordinal", seed=AGREEMENT_SEED))
        for criterion, table in tables.items()
    ]
    return [*found, (Text(_("The whole score")), agreement(np.array(scores), scale="interval", seed=AGREEMENT_SEED))]


def _two(marks: list[float]) -> list[float]:
    """Two marks, the missing one as no number."""
    return [*marks, *[float("nan")] * (BOTH - len(marks))]
