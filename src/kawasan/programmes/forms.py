from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import ModelForm
from kawasan.core.language import choices
from kawasan.programmes.models import Milestone
from kawasan.programmes.rules import Role


class RoleForm(forms.Form):
    username = forms.CharField(label=_("Account"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=choices(Role))


class MilestoneForm(ModelForm):
    class Meta:
        model = Milestone
        fields = ("starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day is before the first. Choose a later day."))
        return cleaned
