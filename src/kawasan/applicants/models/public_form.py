"""How the public form is set, what is not finished yet, and what people agreed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.models.applications import Applicant
from kawasan.applicants.rules import (
    ConsentKind,
)
from kawasan.core.language import choices
from kawasan.programmes.models import Milestone, Programme


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

    @property
    def steps(self) -> tuple[rules.Step, ...]:
        """The pages of the form, if the draft was read with what the rule sets weigh."""
        return rules.steps_asked(weighs_hardship=getattr(self, "asks_hardship", False))


class Consent(models.Model):
    """What somebody agreed to, when, and to which text."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="consents")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="consents", help_text="Who agreed")
    kind = models.CharField(_("what"), max_length=20, choices=choices(ConsentKind), help_text="To what")
    version = models.CharField(_("version of the text"), max_length=20, help_text="As the text itself says it")
    language = models.CharField(_("language"), max_length=10, help_text="In which the text was read")
    text_hash = models.CharField(_("hash of the text"), max_length=64, help_text="SHA-256 of what was read")
    given_at = models.DateTimeField(_("when"), help_text="Moment of agreeing")

    class Meta:
        ordering = ("applicant", "kind")
        constraints = (models.UniqueConstraint(fields=("applicant", "kind"), name="consent_once"),)

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.kind}"
