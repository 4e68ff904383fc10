"""Commodities and what they cost; the columns that tables of the value chain share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.areas.models import Place
from kawasan.core.language import choices, in_language
from kawasan.programmes.models import CodeField, Programme, SourceField
from kawasan.value_chain import rules
from kawasan.value_chain.rules import PriceKind

not_negative = MinValueValidator(0)
PERCENT = (not_negative, MaxValueValidator(100))
KBLI_YEAR = RegexValidator(r"^20\d\d\Z", _("Write the year of the classification, e.g. 2020."))
KBLI_CODE = RegexValidator(r"^\d{5}\Z", _("A KBLI code has five digits."))


def unique_code(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=("programme", "code"), name=name, violation_error_message=_("This code is in use. Choose another.")
    )


def validate_months(written: str) -> None:
    """Refuse what names no months."""
    if rules.months_written(written) is None:
        raise ValidationError(_("Write months as numbers from 1 to 12, e.g. 6 or 1-3 12."), code="months")


class MonthsField(models.CharField):
    """Months of the year as their numbers with spaces between them; empty means every month."""

    default_validators = [validate_months]  # noqa: RUF012 - Django's own way to say it

    def __init__(self, **options: Any) -> None:
        defaults = {
            "max_length": 40,
            "blank": True,
            "verbose_name": _("months"),
            "help_text": _("Numbers of the months with spaces between them, e.g. 6 7 or 1-3 12; empty: every month"),
        }
        super().__init__(**(defaults | options))  # type: ignore[arg-type]

    def to_python(self, value: Any) -> Any:
        months = rules.months_written(value) if isinstance(value, str) else None
        return super().to_python(value) if months is None else " ".join(map(str, months))


class Commodity(models.Model):
    """A good or service that enterprises make, use and sell."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="commodities")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=150, help_text=_("Name in English"))
    unit = models.CharField(_("unit"), max_length=30, help_text=_("Unit in which it is counted, e.g. kg"))
    outside_price_idr = models.PositiveBigIntegerField(
        _("price outside the area"),
        null=True,
        blank=True,
        help_text=_("Rupiah per unit at which it can be bought outside the area; empty when it cannot be bought there"),
    )
    perishable_days = models.PositiveIntegerField(
        _("keeps for (days)"), null=True, blank=True, help_text=_("Days that it keeps; empty when it does not spoil")
    )
    kbli_version = models.CharField(
        _("KBLI version"),
        max_length=4,
        default="2020",
        validators=[KBLI_YEAR],
        help_text=_("Year of the KBLI classification, e.g. 2020"),
    )
    kbli_code = models.CharField(
        _("KBLI code"),
        max_length=5,
        blank=True,
        validators=[KBLI_CODE],
        help_text=_("KBLI code of the business that makes it, five digits; may be empty for an input"),
    )
    transport_idr_per_km = models.FloatField(
        _("transport a unit and kilometre (Rp)"),
        null=True,
        blank=True,
        validators=[not_negative],
        help_text=_("Rupiah to carry one unit one kilometre; empty when that costs nothing, as for a file"),
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (unique_code("commodity_code"),)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Price(models.Model):
    """What a commodity cost on a day, and who says so: a row of its price history."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="prices")
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.CASCADE,
        related_name="prices",
        verbose_name=_("commodity"),
        help_text=_("What it is the price of"),
    )
    kind = models.CharField(
        _("kind of price"), max_length=10, choices=choices(PriceKind), help_text=_("Who pays it to whom")
    )
    as_of = models.DateField(_("day"), help_text=_("Day of the price; the first day of what is only a month or a year"))
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="prices",
        null=True,
        blank=True,
        verbose_name=_("place"),
        help_text=_("Where it was paid; empty when that is not known"),
    )
    price_idr = models.PositiveBigIntegerField(
        _("price a unit"), help_text=_("Rupiah per unit; the lowest when there is a range")
    )
    highest_idr = models.PositiveBigIntegerField(
        _("highest price a unit"),
        null=True,
        blank=True,
        help_text=_("Rupiah per unit at most, when a range was given; empty for a single price"),
    )
    source = SourceField()

    class Meta:
        ordering = ("commodity__code", "kind", "as_of", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "commodity", "kind", "as_of", "place"),
                name="price_key",
                violation_error_message=_("This price of the day and place is there already. Change it there."),
            ),
            models.UniqueConstraint(
                fields=("programme", "commodity", "kind", "as_of"),
                condition=models.Q(place__isnull=True),
                name="price_key_without_place",
                violation_error_message=_("This price of the day is there already. Change it there, or name a place."),
            ),
            models.CheckConstraint(
                condition=models.Q(highest_idr__isnull=True) | models.Q(highest_idr__gte=models.F("price_idr")),
                name="price_range",
                violation_error_message=_("The highest price is below the lowest. Enter the lower one first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.commodity} – {self.get_kind_display()}"

    @property
    def middle_idr(self) -> float:
        """The price, or the middle of its range."""
        return self.price_idr if self.highest_idr is None else (self.price_idr + self.highest_idr) / 2
