"""Personal numbers are encrypted in the database: a file that is lost or copied tells nobody's NIK, card or phone.

What is stored of a value is a mark and a token. The token is Fernet's (AES and HMAC, a new one each time). The mark is
an HMAC of the value: equal values of a kind have equal marks, so that they are searched, grouped and joined unopened,
and whoever lacks the key cannot try values. The mark begins with the name of the key, so that it is known which opens.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import In, Lookup

from kawasan.core.errors import Refused
from kawasan.core.phones import PhoneField
from kawasan.core.text import Text, _

NAME = 6  # characters of a key's name
SHORT = 30  # characters of a number, unlike a file
MARK = NAME + 24  # characters: the name, a point, 22 for 128 bits of the HMAC, a colon


@dataclass(frozen=True, slots=True)
class Key:
    """A key as settings give it, and what is derived from it: its name, and the key of the marks."""

    name: str
    fernet: Fernet
    marking: bytes

    @classmethod
    def of(cls, written: str) -> "Key":
        secret = base64.urlsafe_b64decode(written)
        return cls(_derived(secret, "name").hex()[:NAME], Fernet(written), _derived(secret, "marks"))


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"kawasan {purpose} 1".encode()).derive(secret)


def keys() -> tuple[Key, ...]:
    """The keys in use, the newest first: it closes, all of them open."""
    return _keys(tuple(settings.KEYS))


@lru_cache(maxsize=8)
def _keys(written: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(Key.of(text) for text in written)


def mark(kind: str, value: str, key: Key | None = None) -> str:
    """What equal values of a kind have in common; nothing of nothing."""
    if not value:
        return ""
    key = key or keys()[0]
    return _known_mark(kind, value, key) if isinstance(value, str) and len(value) <= SHORT else _mark(kind, value, key)


def _mark(kind: str, value: Any, key: Key) -> str:
    digest = hmac.digest(key.marking, f"{kind}:{value}".encode(), hashlib.sha256)
    return f"{key.name}.{base64.urlsafe_b64encode(digest[:16]).decode()[:22]}:"


_known_mark = lru_cache(maxsize=8192)(_mark)  # of a number it is asked for when its row is compared, stored and logged


def closed(kind: str, value: str) -> str:
    """A value as it is stored."""
    if not value:
        return ""
    return mark(kind, value) + keys()[0].fernet.encrypt(value.encode()).decode()


def opened(kind: str, stored: str) -> str:
    """The value of what is stored. Refused when the key is not at hand, or when somebody changed what was stored."""
    if not stored:
        return ""
    key = next((key for key in keys() if key.name == stored[:NAME]), None)
    if key is None:
        raise Refused(_no_key(stored[:NAME]))
    try:
        value = key.fernet.decrypt(stored[MARK:]).decode()
    except InvalidToken:
        raise Refused(_changed()) from None
    if mark(kind, value, key) != stored[:MARK]:
        raise Refused(_changed())
    return value


def _no_key(name: str) -> Text:
    template = _(
        "Personal numbers in the database were encrypted with the key {name}, and the keys at hand are {known}. Put "
        "that key back among those of KAWASAN_KEYS, or into the file “keys” in KAWASAN_DATA, and start again."
    )
    return Text(template, {"name": name if name.isalnum() else "–", "known": ", ".join(key.name for key in keys())})


def _changed() -> Text:
    return Text(
        _(
            "A personal number in the database was changed by another program, so it cannot be read. Take the database "
            "from the last backup."
        )
    )


def mark_now(kind: str, stored: str) -> str:
    """The mark of what is stored under the newest key: while keys are exchanged, equal values may have two marks."""
    return stored[:MARK] if not stored or stored.startswith(keys()[0].name) else mark(kind, opened(kind, stored))


class Stored(models.Func):
    """A column as it is stored, unopened."""

    template = "%(expressions)s"
    arity = 1
    output_field = models.TextField()


class Mark(models.Func):
    """The mark of a column. Written without parameters, so that an index of it is found by the database."""

    template = f"SUBSTR(%(expressions)s, 1, {MARK})"
    arity = 1
    output_field = models.CharField()


class EncryptedField(models.CharField):
    """A text that stands in the database as mark and token; everywhere else it is the text.

    ``kind`` says of what the text is a number: columns of one kind can be compared with one another.
    """

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"kind": self.kind}

    def get_internal_type(self) -> str:
        return "TextField"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return value if value is None or hasattr(value, "as_sql") else closed(self.kind, self.get_prep_value(value))

    def from_db_value(self, stored: str | None, _expression: Any, _connection: Any) -> str | None:
        return stored if stored is None else opened(self.kind, stored)

    def get_lookup(self, lookup_name: str) -> type[Lookup] | None:
        if lookup_name not in SOUGHT:
            raise FieldError(f"{self.name} is encrypted, so it is found whole or not at all: use exact or in.")
        return SOUGHT[lookup_name]

    def mark_of(self, row: models.Model, key: Key) -> str:
        """What the log's fingerprint of a row covers: a hash of the value itself could be tried out."""
        return mark(self.kind, getattr(row, self.attname) or "", key)


class EncryptedPhoneField(EncryptedField, PhoneField):
    """An encrypted phone number in its one form."""


class SealedJSONField(EncryptedField):
    """What JSON knows, of any length, encrypted in the database. Nobody seeks by it."""

    _pyi_private_set_type: Any  # what the type checker lets one assign, and read
    _pyi_private_get_type: Any

    def _check_max_length_attribute(self, **_options: Any) -> list[Any]:
        return []

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else json.dumps(value, ensure_ascii=False)

    def from_db_value(self, stored: str | None, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(stored, expression, connection)
        return text if text is None else json.loads(text)


class SealedField(SealedJSONField):
    """A file, encrypted in the database."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else super().get_prep_value(base64.b64encode(value).decode())

    def from_db_value(self, stored: str | None, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(stored, expression, connection)
        return text if text is None else base64.b64decode(text)


class _Sought(Lookup):
    """Whole values are found by their marks under every key."""

    lookup_name = "exact"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        field = self.lhs.output_field
        marks = {mark(field.kind, field.get_prep_value(value), key) for value in self.values() for key in keys()}
        return In(Mark(self.lhs), sorted(marks)).as_sql(compiler, connection)

    def values(self) -> list[str]:
        return [self.rhs]


class _SoughtIn(_Sought):
    lookup_name = "in"

    def values(self) -> list[str]:
        return list(self.rhs)


SOUGHT: dict[str, type[Lookup]] = {"exact": _Sought, "in": _SoughtIn}
