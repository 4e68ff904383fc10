"""Papers that applicants handed in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.applications import Applicant
from kawasan.core.language import choices
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import PaperKind


class Paper(models.Model):
    """A photo of a paper that an applicant handed in. Its file is sealed, and named by chance."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="papers")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("kind"), max_length=20, choices=choices(PaperKind))
    file = models.CharField(_("file"), max_length=40, unique=True)
    digest = models.CharField(_("hash of the picture"), max_length=64)
    received_at = models.DateTimeField(_("received"))
    look = models.CharField(_("what the picture looks like"), max_length=16, blank=True)
    alike = models.ManyToManyField("self", verbose_name=_("photos of others that look the same"))

    class Meta:
        ordering = ("applicant", "kind")
        constraints = (models.UniqueConstraint(fields=("applicant", "kind"), name="paper_once"),)

    def __str__(self) -> str:
        return str(self.get_kind_display())
