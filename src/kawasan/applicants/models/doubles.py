"""Two persons who may be one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.persons import Person
from kawasan.applicants.rules import (
    STILL_TO_DECIDE,
    PairState,
)
from kawasan.core.language import choices
from kawasan.programmes.models import Programme


class PairQuerySet(models.QuerySet["PossibleDouble"]):
    def to_decide(self) -> "PairQuerySet":
        """The pairs of which nobody has decided yet whether they are one person."""
        return self.filter(state__in=STILL_TO_DECIDE)

    def one_person(self) -> "PairQuerySet":
        """The pairs that were decided to be one person."""
        return self.filter(state=PairState.SAME)

    def in_full(self) -> "PairQuerySet":
        """With both persons as a page shows them."""
        return self.select_related("first__place__parent", "second__place__parent", "decided_by")


class PossibleDouble(models.Model):
    """Two persons of a programme who may be one, what speaks for it, and what was decided.

    Persons and their applications stay as they are, whatever is decided: to merge is to count both as one person, which
    the next decision can undo.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="possible_doubles")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="doubles_after")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="doubles_before")
    probability = models.FloatField(_("probability"))
    parts = models.JSONField(_("what it rests on"), default=list)
    found_on = models.DateField(_("found on"))
    state = models.CharField(_("state"), max_length=10, choices=choices(PairState), default=PairState.OPEN)
    note = models.TextField(_("what the decision rests on"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ("-probability", "first__code", "second__code")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="possible_double_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")),
                name="possible_double_in_order",
                violation_error_message=_("Of two persons the one entered first comes first."),
            ),
        )
        indexes = (models.Index(fields=("programme", "state")),)

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"
