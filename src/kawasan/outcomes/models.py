"""Measurement rounds, and what was measured of each participant in them."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.language import choices, in_language
from kawasan.outcomes.rules import CashBook, MarketingArea, RoundStatus
from kawasan.programmes.models import CodeField, Programme, SourceField

HOURS_OF_A_WEEK = 168


class Round(models.Model):
    """A date at which every participant is measured; frozen once its figures are reported."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rounds")
    code = CodeField()
    name = models.CharField(_("name"), max_length=100, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=100, help_text="Name in English")
    months_after = models.PositiveSmallIntegerField(
        _("months after the start"), help_text="Months after the start of the programme; 0 is before it"
    )
    due_on = models.DateField(_("due"), help_text="Day by which the round should be measured")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=choices(RoundStatus),
        default="open",
        help_text="Whether measurements may still be entered",
    )

    class Meta:
        ordering = ("months_after", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="round_code"),)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Measurement(models.Model):
    """One participant in one round. What is not known stays empty; it is never a zero."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="measurements")
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="measurements", verbose_name=_("round"), help_text="Round"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="measurements",
        verbose_name=_("participant"),
        help_text="Participant who was measured",
    )
    measured_on = models.DateField(_("measured"), help_text="Day of the measurement")
    is_working = models.BooleanField(
        _("is working"), help_text="Whether the participant works now, in the own enterprise or elsewhere"
    )
    hours_per_week = models.PositiveSmallIntegerField(
        _("hours of work a week"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(HOURS_OF_A_WEEK)],
        help_text="Hours of work in a usual week; empty when not known",
    )
    turnover_idr = models.PositiveBigIntegerField(
        _("turnover a month (rupiah)"),
        null=True,
        blank=True,
        help_text="Turnover of the enterprise in the last month, rupiah; empty when not known",
    )
    profit_idr = models.BigIntegerField(
        _("profit a month (rupiah)"),
        null=True,
        blank=True,
        help_text="Sales less costs in the last month, rupiah; may be negative; empty when not known",
    )
    workers = models.PositiveSmallIntegerField(
        _("workers besides the owner"),
        null=True,
        blank=True,
        help_text="How many people besides the owner work in the enterprise; empty when not known",
    )
    cash_book = models.CharField(
        _("cash book"), max_length=15, choices=choices(CashBook), help_text="How the cash book is kept"
    )
    marketing_area = models.CharField(
        _("marketing area"),
        max_length=15,
        blank=True,
        choices=choices(MarketingArea),
        help_text="How far the enterprise sells; empty when it sells nothing yet",
    )
    note = models.TextField(_("note"), blank=True, help_text="What else should be known")
    source = SourceField()

    class Meta:
        ordering = ("round", "applicant")
        constraints = (
            models.UniqueConstraint(fields=("programme", "round", "applicant"), name="measurement_participant"),
            models.CheckConstraint(  # holds where one of the two is not known
                condition=models.Q(profit_idr__lte=models.F("turnover_idr")),
                name="measurement_profit",
                violation_error_message=_("The profit is above the turnover; correct the one that is wrong."),
            ),
            models.CheckConstraint(
                condition=models.Q(hours_per_week__isnull=True)
                | models.Q(is_working=True, hours_per_week__gt=0)
                | models.Q(is_working=False, hours_per_week=0),
                name="measurement_hours",
                violation_error_message=_(
                    "Somebody who works has hours of work, and somebody who does not has none; "
                    "correct one of the two, or leave the hours empty."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} – {self.applicant_id}"
