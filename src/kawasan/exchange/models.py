"""Rows that are not rows of the programme yet: they wait for a result, or for somebody's yes."""

from django.db import models

from kawasan.core.models import User
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
