"""Verifications in the office and on site, what was seen, and who is too close to verify."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.applications import Applicant
from kawasan.applicants.models.persons import IDENTITY_LENGTH, IdentityField
from kawasan.applicants.rules.verification import CHECKLIST, CheckStage, CheckState, Finding, Seen
from kawasan.core.language import choices
from kawasan.programmes.models import Programme

QUESTIONS = {item.code: item.question for items in CHECKLIST.values() for item in items}


class VerificationQuerySet(models.QuerySet["Verification"]):
    def to_do(self) -> "VerificationQuerySet":
        """Those that were assigned and wait for their verifier."""
        return self.filter(state=CheckState.ASSIGNED)

    def recorded(self) -> "VerificationQuerySet":
        """Those of which somebody wrote down what was seen."""
        return self.filter(state=CheckState.RECORDED)

    def in_full(self) -> "VerificationQuerySet":
        """With everything that a page shows of them."""
        return self.select_related("applicant__person__place__parent", "applicant__field", "verifier", "assigned_by")


class Verification(models.Model):
    """One stage of the verification of one application, given to one person, and what that person saw."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="verifications")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="verifications")
    stage = models.CharField(_("stage"), max_length=20, choices=choices(CheckStage))
    state = models.CharField(_("state"), max_length=10, choices=choices(CheckState), default=CheckState.ASSIGNED)
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verifications", verbose_name=_("verifier")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_on = models.DateField(_("assigned on"))
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=10, blank=True, choices=choices(Finding))
    reason = models.TextField(_("why it is not confirmed"), max_length=1000, blank=True)
    differences = models.TextField(_("what differs from what was stated"), max_length=2000, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    seen_at = models.CharField(_("where it was seen"), max_length=200, blank=True)
    km_to_centre = models.FloatField(_("kilometres to the centre of the kelurahan"), null=True, blank=True)
    km_to_business = models.FloatField(_("kilometres to the place of the business"), null=True, blank=True)
    taken_off_because = models.CharField(_("why it was given back"), max_length=300, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("applicant",),
                condition=models.Q(state=CheckState.ASSIGNED),
                name="verification_one_open",
                violation_error_message=_("Somebody verifies this application already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=CheckState.RECORDED, verified_on__isnull=False) & ~models.Q(result="")
                | ~models.Q(state=CheckState.RECORDED) & models.Q(result="", verified_on=None),
                name="verification_recorded_has_a_result",
                violation_error_message=_("What was recorded has a day and a result."),
            ),
            models.CheckConstraint(
                condition=models.Q(result__in=("", Finding.CONFIRMED)) | ~models.Q(reason=""),
                name="verification_says_why_not",
                violation_error_message=_("What is not confirmed has a reason."),
            ),
        )
        indexes = (models.Index(fields=("programme", "state", "stage")),)

    def __str__(self) -> str:
        return str(self.applicant)


class CheckedItem(models.Model):
    """The answer to one item of a checklist."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="checked_items")
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="items")
    item = models.CharField(_("item"), max_length=20)
    answer = models.CharField(_("answer"), max_length=10, choices=choices(Seen))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("verification", "item"), name="checked_item_once"),
            models.CheckConstraint(
                condition=models.Q(answer=Seen.YES) | ~models.Q(note=""),
                name="checked_item_says_why",
                violation_error_message=_("What is not a yes has a note."),
            ),
        )

    def __str__(self) -> str:
        return self.item

    @property
    def question(self) -> str:
        """What was looked at; to be translated."""
        return QUESTIONS.get(self.item, self.item)


class SitePhoto(models.Model):
    """A photo that a verifier took. Its file is sealed, and named by chance."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="site_photos")
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="photos")
    file = models.CharField(_("file"), max_length=40, unique=True)
    digest = models.CharField(_("hash of the picture"), max_length=64)
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.verification)


class OwnCard(models.Model):
    """The family card of somebody who verifies, so that nobody of the household comes to them."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="own_cards")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    family_card = IdentityField(_("number of your family card (KK)"), kind="family_card", max_length=IDENTITY_LENGTH)
    stated_on = models.DateField(_("stated on"))

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "user"), name="own_card_once"),)

    def __str__(self) -> str:
        return str(self.user)


class Closeness(models.Model):
    """Somebody who verifies said that they are close to an applicant, so that others verify the application."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="closenesses")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="closenesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(_("how you are close to this person"), max_length=200)
    declared_on = models.DateField(_("declared on"))

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("applicant", "user"), name="closeness_once"),)

    def __str__(self) -> str:
        return str(self.applicant)
