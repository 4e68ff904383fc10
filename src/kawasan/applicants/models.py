"""Persons, and what each applied for."""

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.rules import (
    STILL_TO_DECIDE,
    ConsentKind,
    Disability,
    Education,
    GroupRole,
    Outcome,
    PairState,
    Sex,
    Status,
    Work,
)
from kawasan.areas.models import Place
from kawasan.core.language import choices
from kawasan.core.secrets import EncryptedField, EncryptedPhoneField, Mark
from kawasan.core.text import Text
from kawasan.programmes.models import CodeField, Field, Milestone, NeedBand, Programme, RuleSet, SourceField
from kawasan.programmes.rules import PaperKind

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

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="persons")
    code = CodeField()
    nik = IdentityField(
        _("NIK"),
        kind="nik",
        max_length=IDENTITY_LENGTH,
        help_text="Identity number (NIK), 16 digits; a wrong one is warned about",
    )
    name = models.CharField(_("name"), max_length=150, help_text="Name as on the identity card; one word is valid")
    sex = models.CharField(_("sex"), max_length=10, choices=choices(Sex), help_text="Sex as on the identity card")
    birth_date = models.DateField(
        _("date of birth"), null=True, blank=True, help_text="Date of birth", validators=[validate_born]
    )
    family_card = IdentityField(
        _("family card (KK)"),
        kind="family_card",
        max_length=IDENTITY_LENGTH,
        blank=True,
        help_text="Family card number (KK), 16 digits; people with the same one are one household",
    )
    mother_name = models.CharField(_("mother's name"), max_length=150, blank=True, help_text="Name of the mother")
    phone = EncryptedPhoneField(
        _("phone"), kind="phone", max_length=30, blank=True, help_text="Phone number, e.g. 081234567890"
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
    address = models.CharField(_("address"), max_length=300, help_text="Street or lane where the person lives")
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
        )

    def __str__(self) -> str:
        return self.name


TO_CHECK = ~models.Q(warnings=[]) & ~models.Q(status=Status.WITHDRAWN)


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def in_pool(self) -> "ApplicantQuerySet":
        """The applicants among whom seats are drawn."""
        return self.filter(status=Status.ELIGIBLE)

    def to_check(self) -> "ApplicantQuerySet":
        """Those with warnings that somebody has to look at: whoever withdrew needs no look any more."""
        return self.filter(TO_CHECK)

    def in_trouble(self, kind: str) -> "ApplicantQuerySet":
        """Those in whom something of a kind was found."""
        return self.filter(trouble__contains=f",{kind},")

    def in_full(self) -> "ApplicantQuerySet":
        """With everything that a list or a page shows of them."""
        return self.select_related("person__place__parent", "field", "need_band", "rule_set")


class Applicant(models.Model):
    """An application of one person for one field, and what the assessment made of it."""

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
    idea = models.TextField(_("business idea"), help_text="What the person wants to make or do, and for whom")
    applied_on = models.DateField(_("applied on"), help_text="Day of applying; rules are those of this day")
    activity_now = models.CharField(
        _("activity now"), max_length=20, choices=choices(Work), help_text="What the person does for a living"
    )
    months_without_work = models.PositiveSmallIntegerField(
        _("months without work"), help_text="Months without work until the day of applying"
    )
    household_size = models.PositiveSmallIntegerField(
        _("people in the household"),
        validators=[MinValueValidator(1)],
        help_text="People in the household, the applicant included",
    )
    household_income_idr = models.PositiveBigIntegerField(
        _("household income a month (Rp)"), help_text="Income of the household, rupiah per month"
    )
    dependants = models.PositiveSmallIntegerField(
        _("dependants"), help_text="People who live from the applicant's income"
    )
    household_workers = models.PositiveSmallIntegerField(
        _("working people in the household"), help_text="People of the household who have work"
    )
    earlier_assistance = models.BooleanField(
        _("got assistance before"), default=False, help_text="Whether the person got government assistance before"
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
    source = SourceField()
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=choices(Status),
        default=Status.SUBMITTED,
        help_text="Where the application stands",
    )
    reasons = models.JSONField(
        _("reasons"), default=list, blank=True, help_text="Every reason against entry, as sentences with their gaps"
    )
    need_score = models.FloatField(
        _("need score"), null=True, blank=True, help_text="Need score, 0 to 100 points with one decimal"
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
        _("warnings"), default=list, blank=True, help_text="What looks odd and should be checked, as sentences"
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
        indexes = (models.Index(fields=("programme", "status")),)

    def __str__(self) -> str:
        return f"{self.code} {self.person}"

    @property
    def last_day_to_object(self) -> datetime.date | None:
        """Until when the assessment can be objected to; ``rule_set`` must be loaded."""
        return rules.last_day_to_object(self.assessed_on, self.rule_set.days_to_object if self.rule_set else 0)

    def reasons_no_objection(self, day: datetime.date) -> list[Text]:
        """Why the applicant cannot object on a day."""
        is_open = self.objections.to_answer().exists()
        return rules.reasons_no_objection(
            status=self.status, last_day=self.last_day_to_object, day=day, is_open=is_open
        )


class PairQuerySet(models.QuerySet["PossibleDouble"]):
    def to_decide(self) -> "PairQuerySet":
        """The pairs of which nobody has decided yet whether they are one person."""
        return self.filter(state__in=STILL_TO_DECIDE)

    def one_person(self) -> "PairQuerySet":
        """The pairs that were decided to be one person."""
        return self.filter(state=PairState.SAME)

    def in_full(self) -> "PairQuerySet":
        """With both persons as a page shows them."""
        return self.select_related("first__place__parent", "second__place__parent", "decided_by")


class PossibleDouble(models.Model):
    """Two persons of a programme who may be one, what speaks for it, and what was decided.

    Persons and their applications stay as they are, whatever is decided: to merge is to count both as one person, which
    the next decision can undo.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="possible_doubles")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="doubles_after")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="doubles_before")
    probability = models.FloatField(_("probability"))
    parts = models.JSONField(_("what it rests on"), default=list)
    found_on = models.DateField(_("found on"))
    state = models.CharField(_("state"), max_length=10, choices=choices(PairState), default=PairState.OPEN)
    note = models.TextField(_("what the decision rests on"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ("-probability", "first__code", "second__code")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="possible_double_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")),
                name="possible_double_in_order",
                violation_error_message=_("Of two persons the one entered first comes first."),
            ),
        )
        indexes = (models.Index(fields=("programme", "state")),)

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"


class PublicForm(models.Model):
    """How the programme's public form is set: when it is open, and where people complain."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="public_form")
    milestone = models.ForeignKey(
        Milestone,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("step of the calendar in which applications are open"),
    )
    is_open = models.BooleanField(_("open, when the calendar has no such step"), default=False)
    complaints = models.CharField(_("where people complain"), max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.programme)


class Draft(models.Model):
    """An application that somebody has not finished yet.

    The answers can be read only with the code, of which the database has a keyed hash. It is nobody's record until it
    is sent, so the log does not cover it.
    """

    is_logged = False

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="drafts")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)
    expires_at = models.DateTimeField(db_index=True)
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, null=True, related_name="+")

    def __str__(self) -> str:
        return self.digest[:8]


