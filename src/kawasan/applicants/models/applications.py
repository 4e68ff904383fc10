"""What a person applied for, and what the assessment made of it."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.models.persons import Person
from kawasan.applicants.rules import (
    Status,
    Work,
)
from kawasan.core.language import choices
from kawasan.core.text import Text
from kawasan.programmes.models import CodeField, Field, NeedBand, Programme, RuleSet, SourceField

LONGEST_IDEA = 2000  # characters


def validate_past(day: datetime.date) -> None:
    """Refuse a day on which nothing can have been seen yet."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come. Write the day on which it was."))


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def in_pool(self) -> "ApplicantQuerySet":
        """The applicants among whom seats are drawn."""
        return self.filter(status=Status.ELIGIBLE)

    def to_check(self) -> "ApplicantQuerySet":
        """Those with warnings that somebody has to look at: whoever withdrew needs no look any more."""
        return self.filter(has_warnings=True).exclude(status=Status.WITHDRAWN)

    def in_trouble(self, kind: str) -> "ApplicantQuerySet":
        """Those in whom something of a kind was found."""
        return self.filter(trouble__contains=f",{kind},")

    def in_full(self) -> "ApplicantQuerySet":
        """With everything that a list or a page shows of them."""
        return self.select_related("person__place__parent", "field", "need_band", "rule_set")


