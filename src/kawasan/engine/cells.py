"""People who can be exchanged without anybody noticing, as numbers of people and rows over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.lottery import Problem, Quota, are_whole

Whole = NDArray[np.integer[Any]]

_MOST_ROOM = 2**62  # numbers of rows stay below it, so that they fit into 64 bits


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """People who can be exchanged without anybody noticing, and what a panel must satisfy in numbers of them.

    cell      shape (n,): each person's cell. Two people share one if they count towards the same quotas, have the same
              weight, are both guaranteed or both not, and their households have such members in the same numbers
    size      shape (c,): people of each cell
    weight    shape (c,): weight of each of them
    certain   shape (c,), bool: each of them has a seat in every panel
    matrix    shape (r, c): seats that one person of a cell counts in a row. Row 0 is the seats, then come the quotas,
              then the kinds of household with more members than may be seated
    lower, upper  shape (r,): bounds of each row, in seats
    """

    cell: NDArray[np.int64]
    size: NDArray[np.float64]
    weight: NDArray[np.float64]
    certain: NDArray[np.bool_]
    matrix: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def cells_of(problem: Problem, *, weights: NDArray[np.int64] | None = None, certain: Sequence[int] = ()) -> Cells:
    """Group people who can be exchanged, and write the quotas and the household limit for the groups.

    Households of one kind (the same members, told apart only by what counts) share their chances, so a row a kind
    says all: a panel that seats at most ``households * limit`` of a kind can be spread over its households.

    Raises          InvalidInputError — as in ``leximin``
    """
    people = len(problem.households)
    weight = np.ones(people, dtype=np.int64) if weights is None else np.asarray(weights, dtype=np.int64)
    if weights is not None and not are_whole(np.asarray(weights)):
        raise InvalidInputError("Weights are whole numbers.")
    if weight.shape != (people,) or (weight < 1).any():
        raise InvalidInputError("Everybody needs a weight of at least 1.")
    if np.asarray(certain).dtype == np.bool_:
        raise InvalidInputError("Who is certain is said by row numbers; of a mask, give numpy.flatnonzero(mask).")
    if not set(certain) <= set(range(people)):
        raise InvalidInputError("Only people in the pool can be certain of a seat.")
    sure = np.zeros(people, dtype=np.int64)
    sure[list(certain)] = 1
    counts: list[Whole] = [weight, sure, *(_counted(problem, quota) for quota in problem.quotas)]
    kind, households = _household_kinds(problem, _alike(counts))
    columns: list[Whole] = [kind, *counts]
    cell = _alike(columns)
    _, first, size = np.unique(cell, return_index=True, return_counts=True)
    unique = np.column_stack([column[first] for column in columns])
    limited = np.flatnonzero(households)
    return Cells(
        cell=cell,
        size=size.astype(np.float64),
        weight=unique[:, 1].astype(np.float64),
        certain=unique[:, 2] == 1,
        matrix=np.vstack([np.ones(len(unique)), unique[:, 3:].T, unique[:, 0] == limited[:, None]]).astype(np.float64),
        lower=np.array([problem.seats, *(q.least for q in problem.quotas), *[0] * len(limited)], dtype=np.float64),
        upper=np.array(
            [problem.seats, *(q.most for q in problem.quotas), *households[limited] * problem.most_per_household],
            dtype=np.float64,
        ),
    )


def _counted(problem: Problem, quota: Quota) -> NDArray[np.int8]:
    return np.asarray(problem.features[:, quota.feature] == quota.value, dtype=np.int8)


def _alike(columns: Sequence[Whole]) -> NDArray[np.int64]:
    """Number rows by their place among the different rows in dictionary order, alike for rows that are alike.

    As numpy's ``unique`` of rows, which compares them as bytes and takes minutes for a million.
    """
    number = np.zeros(len(columns[0]), dtype=np.int64)
    room = 1  # more than any number so far
    for column in columns:
        if int(column.max()) - int(column.min()) >= len(column):
            column = np.unique(column, return_inverse=True)[1]
        least = int(column.min())
        span = int(column.max()) - least + 1
        if room > _MOST_ROOM // span:
            found, number = np.unique(number, return_inverse=True)
            room = len(found)
        number = number * span + (column - least)
        room *= span
    return np.unique(number, return_inverse=True)[1]


def _household_kinds(
    problem: Problem, kind_of_person: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each person's kind of household (0: all members may be seated), and the households of each kind."""
    order = np.lexsort((kind_of_person, problem.households))
    _, first, size = np.unique(problem.households[order], return_index=True, return_counts=True)
    kinds: dict[tuple[int, ...], int] = {}
    kind = np.zeros(len(order), dtype=np.int64)
    number = [0]
    for start, members in zip(first, size, strict=True):
        if members > problem.most_per_household:
            rows = order[start : start + members]
            label = kinds.setdefault(tuple(kind_of_person[rows].tolist()), len(kinds) + 1)
            kind[rows] = label
            if label == len(number):
                number.append(0)
            number[label] += 1
    return kind, np.array(number, dtype=np.int64)
