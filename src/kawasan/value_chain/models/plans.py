"""Plans of the value chain."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices
from kawasan.programmes.models import CodeField, Programme
from kawasan.value_chain.rules import PlanStatus


class Plan(models.Model):
    """The value chain of one frozen state of the rows, solved once; the input is kept so that anyone can re-run it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="plans")
    code = CodeField()
    status = models.CharField(_("status"), max_length=10, choices=choices(PlanStatus), default=PlanStatus.FROZEN)
    input = models.JSONField()
    input_hash = models.CharField(_("SHA-256 of the input"), max_length=64)
    result = models.JSONField(null=True, blank=True)
    scenarios = models.JSONField(null=True, blank=True)
    robust = models.JSONField(null=True, blank=True)
    is_adopted = models.BooleanField(_("adopted"), default=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="plan_code"),
            models.UniqueConstraint(
                fields=("programme",),
                condition=models.Q(is_adopted=True),
                name="plan_adopted",
                violation_error_message=_("This programme has an adopted plan already. Keep only one adopted."),
            ),
            models.CheckConstraint(
                condition=models.Q(status=PlanStatus.FROZEN, result__isnull=True, is_adopted=False)
                | models.Q(status=PlanStatus.SOLVED, result__isnull=False),
                name="plan_result",
                violation_error_message=_(
                    "A solved plan has a result; a frozen one has none and is not adopted. Correct the "
                    "status, the result or the adoption."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code
