"""Photos are looked into, written anew without anything hidden, and found under the name of their content."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kawasan.core import photos


def sent(picture: Image.Image, kind: str = "JPEG", **options: object) -> SimpleUploadedFile:
    written = BytesIO()
    picture.save(written, kind, **options)
    return SimpleUploadedFile("x.jpg", written.getvalue())


def opened(photo: photos.Photo) -> Image.Image:
    return Image.open(BytesIO(photo.content))


@pytest.fixture
def told() -> SimpleUploadedFile:
    """A photo that tells where and with what it was taken, held upright."""
    exif = Image.Exif()
    exif[0x0110] = "Kamera Rahasia"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (2.0, 7.0, 12.0)  # latitude
    return sent(Image.new("RGB", (60, 40), "red"), exif=exif, comment=b"Rahasia")


def test_what_the_camera_wrote_is_taken_out_and_the_picture_stands_upright(told: SimpleUploadedFile) -> None:
    photo = photos.cleaned(told)
    assert b"Rahasia" not in photo.content
    assert opened(photo).size == (40, 60)
    assert dict(opened(photo).getexif()) == {}
    assert photos.is_kept_form(photo.name, photo.content)


def test_what_an_iphone_wrote_is_taken_out_too() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Kamera Rahasia"
    exif.get_ifd(0x8825)[2] = (2.0, 7.0, 12.0)
    photo = photos.cleaned(sent(Image.new("RGB", (64, 64), "red"), "HEIF", exif=exif.tobytes()))
    assert b"Rahasia" not in photo.content
    assert dict(opened(photo).getexif()) == {}


def test_a_file_hidden_behind_the_picture_is_gone() -> None:
    written = sent(Image.new("RGB", (30, 30))).read() + b"<script>alert(1)</script>"
    assert b"script" not in photos.cleaned(SimpleUploadedFile("x.jpg", written)).content


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP"), ("RGB", "HEIF")]
)
def test_every_way_to_store_colours_becomes_the_same_kind_of_picture(mode: str, kind: str) -> None:
    photo = photos.cleaned(sent(Image.new(mode, (20, 10)), kind))
    assert (opened(photo).format, opened(photo).mode, opened(photo).size) == ("JPEG", "RGB", (20, 10))


def test_what_is_transparent_becomes_white() -> None:
    photo = photos.cleaned(sent(Image.new("RGBA", (20, 10), (0, 0, 0, 0)), "PNG"))
    assert opened(photo).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_becomes_smaller() -> None:
    assert opened(photos.cleaned(sent(Image.new("RGB", (4000, 2000))))).size == (1600, 800)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0 not much",
        b"%PDF-1.7",
        b"PK\x03\x04 a zip of zeros",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_photo_has_its_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError, match="not a photo that can be read"):
        photos.cleaned(SimpleUploadedFile("x.jpg", content))


def test_a_photo_that_breaks_off_has_its_sentence() -> None:
    whole = sent(Image.effect_noise((200, 200), 80)).read()
    with pytest.raises(ValidationError, match="not a photo that can be read"):
        photos.cleaned(SimpleUploadedFile("x.jpg", whole[: len(whole) // 2]))


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    huge = sent(Image.new("1", (9000, 9000)), "PNG")  # a few kilobytes that become 81 million pixels
    assert len(huge) < 100_000
    with pytest.raises(ValidationError, match="60 million pixels"):
        photos.cleaned(huge)


def test_a_file_that_is_too_large_is_not_read() -> None:
    large = SimpleUploadedFile("x.jpg", b"")
    large.size = photos.MOST_BYTES + 1
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        photos.cleaned(large)


def test_the_same_picture_is_kept_once_under_the_name_of_its_content() -> None:
    photo = photos.cleaned(sent(Image.new("RGB", (10, 10), "blue")))
    assert photos.keep(photo) == photos.keep(photo) == photo.name
    assert photos.content_of(photo.name) == photo.content
    photos.forget(photo.name)
    assert photos.content_of(photo.name) == b""


@pytest.mark.parametrize("name", ["", "../kawasan.sqlite3", "a.jpg", f"../{'a' * 64}.jpg", f"{'a' * 64}.jpg.exe"])
def test_no_other_file_is_handed_out(name: str) -> None:
    assert photos.content_of(name) == b""


def test_a_photo_with_a_camera_in_it_or_another_name_is_not_in_the_form_that_is_kept(told: SimpleUploadedFile) -> None:
    raw = photos.Photo(told.read())
    assert not photos.is_kept_form(raw.name, raw.content)
    assert not photos.is_kept_form(f"{'a' * 64}.jpg", photos.cleaned(sent(Image.new("RGB", (9, 9)))).content)
    assert not photos.is_kept_form(photos.Photo(b"x").name, b"x")
