"""Randomness that anyone can recompute: SHA-256 over plain text, integers only."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from kawasan.engine.errors import InvalidInputError

HASH_VALUES = 2**256  # how many values a SHA-256 has


def seed_of(frozen_hash: str, secret: str, public_value: str) -> str:
    """Return the seed of a draw: a hash of what is frozen, a secret committed to before, and a later public value.

    Every hash of this module is taken over a list of texts, each written as its length in UTF-8 bytes (decimal), a
    colon, and the bytes; here the list is ``"kawasan seed 2", frozen_hash, secret, public_value``. No two lists are
    written alike, and the first text keeps the uses apart.

    Parameters      frozen_hash, public_value : not empty; secret : empty when there is none. Every character counts
    Returns         64 hexadecimal digits, lower case
    Raises          InvalidInputError — the hash or the public value is empty
    """
    if not frozen_hash or not public_value:
        raise InvalidInputError("A seed needs the hash of what is frozen and a public value.")
    return digest("kawasan seed 2", frozen_hash, secret, public_value)


def digest(*texts: str) -> str:
    """Return the SHA-256 of a list of texts, written as in ``seed_of``: 64 hexadecimal digits, lower case."""
    return _digest(*texts).hex()


def order(seed: str, identifiers: Sequence[str], tickets: Sequence[int]) -> tuple[int, ...]:
    """Put people in a drawn order in which nobody's place depends on the order of the rows.

    Person i holds tickets 1 … ``tickets[i]``. A ticket's value is the SHA-256 of ``"kawasan ticket 1", seed,
    identifier, number`` (written as in ``seed_of``) read as an integer; a person stands at the smallest of their
    tickets. So the first place goes to person i with chance ``tickets[i] / sum(tickets)``, the second likewise among
    the others, and so on.

    Parameters      identifiers : n texts, all different
                    tickets : n whole numbers, each at least 1
    Returns         the n row numbers in drawn order; equal values (never seen) stand in order of identifier
    Raises          InvalidInputError — lengths differ, an identifier repeats, or a person has no ticket
    Source          Efraimidis and Spirakis (2006), "Weighted random sampling with a reservoir", Inf. Process. Lett. 97.
    """
    if len(identifiers) != len(tickets):
        raise InvalidInputError(f"There are {len(identifiers)} identifiers but {len(tickets)} numbers of tickets.")
    if len(set(identifiers)) != len(identifiers):
        raise InvalidInputError("Two people have the same identifier.")
    if min(tickets, default=1) < 1:
        raise InvalidInputError("Everybody in the pool holds at least one ticket.")
    start = _written("kawasan ticket 1", seed)
    places = _hashed(identifiers, start, _written("1"))
    for row, number in enumerate(tickets):
        if number > 1:
            places[row] = _smallest(start, identifiers[row], number)
    return tuple(_rows_in_order(places, identifiers))


def digests_in_order(texts: Sequence[str], *first: str) -> tuple[list[str], list[int]]:
    """Return ``digest(*first, text)`` of each text in rising order, and whose row each is."""
    places = _hashed(texts, _written(*first))
    rows = _rows_in_order(places, texts)
    return [places[row].hex() for row in rows], rows


def by_digest(texts: Sequence[str], *first: str) -> list[str]:
    """Return the texts in order of their digests."""
    return [texts[row] for row in _rows_in_order(_hashed(texts, _written(*first)), texts)]


def integer_below(seed: str, label: str, bound: int) -> int:
    """Return a number from 0 to ``bound - 1``, each equally likely.

    The SHA-256 of ``"kawasan number 1", seed, label, counter`` (written as in ``seed_of``) is read as an integer, for
    counter 0, 1, … until it lies below the greatest multiple of ``bound`` up to 2**256; the remainder is the result.
    The rejected rest would make small numbers likelier.

    Parameters      label : what the number is for; another label gives an independent number
                    bound : 1 … 2**256
    Raises          InvalidInputError — bound out of range
    """
    if not 1 <= bound <= HASH_VALUES:
        raise InvalidInputError(f"There is no number from 0 to {bound} - 1 to choose with 256 bits.")
    limit = HASH_VALUES - HASH_VALUES % bound
    counter = 0
    while (value := _integer("kawasan number 1", seed, label, str(counter))) >= limit:
        counter += 1
    return value % bound


def _hashed(texts: Iterable[str], start: bytes, end: bytes = b"") -> list[bytes]:
    """Return the SHA-256 of ``start``, each text as ``_written`` writes it, and ``end``; the start is hashed once."""
    heads: dict[int, Any] = {}  # per length, which is written before the text
    values = []
    for text in texts:
        own = text.encode()
        if len(own) not in heads:
            heads[len(own)] = sha256(start + b"%d:" % len(own))
        value = heads[len(own)].copy()
        value.update(own + end)
        values.append(value.digest())
    return values


def _rows_in_order(places: Sequence[bytes], identifiers: Sequence[str]) -> list[int]:
    """Return the rows in order of their 32 bytes, and of identifier where these are equal.

    The first 8 bytes, as an integer, decide nearly always; only where two agree in them are the others looked at.
    """
    first = np.frombuffer(b"".join(places), dtype=">u8")[::4].astype(np.uint64)
    rows = np.argsort(first)
    if (first[rows[1:]] == first[rows[:-1]]).any():
        return sorted(range(len(places)), key=lambda row: (places[row], identifiers[row]))
    return rows.tolist()


def _smallest(start: bytes, identifier: str, tickets: int) -> bytes:
    """Return the smallest value of a person's tickets; bytes of one length compare as the integers that they write."""
    own = start + _written(identifier)
    return min(sha256(own + _written(str(number))).digest() for number in range(1, tickets + 1))


def _integer(*texts: str) -> int:
    return int.from_bytes(_digest(*texts), "big")


def _digest(*texts: str) -> bytes:
    return sha256(_written(*texts)).digest()


def _written(*texts: str) -> bytes:
    encoded = [text.encode() for text in texts]
    return b"".join([b"%d:%b" % (len(part), part) for part in encoded])
