"""The chances and the list of a frozen draw made again from its own pool and rules.

Every other check of a certificate says that the file agrees with itself. Whoever made the list could have favoured
somebody all the same, and said of the rigged chances that they are the bound; that shows only here.
"""

from dataclasses import dataclass

import numpy as np

from kawasan.engine.certificate import BILLION, Frozen
from kawasan.engine.fairness import AIMS, fair_lottery
from kawasan.engine.lottery import Problem, Quota

SAME_BOUND = 1e-6  # of a chance; two versions of the solver differ by less
MOST_FAVOURED, MOST_PANELS = 0.005, 5  # of a chance, and panels, by which a list of whole panels may miss the bound


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the frozen part says beside what comes of its pool and rules.

    aim : what the chances were made to be; leximin, the fairest, where the code of the frozen part names none
    bound_apart : the most by which anybody's bound differs, as a chance from 0 to 1
    favoured : by how much the list gives the most favoured person more than the bound made again, as a chance
    same_panels : whether the list is the same, panel by panel; another version of the code or of its solver may make
        another list under the same bounds
    """

    aim: str
    bound_apart: float
    favoured: float
    same_panels: bool

    @property
    def is_same_bound(self) -> bool:
        return self.bound_apart <= SAME_BOUND

    def is_fair(self, panels: int) -> bool:
        """Whether the bounds are the same, and the list of so many panels favours nobody."""
        return self.is_same_bound and (self.same_panels or self.favoured <= MOST_FAVOURED + MOST_PANELS / panels)


def recompute(frozen: Frozen) -> Recomputed:
    """Make the lottery of a frozen part again. It takes as long as making it did.

    Parameters      frozen : as ``certificate`` has it, its checks passed
    Raises          InfeasibleError — no panel keeps the rules;  EngineError — HiGHS gave no answer
    """
    cells, of = frozen["cells"], np.array([row[1] for row in frozen["pool"]])
    aim = next((aim for aim in AIMS if aim in frozen["code"]), "leximin")
    found = fair_lottery(
        _problem(frozen, of),
        aim=aim,
        panels=len(frozen["panels"]),
        weights=np.array([cell["weight"] for cell in cells])[of],
        certain=np.flatnonzero(np.array([cell["certain"] for cell in cells])[of]).tolist(),
    )
    bound = found.bound[found.cells.cell]
    said = np.array([cell["bound"] for cell in cells])[of] / BILLION
    panels = [[[int(cell), int(row[cell])] for cell in np.flatnonzero(row)] for row in found.panels]
    return Recomputed(
        aim=aim,
        bound_apart=float(np.abs(bound - said).max()),
        favoured=float((_chances(frozen, of) - bound).max()),
        same_panels=bool(np.array_equal(found.cells.cell, of)) and panels == frozen["panels"],
    )


def _problem(frozen: Frozen, of: np.ndarray) -> Problem:
    """A feature for each quota, with value 1 for whoever counts towards it."""
    counts = np.zeros((len(frozen["cells"]), len(frozen["quotas"])), dtype=np.int8)
    for number, cell in enumerate(frozen["cells"]):
        counts[number, cell["counts"]] = 1
    home = np.array([row[2] for row in frozen["pool"]])
    alone = home == 0
    home[alone] = home.max() + 1 + np.arange(alone.sum())
    return Problem(
        features=counts[of],
        quotas=[Quota(row, 1, least, most) for row, (_, _, least, most) in enumerate(frozen["quotas"])],
        seats=frozen["seats"],
        households=np.unique(home, return_inverse=True)[1],
        most_per_household=frozen["most_per_household"],
    )


def _chances(frozen: Frozen, of: np.ndarray) -> np.ndarray:
    """Everybody's chance in the list, shape (people,)."""
    counts = np.zeros(len(frozen["cells"]))
    for panel in frozen["panels"]:
        for cell, number in panel:
            counts[cell] += number
    return (counts / np.bincount(of, minlength=counts.size) / len(frozen["panels"]))[of]
