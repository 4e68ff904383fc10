"""Codes that people write down: of an unfinished application, and of the receipt of one that was sent."""

import base64
import json
import re
import secrets
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import constant_time_compare, salted_hmac

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, none of which is taken for another
DRAFT_LENGTH = 12  # 60 bits
DASHES = re.compile(r"[\s\-\u2010-\u2015]+")  # and what people type in place of one
SECRET_LENGTH = 6  # 30 bits, beside the date of birth


def new_draft_code() -> str:
    """In groups of four, as people read it out: 7KQM-3X2P-Z9TD."""
    letters = "".join(secrets.choice(LETTERS) for _letter in range(DRAFT_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, DRAFT_LENGTH, 4))


def plain(typed: str) -> str:
    """A code without what people put between its letters."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def digest_of(code: str) -> str:
    """What the database has of a draft's code."""
    return salted_hmac("kawasan.draft", plain(code), algorithm="sha256").hexdigest()


def sealed(answers: dict[str, Any], code: str) -> str:
    """Answers as nobody reads them without the code."""
    return _lock(code).encrypt(json.dumps(answers).encode()).decode()


def unsealed(text: str, code: str) -> dict[str, Any]:
    """The inverse of ``sealed``; nothing when the code is another."""
    try:
        return dict(json.loads(_lock(code).decrypt(text.encode())))
    except InvalidToken:
        return {}


def _lock(code: str) -> Fernet:
    key = salted_hmac("kawasan.draft-key", plain(code), algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def receipt_code(programme: str, number: str) -> str:
    """The number of an application with letters that follow from it: numbers are published, receipts are not."""
    return f"{number}-{_secret('receipt', programme, number)}"


def number_of(programme: str, typed: str) -> str:
    """The number of the application that a receipt is for; nothing when it is no receipt of ours."""
    return _before_secret("receipt", programme, typed)


def group_code(programme: str, key: int) -> str:
    """What a head tells those who shall join the group."""
    return f"{key}-{_secret('group', programme, str(key))}"


def group_of(programme: str, typed: str) -> int:
    """The key of the group that a code is of; 0 when it is no code of ours."""
    key = _before_secret("group", programme, typed)
    return int(key) if key.isdigit() else 0


def _before_secret(kind: str, programme: str, typed: str) -> str:
    number, _dash, secret = DASHES.sub("-", typed.strip().upper()).rpartition("-")
    return number if constant_time_compare(plain(secret), _secret(kind, programme, number)) else ""


def _secret(kind: str, programme: str, number: str) -> str:
    digest = salted_hmac(f"kawasan.{kind}", f"{programme} {number.upper()}", algorithm="sha256").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:SECRET_LENGTH])
