"""Programme, fields, dated rule sets, quotas, calendar and roles."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices, in_language, in_words_lazy
from kawasan.programmes.rules import AND, COUNTED, Announcement, Feature, PaperKind, Role, Stage, feature_text

code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("Use letters, digits, dots, dashes and underscores only.")
)


def validate_papers(written: str) -> None:
    """Refuse what is no kind of paper."""
    if unknown := [word for word in written.split() if word not in list(PaperKind)]:
        template = _("There is no paper “{word}”. Write some of these, with spaces: {known}.")
        raise ValidationError(format_lazy(template, word=unknown[0], known=" ".join(PaperKind)))


class CodeField(models.CharField):
    """The short name of a row inside its programme: what other files and pages refer to."""

    def __init__(self, **options: object) -> None:
        options = {"max_length": 60, "validators": [code_validator], "help_text": _("Short name of the row")} | options
        super().__init__(**options)  # type: ignore[arg-type]


class SourceField(models.CharField):
    """Where a fact comes from; "synthetic" when it was invented."""

    def __init__(self, **options: object) -> None:
        defaults = {
            "max_length": 300,
            "verbose_name": _("source"),
            "help_text": _('Where this comes from; "synthetic" when it was invented for an example'),
        }
        super().__init__(**(defaults | options))  # type: ignore[arg-type]


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Any) -> "ProgrammeQuerySet":
        """The programmes in which somebody has a role."""
        return self.filter(memberships__user=user).distinct()


class Programme(models.Model):
    """One area-based employment programme of one year."""

    code = CodeField(unique=True, help_text="Short name of the programme, part of its address")
    name = models.CharField(_("name"), max_length=200, help_text="Name of the programme")
    summary = models.TextField(_("summary"), blank=True, help_text="What the programme is for, in a few sentences")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)], help_text="Year of the programme"
    )
    area_code = models.CharField(_("area code"), max_length=20, help_text="Kemendagri code of the area, e.g. 19.71")
    area_name = models.CharField(_("area"), max_length=120, help_text="Name of the area")
    seats = models.PositiveIntegerField(
        _("seats"), validators=[MinValueValidator(1)], help_text="How many participants the programme has room for"
    )
    as_of = models.DateField(
        _("as at"),
        null=True,
        blank=True,
        help_text="Date at which the programme is shown; empty means today (set it for a programme that has ended)",
    )
    draw_public_value = models.CharField(
        _("public value of the draw"),
        max_length=200,
        blank=True,
        help_text="The public value mixed into the draw, fixed after the pool was frozen",
    )
    draw_public_value_source = models.CharField(
        _("where the public value comes from"),
        max_length=300,
        blank=True,
        help_text="Where and when the public value could be seen by everybody",
    )
    decree_number = models.CharField(_("decree number"), max_length=80, blank=True, help_text="Number of the decree")
    decree_date = models.DateField(_("date of the decree"), null=True, blank=True, help_text="Date of the decree")
    decree_signer = models.CharField(_("signed by"), max_length=150, blank=True, help_text="Who signs the decree")
    decree_signer_title = models.CharField(
        _("position of the signer"), max_length=200, blank=True, help_text="Position of the signer"
    )
    announcement = models.CharField(
        _("announcement of the draw"),
        max_length=20,
        choices=choices(Announcement),
        default=Announcement.MASKED,
        help_text=(
            "How the public list of who was drawn tells people apart: by pseudonym; by number of the application and "
            "masked name; or by number, full name and kelurahan. With numbers or names, whoever reads the certificate "
            "can find what the quotas count of somebody on the waiting list"
        ),
    )

    travel_km_per_hour = models.PositiveSmallIntegerField(
        _("speed between places (km/h)"),
        default=25,
        validators=[MinValueValidator(3), MaxValueValidator(120)],
        help_text=(
            "Kilometres of the straight line that groups and trainers make in an hour between two places; 25 is "
            "32 km/h on roads that are 1.3 times as long, as a motorcycle in a town makes"
        ),
    )

    objects = ProgrammeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """A field of business in which the programme has seats (bidang usaha)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="fields")
    code = CodeField()
    name = models.CharField(_("name"), max_length=100, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=100, help_text="Name in English")
    least_seats = models.PositiveIntegerField(_("least seats"), default=0, help_text="At least so many seats")
    most_seats = models.PositiveIntegerField(_("most seats"), help_text="At most so many seats")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="field_code"),
            models.CheckConstraint(
                condition=models.Q(most_seats__gte=models.F("least_seats")),
                name="field_seats",
                violation_error_message=_("The least seats are above the most seats; correct the one that is wrong."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class RuleSet(models.Model):
    """A dated guideline (juknis): how need is weighed, and what its rules, which are rows, do not say."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rule_sets")
    number = models.CharField(_("number"), max_length=80, help_text="Official number of the guideline (juknis)")
    issued_on = models.DateField(_("issued"), help_text="Date of the guideline")
    valid_from = models.DateField(_("valid from"), help_text="First day on which it applies")
    replaces = models.CharField(
        _("replaces"), max_length=80, blank=True, help_text="Number of the guideline that it replaces"
    )
    most_per_household = models.PositiveSmallIntegerField(
        _("most per household"), default=1, validators=[MinValueValidator(1)], help_text="Most seats per household (KK)"
    )
    least_group = models.PositiveSmallIntegerField(_("least members"), default=8, help_text="Least members of a group")
    most_group = models.PositiveSmallIntegerField(_("most members"), default=12, help_text="Most members of a group")
    days_to_object = models.PositiveSmallIntegerField(
        _("days to object"), default=7, help_text="Days after an assessment within which the applicant can object to it"
    )
    required_papers = models.CharField(
        _("papers to hand in"),
        max_length=100,
        blank=True,
        validators=[validate_papers],
        help_text="Papers that applicants hand in, with spaces: ktp, kk, portrait, statement, disability (of whoever "
        "states one), report (of whoever got assistance before)",
    )
    poverty_line_idr = models.PositiveBigIntegerField(
        _("poverty line"), help_text="Poverty line, rupiah per head and month"
    )
    weight_income = models.PositiveSmallIntegerField(
        _("weight of income"), help_text="Points of need for income per head against the poverty line"
    )
    weight_unemployed = models.PositiveSmallIntegerField(
        _("weight of months without work"), help_text="Points of need for months without work (full at 24 months)"
    )
    weight_dependants = models.PositiveSmallIntegerField(
        _("weight of dependants"), help_text="Points of need for dependants (full at five)"
    )
    weight_no_worker = models.PositiveSmallIntegerField(
        _("weight of nobody working"), help_text="Points of need when nobody in the household works"
    )
    weight_disability = models.PositiveSmallIntegerField(
        _("weight of disability"), help_text="Points of need for a disability"
    )
    weight_desil = models.PositiveSmallIntegerField(
        _("weight of the desil"),
        default=0,
        help_text="Points of need for the household's desil in the national register (full at 1, none at 10)",
    )
    weight_disaster = models.PositiveSmallIntegerField(
        _("weight of a disaster"), default=0, help_text="Points of need for a disaster within the last twelve months"
    )
    source = SourceField()

    class Meta:
        ordering = ("valid_from", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "number"), name="rule_set_number"),)

    def __str__(self) -> str:
        return self.number

    @property
    def paper_labels(self) -> list[str]:
        """What the papers to hand in are called."""
        return [PaperKind(word).label for word in self.required_papers.split()]


class NeedBand(models.Model):
    """A range of need scores; people of a band hold so many tickets in the draw."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="need_bands")
    code = CodeField()
    name = models.CharField(_("name"), max_length=100, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=100, help_text="Name in English")
    least_score = models.PositiveSmallIntegerField(
        _("from score"), validators=[MaxValueValidator(100)], help_text="Least need score of the band, 0 to 100"
    )
    tickets = models.PositiveSmallIntegerField(
        _("tickets"),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="How many tickets each person of the band holds in the draw",
    )
    is_guaranteed = models.BooleanField(
        _("guaranteed a seat"),
        default=False,
        help_text="Whether everybody of the band who is in the pool has a seat in every panel",
    )

    class Meta:
        ordering = ("-least_score",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="need_band_code"),
            models.UniqueConstraint(fields=("programme", "least_score"), name="need_band_score"),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Quota(models.Model):
    """At least and at most so many seats for people with one value of a feature, or of each of two features."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="quotas")
    feature = models.CharField(
        _("feature"),
        max_length=40,
        choices=[(feature, in_words_lazy(feature_text(feature))) for feature in COUNTED],
        help_text="Feature of people that the quota counts, or two of them",
    )
    value = models.CharField(
        _("value"), max_length=130, help_text='Value of the feature, a code; of two features two, joined by " & "'
    )
    least = models.PositiveIntegerField(_("at least"), default=0, help_text="At least so many seats")
    most = models.PositiveIntegerField(_("at most"), help_text="At most so many seats")
    reason = models.CharField(_("reason"), max_length=300, help_text="Why the quota was set")

    class Meta:
        ordering = ("feature", "value")
        constraints = (
            models.UniqueConstraint(fields=("programme", "feature", "value"), name="quota_value"),
            models.CheckConstraint(
                condition=models.Q(most__gte=models.F("least")),
                name="quota_bounds",
                violation_error_message=_("The least of the quota is above its most; correct the one that is wrong."),
            ),
            models.CheckConstraint(
                condition=~models.Q(feature=Feature.FIELD),
                name="quota_not_of_a_field",
                violation_error_message=_("The seats of a field stand with the field; set its least and most there."),
            ),
            models.CheckConstraint(
                condition=models.Q(feature__contains=AND, value__contains=AND)
                | ~(models.Q(feature__contains=AND) | models.Q(value__contains=AND)),
                name="quota_values_of_features",
                violation_error_message=_("A quota on two features has a value of each, joined by “ & ”."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.feature} {self.value}"


class Milestone(models.Model):
    """A dated step of the calendar."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="milestones")
    code = CodeField()
    stage = models.CharField(_("stage"), max_length=20, choices=choices(Stage), help_text="Stage of the programme")
    name = models.CharField(_("name"), max_length=200, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=200, help_text="Name in English")
    starts_on = models.DateField(_("starts"), help_text="First day")
    ends_on = models.DateField(_("ends"), help_text="Last day")

    class Meta:
        ordering = ("starts_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="milestone_code"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="milestone_days",
                violation_error_message=_("The last day is before the first. Choose a later day."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Membership(models.Model):
    """A role of somebody in a programme; one person may hold several."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=choices(Role))

    class Meta:
        ordering = ("role", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "user", "role"), name="membership_role"),)

    def __str__(self) -> str:
        return f"{self.user} – {self.role}"


class AccessKey(models.Model):
    """Lets a program such as QGIS read as somebody, until it is taken back. The key itself is not stored."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="access_keys")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="access_keys",
        verbose_name=_("account"),
        help_text="Whose key it is; it opens what this account may read",
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("What the key is for, in its owner's words"))
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key, hexadecimal")
    made_at = models.DateTimeField(_("made"), auto_now_add=True, help_text=_("When it was made"))

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name
