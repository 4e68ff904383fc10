"""Model forms as people see them: the browser's dates and times, numbers as people write them, no documentation."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, TypeVar, cast

from babel.numbers import format_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Model, QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kawasan.core.errors import answers
from kawasan.core.language import in_words, locale

M = TypeVar("M", bound=Model)
DASHES = BLANK_CHOICE_DASH[0][1]
REQUIRED = forms.Field.default_error_messages["required"]


FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)
MOST_QUANTITY = 10**15  # in any unit; beyond it a number is a slip of the keyboard, and no longer exact
WHOLE = re.compile(r"-?[0-9]+(?:\.00?)?")
RECEIPT = re.compile(r"^([-−]?)\s*(?:Rp\.?|IDR)\s*|(?<=[0-9]),-$", re.IGNORECASE)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class NumberInput(forms.TextInput):
    """The browser's own number field drops what it cannot read, such as 1.000.000, so this is a line of text."""

    def format_value(self, value: Any) -> str | None:
        """A number of ours as its reader writes it; what was typed stays as typed."""
        if isinstance(value, int | float):
            return format_decimal(Decimal(f"{Decimal(repr(value)):f}"), locale=locale(), decimal_quantization=False)
        return super().format_value(value)


class RupiahInput(NumberInput):
    template_name = "django/forms/widgets/rupiah.html"


def read(typed: str, *, foreign: bool = False) -> str | None:
    """The digits of a number in the reader's writing, with a point before decimals, or nothing if it is not clear.

    If foreign, the other language's decimals are read too where they cannot be meant as a group of thousands.
    """
    group, point = (r"\.", ",") if locale() == "id" else (",", r"\.")
    own = rf"([-−]?)([0-9]+|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+)(?:{point}([0-9]+))?"
    other = rf"([-−]?)(0|[0-9]+(?!{group}[0-9]{{3}}$)){group}([0-9]+)"
    found = re.fullmatch(own, typed) or (foreign and re.fullmatch(other, typed))
    if not found:
        return None
    sign, whole, part = found.groups()
    return f"{'-' if sign else ''}{re.sub(group, '', whole)}{f'.{part}' if part else ''}"


class NumberField(forms.FloatField):
    """A number as people write it: 1.250,5 in Indonesian, 1,250.5 in English."""

    widget = NumberInput
    default_error_messages: ClassVar = {
        "invalid": _(
            "This is not clear. Write a number in digits; commas may part the thousands, and a point comes before "
            "decimals, e.g. 1,250.5."
        )
    }

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # as FloatField itself
        if value in self.empty_values:
            return None
        digits = read(str(value).strip(), foreign=True)
        if digits is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(digits)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | _keyboard(self, "decimal")


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it: 1.250.000 in Indonesian, 1,250,000 in English."""

    widget = NumberInput
    default_error_messages: ClassVar = {
        "invalid": _(
            "This is not clear. Write a whole number in digits; commas may part the thousands, e.g. 1,250,000."
        )
    }

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        digits = read(str(value).strip())
        if digits is None or not WHOLE.fullmatch(digits):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(digits.partition(".")[0])

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | _keyboard(self, "numeric")


class RupiahField(WholeNumberField):
    """An amount of rupiah, also as it stands on receipts: Rp50.000, Rp 50.000,00 or Rp50.000,-."""

    widget = RupiahInput

    def to_python(self, value: Any) -> int | None:
        return super().to_python(RECEIPT.sub(r"\1", str(value or "").strip()))


def _keyboard(field: forms.IntegerField, keyboard: str) -> dict[str, str]:
    """A phone's keyboard of digits, which on some has no minus: only where none can be meant."""
    return {"inputmode": keyboard} if field.min_value is not None and field.min_value >= 0 else {}


def form_field(column: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """The form field of a model's: numbers as people write them, amounts of money with their sign."""
    if isinstance(column, models.FloatField):
        least = [v.limit_value for v in column.validators if isinstance(v, MinValueValidator)]
        options = {"form_class": NumberField, "min_value": max(least, default=None), **options}
    elif isinstance(column, models.IntegerField):
        options = {"form_class": RupiahField if column.name.endswith("_idr") else WholeNumberField, **options}
        if isinstance(column, models.BigIntegerField):
            options = {"max_value": None, **options}  # that of the database, beside which ModelForm has one to be read
    return column.formfield(**options)


class Refusable(forms.BaseForm):
    """Once a service refused what was sent, the form is shown again as it was filled in, with the reasons."""

    def full_clean(self) -> None:
        super().full_clean()
        sent = answers.get()
        if sent and self.is_bound:
            sent.are_in_form = True
            for reason in sent.refusal:
                self.add_error(None, in_words(reason))


class Form(Refusable, forms.Form):
    """A form that changes something. One that only filters a list is Django's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_fields(self)


class ModelForm(Refusable, forms.ModelForm):
    """A form that derives from a model. The model's help texts document columns of files, so they are not shown."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if meta := getattr(cls, "Meta", None):
            meta.formfield_callback = staticmethod(form_field)  # read by Django's metaclass after this

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
        _word_fields(self)


def _word_fields(form: forms.BaseForm) -> None:
    """Words where Django shows dashes for a choice that is not made, or speaks of a field: one of business, to us."""
    for field in form.fields.values():
        if field.error_messages["required"] == REQUIRED:
            field.error_messages["required"] = _("Fill this in.")
        word = _("(choose)") if field.required else _("(empty)")
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = word if field.empty_label == DASHES else field.empty_label
        elif isinstance(field, forms.TypedChoiceField):
            offered = cast("Iterable[tuple[str, str | Promise]]", field.choices)
            field.choices = [(code, word if label == DASHES else label) for code, label in offered]


def offer(form: forms.BaseForm, name: str, rows: QuerySet[M]) -> None:
    """Let a form's field choose among these rows."""
    cast("forms.ModelChoiceField[M]", form.fields[name]).queryset = rows


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Let a form's field choose among these codes, shown as their labels."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
