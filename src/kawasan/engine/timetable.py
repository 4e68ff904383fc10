"""When and where each training session is held, without a clash."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.sat.python import cp_model

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError

RESTARTS = 60  # constructions tried before the solver
SEED = 1
# CP-SAT's own count of work, about one unit a second on an office machine; unlike seconds it is the same everywhere.
DETERMINISTIC_LIMIT = 1.0

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Timetable:
    """slot, room: (n,) of each session. last_slot: the latest slot in use, -1 without sessions.

    gap: share of the slots 0..last_slot that a better timetable might still save, 0 to 1.
    crowding: pairs of sessions that one group has on one day; crowding_gap: share of them that might still be saved.
    is_optimal: last_slot is proven least, and crowding is proven least for this last_slot.
    """

    slot: Ints
    room: Ints
    last_slot: int
    gap: float
    crowding: int
    crowding_gap: float
    is_optimal: bool


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """Two sessions, session_a < session_b, that need the same room, group or trainer in one slot."""

    kind: Literal["group", "room", "trainer"]
    session_a: int
    session_b: int


@dataclass(frozen=True, slots=True)
class _Task:
    """The input of `timetable`, checked, with what follows from it."""

    group: Ints
    trainer: Ints
    position: Ints
    people: Ints
    day: Ints
    capacity: Ints
    trainer_free: Bools
    group_free: Bools
    most_per_day: int
    of_group: list[list[int]] = field(default_factory=list)

    @property
    def sessions(self) -> range:
        return range(len(self.group))

    @property
    def slots(self) -> range:
        return range(len(self.day))
