"""Visits of mentors to their groups: the logbook."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.language import choices
from kawasan.matching.models import Group, Mentor
from kawasan.mentoring.rules import Method
from kawasan.programmes.models import CodeField, Programme, SourceField


class VisitQuerySet(models.QuerySet["Visit"]):
    def in_full(self) -> "VisitQuerySet":
        """With everything that a list shows of them."""
        return self.select_related("mentor", "group__field", "applicant__person")

    def of_mentor(self, user: Any) -> "VisitQuerySet":
        """The visits to groups whose mentor signs in as this user, whoever made them."""
        return self.filter(group__mentor__user=user)


class Visit(models.Model):
    """A mentor saw a group, or one participant of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visits")
    code = CodeField(verbose_name=_("code"))
    mentor = models.ForeignKey(
        Mentor, on_delete=models.PROTECT, related_name="visits", verbose_name=_("mentor"), help_text="Who visited"
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="visits", verbose_name=_("group"), help_text="Group visited"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("participant"),
        help_text="Participant visited; empty means the whole group",
    )
    visited_on = models.DateField(_("date"), help_text="Day of the visit")
    starts_at = models.TimeField(_("start time"), help_text="Start, local time")
    ends_at = models.TimeField(_("end time"), help_text="End, local time")
    method = models.CharField(
        _("how"), max_length=20, choices=choices(Method), default="in_person", help_text="In person or online"
    )
    summary = models.TextField(_("what was done"), max_length=2000, help_text="What was done and found")
    obstacle = models.TextField(
        _("obstacle"), max_length=1000, blank=True, help_text="What stands in the way; empty when nothing does"
    )
    solution = models.TextField(_("solution"), max_length=1000, blank=True, help_text="What was agreed against it")
    next_step = models.TextField(_("next step"), max_length=1000, blank=True, help_text="Who does what until when")
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True, help_text="Day of the next visit")
    source = SourceField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("-visited_on", "-starts_at", "-pk")
        indexes = (models.Index(fields=("group", "visited_on")),)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="visit_code"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="visit_times",
                violation_error_message=_("The visit must end after it starts; correct one of the two times."),
            ),
            models.CheckConstraint(
                condition=models.Q(next_visit_on__isnull=True) | models.Q(next_visit_on__gt=models.F("visited_on")),
                name="visit_next_is_later",
                violation_error_message=_(
                    "The next visit must be after this one; choose a later day, or leave it empty."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code
