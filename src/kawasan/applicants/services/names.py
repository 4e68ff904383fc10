"""People are made findable by their names, and found: spelt otherwise, begun, or with a slip of the pen."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from kawasan.applicants import rules
from kawasan.applicants.models import NameWord, Person, PersonWord, WordKey
from kawasan.applicants.models.names import LONGEST_WORD
from kawasan.core.many import add_values
from kawasan.engine import names
from kawasan.programmes.models import Programme

BATCH = 500  # rows a query
MOST_FOUND = 1000  # people who are found by a name at once


def index_names(*, programme: Programme, persons: Sequence[Person]) -> None:
    """Have persons found by the names they have now, and no more by those they had."""
    index_pairs(programme.pk, [(person.pk, person.name) for person in persons])


def index_pairs(programme_number: int, named: Sequence[tuple[int, str]]) -> None:
    """The same of the keys of persons and their names."""
    words = _words([name for _pk, name in named])
    numbers = _numbers({word for found in words for word in found})
    forget_names(persons=[pk for pk, _name in named])
    rows = [
        (programme_number, numbers[word], pk) for (pk, _name), found in zip(named, words, strict=True) for word in found
    ]
    add_values(PersonWord, ("programme_id", "word_id", "person_id"), rows)


def forget_names(*, persons: Sequence[int]) -> None:
    """Have persons, given by their keys, found by no name any more."""
    for start in range(0, len(persons), BATCH):
        PersonWord.objects.filter(person__in=persons[start : start + BATCH]).delete()


def _words(written: Sequence[str]) -> list[list[str]]:
    """The different words of each name; of a name that is all titles, these."""
    plain = names.comparable(pl.Series(written, dtype=pl.String)).plain.to_list()
    return [
        sorted({word[:LONGEST_WORD] for word in (said.split() or re.findall(r"\w+", name.lower()))})
        for said, name in zip(plain, written, strict=True)
    ]


def _numbers(words: Iterable[str]) -> dict[str, int]:
    """The keys of words; new ones are stored, with what is typed to find them."""
    wanted = sorted(words)
    known = _known(wanted)
    if new := [word for word in wanted if word not in known]:
        NameWord.objects.bulk_create([NameWord(word=word) for word in new], batch_size=BATCH, ignore_conflicts=True)
        stored = _known(new)
        keys = (
            WordKey(key=key, word_id=stored[word]) for word in new for key in rules.keys_of_word(word, _sound(word))
        )
        WordKey.objects.bulk_create(keys, batch_size=BATCH, ignore_conflicts=True)
        known |= stored
    return known


def _known(words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(words), BATCH):
        rows = NameWord.objects.filter(word__in=words[start : start + BATCH])
        found |= dict(rows.values_list("word", "pk"))
    return found


def _sound(word: str) -> str:
    return names.sound(word) or word


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of persons whose names fit what was typed; ``close`` are those without a slip of the pen."""

    close: list[int]
    far: list[int]
    is_all: bool


def find_by_name(*, programme: Programme, typed: str) -> Found:
    """Seek people by words of their names in any order, each as it sounds, begun, or a letter off."""
    words = _words([typed])[0]
    close, far = _fitting(words)
    near = _having(programme, close)
    if len(near) > MOST_FOUND:
        return Found(near[:MOST_FOUND], [], is_all=False)
    known = set(near)
    others = [pk for pk in _having(programme, far) if pk not in known]
    room = MOST_FOUND - len(near)
    return Found(near, others[:room], is_all=len(others) <= room)


def _fitting(words: Sequence[str]) -> tuple[list[set[int]], list[set[int]]]:
    """Of each word typed the words that fit it, and those that fit it with a slip of the pen too."""
    typed = [rules.keys_typed(word, _sound(word)) for word in words]
    every = {key for keys in typed for key in (*keys.close, *keys.far)}
    rows = list(WordKey.objects.filter(key__in=every).values_list("key", "word_id"))
    close = [{word for key, word in rows if key in keys.close} for keys in typed]
    far = [{word for key, word in rows if key in keys.close or key in keys.far} for keys in typed]
    return close, far


def _having(programme: Programme, wanted: Sequence[set[int]]) -> list[int]:
    """Persons in whose names there is a word of each set, the first entered first; one more than are shown."""
    if not wanted or not all(wanted):
        return []
    having = PersonWord.objects.filter(programme=programme).values_list("person_id", flat=True).order_by()
    first, *others = (having.filter(word__in=words) for words in wanted)
    found = first.intersection(*others) if others else first.distinct()
    return list(found.order_by("person_id")[: MOST_FOUND + 1])
