"""The cast: one person a role, used by the tests, the demo and the pictures in the guide. All are invented."""

from dataclasses import dataclass

PASSWORD = "kawasan-demo"  # noqa: S105 - the demo's, printed when it starts


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the cast."""

    username: str
    name: str
    role: str


CAST = (
    Player("ani", "Ani Rahmawati", "manager"),
    Player("budi", "Budi Santoso", "verifier"),
    Player("citra", "Citra Lestari", "mentor"),
    Player("dewi", "Dewi Anggraini", "participant"),
    Player("eko", "Eko Prasetyo", "offtaker"),
    Player("fajar", "Fajar Hidayat", "manager"),
)
"""A runs the programme, B verifies, C mentors, D takes part, E buys, F works for another programme.

In the demo C and D have the names of the mentor and the participant whom they sign in as.
"""

MORE = (
    Player("gita", "Gita Permata", "planner"),
    Player("hadi", "Hadi Wijaya", "auditor"),
    Player("indah", "Indah Puspita", "ministry"),
    Player("joko", "Joko Susilo", "expert"),
    Player("kiki", "Kiki Amelia", "partner"),
    Player("lina", "Lina Marlina", "public"),
    Player("maya", "Maya Sartika", "treasurer"),
)
"""The other roles, for the demo and for the test that opens every page as everybody."""
