"""Persons as their cards have them."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.rules import (
    Disability,
    Education,
    Sex,
)
from kawasan.areas.models import Place
from kawasan.core.language import choices
from kawasan.core.secrets import EncryptedField, EncryptedPhoneField, Mark
from kawasan.programmes.models import CodeField, Programme, SourceField

IDENTITY_LENGTH = 20  # NIK and KK numbers have 16 digits; wrong ones are kept as written and warned about


def validate_born(day: datetime.date) -> None:
    """Refuse a date of birth that is still to come."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come. Write the date of birth as on the identity card."))


class IdentityField(EncryptedField):
    """The number of a card, so written that one number is one text; wrong ones are kept and warned about."""

    def to_python(self, value: Any) -> Any:
        return rules.as_one_number(value) if isinstance(value, str) else super().to_python(value)


class AccountField(IdentityField):
    """The number of a bank account: digits alone."""

    default_validators = [RegexValidator(r"^[0-9]{5,20}$", _("Write the number of the account: 5 to 20 digits."))]  # noqa: RUF012 - Django's own way to say it


class Person(models.Model):
    """Somebody as the identity card and the family card have them."""

    personal: ClassVar = frozenset(
        {"account_holder", "address", "birth_date", "disability", "mother_name", "name", "rt", "rw"}
    )

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="persons")
    code = CodeField()
    nik = IdentityField(
        _("NIK"),
        kind="nik",
        max_length=IDENTITY_LENGTH,
        help_text=_("Identity number (NIK), 16 digits; a wrong one is warned about"),
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("Name as on the identity card; one word is valid"))
    sex = models.CharField(_("sex"), max_length=10, choices=choices(Sex), help_text=_("Sex as on the identity card"))
    birth_date = models.DateField(
        _("date of birth"), null=True, blank=True, help_text="Date of birth", validators=[validate_born]
    )
    family_card = IdentityField(
        _("family card (KK)"),
        kind="family_card",
        max_length=IDENTITY_LENGTH,
        blank=True,
        help_text=_("Family card number (KK), 16 digits; people with the same one are one household"),
    )
    mother_name = models.CharField(_("mother's name"), max_length=150, blank=True, help_text="Name of the mother")
    phone = EncryptedPhoneField(
        _("phone"), kind="phone", max_length=30, blank=True, help_text=_("Phone number, e.g. 081234567890")
    )
    account = AccountField(
        _("bank account"),
        kind="account",
        max_length=25,
        blank=True,
        help_text="Number of the person's bank account, digits",
    )
    bank = models.CharField(_("bank"), max_length=60, blank=True, help_text="Bank that keeps the account")
    account_holder = models.CharField(
        _("holder of the account"), max_length=150, blank=True, help_text="Name in which the bank keeps the account"
    )
    address = models.CharField(_("address"), max_length=300, help_text=_("Street or lane where the person lives"))
    rt = models.CharField(_("RT"), max_length=5, blank=True, help_text="Neighbourhood unit (RT)")
    rw = models.CharField(_("RW"), max_length=5, blank=True, help_text="Community unit (RW)")
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        verbose_name=_("kelurahan"),
        related_name="persons",
        help_text="Place where the person lives, normally a kelurahan",
    )
    education = models.CharField(
        _("education"), max_length=20, choices=choices(Education), help_text="Highest school finished"
    )
    disability = models.CharField(
        _("disability"), max_length=20, blank=True, choices=choices(Disability), help_text="Kind; empty when none"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="persons",
        verbose_name=_("account"),
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="person_code"),
            models.UniqueConstraint(fields=("programme", "user"), name="person_user"),
        )
        indexes = (
            models.Index("programme", Mark("nik"), name="person_nik"),
            models.Index("programme", Mark("family_card"), name="person_family_card"),
            models.Index("programme", Mark("phone"), name="person_phone"),
            models.Index("programme", Mark("account"), name="person_account"),
            models.Index(fields=("programme", "name")),
            models.Index(fields=("place", "rw", "rt"), name="person_rt"),
        )

    def __str__(self) -> str:
        return self.name
