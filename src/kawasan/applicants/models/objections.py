"""Objections to an assessment."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.applications import Applicant
from kawasan.applicants.rules import (
    Outcome,
)
from kawasan.core.language import choices
from kawasan.programmes.models import Programme


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def to_answer(self) -> "ObjectionQuerySet":
        """Those that wait for an answer."""
        return self.filter(outcome=Outcome.OPEN)


class Objection(models.Model):
    """What an applicant says against the assessment, and what the office answers."""

    personal: ClassVar = frozenset({"text"})

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
