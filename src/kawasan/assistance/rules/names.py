"""Whether two written names are likely the same person: by their words, without case, accents and order."""

import re
import unicodedata


def words(name: str) -> frozenset[str]:
    """The plain words of a name."""
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return frozenset(re.findall(r"[a-z0-9]+", bare.casefold()))


def is_same(one: str, other: str) -> bool:
    """The same words in any order."""
    return bool(words(one)) and words(one) == words(other)


def is_like(one: str, other: str) -> bool:
    """The same words, or two and more of which the other has all: a name that was shortened."""
    fewer, more = sorted((words(one), words(other)), key=len)
    return is_same(one, other) or (len(fewer) > 1 and fewer <= more)


def is_in(name: str, text: str) -> bool:
    """Whether a text has every word of a name."""
    return bool(words(name)) and words(name) <= words(text)
