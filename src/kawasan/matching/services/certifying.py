"""A stored matching is computed again from its frozen input."""

from typing import Any

from kawasan.matching import rules
from kawasan.matching.models import Matching
from kawasan.matching.services.forming import computed
from kawasan.matching.services.rematching import computed_mentors, computed_people


def is_repeated(matching: Matching) -> bool:
    """Whether the input still has its hash, and gives the result that is stored."""
    kind = matching.input.get("kind", "forming")
    again: dict[str, Any]
    if kind == "forming":
        again = computed(matching)
    else:
        again = {"people": computed_people, "mentors": computed_mentors}[kind](matching.input)
    return rules.input_hash(matching.input) == matching.input_hash and again == matching.result
