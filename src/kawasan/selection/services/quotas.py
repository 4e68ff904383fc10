"""Try quotas out on the pool as it is now, and set them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.text import Text, _
from kawasan.engine.aims import leximin_point
from kawasan.engine.cells import cells_of
from kawasan.programmes.models import Programme
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import QuotaLine, counts_among
from kawasan.programmes.services import set_quotas
from kawasan.selection import queries, rules
from kawasan.selection.services.pool import Pool, pool_now, problem_of_pool

WORTH_SAYING = 0.0005  # of a chance; a rise by less would be shown as none


@dataclass(frozen=True, slots=True)
class Outlook:
    """What quotas would do to the pool as it is now.

    reasons      what stands in the way of a draw
    spread       of everybody's chance, the best that there is: any list of panels comes near to it
    free         the same with no quota, only the seats and the household limit
    chances      everybody's chance, by value
    gains        by quota, the least chance without it, where that is higher
    relaxation   by quota, the bounds of the smallest change with which there is a draw
    """

    reasons: list[Text]
    spread: rules.Spread | None = None
    free: rules.Spread | None = None
    chances: Mapping[tuple[str, str], rules.Spread | None] = field(default_factory=dict)
    gains: Mapping[tuple[str, str], float] = field(default_factory=dict)
    relaxation: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def outlook(*, programme: Programme, lines: Sequence[QuotaLine], names: Mapping[tuple[str, str], str]) -> Outlook:
    """Try quotas out on the pool as it is now; nothing is stored. ``names`` are the words of what they count."""
    if wrong := rules.reasons_wrong_bounds(lines, names) + rules.reasons_unknown_pairs(lines, names):
        return Outlook(wrong)
    pool, seats = pool_now(programme=programme, lines=lines), programme.seats
    if pool.found is None:
        return Outlook(pool.reasons)
    if not pool.found.feasible:
        changes = {lines[one.quota].counts: (one.least, one.most) for one in pool.found.relaxation}
        free = rules.spread(_chances(pool, [], seats=seats)) if changes else None
        return Outlook(pool.reasons, free=free, relaxation=changes)
    return _outlook_of(pool, seats=seats, among=list({feature for feature, _value in names}))


def _outlook_of(pool: Pool, *, seats: int, among: Sequence[str]) -> Outlook:
    chances = _chances(pool, pool.quotas, seats=seats)
    by_value: dict[tuple[str, str], list[float]] = {}
    for candidate, chance in zip(pool.candidates, chances, strict=True):
        for counted in counts_among(candidate.features, among):
            by_value.setdefault(counted, []).append(chance)
    gains = {}
    for number, quota in enumerate(pool.quotas):
        without = min(_chances(pool, pool.quotas[:number] + pool.quotas[number + 1 :], seats=seats))
        if without > min(chances) + WORTH_SAYING:
            gains[quota[0], quota[1]] = without
    return Outlook(
        pool.reasons,
        spread=rules.spread(chances),
        free=rules.spread(_chances(pool, [], seats=seats)),
        chances={pair: rules.spread(found) for pair, found in by_value.items()},
        gains=gains,
    )


def _chances(pool: Pool, quotas: Sequence[Sequence[Any]], *, seats: int) -> list[float]:
    """Everybody's chance where chances are as equal, in proportion to tickets, as these quotas allow."""
    tickets = np.array([candidate.tickets for candidate in pool.candidates], dtype=np.int64)
    cells = cells_of(problem_of_pool(pool, quotas, seats=seats), weights=tickets, certain=pool.certain)
    return [float(chance) for chance in (leximin_point(cells) / cells.size)[cells.cell]]


@transaction.atomic
def change_quotas(*, programme: Programme, lines: Sequence[QuotaLine], seen: str, by: User | None) -> None:
    """Replace the quotas and the fields' seats, before a pool is frozen with them.

    ``seen`` is the state of the quotas that whoever changes them saw.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that nobody freezes or changes them meanwhile
    if programme.draws.standing().exists():
        raise Refused(Text(_("The pool is frozen, and its quotas with it. They can be changed once it is given up.")))
    if seen != queries.quota_state(programme):
        template = _(
            "Somebody else changed the quotas meanwhile. Your numbers are still here, beside those that are saved now; "
            "save once more to replace them."
        )
        raise Refused(Text(template))
    pairs = [line.counts for line in lines if rules.is_pair(*line.counts)]
    names = {choice.counts: choice.label for choice in queries.quota_choices(programme, pairs)}
    wrong = rules.reasons_wrong_bounds(lines, names) + rules.reasons_unknown_pairs(lines, names)
    if reasons := wrong + rules.reasons_unexplained(lines, quota_lines(programme), names):
        raise Refused(*reasons)
    set_quotas(programme=programme, lines=lines, by=by)
