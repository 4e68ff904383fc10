"""One photo handed in for two people is found, also when it was made smaller, brighter or saved anew."""

import datetime
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from kawasan.applicants.models import Applicant
from kawasan.applicants.services.papers import hand_in
from kawasan.applicants.tests import factories
from kawasan.core.models import LogEntry
from kawasan.core.photos import Photo, bits_apart, look_of
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

DAY = datetime.date(2022, 8, 12)
SAID = "A photo that was handed in looks like one of {}."


def picture(seed: int) -> Image.Image:
    """Blotches of light and shade, as any photo has them."""
    points = np.random.default_rng(seed).integers(0, 255, (6, 8), dtype=np.uint8)
    return Image.fromarray(points).resize((800, 600), Image.Resampling.BICUBIC)


def jpeg(image: Image.Image, quality: int = 82) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


@pytest.fixture
def people(programme: Programme) -> list[Applicant]:
    return [factories.applicant(programme, number) for number in (1, 2, 3)]


def send(applicant: Applicant, content: bytes, kind: str = "ktp") -> list[str]:
    """Hand a photo in; what is then said of the applicant about photos."""
    hand_in(applicant=applicant, kind=kind, photo=Photo(content), by=None, on=DAY)
    return said(applicant)


def said(applicant: Applicant) -> list[str]:
    applicant.refresh_from_db()
    return [str(Text.restored(one)) for one in applicant.warnings if one.get("kind") == "photo"]


@pytest.mark.parametrize(
    "again",
    [
        jpeg(picture(1)),
        jpeg(picture(1), quality=40),
        jpeg(picture(1).resize((320, 240))),
        jpeg(ImageEnhance.Brightness(picture(1)).enhance(0.8)),
    ],
)
def test_the_same_photo_of_two_people_is_said_of_both(people: list[Applicant], again: bytes) -> None:
    first, second, _third = people
    assert send(first, jpeg(picture(1))) == []
    assert send(second, again, "kk") == [SAID.format("A001")]
    assert said(first) == [SAID.format("A002")]
    entry = LogEntry.objects.filter(verb="applicants.paper_received").latest("sequence")
    assert entry.rows.filter(table="applicants.Applicant").count() == 2


def test_other_photos_are_not_taken_for_it(people: list[Applicant]) -> None:
    first, second, _third = people
    send(first, jpeg(picture(1)))
    assert send(second, jpeg(picture(2))) == []
    looks = [look_of(jpeg(picture(seed))) for seed in range(60)]
    apart = [bits_apart(one, other) for at, one in enumerate(looks) for other in looks[:at]]
    assert min(apart) > 6


def test_a_photo_that_is_replaced_says_nothing_any_more(people: list[Applicant]) -> None:
    first, second, third = people
    for applicant in people:
        send(applicant, jpeg(picture(1)))
    assert said(second) == [SAID.format("A001, A003")]
    send(third, jpeg(picture(2)))
    assert (said(first), said(second), said(third)) == ([SAID.format("A002")], [SAID.format("A001")], [])


def test_a_person_may_hand_in_the_same_photo_twice(programme: Programme, people: list[Applicant]) -> None:
    again = factories.applicant(programme, 9, of=people[0].person)
    send(people[0], jpeg(picture(1)))
    assert send(again, jpeg(picture(1))) == []


def test_blank_sheets_are_not_one_photo(people: list[Applicant]) -> None:
    blank = jpeg(Image.new("L", (800, 600), 255))
    assert look_of(blank) == ""
    send(people[0], blank)
    assert send(people[1], blank) == []


def test_nobody_of_another_programme_is_told_of(other_programme: Programme, people: list[Applicant]) -> None:
    send(people[0], jpeg(picture(1)))
    stranger = factories.applicant(other_programme, 1, field=people[0].field)
    assert send(stranger, jpeg(picture(1))) == []
