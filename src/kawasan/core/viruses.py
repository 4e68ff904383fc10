"""Asks ClamAV about what people send, where a clamd is at hand; its protocol INSTREAM is a few lines."""

import socket
import struct
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

PATIENCE = 30  # seconds
CHUNK = 64 * 1024


def refuse(sent: IO[bytes] | UploadedFile) -> None:
    """Refuse what clamd finds something in, and everything while it does not answer. Without one, nothing is asked."""
    if not settings.CLAMD:
        return
    try:
        answer = _answer(sent)
    except OSError as error:
        raise ValidationError(
            _("Files cannot be checked for viruses now, so none is taken. Try again later.")
        ) from error
    finally:
        sent.seek(0)
    if not answer.endswith(b"OK"):
        raise ValidationError(_("This file was not taken: the check for viruses did not pass it. Send another photo."))


def _answer(sent: IO[bytes] | UploadedFile) -> bytes:
    with _connected() as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := sent.read(CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        return b"".join(iter(lambda: connection.recv(CHUNK), b"")).rstrip(b"\0\n ")


def _connected() -> socket.socket:
    """A path is a socket of this machine; HOST:PORT is another one."""
    host, _colon, port = settings.CLAMD.rpartition(":")
    if port.isdigit():
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(settings.CLAMD)
    except OSError:
        connection.close()
        raise
    return connection