class Consent(models.Model):
    """What somebody agreed to, when, and to which text."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="consents")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("what"), max_length=20, choices=choices(ConsentKind))
    version = models.CharField(_("version of the text"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    given_at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ("applicant", "kind")
        constraints = (models.UniqueConstraint(fields=("applicant", "kind"), name="consent_once"),)

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.kind}"


class Paper(models.Model):
    """A photo of a paper that an applicant handed in. Its file is sealed, and named by chance."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="papers")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("kind"), max_length=20, choices=choices(PaperKind))
    file = models.CharField(_("file"), max_length=40, unique=True)
    digest = models.CharField(_("hash of the picture"), max_length=64)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        ordering = ("applicant", "kind")
        constraints = (models.UniqueConstraint(fields=("applicant", "kind"), name="paper_once"),)

    def __str__(self) -> str:
        return str(self.get_kind_display())


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def to_answer(self) -> "ObjectionQuerySet":
        """Those that wait for an answer."""
        return self.filter(outcome=Outcome.OPEN)


class Objection(models.Model):
    """What an applicant says against the assessment, and what the office answers."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="objections")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="objections")
    text = models.TextField(_("what you object to, and why"), max_length=2000)
    filed_on = models.DateField(_("filed on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=choices(Outcome), default=Outcome.OPEN)
    answer = models.TextField(_("answer with its reasons"), max_length=2000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ("filed_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("applicant",),
                condition=models.Q(outcome=Outcome.OPEN),
                name="objection_one_open",
                violation_error_message=_("Your last objection waits for its answer."),
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.OPEN, answer="")
                | ~models.Q(outcome=Outcome.OPEN) & ~models.Q(answer=""),
                name="objection_answered_with_reasons",
                violation_error_message=_("An answer has an outcome and its reasons."),
            ),
        )
        indexes = (models.Index(fields=("programme", "outcome")),)

    def __str__(self) -> str:
        return str(self.applicant)


class AppliedGroup(models.Model):
    """People who apply together for one kind of business; each applied alone and joined alone."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="applied_groups")
    name = models.CharField(_("name of the group"), max_length=100)
    business = models.CharField(_("what you make or do together"), max_length=300)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+", verbose_name=_("field"))
    started_on = models.DateField(_("started on"))

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class AppliedMember(models.Model):
    """Somebody who joined a group by the own application."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="applied_members")
    group = models.ForeignKey(AppliedGroup, on_delete=models.CASCADE, related_name="members")
    applicant = models.OneToOneField(Applicant, on_delete=models.CASCADE, related_name="applied_member")
    role = models.CharField(_("role"), max_length=10, choices=choices(GroupRole), default=GroupRole.MEMBER)
    joined_on = models.DateField(_("joined on"))

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("group", "role"),
                condition=~models.Q(role=GroupRole.MEMBER),
                name="applied_member_officer_once",
                violation_error_message=_("A group has one head, one secretary and one treasurer."),
            ),
        )

    def __str__(self) -> str:
        return str(self.applicant.person)
