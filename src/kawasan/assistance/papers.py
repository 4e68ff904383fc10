"""Photos and PDF files that prove a step: looked into, sealed, and named by the hash of their content."""

import hashlib
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import sealed_files
from kawasan.core import photos, viruses

PDF = b"%PDF-"
END = b"%%EOF"
TAIL = 2048  # bytes in which a PDF says that it is whole


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it is kept."""

    content: bytes
    look: str = ""

    @property
    def name(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class EvidenceUpload(forms.FileField):
    """A photo or a PDF that somebody sends; by its content, whatever its name says."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,application/pdf"})

    def to_python(self, data: UploadedFile | None) -> Evidence | None:  # type: ignore[override]
        return None if super().to_python(data) is None or data is None else _checked(data)


class ReceiptUpload(photos.PhotoUpload):
    """A photo of a receipt, taken with the phone."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"})

    def to_python(self, data: UploadedFile | None) -> Evidence | None:  # type: ignore[override]
        photo = super().to_python(data)
        return Evidence(photo.content, photos.look_of(photo.content)) if photo else None


def _checked(sent: UploadedFile) -> Evidence:
    sent.seek(0)  # read before, when a form was refused and is looked at a second time
    start = sent.read(len(PDF))
    sent.seek(0)
    if start != PDF:
        photo = photos.cleaned(sent)
        return Evidence(photo.content, photos.look_of(photo.content))
    if sent.size is None or sent.size > photos.MOST_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Send a smaller one."))
    viruses.refuse(sent)
    content = sent.read()
    if END not in content[-TAIL:]:
        raise ValidationError(_("The PDF is not whole. Save it again and send it once more."))
    return Evidence(content)


def keep(evidence: Evidence) -> str:
    """Seal a file unless it is there; returns its name."""
    if not sealed_files.content_of(evidence.name):
        sealed_files.keep(evidence.name, evidence.content)
    return evidence.name


def content_of(name: str) -> bytes:
    """The file; nothing when it is not on this computer or is another than its name says."""
    content = sealed_files.content_of(name) if name else b""
    return content if hashlib.sha256(content).hexdigest() == name else b""


def kind_of(content: bytes) -> str:
    return "application/pdf" if content.startswith(PDF) else "image/jpeg"
