"""People who apply together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models.applications import Applicant
from kawasan.applicants.rules import (
    GroupRole,
)
from kawasan.core.language import choices
from kawasan.programmes.models import Field, Programme


class AppliedGroup(models.Model):
    """People who apply together for one kind of business; each applied alone and joined alone."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="applied_groups")
    name = models.CharField(_("name of the group"), max_length=100)
    business = models.CharField(_("what you make or do together"), max_length=300)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+", verbose_name=_("field"))
    started_on = models.DateField(_("started on"))

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class AppliedMember(models.Model):
    """Somebody who joined a group by the own application."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="applied_members")
    group = models.ForeignKey(AppliedGroup, on_delete=models.CASCADE, related_name="members")
    applicant = models.OneToOneField(Applicant, on_delete=models.CASCADE, related_name="applied_member")
    role = models.CharField(_("role"), max_length=10, choices=choices(GroupRole), default=GroupRole.MEMBER)
    joined_on = models.DateField(_("joined on"))

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("group", "role"),
                condition=~models.Q(role=GroupRole.MEMBER),
                name="applied_member_officer_once",
                violation_error_message=_("A group has one head, one secretary and one treasurer."),
            ),
        )

    def __str__(self) -> str:
        return str(self.applicant.person)
