"""Photos of visits are kept sealed, with a small picture of each; looking at one is logged."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from kawasan.applicants import sealed_files
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.photos import Photo
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.mentoring.models import Visit, VisitPhoto
from kawasan.mentoring.rules import MOST_PHOTOS, PhotoKind

PREVIEW_SIDE = 240  # pixels
PREVIEW_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo that was sent, and where it was taken if that shall be kept."""

    photo: Photo
    where: tuple[float, float] | None = None


def add_photos(visit: Visit, photos: Iterable[Taken], kind: PhotoKind) -> list[VisitPhoto]:
    """Keep photos of a visit; the files are written before the rows that name them."""
    sent = list(photos)
    if len(sent) + visit.photos.filter(kind=kind).count() > MOST_PHOTOS:
        raise Refused(Text(_("An entry has room for {most} photos. Send fewer."), {"most": MOST_PHOTOS}))
    return [_keep(visit, one, kind) for one in sent]


def _keep(visit: Visit, taken: Taken, kind: PhotoKind) -> VisitPhoto:
    file, preview = sealed_files.new_name(), sealed_files.new_name()
    sealed_files.keep(file, taken.photo.content)
    sealed_files.keep(preview, _preview_of(taken.photo.content))
    latitude, longitude = taken.where or (None, None)
    return VisitPhoto.objects.create(
        programme=visit.programme,
        visit=visit,
        kind=kind,
        file=file,
        preview=preview,
        digest=hashlib.sha256(taken.photo.content).hexdigest(),
        latitude=latitude,
        longitude=longitude,
    )


def _preview_of(content: bytes) -> bytes:
    """A small picture, which loads on a slow line."""
    with Image.open(BytesIO(content)) as picture:
        picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        written = BytesIO()
        picture.save(written, "JPEG", quality=PREVIEW_QUALITY, optimize=True)
    return written.getvalue()


def copy_photos(old: Visit, new: Visit) -> list[VisitPhoto]:
    """The photos of an entry also belong to its correction; the files are the same."""
    return [_copied(one, new) for one in old.photos.all()]


def _copied(photo: VisitPhoto, new: Visit) -> VisitPhoto:
    photo.pk, photo.visit = None, new
    photo._state.adding = True
    photo.save()
    return photo


def read_photo(*, photo: VisitPhoto, by: User | None) -> bytes:
    """The picture; the log keeps who looked at it."""
    log("mentoring.photo_read", photo.visit, by=by, is_written=False)
    return sealed_files.content_of(photo.file)


def read_preview(*, photo: VisitPhoto, by: User | None) -> bytes:
    """The small picture, as it stands on the page of the visit; like the page itself, not worth an entry."""
    return sealed_files.content_of(photo.preview)
