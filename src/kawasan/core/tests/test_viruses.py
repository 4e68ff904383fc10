"""A clamd of the test, which speaks the protocol as ClamAV's manual has it and finds EICAR's words."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from kawasan.core import viruses

FOUND = b"STANDARD-ANTIVIRUS-TEST-FILE"  # part of the file that all scanners take for a virus, and is none


def _serve(listening: socket.socket) -> None:
    while True:
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as said:
            command, content = said.read(len(b"zINSTREAM\0")), b""
            while size := struct.unpack("!L", said.read(4))[0]:
                content += said.read(size)
            found = command != b"zINSTREAM\0" or FOUND in content
            connection.sendall(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.CLAMD = str(tmp_path / "clamd.ctl")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(settings.CLAMD)
        listening.listen()
        thread = threading.Thread(target=_serve, args=(listening,), daemon=True)
        thread.start()
        yield
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.jpg", content)


@pytest.mark.usefixtures("clamd")
def test_what_is_clean_passes_and_can_be_read_afterwards() -> None:
    sent = file(b"clean" * 50_000)
    viruses.refuse(sent)
    assert sent.read(5) == b"clean"


@pytest.mark.usefixtures("clamd")
def test_what_clamd_finds_something_in_is_refused() -> None:
    with pytest.raises(ValidationError, match="check for viruses did not pass it"):
        viruses.refuse(file(b"x" * 100_000 + FOUND))


def test_nothing_is_taken_while_clamd_does_not_answer(tmp_path: Path, settings: Any) -> None:
    settings.CLAMD = str(tmp_path / "nobody.ctl")
    with pytest.raises(ValidationError, match="cannot be checked for viruses now"):
        viruses.refuse(file(b"clean"))


def test_without_clamd_nothing_is_asked(settings: Any) -> None:
    settings.CLAMD = ""
    viruses.refuse(file(FOUND))
