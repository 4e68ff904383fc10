"""Organisations, what they promised and delivered, and the meetings where they met."""

import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices, in_language
from kawasan.partners.rules import Kind, Status
from kawasan.programmes.models import CodeField, Programme, SourceField


class Organisation(models.Model):
    """An organisation that takes part in the programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="organisations")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=200, help_text="Name of the organisation")
    kind = models.CharField(_("kind"), max_length=20, choices=choices(Kind), help_text="Kind of organisation")
    role = models.TextField(_("role"), blank=True, help_text="What the organisation does in the programme")
    address = models.CharField(_("address"), max_length=300, blank=True, help_text="Postal address")
    phone = models.CharField(_("phone"), max_length=40, blank=True, help_text="Telephone number")
    email = models.EmailField(_("e-mail"), blank=True, help_text="E-mail address")
    source = SourceField()

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="organisation_code"),)

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """A meeting of the partners."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="meetings")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=200, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text="Name in English")
    held_on = models.DateField(_("day"), help_text="Day of the meeting")
    location = models.CharField(_("location"), max_length=200, blank=True, help_text="Where it is held")
    minutes = models.TextField(_("minutes"), blank=True, help_text="What was said and decided")
    source = SourceField()

    class Meta:
        ordering = ("-held_on", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="meeting_code"),)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class MeetingAttendance(models.Model):
    """Somebody who was at a meeting, for an organisation."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="meeting_attendances")
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        related_name="attendances",
        verbose_name=_("meeting"),
        help_text="Meeting that was attended",
    )
    name = models.CharField(_("name"), max_length=150, help_text="Name of the person")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=_("organisation"),
        help_text="Organisation for which the person came",
    )
    position = models.CharField(_("position"), max_length=150, blank=True, help_text="Position in the organisation")

    class Meta:
        ordering = ("meeting", "name")
        constraints = (
            models.UniqueConstraint(fields=("programme", "meeting", "name"), name="meeting_attendance_name"),
        )

    def __str__(self) -> str:
        return self.name


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def with_status(self, status: Status, today: datetime.date) -> "CommitmentQuerySet":
        """The commitments that stand there on a day."""
        return self.filter(status_condition(status, today))


def status_condition(status: Status, today: datetime.date, prefix: str = "") -> models.Q:
    """``rules.status`` as a condition of the database; a test holds the two together."""
    due, delivered = f"{prefix}due_on", f"{prefix}delivered_on"
    is_delivered = models.Q(**{f"{delivered}__isnull": False})
    conditions: dict[Status, models.Q] = {
        Status.PROMISED: models.Q(**{f"{delivered}__isnull": True, f"{due}__gte": today}),
        Status.OVERDUE: models.Q(**{f"{delivered}__isnull": True, f"{due}__lt": today}),
        Status.DELIVERED: is_delivered & models.Q(**{f"{delivered}__lte": models.F(due)}),
        Status.DELIVERED_LATE: is_delivered & models.Q(**{f"{delivered}__gt": models.F(due)}),
    }
    return conditions[status]


class Commitment(models.Model):
    """What an organisation promised, by when, and what came."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="commitments")
    code = CodeField(verbose_name=_("code"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="commitments",
        verbose_name=_("organisation"),
        help_text="Organisation that promised it",
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("meeting"),
        help_text="Meeting where it was promised",
    )
    what = models.CharField(_("what"), max_length=300, help_text="What was promised, in Indonesian")
    what_en = models.CharField(_("what, in English"), max_length=300, blank=True, help_text="The same in English")
    quantity = models.FloatField(
        _("quantity"), null=True, blank=True, validators=[MinValueValidator(0)], help_text="How much of the unit"
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True, help_text="Unit of the quantity")
    due_on = models.DateField(_("due"), help_text="Last day on which it is in time")
    delivered_on = models.DateField(_("delivered"), null=True, blank=True, help_text="Day on which it was delivered")
    delivered_quantity = models.FloatField(
        _("quantity delivered"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="How much of the unit was delivered",
    )
    note = models.TextField(_("note"), blank=True, help_text="Remarks")
    source = SourceField()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="commitment_code"),
            models.CheckConstraint(
                condition=models.Q(delivered_quantity__isnull=True) | models.Q(delivered_on__isnull=False),
                name="commitment_delivered_on",
                violation_error_message=_("A quantity was delivered, so enter the day on which it was delivered."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.what, self.what_en)
