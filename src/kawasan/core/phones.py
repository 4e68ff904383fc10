"""Indonesian phone numbers: written in many ways, stored in one."""

import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

WRITTEN = re.compile(r"[\s(]*(?:\+?62|0)([0-9\s().\-\u2010-\u2015]+)")
"""0 or 62 first, then digits and what people write between them.

Alone, the package takes a number that lost its 0 in a spreadsheet, and reads over letters and extensions.
"""
ONE_FORM = re.compile(r"\+62[1-9][0-9]+", re.ASCII)  # so it stays, valid or not


def _read(written: str) -> phonenumbers.PhoneNumber | None:
    """The number, if it can be dialled in Indonesia."""
    found = WRITTEN.fullmatch(written)
    try:
        number = phonenumbers.parse(f"+62{found[1]}") if found else None
    except phonenumbers.NumberParseException:
        return None
    return number if number and phonenumbers.is_valid_number(number) else None


def one_form(written: str) -> str:
    """+62 and the national number for 08…, 62… and +62…; what is no such number stays as written."""
    if ONE_FORM.fullmatch(written):
        return written
    number = _read(written)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else written


def validate_phone(written: str) -> None:
    """Refuse what cannot be dialled in Indonesia."""
    if _read(written) is None:
        raise ValidationError(
            _("This is no Indonesian phone number. Write it with 0 or +62 first, e.g. 0812-3456-7890 or 0717 421234."),
            code="phone",
        )


class PhoneFormField(forms.CharField):
    widget = forms.TelInput

    def to_python(self, value: Any) -> str:
        return one_form(super().to_python(value) or "")


class PhoneField(models.CharField):
    """A phone number, stored as +62…, so that one number is one text."""

    default_validators = [validate_phone]  # noqa: RUF012 - Django's own way to say it

    def to_python(self, value: Any) -> Any:
        return one_form(value) if isinstance(value, str) else super().to_python(value)

    def formfield(self, **options: Any) -> Any:  # type: ignore[override]  # passes on whatever it is given
        return super().formfield(**({"form_class": PhoneFormField} | options))
