"""The sample of applicants whose living is verified, to see whether seats reach those in need."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.models.applications import Applicant
from kawasan.programmes.models import CodeField, Programme


class LivingSampleQuerySet(models.QuerySet["LivingSample"]):
    def with_counts(self) -> "LivingSampleQuerySet":
        """With how many people each has, and how many of them are still to visit."""
        left = models.Count("checks", filter=models.Q(checks__verified_on=None))
        return self.annotate(people=models.Count("checks"), left=left)


class LivingSample(models.Model):
    """Applicants drawn at random, kecamatan by kecamatan, whose living is verified; anyone can draw it again."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="living_samples")
    code = CodeField()
    drawn_on = models.DateField(_("drawn on"), help_text=_("Day on which the sample was drawn"))
    seed = models.CharField(
        _("seed"), max_length=64, help_text=_("Seed of the sample, a SHA-256 of its code and of all who could be drawn")
    )
    line_idr = models.PositiveBigIntegerField(
        _("in need below (Rp a head and month)"),
        validators=[MinValueValidator(1)],
        help_text=_("Rupiah per head and month below which a household is in need"),
    )

    objects = LivingSampleQuerySet.as_manager()

    class Meta:
        ordering = ("-drawn_on", "-pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="living_sample_code"),)

    def __str__(self) -> str:
        return self.code


class LivingCheckQuerySet(models.QuerySet["LivingCheck"]):
    def verified(self) -> "LivingCheckQuerySet":
        """Those whose living is known."""
        return self.filter(household_income_idr__isnull=False)

    def to_do(self) -> "LivingCheckQuerySet":
        """Those of whom nothing was recorded yet."""
        return self.filter(verified_on=None)


class LivingCheck(models.Model):
    """What a household lives from, as somebody saw it; or why it could not be seen."""

    personal: ClassVar = frozenset({"verified_by"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="living_checks")
    sample = models.ForeignKey(
        LivingSample, on_delete=models.CASCADE, related_name="checks", help_text="Sample to which the applicant belongs"
    )
    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="living_checks", help_text="Who was drawn"
    )
    stratum = models.CharField(
        _("kecamatan"), max_length=60, help_text=_("Code of the place within which the applicant was drawn")
    )
    stratum_people = models.PositiveIntegerField(
        _("applicants of the kecamatan"),
        validators=[MinValueValidator(1)],
        help_text=_("How many could be drawn there when the sample was drawn"),
    )
    household_size = models.PositiveSmallIntegerField(
        _("people in the household"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("People in the household, as verified"),
    )
    household_income_idr = models.PositiveBigIntegerField(
        _("household income a month (Rp)"),
        null=True,
        blank=True,
        help_text=_("Income of the household, rupiah per month, as verified"),
    )
    evidence = models.CharField(
        _("how it was learnt"), max_length=300, blank=True, help_text=_("What the verified facts rest on")
    )
    why_not = models.CharField(
        _("why it could not be verified"), max_length=300, blank=True, help_text=_("Why nothing could be verified")
    )
    verified_on = models.DateField(_("on"), null=True, blank=True, help_text="Day of the visit")
    verified_by = models.CharField(_("by"), max_length=150, blank=True, help_text=_("Who verified it"))

    objects = LivingCheckQuerySet.as_manager()

    class Meta:
        ordering = ("applicant__code",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "sample", "applicant"), name="living_check_once"),
            models.CheckConstraint(
                condition=models.Q(household_size=None, household_income_idr=None)
                | models.Q(household_size__isnull=False, household_income_idr__isnull=False, verified_on__isnull=False),
                name="living_check_complete",
                violation_error_message=_(
                    "A verified household has its people, its income and the day of the visit. Fill in all or none."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(why_not="") | models.Q(household_income_idr=None),
                name="living_check_verified_or_not",
                violation_error_message=_(
                    "Write people and income of the household as verified, or only why it could not be verified."
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.applicant)

    @property
    def per_head_idr(self) -> int | None:
        """Rupiah per head and month, as verified."""
        if self.household_income_idr is None or self.household_size is None:
            return None
        return self.household_income_idr // self.household_size

    @property
    def is_in_need(self) -> bool | None:
        """Whether the household is in need by the line of the sample, which must be loaded; unknown until verified."""
        if self.household_income_idr is None or self.household_size is None:
            return None
        return rules.is_in_need(self.household_income_idr, self.household_size, self.sample.line_idr)
