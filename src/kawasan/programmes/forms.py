from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form, ModelForm, offer
from kawasan.core.language import choices
from kawasan.programmes.models import Milestone, Programme
from kawasan.programmes.rules import Role


class RowForm(ModelForm):
    """A row that a programme owns: it refers to that programme's rows only, and keeps the code it was given.

    A field whose rows belong to no programme, such as accounts, is left to the form.
    """

    given: frozenset[str] = frozenset({"programme"})
    """Fields that the view sets; Django would skip every "unique together with" that names one."""

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        if self.instance.pk:
            self.fields.pop("code", None)  # files refer to the row by it
        for name, field in self.fields.items():
            rows = field.queryset if isinstance(field, forms.ModelChoiceField) else None
            if rows is not None and hasattr(rows.model, "programme"):
                offer(self, name, rows.filter(programme=programme))

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - self.given  # type: ignore[misc] # Django's stubs leave it out

    @property
    def changes(self) -> dict[str, Any]:
        """What the reader changed, so that nothing else is written over."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class RoleForm(Form):
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


class KeyForm(Form):
    name = forms.CharField(label=_("What the key is for"), max_length=60, help_text=_("For example: QGIS at Bappeda"))