class Applicant(models.Model):
    """An application of one person for one field, and what the assessment made of it."""

    personal: ClassVar = frozenset({"helped_by", "latitude", "longitude"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="applicants")
    code = CodeField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, verbose_name=_("person"), related_name="applicants", help_text="Who applied"
    )
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        verbose_name=_("field"),
        related_name="applicants",
        help_text="Field of business",
    )
    idea = models.TextField(
        _("business idea"),
        max_length=LONGEST_IDEA,
        validators=[MaxLengthValidator(LONGEST_IDEA)],
        help_text=_("What the person wants to make or do, and for whom"),
    )
    applied_on = models.DateField(_("applied on"), help_text=_("Day of applying; rules are those of this day"))
    activity_now = models.CharField(
        _("activity now"), max_length=20, choices=choices(Work), help_text=_("What the person does for a living")
    )
    months_without_work = models.PositiveSmallIntegerField(
        _("months without work"),
        validators=[MaxValueValidator(rules.MOST_MONTHS)],
        help_text="Months without work until the day of applying",
    )
    household_size = models.PositiveSmallIntegerField(
        _("people in the household"),
        validators=[MinValueValidator(1), MaxValueValidator(rules.MOST_PEOPLE)],
        help_text="People in the household, the applicant included",
    )
    household_income_idr = models.PositiveBigIntegerField(
        _("household income a month (Rp)"),
        validators=[MaxValueValidator(rules.MOST_INCOME_IDR)],
        help_text="Income of the household, rupiah per month",
    )
    dependants = models.PositiveSmallIntegerField(
        _("dependants"),
        validators=[MaxValueValidator(rules.MOST_PEOPLE)],
        help_text="People who live from the applicant's income",
    )
    household_workers = models.PositiveSmallIntegerField(
        _("working people in the household"),
        validators=[MaxValueValidator(rules.MOST_PEOPLE)],
        help_text="People of the household who have work",
    )
    earlier_assistance = models.BooleanField(
        _("got assistance before"), default=False, help_text=_("Whether the person got government assistance before")
    )
    earlier_assistance_reported = models.BooleanField(
        _("reported the earlier assistance (LPJ)"),
        default=False,
        help_text="Whether the accountability report (LPJ) of the earlier assistance was handed in",
    )
    latitude = models.FloatField(
        _("latitude of the business"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Where the business is or will be, degrees north; south is negative",
    )
    longitude = models.FloatField(
        _("longitude of the business"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Where the business is or will be, degrees east",
    )
    device = models.CharField(
        _("device"),
        max_length=64,
        blank=True,
        help_text="Mark of the device from which the application came, a hash; empty when the office entered it",
    )
    helped_by = models.CharField(
        _("helped by"),
        max_length=150,
        blank=True,
        help_text="Who filled in the form for the person or helped with it, if somebody did",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    desil = models.PositiveSmallIntegerField(
        _("desil of the household"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Desil of the household in the national register, 1 (poorest) to 10; empty when not known",
    )
    desil_source = models.CharField(
        _("where the desil was seen"),
        max_length=150,
        blank=True,
        help_text="Where the desil was seen, e.g. DTSEN through the kelurahan",
    )
    desil_on = models.DateField(
        _("day on which the desil was seen"),
        null=True,
        blank=True,
        validators=[validate_past],
        help_text="Day on which the desil was seen",
    )
    disaster = models.CharField(
        _("disaster that hit the household, and who says so"),
        max_length=200,
        blank=True,
        help_text="Disaster that hit the household and who says so, e.g. flood, letter of the BPBD; empty when none",
    )
    disaster_on = models.DateField(
        _("day of the disaster"),
        null=True,
        blank=True,
        validators=[validate_past],
        help_text="Day on which the disaster hit the household",
    )
    source = SourceField()
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=choices(Status),
        default=Status.SUBMITTED,
        help_text=_("Where the application stands"),
    )
    reasons = models.JSONField(
        _("reasons"), default=list, blank=True, help_text=_("Every reason against entry, as sentences with their gaps")
    )
    need_score = models.FloatField(
        _("need score"), null=True, blank=True, help_text=_("Need score, 0 to 100 points with one decimal")
    )
    need_parts = models.JSONField(
        _("parts of the need score"), default=list, blank=True, help_text="Parts of the score with points and reasons"
    )
    need_band = models.ForeignKey(
        NeedBand,
        on_delete=models.PROTECT,
        verbose_name=_("need band"),
        null=True,
        blank=True,
        related_name="applicants",
        help_text="Need band into which the score falls",
    )
    warnings = models.JSONField(
        _("warnings"), default=list, blank=True, help_text=_("What looks odd and should be checked, as sentences")
    )
    has_warnings = models.GeneratedField(
        expression=models.Case(models.When(warnings=[], then=False), default=True),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    trouble = models.CharField(
        _("kinds of trouble"),
        max_length=300,
        blank=True,
        help_text="Kinds of what looks odd or speaks against entry, each between commas",
    )
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True, help_text="Day of the last assessment")
    rule_set = models.ForeignKey(
        RuleSet,
        on_delete=models.PROTECT,
        verbose_name=_("rule set"),
        null=True,
        blank=True,
        related_name="applicants",
        help_text="Rule set that was applied, by its number",
    )
    frozen_on = models.DateField(
        _("in the frozen pool since"),
        null=True,
        blank=True,
        help_text="Day on which the pool of the draw was frozen with this application; empty when it is in none",
    )
    withdrawn_on = models.DateField(
        _("withdrawn on"), null=True, blank=True, help_text="Day on which the application was withdrawn, if it was"
    )
    withdrawal_reason = models.TextField(
        _("why it was withdrawn"), blank=True, help_text="Why the application was withdrawn, if it was"
    )

    unlogged: ClassVar = frozenset({"has_warnings"})
    objects = ApplicantQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="applicant_code"),
            models.CheckConstraint(
                condition=~models.Q(status=Status.ELIGIBLE)
                | models.Q(need_score__isnull=False, need_band__isnull=False, rule_set__isnull=False),
                name="applicant_eligible_is_assessed",
                violation_error_message=_(
                    "An eligible application has a need score, a need band and a rule set. Fill in all "
                    "three, or write the status submitted."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.WITHDRAWN) | models.Q(withdrawn_on=None, withdrawal_reason=""),
                name="applicant_withdrawn_says_why",
                violation_error_message=_(
                    "Only a withdrawn application has a day and a reason of its withdrawal. Empty both, or write the "
                    "status withdrawn."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(earlier_assistance=True) | models.Q(earlier_assistance_reported=False),
                name="applicant_reports_what_was_given",
                violation_error_message=_("A report can only be handed in for assistance that was given."),
            ),
        )
        indexes = (
            models.Index(fields=("programme", "status", "has_warnings"), name="applicant_counts"),
            models.Index(fields=("programme", "status", "code"), name="applicant_status"),
            models.Index(fields=("programme", "has_warnings", "code"), name="applicant_warnings"),
            models.Index(fields=("programme", "-need_score", "code"), name="applicant_need"),
            models.Index(fields=("programme", "-applied_on", "code"), name="applicant_latest"),
            models.Index(fields=("programme", "frozen_on"), name="applicant_frozen"),
            models.Index(fields=("programme", "device"), name="applicant_device"),
            models.Index(fields=("programme", "latitude"), name="applicant_latitude"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.person}"

    @property
    def last_day_to_object(self) -> datetime.date | None:
        """Until when the assessment can be objected to; ``rule_set`` must be loaded."""
        return rules.last_day_to_object(self.assessed_on, self.rule_set.days_to_object if self.rule_set else 0)

    def reasons_no_objection(self, day: datetime.date) -> list[Text]:
        """Why the applicant cannot object on a day."""
        is_open = any(one.outcome == rules.Outcome.OPEN for one in self.objections.all())
        return rules.reasons_no_objection(
            status=self.status, last_day=self.last_day_to_object, day=day, is_open=is_open
        )
