"""By what a word of a name is found."""

from dataclasses import dataclass

LEAST_LETTERS = 4  # of a sound in which a slip of the pen is forgiven; shorter names are too much alike
LEAST_BEGUN = 2  # letters from which a word that is begun finds others
MOST_BEGUN = 12  # letters of a beginning that are compared


@dataclass(frozen=True, slots=True)
class Keys:
    """What a word that is typed asks for: words that fit, and words that a slip of the pen would explain."""

    close: frozenset[str]
    far: frozenset[str]


def keys_of_word(word: str, sound: str) -> set[str]:
    """Everything by which a word of a name is found: beginnings, its sound, and its sound with a letter left out.

    A word a letter off shares one of the last with what was typed, so that neither is compared with all others.
    """
    begun = {f"^{word[:letters]}" for letters in range(LEAST_BEGUN, min(len(word), MOST_BEGUN) + 1)}
    return {*begun, f"^{word[:MOST_BEGUN]}", f"={sound}", *_slips(sound)}


def keys_typed(word: str, sound: str) -> Keys:
    """What to look for when a word is typed."""
    return Keys(frozenset({f"^{word[:MOST_BEGUN]}", f"={sound}"}), frozenset(_slips(sound)))


def _slips(sound: str) -> set[str]:
    if len(sound) < LEAST_LETTERS:
        return set()
    return {f"~{sound}", *(f"~{sound[:at]}{sound[at + 1 :]}" for at in range(len(sound)))}
