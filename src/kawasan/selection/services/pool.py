"""The pool as it would be frozen now, and everything that speaks against freezing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kawasan.core.text import Text
from kawasan.engine import lottery
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import AND, Feature, QuotaLine, counts_among, feature_text, rule_set_on
from kawasan.selection import queries, rules
from kawasan.selection.queries import Candidate
from kawasan.selection.rules import Bound


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool as it would be frozen now, everything that speaks against freezing it, and the names of values."""

    candidates: list[Candidate]
    quotas: list[list[Any]]
    names: dict[tuple[str, str], str]
    most_per_household: int
    reasons: list[Text]
    found: lottery.Feasibility | None = None  # nothing where there is no pool to look at

    @property
    def certain(self) -> list[int]:
        """The row numbers of those who are guaranteed a seat."""
        return [row for row, candidate in enumerate(self.candidates) if candidate.certain]


def pool_now(*, programme: Programme, lines: Iterable[QuotaLine] | None = None) -> Pool:
    """Look at the eligible applicants and the quotas, saved or tried out; say what stands in the way of a draw."""
    found, fields = queries.candidates(programme), list(programme.fields.order_by("code"))
    quotas, names = queries.quotas(programme, fields), queries.value_names(programme, fields)
    if lines is not None:
        quotas = [[*line.counts, *line.bounds] for line in lines]
    rule_set = rule_set_on(programme.rule_sets.all(), today(programme))
    unassessed, unconfirmed, unanswered = queries.undecided(programme)
    reasons = rules.reasons_not_ready(eligible=len(found), unassessed=unassessed, has_rule_set=rule_set is not None)
    reasons += [*rules.reasons_unconfirmed(unconfirmed), *rules.reasons_unanswered(unanswered)]
    if rule_set is None or not found:
        return Pool(found, quotas, names, 1, reasons)
    pool = Pool(found, quotas, names, rule_set.most_per_household, reasons)
    feasibility = lottery.check(problem_of_pool(pool, quotas, seats=programme.seats), certain=pool.certain)
    reasons += _reasons_infeasible(pool, feasibility, seats=programme.seats)
    return replace(pool, found=feasibility)


def problem_of_rows(
    rows: Sequence[Sequence[Any]], quotas: Sequence[Sequence[Any]], *, seats: int, most_per_household: int
) -> lottery.Problem:
    """Number the values of every feature and the households, as the engine wants them; a counted pair is a feature."""
    names = [feature.value for feature in Feature] + sorted({quota[0] for quota in quotas if AND in quota[0]})
    counted = [counts_among(row[3], names) for row in rows]
    values = {one for of_row in counted for one in of_row} | {(quota[0], quota[1]) for quota in quotas}
    number = {one: index for index, one in enumerate(sorted(values))}
    known: dict[str, int] = {}
    households = [known.setdefault(row[1], len(known)) for row in rows]
    return lottery.Problem(
        features=np.array([[number[one] for one in of_row] for of_row in counted], dtype=np.int64),
        quotas=[lottery.Quota(names.index(q[0]), number[q[0], q[1]], q[2], q[3]) for q in quotas],
        seats=seats,
        households=np.array(households, dtype=np.int64),
        most_per_household=most_per_household,
    )


def problem_of_pool(pool: Pool, quotas: Sequence[Sequence[Any]], *, seats: int) -> lottery.Problem:
    rows = [["", candidate.household, candidate.tickets, candidate.features] for candidate in pool.candidates]
    return problem_of_rows(rows, quotas, seats=seats, most_per_household=pool.most_per_household)


def _reasons_infeasible(pool: Pool, found: lottery.Feasibility, *, seats: int) -> list[Text]:
    if found.feasible:
        return []
    shown = queries.quota_rows(pool.names, pool.quotas, pool=[one.features for one in pool.candidates])

    def bound(number: int, least: int, most: int) -> Bound:
        return Bound(feature_text(pool.quotas[number][0]), shown[number].label, least, most, shown[number].available)

    if found.excess:
        return rules.reasons_too_certain(
            certain=len(pool.certain),
            beyond_seats=found.excess.seats,
            quotas=[(bound(number, *pool.quotas[number][2:]), taken) for number, taken in found.excess.quotas],
            households=found.excess.households,
            seats=seats,
            most_per_household=pool.most_per_household,
        )
    return rules.reasons_infeasible(
        conflict=[bound(number, *pool.quotas[number][2:]) for number in found.conflict],
        is_smallest=found.is_smallest,
        relaxation=[bound(change.quota, change.least, change.most) for change in found.relaxation],
        seats=seats,
        most_seats=found.most_seats,
        most_per_household=pool.most_per_household,
    )
