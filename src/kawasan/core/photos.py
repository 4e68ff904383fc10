"""Photos that people upload: looked into, made small, freed of what a camera writes into them, kept out of the web.

A photo is named after the SHA-256 of its content. So a row that names one names exactly that picture, the log's
fingerprint of the row covers the picture too, and the same picture is kept once.
"""

import hashlib
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

import numpy as np
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from kawasan.core import viruses

register_heif_opener(thumbnails=False)  # what iPhones send

MOST_BYTES = 10 * 1024 * 1024  # of what is sent; a phone's photo has 2 to 6 MB
MOST_PIXELS = 60_000_000  # of what is sent; more would fill the memory when it is opened
LONGEST_SIDE = 1600  # pixels of what is kept
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
FOLDER = "photos"
NAME = re.compile(r"^[0-9a-f]{64}\.jpg\Z")
FOUND_INSIDE = {"exif", "icc_profile", "xmp", "photoshop", "comment"}  # what Pillow finds in a JPEG beside the picture


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is kept: its content, and the name that follows from it."""

    content: bytes

    @property
    def name(self) -> str:
        return hashlib.sha256(self.content).hexdigest() + ".jpg"


LOOK_SIDE = 8  # of the tiny picture whose neighbouring points are compared
LEAST_CONTRAST = 8  # of 64 comparisons; a picture with less to compare (a blank sheet) looks like every other such


def look_of(content: bytes) -> str:
    """What a picture looks like, as 64 bits in hexadecimal; nothing of a picture without features.

    The same photo sent again by another program, smaller or brighter, differs in few bits. A difference hash, after
    Krawetz (2013), https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html.
    """
    tiny = Image.open(BytesIO(content)).convert("L").resize((LOOK_SIDE + 1, LOOK_SIDE), Image.Resampling.LANCZOS)
    rows = np.asarray(tiny, dtype=np.int16)
    bits = (rows[:, 1:] > rows[:, :-1]).ravel()
    if not LEAST_CONTRAST <= int(bits.sum()) <= bits.size - LEAST_CONTRAST:
        return ""
    return np.packbits(bits).tobytes().hex()


def bits_apart(one: str, other: str) -> int:
    """In how many bits two looks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


class PhotoField(models.CharField):
    """The name of a photo that is kept; empty when there is none."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "verbose_name": _("photo"),
            "max_length": 68,
            "blank": True,
            "validators": [RegexValidator(NAME.pattern, _("A photo is named by 64 hexadecimal digits and .jpg."))],
            "help_text": "File in the folder photos, named by the SHA-256 of its content as Kawasan wrote it",
        }
        super().__init__(**(defaults | options))


class PhotoUpload(forms.FileField):
    """A photo that somebody sends; it becomes a ``Photo`` that may be kept."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"})

    def to_python(self, data: UploadedFile | None) -> Photo | None:  # type: ignore[override]
        """The photo that was sent; Django's own check of an empty or missing file comes first."""
        return None if super().to_python(data) is None or data is None else cleaned(data)


def cleaned(sent: UploadedFile) -> Photo:
    """The picture anew as a JPEG that holds nothing else: no position, no camera, no hidden file."""
    if sent.size is None or sent.size > MOST_BYTES:
        raise ValidationError(_("The photo is larger than 10 MB. Send a smaller one."))
    viruses.refuse(sent)
    picture = _opened(sent)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    on_white = Image.new("RGB", picture.size, "white")
    with_alpha = picture.convert("RGBA")
    on_white.paste(with_alpha, mask=with_alpha.getchannel("A"))
    written = BytesIO()
    on_white.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Photo(written.getvalue())


def refuse_huge(pixels: int) -> None:
    """Refuse a picture that would fill the memory when it is opened."""
    if pixels > MOST_PIXELS:
        raise ValidationError(_("The photo has more than 60 million pixels. Send a smaller one."))


def _opened(sent: IO[bytes] | UploadedFile) -> Image.Image:
    """The picture with its sides as the camera was held; refuses what is not a picture, or is too large to open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(sent, formats=FORMATS)
            refuse_huge(picture.width * picture.height)
            picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This is not a photo that can be read. Send a JPEG, PNG, WebP or HEIC picture.")
        ) from error
    return ImageOps.exif_transpose(picture)


def keep(photo: Photo) -> str:
    """Store a photo unless it is there; returns its name."""
    if not has(photo.name):
        default_storage.save(f"{FOLDER}/{photo.name}", ContentFile(photo.content))
    return photo.name


def has(name: str) -> bool:
    return default_storage.exists(f"{FOLDER}/{name}")


def content_of(name: str) -> bytes:
    """The picture; nothing when its file is gone."""
    if not NAME.fullmatch(name) or not has(name):
        return b""
    with default_storage.open(f"{FOLDER}/{name}") as file:
        return file.read()


def forget(name: str) -> None:
    """Delete the file of a photo that no row names any more."""
    default_storage.delete(f"{FOLDER}/{name}")


def is_kept_form(name: str, content: bytes) -> bool:
    """Whether a file is a photo as ``cleaned`` writes it, under the name of its content."""
    if Photo(content).name != name:
        return False
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as picture:
            return not FOUND_INSIDE & set(picture.info) and max(picture.size) <= LONGEST_SIDE
    except (OSError, ValueError, SyntaxError):
        return False
