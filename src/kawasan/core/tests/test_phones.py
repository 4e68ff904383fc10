"""However a phone number is written, it is stored in one form; what cannot be dialled is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from kawasan.core.phones import PhoneField, one_form


@pytest.mark.parametrize(
    "written",
    ["081234567890", "6281234567890", "+6281234567890", "0812-3456-7890", "+62 812 3456 7890", "+62 (0)812.3456.7890"],
)
def test_a_number_has_one_form_however_it_is_written(written: str) -> None:
    assert PhoneField(max_length=30).clean(written, None) == "+6281234567890"


@pytest.mark.parametrize("written", ["(0717) 421234", "0717\N{EN DASH}421234", "62717421234", "+62 (0)717 421234"])
def test_a_land_line_keeps_its_area_code(written: str) -> None:
    assert PhoneField(max_length=30).clean(written, None) == "+62717421234"


def test_a_free_call_is_a_number() -> None:
    assert PhoneField(max_length=30).clean("0800 1234567", None) == "+628001234567"


def test_the_one_form_stays_as_it_is() -> None:
    assert one_form(one_form("0812 3456 7890")) == one_form("0812 3456 7890")


@pytest.mark.parametrize(
    "written",
    [
        "1",
        "tidak ada",
        "81234567890",  # a spreadsheet took the 0 away
        "08123456",
        "0812345678901234",
        "0012345678",
        "0062 812 3456 7890",
        "+1 212 555 0100",
        "001 1 212 555 0100",
        "0717 1234",  # no subscriber has so few digits
        "0812 3456 7890 ext. 5",
        "+62",
        "0812-3456-789O",
        "081234567890 / 081234567891",
        "٠٨١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_what_cannot_be_dialled_is_refused_with_an_example(written: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=r"Write it with 0 or \+62 first"):
        PhoneField(max_length=30).clean(written, None)


def test_a_form_shows_and_keeps_the_one_form() -> None:
    field = PhoneField(max_length=30, blank=True).formfield()
    assert field.widget.input_type == "tel"
    assert (field.clean("0812 3456 7890"), field.clean("")) == ("+6281234567890", "")
