"""Rows of a folder that cannot be rows of the programme yet."""

from django.db import models

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
