"""Draws a frozen pool again, as chance could have had it: what a test of the programme's effect compares with."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError

Counts = NDArray[np.int64]
Drawn = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Redraws:
    """What chance could have drawn from a frozen pool.

    names : (people) pseudonyms, as in the pool
    chance : (people) chance of a seat, counted from the list of panels
    drawn : (times, people) who has a seat in each redraw
    """

    names: tuple[str, ...]
    chance: NDArray[np.float64]
    drawn: Drawn


def redraws(frozen: dict[str, Any], *, times: int, seed: int) -> Redraws:
    """Draw ``times`` times from what a certificate calls ``frozen``: a panel of the list, then its people.

    The steps are those of ``certificate.draw``, with pseudo-random numbers in place of SHA-256, so that a thousand
    take about a second. Raises InvalidInputError for less than one redraw.
    """
    if times < 1:
        raise InvalidInputError("times must be at least 1")
    random = np.random.default_rng(seed)
    cell_of = np.array([cell for _name, cell, _household in frozen["pool"]], dtype=np.int64)
    seats = _seats(frozen)
    panels = random.integers(len(seats), size=times)
    drawn = np.zeros((times, len(cell_of)), dtype=bool)
    alone = np.array([not cell["kind"] for cell in frozen["cells"]])[cell_of]
    drawn[:, alone] = _first_of_cells(cell_of[alone], seats[panels], random)
    for kind, households in _households(frozen).items():
        of_kind = np.array([cell["kind"] == kind for cell in frozen["cells"]])
        for row, panel in zip(drawn, panels, strict=True):
            row[list(_dealt(np.repeat(np.arange(len(of_kind)), seats[panel] * of_kind), households, random))] = True
    size = np.bincount(cell_of, minlength=seats.shape[1])
    chance = seats.mean(axis=0)[cell_of] / size[cell_of]
    return Redraws(tuple(name for name, _cell, _household in frozen["pool"]), chance, drawn)


def _seats(frozen: dict[str, Any]) -> Counts:
    """Return (panels, cells): how many people of each cell a panel seats."""
    seats = np.zeros((len(frozen["panels"]), len(frozen["cells"])), dtype=np.int64)
    for row, panel in zip(seats, frozen["panels"], strict=True):
        for cell, number in panel:
            row[cell] = number
    return seats


def _first_of_cells(cell_of: Counts, seats: Counts, random: np.random.Generator) -> Drawn:
    """Return (times, people): in each cell as many people as it has seats, every choice of them alike."""
    order = np.argsort(cell_of + random.random((len(seats), len(cell_of))), axis=1)
    standing = cell_of[np.argsort(cell_of, kind="stable")]  # the same in every row: only people of a cell change places
    place = np.arange(len(cell_of)) - np.searchsorted(standing, standing)
    drawn = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(drawn, order, place < seats[:, standing], axis=1)
    return drawn


def _households(frozen: dict[str, Any]) -> dict[int, list[dict[int, list[int]]]]:
    """Return, per kind, its households: per cell the rows of their members in the pool."""
    kinds: dict[int, dict[int, dict[int, list[int]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row, (_name, cell, household) in enumerate(frozen["pool"]):
        if kind := frozen["cells"][cell]["kind"]:
            kinds[kind][household][cell].append(row)
    return {kind: list(households.values()) for kind, households in kinds.items()}


def _dealt(
    seats: Sequence[int] | Counts, households: Sequence[dict[int, list[int]]], random: np.random.Generator
) -> Iterator[int]:
    """Yield the rows of those seated: seats go to one household after the other, in an order of chance."""
    order = random.permutation(len(households))
    wanted: dict[tuple[int, int], int] = defaultdict(int)
    for turn, cell in enumerate(seats):
        wanted[int(order[turn % len(order)]), int(cell)] += 1
    for (household, cell), number in wanted.items():
        members = households[household].get(cell, [])
        yield from islice((members[at] for at in random.permutation(len(members))), number)
