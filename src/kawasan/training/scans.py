"""A signed sheet as it comes from a telephone, or from a scanner, which makes a PDF of it."""

from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kawasan.core.photos import MOST_BYTES, MOST_PIXELS, Photo, PhotoUpload

PDF = b"%PDF-"


class ScanUpload(PhotoUpload):
    """A photo, or the one page of a scanner's PDF; it becomes a ``Photo``."""

    widget = forms.ClearableFileInput(
        attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"}
    )

    def to_python(self, data: UploadedFile | None) -> Photo | None:  # type: ignore[override]  # as its parent's
        if data is not None and data.size and data.size <= MOST_BYTES:
            head = data.read(len(PDF))
            data.seek(0)
            data = _as_picture(data.read()) if head == PDF else data
        return super().to_python(data)


def _as_picture(content: bytes) -> UploadedFile:
    """The scanned page of a PDF as a file of its own."""
    try:
        picture = _scanned(PdfReader(BytesIO(content)))
    except (
        PyPdfError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        Image.DecompressionBombError,
    ):
        raise ValidationError(_("This PDF cannot be read. Scan the sheet again, or photograph it.")) from None
    written = BytesIO()
    picture.convert("RGB").save(written, "PNG")
    return SimpleUploadedFile("scan.png", written.getvalue(), "image/png")


def _scanned(document: PdfReader) -> Image.Image:
    """The largest picture of the only page."""
    if len(document.pages) != 1:
        raise ValidationError(
            _("The PDF has %(pages)s pages. Send one page at a time."), params={"pages": len(document.pages)}
        )
    pictures: list[Any] = [one.image for one in document.pages[0].images if one.image]
    if not pictures:
        raise ValidationError(_("There is no scanned picture in this PDF. Scan the sheet, or photograph it."))
    largest: Image.Image = max(pictures, key=lambda one: one.width * one.height)
    if largest.width * largest.height > MOST_PIXELS:
        raise ValidationError(_("The photo has more than 60 million pixels. Send a smaller one."))
    return largest
