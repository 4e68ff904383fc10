"""Indonesian phone numbers: written in many ways, stored in one."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

WRITTEN = re.compile(r"(?:\+?62|(?=0))0?([2-9][0-9]+)")
# Mobile phones, free calls, and land lines with their area code.
STORED = re.compile(r"\+62(?:8[1-9][0-9]{7,10}|800[0-9]{5,7}|[2-79][0-9]{6,10})")
BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]+")  # what people write between the digits


def one_form(written: str) -> str:
    """+62 and the national number for 08…, 62… and +62…; what is no such number stays as written."""
    found = WRITTEN.fullmatch(BETWEEN.sub("", written))
    return f"+62{found[1]}" if found else written


def validate_phone(written: str) -> None:
    """Refuse what cannot be dialled in Indonesia."""
    if not STORED.fullmatch(one_form(written)):
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
