"""What of a reporting date is withheld outside the office, given everything that was published before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kawasan.engine.disclosure import FIXED, HIDDEN, OPEN, VEILED, Release, dominated, protect
from kawasan.outcomes import rules
from kawasan.outcomes.rules import LEAST_OF_A_PART, LEAST_PEOPLE, Definition, Dimension, Facts, Measure, Spot

COST_OF_PARTICIPANTS, COST_OF_TOTAL, COST_OF_WHOLE, COST = 1000.0, 200.0, 3.0, 1.0
"""How much is lost with a count: that of the participants is known to many, others are what shares are taken of."""
MEASURED, WORKING = "measured", "working"
Kind = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The people of one reporting date, and what was withheld then; None for the one that is to be published."""

    people: Sequence[Facts]
    withheld: Collection[str] | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A statistic: which counts it adds and takes away, what it is, and whether it must be withheld anyhow."""

    plus: NDArray[np.int64]
    minus: NDArray[np.int64]
    state: int
    cost: float
    is_forced: bool
    spot: Spot | None


def withheld(people: Sequence[Facts], earlier: Sequence[Day]) -> tuple[list[str], int]:
    """The counts to withhold, and how many small ones follow from earlier dates, which nothing can help."""
    release, spots = release_of(people, earlier)
    found = protect(release, least=LEAST_PEOPLE)
    hidden = [str(spot) for spot, is_hidden in zip(spots, found.suppressed, strict=True) if is_hidden and spot]
    return sorted(hidden), int(found.exposed.sum())


def release_of(people: Sequence[Facts], earlier: Sequence[Day]) -> tuple[Release, list[Spot | None]]:
    """Everything that is published together as the engine takes it, and which count each statistic is, if any."""
    book = _Book([*earlier, Day(people, None)])
    return book.release(), [row.spot for row in book.rows]


class _Book:
    """The people of all dates as counts: one for each kind of people, date and indicator, in this order.

    Only kinds of which there is somebody are taken. An attacker who does not even know that knows less.
    """

    def __init__(self, days: Sequence[Day]) -> None:
        self.days = days
        everybody = [one for day in days for one in day.people]
        self.kinds = sorted({_kind(one) for one in everybody})
        self.at = {kind: number for number, kind in enumerate(self.kinds)}
        self.spots = list(rules.spots(everybody))
        self.masks = {spot: self._mask(*spot) for spot in self.spots}
        self.counts = [self._counts(day, of) for day in days for of in rules.COUNTED]
        self.rows = [row for number, day in enumerate(days) for row in self._rows(number, day)]

    def _mask(self, dimension: str, part: str) -> NDArray[np.int64]:
        """The kinds of a part."""
        where = list(Dimension).index(Dimension(dimension)) if dimension else None
        return np.array([k for k, kind in enumerate(self.kinds) if where is None or kind[where] == part], dtype=int)

    def _counts(self, day: Day, of: Definition) -> NDArray[np.int64]:
        counted = np.zeros(len(self.kinds), dtype=np.int64)
        for one in day.people:
            counted[self.at[_kind(one)]] += one.counts_in(of.code)
        return counted

    def _block(self, day: int, of: Definition) -> int:
        return day * len(rules.COUNTED) + rules.COUNTED.index(of)

    def _columns(self, day: int, of: Definition, spot: tuple[str, str]) -> NDArray[np.int64]:
        return self.masks[spot] + self._block(day, of) * len(self.kinds)

    def _rows(self, number: int, day: Day) -> list[_Row]:
        """Each count; of each part, who of its denominator is not counted, and who was added since the date before.

        How many of all are not counted follows from the totals, which are what a programme answers for; only of few
        people is that too much.
        """
        none = np.empty(0, dtype=np.int64)
        rows = []
        for of in rules.COUNTED:
            for part in self.spots:
                mine, spot = self._columns(number, of, part), Spot(of.code, *part)
                forced = day.withheld is None and self._is_dominated(day, spot)
                rows.append(_Row(mine, none, _state(day, spot), _cost(of, part[0]), forced, spot))
                whole = self._columns(number, rules.denominator(of), part)
                if of is not rules.PARTICIPANTS and (part[0] or _asks_few(day, of)):
                    rows.append(_Row(whole, mine, VEILED, COST, False, None))
                if of.grows and number and part[0]:
                    before = self._columns(number - 1, of, part)
                    rows.append(_Row(mine, before, HIDDEN, COST, False, None))
        return rows

    def _is_dominated(self, day: Day, spot: Spot) -> bool:
        """Whether a mean of these people would tell of the largest of them."""
        means = [of for of in rules.DEFINITIONS if of.measure == Measure.MEAN and of.of == spot.name]
        sums = [rules.behind(of, day.people, spot.dimension, spot.part) for of in means]
        return any(found and dominated(np.array([float(value) for _one, value in found])) for found in sums)

    def _within(self) -> NDArray[np.int64]:
        """Those counted are some of the denominator; who was counted stays, where that is so."""
        width = np.arange(len(self.kinds))
        pairs = []
        for number in range(len(self.days)):
            for of in rules.COUNTED:
                mine = self._block(number, of)
                if of is not rules.PARTICIPANTS:
                    pairs.append((mine, self._block(number, rules.denominator(of)), width))
                if of.grows and number:
                    before = self._block(number - 1, of)
                    pairs.append((before, mine, width[self.counts[before] <= self.counts[mine]]))
        found = [np.column_stack([k + less * width.size, k + more * width.size]) for less, more, k in pairs]
        return np.concatenate(found)

    def release(self) -> Release:
        columns = np.concatenate([np.concatenate([row.plus, row.minus]) for row in self.rows])
        sizes = [row.plus.size + row.minus.size for row in self.rows]
        signs = np.concatenate([np.repeat([1, -1], [row.plus.size, row.minus.size]) for row in self.rows])
        n = len(self.kinds) * len(self.counts)
        at = np.repeat(np.arange(len(self.rows)), sizes)
        blocks = np.repeat(np.arange(len(self.counts)), len(self.kinds))
        return Release(
            counts=np.concatenate(self.counts),
            rows=sparse.csr_array((signs, (at, columns)), shape=(len(self.rows), n)),
            state=np.array([row.state for row in self.rows]),
            cost=np.array([row.cost for row in self.rows]),
            within=self._within(),
            block=np.column_stack([blocks, blocks // len(rules.COUNTED)]),  # of one indicator, of one date
            forced=np.array([row.is_forced for row in self.rows]),
        )


def _asks_few(day: Day, of: Definition) -> bool:
    return sum(one.counts_in(rules.denominator(of).code) for one in day.people) < LEAST_OF_A_PART


def _kind(one: Facts) -> Kind:
    return tuple(one.parts[dimension] for dimension in Dimension)


def _is_known_anyhow(day: Day, name: str) -> bool:
    """Of all participants: the decree and the draw tell how many, the round's page how many were measured and work."""
    if name == WORKING:
        return sum(one.counts_in(MEASURED) for one in day.people) >= LEAST_PEOPLE
    return name in (rules.PARTICIPANTS.code, MEASURED)


def _cost(of: Definition, dimension: str) -> float:
    if of is rules.PARTICIPANTS:
        return COST_OF_PARTICIPANTS
    is_whole = any(one.of == of.code for one in rules.DEFINITIONS)
    return (COST if dimension else COST_OF_TOTAL) * (COST_OF_WHOLE if is_whole else 1.0)


def _state(day: Day, spot: Spot) -> int:
    if not spot.dimension and _is_known_anyhow(day, spot.name):
        return FIXED
    if day.withheld is None:
        return OPEN
    return HIDDEN if str(spot) in day.withheld else FIXED
