"""Organisations, what they promised and delivered, and the meetings where they met."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices, in_language
from kawasan.core.phones import PhoneField
from kawasan.partners.rules import Kind, Status, status
from kawasan.programmes.models import CodeField, Programme, SourceField

CODE_TAKEN = _("This code is used already. Choose another.")


class Organisation(models.Model):
    """An organisation that takes part in the programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="organisations")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=200, help_text=_("Name of the organisation"))
    kind = models.CharField(_("kind"), max_length=20, choices=choices(Kind), help_text=_("Kind of organisation"))
    role = models.TextField(_("role"), blank=True, help_text=_("What the organisation does in the programme"))
    address = models.CharField(_("address"), max_length=300, blank=True, help_text=_("Postal address"))
    phone = PhoneField(_("phone"), max_length=40, blank=True, help_text=_("Telephone number"))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("E-mail address"))
    source = SourceField()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="organisation_code", violation_error_message=CODE_TAKEN
            ),
        )

    def __str__(self) -> str:
        return self.name


class Representative(models.Model):
    """An account that acts for an organisation and sees what it agreed with the programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="representatives")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="representatives", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="representatives", verbose_name=_("account")
    )

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "user"), name="representative_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organisation_id}"


class Meeting(models.Model):
    """A meeting of the partners."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="meetings")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=200, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text=_("Name in English"))
    held_on = models.DateField(_("date"), help_text=_("Day of the meeting"))
    location = models.CharField(_("location"), max_length=200, blank=True, help_text=_("Where it is held"))
    minutes = models.TextField(_("minutes of the meeting"), blank=True, help_text=_("What was said and decided"))
    source = SourceField()

    class Meta:
        ordering = ("-held_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="meeting_code", violation_error_message=CODE_TAKEN
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class MeetingAttendance(models.Model):
    """Somebody who was at a meeting, for an organisation."""

    personal: ClassVar = frozenset({"name"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="meeting_attendances")
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        related_name="attendances",
        verbose_name=_("meeting"),
        help_text="Meeting that was attended",
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("Name of the person"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=_("organisation"),
        help_text="Organisation for which the person came",
    )
    position = models.CharField(_("job title"), max_length=150, blank=True, help_text=_("Position in the organisation"))

    class Meta:
        ordering = ("meeting", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "meeting", "name"),
                name="meeting_attendance_name",
                violation_error_message=_("This person is on the attendance list already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


def stands_at(wanted: Status, today: datetime.date, prefix: str = "") -> models.Q:
    """``rules.status`` as a condition of the database, so that lists can be filtered; a test holds the two together."""
    due, delivered = f"{prefix}due_on", f"{prefix}delivered_on"
    conditions: dict[Status, dict[str, Any]] = {
        Status.PROMISED: {f"{delivered}__isnull": True, f"{due}__gte": today},
        Status.OVERDUE: {f"{delivered}__isnull": True, f"{due}__lt": today},
        Status.DELIVERED: {f"{delivered}__lte": models.F(due)},
        Status.DELIVERED_LATE: {f"{delivered}__gt": models.F(due)},
    }
    return models.Q(**conditions[wanted])


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def standing_at(self, wanted: Status, today: datetime.date) -> "CommitmentQuerySet":
        """The commitments that are promised, delivered, overdue or delivered late on a day."""
        return self.filter(stands_at(wanted, today))

    def counts(self, today: datetime.date) -> dict[Status, int]:
        """How many commitments stand where."""
        found = self.aggregate(**{s.value: models.Count("pk", filter=stands_at(s, today)) for s in Status})
        return {s: found[s.value] for s in Status}


class Commitment(models.Model):
    """What an organisation promised, by when, and what came."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="commitments")
    code = CodeField(verbose_name=_("code"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="commitments",
        verbose_name=_("organisation"),
        help_text=_("Organisation that promised it"),
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("meeting"),
        help_text=_("Meeting where it was promised"),
    )
    what = models.CharField(_("what was promised"), max_length=300, help_text=_("What was promised, in Indonesian"))
    what_en = models.CharField(
        _("what was promised, in English"), max_length=300, blank=True, help_text=_("The same in English")
    )
    quantity = models.FloatField(
        _("quantity"), null=True, blank=True, validators=[MinValueValidator(0)], help_text=_("How much of the unit")
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True, help_text=_("Unit of the quantity"))
    due_on = models.DateField(_("due on"), help_text=_("Last day on which it is in time"))
    delivered_on = models.DateField(
        _("delivered on"), null=True, blank=True, help_text=_("Day on which it was delivered")
    )
    delivered_quantity = models.FloatField(
        _("quantity delivered"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("How much of the unit was delivered"),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Remarks"))
    source = SourceField()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="commitment_code", violation_error_message=CODE_TAKEN
            ),
            models.CheckConstraint(
                condition=models.Q(delivered_quantity__isnull=True) | models.Q(delivered_on__isnull=False),
                name="commitment_delivered_on",
                violation_error_message=_("A quantity was delivered, so enter the day on which it was delivered."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.what, self.what_en)

    def status_on(self, today: datetime.date) -> Status:
        return status(self.due_on, self.delivered_on, today)
