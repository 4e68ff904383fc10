"""The frozen pool and its draw, the seats that follow from it, and the decrees that name the participants."""

from typing import Any, ClassVar

from django.core.validators import MinLengthValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.core.secrets import EncryptedField
from kawasan.programmes.models import CodeField, Programme, SourceField
from kawasan.selection.rules import (
    HELD,
    LEAST_REASON,
    MOST_SOURCE,
    MOST_VALUE,
    DecreeStatus,
    DrawStatus,
    ExceptionKind,
    SeatKind,
    SeatStatus,
)


class DrawExceptionQuerySet(models.QuerySet["DrawException"]):
    def confirmed(self) -> "DrawExceptionQuerySet":
        """Those that count."""
        return self.exclude(confirmed_on=None)

    def waiting(self) -> "DrawExceptionQuerySet":
        """Those that somebody else must still confirm or remove."""
        return self.filter(confirmed_on=None)


class DrawException(models.Model):
    """Why somebody has a seat in every panel, or stays out of the draw; it counts once somebody else confirmed it."""

    personal: ClassVar = frozenset({"decided_by"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="draw_exceptions")
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.CASCADE,
        related_name="draw_exceptions",
        verbose_name=_("applicant"),
        help_text="Applicant of whom the draw does not decide",
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=choices(ExceptionKind), help_text=_("Whether guaranteed a seat or kept out")
    )
    reason = models.CharField(
        _("reason"),
        max_length=300,
        validators=[MinLengthValidator(LEAST_REASON)],
        help_text=_("Why, for everybody to read: it is published, so it must not say who is meant"),
    )
    decided_by = models.CharField(_("decided by"), max_length=150, help_text=_("Person or office that decided it"))
    decided_on = models.DateField(_("decided on"), help_text=_("Day of the decision"))
    entered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text="Who entered it, or took its confirmation back; somebody else confirms or removes it",
    )
    confirmed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
        help_text="Who confirmed it",
    )
    confirmed_on = models.DateField(
        _("confirmed on"),
        null=True,
        blank=True,
        help_text=_("Day on which somebody else confirmed it; empty until then"),
    )

    objects = DrawExceptionQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "applicant__code")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "applicant"),
                name="draw_exception_applicant",
                violation_error_message=_("There is an exception for this applicant already. Remove it first."),
            ),
        )

    def __str__(self) -> str:
        return str(self.applicant.code)


class DrawQuerySet(models.QuerySet["Draw"]):
    def standing(self) -> "DrawQuerySet":
        """The draw that counts: the one that was not cancelled."""
        return self.exclude(status=DrawStatus.CANCELLED)

    def published(self) -> "DrawQuerySet":
        """All that were ever frozen, cancelled ones too, the newest first."""
        return self.select_related("programme").order_by("-frozen_on", "-pk")


