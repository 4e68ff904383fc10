"""By what a word of a name is found."""

from dataclasses import dataclass

LEAST_LETTERS = 4  # of what a slip of the pen is forgiven in; shorter names are too much alike
LEAST_BEGUN = 2  # letters from which a word that is begun finds others
MOST_BEGUN = 12  # letters of a beginning that are compared


@dataclass(frozen=True, slots=True)
class Keys:
    """What a word that is typed asks for: words that fit, and words that a slip of the pen would explain."""

    close: frozenset[str]
    far: frozenset[str]


def keys_of_word(word: str, sound: str) -> set[str]:
    """Everything by which a word of a name is found: beginnings, its sound, and both with a letter left out.

    A word a letter off shares one of the last with what was typed, so that neither is compared with all others. Letters
    are left out of the word and of its sound: one letter less (wijya) can sound quite another way than the name.
    """
    begun = {f"^{word[:letters]}" for letters in range(LEAST_BEGUN, min(len(word), MOST_BEGUN) + 1)}
    return {*begun, f"^{word[:MOST_BEGUN]}", f"={sound}", *_slips(word, sound)}


def keys_typed(word: str, sound: str) -> Keys:
    """What to look for when a word is typed."""
    return Keys(frozenset({f"^{word[:MOST_BEGUN]}", f"={sound}"}), frozenset(_slips(word, sound)))


def _slips(word: str, sound: str) -> set[str]:
    return {f"-{one}" for one in _a_letter_less(word)} | {f"~{one}" for one in _a_letter_less(sound)}


def _a_letter_less(text: str) -> set[str]:
    if len(text) < LEAST_LETTERS:
        return set()
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}
