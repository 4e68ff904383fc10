"""How viable business ideas are: the weights of a programme, and who marked what without seeing whose idea it is."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.applications import Applicant
from kawasan.applicants.rules import Criterion
from kawasan.programmes.models import Programme

MARKED = tuple(criterion.value for criterion in Criterion)


class MarkField(models.PositiveSmallIntegerField):
    """A mark from 1 to 4, empty until it is given."""

    def __init__(self, *args: object, **options: object) -> None:
        given = {"null": True, "blank": True, "validators": [MinValueValidator(1), MaxValueValidator(4)]}
        super().__init__(*args, **(given | options))  # type: ignore[arg-type]


class ViabilityScheme(models.Model):
    """What each criterion weighs in a programme, and how far two people may be apart."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="viability_scheme")
    experience = models.PositiveSmallIntegerField(_("weight of experience"), default=20)
    place = models.PositiveSmallIntegerField(_("weight of place and premises"), default=15)
    demand = models.PositiveSmallIntegerField(_("weight of demand"), default=30)
    cost = models.PositiveSmallIntegerField(_("weight of the cost to start"), default=15)
    skill = models.PositiveSmallIntegerField(_("weight of skill"), default=20)
    most_apart = models.PositiveSmallIntegerField(
        _("most points that two may be apart"), default=25, validators=[MaxValueValidator(100)]
    )

    def __str__(self) -> str:
        return str(self.programme)

    @property
    def weights(self) -> dict[str, int]:
        """Points of each criterion."""
        return {name: getattr(self, name) for name in MARKED}


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    def given(self) -> "AppraisalQuerySet":
        """Those whose marks are in."""
        return self.exclude(given_on=None)

    def to_do(self) -> "AppraisalQuerySet":
        """Those that wait for marks."""
        return self.filter(given_on=None)


class Appraisal(models.Model):
    """The marks of one person for one business idea."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="appraisals")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="appraisals")
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appraisals")
    turn = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3)])
    assigned_on = models.DateField(_("assigned on"))
    experience = MarkField(Criterion.EXPERIENCE.label)
    place = MarkField(Criterion.PLACE.label)
    demand = MarkField(Criterion.DEMAND.label)
    cost = MarkField(Criterion.COST.label)
    skill = MarkField(Criterion.SKILL.label)
    remark = models.CharField(_("what you would tell whoever had the idea"), max_length=500, blank=True)
    given_on = models.DateField(_("marks given on"), null=True, blank=True)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ("applicant", "turn")
        constraints = (
            models.UniqueConstraint(fields=("applicant", "turn"), name="appraisal_turn"),
            models.UniqueConstraint(fields=("applicant", "appraiser"), name="appraisal_once"),
            models.CheckConstraint(
                condition=models.Q(given_on=None, **dict.fromkeys(MARKED))
                | models.Q(given_on__isnull=False, **{f"{name}__isnull": False for name in MARKED}),
                name="appraisal_whole",
                violation_error_message=_("Give every criterion a mark from 1 to 4."),
            ),
        )
        indexes = (models.Index(fields=("appraiser", "given_on")),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def marks(self) -> dict[str, int]:
        """The marks by criterion."""
        return {name: getattr(self, name) for name in MARKED}
