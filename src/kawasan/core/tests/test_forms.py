import pytest
from django import forms
from django.utils.translation import override

from kawasan.core.forms import NumberField, RupiahField, WholeNumberField


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("id", "50000", 50_000),
        ("id", "1.000.000", 1_000_000),
        ("id", "Rp50.000", 50_000),
        ("id", " rp. 50.000 ", 50_000),
        ("id", "Rp\N{NO-BREAK SPACE}50.000,00", 50_000),
        ("id", "50.000,-", 50_000),
        ("id", "-50.000", -50_000),
        ("id", "−Rp50.000", -50_000),
        ("en", "1,000,000", 1_000_000),
        ("en", "Rp50,000", 50_000),
        ("en", "IDR 50,000.00", 50_000),
    ],
)
def test_money_is_read_as_its_language_writes_it(language: str, typed: str, amount: int) -> None:
    with override(language):
        assert RupiahField().clean(typed) == amount


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("id", "50,000"),
        ("id", "1,000,000"),
        ("id", "50.00"),
        ("id", "1.00.000"),
        ("id", "50.000,5"),
        ("id", "lima ribu"),
        ("id", "5 0"),
        ("id", "\N{ARABIC-INDIC DIGIT FIVE}"),
        ("id", "9" * 5000),
        ("en", "50.000"),
        ("en", "1.000.000"),
        ("en", "Rp"),
    ],
)
def test_money_that_could_be_meant_otherwise_is_not_guessed_at(language: str, typed: str) -> None:
    with override(language), pytest.raises(forms.ValidationError):
        RupiahField().clean(typed)


@pytest.mark.parametrize(
    ("language", "typed", "quantity"),
    [
        ("id", "1.250,5", 1250.5),
        ("id", "2.500", 2500),
        ("id", "1,125", 1.125),
        ("id", "1.5", 1.5),
        ("id", "0.125", 0.125),
        ("id", "-2.129046", -2.129046),
        ("en", "1,250.5", 1250.5),
        ("en", "2,500", 2500),
        ("en", "1,5", 1.5),
        ("en", "50.000", 50),
    ],
)
def test_a_quantity_is_read_with_its_decimals(language: str, typed: str, quantity: float) -> None:
    with override(language):
        assert NumberField().clean(typed) == quantity


@pytest.mark.parametrize("typed", ["1.250.5", "1,250,5", "1234.567", "1e5", "nan", "inf", "Rp5"])
def test_a_quantity_that_is_not_clear_is_refused(typed: str) -> None:
    with override("id"), pytest.raises(forms.ValidationError):
        NumberField().clean(typed)


@pytest.mark.parametrize(("language", "example"), [("id", "1.250.000"), ("en", "1,250,000")])
def test_what_is_not_clear_is_answered_in_the_readers_own_writing(language: str, example: str) -> None:
    with override(language), pytest.raises(forms.ValidationError, match=example):
        WholeNumberField().clean("banyak")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("value", [0.1, 1.125, 1250.5, 1e-7, 1e15, -2.129046, 1 / 3])
def test_a_number_that_is_shown_is_read_as_the_same_again(language: str, value: float) -> None:
    field = NumberField()
    with override(language):
        assert not field.has_changed(value, field.widget.format_value(value))
