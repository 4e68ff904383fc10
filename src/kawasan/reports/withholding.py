"""Which counts of a map are withheld, so that no small one can be read or worked out; and the classes of a legend.

A count below ``least`` is withheld. Since the sum of siblings is often known too, larger counts are withheld beside it
until the small ones cannot be got by subtraction (complementary suppression; Cox 1980, JASA 75, 377–385).
"""

from bisect import bisect_right
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def withheld(counts: Mapping[Key, int], least: int, forced: Collection[Key] = ()) -> tuple[dict[Key, bool], bool]:
    """Of the parts of one whole, those withheld, each with whether it is small itself; and whether that is enough.

    ``forced`` are parts that must be withheld for the sake of what they are made of.
    """
    few = {key for key, count in counts.items() if 0 < count < least}
    hidden = {**dict.fromkeys(forced, False), **dict.fromkeys(few, True)}
    larger = sorted((key for key in counts if counts[key] >= least and key not in hidden), key=lambda key: counts[key])
    while hidden and larger and not _is_safe(counts, hidden, least):
        hidden[larger.pop(0)] = False
    return hidden, not hidden or _is_safe(counts, hidden, least)


def _is_safe(counts: Mapping[Key, int], hidden: Mapping[Key, bool], least: int) -> bool:
    """Whether the sum of what is withheld leaves it open: small counts go from 1 to least − 1, others from least on."""
    small, total = sum(hidden.values()), sum(counts[key] for key in hidden)
    others = len(hidden) - small
    if len(hidden) < 2:
        return False
    if not others:
        return small < total < small * (least - 1)
    return total - others * least > small


def classes(values: Collection[float], most: int = 5) -> list[tuple[float, float]]:
    """Classes with about as many values each, as (least, most value in it); equal values are never parted."""
    ordered = sorted(values)
    if len(distinct := sorted(set(ordered))) <= most:
        return [(value, value) for value in distinct]
    found: list[tuple[float, float]] = []
    start = 0
    while start < len(ordered):
        wanted = round((len(ordered) - start) / (most - len(found)))
        end = bisect_right(ordered, ordered[start + max(wanted, 1) - 1])
        found.append((ordered[start], ordered[end - 1]))
        start = end
    return found


def class_of(value: float, found: Sequence[tuple[float, float]]) -> int:
    """The number of the class that holds a value."""
    return bisect_right([least for least, _most in found], value) - 1
