"""Proposed changes to what decides about an application."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.applications import Applicant
from kawasan.applicants.models.persons import Person
from kawasan.applicants.models.verification import Verification
from kawasan.applicants.rules.changes import ChangeState
from kawasan.core.language import choices
from kawasan.core.secrets import EncryptedField
from kawasan.programmes.models import Programme


class ChangeQuerySet(models.QuerySet["ProposedChange"]):
    def to_decide(self) -> "ChangeQuerySet":
        """Those that wait for a second person."""
        return self.filter(state=ChangeState.OPEN)

    def in_full(self) -> "ChangeQuerySet":
        """With everything that a page shows of them."""
        return self.select_related("applicant__person__place", "proposed_by", "decided_by").prefetch_related("values")


class ProposedChange(models.Model):
    """What one person wants to change of an application, and what a second person decided."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="proposed_changes")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="proposed_changes")
    verification = models.ForeignKey(
        Verification, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposed_changes"
    )
    reason = models.TextField(_("why it should be changed"), max_length=1000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_on = models.DateField(_("proposed on"))
    state = models.CharField(_("state"), max_length=10, choices=choices(ChangeState), default=ChangeState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    why = models.TextField(_("why it was rejected"), max_length=1000, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("proposed_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=ChangeState.OPEN, decided_on=None)
                | ~models.Q(state=ChangeState.OPEN) & models.Q(decided_on__isnull=False),
                name="proposed_change_decided_has_a_day",
                violation_error_message=_("A change that was decided has the day of it."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ChangeState.REJECTED) | ~models.Q(why=""),
                name="proposed_change_rejected_says_why",
                violation_error_message=_("A change that was rejected has a reason."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ChangeState.APPROVED)
                | models.Q(decided_by__isnull=False)
                & (models.Q(proposed_by=None) | ~models.Q(decided_by=models.F("proposed_by"))),
                name="proposed_change_needs_two",
                violation_error_message=_("Another person than the one who proposed a change approves it."),
            ),
        )
        indexes = (models.Index(fields=("programme", "state")),)

    def __str__(self) -> str:
        return str(self.applicant)


class ProposedValue(models.Model):
    """One column before and after, as text. Both are encrypted, since a column may be a number of the person."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="proposed_values")
    change = models.ForeignKey(ProposedChange, on_delete=models.CASCADE, related_name="values")
    column = models.CharField(_("column"), max_length=40)
    before = EncryptedField(_("before"), kind="change", max_length=400, blank=True)
    after = EncryptedField(_("after"), kind="change", max_length=400, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("change", "column"), name="proposed_value_once"),)

    def __str__(self) -> str:
        return self.column

    @property
    def is_of_person(self) -> bool:
        return any(field.name == self.column for field in Person._meta.concrete_fields)
