"""Rows that are not rows of the programme yet: they wait for a result, or for somebody's yes."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.core.secrets import SealedField, SealedJSONField
from kawasan.exchange.rules import IntakeState
from kawasan.programmes.models import Programme


class Waiting(models.Model):
    """Rows of one file that refer to what the programme makes later, such as groups; kept as cells by column."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="waiting")
    table = models.CharField(max_length=60)
    rows = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "table"), name="waiting_table"),)

    def __str__(self) -> str:
        return self.table


class Upload(models.Model):
    """A spreadsheet that somebody brought, as cells of text; stored or thrown away once they have looked at it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    table = models.CharField(max_length=60)
    file = models.CharField(max_length=200)
    columns = models.JSONField()
    rows = models.JSONField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "by", "table"), name="upload_of_a_person"),)

    def __str__(self) -> str:
        return self.file


class ColumnMapping(models.Model):
    """Which of our columns the columns of a kind of file are: kept for the next file with the same header."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="column_mappings")
    header = models.CharField(max_length=64)  # SHA-256 of the names of its columns
    mapping = models.JSONField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "header"), name="mapping_of_a_header"),)

    def __str__(self) -> str:
        return self.header[:12]


class Intake(models.Model):
    """An import of applicants: the file that somebody brought, how it is read, what was found and what was stored."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="intakes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content = SealedField(kind="intake", null=True)  # until it is stored or thrown away
    head = SealedJSONField(kind="intake")  # a sheet without names of columns has a person in its first row
    first = SealedJSONField(kind="intake")
    mapping = models.JSONField()
    state = models.CharField(_("state"), max_length=10, choices=choices(IntakeState), default=IntakeState.BROUGHT)
    found = SealedJSONField(kind="intake", null=True)
    faulty = SealedField(kind="intake", null=True)  # the rows that cannot be stored, as a workbook
    brought_on = models.DateField(_("brought on"))
    ended_on = models.DateField(null=True)

    unlogged: ClassVar = frozenset({"content", "faulty", "first", "head", "found"})
    """The file itself is known by its hash, and goes as soon as it is not needed any more."""

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file

    @property
    def source(self) -> str:
        """What the rows that it brought say about where they come from."""
        return f"import {self.pk}"
