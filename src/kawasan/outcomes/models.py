"""Measurement rounds, and what was measured of each participant in them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.language import choices, in_language
from kawasan.outcomes.rules import REDRAWS, CashBook, LabourStatus, MarketingArea, RoundStatus, labour_status
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
    is_comparison = models.BooleanField(
        _("for comparison"),
        default=False,
        help_text="Whether somebody of the pool without a seat was measured, to compare with",
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
    hours_last_week = models.PositiveSmallIntegerField(
        _("hours worked last week"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(HOURS_OF_A_WEEK)],
        help_text="Hours of work for pay or profit in the last seven days, all jobs; 0 when none, empty when not asked",
    )
    was_absent = models.BooleanField(
        _("away from a job last week"),
        null=True,
        blank=True,
        help_text="Whether somebody without an hour last week has a job or an enterprise to go back to, e.g. when ill",
    )
    wants_more_hours = models.BooleanField(
        _("wants more hours"),
        null=True,
        blank=True,
        help_text="Whether somebody who works wants to work more hours and could; empty when not asked",
    )
    seeks_work = models.BooleanField(
        _("looks for work"),
        null=True,
        blank=True,
        help_text="Whether work was looked for, or an enterprise prepared, in four weeks; empty when not asked",
    )
    is_available = models.BooleanField(
        _("could start to work"),
        null=True,
        blank=True,
        help_text="Whether work could be taken up within two weeks; empty when not asked",
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
    capacity = models.FloatField(
        _("production capacity a month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="How much the enterprise could make in a month, in capacity_unit; empty when not known",
    )
    capacity_unit = models.CharField(
        _("unit of the capacity"),
        max_length=30,
        blank=True,
        help_text="Unit of capacity, e.g. kg, packs, orders; the same in every round",
    )
    sales_volume = models.FloatField(
        _("sales volume a month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="How much was sold in the last month, in sales_unit; empty when not known",
    )
    sales_unit = models.CharField(
        _("unit of the sales volume"),
        max_length=30,
        blank=True,
        help_text="Unit of sales_volume, e.g. kg, packs, orders; the same in every round",
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
                condition=models.Q(capacity__isnull=True, capacity_unit="")
                | models.Q(capacity__isnull=False) & ~models.Q(capacity_unit=""),
                name="measurement_capacity",
                violation_error_message=_("Write the production capacity with its unit, e.g. 300 and kg, or neither."),
            ),
            models.CheckConstraint(
                condition=models.Q(sales_volume__isnull=True, sales_unit="")
                | models.Q(sales_volume__isnull=False) & ~models.Q(sales_unit=""),
                name="measurement_sales",
                violation_error_message=_("Write the sales volume with its unit, e.g. 250 and kg, or neither."),
            ),
            models.CheckConstraint(
                condition=models.Q(was_absent__isnull=True)
                | models.Q(was_absent=False)
                | models.Q(hours_last_week__isnull=False, hours_last_week=0),
                name="measurement_absent",
                violation_error_message=_(
                    "Only who worked no hour last week was away from a job. Write 0 hours, or say that nobody was away."
                ),
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

    @property
    def labour_status(self) -> LabourStatus | None:
        """Where the person stands in the labour force; None where the answers do not say it."""
        return labour_status(
            hours=self.hours_last_week,
            was_absent=self.was_absent,
            wants_more_hours=self.wants_more_hours,
            seeks_work=self.seeks_work,
            is_available=self.is_available,
        )


class AnalysisPlan(models.Model):
    """What will be compared, and how: registered before anybody knows the answers, and unchangeable from then on."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="analysis_plan")
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="+", verbose_name=_("round"), help_text="Round that decides"
    )
    outcomes = models.JSONField(_("outcomes"), help_text="Codes of the outcomes that are compared")
    covariates = models.JSONField(_("adjusted for"), blank=True, help_text="What was known before the draw")
    redraws = models.PositiveIntegerField(_("redraws"), default=REDRAWS, help_text="How often the pool is drawn again")
    registered_on = models.DateField(_("registered"), help_text="Day on which the plan was registered")
    plan_hash = models.CharField(_("hash of the plan"), max_length=64, help_text="SHA-256 of the plan as JSON")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("programme", "round"), name="analysis_plan_round"),)

    def __str__(self) -> str:
        return self.plan_hash


class Estimate(models.Model):
    """The effect in one round, from rows of which the hash is kept: whoever has them can compute it again."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="estimates")
    plan = models.ForeignKey(AnalysisPlan, on_delete=models.CASCADE, related_name="estimates")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="estimates", verbose_name=_("round"))
    estimated_on = models.DateField(_("estimated"), help_text="Day of the computation")
    rows_hash = models.CharField(_("hash of the rows"), max_length=64, help_text="SHA-256 of the rows as JSON")
    result = models.JSONField(_("result"), help_text="Effects of all outcomes, and who could not be compared")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.rows_hash


class LabourForce(models.Model):
    """Who works or looks for work in the area in one year, by the official statistics."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="labour_forces")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)], help_text=_("Year of the survey")
    )
    labour_force = models.PositiveIntegerField(
        _("labour force"), validators=[MinValueValidator(1)], help_text=_("People who work or look for work")
    )
    unemployed = models.PositiveIntegerField(_("unemployed"), help_text=_("People who look for work and have none"))
    source = SourceField()

    class Meta:
        ordering = ("-year", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "year"),
                name="labour_force_year",
                violation_error_message=_("There are figures of this year already. Remove them first."),
            ),
            models.CheckConstraint(
                condition=models.Q(unemployed__lte=models.F("labour_force")),
                name="labour_force_unemployed",
                violation_error_message=_(
                    "The unemployed are part of the labour force; one of the two figures is wrong."
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class ReportingDate(models.Model):
    """The indicators on one day as they were reported: frozen with the rows behind them, and never altered."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="reporting_dates")
    reported_on = models.DateField(_("reporting date"), help_text=_("Day that the indicators are about"))
    frozen_on = models.DateField(_("frozen"), help_text=_("Day on which they were frozen"))
    people = models.JSONField(_("rows"), help_text="What each participant counts for in each indicator")
    parts = models.JSONField(_("parts told apart"), help_text="Parts that are told apart outside the office")
    withheld = models.JSONField(_("withheld"), blank=True, help_text="Counts that are withheld outside the office")
    content_hash = models.CharField(_("hash"), max_length=64, help_text=_("SHA-256 of all of it as JSON"))

    class Meta:
        ordering = ("-reported_on",)
        constraints = (models.UniqueConstraint(fields=("programme", "reported_on"), name="reporting_date_day"),)

    def __str__(self) -> str:
        return self.reported_on.isoformat()
