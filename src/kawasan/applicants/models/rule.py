"""The rules of dated guidelines, one a row."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.rules import CATALOGUE, Comparison
from kawasan.core.language import choices, in_words
from kawasan.programmes.models import Programme, RuleSet


def validate_reason(said: str) -> None:
    """Refuse words with gaps that nothing fills."""
    if reasons := rules.reasons_bad_reason(said):
        raise ValidationError([in_words(reason) for reason in reasons])


class Rule(models.Model):
    """One rule of a guideline: what it looks at, how it compares, with what, and what it says if it does not hold."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rules")
    rule_set = models.ForeignKey(
        RuleSet,
        on_delete=models.CASCADE,
        verbose_name=_("rule set"),
        related_name="rules",
        help_text="Rule set to which the rule belongs, by its number",
    )
    order = models.PositiveSmallIntegerField(_("order"), help_text="Place among the rules of its rule set")
    field = models.CharField(
        _("what it looks at"),
        max_length=40,
        choices=[(code, _(looked.label)) for code, looked in CATALOGUE.items()],
        help_text="What the rule looks at",
    )
    comparison = models.CharField(
        _("comparison"),
        max_length=20,
        choices=choices(Comparison),
        help_text="How it compares: numbers and rupiah at_least or at_most, yes or no is, places within",
    )
    value = models.CharField(
        _("value"),
        max_length=300,
        help_text="What it compares with: digits, true or false, codes with spaces; places by their codes",
    )
    reason = models.CharField(
        _("reason in Indonesian"),
        max_length=300,
        blank=True,
        validators=[validate_reason],
        help_text="What it says in Indonesian to whom it refuses, with {value} and {stated} where they are named; "
        "empty for the usual sentence",
    )
    reason_en = models.CharField(
        _("reason in English"),
        max_length=300,
        blank=True,
        validators=[validate_reason],
        help_text="The same in English",
    )
    source = models.CharField(
        _("article"), max_length=200, help_text='Article of the guideline that says so; "synthetic" when invented'
    )

    class Meta:
        ordering = ("rule_set", "order")
        constraints = (
            models.UniqueConstraint(fields=("rule_set", "order"), name="rule_order"),
            models.CheckConstraint(
                condition=models.Q(reason_en="") | ~models.Q(reason=""),
                name="rule_reason_in_indonesian",
                violation_error_message=_("Write the reason in Indonesian too; people read it first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_set} {self.order}"

    def clean(self) -> None:
        """Refuse a comparison or a value that does not go with what the rule looks at."""
        if self.field not in CATALOGUE:
            return  # the choices say so
        if reasons := rules.reasons_bad_comparison(self.field, self.comparison):
            raise ValidationError({"comparison": [in_words(reason) for reason in reasons]})
        if reasons := rules.reasons_bad_value(self.field, self.comparison, self.value):
            raise ValidationError({"value": [in_words(reason) for reason in reasons]})
