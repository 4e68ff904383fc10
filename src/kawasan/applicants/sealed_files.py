"""Files that only Kawasan reads: outside the web, named by chance, and sealed."""

import base64
import secrets

from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

FOLDER = "papers"


def new_name() -> str:
    return secrets.token_hex(20)


def keep(name: str, content: bytes) -> None:
    default_storage.save(f"{FOLDER}/{name}", ContentFile(_lock(name).encrypt(content)))


def content_of(name: str) -> bytes:
    """What was kept; nothing when the file is gone."""
    if not default_storage.exists(f"{FOLDER}/{name}"):
        return b""
    with default_storage.open(f"{FOLDER}/{name}") as file:
        return _lock(name).decrypt(file.read())


def forget(name: str) -> None:
    default_storage.delete(f"{FOLDER}/{name}")


def _lock(name: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac("kawasan.paper", name, algorithm="sha256").digest()))