class Draw(models.Model):
    """A pool as it was frozen with its list of panels, the seed it got afterwards, and what was drawn from it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="draws")
    code = CodeField()
    status = models.CharField(
        _("status"), max_length=20, choices=choices(DrawStatus), default=DrawStatus.FROZEN, help_text="Where it stands"
    )
    seats = models.PositiveIntegerField(
        _("seats"), validators=[MinValueValidator(1)], help_text="How many seats are drawn"
    )
    most_per_household = models.PositiveSmallIntegerField(
        _("most per household"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text="Most seats for people of one household",
    )
    pool = models.JSONField(
        _("pool"),
        help_text="Rows of pseudonym, pseudonym of the household, tickets, features",
    )
    frozen = models.JSONField(
        _("what the draw starts from"), help_text="Cells, quotas and panels, as the certificate has them"
    )
    salt = EncryptedField(
        _("salt"),
        kind="salt",
        max_length=64,
        help_text="Secret text mixed into the pseudonyms, so that nobody can guess them",
    )
    secret = EncryptedField(
        _("secret"),
        kind="secret",
        max_length=64,
        help_text="Text of which a commitment is published before the draw, opened by it",
    )
    frozen_hash = models.CharField(
        _("hash of what is frozen"), max_length=64, help_text="SHA-256 of pool, rules and panels, as in the certificate"
    )
    public_value = models.CharField(
        _("public value"),
        max_length=MOST_VALUE,
        blank=True,
        help_text="Public value that was fixed after the pool was frozen",
    )
    entered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text="Who entered the public value; somebody else confirms it",
    )
    public_value_source = models.CharField(
        _("where the public value comes from"),
        max_length=MOST_SOURCE,
        blank=True,
        help_text="Where and when everybody could see the public value",
    )
    seed = models.CharField(
        _("seed"), max_length=64, blank=True, help_text="SHA-256 of the hash, the secret and the public value"
    )
    result = models.JSONField(
        _("result"),
        null=True,
        blank=True,
        help_text="Number of the panel, people, reserves and calls; empty until drawn",
    )
    frozen_on = models.DateField(_("frozen on"), help_text="Day on which the pool was frozen")
    drawn_on = models.DateField(_("drawn on"), null=True, blank=True, help_text="Day of the draw")

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="draw_code"),
            models.UniqueConstraint(
                fields=("programme",),
                condition=~models.Q(status=DrawStatus.CANCELLED),
                name="draw_one_standing",
                violation_error_message=_("This programme has a draw already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status=DrawStatus.DRAWN)
                | (~models.Q(seed="") & models.Q(result__isnull=False, drawn_on__isnull=False)),
                name="draw_drawn_has_result",
                violation_error_message=_(
                    "A draw that took place has a seed, a day and a result. Fill in all three, or correct the status."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def quotas(self) -> list[list[Any]]:
        """Rows of feature, value, least and most seats."""
        return list(self.frozen["quotas"])


class SeatQuerySet(models.QuerySet["Seat"]):
    def participants(self) -> "SeatQuerySet":
        """The seats of people who take part: drawn or called from the waiting list, and accepted."""
        return self.filter(status=SeatStatus.ACCEPTED)

    def held(self) -> "SeatQuerySet":
        """The seats that are taken: offered or accepted."""
        return self.filter(status__in=HELD)

    def waiting(self) -> "SeatQuerySet":
        """The waiting list, in drawn order."""
        return self.filter(status=SeatStatus.WAITING).order_by("place_in_order")

    def in_full(self) -> "SeatQuerySet":
        """With everything that a list shows of them."""
        return self.select_related("applicant__person__place__parent", "applicant__field", "applicant__need_band")


class Seat(models.Model):
    """What the draw gave an applicant: a seat, or a place on the waiting list."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="seats_given")
    applicant = models.OneToOneField(
        Applicant,
        on_delete=models.PROTECT,
        related_name="seat",
        verbose_name=_("applicant"),
        help_text="Applicant who got it",
    )
    draw = models.ForeignKey(
        Draw,
        on_delete=models.PROTECT,
        related_name="seats_given",
        verbose_name=_("draw"),
        help_text="Draw that it follows from",
    )
    place_in_order = models.PositiveIntegerField(
        _("number"),
        validators=[MinValueValidator(1)],
        help_text=_("Number among the drawn, or on the waiting list; 1 comes first"),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=choices(SeatKind), help_text=_("Whether it was drawn or is a reserve")
    )
    status = models.CharField(_("status"), max_length=20, choices=choices(SeatStatus), help_text=_("What became of it"))
    keeps_quotas = models.BooleanField(
        _("keeps the quotas"),
        default=True,
        help_text=_("False when a reserve was called with whom not every quota holds"),
    )
    decided_on = models.DateField(
        _("decided on"), null=True, blank=True, help_text=_("Day of the last change of its status")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Why it was declined or withdrawn"))
    source = SourceField()

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "place_in_order")
        constraints = (
            models.UniqueConstraint(fields=("programme", "applicant"), name="seat_applicant"),
            models.UniqueConstraint(fields=("draw", "kind", "place_in_order"), name="seat_number"),
        )
        indexes = (models.Index(fields=("programme", "status")),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place_in_order}"


class Decree(models.Model):
    """The list of participants as it was frozen for signing (SK)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="decrees")
    code = CodeField()
    number = models.CharField(_("number"), max_length=80, help_text="Official number of the decree")
    dated = models.DateField(_("dated"), help_text="Date of the decree")
    signer = models.CharField(_("signed by"), max_length=150, help_text="Who signs it")
    signer_title = models.CharField(_("position of the signer"), max_length=200, help_text="Position of the signer")
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=choices(DecreeStatus),
        default=DecreeStatus.DRAFT,
        help_text="Draft or signed",
    )
    lines = models.JSONField(_("list"), help_text="The participants as frozen: number, applicant, name, field, place")
    lines_hash = models.CharField(_("hash of the list"), max_length=64, help_text="SHA-256 of the list as JSON")
    certificate_hash = models.CharField(
        _("hash of the certificate"),
        max_length=64,
        help_text="SHA-256 of the draw's certificate before anybody was called, as it was when the list was frozen",
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True, help_text="Day of signing")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="decree_code"),
            models.UniqueConstraint(
                fields=("programme", "number"),
                name="decree_number",
                violation_error_message=_("There is a decree with this number already."),
            ),
            models.UniqueConstraint(
                fields=("programme",),
                condition=models.Q(status=DecreeStatus.DRAFT),
                name="decree_one_draft",
                violation_error_message=_("This programme has a draft of a decree already. Keep only one."),
            ),
            models.CheckConstraint(
                condition=models.Q(status=DecreeStatus.DRAFT) | models.Q(signed_on__isnull=False),
                name="decree_signed_has_day",
                violation_error_message=_(
                    "A signed decree has the day of its signing. Fill it in, or write the status draft."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """Which list it is and how far: what a form that shows it sends back. A draft is replaced, never changed."""
        return f"{self.pk} {self.status}"


class Answer(models.Model):
    """What somebody answered to the offer of a seat, as the office noted it; it is applied when the seat is offered."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="answers")
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("applicant"),
        help_text="Applicant who answered",
    )
    is_accepted = models.BooleanField(_("accepted"), help_text="Whether the seat is accepted; false when declined")
    answered_on = models.DateField(_("answered on"), help_text="Day of the answer")
    note = models.CharField(_("note"), max_length=300, blank=True, help_text="Why the seat was declined")
    source = SourceField()

    class Meta:
        ordering = ("answered_on", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "applicant"), name="answer_applicant"),)

    def __str__(self) -> str:
        return f"{self.applicant}"
