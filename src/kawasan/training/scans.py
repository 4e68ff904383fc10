"""A signed sheet as it comes from a telephone, or from a scanner, which makes a PDF of it."""

from io import BytesIO

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image
from pypdf import PageObject, PdfReader

from kawasan.core import viruses
from kawasan.core.photos import MOST_BYTES, Photo, PhotoUpload, refuse_huge

PDF = b"%PDF-"
LONGEST_SIDE = 3200  # pixels of what is looked into further
QUALITY = 95


class ScanUpload(PhotoUpload):
    """A photo, or the one page of a scanner's PDF; it becomes a ``Photo``."""

    widget = forms.ClearableFileInput(
        attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"}
    )

    def to_python(self, data: UploadedFile | None) -> Photo | None:  # type: ignore[override]  # as its parent's
        if data is not None and data.size and data.size <= MOST_BYTES:
            head = data.read(len(PDF))
            data.seek(0)
            data = _as_picture(data) if head == PDF else data
        return super().to_python(data)


def _as_picture(sent: UploadedFile) -> UploadedFile:
    """The scanned page of a PDF as a file of its own."""
    viruses.refuse(sent)
    sent.seek(0)
    try:
        picture = _scanned(PdfReader(BytesIO(sent.read()))).convert("RGB")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except ValidationError:
        raise
    except Exception:
        raise ValidationError(_("This PDF cannot be read. Scan the sheet again, or photograph it.")) from None
    written = BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return SimpleUploadedFile("scan.jpg", written.getvalue(), "image/jpeg")


def _scanned(document: PdfReader) -> Image.Image:
    """The largest picture of the only page; the others are not even opened."""
    if len(document.pages) != 1:
        raise ValidationError(
            _("The PDF has %(pages)s pages. Send one page at a time."), params={"pages": len(document.pages)}
        )
    page = document.pages[0]
    pixels = _pictures(page)
    if not pixels:
        raise ValidationError(_("There is no scanned picture in this PDF. Scan the sheet, or photograph it."))
    largest = max(pixels, key=lambda name: pixels[name])
    refuse_huge(pixels[largest])
    found: Image.Image = page.images[largest].image  # type: ignore[assignment]  # None is an error like others
    return found


def _pictures(page: PageObject) -> dict[str, int]:
    """The pixels of each picture of a page, by its name."""
    there = page.get("/Resources", {}).get_object().get("/XObject", {})
    objects = {name: one.get_object() for name, one in there.get_object().items()} if there else {}
    return {
        name: int(one["/Width"]) * int(one["/Height"])
        for name, one in objects.items()
        if one.get("/Subtype") == "/Image"
    }
