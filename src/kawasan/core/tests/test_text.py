"""Sentences keep their gaps until they are shown, and are shown in the reader's language."""

import datetime
import json

import pytest
from django.utils import translation

from kawasan.core import language
from kawasan.core.text import Text


def test_a_text_reads_as_its_sentence() -> None:
    assert str(Text("There are {seats} seats.", {"seats": 3})) == "There are 3 seats."


def test_a_stored_text_comes_back_with_texts_inside_it() -> None:
    text = Text("{name}: {why}", {"name": "Ani", "why": Text("too {what}", {"what": "young"})})
    assert Text.restored(text.stored()) == text


def test_a_day_in_a_stored_text_is_shown_as_the_reader_writes_it() -> None:
    stored = json.loads(json.dumps(Text("born {day}", {"day": datetime.date(1990, 5, 7)}).stored()))
    with translation.override("id"):
        assert language.in_words(stored) == "born 7 Mei 1990"


@pytest.mark.parametrize(
    ("code", "amount", "number", "share", "day"),
    [
        ("id", "Rp1.250.000", "1.234,5", "25,5%", "26 Agustus 2022"),
        ("en", "Rp1,250,000", "1,234.5", "25.5%", "August 26, 2022"),
    ],
)
def test_values_are_shown_as_the_reader_writes_them(code: str, amount: str, number: str, share: str, day: str) -> None:
    with translation.override(code):
        assert language.rupiah(1_250_000) == amount
        assert language.number(1234.5) == number
        assert language.percent(0.255, 1) == share
        assert language.date(datetime.date(2022, 8, 26)).replace("26 August 2022", "August 26, 2022") == day


@pytest.mark.parametrize(
    ("probability", "written"), [(0.255, "25.5%"), (0.9994, "99.9%"), (0.99999, "> 99.9%"), (1.0, "> 99.9%")]
)
def test_what_was_estimated_is_never_certain(probability: float, written: str) -> None:
    with translation.override("en"):
        assert language.likelihood(probability) == written


def test_what_is_missing_is_a_dash() -> None:
    assert [language.number(None), language.rupiah(float("nan")), language.percent(None), language.date(None)] == [
        "–"
    ] * 4


def test_the_gaps_of_a_sentence_are_written_as_the_reader_writes_them() -> None:
    text = Text("{amount} on {day}: {known}", {"amount": 12500, "day": datetime.date(2022, 8, 26), "known": True})
    with translation.override("id"):
        assert language.in_words(text).startswith("12.500 on 26 Agustus 2022: ")


def test_a_negative_amount_has_its_sign_before_the_currency() -> None:
    assert language.rupiah(-5000).startswith("−Rp5")
