"""The quotas with their words, what they count, and how far they are met."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from kawasan.core.text import Text
from kawasan.programmes.models import Field, Programme
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import (
    AND,
    COUNTED,
    PAIRED_LABELS,
    VALUE_LABELS,
    Feature,
    QuotaLine,
    counts_among,
    feature_text,
    parts_of,
)
from kawasan.selection import rules
from kawasan.selection.queries.pool import candidates
from kawasan.selection.rules import (
    OTHER_AGE,
    OTHER_AGE_LABEL,
)


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A quota on the page: its bounds beside how many there are."""

    feature: Text
    value: str
    label: str
    least: int
    most: int
    available: int
    drawn: int
    held: int
    chance: rules.Spread | None = None
    without_chance: int = 0
    certain: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nobody of the pool's people with the value can have a seat."""
        return self.most == 0 and self.available > 0

    @property
    def needs_all(self) -> bool:
        """Whether all of the pool's people with the value must have a seat."""
        return 0 < self.available == self.least

    @property
    def is_short(self) -> bool:
        """Whether the pool has fewer such people than there must be."""
        return self.available < self.least


def quotas(programme: Programme, fields: Iterable[Field]) -> list[list[Any]]:
    """The fields' bounds of seats, then the programme's quotas: rows of feature, value, least, most."""
    bounds = [[Feature.FIELD.value, field.code, field.least_seats, field.most_seats] for field in fields]
    return bounds + [[q.feature, q.value, q.least, q.most] for q in programme.quotas.all()]


def quota_state(programme: Programme) -> str:
    """Changes whenever somebody changes a quota: what a form that shows them sends back."""
    lines = [[*line.counts, *line.bounds, line.reason] for line in quota_lines(programme)]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def quota_values(
    programme: Programme, pool: Iterable[dict[str, str]], pairs: Iterable[tuple[str, str]] = ()
) -> dict[tuple[str, str], str]:
    """What a quota may count, by feature, with its words: all that are known, in the pool or in a quota already.

    Of the pairs only those that have a quota, and those asked for.
    """
    names = value_names(programme, programme.fields.order_by("code"))
    ages = [f"{least}-{most}" for least, most in rules.AGE_GROUPS]
    known = [(Feature.SEX.value, sex) for sex in ("female", "male")]
    known += [(Feature.AGE_GROUP.value, age) for age in ages]
    known += [(Feature.DISABILITY.value, answer) for answer in ("yes", "no")]
    in_pool = _count(pool, [feature.value for feature in Feature])
    met = sorted({*in_pool, *(line.counts for line in quota_lines(programme)), *pairs})
    found = sorted(dict.fromkeys([*names, *known, *met]), key=lambda pair: COUNTED.index(pair[0]))
    return {pair: value_label(names, *pair) for pair in found}


def populations(programme: Programme) -> dict[tuple[str, str], int]:
    """The inhabitants of each district of the area; nothing unless all are known, as they would give no shares."""
    districts = programme.places.filter(level="district", code__startswith=f"{programme.area_code}.")
    found = {(Feature.DISTRICT.value, place.code): place.population for place in districts}
    return {pair: people for pair, people in found.items() if people} if all(found.values()) else {}


def planned_seats(programme: Programme) -> tuple[str, dict[tuple[str, str], tuple[int, int]]]:
    """The code of the adopted plan, and the seats that it gives each field as least and most; nothing without one."""
    plan = programme.plans.filter(is_adopted=True).only("code", "result").first()
    fields = plan.result["fields"] if plan and plan.result else []
    return plan.code if plan else "", {(Feature.FIELD.value, row["code"]): (row["seats"],) * 2 for row in fields}


@dataclass(frozen=True, slots=True)
class QuotaChoice:
    """A value that a quota may count: who has it in the pool and in the population, and what that comes to."""

    counts: tuple[str, str]
    feature: Text
    label: str
    available: int
    pool_share: float | None
    population_share: float | None
    proposed: tuple[int, int] | None
    saved: QuotaLine | None

    @property
    def is_pair(self) -> bool:
        """Whether it counts those who have two values at once."""
        return AND in self.counts[0]


def quota_choices(programme: Programme, pairs: Iterable[tuple[str, str]] = ()) -> list[QuotaChoice]:
    """Every value that a quota may count, and the pairs that have a quota or are asked for."""
    pool = [candidate.features for candidate in candidates(programme)]
    in_pool, saved = _count(pool, COUNTED), {line.counts: line for line in quota_lines(programme)}
    population = populations(programme)
    inhabitants = sum(population.values())
    return [
        QuotaChoice(
            counts=pair,
            feature=feature_text(pair[0]),
            label=label,
            available=in_pool[pair],
            pool_share=in_pool[pair] / len(pool) if pool else None,
            population_share=population[pair] / inhabitants if pair in population else None,
            proposed=rules.proposed(population[pair], of=inhabitants, seats=programme.seats)
            if pair in population
            else None,
            saved=saved.get(pair),
        )
        for pair, label in quota_values(programme, pool, pairs).items()
    ]


def value_names(programme: Programme, fields: Iterable[Field]) -> dict[tuple[str, str], str]:
    """The names of fields, districts and need bands, which are rows of the programme, by feature and code."""
    names = {(Feature.FIELD.value, field.code): str(field) for field in fields}
    names |= {(Feature.NEED_BAND.value, band.code): f"{band.code} · {band}" for band in programme.need_bands.all()}
    districts = programme.places.filter(level="district").values_list("code", "name")
    return names | {(Feature.DISTRICT.value, code): name for code, name in districts}


def value_label(names: dict[tuple[str, str], str], feature: str, value: str) -> str:
    """A value of a feature as people read it, or those of a pair."""
    if AND in feature:
        first, second = (_paired_label(names, *part) for part in parts_of(feature, value))
        return f"{first}{AND}{second}"
    return names.get((feature, value)) or gettext((VALUE_LABELS | {OTHER_AGE: OTHER_AGE_LABEL}).get(value, value))


def _paired_label(names: dict[tuple[str, str], str], feature: str, value: str) -> str:
    is_answer = feature == Feature.DISABILITY and value in PAIRED_LABELS
    return gettext(PAIRED_LABELS[value]) if is_answer else value_label(names, feature, value)


def quota_rows(
    names: dict[tuple[str, str], str],
    bounds: Sequence[Sequence[Any]],
    *,
    pool: Iterable[dict[str, str]],
    drawn: Iterable[dict[str, str]] = (),
    held: Iterable[dict[str, str]] = (),
    chances: Mapping[tuple[str, str], list[float]] | None = None,
) -> list[QuotaRow]:
    """Each quota beside how many of such people are in the pool, were drawn, hold a seat now, and their chances."""
    among = list({row[0] for row in bounds})
    in_pool, were_drawn, hold = _count(pool, among), _count(drawn, among), _count(held, among)
    return [
        QuotaRow(
            feature=feature_text(feature),
            value=value,
            label=value_label(names, feature, value),
            least=least,
            most=most,
            available=in_pool[feature, value],
            drawn=were_drawn[feature, value],
            held=hold[feature, value],
            chance=rules.spread((chances or {}).get((feature, value), [])),
            without_chance=(chances or {}).get((feature, value), []).count(0.0),
            certain=(chances or {}).get((feature, value), []).count(1.0),
        )
        for feature, value, least, most in bounds
    ]


def _count(people: Iterable[dict[str, str]], among: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(counted for features in people for counted in counts_among(features, among))
