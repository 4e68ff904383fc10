"""What an office says in its reports in words of its own, and the reports that were archived."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kawasan.core.language import choices, in_words
from kawasan.programmes.models import Programme
from kawasan.reports.report_kinds import ReportKind, Section


def file_name(number: str) -> str:
    """A number of a paper as the name of its file; numbers that differ by capitals or signs alone have the same."""
    return slugify(number.replace("/", "-"))


class ReportTemplate(models.Model):
    """How an office has its reports of one kind: letterhead, sections, what it says itself, and who signs."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="report_templates")
    kind = models.CharField(_("kind of report"), max_length=10, choices=choices(ReportKind), help_text="Which report")
    office = models.CharField(
        _("letterhead"), max_length=150, blank=True, help_text=_("Stands at the head of the report.")
    )
    address = models.CharField(_("address"), max_length=200, blank=True, help_text=_("Stands below the letterhead."))
    opening = models.TextField(
        _("opening"),
        blank=True,
        max_length=5000,
        help_text=_("Stands before the figures; an empty line begins a paragraph."),
    )
    closing = models.TextField(
        _("conclusions and advice"),
        blank=True,
        max_length=5000,
        help_text=_("Stands after the figures; an empty line begins a paragraph."),
    )
    sections = models.JSONField(_("sections"), default=list, blank=True, help_text=_("What the report has."))
    place = models.CharField(_("signed at"), max_length=80, blank=True, help_text=_("Town of the signature."))
    signer = models.CharField(_("signed by"), max_length=100, blank=True, help_text=_("Name of the signer."))
    signer_title = models.CharField(
        _("office of the signer"), max_length=100, blank=True, help_text=_("E.g. Head of the manpower agency.")
    )

    class Meta:
        ordering = ("kind",)
        constraints = (models.UniqueConstraint(fields=("programme", "kind"), name="report_template_once"),)

    def __str__(self) -> str:
        with override("id"):  # as the report itself is called, whoever asks; the log keeps it
            return in_words(ReportKind(self.kind).label)

    @property
    def told(self) -> list[Section]:
        """The sections, in the order of the report."""
        return [section for section in Section if section in self.sections]


class ArchivedReport(models.Model):
    """A report as it was handed in: what it said, the document, and the hashes of both."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="archived_reports")
    kind = models.CharField(_("kind of report"), max_length=10, choices=choices(ReportKind))
    number = models.CharField(_("number"), max_length=80, help_text=_("As the office numbers its papers."))
    dated = models.DateField(_("dated"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    document = models.BinaryField(_("document"))
    document_hash = models.CharField(_("hash of the document"), max_length=64)
    token = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("-dated", "-pk")
        constraints = (models.UniqueConstraint(fields=("programme", "number"), name="archived_report_number"),)

    def __str__(self) -> str:
        return self.number
