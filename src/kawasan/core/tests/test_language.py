import pytest
from django.utils.translation import override

from kawasan.core.language import UNITS, amount, in_words, unit
from kawasan.core.text import Text, _


@pytest.mark.parametrize(
    ("language", "written", "shown"),
    [
        ("en", "loyang", "trays"),
        ("id", "loyang", "loyang"),
        ("id", "trays", "loyang"),
        ("en", "kg", "kg"),
        ("en", "bahu", "bahu"),
    ],
)
def test_a_unit_is_shown_in_the_readers_language_if_it_is_known(language, written, shown):
    with override(language):
        assert unit(written) == shown


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [("en", 1, "1 catalogue"), ("en", 1.5, "1.5 catalogues"), ("en", 0, "0 catalogues"), ("id", 1, "1 katalog")],
)
def test_one_of_a_unit_is_one(language, value, shown):
    with override(language):
        assert amount(value, "katalog") == shown


def test_a_sentence_says_a_unit_in_the_readers_language():
    sentence = Text(_("One {one_unit} of {limit} {unit}"), {"limit": 2, "unit": "loyang", "one_unit": "loyang"})
    with override("en"):
        assert in_words(sentence) == "One tray of 2 trays"


def test_a_unit_in_indonesian_is_never_changed_into_another_indonesian_one():
    with override("id"):
        assert all(unit(word) in (word, "m²", "m³") for word in UNITS)


def test_a_gap_without_a_value_is_a_dash():
    assert in_words(Text(_("turnover Rp{amount}"), {"amount": None})).endswith("Rp–")
