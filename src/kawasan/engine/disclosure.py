"""Which counts must be withheld so that nobody can work out a small one from everything that is published together.

A count of a few people is withheld (primary suppression), and others beside it, until all that is published fits people
of whom there are none in the small cell as well as ``least`` or more (secondary suppression). For both a complete other
population is found that gives every published number: a proof, not an estimate. What was published before stays known
to the attacker, and so does what everybody knows: that those who work are some of those measured.

Hundepool, Domingo-Ferrer, Franconi, Giessing, Schulte Nordholt, Spicer and de Wolf (2012), Statistical Disclosure
Control, chapter 4; the attacker's two programmes are those of Fischetti and Salazar González (2000), Journal of the
American Statistical Association 95, 916-928; cells are chosen one small cell at a time, by the least that must change
(Kelly, Golden and Assad 1992, Networks 22, 397-417), here over people rather than cells, so that linked tables are one.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError
from kawasan.engine.solver import LinearProgram, Solver

OPEN, FIXED = 0, 1  # may be published; was published before
HIDDEN, VEILED = 2, 3  # is never published, and must not be told: whether it is small; how many exactly
GOOD_ENOUGH = 0.05  # any other population is a proof; one that withholds a little less is not worth minutes
MOST_NODES = 2_000
EXACT = 1e-6  # people

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Matrix: TypeAlias = Any  # scipy.sparse.csr_array, whose types say neither its numbers nor its shape
Cell = tuple[tuple[int, ...], tuple[int, ...]]  # axes of a table, and the place in it


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What is to be published: m statistics, each a sum or difference of n counts of people that nobody else knows.

    counts : shape (n,), whole, people of each kind, e.g. of each sex, age and answer
    rows : shape (m, n), sparse, whole; statistic j is ``rows[j] @ counts``
    state : shape (m,), OPEN, FIXED, HIDDEN or VEILED
    cost : shape (m,), above 0, what is lost per person by which a withheld statistic may differ
    within : shape (q, 2), pairs (a, b) of which everybody knows that ``counts[a] <= counts[b]``
    block : shape (n, levels), counts of one number vary together first, level by level, then all; of a statistic it is
        those of its highest number
    forced : shape (m,), statistics to withhold for another reason than few people, e.g. ``dominated``
    """

    counts: Ints
    rows: Matrix
    state: Ints
    cost: NDArray[np.float64]
    within: Ints
    block: Ints
    forced: Mask

    @property
    def values(self) -> Ints:
        """The statistics as they are, shape (m,)."""
        return np.asarray(self.rows @ self.counts, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Protection:
    """What is withheld, and why that is enough.

    suppressed : shape (m,), statistics that are not published
    primary : shape (m,), those that are small or forced; the other suppressed ones only protect them
    exposed : shape (m,), primary ones that what was published before tells already: nothing withheld now helps
    others : shape (w, n), other populations with the same published statistics; every suppressed one differs in one of
        them, and every small one that is not exposed is 0 in one and ``least`` or more in another; of a VEILED one it
        is enough that it differs by one or more in one of them. Whole numbers where
        one block had to differ; where several had to, the corner of a linear programme, mostly whole too
    """

    suppressed: Mask
    primary: Mask
    exposed: Mask
    others: NDArray[np.float64]


def margins(shape: Sequence[int], tables: Sequence[tuple[int, ...]]) -> tuple[Matrix, list[Cell]]:
    """The cells of tables as sums of a cube of counts of ``shape``, flattened; a table is its axes, () the total.

    Returns rows, shape (cells, product of shape), and each cell's table and place. Raises ``InvalidInputError`` for an
    axis that the cube has not.
    """
    if any(axis not in range(len(shape)) for table in tables for axis in table):
        raise InvalidInputError("A table has an axis that the cube has not.")
    places = np.indices(shape).reshape(len(shape), -1)
    kinds = int(np.prod(shape, dtype=np.int64))
    blocks, cells = [], []
    for table in tables:
        sizes = [shape[axis] for axis in table]
        number = np.zeros(kinds, dtype=np.int64)
        for axis in table:
            number = number * shape[axis] + places[axis]
        height = int(np.prod(sizes, dtype=np.int64))
        blocks.append(sparse.csr_array((np.ones(kinds, np.int64), (number, np.arange(kinds))), shape=(height, kinds)))
        cells += [(table, place) for place in itertools.product(*map(range, sizes))]
    return sparse.csr_array(sparse.vstack(blocks)), cells


def dominated(contributions: NDArray[np.float64], *, percent: float = 10.0) -> bool:
    """Whether the second largest of those who make a sum could tell the largest one to within ``percent`` of it.

    ``contributions`` : shape (people,), not negative. The p% rule (Hundepool and others 2012, section 4.2.1). Raises
    ``InvalidInputError`` for negative contributions, which the rule does not know.
    """
    if (contributions < 0).any():
        raise InvalidInputError("The rule of dominance is for contributions that are not negative.")
    ordered = np.sort(contributions)[::-1]
    return bool(ordered.size and ordered[2:].sum() < ordered[0] * percent / 100)


def protect(release: Release, *, least: int = 5) -> Protection:
    """Withhold what tells of fewer than ``least`` people, and what else is needed so that it cannot be worked out.

    A statistic of 0 is published as 0: it tells of nobody. A small one (1 to ``least`` - 1, OPEN or HIDDEN) could be
    0 and could be ``least`` or more for all that is known; a forced one could be one less and one more, a small VEILED
    one less or more. The answer is safe and mostly small, not proven the smallest. Raises ``InvalidInputError`` for a
    release that is not well formed.
    """
    _check(release, least)
    search = _Search(release, least)
    for row in np.flatnonzero(search.primary):
        search.protect(int(row))
    others = np.array(search.others, dtype=float).reshape(-1, release.counts.size)
    return Protection(search.suppressed, search.primary, search.exposed, others)


def attack(release: Release, suppressed: Mask, targets: Sequence[int]) -> NDArray[np.float64]:
    """What an attacker knows of some statistics: the least and the most that each can be, shape (targets, 2).

    The attacker knows every statistic that is FIXED, or OPEN and not ``suppressed``, that counts are not negative, and
    ``within``; two linear programmes each. The most is infinite where nothing limits it.
    """
    free = np.arange(release.counts.size)
    known = (release.state == FIXED) | ((release.state == OPEN) & ~suppressed)
    found = np.empty((len(targets), 2))
    limit = float(release.counts.sum()) * 2 + 1
    for i, target in enumerate(targets):
        row = np.asarray(release.rows[[target]].todense(), dtype=float).ravel()
        for side, sign in enumerate((-1.0, 1.0)):
            best = Solver(_attacker(release, free, known, sign * row, limit)).solve().objective
            found[i, side] = sign * best if abs(best) < limit else sign * np.inf
    return found


def _attacker(release: Release, free: Ints, known: Mask, objective: NDArray[np.float64], limit: float) -> LinearProgram:
    rows = sparse.coo_array(sparse.vstack([release.rows[known], _order(release.within, free.size)]))
    values = release.values[known].astype(float)
    least, zeros = np.full(len(release.within), -np.inf), np.zeros(len(release.within))
    return LinearProgram(
        objective=objective,
        lower=np.zeros(free.size),
        upper=np.full(free.size, limit),
        row_lower=np.concatenate([values, least]),
        row_upper=np.concatenate([values, zeros]),
        row=rows.row.astype(np.int64),
        column=rows.col.astype(np.int64),
        value=rows.data.astype(float),
    )


def _order(within: Ints, n: int) -> Matrix:
    """Rows that are at most 0: the smaller count less the larger."""
    q = len(within)
    at, columns = np.tile(np.arange(q), 2), np.concatenate([within[:, 0], within[:, 1]])
    return sparse.csr_array((np.repeat([1, -1], q), (at, columns)), shape=(q, n))


class _Search:
    """Finds other populations, one small statistic after the other, and withholds where they differ."""

    def __init__(self, release: Release, least: int) -> None:
        self.release, self.least, self.values = release, least, release.values
        small = (self.values > 0) & (self.values < least)
        self.primary: Mask = (small | release.forced) & (release.state != FIXED)
        self.suppressed: Mask = self.primary & (release.state == OPEN)
        self.exposed: Mask = np.zeros(self.values.size, bool)
        self.others: list[NDArray[np.float64]] = []
        self._seen: list[NDArray[np.float64]] = []  # the statistics of the other populations
        self._small = small
        self._order = _order(release.within, release.counts.size)
        self._columns = release.rows.tocsc()

    def protect(self, row: int) -> None:
        value = int(self.values[row])
        is_veiled = self.release.state[row] == VEILED
        low, high = (0, self.least) if self._small[row] and not is_veiled else (value - 1, value + 1)
        sides = ((low, -1), (high, 1))
        if is_veiled and any(self._is_seen(row, *side) for side in sides):
            return
        found = (self._is_seen(row, *side) or self._find(row, *side) for side in sides)
        self.exposed[row] = not (any(found) if is_veiled else all([*found]))

    def _is_seen(self, row: int, target: int, sign: int) -> bool:
        return any(sign * (seen[row] - target) >= -EXACT for seen in self._seen)

    def _find(self, row: int, target: int, sign: int) -> bool:
        """Look first among populations that differ in one block alone, which is quick, at last among all."""
        everything = np.arange(self.release.counts.size)
        blocks = [np.flatnonzero(level == level[self._used(row)].max()) for level in self.release.block.T]
        for number, free in enumerate([*blocks, everything]):
            try:
                program = self._program(row, target, sign, free, is_whole=number == 0)
                found = Solver(program, gap=GOOD_ENOUGH, most_nodes=MOST_NODES).solve()
            except InfeasibleError:
                continue
            other = self.release.counts.astype(float)
            other[free] = found.values[: free.size]
            near = np.rint(other)
            self._take(np.where(np.abs(other - near) < EXACT, near, other), row, target, sign)
            return True
        return False

    def _used(self, row: int) -> Ints:
        used: Ints = self.release.rows[[row]].indices
        return used

    def _take(self, other: NDArray[np.float64], row: int, target: int, sign: int) -> None:
        seen = np.asarray(self.release.rows @ other, dtype=float)
        differs = np.abs(seen - self.values) > EXACT
        is_ordered = (self._order @ other <= EXACT).all() and (other >= -EXACT).all()
        is_there = sign * (seen[row] - target) >= -EXACT
        if differs[self.release.state == FIXED].any() or not is_there or not is_ordered:
            raise EngineError("HiGHS gave a population that is none.")
        self.suppressed |= differs & (self.release.state == OPEN)
        self.others.append(other)
        self._seen.append(seen)

    def _program(self, row: int, target: int, sign: int, free: Ints, *, is_whole: bool) -> LinearProgram:
        """The other population that changes the least of what is still published: one count of ``change`` for each."""
        release, n = self.release, free.size
        mine = self._columns[:, free].tocsr()
        touched = np.diff(mine.indptr) > 0
        fixed = np.flatnonzero(touched & (release.state == FIXED))
        shown = np.flatnonzero(touched & (release.state == OPEN) & ~self.suppressed)
        here = np.asarray(mine @ release.counts[free], dtype=float)
        goal = here[row] + target - self.values[row]
        order, room = self._order_among(free)
        change = sparse.eye_array(shown.size, dtype=np.int64)
        blank = [sparse.csr_array((size, shown.size), dtype=np.int64) for size in (fixed.size, order.shape[0], 1)]
        matrix = sparse.coo_array(
            sparse.block_array(
                [
                    [mine[fixed], blank[0]],
                    [mine[shown], change],
                    [mine[shown], -change],
                    [order, blank[1]],
                    [mine[[row]], blank[2]],
                ]
            )
        )
        endless = np.full(max(shown.size, room.size), np.inf)
        limit = float(release.counts.sum()) + self.least
        return LinearProgram(
            objective=np.concatenate([np.zeros(n), -release.cost[shown]]),
            lower=np.zeros(n + shown.size),
            upper=np.full(n + shown.size, limit),
            row_lower=np.concatenate(
                [
                    here[fixed],
                    here[shown],
                    -endless[: shown.size],
                    -endless[: room.size],
                    [goal if sign > 0 else -np.inf],
                ]
            ),
            row_upper=np.concatenate(
                [here[fixed], endless[: shown.size], here[shown], room, [goal if sign < 0 else np.inf]]
            ),
            row=matrix.row.astype(np.int64),
            column=matrix.col.astype(np.int64),
            value=matrix.data.astype(float),
            is_integer=np.arange(n + shown.size) < n if is_whole else None,
        )

    def _order_among(self, free: Ints) -> tuple[Matrix, NDArray[np.float64]]:
        """The known order of the free counts, and the room that those that stay leave them."""
        is_free = np.zeros(self.release.counts.size, bool)
        is_free[free] = True
        touched = np.flatnonzero(is_free[self.release.within].any(axis=1))
        stays = np.where(is_free, 0, self.release.counts)
        room = -np.asarray(self._order[touched] @ stays, dtype=float)
        return self._order[touched][:, free], room


def _check(release: Release, least: int) -> None:
    m, n = release.rows.shape
    if release.counts.shape != (n,) or release.block.shape[:1] != (n,) or release.block.ndim != 2:
        raise InvalidInputError("Counts and blocks must be as many as the columns of the rows.")
    if not release.state.shape == release.cost.shape == release.forced.shape == (m,):
        raise InvalidInputError("State, cost and what is forced must be said of every row.")
    if (release.counts < 0).any() or not (release.cost > 0).all() or least < 2:
        raise InvalidInputError("Counts are not negative, costs above 0, and the least count to publish is 2 or more.")
    if release.within.size and (release.counts[release.within[:, 0]] > release.counts[release.within[:, 1]]).any():
        raise InvalidInputError("What is known to hold must hold of the counts.")
