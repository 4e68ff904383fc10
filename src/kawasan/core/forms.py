"""Model forms as people see them: the browser's date and time fields, no column documentation."""

import datetime
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

M = TypeVar("M", bound=Model)


FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)
MOST_QUANTITY = 10**15  # in any unit; beyond it a number is a slip of the keyboard, and no longer exact


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class ModelForm(forms.ModelForm):
    """A form that derives from a model. The model's help texts document columns of files, so they are not shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self._meta.help_texts or {}
        for name, field in self.fields.items():
            field.help_text = shown.get(name, "")
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
                field.validators += [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
            elif isinstance(field, forms.TimeField):
                field.widget = TimeInput()
            elif isinstance(field, forms.IntegerField):  # a FloatField is one too
                field.validators += [MinValueValidator(-MOST_QUANTITY), MaxValueValidator(MOST_QUANTITY)]


def offer(form: forms.BaseForm, name: str, rows: QuerySet[M]) -> None:
    """Let a form's field choose among these rows."""
    cast("forms.ModelChoiceField[M]", form.fields[name]).queryset = rows


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Let a form's field choose among these codes, shown as their labels."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
